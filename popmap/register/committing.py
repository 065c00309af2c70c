"""One more commit in a register's git repository; any git can read what is written here.

dulwich builds the objects. They are put in place here, by files that are complete before they get their name: whoever is killed in the
middle leaves no lock behind that nobody owns, which dulwich's own writers would.
"""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from dulwich.index import Index, IndexChecksumWriter, TreeExtension, index_entry_from_stat, write_index_dict
from dulwich.objects import Blob, Commit, ObjectID, ShaFile, Tree
from dulwich.refs import DiskRefsContainer
from dulwich.repo import Repo

from popmap.register.durable import write
from popmap.register.git import FILE_MODE, FOLDER_MODE, HEAD, Place, commit_of, tree_of

_Changes = Mapping[tuple[str, ...], Blob | None]


def build(
    repo: Repo, place: Place, parent: ObjectID | None, changes: Mapping[str, bytes | None], author: str, at: datetime, message: str
) -> tuple[Commit, list[ShaFile]]:
    """Return a commit with changed register files, and the objects it needs; nothing is written. The same arguments give the same id.

    Args:
        repo: The repository.
        place: Where in it the register lies; whatever lies beside stays as the parent has it.
        parent: The commit it follows, None for the first.
        changes: New bytes by the file's path in the register folder, None to remove it.
        author: "Name <address>".
        at: When, to the second.
        message: Why.
    """
    blobs = {place.path(name): None if data is None else Blob.from_string(data) for name, data in changes.items()}
    made: list[ShaFile] = [blob for blob in blobs.values() if blob is not None]
    before = commit_of(repo, parent).tree if parent else None
    tree = _replaced(repo, before, {tuple(path.split("/")): blob for path, blob in blobs.items()}, made)
    commit = Commit()
    commit.tree = tree.id if tree else Tree().id
    commit.parents = [parent] if parent else []
    commit.author = commit.committer = author.encode()
    commit.author_time = commit.commit_time = int(at.astimezone(UTC).timestamp())
    commit.author_timezone = commit.commit_timezone = 0
    commit.encoding = b"UTF-8"
    commit.message = message.rstrip("\n").encode() + b"\n"
    return commit, [*made, *([] if tree else [Tree()]), commit]


def publish(repo: Repo, commit: Commit, objects: Iterable[ShaFile], scratch: Path) -> bool:
    """Write a commit and move the branch to it; return whether it is the newest one now.

    Args:
        repo: The repository.
        commit: What `build` returned; a second call with it changes nothing.
        objects: What `build` returned.
        scratch: A folder of the caller's on the same disk; a lock that this left behind is known by the file beside it in there.
    """
    for item in objects:
        _write_object(Path(repo.object_store.path), item)
    chain, current = repo.refs.follow(HEAD)
    if current == commit.id:
        return True
    # `git.opened` lets no other kind of branch store through.
    branch = Path(os.fsdecode(cast(DiskRefsContainer, repo.refs).refpath(chain[-1])))
    branch.parent.mkdir(parents=True, exist_ok=True)

    def unmoved() -> bool:
        return repo.refs.follow(HEAD)[1] == (commit.parents[0] if commit.parents else None)

    return _swap(branch, commit.id + b"\n", scratch / "branch", unmoved)


def refresh_index(repo: Repo, place: Place, files: Mapping[str, ObjectID | None], scratch: Path) -> bool:
    """Tell git's index what was committed, so that `git status` sees nothing to do; what others staged stays staged.

    Args:
        repo: The repository.
        place: Where in it the register lies.
        files: Content id by the file's path in the register folder, None for a removed one.
        scratch: See `publish`.

    Returns:
        False when the index is somebody else's at the moment; git then shows the files as changed until it is refreshed.
    """
    index = repo.open_index()
    entries = dict(index.items())
    for name, blob in files.items():
        path = os.fsencode(place.path(name))
        on_disk = place.root / place.path(name)
        if blob is None or not on_disk.exists():
            entries.pop(path, None)
        else:
            entries[path] = index_entry_from_stat(on_disk.stat(), blob, FILE_MODE)
    out = _Written()
    writer = IndexChecksumWriter(out, repo.object_format)
    # The cached trees are left out: they describe the index as it was.
    kept = [extension for extension in _extensions(index) if not isinstance(extension, TreeExtension) and extension.to_bytes()]
    write_index_dict(writer, entries, extensions=kept, object_format=repo.object_format)
    writer.write_checksum()
    return _swap(Path(repo.index_path()), out.getvalue(), scratch / "index", lambda: True)


class _Written(io.BytesIO):
    """Bytes in memory that stay readable after dulwich has closed them."""

    def close(self) -> None:
        """Keep them."""


def _extensions(index: Index) -> list:
    return list(index._extensions)  # noqa: SLF001 - dulwich keeps what it read there, and offers no other way to it


def _write_object(store: Path, item: ShaFile) -> None:
    name = item.id.decode()
    target = store / name[:2] / name[2:]
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    # A name that git's own housekeeping knows and removes.
    draft = target.parent / f"tmp_obj_{secrets.token_hex(6)}"
    write(draft, item.as_legacy_object())
    draft.chmod(0o444)
    draft.replace(target)


def _swap(target: Path, data: bytes, draft: Path, wanted: Callable[[], bool]) -> bool:
    """Replace a file of git's under git's own lock, `NAME.lock`, which is made by a link and so is complete from its first moment."""
    lock = target.with_name(f"{target.name}.lock")
    if lock.exists() and draft.exists() and lock.samefile(draft):
        lock.unlink()
    draft.unlink(missing_ok=True)
    write(draft, data)
    try:
        os.link(draft, lock)
    except FileExistsError:
        draft.unlink()
        return False
    try:
        if not wanted():
            lock.unlink()
            return False
        lock.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return True


def _replaced(repo: Repo, old: ObjectID | None, changes: _Changes, made: list[ShaFile]) -> Tree | None:
    """Return a folder with changed files, None when nothing is left in it; new folders are added to `made`, the innermost first."""
    entries = {entry.path: (entry.mode, entry.sha) for entry in tree_of(repo, old).items()} if old else {}
    below: dict[bytes, dict[tuple[str, ...], Blob | None]] = {}
    for (name, *rest), blob in changes.items():
        path = os.fsencode(name)
        if rest:
            below.setdefault(path, {})[tuple(rest)] = blob
        elif blob is not None:
            entries[path] = (FILE_MODE, blob.id)
        else:
            entries.pop(path, None)
    for path, inner in below.items():
        mode, sha = entries.pop(path, (0, None))
        folder = _replaced(repo, ObjectID(sha) if sha and mode == FOLDER_MODE else None, inner, made)
        if folder is not None:
            entries[path] = (FOLDER_MODE, folder.id)
    if not entries:
        return None
    tree = Tree()
    for path, (mode, sha) in entries.items():
        tree.add(path, mode, sha)
    made.append(tree)
    return tree
