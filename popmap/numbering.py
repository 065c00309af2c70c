"""Numbering a register: its tables asked once for columns of small numbers, each word told apart by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from popmap.columns import Coded, Columns, Ends, Numbers, Rules, narrow
from popmap.filters import FACETS
from popmap.register.arrow import numbers as as_arrow
from popmap.register.arrow import numpy, texts
from popmap.store import Store

_FLOW_COLUMNS = {facet.key: facet.column for facet in FACETS if facet.scope == "flow"} | {"country": "locations"}
# Fact of counting.coverage -> the column of the row's own table that states it.
_VENDOR_FACTS = {
    "role": "v.role",
    "head office": "w.country",
    "data processing agreement": "coalesce(w.agreement_url, w.agreement_signed_on)",
}
_CATEGORY_FACTS = {"data subjects": "k.data_subjects", "retention period": "k.retention_period"}


def columns(store: Store) -> Columns:
    """Return a register's arrays, made when they are first asked for."""
    return store.remember(("columns",), lambda: _columns(store))


def _columns(store: Store) -> Columns:
    listed = ", ".join(f"{column} AS {key}" for key, column in _FLOW_COLUMNS.items())
    table = in_order(store, f"gaps, {listed}")
    flows = {key: coded(table.column(key)) for key in _FLOW_COLUMNS}
    gaps = table.column("gaps").combine_chunks().dictionary_encode()
    patterns = numpy(gaps.dictionary).astype(np.uint64)
    rules = store.query("SELECT code, rule_no, flow_bit FROM rules")
    vendors = _ends(store, "vendor", flows["vendor"], ("section", "company", "role"), "vendors w", "w", _VENDOR_FACTS)
    categories = _ends(store, "category", flows["category"], (), "categories k", "k", _CATEGORY_FACTS)
    sets = dict(store.query("SELECT locations::VARCHAR, countries FROM location_sets"))
    purposes = store.arrow("SELECT purpose::VARCHAR AS purpose, search FROM purposes")
    search = dict(zip(purposes["purpose"].to_pylist(), purposes["search"].to_pylist(), strict=True))
    return Columns(
        row_no=numpy(table.column("row_no")),
        flows=flows,
        gaps=narrow(numpy(gaps.indices), len(patterns)),
        patterns=patterns,
        countries=tuple(tuple(sets.get(cell, ())) for cell in flows["country"].cells),
        vendors=vendors,
        categories=categories,
        rules=Rules({code: number for code, number, _ in rules}, {number: bit for _, number, bit in rules if bit is not None}),
        purposes=texts([search.get(cell, "") for cell in flows["purpose"].cells]),
        findings=_findings(store, vendors, categories),
    )


def in_order(store: Store, listed: str) -> pa.Table:
    """Return columns of all flows, and row_no, in the order of their rows; the table is kept in it, and only sorted should it not be."""
    table = store.arrow(f"SELECT row_no, {listed} FROM flows")
    numbers = numpy(table.column("row_no"))
    return table if bool((numbers[1:] > numbers[:-1]).all()) else table.take(as_arrow(np.argsort(numbers)))


def coded(column: pa.ChunkedArray) -> Coded:
    """Return a column of texts, or of an enumeration, which arrives as a dictionary."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    whole = column.unify_dictionaries().combine_chunks()
    cells = tuple(str(cell) for cell in whole.dictionary.to_pylist())
    # Null is a code of its own, which the type of the others may be too narrow for.
    indices = whole.indices.cast(pa.int64()) if whole.indices.null_count else whole.indices
    return Coded(narrow(numpy(indices, len(cells)), len(cells) + 1), cells)


def _ends(store: Store, kind: str, coded: Coded, own: Sequence[str], table: str, alias: str, facts: Mapping[str, str]) -> Ends:
    short = kind[0]
    stated = ", ".join(f"{cell} IS NOT NULL" for cell in facts.values())
    rows = store.query(
        f"SELECT {short}.{kind}_key, {short}.name, {short}.{kind}_id::VARCHAR, {short}.row_no, coalesce({short}.search, ''), {short}.rules"
        f"{''.join(f', {short}.{column}' for column in own)}, {stated} "
        f"FROM {kind}_facts {short} LEFT JOIN {table} ON {alias}.{kind}_id = {short}.{kind}_key "
        f"ORDER BY {short}.row_no NULLS LAST, {short}.{kind}_key"
    )
    places = coded.places
    nobody = ("", "", None, None, "", ()) + (None,) * len(own) + (False,) * len(facts)
    keys, names, codes, numbers, search, rules, *rest = zip(*rows, nobody, strict=True)
    return Ends(
        keys=keys,
        names=names,
        codes=np.array([places.get(code, len(coded.cells)) for code in codes], dtype=np.int64),
        places={number: at for at, number in enumerate(numbers) if number is not None},
        search=texts(search),
        rules=tuple(frozenset(hits) for hits in rules),
        cells=dict(zip(own, rest, strict=False)) | {kind: keys},
        states={fact: np.array(cells, dtype=bool) for fact, cells in zip(facts, rest[len(own) :], strict=True)},
    )


def _findings(store: Store, vendors: Ends, categories: Ends) -> dict[str, tuple[Numbers, Numbers]]:
    rows = store.arrow(
        "SELECT rule_no, CASE table_name WHEN 'vendors' THEN 1 WHEN 'categories' THEN 2 ELSE 0 END AS kind, coalesce(row_no, -1) AS row_no "
        "FROM findings"
    )
    rule, kind, row = (numpy(rows.column(name)).astype(np.int64) for name in ("rule_no", "kind", "row_no"))
    found = {"": (rule[kind == 0], np.zeros(int((kind == 0).sum()), dtype=np.int64))}
    for number, table, ends in ((1, "vendors", vendors), (2, "categories", categories)):
        of = kind == number
        places = [ends.places.get(each, len(ends.keys) - 1) for each in row[of].tolist()]
        found[table] = rule[of], np.array(places, dtype=np.int64)
    return found
