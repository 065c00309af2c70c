"""Processing activities as rows."""

from __future__ import annotations

from collections.abc import Sequence

from popmap.importing.draft import inferred
from popmap.importing.model import Kind, Record, Value
from popmap.importing.state import State

_ACTIVITY_COLUMNS = ("legal_basis", "legitimate_interest")
_LATE_COLUMNS = ("data_subjects", "retention_period", "measures", "source_of_data")


def make_activity(record: Record, state: State, categories: Sequence[tuple[str, Value]]) -> None:
    """Make the row of an activity.

    Args:
        record: The record that states its purpose.
        state: What grows.
        categories: The keys of its categories, each with the words it rests on.
    """
    purpose = record.one("purpose")
    stated = record.one("name") if record.kind is Kind.ACTIVITY else None
    name = stated or (purpose and inferred(purpose, title(purpose.text)))
    if not name:
        return
    key = (state.draft.key_for("activities", name.text),)
    put = state.draft.put
    put("activities", key, "name", name)
    if purpose:
        put("activities", key, "purpose", purpose)
    for column in _ACTIVITY_COLUMNS:
        for one in record.fields.get(column, ()):
            put("activities", key, column, one)
    for category, one in categories:
        put("activities", key, "category_ids", one, text=category)
    for vendor, one in ((state.vendors.find(one.text), one) for one in record.fields.get("vendors", ())):
        put("activities", key, "vendor_ids", one, text=vendor)
    for column in (*_LATE_COLUMNS, "impact_assessment"):
        for one in record.fields.get(column, ()):
            put("activities", key, column, one)
    for one in record.fields.get("remarks", ()):
        put("activities", key, "notes", one)


def title(purpose: str) -> str:
    """Return a name for an activity from its purpose: without the leading "To", with a capital."""
    bare = purpose.split("\n", maxsplit=1)[0].strip().rstrip(".")
    for lead in ("To ", "For ", "Pour ", "Zur ", "Zum ", "Para "):
        bare = bare.removeprefix(lead)
    if len(bare) > 100:
        bare = bare[:100].rsplit(" ", 1)[0] + "…"
    return bare[:1].upper() + bare[1:]
