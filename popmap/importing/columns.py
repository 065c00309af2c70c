"""What a table's columns hold: by their headings in four languages, and by their content where headings fail."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache

from popmap.importing import splitting
from popmap.importing.model import Cell, Column
from popmap.importing.statements import Said, places, said, vocabulary
from popmap.importing.words import apart, fold, pattern, terms

_OF = re.compile(r"^(.+?) (?:of|for|der|des|du|de|von|zur|zum|del|to|in|by|from|per|used|where|donde|wo|ou|que) ")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)
# A location of these is the seat, where another column says where the data is processed.
_ENTITY = re.compile(
    r"\b(?:provider|vendor|entity|company|supplier|corporate|legal|subprocessor|sub processor|anbieter|unternehmen|firma|fournisseur|societe|proveedor|empresa)\b"
)
_SAMPLE = 200
_LONGEST_CHECKED = 500
_LONGEST_HEADING = 9
# Headings of so many tables that they name a vendor only where nothing better does.
_GENERIC = frozenset(["name", "names", "who", "nom", "nombre", "application", "app", "system", "platform", "product name", "integration"])
# Words that are a heading alone, and say nothing as part of another.
_WHOLE_ROLES = frozenset(
    ["category", "number", "notes", "condition", "added_on", "certifications", "legal_name", "section", "role", "description"]
)
_WHOLE = _GENERIC | {
    "mechanism",
    "mecanismo",
    "basis",
    "grundlage",
    "base",
    "use",
    "usage",
    "uso",
    "company",
    "service",
    "contract",
    "agreement",
    "vertrag",
    "security",
    "privacy",
    "gdpr",
    "transfer",
    "data",
    "terms",
    "policy",
    "land",
    "place",
    "period",
    "task",
}
_ASKING = {
    "where ": "location", "wo ": "location", "ou ": "location", "donde ": "location", "why ": "purpose", "warum ": "purpose", "wofur ": "purpose",
    "pourquoi ": "purpose", "por que ": "purpose", "para que ": "purpose", "who ": "vendor", "wer ": "vendor", "an wen ": "vendor", "qui ": "vendor",
    "quien ": "vendor", "how long ": "retention_period", "wie lange ": "retention_period", "combien de temps ": "retention_period",
    "what do they do": "purpose", "what does it do": "purpose", "nature of ": "purpose", "nature du ": "purpose", "what we use ": "purpose",
    "what it does": "purpose",
}  # fmt: skip
Cells = Sequence[Cell]


@cache
def _phrases() -> Mapping[str, str]:
    return {fold(phrase): role for role, phrases in terms("columns").items() for phrase in phrases}


@cache
def _found() -> re.Pattern[str]:
    phrases = sorted((one for one in _phrases() if one not in _WHOLE and _phrases()[one] not in _WHOLE_ROLES), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))})(?!\w)")


def sure(heading: str) -> str:
    """Return the role of a heading that is a known phrase as a whole, "" otherwise."""
    bare = re.sub(r"^\s*\d+[.)]\s*|\s*[*†:]+\s*$", "", heading)
    for text in (bare, re.sub(r"\s*\(.*?\)", "", bare), apart(bare)):
        if role := _phrases().get(fold(text)):
            return role
    return ""


@lru_cache(maxsize=4_096)
def guess(heading: str) -> tuple[str, int]:
    """Return what a heading says its column holds, and how sure that is from 0 to 100."""
    if role := sure(heading):
        return role, 95 if fold(heading) in _GENERIC else 100
    folded = fold(apart(re.sub(r"\(.*?\)", " ", heading)))
    if not folded or len(folded.split()) > _LONGEST_HEADING:
        return "", 0
    for first, role in _ASKING.items():
        if folded.startswith(first):
            return role, 90
    whole = max((one.group() for one in _found().finditer(folded)), key=lambda one: len(one.split()), default="")
    if len(whole.split()) > 1:
        return _phrases()[whole], 70 + len(whole.split())
    for part in (re.split(r" (?:and|et|und|y|or|ou|oder) ", folded)[0], *(found.group(1) for found in [_OF.match(folded)] if found)):
        if role := _phrases().get(part):
            return role, 80
    if whole:
        # The last word of a compound says what it is, "provider location"; else the first that says something.
        spots = list(_found().finditer(folded))
        return _phrases()[(spots[-1] if spots[-1].end() == len(folded) else spots[0]).group()], 50
    return "", 0


def generic(heading: str) -> bool:
    """Return whether a heading says little, such as "Name"."""
    return not heading or fold(heading) in _GENERIC


def heading_row(rows: Sequence[Cells], marked: int) -> tuple[int, int]:
    """Return where the heading rows begin and end: (0, 0) when there are none.

    Args:
        rows: The table's rows.
        marked: How many rows the format marks as headings.
    """
    best, place = 0.0, -1
    for at, row in enumerate(rows[:25]):
        texts = [one.text for one in row if one.text]
        if not texts or (len(set(texts)) == 1 and len(texts) > 1) or any(text.strip(" %").isdigit() for text in texts):
            continue
        scores = [guess(text) for text in texts]
        roles = {role for role, score in scores if role}
        weight = sum(score for _, score in scores) / 100
        share = sum(1 for role, _ in scores if role) / len(texts)
        if share >= 0.5 and (len(roles) > 1 or (len(texts) <= 2 and scores[0][1] == 100)) and weight > best + 0.4:
            best, place = weight, at
    if place < 0:
        filled = next((at for at in range(marked) if sum(bool(one.text) for one in rows[at]) > 1), -1)
        return (filled, filled + 1) if filled >= 0 else (0, 0)
    start = place
    while start > 0 and _joins(rows[start - 1], rows[place]):
        start -= 1
    return start, place + 1


def _joins(above: Cells, below: Cells) -> bool:
    """Return whether a row above the heading row is part of it: as wide, short words, some of them roles."""
    texts = [one.text for one in above if one.text]
    wide = len(texts) > 1 and len(texts) >= sum(bool(one.text) for one in below) / 2
    return wide and all(len(text.split()) <= 6 for text in texts) and any(sure(text) for text in texts) and len(set(texts)) > 1


def headings(rows: Sequence[Cells]) -> list[str]:
    """Return one heading for each column from the heading rows: the lowest that says something, with those above it when it says nothing known."""
    width = max((len(row) for row in rows), default=0)
    found = []
    for column in range(width):
        texts = list(dict.fromkeys(row[column].text.replace("\n", " ") for row in rows if column < len(row) and row[column].text))
        own = texts[-1] if texts else ""
        if len(texts) > 1 and (guess(" ".join(texts))[1] >= guess(own)[1] or not guess(own)[0]):
            own = " ".join(texts)
        found.append(own)
    return found


def assign(
    names: Sequence[str], body: Sequence[Cells], known: frozenset[str], given: Mapping[int, str] | None = None
) -> tuple[Column, ...]:
    """Return what each column holds.

    Args:
        names: The columns' headings, "" for none.
        body: The rows below them.
        known: Folded names of the categories that are known.
        given: Roles that a person gave, by the column's number.
    """
    width = max([len(names), *(len(row) for row in body[:_SAMPLE])], default=0)
    names = [*names, *[""] * (width - len(names))]
    samples = [[row[place].text for row in body[:_SAMPLE] if place < len(row) and row[place].text] for place in range(width)]
    guessed = [guess(name) for name in names]
    roles = [role for role, _ in guessed]
    how = ["heading" if role else "" for role in roles]
    for place in range(width):
        refined = _refined(roles[place], samples[place], known)
        if refined != roles[place]:
            roles[place], how[place] = refined, "content"
    for role in set(roles) - {"", "categories", "notes"}:
        _settle(role, roles, guessed, samples, names)
    _by_content(roles, how, samples, known, names)
    _fallbacks(roles, how, samples)
    for place, role in (given or {}).items():
        if 0 <= place < width:
            roles[place], how[place] = role, "person"
    return tuple(Column(place, names[place], roles[place], how[place] if roles[place] else "") for place in range(width))


def share(texts: Sequence[str], holds: Callable[[str], bool]) -> float:
    """Return which share of a column's texts holds something, 0 for an empty column."""
    return sum(1 for text in texts if holds(text)) / len(texts) if texts else 0.0


def _refined(role: str, texts: Sequence[str], known: frozenset[str]) -> str:
    """Return the role that content gives to a heading with several meanings."""
    if role == "role" and share(texts, lambda one: bool(vocabulary(one, "roles").stated) and len(one.split()) < 5) < 0.5:
        return "purpose"
    if (
        role in {"category", "categories"}
        and texts
        and share(texts, lambda one: bool(pattern("data", "subjects").search(fold(one)))) > 0.7
        and share(texts, lambda one: is_data(one, known)) < 0.5
    ):
        return "data_subjects"
    if role == "category" and share(texts, lambda one: is_data(one, known)) >= 0.5:
        return "categories"
    if role in {"source_of_data", "description", "notes", "service", "condition"} and share(texts, _is_url) > 0.5:
        return "url"
    return role


def is_data(text: str, known: frozenset[str]) -> bool:
    """Return whether a cell names categories of data."""
    return bool(pattern("data", "words").search(fold(text))) or any(fold(one) in known for one in splitting.values(text, known))


def _is_url(text: str) -> bool:
    return text.removeprefix(splitting.BULLET).startswith(("http://", "https://", "www."))


def _settle(
    role: str, roles: list[str], guessed: Sequence[tuple[str, int]], samples: Sequence[Sequence[str]], names: Sequence[str]
) -> None:
    """Leave a role to the column whose heading is surest; the others become what they may be beside it."""
    places_ = [place for place, one in enumerate(roles) if one == role]
    if len(places_) < 2:
        return
    best = max(places_, key=lambda one: (guessed[one][1], bool(samples[one]), -one))
    if role == "vendor":
        # "Service" and "Provider": who provides it is the vendor; of two names the one with legal forms is the legal one.
        best = max(
            places_,
            key=lambda one: (
                guessed[one][1],
                not _legal(samples[one]) if any(_legal(samples[two]) for two in places_) else 0,
                bool(samples[one]),
                -one,
            ),
        )
    for place in places_:
        if place != best and role == "location" and "country" not in roles and _ENTITY.search(fold(names[place])):
            roles[place] = "country"
        elif place != best and role == "vendor" and guessed[place][1] < 90:
            roles[place] = ""
        elif place != best:
            legal = role == "vendor" and "legal_name" not in roles and _legal(samples[place])
            roles[place] = "legal_name" if legal else "service" if role == "vendor" else "policy_url" if role == "url" else "notes"


def _legal(texts: Sequence[str]) -> bool:
    return share(texts, splitting.has_form) > 0.5


def _by_content(roles: list[str], how: list[str], samples: Sequence[Sequence[str]], known: frozenset[str], names: Sequence[str]) -> None:
    checks: tuple[tuple[str, Callable[[str], bool], float], ...] = (
        ("url", _is_url, 0.6),
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
        place = next((one for one, texts in enumerate(samples) if not roles[one] and _unique_names(texts)), -1)
        if place >= 0 and (any(role in {"location", "url"} for role in roles) or _legal(samples[place])):
            roles[place], how[place] = "vendor", "content"
            rest = [one for one, texts in enumerate(samples) if not roles[one] and texts]
            if rest:
                longest = max(rest, key=lambda one: sum(map(len, samples[one])))
                roles[longest], how[longest] = "purpose", "content"
    elif "vendor" not in roles and "categories" not in roles and any(role in roles for role in ("purpose", "location", "url")):
        place = next((one for one, texts in enumerate(samples) if not roles[one] and _unique_names(texts) and _legal(texts)), -1)
        if place >= 0:
            roles[place], how[place] = "vendor", "content"


def _unique_names(texts: Sequence[str]) -> bool:
    return (
        len(texts) > 1 and len(set(texts)) >= 0.7 * len(texts) and share(texts, splitting.is_name) > 0.8 and share(texts, str.isdigit) < 0.2
    )


def _fallbacks(roles: list[str], how: list[str], samples: Sequence[Sequence[str]]) -> None:
    """Give the roles that depend on which others there are."""

    def take(wanted: str, *sources: str) -> None:
        if wanted in roles:
            return
        for source in sources:
            for place, role in enumerate(roles):
                if role == source and samples[place]:
                    roles[place], how[place] = wanted, "content" if how[place] == "content" else "heading"
                    return

    if "vendor" not in roles and "categories" not in roles and "category" not in roles:
        take("vendor", "service", "legal_name")
    if "vendor" in roles:
        take("purpose", "description", "service")
        for place, role in enumerate(roles):
            roles[place] = {
                "category": "section" if "section" not in roles else "notes",
                "service": "condition" if "condition" not in roles else "notes",
            }.get(role, role)
    else:
        take("categories", "category")
    take("url", "policy_url")


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
        return _is_url(text)
    if role == "legal_basis":
        return bool(vocabulary(text, "legal_basis").stated)
    if role == "vendor":
        return splitting.is_name(text) and not located and not safe and not _is_url(text)
    return not located and not safe and not _is_url(text)
