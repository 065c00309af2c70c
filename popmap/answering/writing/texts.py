"""Text made fit for a cell: no characters a file cannot hold, no more of them than a cell takes."""

from __future__ import annotations

import re

from popmap.uploads.limits import LONGEST_CELL

CUT = " … [cut here: a spreadsheet cell holds 32,767 characters]"
# What XML 1.0 has no way to write (https://www.w3.org/TR/xml/#charsets), lone surrogates among them.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Return text without characters no file can hold, its line ends as one kind."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def fitting(text: str, most: int = LONGEST_CELL) -> str:
    """Return clean text that a cell can hold, with a mark where it had to be cut.

    Args:
        text: Any text.
        most: The cell's limit in UTF-16 units, as Excel counts.
    """
    kept = clean(text)
    if len(kept) <= most // 2 or _units(kept) <= most:
        return kept
    room = (most - _units(CUT)) * 2
    return kept.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + CUT


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def one_line(text: str) -> str:
    """Return text in one line."""
    return " ".join(text.split())
