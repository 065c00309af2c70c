"""The data that matching rests on: what questions are about (intents), the words for it, and what no register can know."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from popmap.answering.model import LANGUAGES
from popmap.answering.words import pattern

# What an intent may need besides concepts: a name of the register, a kind of vendor, "do you use" before a kind that this asks vendors of,
# or that the question is a label.
KIND, USED, LABEL = "@kind", "@used", "@label"
# Topics that are ones beside the name of a country only.
BY_COUNTRY = RESIDENTS, ELSEWHERE = "residents", "elsewhere"


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing a register answers.

    Attributes:
        key: Its key.
        asks: What it asks, as an English question.
        needs: Alternatives that must each be met: names of concepts, or "@category", "@vendor", "@kind", "@country".
        also: Concepts that may be there besides.
        never: Concepts that make it another question.
        facts: The query that finds its rows, a file of `sql/`; "settings:NAME" for what register.toml says.
        names: Which arguments narrow it: "category", "vendor", "kind", "country".
        proof: The columns whose evidence is quoted.
        page: The page that shows the rows.
        gap: The gap rule that applies where nothing is stated, "" when there is none.
        yes: "yes" and "no" where a word of the vocabulary may be chosen.
        allows: Operators under which what it tells stays an answer; "open:" before one where no yes or no could answer.
        articles: Articles of the GDPR that it may be asked under.
        loose: How many words may stay unknown where a yes or a no is asked about a process: a person answers, and only facts are given.
        closed: What must be there besides where a yes or a no could answer, alternatives as in `needs`; "" where nothing makes it one.
        phrases: How it is asked, by language.
    """

    key: str
    asks: str
    needs: tuple[tuple[str, ...], ...]
    also: tuple[str, ...]
    never: tuple[str, ...]
    facts: str
    names: tuple[str, ...]
    proof: tuple[str, ...]
    page: str
    gap: str
    yes: tuple[str, ...]
    allows: tuple[str, ...]
    articles: tuple[str, ...]
    loose: int
    closed: tuple[str, ...] | None
    phrases: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject that no register knows, and the sentence that says so; two of them count beside a country only."""

    key: str
    why: str


@dataclass(frozen=True, slots=True)
class Operator:
    """Words that change what is asked without naming a subject.

    Attributes:
        closed: Whether an intent's allowance counts only where a yes or a no could answer.
        open: Whether it counts only where none could.
        common: Whether every intent allows it.
        carried: Whether rows still carry a yes where it stands.
        opening: Whether it is one in a question's first words only.
    """

    closed: bool
    open: bool
    common: bool
    carried: bool
    opening: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of vendor: the data uses and the words of purposes that tell it, and whether "do you use it" asks for vendors."""

    uses: tuple[str, ...]
    words: str
    used: bool


@cache
def intents() -> dict[str, Intent]:
    """Return the intents by key, in the order of their table."""
    return {
        key: Intent(
            key=key,
            asks=row["asks"],
            needs=tuple(tuple(need.split("|")) for need in row["needs"]),
            also=tuple(row["also"]),
            never=tuple(row["never"]),
            facts=row["facts"],
            names=tuple(row["names"]),
            proof=tuple(row["proof"]),
            page=row["page"],
            gap=row["gap"],
            yes=tuple(row["yes"]),
            allows=tuple(row.get("allows", ())),
            articles=tuple(row.get("articles", ())),
            loose=row.get("loose", 0),
            closed=tuple(row["closed"].split("|")) if "closed" in row else None,
            phrases={language: tuple(row["phrases"][language]) for language in LANGUAGES},
        )
        for key, row in table("intents").items()
    }


@cache
def topics() -> dict[str, Topic]:
    """Return what no register knows, by key."""
    return {key: Topic(key, row["why"]) for key, row in table("topics").items()}


@cache
def operators() -> dict[str, Operator]:
    """Return the operators by key."""
    return {
        key: Operator(*(row.get(name, False) for name in ("closed", "open", "common", "carried", "opening")))
        for key, row in table("operators").items()
    }


@cache
def kinds() -> dict[str, Kind]:
    """Return the kinds of vendors by key; each is a concept too."""
    return {key: Kind(tuple(row["uses"]), row["words"], row["used"]) for key, row in table("kinds").items()}


@cache
def elements() -> dict[str, tuple[str, ...]]:
    """Return what data is called in any language, by taxonomy key."""
    return {key: tuple(word for language in LANGUAGES for word in row[language]) for key, row in table("elements").items()}


@cache
def brands() -> frozenset[str]:
    """Return names of companies that questionnaires give for example."""
    return frozenset(table("neutral")["brands"]["all"].split())


@cache
def members() -> dict[str, dict[str, re.Pattern[str]]]:
    """Return the patterns of members of what an intent tells, by intent and language."""
    return {key: {language: in_language(row, language) for language in LANGUAGES} for key, row in table("members").items()}


def in_language(row: dict[str, Any], language: str) -> re.Pattern[str]:
    """Return the pattern of a row's words in a language, and of those that every language borrows."""
    return pattern((*row[language], *row.get("all", ())))


@cache
def table(name: str) -> dict[str, Any]:
    """Return a table of this folder by its name."""
    return tomllib.loads(files("popmap.answering").joinpath(f"{name}.toml").read_text(encoding="utf-8"))
