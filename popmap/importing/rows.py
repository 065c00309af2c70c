"""From records and answers to candidate rows of a register, and the questions that are left open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from popmap.importing import activity_rows, category_rows, questions, splitting, vendor_rows
from popmap.importing.draft import Draft
from popmap.importing.model import Kind, Known, Question, Record, Rows
from popmap.importing.resolving import Names
from popmap.importing.standing import Standing
from popmap.importing.state import State


def build(
    records: Sequence[Record], known: Known, answers: Mapping[str, str], source: str, tick: Callable[[], None] = lambda: None
) -> tuple[Rows, tuple[Question, ...]]:
    """Return the rows that follow from records and answers, and all questions.

    Args:
        records: The records, in the list's order.
        known: What the register knows.
        answers: Options by question id.
        source: The source's id for the evidence.
        tick: Called for each record of a vendor.

    Returns:
        Rows of which none hangs on an open question; the questions, answered ones too.
    """
    declared = any(one.kind is Kind.CATEGORY for one in records)
    state = State(known, answers, Draft(source), Names.of("vendor", known), Names.of("category", known), declared)
    for record in records:
        if record.kind is Kind.CATEGORY:
            category_rows.category(record, state)
    for record in _standing(records):
        if record.kind is Kind.VENDOR and _system(record, state) and _somebody(record, state):
            tick()
            for name, part in vendor_rows.split(record, state):
                vendor_rows.vendor(name, part, state)
    for record in records:
        if record.kind is Kind.ACTIVITY:
            _activity(record, state)
    return state.draft.finished(), tuple(state.asked.values())


def _system(record: Record, state: State) -> bool:
    """Return whether a record is a vendor's; a system may be the organisation's own, and then is an activity."""
    name = record.one("system")
    if not name:
        return True
    answer = state.ask(questions.systems(replace(name, text="", quote=name.quote), state.answers))
    if answer == "own":
        text = record.text("purpose")
        fields = {**record.fields, "name": (replace(name, text=f"{name.text}: {text}" if text else name.text),)}
        _activity(replace(record, kind=Kind.ACTIVITY, fields=fields), state)
    return answer == "vendors"


def _somebody(record: Record, state: State) -> bool:
    """Return whether a record names somebody; a phrase that may be a kind of recipient is asked, unless the register knows it."""
    name = record.one("doubt")
    return not name or bool(state.vendors.find(name.text)) or state.ask(questions.doubt(name, state.answers)) == "add"


def _activity(record: Record, state: State) -> None:
    for one in record.fields.get("vendors", ()):
        if record.kind is Kind.ACTIVITY:
            vendor_rows.vendor(one, replace(record, fields={"name": (one,)}), state)
    pairs = [(key, one) for one in record.fields.get("categories", ()) if (key := category_rows.category_key(one, state))]
    activity_rows.make_activity(record, state, pairs)


def _standing(records: Sequence[Record]) -> Iterator[Record]:
    """Yield records; where a vendor is planned by one and in use by another, it is in use, and only what the one says of it is planned."""
    used = {splitting.core(one.text) for record in records if not _planned(record) for one in record.fields.get("name", ())}
    for record in records:
        if record.kind is Kind.VENDOR and _planned(record) and any(splitting.core(one.text) in used for one in record.fields["name"]):
            status = record.fields["status"][0]
            condition = (*record.fields.get("condition", ()), replace(status, text="planned"))
            yield replace(record, fields={**record.fields, "status": (), "condition": condition})
        else:
            yield record


def _planned(record: Record) -> bool:
    return record.kind is not Kind.VENDOR or record.text("status") == Standing.PLANNED
