"""Labels of a drawing in full: broken into lines by their width instead of shortened, written as SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from xml.sax.saxutils import escape

from popmap.flow import text
from popmap.flow.curves import number

Words = Callable[[str], str]
"""Turns a name into what can be drawn: the name itself in a file that is seen with the fonts of the reader's machine."""


@lru_cache(maxsize=16384)
def broken(label: str, size: float, room: float) -> tuple[str, ...]:
    """Return a label as lines that are no wider than the room; a word that is wider is broken, and nothing is left out.

    Args:
        label: Text from flow.text.clean.
        size: Font size in pixels.
        room: Pixels.
    """
    lines, line = [], ""
    for word in label.split(" "):
        longer = f"{line} {word}" if line else word
        if text.width(longer, size) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, size, room)
        lines += full
    return (*lines, line)


def _pieces(word: str, size: float, room: float) -> list[str]:
    pieces, start, used = [], 0, 0.0
    for at, character in enumerate(word):
        wide = text.width(character, size)
        if used + wide > room and at > start and not text.joined(word[at - 1], character):
            pieces.append(word[start:at])
            start, used = at, 0.0
        used += wide
    return [*pieces, word[start:]]


def drawn(lines: Sequence[str], x: float, middle: float, size: float, step: float, extra: str = "") -> str:
    """Return lines of text around a middle line as one SVG text element.

    Args:
        lines: One or more.
        x: Where they begin or end, by the text-anchor in `extra`.
        middle: The height of their middle.
        size: Font size in pixels.
        step: Pixels from line to line.
        extra: Further attributes, with a leading space.
    """
    first = middle - (len(lines) - 1) * step / 2 + size * 0.34
    if len(lines) == 1:
        return f'<text x="{number(x)}" y="{number(first)}"{extra}>{written(lines[0])}</text>'
    rows = "".join(f'<tspan x="{number(x)}" y="{number(first + at * step)}">{written(line)}</tspan>' for at, line in enumerate(lines))
    return f"<text{extra}>{rows}</text>"


def written(value: str) -> str:
    """Return text as SVG holds it."""
    return escape(value)
