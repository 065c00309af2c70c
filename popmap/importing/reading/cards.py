"""Cards: a page's boxes that are all made alike, one for each vendor, read as a table with one row for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from popmap.importing import headings, wording
from popmap.importing.document import Cell, Grid
from popmap.importing.reading import inline

_CARDS = frozenset(["div", "article", "section", "li", "a"])
_FEWEST, _MOST_PARTS, _MOST_CARDS = 3, 24, 200
_INITIALS = re.compile(r"[A-Z0-9&]{1,3}|\W{1,3}")
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
_LONG = 25
_NAME, _SITE, _ABOUT, _MORE = "Name", "Website", "Description", "Also stated"


def grid(node: HtmlElement, before: int, number: int) -> Grid | None:
    """Return an element's cards as a table; None where its boxes are not made alike, or the first thing each says is no name.

    A part that says the same in every card is the heading of the part behind it.

    Args:
        node: The element.
        before: How many lines stand before the source in the file.
        number: The table's number on the page.
    """
    cards = [one for one in node if isinstance(one.tag, str) and not inline.hidden(one)]
    if not _FEWEST <= len(cards) <= _MOST_CARDS or len({one.tag for one in cards}) > 1 or cards[0].tag not in _CARDS:
        return None
    rows = [list(_parts(one)) for one in cards]
    if len({tuple(part.tag for part in row) for row in rows}) > 1 or not 1 < len(rows[0]) <= _MOST_PARTS:
        return None
    cells = [[inline.element(part, f"line {(part.sourceline or 1) + before}, table {number}") for part in row] for row in rows]
    titles = _titles([[row[place].text for row in cells] for place in range(len(rows[0]))])
    if not titles:
        return None
    kept = sorted(titles)
    head = tuple(Cell(titles[place], cells[0][place].locator) for place in kept)
    return Grid((head, *(tuple(row[place] for place in kept) for row in cells)), 1)


def _parts(node: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the innermost elements that say something, in order."""
    children = [one for one in node if isinstance(one.tag, str) and not inline.hidden(one)]
    own = (node.text or "").strip() or any((one.tail or "").strip() for one in children)
    if own or not children:
        if inline.element(node, "").text:
            yield node
        return
    for one in children:
        yield from _parts(one)


def _titles(columns: Sequence[Sequence[str]]) -> dict[int, str]:
    """Return a heading for each part that says something of its card, {} where the first such part is no name."""
    same = [len(set(texts)) == 1 for texts in columns]
    labels: dict[int, str] = {}
    for place, texts in enumerate(columns[:-1]):
        if same[place] and place not in labels and headings.guess(texts[0])[0]:
            labels[place + 1] = texts[0]
    initials = {place for place, texts in enumerate(columns) if all(map(_INITIALS.fullmatch, texts))}
    telling = [place for place in range(len(columns)) if place in labels or not (same[place] or place in initials)]
    if len(telling) < _FEWEST - 1 or telling[0] in labels or not _names(columns[telling[0]]):
        return {}
    found = {telling[0]: _NAME}
    for place in telling[1:]:
        site = all(map(_ADDRESS.fullmatch, columns[place])) and _SITE not in found.values()
        found[place] = labels.get(place) or (_SITE if site else _MORE)
    rest = [place for place, title in found.items() if title == _MORE]
    longest = max(rest, key=lambda place: sum(map(len, columns[place])), default=-1)
    if longest >= 0 and sum(map(len, columns[longest])) > _LONG * len(columns[longest]):
        found[longest] = _ABOUT
    return found


def _names(texts: Sequence[str]) -> bool:
    return len(set(texts)) == len(texts) and all(wording.is_name(one) and wording.is_proper(one) for one in texts)
