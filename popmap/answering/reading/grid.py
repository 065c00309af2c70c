"""A sheet or table as its reader hands it on: texts by row and column, and what is known of its cells."""

from __future__ import annotations

import re
from dataclasses import dataclass

_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, rows and columns counted from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Return whether a cell lies in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet, CSV file or Markdown table.

    Attributes:
        name: The sheet's name as in Place.
        rows: Texts by row and column; row 1 is rows[0]. Rows may differ in length.
        merged: Merged areas; only their top left cell holds text.
        formulas: Cells (row, column) that hold a formula.
        lists: Cells' allowed answers: areas with their words, in the file's order.
        hidden: Whether the sheet is hidden.
        locked: Whether the sheet is protected.
        open_cells: Of a protected sheet, the cells (row, column) that may be written.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    merged: tuple[Area, ...] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()
    lists: tuple[tuple[Area, tuple[str, ...]], ...] = ()
    hidden: bool = False
    locked: bool = False
    open_cells: frozenset[tuple[int, int]] = frozenset()

    def at(self, row: int, column: int) -> str:
        """Return a cell's text, "" for a cell there is none of."""
        if not 1 <= row <= len(self.rows):
            return ""
        cells = self.rows[row - 1]
        return cells[column - 1] if 1 <= column <= len(cells) else ""

    def allowed(self, row: int, column: int) -> tuple[str, ...]:
        """Return the answers a cell's data validation allows, () when it has none."""
        return next((words for area, words in self.lists if area.holds(row, column)), ())

    @property
    def width(self) -> int:
        """Return the number of the last column that holds anything."""
        return max((len(row) for row in self.rows), default=0)

    def owner(self, row: int, column: int) -> tuple[int, int]:
        """Return the cell that holds the text shown here: the top left one of a merged area."""
        for area in self.merged:
            if area.holds(row, column):
                return area.top, area.left
        return row, column


def letters(column: int) -> str:
    """Return a column's letters: 1 -> "A", 28 -> "AB"."""
    text = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def number(text: str) -> int:
    """Return a column's number from its letters: "AB" -> 28; 0 for what is none."""
    value = 0
    for letter in text.strip().upper():
        if not "A" <= letter <= "Z":
            return 0
        value = value * 26 + ord(letter) - 64
    return value


def cell(reference: str) -> tuple[int, int]:
    """Return a cell's (row, column) from "C12" or "$C$12"; (0, 0) for what is none."""
    found = _REF.fullmatch(reference.strip())
    return (int(found.group(2)), number(found.group(1))) if found else (0, 0)


def area(reference: str) -> Area | None:
    """Return the area of "A1:C3", "A1" or "A:C" (all rows), None for what is none."""
    first, _, last = reference.strip().partition(":")
    if re.fullmatch(r"\$?[A-Za-z]{1,3}", first) and re.fullmatch(r"\$?[A-Za-z]{1,3}", last):
        return Area(1, number(first.lstrip("$")), 1_048_576, number(last.lstrip("$")))
    (top, left), (bottom, right) = cell(first), cell(last or first)
    return Area(top, left, bottom, right) if top and bottom else None
