"""Headings that are misspelt: the known phrase each is like, where only one thing can be meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

_SHORTEST, _LONGEST, _LONG = 7, 60, 10
_MOST_WORDS = 6


@lru_cache(maxsize=64)
def _words(phrases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for phrase in phrases for word in phrase.split())


def role(folded: str, phrases: Mapping[str, str]) -> str:
    """Return what a misspelt heading holds, "" where it is like nothing, or like two things.

    Args:
        folded: The heading, folded.
        phrases: Roles by known phrase.
    """
    if not _SHORTEST <= len(folded) <= _LONGEST or len(folded.split()) > _MOST_WORDS:
        return ""
    roles = {phrases[one] for one in _near(folded, phrases)}
    if len(roles) == 1:
        return roles.pop()
    if roles or " " not in folded:
        return ""
    known = _words(tuple(phrases))
    mended = []
    for word in folded.split():
        near = set() if word in known or len(word) < _SHORTEST else set(_near(word, known))
        mended.append(near.pop() if len(near) == 1 else word)
    return phrases.get(" ".join(mended), "")


def _near(text: str, known: Iterable[str]) -> list[str]:
    """Return the known words within one slip of a text, or two where it is long, that begin with the same letter; the nearest only."""
    most = 2 if len(text) >= _LONG else 1
    alike = [one for one in known if one[0] == text[0] and abs(len(one) - len(text)) <= most]
    found = process.extract(text, alike, scorer=DamerauLevenshtein.distance, score_cutoff=most, limit=8)
    nearest = min((distance for _, distance, _ in found), default=0)
    return [one for one, distance, _ in found if distance == nearest]
