"""What the page holds: the rows behind a filter, the words they rest on and what is missing, as plain data."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from popmap.columns import Ends
from popmap.evidence.standalone.coding import column, table
from popmap.filters import FACETS, Filter
from popmap.numbering import columns
from popmap.register.schema import BY_NAME, LIST_SEPARATOR, SOURCE_FIELDS
from popmap.store import Store
from popmap.tables import Ask, fetch
from popmap.views import ACTIVITIES, CATEGORIES, FINDINGS, FLOWS, VENDORS, ShownColumn, View

# What the page finds itself: a flow's ends and what follows from them, and its findings by their rules.
_OF_ENDS = ("category", "vendor", "section", "company", "role", "category_id", "vendor_id", "row_id", "findings")
_RULE = ("severity", "title", "article", "why", "hint", "code")
_ASKED = ("section", "company", "basis", "evidence")
_SOURCES = dict(zip(SOURCE_FIELDS, ("Key", "Source", "File", "Link", "Retrieved on", "SHA-256"), strict=True))


def page_data(store: Store, asked: Filter, *, internal: bool = False) -> dict[str, Any]:
    """Return everything the page shows.

    Args:
        store: The register.
        asked: Which rows.
        internal: Whether columns marked internal, and what rests on or speaks of their cells, are kept.

    Returns:
        Texts, numbers, lists and mappings, the same for the same arguments.
    """
    flows = fetch(store, FLOWS.name, Ask(asked), internal=internal)
    of = columns(store)
    places = np.searchsorted(of.row_no, np.asarray(flows["row_no"].combine_chunks(), dtype=np.int64))
    categories = _ends(store, asked, CATEGORIES, flows["category_id"], of.categories, internal=internal)
    vendors = _ends(store, asked, VENDORS, flows["vendor_id"], of.vendors, internal=internal)
    activities = _named(store, fetch(store, ACTIVITIES.name, Ask(asked), internal=internal))
    rules = store.query("SELECT rule_no, code, severity, title, article, why, hint, flow_bit, column_name FROM rules ORDER BY rule_no")
    number_of = {rule[0]: at for at, rule in enumerate(rules)}
    bits = [(rule[7], at) for at, rule in enumerate(rules) if rule[7] is not None]
    used, patterns = np.unique(of.gaps[places], return_inverse=True)
    return {
        "flows": table(flows.drop_columns([name for name in _OF_ENDS if name in flows.column_names]), _shown(FLOWS, internal=internal))
        | {
            "category": _places(flows["category_id"], categories["keys"]),
            "vendor": _places(flows["vendor_id"], vendors["keys"]),
            "patterns": [[at for bit, at in bits if int(of.patterns[one]) >> bit & 1] for one in used.tolist()],
            "pattern": patterns.tolist(),
        },
        "categories": _with_rules(categories, of.categories, number_of) | {"colours": _colours(store, categories["keys"])},
        "vendors": _with_rules(vendors, of.vendors, number_of),
        "activities": table(activities, _shown(ACTIVITIES, internal=internal)) | {"concerned": _concerned(store, asked)},
        "findings": _findings(store, asked, {rule[1]: at for at, rule in enumerate(rules)}, {rules[at][1] for _, at in bits}, internal),
        "sources": _sources(store),
        "rules": [dict(zip(("code", "severity", "title", "article", "why", "hint"), rule[1:7], strict=True)) for rule in rules],
        "rule_columns": [rule[8] or "" for rule in rules],
        "asked_rules": [at for at, rule in enumerate(rules) if rule[1] in asked.gaps],
        "facets": {key: [[value.key, value.label, value.cell] for value in store.known[key].values()] for key in _ASKED},
        "countries": _countries(store, flows["locations"], vendors),
        "facet_names": {facet.key: [facet.label, facet.plural] for facet in FACETS},
        "quotes": _quotes(store, flows, categories["keys"], vendors["keys"], activities["activity_id"].to_pylist(), internal),
        "whole": {"flows": store.counts["flows"], "vendors": len(of.vendors.keys) - 1, "categories": len(of.categories.keys) - 1},
    }


def _shown(view: View, *, internal: bool) -> list[ShownColumn]:
    return [one for one in view.columns if internal or not one.internal]


def _ends(store: Store, asked: Filter, view: View, named: pa.ChunkedArray, ends: Ends, *, internal: bool) -> dict[str, Any]:
    """Return the vendors or categories behind a filter, and after them those that only the flows behind it name."""
    listed = fetch(store, view.name, Ask(asked), internal=internal)
    first = set(listed[view.key].to_pylist())
    more = {key for key in named.unique().to_pylist() if key is not None} - first
    rows = listed
    if more:
        every = fetch(store, view.name, Ask(), internal=internal)
        rows = pa.concat_tables([listed, every.take(pa.array([at for at, key in enumerate(every[view.key].to_pylist()) if key in more]))])
    keys = rows[view.key].to_pylist()
    kind = "vendor" if view is VENDORS else "category"
    known = store.known[kind]
    names = dict(zip(ends.keys, ends.names, strict=True))
    spelled: dict[str, list[str]] = {}
    for key, alias in store.query("SELECT id, alias FROM aliases WHERE kind = $kind ORDER BY 1, 2", {"kind": kind}):
        spelled.setdefault(key, []).append(alias)
    return table(rows, _shown(view, internal=internal)) | {
        "keys": keys,
        "labels": [known[key].label if key in known else names[key] for key in keys],
        "listed": listed.num_rows,
        "aliases": {key: spelled[key] for key in keys if key in spelled},
    }


def _places(cells: pa.ChunkedArray, keys: Sequence[str]) -> list[int]:
    place = {key: at for at, key in enumerate(keys)}
    return [place.get(key, -1) for key in cells.to_pylist()]


def _with_rules(end: dict[str, Any], ends: Ends, number_of: dict[int, int]) -> dict[str, Any]:
    rules = dict(zip(ends.keys, ends.rules, strict=True))
    return end | {"rules": [sorted(number_of[number] for number in rules[key]) for key in end["keys"]]}


def _colours(store: Store, keys: Sequence[str]) -> list[int]:
    """Return each category's place among all of the register's, which gives its colour."""
    place = {key: at for at, key in enumerate(store.known["category"])}
    return [place[key] for key in keys]


def _named(store: Store, activities: pa.Table) -> pa.Table:
    """Return activities with the names of their categories and vendors instead of the keys."""
    for name, kind in (("category_ids", "category"), ("vendor_ids", "vendor")):
        known = store.known[kind]
        cells = [
            None if cell is None else "; ".join(known[key].label if key in known else key for key in cell.split("; "))
            for cell in activities[name].to_pylist()
        ]
        activities = activities.set_column(activities.column_names.index(name), name, pa.array(cells, pa.string()))
    return activities


def _concerned(store: Store, asked: Filter) -> list[list[str]]:
    """Return the keys of the categories of each activity, by which the page filters them."""
    cells = fetch(store, ACTIVITIES.name, Ask(asked))["category_ids"].to_pylist()
    return [[] if cell is None else cell.split("; ") for cell in cells]


def _findings(store: Store, asked: Filter, number_of: dict[str, int], of_flows: Collection[str], internal: bool) -> dict[str, Any]:
    """Return the findings that are not about flows; those the page reads off each flow's pattern."""
    rows = fetch(store, FINDINGS.name, Ask(asked))
    rows = rows.take(pa.array([at for at, code in enumerate(rows["code"].to_pylist()) if code not in of_flows], pa.int64()))
    if not internal:
        hidden = [
            table_name in BY_NAME and _internal(table_name, name)
            for table_name, name in zip(rows["table_name"].to_pylist(), rows["column_name"].to_pylist(), strict=True)
        ]
        for name in ("value", "detail"):
            cells = [None if hide else cell for cell, hide in zip(rows[name].to_pylist(), hidden, strict=True)]
            rows = rows.set_column(rows.column_names.index(name), name, pa.array(cells, pa.string()))
    rule = [number_of[code] for code in rows["code"].to_pylist()]
    return table(rows.drop_columns(list(_RULE)), FINDINGS.columns) | {"rule": rule}


def _countries(store: Store, locations: pa.ChunkedArray, vendors: dict[str, Any]) -> dict[str, str]:
    """Return the names of the countries that occur, by their codes."""
    offices = next(one for one in vendors["columns"] if one["name"] == "country")["values"]
    used = {code.strip() for cell in (*locations.unique().to_pylist(), *offices) if cell for code in cell.split(LIST_SEPARATOR)}
    return {code: name for code, name in store.query("SELECT country, name FROM countries ORDER BY 1") if code in used}


def _sources(store: Store) -> dict[str, Any]:
    shown = [ShownColumn(name, label, default=name != "sha256") for name, label in _SOURCES.items()]
    order = [shown[1], *shown[2:], shown[0]]
    cells = {name: pa.array([source.get(name) or None for source in store.settings.sources], pa.string()) for name in _SOURCES}
    return table(pa.table(cells), order)


def _internal(table_name: str, name: str | None) -> bool:
    return any(one.internal and one.name == name for one in BY_NAME[table_name].columns)


def _quotes(
    store: Store, flows: pa.Table, categories: Sequence[str], vendors: Sequence[str], activities: Sequence[str], internal: bool
) -> dict[str, Any]:
    """Return the words the shown cells rest on; "of" is the table, "row" the row's place in it."""
    rows = store.arrow(
        "SELECT q.row_no, CAST(NULL AS VARCHAR) AS row_id, 'flows' AS of, coalesce(q.column_name, '') AS col, q.status, q.source_id, "
        "q.locator, q.quote, e.checked_on::VARCHAR AS checked_on, e.checked_by, e.row_no AS line FROM flow_quotes q "
        "JOIN evidence e ON e.row_no = q.evidence_row UNION ALL "
        'SELECT NULL, e.row_id, e."table", coalesce(e."column", \'\'), e.status, e.source_id, e.locator, e.quote, e.checked_on::VARCHAR, '
        "e.checked_by, e.row_no FROM evidence e WHERE e.\"table\" IN ('categories', 'vendors', 'activities') ORDER BY line"
    )
    place: dict[tuple[str, object], int] = {("flows", number): at for at, number in enumerate(flows["row_no"].to_pylist())}
    for name, keys in (("categories", categories), ("vendors", vendors), ("activities", activities)):
        place |= {(name, key): at for at, key in enumerate(keys)}
    of, numbers, ids, names = (rows[name].to_pylist() for name in ("of", "row_no", "row_id", "col"))
    kept, targets = [], []
    for at, (one, number, key, name) in enumerate(zip(of, numbers, ids, names, strict=True)):
        target = place.get((one, number if one == "flows" else key))
        if target is not None and (internal or not _internal(one, name)):
            kept.append(at)
            targets.append(target)
    rows = rows.take(pa.array(kept, pa.int64()))
    shown = ("of", "col", "status", "source_id", "locator", "quote", "checked_on", *(("checked_by",) if internal else ()))
    return {"row": targets, "rows": len(targets)} | {name: column(rows[name]) for name in shown}
