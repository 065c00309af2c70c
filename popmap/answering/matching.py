"""What a question asks: an intent of the register with its arguments, or nothing, and why.

An intent is taken only when its concepts are all there, every other word of the question is understood, nothing in it is beyond a
register or turns it into a question for other rows, and no other intent is as near. Whatever is not understood is not answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from popmap.answering.asides import essence, told, without_control
from popmap.answering.fields import no_question
from popmap.answering.listing import are_brands, are_members, headed
from popmap.answering.model import Match
from popmap.answering.names import Names
from popmap.answering.requests import supposing, without_case
from popmap.answering.sentence import LABEL_MARK, apart, is_closed, read_question
from popmap.answering.several import COLUMNS, WITH, match_whole
from popmap.answering.words import words

__all__ = ["WITH", "match"]

# Of these, a bracket may hold examples in words of its own: all there are is told, and no yes is chosen.
_EXAMPLES = re.compile(
    r",?\s*\b(?:such as|for example|for instance|e\.g\.|tales como|como por ejemplo|por ejemplo|tels? que|telles que|par exemple|"
    r"wie (?:z\.\s?B\.|etwa|beispielsweise)|zum Beispiel|beispielsweise|z\.\s?B\.)\s+([^?.;:()]+)",
    re.IGNORECASE,
)
# Whose words what is asked for is put in: "(SOC 2 wording)".
_WORDING = re.compile(r"\s*\([^()]*\b(?:wording|terminology|parlance|terminologie|Terminologie|Wortlaut|terminolog\u00eda)\)")
# "are: ______".
_BLANKS = re.compile(r"\s*(?:_{2,}|\u2026|\.{3,})\s*[.]?\s*$")
_OF_VENDORS = ("vendors-for", "agreements", "vendor-countries", "change-notice", "vendor-certifications")
_LONGEST = 1_500
# What is asked of those that a case speaks of: "If data is transferred, which safeguards apply?"
_CASES = [("transfers", "transfer-mechanisms"), ("locations", "transfer-mechanisms"), ("source-of-data", "source-of-data")] + [
    (case, asked)
    for case in ("sub-processors", "recipients")
    for asked in ("agreements", "vendor-countries", "vendor-certifications", "sub-processors", "recipients")
]


def match(question: str, language: str, names: Names) -> Match:
    """Return what a question asks.

    Args:
        question: Its text.
        language: One of `LANGUAGES`.
        names: What the register names.

    Returns:
        The match; its intent is "" when nothing, or nothing for certain, was understood.
    """
    if len(question) > _LONGEST:
        return Match("", why="The text is too long for one question.")
    if why := no_question(question, language):
        return Match("", why=why)
    for bare in (_WORDING.sub("", question), _BLANKS.sub("", question), without_control(question), without_case(question, language)):
        if bare != question and words(bare).plain:
            return match(bare, language, names)
    found = match_whole(question, language, names)
    if found.intent:
        under = _under_heading(question, language, names)
        return under if under.intent in _OF_VENDORS else found
    return next((better for better in _readings(question, language, names) if better.intent), found)


def _readings(question: str, language: str, names: Names) -> Iterator[Match]:
    """Yield what a question asks in other forms that ask the same: without what stands around it, with its requests in plain words, ..."""
    asked = essence(question, language)
    exampled = _EXAMPLES.sub(r" (\1)", asked)
    texts = (asked, *headed(asked, language, names), told(asked, language), told(apart(asked, language), language), exampled)
    for text in dict.fromkeys(texts):
        if text != question:
            yield match_whole(text, language, names)
    yield _exemplified(asked, language, names)
    supposed = supposing(asked, language)
    if supposed and not is_closed(supposed[1], language):
        case, better = (match_whole(text, language, names) for text in supposed)
        if case.intent == better.intent or (case.intent, better.intent) in _CASES:
            yield better


def _exemplified(asked: str, language: str, names: Names) -> Match:
    """Return what is asked before examples of it, no intent where what follows is none."""
    listed = COLUMNS.search(asked)
    if listed and are_brands(listed[1], language, names, asked):
        better = match_whole(asked[: listed.start()].rstrip() + asked[listed.end() :], language, names)
        if better.intent == "vendors-for":
            return better
    head, mark, tail = asked.rpartition(":")
    # What members follow is asked for before them, as in "in which role - controller or processor".
    better = match_whole(head + LABEL_MARK, language, names) if mark else Match("")
    items = tail.strip(" ?.")
    named = better.intent == "vendors-for" and are_brands(items, language, names, f"({items})")
    return better if better.intent and (named or are_members(items, language, better.intent)) else Match("")


def _under_heading(question: str, language: str, names: Names) -> Match:
    """Return what is asked behind a heading of vendors ("Third parties - who hosts the application?"), no intent where there is none."""
    head, mark, rest = question.partition(" - ")
    read = read_question(head, language, names)
    spoken = read.concepts.get("vendor", frozenset()) | read.concepts.get("subprocessor", frozenset())
    only = mark and spoken and set(range(len(read.text.plain))) <= spoken | read.plain
    return match_whole(rest, language, names) if only and words(rest).plain else Match("")
