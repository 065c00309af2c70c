"""A processing activity with the rows it names, in the words of a record of processing (Art. 30)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from popmap.renderings.facts import Facts
from popmap.renderings.words import MECHANISMS, NO_COLUMN, NOT_STATED, ROLES, SPECIAL, Row, grouped, items, listed, marked, said, unique

Lines = tuple[str, ...]
"""What one field says, a statement to a line."""

NO_ACTIVITY = "No processing activity is stated in the register"
OUTSIDE = "In no stated activity"
_THIRD_STATES = ("adequacy", "safeguards", "no-mechanism")


@dataclass(frozen=True, slots=True)
class Entry:
    """An activity, or what no activity holds.

    Attributes:
        activity: The row; None for categories and flows that no activity names.
        title: The heading of its sheet.
        categories: Keys of its categories.
        vendors: Keys of its recipients.
        flows: Flows of its categories to its recipients.
        recipients_stated: Whether the activity itself names its recipients; if not, they are those its categories' flows name.
    """

    activity: Row | None
    title: str
    categories: tuple[str, ...]
    vendors: tuple[str, ...]
    flows: tuple[Row, ...]
    recipients_stated: bool

    def said(self, column: str, words: dict[str, str] | None = None) -> str:
        """Return a cell of the activity in words."""
        return NOT_STATED if self.activity is None else said(self.activity, column, words)


def entries(facts: Facts, roles: Sequence[str | None], *, outside: bool = False) -> tuple[Entry, ...]:
    """Return the activities in which the organisation has one of some roles.

    Args:
        facts: The register's rows.
        roles: The roles; None among them for "not stated".
        outside: Whether one more entry holds the categories and flows that no activity of the register names, whatever its role.
    """
    found = [_entry(facts, row) for row in facts.activities if row["role"] in roles]
    if outside and (rest := _outside(facts)):
        found.append(rest)
    return tuple(found)


def _entry(facts: Facts, row: Row) -> Entry:
    categories, named = items(row, "category_ids"), items(row, "vendor_ids")
    chosen = frozenset(named)
    flows = tuple(
        flow for key in unique(categories) for flow in facts.by_category.get(key, ()) if not chosen or flow["vendor_id"] in chosen
    )
    vendors = unique(named or (flow["vendor_id"] for flow in flows))
    title = marked(row["name"], row, "name") if row["name"] else row["activity_id"]
    return Entry(row, title, tuple(categories), vendors, flows, bool(named))


def _outside(facts: Facts) -> Entry | None:
    # Which vendors of each category activities name; None for all of them, because an activity names none.
    held: dict[str, set[str] | None] = {}
    for row in facts.all_activities:
        vendors = set(items(row, "vendor_ids"))
        for key in items(row, "category_ids"):
            before = held.get(key, set())
            held[key] = None if not vendors or before is None else before | vendors
    flows = tuple(flow for flow in facts.flows if not _named(held, flow))
    unnamed = (row["category_id"] for row in facts.categories if row["category_id"] not in held)
    categories = unique([*(flow["category_id"] for flow in flows), *unnamed])
    if not categories and facts.all_activities:
        return None
    title = OUTSIDE if facts.all_activities else NO_ACTIVITY
    return Entry(None, title, categories, unique(flow["vendor_id"] for flow in flows), flows, False)


def _named(held: dict[str, set[str] | None], flow: Row) -> bool:
    vendors = held.get(flow["category_id"], set())
    return vendors is None or flow["vendor_id"] in vendors


def purposes(entry: Entry) -> Lines:
    """Art. 30(1)(b): the purposes of the processing."""
    if entry.activity is not None:
        return (entry.said("purpose"),)
    stated = unique(said(flow, "purpose") for flow in entry.flows)
    return ("not stated for an activity; flows of these categories state:", *stated) if stated else (NOT_STATED,)


def subjects(facts: Facts, entry: Entry) -> Lines:
    """Art. 30(1)(c): the categories of data subjects; those of its categories where the activity states none."""
    if entry.activity is not None and entry.activity["data_subjects"]:
        return (entry.said("data_subjects"),)
    rows = [facts.all_categories[key] for key in entry.categories if key in facts.all_categories]
    stated = [f"of {row['name']}: {said(row, 'data_subjects')}" for row in rows if row["data_subjects"]]
    return ("not stated for the activity; its categories state:", *stated) if stated else (NOT_STATED,)


def personal_data(facts: Facts, entry: Entry) -> Lines:
    """Art. 30(1)(c): the categories of personal data."""
    lines = []
    for key in entry.categories:
        row = facts.all_categories.get(key)
        name = facts.category_name(key)
        if row is None:
            lines.append(f"{name} (not among the register's categories)")
            continue
        remarks = [said(row, "description")] if row["description"] else []
        remarks += [said(row, "special_category", SPECIAL)] if row["special_category"] in SPECIAL else []
        remarks += ["not personal data, as stated"] if row["personal"] == "no" else []
        lines.append(f"{name}: {'; '.join(remarks)}" if remarks else name)
    return tuple(lines) or (NOT_STATED,)


def doubtful(facts: Facts, found: Iterable[Entry]) -> Lines:
    """Return the remark that names the categories of which it is not stated whether they are personal data, nothing where there is none."""
    keys = unique(key for entry in found for key in entry.categories)
    names = [facts.category_name(key) for key in keys if key in facts.all_categories and facts.all_categories[key]["personal"] is None]
    return (f"Whether it is personal data (Art. 4(1)) is not stated of: {listed(names)}.",) if names else ()


def sensitive(facts: Facts, entry: Entry) -> Lines:
    """Return whether special categories (Art. 9) or data of Art. 10 are among an activity's categories, one by one."""
    return tuple(
        f"{facts.category_name(key)}: {said(facts.all_categories[key], 'special_category', SPECIAL)}"
        for key in entry.categories
        if key in facts.all_categories
    ) or (NOT_STATED,)


def recipients(facts: Facts, entry: Entry, keys: Iterable[str] | None = None) -> Lines:
    """Art. 30(1)(d): the recipients, by their role and whether they are in third countries.

    Args:
        facts: The register's rows.
        entry: The activity.
        keys: Some of its recipients; all when None.
    """
    chosen = entry.vendors if keys is None else tuple(keys)
    groups = grouped((f"{_role(facts, key)}; {_where(facts, entry, key)}", facts.vendor_name(key)) for key in chosen)
    lines = tuple(f"{', '.join(names)} ({words})" for words, names in groups.items())
    if not lines:
        return (NOT_STATED,)
    return lines if entry.recipients_stated else ("not stated for an activity; flows of these categories go to:", *lines)


def by_role(facts: Facts, entry: Entry, *roles: str | None) -> Lines:
    """Return the recipients that act in one of some roles, None for a role that is not stated; empty when there is none."""
    keys = [key for key in entry.vendors if (facts.all_vendors[key]["role"] if key in facts.all_vendors else None) in roles]
    return recipients(facts, entry, keys) if keys else ()


def _role(facts: Facts, key: str) -> str:
    row = facts.all_vendors.get(key)
    role = "role not stated" if row is None or not row["role"] else said(row, "role", ROLES)
    return f"{role}, {said(row, 'status')}" if row is not None and row["status"] in ("proposed", "retired") else role


def _where(facts: Facts, entry: Entry, key: str) -> str:
    flows = [flow for flow in entry.flows if flow["vendor_id"] == key]
    codes = unique(code for flow in flows for code in items(flow, "locations"))
    third = [facts.country_name(code) for code in codes if facts.is_third(code)]
    if third:
        return f"in third countries: {listed(third)}"
    blank = any(not flow["locations"] for flow in flows)
    return (
        "place of processing not stated"
        if not codes
        else f"in {listed(map(facts.country_name, codes))}{', elsewhere not stated' if blank else ''}"
    )


def transfers(facts: Facts, flows: Iterable[Row]) -> Lines:
    """Art. 30(1)(e), 30(2)(c): transfers to third countries, which ones, and what each rests on.

    Args:
        facts: The register's rows.
        flows: Flows of the activity.
    """
    found = list(flows)
    if not found:
        return (NOT_STATED,)
    lines, blank = [], []
    for flow in found:
        third = [facts.country_name(code) for code in items(flow, "locations") if facts.is_third(code)]
        name = facts.vendor_name(flow["vendor_id"])
        if flow["transfer_state"] == "location-not-stated":
            blank.append(name)
        elif flow["transfer_state"] in _THIRD_STATES:
            lines.append(f"{name}, {marked(listed(third), flow, 'locations')}: {mechanism(flow)}")
    if blank:
        lines.append(f"place of processing not stated, so neither whether there is a transfer: {listed(unique(blank))}")
    return unique(lines) or ("none: every stated place of processing is in the European Economic Area",)


def mechanism(flow: Row) -> str:
    """Return what a transfer rests on, with what the reference tables say where the register states nothing."""
    if flow["transfer_mechanism"] is None and flow["transfer_state"] == "adequacy":
        return "mechanism not stated; an adequacy decision (Art. 45) is in force"
    return said(flow, "transfer_mechanism", MECHANISMS) if flow["transfer_mechanism"] else "mechanism not stated"


def safeguards(facts: Facts, flows: Iterable[Row]) -> Lines:
    """Art. 30(1)(e), 30(2)(c): the documentation of suitable safeguards for transfers under Art. 49(1), second subparagraph."""
    found = list(flows)
    exceptional = unique(facts.vendor_name(flow["vendor_id"]) for flow in found if flow["transfer_mechanism"] == "derogation")
    if exceptional:
        return (f"transfers to {listed(exceptional)} rest on a derogation; which one, and its documentation: {NO_COLUMN}",)
    known = found and all(flow["transfer_state"] == "inside-eea" or flow["transfer_mechanism"] for flow in found)
    clear = known and all(flow["transfer_state"] not in ("location-not-stated", "no-mechanism") for flow in found)
    return ("no stated transfer rests on a derogation",) if clear else (NOT_STATED,)


def retention(facts: Facts, entry: Entry) -> Lines:
    """Art. 30(1)(f): the time limits for erasure, of the activity and of each of its categories."""
    lines = [entry.said("retention_period")] if entry.activity is not None and entry.activity["retention_period"] else []
    rows = [facts.all_categories[key] for key in entry.categories if key in facts.all_categories]
    if any(row["retention_period"] for row in rows) or not lines:
        lines += [f"{row['name']}: {said(row, 'retention_period')}" for row in rows]
    stated = (flow for flow in entry.flows if flow["retention_period"])
    lines += [
        f"{facts.category_name(flow['category_id'])}, at {facts.vendor_name(flow['vendor_id'])}: {said(flow, 'retention_period')}"
        for flow in stated
    ]
    return unique(lines) or (NOT_STATED,)


def measures(entry: Entry) -> Lines:
    """Art. 30(1)(g), 30(2)(d): a general description of the technical and organisational measures of Art. 32(1)."""
    return (entry.said("measures"),)


def remark(entry: Entry) -> str:
    """Return what a reader has to know of an entry's place in a controller's record, "" for nothing."""
    if entry.activity is None:
        return "role not stated; no activity of the register names these categories or flows"
    return "role not stated" if entry.activity["role"] is None else ""
