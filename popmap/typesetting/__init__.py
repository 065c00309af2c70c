"""Paper and pictures: documents and SVG drawings set by typst, without a browser and without any font of the machine.

`pdf` and `png` work in this process; a `workshop.Workshop` does the same in processes of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from popmap.typesetting.families import FAMILIES
from popmap.typesetting.jobs import Job, pdf_job, png_job

__all__ = ["FAMILIES", "forget", "pdf", "png"]


def pdf(
    template: Path, data: Mapping[str, object], made_at: datetime, pictures: Mapping[str, bytes] | None = None, *, tagged: bool = True
) -> bytes:
    """Return a document as an accessible PDF with its fonts in it; the same arguments give the same bytes on every machine.

    It follows PDF/UA-1 (ISO 14289-1): tagged, titled, every picture with a text alternative; typst refuses a document that does not.

    Args:
        template: A typst file. It reads `json("data.json")`, so that text from a register is data and never markup, and may import the
            other `.typ` files of its folder by their names, and `families` of "families.typ", our fonts in order. It has to set
            the document's title and give every picture its `alt`.
        data: What it reads: texts, numbers, lists and mappings.
        made_at: The time to state as the document's own, with its time zone.
        pictures: Files it shows, by their names, such as SVG documents.
        tagged: Whether it is to be read by itself; False for what is drawn upon another document.

    Raises:
        typst.TypstError: For a template that is wrong, which is a fault of popmap's.
    """
    return _here(pdf_job(template, data, made_at, pictures or {}, tagged))


def png(picture: bytes, scale: float = 2) -> bytes:
    """Return an SVG document as a PNG picture of the same size.

    Args:
        picture: The SVG document; its lengths are pixels, its font is named or "sans-serif".
        scale: Pixels of the PNG for each of the SVG.
    """
    return _here(png_job(picture, scale))


def forget() -> None:
    """Free what typst keeps in this process of documents it has set; see `compiling.forget`."""
    from popmap.typesetting import compiling

    compiling.forget()


def _here(job: Job) -> bytes:
    # Typst takes 60 MB with its first document: a process that has its documents set elsewhere does not load it.
    from popmap.typesetting import compiling

    return compiling.run(job)
