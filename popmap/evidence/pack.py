"""A register folder becomes a pack: read once, every part made from that reading, listed, signed, and laid out as one archive."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlencode

from popmap import __version__
from popmap.checks.run import open_checked
from popmap.errors import PopmapError, UsageError
from popmap.evidence import archive, history, manifest, screenshots
from popmap.evidence.guide import guide
from popmap.evidence.manifest import GUIDE, MANIFEST, PUBLIC_KEY, SIGNATURE, SUMS, Manifest, sum_of
from popmap.evidence.memory import give_back, thrifty
from popmap.evidence.parts import PARTS, Part, Wanted
from popmap.evidence.register_copy import as_read
from popmap.evidence.shelf import Kept, Place, Shelf
from popmap.evidence.signing import Key, grouped
from popmap.exports.asking import asked_filter, parse
from popmap.filters import to_english, to_query
from popmap.store import changed_at
from popmap.typesetting.workshop import Workshop

PAPERS = ("a4", "letter")
# What the bytes of a pack depend on.
_LIBRARIES = ("duckdb", "networkx", "numpy", "pyarrow", "typst", "xlsxwriter")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})")

Tell = Callable[[float, str], object]
"""Hears how far the work is, from 0 to 1, and what comes next."""


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked for.

    Attributes:
        made_at: The time to state, with its time zone; its day in UTC is the day findings are judged on.
        query: The filter as a URL's keys.
        internal: Whether internal columns are in the pack.
        paper: Out of PAPERS.
        screenshots: Whether pictures of the pages are in it.
    """

    made_at: datetime
    query: str = ""
    internal: bool = False
    paper: str = PAPERS[0]
    screenshots: bool = False


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack.

    Attributes:
        files: Each file's content by its name, read from the disk when it is asked for.
        manifest: What its manifest states.
    """

    files: Kept
    manifest: Manifest

    @property
    def name(self) -> str:
        """Return what to call its file: the start of the register's fingerprint, and the day."""
        return f"evidence-{self.manifest.fingerprint[:8]}-{self.manifest.as_of}.zip"

    @property
    def digest(self) -> str:
        """Return the SHA-256 of its manifest, which names it."""
        return self.files.places[MANIFEST].sum.sha256

    def pieces(self) -> Iterator[bytes]:
        """Yield the archive's bytes."""
        shelf = self.files.shelf
        members = {name: archive.Member(at.sum.size, at.crc, partial(shelf.pieces, at)) for name, at in self.files.places.items()}
        return archive.laid_out(members)


def moment(text: str) -> datetime:
    """Return a day, or a time with its time zone, as a time in UTC; a day is its first moment there.

    Raises:
        ValueError: For anything else: a time without a zone is not one moment.
    """
    if _DAY.fullmatch(text):
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    if not _MOMENT.fullmatch(text):
        raise ValueError(f"{text!r} is neither a day nor a time with its zone")
    return datetime.fromisoformat(text).astimezone(UTC)


def make(folder: Path, options: Options, key: Key | None = None, tell: Tell = lambda _share, _what: None) -> Pack:
    """Return the pack of a register; the same register, options and key give the same bytes on any machine.

    Args:
        folder: The register folder.
        options: What is asked for.
        key: What signs it, None for nothing.
        tell: Hears how far it is.

    Raises:
        PopmapError: The register cannot be read, the options do not fit it, or its files changed on the way.
    """
    if options.screenshots:
        screenshots.check()
    made_at = options.made_at.astimezone(UTC).replace(microsecond=0)
    tell(0.0, "Reading the register")
    before = changed_at(folder)
    files = as_read(folder) if folder.is_dir() else {}
    store = open_checked(folder, made_at.date())
    shelf = Shelf()
    try:
        asked = asked_filter(parse(options.query), store)
        fingerprint = key.fingerprint if key else ""
        # The workshop closes first: whatever is still being set then is broken off, and the thread that waits for it ends.
        with ThreadPoolExecutor(1) as aside, Workshop() as shop, thrifty():
            wanted = Wanted(store, asked, made_at, files, shop, options.internal, options.paper, grouped(fingerprint), options.screenshots)
            made, present = _made(wanted, shelf, aside, tell)
        commit, at_commit = history.head(folder, files)
        stated = Manifest(
            files={},
            title=store.settings.title,
            fingerprint=store.fingerprint,
            commit=commit,
            at_commit=at_commit,
            audience=manifest.INTERNAL if options.internal else manifest.PUBLIC,
            filter=to_english(asked, store.known) if asked else "",
            query=urlencode(to_query(asked), doseq=True),
            as_of=made_at.date().isoformat(),
            made_at=made_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            paper=options.paper,
            key=fingerprint,
            not_reproducible=tuple(name for part in present if not part.reproducible for name in made if name.startswith(part.name)),
            versions={"popmap": __version__} | {name: version(name) for name in _LIBRARIES},
        )
        made[GUIDE] = shelf.put(guide(stated, present))
    except UnicodeEncodeError as error:
        raise UsageError("The filter or a name is not text in UTF-8.", "Write it otherwise.") from error
    finally:
        store.close()
    if changed_at(folder) != before or as_read(folder) != files:
        raise PopmapError("The register's files changed while the pack was made.", "Make it again.")
    tell(1.0, "Listing and signing")
    return _listed(shelf, made, stated, key)


def _made(wanted: Wanted, shelf: Shelf, aside: Executor, tell: Tell) -> tuple[dict[str, Place], list[Part]]:
    """Return where each file of the parts was put, in the order of the parts, and the parts that there are."""
    # The report, which comes first, takes the most memory: it begins when the picture is drawn and much of the rest is made.
    begun = {part.name: aside.submit(part.files, wanted) for part in reversed(PARTS) if part.aside}
    found: dict[str, dict[str, Place]] = {}
    # What is made aside is taken last, so that everything else is made meanwhile.
    for number, part in enumerate(sorted(PARTS, key=lambda part: part.aside)):
        tell((number + 1) / (len(PARTS) + 2), part.what)
        of_part = begun[part.name].result() if part.aside else part.files(wanted)
        found[part.name] = {name: shelf.put(content) for name, content in of_part.items()}
        # Another part has other questions, and a large one needs the room.
        del of_part
        wanted.store.forget()
        give_back()
    places = {name: place for part in PARTS for name, place in found[part.name].items()}
    return places, [part for part in PARTS if found[part.name]]


def _listed(shelf: Shelf, made: Mapping[str, Place], stated: Manifest, key: Key | None) -> Pack:
    """Return the pack of these files: with its manifest, the signature of that, and the sums of all."""
    listed = {name: place.sum for name, place in made.items()}
    of_pack = Manifest(listed, *(getattr(stated, name) for name in Manifest.__slots__[1:]))
    content = manifest.encode(of_pack)
    proof = {MANIFEST: content} | ({SIGNATURE: key.sign(content), PUBLIC_KEY: key.public} if key else {})
    sums = manifest.sums(listed | {name: sum_of(data) for name, data in proof.items()})
    placed = {name: shelf.put(data) for name, data in (proof | {SUMS: sums}).items()}
    return Pack(Kept(shelf, {**made, **placed}), of_pack)


def save(pack: Pack, path: Path) -> None:
    """Write a pack's archive: whole, or not at all.

    Raises:
        UsageError: It cannot be written there.
        PopmapError: It is larger than an archive may be.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as out:
            out.writelines(pack.pieces())
        draft.replace(path)
    except ValueError as error:
        raise PopmapError("The pack would be larger than 1 GiB.", "Narrow the filter, or keep large sources elsewhere.") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}.", "Name a file in a folder you may write to.") from error
    finally:
        draft.unlink(missing_ok=True)
