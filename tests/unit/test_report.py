"""The report of an evidence pack: complete, accessible, the same everywhere, whatever stands in the register."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from hostile import write_hostile
from registers import DAY, TITLE, Tables, tiny, write

from popmap import __version__
from popmap.checks.run import open_checked
from popmap.errors import UsageError
from popmap.evidence.pictures import map_svg, matrix_svg
from popmap.evidence.report import report_pdf, splitting, words
from popmap.filters import Filter
from popmap.flow import text
from popmap.opened import BUNDLED
from popmap.store import Store
from tests.benchmarks.generate import generate

GOLDEN = Path(__file__).parents[1] / "golden" / "report.txt"
MADE_AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NONE = Filter()


@pytest.fixture(scope="module")
def bundled() -> Store:
    """Return the bundled register as of a fixed day."""
    return open_checked(BUNDLED, DAY)


@pytest.fixture(scope="module")
def bundled_pdf(bundled: Store) -> bytes:
    """Return the bundled register's report."""
    return report_pdf(bundled, NONE, MADE_AT)


def opened(pdf: bytes) -> pypdf.PdfReader:
    """Return a report to look into."""
    return pypdf.PdfReader(io.BytesIO(pdf))


def pages(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    return [page.extract_text() for page in opened(pdf).pages]


@pytest.fixture(scope="module")
def bundled_pages(bundled_pdf: bytes) -> list[str]:
    """Return the text of its pages."""
    return pages(bundled_pdf)


def bare(words: str) -> str:
    """Return text without white space and without places to break, which is how a wrapped name is found again."""
    return "".join(words.replace("\u200b", "").split())


def body(shown: list[str]) -> str:
    """Return all text of pages without what stands at their edges, bare."""
    edge = re.compile(r"^.*(As of .* made .*UTC|Page \d+ of \d+).*$", re.MULTILINE)
    return bare("".join(edge.sub("", page) for page in shown))


def lacking(store: Store, shown: list[str]) -> list[str]:
    """Return the names, purposes and quotes of a register that its report does not hold."""
    names = [row[0] for table in ("vendors", "categories", "activities") for row in store.query(f"SELECT name FROM {table}")]
    said = [
        row[0] for row in store.query("SELECT DISTINCT purpose::VARCHAR FROM flows") + store.query("SELECT DISTINCT quote FROM evidence")
    ]
    found = body(shown)
    return [each for each in {*names, *said} if each and bare(text.clean(each)) not in found]


def test_the_bundled_report(bundled: Store, bundled_pages: list[str]):
    """The report of the bundled register has the pages and the words it had, every name and every quote among them."""
    assert lacking(bundled, bundled_pages) == []
    whole = "\n".join(f"--- page {number}\n{page}" for number, page in enumerate(bundled_pages, start=1)) + "\n"
    whole = whole.replace(f"popmap {__version__}", "popmap VERSION")
    if os.environ.get("POPMAP_WRITE_GOLDEN"):
        GOLDEN.write_text(whole, encoding="utf-8")
    assert whole == GOLDEN.read_text(encoding="utf-8")


def test_every_flow_once(bundled_pages: list[str]):
    """Each flow of the register has a row in the chapter of flows, under its number."""
    shown = "\n".join(bundled_pages)
    chapter = shown[shown.rindex("Flows and what they rest on") : shown.rindex("Processing activities")]
    numbers = [int(found) for found in re.findall(r"^(\d+)$|^(\d+) (?=[A-Z])", chapter, re.MULTILINE) for found in found if found]
    assert set(range(2, 36)) <= set(numbers)


def test_five_hundred_vendors(tmp_path: Path):
    """No vendor, flow or quote of a large register is left out."""
    generate(tmp_path, 250, vendors=500, categories=9, evidence=0.5)
    store = open_checked(tmp_path, DAY)
    shown = pages(report_pdf(store, NONE, MADE_AT))
    assert lacking(store, shown) == []
    assert all(f"Page {number} of {len(shown)}" in page for number, page in enumerate(shown, start=1) if number > 1)


def test_a_report_in_parts_is_the_same_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A register too large to be set at once has the same words, bookmarks, tags and page numbers, as if it were one document."""
    generate(tmp_path, 150, vendors=70, categories=5, evidence=0.5)
    store = open_checked(tmp_path, DAY)
    monkeypatch.setattr(splitting, "MOST", 10_000_000)
    whole = opened(report_pdf(store, NONE, MADE_AT, paper="letter"))
    monkeypatch.setattr(splitting, "MOST", 15_000)
    pdf = report_pdf(store, NONE, MADE_AT, paper="letter")
    parts = opened(pdf)
    number = len(parts.pages)
    shown = pages(pdf)
    assert lacking(store, shown) == [] and pdf == report_pdf(store, NONE, MADE_AT, paper="letter")
    assert number > len(whole.pages)
    assert [f"Page {at} of {number}" in page for at, page in enumerate(shown, start=1)] == [at > 1 for at in range(1, number + 1)]
    assert {title for title in titles(parts) if "continued" not in title} == set(titles(whole))
    # The contents name the page a chapter begins on.
    named = dict(re.findall(r"^(\d+ [A-Z][^.]*?)[ .]*(\d+)$", "\n".join(shown[1:3]), re.MULTILINE))
    assert len(named) >= 9
    for title, at in named.items():
        assert title in shown[int(at) - 1]
    assert count_tags(parts) >= count_tags(whole)


def titles(document: pypdf.PdfReader) -> list[str]:
    """Return the titles of all bookmarks."""

    def walk(marks: list) -> list[str]:
        return [title for mark in marks for title in (walk(mark) if isinstance(mark, list) else [mark.title])]

    return walk(document.outline)


def count_tags(document: pypdf.PdfReader) -> int:
    """Return how many elements the tree of tags holds, having seen that each knows its parent and each key stands for one element."""
    root = document.trailer["/Root"]["/StructTreeRoot"]
    keys = list(root["/IDTree"]["/Names"][::2]) if "/IDTree" in root else []
    assert keys == sorted(set(keys))
    seen = 0
    waiting = [(root, kid) for kid in root["/K"]]
    while waiting:
        parent, element = waiting.pop()
        element = element.get_object()
        if not hasattr(element, "get") or "/S" not in element:
            continue
        seen += 1
        assert element["/P"].get_object() == parent.get_object()
        kids = element.get("/K", [])
        waiting += [(element, kid) for kid in (kids if isinstance(kids, list) else [kids])]
    return seen


def test_accessible(bundled: Store, bundled_pdf: bytes):
    """It is tagged PDF/UA-1 with a language, a title to show, bookmarks, headings, header cells, and words for every picture."""
    document = opened(bundled_pdf)
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/Lang"] == "en" and document.metadata and document.metadata.title == bundled.settings.title
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_object().get_data()
    assert [title.split(" ", 1)[-1] for title in titles(document)][:1] == ["Contents"] and len(titles(document)) > 30
    found: dict[str, int] = {}
    pictures = []
    waiting = list(root["/StructTreeRoot"]["/K"])
    while waiting:
        element = waiting.pop().get_object()
        if hasattr(element, "get") and "/S" in element:
            found[element["/S"]] = found.get(element["/S"], 0) + 1
            pictures += [element.get("/Alt")] if element["/S"] == "/Figure" else []
            kids = element.get("/K", [])
            waiting += kids if isinstance(kids, list) else [kids]
    assert found["/H1"] >= 10 and found["/H2"] > 10 and found["/TH"] > 30 and found["/Table"] > 10
    assert len(pictures) == 2 and "34 flows" in pictures[1] + pictures[0] and all(pictures)
    assert all(font["/FontDescriptor"].get("/FontFile2") or font["/FontDescriptor"].get("/FontFile3") for font in fonts(document))


def fonts(document: pypdf.PdfReader) -> list[pypdf.generic.DictionaryObject]:
    """Return the fonts of all pages."""
    listed = [font.get_object() for page in document.pages for font in page["/Resources"].get("/Font", {}).values()]
    return [kid.get_object() for font in listed for kid in font["/DescendantFonts"]]


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_papers(bundled: Store, paper: str, size: tuple[int, int]):
    """Every page has the size of the paper asked for."""
    boxes = {
        tuple(round(float(each)) for each in page.mediabox[2:]) for page in opened(report_pdf(bundled, NONE, MADE_AT, paper=paper)).pages
    }
    assert boxes == {size}


def test_no_other_paper(bundled: Store):
    """A paper there is none of is refused in words."""
    with pytest.raises(UsageError, match="There is no paper foolscap"):
        report_pdf(bundled, NONE, MADE_AT, paper="foolscap")


def test_names_that_are_code(tmp_path: Path):
    """HTML, Markdown, formulas and typst code in every cell appear as their characters; links lead only where a page may."""
    store = open_checked(write_hostile(tmp_path), DAY)
    pdf = report_pdf(store, NONE, MADE_AT)
    assert lacking(store, pages(pdf)) == []
    links = {
        note.get_object()["/A"]["/URI"]
        for page in opened(pdf).pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object() and "/URI" in note.get_object()["/A"]
    }
    assert links <= {"https://tracker.example/source.png"}


CODE = [
    '#panic("x")',
    '#eval("1+1")',
    "$ x^2 $",
    "`raw`",
    "= Heading",
    "*bold* _emph_",
    '"); #read("/etc/passwd")',
    "<label> @ref",
    "\\u{7} // /* ",
    "=1+1",
]


LINKS = ["javascript:alert(1)", "file:///etc/passwd", "https://example.com/a b", "https://example.com/page"]


def test_typst_code_is_text(tmp_path: Path):
    """Nothing of a register is run or becomes markup, and only http and https links can be followed."""
    tables = tiny()
    tables["vendors"] += [{"vendor_id": f"code-{at}", "name": code} for at, code in enumerate(CODE)]
    toml = TITLE + "".join(f"[[sources]]\nid = 'a{at}'\ntitle = '#panic({at})'\nurl = '{link}'\n" for at, link in enumerate(LINKS))
    store = open_checked(write(tmp_path, tables, toml=toml), DAY)
    pdf = report_pdf(store, NONE, MADE_AT)
    assert lacking(store, pages(pdf)) == []
    assert re.findall(rb"/URI\(([^)]*)", pdf) == [b"https://example.com/page"]


def test_characters_without_a_picture(tmp_path: Path):
    """What our fonts cannot draw is written as code points where it stands, and listed with its name; what they can draw stays."""
    tables = tiny()
    tables["vendors"][0]["name"] = "\u6f22\u5b57 Ltd"
    tables["vendors"][1]["name"] = "\ua997\ua9ba \U0001f600 \u202eabc\u202c e\u0301 \u05e2\u05d1\u05e8\u05d9\u05ea \x07\ue000"
    tables["flows"][0]["purpose"] = "\u02ea\u0615 \U0010ffff \u200d\ufe0f \ufdd0 \u0f00"
    tables["evidence"][0]["quote"] = "\ua984" * 400
    store = open_checked(write(tmp_path, tables, toml='title = "\ua98f"\n'), DAY)
    found = body(pages(report_pdf(store, NONE, MADE_AT)))
    assert "[U+A997U+A9BA]" in found and "[U+A98F]" in found and found.count("U+A984") >= 400
    assert "U+A997JAVANESELETTERJA" in found and "U+1F600GRINNING" not in found
    assert "\U0001f600" in found and "e\u0301" in found and "\u6f22\u5b57Ltd" in found


@pytest.mark.parametrize("internal", [False, True])
def test_internal_columns(tmp_path: Path, internal: bool):
    """Notes, owners and who confirmed something are in the internal report and nowhere in the public one."""
    tables: Tables = tiny()
    secrets = {"vendors": "notes", "categories": "notes", "flows": "notes", "activities": "owner", "evidence": "checked_by"}
    for table, column in secrets.items():
        tables[table][0][column] = f"secret of {table}"
    pdf = report_pdf(open_checked(write(tmp_path, tables), DAY), NONE, MADE_AT, internal=internal)
    found = body(pages(pdf))
    assert [f"secretof{table}" in found for table in secrets] == [internal] * 5
    assert ("Owner:secretofactivities" in found) == internal
    assert ("Internal:forthosewhokeeptheregister" in found) == internal


def test_a_guess_is_marked(tmp_path: Path):
    """An inferred cell carries its mark, a flow without evidence says so, and a blank says "not stated"."""
    tables = tiny()
    tables["evidence"].append({"table": "vendors", "row_id": "sentry", "column": "country", "status": "inferred", "quote": "a guess"})
    found = body(pages(report_pdf(open_checked(write(tmp_path, tables), DAY), NONE, MADE_AT)))
    assert "Headoffice:UnitedStatesofAmerica(US)Inferred" in found or re.search(r"Headoffice:.{4,40}\(US\)Inferred", found)
    assert "Inferred“aguess”country" in found and "Noevidence" in found and "Notstated:legalbasis" in found


def test_a_filter_and_a_key(bundled: Store):
    """The filter in English and the key's fingerprint stand on the cover; what is behind the filter is all there is."""
    asked = Filter(vendors=("sentry",))
    shown = pages(report_pdf(bundled, asked, MADE_AT, key_fingerprint="SHA256:abc123"))
    assert "Every category to Sentry" in shown[0] and "SHA256:abc123" in shown[0]
    assert "Hotjar" not in " ".join(shown) and "Sentry" in " ".join(shown)


@pytest.mark.parametrize("tables", [{}, {"vendors": []}, tiny() | {"flows": [], "evidence": [], "activities": []}])
def test_little_to_say(tmp_path: Path, tables: Tables):
    """A register with hardly anything in it has a report that says so."""
    folder = write(tmp_path, tables or {"categories": [{"category_id": "a", "name": "A"}]})
    assert "not stated" in " ".join(pages(report_pdf(open_checked(folder, DAY), NONE, MADE_AT)))


def test_the_same_report_everywhere(tmp_path: Path, bundled: Store):
    """Another folder, time zone, locale and hash seed give the same bytes."""
    code = (
        "import sys; from datetime import UTC, date, datetime; from popmap.checks.run import open_checked; "
        "from popmap.evidence.report import report_pdf; from popmap.evidence.pictures import map_svg, matrix_svg; "
        "from popmap.filters import Filter; from popmap.opened import BUNDLED; "
        f"store = open_checked(BUNDLED, date.fromisoformat({DAY.isoformat()!r})); "
        f"made_at = datetime.fromtimestamp({MADE_AT.timestamp()}, UTC).astimezone(); "
        "parts = [report_pdf(store, Filter(), made_at), map_svg(store, Filter()), matrix_svg(store, Filter())]; "
        "sys.stdout.buffer.write(b''.join(parts))"
    )
    elsewhere = {"TZ": "Asia/Kolkata", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(__file__).parents[2])}
    there = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, **elsewhere}, capture_output=True, check=True)
    assert there.stdout == report_pdf(bundled, NONE, MADE_AT) + map_svg(bundled, NONE) + matrix_svg(bundled, NONE)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("short words stay", "short words stay"),
        ("https://example.com/a/long/path", "https://\u200bexample.\u200bcom/\u200ba/\u200blong/\u200bpath"),
        ("a" * 20, "a" * 12 + "\u200b" + "a" * 8),
    ],
)
def test_long_words_may_break(said: str, expected: str):
    """A long word gets places to break at, after punctuation first; nothing else of it changes."""
    assert words.breakable(said) == expected
