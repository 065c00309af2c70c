"""CSV as text with the place of each cell, so that a cell can be read, and written, without touching its neighbours."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from popmap.errors import UsageError
from popmap.uploads import limits

DELIMITERS = ",;\t|"
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: where it stands in the text, with its quotes, and what it says."""

    start: int
    end: int
    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Separated:
    """A CSV file taken apart.

    Attributes:
        text: All of it, without the byte order mark.
        mark: The byte order mark's bytes.
        encoding: How the text was stored.
        delimiter: What stands between cells.
        newline: What stands between rows.
        rows: The cells, row by row; a blank line is a row of one empty cell.
    """

    text: str
    mark: bytes
    encoding: str
    delimiter: str
    newline: str
    rows: tuple[tuple[Cell, ...], ...]


def decode(data: bytes, name: str, wanted: limits.Wanted = limits.QUESTIONNAIRE) -> tuple[str, bytes, str]:
    """Return a text file's text, byte order mark and encoding; the three together give the same bytes again.

    Raises:
        UsageError: It holds bytes no text has.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), mark, encoding
            except UnicodeDecodeError as error:
                raise UsageError(f"{name} is not the text its first bytes say it is.", "Save it as UTF-8 and choose it again.") from error
    for encoding in ("utf-8", "cp1252", "latin-1"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text or sum(text[:4000].count(chr(code)) for code in (*range(1, 9), *range(14, 27))) > len(text[:4000]) / 50:
            break
        return text, b"", encoding
    raise UsageError(f"{name} is not a text file.", f"Choose an {wanted.forms} file.")


def take_apart(data: bytes, name: str, wanted: limits.Wanted = limits.QUESTIONNAIRE) -> Separated:
    """Return a CSV file's cells with their places.

    Raises:
        UsageError: It isn't text, has more rows than are read, or a cell longer than any spreadsheet's.
    """
    text, mark, encoding = decode(data, name, wanted)
    delimiter = _delimiter(text)
    rows = cells(text, delimiter, name, wanted=wanted)
    newline = "\r\n" if "\r\n" in text else "\n" if "\n" in text else "\r" if "\r" in text else "\n"
    return Separated(text, mark, encoding, delimiter, newline, rows)


def cells(
    text: str, delimiter: str, name: str, most: int = limits.MOST_ROWS, wanted: limits.Wanted = limits.QUESTIONNAIRE
) -> tuple[tuple[Cell, ...], ...]:
    """Return the cells of CSV text by row, as RFC 4180 has them; a quote inside a bare cell is a character like any other."""
    cut = re.escape(delimiter)
    pattern = re.compile(rf'(?:"((?:[^"]|"")*+)"(?=[{cut}\r\n]|\Z)|([^{cut}\r\n]*+))({cut}|\r\n|\n|\r|\Z)')
    rows: list[tuple[Cell, ...]] = []
    row: list[Cell] = []
    at = 0
    while at < len(text) or row:
        found = pattern.match(text, at)
        if not found:
            break
        quoted = found.group(1) is not None
        words = found.group(1).replace('""', '"') if quoted else found.group(2)
        row.append(Cell(at, found.end(3) - len(found.group(3)), words, quoted))
        if len(words) > limits.LONGEST_CELL:
            limits.cell_length(words, f"{name}, cell {letters(len(row))}{len(rows) + 1},")
        at = found.end()
        if found.group(3) != delimiter:
            rows.append(tuple(row))
            row = []
            if len(rows) > most:
                raise UsageError(f"{name} has more than {limits.MOST_ROWS:,} rows.", f"Send only the rows that hold {wanted.what}.")
        elif len(row) > limits.MOST_CELLS // 100:
            raise UsageError(f"{name} has a row of more than {len(row):,} cells.", "Check the file's delimiter and quotation marks.")
    return tuple(rows)


def _delimiter(text: str) -> str:
    """Return the delimiter under which the first rows are most alike, and have the most columns."""
    head = text[:200_000]

    def regular(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in _head(head, delimiter) if len(row) > 1 or row[0].text.strip()][:60]
        if not widths:
            return 0.0, 0
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        return (widths.count(usual) / len(widths) if usual > 1 else 0.0), usual

    return max(DELIMITERS, key=lambda delimiter: (regular(delimiter), -DELIMITERS.index(delimiter)))


def _head(text: str, delimiter: str) -> tuple[tuple[Cell, ...], ...]:
    try:
        return cells(text, delimiter, "", len(text))
    except UsageError:
        return ()


def letters(column: int) -> str:
    """Return a column's letters: 1 -> "A", 28 -> "AB"."""
    text = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
