"""Parquet as one table, weighed by its own description before anything is unpacked."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq

from popmap.errors import UsageError
from popmap.importing.document import Cell, Document, Grid
from popmap.importing.reading import exported, inline
from popmap.importing.reading.sheets import WIDEST, shown
from popmap.importing.splitting import BULLET
from popmap.uploads import limits


def read(data: bytes, name: str) -> Document:
    """Return a Parquet file's table.

    Raises:
        UsageError: It is damaged, or holds more than is read.
    """
    try:
        file = pq.ParquetFile(io.BytesIO(data))
        about = file.metadata
        unpacked = sum(about.row_group(place).total_byte_size for place in range(about.num_row_groups))
        if (
            about.num_columns > WIDEST
            or about.num_rows > limits.MOST_ROWS
            or unpacked > limits.MOST_UNPACKED
            or about.num_rows * about.num_columns > limits.MOST_CELLS
        ):
            raise UsageError(
                f"{name} holds more than {limits.MOST_ROWS:,} rows or {WIDEST:,} columns.",
                "Send only the rows and columns that hold the list.",
            )
        table = file.read()
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        raise UsageError(f"{name} is damaged: it does not open as Parquet.", "Write it again, or send it as CSV.") from error
    columns = [[_text(one) for one in column.to_pylist()] for column in table.columns]
    if own := exported.table(table.column_names, zip(*columns, strict=True), lambda number, field, _: f"row {number}, {field}"):
        return Document(name, "parquet", (own,))
    head = tuple(Cell(field, "heading") for field in table.column_names)
    rows = (
        tuple(inline.fragment(text, f"row {number}, {field}") for text, field in zip(row, table.column_names, strict=True))
        for number, row in enumerate(zip(*columns, strict=True), 1)
    )
    return Document(name, "parquet", (Grid((head, *rows), 1),))


def _text(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(f"{BULLET}{shown(one)}" for one in value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return shown(value)
