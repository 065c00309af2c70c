"""A question's words, sorted by what the language's data knows of them, and the form of the question."""

from __future__ import annotations

from dataclasses import dataclass

from popmap.answering.countries import countries_asked
from popmap.answering.lexicon import BY_COUNTRY, Tongue, tongue
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
    upkeep, own, ours = (together(places(found, text)) for found in (known.upkeep, known.own, known.ours))
    found = named(text, names)
    concepts = _concepts(text, known, own, ours, any(one.facet == "category" for one in found))
    topics = [(key, span) for key, found in known.topics.items() for span in places(found, text)]
    lands, beyond = countries_asked(text, language, concepts, topics)
    return Read(
        text=text,
        concepts={key: found for key, found in concepts.items() if found},
        topics=[(key, span) for key, span in topics if key not in BY_COUNTRY and not span <= ours] + [(key, _NOWHERE) for key in beyond],
        process=together(places(known.process, text)) | (upkeep if is_closed(question, language) else frozenset()),
        plain=plain | together(places(known.universal, text)) | upkeep | own | ours,
        names=found + lands,
    )


def _concepts(text: Words, known: Tongue, own: frozenset[int], ours: frozenset[int], of_category: bool) -> dict[str, frozenset[int]]:
    """Return the places of each concept's words, and none of those that mean something else where they stand."""
    spans = {key: places(found, text) for key, found in known.concepts.items()}
    # "With our own directory" asks for an ability, "contact with our employees" does not.
    spans["ability"] = [span for span in spans["ability"] if not span & ours]
    finds = {key: together(found) - (own if key in _OF_OTHERS else frozenset()) for key, found in spans.items()}
    # To send e-mails is to disclose nothing, whoever subcontracts speaks of vendors and not of contracts with them, and "card payments"
    # are payments, while "payment card data" is data of cards.
    finds["receive"] -= finds["email"]
    finds["contracted"] -= finds["subprocessor"]
    finds["card"] -= finds["cardpayment"]
    finds["payment"] |= finds["cardpayment"]
    if (finds["mechanism"] or finds["legalbasis"]) and not finds["where"]:
        # "On which safeguards are they based?" asks what they rest on, not where they are at home.
        finds["rely"] |= finds["headoffice"]
        finds["headoffice"] = frozenset()
    # Where something is transferred to asks for other countries.
    finds["outside"] |= finds["where"] if finds["transfer"] else frozenset()
    period, deleted = together(places(known.period, text)), together(places(known.deleted, text))
    # Accounts and access are deleted too: only where data is spoken of does being deleted end its retention.
    if period and deleted and not finds["receive"] and (finds["data"] or of_category):
        finds["retention"] |= period | deleted
    return finds
