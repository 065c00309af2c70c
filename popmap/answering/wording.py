"""The sentences of answers in each language."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from popmap.answering.model import LANGUAGES


def say(key: str, language: str, /, **values: object) -> str:
    """Return a sentence in a language.

    Args:
        key: Its key in `wording.csv`: an intent's, an intent's with "/what" behind it, or that of a general sentence.
        language: One of `LANGUAGES`.
        **values: What stands in its braces; register text among them stays as it is.
    """
    return _sentences()[key][language].format(**values)


@cache
def _sentences() -> dict[str, dict[str, str]]:
    text = files("popmap.answering").joinpath("wording.csv").read_text(encoding="utf-8")
    return {row["key"]: {language: row[language] for language in LANGUAGES} for row in csv.DictReader(text.splitlines())}


def sentences() -> dict[str, dict[str, str]]:
    """Return every sentence by key and language."""
    return _sentences()
