"""What a table's columns hold: by their headings, and by their content where headings fail."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from popmap.importing import standing
from popmap.importing.column_content import by_content, is_data, is_url, legal, names_somebody, share, unique_names
from popmap.importing.document import Cell
from popmap.importing.headings import LIKENESS, RECEIVING, for_recipients, generic, guess
from popmap.importing.model import Column
from popmap.importing.standing import Standing
from popmap.importing.statements import Said, places, said, vocabulary
from popmap.importing.words import fold, group, pattern

# A location of these is the seat, where another column says where the data is processed.
_ENTITY = re.compile(
    r"\b(?:provider|vendor|entity|company|supplier|corporate|legal|subprocessor|sub processor|anbieter|unternehmen|firma|fournisseur"
    r"|societe|proveedor|empresa)\b"
)
# In a heading nothing else is known of, these speak of what a vendor does.
_SERVING = re.compile(r"\b(?:services?|roles?|functions?|uses?|used|usage|does|dienste?|leistungen?|fonctions?|servicios?|servizi)\b")
# A record of processing activities says one of these, and a list of vendors seldom does.
_OF_ACTIVITIES = frozenset(["legal_basis", "retention_period", "data_subjects"])
_LEAST_PLACED, _SURE = 0.3, 70
_LEAST_DATA, _MOST_TEXT, _LEAST_NAMES, _MOST_NAMES = 0.25, 0.6, 0.5, 0.8
_SAMPLE = 200
Cells = Sequence[Cell]


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
    how = ["likeness" if score == LIKENESS else "heading" if role else "" for role, score in guessed]
    for place in range(width):
        refined = _refined(roles[place], samples[place], known)
        if refined != roles[place]:
            roles[place], how[place] = refined, "content"
    _activities(roles, names)
    for role in set(roles) - {"", "categories", "notes"}:
        _settle(role, roles, guessed, samples, names)
    by_content(roles, how, samples, known, names)
    _fallbacks(roles, how, samples, names, known)
    for place, role in (given or {}).items():
        if 0 <= place < width:
            roles[place], how[place] = role, "person"
    return tuple(Column(place, names[place], roles[place], how[place] if roles[place] else "") for place in range(width))


def _refined(role: str, texts: Sequence[str], known: frozenset[str]) -> str:
    """Return the role that content gives to a heading with several meanings."""
    if (
        role in {"status", "role", "notes", "condition"}
        and share(texts, lambda one: standing.of(one, column=True) is not Standing.SILENT) > 0.5
    ):
        return "status"
    if role in {"status", "removed_on", "added_on"} and share(texts, lambda one: said(one) is Said.TEXT and len(one.split()) > 4) > 0.5:
        return "notes"
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
    if role in {"source_of_data", "description", "notes", "service", "condition"} and share(texts, is_url) > 0.5:
        return "url"
    return role


def _settle(
    role: str, roles: list[str], guessed: Sequence[tuple[str, int]], samples: Sequence[Sequence[str]], names: Sequence[str]
) -> None:
    """Leave a role to the column whose heading is surest; the others become what they may be beside it."""
    places_ = [place for place, one in enumerate(roles) if one == role]
    if len(places_) < 2:
        return
    best = max(places_, key=lambda one: (guessed[one][1], bool(samples[one]), -one))
    if role == "location":
        best = max(
            places_,
            key=lambda one: (
                share(samples[one], lambda text: bool(places(text).stated)) > _LEAST_PLACED,
                guessed[one][1],
                bool(samples[one]),
                -one,
            ),
        )
    if (
        role == "vendor"
        and (named := [one for one in places_ if RECEIVING.search(fold(names[one])) and guessed[one][1] >= _SURE])
        and len(named) < len(places_)
    ):
        # "Company" and "Sub-processor": the first is whose list it is, or the group; where it repeats it names no vendor of its own.
        best = max(named, key=lambda one: (guessed[one][1], bool(samples[one]), -one))
        for place in places_:
            if place not in named and len(set(samples[place])) < 0.7 * len(samples[place]):
                roles[place] = ""
        places_ = [one for one in places_ if roles[one] == role]
    elif role == "vendor":
        # "Service" and "Provider": who provides it is the vendor; of two names the one with legal forms is the legal one.
        best = max(
            places_,
            key=lambda one: (
                share(samples[one], names_somebody) >= _LEAST_NAMES,
                guessed[one][1],
                not legal(samples[one]) if any(legal(samples[two]) for two in places_) else 0,
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
            formed = role == "vendor" and "legal_name" not in roles and legal(samples[place])
            roles[place] = (
                "legal_name"
                if formed
                else ("" if generic(names[place]) else "service")
                if role == "vendor"
                else "policy_url"
                if role == "url"
                else "notes"
            )


def _activity_words() -> frozenset[str]:
    return group("around", "activities")


def _activities(roles: list[str], names: Sequence[str]) -> None:
    """Let "Processing activity" beside "Purpose" name the activity, where nobody but recipients of any kind is named."""
    purpose = next((place for place, role in enumerate(roles) if role == "purpose" and fold(names[place]) not in _activity_words()), -1)
    # Who stands behind the purpose receives data for an activity; a list of vendors names them first.
    vendors = [names[place] for place, role in enumerate(roles) if role == "vendor" and not 0 <= purpose < place]
    named = [place for place, role in enumerate(roles) if role == "purpose" and fold(names[place]) in _activity_words()]
    if len(named) == 1 < roles.count("purpose") and "section" not in roles and all(map(for_recipients, vendors)):
        roles[named[0]] = "section"


def _by_service(roles: list[str], how: list[str], samples: Sequence[Sequence[str]]) -> None:
    """Let a column of services name the vendors beside one of data, where its cells are names and the table is no record of activities."""
    beside = {"url", "policy_url", "agreement_url", "location", "country", "transfer_mechanism", "purpose"} & set(roles)
    if "vendor" not in roles and "categories" in roles and beside and not _OF_ACTIVITIES & set(roles):
        for place, role in enumerate(roles):
            if role == "service" and share(samples[place], names_somebody) > _MOST_NAMES and unique_names(samples[place]):
                roles[place], how[place] = "vendor", "content"
                break


def _serving(roles: list[str], how: list[str], samples: Sequence[Sequence[str]], names: Sequence[str]) -> None:
    """Let a column whose heading speaks of what a vendor does say the purpose, where none is known for it."""
    if "purpose" in roles:
        return
    told = [place for place, role in enumerate(roles) if not role and _SERVING.search(fold(names[place]))]
    told = [place for place in told if share(samples[place], lambda one: said(one) is Said.TEXT) > _MOST_TEXT]
    if told:
        roles[told[0]], how[told[0]] = "purpose", "heading"


def _fallbacks(roles: list[str], how: list[str], samples: Sequence[Sequence[str]], names: Sequence[str], known: frozenset[str]) -> None:
    """Give the roles that depend on which others there are."""

    def take(wanted: str, *sources: str) -> None:
        if wanted in roles:
            return
        for source in sources:
            for place, role in enumerate(roles):
                if role == source and samples[place]:
                    roles[place], how[place] = wanted, how[place] or "heading"
                    return

    if "vendor" not in roles and "categories" not in roles and "category" not in roles:
        take("vendor", "service", "legal_name")
    _by_service(roles, how, samples)
    if "vendor" in roles:
        take("purpose", "description", "service")
        _serving(roles, how, samples, names)
        for place, role in enumerate(roles):
            roles[place] = {
                "category": "section" if "section" not in roles else "notes",
                "service": "condition" if "condition" not in roles else "notes",
            }.get(role, role)
    elif any(
        role == "category" and share(samples[place], lambda one: is_data(one, known)) > _LEAST_DATA for place, role in enumerate(roles)
    ):
        take("categories", "category")
    take("url", "policy_url")
