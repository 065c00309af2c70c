"""What a sheet's XML says beside its values: merged cells, formulas, answer lists, protection."""

from __future__ import annotations

from dataclasses import dataclass, field

from popmap.answering.reading.grid import Area, area, cell
from popmap.answering.reading.parts import scan
from popmap.errors import UsageError
from popmap.uploads.limits import MOST_CELLS, MOST_ROWS

# What a cell's element holds when the cell is not empty: a value, a formula, or text of its own.
_CONTENT = frozenset({"v", "f", "is"})


@dataclass(slots=True)
class Structure:
    """A sheet's structure; filled while its XML is walked.

    Attributes:
        where: The file and sheet, for messages.
        merged: Merged areas.
        formulas: Cells that hold a formula.
        lists: The formulas of list validations, each with the areas it holds for.
        locked: Whether the sheet is protected.
        styled: The style number of each cell that states one.
    """

    where: str
    merged: list[Area] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    lists: list[tuple[str, list[Area]]] = field(default_factory=list)
    locked: bool = False
    styled: dict[tuple[int, int], int] = field(default_factory=dict)
    _row: int = 0
    _column: int = 0
    _widest: int = 0
    _rule: dict[str, str] | None = None
    _keeping: str = ""
    _texts: dict[str, str] = field(default_factory=dict)

    def start(self, element: str, attributes: dict[str, str]) -> None:
        """Take an element's start: the validations' own parts while one is open, else a row, a cell or what a cell holds."""
        if self._rule is not None:
            self._keeping = element if element in {"formula1", "sqref"} else self._keeping
        elif element == "c":
            self._cell(attributes)
        elif element == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif element in _CONTENT:
            self._content(formula=element == "f")
        else:
            self._other(element, attributes)

    def _content(self, *, formula: bool) -> None:
        """Take what a cell holds; a cell that only has a style, in the last row there can be, takes no room."""
        if self._row > MOST_ROWS:
            raise UsageError(f"{self.where} has more than {MOST_ROWS:,} rows.", "Send only the sheets and rows that hold questions.")
        self._widest = max(self._widest, self._column)
        # Readers lay a sheet out as a full rectangle, so one far cell costs as much as all those before it.
        if self._row * self._widest > MOST_CELLS:
            raise UsageError(
                f"{self.where} spans more than {MOST_CELLS:,} cells.", "Delete the cells far from the questions and save it again."
            )
        if formula:
            self.formulas.add((self._row, self._column))

    def _other(self, element: str, attributes: dict[str, str]) -> None:
        if element == "mergeCell":
            one = area(attributes.get("ref", ""))
            self.merged += [one] if one else []
        elif element == "sheetProtection":
            self.locked = attributes.get("sheet") in {"1", "true"}
        elif element == "dataValidation":
            self._rule = attributes
            self._texts.clear()

    def _cell(self, attributes: dict[str, str]) -> None:
        self._column = cell(attributes["r"])[1] if "r" in attributes else self._column + 1
        if "s" in attributes and self._row <= MOST_ROWS:
            self.styled[self._row, self._column] = int(attributes["s"])

    def end(self, element: str) -> None:
        """Take an element's end."""
        if element == self._keeping:
            self._keeping = ""
        elif element == "dataValidation" and self._rule is not None:
            if self._rule.get("type") == "list":
                places = (self._rule.get("sqref") or self._texts.get("sqref", "")).split()
                self.lists.append((self._texts.get("formula1", "").strip(), [one for ref in places if (one := area(ref))]))
            self._rule = None

    def text(self, words: str) -> None:
        """Take character data."""
        if self._keeping:
            self._texts[self._keeping] = self._texts.get(self._keeping, "") + words


def structure(xml_text: bytes, where: str) -> Structure:
    """Return what a sheet's XML says beside its values.

    Raises:
        UsageError: It is damaged, or has more rows or cells than are read.
    """
    found = Structure(where)
    scan(xml_text, where, found.start, found.end, found.text)
    return found
