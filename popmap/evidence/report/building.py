"""The report as a PDF: what the register says, gathered and set."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from popmap import typesetting
from popmap.errors import UsageError
from popmap.evidence.report import chapters
from popmap.evidence.report.facts import about
from popmap.evidence.report.method import COVER_NOTE
from popmap.evidence.report.words import prepared
from popmap.filters import Filter
from popmap.store import Store

TEMPLATE = Path(__file__).parent / "report.typ"
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
    parts, pictures = chapters.gathered(store, asked, internal, key_fingerprint, paper)
    front = about(store, asked, made_at, internal, key_fingerprint)
    data: dict[str, Any] = {
        "about": front,
        "document_title": front["title"],
        "description": f"Data map report, register {store.fingerprint[:12]}, as of {store.as_of.isoformat()}",
        "paper": PAPERS[paper],
        "cover": True,
        "cover_note": COVER_NOTE,
        "contents": None,
        "bare_pages": 1,
        "part": "",
        "first_chapter": 0,
        "chapters": parts,
    }
    ready: Any = prepared(data)
    return typesetting.pdf(TEMPLATE, ready, made_at, pictures)
