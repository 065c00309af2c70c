"""Which nodes of a flow graph belong together: how much each sees, the clusters, and which clusters stand side by side."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import networkx as nx

from popmap.flow.graph import NOT_STATED, OTHER, node_id

SEED = 1
# Beyond this many nodes only the hubs and the largest others are labelled; every name is in the hover text.
LABELLED = 100
LABELS_WHEN_MANY = 60
MOST_HUBS = 24
# How much longer one side of the ring may be than the other, as a share of both, before a cluster is shared out between them.
UNEVEN = 0.1


def sees(graph: nx.DiGraph) -> dict[str, int]:
    """Return for every node how many first-layer things (categories, by default) share a path with it.

    This is a vendor's degree centrality towards the categories, not divided by their number. "Not stated" is not counted,
    "Other" counts as one, and a node of the first layer itself has 0.
    """
    layers = graph.graph["layers"]
    found: dict[str, set[str]] = {name: set() for name in graph}
    for path in graph.graph["paths"]:
        if path.keys[0] != NOT_STATED:
            for layer, key in zip(layers[1:], path.keys[1:], strict=True):
                found[node_id(layer, key)].add(path.keys[0])
    return {name: len(keys) for name, keys in found.items()}


def communities(graph: nx.DiGraph) -> list[list[str]]:
    """Return the clusters: nodes more linked with each other than with the rest (Louvain, seeded), largest first.

    "Not stated" and "Other" link nothing together, so they play no part in it and join the cluster they share most flows with.
    The result depends on the graph alone: the search runs on whole numbers given in the order of the sorted ids.
    """
    names = sorted(graph)
    loose = {name for name in names if graph.nodes[name]["key"] in (NOT_STATED, OTHER)}
    number = {name: at for at, name in enumerate(names)}
    plain = nx.Graph()
    plain.add_nodes_from(number[name] for name in names if name not in loose)
    plain.add_edges_from(sorted((number[a], number[b]) for a, b in graph.edges if not {a, b} & loose))
    found = [sorted(names[at] for at in group) for group in nx.community.louvain_communities(plain, seed=SEED)] if len(plain) else []
    groups = sorted(found, key=lambda group: (-len(group), group)) or [[]]
    home = {name: at for at, group in enumerate(groups) for name in group}
    for name in sorted(loose):
        pull: dict[int, int] = defaultdict(int)
        for other in neighbours(graph, name):
            if other in home:
                pull[home[other]] += _flows(graph, name, other)
        home[name] = min(pull, key=lambda at: (-pull[at], at)) if pull else 0
        groups[home[name]].append(name)
    return groups


def circle(graph: nx.DiGraph, groups: Sequence[Sequence[str]]) -> list[int]:
    """Return the clusters' numbers in the order in which to set them around a circle, so that linked ones are near each other.

    NetworkX's spring layout (seeded) places the clusters; their angles around the middle are the order.
    """
    home = {name: at for at, group in enumerate(groups) for name in group}
    between: dict[tuple[int, int], int] = defaultdict(int)
    for a, b in graph.edges:
        if home[a] != home[b]:
            between[min(home[a], home[b]), max(home[a], home[b])] += 1
    quotient = nx.Graph()
    quotient.add_nodes_from(range(len(groups)))
    quotient.add_weighted_edges_from((a, b, links) for (a, b), links in sorted(between.items()))
    # The method is named because "auto" would follow whether scipy happens to be installed.
    found = nx.spring_layout(quotient, seed=SEED, method="force", iterations=30)
    angles = {at: round(math.atan2(float(x), float(y)), 3) for at, (x, y) in found.items()}
    return sorted(angles, key=lambda at: (angles[at], at))


def sides_of(groups: Sequence[list[str]]) -> tuple[list[list[str]], list[list[str]]]:
    """Deal clusters given in circular order to the left (bottom to top) and right (top to bottom) side, as evenly as they can be."""
    total = sum(len(group) for group in groups)
    parts = []
    for group in groups:
        # One cluster that is most of the ring is shown on both sides.
        cut = len(group) // 2 if len(group) > max(8, 0.6 * total) else len(group)
        parts += [part for part in (group[:cut], group[cut:]) if part]
    sizes = [len(part) for part in parts]
    turns = [(abs(total - 2 * sum((sizes * 2)[at : at + many])), at, many) for at in range(len(parts)) for many in range(1, len(parts) + 1)]
    _, start, many = min(turns, default=(0, 0, 0))
    around = parts[start:] + parts[:start]
    left, right = around[many:][::-1], around[:many]
    excess = sum(map(len, left)) - sum(map(len, right))
    if abs(excess) > UNEVEN * total:
        # The two sides meet at the bottom, so a cluster may be shared out there.
        long, short = (left, right) if excess > 0 else (right, left)
        cut = min(abs(excess) // 2, len(long[-1]) // 2)
        if cut:
            short.append(long[-1][-cut:])
            long[-1] = long[-1][:-cut]
    return left, right


def inside(graph: nx.DiGraph) -> frozenset[str]:
    """Return the hubs: the nodes of the layer with the fewest, and of the next ones while they stay at most MOST_HUBS."""
    layers = {layer: [name for name, data in graph.nodes(data=True) if data["layer"] == layer] for layer in graph.graph["layers"]}
    smallest = sorted(layers, key=lambda layer: (len(layers[layer]), graph.graph["layers"].index(layer)))
    hubs = list(layers[smallest[0]])
    for layer in smallest[1:-1]:
        if len(hubs) + len(layers[layer]) > MOST_HUBS:
            break
        hubs += layers[layer]
    return frozenset(hubs)


def named(graph: nx.DiGraph, hubs: frozenset[str], seen: Mapping[str, int]) -> frozenset[str]:
    """Return the nodes that get a label: all while they are few, else the largest hubs and the largest of the others."""

    def largest(names: Iterable[str], most: int) -> list[str]:
        return sorted(names, key=lambda name: (-seen[name], -graph.nodes[name]["flows"], graph.nodes[name]["label"], name))[:most]

    rim = [name for name in graph if name not in hubs]
    return frozenset([*largest(hubs, MOST_HUBS), *(rim if len(graph) <= LABELLED else largest(rim, LABELS_WHEN_MANY))])


def neighbours(graph: nx.DiGraph, name: str) -> list[str]:
    """Return the nodes a node is linked with in either direction, sorted."""
    return sorted({*graph.predecessors(name), *graph.successors(name)})


def _flows(graph: nx.DiGraph, one: str, other: str) -> int:
    return (graph.edges[one, other] if graph.has_edge(one, other) else graph.edges[other, one])["flows"]
