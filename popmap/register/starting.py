"""Starting a register of one's own: empty, or as a copy of another."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from popmap.errors import PopmapError, UsageError
from popmap.register.history import Version, register_files
from popmap.register.saving import Author, record, save
from popmap.register.schema import CATEGORIES, FLOWS, SETTINGS_FILE, VENDORS, Table
from popmap.register.settings_writing import begun

# Without these nothing of a register can be read.
_FIRST = (CATEGORIES, VENDORS, FLOWS)


def start_empty(target: Path, title: str, organisation: str, author: Author, at: datetime) -> Version:
    """Make a folder a register with nothing in it yet, and its first version.

    Args:
        target: A new or empty folder.
        title: The register's title, "" when not stated.
        organisation: Whose it is, "" when not stated.
        author: Who.
        at: When, with its time zone.

    Raises:
        UsageError: The folder cannot be used, or no name is stated.
        PopmapError: It cannot be written.
    """
    author.line()
    _check(target)
    files = {SETTINGS_FILE: begun(title, organisation).encode(), **{f"{table.name}.csv": _header(table) for table in _FIRST}}
    return save(target, files, author=author, message="A new register", at=at)


def start_copy(source: Path, target: Path, author: Author, at: datetime) -> Version:
    """Copy a register's files into a folder, and make them its first version; see `start_empty`."""
    author.line()
    _check(target)
    inside, whole = target.resolve(), source.resolve()
    if inside == whole or whole in inside.parents:
        raise UsageError(f"{target} is in the register folder itself.", "Name a folder outside it.")
    try:
        for name, path in register_files(source).items():
            copy = target / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    except OSError as error:
        raise PopmapError(f"{target} cannot be written: {error.strerror or error}.", "Name a folder you may write to.") from error
    return record(target, author=author, message=f"Copied from {source.name}", at=at)


def _check(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file.", "Name a new folder.")
    if target.is_dir() and any(target.iterdir()):
        raise UsageError(f"The folder {target} is not empty.", "Name a new one; nothing is overwritten.")


def _header(table: Table) -> bytes:
    return (",".join(column.name for column in table.columns) + "\n").encode()
