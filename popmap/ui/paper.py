"""What an evidence view is made of, before it is laid out on sheets: words, tables and pictures. Plain text throughout, never markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from popmap.ui.text import NOT_STATED

Cell = str
"""One cell's text; NOT_STATED where the register says nothing, which is printed so that it stands off."""

# So many rows of a table are printed; a browser that has to lay out more is of no use, and nobody reads them on paper.
MOST_ROWS = 2_000
TAKE_ALL = "Take the export or the evidence pack for all of them."


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading over what follows; it never stands alone at the end of a sheet."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph.

    Attributes:
        text: What it says.
        label: A word or two in front of it that stand out, "" for none.
        weighty: Whether it stands in a frame, for what must not be overlooked.
    """

    text: str
    label: str = ""
    weighty: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table.

    Attributes:
        name: What it is, for those who cannot see it, and over each of its parts but the first.
        headings: Its columns' headings.
        rows: Its rows, each with a cell for every heading; the first cell names the row.
        numeric: Places of columns of numbers, which are set to the right.
        turned: Whether headings run from bottom to top, for many narrow columns; the first never does.
    """

    name: str
    headings: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    numeric: frozenset[int] = frozenset()
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing.

    Attributes:
        svg: The SVG document.
        width: Its width in pixels.
        height: Its height in pixels.
        words: What it shows.
    """

    svg: str
    width: float
    height: float
    words: str


Part = Heading | Words | Grid | Picture


def cell(value: object) -> Cell:
    """Return a value as a cell's text: "not stated" for None and for what is blank."""
    text = f"{value:,}" if isinstance(value, int) else "" if value is None else str(value).strip()
    return text or NOT_STATED


def cut_note(shown: int, total: int) -> list[Part]:
    """Return what has to be said where not all rows are printed; nothing where they are."""
    if shown >= total:
        return []
    return [Words(f"Rows 1 to {shown:,} of {total:,}. {TAKE_ALL}", "Not all rows.", weighty=True)]
