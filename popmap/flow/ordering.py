"""The order of the nodes within each layer: barycentre sweeps that cut weighted crossings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import networkx as nx
import numpy as np
import numpy.typing as npt

from popmap.flow.graph import OTHER

_SWEEPS = 12

Order = list[npt.NDArray[np.int64]]
Weights = list[npt.NDArray[np.int64]]


def order(graph: nx.DiGraph) -> tuple[tuple[str, ...], ...]:
    """Return the node ids of each layer from top to bottom so that bands cross little.

    Barycentre sweeps in both directions (Sugiyama, Tagawa and Toda 1981) from two starting orders; of all orders met, the one
    with the least weighted crossings is kept, then improved by swapping neighbours. Ties are broken by label, then id, so
    equal graphs give equal orders. OTHER stands last in its layer, where one looks for the rest.

    Args:
        graph: What graph.build returned.
    """
    layers = [_members(graph, layer) for layer in graph.graph["layers"]]
    weights = [_weights(graph, left, right) for left, right in pairwise(layers)]
    pinned = [np.array([graph.nodes[name]["key"] == OTHER for name in names], dtype=bool) for names in layers]
    by_label = [np.arange(len(names)) for names in layers]
    by_flows = [_by_flows(graph, names) for names in layers]
    best = min((_sweep(start, weights, pinned) for start in (by_label, by_flows)), key=lambda found: found[0])[1]
    best = _swap(best, weights, pinned)
    return tuple(tuple(names[at] for at in rank) for names, rank in zip(layers, best, strict=True))


def crossings(graph: nx.DiGraph, layers: Sequence[Sequence[str]]) -> int:
    """Return the sum over all pairs of crossing bands of the product of their flows, for an order of the nodes."""
    return sum(_crossing(_weights(graph, left, right)) for left, right in pairwise(layers))


def _members(graph: nx.DiGraph, layer: str) -> list[str]:
    found = [(data["key"] == OTHER, data["label"], name) for name, data in graph.nodes(data=True) if data["layer"] == layer]
    return [name for _, _, name in sorted(found)]


def _by_flows(graph: nx.DiGraph, names: Sequence[str]) -> npt.NDArray[np.int64]:
    ranks = sorted((graph.nodes[name]["key"] == OTHER, -graph.nodes[name]["flows"], at) for at, name in enumerate(names))
    return np.array([at for _, _, at in ranks], dtype=np.int64)


def _weights(graph: nx.DiGraph, left: Sequence[str], right: Sequence[str]) -> npt.NDArray[np.int64]:
    matrix = np.zeros((len(left), len(right)), dtype=np.int64)
    rows = {name: at for at, name in enumerate(left)}
    columns = {name: at for at, name in enumerate(right)}
    for source, target, flows in graph.edges(left, data="flows"):
        matrix[rows[source], columns[target]] = flows
    return matrix


def _crossing(matrix: npt.NDArray[np.int64]) -> int:
    # Two bands cross when one starts below and ends above the other: for each cell, all flows in the quarter below and to its left.
    if min(matrix.shape) < 2:
        return 0
    quarter = matrix[::-1].cumsum(axis=0)[::-1].cumsum(axis=1)
    # Counts are exact in float64 far beyond any register's size, and do not overflow as int64 would.
    return int((matrix[:-1, 1:].astype(np.float64) * quarter[1:, :-1]).sum())


def _total(rank: Order, weights: Weights) -> int:
    return sum(_crossing(matrix[np.ix_(rank[at], rank[at + 1])]) for at, matrix in enumerate(weights))


def _sweep(start: Order, weights: Weights, pinned: list[npt.NDArray[np.bool_]]) -> tuple[int, Order]:
    rank = [part.copy() for part in start]
    best, kept = _total(rank, weights), [part.copy() for part in rank]
    seen = set()
    for turn in range(_SWEEPS):
        forward = turn % 2 == 0
        depths = range(1, len(rank)) if forward else range(len(rank) - 2, -1, -1)
        for at in depths:
            matrix = weights[at - 1].T if forward else weights[at]
            rank[at] = _by_barycentre(matrix, rank[at - 1] if forward else rank[at + 1], pinned[at])
        crossing = _total(rank, weights)
        if crossing < best:
            best, kept = crossing, [part.copy() for part in rank]
        state = (forward, *(part.tobytes() for part in rank))
        if crossing == 0 or state in seen:
            break
        seen.add(state)
    return best, kept


def _by_barycentre(
    matrix: npt.NDArray[np.int64], neighbours: npt.NDArray[np.int64], pinned: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    place = np.empty(len(neighbours), dtype=np.int64)
    place[neighbours] = np.arange(len(neighbours))
    # Integers until the one division, so the same graph gives the same order on every machine.
    centre = (matrix @ place) / np.maximum(matrix.sum(axis=1), 1)
    # The node's own index follows its label.
    return np.lexsort((np.arange(len(centre)), centre, pinned))


def _swap(rank: Order, weights: Weights, pinned: list[npt.NDArray[np.bool_]]) -> Order:
    for _ in range(4):
        changed = False
        for at, part in enumerate(rank):
            sides = []
            if at:
                sides.append(weights[at - 1].T[:, rank[at - 1]])
            if at < len(weights):
                sides.append(weights[at][:, rank[at + 1]])
            above, below = _pair_crossings(part, sides)
            for row in range(len(part) - 1):
                first, second = part[row], part[row + 1]
                if pinned[at][first] == pinned[at][second] and below[first, second] > above[first, second]:
                    part[row], part[row + 1] = second, first
                    changed = True
        if not changed:
            break
    return rank


def _pair_crossings(
    part: npt.NDArray[np.int64], sides: list[npt.NDArray[np.int64]]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    # below[a, b]: crossings of a's bands with b's when a stands above b; above[a, b]: when b stands above a.
    size = len(part)
    below = np.zeros((size, size))
    for matrix in sides:
        exact = matrix.astype(np.float64)
        before = exact.cumsum(axis=1) - exact
        below += exact @ before.T
    return below.T, below
