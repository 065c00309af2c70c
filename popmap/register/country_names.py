"""What countries are called: the one table of names that lists and questions are read by.

The names are those of Unicode CLDR (Unicode License v3, © Unicode, Inc.) and ISO 3166-1 in English, French, German and Spanish; the forms
that people write beside them, and those of more languages, were written for popmap.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

# Where a name is read alone: "Saint Martin" in a question of a country, "Almanya" in a list.
_LISTS, _QUESTIONS = "lists", "questions"


@cache
def _rows() -> tuple[Mapping[str, str], ...]:
    text = files("popmap.register").joinpath("countries.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def in_lists() -> Mapping[str, str]:
    """Return the ISO 3166-1 codes of countries by the names that lists give them, in any language."""
    return {row["name"]: row["country"] for row in _rows() if row["read_in"] != _QUESTIONS}


@cache
def in_questions(language: str) -> Mapping[str, tuple[str, ...]]:
    """Return the names that questions in a language give countries, by ISO 3166-1 code; the first is what an answer calls it."""
    found: dict[str, tuple[str, ...]] = {}
    for row in _rows():
        if row["language"] == language and row["read_in"] != _LISTS:
            found[row["country"]] = (*found.get(row["country"], ()), row["name"])
    return found
