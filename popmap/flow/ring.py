"""Where the network view draws each node: pure, deterministic geometry in pixels.

Hubs stand inside; everything else stands around them, left and right, with its label outwards, so that no link crosses a label there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import networkx as nx

from popmap.flow import text
from popmap.flow.apart import keep_apart
from popmap.flow.clusters import circle, communities, inside, named, neighbours, sees, sides_of

# Pixels.
FONT, HUB_FONT = 12, 13
HUB = 20.0
# How much wider bold letters are.
BOLD = 1.1
LONGEST_LABEL = 170.0
LABEL_GAP = 6.0
ROW, ROOMY_ROW = 19.0, 30.0
LEAST_HEIGHT = 440.0
BETWEEN = 16.0
MARGIN = 24.0
# The plotting area shrinks with the page, letters do not: on a narrow laptop's page, places are so much closer together.
NARROW = 0.6
LANE = 12.0
PER_LANE = 80


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one node stands.

    Attributes:
        node: The node's id.
        x: Its centre from the left.
        y: Its centre from the top.
        side: Where its label goes: "left", "right" or "above"; "" when it has none.
        label: The label as shown, shortened to the room there is; "" when it has none.
        hub: Whether it stands inside.
        clear: How far from the centre its label may begin.
    """

    node: str
    x: float
    y: float
    side: Literal["left", "right", "above", ""]
    label: str
    hub: bool
    clear: float = 0.0


@dataclass(frozen=True, slots=True)
class Arc:
    """Neighbouring nodes of one cluster on the ring, from top to bottom: the middle points of the band drawn behind them.

    Attributes:
        hub: The cluster's hub with the most flows, "" when it has none.
        points: At least two points.
    """

    hub: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Network:
    """A laid out network, in pixels from the upper left corner; spots are sorted by node; room is what labels take on either side."""

    width: float
    height: float
    room: float
    spots: tuple[Spot, ...]
    arcs: tuple[Arc, ...]


def diameter(count: int) -> float:
    """Return how wide the circle of a node is that sees so many things: its area stands for their number."""
    return round(min(10 * math.sqrt(max(count, 1)), 40), 1)


def place(graph: nx.DiGraph, width: float = 960) -> Network:
    """Lay a network out.

    Args:
        graph: What graph.build returned.
        width: Pixels; about the width of what the picture stands in. The height follows from the labels.

    Returns:
        The network; hubs are the layers with the fewest nodes. Labels on the ring never overlap, nor do hubs unless they are very many.
    """
    if not len(graph):
        return Network(width, 4 * MARGIN, MARGIN, (), ())
    hubs = inside(graph)
    groups = communities(graph)
    seen = sees(graph)
    labelled = named(graph, hubs, seen)
    labels = {
        name: text.fit(text.clean(graph.nodes[name]["label"]), HUB_FONT if name in hubs else FONT, LONGEST_LABEL) for name in labelled
    }
    room = max((text.width(label, FONT) for name, label in labels.items() if name not in hubs), default=0.0) + LABEL_GAP + MARGIN
    rim = [[name for name in groups[at] if name not in hubs] for at in circle(graph, groups)]
    sides = sides_of([group for group in rim if group])
    spots: dict[str, Spot] = {}
    # Hubs stand where their ring nodes draw them, and ring nodes turn to their hubs: twice settles it.
    for _ in range(2):
        sides = tuple([sorted(group, key=lambda name: _turn(graph, name, spots)) for group in side] for side in sides)
        ring = _ring(sides, labels, seen, width, room)
        spots = {**ring, **_inside(graph, hubs, labels, ring, width)}
    bottom = max(spot.y for spot in spots.values()) + MARGIN
    return Network(
        width,
        round(bottom, 1),
        round(room, 1),
        tuple(spots[name] for name in sorted(spots)),
        tuple(_arcs(graph, sides, groups, hubs, spots)),
    )


def _turn(graph: nx.DiGraph, name: str, spots: Mapping[str, Spot]) -> tuple[float, str, str]:
    heights = [spots[other].y for other in neighbours(graph, name) if other in spots]
    return round(sum(heights) / len(heights), 1) if heights else 0.0, graph.nodes[name]["label"], name


def _ring(
    sides: Sequence[Sequence[Sequence[str]]],
    labels: Mapping[str, str],
    seen: Mapping[str, int],
    width: float,
    room: float,
) -> dict[str, Spot]:
    longest = max(sum(len(group) for group in side) for side in sides)
    row = min(ROOMY_ROW, max(ROW, (LEAST_HEIGHT - 2 * MARGIN) / max(longest, 1)))
    lanes = 1 + sum(name not in labels for side in sides for group in side for name in group) // PER_LANE
    columns = [_column(side, labels, seen, row, lanes) for side in sides]
    tall = max([LEAST_HEIGHT - 2 * MARGIN, *(column[-1][1] for column in columns if column)])
    ring = {}
    for side, sign, column in zip(("left", "right"), (-1, 1), columns, strict=True):
        start = (tall - (column[-1][1] if column else 0)) / 2
        for name, y, lane in column:
            x = width / 2 + sign * ((width / 2 - room) * _bow((start + y) / tall) - lane * LANE)
            clear = diameter(seen[name]) / 2
            ring[name] = Spot(
                name, round(x, 1), round(MARGIN + start + y, 1), side if name in labels else "", labels.get(name, ""), False, clear
            )
    return ring


def _bow(share: float) -> float:
    """Return how far out the ring is at a share of its height: an ellipse without its flat top and bottom."""
    return math.sqrt(max(0.0, 1 - (0.82 * (2 * share - 1)) ** 2))


def _column(
    side: Sequence[Sequence[str]], labelled: Mapping[str, str], seen: Mapping[str, int], row: float, lanes: int
) -> list[tuple[str, float, int]]:
    """Return (node, y, lane) from top to bottom; labelled nodes stand in the outermost lane, a row apart."""
    column: list[tuple[str, float, int]] = []
    y, last_label, last_radius, lane = 0.0, -row, 0.0, 0
    for group in side:
        for name in group:
            radius = diameter(seen[name]) / 2
            lane = 0 if name in labelled else (lane + 1) % lanes
            step = last_radius + radius + 2 if lane == 0 else LANE / lanes
            y = max(y + step if column else radius, last_label + row if name in labelled else 0.0)
            last_label, last_radius = y if name in labelled else last_label, radius
            column.append((name, y, lane))
        y += BETWEEN
        last_label += BETWEEN
    return column


def _inside(graph: nx.DiGraph, hubs: frozenset[str], labels: Mapping[str, str], ring: Mapping[str, Spot], width: float) -> dict[str, Spot]:
    """Stand each hub where the nodes it is linked with draw it, then push hubs apart until no label is covered."""
    order = sorted(hubs, key=lambda name: (-graph.nodes[name]["flows"], name))
    ys = [spot.y for spot in ring.values()]
    top, bottom = min(ys) + HUB, max(ys)
    reach = max(abs(spot.x - width / 2) for spot in ring.values())
    wide = [(max(text.width(labels.get(name, ""), HUB_FONT) * BOLD, HUB) + 8) / NARROW for name in order]
    sizes = [(across, 50.0 if name in labels else 26.0) for name, across in zip(order, wide, strict=True)]
    centres = []
    for name in order:
        drawn = [ring[other] for other in neighbours(graph, name) if other in ring]
        x = sum(spot.x for spot in drawn) / len(drawn) if drawn else width / 2
        y = sum(spot.y for spot in drawn) / len(drawn) if drawn else (top + bottom) / 2
        centres.append([width / 2 + 0.6 * (x - width / 2), y])

    def aside(y: float, across: float) -> float:
        """Return how far from the middle a label of that width may stand at a height."""
        return max(reach * _bow((y - top) / max(bottom - top, 1)) - across / 2 - 40, 0)

    keep_apart(centres, sizes, (top, bottom), width / 2, aside)
    return {
        name: Spot(name, round(x, 1), round(y, 1), "above" if name in labels else "", labels.get(name, ""), True, HUB / 2)
        for name, (x, y) in zip(order, centres, strict=True)
    }


def _arcs(
    graph: nx.DiGraph,
    sides: Sequence[Sequence[Sequence[str]]],
    groups: Sequence[Sequence[str]],
    hubs: frozenset[str],
    spots: Mapping[str, Spot],
) -> list[Arc]:
    home = {name: group for group in groups for name in group}
    arcs = []
    for part in (part for side in sides for part in side):
        own = [name for name in home[part[0]] if name in hubs]
        hub = min(own, key=lambda name: (-graph.nodes[name]["flows"], name)) if own else ""
        # Nodes in the inner lanes would make the band zigzag; its ends still reach to the first and last of them.
        inner = part[1:-1]
        shown = [part[0], *(name for name in inner if spots[name].side), *part[-1:]] if len(part) > 1 else part
        points = [(spots[name].x, spots[name].y) for name in shown]
        arcs.append(Arc(hub, tuple(points if len(points) > 1 else [points[0], (points[0][0], points[0][1] + 0.1)])))
    return arcs
