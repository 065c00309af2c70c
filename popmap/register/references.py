"""References that lead nowhere: cells that name a key no row has, and evidence for rows that are not there."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from popmap.register import arrow
from popmap.register.arrow import Numbers
from popmap.register.canonical import row_faults
from popmap.register.coding import Cells, Coded, Order
from popmap.register.faults import NAMED_ROWS, Fault
from popmap.register.schema import BY_NAME, LIST_SEPARATOR, ROW_ID_SEPARATOR, Column

NOWHERE = -1
_CODE = "dangling-reference"


def dangling(cells: Cells, file: str, keys: Mapping[str, frozenset[str]]) -> list[Fault]:
    """Return a fault for each key that names nothing.

    Args:
        cells: The table.
        file: Its file's name.
        keys: The keys there are, by table.
    """
    faults: list[Fault] = []
    for column in cells.table.columns:
        if column.references:
            faults += _dangling(cells, file, column, keys[column.references])
    return faults


def dangling_aliases(aliases: Cells, file: str, keys: Mapping[str, frozenset[str]]) -> list[Fault]:
    """Return a fault for each alias whose id is no key of the table its kind speaks of."""
    rows = []
    kinds, ids = aliases.columns["kind"], aliases.columns["id"]
    tables = {"vendor": "vendors", "category": "categories"}
    places = np.flatnonzero(ids.codes)
    for place, kind, key in zip(places.tolist(), kinds.rows(places), ids.rows(places), strict=True):
        if kind in tables and key not in keys[tables[kind]]:
            rows.append((int(aliases.rows[place]), key, tables[kind]))
    return _each(aliases, file, "id", rows)


def evidence_targets(evidence: Cells, tables: Mapping[str, Cells], flows: Order) -> Numbers:
    """Return for each row of evidence the place of the row it is about in that row's table, NOWHERE if there is none.

    Args:
        evidence: The evidence.
        tables: Every table.
        flows: The order of the flows' keys.
    """
    named, row_ids = evidence.columns["table"], evidence.columns["row_id"]
    targets = np.full(len(evidence.rows), NOWHERE)
    for code, name in enumerate(named.values.to_pylist(), start=1):
        if name in BY_NAME and BY_NAME[name].key:
            mine = named.codes == code
            # What follows is done once for each row id, not for each row; the place before the first is that of none.
            places = np.append(
                NOWHERE, _flow_places(row_ids.values, tables[name], flows) if name == "flows" else _places(row_ids.values, tables[name])
            )
            targets[mine] = places[row_ids.codes[mine]]
    return targets


def dangling_evidence(evidence: Cells, file: str, targets: Numbers) -> list[Fault]:
    """Return a fault for each row of evidence that is about no row."""
    places = np.flatnonzero(targets == NOWHERE)
    if not len(places):
        return []
    tables, row_ids = evidence.columns["table"].rows(places), evidence.columns["row_id"].rows(places)
    rows = [(int(evidence.rows[place]), name, row_id) for place, name, row_id in zip(places.tolist(), tables, row_ids, strict=True)]
    known = [(row, row_id, name) for row, name, row_id in rows if name in BY_NAME and BY_NAME[name].key]
    strange = [(row, name, "the register") for row, name, _ in rows if not (name in BY_NAME and BY_NAME[name].key)]
    return _each(evidence, file, "table", strange) + _each(evidence, file, "row_id", known)


def _each(cells: Cells, file: str, column: str, rows: list[tuple[int, str, str]]) -> list[Fault]:
    """Return a fault for each row, given with its value and the table that does not have it."""
    faults: list[Fault] = []
    for row, value, table in rows[:NAMED_ROWS]:
        faults += row_faults(_CODE, file, cells.table, column, [(row, value)], 1, table)
    return faults + row_faults(_CODE, file, cells.table, column, [], max(len(rows) - NAMED_ROWS, 0))


def _dangling(cells: Cells, file: str, column: Column, keys: frozenset[str]) -> list[Fault]:
    found = cells.columns[column.name]
    missing: dict[int, list[str]] = {}
    for code, text in enumerate(found.values.to_pylist(), start=1):
        items = text.split(LIST_SEPARATOR) if column.many else [text]
        if lost := sorted(item for item in items if item not in keys):
            missing[code] = lost
    if not missing:
        return []
    counts = np.zeros(len(found.values) + 1, np.int64)
    for code, items in missing.items():
        counts[code] = len(items)
    each = counts[found.codes]
    places = np.flatnonzero(each)[:NAMED_ROWS]
    rows = [(int(cells.rows[place]), item) for place in places for item in missing[int(found.codes[place])]]
    return row_faults(_CODE, file, cells.table, column.name, rows[:NAMED_ROWS], int(each.sum()), column.references)


def _places(row_ids: pa.Array, cells: Cells) -> Numbers:
    keys = arrow.texts(cells.row_ids(np.arange(len(cells.rows))))
    return arrow.found(row_ids, keys)


def _flow_places(row_ids: pa.Array, flows: Cells, order: Order) -> Numbers:
    """Return the place of the flow each row id names; only its last cell, the purpose, may hold the separator or be missing."""
    categories, vendors, purposes = (_codes(column) for column in flows.key)
    found = []
    for row_id in row_ids.to_pylist():
        category, _, rest = row_id.partition(ROW_ID_SEPARATOR)
        vendor, _, purpose = rest.partition(ROW_ID_SEPARATOR)
        found += (categories.get(category, NOWHERE), vendors.get(vendor, NOWHERE), purposes.get(purpose, NOWHERE))
    codes = np.array(found, np.int64).reshape(-1, 3)
    known = (codes != NOWHERE).all(axis=1)
    return np.where(known, order.find(list(np.maximum(codes, 0).T)), NOWHERE)


def _codes(column: Coded) -> dict[str, int]:
    """Return the code of each of a column's texts; "" is not stated."""
    return {text: code for code, text in enumerate(["", *column.values.to_pylist()])}
