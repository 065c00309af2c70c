"""A register's history: its versions, and what its files were in each. A version is a commit of the git repository it is kept in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

from dulwich.objects import Commit, ObjectID
from dulwich.repo import Repo
from dulwich.walk import ORDER_TOPO

from popmap.errors import UsageError
from popmap.register.git import Place, blob_id, commit_of, content, files_of, head, locate, opened
from popmap.register.reading import TABLE_SUFFIXES
from popmap.register.schema import SETTINGS_FILE

OWN_RULES, SOURCES = "checks", "sources"
SHORT = 10
_SHORTEST = 4
# Beside the files of a version that was written out: it names the version. No part of the register.
_WRITTEN = ".popmap-version"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a register.

    Attributes:
        id: The commit's id, 40 hexadecimal digits.
        author: Who made it.
        address: Their address, "" when not stated.
        at: When, in UTC.
        message: Why.
    """

    id: str
    author: str
    address: str
    at: datetime
    message: str

    @property
    def short(self) -> str:
        """Return the id's first digits, which name it where people read."""
        return self.id[:SHORT]


@dataclass(frozen=True, slots=True)
class Standing:
    """Which version a register's files are of.

    Attributes:
        version: The newest version, or that whose files they are.
        edited: Whether they have been changed since, by another program or by hand.
    """

    version: Version
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Outside:
    """What was changed on disk since the last version, by another program or by hand.

    Attributes:
        changed: Files whose content differs.
        added: Files the last version has not.
        removed: Files only the last version has.
    """

    changed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed or self.added or self.removed)


def register_files(folder: Path) -> dict[str, Path]:
    """Return the files that make a register up, by their path in its folder: tables, settings, sources and own rules."""
    found = [path for path in folder.iterdir() if path.is_file() and is_register_file(path.name)]
    for inner in (SOURCES, OWN_RULES):
        found += [path for path in (folder / inner).rglob("*") if path.is_file()]
    names = {path.relative_to(folder).as_posix(): path for path in found}
    return {name: names[name] for name in sorted(names) if is_register_file(name)}


def is_register_file(name: str) -> bool:
    """Return whether a path in a register folder is one of the register's own."""
    top, _, rest = name.partition("/")
    if rest:
        return top == SOURCES or (top == OWN_RULES and name.endswith(".sql"))
    return name == SETTINGS_FILE or (not name.startswith(".") and name.lower().endswith(TABLE_SUFFIXES))


def versions(folder: Path) -> tuple[Version, ...]:
    """Return a register's versions, the newest first; none when no history is kept."""
    place = locate(folder)
    if place is None:
        return ()
    with opened(place) as repo:
        return tuple(map(version_of, _commits(repo, place, head(repo))))


def newest(folder: Path) -> Version | None:
    """Return a register's newest version, None when no history is kept."""
    place = locate(folder)
    if place is None:
        return None
    with opened(place) as repo:
        at = head(repo)
    return _newest(place, at) if at else None


# In a repository of much else, the last commit that changed the register may lie far back: it is looked for once.
@lru_cache(maxsize=64)
def _newest(place: Place, at: ObjectID) -> Version | None:
    with opened(place) as repo:
        commit = next(_commits(repo, place, at), None)
        return version_of(commit) if commit else None


def standing(folder: Path) -> Standing | None:
    """Return which version a register's files are of, also in a folder that `write_version` made; None when no history is kept."""
    if version := written_out(folder):
        return Standing(version)
    version = newest(folder)
    return Standing(version, bool(outside(folder))) if version else None


def written_out(folder: Path) -> Version | None:
    """Return the version whose files `write_version` put into a folder, None for any other folder."""
    written = folder / _WRITTEN
    if not written.is_file():
        return None
    stated = json.loads(written.read_text(encoding="utf-8"))
    return Version(**stated | {"at": datetime.fromisoformat(stated["at"])})


def find(folder: Path, named: str) -> Version:
    """Return the version somebody names.

    Args:
        folder: The register folder.
        named: A version's id or the first four or more of its digits, or a day (ISO 8601), which means the last version of that day or
            before it, in UTC.

    Raises:
        UsageError: No version, or more than one, is named so.
    """
    known = versions(folder)
    if not known:
        raise UsageError(f"No history is kept of {folder}.", "The first save in popmap begins one.")
    if day := _day(named):
        before = [version for version in known if version.at.date() <= day]
        if not before:
            raise UsageError(f"There is no version of {folder} of {named} or before.", f"The first is of {known[-1].at.date()}.")
        return max(before, key=lambda version: version.at)
    digits = named.strip().lower()
    fitting = [version for version in known if len(digits) >= _SHORTEST and version.id.startswith(digits)]
    if len(fitting) != 1:
        what = "is not a version" if not fitting else f"could be {len(fitting)} versions"
        raise UsageError(f"{named!r} {what} of {folder}.", "Name a version by its id from popmap log, or by a day such as 2026-11-23.")
    return fitting[0]


def files_at(folder: Path, version: str) -> dict[str, bytes]:
    """Return a register's files as a version holds them, by their path in its folder."""
    place = _kept(folder)
    with opened(place) as repo:
        found = files_of(repo, ObjectID(version.encode()), place.inside)
        return {name: content(repo, blob) for name, blob in found.items() if is_register_file(name)}


def write_version(folder: Path, version: Version, target: Path) -> None:
    """Write a register's files as a version holds them into an empty folder, and which version that is."""
    for name, data in files_at(folder, version.id).items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (target / _WRITTEN).write_text(json.dumps(asdict(version) | {"at": version.at.isoformat()}), encoding="utf-8")


def outside(folder: Path) -> Outside:
    """Return what was changed on disk since the last version; nothing when no history is kept."""
    place = locate(folder)
    if place is None:
        return Outside()
    with opened(place) as repo:
        return differing(repo, place, folder)


def differing(repo: Repo, place: Place, folder: Path) -> Outside:
    """Return how a register's files differ from the newest commit's."""
    then = {name: blob for name, blob in files_of(repo, head(repo), place.inside).items() if is_register_file(name)}
    now = {name: blob_id(path.read_bytes()) for name, path in register_files(folder).items()}
    return Outside(
        tuple(sorted(name for name in now.keys() & then.keys() if now[name] != then[name])),
        tuple(sorted(now.keys() - then.keys())),
        tuple(sorted(then.keys() - now.keys())),
    )


def version_of(commit: Commit) -> Version:
    """Return a commit as a version."""
    name, _, address = commit.author.decode("utf-8", "replace").partition(" <")
    at = datetime.fromtimestamp(commit.commit_time, UTC)
    return Version(commit.id.decode(), name, address.rstrip(">"), at, commit.message.decode("utf-8", "replace").strip())


def _kept(folder: Path) -> Place:
    place = locate(folder)
    if place is None:
        raise UsageError(f"No history is kept of {folder}.", "The first save in popmap begins one.")
    return place


def _commits(repo: Repo, place: Place, at: ObjectID | None) -> Iterator[Commit]:
    """Yield the commits up to one that changed the register, the newest first."""
    if at is None:
        return
    paths = [place.inside.encode()] if place.inside else None
    for entry in repo.get_walker([at], paths=paths, order=ORDER_TOPO):
        commit = commit_of(repo, entry.commit.id)
        if not place.inside or files_of(repo, commit.id, place.inside):
            yield commit


def _day(named: str) -> date | None:
    try:
        return date.fromisoformat(named.strip())
    except ValueError:
        return None
