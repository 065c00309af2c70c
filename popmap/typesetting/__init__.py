"""Paper and pictures: documents and SVG drawings set by typst, without a browser and without any font of the machine."""

from __future__ import annotations

import contextlib
import ctypes
import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

# Liberation Sans has the widths that flow.text measures labels by; DejaVu Sans stands in for a character it has not.
FAMILIES = ("Liberation Sans", "DejaVu Sans")
MONOSPACE = "Liberation Mono"
_FONTS = Path(__file__).parent / "fonts"
_MAIN, _DATA, _PICTURE = "main.typ", "data.json", "picture.svg"
_GENERIC = b'font-family="sans-serif"'


def pdf(
    template: Path, data: Mapping[str, object], made_at: datetime, pictures: Mapping[str, bytes] | None = None, *, tagged: bool = True
) -> bytes:
    """Return a document as an accessible PDF with its fonts in it; the same arguments give the same bytes on every machine.

    It follows PDF/UA-1 (ISO 14289-1): tagged, titled, every picture with a text alternative; typst refuses a document that does not.

    Args:
        template: A typst file. It reads `json("data.json")`, so that text from a register is data and never markup, and may import the
            other `.typ` files of its folder by their names. It has to set the document's title and give every picture its `alt`.
        data: What it reads: texts, numbers, lists and mappings.
        made_at: The time to state as the document's own, with its time zone.
        pictures: Files it shows, by their names, such as SVG documents.
        tagged: Whether it is to be read by itself; False for what is drawn upon another document.

    Raises:
        typst.TypstError: For a template that is wrong, which is a fault of popmap's.
    """
    beside = {path.name: path.read_bytes() for path in template.parent.glob("*.typ") if path != template}
    drawn = {name: _named(content) for name, content in (pictures or {}).items()}
    files = {_MAIN: template.read_bytes(), _DATA: json.dumps(data, ensure_ascii=False).encode(), **beside, **drawn}
    standards: Any = ["ua-1"] if tagged else []
    return _one(_compiler(files).compile(format="pdf", timestamp=made_at.replace(microsecond=0), pdf_standards=standards, pdf_tags=tagged))


def png(picture: bytes, scale: float = 2) -> bytes:
    """Return an SVG document as a PNG picture of the same size.

    Args:
        picture: The SVG document; its lengths are pixels, its font is named or "sans-serif".
        scale: Pixels of the PNG for each of the SVG.
    """
    page = f'#set page(width: auto, height: auto, margin: 0pt)\n#image("{_PICTURE}")\n'
    # A pixel of an SVG is the 96th part of an inch (CSS).
    return _one(_compiler({_MAIN: page.encode(), _PICTURE: _named(picture)}).compile(format="png", ppi=96 * scale))


def forget() -> None:
    """Free what typst keeps of documents it has set: 200 MB for 300 pages of tables.

    It drops what ten compilations have not used (comemo's `evict`), so ten of nothing follow.
    """
    for _ in range(11):
        _compiler({_MAIN: b"#set page(width: 1pt, height: 1pt)", _DATA: b""}).compile(format="svg")
    # What is free is given back: the C library of Linux keeps it otherwise, and other systems have no such call.
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FONTS)])


def _named(picture: bytes) -> bytes:
    """Return an SVG document that asks for the fonts there are; which one is the generic one differs from machine to machine."""
    return picture.replace(_GENERIC, f'font-family="{", ".join(FAMILIES)}"'.encode())


def _compiler(files: Mapping[str, bytes]) -> typst.Compiler:
    given: Any = dict(files)  # typst takes files by name, too, which its own type hints leave out
    return typst.Compiler(given, font_paths=_fonts(), ignore_system_fonts=True)


def _one(made: bytes | list[bytes] | None) -> bytes:
    """Return what typst gives for a PDF, or a picture of one page."""
    if not isinstance(made, bytes):
        raise TypeError(f"typst gave {type(made).__name__} instead of one file")
    return made
