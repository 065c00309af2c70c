"""What is to be written, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Written:
    """What a person has decided to answer to one question.

    Attributes:
        text: The answer in words. It goes to the answer's cell where the answer is free text, else to the comment.
        choice: The word of the question's vocabulary, "" for none; for a question that takes several, one a line.
        note: What is to stand beside the answer.
        citations: What the answer rests on, one source each.
    """

    text: str = ""
    choice: str = ""
    note: str = ""
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Files:
    """The file to send back, and what goes with it.

    Attributes:
        name: The file's name, as it came.
        content: The file with the answers; the very bytes that came when nothing was written.
        companions: Files beside it by name: sources and answers the file has no place for (CSV), VSAQ's answers (JSON).
        written: Keys of the questions whose answer, or whose note, stands in the file now.
        left: Keys of the questions whose answer does not, each with the reason as a sentence.
    """

    name: str
    content: bytes
    companions: Mapping[str, bytes] = field(default_factory=dict)
    written: tuple[str, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """A row of the list of sources.

    Attributes:
        place: The question's key.
        reference: Its published id.
        question: Its words.
        answer: What was answered.
        note: What found no place beside it.
        sources: What the answer rests on.
        why: Why the answer is not in the file, "" when it is.
    """

    place: str
    reference: str
    question: str
    answer: str
    note: str
    sources: str
    why: str = ""


def cells(source: Source) -> tuple[str, ...]:
    """Return a source's cells in the order of SOURCE_HEADINGS."""
    return (source.place, source.reference, source.question, source.answer, source.note, source.sources, source.why)
