"""The report as a PDF: what the register says, gathered and set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from popmap import typesetting
from popmap.errors import UsageError
from popmap.evidence.report import chapters
from popmap.evidence.report.facts import about
from popmap.evidence.report.method import COVER_NOTE
from popmap.evidence.report.splitting import CONTINUED, split
from popmap.evidence.report.words import prepared
from popmap.filters import Filter
from popmap.store import Store
from popmap.typesetting.joining import bookmarks, joined, page_count

TEMPLATE = Path(__file__).parent / "report.typ"
Data = dict[str, Any]
_LEVELS = 2
_AT_ONCE = 2
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
    """Return the report as an accessible PDF; the same register and arguments give the same bytes on every machine.

    Args:
        store: The register.
        asked: The filter.
        made_at: The time to state, with its time zone.
        paper: "a4" or "letter".
        internal: Whether columns kept from outsiders are in it.
        key_fingerprint: The fingerprint of the key the pack is signed with, "" for none.

    Raises:
        UsageError: For a paper there is none of.
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
    frame |= {"contents": None, "numbers": "own", "pages": 0, "chapters": []}
    pictures: dict[str, bytes] = {}
    parts = split(chapters.gathered(store, asked, internal, key_fingerprint, paper, pictures))
    first = list(islice(parts, 2))
    if len(first) == 1:
        return typesetting.pdf(TEMPLATE, frame | {"chapters": prepared(first[0])}, made_at, pictures)
    return _in_parts(frame, chain(first, parts), made_at, pictures)


def _in_parts(frame: Data, parts: Iterator[list[Data]], made_at: datetime, pictures: dict[str, bytes]) -> bytes:
    """Return a large report: its parts set one after another, then its contents, then the page numbers."""
    inner = frame | {"cover": False, "bare_pages": 0, "numbers": "none"}

    def document(part: list[Data]) -> bytes:
        ready: Any = prepared(part)
        part.clear()
        shown = {sheet["file"]: pictures.pop(sheet["file"]) for chapter in ready for sheet in chapter.get("sheets", ())}
        return typesetting.pdf(TEMPLATE, inner | {"chapters": ready}, made_at, shown)

    documents: list[bytes] = []
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        # Two at once, as typst works without Python's lock; what it keeps is only dropped when none of them is at work.
        while some := list(islice(parts, _AT_ONCE)):
            documents += workers.map(document, some)
            typesetting.forget()
    opening, own = b"", 2
    while not opening or page_count(opening) > own:
        # The contents name pages behind themselves, so how long they are has to be known.
        own = page_count(opening) if opening else own
        opening = typesetting.pdf(TEMPLATE, frame | {"numbers": "none", "contents": _contents(documents, own)}, made_at)
    documents.insert(0, opening)
    numbers = frame | {"cover": False, "numbers": "only", "pages": sum(map(page_count, documents))}
    over = typesetting.pdf(TEMPLATE, numbers, made_at, tagged=False)
    documents.reverse()
    # Each is let go of when it has been taken over, so that a large report is not held three times.
    return joined((documents.pop() for _ in range(len(documents))), over)


def _contents(documents: Sequence[bytes], before: int) -> list[list[Any]]:
    """Return the lines of the contents: level, words and page."""
    lines: list[list[Any]] = []
    for document in documents:
        lines += [[level, words, str(before + at)] for level, words, at in bookmarks(document) if _listed(level, words)]
        before += page_count(document)
    return lines


def _listed(level: int, words: str) -> bool:
    return level <= _LEVELS and not words.endswith(CONTINUED)
