"""Register text made ready for the report: what the fonts cannot draw written out, and places to break in endless words."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache

from popmap.flow import text
from popmap.typesetting.glyphs import drawable
from popmap.typesetting.written import written_out

NOT_STATED = "not stated"
# Keys whose values are names of files, links and switches of the template, and no text; or labels, which were made ready before.
BARE = frozenset({"file", "url", "kind", "paper", "labels"})
_BREAK = "\u200b"
_LONG = re.compile(r"\S{17,}")
_JOINTS = re.compile(r"([/\\._\-?&=#@:;,+|)\]}>]+)(?=[^\s/\\._\-?&=#@:;,+|)\]}>])")
_RUN = 12


def shown(words: str) -> str:
    """Return text as it can be drawn: a run of characters without a glyph becomes its code points in brackets.

    Args:
        words: Any text of a register. White space becomes single spaces and marks that turn the reading direction go, as everywhere in
            popmap.
    """
    return written_out(text.clean(words)) if words else words


@lru_cache(maxsize=16384)
def breakable(words: str) -> str:
    """Return text in which a word of 17 characters or more may be broken: after punctuation, else every 12 characters."""
    return _LONG.sub(lambda found: _broken(found[0]), words)


def _broken(word: str) -> str:
    parts = _JOINTS.sub(rf"\1{_BREAK}", word).split(_BREAK)
    return _BREAK.join(_BREAK.join(_pieces(part)) for part in parts)


def _pieces(part: str) -> list[str]:
    if len(part) <= _RUN + 4:
        return [part]
    pieces, start = [], 0
    for at in range(1, len(part)):
        if at - start >= _RUN and not text.joined(part[at - 1], part[at]):
            pieces.append(part[start:at])
            start = at
    return [*pieces, part[start:]]


def undrawable(value: object) -> set[str]:
    """Return the characters anywhere in a document's data that no font of ours has."""
    # Most data has none, which is seen at once; what JSON escapes is white space on paper.
    if _drawable(json.dumps(value, ensure_ascii=False)):
        return set()
    if isinstance(value, str):
        return set() if value.isascii() else {character for character in text.clean(value) if ord(character) not in drawable()}
    if isinstance(value, dict):
        return set().union(*(undrawable(each) for key, each in value.items() if key not in BARE))
    if isinstance(value, (list, tuple)):
        return set().union(*map(undrawable, value))
    return set()


def _drawable(words: str) -> bool:
    return words.isascii() or all(ord(character) in drawable() for character in set(words))


def prepared(value: object) -> object:
    """Return a document's data with every text in it made ready."""
    if isinstance(value, str):
        return breakable(shown(value))
    if isinstance(value, dict):
        return {key: each if key in BARE else prepared(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [breakable(shown(each)) if type(each) is str else prepared(each) for each in value]
    return value


def listed_characters(characters: set[str]) -> list[str]:
    """Return characters by code point and Unicode name, in order."""
    return [f"U+{ord(each):04X} {unicodedata.name(each, 'without a name')}" for each in sorted(characters)]
