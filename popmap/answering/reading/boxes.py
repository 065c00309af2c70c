"""Boxes to tick inside one cell or line: "[ ] Yes  [ ] No" and "☐ Ja ☐ Nein"."""

from __future__ import annotations

import re

from popmap.answering.reading.words import fold, squeeze

_BOX = re.compile(r"(?<!\\)(?:\[([ xX]?)\]|([☐☑☒□✓✔]))(?!\()\s*([^\[\]☐☑☒□✓✔|\n]*)")


def boxes(text: str) -> list[tuple[re.Match[str], str, bool]]:
    """Return a text's boxes: where each stands, the words behind it, whether it is ticked."""
    found = []
    for one in _BOX.finditer(text):
        words = squeeze(one.group(3)).strip(" ,;/")
        found.append((one, words, (one.group(1) or "").lower() == "x" or (one.group(2) or "☐") in "☑☒✓✔"))
    return found


def ticks(text: str) -> tuple[str, ...]:
    """Return the answers a text offers as boxes, () when it offers fewer than two."""
    words = tuple(words for _, words, _ in boxes(text) if words) if "[" in text or any(mark in text for mark in "☐☑☒□") else ()
    return words if len(words) > 1 else ()


def ticked(text: str) -> tuple[str, ...]:
    """Return the answers whose boxes are ticked."""
    return tuple(words for _, words, done in boxes(text) if done)


def tick(text: str, choice: str) -> str:
    """Return a text with the box before a choice ticked, unchanged when there is no such box."""
    for one, words, done in boxes(text):
        if fold(words) == fold(choice) and not done:
            mark = "[x]" if one.group(2) is None else "☒"
            return text[: one.start()] + mark + text[_box_end(one) :]
    return text


def _box_end(one: re.Match[str]) -> int:
    return one.start() + 1 if one.group(2) is not None else one.end(1) + 1
