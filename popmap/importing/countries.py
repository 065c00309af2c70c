"""Countries by their names, and the places that lie in one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from popmap.importing.words import fold, group, table
from popmap.register import country_names

_LONGEST = 7
# Codes that no list means otherwise than as countries; the others are taken only where everything is a code or a country's name.
_PLAIN_CODES = frozenset(["US", "UK", "USA"])


class Part(StrEnum):
    """What a stretch of words in a statement of places is."""

    COUNTRY = "country"
    CODE = "code"
    STATE = "state"
    CITY = "city"
    REGION = "region"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that belong together: their place among the words, what they are, and the country they name or lie in."""

    start: int
    end: int
    part: Part
    country: str = ""


@cache
def names() -> dict[str, str]:
    """Return countries' codes by folded name."""
    return {fold(name): code for name, code in country_names.in_lists().items()}


@cache
def codes() -> dict[str, str]:
    """Return countries' codes by the code itself, UK beside GB."""
    return {code: code for code in names().values()} | {"UK": "GB", "VS": "US"}


@cache
def states() -> dict[str, str]:
    """Return the names of the states of the USA, folded, and their codes, each with its code."""
    return {fold(row["name"]): row["code"] for row in table("states")}


@cache
def _cities() -> dict[str, str]:
    return {fold(row["name"]): row["country"] for row in table("cities")}


def country(text: str) -> str:
    """Return the code of a country named by the whole text, "" when it names none."""
    bare = text.strip(" .()[]")
    return names().get(fold(bare).removeprefix("the "), "") or (codes().get(bare, "") if len(bare) == 2 else "")


def begins(text: str) -> bool:
    """Return whether words begin with a place: a country, region, state or city."""
    first = next(stretches([one for one in re.split(r"[\s.,;:()・（）、]+", text) if one]), None)
    return first is not None and first.part is not Part.OTHER


def stretches(words: list[str]) -> Iterator[Stretch]:
    """Yield the stretches that a statement's words fall into, the longest name first.

    Args:
        words: The words as written, without punctuation.
    """
    folded = [fold(word) for word in words]
    at = 0
    while at < len(words):
        found = _longest(folded, at)
        if not found and words[at] in codes() and words[at] not in _PLAIN_CODES:
            found = Stretch(at, at + 1, Part.CODE, codes()[words[at]])
        elif not found and words[at] in codes():
            found = Stretch(at, at + 1, Part.COUNTRY, codes()[words[at]])
        elif not found and words[at] in states().values():
            found = Stretch(at, at + 1, Part.STATE, "US")
        found = found or Stretch(at, at + 1, Part.OTHER)
        yield found
        at = found.end


def _longest(folded: list[str], at: int) -> Stretch | None:
    for end in range(min(len(folded), at + _LONGEST), at, -1):
        text = " ".join(folded[at:end])
        if code := names().get(text):
            return Stretch(at, end, Part.COUNTRY, code)
        if text in states():
            return Stretch(at, end, Part.STATE, "US")
        if city := _cities().get(text):
            return Stretch(at, end, Part.CITY, city)
        if text in group("places", "regions"):
            return Stretch(at, end, Part.REGION)
    return None
