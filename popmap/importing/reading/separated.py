"""CSV and TSV with any delimiter and encoding, as one table with spreadsheet places."""

from __future__ import annotations

from popmap.errors import UsageError
from popmap.importing.document import Document, Grid
from popmap.importing.reading import inline
from popmap.importing.reading.sheets import WIDEST
from popmap.register.cells import unguard
from popmap.uploads.limits import LIST
from popmap.uploads.separated import letters, take_apart


def read(data: bytes, name: str) -> Document:
    """Return a CSV file's table; spreadsheet guards that popmap writes are taken away.

    Raises:
        UsageError: It isn't text, or has more rows or a longer cell than are read.
    """
    apart = take_apart(data, name, LIST)
    if any(len(row) > WIDEST for row in apart.rows):
        raise UsageError(f"{name} has a table of more than {WIDEST:,} columns.", "Send only the columns that hold the list.")
    rows = []
    for number, row in enumerate(apart.rows, 1):
        cells = [inline.fragment(unguard(one.text), f"{letters(place)}{number}") for place, one in enumerate(row, 1)]
        rows.append(tuple(cells))
    return Document(name, "csv", (Grid(tuple(rows)),))
