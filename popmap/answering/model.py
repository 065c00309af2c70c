"""What reading, matching, answering and writing a questionnaire hand to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

LANGUAGES = ("en", "fr", "de", "es")


class Outcome(StrEnum):
    """What came of a question."""

    ANSWERED = "answered"
    PERSON = "evidence-for-a-person"
    NOT_STATED = "not-stated"
    NOT_REGISTER = "not-a-register-question"


@dataclass(frozen=True, slots=True)
class Place:
    """One cell of a questionnaire file that can be written to.

    Attributes:
        sheet: The sheet's name in a workbook; the number of the table (from "1") in Markdown; "" for CSV and JSON.
        at: The cell: "C12" in a workbook, CSV and Markdown table (rows as a spreadsheet counts them; a table's ruling line is none);
            "D12:F12" in an answer matrix, one cell for each answer of the vocabulary. Outside tables of Markdown the line, "L12", to be
            continued, "L12+", to be followed by a new one, or "L12:L14", whose boxes are ticked. A JSON pointer in JSON and VSAQ.
        part: Which of several answers of one cell it is, from 0; None when the cell holds one answer.
    """

    sheet: str
    at: str
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question, as the customer wrote it.

    Attributes:
        key: Where it stands, unique in its file ("Sheet!B12", "Sheet!B12#2" for the second question of a cell, a JSON pointer).
        text: Its words, without markup, never empty.
        language: One of LANGUAGES.
        reference: The published id ("A-12"), "" when there is none. Never used as a key: ids are reused with other texts.
        section: The heading it stands under, "" when there is none.
        statement: Whether it is a statement to confirm rather than a question.
        vocabulary: The answers the file allows, in its own words and order; () for free text.
        several: Whether more than one of the vocabulary may be chosen.
        answer: Where the answer goes, None when the file has no place for it.
        comment: Where a longer note goes, None when the file has no place for it.
        answered: What already stands in the answer's place, "" when nothing does; it is never overwritten.
    """

    key: str
    text: str
    language: str
    reference: str = ""
    section: str = ""
    statement: bool = False
    vocabulary: tuple[str, ...] = ()
    several: bool = False
    answer: Place | None = None
    comment: Place | None = None
    answered: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One run of rows that share a layout: a sheet, or the rows under one of its headers.

    Attributes:
        sheet: The sheet's or table's name, as in Place.
        header: The header's row as a spreadsheet counts, 0 when there is none.
        first: The first row of questions.
        last: The last row of questions.
        columns: Role ("question", "reference", "answer", "comment", "section", "choices": codes of answer lists kept on another sheet) ->
            column letter(s), "D:F" for an answer matrix; a role there is none of is absent.
        hidden: Whether the sheet is hidden.
    """

    sheet: str
    header: int
    first: int
    last: int
    columns: dict[str, str]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A questionnaire as it was read.

    Attributes:
        name: The file's name.
        form: "xlsx", "csv", "markdown", "json" or "vsaq".
        questions: In the file's order.
        blocks: The layout that was detected; a person can correct it and have the file read again.
        protected: Whether cells outside the answers' places are locked, so that no sheet can be added.
        notes: What the reader has to tell a person, one sentence each.
    """

    name: str
    form: str
    questions: tuple[Question, ...]
    blocks: tuple[Block, ...] = ()
    protected: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """What a question was understood to ask.

    Attributes:
        intent: The intent's key, "" when none was found or two were too close.
        argument: What it asks about, as the register's own keys: facet key -> value keys ({"category": ("logs",)}).
        score: How sure, 0 to 1.
        margin: Score minus the runner-up's.
        words: The question's words that decided it.
        asks_process: Whether it asks for a process, a policy or a promise rather than for facts of the register.
        why: One sentence for a person: why this intent, or why none.
    """

    intent: str
    argument: dict[str, tuple[str, ...]] = field(default_factory=dict)
    score: float = 0.0
    margin: float = 0.0
    words: tuple[str, ...] = ()
    asks_process: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row an answer rests on, and the words behind it ("" when the register has none)."""

    table: str
    row_id: str
    quote: str = ""
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A proposed answer; a person decides.

    Attributes:
        key: The question's key.
        outcome: What came of it.
        text: In the question's language; "" for a question that is none of the register's.
        choice: The word of the question's own vocabulary, "" when none applies or a person must choose.
        rows: What it rests on; at most MOST_ROWS, `row_count` says how many there are.
        row_count: How many rows it rests on.
        query: The URL query of the view that shows these rows ("category=logs"), without "?".
        page: The page that shows them: "overview", "data_map", "vendors", "categories" or "gaps".
        gap: The code of the gap rule that names what is missing, "" when nothing is.
        match: How the question was understood.
    """

    key: str
    outcome: Outcome
    text: str
    choice: str
    rows: tuple[Row, ...]
    row_count: int
    query: str
    page: str
    gap: str
    match: Match


MOST_ROWS = 200
