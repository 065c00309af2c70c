"""The register in the pack: every file byte for byte as it was read, or a copy for outsiders without what is kept from them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from popmap.checks.run import OWN_RULES
from popmap.convert import SOURCES
from popmap.errors import RegisterError
from popmap.evidence.archive import safe
from popmap.register.reading import TABLE_SUFFIXES, find
from popmap.register.schema import SETTINGS_FILE, SOURCE_FIELDS, TABLES, Table
from popmap.register.settings import DEFAULT_REVIEW_DAYS, Settings
from popmap.register.writing import csv_lines
from popmap.stated import stated_rows
from popmap.store import Store


def as_read(folder: Path) -> dict[str, bytes]:
    """Return the files of a register by their paths in its folder: tables, register.toml, its own rules and its sources.

    Raises:
        RegisterError: A file cannot be read, leads out of the folder, or has a name that not every program could write.
    """
    paths = [*find(folder)[0].values(), folder / SETTINGS_FILE, *sorted((folder / OWN_RULES).glob("*.sql"))]
    return {name: _content(folder, name) for name in _names(folder, paths)} | sources(folder)


def sources(folder: Path) -> dict[str, bytes]:
    """Return the files of a register's sources by their paths in its folder; see `as_read`."""
    return {name: _content(folder, name) for name in _names(folder, sorted((folder / SOURCES).rglob("*")))}


def public_copy(store: Store, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return a register for outsiders: its tables as CSV without internal and unknown columns, its settings, and the sources it names.

    The register's own rules, comments in register.toml, and sources that register.toml does not name stay with those who keep the register.

    Args:
        store: The register.
        files: What `as_read` gave.
    """
    stems = {Path(name).stem for name in files if name.lower().endswith(TABLE_SUFFIXES)}
    there = [table for table in TABLES if table.name in stems]
    tables = {f"{table.name}.csv": b"".join(_csv(store, table)) for table in there}
    named = {PurePosixPath(source["file"]).as_posix() for source in store.settings.sources}
    kept = {name: content for name, content in files.items() if name.startswith(f"{SOURCES}/") and name in named}
    return tables | {SETTINGS_FILE: _toml(store.settings).encode()} | kept


def _csv(store: Store, table: Table) -> Iterator[bytes]:
    for number, part in enumerate(stated_rows(store, table, internal=False)):
        yield from csv_lines(part, header=number == 0)


def _names(folder: Path, paths: list[Path]) -> Iterator[str]:
    whole = folder.resolve()
    for path in paths:
        if not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        if not path.resolve().is_relative_to(whole):
            raise RegisterError(f"{name} leads out of the register folder.", "Put the file itself there; a pack holds no links.")
        if not safe(name):
            raise RegisterError(f"The name {name!a} cannot be used everywhere.", "Rename the file without \\ and unseen characters.")
        yield name


def _content(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise RegisterError(f"{name} cannot be read: {error.strerror or error}.", "Check its permissions.") from error


def _toml(settings: Settings) -> str:
    """Return what popmap understands of register.toml; what is blank is left out."""
    lines = _members({"title": settings.title})
    if settings.review_days != DEFAULT_REVIEW_DAYS:
        lines.append(f"review_period_days = {settings.review_days}")
    if settings.objection_days is not None:
        lines.append(f"objection_period_days = {settings.objection_days}")
    if settings.joint_controllers:
        lines.append(f"joint_controllers = [{', '.join(map(_text, settings.joint_controllers))}]")
    for name in ("organisation", "representative", "data_protection_officer"):
        if members := _members(getattr(settings, name)):
            lines += ["", f"[{name}]", *members]
    for source in settings.sources:
        lines += ["", "[[sources]]", *_members({key: source[key] for key in SOURCE_FIELDS})]
    return "\n".join(lines).lstrip("\n") + "\n"


def _members(texts: Mapping[str, str]) -> list[str]:
    return [f"{key} = {_text(value)}" for key, value in texts.items() if value]


def _text(value: str) -> str:
    # A JSON text is a TOML basic string, but for DEL, which reading takes out of every text.
    return json.dumps(value, ensure_ascii=False)
