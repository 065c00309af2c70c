"""Rows as people read them, on the screen and on paper: words for codes, "not stated" for blanks, and a mark on what was inferred."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pyarrow as pa

from popmap import views
from popmap.facets import LABELS
from popmap.ui.text import NOT_STATED

_CODED = {"legal_basis": "basis", "role": "role", "transfer_state": "transfer", "evidence_status": "evidence"}


@cache
def own_columns(name: str) -> tuple[str, ...]:
    """Return the columns a table has until the reader chooses."""
    return tuple(column.name for column in views.view(name).columns if column.default)


def as_read(rows: pa.Table, columns: Sequence[str]) -> pa.Table:
    """Return some columns of a table's rows as they are read.

    Args:
        rows: What `tables.fetch` returned.
        columns: The columns, in order.
    """
    inferred = [set((cell or "").split("; ")) for cell in rows["inferred"].to_pylist()] if "inferred" in rows.column_names else []
    shown = []
    for name in columns:
        column = rows[name]
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            words = LABELS.get(_CODED.get(name, ""), {})
            cells = [NOT_STATED if cell is None else words.get(cell, cell) for cell in column.to_pylist()]
            cells = [f"{cell} (inferred)" if inferred and name in inferred[at] else cell for at, cell in enumerate(cells)]
            shown.append(pa.array(cells, pa.string()))
        else:
            shown.append(column)
    return pa.table(shown, names=list(columns))
