"""The report as a PDF: what the register says, gathered and set."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
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
from popmap.evidence.shelf import Place, Shelf
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
_A_WHILE = 10
_NUMBERED_AT_ONCE = 400
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

    Everything is set when this returns; a large report's parts, which wait on disk, are joined as the pieces are taken.

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
    """Return a large report's pieces: its parts are set side by side, then its contents, then the page numbers."""
    inner = frame | {"cover": False, "bare_pages": 0, "numbers": "none"}

    def document(number: int, part: list[Data], shown: dict[str, bytes]) -> bytes:
        ready: Any = prepared(part)
        what = f"Part {number} of the report ({', '.join(dict.fromkeys(chapter['kind'] for chapter in part))})"
        part.clear()
        return shop.pdf(TEMPLATE, inner | {"chapters": ready}, made_at, shown, what=what)

    shelf = Shelf()
    places: list[Place] = []
    counts: list[int] = []
    marks: list[list[Mark]] = []

    def keep(made: bytes) -> None:
        places.append(shelf.put(made))
        counts.append(page_count(made))
        marks.append([mark for mark in bookmarks(made) if _listed(mark)])

    waiting: deque[Future[bytes]] = deque()
    with ThreadPoolExecutor(shop.at_once) as threads:
        for number, part in enumerate(parts, start=1):
            files = [sheet["file"] for chapter in part for sheet in chapter.get("sheets", ())]
            waiting.append(threads.submit(document, number, part, {name: pictures.pop(name) for name in files}))
            # What is gathered and what is set wait for each other, so that neither piles up.
            while len(waiting) > shop.at_once + _AHEAD:
                keep(waiting.popleft().result())
            if number % _A_WHILE == 0:
                give_back()
        while waiting:
            keep(waiting.popleft().result())
    give_back()
    opening, own = b"", 2
    while not opening or page_count(opening) > own:
        # The contents name pages behind themselves, so how long they are has to be known.
        own = page_count(opening) if opening else own
        contents = frame | {"numbers": "none", "contents": _contents(marks, counts, own)}
        opening = shop.pdf(TEMPLATE, contents, made_at, what="The report's contents")
    return pieces(chain([opening], map(shelf.read, places)), _numbers(frame, page_count(opening) + sum(counts), made_at, shop))


def _numbers(frame: Data, pages: int, made_at: datetime, shop: Workshop) -> list[bytes]:
    """Return the documents that are drawn upon all pages, some hundred each: "Page 2 of 3"."""
    made = []
    for first in range(1, pages + 1, _NUMBERED_AT_ONCE):
        count = min(_NUMBERED_AT_ONCE, pages + 1 - first)
        numbers = frame | {"cover": False, "numbers": "only", "pages": pages, "first": first, "count": count}
        made.append(shop.pdf(TEMPLATE, numbers, made_at, tagged=False, what="The report's page numbers"))
    return made


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
