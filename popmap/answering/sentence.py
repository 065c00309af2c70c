"""A question's words, sorted by what the language's data knows of them, and the form of the question."""

from __future__ import annotations

from dataclasses import dataclass

from popmap.answering.lexicon import tongue
from popmap.answering.names import Named, Names, named
from popmap.answering.words import Words, places, together, words

# Concepts that "the supplier" is not meant by when it is the one who answers.
_OF_OTHERS = ("vendor", "subprocessor", "using", "asker", "towhom")
# What a question asks for stands in its first words.
_OPENING = 3


@dataclass(frozen=True, slots=True)
class Read:
    """A question's words and what they were found to be.

    Attributes:
        text: The words.
        concepts: The places of each concept's words.
        topics: What no register knows, each find with its places.
        process: The places of words that ask for a process or a promise.
        plain: The places of words that carry no subject.
        names: The register's names in it.
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
    # Whoever subcontracts speaks of vendors, not of contracts with them.
    finds["contracted"] -= finds["subprocessor"]
    return Read(
        text=text,
        concepts={key: found for key, found in finds.items() if found},
        topics=[(key, span) for key, found in known.topics.items() for span in places(found, text)],
        process=together(places(known.process, text)) | (upkeep if is_closed(question, language) else frozenset()),
        plain=plain | together(places(known.universal, text)) | upkeep | own,
        names=named(text, names),
    )
