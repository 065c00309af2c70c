"""Loading: the same content gives the same store, whatever its form; every fault has its place, and size changes nothing."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registers import (
    DAY,
    TITLE,
    Tables,
    cells,
    columns_of,
    csv_text,
    faults,
    loaded,
    parquet_table,
    read,
    registers,
    tiny,
    with_flow,
    write,
)

from popmap.filters import BY_KEY, Filter
from popmap.register import loading
from popmap.register.faults import NAMED_ROWS
from popmap.register.schema import BY_NAME, TABLES
from popmap.store import Store
from popmap.tables import Ask, count, fetch
from popmap.views import VIEWS

# -- the fingerprint -------------------------------------------------------------------------------------------------


def fingerprint(folder: Path) -> str:
    """Return a register folder's fingerprint."""
    return loaded(folder).fingerprint


def shuffled(tables: Tables, seed: int) -> Tables:
    """Return a register with its rows in another order."""
    return {name: random.Random(seed).sample(rows, len(rows)) for name, rows in tables.items()}


@given(registers(max_size=4), st.integers(0, 9))
@settings(max_examples=6)
def test_the_form_does_not_matter(tmp_path_factory: pytest.TempPathFactory, tables: Tables, seed: int):
    """CSV, Parquet, another order of rows, of columns, another delimiter and encoding: one fingerprint, one store."""
    folder = tmp_path_factory.mktemp("form")
    plain = read(write(folder / "csv", tables))
    rows = {table.name: plain.query(f"SELECT * FROM {table.name} ORDER BY row_no") for table in TABLES}
    plain.close()
    forms = {
        "parquet": write(folder / "parquet", tables, parquet=True),
        "semicolon": write(folder / "semicolon", tables, encoding="utf-8-sig", delimiter=";"),
        "tab": write(folder / "tab", tables, encoding="utf-16", delimiter="\t", newline="\r\n"),
    }
    for name, form in forms.items():
        other = read(form)
        assert other.fingerprint == plain.fingerprint, name
        for table in TABLES:
            assert other.query(f"SELECT * FROM {table.name} ORDER BY row_no") == rows[table.name], (name, table.name)
        other.close()
    assert fingerprint(write(folder / "shuffled", shuffled(tables, seed))) == plain.fingerprint
    (folder / "columns").mkdir()
    (folder / "columns" / "register.toml").write_text(TITLE, encoding="utf-8")
    for name, rows in tables.items():
        columns = random.Random(seed).sample(columns_of(name, rows), len(columns_of(name, rows)))
        if name == "flows":
            pq.write_table(parquet_table(name, rows, columns), folder / "columns" / f"{name}.parquet")
        else:
            (folder / "columns" / f"{name}.csv").write_text(csv_text(rows, columns), encoding="utf-8", newline="")
    assert fingerprint(folder / "columns") == plain.fingerprint


@given(st.sampled_from(list(BY_NAME)), st.data())
@settings(max_examples=20)
def test_every_changed_cell_changes_the_fingerprint(tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject):
    """Change any one cell, to anything or to nothing, and the fingerprint is another."""
    whole = {name: [column.name for column in BY_NAME[name].columns]}
    tables = data.draw(registers(whole, max_size=3).filter(lambda tables: bool(tables[name])))
    at = data.draw(st.integers(0, len(tables[name]) - 1))
    column = data.draw(st.sampled_from(columns_of(name, tables[name])))
    before = tables[name][at].get(column, "")
    after = data.draw(st.sampled_from(["", "changed", f"{before}x", "a;b", "x;;x"]))
    changed = {**tables, name: [*tables[name][:at], {**tables[name][at], column: after}, *tables[name][at + 1 :]]}
    found = BY_NAME[name].column(column)
    folder = tmp_path_factory.mktemp("cell")
    same = canonical(before, found.many) == canonical(after, found.many)
    assert (fingerprint(write(folder / "before", tables)) == fingerprint(write(folder / "after", changed))) == same


def canonical(text: str, many: bool) -> str:
    """Return a cell's text as far as these tests vary it."""
    return ";".join(item.strip() for item in text.split(";") if item.strip()) if many else text.strip()


def test_a_missing_column_is_an_empty_column(tmp_path: Path):
    """A file without a column says the same as a file with the column empty; a missing table says the same as one without rows."""
    tables = tiny()
    whole = fingerprint(write(tmp_path / "whole", tables))
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "register.toml").write_text(TITLE, encoding="utf-8")
    for name, rows in tables.items():
        stated = sorted({column for row in rows for column in row})
        (tmp_path / "part" / f"{name}.csv").write_text(csv_text(rows, stated), encoding="utf-8")
    assert fingerprint(tmp_path / "part") == whole
    one, other = {**tiny(), "aliases": []}, tiny()
    del other["aliases"]
    assert fingerprint(write(tmp_path / "one", one)) == fingerprint(write(tmp_path / "other", other)) != whole


def test_cells_do_not_run_together(tmp_path: Path):
    """Text moved from one cell to the next, or from one row to another, is a change."""
    marks = set()
    for number, rows in enumerate(
        [
            [("a", "x", "")],
            [("a", "", "x")],
            [("a", "x", "x")],
            [("a", "", "")],
            [("a", "x\u001fx", "")],
            [("a", "x", ""), ("b", "", "y")],
            [("a", "", "y"), ("b", "x", "")],
        ]
    ):
        marks.add(
            fingerprint(
                write(tmp_path / str(number), {"categories": [{"category_id": a, "name": b, "description": c} for a, b, c in rows]})
            )
        )
    assert len(marks) == 7


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"x": "1"}, {"x": "2"}),
        ({"x": "1"}, {"y": "1"}),
        ({"x": "1"}, {}),
        ({"x": "1", "y": ""}, {"x": "", "y": "1"}),
        ({"x": "1'}, {'key': y, 'value': 2"}, {"x": "1", "y": "2"}),
        ({"x": "1\x1d2"}, {"x": "1", "y": "2"}),
        ({"x": "a, b"}, {"x": "a", "y": "b"}),
    ],
)
def test_extra_cells_count(tmp_path: Path, one: dict[str, str], other: dict[str, str]):
    """The cells of columns the model does not know are part of the content, each under its own column."""
    marks = [
        fingerprint(write(tmp_path / str(at), {"categories": [{"category_id": "a", **extra}]})) for at, extra in enumerate((one, other))
    ]
    assert marks[0] != marks[1]


def test_the_order_of_extra_columns_does_not_count(tmp_path: Path):
    """Extra columns may stand in any order, in CSV and in Parquet."""
    rows = [{"category_id": "a", "x": "1", "y": "2"}, {"category_id": "b", "y": "3"}]
    other = [{"category_id": "a", "y": "2", "x": "1"}, {"category_id": "b", "y": "3"}]
    marks = {
        fingerprint(write(tmp_path / "one", {"categories": rows})),
        fingerprint(write(tmp_path / "two", {"categories": other})),
        fingerprint(write(tmp_path / "three", {"categories": other}, parquet=True)),
    }
    assert len(marks) == 1


def test_settings_count(tmp_path: Path):
    """What register.toml says is part of the content; how it is written is not."""
    one, same, other = (
        fingerprint(write(tmp_path / str(number), tiny(), toml=toml))
        for number, toml in enumerate(
            ["title = 'x'\nreview_period_days = 9", 'review_period_days=9\ntitle = "x"', "title = 'y'\nreview_period_days = 9"]
        )
    )
    assert one == same != other


# -- faults ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("parquet", [False, True], ids=["csv", "parquet"])
def test_every_fault_at_once(tmp_path: Path, parquet: bool):
    """One register with every kind of bad cell, in both forms: each fault at its place, and every row that has a key is there."""
    tables = tiny()
    tables["categories"].append({"category_id": "Bad Key", "personal": "perhaps", "taxonomy_keys": "user;nonsense", "notes": "a\x07b"})
    tables["vendors"].append(
        {
            "vendor_id": "odd",
            "role": "friend",
            "country": "Atlantis",
            "website": "ftp://x",
            "added_on": "yesterday",
            "notes": "y" * 40_000,
            "status": "ACTIVE",
        }
    )
    tables["flows"].append({"category_id": "ghost", "vendor_id": "odd", "purpose": "p", "locations": "FR;ZZ", "legal_basis": "habit"})
    tables["flows"].append({"category_id": "logs", "vendor_id": "sentry", "purpose": "To find bugs"})
    tables["flows"].append({"purpose": "nobody's"})
    name = "parquet" if parquet else "csv"
    store = read(write(tmp_path, tables, parquet=parquet))
    assert sorted(
        (fault.code, fault.file.removesuffix(f".{name}"), fault.row, fault.column, fault.value[:9]) for fault in faults(store)
    ) == [
        ("cell-long", "vendors", 6, "notes", "yyyyyyyyy"),
        ("control-character", "categories", 5, "notes", "a\ufffdb"),
        ("dangling-reference", "categories", 5, "taxonomy_keys", "nonsense"),
        ("dangling-reference", "flows", 8, "category_id", "ghost"),
        ("duplicate-key", "flows", 9, "", "logs/sent"),
        ("invalid-country", "flows", 8, "locations", "ZZ"),
        ("invalid-country", "vendors", 6, "country", "Atlantis"),
        ("invalid-date", "vendors", 6, "added_on", "yesterday"),
        ("invalid-link", "vendors", 6, "website", "ftp://x"),
        ("invalid-slug", "categories", 5, "category_id", "Bad Key"),
        ("missing-key", "flows", 10, "category_id", ""),
        ("value-not-allowed", "categories", 5, "personal", "perhaps"),
        ("value-not-allowed", "flows", 8, "legal_basis", "habit"),
        ("value-not-allowed", "vendors", 6, "role", "friend"),
        ("value-not-allowed", "vendors", 6, "status", "ACTIVE"),
    ]
    assert store.counts == {"categories": 4, "vendors": 5, "activities": 2, "evidence": 6, "aliases": 2, "answers": 0, "flows": 7}
    assert cells(store, "vendors", "role", "country", "added_on")[-1] == ("friend", "Atlantis", "yesterday")
    table = {(code, row) for code, row in store.query("SELECT code, row_no FROM faults")}
    assert table == {(fault.code, fault.row) for fault in store.faults}


def test_a_fault_of_the_whole_column_is_named_and_counted(tmp_path: Path):
    """Of a fault in more rows than anybody reads, the first two hundred are named and the others counted."""
    tables = {"categories": [{"category_id": f"c-{number}", "personal": "maybe"} for number in range(NAMED_ROWS + 1_050)]}
    store = read(write(tmp_path, tables))
    named = faults(store, "value-not-allowed")
    assert [fault.row for fault in named] == list(range(2, NAMED_ROWS + 2))
    (more,) = faults(store, "and-more")
    assert (more.row, more.column, more.value, more.more, more.message) == (
        None,
        "personal",
        "1,050",
        "value-not-allowed",
        "1,050 more rows have this fault",
    )


@pytest.mark.parametrize("column", ["category_id", "vendor_id"])
def test_many_dangling_references_are_counted(tmp_path: Path, column: str):
    """A flows table whose other half is missing says so two hundred times and then counts."""
    other = {"category_id": "vendor_id", "vendor_id": "category_id"}[column]
    rows = [{column: f"k-{number}", other: "a", "purpose": "p"} for number in range(NAMED_ROWS + 7)]
    tables: Tables = {"flows": rows, "vendors": [{"vendor_id": "a"}], "categories": [{"category_id": "a"}]}
    store = read(write(tmp_path, tables))
    assert len(faults(store, "dangling-reference")) == NAMED_ROWS
    assert [(fault.column, fault.value, fault.more) for fault in faults(store, "and-more")] == [(column, "7", "dangling-reference")]


# -- more distinct values than are coded -----------------------------------------------------------------------------


def everything(store: Store) -> dict[str, list[dict]]:
    """Return all views of a store, and what one filter of each facet leaves of the flows."""
    shown = {name: fetch(store, name, Ask()).to_pylist() for name in VIEWS}
    for facet, values in store.known.items():
        for key in values:
            shown[f"{facet}={key}"] = fetch(store, "flows", Ask(filter=chosen(facet, key))).to_pylist()
    return shown


def chosen(facet: str, key: str) -> Filter:
    """Return the filter of one value."""
    return Filter().having(BY_KEY[facet], [key])


@pytest.mark.parametrize("most", [0, 1, 2, 3], ids=lambda most: f"at most {most}")
def test_plain_text_columns_answer_as_coded_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int):
    """Columns with too many values to be coded are slower and nothing else: the same faults, tables, filters and fingerprint."""
    tables = with_flow(
        purpose=" padded ", locations="FR; US", legal_basis="habit", data_use="no.such", transfer_checked_on="soon", notes="'=x"
    )
    tables["flows"].append({"category_id": "ghost", "vendor_id": "nobody", "purpose": "a\x07b"})
    tables["flows"].append({"category_id": "Bad Key", "vendor_id": "sentry", "purpose": "\u00a0To find bugs"})
    folder = write(tmp_path, tables)
    coded = read(folder)
    monkeypatch.setattr(loading, "MOST_DISTINCT", most)
    plain = read(folder)
    types = {name: kind for name, kind, *_ in plain.query("DESCRIBE flows")}
    assert types["category_id"] == types["vendor_id"] == types["purpose"] == "VARCHAR"
    assert plain.fingerprint == coded.fingerprint
    assert sorted(map(str, plain.faults)) == sorted(map(str, coded.faults)) and len(coded.faults) > 7
    assert plain.known == coded.known
    assert everything(plain) == everything(coded)


def test_more_than_sixty_five_thousand_purposes(tmp_path: Path):
    """With 65,537 different purposes, faults and dangling references are still found and single flows still filtered."""
    rows = [{"category_id": "a", "vendor_id": "v", "purpose": f"Purpose {number}"} for number in range(loading.MOST_DISTINCT)]
    rows.append({"category_id": "gone", "vendor_id": "v", "purpose": "To be the last one ", "legal_basis": "habit"})
    store = read(write(tmp_path, {"categories": [{"category_id": "a"}], "vendors": [{"vendor_id": "v"}], "flows": rows}))
    assert {name: kind for name, kind, *_ in store.query("DESCRIBE flows")}["purpose"] == "VARCHAR"
    last = loading.MOST_DISTINCT + 2
    assert [(fault.code, fault.row, fault.column, fault.value) for fault in faults(store)] == [
        ("value-not-allowed", last, "legal_basis", "habit"),
        ("dangling-reference", last, "category_id", "gone"),
    ]
    asked = Filter(text="the last one")
    assert count(store, "flows", Ask(filter=asked)) == 1
    assert fetch(store, "flows", Ask(filter=asked)).to_pylist()[0]["purpose"] == "To be the last one"
    assert len(store.known["purpose"]) == 5_000


# -- what follows from the cells -------------------------------------------------------------------------------------


def flow_column(tmp_path: Path, column: str, tables: Tables, as_of=DAY) -> list:
    """Return a derived column of every flow."""
    return [value for (value,) in cells(read(write(tmp_path, tables), as_of), "flows", f"{column}::VARCHAR")]


TRANSFERS = [
    # locations, mechanism, state
    ("", "", "location-not-stated"),
    ("", "standard-contractual-clauses", "location-not-stated"),
    ("FR", "", "inside-eea"),
    ("FR;DE;NO;IS;LI", "", "inside-eea"),
    ("FR", "none", "inside-eea"),
    # An outermost region is part of the Union, and stated as itself.
    ("RE", "", "inside-eea"),
    ("CH", "", "adequacy"),
    ("CH", "none", "adequacy"),
    ("GB", "standard-contractual-clauses", "adequacy"),
    ("FR;CH", "", "adequacy"),
    ("IN", "", "no-mechanism"),
    ("IN", "none", "no-mechanism"),
    ("IN", "adequacy", "no-mechanism"),
    ("IN", "data-privacy-framework", "no-mechanism"),
    ("IN", "standard-contractual-clauses", "safeguards"),
    ("IN", "binding-corporate-rules", "safeguards"),
    ("IN", "code-of-conduct", "safeguards"),
    ("IN", "certification", "safeguards"),
    ("IN", "derogation", "safeguards"),
    # A word that is no mechanism is a fault, and no safeguard.
    ("IN", "privacy-shield", "no-mechanism"),
    ("IN", "tbd", "no-mechanism"),
    # Canada's decision covers commercial organisations: only a flow that states it rests on it does.
    ("CA", "", "no-mechanism"),
    ("CA", "adequacy", "adequacy"),
    ("CA", "data-privacy-framework", "no-mechanism"),
    ("CA", "standard-contractual-clauses", "safeguards"),
    # The United States': participants of the Data Privacy Framework.
    ("US", "", "no-mechanism"),
    ("US", "data-privacy-framework", "adequacy"),
    ("US", "adequacy", "adequacy"),
    ("US", "standard-contractual-clauses", "safeguards"),
    ("FR;US", "", "no-mechanism"),
    ("FR;US", "data-privacy-framework", "adequacy"),
    ("CH;US", "data-privacy-framework", "adequacy"),
    ("CA;US", "adequacy", "adequacy"),
    ("CA;US", "data-privacy-framework", "no-mechanism"),
    ("IN;US", "data-privacy-framework", "no-mechanism"),
    ("IN;US", "standard-contractual-clauses", "safeguards"),
    ("IN;FR", "", "no-mechanism"),
    # What is not a country says nothing about the place.
    ("XX", "", "location-not-stated"),
    ("FR;XX", "", "location-not-stated"),
    ("XX", "standard-contractual-clauses", "location-not-stated"),
    ("fr; ch", "", "adequacy"),
]


def test_transfer_states(tmp_path: Path):
    """Each list of countries and mechanism amounts to the state Chapter V gives it, on a day all decisions are in force."""
    tables = tiny()
    tables["flows"] = [
        {"category_id": "logs", "vendor_id": "sentry", "purpose": f"p{at}", "locations": places, "transfer_mechanism": mechanism}
        for at, (places, mechanism, _) in enumerate(TRANSFERS)
    ]
    states = flow_column(tmp_path, "transfer_state", tables)
    assert list(zip(*list(zip(*TRANSFERS, strict=True))[:2], states, strict=True)) == TRANSFERS


@pytest.mark.parametrize(
    ("day", "place", "mechanism", "state"),
    [
        ("2021-06-27", "GB", "", "no-mechanism"),
        ("2021-06-28", "GB", "", "adequacy"),
        ("2031-12-27", "GB", "", "adequacy"),
        ("2031-12-28", "GB", "", "no-mechanism"),
        ("2031-12-28", "GB", "standard-contractual-clauses", "safeguards"),
        ("2023-07-09", "US", "data-privacy-framework", "no-mechanism"),
        ("2023-07-10", "US", "data-privacy-framework", "adequacy"),
        ("2026-01-25", "BR", "", "no-mechanism"),
        ("2026-01-26", "BR", "", "adequacy"),
    ],
)
def test_adequacy_is_dated(tmp_path: Path, day: str, place: str, mechanism: str, state: str):
    """A decision counts from the day it takes effect to the day it ends, both included."""
    tables = with_flow(purpose="p", locations=place, transfer_mechanism=mechanism)
    assert flow_column(tmp_path, "transfer_state", tables, date.fromisoformat(day))[-1] == state


def test_evidence_status(tmp_path: Path):
    """A flow rests on the strongest evidence for its key cells or for the row as a whole; evidence of other cells or rows is none."""
    assert flow_column(tmp_path, "evidence_status", tiny()) == ["confirmed", "inferred", "none", "none", "stated", "none"]


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ({"row_id": "source-code/courier/p/q", "status": "stated"}, "stated"),
        ({"row_id": " source-code/courier/p/q ", "status": "inferred", "column": "vendor_id"}, "inferred"),
        ({"row_id": "source-code/courier/p", "status": "stated"}, "none"),
        ({"row_id": "source-code/courier", "status": "stated"}, "none"),
        ({"row_id": "source-code/courier/", "status": "stated"}, "none"),
        ({"row_id": "source-code", "status": "stated"}, "none"),
        ({"row_id": "", "status": "stated"}, "none"),
        ({"row_id": "source-code/courier/p/q", "status": "stated", "column": "legal_basis"}, "none"),
        ({"row_id": "source-code/courier/p/q", "status": ""}, "none"),
        ({"row_id": "source-code/courier/p/q", "status": "guessed"}, "none"),
        ({"row_id": "source-code/courier/p/q", "status": "stated", "table": "vendors"}, "none"),
        ({"row_id": "source-code/courier/p/q", "status": "stated", "table": "no such table"}, "none"),
    ],
)
def test_what_is_evidence_for_a_flow(tmp_path: Path, row: dict[str, str], status: str):
    """Only evidence that names this very flow counts, also when its purpose holds the separator of row ids."""
    tables = with_flow(purpose="p/q")
    tables["evidence"].append({"table": "flows", **row})
    assert flow_column(tmp_path, "evidence_status", tables)[-1] == status


def test_evidence_for_another_purpose_is_none_for_no_purpose(tmp_path: Path):
    """Evidence that misspells a purpose proves nothing about the flow without a purpose, and never doubles it."""
    tables = with_flow()
    tables["evidence"] += [
        {"table": "flows", "row_id": f"source-code/courier/{purpose}", "status": status}
        for purpose, status in (("A misspelt purpose", "stated"), ("Another", "confirmed"))
    ]
    store = read(write(tmp_path, tables))
    assert cells(store, "flows", "evidence_status")[-1] == ("none",)
    assert store.counts["flows"] == len(tables["flows"]) == 7


def test_location_sets_hold_each_country_once(tmp_path: Path):
    """A country stated twice in a cell counts once."""
    store = read(write(tmp_path, with_flow(purpose="p", locations="IN;FR;IN")))
    assert ("IN;FR;IN", ["FR", "IN"]) in store.query("SELECT locations::VARCHAR, countries FROM location_sets")
    assert store.known["country"]["IN"].flows == 2
