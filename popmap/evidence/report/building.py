"""The report as a PDF: what the register says, gathered and set."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from popmap.errors import UsageError
from popmap.evidence.memory import give_back
from popmap.evidence.report import chapters
from popmap.evidence.report.facts import about
from popmap.evidence.report.method import COVER_NOTE
from popmap.evidence.report.splitting import CONTINUED, split
from popmap.evidence.report.words import prepared
from popmap.evidence.shelf import Shelf
from popmap.filters import Filter
from popmap.store import Store
from popmap.typesetting.joining import bookmarks, page_count, pieces
from popmap.typesetting.workshop import Workshop

TEMPLATE = Path(__file__).parent / "report.typ"
Data = dict[str, Any]
Mark = tuple[int, str, int]
"""A bookmark: its level, its words and its page in its part."""
_LEVELS = 2
# Parts that are ready for each other's turn while as many as there are workers are being set.
_AHEAD = 1
# Parts after which memory is given back.
_A_WHILE = 5
_NUMBERED_AT_ONCE = 200
PAPERS = {"a4": "a4", "letter": "us-letter"}


def report_pdf(
    store: Store,
    asked: Filter,
    made_at: datetime,
    *,
    paper: str = "a4",
    internal: bool = False,
    key_fingerprint: str = "",
) -> bytes:
    """Return the report as an accessible PDF; see `report_pieces`."""
    with Workshop() as shop:
        return b"".join(report_pieces(store, asked, made_at, shop, paper=paper, internal=internal, key_fingerprint=key_fingerprint))


def report_pieces(
    store: Store,
    asked: Filter,
    made_at: datetime,
    shop: Workshop,
    *,
    paper: str = "a4",
    internal: bool = False,
    key_fingerprint: str = "",
) -> Iterable[bytes]:
    """Return the report as an accessible PDF in pieces; the same register and arguments give the same bytes on every machine.

    Everything is done when this returns; a large report waits on disk.

    Args:
        store: The register.
        asked: The filter.
        made_at: The time to state, with its time zone.
        shop: Where it is set.
        paper: "a4" or "letter".
        internal: Whether columns kept from outsiders are in it.
        key_fingerprint: The fingerprint of the key the pack is signed with, "" for none.

    Raises:
        UsageError: For a paper there is none of.
        TypesettingError: A part cannot be set.
    """
    if paper not in PAPERS:
        raise UsageError(f"There is no paper {paper}.", f"Use {' or '.join(PAPERS)}.")
    front = about(store, asked, made_at, internal, key_fingerprint)
    frame: Any = prepared(
        {
            "about": front,
            "document_title": front["title"],
            "description": f"Data map report, register {store.fingerprint[:12]}, as of {store.as_of.isoformat()}",
            "paper": PAPERS[paper],
            "cover": True,
            "cover_note": COVER_NOTE,
            "bare_pages": 1,
        }
    )
    frame |= {"contents": None, "numbers": "own", "chapters": []}
    pictures: dict[str, bytes] = {}
    parts = split(chapters.gathered(store, asked, internal, key_fingerprint, paper, pictures))
    first = list(islice(parts, 2))
    if len(first) == 1:
        return [shop.pdf(TEMPLATE, frame | {"chapters": prepared(first[0])}, made_at, pictures, what="The report")]
    return _in_parts(frame, chain(first, parts), made_at, pictures, shop)


def _in_parts(frame: Data, parts: Iterator[list[Data]], made_at: datetime, pictures: dict[str, bytes], shop: Workshop) -> Iterator[bytes]:
    """Return a large report's pieces: its parts are set side by side and joined as they come, then its contents and the page numbers."""
    counts: list[int] = []
    marks: list[list[Mark]] = []

    def documents(threads: Executor) -> Iterator[bytes]:
        for made in _parts_set(frame | {"cover": False, "bare_pages": 0, "numbers": "none"}, parts, made_at, pictures, shop, threads):
            counts.append(page_count(made))
            marks.append([mark for mark in bookmarks(made) if _listed(mark)])
            yield made
        give_back()
        opening, own = b"", 2
        while not opening or page_count(opening) > own:
            # The contents name pages behind themselves, so how long they are has to be known.
            own = page_count(opening) if opening else own
            contents = frame | {"numbers": "none", "contents": _contents(marks, counts, own)}
            opening = shop.pdf(TEMPLATE, contents, made_at, what="The report's contents")
        counts.append(page_count(opening))
        shop.rest()
        yield opening

    def numbers(threads: Executor) -> Iterator[bytes]:
        # Some hundred pages each: "Page 2 of 3".
        firsts = range(1, sum(counts) + 1, _NUMBERED_AT_ONCE)
        yield from threads.map(lambda first: _numbers(frame, first, sum(counts), made_at, shop), firsts)

    shelf = Shelf()
    with ThreadPoolExecutor(shop.at_once) as threads:
        return shelf.pieces(shelf.put(pieces(documents(threads), numbers(threads), last_first=True)))


def _parts_set(
    inner: Data, parts: Iterator[list[Data]], made_at: datetime, pictures: dict[str, bytes], shop: Workshop, threads: Executor
) -> Iterator[bytes]:
    """Yield the parts' documents in order; several are set side by side."""

    def document(number: int, part: list[Data], shown: dict[str, bytes]) -> bytes:
        ready: Any = prepared(part)
        what = f"Part {number} of the report ({', '.join(dict.fromkeys(chapter['kind'] for chapter in part))})"
        part.clear()
        return shop.pdf(TEMPLATE, inner | {"chapters": ready}, made_at, shown, what=what)

    waiting: deque[Future[bytes]] = deque()
    for number, part in enumerate(parts, start=1):
        files = [sheet["file"] for chapter in part for sheet in chapter.get("sheets", ())]
        waiting.append(threads.submit(document, number, part, {name: pictures.pop(name) for name in files}))
        # What is gathered and what is set wait for each other, so that neither piles up.
        while len(waiting) > shop.at_once + _AHEAD:
            yield waiting.popleft().result()
        if number % _A_WHILE == 0:
            give_back()
    while waiting:
        yield waiting.popleft().result()


def _numbers(frame: Data, first: int, pages: int, made_at: datetime, shop: Workshop) -> bytes:
    """Return the document that is drawn upon some pages, from one on."""
    count = min(_NUMBERED_AT_ONCE, pages + 1 - first)
    numbers = frame | {"cover": False, "numbers": "only", "pages": pages, "first": first, "count": count}
    return shop.pdf(TEMPLATE, numbers, made_at, tagged=False, what="The report's page numbers")


def _contents(marks: Sequence[Sequence[Mark]], counts: Sequence[int], before: int) -> list[list[Any]]:
    """Return the lines of the contents: level, words and page."""
    lines: list[list[Any]] = []
    for of_part, count in zip(marks, counts, strict=True):
        lines += [[level, words, str(before + at)] for level, words, at in of_part]
        before += count
    return lines


def _listed(mark: Mark) -> bool:
    level, words, _ = mark
    return level <= _LEVELS and not words.endswith(CONTINUED)
