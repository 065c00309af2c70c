"""Cells that hold several values: where to split them, and where only a person can say whether to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from popmap.importing.words import fold, terms

BULLET = "• "
_BULLETS = re.compile(r"(?:^|\n)\s*(?:[•·▪◦‣*]|[-–—](?=\s))\s*")
_DASHED = re.compile(r"(?:^|(?<=\s))[-–](?=[^\W\d_])")
_LETTERED = re.compile(r"(?:^|(?<=\s))\(?(?:[a-h]|i{1,3}|iv|v|[1-9])\)\s*")
_CLOSED = re.compile(r"(?<=\))\s+(?=[A-ZÀ-Ý])")


@cache
def _forms() -> frozenset[str]:
    return frozenset(fold(one).replace(" ", "") for one in terms("terms")["names"]["forms"])


@lru_cache(maxsize=8_192)
def is_form(text: str) -> bool:
    """Return whether words begin with a legal form: "Inc.", "S.A.", "GmbH & Co. KG"."""
    words = text.strip(" .,()").split()
    return any(fold(" ".join(words[:count])).replace(" ", "") in _forms() for count in range(1, min(4, len(words)) + 1))


@lru_cache(maxsize=8_192)
def has_form(name: str) -> bool:
    """Return whether a name ends in a legal form, looking before brackets."""
    words = re.sub(r"\s*[(\[].*", "", name).replace(",", " ").split()
    return any(fold(" ".join(words[-count:])).replace(" ", "") in _forms() for count in (1, 2, 3) if len(words) > count)


@lru_cache(maxsize=8_192)
def core(name: str) -> str:
    """Return a name folded, without brackets and legal form, to see which names are alike."""
    words = fold(re.sub(r"\s*[(\[][^)\]]*[)\]]?", " ", name)).split()
    while len(words) > 1:
        cut = next((count for count in (3, 2, 1) if len(words) > count and "".join(words[-count:]) in _forms()), 0)
        if not cut:
            break
        words = words[:-cut]
    return " ".join(words)


def pieces(text: str, marks: str) -> list[str]:
    """Return text cut at any of these characters, but not within brackets or quotation marks."""
    found, depth, start = [], 0, 0
    for at, one in enumerate(text):
        if one in "([{“«":
            depth += 1
        elif one in ")]}”»":
            depth = max(0, depth - 1)
        elif one in marks and not depth and not (one == "," and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()):
            found.append(text[start:at])
            start = at + 1
    return [one.strip() for one in (*found, text[start:]) if one.strip()]


@lru_cache(maxsize=16_384)
def values(text: str, known: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the values of a cell of categories or the like.

    Args:
        text: The cell; lines are values of their own.
        known: Folded names that are one value although they hold a comma, a slash or an "and".
    """
    if fold(text) in known:
        return (text.strip(),)
    found: list[str] = []
    for line in _structural(text):
        if fold(line) in known:
            found.append(line)
            continue
        parts = pieces(line, ",;")
        if len(parts) == 1:
            parts = [one for part in parts for one in _CLOSED.split(part)]
        parts = [one for part in parts for one in _by_slash(part, known)]
        last = re.split(r"^(?:and|et|und|y|sowie|or|ou|oder)\s+|\s+(?:and|et|und|y|sowie|&)\s+", parts[-1]) if parts else []
        if len(last) > 1 and (not last[0] or len(parts) > 1 or all(fold(one) in known for one in last)) and balanced(last):
            parts[-1:] = [one for one in last if one]
        found += parts
    return tuple(dict.fromkeys(one for one in (part.strip(" .;,") for part in found) if one))


def balanced(parts: Iterable[str]) -> bool:
    """Return whether each part closes the brackets it opens."""
    return all(part.count("(") == part.count(")") for part in parts)


def _by_slash(text: str, known: frozenset[str]) -> list[str]:
    parts = pieces(text, "/")
    if len(parts) > 1 and (" / " in text or all(fold(one) in known for one in parts)):
        return parts
    return [text]


def _structural(text: str) -> list[str]:
    """Return the lines, bulleted, dashed and lettered parts of a cell."""
    lines = [one.strip() for one in _BULLETS.split(text) if one and one.strip()]
    lines = [part.strip() for line in lines for part in line.split("\n") if part.strip()]
    found = []
    for line in lines:
        for mark in (_DASHED, _LETTERED):
            parts = [one.strip() for one in mark.split(line)]
            if len(parts) > 2 or (len(parts) == 2 and not parts[0]):
                found += [one for one in parts if one]
                break
        else:
            found.append(line)
    return found
