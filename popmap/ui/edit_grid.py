"""The grid rows are edited in: its cells, and how each column of the model is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pyarrow as pa
import streamlit as st

from popmap import views
from popmap.editing.edits import INFERRED, Edits, Grid
from popmap.editing.planning import new_names
from popmap.editing.rows import editable_columns
from popmap.register.cells import split
from popmap.register.schema import BY_NAME, Column, Kind, Table
from popmap.store import Store
from popmap.ui import edit_session
from popmap.ui.text import NOT_STATED

_ROW_HEIGHT, _MOST_HEIGHT = 35, 458
_LONG = ("purpose", "description", "measures", "notes")


def show_grid(
    store: Store, key: str, grid: Grid, edits: Mapping[str, Edits], *, wanted: frozenset[str] = frozenset(), internal: bool = True
) -> None:
    """Show the grid; what happens in it is taken into the session's edits.

    Args:
        store: The register.
        key: The widget's key.
        grid: What it is filled with.
        edits: All edits, of other tables too: a new vendor can be chosen for a flow before it is saved.
        wanted: Columns to show next to what names a row.
        internal: Whether columns kept from outsiders are among its columns.
    """
    columns, lines = _ordered(editable_columns(grid.table, internal=internal), grid.table, wanted), grid.lines()
    cells = {column.name: [line.get(column.name, "") for line in lines] for column in columns}
    st.data_editor(
        pa.table({column.name: _array(column, cells[column.name]) for column in columns}),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        height=min(_ROW_HEIGHT * (len(lines) + 2) + 3, _MOST_HEIGHT),
        column_config={one.name: _config(store, grid.table.name, one, cells[one.name], edits, first=one is columns[0]) for one in columns},
        on_change=edit_session.take,
        placeholder=NOT_STATED,
        alt=f"{grid.table.name.capitalize()}, to be edited",
    )


def _ordered(columns: tuple[Column, ...], table: Table, wanted: frozenset[str]) -> tuple[Column, ...]:
    names = {"name", *table.key}
    return tuple(sorted(columns, key=lambda column: (column.name not in names, column.name not in wanted)))


def _array(column: Column, cells: list[str]) -> pa.Array:
    return pa.array(map(split, cells), pa.list_(pa.string())) if column.many else pa.array([cell or None for cell in cells], pa.string())


def _config(store: Store, table: str, column: Column, cells: list[str], edits: Mapping[str, Edits], *, first: bool) -> Any:
    """Return how a column is filled in: from a list where the model knows what is allowed, as text otherwise."""
    known = {one.name: one.label for one in views.view(table).columns if column.references not in BY_NAME}
    label = known.get(column.name) or (column.references or column.name).replace("_", " ").capitalize()
    said: dict[str, Any] = {"label": label, "help": column.meaning, "pinned": first or None}
    names = _allowed(store, column, edits)
    if column.many and not names:
        return st.column_config.MultiselectColumn(
            **said, options=sorted({item for cell in cells for item in split(cell)}), accept_new_options=True
        )
    if names:
        # Streamlit shows nothing of a cell that is not among the options, so what stands there is one of them, marked or not.
        stands = dict.fromkeys(item for cell in cells for item in split(cell) if item not in names)
        offer: Any = st.column_config.MultiselectColumn if column.many else st.column_config.SelectboxColumn
        return offer(**said, options=[*names, *stands], format_func=partial(_named, names))
    if column.kind is Kind.DATE:
        said["help"] = f"{column.meaning} Year, month and day, as in 2026-11-24."
    return st.column_config.TextColumn(**said, width="medium" if column.name in _LONG else None)


def _named(names: Mapping[str, str], key: str) -> str:
    bare = key.removeprefix(INFERRED)
    return f"{INFERRED if bare != key else ''}{names.get(bare, bare)}"


def _allowed(store: Store, column: Column, edits: Mapping[str, Edits]) -> dict[str, str]:
    """Return the values a column may hold and their names; none where any text may stand."""
    if column.choices:
        return {choice: choice.replace("-", " ") for choice in column.choices}
    if column.kind is Kind.COUNTRY:
        return {code: f"{name} ({code})" for code, name in store.query("SELECT country, name FROM countries ORDER BY name")}
    if column.references in BY_NAME:
        key = BY_NAME[column.references].key[0]
        held = store.query(f"SELECT {key}::VARCHAR, coalesce(name, {key}::VARCHAR) FROM {column.references} ORDER BY lower(name)")
        return dict(held) | new_names(store, BY_NAME[column.references], edits)
    if column.references:
        return dict(store.query(f"SELECT key, name || ' (' || key || ')' FROM {column.references} ORDER BY name"))
    return {}
