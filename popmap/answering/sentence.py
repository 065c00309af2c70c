"""A question's words, sorted by what the language's data knows of them, and the form of the question."""

from __future__ import annotations

import re
from dataclasses import dataclass

from popmap.answering.countries import countries_asked
from popmap.answering.lexicon import BY_COUNTRY, kinds, operators
from popmap.answering.meaning import concepts_in
from popmap.answering.names import Named, Names, named
from popmap.answering.tongue import Tongue, tongue
from popmap.answering.words import Words, begun, places, together, words

# What a question asks for stands in its first words.
_OPENING = 3
# A label without its mark has no more words than this.
_LABEL = 4
_PREPOSED = 5
_PREPOSITIONS = frozenset(
    [
        "by",
        "in",
        "on",
        "for",
        "under",
        "to",
        "with",
        "from",
        "at",
        "upon",
        "via",
        "through",
        "into",
        "a",
        "par",
        "en",
        "sur",
        "dans",
        "de",
        "pour",
        "avec",
        "chez",
        "sous",
        "depuis",
        "vers",
        "auf",
        "an",
        "mit",
        "von",
        "zu",
        "bei",
        "durch",
        "kraft",
        "uber",
        "aus",
        "fur",
        "por",
        "para",
        "con",
        "sobre",
        "bajo",
        "mediante",
        "desde",
        "hacia",
    ]
)
LABEL_MARK = ":"
MARKS = ("?", ".", "!")
"""What a question or a statement ends with; a label has none of them."""
_WORDS = re.compile(r"(\W+)")
_COUNTING = ("count", "quantity")
# The place of no word: a subject found there is beyond every intent, whatever its words are.
_NOWHERE = frozenset({-1})


@dataclass(frozen=True, slots=True)
class Read:
    """A question's words and what they were found to be.

    Attributes:
        text: The words.
        concepts: The places of each concept's words.
        topics: What no register knows, each find with its places; a subject as a whole is at no word's place.
        process: The places of words that ask for a process or a promise.
        ours: The places of words for the customer's own people.
        plain: The places of words that carry no subject.
        operators: Words that change what is asked, each find with its places.
        articles: The Articles of a law that are named, each with its places.
        closed: Whether a yes or a no could answer.
        label: Whether it is a label, as forms have them.
        names: The register's names in it, and countries; a country without a key is not to narrow the answer.
    """

    text: Words
    concepts: dict[str, frozenset[int]]
    topics: list[tuple[str, frozenset[int]]]
    process: frozenset[int]
    ours: frozenset[int]
    plain: frozenset[int]
    operators: list[tuple[str, frozenset[int]]]
    articles: list[tuple[str, frozenset[int]]]
    closed: bool
    label: bool
    names: list[Named]


def is_universal(question: str, language: str) -> bool:
    """Return whether rows cannot carry a yes: it would have to hold for every row, the opposite is asked, or the customer's own people."""
    known, text = tongue(language), words(question)
    found = _operators(text, known, _harmless(text, known, closed=True))
    return any(not operators()[key].carried for key, _ in found) or bool(known.ours.search(text.text))


def is_closed(question: str, language: str) -> bool:
    """Return whether a yes or a no could answer a question: it is no label and does not begin by asking which, who, where or for a list."""
    known, text = tongue(language), words(question).text
    if known.whether.match(text) or known.asked.match(text):
        return True
    case = known.concepts["incase"].match(text)
    behind = question.partition(",")[2]
    if case and behind and not is_closed(behind, language):
        # "In case of transfer, which safeguards ...?"
        return False
    # "If so, list them": what asks stands behind.
    opening = known.tail.match(text) or known.harmless.match(text)
    starts = [text, text[opening.end() :]] if opening else [text]
    firsts = [start.split() for start in starts]
    # "By virtue of which instrument ...?"
    firsts = [first[: _PREPOSED if first and first[0] in _PREPOSITIONS else _OPENING] for first in firsts]
    asks = known.request.match(text) or any(known.open.search(" ".join(first)) or set(first[:1]) & known.reporting for first in firsts)
    return not asks and not question.rstrip().endswith(LABEL_MARK)


def read_question(question: str, language: str, names: Names) -> Read:
    """Return a question's words, sorted."""
    known = tongue(language)
    text = words(question)
    # A label ("Purpose of the processing") ends without a mark.
    closed = is_closed(question, language) and question.rstrip().endswith(MARKS)
    harmless = _harmless(text, known, closed) | _reference(text, known)
    ours = together(places(known.ours, text))
    # "The cloud provider" is not who answers.
    made = [span for key in kinds() for span in places(known.concepts[key], text)]
    own = together(span for span in places(known.own, text) if not any(span & other and not other <= span for other in made))
    # "As defined in the GDPR" asks for no definition.
    phrased = together(begun(known.framed, text))
    process, upkeep = (together(span for span in places(found, text) if not span <= phrased) for found in (known.process, known.upkeep))
    small = known.bare if closed else known.fillers | known.reporting
    plain = frozenset(at for at, word in enumerate(text.plain) if word in small or (len(word) == 1 and not word.isdecimal()))
    found = [one for one in named(text, names) if not one.places <= harmless]
    concepts = concepts_in(text, known, own, ours, any(one.facet == "category" for one in found), closed, harmless)
    concepts = {key: span for key, span in concepts.items() if span}
    topics = [(key, span) for key, found in known.topics.items() for span in places(found, text) if not span <= harmless]
    # "Phone numbers of" counts nothing.
    names_of_data = together(one.places for one in found if one.facet == "category")
    changed = [(key, span) for key, span in _operators(text, known, harmless) if not (key in _COUNTING and min(span) in names_of_data)]
    # "Clauses" in the name of a mechanism do not change what is asked.
    meant = together(concepts.get(key, frozenset()) for key in ("mechanism", "scc", "agreement"))
    leaves = any(not operators()[key].carried and not span <= meant for key, span in changed)
    lands, beyond = countries_asked(text, language, concepts, topics, leaves)
    return Read(
        text=text,
        concepts=concepts,
        topics=[(key, span) for key, span in topics if key not in BY_COUNTRY and not span <= ours] + [(key, _NOWHERE) for key in beyond],
        process=process | (upkeep if closed else frozenset()),
        ours=ours,
        plain=plain | harmless | upkeep | own | ours,
        operators=changed,
        articles=[(one[1], text.span(*one.span())) for one in known.article.finditer(text.text)],
        closed=closed,
        label=question.rstrip().endswith(LABEL_MARK) or (not question.rstrip().endswith(MARKS) and len(text.plain) <= _LABEL),
        names=found + lands,
    )


def apart(question: str, language: str) -> str:
    """Return a question with words split that are put together from known ones, where the whole is not known ("Datenstandort")."""
    known = tongue(language)
    found = []
    for part in _WORDS.split(question):
        head = known.heads.match(words(part).text)
        found.append(f"{part[: head.end()]} {part[head.end() :]}" if head and not _is_known(part, known) else part)
    return "".join(found)


def _is_known(word: str, known: Tongue) -> bool:
    text = words(word).text
    patterns = (*known.concepts.values(), *known.topics.values(), *known.operators.values())
    return text in known.fillers or any(one.fullmatch(text) for one in patterns)


def _harmless(text: Words, known: Tongue, closed: bool) -> frozenset[int]:
    """Return the places of phrases that narrow nothing."""
    phrases = (known.framed,) if closed else (known.framed, known.loosely)
    # "Indicate for each sub-processor whether": whether is the word before what is asked.
    asked = known.asked.match(text.text)
    whether = frozenset({len(asked[0].split()) - 1}) if asked else frozenset()
    return whether | together((*places(known.harmless, text), *(span for one in phrases for span in begun(one, text))))


def _operators(text: Words, known: Tongue, harmless: frozenset[int]) -> list[tuple[str, frozenset[int]]]:
    """Return the words that change what is asked, each find with its places; none that is only a part of a longer find."""
    finds = [(key, span) for key, found in known.operators.items() for span in places(found, text) if not span <= harmless]
    finds = [(key, span) for key, span in finds if min(span) < _OPENING or not operators()[key].opening]
    return [(key, span) for key, span in finds if not any(span < other for _, other in finds)]


def _reference(text: Words, known: Tongue) -> frozenset[int]:
    """Return the places of the numbers a question begins with ("4.2.1"), unless they count something."""
    at = 0
    while at < len(text.plain) and (text.plain[at].isdecimal() or (at and len(text.plain[at]) == 1)):
        at += 1
    counts = at < len(text.plain) and known.operators["duration"].fullmatch(text.plain[at])
    return frozenset() if counts else frozenset(range(at))
