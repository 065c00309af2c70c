"""The flow graph of a register under a filter: counted in the store, the smallest nodes merged into "Other"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import networkx as nx

from popmap.columns import Ends
from popmap.errors import UsageError
from popmap.filters import Filter
from popmap.flow.counted import COMPANY_PREFIX, FACET_OF_LAYER, MOST_NODES, counted_cells, readable, severity_bits
from popmap.flow.graph import NOT_STATED, OTHER, Path, build
from popmap.flow.told import told
from popmap.numbering import columns
from popmap.store import Store

DEFAULT_LAYERS = ("category", "vendor")
DEFAULT_TOP = 0


@dataclass(frozen=True, slots=True)
class FlowMap:
    """A flow graph and what its bands say on hover.

    Attributes:
        graph: What `graph.build` returns.
        hover: (source id, target id) of a category-vendor band -> lines of plain text.
    """

    graph: nx.DiGraph
    hover: Mapping[tuple[str, str], tuple[str, ...]]


def flow_graph(
    store: Store, asked: Filter, layers: Sequence[str] = DEFAULT_LAYERS, top: int = DEFAULT_TOP, group_by_company: bool = False
) -> nx.DiGraph:
    """Return the flow graph of the flows behind a filter; see `flow_map`."""
    return flow_map(store, asked, layers, top, group_by_company).graph


def flow_map(
    store: Store,
    asked: Filter,
    layers: Sequence[str] = DEFAULT_LAYERS,
    top: int = DEFAULT_TOP,
    group_by_company: bool = False,
    severity: str = "note",
) -> FlowMap:
    """Count the paths behind a filter and build their graph.

    Args:
        store: The register.
        asked: Which flows.
        layers: Names out of LAYERS, from left to right.
        top: The most nodes of a layer; the rest is merged into "Other". 0 for as many as can be read.
        group_by_company: Whether vendors of one stated company are one node.
        severity: "error", "warning" or "note": the mildest findings that flag a flow, category or vendor.

    Raises:
        UsageError: For a layer that does not exist.
    """
    unknown = [layer for layer in layers if layer not in FACET_OF_LAYER]
    if unknown:
        raise UsageError(f"There is no layer called {unknown[0]}.", f"Use some of {', '.join(FACET_OF_LAYER)}.")
    key = ("flow map", asked, tuple(layers), top, group_by_company, severity)
    return store.remember(key, lambda: _flow_map(store, asked, tuple(layers), top, group_by_company, severity))


def _flow_map(store: Store, asked: Filter, layers: tuple[str, ...], top: int, group_by_company: bool, severity: str) -> FlowMap:
    rows, merged = counted_cells(store, asked, layers, top or MOST_NODES, group_by_company, severity_bits(store, severity))
    keys = {layer: _keys(store, layer) for layer in layers}
    counted = [
        (Path(tuple(_key(layer, cell, keys[layer]) for layer, cell in zip(layers, cells, strict=True)), flows, unproven, flagged), sample)
        for *cells, flows, unproven, flagged, sample in rows
    ]
    if not top:
        counted, merged = readable(counted, layers, merged)
    paths = [path for path, _ in counted]
    samples: dict[tuple[str, ...], int] = {}
    for path, sample in counted:
        samples[path.keys] = min(sample, samples.get(path.keys, sample))
    labels = {layer: _labels(store, layer, {path.keys[at] for path in paths}) for at, layer in enumerate(layers)}
    graph = build(layers, paths, labels, merged, _flagged(store, layers, severity))
    return FlowMap(graph, told(store, layers, paths, samples))


def _keys(store: Store, layer: str) -> dict[str, str]:
    """Return the facet key of each cell of a layer."""
    values = store.known[FACET_OF_LAYER[layer]]
    return store.remember(("keys of", layer), lambda: {value.cell: key for key, value in values.items() if value.cell is not None})


def _key(layer: str, cell: str, keys: Mapping[str, str]) -> str:
    if cell in (NOT_STATED, OTHER) or layer == "country":
        return cell
    return keys.get(cell, cell)


def _labels(store: Store, layer: str, keys: Iterable[str]) -> dict[str, str]:
    """Return the labels of the keys of a layer that differ from the keys."""
    values = store.known[FACET_OF_LAYER[layer]]
    labels = store.remember(("labels of", layer), lambda: {key: value.label for key, value in values.items()})
    if layer == "vendor":
        companies = (value for value in store.known["company"].values() if value.cell is not None)
        labels = labels | {f"{COMPANY_PREFIX}{value.cell}": value.label for value in companies}
    if layer == "country":
        # A flow's countries are one node, so that no flow is counted twice.
        labels = labels | {key: " + ".join(labels.get(code, code) for code in key.split(";")) for key in keys if key}
    return labels


def _flagged(store: Store, layers: Sequence[str], severity: str) -> dict[str, frozenset[str]]:
    of = columns(store)
    ends = {"category": of.categories, "vendor": of.vendors}
    return {
        layer: store.remember(("flagged", layer, severity), partial(_hit, store, ends[layer], severity))
        for layer in layers
        if layer in ends
    }


def _hit(store: Store, ends: Ends, severity: str) -> frozenset[str]:
    """Return the keys that have findings at least as severe as a severity."""
    rows = store.query(
        "SELECT rule_no FROM rules WHERE severity_rank <= (SELECT max(severity_rank) FROM rules WHERE severity = $severity)",
        {"severity": severity},
    )
    numbers = {number for (number,) in rows}
    return frozenset(key for key, rules in zip(ends.keys, ends.rules, strict=True) if not numbers.isdisjoint(rules))
