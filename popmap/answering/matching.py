"""What a question asks: an intent of the register with its arguments, or nothing, and why.

An intent is taken only when its concepts are all there, every other word of the question is understood, nothing in it is beyond a
register or turns it into a question for other rows, and no other intent is as near. Whatever is not understood is not answered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from popmap.answering.asides import essence, told, without_control, without_dots
from popmap.answering.fitting import argument_of, core_of, is_turned, score_of, why_not
from popmap.answering.lexicon import Intent, intents, kinds, operators, tongue
from popmap.answering.likeness import likeness
from popmap.answering.listing import are_brands, are_members, halves, headed, is_one_member
from popmap.answering.model import Match
from popmap.answering.names import Names
from popmap.answering.requests import supposing
from popmap.answering.sentence import LABEL_MARK, MARKS, apart, is_closed, read_question
from popmap.answering.words import Words, places, together, words

WITH = "with"
"""The argument that holds the intents a question asks for besides ("... including their location")."""
CLOSE = 0.03
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
_COLUMNS = re.compile(r"\(([^()]*[,;/][^()]*)\)")
# Of these, a bracket may hold examples in words of its own: all there are is told, and no yes is chosen.
_EXAMPLES = re.compile(
    r",?\s*\b(?:such as|for example|for instance|e\.g\.|tales como|como por ejemplo|por ejemplo|tels? que|telles que|par exemple|"
    r"wie (?:z\.\s?B\.|etwa|beispielsweise)|zum Beispiel|beispielsweise|z\.\s?B\.)\s+([^?.;:()]+)",
    re.IGNORECASE,
)
# Whose words what is asked for is put in: "(SOC 2 wording)".
_WORDING = re.compile(r"\s*\([^()]*\b(?:wording|terminology|parlance|terminologie|Terminologie|Wortlaut|terminolog\u00eda)\)")
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
# "are: ______".
_BLANKS = re.compile(r"\s*(?:_{2,}|\u2026|\.{3,})\s*[.]?\s*$")
_LISTED = 2
_OF_EXAMPLES = ("people", "physical", "access-control", "residents")
_SHORT = 3
_NEARER = ("last-review",)
_OF_VENDORS = ("vendors-for", "agreements", "vendor-countries", "change-notice", "vendor-certifications")
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
    if question != (plain := _WORDING.sub("", question)) and words(plain).plain:
        return match(plain, language, names)
    if question != (filled := _BLANKS.sub("", question)) and words(filled).plain:
        return match(filled, language, names)
    if question != (bare := without_control(question)) and words(bare).plain:
        return match(bare, language, names)
    found = _whole(question, language, names)
    if found.intent:
        under = _under_heading(question, language, names)
        return under if under.intent in _OF_VENDORS else found
    asked = essence(question, language)
    for text in dict.fromkeys((asked, *headed(asked, language, names), told(asked, language), told(apart(asked, language), language))):
        better = _whole(text, language, names) if text != question else found
        if better.intent:
            return better
    listed = _COLUMNS.search(asked)
    if listed and are_brands(listed[1], language, names, asked):
        better = _whole(asked[: listed.start()].rstrip() + asked[listed.end() :], language, names)
        if better.intent == "vendors-for":
            return better
    exampled = _EXAMPLES.sub(r" (\1)", asked)
    better = _whole(exampled, language, names) if exampled != asked else found
    if better.intent:
        return better
    parts = asked.rsplit(":", 1)
    if len(parts) == _LISTED:
        # What members follow is asked for before them, as in "in which role - controller or processor".
        better = _whole(parts[0] + LABEL_MARK, language, names)
        if better.intent and are_members(parts[1].rstrip(" ?."), language, better.intent):
            return better
        named = f"({parts[1].strip(' ?.')})"
        if better.intent == "vendors-for" and are_brands(named[1:-1], language, names, named):
            return better
    supposed = supposing(asked, language)
    if supposed and not is_closed(supposed[1], language):
        case, better = (_whole(text, language, names) for text in supposed)
        if better.intent and (case.intent == better.intent or (case.intent, better.intent) in _CASES):
            return better
    return found


# What is asked of those that a case speaks of: "If data is transferred, which safeguards apply?"
_CASES = [("transfers", "transfer-mechanisms"), ("locations", "transfer-mechanisms"), ("source-of-data", "source-of-data")] + [
    (case, asked)
    for case in ("sub-processors", "recipients")
    for asked in ("agreements", "vendor-countries", "vendor-certifications", "sub-processors", "recipients")
]


def _under_heading(question: str, language: str, names: Names) -> Match:
    """Return what is asked behind a heading of vendors ("Third parties - who hosts the application?"), no intent where there is none."""
    head, mark, rest = question.partition(" - ")
    read = read_question(head, language, names)
    spoken = read.concepts.get("vendor", frozenset()) | read.concepts.get("subprocessor", frozenset())
    only = mark and spoken and set(range(len(read.text.plain))) <= spoken | read.plain
    return _whole(rest, language, names) if only and words(rest).plain else Match("")


def _whole(question: str, language: str, names: Names) -> Match:
    """Return what a question of one or several parts asks."""
    for first, second in halves(question, language):
        both = _match(first, language, names), _match(second, language, names)
        if all(one.intent for one in both) and both[0].intent != both[1].intent and both[0].argument == both[1].argument:
            asks_process = any(one.asks_process for one in both)
            return replace(both[0], argument=both[0].argument | {WITH: (both[1].intent,)}, asks_process=asks_process)
    parts = _parts(question, language)
    if len(parts) <= 1:
        return _match(question, language, names)
    found = _several(question, parts, language, names)
    # What only looks like a list's further columns ("contracts with their vendors") is read as a whole; a second sentence never is.
    return found if found.intent or len(_sentences(question)) > 1 else _match(question, language, names)


def _match(question: str, language: str, names: Names) -> Match:
    read = read_question(question, language, names)
    met = [(intent, core) for intent in intents().values() if (core := core_of(intent, read))]
    if not met:
        return Match("", why=why_not(read))
    like = likeness(read.text.text, language)
    candidates = [_Candidate(intent, score_of(core, read, like.get(intent.key, 0.0)), core) for intent, core in met]
    candidates.sort(key=lambda one: (-one.score, one.intent.key))
    # A reading of more of the words is nearer, as "the record is reviewed once a year" asks for more than for the record.
    wider = [one for one in candidates if one.core > candidates[0].core and one.intent.key in _NEARER]
    candidates = wider + [one for one in candidates if one not in wider]
    best = candidates[0]
    margin = round(abs(best.score - candidates[1].score), 3) if len(candidates) > 1 else round(best.score, 3)
    shown = tuple(read.text.plain[at] for at in sorted(best.core))
    process = bool(read.process - best.core)
    score = round(best.score, 3)
    if len(candidates) > 1 and margin < CLOSE:
        why = f"Two readings are as near: “{best.intent.asks}” and “{candidates[1].intent.asks}”"
        return Match("", score=score, margin=margin, words=shown, why=why)
    if is_one_member(read, best.intent.key, language):
        return Match("", score=score, margin=margin, words=shown, why="Only some of the rows are asked for, by what they state.")
    why = f"Read as “{best.intent.asks}” because of: {', '.join(dict.fromkeys(shown))}."
    return Match(best.intent.key, argument_of(best.intent, read), score, margin, shown, process, why)


def _parts(question: str, language: str) -> list[str]:
    """Return a question's sentences, and what stands behind "including" and the like; one part when there is nothing to part."""
    sentences = _sentences(question)
    if len(sentences) > 1:
        return sentences
    listed = _COLUMNS.search(question)
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
    first = _match(parts[0], language, names)
    if not first.intent and _is_told(parts, language, names):
        # "Purposes are documented. Please list them." asks for them as a label would.
        first = _match(parts[0].rstrip(" .") + LABEL_MARK, language, names)
    if not first.intent:
        return first
    further: list[str] = []
    asks_process = first.asks_process
    for part in parts[1:]:
        if are_members(part, language, first.intent) or (first.intent == "vendors-for" and are_brands(part, language, names, question)):
            continue
        added = _further(part, language, names, first)
        if added is None and first.intent in _EXEMPLIFIED and len(parts) == _LISTED and _is_examples(part, language, names):
            continue
        if added is None:
            return Match("", why=f"Not understood: “{part}”.")
        further += [key for key in added.split() if key != first.intent]
        asks_process = asks_process or bool(added and _match(part, language, names).asks_process)
    argument = first.argument | ({WITH: tuple(dict.fromkeys(further))} if further else {})
    return replace(first, argument=argument, asks_process=asks_process)


def _is_told(parts: list[str], language: str, names: Names) -> bool:
    """Return whether a statement is followed by nothing but requests to tell what it speaks of."""
    if not parts[0].rstrip().endswith(".") or not is_closed(parts[0], language):
        return False
    requests = [read_question(part, language, names) for part in parts[1:]]
    return all(not one.closed and not one.process and not any(not operators()[key].common for key, _ in one.operators) for one in requests)


def _is_examples(part: str, language: str, names: Names) -> bool:
    """Return whether a bracket holds examples only: no word in it turns the question, and it asks for nothing."""
    read = read_question(part, language, names)
    return (
        not is_turned(read, together(read.concepts.values()))
        and not any(key not in _OF_EXAMPLES for key, _ in read.topics)
        and (not part.rstrip().endswith(MARKS) or part.rstrip().endswith("etc."))
        and part in set(_COLUMNS.findall(f"({part})"))
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
    whole = _match(part, language, names)
    # What is assessed of a transfer is another assessment, and who sends e-mails is another one than who hosts.
    if whole.argument and whole.argument != before.argument:
        return None
    return whole.intent if (first, whole.intent) not in _UNLIKE and whole.intent else None
