"""Requests in their plainest form: "We kindly ask you to furnish an exhaustive list of X" asks what "Please list X" asks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from popmap.answering.phrases import either, frames, words_of
from popmap.answering.words import words

_WORD = re.compile(r"[^\W_]+")
_PAUSE = re.compile(r"[,:;]|\s[-\u2013\u2014]\s")


_LEAST = 3
_WHERE = frozenset(["where", "wherever"])
_INVERTED = frozenset(
    ["is", "are", "was", "were", "do", "does", "did", "will", "would", "can", "could", "may", "might", "should", "must", "has", "have"]
)


@dataclass(frozen=True, slots=True)
class _Requests:
    """How something is asked for in one language; see phrases.toml."""

    front: re.Pattern[str]
    stays: frozenset[str]
    told: re.Pattern[str]
    supposing: re.Pattern[str]
    pronoun: re.Pattern[str]


def plainest(sentence: str, language: str, request: str) -> str:
    """Return a request in its plainest form.

    Args:
        sentence: What is asked, one sentence.
        language: One of `LANGUAGES`.
        request: What is to stand in place of the words that only ask.

    Returns:
        The request; the sentence itself where it holds no words that only ask, or nothing else.
    """
    known = _requests(language)
    head, *others = _PAUSE.split(sentence, maxsplit=1)
    rest = others[0] if others else ""
    if others and known.pronoun.fullmatch(words(rest).text):
        # "If you use sub-processors, please name them."
        opening = known.supposing.match(words(head).text)
        behind = _behind(head, len(opening[0].split())) if opening else head
        return f"{request} {behind}." if behind and opening else sentence
    text = words(sentence)
    front = known.front.match(text.text)
    count = len(front[0].split()) if front else 0
    while count and count < len(text.plain) and text.plain[count] in known.stays:
        return sentence
    told = known.told.search(text.text)
    if not count and told and told.start():
        # "All sub-processors are to be listed."
        kept = sum(1 for start in text.starts if start < told.start())
        return f"{request} {' '.join(text.written[:kept])}."
    behind = _behind(sentence, count)
    return f"{request} {behind}" if count and behind else sentence


def without_case(question: str, language: str) -> str:
    """Return "Where sub-processors are used, please list them" as the request it is; any other question itself.

    A question that begins with "where" asks for a place unless nothing but such a request follows.
    """
    text = words(question).plain
    if len(text) < _LEAST or text[0] not in _WHERE or text[1] in _INVERTED:
        return question
    return plainest(question, language, words_of("request", language, "plain")[0])


def supposing(sentence: str, language: str) -> tuple[str, str] | None:
    """Return the case that a question supposes and the question with the case behind it, None where it supposes none.

    Args:
        sentence: As "If the product uses a language model, which company provides it?"
        language: One of `LANGUAGES`.
    """
    known = _requests(language)
    head, *others = _PAUSE.split(sentence, maxsplit=1)
    opening = known.supposing.match(words(head).text) if others else None
    case = _behind(head, len(opening[0].split())) if opening else ""
    rest = others[0].strip() if others else ""
    if not case or not words(rest).plain:
        return None
    mark = rest[-1] if rest[-1] in "?.!" else ""
    return f"{case}.", f"{rest.rstrip('?.! ')} {case}{mark}"


def _behind(sentence: str, count: int) -> str:
    """Return a sentence from its word of a number on, "" where it has no more words or they cannot be told apart."""
    found = list(_WORD.finditer(sentence))
    if len(found) != len(words(sentence).plain) or count >= len(found):
        return ""
    return sentence[found[count].start() :].strip()


@cache
def _requests(language: str) -> _Requests:
    return _Requests(
        front=either(frames("request", language)),
        stays=frozenset(words_of("request", language, "stays")),
        told=re.compile(rf"(?<!\w)(?:{'|'.join(frames('request', language, 'told'))})$"),
        supposing=either(frames("request", language, "supposing")),
        pronoun=re.compile("|".join(frames("request", language, "pronoun"))),
    )
