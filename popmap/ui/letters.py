"""How wide the interface's letters are, so that what is printed can be laid out before a browser has seen it."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from popmap.flow import text as pictures

# Advance widths in thousandths of the font size of Source Sans, regular, which Streamlit brings along; measured in Chromium.
_GROUPS = {
    200: " ",
    241: "|",
    249: "ij',.:;",
    255: "l",
    263: "I",
    289: "!",
    292: "f",
    303: "()[]{}",
    311: "-·",
    338: "t",
    350: "r/\\",
    426: '*s?z"“”',
    446: "x",
    456: "c",
    467: "vy",
    479: "YJ",
    486: "L",
    497: "Fke0123456789#$+<=>^~",
    504: "_ag–",
    515: "XV",
    536: "EST",
    544: "Z`oAhu",
    547: "n",
    555: "bdpq",
    571: "PRC",
    588: "KB",
    617: "&DG",
    652: "UNH",
    664: "OQ",
    727: "wM",
    800: "W—",
    829: "%m",
    847: "@",
    1000: "…→",
}
_WIDTHS = {character: width / 1000 for width, characters in _GROUPS.items() for character in characters}
# Other letters come from whatever font has them.
_OTHERS = 1.25
# Bold letters are at most about so much wider, and a line that is just full is not to be trusted.
BOLD, _SLACK = 1.09, 1.01


@lru_cache(maxsize=8192)
def width(text: str, size: float) -> float:
    """Return about how many pixels wide a text is, rather too many than too few.

    Args:
        text: Any text on one line.
        size: Font size in pixels.
    """
    try:
        return size * _SLACK * sum(map(_WIDTHS.__getitem__, text))
    except KeyError:
        return size * _SLACK * sum([_WIDTHS.get(character) or _other(character) for character in text])


def _other(character: str) -> float:
    base = unicodedata.normalize("NFD", character)[0]
    return _WIDTHS[base] if base in _WIDTHS else pictures.width(character, 1.0) * _OTHERS
