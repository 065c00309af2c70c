"""How many flows each value of a facet has under the other filters, and how often each gap rule hits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from popmap.filters import BY_KEY, Facet, Filter
from popmap.selected import Selection
from popmap.selection import rows_behind, select
from popmap.store import Store

# In the order of the bits of Columns.profiles.
_FLOW_FACTS = ("purpose", "legal basis", "processing country", "evidence")


def facet_counts(store: Store, asked: Filter, facet: Facet) -> dict[str, int]:
    """Return the flows of each value key of a facet under the other filters; values without any are left out."""
    rest = asked.having(facet, ())
    if not rest:
        return {key: value.flows for key, value in store.known[facet.key].items() if value.flows}
    return store.remember(("facet", facet.key, rest), lambda: _facet_counts(store, select(store, rest), facet))


def _facet_counts(store: Store, behind: Selection, facet: Facet) -> dict[str, int]:
    of = behind.of
    if facet.scope == "gap":
        return {key: flows for key in store.known[facet.key] if (flows := _flows_with_gap(behind, key))}
    if facet.scope == "location":
        totals: dict[str | None, int] = {}
        # A flow in two countries counts in both.
        for countries, flows in zip((*of.countries, (None,)), behind.counts("country").tolist(), strict=True):
            for country in countries:
                totals[country] = totals.get(country, 0) + flows
    elif facet.scope == "vendor":
        column = of.vendor_cells(facet.column)
        sums = [0] * column.size
        for code, flows in zip(column.codes.tolist(), behind.counts("vendor").tolist(), strict=True):
            sums[code] += flows
        totals = dict(zip((*column.cells, None), sums, strict=True))
    else:
        totals = dict(zip((*of.flows[facet.key].cells, None), behind.counts(facet.key).tolist(), strict=True))
    return {key: flows for key, value in store.known[facet.key].items() if (flows := totals.get(value.cell, 0))}


def _flows_with_gap(behind: Selection, code: str) -> int:
    """Return how many flows have a rule's gap: their own, their vendor's or their category's; one that hits both ends is one gap."""
    of, number = behind.of, behind.of.rules.numbers[code]
    if number in of.rules.bits:
        return behind.with_bits(1 << of.rules.bits[number])
    free_c, free_v = (
        ~ends.by_code(np.array([number in rules for rules in ends.rules], dtype=bool), of.flows[kind].size)
        for kind, ends in (("category", of.categories), ("vendor", of.vendors))
    )
    return len(behind) - int(behind.pairs[np.ix_(free_c, free_v)].sum())


# Made anew for each filter, and a tuple is made in a tenth of the time.
class RuleHits(NamedTuple):
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
    return store.remember(("rule hits", asked), lambda: _rule_hits(store, asked))


def _rule_hits(store: Store, asked: Filter) -> list[RuleHits]:
    rest = asked.having(BY_KEY["gap"], ())
    behind = select(store, rest)
    counts = np.zeros(max(behind.of.rules.numbers.values(), default=0) + 1)
    for table, (rule, place) in behind.of.findings.items():
        # What is about neither vendors nor categories is behind no filter.
        if table or not rest:
            counts += np.bincount(rule, weights=rows_behind(store, rest, table)[place] if table else None, minlength=len(counts))
    hits = counts.astype(np.int64).tolist()
    for number, flows in zip(behind.of.rules.bits, (behind.patterns @ behind.of.bits).tolist(), strict=True):
        hits[number] = flows
    found = [
        (rank, -number, code, facts)
        for at, rank, code, facts in store.remember(("rules",), lambda: _rules(store))
        if (number := hits[at]) and (not asked.gaps or code in asked.gaps)
    ]
    return [RuleHits(*facts[:-1], hits=-number, own=facts[-1]) for _, number, _, facts in sorted(found)]


def _rules(store: Store) -> list[tuple[int, int, str, tuple[Any, ...]]]:
    """Return each rule's number, the rank of its severity, its code, and what `RuleHits` says of it beside its hits."""
    rows = store.query("SELECT rule_no, severity_rank, code, severity, title, article, table_name, why, hint, own FROM rules")
    return [(number, rank, facts[0], tuple(facts)) for number, rank, *facts in rows]


def coverage(store: Store, asked: Filter) -> dict[str, tuple[int, int]]:
    """Return how many flows, vendors and categories state each of the facts a data protection officer asks for.

    Returns:
        Fact -> (rows that state it, rows behind the filter).
    """
    return store.remember(("coverage", asked), lambda: _coverage(store, asked))


def _coverage(store: Store, asked: Filter) -> dict[str, tuple[int, int]]:
    behind = select(store, asked)
    of, flows = behind.of, len(behind)
    facts = {fact: (behind.stating(bit), flows) for bit, fact in enumerate(_FLOW_FACTS)}
    for ends, table in ((of.vendors, "vendors"), (of.categories, "categories")):
        rows = rows_behind(store, asked, table) & ends.known
        facts |= {fact: (int((stated & rows).sum()), int(rows.sum())) for fact, stated in ends.states.items()}
    return facts


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many flows, categories, vendors, companies and sections there are."""

    flows: int
    categories: int
    vendors: int
    companies: int
    sections: int


def numbers(store: Store, asked: Filter) -> Sizes:
    """Return how many of everything are behind a filter; without one, also categories and vendors that have no flow."""
    return store.remember(("numbers", asked), lambda: _numbers(store, asked))


def _numbers(store: Store, asked: Filter) -> Sizes:
    behind = select(store, asked)
    of = behind.of
    if asked:
        categories, vendors = int((behind.counts("category") > 0).sum()), np.flatnonzero(behind.counts("vendor"))
        companies, sections = (
            len(set(column.codes[vendors].tolist()) - {len(column.cells)})
            for column in (of.vendor_cells("company"), of.vendor_cells("section"))
        )
        return Sizes(len(behind), categories, len(vendors), companies, sections)
    companies, sections = (len(set(of.vendors.cells[column]) - {None}) for column in ("company", "section"))
    return Sizes(len(behind), len(of.categories.keys) - 1, len(of.vendors.keys) - 1, companies, sections)


def flow_count(store: Store, asked: Filter) -> int:
    """Return how many flows are behind a filter."""
    return len(select(store, asked))
