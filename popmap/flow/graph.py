"""The flow graph: who sends what to whom, as a layered NetworkX graph built from counted paths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from popmap.errors import UsageError

NOT_STATED = ""
OTHER = "*"

# Layer -> (singular, plural), as the interface writes them.
LAYERS: dict[str, tuple[str, str]] = {
    "category": ("Category", "Categories"),
    "vendor": ("Vendor", "Vendors"),
    "company": ("Company", "Companies"),
    "section": ("Section", "Sections"),
    "purpose": ("Purpose", "Purposes"),
    "data_use": ("Data use", "Data uses"),
    "legal_basis": ("Legal basis", "Legal bases"),
    "role": ("Role", "Roles"),
    "country": ("Country", "Countries"),
}
FEWEST_LAYERS, MOST_LAYERS = 2, 5


@dataclass(frozen=True, slots=True)
class Path:
    """Flows that share one value in every layer.

    Attributes:
        keys: One node key per layer; NOT_STATED ("") where the register says nothing, OTHER ("*") for the merged rest.
        flows: How many flows take this path.
        unproven: How many of them rest on no evidence.
        flagged: How many of them have findings.
    """

    keys: tuple[str, ...]
    flows: int
    unproven: int = 0
    flagged: int = 0


def node_id(layer: str, key: str) -> str:
    """Return the id of the node that stands for a key of a layer."""
    return f"{layer}:{key}"


def build(
    layers: Sequence[str],
    paths: Iterable[Path],
    labels: Mapping[str, Mapping[str, str]],
    others: Mapping[str, int] | None = None,
    flagged: Mapping[str, frozenset[str]] | None = None,
) -> nx.DiGraph:
    """Build the layered graph; equal paths are added up, and the result does not depend on the paths' order.

    Args:
        layers: 2 to 5 different names out of LAYERS, from left to right.
        paths: Counted paths with one key per layer; those without flows are left out.
        labels: Layer -> key -> what to show; a key without a label shows itself.
        others: Layer -> how many keys were merged into OTHER.
        flagged: Layer -> keys that have findings of their own.

    Returns:
        A DiGraph. Nodes "layer:key" carry layer, key, label, flows, unproven, flagged (bool), merged (int) and stated (bool).
        Edges carry flows, unproven, flagged (int) and category: the key they are coloured by, None when neither end is in the
        colouring layer. graph["layers"], graph["paths"] (sorted), graph["colour_layer"] ("category" where shown, else the first
        layer) and graph["colours"] (that layer's keys, most flows first).

    Raises:
        UsageError: For layers that are unknown, repeated, too few or too many.
        ValueError: For a path whose number of keys differs from the number of layers.
    """
    _check(layers)
    merged = _merge(paths, len(layers))
    colour_layer = "category" if "category" in layers else layers[0]
    graph = nx.DiGraph(layers=tuple(layers), paths=merged, colour_layer=colour_layer)
    for depth, layer in enumerate(layers):
        _add_nodes(graph, layer, depth, labels.get(layer, {}), (others or {}).get(layer, 0), (flagged or {}).get(layer, frozenset()))
    for depth in range(len(layers) - 1):
        _add_edges(graph, depth)
    coloured = [(-data["flows"], data["key"]) for _, data in graph.nodes(data=True) if data["layer"] == colour_layer]
    graph.graph["colours"] = tuple(key for _, key in sorted(coloured))
    return graph


def related(graph: nx.DiGraph, start: str | tuple[str, str], depth: int = 1) -> tuple[Path, ...]:
    """Return the paths that belong to a node's or a band's neighbourhood.

    Depth 1 is the paths through the node (or along the band). Each further step adds the paths that share a category or a
    vendor with those already found (a company where vendors are not shown; any layer where none of these is). Coarser layers
    such as section or country do not connect, or one step would select almost everything; nor do "not stated" and "Other",
    which are no things one could share.

    Args:
        graph: What build returned.
        start: A node id, or (source id, target id) of a band.
        depth: Steps, 1 or more.

    Returns:
        The selected paths in the graph's order; empty for a node or band the graph does not have.
    """
    layers, paths = graph.graph["layers"], graph.graph["paths"]
    wanted = (start,) if isinstance(start, str) else start
    if not all(name in graph for name in wanted):
        return ()
    places = {name: layers.index(graph.nodes[name]["layer"]) for name in wanted}
    found = {path for path in paths if all(path.keys[at] == graph.nodes[name]["key"] for name, at in places.items())}
    connecting = _connecting(layers)
    for _ in range(depth - 1):
        shared = {(at, path.keys[at]) for path in found for at in connecting if path.keys[at] not in (NOT_STATED, OTHER)}
        wider = {path for path in paths if path in found or any((at, path.keys[at]) in shared for at in connecting)}
        if len(wider) == len(found):
            break
        found = wider
    return tuple(path for path in paths if path in found)


def _connecting(layers: Sequence[str]) -> list[int]:
    party = "vendor" if "vendor" in layers else "company"
    return [at for at, layer in enumerate(layers) if layer in ("category", party)] or list(range(len(layers)))


def _check(layers: Sequence[str]) -> None:
    unknown = [layer for layer in layers if layer not in LAYERS]
    if unknown:
        raise UsageError(f"There is no layer called {unknown[0]!r}.", f"Choose from {', '.join(LAYERS)}.")
    if len(set(layers)) != len(layers):
        raise UsageError("A layer can be shown only once.", "Choose different layers.")
    if not FEWEST_LAYERS <= len(layers) <= MOST_LAYERS:
        raise UsageError(f"A flow graph has {FEWEST_LAYERS} to {MOST_LAYERS} layers, not {len(layers)}.", "Add or remove layers.")


def _merge(paths: Iterable[Path], width: int) -> tuple[Path, ...]:
    merged: dict[tuple[str, ...], Path] = {}
    repeated: dict[tuple[str, ...], list[int]] = {}
    for path in paths:
        keys = path.keys
        if len(keys) != width:
            raise ValueError(f"a path of {len(keys)} keys in a graph of {width} layers")
        if path.flows <= 0:
            continue
        first = merged.setdefault(keys, path)
        if first is path:
            continue
        total = repeated.get(keys)
        if total is None:
            total = repeated[keys] = [first.flows, first.unproven, first.flagged]
        total[0] += path.flows
        total[1] += path.unproven
        total[2] += path.flagged
    for keys, total in repeated.items():
        merged[keys] = Path(keys, *total)
    return tuple([merged[keys] for keys in sorted(merged)])


def _add_nodes(graph: nx.DiGraph, layer: str, depth: int, labels: Mapping[str, str], merged: int, flagged: frozenset[str]) -> None:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for path in graph.graph["paths"]:
        total = sums[path.keys[depth]]
        total[0] += path.flows
        total[1] += path.unproven
    for key in sorted(sums):
        extra = merged if key == OTHER else 0
        flows, unproven = sums[key]
        graph.add_node(
            node_id(layer, key),
            layer=layer,
            key=key,
            label=_label(key, labels, extra),
            flows=flows,
            unproven=unproven,
            flagged=key in flagged,
            merged=extra,
            stated=key != NOT_STATED,
        )


def _label(key: str, labels: Mapping[str, str], merged: int) -> str:
    if key == NOT_STATED:
        return "Not stated"
    if key == OTHER:
        return f"Other ({merged})" if merged else "Other"
    return labels.get(key) or key


def _add_edges(graph: nx.DiGraph, depth: int) -> None:
    left, right = graph.graph["layers"][depth : depth + 2]
    sums: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for path in graph.graph["paths"]:
        total = sums[path.keys[depth : depth + 2]]
        total[0] += path.flows
        total[1] += path.unproven
        total[2] += path.flagged
    colour_layer = graph.graph["colour_layer"]
    for (source, target), (flows, unproven, flagged) in sorted(sums.items()):
        colour = source if left == colour_layer else target if right == colour_layer else None
        graph.add_edge(node_id(left, source), node_id(right, target), flows=flows, unproven=unproven, flagged=flagged, category=colour)
