"""Sheets of an evidence view: nothing is lost or cut when it is laid out, every sheet says what it is from, and text stays text."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import pytest
from hostile import NAMES
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from popmap.flow.text import clean
from popmap.ui import evidence_view, sheet_tables
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
TAGS = {"div", "h1", "h2", "p", "b", "span", "img"}
READ = MarkdownIt("commonmark").enable(["strikethrough", "table"])
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


def _sheets(parts: Sequence[Part], head: Head = HEAD) -> list[str]:
    """Return each sheet as markup, tables as the Markdown of their cells."""
    return ["".join(map(_block, sheet.blocks)) for sheet in evidence_view.sheets(head, parts)]


def _block(block: str | Slice) -> str:
    return block if isinstance(block, str) else html.escape(" ".join(_cells(block)))


def _cells(piece: Slice) -> list[str]:
    made = sheet_tables.table(piece)
    return [*made.column_names, *(cell for column in made.columns for cell in column.to_pylist())]


def test_every_sheet_says_what_it_is_from():
    """Head and foot stand on each sheet with its number, and the page has one main heading."""
    sheets = _sheets([Heading("Rows"), Grid("Rows", ("A", "B"), [(f"row {at}", "b") for at in range(200)])])
    assert len(sheets) > 5 and "".join(sheets).count("<h1") == 1
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
    first, *others = _sheets([Grid("Rows", ("A",), [(f"row {at}",) for at in range(60)])], head)
    assert long_head(head) and not long_head(HEAD) and others
    assert "Vendor number 119" in first and "written out below" in first
    assert all("written out on page 1" in other and "Vendor number" not in other for other in others)


def test_a_long_title_stands_once():
    """A title too long for each head is written out whole on the first sheet."""
    title = "A register of " + "very " * 300 + "many things"
    head = Head(HEAD.organisation, title, HEAD.page, HEAD.facts, HEAD.filter, HEAD.link, HEAD.foot)
    first, *others = _sheets([Grid("Rows", ("A",), [(f"row {at}",) for at in range(60)])], head)
    assert f"<b>Register</b> {title}" in first and others
    assert all("A register of very" in other and "many things" not in other for other in others)


def shown(markdown: str) -> str:
    """Return the text that a cell's Markdown shows; it has to be one paragraph of text and code spans."""
    made = READ.render(markdown)
    assert made.count("<p>") <= 1 and set(re.findall(r"<(\w+)", made)) <= {"p", "code", "s", "br", "em"}
    return html.unescape(re.sub(r"</?(?:p|code|s|em)>", "", re.sub(r"<br ?/?>\n?", "\n", made))).strip("\n")


@given(long_texts, st.floats(20, 400))
def test_cells_show_their_text(text: str, room: float):
    """Whatever a cell says is read from its Markdown again, but for white space, and no name of an icon is left in it to be looked for."""
    made = sheet_tables.as_markdown(text, room, FONT)
    assert words_of(shown(made).replace("\u200b", "")) == words_of(text.replace("\u200b", "")) and ":material/" not in made


@pytest.mark.parametrize("text", [
    "www.example.com",
    "a@example.com", "https://example.com/a", ":smile: :material/home: :red[x]", "-> <- -- >= <=", "$x$", "1. one",
    "1) one", "- item", "# head", "> quote", "`a` ``b``", "`", "~~x~~", "| a | b |", "a\\", "&amp;", "<b>", "[x]: y",
    "one\ntwo", "- a\n- b",
    "```\n`x`\n```",
])  # fmt: skip
def test_what_could_be_markup_is_code(text: str):
    """A text that Streamlit could read as more than text stands in code spans, whole, in which it looks for nothing."""
    made = sheet_tables.as_markdown(text, 400.0, FONT)
    assert shown(made) == text
    outside = re.sub(r"(`+).+?(?<!`)\1(?!`)", "", made)
    assert set(outside) <= set("\\\n/") or text == "one\ntwo"


def test_plain_words_stay_words():
    """What cannot be read as anything else stays as it is; "not stated" stands off."""
    grid = Grid("Rows", ("Vendor", "Vendor"), [("Logs, usage data; e-mail", "not stated"), ("1,234", "Art. 6")])
    (sheet,) = evidence_view.sheets(HEAD, [grid])
    (table,) = [block for block in sheet.blocks if isinstance(block, Slice)]
    assert _cells(table) == ["Vendor", "Vendor ", "Logs, usage data; e-mail", "1,234", "*not stated*", "Art. 6"]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[:20])
def test_names_stay_text(name: str):
    """A name that is markup is text wherever it stands: title, filter, heading, words, cell, matrix heading, picture's words."""
    head = Head(name, name, "Vendors", ((name, name),), name, name, name)
    grid = Grid(name, (name, name), [(name, name)])
    turned = Grid(name, ("Vendor", *[name] * 3), [(name, "1", "2", "3")], turned=True)
    parts = [Heading(name), Words(name, name, weighty=True), grid, turned, Picture("<svg/>", 10, 10, name)]
    blocks = [block for sheet in evidence_view.sheets(head, parts) for block in sheet.blocks]
    body = "".join(block for block in blocks if isinstance(block, str))
    tables = [block for block in blocks if isinstance(block, Slice)]
    assert all(name in map(shown, _cells(table)) for table in tables[:1])
    assert all(words_of(clean(name)).startswith(words_of(shown(cell)).rstrip("…")) for cell in _cells(tables[-1])[1:4])
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
