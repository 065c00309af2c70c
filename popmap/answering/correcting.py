"""The detected layout as rows that a person can correct, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from popmap.answering.model import Block
from popmap.errors import UsageError

ROLES = ("question", "reference", "section", "answer", "comment")
NAMES = ("sheet", "header", "first", "last", *ROLES)
_COLUMN = re.compile(r"[A-Z]{1,3}(?::[A-Z]{1,3})?")


def to_rows(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Return blocks as rows: sheet, row numbers, and a column letter for each role, "" where there is none."""
    return [
        {"sheet": one.sheet, "header": one.header, "first": one.first, "last": one.last}
        | {role: one.columns.get(role, "") for role in ROLES}
        for one in blocks
    ]


def to_blocks(rows: Sequence[Mapping[str, Any]], detected: Sequence[Block] = ()) -> list[Block]:
    """Return the blocks that rows describe.

    Args:
        rows: As `to_rows` gives them; cells may be missing or None, rows without a question column are left out.
        detected: The blocks read before: which sheets are hidden, and columns of roles that a person does not see.

    Raises:
        UsageError: A row number or column is none, or no row names a question column.
    """
    hidden = {one.sheet: one.hidden for one in detected}
    found = []
    for number, row in enumerate(rows, 1):
        cells = {name: str(row.get(name) or "").strip() for name in NAMES}
        columns = {role: cells[role].upper() for role in ROLES if cells[role]}
        if "question" not in columns:
            continue
        for role, column in columns.items():
            if not _COLUMN.fullmatch(column):
                raise UsageError(f"Row {number} of the layout: “{column[:20]}” is no column for the {role}.", "Use letters: B, or D:F.")
        header, first, last = (_number(number, name, cells[name]) for name in ("header", "first", "last"))
        if not 1 <= first <= last:
            raise UsageError(f"Row {number} of the layout: questions from row {first} to row {last}.", "The first row is 1 or more.")
        unseen = next((one.columns for one in detected if one.sheet == cells["sheet"] and one.header == header), {})
        columns |= {role: column for role, column in unseen.items() if role not in ROLES}
        found.append(Block(cells["sheet"], header, first, last, columns, hidden.get(cells["sheet"], False)))
    if not found:
        raise UsageError("The layout names no column of questions.", "Enter at least one row with its sheet, rows and question column.")
    return found


def _number(row: int, name: str, text: str) -> int:
    try:
        return int(float(text or 0))
    except (ValueError, OverflowError) as error:
        raise UsageError(f"Row {row} of the layout: “{text[:20]}” is no row number ({name}).", "Use whole numbers.") from error
