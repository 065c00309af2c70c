"""The data that matching rests on: what questions are about (intents), the words for it, and what no register can know."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from popmap.answering.inflect import of_verbs, with_endings
from popmap.answering.model import LANGUAGES
from popmap.answering.phrases import either, framed, frames
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


@dataclass(frozen=True, slots=True)
class Tongue:
    """What matching knows of one language, ready to be looked for.

    Attributes:
        concepts: Patterns by concept.
        phrased: Patterns of phrases by concept.
        topics: Patterns by subject that no register knows.
        fillers: Words that carry no subject where something is asked for.
        reporting: Others of them, which say what is to be done with it.
        bare: Words that carry none in a question that a yes or a no could answer: there, any other may be what it asks.
        process: Words that ask for a process or a promise.
        upkeep: Words that do so in a question that a yes or a no could answer.
        operators: Patterns by operator.
        harmless: Phrases that hold words of operators or concepts and mean none of them.
        framed: More of them, put together from parts.
        loosely: Phrases that mean none where no yes or no could answer.
        request: Those of them that ask for something to be told.
        whether: What puts a question that a yes or a no could answer as a request.
        asked: The same, with those it is asked of.
        article: How an Article of a law is named.
        tail: Words behind which a list's further columns are named.
        joins: Words for "and".
        open: Words that ask for more than a yes or a no.
        own: Words for whoever answers, spoken of as others speak of vendors ("the supplier").
        beside: Words that may stand between a country and what it belongs to.
        ours: Words for the customer's own people, whose data is asked about.
        period: Words that ask for a period.
        deleted: Words for what happens at a period's end.
        heads: What stands in front of another word in one.
    """

    concepts: dict[str, re.Pattern[str]]
    phrased: dict[str, re.Pattern[str]]
    topics: dict[str, re.Pattern[str]]
    fillers: frozenset[str]
    reporting: frozenset[str]
    bare: frozenset[str]
    process: re.Pattern[str]
    upkeep: re.Pattern[str]
    operators: dict[str, re.Pattern[str]]
    harmless: re.Pattern[str]
    framed: re.Pattern[str]
    loosely: re.Pattern[str]
    request: re.Pattern[str]
    whether: re.Pattern[str]
    asked: re.Pattern[str]
    article: re.Pattern[str]
    tail: re.Pattern[str]
    joins: frozenset[str]
    open: re.Pattern[str]
    own: re.Pattern[str]
    beside: frozenset[str]
    ours: re.Pattern[str]
    period: re.Pattern[str]
    deleted: re.Pattern[str]
    heads: re.Pattern[str]


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
        for key, row in _table("intents").items()
    }


@cache
def topics() -> dict[str, Topic]:
    """Return what no register knows, by key."""
    return {key: Topic(key, row["why"]) for key, row in _table("topics").items()}


@cache
def operators() -> dict[str, Operator]:
    """Return the operators by key."""
    return {
        key: Operator(*(row.get(name, False) for name in ("closed", "open", "common", "carried", "opening")))
        for key, row in _table("operators").items()
    }


@cache
def kinds() -> dict[str, Kind]:
    """Return the kinds of vendors by key; each is a concept too."""
    return {key: Kind(tuple(row["uses"]), row["words"], row["used"]) for key, row in _table("kinds").items()}


@cache
def elements() -> dict[str, tuple[str, ...]]:
    """Return what data is called in any language, by taxonomy key."""
    return {key: tuple(word for language in LANGUAGES for word in row[language]) for key, row in _table("elements").items()}


@cache
def brands() -> frozenset[str]:
    """Return names of companies that questionnaires give for example."""
    return frozenset(_table("neutral")["brands"]["all"].split())


@cache
def members() -> dict[str, dict[str, re.Pattern[str]]]:
    """Return the patterns of members of what an intent tells, by intent and language."""
    return {key: {language: _of(row, language) for language in LANGUAGES} for key, row in _table("members").items()}


@cache
def tongue(language: str) -> Tongue:
    """Return what matching knows of a language.

    Args:
        language: One of `LANGUAGES`.
    """
    small = _table("fillers")
    return Tongue(
        concepts={key: _of(row, language) for key, row in _table("concepts").items()},
        phrased={key: either(frames(key, language)) for key in framed(language) if key in _table("concepts")},
        topics={key: _of(row, language) for key, row in _table("topics").items()},
        fillers=_neutral(language, "bare", "open") | frozenset(small[language].split()),
        reporting=frozenset(small["reporting"][language].split()),
        process=pattern(tuple(small["process"][language])),
        upkeep=pattern(tuple(small["upkeep"][language])),
        operators={key: _of(row, language) for key, row in _table("operators").items()},
        bare=_neutral(language, "bare") | frozenset(small["bare"][language].split()),
        harmless=pattern((*small["harmless"][language], *_polite(small, language))),
        framed=either(frames("harmless", language)),
        loosely=either(frames("harmless", language, "open")),
        request=pattern(tuple(_polite(small, language))),
        whether=pattern(tuple(small["whether"][language])),
        asked=either(frames("whether", language)),
        article=re.compile(
            rf"(?<!\w)(?:{'|'.join(small['article'][language])}) (\d+[a-z]?)((?: (?:\d+|[a-z]|lit|abs|und|and|et|y))*)(?!\w)"
        ),
        tail=pattern((*small["tail"][language], *_and_asked(small, language), *_and_which(small, language))),
        joins=frozenset(small["joins"][language]),
        open=pattern(tuple(small["open"][language])),
        own=re.compile(rf"(?<!\w)(?:{'|'.join(sorted(small['self'][language], key=len, reverse=True))})(?!\w)"),
        beside=frozenset(small["beside"][language]),
        ours=pattern(tuple(small["ours"][language])),
        period=pattern(tuple(small["period"][language])),
        deleted=pattern(tuple(small["deleted"][language])),
        heads=re.compile(
            rf"(?!datenbank|datenschutz|datensicher)(?:{'|'.join(sorted(_table('neutral')['compounds'].get(language, '').split(), key=len, reverse=True)) or '(?!)'})(?=\w{{4}})"
        ),
    )


def asked(language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return how a request to be told something begins ("could you"), and its verbs ("send")."""
    small = _table("fillers")
    return tuple(small["polite"][language]), tuple(small["asking"][language].split())


def _and_which(small: dict[str, Any], language: str) -> list[str]:
    """Return the ways to begin a further question ("and to whom")."""
    table = _table("neutral")
    before, which = (table[key][language].split() for key in ("before", "which"))
    return [
        f"{join} {words}"
        for join in small["joins"][language]
        for words in (*which, *(f"{one} {other}" for one in before for other in which))
    ]


def _neutral(language: str, *places: str) -> frozenset[str]:
    """Return the words that carry no subject in some places, in all their forms."""
    table = _table("neutral")
    verbs = (of_verbs(table["verbs"][place][language].split(), language) for place in places)
    others = (with_endings(table["words"].get(place, {}).get(language, "").split(), language) for place in places)
    return frozenset().union(*verbs, *others)


def _polite(small: dict[str, Any], language: str) -> list[str]:
    """Return the ways to ask for something by asking whether it can be told ("could you provide")."""
    return [f"{opening} {verb}" for opening in small["polite"][language] for verb in small["asking"][language].split()]


def _and_asked(small: dict[str, Any], language: str) -> list[str]:
    """Return the ways to ask for a further thing ("and give")."""
    return [f"{join} {verb}" for join in small["joins"][language] for verb in small["asking"][language].split()]


def _of(row: dict[str, Any], language: str) -> re.Pattern[str]:
    return pattern((*row[language], *row.get("all", ())))


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("popmap.answering").joinpath(f"{name}.toml").read_text(encoding="utf-8"))
