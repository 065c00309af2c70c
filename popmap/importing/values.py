"""Values that rest on a cell."""

from __future__ import annotations

from popmap.importing import splitting
from popmap.importing.document import Cell
from popmap.importing.model import Status, Value

Fields = dict[str, tuple[Value, ...]]


def value(text: str, cell: Cell, status: Status = Status.STATED, rule: str = "", quote: str = "") -> Value:
    """Return a value that rests on a cell."""
    return Value(text, quote or cell.text, cell.locator.split(", table")[0], status, rule)


def flat(text: str) -> str:
    """Return a text's lines as one, parted by semicolons."""
    return "; ".join(line.removeprefix(splitting.BULLET) for line in text.split("\n"))
