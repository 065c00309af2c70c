"""The register's own names in a question: vendors, companies and categories, by name, other spelling and key."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from popmap.answering.words import Words, words

_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Names:
    """What a question may name.

    Attributes:
        found: Names in one form -> facet ("vendor" or "category") and the keys they stand for.
        pattern: Finds any of them, None when there is no name at all.
    """

    found: dict[str, tuple[str, tuple[str, ...]]]
    pattern: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a question: its facet, the keys it stands for, and the places of its words."""

    facet: str
    keys: tuple[str, ...]
    places: frozenset[int]


def names_of(rows: Iterable[tuple[str, str, str]]) -> Names:
    """Return the names to look for.

    Args:
        rows: Facet ("vendor" or "category"), name, key; a name of several keys stands for all of them.
    """
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for facet, name, key in rows:
        form = words(name).text
        if len(form) < _SHORTEST or form.isdecimal():
            continue
        kept, keys = found.get(form, (facet, ()))
        if kept == facet:
            found[form] = (facet, tuple(dict.fromkeys((*keys, key))))
    longest = sorted(found, key=lambda one: (-len(one), one))
    return Names(found, re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)") if longest else None)


def named(text: Words, names: Names) -> list[Named]:
    """Return the names in a question.

    A vendor's name of one word is taken as one only where it is written like a name: many are words of the language too.
    """
    if names.pattern is None:
        return []
    finds = []
    for match in names.pattern.finditer(text.text):
        facet, keys = names.found[match[0]]
        places = text.span(*match.span())
        first = text.written[min(places)]
        if facet == "vendor" and len(places) == 1 and first == first.lower():
            continue
        finds.append(Named(facet, keys, places))
    return finds
