"""Laying an evidence view out on sheets: how high everything is, and what stands on which sheet. Pure arithmetic in pixels.

Sheets are laid out here rather than left to the printer, so that what a reader sees, photographs and prints are the same pages, each with
its own head, foot and number. Letters are measured rather too wide than too narrow (`letters`), so no sheet is fuller than it looks here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from popmap.ui.letters import BOLD, width
from popmap.ui.paper import Cell, Grid, Heading, Part, Picture, Words
from popmap.ui.text import NOT_STATED

# A sheet's inner size in CSS pixels (96 an inch): 255 by 183 mm fit on A4 and on US Letter across, with margins of 12 mm at the least.
WIDE, HIGH = 963.0, 690.0
FONT, LINE, PAD = 12.0, 16.0, 9.0
HEAD_FONT, HEAD_LINE = 11.0, 14.0
WORDS_FONT, WORDS_LINE, WORDS_GAP, WORDS_WIDE = 13.0, 19.0, 8.0, 800.0
HEADING, HEADING_FONT, HEADING_LINE = 20.0, 15.0, 20.0
CONTINUED = 24.0
GRID_GAP = 12.0
GUTTER = 12.0
_FRAME = 22.0
_WIDEST, _LEAST_WORD, _NARROWEST = 430.0, 130.0, 44.0
_TURNED_NAME, _TURNED_LEAST, _TURNED_MOST, TURNED_HIGH = 250.0, 29.0, 60.0, 170.0
# A section of no more than this share of a sheet is not broken.
_SHORT = 0.5
# A picture may be drawn this much smaller before it gets an upright sheet, and no smaller than that however high it is.
_SHRUNK = 0.77
# Words of no more than this share of a sheet go along with the picture they stand over.
_FEW_WORDS = 0.25
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


def _short(text: str, room: float, size: float) -> str:
    first, *rest = lines(text, room, size)
    return f"{first}…" if rest else first


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
                head_height(part, *columns) + GRID_GAP + sum(height for _, _, height in _measured(part, columns, 1_000_000))
                for columns in _column_groups(part)
            )
        case Words():
            return words_height(part, len(_words_lines(part)))
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


def heading_height(part: Heading) -> float:
    """Return how high a heading is."""
    return HEADING + HEADING_LINE * len(lines(part.text, WIDE / BOLD, HEADING_FONT))


def words_height(part: Words, count: int) -> float:
    """Return how high a paragraph of so many lines is."""
    return count * WORDS_LINE + WORDS_GAP + (_FRAME if part.weighty else 0.0)


def _put_words(desk: _Desk, part: Words) -> None:
    found = _words_lines(part)
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


def _words_lines(part: Words) -> list[str]:
    return lines(f"{part.label} {part.text}".strip(), WORDS_WIDE / BOLD if part.label else WORDS_WIDE, WORDS_FONT)


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


# -- tables ---------------------------------------------------------------------------------------------------------------


def _column_groups(grid: Grid) -> Iterator[tuple[tuple[int, ...], tuple[float, ...]]]:
    """Yield the columns that stand side by side, with their widths; the first column is repeated in each group."""
    if grid.turned:
        yield from _turned_groups(grid)
        return
    natural, least = zip(*(_wishes(grid, at) for at in range(len(grid.headings))), strict=True)
    numeric = [at in grid.numeric for at in range(len(grid.headings))]
    group, used = [0], least[0]
    for at in range(1, len(grid.headings)):
        if used + least[at] > WIDE and len(group) > 1:
            yield tuple(group), _shared(*([each[place] for place in group] for each in (natural, least, numeric)))
            group, used = [0], least[0]
        group.append(at)
        used += least[at]
    yield tuple(group), _shared(*([each[place] for place in group] for each in (natural, least, numeric)))


def _wishes(grid: Grid, at: int) -> tuple[float, float]:
    """Return how wide a column is at best, and how narrow it may be."""
    heading = grid.headings[at]
    cells = {row[at] for row in grid.rows}
    best = max((width(_GAP.sub(" ", cell), FONT) for cell in cells), default=0.0)
    # "Not stated" stays on one line.
    word = max((width(word, FONT) for cell in cells for word in ([cell] if cell == NOT_STATED else cell.split())), default=0.0)
    name = max((width(part, HEAD_FONT) * BOLD for part in heading.split()), default=0.0)
    bold = BOLD if at == 0 else 1.0
    least = max(min(word * bold, _LEAST_WORD), name, _NARROWEST) + GUTTER
    return max(min(best * bold, _WIDEST) + GUTTER, least), least


def _shared(natural: Sequence[float], least: Sequence[float], numeric: Sequence[bool]) -> tuple[float, ...]:
    """Return widths that fill the sheet: each its best where there is room, else the narrow ones first and the others alike."""
    if sum(natural) <= WIDE:
        words = sum(wish for wish, number in zip(natural, numeric, strict=True) if not number)
        more = 1 + (WIDE - sum(natural)) / words if words else 1.0
        return tuple(wish if number else wish * more for wish, number in zip(natural, numeric, strict=True))
    low, high = 0.0, max(natural)
    for _ in range(40):
        level = (low + high) / 2
        if sum(max(fewest, min(wish, level)) for wish, fewest in zip(natural, least, strict=True)) <= WIDE:
            low = level
        else:
            high = level
    return tuple(max(fewest, min(wish, low)) for wish, fewest in zip(natural, least, strict=True))


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
        longest = max((width(grid.headings[at], HEAD_FONT) * BOLD for at in places[1:]), default=0.0)
        return min(longest, TURNED_HIGH) + 14.0
    most = max(len(lines(grid.headings[at], (wide - GUTTER) / BOLD, HEAD_FONT)) for at, wide in zip(places, widths, strict=True))
    return most * HEAD_LINE + PAD


def _put_rows(desk: _Desk, grid: Grid, columns: tuple[tuple[int, ...], tuple[float, ...]]) -> None:
    places, widths = columns
    head = head_height(grid, places, widths)
    split = _measured(grid, columns, int((desk.room - head - CONTINUED - PAD - GRID_GAP) // LINE))
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
            said = _short(f"{said[0].upper()}{said[1:]} · {grid.name}", WIDE - 20, HEAD_FONT)
        desk.put(Slice(grid, places, widths, tuple(cells for _, cells, _ in rows), said), used + head + over + GRID_GAP)
        at += len(rows)


def column_rooms(widths: Sequence[float]) -> list[float]:
    """Return how wide the lines of columns may be, measured in letters that are not bold; the first column's are."""
    return [(wide - GUTTER) / (BOLD if at == 0 else 1.0) for at, wide in enumerate(widths)]


def _measured(grid: Grid, columns: tuple[tuple[int, ...], tuple[float, ...]], most: int) -> list[tuple[int, tuple[Cell, ...], float]]:
    """Return the rows' cells in some columns, with the rows' numbers and heights; rows of more lines than `most` come in pieces."""
    places, widths = columns
    rooms = column_rooms(widths)
    return [piece for number, row in enumerate(grid.rows) for piece in _split(number, [row[at] for at in places], rooms, most)]


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
