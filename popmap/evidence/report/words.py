"""Register text made ready for paper: on one line, with what the fonts cannot draw written out, and places to break in endless words."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache

from popmap.flow import text
from popmap.typesetting.glyphs import drawable, fonts

NOT_STATED = "not stated"
# Keys whose values are names of files, links and switches of the template, and no text.
BARE = frozenset({"file", "url", "kind", "paper"})
_BREAK = "\u200b"
_LONG = re.compile(r"\S{17,}")
_JOINTS = re.compile(r"([/\\._\-?&=#@:;,+|)\]}>]+)(?=[^\s/\\._\-?&=#@:;,+|)\]}>])")
_RUN = 12
_PLAIN = re.compile("[ -~]*")


def shown(words: str) -> str:
    """Return text as it can be drawn: a run of characters without a glyph becomes its code points in brackets.

    Args:
        words: Any text of a register. White space becomes single spaces and marks that turn the reading direction go, as everywhere in
            popmap.
    """
    return _shown(words) if words else words


@lru_cache(maxsize=16384)
def _shown(words: str) -> str:
    line = text.clean(words)
    if _PLAIN.fullmatch(line):
        return line
    known = drawable()
    return "".join(
        part if drawn else f"[{' '.join(f'U+{ord(character):04X}' for character in part)}]" for part, drawn in _runs(line, known)
    )


def _runs(line: str, known: frozenset[int]) -> list[tuple[str, bool]]:
    runs: list[tuple[str, bool]] = []
    base = 0
    for character in line:
        code = ord(character)
        drawn = code in known
        if not unicodedata.category(character).startswith("M"):
            base = code
        elif drawn and base in known:
            drawn = any(code in font and base in font for font in fonts())
        if runs and runs[-1][1] == drawn:
            runs[-1] = (runs[-1][0] + character, drawn)
        else:
            runs.append((character, drawn))
    return runs


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
        # Not between a letter and its accents, nor inside a joined sequence.
        apart = not unicodedata.combining(part[at]) and "\u200d" not in part[at - 1 : at + 1]
        if at - start >= _RUN and apart:
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
