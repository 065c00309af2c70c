"""Where everything on the data map stands: pure geometry in pixels, the same for the same graph."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import networkx as nx

from popmap.flow import text
from popmap.flow.graph import LAYERS
from popmap.flow.ordering import order
from popmap.flow.placing import place

NODE_WIDTH = 14.0
TOP, BOTTOM, SIDE = 40.0, 12.0, 8.0
LABEL_GAP = 7.0
LEAST_WIDTH, LEAST_HEIGHT = 320.0, 220.0
# Font size in px -> the gap between nodes it is comfortable with; 11 px is the smallest that is still read with ease.
_GAPS = {13: 8.0, 12: 5.0, 11: 3.0}
_LINE = 1.32
_MOST_UNIT = 16.0
_INK = 420.0
_SPARE = 1.12
_MOST_LABEL = 0.26
# The narrowest page a picture is shown on, as a share of the width it is laid out for, and how far it can shrink in between.
_NARROWEST, _LEAST_SHRUNK = 0.69, 0.35


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text: its middle left ("start") or middle right ("end") stands at (x, y); width is about its pixels."""

    text: str
    x: float
    y: float
    anchor: Literal["start", "end"]
    width: float


@dataclass(frozen=True, slots=True)
class Node:
    """A node's bar in pixels, y downwards, with its label; depth is the layer's place from the left."""

    id: str
    depth: int
    key: str
    x0: float
    x1: float
    y0: float
    y1: float
    label: Label


@dataclass(frozen=True, slots=True)
class Band:
    """A band from (x0, y0) to (x1, y1), its upper corners; `thickness` pixels thick.

    Attributes:
        source: The left node's id.
        target: The right node's id.
        flows: How many flows it stands for.
    """

    source: str
    target: str
    depth: int
    x0: float
    y0: float
    x1: float
    y1: float
    thickness: float
    flows: int


def middle(share: float) -> tuple[float, float]:
    """Return how far across and how far down a band's middle line has come at a share (0 to 1) of its curve, both 0 to 1."""
    t, s = share, 1 - share
    return 1.5 * s * t + t**3, 3 * s * t**2 + t**3


@dataclass(frozen=True, slots=True)
class Layout:
    """A laid out graph: pixels from the upper left corner; unit is the height of one flow; headers name the layers."""

    width: float
    height: float
    font_size: int
    unit: float
    left: float
    right: float
    headers: tuple[Label, ...]
    nodes: tuple[Node, ...]
    bands: tuple[Band, ...]


def height_for(graph: nx.DiGraph) -> int:
    """Return the height in pixels at which the graph reads well: it grows with the nodes of the fullest layer."""
    columns = _columns(graph)
    most = max((len(column) for column in columns), default=0)
    font = 13 if most <= 26 else 12 if most <= 40 else 11
    unit = min(_MOST_UNIT, _INK / max(1, _total(columns)))
    line, gap = font * _LINE, _GAPS[font]
    need = max((max(_need(column, unit, line, gap), _SPARE * _need(column, 0, line, gap)) for column in columns), default=0.0)
    return math.ceil(max(LEAST_HEIGHT, need + TOP + BOTTOM))


def layout(graph: nx.DiGraph, width: float = 1000, height: float | None = None) -> Layout:
    """Lay out a flow graph.

    Args:
        graph: What graph.build returned.
        width: Pixels; about the width of what the picture stands in.
        height: Pixels; height_for(graph) when None. Raised when the labels would not fit in it.

    Returns:
        Nodes and bands sorted by layer and from top to bottom. Nodes are as high as their flows, never overlap within a
        layer, and neither do their labels; bands leave and reach a node in the order of their other ends, so they don't twist.
    """
    width = max(width, LEAST_WIDTH)
    height = height_for(graph) if height is None else height
    columns = _columns(graph)
    most = max((len(column) for column in columns), default=0)
    font = next((size for size, gap in _GAPS.items() if _least(most, size, gap) <= height - TOP - BOTTOM), 11)
    gap, line = _GAPS[font], font * _LINE
    height = max(height, _least(most, font, gap) + TOP + BOTTOM, LEAST_HEIGHT)
    room = height - TOP - BOTTOM
    unit = _unit(columns, line, gap, room)

    names = order(graph)
    flows = {name: data["flows"] for name, data in graph.nodes(data=True)}
    slots = {name: max(count * unit, line) for name, count in flows.items()}
    centres = {name: TOP + centre for name, centre in place(graph, names, slots, gap, room).items()}
    labels = {name: text.clean(data["label"]) for name, data in graph.nodes(data=True)}
    keys = {name: data["key"] for name, data in graph.nodes(data=True)}
    left, right, starts = _across(graph.graph["layers"], names, labels, font, width)
    heights = [[centres[name] for name in column] for column in names]
    step = _narrow_step(starts, left, right, width)
    nodes = []
    for depth, column in enumerate(names):
        for name in column:
            x0, half, y = starts[depth], flows[name] * unit / 2, centres[name]
            most = step if 0 < depth < len(names) - 1 and _beside(heights[depth + 1], y, line) else width
            label = _label(labels[name], depth, starts, width, y, font, most)
            nodes.append(Node(name, depth, keys[name], x0, x0 + NODE_WIDTH, y - half, y + half, label))
    return Layout(width, height, font, unit, left, right, _headers(graph, starts, font), tuple(nodes), _bands(graph, nodes, unit))


def _columns(graph: nx.DiGraph) -> list[list[int]]:
    counts: dict[str, list[int]] = {layer: [] for layer in graph.graph["layers"]}
    for _, data in graph.nodes(data=True):
        counts[data["layer"]].append(data["flows"])
    return list(counts.values())


def _total(columns: list[list[int]]) -> int:
    return sum(columns[0]) if columns else 0


def _least(nodes: int, font: int, gap: float) -> float:
    return nodes * font * _LINE + max(0, nodes - 1) * gap


def _need(column: Sequence[int], unit: float, line: float, gap: float) -> float:
    return sum([max(count * unit, line) for count in column]) + gap * max(0, len(column) - 1)


def _unit(columns: list[list[int]], line: float, gap: float, room: float) -> float:
    # The height a layer needs is convex and piecewise linear in the unit, so Newton's steps from above reach the root exactly.
    unit = min(_MOST_UNIT, room / max(1, _total(columns)))
    for column in columns:
        while (excess := _need(column, unit, line, gap) - room) > 1e-9:
            slope = sum([count for count in column if count * unit > line])
            if not slope:
                break
            unit -= excess / slope
    return max(unit, 0.0)


def _across(
    layers: Sequence[str], names: Sequence[Sequence[str]], labels: dict[str, str], font: int, width: float
) -> tuple[float, float, list[float]]:
    """Return the room left and right of the outer bars and each layer's x."""
    most = width * _MOST_LABEL
    left = max((min(text.width(labels[name], font), most) for name in names[0]), default=0.0)
    right = max((min(text.width(labels[name], font), most) for name in names[-1]), default=0.0)
    first, last = (text.width(LAYERS[layer][1], font) for layer in (layers[0], layers[-1]))
    # A header ends or begins at the far edge of its bar, so the bar's width is part of its room.
    left = SIDE + max(left + LABEL_GAP, first - NODE_WIDTH)
    right = SIDE + max(right + LABEL_GAP, last - NODE_WIDTH)
    step = (width - left - right - NODE_WIDTH) / (len(names) - 1)
    # On whole pixels a bar's edges are sharp.
    return left, right, [float(round(left + depth * step)) for depth in range(len(names))]


def _narrow_step(starts: Sequence[float], left: float, right: float, width: float) -> float:
    """Return the pixels from label to label of two neighbouring layers on the narrowest page the picture is shown on.

    There the outer labels keep their room, and all that lies between shrinks.
    """
    shrunk = max((_NARROWEST * width - left - right) / (width - left - right), _LEAST_SHRUNK)
    return (starts[1] - starts[0]) * shrunk - LABEL_GAP


def _beside(heights: Sequence[float], y: float, line: float) -> bool:
    """Return whether one of these labels, given from top to bottom, stands in the line of a label at y."""
    at = bisect_left(heights, y - line)
    return at < len(heights) and heights[at] <= y + line


def _label(whole: str, depth: int, starts: list[float], width: float, y: float, font: int, most: float) -> Label:
    if depth == 0:
        room, x, anchor = width * _MOST_LABEL, starts[0] - LABEL_GAP, "end"
    else:
        last = depth == len(starts) - 1
        x, anchor = starts[depth] + NODE_WIDTH + LABEL_GAP, "start"
        room = width * _MOST_LABEL if last else starts[depth + 1] - x - LABEL_GAP
    shown = text.fit(whole, font, min(room, most))
    return Label(shown, x, y, "end" if anchor == "end" else "start", text.width(shown, font))


def _headers(graph: nx.DiGraph, starts: list[float], font: int) -> tuple[Label, ...]:
    headers = []
    for depth, layer in enumerate(graph.graph["layers"]):
        name = LAYERS[layer][1]
        first = depth == 0
        headers.append(
            Label(name, starts[depth] + (NODE_WIDTH if first else 0.0), TOP / 2 - 4, "end" if first else "start", text.width(name, font))
        )
    return tuple(headers)


def _bands(graph: nx.DiGraph, nodes: Sequence[Node], unit: float) -> tuple[Band, ...]:
    successors = dict(graph.adjacency())
    ranks = {node.id: rank for rank, node in enumerate(nodes)}
    # Nodes come layer by layer from top to bottom, so that bands reach a node in the order of where they start.
    ends = [node.y0 for node in nodes]
    bands = []
    for node in nodes:
        y = node.y0
        targets = successors[node.id]
        for target in sorted(targets, key=ranks.__getitem__):
            flows, rank = targets[target]["flows"], ranks[target]
            thickness = flows * unit
            bands.append(Band(node.id, target, node.depth, node.x1, y, nodes[rank].x0, ends[rank], thickness, flows))
            y += thickness
            ends[rank] += thickness
    return tuple(bands)
