"""The rows there are to edit: every cell as the register states it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from popmap.editing.edits import row_id
from popmap.filters import Filter
from popmap.numbering import columns
from popmap.register.schema import ACTIVITIES, CATEGORIES, FLOWS, VENDORS, Column, Table
from popmap.selection import select
from popmap.stated import cell
from popmap.store import Store
from popmap.tables import Ask, count, fetch

# In the order people fill them in: who and what first, then what goes where.
EDITABLE: tuple[Table, ...] = (VENDORS, CATEGORIES, FLOWS, ACTIVITIES)
# Tables whose rows people know by name; the key is made from it.
NAMED = frozenset({VENDORS, CATEGORIES, ACTIVITIES})
Rows = list[dict[str, str]]


def editable_columns(table: Table, *, internal: bool = True) -> tuple[Column, ...]:
    """Return the columns people fill in, in the model's order; a key that is made from the name is none.

    Args:
        table: The table.
        internal: Whether columns kept from outsiders are among them.
    """
    return tuple(one for one in table.columns if (internal or not one.internal) and (table not in NAMED or one.name not in table.key))


def asked_for(store: Store, table: Table, asked: Filter) -> frozenset[str]:
    """Return the columns of a table that the gaps of a filter are about."""
    about = store.query("SELECT code, column_name FROM rules WHERE table_name = $name", {"name": table.name})
    return frozenset(column for code, column in about if code in asked.gaps and column)


def behind(store: Store, table: Table, asked: Filter, most: int) -> tuple[Rows, int]:
    """Return the first rows of a table behind a filter, and how many there are in all.

    Args:
        store: The register.
        table: One of EDITABLE.
        asked: The filter.
        most: The most rows to return.
    """
    if table is FLOWS:
        found = select(store, asked)
        numbers = columns(store).row_no[found.first(most)]
        return _rows(store, table, "row_no IN (SELECT unnest($wanted))", [int(number) for number in np.asarray(numbers)]), len(found)
    ask = Ask(asked, limit=most)
    keys = fetch(store, table.name, ask, columns=table.key)[table.key[0]].to_pylist()
    return by_id(store, table, keys), count(store, table.name, ask)


def by_id(store: Store, table: Table, ids: Sequence[str]) -> Rows:
    """Return the rows of these ids that there are, in the register's order."""
    named = "concat_ws('/', category_id, vendor_id, coalesce(purpose, ''))" if table is FLOWS else "row_id"
    return _rows(store, table, f"{named} IN (SELECT unnest($wanted))", list(ids))


def inferred(store: Store, table: Table, rows: Rows) -> dict[str, frozenset[str]]:
    """Return by row id the columns that somebody concluded and no source states; rows without any are left out."""
    found: dict[str, set[str]] = {}
    wanted = [row_id(table, row) for row in rows]
    sql = 'SELECT row_id, "column" FROM evidence WHERE "table" = $name AND status = \'inferred\' AND row_id IN (SELECT unnest($wanted))'
    for key, column in store.query(sql, {"name": table.name, "wanted": wanted}) if wanted else ():
        found.setdefault(key, set()).add(column)
    return {key: frozenset(names) for key, names in found.items()}


def _rows(store: Store, table: Table, where: str, wanted: list[str] | list[int]) -> Rows:
    if not wanted:
        return []
    cells = ", ".join(f'{cell(table, one)} AS "{one.name}"' for one in table.columns)
    found = store.arrow(f"SELECT {cells} FROM {table.name} WHERE {where} ORDER BY row_no", {"wanted": wanted})
    return [{name: text or "" for name, text in row.items()} for row in found.to_pylist()]
