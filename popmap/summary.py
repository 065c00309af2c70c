"""What a register covers, in one paragraph and in numbers; counted, never written in advance."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from popmap import counting
from popmap.counting import coverage, rule_hits
from popmap.filters import Filter, to_english
from popmap.store import Store


@dataclass(frozen=True, slots=True)
class Covered:
    """How many rows state a fact, of how many, and the article that asks for it."""

    fact: str
    about: str
    stated: int
    rows: int
    article: str


# Fact of counting.coverage -> (what has it, the article that asks for it).
_ASKED: dict[str, tuple[str, str]] = {
    "purpose": ("flows", "Art. 5(1)(b), Art. 13(1)(c)"),
    "evidence": ("flows", "Art. 5(2)"),
    "legal basis": ("flows", "Art. 6(1), Art. 13(1)(c)"),
    "processing country": ("flows", "Art. 13(1)(f), Art. 30(1)(e)"),
    "role": ("vendors", "Art. 4(7), Art. 4(8)"),
    "head office": ("vendors", "Art. 30(1)(e)"),
    "data processing agreement": ("vendors", "Art. 28(3)"),
    "data subjects": ("categories", "Art. 30(1)(c)"),
    "retention period": ("categories", "Art. 5(1)(e), Art. 30(1)(f)"),
}


def covered(store: Store, asked: Filter) -> list[Covered]:
    """Return how much of what the GDPR asks for is stated behind a filter."""
    counts = coverage(store, asked)
    return [Covered(fact, about, *counts[fact], article) for fact, (about, article) in _ASKED.items()]


def numbers(store: Store, asked: Filter) -> dict[str, int]:
    """Return how many flows, categories, vendors, companies and sections are behind a filter."""
    return asdict(counting.numbers(store, asked))


def paragraph(store: Store, asked: Filter) -> str:
    """Return a paragraph for a report: what is covered, what is stated, what is missing, and as of when."""
    count = numbers(store, asked)
    organisation = store.settings.organisation.get("name") or "The organisation"
    scope = f" Filtered: {to_english(asked, store.known)}." if asked else ""
    parts = [
        f"{organisation} discloses {_number(count['categories'], 'category', 'categories')} of personal data to "
        f"{_number(count['vendors'], 'vendor', 'vendors')}"
        + (f" under {_number(count['sections'], 'heading', 'headings')}" if count["sections"] else "")
        + f", in {_number(count['flows'], 'flow', 'flows')} of category, vendor and purpose.{scope}"
    ]
    facts = covered(store, asked)
    whole = [fact.fact for fact in facts if fact.rows and fact.stated == fact.rows]
    some = [f"{fact.fact} for {fact.stated:,} of {fact.rows:,} {fact.about}" for fact in facts if 0 < fact.stated < fact.rows]
    none = [fact.fact for fact in facts if fact.rows and not fact.stated]
    if whole:
        parts.append(f"Stated throughout: {_list(whole)}.")
    if some:
        parts.append(f"Stated in part: {_list(some)}.")
    if none:
        parts.append(f"Not stated anywhere: {_list(none)}.")
    hits = rule_hits(store, asked)
    worst = {severity: sum(rule.hits for rule in hits if rule.severity == severity) for severity in ("error", "warning", "note")}
    parts.append(
        f"popmap's rules report {_number(worst['error'], 'error', 'errors')}, {_number(worst['warning'], 'warning', 'warnings')} and "
        f"{_number(worst['note'], 'note', 'notes')}."
        if hits
        else "popmap's rules report nothing."
    )
    parts.append(f"As of {store.as_of.isoformat()}, register {store.fingerprint[:12]}.")
    return " ".join(parts)


def _number(number: int, singular: str, plural: str) -> str:
    return f"{number:,} {singular if number == 1 else plural}"


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
