"""Several PDFs as one, and which characters our fonts can draw."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
import typst

from popmap import typesetting
from popmap.typesetting.glyphs import drawable
from popmap.typesetting.joining import bookmarks, joined, page_count

MADE_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TEMPLATE = """#let data = json("data.json")
#set document(title: "A title")
#set page(width: 400pt, height: 400pt, footer: if data.over { context counter(page).display("1 of 1", both: true) })
#set text(lang: "en", font: ("Liberation Sans", "DejaVu Sans"))
#if not data.over [
  #for name in data.names [
    = #name
    == Part of #name
    #table(columns: 2, table.header([A], [B]), [#name], [2])
    #link("https://example.com/")[There]
    #pagebreak(weak: true)
  ]
]
#for _ in range(data.pages - 1) { pagebreak() }
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """Return a template whose documents have bookmarks, tables, links and page numbers."""
    path = tmp_path / "paper.typ"
    path.write_text(TEMPLATE)
    return path


def document(template: Path, *names: str) -> bytes:
    """Return a document with a page for each name."""
    return typesetting.pdf(template, {"names": names, "over": False, "pages": 0}, MADE_AT)


# Names that look like what joining looks for.
NAMES = [["One"], ["12 0 R (nested (brackets)) \\", "/StructParent 3"], ["endobj stream", "Åse \u05e2", "(U1x1y0)"]]


def test_all_pages_in_order(template: Path):
    """The whole has the pages, the bookmarks and the links of its parts, in order, and the same bytes each time."""
    parts = [document(template, *names) for names in NAMES]
    whole = joined(parts)
    listed = [name for names in NAMES for name in names]
    read = pypdf.PdfReader(io.BytesIO(whole), strict=True)
    assert page_count(whole) == len(read.pages) == len(listed) and whole == joined(parts)
    assert [mark.title for mark in read.outline if not isinstance(mark, list)] == listed
    assert [(words, page) for level, words, page in bookmarks(whole) if level == 1] == [
        (name, at) for at, name in enumerate(listed, start=1)
    ]
    assert [read.get_destination_page_number(mark) for mark in read.outline if not isinstance(mark, list)] == list(range(len(listed)))
    assert [page["/Annots"][0]["/A"]["/URI"] for page in read.pages] == ["https://example.com/"] * len(listed)


def test_tags_stay_apart(template: Path):
    """Every page and link finds its own tags, and the keys by which cells name their headers are each there once."""
    read = pypdf.PdfReader(io.BytesIO(joined([document(template, "A", "B"), document(template, "C")])), strict=True)
    tree = read.trailer["/Root"]["/StructTreeRoot"]
    numbers = tree["/ParentTree"]["/Nums"]
    places = numbers[::2]
    assert places == sorted(set(places)) and tree["/ParentTreeNextKey"] > max(places)
    found = dict(zip(places, numbers[1::2], strict=True))
    for page in read.pages:
        first = found[page["/StructParents"]].get_object()[0].get_object()
        assert first["/Pg"].get_object() == page.get_object() if "/Pg" in first else True
        assert page["/Annots"][0]["/StructParent"] in found
    keys = tree["/IDTree"]["/Names"][::2]
    assert len(keys) == len(set(keys)) == 6 and keys == sorted(keys)
    (whole,) = tree["/K"]
    assert whole.get_object()["/S"] == "/Document" and [part.get_object()["/S"] for part in whole.get_object()["/K"]] == ["/Part"] * 2


def test_numbers_drawn_upon(template: Path):
    """A document without tags is drawn upon the pages, one each, and what stood there stays."""
    parts = [document(template, "A", "B"), document(template, "C")]
    numbers = typesetting.pdf(template, {"names": [], "over": True, "pages": 3}, MADE_AT, tagged=False)
    shown = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(joined(parts, [numbers])), strict=True).pages]
    assert [(f"{at} of 3" in text, name in text) for at, (text, name) in enumerate(zip(shown, "ABC", strict=True), start=1)] == [
        (True, True)
    ] * 3
    with pytest.raises(ValueError, match="3 pages to draw upon 2"):
        joined(parts[:1], [numbers])


@pytest.mark.parametrize("broken", [[], [b"no PDF"], [b"%PDF-1.7\nstartxref\n3\n%%EOF\n"]])
def test_only_what_typst_writes(broken: list[bytes]):
    """Anything else is refused rather than joined wrongly."""
    with pytest.raises(ValueError, match="PDF"):
        joined(broken)


def test_the_same_after_forgetting(template: Path):
    """What typst keeps of a document changes nothing about the next."""
    first = document(template, "A")
    typesetting.forget()
    assert document(template, "A") == first


@pytest.mark.parametrize(
    ("character", "drawn"),
    [
        ("A", True),
        ("é", True),
        ("\u05e2", True),
        ("\u6f22", True),
        ("\u3042", True),
        ("\ud55c", True),
        ("\u0939", True),
        ("\U0001f642", True),
        ("\ua997", False),
        ("\x07", False),
        ("\U0010ffff", False),
    ],
)
def test_what_can_be_drawn(template: Path, character: str, drawn: bool):
    """A character counts as drawable exactly when a document with it can be made."""
    assert (ord(character) in drawable()) == drawn
    if drawn:
        assert document(template, character)
    else:
        with pytest.raises(typst.TypstError, match="could not be displayed"):
            document(template, character)
