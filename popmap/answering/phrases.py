"""Phrases put together from parts: what only asks to be told, and what narrows nothing."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_TOKEN = re.compile(r"<\w+>|[()|?$]|[^\s()|?$<>]+")
# A word ends with a space or with the text.
_END = "(?: |$)"


@cache
def frames(kind: str, language: str, key: str = "frames") -> tuple[str, ...]:
    """Return the regular expressions of phrases.

    Args:
        kind: A table of phrases.toml: "request", "harmless" or a concept.
        language: One of `LANGUAGES`.
        key: Which of its frames.
    """
    return tuple(_expression(frame, _table()["part"][language]) for frame in _table().get(kind, {}).get(language, {}).get(key, ()))


def framed(language: str) -> tuple[str, ...]:
    """Return what there are phrases of in a language."""
    return tuple(key for key, tongues in _table().items() if key != "part" and language in tongues)


def words_of(kind: str, language: str, key: str) -> tuple[str, ...]:
    """Return a list of words of phrases.toml."""
    return tuple(_table()[kind].get(language, {}).get(key, ()))


def either(expressions: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of any of some expressions; one that finds nothing where there are none."""
    return re.compile(rf"(?:{'|'.join(expressions)})" if expressions else r"(?!)")


def _expression(frame: str, parts: dict[str, list[str]]) -> str:
    """Return a frame as a regular expression, in which each word ends with a space or with the text."""
    found = []
    for one in _TOKEN.findall(frame):
        if one in "()|?$":
            found.append("(?:" if one == "(" else one)
        elif one[0] == "<":
            found.append(f"(?:{'|'.join(map(_entry, sorted(parts[one[1:-1]], key=lambda one: (-len(one), one))))})")
        else:
            found.append(f"(?:{_entry(one)})")
    return "".join(found)


def _entry(entry: str) -> str:
    return " ".join(map(_word, entry.split())) + _END


def _word(word: str) -> str:
    if word == "#":
        return r"\d+[a-z]?"
    return re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("popmap.answering").joinpath("phrases.toml").read_text(encoding="utf-8"))
