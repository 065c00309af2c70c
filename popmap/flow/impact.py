"""What a vendor or a company reaches, and what nothing else would reach without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from popmap.flow.describe import LONGEST_NAME, listed

NAMED = 5


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One flow as far as its impact goes; every field is a key, "" where the register does not state it.

    Attributes:
        category: What is disclosed.
        vendor: To whom.
        company: The group the vendor belongs to.
        purpose: What for: the purpose as stated, or its data use when the question is asked of data uses.
    """

    category: str
    vendor: str
    company: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    """One processing activity: its key or name, and the vendors it names."""

    name: str
    vendors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Impact:
    """What the chosen vendors do in the rows looked at; every tuple is sorted.

    Attributes:
        flows: How many of the rows are theirs.
        reaches: Categories they receive.
        purposes: Stated purposes they serve.
        unstated: How many of their rows state no purpose.
        only_here: Categories that no other vendor receives.
        purposes_only_here: Stated purposes that no other vendor serves.
        pairs_only_here: (category, purpose) that no other vendor has, although others receive the category and others serve the purpose.
        shared_with: Other vendors that receive at least one of the same categories.
        activities: Activities that name one of them.
        activities_only_here: Activities that name nobody else.
    """

    flows: int
    reaches: tuple[str, ...]
    purposes: tuple[str, ...]
    unstated: int
    only_here: tuple[str, ...]
    purposes_only_here: tuple[str, ...]
    pairs_only_here: tuple[tuple[str, str], ...]
    shared_with: tuple[str, ...]
    activities: tuple[str, ...]
    activities_only_here: tuple[str, ...]


def vendors_of(rows: Iterable[FlowRow], company: str) -> frozenset[str]:
    """Return the vendors that belong to a company, for asking impact about a company."""
    return frozenset(row.vendor for row in rows if company and row.company == company)


def impact(rows: Iterable[FlowRow], vendors: frozenset[str], activities: Iterable[Activity] = ()) -> Impact:
    """Work out what the vendors reach and what would be affected without them.

    Args:
        rows: The flows to judge by: all of the register's, or what a filter leaves ("nothing else" then means nothing else shown).
        vendors: One vendor, or all vendors of a company.
        activities: The register's processing activities.

    Returns:
        The impact, empty when no row is theirs. A purpose that is not stated proves nothing, so it is only counted.
    """
    every = list(rows)
    theirs = [row for row in every if row.vendor in vendors]
    others = [row for row in every if row.vendor not in vendors]
    reaches, other_categories = {row.category for row in theirs}, {row.category for row in others}
    purposes, other_purposes = {row.purpose for row in theirs if row.purpose}, {row.purpose for row in others}
    pairs = {(row.category, row.purpose) for row in theirs if row.purpose} - {(row.category, row.purpose) for row in others}
    named = [activity for activity in activities if activity.vendors & vendors]
    return Impact(
        flows=len(theirs),
        reaches=tuple(sorted(reaches)),
        purposes=tuple(sorted(purposes)),
        unstated=sum(not row.purpose for row in theirs),
        only_here=tuple(sorted(reaches - other_categories)),
        purposes_only_here=tuple(sorted(purposes - other_purposes)),
        pairs_only_here=tuple(sorted(pair for pair in pairs if pair[0] in other_categories and pair[1] in other_purposes)),
        shared_with=tuple(sorted({row.vendor for row in others if row.category in reaches and row.vendor})),
        activities=tuple(sorted(activity.name for activity in named)),
        activities_only_here=tuple(sorted(activity.name for activity in named if activity.vendors <= vendors)),
    )


def explain(result: Impact, subject: str, labels: Mapping[str, str] | None = None) -> str:
    """Say an impact in English.

    Args:
        result: What impact returned.
        subject: The vendor's or company's name.
        labels: Key -> name, for categories and activities; a key without a name shows itself.

    Returns:
        Plain text; names in it are data: escape it before showing it as Markdown or HTML.
    """
    names = labels or {}
    subject = _short(subject)
    if not result.flows:
        return f"No flow shown goes to {subject}."
    purposes = f" for {_count(len(result.purposes), 'stated purpose', 'stated purposes')}" if result.purposes else ""
    sentences = [f"{subject} receives {_named(result.reaches, 'category', 'categories', names)}{purposes}."]
    if result.unstated:
        flows = "its only flow" if result.flows == 1 else "any of its flows" if result.unstated == result.flows else ""
        sentences.append(f"The purpose is not stated for {flows or f'{result.unstated:,} of its {result.flows:,} flows'}.")
    if result.only_here:
        sentences.append(f"Without it, {_named(result.only_here, 'category', 'categories', names)} would go to no vendor.")
    if result.shared_with:
        what = "The rest of what" if result.only_here else "What" if len(result.reaches) == 1 else "Each category"
        one_of = "" if len(result.shared_with) == 1 else "at least one of "
        sentences.append(f"{what} it receives also goes to {one_of}{_count(len(result.shared_with), 'other vendor', 'other vendors')}.")
    if result.purposes_only_here:
        number = len(result.purposes_only_here)
        which = "Its stated purpose is" if number == len(result.purposes) == 1 else _count(number, "purpose is", "purposes are")
        sentences.append(f"{which} served by no other vendor.")
    if result.pairs_only_here:
        parts = [
            f"{_short(names.get(category) or category)} for \u201c{_short(purpose)}\u201d" for category, purpose in result.pairs_only_here
        ]
        sentences.append(f"No other vendor receives {_some(parts)}.")
    if result.activities:
        verb = "names" if len(result.activities) == 1 else "name"
        sentences.append(f"{_named(result.activities, 'processing activity', 'processing activities', names)} {verb} it.")
    if result.activities_only_here:
        sentences.append(f"{_count(len(result.activities_only_here), 'of them names', 'of them name')} no other vendor.")
    return " ".join(sentences)


def _count(number: int, singular: str, plural: str) -> str:
    return f"{number:,} {singular if number == 1 else plural}"


def _named(keys: tuple[str, ...], singular: str, plural: str, names: Mapping[str, str]) -> str:
    return f"{_count(len(keys), singular, plural)} ({_some([_short(names.get(key) or key) for key in keys])})"


def _some(parts: list[str]) -> str:
    rest = len(parts) - NAMED
    return listed([*parts[:NAMED], f"{rest:,} more"] if rest > 0 else parts)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1].rstrip()}\u2026"
