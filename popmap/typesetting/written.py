"""Text as our fonts can draw it: what they cannot is written out as code points."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from popmap.typesetting.glyphs import drawable, fonts

_PLAIN = re.compile("[ -~]*")


@lru_cache(maxsize=16384)
def written_out(line: str) -> str:
    """Return a line as it can be drawn: a run of characters without a glyph becomes its code points in brackets.

    Args:
        line: Text on one line without control characters.
    """
    if _PLAIN.fullmatch(line):
        return line
    known = drawable()
    return "".join(
        part if drawn else f"[{' '.join(f'U+{ord(character):04X}' for character in part)}]" for part, drawn in _runs(line, known)
    )


def all_written_out(data: Mapping[str, object]) -> dict[str, object]:
    """Return a document's data with every text in it as it can be drawn; the keys of mappings stay."""
    return {key: _all(value) for key, value in data.items()}


def _all(value: object) -> object:
    if isinstance(value, str):
        return written_out(value)
    if isinstance(value, dict):
        return {key: _all(each) for key, each in value.items()}
    return [_all(each) for each in value] if isinstance(value, (list, tuple)) else value


def _runs(line: str, known: frozenset[int]) -> list[tuple[str, bool]]:
    runs: list[tuple[str, bool]] = []
    base = 0
    for character in line:
        code = ord(character)
        drawn = code in known
        if not unicodedata.category(character).startswith("M"):
            base = code
        elif drawn and base in known:
            drawn = any(code in font and base in font for font in fonts())
        if runs and runs[-1][1] == drawn:
            runs[-1] = (runs[-1][0] + character, drawn)
        else:
            runs.append((character, drawn))
    return runs
