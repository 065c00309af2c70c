"""What is taken away as a file holds exactly the rows asked for, says what it is from, and runs nowhere."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from popmap import tables, views
from popmap.checks.run import open_checked
from popmap.errors import UsageError
from popmap.exports import xlsx as workbook
from popmap.exports.about import FACT_LABELS, About, about
from popmap.exports.asking import asked_filter, asked_rows, parse, table_keys
from popmap.exports.files import FORMATS, GRAPH_FORMATS, file_name, graph_file, rows, table_file
from popmap.exports.writers import METADATA_KEY, labelled
from popmap.filters import Filter
from popmap.register.cells import guard, unguard
from popmap.store import Store
from popmap.tables import Ask

GOLDEN = Path(__file__).parents[1] / "golden"
POPWORK = Path(__file__).parents[2] / "data" / "popwork"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\x00")
NOW = datetime(2026, 11, 23, 12, 30, 15, 999, tzinfo=UTC)
ABOUT = About("Größe & “quotes”", "ab" * 32, "Flows", "Logs to every vendor", "category=logs", date(2026, 11, 23), NOW, "0.0.0")
NAMES = [
    "plain",
    '=HYPERLINK("http://evil.example","click")',
    "'=already guarded",
    "-1+2",
    "@SUM(A1)",
    "\ttab first",
    "\rreturn first",
    'comma, "quotes"',
    "line\nbreak",
    "lone\rreturn",
    " spaces around ",
    "<b>HTML</b> **Markdown**",
    "\u202eright to left",
    "Größe 👋🏽",
    "http://example.com/a?b=c",
    "000123",
    "TRUE",
    "x" * 300,
    None,
]

# What a register's cell can hold: reading replaces other control characters. calamine leaves the escapes of U+FFFE and U+FFFF as they are.
CELLS = st.none() | st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\r", exclude_characters="\ufffe\uffff"), max_size=40
)
RISKY = st.builds(
    lambda start, rest: start + rest,
    st.sampled_from(["=", "+", "-", "@", "\t", "\r", "'", "''=", '"', ","]),
    st.text("ab\n\r\",'=", max_size=6),
)


def sample() -> pa.Table:
    """Return a table with the worst that names can be, and a number."""
    table = pa.table({"name": pa.array(NAMES, pa.string()), "flows": pa.array(range(len(NAMES)), pa.int32())})
    return labelled(table, {"name": "Vendor", "flows": "Flows"})


@pytest.fixture(scope="module")
def store() -> Store:
    """Return the bundled register on a fixed day."""
    return open_checked(POPWORK, date(2026, 11, 23))


def write(form: str, table: pa.Table, source: About = ABOUT) -> bytes:
    return FORMATS[form].write(table, source)


def read(form: str, content: bytes) -> tuple[list[str], list[list[object]]]:
    """Return a file's headings and rows, None or "" for not stated, numbers as text."""
    if form == "csv":
        head, *body = csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
        return head, [[unguard(cell) for cell in row] for row in body]
    if form == "json":
        document = json.loads(content)
        names = [column["name"] for column in document["columns"]]
        return names, [[row[name] for name in names] for row in document["rows"]]
    if form == "parquet":
        table = pq.read_table(io.BytesIO(content))
        return table.column_names, [list(row.values()) for row in table.to_pylist()]
    head, *body = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return [str(cell) for cell in head], [[int(cell) if isinstance(cell, float) else cell for cell in row] for row in body]


def texts(found: list[list[object]]) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in found]


def members(content: bytes) -> dict[str, bytes]:
    """Return a workbook's parts; how they are compressed depends on the machine's zlib."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("form", FORMATS)
def test_golden_bytes(form: str) -> None:
    """Each format's bytes are those kept in tests/golden; POPMAP_UPDATE_GOLDEN=1 writes them anew after a change that is meant."""
    path = GOLDEN / f"table-{form}.{FORMATS[form].extension}"
    content = write(form, sample())
    if os.environ.get("POPMAP_UPDATE_GOLDEN"):
        path.write_bytes(content)
    kept = path.read_bytes()
    assert members(content) == members(kept) if form == "xlsx" else content == kept


@pytest.mark.parametrize("form", FORMATS)
def test_same_bytes_for_the_same_about(form: str) -> None:
    """A file depends on nothing but the rows and what it says it is from, whichever time zone that is said in."""
    elsewhere = replace(ABOUT, made_at=NOW.astimezone(timezone(timedelta(hours=5))))
    assert write(form, sample()) == write(form, sample()) == write(form, sample(), elsewhere)


@pytest.mark.parametrize("form", FORMATS)
def test_every_cell_comes_back(form: str) -> None:
    """What a reader of the format finds is what stood in the table."""
    _, found = read(form, write(form, sample()))
    assert texts(found) == [[name or "", str(at)] for at, name in enumerate(NAMES)]


@pytest.mark.parametrize("form", FORMATS)
def test_a_table_without_rows_is_a_file_with_headings(form: str) -> None:
    """No rows is an answer too: the headings stand alone."""
    head, found = read(form, write(form, sample().slice(0, 0)))
    assert (head, found) == (["Vendor", "Flows"] if form == "xlsx" else ["name", "flows"], [])


@given(st.lists(st.tuples(CELLS | RISKY, CELLS | RISKY), max_size=12))
def test_csv_comes_back_and_holds_no_formula(cells: list[tuple[str | None, str | None]]) -> None:
    """Any CSV read back without its guard is the table, and no cell of it starts as a formula does."""
    table = pa.table({"a": pa.array([a for a, _ in cells], pa.string()), "b": pa.array([b for _, b in cells], pa.string())})
    content = write("csv", table)
    raw = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
    assert not [cell for row in raw for cell in row if cell.startswith(DANGEROUS)]
    assert texts(read("csv", content)[1]) == [[a or "", b or ""] for a, b in cells]


@given(st.lists(CELLS | RISKY, min_size=1, max_size=12))
def test_xlsx_comes_back_and_holds_no_formula(cells: list[str | None]) -> None:
    """Any workbook read back is the table; there is no formula and no link in it."""
    content = write("xlsx", pa.table({"number": pa.array(range(len(cells))), "a": pa.array(cells, pa.string())}))
    assert [row[1] for row in read("xlsx", content)[1]] == [cell or "" for cell in cells]
    sheet = ElementTree.fromstring(members(content)["xl/worksheets/sheet1.xml"])
    assert not [element.tag for element in sheet.iter() if element.tag.endswith(("}f", "}hyperlink", "}hyperlinks"))]


@given(st.lists(CELLS | RISKY, max_size=12))
def test_an_only_column_keeps_its_empty_cells(cells: list[str | None]) -> None:
    """A CSV of one column has as many rows as the table, although a blank line would be none."""
    assert texts(read("csv", write("csv", pa.table({"a": pa.array(cells, pa.string())})))[1]) == [[cell or ""] for cell in cells]


def test_csv_is_plain_utf8_with_lf() -> None:
    """CSV has no byte order mark, ends its lines with LF and quotes only where it must."""
    content = write("csv", pa.table({"a": ["é", "b,c", None], "n": [1, None, 3]}))
    assert content == 'a,n\né,1\n"b,c",\n,3\n'.encode()


@pytest.mark.parametrize(("raw", "safe"), [("=1", "'=1"), ("'=1", "''=1"), ("a=1", "a=1"), ("'quoted'", "'quoted'"), ("-", "'-")])
def test_guard_in_a_csv_cell(raw: str, safe: str) -> None:
    """A cell that begins like a formula gets one quote in front; others stay as they are."""
    assert write("csv", pa.table({"a": [raw], "b": [1]})).decode().splitlines()[1] == f"{safe},1"


def test_json_says_what_it_is_from() -> None:
    """The JSON object holds what the rows are from, the headings, and null for what is not stated."""
    document = json.loads(write("json", sample()))
    assert list(document) == ["about", "columns", "rows"]
    assert document["about"] == {
        "register": "Größe & “quotes”",
        "fingerprint": "ab" * 32,
        "table": "Flows",
        "filter": "Logs to every vendor",
        "link": "category=logs",
        "as_of": "2026-11-23",
        "made_at": "2026-11-23T12:30:15Z",
        "rows": len(NAMES),
        "popmap": "0.0.0",
    }
    assert document["columns"] == [{"name": "name", "label": "Vendor"}, {"name": "flows", "label": "Flows"}]
    assert document["rows"][-1] == {"name": None, "flows": len(NAMES) - 1}


def test_parquet_says_what_it_is_from() -> None:
    """Parquet carries About and the headings in its metadata, and keeps types."""
    table = pq.read_table(io.BytesIO(write("parquet", sample())))
    assert json.loads(table.schema.metadata[METADATA_KEY]) == ABOUT.facts(len(NAMES))
    assert table.schema.field("name").metadata[b"label"] == b"Vendor"
    assert table.schema.types == [pa.string(), pa.int32()]


def test_xlsx_says_what_it_is_from() -> None:
    """The workbook has an About sheet with register, fingerprint, filter, time and what an empty cell means."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(write("xlsx", sample())))
    assert book.sheet_names == ["Flows", "About"]
    said = {str(row[0]): row[1] for row in book.get_sheet_by_name("About").to_python()}
    assert {FACT_LABELS[name]: value for name, value in ABOUT.facts(len(NAMES)).items()}.items() <= said.items()
    assert "not stated" in str(said["Empty cells"])
    assert b"2026-11-23T12:30:15Z" in members(write("xlsx", sample()))["docProps/core.xml"]


def test_xlsx_is_ready_to_read() -> None:
    """The header row stays in sight, every column can be filtered, and no column is wider than a screen."""
    sheet = members(write("xlsx", sample()))["xl/worksheets/sheet1.xml"].decode()
    assert 'ySplit="1"' in sheet and 'state="frozen"' in sheet
    assert f'<autoFilter ref="A1:B{len(NAMES) + 1}"/>' in sheet
    widths = [float(column.get("width", 0)) for column in ElementTree.fromstring(sheet).iter() if column.tag.endswith("}col")]
    assert len(widths) == 2 and all(8 < width < 62 for width in widths)


@pytest.mark.parametrize("text", ["x" * 32_768, "x" * 100_000, "😀" * 16_384, "x" + "😀" * 20_000])
def test_xlsx_says_where_it_cut(text: str) -> None:
    """A cell longer than a spreadsheet holds, counted in UTF-16 units, is cut there and says so."""
    cell = str(read("xlsx", write("xlsx", pa.table({"a": [text]})))[1][0][0])
    assert cell.endswith(workbook.CUT) and text.startswith(cell.removesuffix(workbook.CUT))
    assert 32_765 <= len(cell.encode("utf-16-le")) // 2 <= 32_767


@pytest.mark.parametrize("text", ["x" * 32_767, "😀" * 16_383 + "x"])
def test_xlsx_keeps_what_just_fits(text: str) -> None:
    """A cell of exactly 32,767 UTF-16 units is kept whole."""
    assert read("xlsx", write("xlsx", pa.table({"a": [text]})))[1] == [[text]]


def test_xlsx_refuses_more_rows_than_a_sheet_holds() -> None:
    """A table too long for a sheet is refused with what to do instead, not cut in silence."""
    with pytest.raises(UsageError, match=r"1,048,576 rows, and a spreadsheet holds 1,048,575.*CSV or Parquet"):
        write("xlsx", pa.table({"a": pa.nulls(workbook.MOST_ROWS + 1, pa.string())}))


@pytest.mark.parametrize(("title", "name"), [("About", "About rows"), ("a/b:c", "a b c"), ("'x'", "x"), ("y" * 40, "y" * 31), ("", "Rows")])
def test_sheet_names_excel_accepts(title: str, name: str) -> None:
    """Any table title gives a sheet name that Excel opens."""
    source = About("", "", title, "", "", date(2026, 1, 1), NOW)
    assert CalamineWorkbook.from_filelike(io.BytesIO(write("xlsx", sample(), source))).sheet_names == [name, "About"]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("view", views.VIEWS)
def test_a_table_file_holds_the_rows_shown(store: Store, view: str, form: str) -> None:
    """Every table in every format holds what tables.fetch gives to the screen, under its machine names or headings."""
    shown = tables.fetch(store, view, Ask())
    head, found = read(form, table_file(store, view, Ask(), form, NOW))
    labels = [views.view(view).column(name).label for name in shown.column_names]
    assert head == (labels if form == "xlsx" else shown.column_names)
    assert sorted(texts(found)) == sorted(texts([list(row.values()) for row in shown.to_pylist()]))
    assert found


def test_a_filtered_file_holds_only_what_is_asked(store: Store) -> None:
    """Filter, order and columns of the question are those of the file."""
    ask = asked_rows(parse("category=logs&sort=vendor&desc=1"), store, "flows")
    head, found = read("csv", table_file(store, "flows", ask, "csv", NOW, columns=("vendor_id", "category_id")))
    assert head == ["vendor_id", "category_id"]
    assert {row[1] for row in found} == {"logs"}
    vendors = [str(row[0]) for row in found]
    assert vendors == sorted(vendors, reverse=True) and len(vendors) == 8 and "sentry" in vendors


def test_internal_columns_stay_inside(store: Store) -> None:
    """Notes and owners are left out for outsiders, and cannot be had by naming them."""
    assert "notes" in rows(store, "vendors", Ask()).column_names
    assert not {"notes", "owner"} & set(rows(store, "activities", Ask(), internal=False).column_names)
    with pytest.raises(UsageError, match="notes is kept"):
        rows(store, "vendors", Ask(), internal=False, columns=("notes",))
    with pytest.raises(UsageError, match="notes is kept"):
        asked_rows({"sort": ["notes"]}, store, "vendors", internal=False)


@pytest.mark.parametrize(
    ("view", "form", "columns", "message"),
    [
        ("flows", "pdf", (), "no format pdf for the table flows. Use one of csv, xlsx, json, parquet"),
        ("nothing", "csv", (), "no table called nothing"),
        ("flows", "csv", ("price",), "no column price"),
    ],
)
def test_what_cannot_be_had_is_said(store: Store, view: str, form: str, columns: tuple[str, ...], message: str) -> None:
    """An unknown table, column or format is named, with those there are."""
    with pytest.raises(UsageError, match=message):
        table_file(store, view, Ask(), form, NOW, columns=columns)


@pytest.mark.parametrize(
    ("link", "english"),
    [
        ("", "Every category to every vendor"),
        ("category=logs", "Logs to every vendor"),
        ("severity=error&severity=note", "Every category to every vendor, findings of severity error or note"),
        ("rule=retention-not-stated&sort=row_no&desc=1", "Every category to every vendor, findings of the rule retention-not-stated"),
    ],
)
def test_about_gives_the_link_back(store: Store, link: str, english: str) -> None:
    """The link a file carries asks for the same rows again, and its filter says so in English."""
    source = about(store, "Findings", asked_rows(parse(link), store, "findings"), NOW)
    assert (source.link, source.filter) == (link, english)
    assert source.fingerprint == store.fingerprint


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("category=nope", "no category 'nope'.*identification-data"),
        ("colour=red", "no key colour"),
        ("severity=error", "no key severity"),
        ("limit=3", "no key limit"),
        ("nonsense", "not a URL's query"),
        ("sort=price", "no column price"),
        ("sort=vendor&sort=category", "sort is given 2 times"),
        ("desc=maybe", "desc holds 'maybe'"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(store: Store, link: str, message: str) -> None:
    """What is not understood is an error rather than a wider answer than was asked for."""
    with pytest.raises(UsageError, match=message):
        asked_rows(parse(link), store, "flows")


@pytest.mark.parametrize(("link", "message"), [("severity=fatal", "no severity 'fatal'"), ("rule=nope", "no rule 'nope'")])
def test_findings_have_keys_of_their_own(store: Store, link: str, message: str) -> None:
    """Severity and rule are keys of the findings, with values of their own."""
    assert {"severity", "rule"} <= set(table_keys("findings")) - set(table_keys("flows"))
    with pytest.raises(UsageError, match=message):
        asked_rows(parse(link), store, "findings")


@pytest.mark.parametrize("form", GRAPH_FORMATS)
def test_the_graph_in_every_format(store: Store, form: str) -> None:
    """The graph is written in each format, the same bytes each time, and a filter leaves out what it excludes."""
    whole = graph_file(store, Filter(), form)
    assert whole == graph_file(store, Filter(), form)
    assert b"Stripe" in whole and b"Sentry" in whole
    some = graph_file(store, asked_filter({"category": ["logs"]}, store), form)
    assert b"Stripe" not in some and b"Sentry" in some


def test_the_picture_says_what_it_shows(store: Store) -> None:
    """The SVG's description names the filter, the numbers and the register, for those who cannot see it."""
    root = ElementTree.fromstring(graph_file(store, asked_filter({"category": ["logs"]}, store), "svg"))
    words = next(element.text for element in root.iter() if element.tag.endswith("}desc")) or ""
    assert "Filter: Logs to every vendor" in words and "8 flows" in words and store.fingerprint in words


@pytest.mark.parametrize(
    ("form", "layers", "message"),
    [
        ("pdf", ("category", "vendor"), "no format pdf for the graph"),
        ("svg", ("category", "price"), "no layer called price"),
        ("svg", ("vendor",), "layers"),
    ],
)
def test_a_graph_that_cannot_be_had(store: Store, form: str, layers: tuple[str, ...], message: str) -> None:
    """An unknown format or layer of the graph is named."""
    with pytest.raises(UsageError, match=message):
        graph_file(store, Filter(), form, layers=layers)


def test_file_names_tell_registers_apart() -> None:
    """A download's name says what it holds and the start of the register's fingerprint."""
    assert file_name("flows", "csv", "0123456789abcdef") == "popmap-flows-01234567.csv"


def test_guard_is_what_csv_uses() -> None:
    """The golden file shows the guard where cells.guard gives one, and nowhere else."""
    kept = (GOLDEN / "table-csv.csv").read_bytes().decode()
    cells = [row[0] for row in csv.reader(io.StringIO(kept, newline=""))][1:]
    assert cells == [guard(name or "") for name in NAMES]


@pytest.mark.parametrize(
    "text", ["<r><t>rich</t></r>", "<r></r>", "<r><c r='A1'/></r>", "</t></is></c>", "_x0041_", " a ", "a\nb", "\x0b", "\ufffe"]
)
def test_no_text_is_markup_in_a_workbook(text: str):
    """A text that is SpreadsheetML, or reads as an escaped character, is that text in the cell."""
    table = labelled(pa.table({"name": pa.array([text, None, "next"], pa.string())}), {"name": "Name"})
    with zipfile.ZipFile(io.BytesIO(workbook.xlsx(table, ABOUT))) as found:
        sheet = ElementTree.fromstring(found.read("xl/worksheets/sheet1.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    cells = ["".join(cell.itertext()) for cell in sheet.iter(f"{space}c")]
    assert [re.sub(r"_x([0-9A-F]{4})_", lambda code: chr(int(code[1], 16)), cell) for cell in cells] == ["Name", text, "next"]
