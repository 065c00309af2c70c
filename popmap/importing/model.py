"""What reading a list hands on, from the document as it stands to candidate rows of a register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from popmap.importing.document import Cell, Note, Refusal

Row = dict[str, str]


class Status(StrEnum):
    """What a value rests on, as in the register's evidence."""

    STATED = "stated"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True)
class Value:
    """What a record says in one field.

    Attributes:
        text: The value as the register would hold it (a country's code, a link, words as published).
        quote: The words it rests on.
        locator: Where they stand.
        status: Whether these words say it, or it was concluded from them.
        rule: For an inferred value: how it was concluded, as a short phrase.
    """

    text: str
    quote: str
    locator: str
    status: Status = Status.STATED
    rule: str = ""


class Kind(StrEnum):
    """What a record is about."""

    VENDOR = "vendor"
    CATEGORY = "category"
    ACTIVITY = "activity"
    FLOW = "flow"


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a list.

    Attributes:
        kind: What it is about.
        fields: Its values by field: the columns of the register's tables that the record's kind concerns, and `categories`, `vendors`.
            A field that is not stated is not there.
        row: The whole record as published, cells joined by ` | `.
        locator: Where it begins.
        table: The number of its table in the reading, from 0.
    """

    kind: Kind
    fields: Mapping[str, tuple[Value, ...]]
    row: str
    locator: str
    table: int

    def one(self, field_name: str) -> Value | None:
        """Return the first value of a field, None when it is not stated."""
        values = self.fields.get(field_name, ())
        return values[0] if values else None

    def text(self, field_name: str) -> str:
        """Return the first value's text, "" when the field is not stated."""
        value = self.one(field_name)
        return value.text if value else ""


@dataclass(frozen=True, slots=True)
class Option:
    """One way to answer a question.

    Attributes:
        key: What an answer names.
        label: What a person reads.
        names: For a split: the names it gives. For a likeness: the id taken.
        condition: For a split: the condition the flows get.
    """

    key: str
    label: str
    names: tuple[str, ...] = ()
    condition: str = ""


class Asked(StrEnum):
    """What a question is about."""

    SPLIT = "split"
    CATEGORY = "category"
    VENDOR = "vendor"
    SAME = "same"
    UNSPECIFIED = "unspecified"
    SYSTEMS = "systems"
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class Question:
    """What the list leaves open and a person decides; nothing that hangs on it is applied unseen.

    Attributes:
        id: Its key in the answers: the same for the same list and register.
        kind: What it is about.
        text: The question, as a sentence.
        options: The ways to answer it.
        proposed: The key of the option that popmap would take, "" for none. Never taken unless it is given as an answer.
        score: For a likeness of names: how alike they are, 0 to 100; None otherwise.
        quote: The words it is about.
        locator: Where they stand.
        answer: The key given, "" while it is open.
    """

    id: str
    kind: Asked
    text: str
    options: tuple[Option, ...]
    proposed: str
    quote: str
    locator: str
    score: float | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of a table was taken for.

    Attributes:
        place: Its number from 0.
        heading: Its heading as published, "" for none.
        role: What it holds: a key of `words/columns.toml`, or "" for left out.
        how: "heading"; "likeness" where its heading is only like one that is known; "content", "person" or "" for left out.
    """

    place: int
    heading: str
    role: str
    how: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table or list as it was understood.

    Attributes:
        kind: What its records are about; None when it was left out.
        columns: What each column was taken for; () for a list of items.
        trail: The headings above it, the outermost first.
        above: The sentence directly above it; None for none.
        rows: How many records it holds.
        locator: Where it begins.
        name: The sheet's name, or "".
    """

    kind: Kind | None
    columns: tuple[Column, ...]
    trail: tuple[Cell, ...]
    above: Cell | None
    rows: int
    locator: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the register knows already, as plain records, so that reading needs no database.

    Attributes:
        vendors: Vendors' names by id.
        categories: Categories' names by id.
        aliases: (kind, alias, id), as in the register's table.
        taxonomy: Names of the fideslang data categories and data uses by key.
    """

    vendors: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[tuple[str, str, str], ...] = ()
    taxonomy: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """Candidate rows of a register by table; each a dict of the columns that are stated, as text in the register's own form."""

    categories: tuple[Row, ...] = ()
    vendors: tuple[Row, ...] = ()
    activities: tuple[Row, ...] = ()
    evidence: tuple[Row, ...] = ()
    aliases: tuple[Row, ...] = ()
    flows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a list says.

    Attributes:
        name: The file's name.
        form: Its format.
        tables: The tables and lists in it, those left out too.
        records: The records, in the list's order.
        questions: What is left open, and what was answered.
        notes: What a person should know.
        refusals: What was not read, and why.
        rows: The register's rows that follow from the records and the answers; what hangs on an open question is not among them.
    """

    name: str
    form: str
    tables: tuple[Table, ...]
    records: tuple[Record, ...]
    questions: tuple[Question, ...]
    notes: tuple[Note, ...]
    refusals: tuple[Refusal, ...]
    rows: Rows

    @property
    def open(self) -> tuple[Question, ...]:
        """Return the questions nobody answered yet."""
        return tuple(one for one in self.questions if not one.answer)

    def proposals(self) -> dict[str, str]:
        """Return the answers popmap would give, for a preview; a person accepts them or not."""
        return {one.id: one.proposed for one in self.questions if one.proposed}
