"""The matrix for paper: vendors down, categories across, in sheets that fit a page, with every name in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from popmap.evidence.lines import Words, broken, drawn, written
from popmap.evidence.map_sheets import WIDTH
from popmap.evidence.parties import Parties, Party
from popmap.flow import text
from popmap.flow.curves import number
from popmap.flow.palette import LIGHT

_SIZE, _LINE, _GAP = 12.0, 14.5, 5.0
_LEFT, _HEADING, _LONGEST = 214.0, 24.0, 150.0
_NARROWEST, _WIDEST = 30.0, 64.0
# Light to dark for few to many flows; the number stands in the tile, so that colour is no only bearer of meaning.
_TILES = ("#dbe7f1", "#b5cfe3", "#7fadd0")
_RULE = "#d5dae1"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A part of the matrix: some vendors, some categories, and the flows between them."""

    vendors: tuple[Party, ...]
    categories: tuple[Party, ...]
    whole: Parties


def sheets(whole: Parties, room: float, words: Words = str) -> list[Sheet]:
    """Return the parts of the matrix, a page each; all categories of some vendors follow each other.

    Args:
        whole: What there is to show.
        room: The most pixels a sheet may be high.
        words: What is written for a name.
    """
    blocks = list(_blocks(whole.categories, words))
    head = max((_head(block, words) for block in blocks), default=0.0)
    return [Sheet(vendors, block, whole) for vendors in _rows(whole.vendors, room - head, words) for block in blocks]


def draw(sheet: Sheet, words: Words = str) -> tuple[str, float, float]:
    """Return a sheet as SVG elements, and how many pixels it is wide and high."""
    wide, head = _wide(sheet.categories, words), _head(sheet.categories, words)
    across = _LEFT + wide * len(sheet.categories)
    parts = [_column(words(party.name), _LEFT + (at + 0.5) * wide, head) for at, party in enumerate(sheet.categories)]
    y, section = head, ""
    for vendor in sheet.vendors:
        if vendor.section != section:
            section = vendor.section
            bold = f' font-size="{_SIZE - 1:g}" font-weight="bold" fill="{LIGHT.muted}"'
            parts.append(drawn([words(section)], 0, y + _HEADING / 2 + 2, _SIZE - 1, _LINE, bold))
            y += _HEADING
        lines = broken(words(vendor.name), _SIZE, _LEFT - 12)
        high = len(lines) * _LINE + _GAP
        parts.append(f'<path d="M0,{number(y)}H{number(across)}" stroke="{_RULE}" stroke-width="0.6"/>')
        parts.append(f"<g><title>{written(words(vendor.name))}</title>{drawn(lines, 0, y + high / 2, _SIZE, _LINE)}</g>")
        parts += _tiles(sheet, vendor, y, high, wide, words)
        y += high
    parts.append(f'<path d="M0,{number(y)}H{number(across)}" stroke="{_RULE}" stroke-width="0.6"/>')
    return f'<g font-size="{_SIZE:g}" fill="{LIGHT.text}">{"".join(parts)}</g>', max(WIDTH, across), y + 2


def _tiles(sheet: Sheet, vendor: Party, y: float, high: float, wide: float, words: Words) -> Iterator[str]:
    pairs = sheet.whole.pairs.get(vendor.key, {})
    for at, category in enumerate(sheet.categories):
        if pair := pairs.get(category.key):
            x = _LEFT + at * wide
            fill = _TILES[0 if pair.flows == 1 else 1 if pair.flows < 4 else 2]
            dash = f' stroke="{LIGHT.text}" stroke-width="0.8" stroke-dasharray="3,2"' if pair.unproven else ""
            box = f'x="{number(x + 1.5)}" y="{number(y + 1.5)}" width="{number(wide - 3)}" height="{number(high - 3)}"'
            said = f"{category.name} to {vendor.name}: {pair.flows:,}"
            yield f'<rect {box} fill="{fill}"{dash}><title>{written(words(said))}</title></rect>'
            yield drawn([f"{pair.flows:,}"], x + wide / 2, y + high / 2, _SIZE, _LINE, ' text-anchor="middle"')


def _column(name: str, middle: float, bottom: float) -> str:
    """Return a column's name, written upwards."""
    lines = broken(name, _SIZE, _LONGEST)
    turn = f' transform="rotate(-90 {number(middle)} {number(bottom - 6)})"'
    return f"<g{turn}><title>{written(name)}</title>{drawn(lines, middle, bottom - 6, _SIZE, _LINE)}</g>"


def _blocks(categories: Sequence[Party], words: Words) -> Iterator[tuple[Party, ...]]:
    block: list[Party] = []
    for party in categories:
        more = [*block, party]
        if block and _least(more, words) * len(more) > WIDTH - _LEFT:
            yield tuple(block)
            more = [party]
        block = more
    if block:
        yield tuple(block)


def _rows(vendors: Sequence[Party], room: float, words: Words) -> Iterator[tuple[Party, ...]]:
    rows: list[Party] = []
    used = 0.0
    for vendor in vendors:
        high = len(broken(words(vendor.name), _SIZE, _LEFT - 12)) * _LINE + _GAP
        heading = _HEADING if not rows or rows[-1].section != vendor.section else 0.0
        if rows and used + high + heading > room:
            yield tuple(rows)
            rows, used, heading = [], 0.0, _HEADING
        rows.append(vendor)
        used += high + heading
    if rows:
        yield tuple(rows)


def _least(categories: Sequence[Party], words: Words) -> float:
    """Return the narrowest columns in which every name has room for its lines."""
    return max(_NARROWEST, max(len(broken(words(party.name), _SIZE, _LONGEST)) for party in categories) * _LINE + 4)


def _wide(categories: Sequence[Party], words: Words) -> float:
    return max(_least(categories, words), min(_WIDEST, (WIDTH - _LEFT) / len(categories)))


def _head(categories: Sequence[Party], words: Words) -> float:
    longest = max((len(broken(words(party.name), _SIZE, _LONGEST)) > 1 for party in categories), default=False)
    return (_LONGEST if longest else max(text.width(words(party.name), _SIZE) for party in categories)) + 14
