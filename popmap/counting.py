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
    rows: list[tuple]
    if facet.scope == "flow":
        rows = store.query(f"SELECT f.{facet.column}::VARCHAR, count(*) FROM flows f WHERE {where.sql} GROUP BY 1", where.parameters)
    elif facet.scope == "vendor":
        rows = store.query(
            f"SELECT v.{facet.column}, sum(n.flows) FROM (SELECT f.vendor_id, count(*) AS flows FROM flows f WHERE {where.sql} GROUP BY 1) n "
            "LEFT JOIN vendor_facts v ON v.vendor_id = n.vendor_id GROUP BY 1",
            where.parameters,
        )
    elif facet.scope == "location":
        rows = store.query(
            f"SELECT unnest(coalesce(s.countries, [NULL])), n.flows FROM (SELECT f.locations, count(*) AS flows FROM flows f WHERE {where.sql} "
            "GROUP BY 1) n LEFT JOIN location_sets s ON s.locations = n.locations",
            where.parameters,
        )
    else:
        rows = [(code, flows) for code, flows in _gap_flows(store, where)]
    return rows


def _gap_flows(store: Store, where: Where) -> list[tuple[str, int]]:
    """Return each rule's code and the flows that have its gap: their own, their vendor's or their category's."""
    return store.query(
        f"""
        WITH counted AS MATERIALIZED (
            SELECT f.category_id, f.vendor_id, f.gaps, count(*) AS flows FROM flows f WHERE {where.sql} GROUP BY ALL
        ),
        hits AS (
            SELECT r.rule_no, sum(g.flows) AS flows FROM rules r
            JOIN (SELECT gaps, sum(flows) AS flows FROM counted WHERE gaps <> 0 GROUP BY 1) g ON g.gaps & (1::UBIGINT << r.flow_bit) <> 0
            WHERE r.flow_bit IS NOT NULL GROUP BY 1
            UNION ALL
            SELECT unnest(v.rules), sum(c.flows) FROM counted c JOIN vendor_facts v ON v.vendor_id = c.vendor_id GROUP BY 1
            UNION ALL
            SELECT unnest(k.rules), sum(c.flows) FROM counted c JOIN category_facts k ON k.category_id = c.category_id GROUP BY 1
        )
        SELECT r.code, sum(h.flows)::BIGINT FROM hits h JOIN rules r ON r.rule_no = h.rule_no GROUP BY 1
        """,
        where.parameters,
    )


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
    rows = store.query(
        f"""
        WITH of_flows AS (
            SELECT r.rule_no, sum(g.flows) AS hits FROM rules r
            JOIN (SELECT f.gaps, count(*) AS flows FROM flows f WHERE f.gaps <> 0 AND {flows.sql} GROUP BY 1) g
                ON g.gaps & (1::UBIGINT << r.flow_bit) <> 0
            WHERE r.flow_bit IS NOT NULL GROUP BY 1
        ),
        of_others AS (
            SELECT g.rule_no, count(*) AS hits FROM findings g
            LEFT JOIN vendor_facts v ON g.table_name = 'vendors' AND v.row_no = g.row_no
            LEFT JOIN category_facts c ON g.table_name = 'categories' AND c.row_no = g.row_no
            WHERE CASE g.table_name WHEN 'vendors' THEN {vendors.sql} WHEN 'categories' THEN {categories.sql} ELSE {"false" if rest else "true"} END
            GROUP BY 1
        )
        SELECT r.code, r.severity, r.title, r.article, r.table_name, r.why, r.hint, h.hits::BIGINT, r.own
        FROM (FROM of_flows UNION ALL FROM of_others) h JOIN rules r ON r.rule_no = h.rule_no
        ORDER BY r.severity_rank, h.hits DESC, r.code
        """,
        flows.parameters | vendors.parameters | categories.parameters,
    )
    return [RuleHits(*row) for row in rows if not asked.gaps or row[0] in asked.gaps]


def coverage(store: Store, asked: Filter) -> dict[str, tuple[int, int]]:
    """Return how many flows, vendors and categories state each of the facts a data protection officer asks for.

    Returns:
        Fact -> (rows that state it, rows behind the filter).
    """
    flows = flow_where(asked, store.known)
    vendors, categories = row_where(asked, store.known, "vendors"), row_where(asked, store.known, "categories")
    (flow,) = store.query(
        "SELECT count(*), count(f.purpose), count(f.legal_basis), count(f.locations), count(*) FILTER (WHERE f.evidence_status <> 'none') "
        f"FROM flows f WHERE {flows.sql}",
        flows.parameters,
    )
    (vendor,) = store.query(
        "SELECT count(*), count(v.role), count(w.country), count(coalesce(w.agreement_url, w.agreement_signed_on)) FROM vendor_facts v "
        f"LEFT JOIN vendors w ON w.vendor_id = v.vendor_key WHERE {vendors.sql}",
        vendors.parameters,
    )
    (category,) = store.query(
        "SELECT count(*), count(k.data_subjects), count(k.retention_period) FROM category_facts c "
        f"LEFT JOIN categories k ON k.category_id = c.category_key WHERE {categories.sql}",
        categories.parameters,
    )
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
    where = flow_where(asked, store.known)
    return int(store.query(f"SELECT count(*) FROM flows f WHERE {where.sql}", where.parameters)[0][0])
