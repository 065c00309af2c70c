"""The network view as a Plotly figure: who shares which vendors, cluster by cluster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import networkx as nx
import plotly.graph_objects as go

from popmap.flow.clusters import sees
from popmap.flow.drawn import Drawn
from popmap.flow.graph import LAYERS, NOT_STATED, node_id
from popmap.flow.hover import band_said, node_lines, node_said, room_for
from popmap.flow.network_key import LEGEND, LINE, size_key
from popmap.flow.palette import THEMES, Theme, colours
from popmap.flow.plotting import chosen_paths, frame, labels, mix, pill, targets
from popmap.flow.ring import FONT, HUB, HUB_FONT, LABEL_GAP, Arc, Network, Spot, diameter, place
from popmap.flow.scene import Target

# What of the room for labels lies within the plotting area, to be under the pointer; the rest is margin, which does not stretch.
# The slack keeps labels whole where the plotting area is half as wide.
INSIDE, SLACK = 48.0, 12.0
LINK, CHOSEN_LINK, CASING = 1.6, 2.4, 2.6
# A link's hover text costs some 100 bytes; beyond this many links only nodes have one, so that a picture stays small to send.
LINKS_WITH_TEXT = 250
BAND = 14.0


def network_figure(
    graph: nx.DiGraph,
    network: Network | None = None,
    theme: str = "light",
    category_order: Sequence[str] = (),
    *,
    selected: Sequence[Target] = (),
    depth: int = 1,
    gaps: bool = False,
    hover: Mapping[tuple[str, str], Sequence[str]] | None = None,
) -> go.Figure:
    """Return the network as a figure.

    A square is a thing of the first layer (a category, by default), a circle any other. A circle's area stands for how many first-layer
    things share a path with it (clusters.sees); squares are all alike. The bands behind the circles are clusters.

    Args:
        graph: What graph.build returned.
        network: What ring.place returned for it; worked out here when None.
        theme: "light" or "dark".
        category_order: All category keys of the register, which fixes their colours (see scene.scene).
        selected: Node ids and bands (source id, target id) to highlight with their neighbourhood; those the graph lacks are ignored.
        depth: Steps of the neighbourhood, as in graph.related.
        gaps: Whether to dash links that hold flows without evidence, and outline what has findings.
        hover: (source id, target id) -> lines to show after the link's own, as plain text.

    Returns:
        A figure with the same targets as figure.figure: the trace with uid "nodes" has node ids as customdata, the one with uid
        "bands" (left out beyond LINKS_WITH_TEXT links) has [source id, target id].
    """
    look = THEMES[theme]
    network = network or place(graph)
    spots = {spot.node: spot for spot in network.spots}
    own = not category_order or graph.graph["colour_layer"] != "category"
    palette = colours(look, graph.graph["colours"] if own else category_order)
    links = _links(graph, selected, depth)
    active = frozenset(graph) if links is None else frozenset(name for link in links for name in link)
    seen = sees(graph)
    traces = [
        *_lines(graph, spots, palette, look, links, gaps),
        _marks(graph, network.spots, palette, look, active, seen, gaps),
        *_labels(network.spots, look, active),
        *([_bands(graph, spots, hover or {})] if graph.number_of_edges() <= LINKS_WITH_TEXT else []),
        _nodes(graph, network.spots, seen),
        *size_key(graph, network, look, seen, gaps),
    ]
    height = network.height + LEGEND + (LINE if gaps else 0)
    inside = min(INSIDE, network.room)
    margin = {"l": network.room - inside + SLACK, "r": network.room - inside + SLACK, "t": 0, "b": 0}
    across = (network.room - inside, network.width - network.room + inside)
    # _validate=False saves most of what a figure costs; a test has Plotly validate what is built here.
    layout = frame(look, height, margin, across, (height, 0), _clusters(network.arcs, palette, look, 0.18 if links is None else 0.09))
    return Drawn(traces, layout)


def _links(graph: nx.DiGraph, selected: Sequence[Target], depth: int) -> frozenset[tuple[str, str]] | None:
    paths = chosen_paths(graph, selected, depth)
    if paths is None:
        return None
    names = ([node_id(layer, key) for layer, key in zip(graph.graph["layers"], path.keys, strict=True)] for path in paths)
    return frozenset(pair for path in names for pair in pairwise(path))


def _lines(
    graph: nx.DiGraph,
    spots: Mapping[str, Spot],
    palette: Mapping[str, str],
    look: Theme,
    links: frozenset[tuple[str, str]] | None,
    gaps: bool,
) -> list[dict[str, Any]]:
    """Return one trace per look, faded links first."""
    looks: dict[tuple[int, str, float, str], list[tuple[str, str]]] = defaultdict(list)
    for source, target, data in sorted(graph.edges(data=True)):
        pair = (source, target)
        colour = look.band if data["category"] is None else palette.get(data["category"], look.neutral)
        dash = "4px,4px" if gaps and data["unproven"] else "solid"
        if links is not None and pair not in links:
            looks[0, mix(colour, look.background, 2 * look.faded_opacity), LINK, dash].append(pair)
            continue
        width = LINK if links is None else CHOSEN_LINK
        if gaps and data["flagged"]:
            looks[1, mix(look.finding, look.background, 0.4), width + CASING, "solid"].append(pair)
        looks[2, mix(colour, look.background, 0.85), width, dash].append(pair)
    traces = []
    for (_, colour, width, dash), pairs in sorted(looks.items()):
        xs = [x for source, target in pairs for x in (spots[source].x, spots[target].x, None)]
        ys = [y for source, target in pairs for y in (spots[source].y, spots[target].y, None)]
        line = {"color": colour, "width": width, "dash": dash}
        traces.append({"type": "scatter", "mode": "lines", "name": "links", "x": xs, "y": ys, "line": line, "hoverinfo": "skip"})
    return traces


def _size(graph: nx.DiGraph, spot: Spot, seen: Mapping[str, int]) -> float:
    return HUB if graph.nodes[spot.node]["layer"] == graph.graph["layers"][0] else diameter(seen[spot.node])


def _marks(
    graph: nx.DiGraph,
    spots: Sequence[Spot],
    palette: Mapping[str, str],
    look: Theme,
    active: frozenset[str],
    seen: Mapping[str, int],
    gaps: bool,
) -> dict[str, Any]:
    first, coloured = graph.graph["layers"][0], graph.graph["colour_layer"]
    data = [graph.nodes[spot.node] for spot in spots]
    fills = [palette.get(node["key"], look.neutral) if node["layer"] == coloured else look.bar for node in data]
    shares = [1.0 if spot.node in active else look.faded_bar_opacity for spot in spots]
    flagged = [gaps and node["flagged"] for node in data]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "marks",
        "x": [spot.x for spot in spots],
        "y": [spot.y for spot in spots],
        "marker": {
            "symbol": ["square" if node["layer"] == first else "circle" for node in data],
            "size": [_size(graph, spot, seen) for spot in spots],
            "color": [mix(fill, look.background, share) for fill, share in zip(fills, shares, strict=True)],
            "opacity": 1,
            "line": {
                "color": [
                    mix(look.finding, look.background, share) if flag else look.background
                    for flag, share in zip(flagged, shares, strict=True)
                ],
                "width": [2.5 if flag else 1 for flag in flagged],
            },
        },
        "hoverinfo": "skip",
        "cliponaxis": False,
        # A click must not fade the picture before the page answers it.
        "unselected": {"marker": {"opacity": 1}},
    }


def _labels(spots: Sequence[Spot], look: Theme, active: frozenset[str]) -> list[dict[str, Any]]:
    position = {"left": "middle left", "right": "middle right", "above": "top center"}
    traces = []
    for hub in (False, True):
        for name, colour, lit in (("other labels", look.muted, False), ("labels", look.text, True)):
            rows = [_label(spot, position) for spot in spots if spot.side and spot.hub == hub and (spot.node in active) == lit]
            if rows:
                traces.append(labels(name, look, colour, rows, HUB_FONT if hub else FONT, bold=hub))
    return traces


def _label(spot: Spot, position: Mapping[str, str]) -> tuple[float, float, str, str]:
    # Plotly sets a text beside the point; the mark's own room is added here.
    clear = spot.clear + LABEL_GAP
    x = spot.x + {"left": -clear, "right": clear}.get(spot.side, 0.0)
    return round(x, 1), spot.y - (spot.clear + 3 if spot.side == "above" else 0.0), spot.label, position[spot.side]


def _nodes(graph: nx.DiGraph, spots: Sequence[Spot], seen: Mapping[str, int]) -> dict[str, Any]:
    first = graph.graph["layers"][0]
    total = sum(1 for _, data in graph.nodes(data=True) if data["layer"] == first and data["key"] != NOT_STATED)
    room = room_for(len(spots), graph.number_of_edges())
    points, ids, said, rows = [], [], [], []
    for row, spot in enumerate(spots):
        lines = node_lines(graph, spot.node)
        if graph.nodes[spot.node]["layer"] != first and seen[spot.node]:
            lines.append(f"sees {seen[spot.node]:,} of {total:,} {LAYERS[first][total != 1].lower()}")
        said.append(node_said(lines, room))
        sign = {"left": -1, "right": 1}.get(spot.side, 0)
        beside = [(spot.x + sign * (spot.clear + step), spot.y) for step in (16, 40)] if sign else []
        above = [(spot.x, spot.y - HUB)] if spot.side == "above" else []
        for point in [(spot.x, spot.y), *beside, *above]:
            points.append(point)
            ids.append(spot.node)
            rows.append(row)
    return targets("nodes", points, ids, said, rows)


def _bands(graph: nx.DiGraph, spots: Mapping[str, Spot], hover: Mapping[tuple[str, str], Sequence[str]]) -> dict[str, Any]:
    room = room_for(len(spots), graph.number_of_edges())
    points, ids, said = [], [], []
    for source, target in sorted(graph.edges):
        a, b = spots[source], spots[target]
        # Nearer the ring, where the links of a hub are apart.
        share = 0.35 if b.hub and not a.hub else 0.65
        points.append((a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share))
        ids.append((source, target))
        data = graph.edges[source, target]
        names = (graph.nodes[source]["label"], graph.nodes[target]["label"])
        said.append(band_said(names, (data["flows"], 0, data["unproven"], data["flagged"]), hover.get((source, target), ()), room))
    return targets("bands", points, ids, said, range(len(ids)))


def _clusters(arcs: Sequence[Arc], palette: Mapping[str, str], look: Theme, share: float) -> list[dict[str, Any]]:
    """Return one shape per colour: a band with round ends behind each cluster's nodes."""
    paths: dict[str, str] = defaultdict(str)
    for arc in arcs:
        paths[palette.get(arc.hub.partition(":")[2], look.band)] += pill(arc.points, BAND)
    return [
        {"type": "path", "path": path, "layer": "below", "fillcolor": mix(colour, look.background, share), "line": {"width": 0}}
        for colour, path in sorted(paths.items())
    ]
