"""Which characters our own fonts can draw, read from the fonts' own tables."""

from __future__ import annotations

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path

from popmap.typesetting.families import LAO_FILE, OTHER_FILES, PLAIN_FILES, ROOM, TEXT_FILES

# Anything but what nearly every text is made of: Latin letters, punctuation, arrows and signs, all in the first fonts.
_UNUSUAL = re.compile("[^\x00-\u02ff\u2010-\u2027\u2030-\u203a\u2190-\u2193]")
_MARKS = frozenset({"Mn", "Mc", "Me", "Cf"})


@cache
def fonts() -> tuple[frozenset[int], ...]:
    """Return the code points of each family in any style; a letter and its accents have to come from one of them."""
    first, *others = (_code_points(ROOM / name) for name in TEXT_FILES)
    return first.intersection(*others), *(_code_points(ROOM / name) for name in OTHER_FILES)


@cache
def drawable() -> frozenset[int]:
    """Return the code points that a document can hold in any style; typst makes no accessible PDF of others."""
    return frozenset().union(*fonts())


@cache
def _plain() -> frozenset[int]:
    first, *others = (_code_points(ROOM / name) for name in TEXT_FILES)
    text = first.intersection(*others)
    return text.union(*(_code_points(ROOM / name) for name in PLAIN_FILES)) - (_code_points(ROOM / LAO_FILE) - text)


def of_scripts(words: str) -> bool:
    """Return whether a text has a character that comes from a font of its script, or from none."""
    return bool(_UNUSUAL.search(words)) and any(ord(character) not in _plain() for character in set(words))


def shaped(words: str) -> bool:
    """Return whether letters of a text change or move with those beside them: a text with marks, or in a script written that way.

    Args:
        words: Text whose every character can be drawn.
    """
    return not words.isascii() and any(
        unicodedata.category(character) in _MARKS or ord(character) not in _plain() for character in set(words)
    )


@cache
def _code_points(font: Path) -> frozenset[int]:
    """Return what a TrueType font's `cmap` table maps to a glyph (OpenType 1.9, "cmap", formats 4 and 12)."""
    data = font.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    at = next(
        struct.unpack_from(">I", data, 12 + 16 * number + 8)[0]
        for number in range(tables)
        if data[12 + 16 * number : 16 + 16 * number] == b"cmap"
    )
    (number,) = struct.unpack_from(">H", data, at + 2)
    starts = {at + struct.unpack_from(">HHI", data, at + 4 + 8 * each)[2] for each in range(number)}
    found: set[int] = set()
    for start in sorted(starts):
        (form,) = struct.unpack_from(">H", data, start)
        found |= _segments(data, start) if form == 4 else _groups(data, start) if form == 12 else set()
    return frozenset(found)


def _segments(data: bytes, start: int) -> set[int]:
    (double,) = struct.unpack_from(">H", data, start + 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", data, start + 14)
    begins = struct.unpack_from(f">{count}H", data, start + 16 + double)
    deltas = struct.unpack_from(f">{count}H", data, start + 16 + 2 * double)
    table = start + 16 + 3 * double
    offsets = struct.unpack_from(f">{count}H", data, table)
    found = set()
    for at, (begin, end, delta, offset) in enumerate(zip(begins, ends, deltas, offsets, strict=True)):
        for code in range(begin, end + 1):
            glyph = code
            if offset:
                (glyph,) = struct.unpack_from(">H", data, table + 2 * at + offset + 2 * (code - begin))
            if glyph and (glyph + delta) & 0xFFFF:
                found.add(code)
    return found - {0xFFFF}


def _groups(data: bytes, start: int) -> set[int]:
    (count,) = struct.unpack_from(">I", data, start + 12)
    found: set[int] = set()
    for number in range(count):
        begin, end, _ = struct.unpack_from(">III", data, start + 16 + 12 * number)
        found |= set(range(begin, end + 1))
    return found
