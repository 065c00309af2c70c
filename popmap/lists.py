"""A published list brought into a register folder: read, planned, decided on, applied; or only compared with it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

import pyarrow as pa

from popmap.checks.run import open_unchecked
from popmap.differences import Difference, differences
from popmap.errors import UsageError
from popmap.importing import merging, reconciling
from popmap.importing.listing import understand
from popmap.importing.merging import Contradiction, Keep, Merged
from popmap.importing.model import Document, Known, Question, Reading, Rows
from popmap.importing.reading import read as read_document
from popmap.register.history import SOURCES, Version, register_files
from popmap.register.saving import Author, save, state
from popmap.register.schema import BY_NAME, SETTINGS_FILE, TABLES
from popmap.register.settings_writing import begun, with_source
from popmap.rewriting import file_bytes, refuse_losses, rows
from popmap.store import Store

_Rows = list[dict[str, str]]
_NO_SLUG = re.compile(r"[^a-z0-9]+")
PASTED = "pasted.txt"
# Without these nothing of a register can be read.
_FIRST = ("categories", "vendors", "flows")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a list is from, as register.toml will say.

    Attributes:
        id: Its key in the register.
        title: What it is called.
        url: Where it is published, "" when not stated.
        retrieved_on: The day it was taken from there (ISO 8601), "" when not stated.
    """

    id: str
    title: str
    url: str = ""
    retrieved_on: str = ""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person has decided so far.

    Attributes:
        answers: By question id, the key of the option.
        contradictions: By contradiction id, whose value holds.
        mapping: Roles given to columns: by the table's number, then the column's.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    contradictions: Mapping[str, Keep] = field(default_factory=dict)
    mapping: Mapping[int, Mapping[int, str]] = field(default_factory=dict)

    def after(self, before: Decisions) -> Decisions:
        """Return these together with those taken before; these count where both decide."""
        return Decisions(
            {**before.answers, **self.answers}, {**before.contradictions, **self.contradictions}, {**before.mapping, **self.mapping}
        )

    def text(self) -> str:
        """Return them as JSON, which is kept beside the source they are about."""
        columns = {str(table): {str(place): role for place, role in roles.items()} for table, roles in self.mapping.items()}
        said = {"answers": dict(self.answers), "contradictions": dict(self.contradictions), "columns": columns}
        return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def read(cls, text: str) -> Decisions:
        """Return what `text` gave; raises ValueError, TypeError or AttributeError for anything else."""
        said = json.loads(text)
        columns = {int(table): {int(place): str(role) for place, role in roles.items()} for table, roles in said["columns"].items()}
        answers = {str(key): str(answer) for key, answer in said["answers"].items()}
        return cls(answers, {str(key): Keep(value) for key, value in said["contradictions"].items()}, columns)


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


@dataclass(frozen=True, slots=True)
class Register:
    """A register as bringing lists in needs it.

    Attributes:
        folder: Its folder, which may be new or empty.
        base: The state of its files.
        tables: Its rows by table.
        sources: What register.toml says of its sources.
        settings: register.toml's text, "" for none.
    """

    folder: Path
    base: str
    tables: Mapping[str, _Rows]
    sources: tuple[dict[str, str], ...]
    settings: str

    def known_beside(self, source: str) -> Known:
        """Return what the register knows beside what one source alone has told it.

        Reading that source again must not depend on what it said before, or the same list would give other rows the second time.
        """
        evidence = self.tables.get("evidence", ())
        theirs = {(row["table"], row["row_id"]) for row in evidence if row["source_id"] == source}
        others = {(row["table"], row["row_id"]) for row in evidence if row["source_id"] != source}

        def beside(table: str) -> _Rows:
            return [row for row in self.tables.get(table, ()) if (table, merging.row_id(table, row)) not in theirs - others]

        published: dict[str, tuple[str, ...]] = {}
        for row in beside("vendors"):
            if row["published_as"]:
                published[row["published_as"]] = (*published.get(row["published_as"], ()), row["vendor_id"])
        return Known(
            {row["vendor_id"]: row["name"] for row in beside("vendors")},
            {row["category_id"]: row["name"] for row in beside("categories")},
            tuple((row["kind"], row["alias"], row["id"]) for row in beside("aliases")),
            published,
        )

    def decided(self, source: Source) -> Decisions:
        """Return what was decided when this source was brought in before; nothing for a new one."""
        path = self.folder / _decisions_name(_place(self, source.id, source))
        try:
            return Decisions.read(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, TypeError, AttributeError):
            return Decisions()


def read_register(folder: Path) -> Register:
    """Return a register to bring lists into; an empty one for a folder that is new or holds no table.

    Raises:
        RegisterError: Its tables cannot be read, or writing them again would lose something.
    """
    files = register_files(folder) if folder.is_dir() else {}
    if not any(name.partition(".")[0] in BY_NAME for name in files):
        settings = files[SETTINGS_FILE].read_text(encoding="utf-8-sig") if SETTINGS_FILE in files else ""
        return Register(folder, state(folder) if folder.is_dir() else "", {}, (), settings)
    base = state(folder)
    with closing(open_unchecked(folder)) as store:
        refuse_losses(store)
        tables = {table.name: rows(store, table.name) for table in TABLES}
        return Register(folder, base, tables, store.settings.sources, _settings(store))


def document(data: bytes, name: str) -> Document:
    """Return a list's file as its reader gives it; raises UsageError when it cannot be read. See `importing.listing.read_list`."""
    return read_document(data, name)


def source_of(
    register: Register, name: str, data: bytes, *, title: str = "", url: str = "", retrieved_on: str = "", key: str = ""
) -> Source:
    """Return where a list is from: the source the register knows by this id, file or content, or a new one.

    Args:
        register: The register.
        name: The file's name.
        data: Its bytes.
        title: What it is called; the known title, or the file's name when empty.
        url: Where it is published, "" when not stated.
        retrieved_on: The day it was taken from there, "" when not stated.
        key: The source's id; found or made from the name when empty.
    """
    digest = hashlib.sha256(data).hexdigest()
    at = f"{SOURCES}/{_file_name(name)}"
    known = next((one for one in register.sources if key and one["id"] == key), None)
    if not key:
        known = next((one for one in register.sources if one["sha256"] == digest or one["file"] == at), None)
    key = key or (known["id"] if known else _slug(PurePosixPath(name).stem) or "list")
    said = known or {}
    return Source(key, title or said.get("title", "") or name, url or said.get("url", ""), retrieved_on or said.get("retrieved_on", ""))


def plan(
    register: Register, found: Document, data: bytes, source: Source, decided: Decisions, *, title: str = "", organisation: str = ""
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
    """
    decided = decided.after(register.decided(source))
    reading = understand(found, register.known_beside(source.id), decided.answers, decided.mapping, source.id)
    done = merging.merged(register.tables, by_table(reading.rows), source.id, decided.contradictions)
    before = {table.name: list(register.tables.get(table.name, ())) for table in TABLES}
    after = {table.name: list(done.tables.get(table.name, ())) for table in TABLES}
    # Only what was asked is kept: answers to what another register or list left open say nothing here.
    asked = {one.id: one.answer for one in reading.questions if one.answer}
    held = {one.id: one.decided for one in done.contradictions if one.decided}
    at = _place(register, found.name, source)
    files = _tables(register, before, after) | _settings_file(register, source, at, data, title, organisation)
    kept = Decisions(asked, held, decided.mapping)
    beside = {at: data} | ({_decisions_name(at): kept.text().encode()} if asked or held or kept.mapping else {})
    files |= {name: content for name, content in beside.items() if _content(register.folder / name) != content}
    changed = tuple(differences(_arrow(before), _arrow(after)))
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


def compare(register: Register, found: Document, decided: Decisions) -> tuple[reconciling.Difference, ...]:
    """Return in what a list and a register differ; see `importing.reconciling.reconcile`."""
    reading = understand(found, register.known_beside(""), decided.answers, decided.mapping, "list")
    return reconciling.reconcile(register.tables, by_table(reading.rows))


def by_table(found: Rows) -> dict[str, _Rows]:
    """Return a list's rows by table."""
    return {table.name: [dict(row) for row in getattr(found, table.name, ())] for table in TABLES}


def _settings(store: Store) -> str:
    path = store.folder / SETTINGS_FILE
    return path.read_text(encoding="utf-8-sig") if path.is_file() else ""


def _tables(register: Register, before: Mapping[str, _Rows], after: Mapping[str, _Rows]) -> dict[str, bytes]:
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


def _decisions_name(at: str) -> str:
    return f"{at}.decisions.json"


def _place(register: Register, name: str, source: Source) -> str:
    """Return where a source's file is kept; another source's file is never written over."""
    known = {one["id"]: one["file"] for one in register.sources}
    if known.get(source.id, "").startswith(f"{SOURCES}/"):
        return known[source.id]
    stem, suffix = PurePosixPath(_file_name(name)).stem, PurePosixPath(_file_name(name)).suffix
    taken = {file for other, file in known.items() if other != source.id}
    return next(at for number in range(10_000) if (at := f"{SOURCES}/{stem}{f'-{number}' if number else ''}{suffix}") not in taken)


def _unchanged(before: Mapping[str, _Rows], done: Merged) -> dict[str, int]:
    found = {}
    for table in merging.CONTENT:
        then = {merging.row_id(table, row): row for row in before[table]}
        found[table] = sum(_stated(then.get(merging.row_id(table, row), {})) == _stated(row) for row in done.tables[table])
    return found


def _stated(row: Mapping[str, str]) -> dict[str, str]:
    return {column: cell for column, cell in row.items() if cell}


def _arrow(tables: Mapping[str, _Rows]) -> dict[str, pa.Table]:
    made = {}
    for name, content in tables.items():
        columns = dict.fromkeys([*(column.name for column in BY_NAME[name].columns), *(key for row in content for key in row)])
        made[name] = pa.table({key: pa.array([row.get(key) or None for row in content], pa.string()) for key in columns})
    return made


def _slug(text: str) -> str:
    return _NO_SLUG.sub("-", text.lower()).strip("-")


def _file_name(name: str) -> str:
    path = PurePosixPath(name.replace("\\", "/"))
    suffix = f".{_slug(path.suffix)}" if _slug(path.suffix) else ".txt"
    return f"{_slug(path.stem) or 'list'}{suffix}"
