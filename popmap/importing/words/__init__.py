"""The words reading goes by, kept as data: headings, answers, places, legal forms, in English, French, German, Spanish and more."""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_APART = re.compile(r"[\W_]+")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Return text in lower case without accents and punctuation, its words apart by single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _APART.sub(" ", "".join(one for one in plain if not unicodedata.combining(one))).strip()


def apart(text: str) -> str:
    """Return a key such as `dataTypes` as words, "data Types"."""
    return _CAMEL.sub(" ", text)


@cache
def table(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of a CSV file of words."""
    return tuple(csv.DictReader(files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8").splitlines()))


@cache
def terms(name: str) -> Mapping[str, Any]:
    """Return a TOML file of words."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def group(section: str, key: str) -> frozenset[str]:
    """Return the folded words of one group of `terms.toml`."""
    return frozenset(fold(one) for one in terms("terms")[section][key])


@cache
def pattern(section: str, key: str) -> re.Pattern[str]:
    """Return a pattern for folded text that finds any word of one group of `terms.toml`, the longest first."""
    words = sorted(group(section, key) - {""}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")
