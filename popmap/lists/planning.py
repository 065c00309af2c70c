"""What bringing a list into a register would do, doing it, and only comparing the two."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from popmap.differences import Difference, differences
from popmap.errors import UsageError
from popmap.importing import merging
from popmap.importing.document import Document
from popmap.importing.listing import Progress, understand
from popmap.importing.merging import Contradiction, Merged
from popmap.importing.model import Question, Reading
from popmap.importing.model import Rows as Found
from popmap.importing.reading import read as read_document
from popmap.lists.decisions import Decisions, Source
from popmap.lists.register import Register, Rows, decisions_name, place
from popmap.register.history import Version
from popmap.register.saving import Author, save
from popmap.register.schema import SETTINGS_FILE, TABLES
from popmap.register.settings_writing import begun, with_source
from popmap.rewriting import as_table, file_bytes

PASTED = "pasted.txt"
# Without these nothing of a register can be read.
_FIRST = ("categories", "vendors", "flows")


@dataclass(frozen=True, slots=True)
class Plan:
    """What bringing a list in would do; nothing is written yet.

    Attributes:
        folder: The register folder.
        base: Its state, which `apply` asks for again.
        source: Where the list is from.
        reading: What the list says.
        changes: The rows that would be added, changed and removed; evidence among them.
        contradictions: Where the list and another source differ.
        unchanged: How many rows of each table stay as they are.
        files: The files that would be written.
    """

    folder: Path
    base: str
    source: Source
    reading: Reading
    changes: tuple[Difference, ...]
    contradictions: tuple[Contradiction, ...]
    unchanged: Mapping[str, int]
    files: Mapping[str, bytes]

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """Return the questions nobody answered yet."""
        return self.reading.open

    @property
    def open_contradictions(self) -> tuple[Contradiction, ...]:
        """Return the contradictions nobody decided yet."""
        return tuple(one for one in self.contradictions if one.decided is None)

    @property
    def ready(self) -> bool:
        """Return whether everything is decided, something was read, and something would change."""
        return bool(self.files) and not self.open_questions and not self.open_contradictions and bool(self.reading.records)


def document(data: bytes, name: str) -> Document:
    """Return a list's file as its reader gives it; raises UsageError when it cannot be read. See `importing.listing.read_list`."""
    return read_document(data, name)


def plan(
    register: Register,
    found: Document,
    data: bytes,
    source: Source,
    decided: Decisions,
    *,
    title: str = "",
    organisation: str = "",
    progress: Progress | None = None,
) -> Plan:
    """Return what bringing a list into a register would do, with what is decided so far.

    Args:
        register: The register.
        found: The list, as `document` gave it.
        data: Its bytes, which are kept among the register's sources.
        source: Where it is from.
        decided: What is decided.
        title: A new register's title.
        organisation: Whose new register it is.
        progress: Called now and then with the steps done and all steps; what it raises ends the planning.
    """
    decided = decided.after(register.decided(source))
    reading = understand(found, register.known_beside(source.id), decided.answers, decided.mapping, source.id, progress)
    done = merging.merged(register.tables, by_table(reading.rows), source.id, decided.contradictions)
    before = {table.name: list(register.tables.get(table.name, ())) for table in TABLES}
    after = {table.name: list(done.tables.get(table.name, ())) for table in TABLES}
    # Only what was asked is kept: answers to what another register or list left open say nothing here.
    asked = {one.id: one.answer for one in reading.questions if one.answer}
    held = {one.id: one.decided for one in done.contradictions if one.decided}
    at = place(register, found.name, source)
    files = _tables(register, before, after) | _settings_file(register, source, at, data, title, organisation)
    kept = Decisions(asked, held, decided.mapping)
    beside = {at: data} | ({decisions_name(at): kept.text().encode()} if asked or held or kept.mapping else {})
    files |= {name: content for name, content in beside.items() if _content(register.folder / name) != content}
    states = ({name: as_table(name, content) for name, content in state.items()} for state in (before, after))
    changed = tuple(differences(*states))
    return Plan(register.folder, register.base, source, reading, changed, done.contradictions, _unchanged(before, done), files)


def apply(planned: Plan, author: Author, message: str, at: datetime) -> Version:
    """Do what was planned, as a version of the register's history.

    Raises:
        UsageError: Something is not decided yet, or nothing would change.
        ChangedMeanwhileError: The register has changed since the plan was made.
        PopmapError: See `register.saving.save`.
    """
    open_ones = len(planned.open_questions) + len(planned.open_contradictions)
    if open_ones:
        raise UsageError(f"{open_ones} {'question is' if open_ones == 1 else 'questions are'} open.", "Answer each; nothing was written.")
    if not planned.ready:
        raise UsageError("There is nothing to change.")
    return save(planned.folder, dict(planned.files), author=author, message=message, at=at, base=planned.base or None)


def by_table(found: Found) -> dict[str, Rows]:
    """Return a list's rows by table."""
    return {table.name: [dict(row) for row in getattr(found, table.name, ())] for table in TABLES}


def _tables(register: Register, before: Mapping[str, Rows], after: Mapping[str, Rows]) -> dict[str, bytes]:
    """Return the tables of which the rows change, as files."""
    first = _FIRST if not register.tables else ()
    changed = [table for table in after if list(map(_stated, after[table])) != list(map(_stated, before[table])) or table in first]
    return dict(file_bytes(register.folder, table, after[table]) for table in changed)


def _settings_file(register: Register, source: Source, at: str, data: bytes, title: str, organisation: str) -> dict[str, bytes]:
    """Return register.toml when what it says of the source changes."""
    entry = {"id": source.id, "title": source.title, "file": at, "url": source.url, "retrieved_on": source.retrieved_on}
    settings = with_source(register.settings or begun(title, organisation), {**entry, "sha256": hashlib.sha256(data).hexdigest()})
    return {SETTINGS_FILE: settings.encode()} if settings != register.settings else {}


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _unchanged(before: Mapping[str, Rows], done: Merged) -> dict[str, int]:
    found = {}
    for table in merging.CONTENT:
        then = {merging.row_id(table, row): row for row in before[table]}
        found[table] = sum(_stated(then.get(merging.row_id(table, row), {})) == _stated(row) for row in done.tables[table])
    return found


def _stated(row: Mapping[str, str]) -> dict[str, str]:
    return {column: cell for column, cell in row.items() if cell}
