"""Answers written into CSV: the text between the answered cells is the text that came."""

from __future__ import annotations

from popmap.answering.model import Questionnaire
from popmap.answering.reading.separated import Separated, grid, take_apart
from popmap.answering.writing import headings
from popmap.answering.writing.plan import Plan, into_cells
from popmap.register.cells import guard

# What typing programs put where an old encoding has no sign for it.
_PLAIN = str.maketrans({"…": "...", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " ", "→": "->"})


def write(data: bytes, questionnaire: Questionnaire, made: Plan) -> bytes:
    """Return the CSV with the planned answers: same delimiter, quoting, line ends, byte order mark and encoding."""
    apart = take_apart(data, questionnaire.name)
    rows = grid(apart)

    def standing(_: str, row: int, column: int) -> str:
        return rows.at(row, column)

    cells = into_cells(made, standing).get("", {})
    if not cells:
        return data
    cells |= headings.added(questionnaire, "", cells, standing)
    return put(apart, cells)


def put(apart: Separated, cells: dict[tuple[int, int], str]) -> bytes:
    """Return a CSV file with texts in some cells.

    Args:
        apart: The file.
        cells: (row, column) from 1 -> the text; a row that ends before the column is filled up with empty cells.
    """
    quoting = _quotes_all(apart)
    inner = "\r\n" if any("\r\n" in cell.text for row in apart.rows for cell in row) else "\n"
    edits: list[tuple[int, int, str]] = []
    for row in sorted({row for row, _ in cells}):
        own = apart.rows[row - 1] if row <= len(apart.rows) else ()
        if not own:
            continue
        width, behind = len(own), ""
        for column in sorted(column for at, column in cells if at == row):
            text = _cell(cells[row, column].replace("\n", inner), apart, quoting)
            if column <= len(own):
                edits.append((own[column - 1].start, own[column - 1].end, text))
            else:
                behind += apart.delimiter * (column - width) + text
                width = column
        if behind:
            edits.append((own[-1].end, own[-1].end, behind))
    pieces, at = [], 0
    for start, end, new in sorted(edits, key=lambda one: one[:2]):
        pieces += [apart.text[at:start], new]
        at = end
    text = "".join([*pieces, apart.text[at:]])
    return apart.mark + text.encode(apart.encoding)


def _quotes_all(apart: Separated) -> bool:
    filled = [cell.quoted for row in apart.rows for cell in row if cell.text]
    return bool(filled) and sum(filled) >= 0.9 * len(filled)


def _cell(text: str, apart: Separated, quoting: bool) -> str:
    safe = guard(text.replace("\0", ""))
    if not apart.encoding.startswith("utf"):
        try:
            safe.encode(apart.encoding)
        except UnicodeEncodeError:
            safe = safe.translate(_PLAIN).encode(apart.encoding, "replace").decode(apart.encoding)
    if quoting or any(sign in safe for sign in ('"', "\r", "\n", apart.delimiter)) or safe != safe.strip():
        return '"' + safe.replace('"', '""') + '"'
    return safe
