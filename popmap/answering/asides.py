"""What stands around a question and asks nothing, set aside: greetings, why the asker asks, control ids, hints for the answer."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from popmap.answering.requests import plainest
from popmap.answering.tongue import asked
from popmap.answering.words import pattern, words

# Dots of abbreviations end no sentence.
_ABBREVIATED = re.compile(
    r"(?<!\w)(?:z\.\s?B|d\.\s?h|u\.\s?a|i\.\s?d\.\s?R|i\.\s?S\.\s?d|i\.\s?S\.\s?v|e\.g|i\.e|p\.\s?ej|p\.\s?ex|par ex|ex|bzw|ggf"
    r"|inkl|incl|vgl|sog|art|arts|abs|no|nr|n\u00fam|lit|cf|resp|approx|st)\.(?=\s)",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?<=[?!])\s+|(?<=[\w)\u2026]\.)\s+(?=[A-Z\u00c0-\u00dd\u00bf\u00a1])|\n+")
_BREAK = re.compile(r"[,:;\u2013\u2014\u2026.!?]|\s-\s")
_TRAILING = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*([?.:!]?)\s*$")
# "For each purpose, state ...": what is asked for comes behind.
_FOR_EACH = re.compile(
    r"^((?:For (?:each|every|all)|Pour (?:chaque|chacune? d\w+|tous|toutes)|F\u00fcr (?:jede\w*|alle)|Para cada)\b[^,:;?.!]{3,60})"
    r"[,:]\s+(.+?)([.?!:]?)$"
)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Around:
    """What may stand around a question in one language; see asides.toml."""

    polite: re.Pattern[str]
    openers: re.Pattern[str]
    handover: re.Pattern[str]
    setting: frozenset[str]
    hints: frozenset[str]
    pointing: frozenset[str]
    rows: frozenset[str]
    numbered: frozenset[str]
    request: str
    asking: re.Pattern[str]
    ending: frozenset[str]


def small(language: str) -> frozenset[str]:
    """Return the small words that stand with what is asked for."""
    return frozenset(_table()["small"][language].split())


@cache
def parting() -> re.Pattern[str]:
    """Return the pattern of what parts a list of members."""
    return re.compile(rf"[,;/\u2026]|\.\.\.|\b(?:{_table()['parting']['all']})\b")


def without_dots(text: str) -> str:
    """Return a text without the dots of abbreviations, which end no sentence."""
    return _ABBREVIATED.sub(lambda found: found[0].replace(".", " ").replace("  ", " ").rstrip(), text)


def without_control(question: str) -> str:
    """Return a question without a control's id in front ("STA-09:", "PIMS 7.2.7", "7.2.2 -")."""
    return _control().sub("", question, count=1)


def essence(question: str, language: str) -> str:
    """Return what a question asks, without what stands around it.

    A sentence or a clause in front is set aside only when each of its words is known to belong to greetings or to the asker's own business,
    and never when what remains points back to it ("which of these").

    Args:
        question: Its text.
        language: One of `LANGUAGES`.

    Returns:
        The rest; the question itself where nothing can be set aside, or nothing would remain.
    """
    around = _around(language)
    text = _without_hint(without_control(without_dots(question)), around)
    text = _or_else().sub("?", text)
    kept, reasons = [], False
    for sentence in (part for part in _ENDS.split(text) if words(part).plain):
        rest, reason = _without_front(sentence, around)
        reasons = reasons or (reason and not rest)
        if rest:
            kept.append(rest)
    if len(kept) > 1 and set(words(kept[-1]).plain) <= around.hints and not kept[-1].rstrip().endswith("?"):
        kept = kept[:-1]
    if not kept or (reasons and set(words(" ".join(kept)).plain) & around.pointing):
        return question
    if len(kept) == 1:
        kept = [_FOR_EACH.sub(r"\2 \1\3", kept[0])]
    return " ".join(kept)


def told(question: str, language: str) -> str:
    """Return a question whose requests are in their plainest form."""
    return " ".join(plainest(part, language, _around(language).request) for part in _ENDS.split(question) if words(part).plain)


def _without_hint(text: str, around: _Around) -> str:
    """Return a text without a bracket at its end that only says how to answer."""
    found = _TRAILING.search(text)
    if not found or not found.start() or not {word for word in words(found[1]).plain if not word.isdecimal()} <= around.hints:
        return text
    return text[: found.start()] + (found[2] if not text[: found.start()].rstrip().endswith(("?", ".", "!")) else "")


def _without_front(sentence: str, around: _Around) -> tuple[str, bool]:
    """Return a sentence without greetings and reasons in front, and whether a reason was there; "" when nothing else is in it."""
    reason = False
    while sentence:
        tokens = list(_WORD.finditer(sentence))
        plain = words(sentence).plain
        if len(tokens) != len(plain):
            return sentence, reason
        if direct := _without_end(sentence, tokens, plain, around):
            return direct, reason
        polite = _polite_end(sentence, tokens, plain, around)
        if polite:
            sentence = _from(sentence, tokens, polite)
            continue
        end, wanted = _reason_end(sentence, tokens, plain, around)
        if not end:
            return sentence, reason
        reason = True
        sentence = _from(sentence, tokens, end)
        if wanted and sentence:
            return f"{around.request} {sentence}", reason
    return "", reason


def _without_end(sentence: str, tokens: list[re.Match[str]], plain: tuple[str, ...], around: _Around) -> str:
    """Return a German request whose verb comes last ("Könnten Sie uns bitte ... nennen?") put at once, "" when it is none."""
    found = around.asking.match(" ".join(plain))
    if not found or plain[-1] not in around.ending:
        return ""
    return f"{around.request} {sentence[tokens[len(found[0].split())].start() : tokens[-1].start()].rstrip()}?"


def _polite_end(sentence: str, tokens: list[re.Match[str]], plain: tuple[str, ...], around: _Around) -> int:
    """Return how many words in front are a greeting or thanks that ends at a mark or with the sentence, 0 for none."""
    found = around.polite.match(" ".join(plain))
    count = len(found[0].split()) if found else 0
    return count if count and (count == len(plain) or _breaks(sentence, tokens, count)) else 0


def _reason_end(sentence: str, tokens: list[re.Match[str]], plain: tuple[str, ...], around: _Around) -> tuple[int, bool]:
    """Return how many words in front say why it is asked, 0 for none, and whether what is asked for follows at once."""
    text = " ".join(plain)
    handed = around.handover.match(text)
    opened = around.openers.match(text)
    if not handed and not opened:
        return 0, False
    last = len(opened[0].split()) if opened else 0
    while last < len(plain) and (
        plain[last] in around.setting or (last and plain[last].isdecimal() and plain[last - 1] in around.numbered)
    ):
        last += 1
    ends = []
    for at in range(last + 1):
        handover = around.handover.match(text, sum(len(word) + 1 for word in plain[:at]))
        if handover:
            ends.append((at + len(handover[0].split()), True))
        elif 0 < at < len(plain) and _breaks(sentence, tokens, at) and plain[at - 1] not in around.rows:
            ends.append((at, False))
    whole = last == len(plain) and not sentence.rstrip().endswith("?")
    if whole:
        return len(plain), False
    return max((end for end in ends if end[0] < len(plain)), default=(0, False))


def _breaks(sentence: str, tokens: list[re.Match[str]], at: int) -> bool:
    """Return whether a mark stands between a word and the one before."""
    return bool(_BREAK.search(sentence, tokens[at - 1].end(), tokens[at].start()))


def _from(sentence: str, tokens: list[re.Match[str]], at: int) -> str:
    """Return a sentence from a word on, with the mark that opens a question in Spanish."""
    if at >= len(tokens):
        return ""
    start = tokens[at].start()
    return sentence[start - 1 if sentence[start - 1] in "\u00bf\u00a1(" else start :]


def _requests(language: str) -> list[str]:
    """Return the ways to ask for something to be told ("could you send us"); to be asked to confirm is another thing."""
    polite, verbs = asked(language)
    return [f"{one} {verb}{more}" for one in polite for verb in verbs if verb not in _CONFIRMING for more in _TO_US[language]]


_TO_US = {"en": ("", " us", " me", " us with", " over", " through"), "fr": ("", " a nous"), "de": ("",), "es": ("", " nos")}
_POLITE_DE = ("konnten sie", "konnen sie", "wurden sie")
_CONFIRMING = frozenset(["confirm", "confirmer", "bestatigen", "confirmar"])


@cache
def _around(language: str) -> _Around:
    table = _table()
    return _Around(
        polite=pattern(tuple(table["polite"][language])),
        openers=pattern(tuple(table["openers"][language])),
        handover=pattern((*table["handover"][language], *_requests(language))),
        setting=frozenset(table["setting"][language].split()),
        hints=frozenset(table["hints"][language].split()),
        pointing=frozenset(table["pointing"][language].split()),
        numbered=frozenset(table["numbered"]["all"].split()),
        rows=frozenset(table["rows"][language].split()),
        request=table["request"][language],
        asking=pattern(
            tuple(f"{one}{more}" for one in _POLITE_DE for more in ("", " uns", " mir", " uns bitte", " mir bitte", " bitte", " uns noch"))
        ),
        ending=frozenset(asked(language)[1]) - _CONFIRMING if language == "de" else frozenset(),
    )


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("popmap.answering").joinpath("asides.toml").read_text(encoding="utf-8"))


@cache
def _control() -> re.Pattern[str]:
    """Return the pattern of a control's id in front: an area's letters, letters with a number, or numbers with dots."""
    areas, others = ("|".join(_table()["control"][key].split()) for key in ("areas", "others"))
    return re.compile(
        rf"^\s*(?:(?:{areas})\s*[:\u2013\u2014-]\s+"
        r"|[A-Z]{2,6}-\d{1,3}\s*[:.)]\s+"
        rf"|(?!(?:{others})\b)[A-Z]{{1,5}}(?:&[A-Z])?[ .-]?\d+(?:[.-]\d+)*[a-z]?(?:\s*[).:\u2013\u2014-])?\s+(?=\w{{2}}|\u00bf)"
        r"|\d+(?:\.\d+)+\s*(?:[).:\u2013\u2014-]\s+|\s(?=[A-Z\u00bf])))"
    )


@cache
def _or_else() -> re.Pattern[str]:
    """Return the pattern of a name with words for anyone else behind it ("Stripe or someone else?"): who is asked for stands before it."""
    table = _table()["else"]
    return re.compile(
        r",\s*[A-Z][\w.-]*(?:\s[A-Z][\w.-]*)?,?\s+(?:or|ou|oder|o|u)\s+"
        rf"(?:(?:{'|'.join(table['whole'])})|(?:{'|'.join(table['before'])})(?:\s(?:{'|'.join(table['behind'])}))?)\s*\?"
    )
