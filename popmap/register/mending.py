"""A damaged CSV file, read leniently: every fault is named, and what is usable is written to a clean, numbered copy."""

from __future__ import annotations

import csv
import sys
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

from popmap.register import quotes
from popmap.register.cells import NOT_TEXT
from popmap.register.faults import NAMED_ROWS, Fault, shorten
from popmap.register.reading import TableFile, visible

# How many lines that broken quotes swallowed are read again before quotes are no longer trusted at all.
_MOST_LINES_AGAIN = 5_000_000


def mend(file: TableFile, workspace: Path) -> tuple[TableFile, list[Fault]]:
    """Return a clean, numbered copy of a damaged CSV file, and every fault in its rows.

    Args:
        file: The file as `understand` found it.
        workspace: The folder the copy is written to.
    """
    faults: list[Fault] = []
    counts: dict[str, int] = {}

    def report(code: str, row: int, value: str = "", column: str = "") -> None:
        counts[code] = counts.get(code, 0) + 1
        if counts[code] <= NAMED_ROWS:
            faults.append(Fault(code, file.name, table=file.table.name, row=row, column=column, value=shorten(visible(value))))

    keep = [position for position, name in enumerate(file.columns) if name]
    copy = workspace / f"{file.table.name}.clean.csv"
    with copy.open("w", encoding="utf-8", newline="", errors="surrogateescape") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for row, cells in _records(file, report):
            if len(cells) < len(file.columns):
                report("row-short", row, file.delimiter.join(cells))
            elif len(cells) > len(file.columns) and any(cell.strip() for cell in cells[len(file.columns) :]):
                report("row-long", row, file.delimiter.join(cells[len(file.columns) :]))
            values = [cells[position] if position < len(cells) else "" for position in keep]
            # Bytes that are not UTF-8 become lone surrogates in decoding; here they are reported and made visible.
            for index, value in enumerate(values):
                if NOT_TEXT.search(value):
                    report("encoding-broken", row, value, file.columns[keep[index]])
                    values[index] = visible(value)
            writer.writerow([row, *values])
    faults += [
        Fault("and-more", file.name, table=file.table.name, column="", value=f"{count - NAMED_ROWS:,}", more=code)
        for code, count in counts.items()
        if count > NAMED_ROWS
    ]
    columns = tuple(file.columns[position] for position in keep)
    return TableFile(file.table, copy, file.name, columns=columns, numbered=True), faults


def _records(file: TableFile, report: Callable[[str, int, str], None]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row's number and cells below the header.

    A quote that is never closed, or closed by a quote that opens another cell, would swallow the rows below it: it is reported, its line is
    read alone, and the rows it swallowed are read again.
    """
    csv.field_size_limit(sys.maxsize)
    taken: list[str] = []
    again: deque[str] = deque()
    patience = _MOST_LINES_AGAIN
    with file.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as source:
        reader = csv.reader(quotes.remembering(source, again, taken), delimiter=file.delimiter)
        number, header_seen = 0, False
        while (cells := next(reader, None)) is not None:
            number += 1
            damage = quotes.damage(taken, file.delimiter)
            if damage == "quote-open" or (damage and len(taken) > 1):
                report("quote-open", number, taken[0])
                cells = quotes.alone(taken[0], file.delimiter, len(file.columns))
                again.extendleft(reversed(taken[1:]))
                patience -= len(taken)
                lines = quotes.remembering(source, again, taken)
                # A file that opens a quote on every line would be read again from each of them.
                reader = (
                    csv.reader(lines, delimiter=file.delimiter)
                    if patience > 0
                    else (quotes.alone(line, file.delimiter, len(file.columns)) for line in lines)
                )
            elif damage:
                report(damage, number, taken[0])
            taken.clear()
            if any(cell.strip() for cell in cells):
                if header_seen:
                    yield number, cells
                header_seen = True
