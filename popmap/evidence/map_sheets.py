"""The data map for paper: sheets of categories and vendors with every name in full, instead of one picture with the smallest merged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from popmap.evidence.lines import Words, broken, drawn, written
from popmap.evidence.parties import Pair, Parties, Party
from popmap.flow.curves import band_edges, band_outline, number
from popmap.flow.layout import Band
from popmap.flow.palette import LIGHT

# Pixels; a sheet as wide as a page's text prints its labels at 8 points.
WIDTH = 720.0
SIZE, LINE, GAP = 12.0, 14.5, 6.0
HEADER, HEADING = 30.0, 24.0
_LEFT, _RIGHT, _BAR, _BESIDE = 196.0, 226.0, 11.0, 7.0
_MOST_UNIT, _MOST_GAP = 7.0, 34.0
_DASH = "4,3"


@dataclass(frozen=True, slots=True)
class Item:
    """A vendor on a sheet with the categories it receives there, None where a sheet lists categories that go nowhere."""

    vendor: Party | None
    pairs: tuple[tuple[Party, Pair], ...]
    continued: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one page shows: vendors from top to bottom, and the categories that reach them."""

    items: tuple[Item, ...]
    room: float

    @property
    def vendors(self) -> int:
        """Return how many vendors are on it."""
        return sum(item.vendor is not None for item in self.items)


def sheets(whole: Parties, first: float, room: float) -> list[Sheet]:
    """Return the sheets that together show every category, vendor and flow.

    Args:
        whole: What there is to show.
        first: The most pixels the first sheet may be high.
        room: The same for the others.
    """
    found: list[list[Item]] = []
    heights: list[float] = []
    section, used, left = "", 0.0, dict[str, float]()
    for item in _items(whole, min(first, room)):
        mine = {category.key: _slot(category.name, _LEFT) for category, _ in item.pairs}
        own = item.vendor.section if item.vendor else ""
        more = _slot(item.vendor.name, _RIGHT) if item.vendor else 0.0
        most = (room if heights else first) - HEADER
        heading = HEADING if own != section and item.vendor else 0.0
        if not found or used + more + heading > (heights[-1] - HEADER) or sum((left | mine).values()) > heights[-1] - HEADER:
            most = room if found else first
            found.append([])
            heights.append(most)
            used, left, heading = 0.0, {}, HEADING if item.vendor else 0.0
        found[-1].append(item)
        used += more + heading
        left |= mine
        section = own
    return [Sheet(tuple(items), height) for items, height in zip(found, heights, strict=True)]


def _items(whole: Parties, room: float) -> Iterator[Item]:
    categories = {category.key: category for category in whole.categories}
    for vendor in whole.vendors:
        pairs = whole.pairs.get(vendor.key, {})
        listed = [(category, pairs[key]) for key, category in categories.items() if key in pairs]
        for at, part in enumerate(_parts(listed, room)):
            yield Item(vendor, tuple(part), at > 0)
    reached = {key for pairs in whole.pairs.values() for key in pairs}
    idle = [(category, Pair(0, 0)) for key, category in categories.items() if key not in reached]
    if idle:
        for part in _parts(idle, room):
            yield Item(None, tuple(part))


def _parts(pairs: Sequence[tuple[Party, Pair]], room: float) -> Iterator[list[tuple[Party, Pair]]]:
    """Yield the categories of a vendor in parts that fit below each other on a sheet; one part, empty, for none."""
    part: list[tuple[Party, Pair]] = []
    used = 0.0
    for category, pair in pairs:
        high = _slot(category.name, _LEFT)
        if part and used + high > room - HEADER:
            yield part
            part, used = [], 0.0
        part.append((category, pair))
        used += high
    yield part


def _slot(name: str, room: float) -> float:
    return len(broken(name, SIZE, room)) * LINE + GAP


def draw(sheet: Sheet, words: Words = str) -> tuple[str, float]:
    """Return a sheet as SVG elements, and how many pixels it is high.

    Args:
        sheet: What to show.
        words: What is written for a name.
    """
    totals: dict[str, int] = defaultdict(int)
    parties: dict[str, Party] = {}
    for item in sheet.items:
        for category, pair in item.pairs:
            parties[category.key] = category
            totals[category.key] += pair.flows
    unit = _unit(sheet, totals, parties, words)
    tops, headings, height = _vendors_down(sheet, unit, words)
    lefts, height = _categories_down(sheet, totals, parties, unit, height, words)
    x0, x1 = _LEFT + _BESIDE + _BAR, WIDTH - _RIGHT - _BESIDE - _BAR
    ends = {key: top for key, (top, _) in lefts.items()}
    bands, edges, labels = [], [], []
    order = {key: at for at, key in enumerate(lefts)}
    for item, (top, slot) in zip(sheet.items, tops, strict=True):
        if not item.vendor:
            continue
        flows = sum(pair.flows for _, pair in item.pairs)
        y = top + (slot - flows * unit) / 2
        labels.append(_bar(x1, y, flows * unit, LIGHT.bar if flows else ""))
        name = f"{item.vendor.name} (continued)" if item.continued else item.vendor.name
        labels.append(_label(words(name), x1 + _BAR + _BESIDE, top + slot / 2, _RIGHT, ""))
        for category, pair in sorted(item.pairs, key=lambda each: order[each[0].key]):
            thick = pair.flows * unit
            band = Band(category.key, item.vendor.key, 0, x0, ends[category.key], x1, y, thick, pair.flows)
            said = f"{category.name} to {item.vendor.name}: {pair.flows:,} {'flow' if pair.flows == 1 else 'flows'}"
            bands.append(f'<path d="{band_outline(band)}" fill="{category.colour}"><title>{written(words(said))}</title></path>')
            if pair.unproven:
                edges.append(band_edges(band))
            ends[category.key] += thick
            y += thick
    for key, (top, slot) in lefts.items():
        thick = totals[key] * unit
        labels.append(_bar(_LEFT + _BESIDE, top, thick, parties[key].colour if thick else ""))
        labels.append(_label(words(parties[key].name), _LEFT, top + thick / 2, _LEFT, ' text-anchor="end"'))
        del slot
    dashed = (
        f'<path d="{"".join(edges)}" fill="none" stroke="{LIGHT.text}" stroke-width="0.8" stroke-dasharray="{_DASH}"/>' if edges else ""
    )
    heads = "".join(
        drawn([words(name)], x1, y, SIZE - 1, LINE, f' font-size="{SIZE - 1:g}" font-weight="bold" fill="{LIGHT.muted}"')
        for name, y in headings
    )
    title = f' font-size="{SIZE - 1:g}" fill="{LIGHT.muted}"'
    top = drawn(["Categories of personal data"], _LEFT + _BESIDE + _BAR, 9, SIZE - 1, LINE, f'{title} text-anchor="end"')
    top += drawn(["Vendors"], x1, 9, SIZE - 1, LINE, title)
    body = "".join((f'<g fill-opacity="{LIGHT.band_opacity:g}">', *bands, "</g>", dashed, *labels, heads, top))
    return f'<g font-size="{SIZE:g}" fill="{LIGHT.text}">{body}</g>', height


def _unit(sheet: Sheet, totals: dict[str, int], parties: dict[str, Party], words: Words) -> float:
    """Return the pixels of one flow: as many as fit on both sides, at most `_MOST_UNIT`."""
    right = [(_slot(words(item.vendor.name), _RIGHT), sum(pair.flows for _, pair in item.pairs)) for item in sheet.items if item.vendor]
    left = [(_slot(words(party.name), _LEFT), totals[key]) for key, party in parties.items()]
    headings = HEADER + HEADING * len({item.vendor.section for item in sheet.items if item.vendor})
    unit = _MOST_UNIT
    while unit > 0.02 and any(sum(max(slot, flows * unit + GAP) for slot, flows in side) > sheet.room - headings for side in (right, left)):
        unit *= 0.9
    return unit


def _vendors_down(sheet: Sheet, unit: float, words: Words) -> tuple[list[tuple[float, float]], list[tuple[str, float]], float]:
    """Return each item's top and height, the headings with their heights, and where the last one ends."""
    y, section = HEADER - GAP, None
    tops, headings = [], []
    for item in sheet.items:
        if item.vendor and item.vendor.section != section:
            section = item.vendor.section
            headings.append((section, y + HEADING / 2 + 2))
            y += HEADING
        slot = 0.0
        if item.vendor:
            flows = sum(pair.flows for _, pair in item.pairs)
            slot = max(_slot(words(item.vendor.name), _RIGHT), flows * unit + GAP)
        tops.append((y, slot))
        y += slot
    return tops, headings, y + GAP


def _categories_down(
    sheet: Sheet, totals: dict[str, int], parties: dict[str, Party], unit: float, height: float, words: Words
) -> tuple[dict[str, tuple[float, float]], float]:
    """Return where each category's bar begins and its slot's height, in the order in which bands cross little, and the sheet's height."""
    pull: dict[str, list[int]] = defaultdict(list)
    for at, item in enumerate(sheet.items):
        for category, pair in item.pairs:
            pull[category.key] += [at * max(pair.flows, 1), max(pair.flows, 1)]
    rank = {key: sum(sums[::2]) / sum(sums[1::2]) for key, sums in pull.items()}
    order = sorted(parties, key=lambda key: (not totals[key], rank[key]))
    slots = {key: max(_slot(words(parties[key].name), _LEFT), totals[key] * unit + GAP) for key in order}
    need = sum(slots.values())
    height = max(height, HEADER + need + GAP)
    gap = min(_MOST_GAP, (height - HEADER - need) / max(1, len(order) - 1)) if len(order) > 1 else 0.0
    y = HEADER + (height - HEADER - need - gap * (len(order) - 1)) / 2
    found = {}
    for key in order:
        found[key] = (y + (slots[key] - totals[key] * unit) / 2, slots[key])
        y += slots[key] + gap
    return found, height


def _bar(x: float, y: float, high: float, fill: str) -> str:
    if not fill:
        # Nothing flows here: an empty mark, so that the name does not seem to belong to a neighbour.
        return f'<rect x="{number(x)}" y="{number(y - 3)}" width="{number(_BAR)}" height="6" fill="none" stroke="{LIGHT.muted}"/>'
    return f'<rect x="{number(x)}" y="{number(y)}" width="{number(_BAR)}" height="{number(max(high, 1.4))}" fill="{fill}"/>'


def _label(name: str, x: float, middle: float, room: float, extra: str) -> str:
    return f"<g><title>{written(name)}</title>{drawn(broken(name, SIZE, room), x, middle, SIZE, LINE, extra)}</g>"
