"""Workbooks (XLSX, ODS): every sheet as a table, merged cells filled, nothing evaluated or followed."""

from __future__ import annotations

import datetime
import io
import zipfile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from popmap.errors import UsageError
from popmap.importing.document import Block, Cell, Document, Exported, Grid, Heading, Note
from popmap.importing.reading import exported, inline
from popmap.uploads import limits
from popmap.uploads.containers import part, scan
from popmap.uploads.separated import letters

WIDEST = 1_000
_DATES = (datetime.date, datetime.datetime, datetime.time)


def read(data: bytes, name: str) -> Document:
    """Return a workbook's sheets, hidden ones with a note.

    Raises:
        UsageError: It is damaged, too large, protected by a password, carries macros, or isn't a workbook.
    """
    with limits.unpackable(data, name, limits.LIST) as archive:
        form = "ods" if "content.xml" in archive.NameToInfo else "xlsx"
        _measure(archive, name, form)
        linked = any(path.startswith("xl/externalLinks/") for path in archive.NameToInfo)
    notes = (
        [Note("links", f"{name} refers to other workbooks; they are never opened, and the values stored from them are read.")]
        if linked
        else []
    )
    found: list[Block] = []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for about in book.sheets_metadata:
                sheet = book.get_sheet_by_name(about.name)
                lines = _lines(sheet, about.name, name)
                if lines:
                    own = _own(lines, about.name)
                    found += [own] if own else [Heading(Cell(about.name, about.name), 2), _grid(lines, about.name)]
                    if about.visible is not SheetVisibleEnum.Visible:
                        notes.append(
                            Note(
                                "hidden-sheet",
                                f"Sheet {about.name} is hidden in the workbook; it is read all the same.",
                                locator=about.name,
                            )
                        )
    except BaseException as error:
        # The reader is written in Rust; what it did not expect arrives as a panic, which is no Exception.
        if not isinstance(error, CalamineError | OSError | ValueError) and type(error).__name__ != "PanicException":
            raise
        raise UsageError(
            f"{name} cannot be read as a workbook: {error}.", "Open it in a spreadsheet program and save it as .xlsx again."
        ) from error
    return Document(name, form, tuple(found), tuple(notes))


def _lines(sheet: CalamineSheet, title: str, name: str) -> list[list[str]]:
    """Return a sheet's texts by row, each up to its last that is stated."""
    raw = sheet.to_python(skip_empty_area=False)
    lines = [[shown(value) for value in row] for row in raw]
    areas = sheet.merged_cell_ranges or []
    for (top, left), (bottom, right) in areas[:10_000]:
        if (bottom - top + 1) * (right - left + 1) <= 2_000 and top < len(lines) and left < len(lines[top]):
            for row in range(top, min(bottom + 1, len(lines))):
                for column in range(left, min(right + 1, len(lines[row]))):
                    lines[row][column] = lines[top][left]
    for number, line in enumerate(lines, 1):
        while line and not line[-1].strip():
            line.pop()
        for place, text in enumerate(line, 1):
            if len(text) > limits.LONGEST_CELL:
                limits.cell_length(text, f"{name}, sheet {title}, cell {letters(place)}{number},")
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _grid(lines: list[list[str]], title: str) -> Grid:
    rows = (
        tuple(inline.fragment(text, f"{title}!{letters(place)}{number}") for place, text in enumerate(line, 1))
        for number, line in enumerate(lines, 1)
    )
    return Grid(tuple(rows), name=title, even=True)


def _own(lines: list[list[str]], title: str) -> Exported | None:
    """Return a sheet that popmap wrote, None for any other."""
    head, *rows = lines
    even = (row + [""] * (len(head) - len(row)) for row in rows)
    return exported.table(head, even, lambda number, _, place: f"{title}!{letters(place + 1)}{number + 1}", labels=True, name=title)


def shown(value: object) -> str:
    """Return a cell's value as a person reads it: whole numbers without a point, days without a time, yes and no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, _DATES):
        return value.isoformat()
    return "" if value is None else str(value)


def _measure(archive: zipfile.ZipFile, name: str, form: str) -> None:
    """Refuse a workbook whose sheets span more than is read; the reader lays a sheet out as a full rectangle.

    Raises:
        UsageError: It does, or a part is damaged or declares a document type.
    """
    paths = ["content.xml"] if form == "ods" else [path for path in archive.NameToInfo if "/worksheets/" in path and path.endswith(".xml")]
    for path in paths:
        extent = _Extent(f"{name}, {path},")
        scan(part(archive, path, name), f"{name}, {path},", extent.start)


class _Extent:
    """How far a sheet's cells reach, counted while its XML is walked."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.row = self.column = self.widest = 0
        self.repeated = 1

    def start(self, element: str, attributes: dict[str, str]) -> None:
        """Take an element of either format."""
        if element == "table":
            self.row = self.column = self.widest = 0
        elif element == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        elif element == "c":
            self.column = _column(attributes["r"]) if "r" in attributes else self.column + 1
            self._reach(self.row, self.column)
        elif element == "table-row":
            self.row, self.column = self.row + self.repeated, 0
            self.repeated = _times(attributes, "number-rows-repeated")
        elif element in {"table-cell", "covered-table-cell"}:
            self.column += _times(attributes, "number-columns-repeated")
            if any(key.endswith("value-type") for key in attributes):
                self._reach(self.row + self.repeated - 1, self.column)

    def _reach(self, row: int, column: int) -> None:
        self.widest = max(self.widest, column)
        if column > WIDEST:
            raise UsageError(f"{self.where} has more than {WIDEST:,} columns.", "Send only the sheet and columns that hold the list.")
        if row > limits.MOST_ROWS + 1 or row * self.widest > limits.MOST_CELLS:
            raise UsageError(
                f"{self.where} spans more than {limits.MOST_ROWS:,} rows or {limits.MOST_CELLS:,} cells.",
                "Send only the sheets and rows that hold the list.",
            )


def _column(reference: str) -> int:
    value = 0
    for letter in reference:
        if not letter.isascii() or not letter.isalpha():
            break
        value = value * 26 + ord(letter.upper()) - 64
        if value > 20_000:
            break
    return value


def _times(attributes: dict[str, str], name: str) -> int:
    text = next((value for key, value in attributes.items() if key.endswith(name)), "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
