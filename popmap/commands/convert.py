"""popmap convert: a register as CSV or Parquet, losing nothing."""

from __future__ import annotations

import argparse
from pathlib import Path

from popmap.commands import arguments
from popmap.commands.said import FINE, Said, lines
from popmap.convert import SAVERS, convert


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command; its parser's `tell` is what runs it."""
    parser = commands.add_parser("convert", help="write a register as CSV or Parquet, losing nothing")
    arguments.add_folder(parser)
    parser.add_argument("--to", choices=tuple(SAVERS), required=True, help="the format to write")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER", help="a new or empty folder")
    parser.set_defaults(tell=_convert)


def _convert(options: argparse.Namespace) -> Said:
    done = convert(options.folder, options.to, options.output)
    rows = ", ".join(f"{name} {count:,}" for name, count in done.rows.items())
    said = [f"Wrote {options.output}: {rows}.", f"It reads the same as {options.folder}: fingerprint {done.fingerprint}."]
    if done.left_behind:
        said.append(f"Not copied, being no part of a register: {', '.join(done.left_behind)}.")
    return FINE, lines(said)
