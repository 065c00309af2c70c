"""What a column holds by its cells, where headings fail or say little."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from popmap.importing import judging, splitting, wording
from popmap.importing.statements import Said, places, said, vocabulary
from popmap.importing.words import fold, pattern

# What programs call things: `AgentAllowsRequests`.
_HUMPS = re.compile(r"[A-Z][a-z]+(?:[A-Z][a-z]+){2,}")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)
T = TypeVar("T")
_LONGEST_CHECKED = 500


def share(texts: Sequence[T], holds: Callable[[T], object]) -> float:
    """Return which share of these values hold something, 0 for an empty column."""
    return sum(1 for text in texts if holds(text)) / len(texts) if texts else 0.0


def is_data(text: str, known: frozenset[str]) -> bool:
    """Return whether a cell names categories of data."""
    return bool(pattern("data", "words").search(fold(text))) or any(fold(one) in known for one in splitting.values(text, known))


def is_url(text: str) -> bool:
    """Return whether a cell is an address."""
    return text.removeprefix(splitting.BULLET).startswith(("http://", "https://", "www."))


def names_somebody(text: str) -> bool:
    """Return whether a cell names somebody rather than what is done."""
    return any(judging.judge(line).code not in {"maybe-purpose", "recipient-group"} or "[" in line for line in text.split("\n"))


def legal(texts: Sequence[str]) -> bool:
    """Return whether most cells of a column end in a legal form."""
    return share(texts, splitting.has_form) > 0.5


def unique_names(texts: Sequence[str]) -> bool:
    """Return whether cells may be names and nearly each is another."""
    return (
        len(texts) > 1
        and len(set(texts)) >= 0.7 * len(texts)
        and share(texts, wording.is_name) > 0.8
        and share(texts, str.isdigit) < 0.2
        and share(texts, _HUMPS.fullmatch) < 0.5
    )


def by_content(roles: list[str], how: list[str], samples: Sequence[Sequence[str]], known: frozenset[str], names: Sequence[str]) -> None:
    """Give a role to columns whose headings say nothing, by what their cells hold.

    Args:
        roles: The columns' roles; those found are put in.
        how: How each was found; likewise.
        samples: The columns' first cells.
        known: Folded names of the categories that are known.
        names: The columns' headings.
    """
    checks: tuple[tuple[str, Callable[[str], bool], float], ...] = (
        ("url", is_url, 0.6),
        ("contact", lambda one: "@" in one and len(one) < _LONGEST_CHECKED and bool(_MAIL.search(one)), 0.6),
        ("collected", lambda one: said(one) in {Said.YES, Said.NO, Said.NOT_APPLICABLE}, 2.0),
        ("location", lambda one: len(one) < 80 and bool(places(one).stated) and len(one.split()) < 8, 0.6),
        ("categories", lambda one: bool(known) and all(fold(value) in known for value in splitting.values(one, known)), 0.6),
        ("transfer_mechanism", lambda one: bool(vocabulary(one, "transfer_mechanism").stated), 0.6),
        ("legal_basis", lambda one: bool(vocabulary(one, "legal_basis").stated) and len(one.split()) < 8, 0.6),
    )
    for place, texts in enumerate(samples):
        if roles[place] or not texts:
            continue
        for role, holds, least in checks:
            if role not in roles and share(texts, holds) >= least:
                roles[place], how[place] = role, "content"
                break
    if "vendor" not in roles and not any(names) and "categories" not in roles:
        place = next((one for one, texts in enumerate(samples) if not roles[one] and unique_names(texts)), -1)
        if place >= 0 and (any(role in {"location", "url"} for role in roles) or legal(samples[place])):
            roles[place], how[place] = "vendor", "content"
            rest = [one for one, texts in enumerate(samples) if not roles[one] and texts]
            if rest:
                longest = max(rest, key=lambda one: sum(map(len, samples[one])))
                roles[longest], how[longest] = "purpose", "content"
    elif "vendor" not in roles and "categories" not in roles and any(role in roles for role in ("purpose", "location", "url")):
        place = next((one for one, texts in enumerate(samples) if not roles[one] and unique_names(texts) and legal(texts)), -1)
        if place >= 0:
            roles[place], how[place] = "vendor", "content"


def fits(role: str, text: str) -> bool:
    """Return whether a cell's content fits a role, so that a row that lacks cells can be placed."""
    where = places(text)
    located = bool(where.stated or where.inferred)
    shielded = vocabulary(text, "transfer_mechanism")
    safe = bool(shielded.stated or shielded.obsolete)
    if role == "location":
        return located and not safe
    if role == "transfer_mechanism":
        return safe
    if role in {"url", "policy_url", "agreement_url", "subprocessors_url"}:
        return is_url(text)
    if role == "legal_basis":
        return bool(vocabulary(text, "legal_basis").stated)
    if role == "vendor":
        return wording.is_name(text) and not located and not safe and not is_url(text)
    return not located and not safe and not is_url(text)
