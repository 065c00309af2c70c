"""popmap's own exports brought back: what is exported, imported into an empty register and exported again is the same."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from awkward import LISTED, awkward, opened
from hypothesis import example, given, settings
from registers import Tables, read, tiny, write
from renderings_sample import sample

from popmap.checks.run import open_checked
from popmap.exports.about import about
from popmap.exports.files import FORMATS, rows, table_file
from popmap.exports.xlsx import workbook
from popmap.importing.listing import read_list
from popmap.importing.merging import merged
from popmap.importing.model import Known, Reading, Status
from popmap.importing.own import COUNTED
from popmap.lists.decisions import Decisions
from popmap.lists.planning import Plan, apply, by_table, document, plan
from popmap.lists.register import read_register, source_of
from popmap.opened import BUNDLED
from popmap.register.saving import Author
from popmap.store import Store
from popmap.tables import Ask, fetch
from popmap.views import VIEWS

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
# -- there and back --------------------------------------------------------------------------------------------------


def brought(folder: Path, files: Sequence[tuple[str, bytes]]) -> Store:
    """Return a register of nothing but what these files say, each brought in as its own source."""
    tables: Mapping[str, Sequence[dict[str, str]]] = {}
    for name, data in files:
        known = Known({row["vendor_id"]: row.get("name", "") for row in tables.get("vendors", ())})
        known = Known(known.vendors, {row["category_id"]: row.get("name", "") for row in tables.get("categories", ())})
        reading = read_list(data, name, known, source=name)
        assert not reading.questions and bool(reading.refusals) <= (not reading.records), "only a table without a row is refused"
        done = merged(tables, by_table(reading.rows), name)
        assert not done.contradictions
        again = merged(done.tables, by_table(reading.rows), name)
        assert by_content(again.tables) == by_content(done.tables), "the same list again changes nothing"
        tables = done.tables
    return opened(folder, tables)


def by_content(tables: Mapping[str, Sequence[Mapping[str, str]]]) -> dict[str, list[dict[str, str]]]:
    """Return tables without what is blank in them."""
    return {name: [{column: cell for column, cell in row.items() if cell} for row in found] for name, found in tables.items() if found}


def compared(store: Store, *, internal: bool) -> dict[str, list[dict[str, object]]]:
    """Return the rows of all tables without the columns that cannot come back."""
    shown = {}
    for name in LISTED:
        table = fetch(store, name, Ask(), internal=internal)
        table = table.select([column for column in table.column_names if (name, column) not in COUNTED])
        shown[name] = table.to_pylist()
    return shown


def there_and_back(tables: Tables, *, internal: bool) -> Iterator[tuple[str, object, object]]:
    """Yield what a register's tables show before and after, for each format."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = opened(folder / "before", tables)
        before = compared(store, internal=internal)
        for form in FORMATS:
            files = [(f"{view}.{form}", table_file(store, view, Ask(), form, AT, internal=internal)) for view in LISTED]
            yield form, before, compared(brought(folder / form, files), internal=internal)


@pytest.mark.parametrize("internal", [True, False])
@pytest.mark.parametrize("tables", [tiny(), sample()], ids=["tiny", "sample"])
def test_the_same_rows(tables: Tables, internal: bool):
    """Export, import, export gives the same rows in each format, internal columns only where the export has them."""
    for form, before, after in there_and_back(tables, internal=internal):
        assert before == after, form


@given(tables=awkward())
@example(tables={"vendors": [{"vendor_id": "a", "name": "'=1\n+2"}], "categories": [], "flows": [], "activities": []})
@settings(max_examples=6)
def test_awkward_text(tables: Tables):
    """Quotes, line breaks, formulas, markup, other scripts and long texts come back as they were, in each format."""
    for form, before, after in there_and_back(tables, internal=True):
        assert before == after, form


# -- the whole way, and its edges ------------------------------------------------------------------------------------


def store_of(folder: Path, tables: Tables) -> Store:
    return read(write(folder / "register", tables))


def exported(store: Store, view: str, form: str = "json") -> bytes:
    return table_file(store, view, Ask(), form, AT)


def edited(data: bytes, number: int, **cells: str | None) -> bytes:
    """Return a JSON export with other cells in one row."""
    value = json.loads(data)
    value["rows"][number] |= cells
    return json.dumps(value).encode()


def cited(reading: Reading, table: str, column: str) -> list[tuple[str, str, str]]:
    found = [row for row in reading.rows.evidence if (row["table"], row["column"]) == (table, column)]
    return [(row["status"], row["locator"], row["quote"]) for row in found]


def test_a_workbook_of_all_tables(tmp_path: Path):
    """A workbook with a sheet for each table is one source; findings among them are refused, and nothing else is left out."""
    before = store_of(tmp_path, sample())
    sheets = {VIEWS[view].title: rows(before, view, Ask()) for view in (*VIEWS,)}
    data = workbook(sheets, about(before, "All tables", Ask(), AT))
    reading = read_list(data, "all-tables.xlsx")
    assert [one.reason[:18] for one in reading.refusals] == ["These are findings"]
    assert not reading.notes and {one.name for one in reading.tables} == {VIEWS[view].title for view in LISTED}
    done = merged({}, by_table(reading.rows), "")
    after = opened(tmp_path / "after", done.tables)
    assert compared(after, internal=True) == compared(before, internal=True)


def test_brought_in_as_any_list(tmp_path: Path):
    """The bundled register's exports start a register that exports the same; again, there is nothing to change."""
    before, folder = open_checked(BUNDLED), tmp_path / "after"
    for view in LISTED:
        data, name = exported(before, view, "csv"), f"{view}.csv"

        def planned(data: bytes = data, name: str = name) -> Plan:
            register = read_register(folder)
            return plan(register, document(data, name), data, source_of(register, name, data), Decisions())

        apply(planned(), Author("Ada"), "Brought back", AT)
        assert not planned().files
    assert compared(open_checked(folder), internal=True) == compared(before, internal=True)


@pytest.mark.parametrize("form", FORMATS)
def test_findings(tmp_path: Path, form: str):
    """An export of findings is refused as no list, and says so."""
    store = open_checked(write(tmp_path / "register", tiny()))
    reading = read_list(exported(store, "findings", form), f"findings.{form}")
    assert [one.reason.split(":")[0] for one in reading.refusals] == ["These are findings"] and not reading.records


@pytest.mark.parametrize(
    ("form", "place"), [("csv", "C2"), ("xlsx", "Flows!C2"), ("json", "rows[0].purpose"), ("parquet", "row 1, purpose")]
)
def test_places(tmp_path: Path, form: str, place: str):
    """Each cell's evidence names its place in the file, and what was marked as inferred is inferred."""
    tables = tiny()
    about_it = {"table": "flows", "row_id": "logs/sentry/To find bugs", "status": "inferred"}
    tables["evidence"] = [{**about_it, "column": "legal_basis"}, {**about_it, "column": "category_id"}]
    reading = read_list(exported(store_of(tmp_path, tables), "flows", form), f"flows.{form}")
    assert cited(reading, "flows", "purpose")[0] == ("stated", place, "To find bugs")
    assert [status for status, _, _ in cited(reading, "flows", "legal_basis")] == ["inferred", "stated", "stated", "stated"]
    assert [status for status, _, _ in cited(reading, "flows", "category_id")] == ["inferred"] + ["stated"] * 5


def test_blanks_stay_blank(tmp_path: Path):
    """What is not stated has no cell and no evidence; a key shown in a name's place is no name."""
    tables = {**tiny(), "vendors": [{"vendor_id": "sentry"}, {"vendor_id": "mailer", "name": "Mailer"}]}
    reading = read_list(exported(store_of(tmp_path, tables), "vendors"), "vendors.json")
    assert list(reading.rows.vendors) == [{"vendor_id": "sentry"}, {"vendor_id": "mailer", "name": "Mailer"}]
    assert {row["column"] for row in reading.rows.evidence} == {"vendor_id", "name"}


def test_flows_alone(tmp_path: Path):
    """Flows alone bring the names of their vendors and categories, as inferred; beside a register that has them they bring nothing."""
    data = exported(store_of(tmp_path, tiny()), "flows")
    alone = read_list(data, "flows.json")
    names = {row["vendor_id"]: row.get("name") for row in alone.rows.vendors}
    assert names == {"sentry": "Sentry", "mailer": "Mailer", "courier": "Courier"}
    assert {row["status"] for row in alone.rows.evidence if row["table"] != "flows"} == {Status.INFERRED}
    known = Known(dict.fromkeys(names, "Other name"), {"logs": "Logs", "identity": "I", "source-code": "S"})
    beside = read_list(data, "flows.json", known)
    assert not beside.rows.vendors and not beside.rows.categories and beside.rows.flows == alone.rows.flows


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"vendor_id": None}, "key of this row"),
        ({"vendor_id": "mailer"}, "same key"),
        ({"inferred": "role; legal_name"}, "marks legal_name as inferred"),
    ],
)
def test_what_is_left_out(tmp_path: Path, cells: dict[str, str | None], said: str):
    """A row without a key, a key that comes twice and a mark on a blank are left out, each with a note."""
    tables = tiny()
    data = edited(exported(store_of(tmp_path, tables), "vendors"), 0, **cells)
    reading = read_list(data, "vendors.json")
    assert [said in one.text for one in reading.notes] == [True]
    assert len(reading.records) == len(tables["vendors"]) - ("inferred" not in cells)


def test_cut_by_a_spreadsheet(tmp_path: Path):
    """A text that a spreadsheet had to cut is not stated as if it were whole, and a flow of a cut purpose is left out."""
    tables = tiny()
    tables["vendors"][0]["section"] = tables["flows"][0]["purpose"] = "x" * 40_000
    store = store_of(tmp_path, tables)
    vendors, flows = (read_list(exported(store, view, "xlsx"), f"{view}.xlsx") for view in ("vendors", "flows"))
    assert [one.code for one in vendors.notes] == ["cut-row"] and "section" not in vendors.rows.vendors[0]
    assert [one.code for one in flows.notes] == ["cut-row", "left-out"] and len(flows.rows.flows) == 5


def test_torn_rows():
    """A CSV row with a cell too many or too few is left out with a note; saved with semicolons it is read all the same."""
    data = b"vendor_id;name;inferred\na;A;\nb;B\n\nc;C;;\nd;D;name\n"
    reading = read_list(b"\xef\xbb\xbf" + data, "vendors.csv")
    assert [row["name"] for row in reading.rows.vendors] == ["A", "D"]
    assert [(one.code, one.locator) for one in reading.notes] == [("ragged-row", "A3"), ("ragged-row", "A5")]
    assert cited(reading, "vendors", "name") == [("stated", "B2", "A"), ("inferred", "B6", "D")]


@pytest.mark.parametrize(
    "data", [b"vendor_id,name\na,Acme Hosting\nb,Bolt Mail\n", b"vendor_id,name,inferred,country of birth\na,Acme,,FR\nb,Bolt,,FR\n"]
)
def test_other_lists(data: bytes):
    """A file with a column that popmap does not write, or without the mark of what is inferred, is read as any list."""
    assert {row["name"] for row in read_list(data, "vendors.csv").rows.vendors} <= {"Acme Hosting", "Bolt Mail", "Acme", "Bolt"}
    assert not any(row["locator"] == "A2" and row["column"] == "vendor_id" for row in read_list(data, "v.csv").rows.evidence)


def test_without_the_mark(tmp_path: Path):
    """An export whose column of inferred cells is gone comes back under its keys, every cell of it as inferred, and says so."""
    store = store_of(tmp_path, tiny())
    value = json.loads(exported(store, "vendors"))
    value["columns"] = [one for one in value["columns"] if one["name"] != "inferred"]
    for row in value["rows"]:
        del row["inferred"]
    reading = read_list(json.dumps(value).encode(), "vendors.json")
    assert {row["vendor_id"] for row in reading.rows.vendors} == {row["vendor_id"] for row in tiny()["vendors"]}
    assert {row["status"] for row in reading.rows.evidence} == {"inferred"}
    assert ["inferred" in one.text for one in reading.notes] == [True]


def test_headings_are_unlike():
    """No two columns of a table have one heading, so that a workbook's headings tell its columns."""
    for view in VIEWS.values():
        assert len({column.label for column in view.columns}) == len(view.columns)
