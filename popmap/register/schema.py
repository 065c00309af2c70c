"""The one definition of a register: its tables, columns, allowed values, keys and references.

Reading, checking, exporting and the README's schema table all follow what stands here. Words follow the GDPR, the
W3C Data Privacy Vocabulary and the fideslang taxonomy.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What a cell may hold; the empty cell, "not stated", is allowed everywhere but in a key."""

    TEXT = "text"
    SLUG = "slug"
    CHOICE = "one of"
    DATE = "ISO 8601 date"
    COUNTRY = "ISO 3166-1 alpha-2 country"
    URL = "link"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        name: The column's name in the file.
        meaning: One line for the data dictionary.
        kind: What one cell, or one item of a list cell, holds.
        many: Whether the cell is a list (`;`-separated in CSV, a list in Parquet).
        choices: The allowed values when kind is CHOICE.
        references: The table whose key each value must be, or "".
        internal: Whether the column is left out of what is shown to outsiders.
    """

    name: str
    meaning: str
    kind: Kind = Kind.TEXT
    many: bool = False
    choices: tuple[str, ...] = ()
    references: str = ""
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a register: one file, `NAME.csv` or `NAME.parquet`.

    Attributes:
        name: The table's and its file's name.
        meaning: One line for the data dictionary.
        key: The columns that together name a row; they must be stated. Empty for a table without a key.
        columns: Every column, in the order popmap writes them.
        optional_key: Key columns that may be empty (a flow without a purpose is a gap, not a broken row).
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    optional_key: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """Return the column of that name; raises KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


YES_NO = ("yes", "no")
# Art. 6(1)(a)-(f) GDPR.
LEGAL_BASES = ("consent", "contract", "legal-obligation", "vital-interests", "public-task", "legitimate-interests")
# Chapter V GDPR: Art. 45 (adequacy, of which the EU-US Data Privacy Framework is one), 46 and 47 (safeguards), 49.
TRANSFER_MECHANISMS = (
    "adequacy",
    "data-privacy-framework",
    "standard-contractual-clauses",
    "binding-corporate-rules",
    "code-of-conduct",
    "certification",
    "derogation",
    "none",
)
VENDOR_ROLES = ("processor", "sub-processor", "joint-controller", "independent-controller")
VENDOR_STATES = ("proposed", "active", "retired")
EVIDENCE_STATES = ("stated", "inferred", "confirmed")
SPECIAL_CATEGORIES = ("none", "art9", "art10")
ACTIVITY_ROLES = ("controller", "joint-controller", "processor")
ALIAS_KINDS = ("vendor", "category")
ANSWER_LANGUAGES = ("en", "fr", "de", "es")

LIST_SEPARATOR = ";"
# A row is named by its key's cells joined with this; only the last cell of a key may hold free text, so it is unambiguous.
ROW_ID_SEPARATOR = "/"


def _choice(name: str, meaning: str, choices: tuple[str, ...]) -> Column:
    return Column(name, meaning, Kind.CHOICE, choices=choices)


def _notes() -> Column:
    return Column("notes", "Remarks for the people who keep the register.", internal=True)


CATEGORIES = Table(
    "categories",
    "Categories of personal data.",
    ("category_id",),
    (
        Column("category_id", "The category's key.", Kind.SLUG),
        Column("name", "The category's name, as published."),
        Column("description", "What it covers, as published."),
        _choice("personal", "Whether it is personal data (Art. 4(1)).", YES_NO),
        _choice("special_category", "Special category (Art. 9) or criminal convictions and offences (Art. 10).", SPECIAL_CATEGORIES),
        Column("data_subjects", "Categories of data subjects.", many=True),
        Column("retention_period", "How long it is kept (Art. 5(1)(e))."),
        Column("taxonomy_keys", "fideslang data categories.", many=True, references="data_categories"),
        _notes(),
    ),
)

VENDORS = Table(
    "vendors",
    "Third parties that receive data.",
    ("vendor_id",),
    (
        Column("vendor_id", "The vendor's key.", Kind.SLUG),
        Column("name", "The vendor's or its service's name."),
        Column("published_as", "The name on the published page, when it differs."),
        Column("legal_name", "The contracting entity."),
        Column("company", "The group it belongs to: several services may be one company."),
        Column("section", "The heading it is published under."),
        _choice("role", "Its role towards the data.", VENDOR_ROLES),
        Column("country", "Head office; not the place of processing.", Kind.COUNTRY),
        Column("website", "Its website.", Kind.URL),
        Column("agreement_url", "The data processing agreement (Art. 28(3)).", Kind.URL),
        Column("agreement_signed_on", "When the agreement was signed.", Kind.DATE),
        Column("agreement_expires_on", "When the agreement ends.", Kind.DATE),
        Column("subprocessors_url", "Its own list of sub-processors (Art. 28(2)).", Kind.URL),
        Column("certifications", "Certifications it states.", many=True),
        _choice("status", "Whether it receives data today.", VENDOR_STATES),
        Column("added_on", "When it was added.", Kind.DATE),
        Column("removed_on", "When it was removed.", Kind.DATE),
        Column("reviewed_on", "When it was last reviewed.", Kind.DATE),
        _notes(),
    ),
)

FLOWS = Table(
    "flows",
    "One row: this category goes to this vendor for this purpose.",
    ("category_id", "vendor_id", "purpose"),
    (
        Column("category_id", "What is disclosed.", Kind.SLUG, references="categories"),
        Column("vendor_id", "To whom.", Kind.SLUG, references="vendors"),
        Column("purpose", "What for, as stated (Art. 13(1)(c))."),
        Column("data_use", "The purpose's key in the fideslang taxonomy.", references="data_uses"),
        _choice("legal_basis", "Legal basis, Art. 6(1)(a)-(f).", LEGAL_BASES),
        Column("condition", "When it applies, as stated."),
        Column("locations", "Processing countries.", Kind.COUNTRY, many=True),
        _choice("transfer_mechanism", "What a transfer to a third country rests on (Chapter V).", TRANSFER_MECHANISMS),
        Column("transfer_checked_on", "When the transfer mechanism was last checked.", Kind.DATE),
        Column("retention_period", "How long the vendor keeps it."),
        _notes(),
    ),
    optional_key=("purpose",),
)

ACTIVITIES = Table(
    "activities",
    "Processing activities: the record of Art. 30.",
    ("activity_id",),
    (
        Column("activity_id", "The activity's key.", Kind.SLUG),
        Column("name", "The activity's name."),
        _choice("role", "The organisation's role in it.", ACTIVITY_ROLES),
        Column("purpose", "Its purpose, as stated."),
        _choice("legal_basis", "Legal basis, Art. 6(1)(a)-(f).", LEGAL_BASES),
        Column("legitimate_interest", "The interest pursued (Art. 13(1)(d)) and its assessment."),
        Column("category_ids", "Categories of personal data.", Kind.SLUG, many=True, references="categories"),
        Column("vendor_ids", "Recipients.", Kind.SLUG, many=True, references="vendors"),
        Column("data_subjects", "Categories of data subjects.", many=True),
        Column("retention_period", "How long the data is kept."),
        Column("measures", "Technical and organisational measures (Art. 32)."),
        _choice("automated_decisions", "Automated individual decision-making (Art. 22).", YES_NO),
        Column("impact_assessment", "not-needed, needed, or done and its link (Art. 35)."),
        Column("source_of_data", "Where the data comes from (Art. 14(2)(f))."),
        Column("owner", "Who answers for it.", internal=True),
        Column("reviewed_on", "When it was last reviewed.", Kind.DATE),
        _notes(),
    ),
)

EVIDENCE = Table(
    "evidence",
    "What a cell rests on.",
    (),
    (
        Column("table", "The table of the cell."),
        Column("row_id", "The row's key; several key cells are joined by `/`."),
        Column("column", "The cell's column."),
        _choice("status", "Stated in the source, inferred by someone, or confirmed by a named person.", EVIDENCE_STATES),
        Column("source_id", "The source in register.toml.", references="sources"),
        Column("locator", "Line, sheet!cell or element."),
        Column("quote", "The words it rests on."),
        Column("checked_by", "Who confirmed it.", internal=True),
        Column("checked_on", "When it was confirmed.", Kind.DATE),
    ),
)

ALIASES = Table(
    "aliases",
    "Other spellings of a vendor's or category's name.",
    ("kind", "alias"),
    (
        _choice("kind", "What the alias names.", ALIAS_KINDS),
        Column("alias", "The other spelling."),
        Column("id", "The key it stands for.", Kind.SLUG),
    ),
)

ANSWERS = Table(
    "answers",
    "Answers to questionnaires that somebody approved for the next time.",
    ("language", "question"),
    (
        _choice("language", "The language it is asked and answered in.", ANSWER_LANGUAGES),
        Column("question", "The question, as asked."),
        Column("answer", "The approved wording."),
        Column("rests_on", "The rows it rests on: table/row, `%` and `;` in them as %25 and %3B.", many=True),
        Column("rests_on_digest", "What these rows said then, as a digest; another digest today means that they have changed."),
        Column("approved_by", "Who approved it.", internal=True),
        Column("approved_on", "When it was approved.", Kind.DATE),
        Column("expires_on", "The last day it may be offered as approved.", Kind.DATE),
    ),
)

# The order matters: what is referred to comes before what refers to it.
TABLES: tuple[Table, ...] = (CATEGORIES, VENDORS, ACTIVITIES, EVIDENCE, ALIASES, ANSWERS, FLOWS)
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
# Tables and columns of cells that are kept from outsiders.
INTERNAL = frozenset((table.name, column.name) for table in TABLES for column in table.columns if column.internal)

SETTINGS_FILE = "register.toml"
SOURCE_FIELDS = ("id", "title", "file", "url", "retrieved_on", "sha256")


def dictionary() -> str:
    """Return the data dictionary as Markdown: one table per register table, for the README."""
    parts = []
    for table in TABLES:
        lines = [f"**{table.name}**: {table.meaning}", "", "| column | holds | meaning |", "| --- | --- | --- |"]
        lines += [
            f"| `{column.name}`{' (key)' if column.name in table.key else ''} | {_holds(column)} | {column.meaning} |"
            for column in table.columns
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _holds(column: Column) -> str:
    text = ", ".join(column.choices) if column.choices else str(column.kind)
    if column.references:
        text += f" of {column.references}"
    return f"list of {text}" if column.many else text


def write_dictionary(page: Path) -> bool:
    """Write the data dictionary between a Markdown page's dictionary marks, and return whether that changed the page.

    Raises:
        ValueError: The page has no such marks.
    """
    text = page.read_text(encoding="utf-8")
    start, end = text.index("<!-- dictionary"), text.index("<!-- /dictionary -->")
    head = text[: text.index("\n", start) + 1]
    written = f"{head}\n{dictionary()}\n{text[end:]}"
    if written != text:
        page.write_text(written, encoding="utf-8")
    return written != text


if __name__ == "__main__":
    write_dictionary(Path("README.md"))
