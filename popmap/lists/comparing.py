"""A register compared with a list, or with another register: found, in words, and as a table to take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import pyarrow as pa

from popmap.exports.about import About
from popmap.exports.files import FORMATS
from popmap.exports.writers import labelled
from popmap.importing.document import Document
from popmap.importing.listing import understand
from popmap.importing.merging import Tables
from popmap.importing.reconciling import Difference, reconcile
from popmap.lists.decisions import Decisions
from popmap.lists.planning import by_table
from popmap.lists.register import Register

Found = Tables
NOT_STATED = "not stated"
# The columns of the table, and their headings.
COLUMNS = {
    "side": "Difference",
    "table": "Table",
    "label": "About",
    "column": "Column",
    "register": "In the register",
    "list": "On the list",
    "quote": "The list's words",
    "locator": "Where",
    "row_id": "Row",
}


def of_list(register: Register, found: Document, decided: Decisions | None = None) -> Found:
    """Return what a list says, its names resolved against the register; what hangs on an open question is left out."""
    decided = decided or Decisions()
    reading = understand(found, register.known_beside(""), decided.answers, decided.mapping, "list")
    return by_table(reading.rows)


def of_register(other: Register) -> Found:
    """Return what another register says."""
    return other.tables


def differences(register: Register, found: Found) -> tuple[Difference, ...]:
    """Return in what a register and a list differ; see `importing.reconciling.reconcile`."""
    return reconcile(register.tables, found)


def words(one: Difference) -> str:
    """Return a difference as a line: what, and who says what."""
    what = f"{one.table.removesuffix('s') if one.table != 'categories' else 'category'} {one.label}"
    where = f" ({one.locator})" if one.locator else ""
    if not one.column:
        purpose = one.list or one.register
        return _plain(f"{one.side.value.capitalize()}: {what}{f': {purpose}' if purpose else ''}{where}")
    said = f"{one.column.replace('_', ' ')} is {one.register or NOT_STATED} in the register, {one.list or NOT_STATED} on the list"
    return _plain(f"{one.side.value.capitalize()}: {what}: {said}{where}")


def records(found: Sequence[Difference]) -> list[Mapping[str, str | None]]:
    """Return differences as plain records, null for not stated."""
    return [{column: str(getattr(one, column)) or None for column in COLUMNS} for one in found]


def table(found: Sequence[Difference]) -> pa.Table:
    """Return differences as a table with the columns of COLUMNS."""
    content = records(found)
    made = pa.table({column: pa.array([row[column] for row in content], pa.string()) for column in COLUMNS})
    return labelled(made, COLUMNS)


def table_file(register: Register, other: str, found: Sequence[Difference], form: str, made_at: datetime) -> bytes:
    """Return differences as a file.

    Args:
        register: The register.
        other: What it was compared with.
        found: The differences.
        form: A key of exports.files.FORMATS.
        made_at: The time to state, with its time zone.
    """
    about = About(register.title, register.fingerprint, "Reconciliation", f"compared with {other}", "", made_at.date(), made_at)
    return FORMATS[form].write(table(found), about)


def _plain(line: str) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in " ".join(line.split()))
