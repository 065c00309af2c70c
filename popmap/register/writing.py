"""Writing a register's tables, so that reading them again gives the same cells."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from popmap.register.cells import clean, guard, split, unguard
from popmap.register.schema import Table

_BATCH_ROWS = 10_000
_NEEDS_QUOTES = re.compile(r'[",\r\n]|^\s|\s$')


def csv_lines(table: pa.Table, *, header: bool = True) -> Iterator[bytes]:
    """Yield a table as CSV in pieces of some thousand rows: UTF-8 without a byte order mark, LF, RFC 4180 quoting.

    A cell that a spreadsheet could read as a formula gets a leading quote (`cells.guard`); `cells.unguard` takes it away again. An empty
    cell means not stated.

    Args:
        table: Texts and whole numbers.
        header: Whether to begin with the column names.
    """
    if header:
        yield (",".join(_quote(guard(name)) for name in table.column_names) + "\n").encode()
    # The line of an only cell that is empty would be a blank line, which readers skip.
    blank = '""' if table.num_columns == 1 else ""
    for start in range(0, table.num_rows, _BATCH_ROWS):
        part = table.slice(start, _BATCH_ROWS)
        columns = [_mapped(column, lambda text: _quote(guard(text)) or blank, blank) for column in part.columns]
        yield ("\n".join(map(",".join, zip(*columns, strict=True))) + "\n").encode()


def save_csv(path: Path, table: Table, parts: Iterable[pa.Table]) -> None:  # noqa: ARG001 - called as save_parquet is
    """Write a register table as CSV.

    Args:
        path: The file.
        table: Which table; columns it does not have are extra ones.
        parts: Its rows in order, at least one part: text columns, list cells joined by `;`, null for not stated.
    """
    with path.open("wb") as out:
        for number, part in enumerate(parts):
            out.writelines(csv_lines(part, header=number == 0))


def save_parquet(path: Path, table: Table, parts: Iterable[pa.Table]) -> None:
    """Write a register table as Parquet, list cells as lists; see `save_csv`."""
    _write_parquet(path, table, parts)


def as_file(table: Table, parts: Iterable[pa.Table], *, parquet: bool) -> bytes:
    """Return a register table as a file's bytes; see `save_csv`."""
    if not parquet:
        return b"".join(piece for number, part in enumerate(parts) for piece in csv_lines(part, header=number == 0))
    out = io.BytesIO()
    _write_parquet(out, table, parts)
    return out.getvalue()


def _write_parquet(out: Path | io.BytesIO, table: Table, parts: Iterable[pa.Table]) -> None:
    writer = None
    try:
        for part in parts:
            typed = pa.table({name: _typed(part[name], table, name) for name in part.column_names})
            writer = writer or pq.ParquetWriter(out, typed.schema)
            writer.write_table(typed)
    finally:
        if writer:
            writer.close()


def _typed(column: pa.ChunkedArray, table: Table, name: str) -> pa.Array:
    known = {column.name: column for column in table.columns}
    if name not in known:
        return pa.array(_mapped(column, lambda text: text if unguard(text) == text else f"'{text}", None), pa.string())
    if known[name].many:
        return pa.array(_mapped(column, lambda text: split(_readable(text)), None), pa.list_(pa.string()))
    return pa.array(_mapped(column, _readable, None), pa.string())


def _readable(text: str) -> str:
    """Return what reading turns into text again: reading takes white space and a spreadsheet's guard away."""
    return text if clean(text)[0] == text else f"'{text}"


def _mapped(column: pa.ChunkedArray, change: Callable[[str], object], blank: object) -> list:
    """Return a column's cells, each changed; each distinct text is looked at once."""
    if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
        return [blank if value is None else change(str(value)) for value in column.to_pylist()]
    coded = column.cast(pa.large_string()).combine_chunks().dictionary_encode()
    cells = [change(value) for value in coded.dictionary.to_pylist()]
    return [blank if index is None else cells[index] for index in coded.indices.to_pylist()]


def _quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text
