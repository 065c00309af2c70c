"""Flows counted along the layers of a map, in the store; and small nodes merged until the picture can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from popmap.filters import Filter, flow_where
from popmap.flow.graph import NOT_STATED, OTHER, Path
from popmap.store import Store

MOST_NODES = 60
# A flow graph stops being readable near 200 bands; without a wish of the reader's, small nodes are merged until there are fewer.
_MOST_BANDS = 135
# A company's node stands among vendors under this prefix; no slug holds a tilde.
COMPANY_PREFIX = "company~"

CELLS: dict[str, str] = {
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
    where = flow_where(asked, store.known)
    cells = {layer: CELLS[layer] for layer in layers}
    if group_by_company and "vendor" in cells:
        cells["vendor"] = f"CASE WHEN v.company IS NULL THEN f.vendor_id::VARCHAR ELSE '{COMPANY_PREFIX}' || v.company END"
    join = "LEFT JOIN vendor_facts v ON v.vendor_id = f.vendor_id" if any("v." in cell for cell in cells.values()) else ""
    inner = ", ".join(f"{cell} AS k{at}" for at, cell in enumerate(cells.values()))
    ranks = ", ".join(
        f"r{at} AS (SELECT k{at}, row_number() OVER (ORDER BY sum(flows) DESC, k{at}::VARCHAR) AS rank "
        f"FROM counted WHERE k{at} IS NOT NULL GROUP BY k{at})"
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
                count(*) FILTER (WHERE f.gaps & $flags <> 0) AS flagged, min(f.row_no) AS sample
            FROM flows f {join} WHERE {where.sql} GROUP BY ALL
        ), {ranks}
        SELECT {names}, sum(flows)::BIGINT, sum(unproven)::BIGINT, sum(flagged)::BIGINT, min(sample)
        FROM (SELECT {keep}, flows, unproven, flagged, sample FROM counted {joins}) GROUP BY {names} ORDER BY {names}
    """
    rows = store.query(sql, where.parameters | {"top": top, "flags": flags})
    merged = {}
    for at, layer in enumerate(layers):
        if any(row[at] == OTHER for row in rows):
            shown = {row[at] for row in rows} - {OTHER, NOT_STATED}
            merged[layer] = _distinct(store, cells[layer], join, where.sql, where.parameters) - len(shown)
    return rows, merged


def _distinct(store: Store, cell: str, join: str, where: str, parameters: Mapping[str, str]) -> int:
    return int(store.query(f"SELECT count(DISTINCT {cell}) FROM flows f {join} WHERE {where}", parameters)[0][0])


def severity_bits(store: Store, severity: str) -> int:
    """Return the bits of the flow rules at least as severe as a severity."""
    rows = store.query(
        "SELECT flow_bit FROM rules WHERE flow_bit IS NOT NULL "
        "AND severity_rank <= (SELECT max(severity_rank) FROM rules WHERE severity = $severity)",
        {"severity": severity},
    )
    return sum(1 << bit for (bit,) in rows)
