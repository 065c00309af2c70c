"""Text in pictures: made safe, measured without a font, shortened and wrapped."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

ELLIPSIS = "…"

# Advance widths in thousandths of the font size, from Adobe's published metrics of Helvetica, whose widths Arial and Liberation Sans
# share. Narrower screen fonts leave a little air, which is the side to err on.
_GROUPS = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[\\]ft",
    333: "()-`r",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "Jcksvxyz",
    556: "#$0123456789?L_abdeghnopqu",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
}
_WIDTHS = {character: width / 1000 for width, characters in _GROUPS.items() for character in characters}
_WIDE, _EMOJI, _UNKNOWN = 1.1, 1.35, 0.68
# Characters that only steer the bidirectional algorithm: in a name they can make it read as another name.
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINER = "\u200d"
# Vowels that stand behind their consonant and belong to it all the same (Thai and Lao "am").
_BEHIND = frozenset("\u0e33\u0eb3")
# The combining class of signs that join two consonants (Unicode, "virama").
_VIRAMA = 9
_MARKS = frozenset({"Mn", "Mc", "Me", "Cf"})
# Anything but letters, punctuation and arrows that are one column wide and show as themselves.
_UNUSUAL = re.compile("[^ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff]")


@lru_cache(maxsize=8192)
def clean(text: str) -> str:
    """Return the text on one line with only characters that XML 1.0 and JSON can carry and that show as themselves.

    Args:
        text: Any text, as a register holds it.

    Returns:
        White space runs and control characters become one space; characters XML 1.0 (section 2.2) forbids become U+FFFD;
        bidirectional controls are dropped.
    """
    if not _UNUSUAL.search(text):
        return " ".join(text.split())
    return " ".join("".join(map(_clean_character, text)).split())


def _clean_character(character: str) -> str:
    if character in _BIDI_CONTROLS:
        return ""
    kind = unicodedata.category(character)
    if kind == "Cc":
        return " "
    return "\ufffd" if kind == "Cs" or ord(character) & 0xFFFE == 0xFFFE else character


@lru_cache(maxsize=8192)
def width(text: str, size: float) -> float:
    """Return about how many pixels wide a text is in a sans-serif font of a size in pixels."""
    try:
        return size * sum(map(_WIDTHS.__getitem__, text))
    except KeyError:
        return size * sum([_WIDTHS.get(character) or _other_width(character) for character in text])


def _other_width(character: str) -> float:
    kind = unicodedata.category(character)
    if kind in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return _EMOJI if kind == "So" else _WIDE
    base = unicodedata.normalize("NFD", character)[0]
    return _WIDTHS.get(base, _UNKNOWN)


def fit(text: str, size: float, room: float) -> str:
    """Return the text, shortened with an ellipsis where it is wider than the room.

    Args:
        text: Text from clean.
        size: Font size in pixels.
        room: Pixels available.

    Returns:
        The text or the longest start of it that fits with an ellipsis; never ends between a character and its accents.
    """
    if width(text, size) <= room:
        return text
    left, end = room - width(ELLIPSIS, size), 0
    while (left := left - width(text[end], size)) >= 0:
        end += 1
    while end and joined(text[end - 1], text[end]):
        end -= 1
    return text[:end].rstrip(f"{_JOINER} ") + ELLIPSIS


def joined(before: str, character: str) -> bool:
    """Return whether a character belongs to the one before it: a mark upon it, or drawn as one with it."""
    if before.isascii() and character.isascii():
        return False
    kind = unicodedata.category(character)
    return kind in _MARKS or character in _BEHIND or before == _JOINER or unicodedata.combining(before) == _VIRAMA


def _other_width_is_zero(character: str) -> bool:
    return character not in _WIDTHS and _other_width(character) == 0.0


def wrap(text: str, columns: int, rows: int = 0) -> list[str]:
    """Break a text into lines of about a number of columns, wide characters counting double.

    Args:
        text: Text from clean.
        columns: The most columns of a line; longer words are broken.
        rows: The most lines, the last ending in an ellipsis when there is more; 0 for all.
    """
    lines = _plain_lines(text, columns) if not _UNUSUAL.search(text) else _lines(text, columns)
    if rows and len(lines) > rows:
        lines = [*lines[: rows - 1], lines[rows - 1] + ELLIPSIS]
    return lines


def columns(text: str) -> int:
    """Return how many columns a text takes, wide characters counting double."""
    return len(text) if not _UNUSUAL.search(text) else sum(map(_columns, text))


def _columns(character: str) -> int:
    return 0 if _other_width_is_zero(character) else 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _plain_lines(text: str, columns: int) -> list[str]:
    lines = []
    while len(text) > columns:
        end = text.rfind(" ", 0, columns + 1)
        lines.append(text[: end if end > 0 else columns])
        text = text[end + 1 if end > 0 else columns :]
    return [*lines, text]


def _lines(text: str, columns: int) -> list[str]:
    lines, line, used = [], "", 0
    for word in text.split(" "):
        for piece, length in _pieces(word, columns):
            if line and used + 1 + length > columns:
                lines.append(line)
                line, used = piece, length
            else:
                line, used = (f"{line} {piece}", used + 1 + length) if line else (piece, length)
    return [*lines, line]


def _pieces(word: str, columns: int) -> list[tuple[str, int]]:
    if word.isascii() and len(word) <= columns:
        return [(word, len(word))]
    pieces, start, used = [], 0, 0
    for at, character in enumerate(word):
        cost = _columns(character)
        if used + cost > columns:
            pieces.append((word[start:at], used))
            start, used = at, 0
        used += cost
    return [*pieces, (word[start:], used)]


def has_rtl(text: str) -> bool:
    """Return whether a text holds right-to-left letters."""
    return not text.isascii() and any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


def isolated(text: str) -> str:
    """Return the text so that right-to-left letters in it do not reorder what stands beside it."""
    return f"\u2068{text}\u2069" if has_rtl(text) else text
