"""A question's words in one form: lower case, no accents, no punctuation, each with its place in the question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

# The endings of plurals and of German and French adjectives; a word of the data is met with any of them.
_ENDINGS = "(?:s|es|e|en|n|x|er|em)?"
_SHORTEST_WITH_ENDINGS = 3
_WORD = re.compile(r"[^\W_]+")
# "où" asks where, "ou" says or; without accents they are the same.
_OU = re.compile(r"\bo\u00f9\b|\bou\u0300\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Words:
    """A text's words.

    Attributes:
        text: The words in one form, with single spaces between them.
        starts: Where each word starts in `text`.
        plain: The words in one form.
        written: The words as they were written, without accents.
    """

    text: str
    starts: tuple[int, ...]
    plain: tuple[str, ...]
    written: tuple[str, ...]

    def span(self, start: int, end: int) -> frozenset[int]:
        """Return the places of the words between two places of `text`."""
        return frozenset(at for at, first in enumerate(self.starts) if start <= first < end)


def without_accents(text: str) -> str:
    """Return a text without accents, ligatures and the sharp s, in the case it has."""
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one)).replace("\u00df", "ss")


@lru_cache(maxsize=2048)
def words(text: str) -> Words:
    """Return a text's words in one form."""
    written = tuple(_WORD.findall(without_accents(_OU.sub("oulieu", text))))
    plain = tuple(word.lower() for word in written)
    starts, at = [], 0
    for word in plain:
        starts.append(at)
        at += len(word) + 1
    return Words(" ".join(plain), tuple(starts), plain, written)


@cache
def pattern(entries: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern that finds any of the entries, the longer ones first.

    Args:
        entries: Words or phrases in the form of `words`; a star stands for the rest of a word.
    """
    return re.compile(rf"(?<!\w)(?:{'|'.join(_entry(entry) for entry in sorted(set(entries), key=lambda one: (-len(one), one)))})(?!\w)")


def places(found: re.Pattern[str], text: Words) -> list[frozenset[int]]:
    """Return the places of the words of each find; finds may overlap."""
    finds = []
    match = found.search(text.text)
    while match:
        if match.end() > match.start():
            finds.append(text.span(*match.span()))
        match = found.search(text.text, match.start() + 1)
    return finds


def begun(found: re.Pattern[str], text: Words) -> list[frozenset[int]]:
    """Return the places of the words of each find that begins with a word, one for each word."""
    finds = (found.match(text.text, start) for start in text.starts)
    return [text.span(*find.span()) for find in finds if find and find.end() > find.start()]


def together(spans: Iterable[frozenset[int]]) -> frozenset[int]:
    """Return all places of several finds."""
    return frozenset().union(*spans)


def _entry(entry: str) -> str:
    parts = [re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word) for word in entry.split()]
    last = entry.rpartition(" ")[2]
    if not entry.endswith("*") and len(entry) > _SHORTEST_WITH_ENDINGS and (len(last) >= _SHORTEST_WITH_ENDINGS or last.isdecimal()):
        parts[-1] += _ENDINGS
    return " ".join(parts)
