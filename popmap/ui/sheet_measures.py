"""How high and how wide everything on a sheet is: lines, words, headings, and the columns and rows of tables. In CSS pixels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from popmap.ui.letters import BOLD, width
from popmap.ui.paper import Cell, Grid, Heading, Words
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
_GAP = re.compile(r"\s+")

Columns = tuple[tuple[int, ...], tuple[float, ...]]
"""Columns that stand side by side: their places in the grid, and their widths."""


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


def shortened(text: str, room: float, size: float) -> str:
    """Return a text on one line, what does not fit replaced by an ellipsis."""
    first, *rest = lines(text, room, size)
    return f"{first}…" if rest else first


def heading_height(part: Heading) -> float:
    """Return how high a heading is."""
    return HEADING + HEADING_LINE * len(lines(part.text, WIDE / BOLD, HEADING_FONT))


def words_height(part: Words, count: int) -> float:
    """Return how high a paragraph of so many lines is."""
    return count * WORDS_LINE + WORDS_GAP + (_FRAME if part.weighty else 0.0)


def words_lines(part: Words) -> list[str]:
    """Return the lines of a paragraph."""
    return lines(f"{part.label} {part.text}".strip(), WORDS_WIDE / BOLD if part.label else WORDS_WIDE, WORDS_FONT)


def column_groups(grid: Grid) -> Iterator[Columns]:
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


def _turned_groups(grid: Grid) -> Iterator[Columns]:
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


def column_rooms(widths: Sequence[float]) -> list[float]:
    """Return how wide the lines of columns may be, measured in letters that are not bold; the first column's are."""
    return [(wide - GUTTER) / (BOLD if at == 0 else 1.0) for at, wide in enumerate(widths)]


def measured(grid: Grid, columns: Columns, most: int) -> list[tuple[int, tuple[Cell, ...], float]]:
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
