"""A table as CSV, JSON or Parquet. The same table and About always give the same bytes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from popmap.exports.about import About
from popmap.register.writing import csv_lines

# The key under which a Parquet file's metadata holds its About.
METADATA_KEY = b"popmap.about"
_LABEL = b"label"
_BATCH_ROWS = 50_000


def labelled(table: pa.Table, labels: dict[str, str]) -> pa.Table:
    """Return the table with each column's heading in its field's metadata, where `label` finds it."""
    fields = [field.with_metadata({_LABEL: labels.get(field.name, field.name).encode()}) for field in table.schema]
    return table.cast(pa.schema(fields))


def label(field: pa.Field) -> str:
    """Return a column's heading for people, or its name when it has none."""
    return (field.metadata or {}).get(_LABEL, field.name.encode()).decode()


def csv(table: pa.Table, about: About) -> bytes:
    """Return the table as CSV: RFC 4180 quoting, LF, UTF-8 without a byte order mark, machine names in the header.

    Cells are guarded against formulas, see `saving.csv_lines`. An empty cell means not stated. There is no byte order mark: popmap and
    most readers do without, and some show one as text.

    Args:
        table: Texts and whole numbers.
        about: Unused: CSV has no place for it that every reader would skip.
    """
    del about
    return b"".join(csv_lines(table))


def json_text(table: pa.Table, about: About) -> bytes:
    """Return the table as a JSON object of about, columns (name and label) and rows (one object each, null for not stated), UTF-8."""
    return b"".join(json_lines(table, about.facts(table.num_rows)))


def json_lines(table: pa.Table, about: dict[str, str | int], more: dict[str, object] | None = None) -> Iterator[bytes]:
    """Yield the table's JSON in pieces of some thousand rows.

    Args:
        table: Texts and whole numbers.
        about: What the rows are from.
        more: Further members of the object, before the rows.
    """
    columns = [{"name": field.name, "label": label(field)} for field in table.schema]
    head = {"about": about, "columns": columns, **(more or {})}
    members = ",\n".join(f"{_dump(name)}: {_dump(value)}" for name, value in head.items())
    yield f'{{\n{members},\n"rows": ['.encode()
    separator = "\n"
    for start in range(0, table.num_rows, _BATCH_ROWS):
        yield (separator + ",\n".join(map(_dump, table.slice(start, _BATCH_ROWS).to_pylist()))).encode()
        separator = ",\n"
    yield b"\n]\n}\n" if table.num_rows else b"]\n}\n"


def parquet(table: pa.Table, about: About) -> bytes:
    """Return the table as Parquet, About as JSON in its metadata under `popmap.about`, headings in its fields' metadata."""
    described = table.replace_schema_metadata({METADATA_KEY: _dump(about.facts(table.num_rows)).encode()})
    out = io.BytesIO()
    pq.write_table(described, out)
    return out.getvalue()


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
