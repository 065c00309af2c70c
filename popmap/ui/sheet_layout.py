"""Laying an evidence view out on sheets: how high everything is, and what stands on which sheet. Pure arithmetic in pixels.

Sheets are laid out here rather than left to the printer, so that what a reader sees, photographs and prints are the same pages, each with
its own head, foot and number. Letters are measured rather too wide than too narrow (`letters`), so no sheet is fuller than it looks here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from popmap.ui.paper import Cell, Grid, Heading, Part, Picture, Words
from popmap.ui.sheet_measures import (
    CONTINUED,
    GRID_GAP,
    HEAD_FONT,
    HEAD_LINE,
    HEADING,
    HEADING_LINE,
    HIGH,
    LINE,
    PAD,
    TURNED_HIGH,
    WIDE,
    WORDS_LINE,
    Columns,
    column_groups,
    head_height,
    heading_height,
    measured,
    shortened,
    words_height,
    words_lines,
)

# A section of no more than this share of a sheet is not broken.
_SHORT = 0.5
# A picture may be drawn this much smaller before it gets an upright sheet, and no smaller than that however high it is.
_SHRUNK = 0.77
# Words of no more than this share of a sheet go along with the picture they stand over.
_FEW_WORDS = 0.25


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows and columns of a grid, as they stand on one sheet.

    Attributes:
        grid: The whole.
        places: The columns' places.
        widths: Their widths in pixels.
        rows: The rows' cells in these columns.
        said: What stands over it, "" for nothing.
    """

    grid: Grid
    places: tuple[int, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    said: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture at the size at which it is printed."""

    picture: Picture
    width: float
    height: float


Piece = Heading | Words | Slice | Drawn


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: what stands on it, and whether it is upright."""

    pieces: tuple[Piece, ...]
    upright: bool = False


def lay_out(parts: Sequence[Part], head: float, foot: float) -> list[Sheet]:
    """Return the sheets that parts take, at least one.

    Args:
        parts: What is to be printed, in order.
        head: The height of a sheet's head in pixels.
        foot: The height of its foot.
    """
    desk = _Desk(HIGH - head - foot)
    for at, part in enumerate(parts):
        match part:
            case Heading():
                desk.put(part, heading_height(part), with_next=_section(parts[at + 1 :], desk.room))
            case Words():
                _put_words(desk, part)
            case Grid():
                for columns in column_groups(part):
                    _put_rows(desk, part, columns)
            case Picture():
                _put_picture(desk, part, head + foot)
    return desk.sheets()


class _Desk:
    """The sheets under way; each piece goes on the last one, or on a new one where there is too little room."""

    def __init__(self, room: float) -> None:
        self.room = room
        self._done: list[Sheet] = []
        self._pieces: list[Piece] = []
        self._used = 0.0

    @property
    def left(self) -> float:
        return self.room - self._used

    def put(self, piece: Piece, height: float, with_next: float = 0.0) -> None:
        if self._pieces and height + with_next > self.left:
            self.turn()
        self._pieces.append(piece)
        self._used += height

    def turn(self, upright: bool = False) -> None:
        if self._pieces:
            self._done.append(Sheet(tuple(self._pieces), upright))
            self._pieces, self._used = [], 0.0

    def whole(self, piece: Piece) -> None:
        """Put a piece on an upright sheet of its own, under the words that were to stand over it."""
        over: list[Piece] = []
        if all(isinstance(each, (Heading, Words)) for each in self._pieces) and self._used < self.room * _FEW_WORDS:
            over, self._pieces, self._used = self._pieces, [], 0.0
        self.turn()
        self._pieces = [*over, piece]
        self.turn(upright=True)

    def sheets(self) -> list[Sheet]:
        self.turn()
        return self._done or [Sheet(())]


def _section(parts: Sequence[Part], room: float) -> float:
    """Return the height that has to be left under a heading: a short section stays together, of a longer one its beginning does."""
    own = list(takewhile(lambda part: not isinstance(part, Heading), parts))
    whole = least = 0.0
    for part in own:
        least = whole + _least(part)
        whole += _whole(part)
        if whole > room * _SHORT:
            return least
    return whole


def _whole(part: Part) -> float:
    """Return the height of a part that is not broken."""
    match part:
        case Grid():
            return sum(
                head_height(part, *columns) + GRID_GAP + sum(height for _, _, height in measured(part, columns, 1_000_000))
                for columns in column_groups(part)
            )
        case Words():
            return words_height(part, len(words_lines(part)))
        case Picture():
            return part.height * min(1.0, WIDE / part.width)
        case Heading():
            return heading_height(part)


def _least(part: Part) -> float:
    """Return the least height of a part that may stand under its heading."""
    match part:
        case Grid():
            return HEAD_LINE * 2 + LINE * 3 + 2 * PAD + (TURNED_HIGH if part.turned else 0.0)
        case Picture():
            return part.height * min(1.0, WIDE / part.width) * _SHRUNK
        case _:
            return WORDS_LINE * 2


def _put_words(desk: _Desk, part: Words) -> None:
    found = words_lines(part)
    label = part.label
    while found:
        fit = int((desk.left - words_height(part, 0)) // WORDS_LINE)
        if fit < min(len(found), 2):
            desk.turn()
            fit = int((desk.room - words_height(part, 0)) // WORDS_LINE)
        if len(found) <= fit:
            taken, found = found, []
        else:
            taken, found = found[:fit], found[fit:]
        text = ("\n" if "\n" in part.text else " ").join(taken)
        desk.put(Words(text.removeprefix(label).strip(), label, part.weighty), words_height(part, len(taken)))
        label = ""


def _put_picture(desk: _Desk, part: Picture, ends: float) -> None:
    scale = min(1.0, WIDE / part.width)
    height = part.height * scale
    shrunk = min(1.0, (desk.left - GRID_GAP) / height)
    if shrunk < _SHRUNK:
        shrunk = min(1.0, (desk.room - GRID_GAP - HEADING - HEADING_LINE) / height)
    if shrunk >= _SHRUNK:
        desk.put(Drawn(part, part.width * scale * shrunk, height * shrunk), height * shrunk + GRID_GAP)
        return
    # An upright sheet is as wide as the others are high; its head may take a line or two more there.
    # Words above it take as many lines more as it is narrower.
    room = WIDE - ends * 1.4 - _FEW_WORDS * desk.room * 1.2
    scale = min(1.0, HIGH / part.width, room / part.height)
    desk.whole(Drawn(part, part.width * scale, part.height * scale))


def _put_rows(desk: _Desk, grid: Grid, columns: Columns) -> None:
    places, widths = columns
    head = head_height(grid, places, widths)
    split = measured(grid, columns, int((desk.room - head - CONTINUED - PAD - GRID_GAP) // LINE))
    part = "" if len(places) == len(grid.headings) else f"columns {places[1] + 1} to {places[-1] + 1} of {len(grid.headings)}"
    at = 0
    while at < len(split):
        over = CONTINUED if at or (part and places[1] != 1) else 0.0
        room, rows, used = desk.left - head - over - GRID_GAP, [], 0.0
        while at + len(rows) < len(split) and used + split[at + len(rows)][2] <= room:
            used += split[at + len(rows)][2]
            rows.append(split[at + len(rows)])
        if not rows and desk.left < desk.room:
            desk.turn()
            continue
        # A row is never higher than an empty sheet; were it so, it would be better overfull than lost.
        if not rows:
            rows, used = [split[at]], split[at][2]
        said = ""
        if over:
            numbers = f"rows {rows[0][0] + 1:,} to {rows[-1][0] + 1:,} of {len(grid.rows):,}"
            said = ", ".join(filter(None, (numbers if at or rows[-1] is not split[-1] else "", part)))
            said = shortened(f"{said[0].upper()}{said[1:]} · {grid.name}", WIDE - 20, HEAD_FONT)
        desk.put(Slice(grid, places, widths, tuple(cells for _, cells, _ in rows), said), used + head + over + GRID_GAP)
        at += len(rows)
