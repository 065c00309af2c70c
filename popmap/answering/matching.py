"""What a question asks: an intent of the register with its arguments, or nothing, and why.

An intent is taken only when its concepts are all there, every other word of the question is understood, nothing in it is beyond a
register, and no other intent is as near. Whatever is not understood is not answered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from popmap.answering.lexicon import KIND, USED, Intent, intents, kinds, operators, tongue, topics
from popmap.answering.likeness import likeness
from popmap.answering.model import Match
from popmap.answering.names import Names
from popmap.answering.sentence import Read, read_question
from popmap.answering.words import places, together, words

WITH = "with"
"""The argument that holds the intents a question asks for besides ("... including their location")."""
CLOSE = 0.03
# Concepts whose words carry little by themselves: any intent may have them.
_COMMON = ("data", "store", "receive")
# Concepts whose words carry no subject where no intent is about them.
_WEAK = frozenset(
    {
        "using",
        "asker",
        "headcount",
        "act",
        "rely",
        "joining",
        "manner",
        "picture",
        "towhom",
        "keeping",
        "monitoring",
        "datacentre",
        "foryou",
        "articlesix",
        "contracted",
        "link",
        "contact",
        "last",
        "controllerid",
        "anydata",
        "designated",
        "noticing",
        "hostprovider",
        "cardpayment",
        "sourceofdata",
    }
)
# The Articles that say what words mean; any question may cite them.
_DEFINING = ("4",)
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
}
_OF_TRANSFERS = ("transfers", "transfer-mechanisms")
# A second question in the same cell adds to these only; others have nothing that could be added to.
_SENTENCES = re.compile(r"(?<=[?!;])\s+|(?<=[a-z)]\.)\s+(?=[A-Z\u00bf])|\n+")
# What an intent allows where its facts are evidence for whoever answers about a process.
_PROCESS = "process"
# What it allows where its rows may be about the customer's own people.
_OURS = "ours"
# "(name, service, country)" behind what is asked for.
_COLUMNS = re.compile(r"\(([^()]*[,;/][^()]*)\)")
_LONGEST = 1_500


@dataclass(frozen=True, slots=True)
class _Candidate:
    intent: Intent
    score: float
    core: frozenset[int]


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
    parts = _parts(question, language)
    if len(parts) <= 1:
        return _match(question, language, names)
    found = _several(parts, language, names)
    # What only looks like a list's further columns ("contracts with their vendors") is read as a whole; a second sentence never is.
    return found if found.intent or len(_sentences(question)) > 1 else _match(question, language, names)


def _match(question: str, language: str, names: Names) -> Match:
    read = read_question(question, language, names)
    met = [(intent, core) for intent in intents().values() if (core := _core(intent, read))]
    if not met:
        return Match("", why=_why_not(read))
    like = likeness(read.text.text, language)
    candidates = [_Candidate(intent, _score(core, read, like.get(intent.key, 0.0)), core) for intent, core in met]
    candidates.sort(key=lambda one: (-one.score, one.intent.key))
    best = candidates[0]
    margin = round(best.score - candidates[1].score, 3) if len(candidates) > 1 else round(best.score, 3)
    shown = tuple(read.text.plain[at] for at in sorted(best.core))
    process = bool(read.process - best.core)
    score = round(best.score, 3)
    if len(candidates) > 1 and margin < CLOSE:
        why = f"Two readings are as near: “{best.intent.asks}” and “{candidates[1].intent.asks}”"
        return Match("", score=score, margin=margin, words=shown, why=why)
    why = f"Read as “{best.intent.asks}” because of: {', '.join(dict.fromkeys(shown))}."
    return Match(best.intent.key, _argument(best.intent, read), score, margin, shown, process, why)


def _core(intent: Intent, read: Read) -> frozenset[int]:
    """Return the places of the words that make a question an intent's, none when it is not."""
    core: frozenset[int] = frozenset()
    for need in intent.needs:
        found = together(_found(one, read) for one in need)
        if not found:
            return found
        core |= found
    if intent.closed is not None and read.closed and not together(_found(one, read) for one in intent.closed):
        return frozenset()
    core |= together(one.places for one in read.names if one.facet in intent.names)
    named = together(one.places for one in read.names)
    known = core | together(read.concepts.get(key, frozenset()) for key in intent.also)
    beyond = (
        bool(named - known)
        or any(read.concepts.get(key, frozenset()) - core - read.process for key in intent.never)
        or any(not span <= core for _, span in read.topics)
        or any(not span <= core | read.process and not _allows(intent, key, read.closed) for key, span in read.operators)
        or any(number not in (*intent.articles, *_DEFINING) and not span & core for number, span in read.articles)
        or any(span - known - read.process for key, span in read.concepts.items() if key not in _WEAK)
        or bool(read.ours - core and _OURS not in intent.allows)
        or bool(read.process - core and _PROCESS not in intent.allows)
        or _of_each_other(read)
    )
    if beyond:
        return frozenset()
    understood = known | read.plain | read.process | together(span for _, span in (*read.operators, *read.articles))
    return core if understood >= set(range(len(read.text.plain))) else frozenset()


def _allows(intent: Intent, key: str, closed: bool) -> bool:
    """Return whether what an intent tells is an answer under an operator."""
    operator = operators()[key]
    return operator.common or (key in intent.allows and not (operator.open if closed else operator.closed))


def _of_each_other(read: Read) -> bool:
    """Return whether vendors are asked about in relation to others of theirs ("which sub-processors do your vendors use")."""
    spoken = sorted(read.concepts.get("vendor", frozenset()) | read.concepts.get("subprocessor", frozenset()))
    joining = read.concepts.get("joining", frozenset())
    return any(not set(range(first + 1, second)) <= joining for first, second in pairwise(spoken))


def _score(core: frozenset[int], read: Read, like: float) -> float:
    """Return how sure a reading is: the share of its words in those that say something, and the likeness to how it is asked."""
    content = sum(1 for at in range(len(read.text.plain)) if at not in read.plain or at in core)
    return 0.6 * min(1.0, len(core) / max(1, content)) + 0.4 * like


def _found(need: str, read: Read) -> frozenset[int]:
    if need == KIND:
        return together(read.concepts.get(kind, frozenset()) for kind in kinds())
    if need == USED:
        return (
            read.concepts.get("using", frozenset())
            if any(kind.used and key in read.concepts for key, kind in kinds().items())
            else frozenset()
        )
    if need.startswith("@"):
        return together(one.places for one in read.names if one.facet == need[1:])
    return read.concepts.get(need, frozenset())


def _argument(intent: Intent, read: Read) -> dict[str, tuple[str, ...]]:
    argument: dict[str, tuple[str, ...]] = {}
    for facet in intent.names:
        if facet == "kind":
            keys = tuple(kind for kind in kinds() if kind in read.concepts)
        else:
            keys = tuple(dict.fromkeys(key for one in read.names if one.facet == facet for key in one.keys))
        if keys:
            argument[facet] = keys
    return argument


def _why_not(read: Read) -> str:
    for key, _ in read.topics:
        return topics()[key].why
    covered = together(read.concepts.values()) | read.plain | read.process | together(span for _, span in (*read.operators, *read.articles))
    strange = [read.text.plain[at] for at in range(len(read.text.plain)) if at not in covered]
    if strange:
        return f"Not understood: {', '.join(dict.fromkeys(strange[:5]))}."
    changed = [read.text.plain[at] for key, span in read.operators if not operators()[key].common for at in sorted(span)]
    if changed:
        return f"Rows do not answer it as it is narrowed or turned: {', '.join(dict.fromkeys(changed[:5]))}."
    return "No question that a register answers has these words."


def _parts(question: str, language: str) -> list[str]:
    """Return a question's sentences, and what stands behind "including" and the like; one part when there is nothing to part."""
    sentences = _sentences(question)
    if len(sentences) > 1:
        return sentences
    listed = _COLUMNS.search(question)
    if listed and listed.start():
        return [question[: listed.start()] + question[listed.end() :], listed[1]]
    text = words(question)
    tail = tongue(language).tail.search(text.text)
    if not tail or not tail.start():
        return sentences
    at = sum(1 for start in text.starts if start < tail.start())
    return [" ".join(text.written[:at]), " ".join(text.written[at:])]


def _sentences(question: str) -> list[str]:
    return [part for part in _SENTENCES.split(question) if words(part).plain]


def _several(parts: list[str], language: str, names: Names) -> Match:
    """Return the match of a question of several parts: the first decides, and each other must be understood too."""
    first = _match(parts[0], language, names)
    if not first.intent:
        return first
    further: list[str] = []
    asks_process = first.asks_process
    for part in parts[1:]:
        added = _further(part, language, names, first.intent)
        if added is None:
            return Match("", why=f"Not understood: “{part}”.")
        further += [key for key in added.split() if key != first.intent]
        asks_process = asks_process or bool(added and _match(part, language, names).asks_process)
    argument = first.argument | ({WITH: tuple(dict.fromkeys(further))} if further else {})
    return replace(first, argument=argument, asks_process=asks_process)


def _further(part: str, language: str, names: Names, first: str) -> str | None:
    """Return the intents that a further part asks for, "" for none at all ("If yes, please list them"), None when it is not understood."""
    read = read_question(part, language, names)
    if read.topics:
        return None
    turned = any(not (operators()[key].common or operators()[key].carried) for key, _ in read.operators)
    everything = set(range(len(read.text.plain)))
    tail = together(places(tongue(language).tail, read.text))
    common = together(
        read.concepts.get(key, frozenset())
        for key in (*_COMMON, "using", "vendor", "subprocessor", "transfer", "outside", "eea", "link", "contact", "rely")
    )
    if not together(one.places for one in read.names) <= common:
        return None
    found = {key: read.concepts[key] for key in _TAILS if key in read.concepts and key != "subprocessor"}
    cited = any(number not in _DEFINING for number, _ in read.articles)
    if not turned and not cited and everything <= (together(found.values()) | read.plain | tail | common):
        asked = [_TAILS[key] for key in found]
        if first in _OF_TRANSFERS:
            # "And on which basis?" asks for what transfers rest on where they were asked for.
            asked = ["transfer-mechanisms" if key == "legal-bases" else key for key in asked]
        return " ".join(dict.fromkeys(asked))
    whole = _match(part, language, names)
    return whole.intent or None
