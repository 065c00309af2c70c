"""Flows counted along the layers of a map; and small nodes merged until the picture can be read."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from popmap.columns import Coded, Columns, Numbers
from popmap.filters import BY_KEY, Filter
from popmap.flow.graph import NOT_STATED, OTHER, Path
from popmap.selected import Selection
from popmap.selection import select
from popmap.store import Store

MOST_NODES = 60
# A flow graph stops being readable near 200 bands; without a wish of the reader's, small nodes are merged until there are fewer.
_MOST_BANDS = 135
# A company's node stands among vendors under this prefix; no slug holds a tilde.
COMPANY_PREFIX = "company~"

# More combinations of cells than this are told apart by sorting instead of counting into one bin each.
_MOST_BINS = 4_000_000

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
# Layers that follow from a flow's category and vendor.
_PAIRED = frozenset({"category", "vendor", "company", "section", "role"})
Counted = list[tuple[Path, int]]


def readable(counted: Counted, layers: Sequence[str], merged: Mapping[str, int]) -> tuple[Counted, dict[str, int]]:
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


def counted_cells(
    store: Store, asked: Filter, layers: Sequence[str], top: int, group_by_company: bool, flags: int
) -> tuple[list[tuple], dict[str, int]]:
    """Return one row per path (a cell per layer, flows, unproven, flagged, a sample's row) and how many cells "Other" stands for."""
    behind = select(store, asked)
    if not len(behind):
        return [], {}
    paired = behind.chosen is None and _PAIRED.issuperset(layers) and behind.of.all_pairs.size <= _MOST_BINS
    units = _pairs(store, behind, flags) if paired else _flows(behind, flags)
    cells = [_layer(behind.of, layer, group_by_company, units.codes) for layer in layers]
    keys, paths = _paths([layer.codes for layer in cells], [layer.size for layer in cells])
    flows, unproven, flagged = (np.bincount(paths, weights=part) for part in (units.flows, units.unproven, units.flagged))
    sample = np.empty(len(flows), dtype=np.int64)
    # Of several units of a path the last one written stays, so they are written from the last to the first.
    sample[paths[::-1]] = units.rows[::-1]
    merged, names, shown = {}, [], []
    for at, (layer, column) in enumerate(zip(layers, cells, strict=True)):
        texts, places, others = _named(column, np.bincount(keys[at], weights=flows, minlength=column.size), top)
        if others:
            merged[layer] = others
        names.append(texts)
        shown.append(places[keys[at]])
    keys, whole = _paths(shown, [len(texts) for texts in names])
    sums = [np.bincount(whole, weights=part).astype(np.int64).tolist() for part in (flows, unproven, flagged)]
    # Paths come in the order of their first sample, which is no order of rows.
    first = np.full(len(sums[0]), np.iinfo(np.int64).max)
    np.minimum.at(first, whole, sample)
    texts = [[texts[place] for place in places.tolist()] for texts, places in zip(names, keys, strict=True)]
    return sorted(zip(*texts, *sums, first.tolist(), strict=True)), merged


@dataclass(frozen=True, slots=True)
class _Units:
    """What is counted: flows one by one, or those of each pair of category and vendor together.

    Attributes:
        codes: Gives each unit's code of a column of flows.
        flows: How many flows each unit stands for, None for one; so for those without evidence and those with findings.
        rows: The row of each unit's first flow, ascending.
    """

    codes: Callable[[str], Numbers]
    flows: Numbers | None
    unproven: Numbers
    flagged: Numbers
    rows: Numbers


def _flows(behind: Selection, flags: int) -> _Units:
    of = behind.of
    proof = of.flows["evidence"]
    return _Units(
        lambda key: behind.picked(of.flows[key].codes),
        None,
        behind.picked(proof.codes) == proof.places.get("none", -1),
        behind.picked((of.patterns & np.uint64(flags) != 0)[of.gaps]),
        behind.picked(of.row_no),
    )


def _pairs(store: Store, behind: Selection, flags: int) -> _Units:
    """Return the pairs of categories and vendors as units; what is said of each of them is counted once per register."""
    of, counts = behind.of, behind.pairs.ravel()
    pairs = np.flatnonzero(counts)
    pairs = pairs[np.argsort(of.first[pairs])]
    category, vendor = np.divmod(pairs, of.flows["vendor"].size)
    flagged = store.remember(("flagged pairs", flags), lambda: of.flagged(flags))
    codes = {"category": category, "vendor": vendor}
    return _Units(codes.__getitem__, counts[pairs], of.unproven[pairs], flagged[pairs], of.first[pairs])


def _layer(of: Columns, layer: str, group_by_company: bool, codes_of: Callable[[str], Numbers]) -> Coded:
    """Return a layer's cell of each unit."""
    facet = FACET_OF_LAYER[layer]
    if layer == "vendor" and group_by_company:
        vendor, company = of.flows["vendor"], of.vendor_cells("company")
        stated = company.codes < len(company.cells)
        codes = np.arange(vendor.size)
        codes[stated] = len(vendor.cells) + company.codes[stated]
        codes[-1] = len(vendor.cells) + len(company.cells)
        return Coded(codes[codes_of("vendor")], (*vendor.cells, *(f"{COMPANY_PREFIX}{cell}" for cell in company.cells)))
    if facet in of.flows:
        return Coded(codes_of(facet), of.flows[facet].cells)
    column = of.vendor_cells(BY_KEY[facet].column)
    return Coded(column.codes[codes_of("vendor")], column.cells)


def _paths(codes: Sequence[Numbers], sizes: Sequence[int]) -> tuple[list[Numbers], Numbers]:
    """Return the different combinations of codes that occur, layer by layer, and for each row which of them it is."""
    whole = codes[0].astype(np.int64)
    for part, size in zip(codes[1:], sizes[1:], strict=True):
        whole = whole * size + part
    if math.prod(sizes) <= _MOST_BINS:
        used = np.flatnonzero(np.bincount(whole))
        places = np.empty(int(used[-1]) + 1, dtype=np.int64)
        places[used] = np.arange(len(used))
        at = places[whole]
    else:
        used, at = np.unique(whole, return_inverse=True)
    parts = []
    rest = used
    for size in reversed(sizes):
        rest, part = np.divmod(rest, size)
        parts.append(part)
    return parts[::-1], at


def _named(column: Coded, flows: Numbers, top: int) -> tuple[list[str], Numbers, int]:
    """Return what a layer's nodes are called, each code's place among them, and how many cells "Other" stands for."""
    used = np.flatnonzero(flows[:-1]).tolist()
    ranked = sorted(used, key=lambda code: (-flows[code], column.cells[code]))
    # Merging one single node into "Other (1)" would hide its name for nothing.
    kept = ranked if len(ranked) <= top + 1 else ranked[:top]
    places = np.full(column.size, len(kept), dtype=np.int64)
    places[kept] = np.arange(len(kept))
    places[-1] = len(kept) + 1
    return [*(column.cells[code] for code in kept), OTHER, NOT_STATED], places, len(ranked) - len(kept)


def severity_bits(store: Store, severity: str) -> int:
    """Return the bits of the flow rules at least as severe as a severity."""
    rows = store.query(
        "SELECT flow_bit FROM rules WHERE flow_bit IS NOT NULL "
        "AND severity_rank <= (SELECT max(severity_rank) FROM rules WHERE severity = $severity)",
        {"severity": severity},
    )
    return sum(1 << bit for (bit,) in rows)
