"""The commands about a register's history: popmap log | diff | record | restore. Each returns its exit code and what to say."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from popmap.errors import UsageError
from popmap.feed import atom, entries
from popmap.past import Changes, changes, restore
from popmap.register.history import Version, find, newest, outside, versions
from popmap.register.saving import Author, record, state
from popmap.register.settings import read_settings

COMMANDS = ("log", "diff", "record", "restore")
AUTHOR_VARIABLE = "POPMAP_AUTHOR"
_FINE = 0
_EDITED = "edited outside popmap since"

Said = tuple[int, Iterator[str]]


def add(commands: argparse._SubParsersAction) -> None:
    """Add the commands; each parser's `tell` is what runs it."""
    _add_log(commands.add_parser("log", help="list a register's versions: when, who and why"))
    _add_diff(commands.add_parser("diff", help="say in words what changed from one version of a register to another"))
    _add_record(commands.add_parser("record", help="add a version with the register's files as they are: edits made outside popmap"))
    _add_restore(commands.add_parser("restore", help="make a register what it was in an earlier version, as a new version"))


def author(stated: str) -> Author:
    """Return who a command is run by.

    Args:
        stated: "Name" or "Name <address>"; when empty, what POPMAP_AUTHOR or git's own variables say.

    Raises:
        UsageError: Nobody says.
    """
    variables = os.environ
    if not stated.strip() and not variables.get(AUTHOR_VARIABLE, "").strip():
        name, address = variables.get("GIT_AUTHOR_NAME", ""), variables.get("GIT_AUTHOR_EMAIL", "")
    else:
        name, _, address = (stated.strip() or variables[AUTHOR_VARIABLE].strip()).partition("<")
    if not name.strip():
        raise UsageError("A version says who made it.", f"Add --author 'Your name <address>', or set {AUTHOR_VARIABLE}.")
    return Author(name.strip(), address.strip().rstrip(">"))


def _log(options: argparse.Namespace) -> Said:
    folder: Path = _there(options.folder)
    found = versions(folder)
    if options.format == "atom":
        settings, _ = read_settings(folder)
        link = next((source["url"] for source in settings.sources if source["url"]), "")
        return _FINE, iter([atom(settings.title or "Recipients of personal data", link, entries(folder)).decode()])
    edits = outside(folder)
    edited = [*edits.changed, *edits.added, *edits.removed]
    if options.format == "json":
        content = {"versions": [_version(one) for one in found], "edited_outside": edited}
        return _FINE, iter([json.dumps(content, ensure_ascii=False, indent=1) + "\n"])
    if not found:
        return _FINE, iter([f"No history is kept of {folder} yet. popmap record begins one.\n"])
    lines = [f"({_EDITED}: {', '.join(map(_plain, edited))})\n"] if edited else []
    return _FINE, iter([*lines, *map(_line, found)])


def _diff(options: argparse.Namespace) -> Said:
    folder: Path = _there(options.folder)
    before = find(folder, options.before)
    after = find(folder, options.after) if options.after else None
    found = changes(folder, before, after)
    if options.format == "json":
        return _FINE, iter([json.dumps(_changes(found), ensure_ascii=False, indent=1) + "\n"])
    until = "the files as they are" if after is None else f"{after.short} of {after.at:%Y-%m-%d}"
    head = f"From {before.short} of {before.at:%Y-%m-%d} to {until}:"
    lines = [_plain(line) for line in found.lines()]
    return _FINE, (f"{line}\n" for line in ([head, *lines] if lines else [f"{head} nothing changed."]))


def _record(options: argparse.Namespace) -> Said:
    folder: Path = _there(options.folder)
    before = newest(folder)
    version = record(folder, author=author(options.author), message=options.message, at=datetime.now(UTC))
    return _FINE, iter(["Nothing was edited since the last version.\n" if version == before else f"Recorded {_line(version)}"])


def _restore(options: argparse.Namespace) -> Said:
    folder: Path = _there(options.folder)
    seen, version = state(folder), find(folder, options.version)
    made = restore(folder, version, author(options.author), options.message, seen)
    return _FINE, iter([f"Restored {version.short} as {_line(made)}"])


def _there(folder: Path) -> Path:
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", "Name a register folder.")
    return folder


def _line(version: Version) -> str:
    first, *more = version.message.splitlines() or [""]
    return f"{version.short}  {version.at:%Y-%m-%d %H:%M} UTC  {_plain(version.author)}: {_plain(first)}{' …' if more else ''}\n"


def _plain(text: str) -> str:
    """Return text on one line in which nothing moves a terminal's cursor."""
    return "".join(character if character.isprintable() else "\ufffd" for character in " ".join(text.split()))


def _version(version: Version) -> dict[str, str]:
    return {
        "id": version.id,
        "at": version.at.isoformat(),
        "author": version.author,
        "address": version.address,
        "message": version.message,
    }


def _changes(found: Changes) -> dict[str, object]:
    rows = [
        {
            "table": one.table,
            "change": one.change.value,
            "row_id": one.row_id,
            "name": one.name,
            "cells": [{"column": cell.column, "before": cell.before or None, "after": cell.after or None} for cell in one.cells],
            "words": str(one),
        }
        for one in found.rows
    ]
    settings = [{"setting": cell.column, "before": cell.before or None, "after": cell.after or None} for cell in found.settings]
    return {"rows": rows, "settings": settings, "files": [{"file": name, "change": change.value} for change, name in found.files]}


def _add_log(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="the register folder")
    formats = "text for people (default), json, or atom: what changed among vendors, as a feed for customers"
    parser.add_argument("--format", choices=("text", "json", "atom"), default="text", help=formats)
    parser.set_defaults(tell=_log)


def _add_diff(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="the register folder")
    parser.add_argument("before", metavar="A", help="the earlier version: the first digits of its id, or a day")
    parser.add_argument("after", metavar="B", nargs="?", default="", help="the later one; the files as they are when left out")
    _add_format(parser)
    parser.set_defaults(tell=_diff)


def _add_record(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="the register folder")
    parser.add_argument("-m", "--message", required=True, metavar="WHY", help="why the files were edited")
    _add_author(parser)
    parser.set_defaults(tell=_record)


def _add_restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="the register folder")
    parser.add_argument("version", metavar="VERSION", help="the first digits of its id, or a day")
    parser.add_argument("-m", "--message", default="", metavar="WHY", help="why; otherwise that it was restored")
    _add_author(parser)
    parser.set_defaults(tell=_restore)


def _add_author(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--author", default="", metavar="'NAME <ADDRESS>'", help=f"who; otherwise what {AUTHOR_VARIABLE} says")


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text for people (default), or json")
