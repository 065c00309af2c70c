"""The command line: its commands are the modules of `commands`.

Exit codes: 0 when all is well, 1 for findings at or above the chosen severity or a pack that does not hold, 2 for bad input or usage.
What is wrong is said in one line on stderr; only a fault of popmap's own shows a traceback.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from typing import NoReturn

from popmap import __version__
from popmap.building import REFERENCE
from popmap.commands import answer, bring, check, convert, evidence, export, history, reconcile, serve
from popmap.commands.said import BAD, FINE, plain
from popmap.errors import PopmapError, UsageError

_COMMANDS = (check, answer, export, convert, bring, reconcile, history, evidence, serve)
_ABOUT = """\
popmap turns a register of processing (who receives which personal data, and why) into a data map.

A register is a folder with categories.csv, vendors.csv, flows.csv (or .parquet) and register.toml.
"""
_EXAMPLES = """\
examples:
  popmap serve --open                        open the bundled register in the browser
  popmap serve my-register                   serve your own
  popmap check my-register                   what is missing or contradictory in it
  popmap init my-register --from privacy-page.txt --accept-proposals
  popmap reconcile my-register published.html --fail-on-difference
  popmap answer questions.xlsx -o answered.xlsx --register my-register
  popmap export my-register flows -o f.xlsx --filter 'category=logs&basis=not-stated'
  popmap export my-register graph -o map.svg
  popmap export my-register record-controller -o record.pdf
  popmap convert my-register --to parquet -o my-register-parquet
  popmap log my-register                     its versions: when, who and why
  popmap diff my-register 2026-11-01         what changed since that day, in words
  popmap evidence my-register -o pack.zip --date 2026-11-23 --sign my.key
  popmap verify pack.zip --key my.key.pub --against my-register

exit codes: 0 fine, 1 findings at or above the chosen severity or a pack that does not hold, 2 bad input or usage
"""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are popmap's: one line, without the usage."""

    def error(self, message: str) -> NoReturn:
        """Raise what main shows."""
        raise UsageError(f"{message}.", f"Try {self.prog} --help.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Args:
        arguments: The words after `popmap`; the process's own when None.
    """
    try:
        options = parser().parse_args(arguments)
        if not options.tell:
            _emit([parser().format_help()])
            return FINE
        if not REFERENCE.is_dir():
            raise PopmapError(
                f"popmap's reference tables are not in {REFERENCE}.", "Run it from a clone, or install that with pip install -e."
            )
        code, said = options.tell(options)
        _emit(said)
        return code
    except PopmapError as error:
        print(f"popmap: {plain(str(error))}", file=sys.stderr)
        return BAD
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """Return what reads the words after `popmap`: every command with its options and help."""
    made = _Parser(prog="popmap", description=_ABOUT, epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--version", action="version", version=f"popmap {__version__}")
    made.set_defaults(tell=None)
    commands = made.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    for module in _COMMANDS:
        module.add(commands)
    return made


def _emit(pieces: Iterable[str | bytes]) -> None:
    """Write to standard output; a reader who has seen enough ends the writing, not the command."""
    try:
        for piece in pieces:
            sys.stdout.buffer.write(piece.encode() if isinstance(piece, str) else piece)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
