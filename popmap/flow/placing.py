"""How far down each node stands, given the order of the nodes."""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx

_MOST_GAP = 22.0


def place(graph: nx.DiGraph, names: Sequence[Sequence[str]], slots: dict[str, float], gap: float, room: float) -> dict[str, float]:
    """Return each node's middle, from the top of the room.

    The fullest layer is spread over the height; every other layer's nodes are drawn towards the middle of what they are joined
    to, as near as order and gaps allow.

    Args:
        graph: What graph.build returned.
        names: Node ids of each layer from top to bottom.
        slots: Node id -> pixels it needs, its label included.
        gap: Pixels between two slots, at least.
        room: Pixels from top to bottom; every layer fits.
    """
    needs = [sum(slots[name] for name in column) + gap * (len(column) - 1) for column in names]
    anchor = max(range(len(names)), key=lambda at: (round(needs[at], 6), -at))
    nodes, near = dict(graph.nodes(data=True)), _near(graph)
    centres: dict[str, float] = {}
    outwards = [anchor, *range(anchor - 1, -1, -1), *range(anchor + 1, len(names))]
    for at in outwards:
        column = names[at]
        space = gap + min(_MOST_GAP - gap, max(0.0, room - needs[at]) / max(1, len(column) - 1))
        offsets, end = [], 0.0
        for name in column:
            offsets.append(end + slots[name] / 2)
            end += slots[name] + space
        slack = max(0.0, room - (end - space))
        if at == anchor:
            wanted = [slack / 2] * len(column)
        else:
            wanted = [_pull(near[name], centres) - offset for name, offset in zip(column, offsets, strict=True)]
        weights = [nodes[name]["flows"] for name in column]
        shifts = _isotonic(wanted, weights)
        for name, offset, shift in zip(column, offsets, shifts, strict=True):
            centres[name] = offset + min(max(shift, 0.0), slack)
    return centres


def _near(graph: nx.DiGraph) -> dict[str, list[tuple[str, int]]]:
    """Return each node's neighbours to the right, then those to the left, with the flows of the band between."""
    near: dict[str, list[tuple[str, int]]] = {name: [] for name in graph}
    left: dict[str, list[tuple[str, int]]] = {name: [] for name in graph}
    for source, targets in graph.adjacency():
        for target, data in targets.items():
            near[source].append((target, data["flows"]))
            left[target].append((source, data["flows"]))
    for name, others in left.items():
        near[name] += others
    return near


def _pull(near: Sequence[tuple[str, int]], centres: dict[str, float]) -> float:
    pairs = [(centres[other], flows) for other, flows in near if other in centres]
    return sum([centre * flows for centre, flows in pairs]) / sum([flows for _, flows in pairs])


def _isotonic(wanted: Sequence[float], weights: Sequence[int]) -> list[float]:
    """Return the non-decreasing values nearest to those wanted (least squares), by pooling adjacent violators."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(wanted, weights, strict=True):
        blocks.append((value, weight, 1))
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (first, first_weight, first_size), (last, last_weight, last_size) = blocks[-2:]
            both = first_weight + last_weight
            blocks[-2:] = [((first * first_weight + last * last_weight) / both, both, first_size + last_size)]
    return [value for value, _, size in blocks for _ in range(size)]
