"""A register's tables written again: their rows as text, and the files they become, losing nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from popmap.errors import RegisterError
from popmap.register.schema import BY_NAME
from popmap.register.writing import as_file
from popmap.stated import stated_rows
from popmap.store import Store

# What these faults are about is not in the store, or not as it was in the file.
_LOSSES = frozenset(
    {
        "two-files",
        "file-unreadable",
        "header-unknown",
        "column-missing",
        "column-twice",
        "columns-many",
        "row-long",
        "quote-open",
        "encoding-broken",
        "control-character",
        "missing-key",
        "duplicate-key",
    }
)
CSV, PARQUET = ".csv", ".parquet"

# A row's cells by column, "" for not stated, list cells joined by `;`; columns the model does not know come after those it knows.
Row = Mapping[str, str]


def refuse_losses(store: Store, tables: Sequence[str] = tuple(BY_NAME)) -> None:
    """Raise RegisterError when writing these tables again would lose something that reading had to leave out."""
    lost = [
        fault
        for fault in store.faults
        if fault.table in (*tables, "") and (fault.code in _LOSSES or (fault.code == "and-more" and fault.more in _LOSSES))
    ]
    if lost:
        more = f" (and {len(lost) - 1:,} more)" if len(lost) > 1 else ""
        raise RegisterError(
            f"{lost[0].place}: {lost[0].message}{more}; a copy would lose that.", "Mend the register first; popmap check lists every fault."
        )


def rows(store: Store, name: str) -> list[dict[str, str]]:
    """Return a table's rows in their order; for tables of which the caller wants all."""
    return [{key: cell or "" for key, cell in row.items()} for part in stated_rows(store, BY_NAME[name]) for row in part.to_pylist()]


def file_name(folder: Path, name: str) -> str:
    """Return the file a table is in, or shall be in: Parquet in a register of Parquet tables."""
    found = {path.name.lower(): path.name for path in folder.iterdir()} if folder.is_dir() else {}
    for suffix in (CSV, PARQUET):
        if f"{name}{suffix}" in found:
            return found[f"{name}{suffix}"]
    parquet = any(f"{other}{PARQUET}" in found for other in ("flows", "vendors"))
    return f"{name}{PARQUET if parquet else CSV}"


def file_bytes(folder: Path, name: str, content: Sequence[Row]) -> tuple[str, bytes]:
    """Return a table as a file for a register folder: its name there, and its bytes.

    Args:
        folder: The register folder.
        name: The table.
        content: Its rows; cells that are missing are not stated.
    """
    file = file_name(folder, name)
    return file, as_file(BY_NAME[name], [as_table(name, content)], parquet=file.lower().endswith(PARQUET))


def as_table(name: str, content: Sequence[Row]) -> pa.Table:
    """Return a table's rows as an Arrow table: the model's columns, then those it does not know; null for not stated.

    Args:
        name: The table.
        content: Its rows; cells that are missing are not stated.
    """
    columns = dict.fromkeys([*(column.name for column in BY_NAME[name].columns), *(key for row in content for key in row)])
    return pa.table({key: pa.array([row.get(key) or None for row in content], pa.string()) for key in columns})
