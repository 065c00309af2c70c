"""The data map and the matrix as files: every category and vendor by its full name, nothing merged, nothing shortened."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from popmap import typesetting
from popmap.evidence import map_sheets, matrix_sheets
from popmap.evidence.lines import broken, drawn, written
from popmap.evidence.parties import parties
from popmap.evidence.shelf import Shelf
from popmap.evidence.stacking import stacked
from popmap.filters import Filter, to_english
from popmap.flow import text
from popmap.flow.curves import number
from popmap.flow.palette import LIGHT
from popmap.store import Store

# Pixels of a PNG: setting a picture takes about 14 bytes for each, and many programs refuse to show larger ones.
MOST_PIXELS = 16_000_000
# So many are drawn at once.
_AT_ONCE = 3_000_000
_HAIR = 0.01
_SHEET = 1000.0
_MARGIN, _BETWEEN = 24.0, 40.0
_HEAD = 64.0
Drawing = tuple[str, float, float]
"""SVG elements, and how many pixels they are wide and high."""


@dataclass(frozen=True, slots=True)
class _Picture:
    """A picture before it is a file.

    Attributes:
        title: Its title.
        said: What is said of it.
        width: Pixels it is wide.
        height: Pixels it is high.
        rows: Where each row of drawings ends, and the row; the heading is in the first.
    """

    title: str
    said: str
    width: float
    height: float
    rows: tuple[tuple[float, str], ...]


def map_svg(store: Store, asked: Filter) -> bytes:
    """Return the data map as an SVG file: sheets below and beside each other, each with some of the vendors and what they receive.

    Args:
        store: The register.
        asked: Which flows.
    """
    return _written(_map(store, asked))


def map_png(
    store: Store,
    asked: Filter,
    png: Callable[[bytes, float], bytes] = typesetting.png,
    drawn_all: Callable[[], object] = lambda: None,
) -> Iterator[bytes]:
    """Return the picture of `map_svg` as a PNG: two pixels for one of the SVG where that makes at most 16 million, else one or less.

    Everything is done when this returns: a large picture is drawn row by row, and waits on disk.

    Args:
        store: The register.
        asked: Which flows.
        png: What draws an SVG at a scale, see `typesetting.png`.
        drawn_all: Called when nothing more is to be drawn, and before the rows of a large picture, 80 MB at most, are put together.
    """
    picture = _map(store, asked)
    scale = scale_for(picture.width, picture.height)
    if picture.width * picture.height * scale**2 <= _AT_ONCE:
        return iter([png(_written(picture), scale)])
    shelf = Shelf()
    edges = [0, *(round(end * scale) for end, _ in picture.rows)]
    across = math.ceil(picture.width * scale)
    places = []
    for (top, bottom), (_, row) in zip(pairwise(edges), picture.rows, strict=True):
        # A hair less than whole pixels: with a hair more typst draws one pixel more and then leaves one out.
        wide, high = (f"{(pixels - _HAIR) / scale:.9g}" for pixels in (across, bottom - top))
        box = f'width="{wide}" height="{high}" viewBox="0 {top / scale:.9g} {wide} {high}"'
        ground = f'<rect y="{top / scale:.9g}" width="100%" height="100%" fill="{LIGHT.background}"/>'
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif">{ground}{row}</svg>'
        places.append(shelf.put(png(drawing.encode(), scale)))
    drawn_all()
    return shelf.pieces(shelf.put(stacked(map(shelf.read, places), across, edges[-1])))


def scale_for(width: float, height: float) -> float:
    """Return the pixels of a PNG for each of a drawing of that size: 2, 1, or what keeps it at MOST_PIXELS."""
    for scale in (2.0, 1.0):
        if width * height * scale**2 <= MOST_PIXELS:
            return scale
    return math.floor(math.sqrt(MOST_PIXELS / (width * height)) * 1000) / 1000


def matrix_svg(store: Store, asked: Filter) -> bytes:
    """Return the matrix of vendors and categories as an SVG file; see `map_svg`."""
    whole = parties(store, asked)
    drawings = [matrix_sheets.draw(sheet) for sheet in matrix_sheets.sheets(whole, _SHEET)]
    return _written(_picture(store, asked, "Matrix of vendors and categories", drawings, "A dashed frame: flows that no source states."))


def alone(body: str, width: float, height: float) -> bytes:
    """Return one drawing as an SVG document, for a page that says what it is."""
    box = f'width="{number(width)}" height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif">{body}</svg>\n'.encode()


def _map(store: Store, asked: Filter) -> _Picture:
    whole = parties(store, asked)
    drawings = [(body, map_sheets.WIDTH, high) for body, high in map(map_sheets.draw, map_sheets.sheets(whole, _SHEET, _SHEET))]
    return _picture(store, asked, "Data map", drawings, "A dashed edge: flows that no source states.")


def _picture(store: Store, asked: Filter, name: str, drawings: Sequence[Drawing], legend: str) -> _Picture:
    across = max((wide for _, wide, _ in drawings), default=map_sheets.WIDTH)
    # About as wide as high, so that a long register is no ribbon.
    columns = 1 if len(drawings) < 4 else round(math.sqrt(sum(high for _, _, high in drawings) / across))
    rows = [drawings[at : at + columns] for at in range(0, len(drawings), columns)]
    width = 2 * _MARGIN + min(columns, max(len(drawings), 1)) * (across + _BETWEEN) - _BETWEEN
    title = f"{name}: {text.clean(store.settings.title) or 'register without a title'}"
    said = f"{to_english(asked, store.known)}. Register {store.fingerprint[:12]}, as of {store.as_of.isoformat()}. {legend}"
    head, y = _heading(title, text.clean(said), width)
    placed = []
    for row in rows:
        moved = [
            f'<g transform="translate({number(_MARGIN + at * (across + _BETWEEN))} {number(y)})">{body}</g>'
            for at, (body, _, _) in enumerate(row)
        ]
        y += max(high for _, _, high in row) + _BETWEEN
        placed.append((y - _BETWEEN / 2, "\n".join(moved)))
    if not rows:
        placed.append((y, drawn(["There are no flows to show."], _MARGIN, y, 13, 16, ' font-size="13"')))
        y += _BETWEEN
    placed[0] = (placed[0][0], f"{head}\n{placed[0][1]}")
    placed[-1] = (y, placed[-1][1])
    return _Picture(title, text.clean(said), width, y, tuple(placed))


def _written(picture: _Picture) -> bytes:
    """Return a picture as an SVG document."""
    width, height = number(picture.width), number(picture.height)
    box = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc" {box} font-family="sans-serif">',
        f'<title id="title">{written(picture.title)}</title>',
        f'<desc id="desc">{written(picture.said)}</desc>',
        _ground(picture),
        *(row for _, row in picture.rows),
        "</svg>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _ground(picture: _Picture) -> str:
    return f'<rect width="{number(picture.width)}" height="{number(picture.height)}" fill="{LIGHT.background}"/>'


def _heading(title: str, said: str, width: float) -> tuple[str, float]:
    """Return what stands above the picture and where the picture may begin."""
    room = width - 2 * _MARGIN
    top = broken(title, 18, room)
    below = broken(said, 12, room)
    y = _MARGIN + 22 * len(top)
    bold = f' font-size="18" font-weight="bold" fill="{LIGHT.text}"'
    parts = drawn(top, _MARGIN, _MARGIN + 11 * len(top), 18, 22, bold)
    parts += drawn(below, _MARGIN, y + 8 + 8 * len(below), 12, 16, f' font-size="12" fill="{LIGHT.muted}"')
    return parts, max(y + 8 + 16 * len(below) + 20, _HEAD)
