"""A workbook's sheets, hidden ones too, as grids: values as they were stored, nothing evaluated."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook

from popmap.answering.reading import parts
from popmap.answering.reading.codes import MOST_CHOICES
from popmap.answering.reading.grid import Area, Grid, area, by_column, owners
from popmap.answering.reading.structure import structure
from popmap.errors import UsageError
from popmap.uploads import limits
from popmap.uploads.separated import letters

_LITERAL = re.compile(r'"(.*)"', re.DOTALL)
_RANGE = re.compile(
    r"(?:(?:'((?:[^']|'')+)'|([^'!]+))!)?(\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d+)?|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3})"
)


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook as grids, whether a sheet may be added, and what there is to tell a person."""

    grids: tuple[Grid, ...]
    protected: bool
    notes: tuple[str, ...]


def read(data: bytes, name: str) -> Book:
    """Return a workbook's sheets.

    Raises:
        UsageError: It is damaged, too large, protected by a password, carries macros, or isn't a workbook.
    """
    with limits.unpackable(data, name) as archive:
        book = parts.workbook(archive, name)
        open_styles = parts.open_styles(archive, book.styles, name)
        found = {sheet.name: structure(parts.part(archive, sheet.part, name), f"{name}, sheet {sheet.name}") for sheet in book.sheets}
        linked = any(path.startswith("xl/externalLinks/") for path in archive.NameToInfo)
    values = _values(data, name, [sheet.name for sheet in book.sheets])
    notes = [f"{name} refers to other workbooks; they are never opened, and the values stored from them are shown."] if linked else []
    grids = []
    for sheet in book.sheets:
        about = found[sheet.name]
        lists, unknown = _lists(about.lists, sheet.name, values, book.names)
        if unknown:
            notes.append(f"Sheet {sheet.name}: the answer list {unknown[0]!r} is computed, so its answers are not known.")
        bare = [cell for cell in about.formulas if not _at(values[sheet.name], *cell)]
        if bare:
            row, column = min(bare)
            notes.append(
                f"Sheet {sheet.name}: {len(bare)} formula cells, the first {letters(column)}{row}, have no stored value; open it in a "
                "spreadsheet program and save it to have them read."
            )
        grids.append(
            Grid(
                name=sheet.name,
                rows=values[sheet.name],
                merged=owners(about.merged),
                formulas=frozenset(about.formulas),
                lists=by_column(lists),
                hidden=sheet.hidden,
                locked=about.locked,
                open_cells=frozenset(cell for cell, style in about.styled.items() if style in open_styles) if about.locked else frozenset(),
            )
        )
    return Book(tuple(grids), book.locked or any(grid.locked for grid in grids), tuple(notes))


def _values(data: bytes, name: str, sheets: list[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            raw = {sheet: book.get_sheet_by_name(sheet).to_python(skip_empty_area=False) for sheet in sheets}
    except BaseException as error:
        # The reader is written in Rust; what it did not expect arrives as a panic, which is no Exception.
        if not isinstance(error, CalamineError | OSError | ValueError) and type(error).__name__ != "PanicException":
            raise
        raise UsageError(
            f"{name} cannot be read as a workbook: {error}.", "Open it in a spreadsheet program and save it as .xlsx again."
        ) from error
    found = {}
    for sheet, rows in raw.items():
        lines = []
        for row, cells in enumerate(rows, 1):
            line = [shown(value) for value in cells]
            for column, text in enumerate(line, 1):
                if len(text) > limits.LONGEST_CELL:
                    limits.cell_length(text, f"{name}, sheet {sheet}, cell {letters(column)}{row},")
            while line and not line[-1]:
                line.pop()
            lines.append(tuple(line))
        while lines and not lines[-1]:
            lines.pop()
        found[sheet] = tuple(lines)
    return found


def shown(value: object) -> str:
    """Return a cell's value as a person reads it: whole numbers without a point."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value) if value is not None else ""


def _at(rows: tuple[tuple[str, ...], ...], row: int, column: int) -> str:
    return rows[row - 1][column - 1].strip() if 1 <= row <= len(rows) and 1 <= column <= len(rows[row - 1]) else ""


def _lists(
    found: list[tuple[str, list[Area]]], sheet: str, values: Mapping[str, tuple[tuple[str, ...], ...]], names: Mapping[str, str]
) -> tuple[list[tuple[Area, tuple[str, ...]]], list[str]]:
    """Return the answers each validated area allows, and the formulas of lists that cannot be known without evaluating."""
    lists: list[tuple[Area, tuple[str, ...]]] = []
    unknown: list[str] = []
    for formula, areas in found:
        words = _words(formula, sheet, values, names)
        if not words:
            unknown.append(formula)
        lists += [(one, words) for one in areas if words]
    return lists, unknown


def _words(formula: str, sheet: str, values: Mapping[str, tuple[tuple[str, ...], ...]], names: Mapping[str, str]) -> tuple[str, ...]:
    literal = _LITERAL.fullmatch(formula)
    if literal:
        pieces = (piece.strip() for piece in literal.group(1).replace('""', '"').split(","))
        return tuple(dict.fromkeys(filter(None, pieces)))[:MOST_CHOICES]
    formula = names.get(formula.lower(), formula).lstrip("=").strip()
    found = _RANGE.fullmatch(formula)
    if not found:
        return ()
    other = (found.group(1) or "").replace("''", "'") or found.group(2) or sheet
    span = area(found.group(3).replace("$", ""))
    rows = values.get(other, ())
    if not span:
        return ()
    cells = (
        _at(rows, row, column)
        for row in range(span.top, min(span.bottom, len(rows)) + 1)
        for column in range(span.left, min(span.right, span.left + MOST_CHOICES) + 1)
    )
    return tuple(dict.fromkeys(filter(None, cells)))[:MOST_CHOICES]
