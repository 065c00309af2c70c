"""What can be wrong with a register's files: reason codes, severities and what to do, as data."""

from __future__ import annotations

from dataclasses import dataclass

# A damaged column of a million rows is one thing to mend, not a million: this many rows are named, the rest counted.
NAMED_ROWS = 200


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One reason code.

    Attributes:
        severity: "error", "warning" or "note".
        message: What is wrong; `{column}`, `{value}` and `{more}` are filled in.
        hint: What to do about it.
    """

    severity: str
    message: str
    hint: str


KINDS: dict[str, FaultKind] = {
    "table-missing": FaultKind(
        "warning", "the register has no {value} table", "Add {value}.csv or {value}.parquet; until then it counts as empty."
    ),
    "settings-missing": FaultKind(
        "note", "the register has no register.toml", "Add register.toml with the title, the organisation and the sources."
    ),
    "settings-unreadable": FaultKind(
        "error", "register.toml cannot be read: {value}", "Mend the line named; until then title and sources are not stated."
    ),
    "setting-unknown": FaultKind("note", "popmap does not know the setting {column}", "Check its spelling; it is not used."),
    "setting-invalid": FaultKind("warning", "{column} is not usable: {value}", "Write it as the data dictionary says."),
    "unknown-table": FaultKind(
        "note", "this file is not a table of a register", "Rename it to a table popmap knows, or leave it: it is not read."
    ),
    "two-files": FaultKind("error", "the table is given twice, as CSV and as Parquet", "Keep one; the CSV file was read."),
    "file-empty": FaultKind("error", "the file is empty", "Give it a header row with the column names."),
    "file-unreadable": FaultKind("error", "the file cannot be read: {value}", "Save it again as CSV (UTF-8) or Parquet."),
    "header-unknown": FaultKind(
        "error",
        "no column of the {value} table was found in the header",
        "Check the first row and the delimiter: comma, semicolon and tab are read.",
    ),
    "header-only": FaultKind("note", "the file has a header and no rows", "Add rows, or leave it if there is nothing to state."),
    "columns-many": FaultKind(
        "error", "popmap does not know {value} columns", "Check the delimiter and the header; of these columns only the first 100 are kept."
    ),
    "column-missing": FaultKind(
        "error", "the key column {column} is missing", "Add the column; without it no row can be named, so none is shown."
    ),
    "column-unknown": FaultKind(
        "note", "popmap does not know {value}", "The cells are kept as they are; check the spelling if a column of the model was meant."
    ),
    "column-twice": FaultKind("error", "the column {column} stands in the header more than once", "Keep one; the first was read."),
    "row-short": FaultKind(
        "error", "the row has fewer cells than the header", "Check its quotes and delimiters; the missing cells count as not stated."
    ),
    "row-long": FaultKind(
        "error", "the row has more cells than the header", "Check its quotes and delimiters; the cells beyond the header were not read."
    ),
    "quote-open": FaultKind("error", "a quote opened here is not closed", "Close it; the row was read up to the end of its line."),
    "quote-stray": FaultKind(
        "error", "a quote stands inside a cell", "Double the quotes inside a quoted cell; the row was read as well as it could be."
    ),
    "encoding-broken": FaultKind(
        "error", "the cell is not UTF-8 text", "Save the file as UTF-8; what could not be read is shown as \ufffd."
    ),
    "control-character": FaultKind("error", "the cell holds a control character", "Delete it; it is shown as \ufffd."),
    "cell-long": FaultKind("warning", "the cell is longer than 32,767 characters", "Shorten it: a spreadsheet cannot hold it."),
    "missing-key": FaultKind("error", "the key is not stated", "Give the row its key; it is left out until then."),
    "duplicate-key": FaultKind("error", "another row has the same key", "Keep one row for each key; the first was used."),
    "invalid-slug": FaultKind(
        "warning", "the key is not a slug", "Use lower-case letters, digits and single hyphens, as in google-cloud-platform."
    ),
    "invalid-date": FaultKind("error", "this is not a date", "Write dates as 2026-11-23 (year-month-day)."),
    "invalid-country": FaultKind("error", "this is not a country code", "Use the two letters of ISO 3166-1, as in FR or US."),
    "invalid-link": FaultKind("warning", "this is not a web address", "Write it with https:// in front."),
    "value-not-allowed": FaultKind("error", "the value is not one of those allowed", "Use one of: {more}."),
    "dangling-reference": FaultKind("error", "nothing in {more} has this key", "Add the row it names there, or correct the key."),
    "and-more": FaultKind("note", "{value} more rows have this fault", "Mend the column as a whole."),
    "rule-failed": FaultKind("error", "a gap rule could not be run: {value}", "Correct or remove the rule's file."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, where it is, and what to do.

    Attributes:
        code: A key of KINDS.
        file: The file's name inside the register folder.
        table: The table's name, or "".
        row: The row as a spreadsheet numbers it (the header is 1), or None for the file as a whole.
        column: The column's name, or "".
        value: What stands there, shortened, or "".
        more: What the hint needs beyond the value.
    """

    code: str
    file: str
    table: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    more: str = ""

    @property
    def severity(self) -> str:
        """Return "error", "warning" or "note"."""
        return KINDS[self.code].severity

    @property
    def message(self) -> str:
        """Return what is wrong, as a phrase."""
        return self._fill(KINDS[self.code].message)

    @property
    def hint(self) -> str:
        """Return what to do, as a sentence."""
        return self._fill(KINDS[self.code].hint)

    @property
    def place(self) -> str:
        """Return where: file, row and column, as far as they apply."""
        parts = [self.file, f"row {self.row}" if self.row is not None else "", f"column {self.column}" if self.column else ""]
        return ", ".join(part for part in parts if part)

    def _fill(self, text: str) -> str:
        # Values may hold braces, so this is replacement rather than formatting.
        return text.replace("{column}", self.column).replace("{value}", self.value).replace("{more}", self.more)


def shorten(value: str, limit: int = 120) -> str:
    """Return value on one line, cut to limit characters with an ellipsis."""
    line = " ".join(value[: limit * 4].split())
    return line if len(line) <= limit and len(value) <= limit * 4 else line[: limit - 1] + "…"
