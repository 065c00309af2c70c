"""What changed between two states of a register: every row and cell of it, nothing else, and in words people use."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registers import Tables, columns_of, read, rows_of, tiny, write

from popmap.differences import Change, Difference, counts, differences, setting_differences
from popmap.register.schema import BY_NAME
from popmap.stated import stated_tables


def state(tables: Tables) -> dict[str, pa.Table]:
    """Return a register's rows as tables."""
    return {
        name: pa.table({column: pa.array([row.get(column) or None for row in rows], pa.string()) for column in columns_of(name, rows)})
        for name, rows in tables.items()
    }


def changed(edit) -> list[str]:
    """Return in words what an edit of the tiny register changes."""
    tables = tiny()
    edit(tables)
    return [str(one) for one in differences(state(tiny()), state(tables))]


def _vendor(tables: Tables, **cells: str) -> None:
    tables["vendors"][0] |= cells


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda _: None, []),
        (lambda tables: tables["vendors"].append({"vendor_id": "kombo", "name": "Kombo"}), ["Added vendor Kombo"]),
        (lambda tables: tables["vendors"].append({"vendor_id": "kombo"}), ["Added vendor kombo"]),
        (lambda tables: tables["categories"].pop(), ["Removed category Source code"]),
        (lambda tables: tables["vendors"][1].update(country="DE"), ["Vendor Mailer: country not stated → DE"]),
        (lambda tables: _vendor(tables, country=""), ["Vendor Sentry: country US → not stated"]),
        (
            lambda tables: _vendor(tables, role="sub-processor", legal_name="S Inc"),
            ["Vendor Sentry: legal name not stated → S Inc; role processor → sub-processor"],
        ),
        (lambda tables: _vendor(tables, name="Zentry"), ["Vendor Zentry: name Sentry → Zentry"]),
        (
            lambda tables: tables["flows"][0].update(purpose="To mend bugs"),
            ["Flow Logs → Sentry (To mend bugs): purpose To find bugs → To mend bugs"],
        ),
        (lambda tables: tables["flows"].pop(4), ["Removed flow Identité → Courier"]),
        (
            lambda tables: tables["flows"].extend(
                [{"category_id": "logs", "vendor_id": "sentry", "purpose": text} for text in ("To bill", "To play")]
            ),
            ["Added flow Logs → Sentry (To bill)", "Added flow Logs → Sentry (To play)"],
        ),
        (
            lambda tables: tables["activities"][1].update(reviewed_on="2026-11-01"),
            ["Processing activity News: reviewed on 2026-01-31 → 2026-11-01"],
        ),
        (
            lambda tables: tables["evidence"].pop(5),
            ["Removed evidence for vendors, sentry, name: Sentry"],
        ),
        (lambda tables: tables["aliases"].append({"kind": "vendor", "alias": "S", "id": "sentry"}), ["Added other spelling vendor / S"]),
        (lambda tables: _vendor(tables, mood="good"), ["Vendor Sentry: mood not stated → good"]),
        (lambda tables: [rows.reverse() for rows in tables.values()], []),
        (lambda tables: _vendor(tables, notes="x" * 500), [f"Vendor Sentry: notes not stated → {'x' * 119}…"]),
    ],
)
def test_in_words(edit, expected: list[str]):
    """Each kind of change is told in one line: what, of which row, from what to what; the order of rows is no change."""
    assert changed(edit) == expected


def test_purposes_of_several_flows():
    """Where several flows between the same ends come and go, none is called the other's successor: that would be a guess."""
    before, after = tiny(), tiny()
    before["flows"].append({"category_id": "logs", "vendor_id": "sentry", "purpose": "To count"})
    for flow in (after["flows"][0], after["flows"].append({"category_id": "logs", "vendor_id": "sentry", "purpose": "B"}) or {}):
        flow.update(purpose="A")
    found = differences(state(before), state(after))
    assert counts(found) == {Change.ADDED: 2, Change.REMOVED: 2, Change.CHANGED: 0}


def test_a_public_copy_is_compared_in_what_it_shows():
    """Columns that one state leaves out are not compared; those that a state of the same register added are."""
    before, after = tiny(), tiny()
    _vendor(after, notes="secret", country="FR")
    public = {name: table.drop_columns([c for c in ("notes", "owner") if c in table.column_names]) for name, table in state(before).items()}
    assert [str(one) for one in differences(public, state(after))] == ["Vendor Sentry: country US → FR"]


def test_rows_without_a_key_that_repeat():
    """Of rows that are the same several times, each counts."""
    before, after = tiny(), tiny()
    after["evidence"] += [dict(after["evidence"][0])] * 2
    assert [one.change for one in differences(state(before), state(after))] == [Change.ADDED] * 2


def test_a_table_that_is_new():
    """All rows of a table that only one state has are added, or removed."""
    before = tiny()
    without = {name: rows for name, rows in deepcopy(before).items() if name != "aliases"}
    assert counts(differences(state(without), state(before)))[Change.ADDED] == 2
    assert counts(differences(state(before), state(without)))[Change.REMOVED] == 2


def test_settings():
    """What is said once is compared by name, and what is missing counts as not stated."""
    found = setting_differences({"title": "One", "contact": "a"}, {"title": "Two", "address": "b"})
    assert [str(cell) for cell in found] == ["title One → Two", "contact a → not stated", "address not stated → b"]


def _applied(before: list[dict[str, str]], found: list[Difference], key: str, after: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    rows = {row[key]: {name: cell for name, cell in row.items() if cell} for row in before}
    new = {row[key]: row for row in after}
    for one in found:
        if one.change is Change.REMOVED:
            del rows[one.row_id]
        elif one.change is Change.ADDED:
            assert one.row_id not in rows
            rows[one.row_id] = {name: cell for name, cell in new[one.row_id].items() if cell}
        else:
            for cell in one.cells:
                assert rows[one.row_id].get(cell.column, "") == cell.before
                rows[one.row_id] |= {cell.column: cell.after}
    return {place: {name: cell for name, cell in row.items() if cell} for place, row in rows.items()}


@given(st.data())
def test_differences_lead_from_one_to_the_other(data: st.DataObject):
    """Applied to the earlier state, the differences give the later one; the other way round, they are the opposite."""
    columns = [column.name for column in BY_NAME["vendors"].columns[:8]]
    before, after = (data.draw(rows_of("vendors", columns)) for _ in range(2))
    states = [state({"vendors": rows}) for rows in (before, after)]
    found = differences(*states)
    expected = {row["vendor_id"]: {name: cell for name, cell in row.items() if cell} for row in after}
    assert _applied(before, found, "vendor_id", after) == expected
    back = differences(*reversed(states))
    assert counts(back)[Change.ADDED] == counts(found)[Change.REMOVED] and len(back) == len(found)


@settings(max_examples=5)
@given(st.data())
def test_registers_on_disk(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject):
    """Two folders are the same to it exactly when their rows are, in CSV and Parquet alike."""
    rows = data.draw(rows_of("vendors", ["vendor_id", "name", "country", "certifications"]))
    tables = tiny() | {"vendors": rows}
    folders: list[Path] = [tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("other")]
    stores = [read(write(folder, tables, parquet=bool(number))) for number, folder in enumerate(folders)]
    assert stores[0].fingerprint == stores[1].fingerprint
    assert differences(*(stated_tables(store) for store in stores)) == []
