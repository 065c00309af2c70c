"""How many flows each value of a facet has under the other filters, and how often each gap rule hits."""

from __future__ import annotations

from dataclasses import dataclass

from popmap.filters import BY_KEY, Facet, Filter, Where, flow_where, row_where
from popmap.store import Store


def facet_counts(store: Store, asked: Filter, facet: Facet) -> dict[str, int]:
    """Return the flows of each value key of a facet under the other filters; values without any are left out."""
    rest = asked.having(facet, ())
    if not rest:
        return {key: value.flows for key, value in store.known[facet.key].items() if value.flows}
    keys = {value.cell: key for key, value in store.known[facet.key].items()}
    counts: dict[str, int] = {}
    for cell, flows in _cells(store, flow_where(rest, store.known), facet):
        if cell in keys and flows:
            counts[keys[cell]] = counts.get(keys[cell], 0) + int(flows)
    return counts


def _cells(store: Store, where: Where, facet: Facet) -> list[tuple[str | None, int]]:
    column = {"column": facet.column} if facet.scope in ("flow", "vendor") else {}
    return store.rows(f"facet_{facet.scope}", where, **column)


@dataclass(frozen=True, slots=True)
class RuleHits:
    """A gap rule and how many rows it hits under a filter.

    Attributes:
        code: The rule's key.
        severity: "error", "warning" or "note".
        title: What is missing or wrong.
        article: The article it rests on.
        table: The table its findings are about.
        why: Why it matters.
        hint: What to do.
        hits: How many findings there are.
        own: Whether it is the register's own rule.
    """

    code: str
    severity: str
    title: str
    article: str
    table: str
    why: str
    hint: str
    hits: int
    own: bool


def rule_hits(store: Store, asked: Filter) -> list[RuleHits]:
    """Return the rules that hit something behind a filter, worst first; a chosen gap picks the rule, the other facets the rows."""
    rest = asked.having(BY_KEY["gap"], ())
    flows = flow_where(rest, store.known)
    vendors, categories = row_where(rest, store.known, "vendors"), row_where(rest, store.known, "categories")
    rows = store.rows(
        "rule_hits",
        flows=flows.sql,
        vendors=vendors.sql,
        categories=categories.sql,
        others="false" if rest else "true",
        **flows.parameters | vendors.parameters | categories.parameters,
    )
    return [RuleHits(*row) for row in rows if not asked.gaps or row[0] in asked.gaps]


def coverage(store: Store, asked: Filter) -> dict[str, tuple[int, int]]:
    """Return how many flows, vendors and categories state each of the facts a data protection officer asks for.

    Returns:
        Fact -> (rows that state it, rows behind the filter).
    """
    (flow,) = store.rows("coverage_flows", flow_where(asked, store.known))
    (vendor,) = store.rows("coverage_vendors", row_where(asked, store.known, "vendors"))
    (category,) = store.rows("coverage_categories", row_where(asked, store.known, "categories"))
    return {
        "purpose": (flow[1], flow[0]),
        "evidence": (flow[4], flow[0]),
        "legal basis": (flow[2], flow[0]),
        "processing country": (flow[3], flow[0]),
        "role": (vendor[1], vendor[0]),
        "head office": (vendor[2], vendor[0]),
        "data processing agreement": (vendor[3], vendor[0]),
        "data subjects": (category[1], category[0]),
        "retention period": (category[2], category[0]),
    }


def flow_count(store: Store, asked: Filter) -> int:
    """Return how many flows are behind a filter."""
    return int(store.rows("count_flows", flow_where(asked, store.known))[0][0])
