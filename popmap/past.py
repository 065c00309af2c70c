"""A register as it was: the files of a version, set out in a folder of their own for as long as this process runs."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

from popmap.opened import opened
from popmap.register.history import Version, write_version
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
            write_version(folder, version.id, target)
            _folders[key] = made
        return Path(_folders[key].name) / "register"


def opened_as_of(folder: Path, version: Version) -> Store:
    """Return the store of a register as a version has it, its findings judged on the version's day; see `opened.opened`."""
    return opened(folder_of(folder, version), version.at.date())
