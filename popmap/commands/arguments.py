"""What commands have in common in what they take: a register as it is or was, dates, times, numbers, files to write."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from popmap.checks.run import open_checked
from popmap.commands.said import STDOUT
from popmap.opened import REGISTER_VARIABLE
from popmap.past import folder_of
from popmap.register.history import find
from popmap.store import Store


def opened(options: argparse.Namespace) -> Store:
    """Return the register a command is about, as it is or as a version of it was: see `add_as_of` and `add_at`."""
    if not options.at:
        return open_checked(options.folder, options.as_of)
    version = find(options.folder, options.at)
    return open_checked(folder_of(options.folder, version), options.as_of or version.at.date())


def add_folder(parser: argparse.ArgumentParser, meaning: str = "the register folder") -> None:
    """Add the register's folder."""
    parser.add_argument("folder", type=Path, help=meaning)


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add the file to write."""
    meaning = f"the file to write, overwritten if there is one; {STDOUT} for standard output"
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help=meaning)


def add_format(
    parser: argparse.ArgumentParser, more: Sequence[str] = ("json",), meaning: str = "text for people (default), or json"
) -> None:
    """Add in which form a command says what it found."""
    parser.add_argument("--format", choices=("text", *more), default="text", help=meaning)


def add_as_of(parser: argparse.ArgumentParser) -> None:
    """Add the day on which findings are judged."""
    parser.add_argument("--as-of", type=day, metavar="DATE", help="judge on this day rather than today, as 2026-11-23")


def add_at(parser: argparse.ArgumentParser) -> None:
    """Add which version of the register is meant."""
    meaning = "the register as it was: the first digits of a version's id, or a day"
    parser.add_argument("--at", default="", metavar="VERSION|DATE", help=meaning)


def otherwise(what: str) -> str:
    """Return the help of a register that need not be named."""
    return f"{what}; otherwise the one {REGISTER_VARIABLE} names, or the bundled one"


def day(text: str) -> date:
    """Return a day as ISO 8601 writes it."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-11-23") from error


def time(text: str) -> datetime:
    """Return a time as ISO 8601 writes it, in UTC when it names no zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2026-11-23T09:00Z") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def count(text: str) -> int:
    """Return a whole number that is not negative."""
    if not (text.isdecimal() and text.isascii()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


def port(text: str) -> int:
    """Return the number of a port."""
    found = count(text)
    if not 0 < found < 65_536:
        raise argparse.ArgumentTypeError(f"{text} is not a port (1 to 65535)")
    return found
