"""popmap log | diff | record | restore: a register's history."""

from __future__ import annotations

import argparse
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from popmap.commands import arguments
from popmap.commands.said import FINE, Said, lines, plain, there
from popmap.errors import UsageError
from popmap.feed import atom, entries
from popmap.past import Changes, changes, restore
from popmap.register.history import Version, find, newest, outside, versions
from popmap.register.saving import Author, record, state
from popmap.register.settings import read_settings

AUTHOR_VARIABLE = "POPMAP_AUTHOR"
_EDITED = "edited outside popmap since"


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
    folder: Path = there(options.folder)
    found = versions(folder)
    if options.format == "atom":
        settings, _ = read_settings(folder)
        link = next((source["url"] for source in settings.sources if source["url"]), "")
        return FINE, [atom(settings.title or "Recipients of personal data", link, entries(folder)).decode()]
    edits = outside(folder)
    edited = [*edits.changed, *edits.added, *edits.removed]
    if options.format == "json":
        content = {"versions": [_version(one) for one in found], "edited_outside": edited}
        return FINE, [json.dumps(content, ensure_ascii=False, indent=1) + "\n"]
    if not found:
        return FINE, [f"No history is kept of {folder} yet. popmap record begins one.\n"]
    marks = [f"({_EDITED}: {', '.join(map(plain, edited))})\n"] if edited else []
    return FINE, [*marks, *map(_line, found)]


def _diff(options: argparse.Namespace) -> Said:
    folder: Path = there(options.folder)
    before = find(folder, options.before)
    after = find(folder, options.after) if options.after else None
    found = changes(folder, before, after)
    if options.format == "json":
        return FINE, [json.dumps(_changes(found), ensure_ascii=False, indent=1) + "\n"]
    until = "the files as they are" if after is None else f"{after.short} of {after.at:%Y-%m-%d}"
    head = f"From {before.short} of {before.at:%Y-%m-%d} to {until}:"
    found_lines = [plain(line) for line in found.lines()]
    return FINE, lines([head, *found_lines] if found_lines else [f"{head} nothing changed."])


def _record(options: argparse.Namespace) -> Said:
    folder: Path = there(options.folder)
    before = newest(folder)
    version = record(folder, author=author(options.author), message=options.message, at=datetime.now(UTC))
    return FINE, ["Nothing was edited since the last version.\n" if version == before else f"Recorded {_line(version)}"]


def _restore(options: argparse.Namespace) -> Said:
    folder: Path = there(options.folder)
    seen, version = state(folder), find(folder, options.version)
    made = restore(folder, version, author(options.author), options.message, seen)
    return FINE, [f"Restored {version.short} as {_line(made)}"]


def _line(version: Version) -> str:
    first, *more = version.message.splitlines() or [""]
    return f"{version.short}  {version.at:%Y-%m-%d %H:%M} UTC  {plain(version.author)}: {plain(first)}{' …' if more else ''}\n"


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
    formats = "text for people (default), json, or atom: what changed among vendors, as a feed for customers"
    arguments.add_folder(parser)
    arguments.add_format(parser, ("json", "atom"), formats)
    parser.set_defaults(tell=_log)


def _add_diff(parser: argparse.ArgumentParser) -> None:
    arguments.add_folder(parser)
    parser.add_argument("before", metavar="A", help="the earlier version: the first digits of its id, or a day")
    parser.add_argument("after", metavar="B", nargs="?", default="", help="the later one; the files as they are when left out")
    arguments.add_format(parser)
    parser.set_defaults(tell=_diff)


def _add_record(parser: argparse.ArgumentParser) -> None:
    arguments.add_folder(parser)
    parser.add_argument("-m", "--message", required=True, metavar="WHY", help="why the files were edited")
    _add_author(parser)
    parser.set_defaults(tell=_record)


def _add_restore(parser: argparse.ArgumentParser) -> None:
    arguments.add_folder(parser)
    parser.add_argument("version", metavar="VERSION", help="the first digits of its id, or a day")
    parser.add_argument("-m", "--message", default="", metavar="WHY", help="why; otherwise that it was restored")
    _add_author(parser)
    parser.set_defaults(tell=_restore)


def _add_author(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--author", default="", metavar="'NAME <ADDRESS>'", help=f"who; otherwise what {AUTHOR_VARIABLE} says")
