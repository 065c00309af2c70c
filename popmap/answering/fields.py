"""Fields of a form that are no question to a register: who the answering company is, and Articles that are only named."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from popmap.answering.words import words

ITSELF = "It asks for the answering company itself, not for whom it gives data to."
ARTICLE = "It names an Article and asks nothing of the register."
_TABLE = Path(__file__).with_suffix(".toml")


def no_question(text: str, language: str) -> str:
    """Return why a text asks a register nothing though its words are known, "" when that is not so.

    "Vendor name" at the head of a questionnaire means the company that fills it in: a list of its vendors would be a wrong answer.

    Args:
        text: A question's text.
        language: One of `LANGUAGES`.
    """
    plain = words(text).plain
    table = _table()
    if plain and any(word.isdigit() for word in plain) and all(word.isdigit() or word in table["article"]["words"] for word in plain):
        return ARTICLE
    known = table[language]
    spoken = f" {' '.join(plain)} "
    parties = [party for party in known["party"] if f" {party} " in spoken]
    rest = set(plain) - known["joining"] - {word for party in parties for word in party.split()}
    if not parties or not rest <= known["field"]:
        return ""
    return ITSELF if rest or any(party in known["alone"] for party in parties) else ""


@cache
def _table() -> dict[str, dict[str, frozenset[str]]]:
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return {key: {name: frozenset(entries) for name, entries in row.items()} for key, row in table.items()}
