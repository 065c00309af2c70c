"""A register as bringing lists in needs it: its rows as text, what it knows, where its sources are kept."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from popmap.building import REFERENCE
from popmap.checks.run import open_unchecked
from popmap.importing import merging
from popmap.importing.model import Known
from popmap.lists.decisions import Decisions, Source
from popmap.register.history import SOURCES, register_files
from popmap.register.saving import state
from popmap.register.schema import BY_NAME, SETTINGS_FILE, TABLES
from popmap.rewriting import refuse_losses, rows
from popmap.store import Store

Rows = list[dict[str, str]]
_NO_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Register:
    """A register as bringing lists in needs it.

    Attributes:
        folder: Its folder, which may be new or empty.
        base: The state of its files.
        tables: Its rows by table.
        sources: What register.toml says of its sources.
        settings: register.toml's text, "" for none.
        title: Its title, "" when not stated.
        fingerprint: SHA-256 of its content, "" for an empty one.
    """

    folder: Path
    base: str
    tables: Mapping[str, Rows]
    sources: tuple[dict[str, str], ...]
    settings: str
    title: str = ""
    fingerprint: str = ""

    def known_beside(self, source: str) -> Known:
        """Return what the register knows beside what one source alone has told it.

        Reading that source again must not depend on what it said before, or the same list would give other rows the second time.
        """
        evidence = self.tables.get("evidence", ())
        theirs = {(row["table"], row["row_id"]) for row in evidence if row["source_id"] == source}
        alone = theirs - {(row["table"], row["row_id"]) for row in evidence if row["source_id"] != source}

        def beside(table: str) -> Rows:
            return [row for row in self.tables.get(table, ()) if (table, merging.row_id(table, row)) not in alone]

        return Known(
            {row["vendor_id"]: row["name"] for row in beside("vendors")},
            {row["category_id"]: row["name"] for row in beside("categories")},
            tuple((row["kind"], row["alias"], row["id"]) for row in beside("aliases")),
            _taxonomy(),
        )

    def decided(self, source: Source) -> Decisions:
        """Return what was decided when this source was brought in before; nothing for a new one."""
        path = self.folder / decisions_name(place(self, source.id, source))
        try:
            return Decisions.read(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, TypeError, AttributeError, KeyError):
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
        return Register(folder, base, tables, store.settings.sources, _settings(store), store.settings.title, store.fingerprint)


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


@cache
def _taxonomy() -> dict[str, str]:
    """Return the names of the taxonomy's data categories and data uses by key."""
    found = {}
    for name in ("data_categories", "data_uses"):
        with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found |= {row["key"]: row["name"] for row in csv.DictReader(file)}
    return found


def _settings(store: Store) -> str:
    path = store.folder / SETTINGS_FILE
    return path.read_text(encoding="utf-8-sig") if path.is_file() else ""


def decisions_name(at: str) -> str:
    """Return where the decisions about a source are kept: beside it."""
    return f"{at}.decisions.json"


def place(register: Register, name: str, source: Source) -> str:
    """Return where a source's file is kept; another source's file is never written over."""
    known = {one["id"]: one["file"] for one in register.sources}
    if known.get(source.id, "").startswith(f"{SOURCES}/"):
        return known[source.id]
    stem, suffix = PurePosixPath(_file_name(name)).stem, PurePosixPath(_file_name(name)).suffix
    taken = {file for other, file in known.items() if other != source.id}
    return next(at for number in range(10_000) if (at := f"{SOURCES}/{stem}{f'-{number}' if number else ''}{suffix}") not in taken)


def _slug(text: str) -> str:
    return _NO_SLUG.sub("-", text.lower()).strip("-")


def _file_name(name: str) -> str:
    path = PurePosixPath(name.replace("\\", "/"))
    suffix = f".{_slug(path.suffix)}" if _slug(path.suffix) else ".txt"
    return f"{_slug(path.stem) or 'list'}{suffix}"
