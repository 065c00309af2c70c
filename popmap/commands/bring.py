"""popmap init | import: registers started from published lists, and lists brought into them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from popmap.commands import arguments
from popmap.commands.history import author
from popmap.commands.plan import record, words
from popmap.commands.said import FINE, FOUND, Said, contents, lines
from popmap.errors import UsageError
from popmap.importing.merging import Keep
from popmap.lists.decisions import Decisions
from popmap.lists.planning import Plan, apply, document, plan
from popmap.lists.register import read_register, source_of
from popmap.register.saving import Author
from popmap.register.starting import start_empty

_ROUNDS = 20


def add(commands: argparse._SubParsersAction) -> None:
    """Add the commands; each parser's `tell` is what runs it."""
    _add_init(commands.add_parser("init", help="start a register: empty, or from published lists"))
    _add_import(commands.add_parser("import", help="bring published lists into a register, every cell with its source"))


def _init(options: argparse.Namespace) -> Said:
    folder: Path = options.folder
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already.", "Name a new folder; popmap import brings lists into a register there is.")
    if options.sources:
        return _bring(options, folder, options.sources)
    version = start_empty(folder, options.title, options.organisation, author(options.author), datetime.now(UTC))
    return FINE, [f"Started {folder}, version {version.short}. popmap import brings lists into it.\n"]


def _import(options: argparse.Namespace) -> Said:
    return _bring(options, options.into, options.sources)


def _bring(options: argparse.Namespace, folder: Path, sources: Sequence[Path]) -> Said:
    by = Author("") if options.dry_run else author(options.author)
    if len(sources) > 1 and (options.source_id or options.source_title or options.url):
        raise UsageError("What is said of a source is said of one.", "Import them one after the other.")
    code, said, plans = FINE, [], []
    for path in sources:
        planned = _planned(options, folder, path)
        plans.append(planned)
        done = "" if options.dry_run or not planned.ready else _applied(planned, by, options.message or f"Imported {path.name}")
        said += words(planned, path, done)
        if planned.open_questions or planned.open_contradictions or not planned.reading.records:
            code = FOUND
            break
    if options.format == "json":
        return code, [json.dumps([record(one) for one in plans], ensure_ascii=False, indent=1) + "\n"]
    return code, lines(said)


def _planned(options: argparse.Namespace, folder: Path, path: Path) -> Plan:
    data, register = contents(path, "a list"), read_register(folder)
    found = document(data, path.name)
    retrieved = options.retrieved_on.isoformat() if options.retrieved_on else ""
    said = {"title": options.source_title, "url": options.url, "retrieved_on": retrieved, "key": options.source_id}
    source = source_of(register, path.name, data, **said)
    decided = _decided(options.answer)

    def planned(now: Decisions) -> Plan:
        return plan(
            register, found, data, source, now, title=getattr(options, "title", ""), organisation=getattr(options, "organisation", "")
        )

    result = planned(decided)
    for _ in range(_ROUNDS if options.accept_proposals else 0):
        # An answer may raise another question.
        proposed = {one.id: one.proposed for one in result.open_questions if one.proposed}
        if not proposed:
            break
        decided = Decisions({**decided.answers, **proposed}, decided.contradictions)
        result = planned(decided)
    if options.contradictions and result.open_contradictions:
        alike = dict.fromkeys((one.id for one in result.open_contradictions), Keep(options.contradictions))
        result = planned(Decisions(decided.answers, {**decided.contradictions, **alike}))
    return result


def _applied(planned: Plan, by: Author, message: str) -> str:
    version = apply(planned, by, message, datetime.now(UTC))
    return f"Written, version {version.short}."


def _decided(stated: Sequence[str]) -> Decisions:
    answers, contradictions = {}, {}
    for one in stated:
        key, equals, value = one.partition("=")
        if not equals:
            raise UsageError(f"{one!r} is no answer.", "Write it as ID=OPTION, as --dry-run lists them.")
        if value in tuple(Keep):
            contradictions[key] = Keep(value)
        else:
            answers[key] = value
    return Decisions(answers, contradictions)


def _add_init(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="a new folder")
    parser.add_argument("--from", dest="sources", type=Path, nargs="+", default=(), metavar="SOURCE", help="published lists to begin with")
    parser.add_argument("--title", default="", help="the register's title")
    parser.add_argument("--organisation", default="", help="whose register it is")
    _add_bringing(parser)
    parser.set_defaults(tell=_init)


def _add_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources", type=Path, nargs="+", metavar="SOURCE", help="text, Markdown, HTML, CSV, XLSX, ODS, Parquet, JSON or YAML"
    )
    parser.add_argument("--into", type=Path, required=True, metavar="FOLDER", help="the register folder")
    _add_bringing(parser)
    parser.set_defaults(tell=_import, title="", organisation="")


def _add_bringing(parser: argparse.ArgumentParser) -> None:
    add_option = parser.add_argument
    add_option("--dry-run", action="store_true", help="say what would change, and write nothing")
    add_option("--answer", action="append", default=[], metavar="ID=OPTION", help="decide a question or contradiction; may be given often")
    add_option("--accept-proposals", action="store_true", help="answer each question as proposed; contradictions stay open")
    alike = "decide each contradiction that no --answer decides: keep what the register says, or take what the list says"
    add_option("--contradictions", choices=tuple(keep.value for keep in Keep), help=alike)
    add_option(
        "--source-id", default="", metavar="ID", help="the source's id in the register; otherwise found, or made from the file's name"
    )
    add_option("--source-title", default="", metavar="TITLE", help="what the source is called")
    add_option("--url", default="", help="where it is published")
    add_option("--retrieved-on", type=arguments.day, metavar="DATE", help="the day it was taken from there")
    add_option("-m", "--message", default="", metavar="WHY", help="why, for the history")
    add_option("--author", default="", metavar="'NAME <ADDRESS>'", help="who, for the history")
    arguments.add_format(parser)
