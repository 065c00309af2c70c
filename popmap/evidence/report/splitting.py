"""A large report in parts that are set one after another: what typst needs for a page of tables, some MB, it keeps until the document ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

Data = dict[str, Any]
# Of the chapters' text, in characters. A document of so much takes about 130 MB while it is set.
MOST = 350_000
# A picture of a sheet with all its bands, in the same measure.
_PICTURE = 25_000


def weight(value: Any) -> int:
    """Return how much text there is in a document's data, in characters, and so about how much memory it takes to set."""
    if isinstance(value, str):
        return len(value) + 8
    if isinstance(value, dict):
        return sum(map(weight, value.values())) + (_PICTURE if "file" in value else 0)
    return sum(map(weight, value)) if isinstance(value, (list, tuple)) else 0


def split(chapters: Sequence[Data], most: int = MOST) -> list[list[Data]]:
    """Return the chapters in parts of about as much text each; a long chapter goes on in the next part.

    Args:
        chapters: What `chapters.gathered` returns.
        most: The most text of a part; one row or rule is never divided, however long.
    """
    parts: list[list[Data]] = []
    left = 0
    for chapter in chapters:
        for piece in _pieces(chapter, most):
            size = weight(piece)
            if not parts or size > left:
                parts.append([])
                left = most
            parts[-1].append(piece)
            left -= size
    return parts


def _pieces(chapter: Data, most: int) -> Iterator[Data]:
    name = "groups" if "groups" in chapter else "sheets" if "sheets" in chapter else ""
    if not name or weight(chapter) <= most:
        yield chapter
        return
    items = list(_divided(chapter[name], most)) if name == "groups" else chapter[name]
    piece: list[Any] = []
    used = sections = begun = 0
    for item in items:
        size = weight(item)
        if piece and used + size > most:
            yield chapter | {name: piece, "continued": begun > 0, "after": begun}
            piece, used, begun = [], 0, sections if name == "groups" else 1
        piece.append(item)
        used += size
        sections += 1
    yield chapter | {name: piece, "continued": begun > 0, "after": begun}


def _divided(groups: Sequence[Sequence[Any]], most: int) -> Iterator[list[Any]]:
    """Yield groups, those that are too long in several of the same name: (name, rows, whatever follows)."""
    for title, rows, *rest in groups:
        part: list[Any] = []
        used, at = 0, 0
        for row in rows:
            size = weight(row)
            if part and used + size > most:
                yield [f"{title}, continued" if at else title, part, *rest]
                part, used, at = [], 0, at + 1
            part.append(row)
            used += size
        yield [f"{title}, continued" if at else title, part, *rest]
