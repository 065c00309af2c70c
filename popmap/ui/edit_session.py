"""What a session holds of edits nobody has saved yet, and of the grid they are made in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from popmap.editing.edits import Edits, Grid, Row, grid, taken
from popmap.editing.rows import EDITABLE
from popmap.register.schema import Table

_EDITS, _GRID, _NUMBER = "popmap_edits", "popmap_grid", "popmap_grid_number"


def edits() -> dict[str, Edits]:
    """Return what is edited and not saved, by table name."""
    return dict(st.session_state.get(_EDITS, {}))


def unsaved() -> int:
    """Return how many rows are edited and not saved."""
    return sum(map(len, edits().values()))


def discard() -> None:
    """Forget all edits; for callbacks."""
    st.session_state.pop(_EDITS, None)
    st.session_state.pop(_GRID, None)


def filled(table: Table, shown: object, rows: Sequence[Row], inferred: Mapping[str, frozenset[str]]) -> tuple[str, Grid]:
    """Return the grid of a table and its widget's key: the same as long as the same rows are shown, or one filled anew.

    A grid that is filled again while somebody types in it would lose the place, so it keeps what it was filled with.

    Args:
        table: The table.
        shown: What tells these rows from others: the register's content and the filter.
        rows: The register's rows.
        inferred: By row id, the columns in which the register only infers it.
    """
    wanted = (table.name, shown)
    held: tuple[object, Grid] | None = st.session_state.get(_GRID)
    if held is None or held[0] != wanted:
        number = st.session_state.get(_NUMBER, 0) + 1
        st.session_state.update({_NUMBER: number, _GRID: (wanted, grid(table, rows, inferred, edits().get(table.name, Edits())))})
    return _key(), st.session_state[_GRID][1]


def take() -> None:
    """Keep what has just happened in the grid; its callback."""
    found: Mapping[str, Any] | None = st.session_state.get(_key())
    if found is None or _GRID not in st.session_state:
        return
    shown: Grid = st.session_state[_GRID][1]
    kept = edits() | {shown.table.name: taken(shown, found)}
    st.session_state[_EDITS] = {name: one for name, one in kept.items() if one}


def has_edits(table: Table) -> bool:
    """Return whether rows of a table are edited and not saved."""
    return bool(edits().get(table.name))


def first_edited() -> Table:
    """Return the table to begin with: the first with edits, or the first of all."""
    return next(filter(has_edits, EDITABLE), EDITABLE[0])


def _key() -> str:
    return f"edit_grid_{st.session_state.get(_NUMBER, 0)}"
