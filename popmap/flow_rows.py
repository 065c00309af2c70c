"""Flows in words, a page at a time, taken from the register's arrays: the rows `queries/table_flows.sql` gives, without its joins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from popmap.columns import Coded, Ends, Numbers
from popmap.numbering import coded, columns, in_order
from popmap.store import Store

# Columns of flows that nothing is counted by; their cells are kept from the first page on that shows them.
_WORDS = ("condition", "transfer_mechanism", "transfer_checked_on", "retention_period", "notes")


@dataclass(frozen=True, slots=True)
class Quoted:
    """The words a flow rests on, and where they stand."""

    quote: str | None
    locator: str | None
    status: str | None


def cells(store: Store, places: Numbers, column: str) -> list[str | None]:
    """Return the cells of flows at these places.

    Args:
        store: The register.
        places: Places among the flows, as in `Selection.rows`.
        column: A facet's key (see `Columns.flows`), or one of the columns nothing is filtered by.
    """
    held = columns(store).flows[column] if column not in _WORDS else _words(store)[column]
    return [held.cells[code] if code < len(held.cells) else None for code in held.codes[places].tolist()]


def quotes(store: Store, places: Numbers) -> list[Quoted | None]:
    """Return the words each flow rests on, None where there is no evidence for it."""
    found = _beside(
        store,
        places,
        "SELECT row_no, any_value(quote) AS quote, any_value(locator) AS locator, any_value(status) AS status FROM flow_quotes "
        "WHERE coalesce(column_name, 'purpose') = 'purpose' GROUP BY 1 ORDER BY 1",
    )
    return [None if row is None else Quoted(*row) for row in found]


def page(store: Store, places: Numbers) -> pa.Table:
    """Return the flows at these places with the columns of `views.FLOWS`, all as text but for two numbers."""
    of = columns(store)
    keys = {key: cells(store, places, key) for key in of.flows}
    category, vendor = _ends(of.categories, of.flows["category"], places), _ends(of.vendors, of.flows["vendor"], places)
    uses = store.remember(("data use names",), lambda: dict(store.query("SELECT key, name FROM data_uses")))
    texts: dict[str, list[str | None]] = {
        "category": [of.categories.names[at] for at in category],
        "vendor": [of.vendors.names[at] for at in vendor],
        "purpose": keys["purpose"],
        "legal_basis": keys["basis"],
        "data_use": [uses.get(use or "", use) for use in keys["use"]],
        **{name: [of.vendors.cells[name][at] for at in vendor] for name in ("section", "company", "role")},
        "locations": keys["country"],
        "transfer_state": keys["transfer"],
        "evidence_status": keys["evidence"],
        "category_id": keys["category"],
        "vendor_id": keys["vendor"],
        "data_use_key": keys["use"],
        **{name: cells(store, places, name) for name in _WORDS},
        "inferred": [
            None if row is None else row[0] for row in _beside(store, places, "SELECT row_no, columns FROM flow_inferred ORDER BY 1")
        ],
        "row_id": [
            f"{category}/{vendor}/{purpose or ''}"
            for category, vendor, purpose in zip(keys["category"], keys["vendor"], keys["purpose"], strict=True)
        ],
    }
    findings = [int(bits).bit_count() for bits in of.patterns[of.gaps[places]].tolist()]
    numbers = {"findings": findings, "row_no": of.row_no[places].tolist()}
    return pa.table(
        {name: pa.array(column, pa.string()) for name, column in texts.items()}
        | {name: pa.array(column, pa.int32()) for name, column in numbers.items()}
    )


def _ends(ends: Ends, held: Coded, places: Numbers) -> list[int]:
    return ends.by_flow_code(held.size)[held.codes[places]].tolist()


def _words(store: Store) -> dict[str, Coded]:
    def make() -> dict[str, Coded]:
        table = in_order(store, ", ".join(_WORDS))
        return {name: coded(table.column(name)) for name in _WORDS}

    return store.remember(("words of flows",), make)


def _beside(store: Store, places: Numbers, sql: str) -> list[tuple[str | None, ...] | None]:
    """Return the cells of a query, which gives one row for some row numbers in order, for the flows at these places."""
    beside = store.remember(("beside flows", sql), lambda: store.arrow(sql).combine_chunks())
    numbers = columns(store).row_no[places]
    known = beside["row_no"].combine_chunks().to_numpy() if beside.num_rows else np.empty(0, dtype=np.int32)
    at = np.minimum(np.searchsorted(known, numbers), max(len(known) - 1, 0))
    if not len(known):
        return [None] * len(numbers)
    found = np.flatnonzero(known[at] == numbers).tolist()
    rows = beside.take(pa.array(at[found])).drop_columns(["row_no"])
    cells: list[tuple[str | None, ...] | None] = [None] * len(numbers)
    for place, row in zip(found, zip(*(column.to_pylist() for column in rows.columns), strict=True), strict=True):
        cells[place] = row
    return cells
