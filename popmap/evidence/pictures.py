"""The data map and the matrix as files: every category and vendor by its full name, nothing merged, nothing shortened."""

from __future__ import annotations

import math
from collections.abc import Sequence

from popmap.evidence import map_sheets, matrix_sheets
from popmap.evidence.lines import broken, drawn, written
from popmap.evidence.parties import parties
from popmap.filters import Filter, to_english
from popmap.flow import text
from popmap.flow.curves import number
from popmap.flow.palette import LIGHT
from popmap.store import Store
from popmap.typesetting.workshop import Workshop

# Pixels of a PNG: setting a picture takes about 14 bytes for each, and many programs refuse to show larger ones.
MOST_PIXELS = 16_000_000
_SHEET = 1000.0
_MARGIN, _BETWEEN = 24.0, 40.0
_HEAD = 64.0
Drawing = tuple[str, float, float]
"""SVG elements, and how many pixels they are wide and high."""


def map_svg(store: Store, asked: Filter) -> bytes:
    """Return the data map as an SVG file: sheets below and beside each other, each with some of the vendors and what they receive.

    Args:
        store: The register.
        asked: Which flows.
    """
    whole = parties(store, asked)
    drawings = [(body, map_sheets.WIDTH, high) for body, high in map(map_sheets.draw, map_sheets.sheets(whole, _SHEET, _SHEET))]
    return _document(store, asked, "Data map", drawings, "A dashed edge: flows that no source states.")


def map_png(store: Store, asked: Filter, shop: Workshop) -> bytes:
    """Return the picture of `map_svg` as a PNG: two pixels for one of the SVG where that makes at most 16 million, else one or less."""
    picture = map_svg(store, asked)
    width, height = _size(picture)
    return shop.png(picture, scale_for(width, height), what="The map's picture in pixels")


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
    return _document(store, asked, "Matrix of vendors and categories", drawings, "A dashed frame: flows that no source states.")


def alone(body: str, width: float, height: float) -> bytes:
    """Return one drawing as an SVG document, for a page that says what it is."""
    box = f'width="{number(width)}" height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif">{body}</svg>\n'.encode()


def _size(picture: bytes) -> tuple[float, float]:
    head = picture[: picture.index(b">")].decode().split('"')
    at = {
        name.split()[-1]: float(value)
        for name, value in zip(head[::2], head[1::2], strict=False)
        if name.split()[-1] in ("width=", "height=")
    }
    return at["width="], at["height="]


def _document(store: Store, asked: Filter, name: str, drawings: Sequence[Drawing], legend: str) -> bytes:
    across = max((wide for _, wide, _ in drawings), default=map_sheets.WIDTH)
    # About as wide as high, so that a long register is no ribbon.
    columns = 1 if len(drawings) < 4 else round(math.sqrt(sum(high for _, _, high in drawings) / across))
    rows = [drawings[at : at + columns] for at in range(0, len(drawings), columns)]
    width = 2 * _MARGIN + min(columns, max(len(drawings), 1)) * (across + _BETWEEN) - _BETWEEN
    title = f"{name}: {text.clean(store.settings.title) or 'register without a title'}"
    said = f"{to_english(asked, store.known)}. Register {store.fingerprint[:12]}, as of {store.as_of.isoformat()}. {legend}"
    head, y = _heading(title, text.clean(said), width)
    placed = [head]
    for row in rows:
        for at, (body, _, _) in enumerate(row):
            placed.append(f'<g transform="translate({number(_MARGIN + at * (across + _BETWEEN))} {number(y)})">{body}</g>')
        y += max(high for _, _, high in row) + _BETWEEN
    if not rows:
        placed.append(drawn(["There are no flows to show."], _MARGIN, y, 13, 16, ' font-size="13"'))
        y += _BETWEEN
    box = f'width="{number(width)}" height="{number(y)}" viewBox="0 0 {number(width)} {number(y)}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc" {box} font-family="sans-serif">',
        f'<title id="title">{written(title)}</title>',
        f'<desc id="desc">{written(text.clean(said))}</desc>',
        f'<rect width="{number(width)}" height="{number(y)}" fill="{LIGHT.background}"/>',
        *placed,
        "</svg>",
    ]
    return ("\n".join(lines) + "\n").encode()


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
