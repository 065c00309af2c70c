"""Phrases put together from parts: what only asks to be told, and what narrows nothing."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_PART = re.compile(r"<(\w+)>(\??)|([^\s?]+)(\??)")
# A word ends with a space or with the text.
_END = "(?: |$)"


@cache
def frames(kind: str, language: str, key: str = "frames") -> tuple[str, ...]:
    """Return the regular expressions of phrases.

    Args:
        kind: A table of phrases.toml: "request" or "harmless".
        language: One of `LANGUAGES`.
        key: Which of its frames.
    """
    return tuple(_expression(frame, _table()["part"][language]) for frame in _table().get(kind, {}).get(language, {}).get(key, ()))


def words_of(kind: str, language: str, key: str) -> tuple[str, ...]:
    """Return a list of words of phrases.toml."""
    return tuple(_table()[kind].get(language, {}).get(key, ()))


def either(expressions: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern that finds any of some expressions where a word begins; one that finds nothing where there are none."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(expressions)})" if expressions else r"(?!)")


def _expression(frame: str, parts: dict[str, list[str]]) -> str:
    found = []
    for part, absent, word, maybe in _PART.findall(frame):
        entries = sorted(parts[part], key=lambda one: (-len(one), one)) if part else [word]
        found.append(f"(?:(?:{'|'.join(map(_entry, entries))}){_END}){absent or maybe}")
    return "".join(found)


def _entry(entry: str) -> str:
    return " ".join(re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word) for word in entry.split())


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("popmap.answering").joinpath("phrases.toml").read_text(encoding="utf-8"))
