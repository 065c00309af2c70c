"""CSV and TSV with any delimiter and encoding, as one table with spreadsheet places."""

from __future__ import annotations

from popmap.errors import UsageError
from popmap.importing.document import Document, Exported, Grid
from popmap.importing.reading import exported, inline
from popmap.importing.reading.sheets import WIDEST
from popmap.register.cells import unguard
from popmap.uploads.limits import LIST
from popmap.uploads.separated import cells, decode, letters, take_apart


def read(data: bytes, name: str) -> Document:
    """Return a CSV file's table; spreadsheet guards that popmap writes are taken away.

    Raises:
        UsageError: It isn't text, or has more rows or a longer cell than are read.
    """
    text = decode(data, name, LIST)[0]
    if own := _own(text, name):
        return Document(name, "csv", (own,))
    apart = take_apart(data, name, LIST)
    if any(len(row) > WIDEST for row in apart.rows):
        raise UsageError(f"{name} has a table of more than {WIDEST:,} columns.", "Send only the columns that hold the list.")
    rows = []
    for number, row in enumerate(apart.rows, 1):
        rows.append(tuple(inline.fragment(unguard(one.text), f"{letters(place)}{number}") for place, one in enumerate(row, 1)))
    return Document(name, "csv", (Grid(tuple(rows)),))


def _own(text: str, name: str) -> Exported | None:
    """Return the table of a CSV file that popmap wrote, None for any other."""
    mark = exported.delimiter(text)
    if not mark:
        return None
    # How often a mark occurs says nothing here: any of them may stand in a cell, and the heading has told which it is.
    head, *rows = [[unguard(one.text) for one in row] for row in cells(text, mark, name, wanted=LIST)]
    return exported.table(head, rows, lambda number, _, place: f"{letters(place + 1)}{number + 1}")
