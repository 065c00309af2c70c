"""Tables as compact JSON: each column once, each of its texts once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from popmap.views import ShownColumn

# Inside a script element only these could end the data or be read as markup; U+2028 and U+2029 end a line in older JavaScript.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
_BLANK = -1


def embedded(data: object) -> str:
    """Return data as JSON that can stand in an HTML script element: whatever its texts say, they stay texts."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_ESCAPES)


def coded(cells: Iterable[object]) -> dict[str, Any]:
    """Return a column of texts as its values and each row's place among them.

    Args:
        cells: The cells; None or "" for not stated.

    Returns:
        "values" and "at" (-1 for not stated); a column of one and the same cell has "all" instead of "at".
    """
    values: dict[str, int] = {}
    at = [_BLANK if cell is None or cell == "" else values.setdefault(str(cell), len(values)) for cell in cells]
    same = {"all": at[0]} if at and len(set(at)) == 1 else {"at": at}
    return {"values": list(values), **same}


def column(cells: pa.ChunkedArray) -> dict[str, Any]:
    """Return a column of an Arrow table: whole numbers as "numbers" (null for not stated), everything else as `coded` does."""
    if pa.types.is_integer(cells.type):
        return {"numbers": cells.to_pylist()}
    held = cells.combine_chunks().dictionary_encode()
    codes = [_BLANK if code is None else code for code in held.indices.to_pylist()]
    values = held.dictionary.to_pylist()
    if "" in values or not all(isinstance(value, str) for value in values):
        return coded(cells.to_pylist())
    same = {"all": codes[0]} if codes and len(set(codes)) == 1 else {"at": codes}
    return {"values": values, **same}


def table(rows: pa.Table, shown: Sequence[ShownColumn]) -> dict[str, Any]:
    """Return an Arrow table as its columns with what they are called, and how many rows it has.

    Args:
        rows: The rows.
        shown: Which of its columns, in order; those the table does not have are described without cells, for the page to fill.
    """
    held = set(rows.column_names)
    columns = [
        {"name": one.name, "label": one.label, "help": one.help, "default": one.default}
        | (column(rows[one.name]) if one.name in held else {})
        for one in shown
    ]
    return {"rows": rows.num_rows, "columns": columns}
