"""A register's git repository: found or made, and read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from dulwich.errors import NotGitRepository
from dulwich.ignore import IgnoreFilterManager
from dulwich.index import ConflictedIndexEntry
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.refs import DiskRefsContainer, Ref
from dulwich.repo import Repo

from popmap.errors import PopmapError

_BRANCH = b"main"
FILE_MODE, FOLDER_MODE = 0o100644, 0o040000
HEAD = Ref(b"HEAD")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a register's history is kept.

    Attributes:
        root: The repository's work tree.
        inside: The register folder in it, with `/`; "" when it is the work tree itself.
    """

    root: Path
    inside: str

    def path(self, name: str) -> str:
        """Return a register file's path in the work tree."""
        return f"{self.inside}/{name}" if self.inside else name


def locate(folder: Path) -> Place | None:
    """Return where a register folder's history is kept: its own repository, or the one it lies inside and is not ignored by; else None."""
    folder = folder.resolve()
    try:
        repo = Repo.discover(str(folder))
    except NotGitRepository:
        return None
    with repo:
        if repo.bare:
            return None
        root = Path(os.fsdecode(repo.path)).resolve()
        inside = folder.relative_to(root).as_posix()
        if inside != "." and IgnoreFilterManager.from_repo(repo).is_ignored(f"{inside}/"):
            return None
    return Place(root, "" if inside == "." else inside)


def create(folder: Path) -> Place:
    """Make a register folder a repository of its own, with nothing in it yet."""
    with Repo.init(str(folder), default_branch=_BRANCH) as repo:
        config = repo.get_config()
        # What is written is what is committed, on every system.
        config.set((b"core",), b"autocrlf", b"false")
        config.write_to_path()
    return Place(folder.resolve(), "")


def opened(place: Place) -> Repo:
    """Return the repository; close it after use.

    Raises:
        PopmapError: It is one that popmap cannot write to.
    """
    repo = Repo(str(place.root))
    if repo.object_format.name != "sha1" or not isinstance(repo.refs, DiskRefsContainer):
        repo.close()
        raise PopmapError(f"The git repository {place.root} keeps its objects or branches in a form popmap does not write.", "Use another.")
    return repo


def head(repo: Repo) -> ObjectID | None:
    """Return the newest commit's id, None before the first."""
    return repo.refs.follow(HEAD)[1]


def commit_of(repo: Repo, version: ObjectID) -> Commit:
    """Return a commit; raises PopmapError when the id is of something else or of nothing."""
    try:
        found = repo[version]
    except KeyError:
        found = None
    if not isinstance(found, Commit):
        raise PopmapError(f"There is no version {version.decode()} in {repo.path}.", "Take one from popmap log.")
    return found


def files_of(repo: Repo, version: ObjectID | None, inside: str) -> dict[str, ObjectID]:
    """Return the files below a folder as a commit holds them: content id by path from that folder."""
    if version is None:
        return {}
    tree = _folder(repo, commit_of(repo, version).tree, inside)
    return dict(_files(repo, tree, "")) if tree else {}


def content(repo: Repo, blob: ObjectID) -> bytes:
    """Return a file's bytes by its content id."""
    found = repo[blob]
    if not isinstance(found, Blob):
        raise PopmapError(f"{blob.decode()} in {repo.path} is no file.")
    return found.as_raw_string()


def blob_id(data: bytes) -> ObjectID:
    """Return the content id git gives these bytes."""
    return Blob.from_string(data).id


def conflicted(repo: Repo, place: Place) -> bool:
    """Return whether a merge that is under way has left a register file undecided."""
    below = os.fsencode(f"{place.inside}/" if place.inside else "")
    return any(isinstance(entry, ConflictedIndexEntry) and path.startswith(below) for path, entry in repo.open_index().items())


def tree_of(repo: Repo, oid: ObjectID) -> Tree:
    """Return a folder by its id."""
    found = repo[oid]
    if not isinstance(found, Tree):
        raise PopmapError(f"{oid.decode()} in {repo.path} is no folder.")
    return found


def _folder(repo: Repo, tree: ObjectID, inside: str) -> ObjectID | None:
    at = tree
    for part in filter(None, inside.split("/")):
        found = {entry.path: entry for entry in tree_of(repo, at).items()}.get(os.fsencode(part))
        if found is None or found.mode != FOLDER_MODE:
            return None
        at = ObjectID(found.sha)
    return at


def _files(repo: Repo, tree: ObjectID, above: str) -> Iterator[tuple[str, ObjectID]]:
    for entry in tree_of(repo, tree).items():
        path = above + os.fsdecode(entry.path)
        if entry.mode == FOLDER_MODE:
            yield from _files(repo, ObjectID(entry.sha), f"{path}/")
        elif S_ISREG(entry.mode):
            yield path, ObjectID(entry.sha)
