"""The commands that bring published lists in: popmap init | import | reconcile. Each returns its exit code and what to say."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from popmap.errors import UsageError
from popmap.exports.files import FORMATS
from popmap.importing.merging import Keep
from popmap.lists import comparing
from popmap.lists.decisions import Decisions
from popmap.lists.planning import Plan, apply, document, plan
from popmap.lists.register import Register, read_register, source_of
from popmap.register.saving import Author
from popmap.register.starting import start_empty
from popmap.remembering import author

COMMANDS = ("init", "import", "reconcile")
_FINE, _OPEN, _DIFFERENT = 0, 1, 1
_LISTED = 200
_ROUNDS = 20

Said = tuple[int, Iterator[str]]


def add(commands: argparse._SubParsersAction) -> None:
    """Add the commands; each parser's `tell` is what runs it."""
    _add_init(commands.add_parser("init", help="start a register: empty, or from published lists"))
    _add_import(commands.add_parser("import", help="bring published lists into a register, every cell with its source"))
    _add_reconcile(commands.add_parser("reconcile", help="compare a register with a list or another register; nothing is written"))


def _init(options: argparse.Namespace) -> Said:
    folder: Path = options.folder
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already.", "Name a new folder; popmap import brings lists into a register there is.")
    if options.sources:
        return _bring(options, folder, options.sources)
    version = start_empty(folder, options.title, options.organisation, author(options.author), datetime.now(UTC))
    return _FINE, iter([f"Started {folder}, version {version.short}. popmap import brings lists into it.\n"])


def _import(options: argparse.Namespace) -> Said:
    return _bring(options, options.into, options.sources)


def _bring(options: argparse.Namespace, folder: Path, sources: Sequence[Path]) -> Said:
    by = Author("") if options.dry_run else author(options.author)
    if len(sources) > 1 and (options.source_id or options.source_title or options.url):
        raise UsageError("What is said of a source is said of one.", "Import them one after the other.")
    code, said, plans = _FINE, [], []
    for path in sources:
        planned = _planned(options, folder, path)
        plans.append(planned)
        done = "" if options.dry_run or not planned.ready else _applied(planned, by, options.message or f"Imported {path.name}")
        said += _lines(planned, path, done)
        if planned.open_questions or planned.open_contradictions or not planned.reading.records:
            code = _OPEN
            break
    if options.format == "json":
        return code, iter([json.dumps([_as_json(one) for one in plans], ensure_ascii=False, indent=1) + "\n"])
    return code, (f"{line}\n" for line in said)


def _planned(options: argparse.Namespace, folder: Path, path: Path) -> Plan:
    data, register = _read(path), read_register(folder)
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


def _lines(planned: Plan, path: Path, done: str) -> list[str]:
    reading = planned.reading
    lines = [f"{path}: {len(reading.records):,} records read as source {planned.source.id}."]
    lines += [f"Not read: {one.reason} ({', '.join(one.lines[:6])}{' …' if len(one.lines) > 6 else ''})" for one in reading.refusals]
    lines += [f"Note ({one.locator}): {one.text}" for one in reading.notes[:_LISTED]]
    content = [str(one) for one in planned.changes if one.table != "evidence"]
    lines += [f"  {line}" for line in content[:_LISTED]]
    lines += [f"  and {len(content) - _LISTED:,} more; --format json lists all"] if len(content) > _LISTED else []
    evidence = len(planned.changes) - len(content)
    if evidence:
        lines.append(f"  and {evidence:,} changes in what cells rest on (evidence)")
    for one in planned.open_questions:
        lines.append(f"Question ({one.locator}): {one.text}")
        lines += [
            f"  --answer {one.id}={option.key}  {option.label}{' (proposed)' if option.key == one.proposed else ''}"
            for option in one.options
        ]
    for one in planned.open_contradictions:
        where = f"{one.table} {one.row_id}, {one.column}"
        lines.append(f"Contradiction ({one.locator}): {where} is {one.register!r} in the register and {one.list!r} on the list")
        lines += [
            f"  --answer {one.id}={keep}  {label}"
            for keep, label in ((Keep.REGISTER, "keep the register's"), (Keep.LIST, "take the list's"))
        ]
    if planned.open_questions or planned.open_contradictions:
        lines.append("Nothing was written: decide on each, or --accept-proposals takes what is proposed.")
    elif not reading.records:
        lines.append("Nothing was written.")
    elif not planned.files:
        lines.append("Nothing to change.")
    else:
        lines.append(done or "Nothing was written: this was a dry run.")
    return [" ".join("".join(c if c.isprintable() else "\ufffd" for c in line).split("\n")) for line in lines]


def _option(key: str, value: str, label: str, proposed: bool = False) -> str:
    return f"  --answer {key}={value}  {label}{' (proposed)' if proposed else ''}"


def _as_json(planned: Plan) -> dict[str, object]:
    reading = planned.reading
    return {
        "source": planned.source.id,
        "records": len(reading.records),
        "refusals": [{"reason": one.reason, "lines": list(one.lines)} for one in reading.refusals],
        "notes": [{"code": one.code, "text": one.text, "locator": one.locator} for one in reading.notes],
        "changes": [
            {
                "table": one.table,
                "change": one.change.value,
                "row_id": one.row_id,
                "cells": [{"column": cell.column, "before": cell.before or None, "after": cell.after or None} for cell in one.cells],
                "words": str(one),
            }
            for one in planned.changes
        ],
        "questions": [
            {
                "id": one.id,
                "text": one.text,
                "locator": one.locator,
                "quote": one.quote,
                "options": {option.key: option.label for option in one.options},
                "proposed": one.proposed or None,
                "answer": one.answer or None,
            }
            for one in reading.questions
        ],
        "contradictions": [
            {"id": one.id, "table": one.table, "row_id": one.row_id, "column": one.column, "register": one.register, "list": one.list}
            for one in planned.open_contradictions
        ],
        "unchanged": dict(planned.unchanged),
    }


def _reconcile(options: argparse.Namespace) -> Said:
    register = _register(options.register)
    found = comparing.differences(register, _other(options.other, register))
    if options.output:
        form = Path(options.output).suffix.lower().removeprefix(".")
        if form not in FORMATS:
            raise UsageError(f"The format of {options.output} is not clear.", f"End it with one of {', '.join(FORMATS)}.")
        Path(options.output).write_bytes(comparing.table_file(register, str(options.other), found, form, datetime.now(UTC)))
    code = _DIFFERENT if found and options.fail_on_difference else _FINE
    if options.format == "json":
        return code, iter([json.dumps(comparing.records(found), ensure_ascii=False, indent=1) + "\n"])
    lines = [*map(comparing.words, found), f"{len(found):,} differences." if found else "They say the same, in all that the list states."]
    return code, (f"{line}\n" for line in lines)


def _register(folder: Path) -> Register:
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", "Name a register folder first, then the list.")
    return read_register(folder)


def _other(path: Path, register: Register) -> comparing.Found:
    if path.is_dir():
        return comparing.of_register(read_register(path))
    return comparing.of_list(register, document(_read(path), path.name))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.", "Name a list.") from error


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
    add_option(
        "--source-id", default="", metavar="ID", help="the source's id in the register; otherwise found, or made from the file's name"
    )
    add_option("--source-title", default="", metavar="TITLE", help="what the source is called")
    add_option("--url", default="", help="where it is published")
    add_option("--retrieved-on", type=_day, metavar="DATE", help="the day it was taken from there")
    add_option("-m", "--message", default="", metavar="WHY", help="why, for the history")
    add_option("--author", default="", metavar="'NAME <ADDRESS>'", help="who, for the history")
    add_option("--format", choices=("text", "json"), default="text", help="text for people (default), or json")


def _add_reconcile(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("register", type=Path, help="the register folder")
    parser.add_argument("other", type=Path, metavar="LIST|FOLDER", help="a list in any format popmap import reads, or another register")
    parser.add_argument("-o", "--output", default="", metavar="FILE", help=f"also write the differences as {', '.join(FORMATS)}")
    parser.add_argument("--fail-on-difference", action="store_true", help="exit with 1 when they differ")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text for people (default), or json")
    parser.set_defaults(tell=_reconcile)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-11-23") from error
