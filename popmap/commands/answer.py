"""popmap answer: a customer's questionnaire answered from a register, in the customer's own file."""

from __future__ import annotations

import argparse
from pathlib import Path

from popmap.answering import proposals
from popmap.answering.answers import answer_all
from popmap.answering.reading import read
from popmap.checks.run import open_checked
from popmap.commands import arguments
from popmap.commands.said import FINE, STDOUT, Said, contents, written
from popmap.errors import UsageError
from popmap.opened import register_folder


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command; its parser's `tell` is what runs it."""
    parser = commands.add_parser("answer", help="answer a security questionnaire from a register, in the customer's own file")
    parser.add_argument("file", type=Path, help="the questionnaire: XLSX, CSV, Markdown, JSON or VSAQ")
    arguments.add_output(parser)
    formats = "a report of every question instead of a filled copy of the file: text, json, or csv"
    parser.add_argument("--format", choices=tuple(proposals.REPORTS), help=formats)
    parser.add_argument("--register", type=Path, metavar="FOLDER", help=arguments.otherwise("the register folder"))
    arguments.add_as_of(parser)
    parser.set_defaults(tell=_answer)


def _answer(options: argparse.Namespace) -> Said:
    output = Path(options.output)
    if output.resolve() == options.file.resolve():
        raise UsageError(f"{output} is the customer's file, which stays as it came.", "Name another file with -o.")
    data = contents(options.file, "a questionnaire")
    questionnaire = read(data, options.file.name)
    store = open_checked(options.register or register_folder(), options.as_of)
    answers = answer_all(store, questionnaire.questions)
    if options.format:
        pieces = proposals.REPORTS[options.format](store, questionnaire, answers)
        if options.output == STDOUT:
            return FINE, pieces
        return FINE, written(options.output, b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces))
    if options.output == STDOUT:
        raise UsageError("A filled questionnaire is written to a file.", "Name one with -o, or choose a --format.")
    files = proposals.filled(store, data, questionnaire, answers)
    written(options.output, files.content)
    for name, content in files.companions.items():
        written(str(output.with_name(Path(name).name)), content)
    beside = f" Beside it: {', '.join(files.companions)}." if files.companions else ""
    done = f"Wrote {output}: {len(files.written)} of {len(answers)} questions answered; the rest is for a person.{beside}\n"
    return FINE, [done]
