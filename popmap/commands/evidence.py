"""popmap evidence | keygen | verify: packs for an auditor, made and checked."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from popmap.checks.run import open_checked
from popmap.commands import arguments
from popmap.commands.said import FINE, FOUND, Said, lines, plain
from popmap.errors import UsageError
from popmap.evidence import signing
from popmap.evidence.against import Since, since
from popmap.evidence.archive import LARGEST
from popmap.evidence.manifest import INTERNAL
from popmap.evidence.pack import PAPERS, Options, make, moment, save
from popmap.evidence.parts import PARTS
from popmap.evidence.verdict import Verdict
from popmap.evidence.verify import verify
from popmap.past import folder_of
from popmap.register.history import SOURCES, find

_LISTED = 100


def add(commands: argparse._SubParsersAction) -> None:
    """Add the commands; each parser's `tell` is what runs it."""
    _add_evidence(commands.add_parser("evidence", help="write an evidence pack: a register with all made from it, every byte verifiable"))
    _add_keygen(commands.add_parser("keygen", help="make a key that signs evidence packs (Ed25519)"))
    _add_verify(commands.add_parser("verify", help="check an evidence pack: intact or not, signed by whom, what has changed since"))


def _evidence(options: argparse.Namespace) -> Said:
    output: Path = options.output
    if output.suffix.lower() != ".zip":
        raise UsageError(f"{output} does not end in .zip.", "A pack is one ZIP file.")
    folder: Path = options.folder
    if _within(output, folder / SOURCES) or output.is_dir():
        raise UsageError(f"{output} is among the register's sources, or a folder.", "Name a file elsewhere.")
    key = signing.read_private(options.sign) if options.sign else None
    asked = Options(options.date or datetime.now(UTC), options.filter, options.internal, options.paper, options.screenshots)
    pack = make(folder_of(folder, find(folder, options.at)) if options.at else folder, asked, key)
    save(pack, output)
    stated = pack.manifest
    signed = f"signed by key {signing.grouped(stated.key)}" if stated.key else "not signed"
    audience = "with internal columns" if options.internal else "for outsiders: internal columns left out"
    said = [
        f"Wrote {output}: {len(pack.files)} files, {audience}, {signed}.",
        f"Register {stated.fingerprint}, findings as of {stated.as_of}, made at {stated.made_at}.",
        f"SHA-256 of its manifest: {pack.digest}",
    ]
    return FINE, lines(said)


def _keygen(options: argparse.Namespace) -> Said:
    fingerprint = signing.make_key(options.output)
    said = [
        f"Wrote {options.output} (keep it to yourself) and {options.output}.pub (for whoever verifies).",
        f"Fingerprint: {signing.grouped(fingerprint)}",
        "Tell it to whoever verifies your packs in another way than with the packs.",
    ]
    return FINE, lines(said)


def _verify(options: argparse.Namespace) -> Said:
    key = signing.read_public(options.key) if options.key else None
    verdict = verify(_read(options.pack), key)
    if not verdict.recognised:
        raise UsageError(f"{options.pack} is not an evidence pack.", "Name a ZIP file that popmap evidence wrote.")
    compared = None
    if options.against and verdict.intact and verdict.manifest:
        store = open_checked(options.against)
        try:
            compared = since(verdict, store)
        finally:
            store.close()
    fine = verdict.intact and verdict.signer.as_wanted and (compared is None or compared.same)
    return (FINE if fine else FOUND), lines(_lines(verdict, compared, bool(options.against)))


def _lines(verdict: Verdict, compared: Since | None, asked: bool) -> Iterator[str]:
    yield "Intact: every byte is as it was made." if verdict.intact else f"NOT INTACT: {len(verdict.faults):,} found."
    for fault in verdict.faults[:_LISTED]:
        yield f"  {fault}"
    if len(verdict.faults) > _LISTED:
        yield f"  and {len(verdict.faults) - _LISTED:,} more"
    yield str(verdict.signer)
    if stated := verdict.manifest:
        yield f"Made from: {plain(stated.title) or 'a register without a title'}"
        yield f"  Register {plain(stated.fingerprint)}, findings as of {plain(stated.as_of)}, made at {plain(stated.made_at)}"
        if stated.commit:
            yield f"  History: commit {plain(stated.commit)}{'' if stated.at_commit else ', whose files were others than those read'}"
        yield f"  Filter: {plain(stated.filter) or 'none, the whole register'}"
        internal = "With" if stated.audience == INTERNAL else "Without"
        yield f"  {internal} internal columns; made with popmap {plain(stated.versions.get('popmap', '?'))}"
        yield f"SHA-256 of its manifest: {verdict.digest}"
    if compared:
        yield str(compared)
        changes = [*(f"Settings: {cell}" for cell in compared.settings), *map(str, compared.rows)]
        yield from (f"  {plain(change)}" for change in changes[:_LISTED])
        if len(changes) > _LISTED:
            yield f"  and {len(changes) - _LISTED:,} more"
    elif asked:
        yield "Not compared with the register: a pack that is not intact says nothing about what it said."


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise UsageError(f"{path} is larger than 1 GiB, and no pack is.", "Name a file that popmap evidence wrote.")
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.", "Name a pack.") from error


def _within(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _moment(text: str) -> datetime:
    try:
        return moment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither a day such as 2026-11-23 nor a time with its zone such as 2026-11-23T09:30:00Z"
        ) from error


def _add_evidence(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    parser.epilog = "what is in it: " + "; ".join(part.name for part in PARTS)
    arguments.add_folder(parser)
    add("-o", "--output", type=Path, required=True, metavar="FILE.zip", help="the pack to write, overwritten if there is one")
    add("--date", type=_moment, metavar="ISO", help="the day or time to state, findings as of that day in UTC; otherwise now")
    arguments.add_at(parser)
    add("--filter", default="", metavar="QUERY", help="what a link to a page holds after the ?, as in 'category=logs&basis=not-stated'")
    add("--sign", type=Path, metavar="KEY", help="a private key of popmap keygen; its fingerprint goes into the pack")
    audience = parser.add_mutually_exclusive_group()
    audience.add_argument("--public", dest="internal", action="store_false", help="leave internal columns out (default)")
    audience.add_argument("--internal", action="store_true", help="keep internal columns, and the register byte for byte")
    add("--paper", choices=PAPERS, default=PAPERS[0], help="the report's paper")
    add("--screenshots", action="store_true", help="add pictures of the pages, taken by Chromium; they are not reproducible")
    parser.set_defaults(tell=_evidence, internal=False)


def _add_keygen(parser: argparse.ArgumentParser) -> None:
    where = "the private key's file; its public half goes beside it, with .pub. Nothing is overwritten"
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="KEY", help=where)
    parser.set_defaults(tell=_keygen)


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pack", type=Path, help="the pack")
    parser.add_argument("--key", type=Path, metavar="PUB", help="the public key that should have signed it, got another way")
    parser.add_argument("--against", type=Path, metavar="FOLDER", help="a register folder: does it still say the same, and what changed?")
    parser.set_defaults(tell=_verify)
