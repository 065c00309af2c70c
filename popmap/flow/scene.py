"""What the data map draws: every shape with its style, shared by the figure on the screen and the SVG file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx

from popmap.flow.curves import band_edges, band_outline, bar, hatched
from popmap.flow.graph import NOT_STATED, OTHER, Path, node_id, related
from popmap.flow.layout import Layout, Node
from popmap.flow.palette import THEMES, Theme, colours

Target = str | tuple[str, str]
Shares = Mapping[tuple[str, str], Mapping[str, int]]

DASH = "4px,3px"
UNPROVEN, FLAGGED, BOTH = "Flows without evidence", "Has findings", "Findings, and flows without evidence"
_GROUPS = 4
_OUTLINE = 1.3


@dataclass(frozen=True, slots=True)
class Style:
    """How a shape looks; `name` is its legend entry or "", `group` keeps apart shapes of one look that cross."""

    fill: str = ""
    opacity: float = 1.0
    stroke: str = ""
    stroke_width: float = 0.0
    dash: str = ""
    name: str = ""
    group: int = 0


@dataclass(frozen=True, slots=True)
class Shape:
    """One outline in SVG path syntax; owner is the node id, or the (source id, target id) of the band, it belongs to."""

    path: str
    style: Style
    owner: Target


@dataclass(frozen=True, slots=True)
class Scene:
    """A drawing in the order it is painted.

    Attributes:
        shapes: Bands first, nodes next, the gap overlay last.
        active: Ids of the nodes on a selected path; all nodes when nothing is selected.
        shares: Band -> colouring key -> flows that belong to the selection; None when nothing is selected.
        theme: The colours used.
    """

    shapes: tuple[Shape, ...]
    active: frozenset[str]
    shares: Shares | None
    theme: Theme


def scene(
    graph: nx.DiGraph,
    layout: Layout,
    theme: str = "light",
    category_order: Sequence[str] = (),
    selected: Collection[Target] = (),
    depth: int = 1,
    gaps: bool = False,
) -> Scene:
    """Decide what is drawn and how.

    Args:
        graph: What graph.build returned.
        layout: Its layout.
        theme: "light" or "dark".
        category_order: All category keys of the register; their places give the colours. The graph's own keys when empty, and
            always when the graph shows no categories and is coloured by its first layer.
        selected: Node ids and bands (source id, target id); what belongs to any of them keeps its colour and the rest fades.
            Those the graph does not have count as not selected.
        depth: Steps of the neighbourhood, as in graph.related.
        gaps: Whether to outline what rests on no evidence (dashed) or has findings.
    """
    look = THEMES[theme]
    own = not category_order or graph.graph["colour_layer"] != "category"
    palette = colours(look, graph.graph["colours"] if own else category_order)
    shares = _shares(graph, selected, depth)
    active = frozenset(graph) if shares is None else frozenset(name for band in shares for name in band)
    shapes = [*_bands(graph, layout, palette, look, shares)]
    layers = {name: data["layer"] for name, data in graph.nodes(data=True)}
    own_layer = graph.graph["colour_layer"]
    shapes += [_bar(node, palette if layers[node.id] == own_layer else None, look, node.id in active) for node in layout.nodes]
    if gaps:
        shapes += _gaps(graph, layout, look, active, shares)
    return Scene(tuple(shapes), active, shares, look)


def _shares(graph: nx.DiGraph, selected: Collection[Target], depth: int) -> Shares | None:
    chosen = {path for target in selected for path in related(graph, target, depth)}
    return _composition(graph, chosen) if chosen else None


def _composition(graph: nx.DiGraph, paths: Iterable[Path]) -> Shares:
    """Return band -> colouring key -> flows, for some of the graph's paths."""
    layers = graph.graph["layers"]
    at = layers.index(graph.graph["colour_layer"])
    shares: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for path in paths:
        names = [node_id(layer, key) for layer, key in zip(layers, path.keys, strict=True)]
        for pair in pairwise(names):
            shares[pair][path.keys[at]] += path.flows
    return shares


def _bands(graph: nx.DiGraph, layout: Layout, palette: Mapping[str, str], look: Theme, shares: Shares | None) -> Iterator[Shape]:
    groups = _groups(layout)
    successors = dict(graph.adjacency())
    opacity = look.band_opacity if shares is None else look.faded_opacity
    styles: dict[tuple[str, int], Style] = {}
    for band in layout.bands:
        owner = (band.source, band.target)
        key = successors[band.source][band.target]["category"]
        fill = look.band if key is None else palette.get(key, look.neutral)
        group = groups[owner] if shares is None else 0
        style = styles.get((fill, group)) or styles.setdefault((fill, group), Style(fill, opacity, group=group))
        yield Shape(band_outline(band), style, owner)
    if shares is None:
        return
    # Every key has its slice of a band, in the order of the colouring layer's nodes, so that what is selected runs on at the
    # height at which it arrived.
    order = {node.key: rank for rank, node in enumerate(layout.nodes) if graph.nodes[node.id]["layer"] == graph.graph["colour_layer"]}
    whole = _composition(graph, graph.graph["paths"])
    for band in layout.bands:
        owner, start = (band.source, band.target), 0.0
        chosen = shares.get(owner)
        if not chosen:
            continue
        for key in sorted(whole[owner], key=order.__getitem__):
            if chosen.get(key):
                style = Style(palette.get(key, look.neutral), look.band_opacity, group=groups[owner])
                yield Shape(band_outline(band, start / band.flows, chosen[key] / band.flows), style, owner)
            start += whole[owner][key]


def _groups(layout: Layout) -> dict[tuple[str, str], int]:
    # Bands of one look become one shape on the screen, within which a crossing would not show. Bands that meet in one node
    # never cross, so bands are told apart by the node they have on the side with fewer nodes.
    places: dict[str, int] = {}
    sizes: dict[int, int] = defaultdict(int)
    for node in layout.nodes:
        places[node.id] = sizes[node.depth]
        sizes[node.depth] += 1
    groups = {}
    for band in layout.bands:
        meeting = band.source if sizes[band.depth] <= sizes[band.depth + 1] else band.target
        groups[band.source, band.target] = places[meeting] % _GROUPS
    return groups


def _bar(node: Node, palette: Mapping[str, str] | None, look: Theme, active: bool) -> Shape:
    opacity = 1.0 if active else look.faded_bar_opacity
    if node.key == NOT_STATED:
        return Shape(hatched(node), Style("", opacity, look.muted, 1.2), node.id)
    if node.key == OTHER:
        fill = look.neutral
    elif palette is not None:
        fill = palette.get(node.key, look.neutral)
    else:
        fill = look.bar
    return Shape(bar(node), Style(fill, opacity), node.id)


def _gaps(graph: nx.DiGraph, layout: Layout, look: Theme, active: frozenset[str], shares: Shares | None) -> Iterator[Shape]:
    for band in layout.bands:
        owner = (band.source, band.target)
        style = _gap_style(graph.edges[owner], look, shares is None or owner in shares)
        if style:
            yield Shape(band_edges(band), style, owner)
    for node in layout.nodes:
        if graph.nodes[node.id]["flagged"]:
            opacity = 1.0 if node.id in active else look.faded_bar_opacity
            yield Shape(bar(node, 2.5), Style("", opacity, look.finding, _OUTLINE, name=FLAGGED), node.id)


def _gap_style(edge: Mapping[str, int], look: Theme, active: bool) -> Style | None:
    if not edge["unproven"] and not edge["flagged"]:
        return None
    stroke = look.finding if edge["flagged"] else look.text
    name = (BOTH if edge["unproven"] else FLAGGED) if edge["flagged"] else UNPROVEN
    return Style("", 1.0 if active else look.faded_bar_opacity, stroke, _OUTLINE, DASH if edge["unproven"] else "", name)
