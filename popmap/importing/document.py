"""A document as its reader hands it on: headings, sentences, lists and tables, each piece with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cell:
    r"""A piece of a document.

    Attributes:
        text: What a person reads there; `\\n` stands between lines, paragraphs and items of a list within it.
        locator: Where it stands: "line 12", "Vendors!B3", "[2].location".
        links: The addresses it leads to, in order.
        lead: The words it begins with that are bold or linked, "" when none are.
        cut: Whether the document breaks off within it, so that it may say less than was published.
    """

    text: str
    locator: str = ""
    links: tuple[str, ...] = ()
    lead: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, with its level: 1 is the document's."""

    cell: Cell
    level: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A paragraph of prose."""

    cell: Cell


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list, with the items below it."""

    cell: Cell
    below: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list of items."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it stands: rows of cells, not yet understood.

    Attributes:
        rows: Its rows, not all of one length.
        head: How many rows the format itself marks as headings; 0 when it marks none.
        name: The sheet's name, or the path to the table in a tree; "" otherwise.
        broken: Locators of rows that were joined from several lines.
        even: Whether a row shorter than the heading lacks nothing but blank cells at its end.
    """

    rows: tuple[tuple[Cell, ...], ...]
    head: int = 0
    name: str = ""
    broken: tuple[str, ...] = ()
    even: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """What a JSON or YAML file holds, for formats with a structure of their own; or a workbook's sheets by name.

    Attributes:
        value: The file's content.
        remarks: Of YAML that popmap wrote: its comments, each by the locator of the line below it.
    """

    value: object
    remarks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exported:
    """A table that popmap itself wrote, its cells as they were before: not squeezed, no markup taken for anything.

    Attributes:
        view: Which of popmap's tables it is, a key of `views.VIEWS`.
        columns: Its columns, by their names in that view.
        rows: Its rows, each as long as the columns.
        ragged: Locators of rows that were longer or shorter, and are not among `rows`.
        name: The sheet's name, or "".
    """

    view: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    ragged: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A table of popmap's public page of sub-processors.

    Attributes:
        heading: The heading it stands under.
        rows: For each vendor its cells, each cell its lines.
    """

    heading: str
    rows: tuple[tuple[tuple[Cell, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not read because it could only be guessed.

    Attributes:
        reason: Why, as a sentence.
        lines: The locators of what was looked at.
        quote: Its first words.
    """

    reason: str
    lines: tuple[str, ...]
    quote: str = ""


Cells = tuple[Cell, ...]
Block = Heading | Sentence | Items | Grid | Tree | Exported | Listed | Refusal


@dataclass(frozen=True, slots=True)
class Document:
    """A file as its reader gives it.

    Attributes:
        name: The file's name.
        form: "text", "markdown", "html", "csv", "xlsx", "ods", "parquet", "json" or "yaml".
        blocks: What it holds, in order.
        notes: What a person should know about the reading itself.
    """

    name: str
    form: str
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What a person should know: kept as stated, left out, cut off, obsolete.

    Attributes:
        code: What kind of remark, such as "cut-row" or "obsolete-safeguard".
        text: The remark, as a sentence.
        quote: The words it is about.
        locator: Where they stand.
    """

    code: str
    text: str
    quote: str = ""
    locator: str = ""
