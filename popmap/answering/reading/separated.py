"""A CSV file as a grid."""

from __future__ import annotations

from popmap.answering.reading.grid import Grid
from popmap.uploads.separated import Separated


def grid(apart: Separated) -> Grid:
    """Return a CSV file as a grid."""
    return Grid("", tuple(tuple(one.text for one in row) for row in apart.rows))
