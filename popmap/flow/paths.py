"""The flow graph of a register under a filter: counted in the store, the smallest nodes merged into "Other"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import networkx as nx

from popmap.errors import UsageError
from popmap.filters import Filter, flow_where
from popmap.flow.graph import LAYERS, NOT_STATED, OTHER, Path, build, node_id
from popmap.store import Store

DEFAULT_LAYERS = ("category", "vendor")
DEFAULT_TOP = 0
MOST_NODES = 60
# A flow graph stops being readable near 200 bands; without a wish of the reader's, small nodes are merged until there are fewer.
_MOST_BANDS = 160
_FLOWS_PER_BAND = 3
# A company's node stands among vendors under this prefix; no slug holds a tilde.
COMPANY_PREFIX = "company~"

_CELLS: dict[str, str] = {
    "category": "f.category_id",
    "vendor": "f.vendor_id",
    "company": "v.company",
    "section": "v.section",
    "purpose": "f.purpose",
    "data_use": "f.data_use",
    "legal_basis": "f.legal_basis",
    "role": "v.role",
    "country": "f.locations",
}
FACET_OF_LAYER: dict[str, str] = {
    "category": "category",
    "vendor": "vendor",
    "company": "company",
    "section": "section",
    "purpose": "purpose",
    "data_use": "use",
    "legal_basis": "basis",
    "role": "role",
    "country": "country",
}


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
    store: Store, asked: Filter, layers: Sequence[str] = DEFAULT_LAYERS, top: int = DEFAULT_TOP, group_by_company: bool = False
) -> FlowMap:
    """Count the paths behind a filter and build their graph.

    Args:
        store: The register.
        asked: Which flows.
        layers: Names out of LAYERS, from left to right.
        top: The most nodes of a layer; the rest is merged into "Other". 0 for as many as can be read.
        group_by_company: Whether vendors of one stated company are one node.

    Raises:
        UsageError: For a layer that does not exist.
    """
    unknown = [layer for layer in layers if layer not in _CELLS]
    if unknown:
        raise UsageError(f"There is no layer called {unknown[0]}.", f"Use some of {', '.join(_CELLS)}.")
    key = ("flow map", asked, tuple(layers), top, group_by_company)
    return store.remember(key, lambda: _flow_map(store, asked, tuple(layers), top, group_by_company))


def _flow_map(store: Store, asked: Filter, layers: tuple[str, ...], top: int, group_by_company: bool) -> FlowMap:
    rows, merged = _counted(store, asked, layers, top or MOST_NODES, group_by_company)
    keys = {layer: _keys(store, layer) for layer in layers}
    counted = [
        (Path(tuple(_key(layer, cell, keys[layer]) for layer, cell in zip(layers, cells, strict=True)), flows, unproven, flagged), sample)
        for *cells, flows, unproven, flagged, sample in rows
    ]
    if not top:
        counted, merged = _readable(counted, layers, merged)
    paths = [path for path, _ in counted]
    samples: dict[tuple[str, ...], int] = {}
    for path, sample in counted:
        samples[path.keys] = min(sample, samples.get(path.keys, sample))
    graph = build(layers, paths, {layer: _labels(store, layer) for layer in layers}, merged, _flagged(store, layers))
    return FlowMap(graph, _hover(store, layers, paths, samples))


Counted = list[tuple[Path, int]]


def _readable(counted: Counted, layers: Sequence[str], merged: Mapping[str, int]) -> tuple[Counted, dict[str, int]]:
    """Return the paths with the smallest nodes of each layer merged until the bands can be told apart."""
    keep = MOST_NODES
    others = dict(merged)
    while keep > 8 and _bands(counted, len(layers)) > _MOST_BANDS:
        keep = keep * 4 // 5
        for at, layer in enumerate(layers):
            totals: dict[str, int] = {}
            for path, _ in counted:
                totals[path.keys[at]] = totals.get(path.keys[at], 0) + path.flows
            named = sorted((key for key in totals if key not in (NOT_STATED, OTHER)), key=lambda key: (-totals[key], key))
            small = frozenset(named[keep:])
            # Merging one single node would hide its name for nothing.
            if len(small) > 1 or (small and OTHER in totals):
                others[layer] = others.get(layer, 0) + len(small)
                counted = [(_renamed(path, at, OTHER) if path.keys[at] in small else path, sample) for path, sample in counted]
    return counted, others


def _bands(counted: Counted, width: int) -> int:
    return sum(len({path.keys[at : at + 2] for path, _ in counted}) for at in range(width - 1))


def _renamed(path: Path, at: int, key: str) -> Path:
    return replace(path, keys=(*path.keys[:at], key, *path.keys[at + 1 :]))


def _counted(store: Store, asked: Filter, layers: Sequence[str], top: int, group_by_company: bool) -> tuple[list[tuple], dict[str, int]]:
    """Return one row per path (a cell per layer, flows, unproven, flagged, row numbers of samples) and how many cells "Other" stands for."""
    where = flow_where(asked, store.known)
    cells = {layer: _CELLS[layer] for layer in layers}
    if group_by_company and "vendor" in cells:
        cells["vendor"] = f"CASE WHEN v.company IS NULL THEN f.vendor_id::VARCHAR ELSE '{COMPANY_PREFIX}' || v.company END"
    join = "LEFT JOIN vendor_facts v ON v.vendor_id = f.vendor_id" if any("v." in cell for cell in cells.values()) else ""
    inner = ", ".join(f"{cell} AS k{at}" for at, cell in enumerate(cells.values()))
    ranks = ", ".join(
        f"r{at} AS (SELECT k{at}, row_number() OVER (ORDER BY sum(flows) DESC, k{at}::VARCHAR) AS rank FROM counted WHERE k{at} IS NOT NULL GROUP BY k{at})"
        for at in range(len(layers))
    )
    # Merging one single node into "Other (1)" would hide its name for nothing.
    keep = ", ".join(
        f"CASE WHEN k{at} IS NULL THEN '{NOT_STATED}' WHEN r{at}.rank <= $top OR (SELECT max(rank) FROM r{at}) = $top + 1 "
        f"THEN k{at}::VARCHAR ELSE '{OTHER}' END AS n{at}"
        for at in range(len(layers))
    )
    joins = " ".join(f"LEFT JOIN r{at} USING (k{at})" for at in range(len(layers)))
    names = ", ".join(f"n{at}" for at in range(len(layers)))
    sql = f"""
        WITH counted AS MATERIALIZED (
            SELECT {inner}, count(*) AS flows, count(*) FILTER (WHERE f.evidence_status = 'none') AS unproven,
                count(*) FILTER (WHERE f.gaps <> 0) AS flagged, min(f.row_no) AS sample
            FROM flows f {join} WHERE {where.sql} GROUP BY ALL
        ), {ranks}
        SELECT {names}, sum(flows)::BIGINT, sum(unproven)::BIGINT, sum(flagged)::BIGINT, min(sample)
        FROM (SELECT {keep}, flows, unproven, flagged, sample FROM counted {joins}) GROUP BY {names} ORDER BY {names}
    """
    rows = store.query(sql, where.parameters | {"top": top})
    merged = {}
    for at, layer in enumerate(layers):
        if any(row[at] == OTHER for row in rows):
            shown = {row[at] for row in rows} - {OTHER, NOT_STATED}
            merged[layer] = _distinct(store, cells[layer], join, where.sql, where.parameters) - len(shown)
    return rows, merged


def _distinct(store: Store, cell: str, join: str, where: str, parameters: Mapping[str, str]) -> int:
    return int(store.query(f"SELECT count(DISTINCT {cell}) FROM flows f {join} WHERE {where}", parameters)[0][0])


def _keys(store: Store, layer: str) -> dict[str, str]:
    """Return the facet key of each cell of a layer."""
    return {value.cell: key for key, value in store.known[FACET_OF_LAYER[layer]].items() if value.cell is not None}


def _key(layer: str, cell: str, keys: Mapping[str, str]) -> str:
    if cell in (NOT_STATED, OTHER) or layer == "country":
        return cell
    return keys.get(cell, cell)


def _labels(store: Store, layer: str) -> dict[str, str]:
    labels = {key: value.label for key, value in store.known[FACET_OF_LAYER[layer]].items()}
    if layer == "vendor":
        for value in store.known["company"].values():
            if value.cell is not None:
                labels[COMPANY_PREFIX + value.cell] = value.label
    if layer == "country":
        return _LocationLabels(labels)
    return labels


class _LocationLabels(dict[str, str]):
    """Labels of lists of countries, put together from the countries' names when asked for."""

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """Return the names of the countries in a `;`-joined list."""
        return " + ".join(dict.get(self, code, code) for code in key.split(";"))


def _flagged(store: Store, layers: Sequence[str]) -> dict[str, frozenset[str]]:
    tables = {"category": "category_facts", "vendor": "vendor_facts"}
    return {
        layer: frozenset(row[0] for row in store.query(f"SELECT {layer}_key FROM {tables[layer]} WHERE len(rules) > 0"))
        for layer in layers
        if layer in tables
    }


def _hover(
    store: Store, layers: Sequence[str], paths: Sequence[Path], samples: Mapping[tuple[str, ...], int]
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return what each band between categories and vendors says: purpose, legal basis, condition and quote of a flow, and how many more."""
    pairs = [at for at in range(len(layers) - 1) if {layers[at], layers[at + 1]} == {"category", "vendor"}]
    if not pairs:
        return {}
    at = pairs[0]
    rows_of: dict[tuple[str, str], list[int]] = {}
    flows_of: dict[tuple[str, str], int] = {}
    for path in paths:
        band = (node_id(layers[at], path.keys[at]), node_id(layers[at + 1], path.keys[at + 1]))
        rows_of.setdefault(band, []).append(samples[path.keys])
        flows_of[band] = flows_of.get(band, 0) + path.flows
    wanted = sorted({row for rows in rows_of.values() for row in rows[:_FLOWS_PER_BAND]})
    told = {row[0]: _told(row[1:]) for row in store.rows("map_flows", rows=wanted)}
    hover = {}
    for band, rows in rows_of.items():
        shown = [told[row] for row in rows[:_FLOWS_PER_BAND] if row in told]
        more = flows_of[band] - len(shown)
        hover[band] = tuple(line for lines in shown for line in lines) + (
            (f"and {more:,} more flows",) if more > 1 else ("and one more flow",) * more
        )
    return hover


def _told(cells: Sequence[str | None]) -> tuple[str, ...]:
    purpose, basis, condition, quote, locator, status = cells
    lines = [f"Purpose: {purpose or 'not stated'}", f"Legal basis: {basis or 'not stated'}"]
    if condition:
        lines.append(f"Condition: {condition}")
    lines.append(f"{(status or '').capitalize()}: “{quote}” ({locator or 'place not stated'})" if quote else "No evidence")
    return tuple(lines)
