"""A question's words, sorted by what the language's data knows of them, and the form of the question."""

from __future__ import annotations

from dataclasses import dataclass

from popmap.answering.countries import countries_in
from popmap.answering.lexicon import ELSEWHERE, RESIDENTS, Tongue, tongue
from popmap.answering.names import Named, Names, named
from popmap.answering.words import Words, places, together, words

# Concepts that "the supplier" is not meant by when it is the one who answers.
_OF_OTHERS = ("vendor", "subprocessor", "using", "asker", "towhom")
# What a question asks for stands in its first words.
_OPENING = 3
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
        plain: The places of words that carry no subject.
        names: The register's names in it, and countries; a country without a key is not to narrow the answer.
    """

    text: Words
    concepts: dict[str, frozenset[int]]
    topics: list[tuple[str, frozenset[int]]]
    process: frozenset[int]
    plain: frozenset[int]
    names: list[Named]


def is_universal(question: str, language: str) -> bool:
    """Return whether a yes would have to hold for every row, or the question asks for the opposite."""
    return bool(tongue(language).universal.search(words(question).text))


def is_closed(question: str, language: str) -> bool:
    """Return whether a yes or a no could answer a question: it does not begin by asking which, who, where or for a list."""
    return not tongue(language).open.search(" ".join(words(question).plain[:_OPENING]))


def read_question(question: str, language: str, names: Names) -> Read:
    """Return a question's words, sorted."""
    known = tongue(language)
    text = words(question)
    plain = frozenset(at for at, word in enumerate(text.plain) if word in known.fillers or len(word) == 1 or word.isdecimal())
    upkeep = together(places(known.upkeep, text))
    own = together(places(known.own, text))
    finds = {key: together(places(found, text)) - (own if key in _OF_OTHERS else frozenset()) for key, found in known.concepts.items()}
    if (period := together(places(known.period, text))) and (deleted := together(places(known.deleted, text))):
        finds["retention"] |= period | deleted
    ours = together(places(known.ours, text))
    # "With our own directory" asks for an ability, "contact with our employees" does not; and to send e-mails is to disclose nothing.
    finds["ability"] = together(span for span in places(known.concepts["ability"], text) if not span & ours)
    finds["receive"] -= finds["email"]
    # "Card payments" are payments; "payment card data" is data of cards.
    finds["card"] -= finds["cardpayment"]
    finds["payment"] |= finds["cardpayment"]
    # Whoever subcontracts speaks of vendors, not of contracts with them.
    finds["contracted"] -= finds["subprocessor"]
    # "EU or UK" and "EU-US Data Privacy Framework" are names of their own.
    lands = [one for one in countries_in(text, language) if not one.places & (finds["eea"] | finds["mechanism"])]
    topics = [(key, span) for key, found in known.topics.items() for span in places(found, text)]
    topics = [(key, span) for key, span in topics if not span <= ours]
    near = {key: together(span for one, span in topics if one == key) for key in (RESIDENTS, ELSEWHERE)}
    topics = [(key, span) for key, span in topics if key not in near] + _beyond(lands, near, finds, text, known)
    if finds["outside"] or known.universal.search(text.text) or _beside(lands, finds["eea"], text, known):
        lands = [Named(one.facet, (), one.places) for one in lands]
    return Read(
        text=text,
        concepts={key: found for key, found in finds.items() if found},
        topics=topics,
        process=together(places(known.process, text)) | (upkeep if is_closed(question, language) else frozenset()),
        plain=plain | together(places(known.universal, text)) | upkeep | own | ours,
        names=named(text, names) + lands,
    )


def _beyond(
    lands: list[Named], near: dict[str, frozenset[int]], finds: dict[str, frozenset[int]], text: Words, known: Tongue
) -> list[tuple[str, frozenset[int]]]:
    """Return what makes countries a subject that no register knows: whose country they are, or that all others are meant."""
    if not lands:
        return []
    if _beside(lands, near[RESIDENTS], text, known):
        return [(RESIDENTS, _NOWHERE)]
    if near[ELSEWHERE] and (not finds["eea"] or _beside(lands, near[ELSEWHERE], text, known, finds["eea"])):
        return [(ELSEWHERE, _NOWHERE)]
    return []


def _beside(lands: list[Named], what: frozenset[int], text: Words, known: Tongue, over: frozenset[int] = frozenset()) -> frozenset[int]:
    """Return which of some places are next to a country; small words, other countries and `over` may stand between them."""
    between = over | together(one.places for one in lands) | {at for at, word in enumerate(text.plain) if word in known.beside}
    found = set()
    for one in lands:
        for start, step in ((min(one.places) - 1, -1), (max(one.places) + 1, 1)):
            at = start
            while 0 <= at < len(text.plain) and at in between and at not in what:
                at += step
            found |= {at} & what
    return frozenset(found)
