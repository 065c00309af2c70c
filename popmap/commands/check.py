"""popmap check: what is missing or contradictory in a register."""

from __future__ import annotations

import argparse

from popmap import reports
from popmap.checks.rules import Severity
from popmap.commands import arguments
from popmap.commands.said import FINE, FOUND, Said
from popmap.findings import hits

NEVER = "never"


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command; its parser's `tell` is what runs it."""
    parser = commands.add_parser("check", help="list what is missing or contradictory in a register")
    arguments.add_folder(parser)
    arguments.add_format(parser, tuple(reports.REPORTS), "text for people (default), json, or sarif (2.1.0)")
    severities = (*(severity.value for severity in Severity), NEVER)
    parser.add_argument("--fail-on", choices=severities, default=Severity.ERROR.value, help="the least severity that makes the exit code 1")
    every = f"in text, list every finding rather than the first {reports.SHOWN} of each rule"
    parser.add_argument("--all", action="store_true", help=every)
    arguments.add_as_of(parser)
    arguments.add_at(parser)
    parser.set_defaults(tell=_check)


def _check(options: argparse.Namespace) -> Said:
    store = arguments.opened(options)
    pieces = reports.text(store, options.all) if options.format == "text" else reports.REPORTS[options.format](store)
    if options.fail_on == NEVER:
        return FINE, pieces
    worst = min((Severity(hit.severity).rank for hit in hits(store)), default=len(Severity) + 1)
    return (FOUND if worst <= Severity(options.fail_on).rank else FINE), pieces
