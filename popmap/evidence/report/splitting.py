"""A large report in parts, set one after another: what typst needs for a page, about a megabyte, it keeps until the document ends."""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

Data = dict[str, Any]
# Of the chapters' text, in characters. A document of so much takes about 15 MB while it is set, and 30 where it is all small tables.
MOST = 80_000
CONTINUED = ", continued"
# Chapters of small tables take more memory for the same text.
_HEAVY = {"evidence": 2, "gaps": 2}
# A picture of a sheet with all its bands, in the same measure.
_PICTURE = 20_000
# What names a picture's file; in a text the quotes would be escaped.
_FILE = '"file": "'


def weight(value: Any) -> int:
    """Return how much text there is in a document's data, in characters, and so about how much memory it takes to set."""
    # Written as JSON, which takes a tenth of the time of a walk through it; what stands around each text counts for its own cost.
    written = json.dumps(value, ensure_ascii=False)
    return len(written) + _PICTURE * written.count(_FILE)


def split(chapters: Iterable[Data], most: int = 0) -> Iterator[list[Data]]:
    """Yield the chapters in parts of about as much text each; a long chapter, and a long section of it, go on in the next part.

    Args:
        chapters: What `chapters.gathered` yields.
        most: The most text of a part, MOST for 0; one row or picture is never divided, however long. Up to twice as much stays in one.
    """
    most = most or MOST
    rest = iter(chapters)
    begun_with, ended = _up_to(rest, most * 2)
    most = sys.maxsize if ended else most
    part: list[Data] = []
    left = most
    begun: dict[int, int] = {}
    for chapter in chain((begun_with.popleft() for _ in range(len(begun_with))), rest):
        name = "groups" if "groups" in chapter else "sheets" if "sheets" in chapter else ""
        if not name:
            size = weight(chapter)
            if size > left and part:
                yield part
                part, left = [], most
            part.append(chapter)
            left -= size
            continue
        heavy = _HEAVY.get(chapter["kind"], 1)
        found = _groups(chapter[name], left, most, heavy) if name == "groups" else _sheets(chapter[name], left, most)
        for at, (piece, used, sections) in enumerate(found):
            if at:
                yield part
                part, left = [], most
            if piece or not chapter[name]:
                _add(part, chapter, name, piece, begun)
                begun[chapter["number"]] += sections
            left -= used
    yield part


def _up_to(chapters: Iterator[Data], most: int) -> tuple[deque[Data], bool]:
    """Return the first chapters, until they have more text than that, and whether they are all."""
    found: deque[Data] = deque()
    size = 0
    for chapter in chapters:
        found.append(chapter)
        size += weight(chapter)
        if size > most:
            return found, False
    return found, True


def _add(part: list[Data], chapter: Data, name: str, piece: list[Any], begun: dict[int, int]) -> None:
    """Add a piece of a chapter to a part, behind what the part holds of it; `begun` counts each chapter's sections so far."""
    number = chapter["number"]
    if part and part[-1]["number"] == number:
        part[-1][name] += piece
        return
    part.append(chapter | {name: piece, "continued": number in begun, "after": begun.get(number, 0)})
    begun.setdefault(number, 0)


def _sheets(sheets: Sequence[Data], left: int, most: int) -> Iterator[tuple[list[Any], int, int]]:
    """Yield some sheets at a time, what they weigh, and how many there are."""
    piece: list[Any] = []
    used = 0
    for sheet in sheets:
        size = weight(sheet)
        if used + size > left and (piece or left < most):
            yield piece, used, len(piece)
            piece, used, left = [], 0, most
        piece.append(sheet)
        used += size
    yield piece, used, len(piece)


def _groups(groups: Sequence[Sequence[Any]], left: int, most: int, heavy: int) -> Iterator[tuple[list[Any], int, int]]:
    """Yield some groups, (name, rows, whatever follows), at a time, what they weigh, and how many sections they are."""
    piece: list[Any] = []
    used = 0
    for title, rows, *rest in groups:
        part: list[Any] = []
        name = title
        for row in rows:
            size = weight(row) * heavy
            if used + size > left and (part or piece or left < most):
                whole = [*piece, [name, part, *rest]] if part else piece
                yield whole, used, _begun(whole)
                name = f"{title}{CONTINUED}" if part or name != title else title
                piece, part, used, left = [], [], 0, most
            part.append(row)
            used += size
        piece.append([name, part, *rest])
    yield piece, used, _begun(piece)


def _begun(groups: Sequence[Sequence[Any]]) -> int:
    return sum(not name.endswith(CONTINUED) for name, *_ in groups)
