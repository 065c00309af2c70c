"""popmap reconcile: a register compared with a list or another register."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from popmap.commands import arguments
from popmap.commands.said import FINE, FOUND, Said, contents, lines, written
from popmap.errors import UsageError
from popmap.exports.files import FORMATS
from popmap.lists import comparing
from popmap.lists.planning import document
from popmap.lists.register import Register, read_register


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command; its parser's `tell` is what runs it."""
    parser = commands.add_parser("reconcile", help="compare a register with a list or another register; nothing is written")
    parser.add_argument("register", type=Path, help="the register folder")
    parser.add_argument("other", type=Path, metavar="LIST|FOLDER", help="a list in any format popmap import reads, or another register")
    parser.add_argument("-o", "--output", default="", metavar="FILE", help=f"also write the differences as {', '.join(FORMATS)}")
    parser.add_argument("--fail-on-difference", action="store_true", help="exit with 1 when they differ")
    arguments.add_format(parser)
    parser.set_defaults(tell=_reconcile)


def _reconcile(options: argparse.Namespace) -> Said:
    register = _register(options.register)
    found = comparing.differences(register, _other(options.other, register))
    if options.output:
        form = Path(options.output).suffix.lower().removeprefix(".")
        if form not in FORMATS:
            raise UsageError(f"The format of {options.output} is not clear.", f"End it with one of {', '.join(FORMATS)}.")
        written(options.output, comparing.table_file(register, str(options.other), found, form, datetime.now(UTC)))
    code = FOUND if found and options.fail_on_difference else FINE
    if options.format == "json":
        return code, [json.dumps(comparing.records(found), ensure_ascii=False, indent=1) + "\n"]
    end = f"{len(found):,} differences." if found else "They say the same, in all that the list states."
    return code, lines([*map(comparing.words, found), end])


def _register(folder: Path) -> Register:
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", "Name a register folder first, then the list.")
    return read_register(folder)


def _other(path: Path, register: Register) -> comparing.Found:
    if path.is_dir():
        return comparing.of_register(read_register(path))
    return comparing.of_list(register, document(contents(path, "a list"), path.name))
