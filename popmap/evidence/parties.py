"""Who sends what to whom behind a filter: every category and vendor by its full name, and how many flows each pair has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from popmap.filters import Filter, flow_where
from popmap.flow import text
from popmap.flow.palette import LIGHT, colours
from popmap.store import Store
from popmap.tables import Ask, fetch

NO_SECTION = "Section not stated"


@dataclass(frozen=True, slots=True)
class Party:
    """A category or a vendor: its key, its name on one line, the heading a vendor is published under, and its colour (of a vendor: "")."""

    key: str
    name: str
    section: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """The flows of one category to one vendor; `unproven` of them no source states."""

    flows: int
    unproven: int


@dataclass(frozen=True, slots=True)
class Parties:
    """Everything a picture shows.

    Attributes:
        categories: In the register's order, those without flows among them.
        vendors: By section in the order in which sections first occur, then in the register's order; those without flows among them.
        pairs: Vendor key -> category key -> the flows they share.
    """

    categories: tuple[Party, ...]
    vendors: tuple[Party, ...]
    pairs: Mapping[str, Mapping[str, Pair]]


def parties(store: Store, asked: Filter) -> Parties:
    """Return who is behind a filter."""
    where = flow_where(asked, store.known)
    counted = store.query(
        "SELECT f.vendor_id::VARCHAR, f.category_id::VARCHAR, count(*)::INTEGER, "
        "count(*) FILTER (f.evidence_status IN ('none', 'inferred'))::INTEGER "
        f"FROM flows f WHERE {where.sql} GROUP BY ALL ORDER BY ALL",
        where.parameters,
    )
    pairs: dict[str, dict[str, Pair]] = {}
    for vendor, category, flows, unproven in counted:
        pairs.setdefault(vendor, {})[category] = Pair(flows, unproven)
    palette = colours(LIGHT, tuple(store.known["category"]))
    categories = fetch(store, "categories", Ask(asked), internal=False).select(["category_id", "name"]).to_pylist()
    vendors = fetch(store, "vendors", Ask(asked), internal=False).select(["vendor_id", "name", "section"]).to_pylist()
    sections = list(dict.fromkeys(row["section"] or NO_SECTION for row in vendors))
    placed = {section: at for at, section in enumerate(sections)}
    listed = [Party(row["vendor_id"], _name(row["name"]), text.clean(row["section"] or NO_SECTION)) for row in vendors]
    order = sorted(range(len(listed)), key=lambda at: (placed[vendors[at]["section"] or NO_SECTION], at))
    return Parties(
        tuple(Party(row["category_id"], _name(row["name"]), colour=palette.get(row["category_id"], LIGHT.neutral)) for row in categories),
        tuple(listed[at] for at in order),
        pairs,
    )


def _name(name: str) -> str:
    return text.clean(name) or "(no name)"
