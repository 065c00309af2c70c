"""What matching knows of each language: its words, sorted by what they do in a question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from popmap.answering.inflect import of_verbs, with_endings
from popmap.answering.lexicon import in_language, table
from popmap.answering.phrases import either, framed, frames
from popmap.answering.words import pattern


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
def tongue(language: str) -> Tongue:
    """Return what matching knows of a language.

    Args:
        language: One of `LANGUAGES`.
    """
    small = table("fillers")
    return Tongue(
        concepts={key: in_language(row, language) for key, row in table("concepts").items()},
        phrased={key: either(frames(key, language)) for key in framed(language) if key in table("concepts")},
        topics={key: in_language(row, language) for key, row in table("topics").items()},
        fillers=_neutral(language, "bare", "open") | frozenset(small[language].split()),
        reporting=frozenset(small["reporting"][language].split()),
        process=pattern(tuple(small["process"][language])),
        upkeep=pattern(tuple(small["upkeep"][language])),
        operators={key: in_language(row, language) for key, row in table("operators").items()},
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
        heads=_heads(language),
    )


def asked(language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return how a request to be told something begins ("could you"), and its verbs ("send")."""
    small = table("fillers")
    return tuple(small["polite"][language]), tuple(small["asking"][language].split())


def _and_which(small: dict[str, Any], language: str) -> list[str]:
    """Return the ways to begin a further question ("and to whom")."""
    neutral = table("neutral")
    before, which = (neutral[key][language].split() for key in ("before", "which"))
    return [
        f"{join} {one}"
        for join in small["joins"][language]
        for one in (*which, *(f"{first} {other}" for first in before for other in which))
    ]


def _neutral(language: str, *places: str) -> frozenset[str]:
    """Return the words that carry no subject in some places, in all their forms."""
    neutral = table("neutral")
    verbs = (of_verbs(neutral["verbs"][place][language].split(), language) for place in places)
    others = (with_endings(neutral["words"].get(place, {}).get(language, "").split(), language) for place in places)
    return frozenset().union(*verbs, *others)


def _polite(small: dict[str, Any], language: str) -> list[str]:
    """Return the ways to ask for something by asking whether it can be told ("could you provide")."""
    return [f"{opening} {verb}" for opening in small["polite"][language] for verb in small["asking"][language].split()]


def _and_asked(small: dict[str, Any], language: str) -> list[str]:
    """Return the ways to ask for a further thing ("and give")."""
    return [f"{join} {verb}" for join in small["joins"][language] for verb in small["asking"][language].split()]


def _heads(language: str) -> re.Pattern[str]:
    """Return the pattern of what stands in front of another word in one; in "Datenbank" it does not."""
    some: list[str] = sorted(str(table("neutral")["compounds"].get(language, "")).split(), key=len, reverse=True)
    return re.compile(rf"(?!datenbank|datenschutz|datensicher)(?:{'|'.join(some) or '(?!)'})(?=\w{{4}})")
