"""What a register's tables say, as text, ready to be written again without losing anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from popmap.errors import RegisterError
from popmap.register.schema import BY_NAME, LIST_SEPARATOR, Table
from popmap.register.writing import as_file
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
_WINDOW_ROWS = 100_000
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


def parts(store: Store, table: Table) -> Iterator[pa.Table]:
    """Yield a table's rows in their order, some thousand at a time: text cells, lists joined, then the columns the model does not know."""
    stated = f"SELECT DISTINCT unnest(map_keys(extra)) FROM {table.name} WHERE extra IS NOT NULL ORDER BY 1"
    extra = [name for (name,) in store.query(stated)]
    joined = table.name != "flows"
    cells = [
        f"array_to_string(\"{column.name}\", '{LIST_SEPARATOR}')" if column.many and joined else f'"{column.name}"::VARCHAR'
        for column in table.columns
    ]
    cells += [f"extra[$extra_{at}]" for at in range(len(extra))]
    names = [*(column.name for column in table.columns), *extra]
    values = {f"extra_{at}": name for at, name in enumerate(extra)}
    last = store.query(f"SELECT coalesce(max(row_no), 0) FROM {table.name}")[0][0]
    for low in range(0, last + 1, _WINDOW_ROWS):
        sql = f"SELECT {', '.join(cells)} FROM {table.name} WHERE row_no >= $low AND row_no < $high ORDER BY row_no"
        part = store.arrow(sql, {"low": low, "high": low + _WINDOW_ROWS} | values)
        yield part.rename_columns(names)


def rows(store: Store, name: str) -> list[dict[str, str]]:
    """Return a table's rows in their order; for tables of which the caller wants all."""
    return [{key: cell or "" for key, cell in row.items()} for part in parts(store, BY_NAME[name]) for row in part.to_pylist()]


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
    table = BY_NAME[name]
    known = [column.name for column in table.columns]
    extra = dict.fromkeys(key for row in content for key in row if key not in known)
    columns = {key: pa.array([row.get(key) or None for row in content], pa.string()) for key in (*known, *extra)}
    file = file_name(folder, name)
    return file, as_file(table, [pa.table(columns)], parquet=file.lower().endswith(PARQUET))
