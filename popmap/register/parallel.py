"""Doing the same to several columns at once: NumPy and Arrow let go of the interpreter while they work on a million rows."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

# For fewer rows, starting a thread takes longer than the work.
_MANY_ROWS = 50_000

Item = TypeVar("Item")
Result = TypeVar("Result")


def threads(rows: int) -> int:
    """Return how many threads work on columns of so many rows."""
    return min(os.cpu_count() or 1, 4) if rows >= _MANY_ROWS else 1


def each(function: Callable[[Item], Result], items: Sequence[Item], rows: int) -> list[Result]:
    """Return a function's results for some columns of so many rows, in the columns' order; what it raises reaches the caller."""
    if threads(rows) == 1:
        return [function(item) for item in items]
    with ThreadPoolExecutor(threads(rows)) as pool:
        return list(pool.map(function, items))
