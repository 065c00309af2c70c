"""From a document's blocks to its tables and lists: where each begins, what stands above it, and which roles its columns have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from popmap.importing import gathering, grids, headings, item_lists, items, judging, sideways, standing, wording
from popmap.importing.document import Cell, Cells, Document, Grid, Heading, Items, Note, Refusal, Sentence, Tree
from popmap.importing.entries import Entry
from popmap.importing.grids import Found
from popmap.importing.judging import Verdict
from popmap.importing.model import Kind
from popmap.importing.statements import sentences

# The least of the levels that a format marks as headings.
_MARKED = 5


def tables(document: Document, known: frozenset[str], given: Mapping[int, Mapping[int, str]]) -> Iterator[Found | Refusal]:
    """Yield a document's tables and lists, those left out too, and what was refused.

    Args:
        document: The document.
        known: Folded names of the categories that are known.
        given: Roles that a person gave: by the table's number, then the column's.
    """
    trail: list[Heading] = []
    above: Cell | None = None
    number, first = 0, True
    titles = [one for one in document.blocks if isinstance(one, Heading) and one.level == 1]
    alone = not any(isinstance(one, Grid) for one in document.blocks) and sum(isinstance(one, Items) for one in document.blocks) == 1
    for block in gathering.gathered(document.blocks):
        if isinstance(block, Heading):
            trail = [one for one in trail if one.level < block.level] + [block]
            above, first = None, True
        elif isinstance(block, Sentence):
            above = block.cell
        elif isinstance(block, Refusal):
            yield block
        elif isinstance(block, Items | Grid) and trail and (reason := _apart(trail, first, above)):
            yield _left(block, reason, tuple(one.cell for one in trail), above)
            number += 1
            first = False
        elif isinstance(block, Items):
            yield replace(
                _items(block, tuple(one.cell for one in trail), above, alone),
                section=_section(trail, titles),
                planned=_planned(trail, first, above),
            )
            number += 1
            first = False
        elif isinstance(block, Grid):
            for part in grids.parts(sideways.upright(block, tuple(one.cell for one in trail))):
                found = grids.table(part, tuple(one.cell for one in trail), above, known, given.get(number, {}))
                own = found.trail[-1] if len(found.trail) > len(trail) else None
                yield replace(found, section=own or _section(trail, titles), planned=_planned(trail, first, above))
                number += 1
            above, first = None, False
        elif isinstance(block, Tree):
            continue


def _section(trail: Sequence[Heading], titles: Sequence[Heading]) -> Cell | None:
    last = trail[-1] if trail else None
    return (
        last.cell
        if last and last.cell.text and not (last.level == 1 and len(titles) == 1) and last.cell.text != last.cell.locator
        else None
    )


def _apart(trail: Sequence[Heading], first: bool, above: Cell | None) -> str:
    """Return why what stands under these headings is no list of those who receive data, "" where nothing says so.

    A line of pasted text that reads like a heading reaches no farther than the first list below it.
    """
    trail = [one for one in trail if first or one.level <= _MARKED]
    if above and standing.denies((sentences(above.text) or [""])[-1]):
        return "The sentence above says that these are no recipients, so no vendor is made of it."
    if any(standing.over_unused(one.cell.text) for one in trail[-2:]):
        return "The heading says that these are not used, so no vendor is made of it."
    return (
        "The heading says that these are changes, so no vendor is made of it."
        if any(standing.over_changes(one.cell.text) for one in trail[-2:])
        else ""
    )


def _planned(trail: Sequence[Heading], first: bool, above: Cell | None) -> Cell | None:
    """Return what says above a list that its vendors are only planned, None where nothing does; reaches as far as in `_apart`."""
    near = [one.cell for one in trail if first or one.level <= _MARKED][-2:]
    last = (sentences(above.text) or [""])[-1] if above else ""
    if above and last.endswith(":") and standing.over_planned(last):
        return above
    return next((one for one in reversed(near) if standing.over_planned(one.text)), None)


def _left(block: Items | Grid, reason: str, trail: Cells, above: Cell | None) -> Found:
    """Return a list that is left out, with each of its lines."""
    lines = [one.cell for one in block.items] if isinstance(block, Items) else [row[0] for row in block.rows if row]
    notes = tuple(Note("left-out", reason, one.text, one.locator.split(", table")[0]) for one in lines if one.text)
    return Found(None, (), (), trail, above, lines[0].locator if lines else "", notes=notes)


def _items(block: Items, trail: Cells, above: Cell | None, alone: bool) -> Found:
    locator = block.items[0].cell.locator if block.items else ""
    if not block.items or not item_lists.vendor_list(block.items, above.text if above else "", [one.text for one in trail], alone):
        return Found(None, (), (), trail, above, locator)
    entries, notes = [], []
    for one, cells in zip(block.items, items.parsed(block.items), strict=True):
        row = " | ".join(cell.text.replace("\n", " ") for cell in (one.cell, *one.below))
        name = cells["vendor"].text if cells and not item_lists.undecided(cells) else ""
        # A list's names begin with capitals, but for a brand of one word and what is linked; a phrase is no name.
        if (
            name
            and (wording.is_proper(name) or len(name.split()) == 1 or (one.cell.lead and not wording.phrase(name)))
            and judging.judge(name, column=False).verdict is not Verdict.NOBODY
            and not headings.sure(name)
        ):
            entries.append(Entry(cells, row, one.cell.locator))
        elif (named := item_lists.named_in(one.cell))[1]:
            mark = replace(one.cell, text="add" if named[0] else "leave")
            entries += [Entry({"vendor": replace(one.cell, text=each), "doubted": mark}, row, one.cell.locator) for each in named[1]]
        else:
            notes.append(
                Note(
                    "left-out",
                    "This item begins with no name of somebody in particular, so it is left out.",
                    one.cell.text,
                    one.cell.locator,
                )
            )
    return Found(Kind.VENDOR, (), tuple(entries), trail, above, locator, notes=tuple(notes))
