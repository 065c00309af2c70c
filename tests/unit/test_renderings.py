"""Documents to hand over say what the register states, in every format, and "not stated" where it states nothing."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pypdf
import pytest
from hostile import NAMES, write_hostile
from hypothesis import given, settings
from lxml import html
from markdown_it import MarkdownIt
from python_calamine import CalamineWorkbook
from registers import TEXT, registers, tiny, write
from renderings_sample import DOCUMENTED, MADE_AT, sample, write_sample

from popmap.checks.run import open_checked
from popmap.cli import main
from popmap.commands.said import BAD, FINE
from popmap.errors import UsageError
from popmap.exports import about
from popmap.filters import Filter
from popmap.flow.text import clean, has_rtl
from popmap.opened import BUNDLED
from popmap.register.cells import unguard
from popmap.renderings import facts, recipients
from popmap.renderings.authorities import CNIL_COLUMNS, ICO_COLUMNS
from popmap.renderings.entries import NO_ACTIVITY
from popmap.renderings.files import RENDERINGS, rendering_file
from popmap.renderings.words import markdown
from popmap.store import Store

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "renderings"
DAY = date(2026, 11, 23)
FORMS = [(name, form) for name, entry in RENDERINGS.items() for form in entry.forms]
TABULAR = ["record-controller", "record-processor", "ico-controller", "cnil-activity", "scc-annex-iii"]
LISTS = [pair for pair in FORMS if pair[0] != "record-processor"]
PAGE_TAGS = {"html", "head", "meta", "title", "style", "body", "main", "footer", "h1", "h2", "p", "span", "a", "ul", "li", "dl", "dt", "dd"}
TABLE_TAGS = {"table", "caption", "thead", "tbody", "tr", "th", "td"}
ONE_OF_EACH = {
    ("record-controller", "csv"),
    ("scc-annex-iii", "pdf"),
    ("recipients-paragraph", "text"),
    ("subprocessor-page", "html"),
    ("fideslang", "yaml"),
    ("dpv", "turtle"),
}
READ = MarkdownIt("commonmark").enable("table")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return the sample register on a fixed day."""
    return open_checked(write_sample(tmp_path_factory.mktemp("sample") / "register"), DAY)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return the register whose every name tries something."""
    return open_checked(write_hostile(tmp_path_factory.mktemp("hostile") / "register"), DAY)


@pytest.fixture(scope="module")
def popwork() -> Store:
    """Return the bundled register."""
    return open_checked(BUNDLED, DAY)


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return a register without a row."""
    return opened(tmp_path_factory.mktemp("nothing") / "register", {table: [] for table in ("categories", "vendors", "flows")})


def opened(folder: Path, tables: dict, toml: str = "") -> Store:
    return open_checked(write(folder, tables, toml=toml), DAY)


def made(store: Store, name: str, form: str, **asked: tuple[str, ...]) -> bytes:
    return rendering_file(store, name, form, MADE_AT, asked=Filter(**asked))


def pages(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def sheet(content: bytes) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()]


def words(content: bytes, form: str) -> str:
    """Return what a reader of a file sees, without white space and the unseen characters that keep text from being markup."""
    if form == "pdf":
        text = pages(content)
    elif form == "xlsx":
        text = "\n".join(cell for row in sheet(content) for cell in row)
    elif form == "html":
        text = html.fromstring(content).text_content()
    elif form == "markdown":
        text = html.fromstring(READ.render(content.decode())).text_content()
    elif form == "json-ld" or form == "json":
        text = content.decode().replace('\\"', '"').replace("\\\\", "\\")
    else:
        text = content.decode().replace('\\"', '"').replace("\\\\", "\\").replace("''", "'").replace('""', '"')
    return squeezed(text)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


# -- the files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_golden(store: Store, monkeypatch: pytest.MonkeyPatch, name: str, form: str) -> None:
    """Each document's content is what tests/golden keeps, of a PDF its text; POPMAP_UPDATE_GOLDEN=1 writes it anew."""
    fixed = lambda *given: replace(about.about(*given), fingerprint="ab" * 32, version="0.0.0")  # noqa: E731 - one expression
    monkeypatch.setattr(facts, "about", fixed)
    content = made(store, name, form)
    path = GOLDEN / f"{name}.{'pdf.txt' if form == 'pdf' else RENDERINGS[name].forms[form].extension}"
    content = pages(content).encode() if form == "pdf" else content
    if os.environ.get("POPMAP_UPDATE_GOLDEN"):
        path.write_bytes(content)
    kept = path.read_bytes()
    assert members(content) == members(kept) if form == "xlsx" else content == kept


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_same_bytes_everywhere(store: Store) -> None:
    """Another time zone, locale and hash seed give the same bytes of every document in every format."""
    code = (
        "import hashlib, sys; from datetime import date, datetime; from pathlib import Path; from popmap.checks.run import open_checked; "
        "from popmap.renderings.files import RENDERINGS, rendering_file; "
        f"store = open_checked(Path({str(store.folder)!r}), date(2026, 11, 23))\n"
        f"at = datetime.fromtimestamp({MADE_AT.timestamp()}).astimezone()\n"
        "for name, entry in RENDERINGS.items():\n"
        "    for form in entry.forms: print(name, form, hashlib.sha256(rendering_file(store, name, form, at)).hexdigest())"
    )
    elsewhere = {"TZ": "Asia/Kolkata", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7"}
    there = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, **elsewhere}, capture_output=True, text=True, check=True
    )
    here = "".join(f"{name} {form} {hashlib.sha256(made(store, name, form)).hexdigest()}\n" for name, form in FORMS)
    assert there.stdout == here


def test_a_moment_is_told_to_the_second(store: Store) -> None:
    """Parts of a second, and the zone a time is said in, change nothing."""
    later = MADE_AT.replace(microsecond=7).astimezone(timezone(timedelta(hours=5)))
    assert rendering_file(store, "record-controller", "pdf", later) == made(store, "record-controller", "pdf")


@pytest.mark.parametrize(("name", "form"), [("record", "pdf"), ("record-controller", "html"), ("dpv", "csv"), ("", "")])
def test_what_there_is_none_of(store: Store, name: str, form: str) -> None:
    """A document or format that does not exist is an error that names those that do."""
    with pytest.raises(UsageError, match="Use one of"):
        made(store, name, form)


@pytest.mark.parametrize("name", RENDERINGS)
def test_each_document_is_described(name: str) -> None:
    """The table says of each what it is for, who asks for it and where that stands."""
    entry = RENDERINGS[name]
    assert entry.name == name and entry.title and entry.use.endswith(".") and entry.article and entry.source and entry.forms


# -- what they say ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "form"), LISTS)
def test_every_vendor_of_the_bundled_register(popwork: Store, name: str, form: str) -> None:
    """All 22 vendors stand in each list and in each record, whatever the format."""
    found = words(made(popwork, name, form), form)
    names = [row[0] for row in popwork.query("SELECT name FROM vendors")]
    assert len(names) == 22
    assert [vendor for vendor in names if squeezed(vendor) not in found] == []


@pytest.mark.parametrize("name", TABULAR)
@pytest.mark.parametrize("which", ["store", "popwork", "hostile"])
def test_no_cell_is_empty(name: str, which: str, request: pytest.FixtureRequest) -> None:
    """A blank of the register is printed as "not stated", so no cell of a table is empty."""
    head, *rows = csv.reader(io.StringIO(made(request.getfixturevalue(which), name, "csv").decode(), newline=""), strict=True)
    assert rows
    assert {len(row) for row in rows} == {len(head)} and all(cell.strip() for row in rows for cell in row)


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_internal_columns_stay_inside(store: Store, name: str, form: str) -> None:
    """Notes and owners are in no document."""
    assert "Secret" not in words(made(store, name, form), form)


@pytest.mark.parametrize("form", ["csv", "xlsx", "markdown", "pdf"])
def test_which_record_an_activity_is_in(store: Store, form: str) -> None:
    """Controller and joint controller stand in the record of Art. 30(1), processor in the other, no stated role in the first."""
    first, second = words(made(store, "record-controller", form), form), words(made(store, "record-processor", form), form)
    assert all(squeezed(text) in first for text in ("To serve customers", "Staff health", "role not stated"))
    assert squeezed("To answer") in second and squeezed("To answer") not in first
    assert squeezed("To serve customers") not in second and squeezed("Staff health") not in second


def test_all_points_of_article_30(store: Store) -> None:
    """The record of Art. 30(1) has every point from (a) to (g), that of 30(2) from (a) to (d), and they say what is stated."""
    controller, processor = (
        next(csv.DictReader(io.StringIO(made(store, f"record-{role}", "csv").decode()))) for role in ("controller", "processor")
    )
    assert {point for column in controller for point in re.findall(r"\(([a-g])\)$", column)} == set("abcdefg")
    assert {point for column in processor for point in re.findall(r"\(([a-g])\)$", column)} == set("abcd")
    said = " ".join(controller.values())
    for text in ("First House GmbH", "1 Square, 10115 Berlin", "privacy@first.example", "Second House AG", "Rep Ltd", "dpo@first.example"):
        assert text in said
    for text in (
        "To serve customers",
        "customers",
        "Coordonnées",
        "Cloud One",
        "United States: standard contractual",
        "10 years",
        "Encryption",
    ):
        assert text in said


def test_a_transfer_is_never_supposed(popwork: Store) -> None:
    """Where no place of processing is stated, neither a transfer nor its absence is."""
    rows = csv.DictReader(io.StringIO(made(popwork, "record-controller", "csv").decode()))
    said = [row["Transfers to third countries or international organisations (e)"] for row in rows]
    assert all(text.startswith("place of processing not stated") for text in said)


@pytest.mark.parametrize("form", ["csv", "pdf", "markdown"])
@pytest.mark.parametrize("name", ["record-controller", "ico-controller", "cnil-activity"])
def test_a_register_without_activities(tmp_path: Path, name: str, form: str) -> None:
    """It gives a document that says so, and what is stated of categories and flows."""
    store = opened(tmp_path / "register", tiny() | {"activities": []})
    found = words(made(store, name, form), form)
    assert squeezed(NO_ACTIVITY) in found and squeezed("Mailer") in found


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_a_register_without_rows(nothing: Store, name: str, form: str) -> None:
    """A register that states nothing gives every document all the same."""
    assert made(nothing, name, form)


def test_the_columns_are_the_authority_s(store: Store) -> None:
    """The ICO's layout has its 30 columns and no other, the CNIL's the headings of its sheet."""
    ico, cnil = (next(csv.reader(io.StringIO(made(store, name, "csv").decode()))) for name in ("ico-controller", "cnil-activity"))
    assert tuple(ico) == ICO_COLUMNS and len(set(ICO_COLUMNS)) == 30
    assert tuple(cnil) == CNIL_COLUMNS


@pytest.mark.parametrize(
    ("stated", "cells"),
    [
        ("not-needed", ("no", "not-needed", "not stated")),
        ("needed", ("yes", "needed", "not stated")),
        ("done https://wiki.example/dpia", ("yes", "done https://wiki.example/dpia", "https://wiki.example/dpia")),
        ("perhaps", ("perhaps", "perhaps", "not stated")),
        ("", ("not stated", "not stated", "not stated")),
    ],
)
def test_an_impact_assessment(tmp_path: Path, stated: str, cells: tuple[str, str, str]) -> None:
    """Whether one is required, how far it is and where it is are read off the one cell, and nothing else is made of it."""
    tables = sample()
    tables["activities"] = [tables["activities"][0] | {"impact_assessment": stated}]
    row = next(csv.DictReader(io.StringIO(made(opened(tmp_path / "register", tables), "ico-controller", "csv").decode())))
    assert tuple(row[ICO_COLUMNS[at]] for at in (20, 21, 22)) == cells


def test_what_is_inferred_says_so(store: Store) -> None:
    """A name somebody inferred is marked in documents for people."""
    assert squeezed("Mail & More (inferred)") in words(made(store, "subprocessor-page", "html"), "html")
    assert squeezed("Cloud One (inferred)") not in words(made(store, "subprocessor-page", "html"), "html")


@pytest.mark.parametrize(("name", "form"), [("scc-annex-iii", "csv"), ("subprocessor-page", "markdown"), ("subprocessors", "json")])
def test_a_filter_makes_an_extract(store: Store, name: str, form: str) -> None:
    """A filter limits the vendors, and the document of a part says that it is one."""
    found = words(made(store, name, "xlsx" if form == "csv" else form, vendors=("cloud",)), "xlsx" if form == "csv" else form)
    assert squeezed("Cloud One") in found and squeezed("Forge") not in found
    extract = words(made(store, name, "markdown" if form == "csv" else form, vendors=("cloud",)), "markdown" if form == "csv" else form)
    assert squeezed("This is an extract") in extract


def test_who_is_no_sub_processor(store: Store) -> None:
    """Controllers and retired vendors are named as left out, announced ones stand apart, and a vendor in no stated role is listed."""
    text = made(store, "subprocessor-page", "markdown").decode()
    current, _, rest = text.partition("## Announced")
    assert "Cloud One" in current and "Mail" in current and "Soon" not in current and "Bank" not in current
    announced, _, remarks = rest.partition("## Remarks")
    assert "Soon" in announced and "Bank and Clinic" in remarks and "Gone" in remarks


# -- the paragraph of a privacy notice -------------------------------------------------------------------------------


def test_the_paragraph(store: Store) -> None:
    """It says what each recipient receives and why, what each transfer rests on, and what a person has to state first."""
    text = " ".join(made(store, "recipients-paragraph", "text").decode().split())
    for sentence in (
        "First House GmbH discloses personal data to the following recipients.",
        "Cloud One (processor) receives Coordonnées and Logs for the purpose “Hosting”.",
        "Mail & More (inferred) receives Coordonnées for the purpose “To send news”, if asked.",
        "Bank (independent controller) receives Coordonnées for a purpose that is not stated.",
        "Bank: personal data is processed in Switzerland, outside the European Economic Area. The Commission has adopted an",
        "Clinic: personal data is processed in India, outside the European Economic Area. The transfer rests on: derogation (Art. 49).",
        "Whether it is personal data is not stated of: Logs.",
        "Left out, receiving only what is stated not to be personal data: Forge.",
    ):
        assert sentence in text
    assert max(map(len, made(store, "recipients-paragraph", "text").decode().splitlines())) <= 100


@pytest.mark.parametrize(
    ("country", "mechanism", "said"),
    [
        ("IN", "none", "rests on no mechanism"),
        ("IN", "", "What the transfer rests on is not stated"),
        ("IN", "binding-corporate-rules", "The transfer rests on: binding corporate rules (Art. 46(2)(b)). How to obtain a copy"),
        ("IN", "adequacy", "no adequacy decision in force covers the transfer"),
        ("JP", "adequacy", "has adopted an adequacy decision that covers it; the register states: adequacy decision (Art. 45)"),
        ("FR", "", "inside the European Economic Area"),
        ("", "standard-contractual-clauses", "is not stated for: Sentry"),
    ],
)
def test_what_a_transfer_rests_on(tmp_path: Path, country: str, mechanism: str, said: str) -> None:
    """Each state of a transfer has its own sentence; one without a place is no transfer, whatever the mechanism."""
    flow = {"category_id": "logs", "vendor_id": "sentry", "purpose": "p", "locations": country, "transfer_mechanism": mechanism}
    store = opened(tmp_path / "register", tiny() | {"flows": [flow], "vendors": tiny()["vendors"][:1]})
    points = [point for part in recipients.parts(facts.gather(store, MADE_AT, Filter())) for point in part.points]
    assert any(said in point for point in points)


# -- names that try something ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "form"), LISTS)
def test_hostile_names_are_text(hostile: Store, name: str, form: str) -> None:
    """Names that are HTML, Markdown, formulas or endless stand whole in every document, as the characters they are."""
    found = words(made(hostile, name, form), form)
    exact = form in ("csv", "xlsx", "json", "json-ld", "turtle", "yaml")
    names = [each if exact else clean(each) for each in NAMES]
    if form == "pdf":
        # A reader gives the pieces of a line that runs both ways in the order they stand on it.
        names = [piece for each in names for piece in (each.split() if has_rtl(each) else [each])]
    if form == "yaml":
        # YAML writes what does not show as escapes; its own test reads it.
        names = [each for each in names if each.isprintable()]
    assert [each for each in names if squeezed(each) not in found] == []


def test_no_markup_comes_of_markdown(hostile: Store) -> None:
    """Read as Markdown, no document holds a link, a picture, emphasis, code or HTML that popmap did not write."""
    for name, entry in RENDERINGS.items():
        if "markdown" in entry.forms:
            text = made(hostile, name, "markdown").decode()
            tags = {str(node.tag) for node in html.fromstring(READ.render(text)).iter()}
            assert tags <= {"div", "h1", "h2", "p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "br"}
            assert not re.search(r"https?://[^\u200b]|www\.[^\u200b]", text)


@given(TEXT)
def test_any_text_as_markdown(text: str) -> None:
    """Any text comes back from Markdown as itself: in a paragraph, in a list, and in a table's cell."""
    for frame in (f"{markdown(text)}", f"- {markdown(text)}", f"| a |\n| --- |\n| {markdown(text)} |"):
        shown = html.fromstring(f"<div>{READ.render(frame)}</div>")
        assert {str(node.tag) for node in shown.iter()} <= {"div", "p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}
        assert squeezed(shown.text_content()) in (squeezed(clean(text)), "a" + squeezed(clean(text)))


def test_the_page_loads_and_runs_nothing(hostile: Store) -> None:
    """The public page has no script, picture or style but its own; its policy lets none in; its links are websites of vendors."""
    content = made(hostile, "subprocessor-page", "html")
    page = html.fromstring(content)
    assert {str(node.tag) for node in page.iter()} <= PAGE_TAGS | TABLE_TAGS
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; style-src 'sha256-") and "unsafe" not in policy
    assert all(re.fullmatch(r"https://tracker\.example/k\d\.png", link) for link in page.xpath("//a/@href"))
    assert not page.xpath("//*[@onerror or @onclick or @src or @style]")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", 'https://a.example/"onclick="x', "https://a.example/<b>", "ftp://a.example", "//a.example"]
)
def test_what_is_no_web_address_is_no_link(tmp_path: Path, address: str) -> None:
    """Only a whole http or https address becomes a link."""
    tables = tiny()
    tables["vendors"][0]["website"] = address
    page = html.fromstring(made(opened(tmp_path / "register", tables), "subprocessor-page", "html"))
    assert page.xpath("//a/@href") == []


@pytest.mark.parametrize("name", TABULAR)
def test_no_cell_is_a_formula(hostile: Store, name: str) -> None:
    """No cell of a CSV begins as a formula does, and a workbook has none."""
    for row in csv.reader(io.StringIO(made(hostile, name, "csv").decode(), newline="")):
        assert not [cell for cell in row if cell[:1] in "=+-@\t\r" and cell]
    assert b"<f>" not in members(made(hostile, name, "xlsx"))["xl/worksheets/sheet1.xml"]
    assert [unguard(cell) for row in csv.reader(io.StringIO(made(hostile, name, "csv").decode(), newline="")) for cell in row]


@pytest.mark.parametrize("name", [name for name, entry in RENDERINGS.items() if "pdf" in entry.forms])
def test_a_pdf_is_accessible(hostile: Store, name: str) -> None:
    """It is tagged, has a title and a language, shows its title rather than its file's name, and its fonts are in it."""
    reader = pypdf.PdfReader(io.BytesIO(made(hostile, name, "pdf")))
    assert reader.metadata and reader.metadata.title and reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] in ("en", "fr") and reader.outline
    fonts = [font["/DescendantFonts"][0]["/FontDescriptor"] for font in reader.pages[0]["/Resources"]["/Font"].values()]
    assert fonts and all("/FontFile2" in font.get_object() or "/FontFile3" in font.get_object() for font in fonts)


@settings(max_examples=4)
@given(registers(DOCUMENTED, max_size=4))
def test_any_register_gives_every_document(tmp_path_factory: pytest.TempPathFactory, tables: dict) -> None:
    """Whatever a register holds, no document fails, and its tables keep as many cells in a row as there are columns."""
    store = opened(tmp_path_factory.mktemp("any") / "register", tables)
    for name, form in FORMS:
        if form != "pdf":
            made(store, name, form)
    for name in TABULAR:
        rows = list(csv.reader(io.StringIO(made(store, name, "csv").decode(), newline=""), strict=True))
        assert len({len(row) for row in rows}) == 1


# -- on the command line ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "form"), sorted(ONE_OF_EACH))
def test_export(tmp_path: Path, store: Store, name: str, form: str) -> None:
    """`popmap export FOLDER NAME -o FILE` writes the document in the format its extension tells, at the time --date states."""
    out = tmp_path / f"out.{RENDERINGS[name].forms[form].extension}"
    assert main(["export", str(store.folder), name, "-o", str(out), "--date", "2026-11-23T12:30Z", "--as-of", "2026-11-23"]) == FINE
    assert out.read_bytes() == made(store, name, form)


def test_export_with_a_filter(tmp_path: Path, store: Store) -> None:
    """--filter picks the rows as a link to a page does."""
    out = tmp_path / "out.json"
    options = ["--date", "2026-11-23T12:30", "--as-of", "2026-11-23", "--filter", "vendor=cloud"]
    assert main(["export", str(store.folder), "subprocessors", "-o", str(out), *options]) == FINE
    assert out.read_bytes() == made(store, "subprocessors", "json", vendors=("cloud",))


def test_a_table_at_a_time(tmp_path: Path, store: Store) -> None:
    """--date makes a table's file the same again, too."""
    files = [tmp_path / f"{at}.json" for at in range(2)]
    for path in files:
        assert main(["export", str(store.folder), "vendors", "-o", str(path), "--date", "2026-11-23T12:30+05:00"]) == FINE
    assert files[0].read_bytes() == files[1].read_bytes() and b"2026-11-23T07:30:00Z" in files[0].read_bytes()


@pytest.mark.parametrize(
    "options", [["-o", "x.svg"], ["-o", "x.pdf", "--date", "yesterday"], ["-o", "x.bin"], ["-o", "x", "--format", "json"]]
)
def test_export_of_what_there_is_none_of(store: Store, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong extension, format or time is bad usage, said in one line."""
    assert main(["export", str(store.folder), "record-controller", *options]) == BAD
    assert capsys.readouterr().err.startswith("popmap: ")


def test_now_is_the_default(tmp_path: Path, store: Store) -> None:
    """Without --date a document states the time it is made at, whose parts of a second trouble no format."""
    before = datetime.now(UTC).replace(microsecond=0)
    for name, form in (("record-controller", "pdf"), ("subprocessors", "json")):
        assert main(["export", str(store.folder), name, "-o", str(tmp_path / f"x.{form}")]) == FINE
    (stated,) = re.findall(r'"made_at": "(.*?)"', (tmp_path / "x.json").read_text())
    assert before <= datetime.fromisoformat(stated) <= datetime.now(UTC)
