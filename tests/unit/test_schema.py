"""The schema says everything the other rooms need, and says it consistently."""

from __future__ import annotations

import pytest

from popmap.register.faults import KINDS
from popmap.register.schema import BY_NAME, TABLES, Column, Kind, Table, dictionary

COLUMNS = [(table, column) for table in TABLES for column in table.columns]


def named(value: object) -> str:
    return value.name if isinstance(value, (Table, Column)) else ""


@pytest.mark.parametrize("table", TABLES, ids=named)
def test_names_are_unique(table: Table):
    """No two columns of a table share a name, not even in another case, because databases and spreadsheets would mix them up."""
    names = [column.name.lower() for column in table.columns]
    assert len(names) == len(set(names))
    assert names == [column.name for column in table.columns]


@pytest.mark.parametrize("table", TABLES, ids=named)
def test_keys_are_columns(table: Table):
    """Every key column is a column, and an optional one is part of the key."""
    assert {*table.key, *table.optional_key} <= {column.name for column in table.columns}
    assert set(table.optional_key) < set(table.key) or not table.optional_key


@pytest.mark.parametrize("table", TABLES, ids=named)
def test_only_the_last_key_cell_may_hold_a_slash(table: Table):
    """A row id is unambiguous: every key cell but the last is a slug or a choice."""
    assert all(table.column(name).kind in (Kind.SLUG, Kind.CHOICE) for name in table.key[:-1])


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=named)
def test_columns_hold_together(table: Table, column: Column):
    """A column has choices exactly when it is a choice, and refers to a register table that comes before, or to a reference table."""
    assert bool(column.choices) == (column.kind is Kind.CHOICE)
    assert len(set(column.choices)) == len(column.choices)
    assert all(choice and ";" not in choice for choice in column.choices)
    if column.references in BY_NAME:
        assert TABLES.index(BY_NAME[column.references]) < TABLES.index(table)
    else:
        assert column.references in ("", "sources", "data_categories", "data_uses")
    assert column.meaning.endswith(".")


def test_the_dictionary_names_every_column():
    """The data dictionary for the README holds each table once and each column's line, with its allowed values."""
    text = dictionary()
    for table in TABLES:
        section = text.split(f"**{table.name}**: ")[1].split("\n\n**")[0]
        for column in table.columns:
            (line,) = [line for line in section.split("\n") if line.startswith(f"| `{column.name}`")]
            assert all(choice in line for choice in column.choices) and column.meaning in line
            assert line.count("|") == 4, "a cell of the table would be split"
            assert ("(key)" in line) == (column.name in table.key)


def test_an_unknown_column_is_a_key_error():
    """Asking a table for a column it lacks fails at once instead of returning something."""
    with pytest.raises(KeyError):
        TABLES[0].column("nonsense")


@pytest.mark.parametrize("code", KINDS)
def test_fault_kinds_say_what_to_do(code: str):
    """Every fault has a known severity, a phrase without a full stop and a hint that is a sentence, and uses known places only."""
    kind = KINDS[code]
    assert kind.severity in ("error", "warning", "note")
    assert kind.message and not kind.message.endswith(".") and kind.hint.endswith(".")
    for text in (kind.message, kind.hint):
        left = text.replace("{column}", "").replace("{value}", "").replace("{more}", "")
        assert "{" not in left and "}" not in left
