"""Typst itself: the only module that imports it, so that a process that leaves the work to others need not hold it."""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Mapping
from functools import cache
from typing import Any

import typst

from popmap.typesetting.families import ROOM
from popmap.typesetting.jobs import DATA, MAIN, Job


def run(job: Job) -> bytes:
    """Return the document or the picture.

    Raises:
        typst.TypstError: For a template that is wrong, which is a fault of popmap's.
    """
    compiler = _compiler(job.files, job.scripts)
    if job.scale:
        # A pixel of an SVG is the 96th part of an inch (CSS).
        return _one(compiler.compile(format="png", ppi=96 * job.scale))
    standards: Any = ["ua-1"] if job.tagged else []
    return _one(compiler.compile(format="pdf", timestamp=job.made_at, pdf_standards=standards, pdf_tags=job.tagged))


def forget() -> None:
    """Free what typst keeps of documents it has set: 200 MB for 300 pages of tables.

    It drops what ten compilations have not used (comemo's `evict`), so ten of nothing follow.
    """
    for _ in range(11):
        _compiler({MAIN: b"#set page(width: 1pt, height: 1pt)", DATA: b""}).compile(format="svg")
    # What is free is given back: the C library of Linux keeps it otherwise, and other systems have no such call.
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


@cache
def _fonts(scripts: bool) -> typst.Fonts:
    folders = [str(ROOM / name) for name in ("fonts", *(("scripts",) if scripts else ()))]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _compiler(files: Mapping[str, bytes], scripts: bool = False) -> typst.Compiler:
    given: Any = dict(files)  # typst takes files by name, too, which its own type hints leave out
    return typst.Compiler(given, font_paths=_fonts(scripts), ignore_system_fonts=True)


def _one(made: bytes | list[bytes] | None) -> bytes:
    """Return what typst gives for a PDF, or a picture of one page."""
    if not isinstance(made, bytes):
        raise TypeError(f"typst gave {type(made).__name__} instead of one file")
    return made
