"""The register's own names in a question: vendors, companies and categories, by name, other spelling and key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from popmap.answering.words import Words, words

_SHORTEST = 3
COUNTRY, CATEGORY = "country", "category"
NO_KEY = ""
"""The key of data that no category of the register is stated to hold."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a question may name.

    Attributes:
        found: Names in one form -> facet ("vendor", "category" or "country") and the keys they stand for.
        longest: The most words a name has.
    """

    found: dict[str, tuple[str, tuple[str, ...]]]
    longest: int


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
    return Names(found, max((len(form.split()) for form in found), default=0))


def with_elements(
    rows: Iterable[tuple[str, str, str]], held: Iterable[tuple[str, str]], elements: Mapping[str, Sequence[str]]
) -> list[tuple[str, str, str]]:
    """Return the names, and what else data is called for the categories that hold it.

    Args:
        rows: As `names_of` takes them.
        held: Category and taxonomy key, a row for each.
        elements: What data is called, by taxonomy key; where no category holds it, it is named with NO_KEY.
    """
    rows, held = list(rows), list(held)
    called = {words(name).text: key for facet, name, key in rows if facet == CATEGORY}
    for element, several in elements.items():
        keys = {key for key, stated in held if stated == element or stated.startswith(f"{element}.")}
        keys |= {called[word] for word in several if word in called}
        rows += [(CATEGORY, word, key) for word in several if word not in called for key in sorted(keys) or [NO_KEY]]
    return rows


def named(text: Words, names: Names) -> list[Named]:
    """Return the names in a question.

    A vendor's name of one word is taken as one only where it is written like a name: many are words of the language too.
    """
    finds = []
    at = 0
    while at < len(text.plain):
        for length in range(min(names.longest, len(text.plain) - at), 0, -1):
            facet, keys = names.found.get(" ".join(text.plain[at : at + length]), ("", ()))
            if facet and not (facet == "vendor" and length == 1 and text.written[at] == text.plain[at]):
                finds.append(Named(facet, keys, frozenset(range(at, at + length))))
                at += length - 1
                break
        at += 1
    return finds
