"""A sheet or table as its reader hands it on: texts by row and column, and what is known of its cells."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_LARGEST_MERGED = 2_000
_MOST_MERGED = 1_000_000
_WIDEST_LIST = 50
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
        merged: Cells of merged areas -> the top left one, which alone holds text.
        formulas: Cells (row, column) that hold a formula.
        lists: By column, the answers that data validation allows: areas with their words, from the top.
        hidden: Whether the sheet is hidden.
        locked: Whether the sheet is protected.
        open_cells: Of a protected sheet, the cells (row, column) that may be written.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    merged: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    formulas: frozenset[tuple[int, int]] = frozenset()
    lists: Mapping[int, tuple[tuple[Area, tuple[str, ...]], ...]] = field(default_factory=dict)
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
        here = self.lists.get(column, ())
        before = bisect_right(here, row, key=lambda one: one[0].top)
        return next((words for area, words in reversed(here[max(0, before - 3) : before]) if area.holds(row, column)), ())

    @property
    def width(self) -> int:
        """Return the number of the last column that holds anything."""
        return max((len(row) for row in self.rows), default=0)

    def owner(self, row: int, column: int) -> tuple[int, int]:
        """Return the cell that holds the text shown here: the top left one of a merged area."""
        return self.merged.get((row, column), (row, column))


def owners(areas: Iterable[Area]) -> dict[tuple[int, int], tuple[int, int]]:
    """Return, for each cell of merged areas, the top left one; areas too large, or too many, to be a questionnaire's are left out."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for one in areas:
        if (one.bottom - one.top + 1) * (one.right - one.left + 1) > _LARGEST_MERGED or len(found) > _MOST_MERGED:
            continue
        for row in range(one.top, one.bottom + 1):
            found |= {(row, column): (one.top, one.left) for column in range(one.left, one.right + 1)}
    return found


def by_column(lists: Iterable[tuple[Area, tuple[str, ...]]]) -> dict[int, tuple[tuple[Area, tuple[str, ...]], ...]]:
    """Return validated areas by column, from the top."""
    found: dict[int, list[tuple[Area, tuple[str, ...]]]] = {}
    for area, words in lists:
        for column in range(area.left, min(area.right, area.left + _WIDEST_LIST) + 1):
            found.setdefault(column, []).append((area, words))
    return {column: tuple(sorted(areas, key=lambda one: one[0].top)) for column, areas in found.items()}


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
