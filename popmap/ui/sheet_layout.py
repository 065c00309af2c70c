"""Laying an evidence view out on sheets: how high everything is, and what stands on which sheet. Pure arithmetic in pixels.

Sheets are laid out here rather than left to the printer, so that what a reader sees, photographs and prints are the same pages, each with
its own head, foot and number. Letters are measured on the wide side (`flow.text`), so a sheet is never fuller than it looks here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from popmap.flow.text import width
from popmap.ui.paper import Cell, Grid, Heading, Part, Picture, Words

# A sheet's inner size in CSS pixels (96 an inch): 255 by 186 mm fit on A4 and on US Letter across, with margins of 12 mm at the least.
WIDE, HIGH = 963.0, 702.0
FONT, LINE, PAD = 12.0, 16.0, 9.0
HEAD_FONT, HEAD_LINE = 11.0, 14.0
WORDS_FONT, WORDS_LINE, WORDS_GAP, WORDS_WIDE = 13.0, 19.0, 8.0, 800.0
HEADING, HEADING_FONT, HEADING_LINE = 20.0, 15.0, 20.0
CONTINUED = 24.0
GRID_GAP = 12.0
GUTTER = 12.0
_FRAME = 22.0
# A bold letter is about so much wider.
_BOLD = 1.09
_WIDEST, _LEAST_WORD, _NARROWEST = 430.0, 130.0, 44.0
_TURNED_NAME, _TURNED_LEAST, _TURNED_MOST, _TURNED_HIGH = 250.0, 29.0, 60.0, 170.0
# A picture may be drawn this much smaller before it gets an upright sheet, and no smaller than that however high it is.
_SHRUNK = 0.8
_GAP = re.compile(r"\s+")


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


def lines(text: str, room: float, size: float = FONT) -> list[str]:
    """Return a text in the lines it takes in some room, broken between words, and within a word that is wider than the room.

    Args:
        text: Any text; its own line breaks are kept.
        room: Pixels.
        size: Font size in pixels.
    """
    return [line for part in text.split("\n") for line in _lines(_GAP.sub(" ", part).strip(), room, size)]


def _lines(text: str, room: float, size: float) -> list[str]:
    if width(text, size) <= room:
        return [text]
    found, line, used, space = [], "", 0.0, width(" ", size)
    for word in text.split(" "):
        wide = width(word, size)
        if line and used + space + wide <= room:
            line, used = f"{line} {word}", used + space + wide
            continue
        if line:
            found.append(line)
        *whole, line = _broken(word, room, size) if wide > room else [word]
        found += whole
        used = width(line, size)
    return [*found, line]


def _broken(word: str, room: float, size: float) -> list[str]:
    pieces, piece, used = [], "", 0.0
    for character in word:
        wide = width(character, size)
        if piece and used + wide > room:
            pieces.append(piece)
            piece, used = "", 0.0
        piece, used = piece + character, used + wide
    return [*pieces, piece]


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
                desk.put(part, heading_height(part), with_next=_least(parts[at + 1]) if at + 1 < len(parts) else 0.0)
            case Words():
                _put_words(desk, part)
            case Grid():
                for columns in _column_groups(part):
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
        """Put a piece on an upright sheet of its own, under the heading that was to stand over it."""
        over = [self._pieces.pop()] if self._pieces and isinstance(self._pieces[-1], Heading) else []
        self.turn()
        self._pieces = [*over, piece]
        self.turn(upright=True)

    def sheets(self) -> list[Sheet]:
        self.turn()
        return self._done or [Sheet(())]


def _least(part: Part) -> float:
    """Return the least height of a part that may stand under its heading."""
    match part:
        case Grid():
            return HEAD_LINE * 2 + LINE * 3 + 2 * PAD + (_TURNED_HIGH if part.turned else 0.0)
        case Picture():
            return part.height * min(1.0, WIDE / part.width) * _SHRUNK
        case _:
            return WORDS_LINE * 2


def heading_height(part: Heading) -> float:
    """Return how high a heading is."""
    return HEADING + HEADING_LINE * len(lines(part.text, WIDE / _BOLD, HEADING_FONT))


def words_height(part: Words, count: int) -> float:
    """Return how high a paragraph of so many lines is."""
    return count * WORDS_LINE + WORDS_GAP + (_FRAME if part.weighty else 0.0)


def _put_words(desk: _Desk, part: Words) -> None:
    found = lines(f"{part.label} {part.text}".strip(), WORDS_WIDE / _BOLD if part.label else WORDS_WIDE, WORDS_FONT)
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
    room = WIDE - ends * 1.5 - HEADING - HEADING_LINE
    scale = min(1.0, HIGH / part.width, room / part.height)
    desk.whole(Drawn(part, part.width * scale, part.height * scale))


# -- tables ---------------------------------------------------------------------------------------------------------------


def _column_groups(grid: Grid) -> Iterator[tuple[tuple[int, ...], tuple[float, ...]]]:
    """Yield the columns that stand side by side, with their widths; the first column is repeated in each group."""
    if grid.turned:
        yield from _turned_groups(grid)
        return
    natural, least = zip(*(_wishes(grid, at) for at in range(len(grid.headings))), strict=True)
    group, used = [0], least[0]
    for at in range(1, len(grid.headings)):
        if used + least[at] > WIDE and len(group) > 1:
            yield tuple(group), _shared([natural[place] for place in group], [least[place] for place in group])
            group, used = [0], least[0]
        group.append(at)
        used += least[at]
    yield tuple(group), _shared([natural[place] for place in group], [least[place] for place in group])


def _wishes(grid: Grid, at: int) -> tuple[float, float]:
    """Return how wide a column is at best, and how narrow it may be."""
    heading = grid.headings[at]
    cells = {row[at] for row in grid.rows}
    best = max((width(_GAP.sub(" ", cell), FONT) for cell in cells), default=0.0)
    word = max((width(word, FONT) for cell in cells for word in cell.split()), default=0.0)
    name = max((width(part, HEAD_FONT) * _BOLD for part in heading.split()), default=0.0)
    bold = _BOLD if at == 0 else 1.0
    least = max(min(word * bold, _LEAST_WORD), name, _NARROWEST) + GUTTER
    return max(min(best * bold, _WIDEST) + GUTTER, least), least


def _shared(natural: Sequence[float], least: Sequence[float]) -> tuple[float, ...]:
    """Return widths that fill the sheet: each its best where there is room, else what is over the least in proportion."""
    if sum(natural) <= WIDE:
        more = (WIDE - sum(natural)) / sum(natural)
        return tuple(wish * (1 + more) for wish in natural)
    over, wanted = WIDE - sum(least), sum(natural) - sum(least)
    # One column alone may want more than a sheet.
    return tuple(low + max(0.0, over) * (wish - low) / wanted for wish, low in zip(natural, least, strict=True))


def _turned_groups(grid: Grid) -> Iterator[tuple[tuple[int, ...], tuple[float, ...]]]:
    number = len(grid.headings) - 1
    most = max(1, int((WIDE - _TURNED_NAME) // _TURNED_LEAST))
    groups = max(1, -(-number // most))
    size = -(-number // groups) if number else 0
    for start in range(1, number + 1, size) if number else ():
        places = range(start, min(start + size, number + 1))
        wide = min(_TURNED_MOST, (WIDE - _TURNED_NAME) / len(places))
        yield (0, *places), (_TURNED_NAME, *(wide for _ in places))


def head_height(grid: Grid, places: Sequence[int], widths: Sequence[float]) -> float:
    """Return the height of a table's headings."""
    if grid.turned:
        longest = max((width(grid.headings[at], HEAD_FONT) * _BOLD for at in places[1:]), default=0.0)
        return min(longest, _TURNED_HIGH) + 14.0
    most = max(len(lines(grid.headings[at], (wide - GUTTER) / _BOLD, HEAD_FONT)) for at, wide in zip(places, widths, strict=True))
    return most * HEAD_LINE + PAD


def _put_rows(desk: _Desk, grid: Grid, columns: tuple[tuple[int, ...], tuple[float, ...]]) -> None:
    places, widths = columns
    head = head_height(grid, places, widths)
    rooms = [(wide - GUTTER) / (_BOLD if at == 0 else 1.0) for at, wide in enumerate(widths)]
    most = int((desk.room - head - CONTINUED - PAD - GRID_GAP) // LINE)
    split = [piece for number, row in enumerate(grid.rows) for piece in _split(number, [row[at] for at in places], rooms, most)]
    part = "" if len(places) == len(grid.headings) else f"columns {places[1] + 1} to {places[-1] + 1} of {len(grid.headings)}"
    at = 0
    while at < len(split):
        over = CONTINUED if at or (part and places[1] != 1) else 0.0
        room, rows, used = desk.left - head - over - GRID_GAP, [], 0.0
        while at + len(rows) < len(split) and used + split[at + len(rows)][2] <= room:
            used += split[at + len(rows)][2]
            rows.append(split[at + len(rows)])
        if not rows:
            # A row is never higher than an empty sheet, so the next one takes it.
            desk.turn()
            continue
        said = ""
        if over:
            numbers = f"rows {rows[0][0] + 1:,} to {rows[-1][0] + 1:,} of {len(grid.rows):,}"
            said = ", ".join(filter(None, (numbers if at or rows[-1] is not split[-1] else "", part)))
            said = f"{said[0].upper()}{said[1:]} · {grid.name}"
        desk.put(Slice(grid, places, widths, tuple(cells for _, cells, _ in rows), said), used + head + over + GRID_GAP)
        at += len(rows)


def _split(number: int, cells: list[Cell], rooms: Sequence[float], most: int) -> Iterator[tuple[int, tuple[Cell, ...], float]]:
    """Yield a row with its number and height; one that no sheet could hold in pieces."""
    found = [lines(text, room) for text, room in zip(cells, rooms, strict=True)]
    high = max(map(len, found))
    if high <= most:
        yield number, tuple(cells), high * LINE + PAD
        return
    for start in range(0, high, most):
        taken = ["\n".join(each[start : start + most]) for each in found]
        if start and not taken[0]:
            taken[0] = "(continued)"
        yield number, tuple(taken), min(most, high - start) * LINE + PAD
