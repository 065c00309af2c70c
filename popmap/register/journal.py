"""The journal of a save: what is about to change, written down whole before anything does, so that the next start can finish it.

Everything here lies in the register folder's `.popmap`, which git is told to leave alone.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from popmap.errors import PopmapError
from popmap.register.durable import sync_folder, write

AREA = ".popmap"
_JOURNAL, _STAGE, _LOCK = "journal.json", "staged", "lock"
_FORMAT = 1
GONE = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One file of a save.

    Attributes:
        name: Its path in the register folder, with `/`.
        before: SHA-256 of what was there, GONE when nothing was.
        after: SHA-256 of what shall be there, GONE to remove it.
    """

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Journal:
    """A save that is decided on.

    Attributes:
        steps: Its files.
        parent: The commit it follows, "" for the first.
        author: "Name <address>".
        at: When, as ISO 8601 with seconds.
        message: Why.
    """

    steps: tuple[Step, ...]
    parent: str
    author: str
    at: str
    message: str


def lock_file(folder: Path) -> Path:
    """Return the file that whoever saves holds; its folder is there afterwards."""
    return _area(folder) / _LOCK


def scratch(folder: Path) -> Path:
    """Return a folder for drafts on the register's own disk."""
    return _area(folder)


def pending(folder: Path) -> bool:
    """Return whether a save is under way, or was cut off."""
    return (folder / AREA / _JOURNAL).exists()


def digest(data: bytes | None) -> str:
    """Return the SHA-256 of a file's bytes, GONE for no file."""
    return GONE if data is None else hashlib.sha256(data).hexdigest()


def content(folder: Path, name: str) -> bytes | None:
    """Return a register file's bytes, None when there is none."""
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        return None


def begin(folder: Path, journal: Journal, changes: Mapping[str, bytes | None]) -> None:
    """Write a save's new files beside the register, then its journal: from here on it happens."""
    stage = _area(folder) / _STAGE
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir()
    for number, step in enumerate(journal.steps):
        data = changes[step.name]
        if data is not None:
            write(stage / str(number), data)
    sync_folder(stage)
    draft = _area(folder) / f"{_JOURNAL}.draft"
    write(draft, json.dumps({"format": _FORMAT, **asdict(journal)}, ensure_ascii=False).encode())
    draft.replace(_area(folder) / _JOURNAL)
    sync_folder(_area(folder))


def read(folder: Path) -> Journal | None:
    """Return the journal of a save that was not ended, None when there is none.

    Raises:
        PopmapError: It is not one of this version's.
    """
    path = folder / AREA / _JOURNAL
    try:
        found = json.loads(path.read_bytes())
        if found.pop("format") != _FORMAT:
            raise ValueError("another format")
        steps = tuple(Step(**step) for step in found.pop("steps"))
        return Journal(steps, **found)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PopmapError(f"{path} is not a journal of this version of popmap.", "Use the version that wrote it.") from error


def staged(folder: Path, journal: Journal) -> dict[str, bytes | None]:
    """Return the new files of a save by name, None for one to remove; wherever each of them is by now.

    Raises:
        PopmapError: One is nowhere: neither staged nor in its place.
    """
    files: dict[str, bytes | None] = {}
    for number, step in enumerate(journal.steps):
        files[step.name] = None
        if step.after != GONE:
            places = (folder / AREA / _STAGE / str(number), folder / step.name)
            found = next((data for path in places if path.is_file() and digest(data := path.read_bytes()) == step.after), None)
            if found is None:
                raise PopmapError(
                    f"The save that was cut off in {folder} cannot be finished: {step.name} is neither staged nor in its place.",
                    f"Restore {AREA} from a copy, or remove {AREA}/{_JOURNAL} to keep the files as they are.",
                )
            files[step.name] = found
    return files


def carry_out(folder: Path, journal: Journal) -> tuple[str, ...]:
    """Put a save's files in their places; a second call changes nothing.

    Returns:
        The names of files that somebody changed since the journal was written. They are left as they are, an edit made outside.
    """
    left = []
    for number, step in enumerate(journal.steps):
        target, source = folder / step.name, folder / AREA / _STAGE / str(number)
        now = digest(content(folder, step.name))
        if now == step.after:
            continue
        if now != step.before:
            left.append(step.name)
        elif step.after == GONE:
            target.unlink()
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            # The staged file stays until the end: it may be all there is of it should its place be written over by somebody.
            draft = folder / AREA / f"{number}.draft"
            write(draft, source.read_bytes())
            draft.replace(target)
        sync_folder(target.parent)
    return tuple(left)


def end(folder: Path) -> None:
    """Forget a save that is done, or one that had not begun."""
    area = _area(folder)
    (area / _JOURNAL).unlink(missing_ok=True)
    sync_folder(area)
    shutil.rmtree(area / _STAGE, ignore_errors=True)
    for draft in area.glob("*.draft"):
        draft.unlink(missing_ok=True)


def _area(folder: Path) -> Path:
    area = folder / AREA
    if not area.is_dir():
        area.mkdir(exist_ok=True)
    ignore = area / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    return area
