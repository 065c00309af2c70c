"""What a name or purpose probably is in the taxonomy, and to which company a service belongs: suggestions, never statements."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from popmap.importing.words import fold, table

_GIVEN = re.compile(
    r"\b(?:entered|shared|provided|submitted|uploaded) by\b|\bsaisies? par\b|\bfournies? par\b|\beingegeben\b|\bproporcionad[oa]s? por\b"
)


@cache
def _rules(name: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rf"(?<!\w)(?:{row['pattern']})(?!\w)"), row["key"]) for row in table(name))


@lru_cache(maxsize=4_096)
def data_use(purpose: str) -> str:
    """Return the fideslang data use that a purpose's words suggest, "" for none."""
    folded = fold(purpose)
    return next((key for found, key in _rules("data_uses") if found.search(folded)), "")


@lru_cache(maxsize=4_096)
def taxonomy_keys(text: str) -> tuple[str, ...]:
    """Return the fideslang data categories that a category's description, or its name, suggests, in the order of its words."""
    folded = fold(text)
    if _GIVEN.search(folded):
        return ("user.content",)
    found: list[tuple[int, int, str]] = []
    taken: list[tuple[int, int]] = []
    for pattern, key in _rules("data_keys"):
        for one in pattern.finditer(folded):
            if not any(start < one.end() and one.start() < end for start, end in taken):
                taken.append(one.span())
                found.append((*one.span(), key))
    return tuple(dict.fromkeys(key for _, _, key in sorted(found)))


@lru_cache(maxsize=65_536)
def company(name: str) -> tuple[str, bool]:
    """Return the company a service's name points to, and whether the name says so itself; ("", False) for none."""
    folded = fold(name)
    for row in table("companies"):
        begins = fold(row["begins"])
        if folded == begins or folded.startswith(f"{begins} "):
            return row["company"], row["says"] == "yes"
    return "", False
