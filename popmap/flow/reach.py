"""The impact of a vendor or company in a register of any size: the few rows the answer hangs on, fetched from the store."""

from __future__ import annotations

from popmap.flow.impact import Activity, FlowRow, Impact, impact
from popmap.store import Store


def reach(store: Store, vendors: frozenset[str]) -> Impact:
    """Return what vendors reach in the whole register, and what would be affected without them.

    Only rows that can change the answer are fetched: theirs, and of the others one row for each (category, purpose), each purpose and
    each vendor they share something with.

    Args:
        store: The register.
        vendors: Vendor keys: one vendor, or all of a company.
    """
    key = ("reach", vendors)
    return store.remember(key, lambda: impact(_rows(store, vendors), vendors, _activities(store)))


def vendors_of_company(store: Store, company: str) -> frozenset[str]:
    """Return the keys of a company's vendors."""
    return frozenset(key for (key,) in store.query("SELECT vendor_key FROM vendor_facts WHERE company = $company", {"company": company}))


def _rows(store: Store, vendors: frozenset[str]) -> list[FlowRow]:
    mine = "f.vendor_id IN (SELECT vendor_id FROM vendor_facts WHERE vendor_key IN (SELECT unnest($vendors::VARCHAR[])))"
    rows = store.query(
        f"""
        WITH theirs AS MATERIALIZED (SELECT f.row_no, f.category_id, f.purpose FROM flows f WHERE {mine}),
        others AS (
            SELECT min(f.row_no) AS row_no FROM flows f
            WHERE NOT {mine} AND f.category_id IN (SELECT category_id FROM theirs) GROUP BY f.category_id, f.purpose
            UNION
            SELECT min(f.row_no) FROM flows f WHERE NOT {mine} AND f.purpose IN (SELECT purpose FROM theirs) GROUP BY f.purpose
            UNION
            SELECT min(f.row_no) FROM flows f
            WHERE NOT {mine} AND f.category_id IN (SELECT category_id FROM theirs) GROUP BY f.vendor_id
            UNION
            SELECT row_no FROM theirs
        )
        SELECT f.category_id::VARCHAR, f.vendor_id::VARCHAR, coalesce(v.company, ''), coalesce(f.purpose::VARCHAR, '')
        FROM flows f JOIN others o ON o.row_no = f.row_no LEFT JOIN vendor_facts v ON v.vendor_id = f.vendor_id
        """,
        {"vendors": sorted(vendors)},
    )
    return [FlowRow(*row) for row in rows]


def _activities(store: Store) -> list[Activity]:
    rows = store.query("SELECT coalesce(name, activity_id), vendor_ids FROM activities WHERE vendor_ids IS NOT NULL")
    return [Activity(name, frozenset(vendors)) for name, vendors in rows]
