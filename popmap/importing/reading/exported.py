"""popmap's own table exports, told by their columns before anything else is made of them.

Their cells are the register's: white space, markup and quotes in them are text. The readers of published lists tidy all of that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from popmap.importing.document import Cell, Exported
from popmap.register.cells import CUT
from popmap.uploads.separated import DELIMITERS
from popmap.views import VIEWS

# What a table must have to be read by its structure: the key and a name.
_NEEDED = {
    "flows": frozenset({"category_id", "vendor_id", "purpose"}),
    "vendors": frozenset({"vendor_id", "name"}),
    "categories": frozenset({"category_id", "name"}),
    "activities": frozenset({"activity_id", "name"}),
    "findings": frozenset({"severity", "title", "code"}),
}
# Which cells somebody inferred. Where an export was made, or later cut, without it, so many of our headings still tell where it is from.
MARKS, _FEWEST_UNMARKED = "inferred", 5
Where = Callable[[int, str, int], str]


def view_of(head: Sequence[str], *, labels: bool = False) -> tuple[str, tuple[str, ...]] | None:
    """Return which of popmap's tables has these headings, and its columns by name; None when none has.

    Args:
        head: The headings.
        labels: Whether they are the ones people read, as in workbooks, rather than names.
    """
    for name, known in _headings(labels).items():
        columns = tuple(known.get(one, "") for one in head)
        marked = MARKS in columns or MARKS not in known.values() or len(columns) >= _FEWEST_UNMARKED
        if marked and all(columns) and len(set(columns)) == len(columns) and set(columns) >= _NEEDED[name]:
            return name, columns
    return None


@cache
def _headings(labels: bool) -> dict[str, dict[str, str]]:
    return {name: {column.label if labels else column.name: column.name for column in view.columns} for name, view in VIEWS.items()}


def table(head: Sequence[str], rows: Iterable[Sequence[str]], where: Where, *, labels: bool = False, name: str = "") -> Exported | None:
    """Return a table that popmap wrote, None when it is another's.

    Args:
        head: Its headings.
        rows: Its rows of texts; one without any text is none.
        where: Gives a cell's locator by its row's number from 1, its column's heading and number from 0.
        labels: See `view_of`.
        name: The sheet's name, or "".
    """
    found = view_of(head, labels=labels)
    if not found:
        return None
    kept, ragged = [], []
    for number, row in enumerate(rows, 1):
        if not any(row):
            continue
        if len(row) != len(head):
            ragged.append(where(number, head[0], 0))
            continue
        places = enumerate(zip(row, head, strict=True))
        kept.append(tuple(Cell(text, where(number, heading, place), cut=text.endswith(CUT)) for place, (text, heading) in places))
    return Exported(*found, tuple(kept), tuple(ragged), name)


def delimiter(text: str) -> str:
    """Return what stands between the cells of CSV that popmap wrote, or another program saved again; "" when it is another's."""
    line = text.split("\n", 1)[0].rstrip("\r")
    return next((mark for mark in DELIMITERS if view_of([one.strip('"') for one in line.split(mark)])), "")


def from_json(value: object) -> Exported | None:
    """Return the table of a JSON export: an object of about, columns and rows; None when it is something else."""
    if not isinstance(value, dict) or not isinstance(value.get("about"), dict):
        return None
    columns, rows = value.get("columns"), value.get("rows")
    if not isinstance(columns, list) or not isinstance(rows, list):
        return None
    head = [str(one.get("name")) if isinstance(one, dict) else "" for one in columns]
    if not view_of(head) or any(not isinstance(row, dict) or not set(row) <= set(head) for row in rows):
        return None
    texts = [["" if row.get(column) is None else row[column] for column in head] for row in rows]
    if any(not isinstance(text, str) for row in texts for text in row):
        return None
    return table(head, texts, lambda number, heading, _: f"rows[{number - 1}].{heading}")
