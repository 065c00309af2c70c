"""Rows of a sheet as SpreadsheetML (ECMA-376 part 1, 18.3.1): each distinct text looked at once, and every text a text.

What xlsxwriter writes cell by cell takes six times as long; and it takes a text that begins with <r> and ends with </r> for markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pyarrow as pa
from xlsxwriter.utility import xl_col_to_name

_BATCH_ROWS = 5_000
# A text that reads as an escaped character has its first sign escaped itself (22.9.2.19).
_READS_AS_ESCAPED = re.compile(r"_(?=x[0-9a-fA-F]{4}_)")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def row_markup(table: pa.Table, first: int, cut: Callable[[str], str], style: int = 0) -> Iterator[tuple[int, str]]:
    """Yield a table's rows with their numbers, one markup each; a row without any cell is left out.

    Args:
        table: Texts and whole numbers; null for an empty cell.
        first: The number of its first row as a spreadsheet counts.
        cut: Makes a text fit a cell.
        style: The number of the cells' style in the workbook, 0 for none.
    """
    heads = [f'<c r="{xl_col_to_name(at)}' for at in range(table.num_columns)]
    styled = f'" s="{style}' if style else ""
    number = first - 1
    for batch in table.to_batches(max_chunksize=_BATCH_ROWS):
        for cells in zip(*(_tails(column, cut) for column in batch.columns), strict=True):
            number += 1
            markup = "".join([f"{head}{number}{styled}{tail}" for head, tail in zip(heads, cells, strict=True) if tail is not None])
            if markup:
                yield number, f'<row r="{number}">{markup}</row>'


def _tails(column: pa.Array, cut: Callable[[str], str]) -> list[str | None]:
    """Return what follows a cell's place, None for an empty cell."""
    coded = column.dictionary_encode()
    tails = [_text(cut(value)) if isinstance(value, str) else f'"><v>{value:.16G}</v></c>' for value in coded.dictionary.to_pylist()]
    return [None if code is None else tails[code] for code in coded.indices.to_pylist()]


def _text(value: str) -> str:
    text = _READS_AS_ESCAPED.sub("_x005F_", value)
    text = _NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    space = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'" t="inlineStr"><is><t{space}>{escaped}</t></is></c>'
