"""A table's cells into the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from popmap.register import arrow
from popmap.register.coding import PIECE_ROWS, Cells, Coded
from popmap.register.extracting import Cursor, literal, quoted
from popmap.register.schema import LIST_SEPARATOR, ROW_ID_SEPARATOR
from popmap.register.settings import Settings

# The table whose size matters; its columns are dictionary-coded.
CODED_TABLE = "flows"
_EXTRA = "MAP(VARCHAR, VARCHAR)"
_VIEW = "popmap_cells"
# Up to so many values are looked up by their place, which takes half as long as casting each cell; of more, longer.
_FEW_VALUES = 2_000


def create(cursor: Cursor, cells: Cells, most_distinct: int, derived: Mapping[str, Coded] | None = None) -> None:
    """Create a table of the database from a table's cells.

    Args:
        cursor: A cursor of the database.
        cells: The cells.
        most_distinct: A flows column with more texts than this is not dictionary-coded.
        derived: More columns of flows, each with all its values in their order; each becomes an enumeration `state_NAME`.
    """
    flows, columns = cells.table.name == CODED_TABLE, {**cells.columns, **(derived or {})}
    arrays = {name: column.arrow() for name, column in columns.items()}
    selects = ["row_no"]
    for name, column in columns.items():
        if flows and (name not in cells.columns or len(column.values) <= most_distinct):
            kind = f"code_{name}" if name in cells.columns else f"state_{name}"
            cursor.execute(f"CREATE TYPE {kind} AS ENUM ({_listed(column.values.to_pylist())})")
            expression = f"{quoted(name)}::{kind}"
            if 0 < len(column.values) <= _FEW_VALUES:
                # The place before the first is no place: the database makes it NULL, not stated.
                arrays[name], expression = arrow.numbers(column.codes), f"(enum_range(NULL::{kind})::{kind}[])[{quoted(name)}]"
        elif not flows and cells.table.column(name).many:
            expression = f"string_split({quoted(name)}, '{LIST_SEPARATOR}')"
        else:
            expression = f"{quoted(name)}::VARCHAR"
        selects.append(f"{expression} AS {quoted(name)}")
    if cells.extra:
        selects.append(f"{_extra(cells)} AS extra")
    elif not flows:
        selects.append(f"NULL::{_EXTRA} AS extra")
    # The flows' row ids are long and many: they are put together where they are shown.
    row_id = f", {_row_id(cells)} AS row_id" if cells.table.key and not flows else ""
    cursor.register(_VIEW, _pieces(cells, arrays))
    cursor.execute(f"CREATE TABLE {cells.table.name} AS SELECT *{row_id} FROM (SELECT {', '.join(selects)} FROM {_VIEW})").fetchall()
    cursor.unregister(_VIEW)
    if flows and not cells.extra:
        add_extra(cursor)


def add_extra(cursor: Cursor) -> None:
    """Give flows its column for what the model does not know, empty: written row by row it would cost as much as all others together."""
    cursor.execute(f"ALTER TABLE {CODED_TABLE} ADD COLUMN extra {_EXTRA}")


def create_sources(cursor: Cursor, settings: Settings) -> None:
    """Create the table of the sources that register.toml names."""
    cursor.execute("CREATE TABLE sources (id VARCHAR, title VARCHAR, file VARCHAR, url VARCHAR, retrieved_on VARCHAR, sha256 VARCHAR)")
    insert(cursor, "sources", ([value or None for value in source.values()] for source in settings.sources))


def insert(cursor: Cursor, table: str, rows: Iterable[Iterable[object]]) -> None:
    """Add rows to a table, a few hundred with each statement."""
    listed = [list(row) for row in rows]
    if listed:
        marks = f"({', '.join('?' * len(listed[0]))})"
        for start in range(0, len(listed), 500):
            part = listed[start : start + 500]
            cursor.execute(f"INSERT INTO {table} VALUES {', '.join([marks] * len(part))}", [value for row in part for value in row])


def _listed(values: list[str]) -> str:
    """Return texts as literals, "" where there is none; they are canonical, so NUL is in none of them."""
    return "'" + "\0".join(values).replace("'", "''").replace("\0", "', '") + "'"


def _pieces(cells: Cells, arrays: Mapping[str, pa.Array]) -> pa.Table:
    """Return the cells in pieces that the database reads in parallel."""
    extra = {_cell(name): column.arrow() for name, column in cells.extra.items()}
    whole = pa.table({"row_no": arrow.numbers(cells.rows), **arrays, **extra})
    return pa.Table.from_batches(whole.to_batches(max_chunksize=PIECE_ROWS), whole.schema)


def _extra(cells: Cells) -> str:
    """Return the expression of the cells the model does not know, as a map without empty ones."""
    keys = ", ".join(literal(name) for name in cells.extra)
    values = ", ".join(f"{quoted(_cell(name))}::VARCHAR" for name in cells.extra)
    entries = f"map_entries(map([{keys}], [{values}]))"
    stated = f"list_filter({entries}, lambda entry: entry.value IS NOT NULL)"
    return f"CASE WHEN len({stated}) > 0 THEN map_from_entries({stated}) END"


def _row_id(cells: Cells) -> str:
    return f" || '{ROW_ID_SEPARATOR}' || ".join(f"coalesce({quoted(column)}::VARCHAR, '')" for column in cells.table.key)


def _cell(name: str) -> str:
    """Return the name of a column the model does not know, kept apart from those it knows."""
    return f"+{name}"
