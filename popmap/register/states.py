"""What follows from a flow's own cells, the evidence and the reference tables: its transfer state and its evidence status."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from popmap import queries
from popmap.register import arrow
from popmap.register.arrow import Numbers
from popmap.register.coding import Cells, Coded
from popmap.register.extracting import Cursor
from popmap.register.references import NOWHERE

TRANSFER_STATES = ("location-not-stated", "inside-eea", "adequacy", "safeguards", "no-mechanism")
# From the weakest to the strongest.
EVIDENCE_STATES = ("none", "inferred", "stated", "confirmed")
_VIEW = "stated_transfers"


def flow_states(cursor: Cursor, flows: Cells, evidence: Cells, targets: Numbers) -> dict[str, Coded]:
    """Return the derived columns of flows by name, each with all the values it can have.

    Args:
        cursor: A cursor of a database with the reference tables and `settings`.
        flows: The flows.
        evidence: The evidence.
        targets: For each row of evidence the place of the row it is about.
    """
    return {
        "transfer_state": Coded(arrow.texts(TRANSFER_STATES), _transfers(cursor, flows)),
        "evidence_status": Coded(arrow.texts(EVIDENCE_STATES), _proofs(flows, evidence, targets)),
    }


def flow_evidence(evidence: Cells, targets: Numbers) -> Numbers:
    """Return the places of the rows of evidence that are about a flow that is there."""
    (code,) = _codes_of(evidence.columns["table"], ("flows",))
    return np.flatnonzero((evidence.columns["table"].codes == code) & (targets != NOWHERE)) if code else np.empty(0, np.int64)


def _transfers(cursor: Cursor, flows: Cells) -> Numbers:
    """Return each flow's transfer state: looked up once for each list of countries and mechanism that occur together."""
    places, mechanisms = flows.columns["locations"], flows.columns["transfer_mechanism"]
    width = len(mechanisms.values) + 1
    pairs = places.codes.astype(np.int64) * width + mechanisms.codes
    stated = np.zeros((len(places.values) + 1) * width, bool)
    stated[pairs] = True
    # Where no location is stated there is nothing to look up.
    stated[:width] = False
    (found,) = np.nonzero(stated)
    states = np.ones(len(stated), np.uint8)
    if len(found):
        asked = pa.table(
            {
                "pair": arrow.numbers(found),
                "locations": _texts(places, found // width),
                "mechanism": _texts(mechanisms, found % width),
            }
        )
        cursor.register(_VIEW, asked)
        for pair, state in cursor.execute(queries.text("transfer_states")).fetchall():
            states[pair] = TRANSFER_STATES.index(state) + 1
        cursor.unregister(_VIEW)
    return states[pairs]


def _proofs(flows: Cells, evidence: Cells, targets: Numbers) -> Numbers:
    """Return each flow's evidence status: evidence on its key's cells, or on the row as a whole, proves it; the strongest counts."""
    states = np.ones(len(flows.rows), np.uint8)
    mine = flow_evidence(evidence, targets)
    column, status = evidence.columns["column"], evidence.columns["status"]
    mine = mine[np.isin(column.codes[mine], [0, *filter(None, _codes_of(column, flows.table.key))])]
    ranks = np.ones(len(status.values) + 1, np.uint8)
    for rank, code in enumerate(_codes_of(status, EVIDENCE_STATES), start=1):
        ranks[code] = rank if code else 1
    np.maximum.at(states, targets[mine], ranks[status.codes[mine]])
    return states


def _codes_of(column: Coded, texts: tuple[str, ...]) -> list[int]:
    """Return the codes of some texts in a column, 0 for one that does not occur."""
    values = column.values.to_pylist()
    return [values.index(text) + 1 if text in values else 0 for text in texts]


def _texts(column: Coded, codes: Numbers) -> pa.Array:
    return pa.concat_arrays([pa.nulls(1, pa.string()), column.values]).take(arrow.numbers(codes))
