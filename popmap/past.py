"""A register as it was, and what changed from one version to another."""

from __future__ import annotations

import tempfile
import threading
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from popmap.checks.run import open_unchecked
from popmap.differences import Cell, Change, Difference, differences, setting_differences
from popmap.errors import RegisterError
from popmap.opened import opened
from popmap.register.history import Version, files_at, register_files, write_version
from popmap.register.saving import Author, save
from popmap.register.schema import BY_NAME, SETTINGS_FILE
from popmap.stated import stated_settings, stated_tables
from popmap.store import Store

_Kept = tuple[Path, str]
_folders: dict[_Kept, tempfile.TemporaryDirectory] = {}
_lock = threading.Lock()


def folder_of(folder: Path, version: Version) -> Path:
    """Return a folder that holds a register's files as a version has them; made once, removed when the process ends.

    Raises:
        PopmapError: The version is none of this register's.
    """
    key = folder.absolute(), version.id
    with _lock:
        if key not in _folders:
            made = tempfile.TemporaryDirectory(prefix="popmap-version-")
            target = Path(made.name) / "register"
            target.mkdir()
            write_version(folder, version, target)
            _folders[key] = made
        return Path(_folders[key].name) / "register"


def opened_as_of(folder: Path, version: Version) -> Store:
    """Return the store of a register as a version has it, its findings judged on the version's day; see `opened.opened`."""
    return opened(folder_of(folder, version), version.at.date())


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed between two versions of a register.

    Attributes:
        rows: The rows that differ.
        settings: What differs in register.toml.
        files: Other files of the register that were added, removed or changed: sources and own rules.
    """

    rows: tuple[Difference, ...] = ()
    settings: tuple[Cell, ...] = ()
    files: tuple[tuple[Change, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rows or self.settings or self.files)

    def lines(self) -> list[str]:
        """Return it in words, a line for each change, evidence last."""
        content = [str(one) for one in self.rows if one.table != "evidence"]
        said = [f"Settings: {cell}" for cell in self.settings]
        others = [f"{change.value.capitalize()} file {name}" for change, name in self.files]
        return [*content, *said, *others, *(str(one) for one in self.rows if one.table == "evidence")]


def changes(folder: Path, before: Version | None, after: Version | None) -> Changes:
    """Return what changed between two versions of a register.

    Args:
        folder: The register folder.
        before: The earlier version; None for nothing at all, so that everything was added.
        after: The later one; None for the files as they are on disk.

    Raises:
        PopmapError: One of them cannot be read.
    """
    old = _State() if before is None else _state(folder_of(folder, before), files_at(folder, before.id))
    now = {name: path.read_bytes() for name, path in register_files(folder).items()}
    new = _state(folder, now) if after is None else _state(folder_of(folder, after), files_at(folder, after.id))
    rows = differences(old.tables, new.tables)
    return Changes(tuple(rows), setting_differences(old.settings, new.settings), _other_files(old.files, new.files))


def restore(folder: Path, version: Version, by: Author, why: str, base: str | None = None) -> Version:
    """Make a register what it was in an earlier version, as a new version; see `saving.save`.

    Args:
        folder: The register folder.
        version: The earlier version.
        by: Who.
        why: Why; when empty, that it was restored.
        base: What `saving.state` gave when this was decided.
    """
    then = files_at(folder, version.id)
    gone: dict[str, bytes | None] = dict.fromkeys(name for name in register_files(folder) if name not in then)
    message = why.strip() or f"Restored the version {version.short} of {version.at:%Y-%m-%d}"
    return save(folder, {**gone, **then}, author=by, message=message, at=datetime.now(UTC), base=base)


@dataclass(frozen=True, slots=True)
class _State:
    tables: dict[str, pa.Table] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


def _state(folder: Path, files: dict[str, bytes]) -> _State:
    try:
        store = open_unchecked(folder)
    except RegisterError:
        # A version without a table, such as one of settings alone, states nothing in tables.
        return _State(files=files)
    with closing(store):
        return _State(stated_tables(store), stated_settings(store.settings), files)


def _other_files(before: dict[str, bytes], after: dict[str, bytes]) -> tuple[tuple[Change, str], ...]:
    names = [name for name in sorted({*before, *after}) if name != SETTINGS_FILE and name.partition(".")[0] not in BY_NAME]
    kinds = {(True, False): Change.REMOVED, (False, True): Change.ADDED, (True, True): Change.CHANGED}
    return tuple((kinds[name in before, name in after], name) for name in names if before.get(name) != after.get(name))
