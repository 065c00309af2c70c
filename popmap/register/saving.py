"""Saving a register: all of a change or nothing, and a version in its history that says who, when and why.

Whoever saves holds the folder's lock. The new files are written beside the old ones, then a journal is; from there on the save happens,
even if the machine stops: the next reader or writer finishes it. Then git gets its commit.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dulwich.objects import ObjectID
from filelock import FileLock, Timeout

from popmap.errors import PopmapError, UsageError
from popmap.register import journal as journals
from popmap.register.committing import build, publish, refresh_index
from popmap.register.git import Place, blob_id, commit_of, conflicted, create, files_of, head, locate, opened
from popmap.register.history import Outside, Version, differing, is_register_file, newest, register_files, version_of
from popmap.register.journal import Journal, Step, content, digest

_PATIENCE = 30.0
_FOUND = "The register as it was found"


class ChangedMeanwhileError(PopmapError):
    """The register is not what the decision was taken on: somebody else saved, or edited its files."""


class OutsideEditsError(PopmapError):
    """The register's files were edited outside, and no version holds those edits yet."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who saves.

    Attributes:
        name: Their name; must be stated.
        address: Their e-mail address, "" when they give none.
    """

    name: str
    address: str = ""

    def line(self) -> str:
        """Return them as git writes an author; raises UsageError when no name is stated."""
        name, address = (
            " ".join("".join(c for c in text if c.isprintable() and c not in "<>").split()) for text in (self.name, self.address)
        )
        if not name:
            raise UsageError("A version says who made it.", "State your name.")
        return f"{name} <{address}>"


def state(folder: Path) -> str:
    """Return a digest of a register's files, to hand to `save` as what a decision was taken on."""
    return digest("".join(f"{name}\0{digest(path.read_bytes())}\n" for name, path in register_files(folder).items()).encode())


def save(
    folder: Path, changes: Mapping[str, bytes | None], *, author: Author, message: str, at: datetime, base: str | None = None
) -> Version:
    """Change a register's files, all or none of them, and add a version to its history.

    The first save begins a history, whose first version holds the files as they were found.

    Args:
        folder: The register folder; made when there is none.
        changes: New bytes by the file's path in the folder, None to remove it. Files that stay the same may be among them.
        author: Who.
        message: Why; must be stated.
        at: When, with its time zone.
        base: What `state` gave when the change was decided on; None to save whatever has happened since.

    Returns:
        The new version; the newest one when nothing changes.

    Raises:
        ChangedMeanwhileError: Somebody changed the files since `base`.
        OutsideEditsError: The files were edited outside since the last version; `record` them first.
        UsageError: No name, no reason, or a file that is none of a register's.
        PopmapError: The files cannot be written; then they are as they were, or the next start finishes the save.
    """
    line, reason = author.line(), _reason(message)
    for name in changes:
        if not is_register_file(name) or ".." in Path(name).parts or Path(name).is_absolute():
            raise UsageError(f"{name!r} is no file of a register.")
    with _alone(folder):
        if base is not None and state(folder) != base:
            raise ChangedMeanwhileError(
                f"{folder} was changed since this was decided.", "Look at what changed, and decide again; nothing was written."
            )
        place = locate(folder) or create(folder)
        if (edits := _edits(folder, place)) and _begun(place):
            raise OutsideEditsError(
                f"{folder} was edited outside popmap: {', '.join((*edits.changed, *edits.added, *edits.removed))}.",
                "Record these edits as a version first; nothing was written.",
            )
        if not _begun(place) and register_files(folder):
            _commit_all(folder, place, line, at, _FOUND)
        return _saved(folder, place, changes, line, at, reason)


def record(folder: Path, *, author: Author, message: str, at: datetime) -> Version:
    """Add a version that holds the files as they are on disk: edits made by another program; see `save`.

    Returns:
        The new version; the newest one when nothing was edited.
    """
    line, reason = author.line(), _reason(message)
    with _alone(folder):
        place = locate(folder) or create(folder)
        return _commit_all(folder, place, line, at, reason)


def settle(folder: Path) -> None:
    """Finish a save that was cut off, or wait for one that is under way; costs one look at the disk when there is none.

    Raises:
        PopmapError: It cannot be finished.
    """
    if journals.pending(folder):
        with _alone(folder):
            pass


@contextmanager
def _alone(folder: Path) -> Generator[None]:
    """Hold a register's lock; what an earlier save left undone is done first."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(journals.lock_file(folder), timeout=_PATIENCE):
            _finish(folder)
            yield
    except Timeout as error:
        raise PopmapError(f"Somebody else has been saving in {folder} for {_PATIENCE:.0f} s.", "Try again.") from error
    except OSError as error:
        raise PopmapError(f"{folder} cannot be written: {error.strerror or error}.", "Check the disk and the permissions.") from error


def _finish(folder: Path) -> None:
    found = journals.read(folder)
    if found is not None:
        place = locate(folder) or create(folder)
        _carry_out(folder, place, found)
    journals.end(folder)


def _saved(folder: Path, place: Place, changes: Mapping[str, bytes | None], author: str, at: datetime, message: str) -> Version:
    steps = tuple(Step(name, digest(content(folder, name)), digest(data)) for name, data in sorted(changes.items()))
    steps = tuple(step for step in steps if step.before != step.after)
    if not steps:
        return _newest(folder)
    with opened(place) as repo:
        if conflicted(repo, place):
            raise PopmapError(f"A merge is under way in {place.root}.", "End it with git first; nothing was written.")
        parent = head(repo) or b""
    entry = Journal(steps, parent.decode(), author, at.isoformat(timespec="seconds"), message)
    journals.begin(folder, entry, changes)
    version = _carry_out(folder, place, entry)
    journals.end(folder)
    return version


def _commit_all(folder: Path, place: Place, author: str, at: datetime, message: str) -> Version:
    """Add a version of what is on disk; its files are their own staged copies."""
    edits = _edits(folder, place)
    if not edits:
        return _newest(folder)
    changed = {name: content(folder, name) for name in (*edits.changed, *edits.added)} | dict.fromkeys(edits.removed)
    with opened(place) as repo:
        parent = head(repo) or b""
    steps = tuple(Step(name, digest(data), digest(data)) for name, data in sorted(changed.items()))
    entry = Journal(steps, parent.decode(), author, at.isoformat(timespec="seconds"), message)
    journals.begin(folder, entry, changed)
    version = _carry_out(folder, place, entry)
    journals.end(folder)
    return version


def _carry_out(folder: Path, place: Place, entry: Journal) -> Version:
    """Do what a journal says; a second call changes nothing."""
    files = journals.staged(folder, entry)
    journals.carry_out(folder, entry)
    parent = ObjectID(entry.parent.encode()) if entry.parent else None
    with opened(place) as repo:
        commit, objects = build(repo, place, parent, files, entry.author, datetime.fromisoformat(entry.at), entry.message)
        if not publish(repo, commit, objects, journals.scratch(folder)):
            # Another program moved the branch since, or holds it: the same change follows what it made, unless that has it already.
            newer = head(repo)
            commit, objects = build(repo, place, newer, files, entry.author, datetime.fromisoformat(entry.at), entry.message)
            done = newer is not None and commit_of(repo, newer).tree == commit.tree
            if not done and not publish(repo, commit, objects, journals.scratch(folder)):
                raise PopmapError(f"The git repository {place.root} is in use by another program.", "Try again; the change is kept.")
        blobs = {name: None if data is None else blob_id(data) for name, data in files.items()}
        refresh_index(repo, place, blobs, journals.scratch(folder))
        return version_of(commit)


def _edits(folder: Path, place: Place) -> Outside:
    with opened(place) as repo:
        return differing(repo, place, folder)


def _begun(place: Place) -> bool:
    """Return whether the history holds the register at all."""
    with opened(place) as repo:
        return any(map(is_register_file, files_of(repo, head(repo), place.inside)))


def _newest(folder: Path) -> Version:
    version = newest(folder)
    if version is None:
        raise UsageError(f"There is nothing to save in {folder}.")
    return version


def _reason(message: str) -> str:
    reason = "".join(c for c in message.replace("\r\n", "\n") if c.isprintable() or c in "\n\t").strip()
    if not reason:
        raise UsageError("A version says why it was made.", "State a reason.")
    return reason
