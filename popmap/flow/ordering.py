"""The order of the nodes within each layer: barycentre sweeps that cut weighted crossings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import networkx as nx
import numpy as np
import numpy.typing as npt

from popmap.flow.graph import OTHER

_SWEEPS = 12

Numbers = npt.NDArray[np.float64]
Rank = npt.NDArray[np.int64]
Order = list[Rank]


@dataclass(frozen=True, slots=True)
class _Gap:
    """Two neighbouring layers.

    Attributes:
        flows: Left node x right node -> flows of their band. Whole numbers, exact in float64 far beyond any register's size.
        left: Each left node's flows, at least 1.
        right: Each right node's flows, at least 1.
        after: Left node x left node -> 1 where the second stands below the first, when they stand in order.
        before: Right node x right node -> 1 where the first stands above the second.
    """

    flows: Numbers
    left: Numbers
    right: Numbers
    after: Numbers
    before: Numbers


def order(graph: nx.DiGraph) -> tuple[tuple[str, ...], ...]:
    """Return the node ids of each layer from top to bottom so that bands cross little.

    Barycentre sweeps in both directions (Sugiyama, Tagawa and Toda 1981) from two starting orders; of all orders met, the one
    with the least weighted crossings is kept, then improved by swapping neighbours. Ties are broken by label, then id, so
    equal graphs give equal orders. OTHER stands last in its layer, where one looks for the rest.

    Args:
        graph: What graph.build returned.
    """
    nodes = dict(graph.nodes(data=True))
    layers = _members(graph)
    gaps = [_gap(graph, left, right) for left, right in pairwise(layers)]
    # Added to a barycentre, this puts OTHER last.
    pins = [np.array([math.inf if nodes[name]["key"] == OTHER else 0.0 for name in names]) for names in layers]
    by_label = [np.arange(len(names)) for names in layers]
    by_flows = [
        np.argsort(np.array([-nodes[name]["flows"] for name in names]) + pin, kind="stable")
        for names, pin in zip(layers, pins, strict=True)
    ]
    best = min((_sweep(start, gaps, pins) for start in (by_label, by_flows)), key=lambda found: found[0])[1]
    best = _swap(best, gaps, pins)
    return tuple(tuple([names[at] for at in rank.tolist()]) for names, rank in zip(layers, best, strict=True))


def crossings(graph: nx.DiGraph, layers: Sequence[Sequence[str]]) -> int:
    """Return the sum over all pairs of crossing bands of the product of their flows, for an order of the nodes."""
    gaps = [_gap(graph, left, right) for left, right in pairwise(layers)]
    return int(_total([np.arange(len(names)) for names in layers], gaps))


def _members(graph: nx.DiGraph) -> list[list[str]]:
    found: dict[str, list[tuple[bool, str, str]]] = {layer: [] for layer in graph.graph["layers"]}
    for name, data in graph.nodes(data=True):
        found[data["layer"]].append((data["key"] == OTHER, data["label"], name))
    return [[name for _, _, name in sorted(members)] for members in found.values()]


def _gap(graph: nx.DiGraph, left: Sequence[str], right: Sequence[str]) -> _Gap:
    columns = {name: at for at, name in enumerate(right)}
    flows = np.zeros((len(left), len(right)))
    for row, name in enumerate(left):
        for target, data in graph[name].items():
            flows[row, columns[target]] = data["flows"]
    after, before = _triangle(len(left)), _triangle(len(right))
    return _Gap(flows, np.maximum(flows.sum(axis=1), 1), np.maximum(flows.sum(axis=0), 1), after, before)


@lru_cache(maxsize=256)
def _triangle(size: int) -> Numbers:
    return np.triu(np.ones((size, size)), 1)


def _total(rank: Order, gaps: Sequence[_Gap]) -> float:
    # Two bands cross when one starts below and ends above the other: for each band, all flows that start below and end above it.
    total = 0.0
    for at, gap in enumerate(gaps):
        flows = gap.flows[rank[at][:, None], rank[at + 1]]
        total += float(np.vdot(flows, gap.after @ flows @ gap.before))
    return total


def _sweep(start: Order, gaps: Sequence[_Gap], pins: Sequence[Numbers]) -> tuple[float, Order]:
    rank = list(start)
    crossing = best = _total(rank, gaps)
    kept, still = list(rank), 0
    state = [part.tobytes() for part in rank]
    seen = set()
    for turn in range(_SWEEPS):
        forward = turn % 2 == 0
        depths = range(1, len(rank)) if forward else range(len(rank) - 2, -1, -1)
        changed = False
        for at in depths:
            gap = gaps[at - 1] if forward else gaps[at]
            flows, sums = (gap.flows.T, gap.right) if forward else (gap.flows, gap.left)
            found = _by_barycentre(flows, sums, rank[at - 1] if forward else rank[at + 1], pins[at])
            rank[at], written = found, found.tobytes()
            changed = changed or written != state[at]
            state[at] = written
        still = 0 if changed else still + 1
        if changed:
            crossing = _total(rank, gaps)
        if crossing < best:
            best, kept = crossing, list(rank)
        # Neither direction changes anything any more, or what it changes goes round in a circle.
        if crossing == 0 or still == 2 or (forward, *state) in seen:
            break
        seen.add((forward, *state))
    return best, kept


def _by_barycentre(flows: Numbers, sums: Numbers, neighbours: Rank, pin: Numbers) -> Rank:
    place = np.empty(len(neighbours))
    place[neighbours] = np.arange(len(neighbours))
    # Whole numbers until the one division, so the same graph gives the same order on every machine. A node's index follows its label.
    return np.argsort(flows @ place / sums + pin, kind="stable")


def _swap(rank: Order, gaps: Sequence[_Gap], pins: Sequence[Numbers]) -> Order:
    rank = list(rank)
    for _ in range(4):
        changed = False
        for at, part in enumerate(rank):
            sides = []
            if at:
                sides.append(gaps[at - 1].flows.T[:, rank[at - 1]])
            if at < len(gaps):
                sides.append(gaps[at].flows[:, rank[at + 1]])
            gain = _gain(sides)
            found = part.tolist()
            if not (gain[part[:-1], part[1:]] > 0).any():
                continue
            for row in range(len(found) - 1):
                first, second = found[row], found[row + 1]
                if pins[at][first] == pins[at][second] and gain[first, second] > 0:
                    found[row], found[row + 1] = second, first
                    changed = True
            rank[at] = np.array(found)
        if not changed:
            break
    return rank


def _gain(sides: Sequence[Numbers]) -> Numbers:
    """Return for each two nodes, the first directly above the second, how many crossings fewer there are when they change places."""
    # below[a, b]: crossings of a's bands with b's when a stands above b.
    below = [flows @ (np.cumsum(flows, axis=1) - flows).T for flows in sides]
    return np.sum([one - one.T for one in below], axis=0)
