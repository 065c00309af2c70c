"""The command line: one function for each command, and those of `bringing`, `remembering` and `proving`.

Exit codes: 0 when all is well, 1 for findings at or above the chosen severity or a pack that does not hold, 2 for bad input or usage.
What is wrong is said in one line on stderr; only a fault of popmap's own shows a traceback.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NoReturn

from popmap import __version__, bringing, proving, remembering, reports
from popmap.answering import proposals
from popmap.answering.answers import answer_all
from popmap.answering.reading import read
from popmap.building import REFERENCE
from popmap.checks.rules import Severity
from popmap.checks.run import open_checked
from popmap.convert import SAVERS, convert
from popmap.errors import PopmapError, UsageError
from popmap.exports.asking import asked_filter, asked_rows, parse
from popmap.exports.files import FORMATS, GRAPH, GRAPH_FORMATS, graph_file, table_file
from popmap.findings import hits
from popmap.flow.graph import LAYERS
from popmap.flow.paths import DEFAULT_LAYERS
from popmap.opened import REGISTER_VARIABLE, register_folder
from popmap.past import folder_of
from popmap.register.history import find as find_version
from popmap.renderings.files import RENDERINGS, rendering_file
from popmap.store import Store
from popmap.views import VIEWS

OK, FINDINGS, BAD = 0, 1, 2
NEVER = "never"
STDOUT = "-"
DEFAULT_ADDRESS = "127.0.0.1"

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
        options = _parser().parse_args(arguments)
        if not options.run:
            _emit([_parser().format_help()])
            return OK
        if not REFERENCE.is_dir():
            raise PopmapError(
                f"popmap's reference tables are not in {REFERENCE}.", "Run it from a clone, or install that with pip install -e."
            )
        return options.run(options)
    except PopmapError as error:
        # Names in it may come from a register: nothing of them may move the terminal's cursor.
        line = "".join(character if character.isprintable() else "\ufffd" for character in " ".join(str(error).split()))
        print(f"popmap: {line}", file=sys.stderr)
        return BAD
    except KeyboardInterrupt:
        return 130


def _opened(options: argparse.Namespace) -> Store:
    """Return the register a command is about, as it is or as a version of it was."""
    if not options.at:
        return open_checked(options.folder, options.as_of)
    version = find_version(options.folder, options.at)
    return open_checked(folder_of(options.folder, version), options.as_of or version.at.date())


def _check(options: argparse.Namespace) -> int:
    store = _opened(options)
    pieces = reports.text(store, options.all) if options.format == "text" else reports.REPORTS[options.format](store)
    _emit(pieces)
    if options.fail_on == NEVER:
        return OK
    worst = min((Severity(hit.severity).rank for hit in hits(store)), default=len(Severity) + 1)
    return FINDINGS if worst <= Severity(options.fail_on).rank else OK


def _export(options: argparse.Namespace) -> int:
    form = options.format or _form(options.output, options.table)
    store = _opened(options)
    query = parse(options.filter)
    if options.table == GRAPH:
        layers = tuple(options.layers.split(","))
        asked, companies = asked_filter(query, store), options.group_by_company
        content = graph_file(store, asked, form, layers=layers, top=options.top, group_by_company=companies)
    elif options.table in RENDERINGS:
        content = rendering_file(store, options.table, form, options.date, asked=asked_filter(query, store))
    else:
        columns = tuple(name for name in options.columns.split(",") if name)
        ask = asked_rows(query, store, options.table, internal=not options.public)
        content = table_file(store, options.table, ask, form, options.date, internal=not options.public, columns=columns)
    if options.output == STDOUT:
        _emit([content])
        return OK
    _write(options.output, content)
    return OK


def _answer(options: argparse.Namespace) -> int:
    if Path(options.output).resolve() == options.file.resolve():
        raise UsageError(f"{options.output} is the customer's file, which stays as it came.", "Name another file with -o.")
    try:
        data = options.file.read_bytes()
    except OSError as error:
        raise UsageError(f"{options.file} cannot be read: {error.strerror or error}.", "Name a questionnaire.") from error
    questionnaire = read(data, options.file.name)
    store = open_checked(options.register or register_folder(), options.as_of)
    answers = answer_all(store, questionnaire.questions)
    if options.format:
        pieces = proposals.REPORTS[options.format](store, questionnaire, answers)
        if options.output == STDOUT:
            _emit(pieces)
        else:
            _write(options.output, b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces))
        return OK
    if options.output == STDOUT:
        raise UsageError("A filled questionnaire is written to a file.", "Name one with -o, or choose a --format.")
    files = proposals.filled(store, data, questionnaire, answers)
    _write(options.output, files.content)
    for name, content in files.companions.items():
        _write(str(Path(options.output).with_name(Path(name).name)), content)
    beside = f" Beside it: {', '.join(files.companions)}." if files.companions else ""
    _emit([f"Wrote {options.output}: {len(files.written)} of {len(answers)} questions answered; the rest is for a person.{beside}\n"])
    return OK


def _convert(options: argparse.Namespace) -> int:
    done = convert(options.folder, options.to, options.output)
    rows = ", ".join(f"{name} {count:,}" for name, count in done.rows.items())
    lines = [f"Wrote {options.output}: {rows}.\n", f"It reads the same as {options.folder}: fingerprint {done.fingerprint}.\n"]
    if done.left_behind:
        lines.append(f"Not copied, being no part of a register: {', '.join(done.left_behind)}.\n")
    _emit(lines)
    return OK


def _said(options: argparse.Namespace) -> int:
    code, said = options.tell(options)
    _emit(said)
    return code


def _serve(options: argparse.Namespace) -> int:
    # Streamlit takes its time to import; no other command needs it.
    from popmap.ui.serve import serve

    folder = options.folder.absolute() if options.folder else register_folder()
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", f"Name a register folder, or set {REGISTER_VARIABLE} to one.")
    # Ctrl-C is how a server is stopped.
    with suppress(KeyboardInterrupt):
        serve(folder, options.port, options.address, show=options.open)
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="popmap", description=_ABOUT, epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", action="version", version=f"popmap {__version__}")
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    _add_check(commands.add_parser("check", help="list what is missing or contradictory in a register"))
    _add_answer(commands.add_parser("answer", help="answer a security questionnaire from a register, in the customer's own file"))
    _add_export(commands.add_parser("export", help="write a table, the flow graph or a document to hand over to a file"))
    _add_convert(commands.add_parser("convert", help="write a register as CSV or Parquet, losing nothing"))
    for room in (bringing, remembering, proving):
        room.add(commands)
        for name in room.COMMANDS:
            commands.choices[name].set_defaults(run=_said)
    _add_serve(commands.add_parser("serve", help="serve a register's pages, and its tables as JSON and CSV under /api/v1/"))
    return parser


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="the register folder")
    formats = ("text", *reports.REPORTS)
    parser.add_argument("--format", choices=formats, default="text", help="text for people (default), json, or sarif (2.1.0)")
    severities = (*(severity.value for severity in Severity), NEVER)
    parser.add_argument("--fail-on", choices=severities, default=Severity.ERROR.value, help="the least severity that makes the exit code 1")
    parser.add_argument(
        "--all", action="store_true", help=f"in text, list every finding rather than the first {reports.SHOWN} of each rule"
    )
    _add_as_of(parser)
    _add_at(parser)
    parser.set_defaults(run=_check)


def _add_answer(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("file", type=Path, help="the questionnaire: XLSX, CSV, Markdown, JSON or VSAQ")
    add(
        "-o",
        "--output",
        required=True,
        metavar="FILE",
        help=f"the file to write, overwritten if there is one; {STDOUT} for standard output",
    )
    formats = "a report of every question instead of a filled copy of the file: text, json, or csv"
    add("--format", choices=tuple(proposals.REPORTS), help=formats)
    add(
        "--register",
        type=Path,
        metavar="FOLDER",
        help=f"the register folder; otherwise the one {REGISTER_VARIABLE} names, or the bundled one",
    )
    _add_as_of(parser)
    parser.set_defaults(run=_answer)


def _add_export(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("folder", type=Path, help="the register folder")
    choices = (*VIEWS, GRAPH, *RENDERINGS)
    add("table", choices=choices, metavar="TABLE|graph|DOCUMENT", help=f"one of {', '.join(choices)}")
    add(
        "-o",
        "--output",
        required=True,
        metavar="FILE",
        help=f"the file to write, overwritten if there is one; {STDOUT} for standard output",
    )
    documents = [form for entry in RENDERINGS.values() for form in entry.forms]
    formats = tuple(dict.fromkeys((*FORMATS, *GRAPH_FORMATS, *documents)))
    add("--format", choices=formats, help="where the file's extension does not tell")
    add("--filter", default="", metavar="QUERY", help="what a link to a page holds after the ?, as in 'category=logs&sort=vendor'")
    add("--columns", default="", metavar="A,B", help="only these columns of a table, in this order")
    add("--public", action="store_true", help="leave out columns meant for those who keep the register (notes, owner)")
    layers = f"the graph's layers from left to right, out of {', '.join(LAYERS)}"
    add("--layers", default=",".join(DEFAULT_LAYERS), metavar="A,B", help=layers)
    add("--top", type=_count, default=0, metavar="N", help="the most nodes of a layer of the graph; the rest becomes Other")
    add("--group-by-company", action="store_true", help="one node in the graph for all vendors of a company")
    add(
        "--date",
        type=_time,
        default=datetime.now(UTC),
        metavar="TIME",
        help="the time to state, for the same bytes again: 2026-11-23T09:00Z",
    )
    _add_as_of(parser)
    _add_at(parser)
    parser.set_defaults(run=_export)


def _add_convert(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="the register folder")
    parser.add_argument("--to", choices=tuple(SAVERS), required=True, help="the format to write")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER", help="a new or empty folder")
    parser.set_defaults(run=_convert)


def _add_serve(parser: argparse.ArgumentParser) -> None:
    otherwise = f"the register folder; otherwise the one {REGISTER_VARIABLE} names, or the bundled one"
    parser.add_argument("folder", type=Path, nargs="?", help=otherwise)
    parser.add_argument("--port", type=_port, help="the port; otherwise 8501 or the next free one")
    address = f"the address to listen on; otherwise {DEFAULT_ADDRESS}, which only this machine reaches"
    parser.add_argument("--address", default=DEFAULT_ADDRESS, help=address)
    parser.add_argument("--open", action="store_true", help="open the pages in a browser, where there is a screen")
    parser.set_defaults(run=_serve)


def _add_as_of(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", type=_date, metavar="DATE", help="judge on this day rather than today, as 2026-11-23")


def _add_at(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--at", default="", metavar="VERSION|DATE", help="the register as it was: the first digits of a version's id, or a day"
    )


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-11-23") from error


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2026-11-23T09:00Z") from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _count(text: str) -> int:
    if not (text.isdecimal() and text.isascii()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


def _port(text: str) -> int:
    port = _count(text)
    if not 0 < port < 65_536:
        raise argparse.ArgumentTypeError(f"{text} is not a port (1 to 65535)")
    return port


def _form(output: str, table: str) -> str:
    """Return the format a file's extension tells."""
    formats = GRAPH_FORMATS if table == GRAPH else RENDERINGS[table].forms if table in RENDERINGS else FORMATS
    extension = Path(output).suffix.lower().removeprefix(".")
    names = [form.name for form in formats.values() if extension in (form.extension, form.name)]
    if not names:
        where = "standard output" if output == STDOUT else output
        raise UsageError(f"The format of {where} is not clear.", f"Add --format with one of {', '.join(formats)}.")
    return names[0]


def _write(output: str, content: bytes) -> None:
    try:
        Path(output).write_bytes(content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"{output} cannot be written: {reason}.", "Name a file in a folder you may write to.") from error


def _emit(pieces: Iterable[str | bytes]) -> None:
    """Write to standard output; a reader who has seen enough ends the writing, not the command."""
    try:
        for piece in pieces:
            sys.stdout.buffer.write(piece.encode() if isinstance(piece, str) else piece)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
