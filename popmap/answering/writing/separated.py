"""Answers written into CSV: the text between the answered cells is the text that came."""

from __future__ import annotations

from collections.abc import Mapping

from popmap.answering.model import Questionnaire
from popmap.answering.reading.separated import grid
from popmap.answering.writing import headings
from popmap.answering.writing.plan import Plan, into_cells
from popmap.errors import UsageError
from popmap.register.cells import guard
from popmap.uploads.separated import Separated, take_apart
from popmap.uploads.separated import cells as taken

# What typing programs put where an old encoding has no sign for it.
_PLAIN = {"…": "...", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " ", "→": "->"}


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

    Raises:
        UsageError: The file's quotation marks do not pair up.
    """
    quoting = _quotes_all(apart)
    inner = "\r\n" if any("\r\n" in cell.text for row in apart.rows for cell in row) else "\n"
    edits: list[tuple[int, int, str]] = []
    for row, texts in by_row(cells).items():
        own = apart.rows[row - 1] if row <= len(apart.rows) else ()
        if not own:
            continue
        width, behind = len(own), ""
        for column, raw in texts.items():
            quoted = own[column - 1].quoted if column <= len(own) else False
            text = _cell(guard(raw.replace("\0", "")).replace("\n", inner), apart, quoting or quoted)
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
    _check(apart, text, cells)
    return apart.mark + text.encode(apart.encoding)


def _check(apart: Separated, text: str, changed: Mapping[tuple[int, int], str]) -> None:
    """Refuse a result that reads differently: in a file whose quotation marks don't pair up, a new cell can pair with an old mark."""
    again = taken(text, apart.delimiter, "", len(text) + 1)
    same = len(again) == len(apart.rows) and all(
        old.text == new.text
        for row, (before, after) in enumerate(zip(apart.rows, again, strict=True), 1)
        for column, (old, new) in enumerate(zip(before, after, strict=False), 1)
        if (row, column) not in changed
    )
    if not same:
        raise UsageError(
            "The CSV's quotation marks do not pair up, so nothing can be written into it safely.", "Save it as CSV again, or as .xlsx."
        )


def by_row(cells: Mapping[tuple[int, int], str]) -> dict[int, dict[int, str]]:
    """Return cells row by row, in order."""
    found: dict[int, dict[int, str]] = {}
    for (row, column), text in sorted(cells.items()):
        found.setdefault(row, {})[column] = text
    return found


def _quotes_all(apart: Separated) -> bool:
    filled = [cell.quoted for row in apart.rows for cell in row if cell.text]
    return bool(filled) and sum(filled) >= 0.9 * len(filled)


def _cell(text: str, apart: Separated, quoting: bool) -> str:
    safe = "".join(sign if _holds(apart.encoding, sign) else _PLAIN.get(sign, "?") for sign in text)
    if quoting or any(sign in safe for sign in ('"', "\r", "\n", apart.delimiter)) or safe != safe.strip():
        return '"' + safe.replace('"', '""') + '"'
    return safe


def _holds(encoding: str, sign: str) -> bool:
    try:
        return sign < "\x80" or bool(sign.encode(encoding))
    except UnicodeEncodeError:
        return False
