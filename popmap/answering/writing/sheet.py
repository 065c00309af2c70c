"""Answers put into a sheet's XML as plain inline strings; nothing else of it changes.

Cells, rows and inline strings as ECMA-376 part 1, 18.3.1 (c, row, is, sheetData, dimension) has them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from popmap.answering.reading.grid import Area, area, cell
from popmap.answering.writing.xml_edit import Edit, Element, appended, edited, elements, with_attributes
from popmap.uploads.separated import letters

_SHEET = "worksheet"
_DATA = f"{_SHEET}/sheetData"
_ROW = f"{_DATA}/row"
_COLUMN = f"{_SHEET}/cols/col"
_DIMENSION = f"{_SHEET}/dimension"
# Text that reads as an escaped character ("_x000D_") has its first sign escaped itself (ECMA-376 part 1, 22.9.2.19).
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_PLAIN_SPANS = re.compile(r"(\d+):(\d+)")


def escaped(text: str) -> str:
    """Return text as it is written between a string's tags."""
    return _ESCAPED.sub("_x005F_", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row's element, its cells by column, and the columns of those that hold a formula."""

    element: Element
    cells: dict[int, Element]
    formulas: set[int]


def put(xml_text: bytes, texts: Mapping[tuple[int, int], str], where: str) -> tuple[bytes, set[tuple[int, int]]]:
    """Return a sheet's XML with texts in some cells.

    Args:
        xml_text: The sheet's part.
        texts: (row, column) from 1 -> the text; what stands there is replaced, save for a formula.
        where: The file and sheet, for messages.

    Returns:
        The part, and the cells that were left because they hold a formula.

    Raises:
        UsageError: The part is damaged.
    """
    found = elements(xml_text, (_SHEET, _DATA, _ROW, _COLUMN, _DIMENSION), where)
    numbered = _numbered(found[_ROW])
    refused: set[tuple[int, int]] = set()
    wanted: dict[int, dict[int, str]] = {}
    rows: dict[int, _Row] = {}
    for (row, column), text in sorted(texts.items()):
        if row in numbered and row not in rows:
            rows[row] = _row(xml_text, numbered[row], where)
        if row in rows and column in rows[row].formulas:
            refused.add((row, column))
        else:
            wanted.setdefault(row, {})[column] = text
    if not wanted or not found[_DATA]:
        return xml_text, refused
    prefix = found[_SHEET][0].name.rpartition(":")[0]
    styles = _column_styles(found[_COLUMN])
    maker = _Maker(f"{prefix}:" if prefix else "", styles)
    edits: list[Edit] = []
    fresh: list[tuple[int, bytes]] = []
    for row, cells in wanted.items():
        if row in rows:
            edits += _in_row(xml_text, rows[row], row, cells, maker)
        else:
            fresh.append((row, maker.row(row, cells)))
    edits += _new_rows(xml_text, found[_DATA][0], numbered, fresh)
    edits += _dimension(xml_text, found[_DIMENSION], wanted)
    return edited(xml_text, edits), refused


def _numbered(rows: list[Element]) -> dict[int, Element]:
    """Return rows by number; one that doesn't say its number comes right after the one before."""
    found: dict[int, Element] = {}
    number = 0
    for element in rows:
        number = int(element.attributes.get("r", number + 1))
        found[number] = element
    return found


def _row(data: bytes, element: Element, where: str) -> _Row:
    """Return a row's cells by column. Only the answered rows are looked at so closely: a sheet may have millions of cells."""
    inside = elements(data[element.start : element.end], ("row", "row/c", "row/c/f"), where)
    formulas = [one.start for one in inside["row/c/f"]]
    cells: dict[int, Element] = {}
    computed: set[int] = set()
    column = 0
    for one in inside["row/c"]:
        column = cell(one.attributes["r"])[1] if "r" in one.attributes else column + 1
        if bisect_left(formulas, one.start) < bisect_left(formulas, one.end):
            computed.add(column)
        cells[column] = one.moved(element.start)
    return _Row(element, cells, computed)


def _column_styles(columns: list[Element]) -> list[tuple[int, int, str]]:
    return [
        (int(one.attributes["min"]), int(one.attributes["max"]), one.attributes["style"])
        for one in columns
        if {"min", "max", "style"} <= set(one.attributes)
    ]


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes cells and rows under a sheet's own prefix, new cells in their column's style."""

    prefix: str
    styles: list[tuple[int, int, str]]

    def inner(self, text: str) -> bytes:
        p = self.prefix
        return f'<{p}is><{p}t xml:space="preserve">{escaped(text)}</{p}t></{p}is></{p}c>'.encode()

    def cell(self, row: int, column: int, text: str, style: str = "") -> bytes:
        style = style or next((style for low, high, style in self.styles if low <= column <= high), "")
        styled = f' s="{style}"' if style and style != "0" else ""
        return f'<{self.prefix}c r="{letters(column)}{row}"{styled} t="inlineStr">'.encode() + self.inner(text)

    def row(self, row: int, cells: Mapping[int, str]) -> bytes:
        made = b"".join(self.cell(row, column, text) for column, text in cells.items())
        return f'<{self.prefix}row r="{row}">'.encode() + made + f"</{self.prefix}row>".encode()


def _in_row(data: bytes, row: _Row, number: int, cells: Mapping[int, str], maker: _Maker) -> list[Edit]:
    edits: list[Edit] = []
    own = row.element.attributes
    style = own.get("s", "") if own.get("customFormat") in {"1", "true"} else ""
    behind: list[bytes] = []
    for column, text in cells.items():
        old = row.cells.get(column)
        if old:
            tag = with_attributes(data, old, t="inlineStr", cm=None, vm=None)
            edits.append((old.start, old.end, tag + maker.inner(text)))
            continue
        new = maker.cell(number, column, text, style)
        following = min((at for at in row.cells if at > column), default=0)
        if following:
            edits.append((row.cells[following].start, row.cells[following].start, new))
        else:
            behind.append(new)
    spans = _PLAIN_SPANS.fullmatch(own.get("spans", ""))
    wider = spans and (min(cells) < int(spans.group(1)) or max(cells) > int(spans.group(2)))
    tag = None
    if spans and wider:
        low, high = min(int(spans.group(1)), *cells), max(int(spans.group(2)), *cells)
        tag = with_attributes(data, row.element, spans=f"{low}:{high}")
    added = b"".join(behind)
    if row.element.empty:
        tag = tag or data[row.element.start : row.element.inner - 2].rstrip() + b">"
        return [(row.element.start, row.element.end, tag + added + b"</" + row.element.name.encode() + b">")]
    if tag:
        edits.append((row.element.start, row.element.inner, tag))
    if added:
        edits.append((row.element.close, row.element.close, added))
    return edits


def _new_rows(data: bytes, sheet_data: Element, rows: Mapping[int, Element], fresh: list[tuple[int, bytes]]) -> list[Edit]:
    edits: list[Edit] = []
    last: list[bytes] = []
    for number, made in fresh:
        following = min((one for one in rows if one > number), default=0)
        if following:
            start = rows[following].start
            edits.append((start, start, made))
        else:
            last.append(made)
    if last:
        edits.append(appended(data, sheet_data, b"".join(last)))
    return edits


def _dimension(data: bytes, found: list[Element], wanted: Mapping[int, Mapping[int, str]]) -> list[Edit]:
    """Return the edit that widens the sheet's stated extent, where it states one that is now too small."""
    old = area(found[0].attributes.get("ref", "")) if found else None
    if old is None:
        return []
    columns = [column for cells in wanted.values() for column in cells]
    new = Area(min(old.top, *wanted), min(old.left, *columns), max(old.bottom, *wanted), max(old.right, *columns))
    if new == old:
        return []
    tag = with_attributes(data, found[0], ref=f"{letters(new.left)}{new.top}:{letters(new.right)}{new.bottom}")
    return [(found[0].start, found[0].inner, tag[:-1] + b"/>" if found[0].empty else tag)]
