"""Which flows, vendors and categories are behind a filter: the same as `filters.flow_where` and `row_where` say in SQL, on arrays.

Exports of large registers and the tables over HTTP are asked in SQL; what a page counts is counted here. A property test holds the two
together on made-up registers and filters.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from popmap.columns import Columns, Ends, Flags
from popmap.filters import BY_KEY, FACETS, Facet, Filter
from popmap.numbering import columns
from popmap.register.arrow import numpy
from popmap.selected import Selection
from popmap.store import Store

# Flows of a register whose marks are still remembered filter by filter.
_LARGEST_REMEMBERED = 200_000


def select(store: Store, asked: Filter, without: Facet | None = None) -> Selection:
    """Return the flows behind a filter.

    Args:
        store: The register.
        asked: The filter.
        without: A facet to leave out, for counting its values under the other filters.
    """
    asked = asked if without is None else asked.having(without, ())
    key = ("selection", asked)
    found = store.recall(key)
    if found is None:
        found = _selection(store, asked)
        # One that marks each flow of a large register would outgrow it, were it kept for each filter a reader has tried.
        if found.chosen is None or len(found.chosen) <= _LARGEST_REMEMBERED:
            found = store.remember(key, lambda: found)
    return found


def rows_behind(store: Store, asked: Filter, table: str) -> Flags:
    """Return which vendors or categories are behind a filter, in the order of `Columns.vendors` or `categories`.

    One without any flow is among them as long as nothing is asked of its flows. The last, which stands for a row there is none of, may be.

    Args:
        store: The register.
        asked: The filter.
        table: "vendors" or "categories".
    """
    return store.remember(("rows behind", table, asked), lambda: _rows_behind(store, asked, table))


def _rows_behind(store: Store, asked: Filter, table: str) -> Flags:
    of = columns(store)
    ends, kind = (of.vendors, "vendor") if table == "vendors" else (of.categories, "category")
    kept = np.ones(len(ends.keys), dtype=bool)
    rest = asked
    for name in ("vendor", "section", "company", "role") if table == "vendors" else ("category",):
        facet = BY_KEY[name]
        if asked.chosen(facet):
            kept &= _having(store, ends, asked, facet)
            rest = rest.having(facet, ())
    rest = rest.having(BY_KEY["gap"], ())
    # One and the same flow has to meet whatever is asked of flows.
    behind = select(store, rest)
    reached = _with_code(ends, behind.counts(kind) > 0) if rest else np.ones(len(ends.keys), dtype=bool)
    if asked.text and not replace(rest, text=""):
        reached = reached | _searched(store, ends, asked.text)
    if asked.gaps:
        numbers, bits = _rules(of, asked.gaps)
        hit_flows = behind.picked(_with_bits(of, bits)[of.gaps])
        hit = np.bincount(behind.picked(of.flows[kind].codes)[hit_flows], minlength=of.flows[kind].size) > 0
        reached = (_hit(ends, numbers) & reached) | _with_code(ends, hit)
    return kept & reached


def _selection(store: Store, asked: Filter) -> Selection:
    """Return the flows that meet a filter."""
    of = columns(store)
    facets = [facet for facet in FACETS if asked.chosen(facet)]
    if not facets and not asked.text:
        return Selection(of)
    if not asked.text and all(facet.key in ("category", "vendor") or facet.scope == "vendor" for facet in facets):
        ends = [np.ones(of.flows[key].size, dtype=bool) for key in ("category", "vendor")]
        for facet in facets:
            ends[facet.key != "category"] &= _marked(store, of, asked, facet)
        return Selection(of, within=np.logical_and.outer(*ends).ravel())
    kept: Flags | None = None
    for facet in facets:
        kept = _both(kept, _meeting(store, of, asked, facet))
    if asked.text:
        kept = _both(kept, _mentioning(store, of, asked.text))
    return Selection(of, kept)


def _both(first: Flags | None, second: Flags) -> Flags:
    return second if first is None else first & second


def _meeting(store: Store, of: Columns, asked: Filter, facet: Facet) -> Flags:
    """Return which flows have one of a facet's values."""
    category, vendor = of.flows["category"], of.flows["vendor"]
    if facet.scope == "gap":
        # A flow has a gap when it, its vendor or its category has the finding.
        numbers, bits = _rules(of, asked.chosen(facet))
        return (
            _with_bits(of, bits)[of.gaps]
            | of.vendors.by_code(_hit(of.vendors, numbers), vendor.size)[vendor.codes]
            | of.categories.by_code(_hit(of.categories, numbers), category.size)[category.codes]
        )
    codes = vendor.codes if facet.scope == "vendor" else of.flows[facet.key].codes
    return _marked(store, of, asked, facet)[codes]


def _marked(store: Store, of: Columns, asked: Filter, facet: Facet) -> Flags:
    """Return a table from the code of a column of flows, for a facet of vendors their code, to whether it is one of those asked for."""
    if facet.scope == "vendor":
        return of.vendors.by_code(_having(store, of.vendors, asked, facet), of.flows["vendor"].size)
    cells = {store.known[facet.key][key].cell for key in asked.chosen(facet)}
    column = of.flows[facet.key]
    wanted = np.zeros(column.size, dtype=bool)
    if facet.scope == "location":
        wanted[:-1] = [not cells.isdisjoint(countries) for countries in of.countries]
        wanted[-1] = None in cells
    else:
        places = column.places
        wanted[[places[cell] for cell in cells if cell in places]] = True
    return wanted


def _mentioning(store: Store, of: Columns, text: str) -> Flags:
    category, vendor, purpose = (of.flows[key] for key in ("category", "vendor", "purpose"))
    wanted = np.zeros(purpose.size, dtype=bool)
    wanted[:-1] = _containing(of.purposes, _plain(store, text))
    return (
        wanted[purpose.codes]
        | of.vendors.by_code(_searched(store, of.vendors, text), vendor.size)[vendor.codes]
        | of.categories.by_code(_searched(store, of.categories, text), category.size)[category.codes]
    )


def _plain(store: Store, text: str) -> str:
    # DuckDB made what is searched, so it also prepares what is searched for.
    return store.query("SELECT lower(strip_accents($q))", {"q": text})[0][0]


def _containing(texts: pa.StringArray, part: str) -> Flags:
    return numpy(pc.call_function("match_substring", [texts], pc.MatchSubstringOptions(part)))


def _searched(store: Store, ends: Ends, text: str) -> Flags:
    return _containing(ends.search, _plain(store, text)) & ends.known


def _having(store: Store, ends: Ends, asked: Filter, facet: Facet) -> Flags:
    cells = {store.known[facet.key][key].cell for key in asked.chosen(facet)}
    stated = ends.cells[facet.key if facet.key in ("vendor", "category") else facet.column]
    return np.array([cell in cells for cell in stated], dtype=bool)


def _with_code(ends: Ends, table: Flags) -> Flags:
    """Return which of them carry a marked code; the empty cell's is nobody's."""
    return table[ends.codes] & (ends.codes < len(table) - 1)


def _rules(of: Columns, codes: tuple[str, ...]) -> tuple[frozenset[int], int]:
    numbers = frozenset(of.rules.numbers[code] for code in codes)
    return numbers, sum(1 << of.rules.bits[number] for number in numbers if number in of.rules.bits)


def _hit(ends: Ends, numbers: frozenset[int]) -> Flags:
    return np.array([not numbers.isdisjoint(rules) for rules in ends.rules], dtype=bool)


def _with_bits(of: Columns, bits: int) -> Flags:
    return (of.patterns & np.uint64(bits)) != 0
