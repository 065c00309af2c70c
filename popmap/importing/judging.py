"""Whether words name a vendor: the one place that every shape of source asks, and each answer with its reason.

What stands where a vendor is named may as well be a purpose, a kind of recipient, a heading, a cookie, a link's text or a sentence. What is
told apart for certain becomes nobody; what may be either is asked about, and left out until somebody says otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from popmap.importing import countries, headings
from popmap.importing.splitting import has_form
from popmap.importing.statements import Said, said, vocabulary
from popmap.importing.wording import dated, is_proper, is_site, phrase, wordy
from popmap.importing.words import fold, group, pattern

_CODE = 3
_LONGEST_TOLD, _LONG_PHRASE = 4, 3
_EXAMPLES = re.compile(
    r"[(\[]\s*(?:e\.\s?g\b|eg[.,]|for example|such as|z\.?\s?b\b|zum beispiel|p\.?\s?ej\b|por ejemplo|par ex|p\.?\s?ex\b|ad es)",
    re.IGNORECASE,
)
_LOWER = re.compile(r"^[^\W\d_][\w'’-]*(?:\s+[^A-ZÀ-Ý\W][\w'’-]*)+$")
_PLACEHOLDER = re.compile(r"\[.*\]|<.*>|\{.*\}|_+|x{3,}", re.IGNORECASE)
_SECTION = re.compile(
    r"^\s*(?:\d+\.)+\d+\.?\s|^\s*(?:annex|annexe|anhang|anexo|anlage|allegato|bilaga|bijlage|schedule|appendix|exhibit)\b", re.IGNORECASE
)
_MAIL_OR_PHONE = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}|\+?[\d\s()/-]{7,}", re.IGNORECASE)
# What programs call things: `session_id`, `_ga`, `/v1/chat`.
_IDENTIFIER = re.compile(
    r"\S+\.(?:png|jpe?g|svg|webp|gif|pdf|docx?|xlsx?|css|ya?ml|json)|_\w+|[A-Z]{2,6}-\d{1,6}|[a-z0-9]+(?:_[a-z0-9*]+)+|/\S*|[a-z]+(?:[A-Z][a-z]+)*\(\)"
)
# A German compound says what is done by its last word.
_DOING = re.compile(
    r"\w{3,}(?:versand|abwicklung|verarbeitung|verwaltung|uberwachung|analyse|dienste?|speicherung|sicherung|erkennung|abrechnung|buchhaltung"
    r"|anbieter|optimierung|erstellung|messung|verfolgung|steuerung|entwicklung|wartung|kommunikation|beratung|prufung|benachrichtigungen)"
)
_CAMEL = re.compile(r"[a-zà-ÿ][A-ZÀ-Ý]")


class Verdict(StrEnum):
    """What is made of words: a vendor; a question, which leaves them out until somebody says otherwise; or nobody."""

    VENDOR = "vendor"
    ASKED = "asked"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is made of words, with a remark's code and sentence where that is no vendor."""

    verdict: Verdict
    code: str = ""
    reason: str = ""


_VENDOR = Judgement(Verdict.VENDOR)
GROUP = Judgement(Verdict.NOBODY, "recipient-group", "This names a kind of recipient and nobody in particular, so no vendor is made of it.")
_SENTENCE = Judgement(Verdict.NOBODY, "unclear-recipient", "This is a sentence and no name, so no vendor is made of it.")
UNDECIDED = Judgement(Verdict.NOBODY, "undecided", "The name is still to come, so no vendor is made of it.")
_HEADING = Judgement(Verdict.NOBODY, "left-out", "This is what columns are called, and nobody's name, so no vendor is made of it.")
_NOBODY = Judgement(Verdict.NOBODY, "left-out", "This says that nobody is named, so no vendor is made of it.")
_PLACE = Judgement(Verdict.NOBODY, "left-out", "This is a place and nobody's name, so no vendor is made of it.")
_OWN = Judgement(Verdict.NOBODY, "left-out", "This names whoever publishes the list, so no vendor is made of it.")
_SELF = Judgement(Verdict.ASKED, "maybe-own", "This is run by whoever publishes the list, and may be no recipient.")
_SAFE = Judgement(Verdict.NOBODY, "left-out", "This is a safeguard and nobody's name, so no vendor is made of it.")
_PAGE = Judgement(Verdict.NOBODY, "left-out", "This is a date, an address or a link's text and nobody's name, so no vendor is made of it.")
_SIGN = Judgement(Verdict.NOBODY, "left-out", "This is what a program calls something, and nobody's name, so no vendor is made of it.")
_WORK = Judgement(Verdict.ASKED, "maybe-purpose", "This says what is done, and may be nobody's name.")
_KIND = Judgement(Verdict.ASKED, "maybe-group", "This may be a kind of recipient, and nobody's name.")


@lru_cache(maxsize=8_192)
def judge(name: str, *, asks: bool = False, column: bool = True) -> Judgement:
    """Return what is made of words that stand where a vendor is named.

    Args:
        name: The words.
        asks: Whether their heading asks for recipients of any kind.
        column: Whether they stand in a column of names; else they begin an item of a list.
    """
    if undecided(name):
        return UNDECIDED
    if is_group(name):
        return GROUP
    if wordy(name):
        return _SENTENCE
    if not has_form(name) and (nobody := _nobody(name)):
        return nobody
    if open_ended(name) or _spoken(name):
        return _KIND
    if any(
        pattern("names", "self_run").search(fold(one)) for one in (*re.findall(r"[(\[]([^()\[\]]+)[)\]]", name), name.rpartition(" ")[2])
    ):
        return _SELF
    long = len(re.sub(r"\(.*?\)", "", name).split()) > _LONG_PHRASE
    if phrase(name) and (asks or (column and long)):
        return _KIND
    return _WORK if descriptive(name) else _VENDOR


def _nobody(name: str) -> Judgement | None:
    """Return why words without a legal form are nobody's name for certain, None where they may be one."""
    folded = fold(re.sub(r"\s*[(\[].*?[)\]]", "", name))
    label = fold(name.split(":", maxsplit=1)[0]) if ":" in name else ""
    told = (
        (label in group("names", "pages") or folded in group("names", "pages"), _PAGE),
        (dated(name) or bool(_MAIL_OR_PHONE.fullmatch(name.strip())), _PAGE),
        (bool(_SECTION.match(name)) or _document(folded), _PAGE),
        (folded in group("names", "own"), _OWN),
        (bool(vocabulary(name, "transfer_mechanism").stated) and vocabulary(name, "transfer_mechanism").bare, _SAFE),
        (bool(_IDENTIFIER.fullmatch(name.strip())), _SIGN),
        (bool(headings.sure(name)) and not headings.generic(name), _HEADING),
        (said(re.sub(r"\s*[(\[].*?[)\]]", "", name)) not in {Said.TEXT, Said.YES}, _NOBODY),
        (len(name) > _CODE and bool(countries.country(name)), _PLACE),
    )
    return next((one for holds, one in told if holds), None)


def _document(folded: str) -> bool:
    """Return whether words of several end in what a document, a cookie or a setting is called: "Cloudy DPA", "Rainy opt-out tool"."""
    words = folded.split()
    return len(words) > 1 and any(" ".join(words[-count:]) in group("names", "documents") for count in (1, 2, 3))


def _spoken(name: str) -> bool:
    """Return whether words speak to a reader or begin like a sentence, "How we use it", or are of a script whose words are not known."""
    words = fold(re.sub(r"\s*[(\[].*?[)\]]", "", name)).split()
    if has_form(name) or is_known(name):
        return False
    told = len(words) > 1 and (words[0] in group("names", "beginning") or bool(group("names", "speaking") & set(words)))
    return told or any("\u0590" <= one <= "\u0e7f" for one in name)


@lru_cache(maxsize=8_192)
def descriptive(text: str) -> bool:
    """Return whether words only say what is done or with what: "Payment processing", "Access Controls", "Mesure d'audience"."""
    bare = re.sub(r"\s*[(\[].*?[)\]]", " ", text).strip()
    # "Web Push (Beacon)" names somebody in its brackets.
    if any(_told(one) for one in re.findall(r"[(\[]([^()\[\]]+)[)\]]", text)):
        return False
    if not bare or has_form(bare) or is_site(bare) or _CAMEL.search(bare):
        return False
    words = [one for one in fold(bare).split() if one not in group("names", "small") and not one.isdigit()]
    words = [one for one in words if one not in group("places", "regions")] or words
    return bool(words) and all(one in group("names", "work") or _DOING.fullmatch(one) for one in words)


def _told(inside: str) -> bool:
    """Return whether brackets name somebody, and no place, proviso or work."""
    folded = fold(inside)
    if folded in group("names", "provisos") | group("places", "regions") | group("names", "own") or countries.country(inside):
        return False
    words = [one for one in folded.split() if one not in group("names", "small")]
    work = all(one in group("names", "work") or one in group("names", "provisos") for one in words)
    return inside[:1].isupper() and len(words) < _LONGEST_TOLD and not work and is_proper(inside)


def is_known(name: str) -> bool:
    """Return whether a name is that of a widely used service, or begins with one's."""
    words = fold(name).split()
    return any(" ".join(words[:count]) in group("names", "known") for count in (1, 2, 3))


def undecided(text: str) -> bool:
    """Return whether a name is still to come: "Hosting provider (to be selected)"."""
    told = [*re.findall(r"[(\[]([^()\[\]]*)[)\]]", text), *re.split(r"\s[–—-]\s", text)[1:], *re.split(r":\s+", text)[1:], text]
    return any(fold(part) in group("names", "undecided") for one in told for part in (one, re.split(r"\s*[:;,]\s*|\s+[–—-]\s+", one)[0]))


def open_ended(text: str) -> bool:
    """Return whether a kind is named with examples, "Hosting (e.g. Cloudy)", or is whoever the reader has, "Your mail server"."""
    first, _, more = fold(text).partition(" ")
    return bool(_EXAMPLES.search(text)) or (bool(more) and first in group("names", "readers") and not has_form(text))


@lru_cache(maxsize=8_192)
def is_group(name: str) -> bool:
    """Return whether words name a kind of recipient ("Payment service providers") and nobody in particular."""
    folded = fold(re.sub(r"\(.*?\)", "", name))
    if _PLACEHOLDER.fullmatch(name.strip()) or not folded or folded in group("data", "groups") or folded in group("lists", "introducing"):
        return True
    last = folded.split()[-1]
    plain = bool(_LOWER.match(re.sub(r"\s*\(.*?\)\s*|\s*/\s*", " ", name).strip()))
    return (plain and bool(pattern("data", "groups").search(folded))) or (
        last in group("data", "groups")
        and folded.split()[0] in {"our", "other", "third", "service", "nos", "unsere", "nuestros", "various"}
    )
