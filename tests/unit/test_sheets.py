"""Sheets of an evidence view: nothing is lost or cut when it is laid out, every sheet says what it is from, and text stays text."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import pytest
from hostile import NAMES
from hypothesis import given, settings
from hypothesis import strategies as st

from popmap.ui import evidence_view
from popmap.ui.letters import width
from popmap.ui.paper import Grid, Heading, Part, Picture, Words, cell, cut_note
from popmap.ui.sheet_layout import Drawn, Sheet, Slice, lay_out
from popmap.ui.sheet_markup import Head, long_head
from popmap.ui.sheet_measures import FONT, HIGH, WIDE, head_height, heading_height, lines, words_height
from popmap.ui.sheet_style import FOOT

HEAD = Head(
    organisation="Organisation & Co",
    register="Register <1>",
    page="Vendors",
    facts=(("Fingerprint (SHA-256)", "f" * 64), ("Findings as of", "2026-11-24"), ("Shown to", "public: internal columns left out")),
    filter="Logs to every vendor",
    link="https://map.example/vendors?view=evidence&category=logs",
    foot="Shown 2026-11-24 09:00:00 UTC · register ffffffffffff",
)
# What a sheet is made of.
TAGS = {
    *("div", "section", "header", "footer", "h1", "h2", "p", "b", "i", "span", "img"),
    *("table", "colgroup", "col", "thead", "tbody", "tr", "th", "td"),
}
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=400)
long_texts = st.one_of(
    texts, st.builds(lambda word, times: word * times, st.sampled_from(["name", "a b ", "中文", "https://x/"]), st.integers(0, 900))
)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """Return tables of some columns and rows, a few with cells that no sheet could hold."""
    number = draw(st.integers(1, 12))
    rows = draw(st.lists(st.tuples(*[st.one_of(st.just("not stated"), texts, long_texts)] * number), max_size=6))
    numeric = frozenset(draw(st.sets(st.integers(0, number - 1))))
    return Grid("Rows", tuple(f"Column {at}" for at in range(number)), rows, numeric, turned=draw(st.booleans()) and number > 1)


def words_of(text: str) -> str:
    """Return a text without its white space, which is where lines may break."""
    return re.sub(r"\s+", "", text)


def height(sheet: Sheet) -> float:
    """Return how high what stands on a sheet is laid out to be, pictures left aside."""
    total = 0.0
    for piece in sheet.pieces:
        match piece:
            case Heading():
                total += heading_height(piece)
            case Words():
                total += words_height(piece, len(lines(f"{piece.label} {piece.text}".strip(), 800.0, 13.0)))
            case Slice():
                rooms = [wide - 12.0 for wide in piece.widths]
                rows = sum(max(len(lines(text, room)) for text, room in zip(row, rooms, strict=True)) * 16.0 + 9.0 for row in piece.rows)
                total += head_height(piece.grid, piece.places, piece.widths) + rows + 12.0
            case Drawn():
                total += piece.height
    return total


@given(long_texts, st.floats(20, 400))
def test_lines_hold_the_text(text: str, room: float):
    """Lines hold every letter in order, and none is wider than the room but a single letter that is."""
    found = lines(text, room)
    assert words_of("".join(found)) == words_of(text)
    assert all(width(line, FONT) <= room or len(line) == 1 for line in found)


@settings(max_examples=60)
@given(grids(), st.lists(long_texts, max_size=2))
def test_nothing_is_lost(grid: Grid, said: list[str]):
    """Each cell of each column stands on the sheets whole and in order, and no sheet is fuller than it is high."""
    parts: list[Part] = [*(Words(text) for text in said), Heading("Rows"), grid]
    sheets = lay_out(parts, 100.0, FOOT)
    shown: dict[int, list[str]] = {at: [] for at in range(len(grid.headings))}
    for sheet in sheets:
        assert sheet.upright or height(sheet) <= HIGH - 100.0 - FOOT + 0.01
        for piece in sheet.pieces:
            if isinstance(piece, Slice):
                assert sum(piece.widths) <= WIDE + 0.01 or len(piece.places) <= 2
                for row in piece.rows:
                    for at, text in zip(piece.places, row, strict=True):
                        # The first column names the rows beside every group of columns.
                        if at or 1 in piece.places or len(grid.headings) == 1:
                            shown[at].append("" if at == 0 and text == "(continued)" else text)
    for at, found in shown.items():
        if grid.rows:
            assert words_of("".join(found)) == words_of("".join(row[at] for row in grid.rows))
    printed = words_of("".join(piece.text for sheet in sheets for piece in sheet.pieces if isinstance(piece, Words)))
    assert printed == words_of("".join(said))


@pytest.mark.parametrize(("width", "height", "upright"), [(900, 400, False), (900, 560, False), (500, 900, True), (3000, 5000, True)])
def test_pictures_fit(width: float, height: float, upright: bool):
    """A picture keeps its proportions, never grows, and stands on an upright sheet where it would become too small."""
    sheets = lay_out([Words("What it shows."), Picture("<svg/>", width, height, "words")], 120.0, FOOT)
    (sheet,) = [sheet for sheet in sheets if any(isinstance(piece, Drawn) for piece in sheet.pieces)]
    (drawn,) = [piece for piece in sheet.pieces if isinstance(piece, Drawn)]
    assert sheet.upright == upright and drawn.width / drawn.height == pytest.approx(width / height)
    assert drawn.width <= min(width, HIGH if upright else WIDE) and drawn.height <= min(height, (WIDE if upright else HIGH) - 120.0 - FOOT)
    assert isinstance(sheet.pieces[0], Words)


def test_headings_stay_with_their_table():
    """A heading is never the last thing on a sheet."""
    grid = Grid("Rows", ("A", "B"), [("a", "b")] * 8)
    for lines_before in range(40):
        parts = [Words("word " * 20 * lines_before), Heading("Rows"), Words("About them."), grid]
        assert all(not isinstance(sheet.pieces[-1], Heading) for sheet in lay_out(parts, 100.0, FOOT))


def _document(parts: Sequence[Part], head: Head = HEAD) -> str:
    return evidence_view.sheets(head, parts)


def test_every_sheet_says_what_it_is_from():
    """Head and foot stand on each sheet with its number, and the page has one main heading."""
    body = _document([Heading("Rows"), Grid("Rows", ("A", "B"), [(f"row {at}", "b") for at in range(200)])])
    sheets = body.split("<section")[1:]
    assert len(sheets) > 5 and body.count("<h1") == 1
    for number, sheet in enumerate(sheets, 1):
        text = html.unescape(re.sub(r"<[^>]+>", "", sheet))
        for said in ("Vendors", HEAD.organisation, HEAD.register, "f" * 64, "2026-11-24", "public", HEAD.filter, HEAD.link, HEAD.foot):
            assert said in text, said
        assert f"Page {number} of {len(sheets)}" in text
        assert number == 1 or re.search(r"Rows \d+ to \d+ of 200 · Rows", text)


def test_a_long_filter_stands_once():
    """A filter too long for each head is written out whole on the first sheet, and the heads say so."""
    names = ", ".join(f"Vendor number {at}" for at in range(120))
    head = Head(HEAD.organisation, HEAD.register, HEAD.page, HEAD.facts, names, HEAD.link, HEAD.foot)
    body = _document([Grid("Rows", ("A",), [(f"row {at}",) for at in range(60)])], head)
    first, *others = body.split("<section")[1:]
    assert long_head(head) and not long_head(HEAD) and others
    assert "Vendor number 119" in first and "written out below" in first
    assert all("written out on page 1" in other and "Vendor number" not in other for other in others)


def test_a_long_title_stands_once():
    """A title too long for each head is written out whole on the first sheet."""
    title = "A register of " + "very " * 300 + "many things"
    head = Head(HEAD.organisation, title, HEAD.page, HEAD.facts, HEAD.filter, HEAD.link, HEAD.foot)
    body = _document([Grid("Rows", ("A",), [(f"row {at}",) for at in range(60)])], head)
    first, *others = body.split("<section")[1:]
    assert f"<b>Register</b> {title}" in first and others
    assert all("A register of very" in other and "many things" not in other for other in others)


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[:20])
def test_names_stay_text(name: str):
    """A name that is markup is text wherever it stands: title, filter, heading, words, cell, matrix heading, picture's words."""
    head = Head(name, name, "Vendors", ((name, name),), name, name, name)
    grid = Grid(name, (name, name), [(name, name)])
    turned = Grid(name, ("Vendor", *[name] * 3), [(name, "1", "2", "3")], turned=True)
    body = _document([Heading(name), Words(name, name, weighty=True), grid, turned, Picture("<svg/>", 10, 10, name)], head)
    body = re.sub(r"<style>.*?</style>", "", body, flags=re.DOTALL)
    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", body))
    assert tags <= TAGS
    assert re.findall(r' (?:src|href|on\w+)="([^"]{0,26})', body) == ["data:image/svg+xml;base64,"]
    assert name in html.unescape(re.sub(r"<[^>]*>", "", body))


@pytest.mark.parametrize(
    ("value", "text"), [(None, "not stated"), ("", "not stated"), (" ", "not stated"), (0, "0"), (1234, "1,234"), ("none", "none")]
)
def test_cells(value: object, text: str):
    """A blank is "not stated"; zero and "none" are answers."""
    assert cell(value) == text


def test_what_is_not_printed_is_said():
    """Where rows are left out, how many and where to have them is said; else nothing."""
    assert cut_note(34, 34) == []
    (words,) = cut_note(2_000, 1_000_000)
    assert isinstance(words, Words) and words.weighty
    assert words.text.startswith("Rows 1 to 2,000 of 1,000,000. Take the export or the evidence pack for all")
