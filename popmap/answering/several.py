"""What a question of several parts asks: its sentences, what stands behind "including", and what a bracket lists."""

from __future__ import annotations

import re
from dataclasses import replace

from popmap.answering.asides import without_dots
from popmap.answering.fitting import is_turned
from popmap.answering.lexicon import kinds, operators
from popmap.answering.listing import are_brands, are_members, halves
from popmap.answering.model import Match
from popmap.answering.names import Names
from popmap.answering.sentence import LABEL_MARK, MARKS, is_closed, read_question
from popmap.answering.single import match_one
from popmap.answering.tongue import tongue
from popmap.answering.words import Words, places, together, words

WITH = "with"
"""The argument that holds the intents a question asks for besides ("... including their location")."""
# Concepts whose words carry little by themselves in a further part.
_COMMON = ("data", "store", "receive", "using", "vendor", "subprocessor", "transfer", "outside", "eea", "link", "contact", "rely")
# What a part behind "including", or a second sentence, asks for by one concept alone.
_TAILS = {
    "purpose": "vendor-purposes",
    "where": "locations",
    "headoffice": "vendor-countries",
    "mechanism": "transfer-mechanisms",
    "scc": "transfer-mechanisms",
    "agreement": "agreements",
    "retention": "retention",
    "category": "categories",
    "legalbasis": "legal-bases",
    "subprocessor": "sub-processors",
    "subjects": "data-subjects",
    "sourceofdata": "source-of-data",
}
# Of these, what a label or a request may add by "and" alone ("storage location and retention").
_ADDED = ("purpose", "where", "mechanism", "agreement", "retention", "legalbasis", "subjects", "sourceofdata")
# "And on which basis?" asks for what transfers rest on, and "for which purposes?" is not about vendors, where those were asked for.
_OF_DATA = (
    "purposes",
    "categories",
    "data-subjects",
    "legal-bases",
    "retention",
    "consent",
    "source-of-data",
    "special-categories",
    "health-data",
    "biometric-data",
    "card-data",
    "childrens-data",
)
_TAILS_OF = {
    ("privacy-notice", "where"): "privacy-notice",
    ("transfers", "where"): "transfers",
    ("transfers", "legalbasis"): "transfer-mechanisms",
    ("transfer-mechanisms", "legalbasis"): "transfer-mechanisms",
} | {(first, "purpose"): "purposes" for first in _OF_DATA}
# A second question in the same cell adds to these only; others have nothing that could be added to.
_SENTENCES = re.compile(r"(?<=[?!;])\s+|(?<=[a-z)]\.)\s+(?=[A-Z\u00bf])|\n+")
# "(name, service, country)" behind what is asked for.
COLUMNS = re.compile(r"\(([^()]*[,;/][^()]*)\)")
_EXEMPLIFIED = (
    "vendors-for",
    "data-subjects",
    "special-categories",
    "categories",
    "card-data",
    "health-data",
    "biometric-data",
    "purposes",
)
_LISTED = 2
_SHORT = 3
_SORTS = ("card", "health", "biometric", "special", "children")
_OF_EXAMPLES = ("people", "physical", "access-control", "residents")
# Safeguards are those of transfers only where a question is about who receives data, or where.
_WITH_SAFEGUARDS = (
    "transfers",
    "transfer-mechanisms",
    "locations",
    "sub-processors",
    "recipients",
    "vendor-countries",
    "receivers-of",
    "about-vendor",
)
_UNLIKE = (("transfers", "impact-assessment"), ("transfer-mechanisms", "impact-assessment"))


def match_whole(question: str, language: str, names: Names) -> Match:
    """Return what a question of one or several parts asks; arguments as of `match`."""
    for first, second in halves(question, language):
        both = match_one(first, language, names), match_one(second, language, names)
        if all(one.intent for one in both) and both[0].intent != both[1].intent and both[0].argument == both[1].argument:
            asks_process = any(one.asks_process for one in both)
            return replace(both[0], argument=both[0].argument | {WITH: (both[1].intent,)}, asks_process=asks_process)
    parts = _parts(question, language)
    if len(parts) <= 1:
        return match_one(question, language, names)
    found = _several(question, parts, language, names)
    # What only looks like a list's further columns ("contracts with their vendors") is read as a whole; a second sentence never is.
    return found if found.intent or len(_sentences(question)) > 1 else match_one(question, language, names)


def _parts(question: str, language: str) -> list[str]:
    """Return a question's sentences, and what stands behind "including" and the like; one part when there is nothing to part."""
    sentences = _sentences(question)
    if len(sentences) > 1:
        return sentences
    listed = COLUMNS.search(question)
    if listed and words(question[: listed.start()]).plain:
        return [question[: listed.start()] + question[listed.end() :], listed[1]]
    text = words(question)
    tail = tongue(language).tail.search(text.text)
    at = sum(1 for start in text.starts if start < tail.start()) if tail and tail.start() else _added_at(question, text, language)
    if not at:
        return sentences
    mark = question.rstrip()[-1]
    return [" ".join(text.written[:at]) + (mark if mark in MARKS else ""), " ".join(text.written[at:])]


def _added_at(question: str, text: Words, language: str) -> int:
    """Return the place of an "and" behind which a request names a further thing by its own word, 0 where there is none."""
    known = tongue(language)
    if is_closed(question, language) and question.rstrip().endswith(MARKS):
        return 0
    starts = {min(span) for key in _ADDED for span in places(known.concepts[key], text)}
    for at, word in enumerate(text.plain):
        if at and word in known.joins:
            following = at + 1
            while following < len(text.plain) and following not in starts and text.plain[following] in known.beside:
                following += 1
            if following in starts:
                return at
    return 0


def _sentences(question: str) -> list[str]:
    return [part for part in _SENTENCES.split(without_dots(question)) if words(part).plain]


def _several(question: str, parts: list[str], language: str, names: Names) -> Match:
    """Return the match of a question of several parts: the first decides, and each other must be understood too."""
    first = match_one(parts[0], language, names)
    if not first.intent and _is_told(parts, language, names):
        # "Purposes are documented. Please list them." asks for them as a label would.
        first = match_one(parts[0].rstrip(" .") + LABEL_MARK, language, names)
    if not first.intent:
        return first
    further: list[str] = []
    asks_process = first.asks_process
    for part in parts[1:]:
        if are_members(part, language, first.intent) or (first.intent == "vendors-for" and are_brands(part, language, names, question)):
            continue
        added = _further(part, language, names, first)
        if added is None and first.intent in _EXEMPLIFIED and len(parts) == _LISTED and _is_examples(part, language, names, first.intent):
            continue
        if added is None:
            return Match("", why=f"Not understood: “{part}”.")
        further += [key for key in added.split() if key != first.intent]
        asks_process = asks_process or bool(added and match_one(part, language, names).asks_process)
    argument = first.argument | ({WITH: tuple(dict.fromkeys(further))} if further else {})
    return replace(first, argument=argument, asks_process=asks_process)


def _is_told(parts: list[str], language: str, names: Names) -> bool:
    """Return whether a statement is followed by nothing but requests to tell what it speaks of."""
    if not parts[0].rstrip().endswith(".") or not is_closed(parts[0], language):
        return False
    requests = [read_question(part, language, names) for part in parts[1:]]
    return all(not one.closed and not one.process and not any(not operators()[key].common for key, _ in one.operators) for one in requests)


def _is_examples(part: str, language: str, names: Names, intent: str) -> bool:
    """Return whether a bracket holds examples only: no word in it turns the question, and it asks for nothing."""
    read = read_question(part, language, names)
    # Of vendors, names could be places that narrow it: only what they do is listed in small letters.
    if intent == "vendors-for" and any(word != word.lower() for word in read.text.written):
        return False
    return (
        not is_turned(read, together(read.concepts.get(key, frozenset()) for key in _SORTS))
        and not any(key not in _OF_EXAMPLES for key, _ in read.topics)
        and (not part.rstrip().endswith(MARKS) or part.rstrip().endswith(("etc.", "...")))
        and part in set(COLUMNS.findall(f"({part})"))
    )


def _further(part: str, language: str, names: Names, before: Match) -> str | None:
    """Return the intents that a further part asks for, "" for none at all ("If yes, please list them"), None when it is not understood."""
    first = before.intent
    read = read_question(part, language, names)
    if read.topics or (first not in _WITH_SAFEGUARDS and read.concepts.get("mechanism")):
        return None
    everything = set(range(len(read.text.plain)))
    tail = together(places(tongue(language).tail, read.text))
    common = together(read.concepts.get(key, frozenset()) for key in _COMMON)
    if not together(one.places for one in read.names) <= common:
        return None
    found = {key: read.concepts[key] for key in _TAILS if key in read.concepts and key != "subprocessor"}
    if first == "vendors-for" and "subjects" in found:
        # "From whom?" asks for the vendor once more, and more words for what is not known of its kind.
        return "" if len(read.text.plain) <= _SHORT else None
    meant = together(found.values())
    reached = read.concepts.get("contact", frozenset())
    of_kind = any(read.concepts.get(key, frozenset()) - reached for key in kinds())
    others = (read.concepts.get("vendor") or read.concepts.get("subprocessor")) and first in _OF_DATA
    if first == "impact-assessment" and not read.closed and not found:
        # The register says whether there is one, and holds nothing of it.
        return None
    # "The period for every data type" asks for no types.
    found = {key: span for key, span in found.items() if not any(span < other for other in found.values())}
    if not of_kind and not (others and not found) and not is_turned(read, meant) and everything <= (meant | read.plain | tail | common):
        abroad = read.concepts.get("outside") and first not in ("transfers", "transfer-mechanisms")
        asked = ["transfers" if key == "where" and abroad else _TAILS_OF.get((first, key), _TAILS[key]) for key in found]
        return " ".join(dict.fromkeys(asked))
    whole = match_one(part, language, names)
    # What is assessed of a transfer is another assessment, and who sends e-mails is another one than who hosts.
    if whole.argument and whole.argument != before.argument:
        return None
    return whole.intent if (first, whole.intent) not in _UNLIKE and whole.intent else None
