"""From a document's blocks to its tables and lists: where each begins, what stands above it, and which roles its columns have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from popmap.importing import columns, gathering, heading_rows, headings, items, judging, kinds, naming, sideways, standing
from popmap.importing.document import Cell, Cells, Document, Grid, Heading, Items, Note, Refusal, Sentence, Tree
from popmap.importing.entries import Entry, entries_of, several
from popmap.importing.judging import Verdict
from popmap.importing.model import Column, Kind
from popmap.importing.statements import sentences
from popmap.importing.words import fold

# The least of the levels that a format marks as headings.
_MARKED = 5
_MOST_SENTENCES = 0.2
_NARROW, _FEW, _MOST_LABELS = 2, 0.4, 0.5
_APART = "This stands apart below the table and fills few of its columns, so no vendor is made of it."


@dataclass(frozen=True, slots=True)
class Found:
    """A table or list: what it is about, its columns, its records, what stands above it; kind None when it is left out.

    The section is the heading it stands under; not the document's own title, nor a sheet's. Planned is what says above it that its vendors
    are only planned; doubtful whether they may be none, so that each is asked about.
    """

    kind: Kind | None
    columns: tuple[Column, ...]
    entries: tuple[Entry, ...]
    trail: Cells
    above: Cell | None
    locator: str
    name: str = ""
    notes: tuple[Note, ...] = ()
    section: Cell | None = None
    planned: Cell | None = None
    doubtful: bool = False


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
            for part in _parts(sideways.upright(block, tuple(one.cell for one in trail))):
                found = _table(part, tuple(one.cell for one in trail), above, known, given.get(number, {}))
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
    if not block.items or not items.vendor_list(block.items, above.text if above else "", [one.text for one in trail], alone):
        return Found(None, (), (), trail, above, locator)
    entries, notes = [], []
    for one, cells in zip(block.items, items.parsed(block.items), strict=True):
        row = " | ".join(cell.text.replace("\n", " ") for cell in (one.cell, *one.below))
        name = cells["vendor"].text if cells and not items.undecided(cells) else ""
        # A list's names begin with capitals, but for a brand of one word and what is linked; a phrase is no name.
        if (
            name
            and (judging.is_proper(name) or len(name.split()) == 1 or one.cell.lead)
            and judging.judge(name, column=False).verdict is not Verdict.NOBODY
            and not headings.sure(name)
        ):
            entries.append(Entry(cells, row, one.cell.locator))
        elif (named := items.named_in(one.cell))[1]:
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


def _parts(grid: Grid) -> Iterator[Grid]:
    """Yield the tables in a grid: a row of headings below others begins a new one."""
    rows = grid.rows
    start, end = heading_rows.heading_row(rows, grid.head)
    starts = [0]
    for at in range(max(end, 1), len(rows)):
        texts = [one.text for one in rows[at] if one.text]
        if len(texts) < 2 or len(texts) > 40 or len(texts[0]) > 60:
            continue
        roles = [headings.sure(text) for text in texts]
        again = start < end and [fold(text) for text in texts] == [fold(one.text) for one in rows[end - 1] if one.text]
        if not again and sum(map(bool, roles)) >= 0.75 * len(texts) and len(set(roles) - {""}) > 1 and sum(map(bool, roles)) > 1:
            starts.append(at)
    for first, last in zip(starts, [*starts[1:], len(rows)], strict=True):
        yield replace(grid, rows=rows[first:last], head=grid.head if not first else 0)


def _of_activities(assigned: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return the columns of a record of activities with its recipients as such: it is no list of vendors."""
    roles = {one.role for one in assigned}
    vendor = next((one for one in assigned if one.role == "vendor" and one.how != "person"), None)
    purpose = next((one.place for one in assigned if one.role == "purpose"), -1)
    least = 2 if assigned and assigned[0].heading == sideways.ACTIVITY else 3
    if not vendor or not vendor.place or len(roles & sideways.OF_ACTIVITIES) < least:
        return assigned
    if not headings.for_recipients(vendor.heading) and not 0 <= purpose < vendor.place:
        return assigned
    return tuple(replace(one, role="recipients") if one is vendor else one for one in assigned)


def _table(grid: Grid, trail: Cells, above: Cell | None, known: frozenset[str], given: Mapping[int, str]) -> Found:
    start, end = heading_rows.heading_row(grid.rows, grid.head)
    for row in grid.rows[:start]:
        texts = list(dict.fromkeys(one.text for one in row if one.text))
        if len(texts) == 1:
            cell = next(one for one in row if one.text)
            above, trail = (cell, trail) if len(texts[0].split()) > 8 else (above, (*trail, cell))
    names = heading_rows.titles(grid.rows[start:end])
    width = len(names)
    rows, apart = _standing_apart(grid.rows[end:])
    body = [row for row in rows if any(one.text for one in row) and not _repeats(row, names)]
    assigned = _of_activities(_named(columns.assign(names, body, known, given), body))
    locator = next((one.locator for row in grid.rows for one in row if one.locator), "")
    labels = [headings.sure(row[one.place].text) for one in assigned if one.role == "vendor" for row in body if one.place < len(row)]
    # Where the names are words for what a table holds, its first column holds labels and no vendors.
    labelled = (sum(map(bool, labels)) > 1 and sum(map(bool, labels)) > 0.1 * len(labels) or _on_its_side(body)) and not given
    kind = (
        None
        if labelled
        else kinds.kind(
            assigned, [*(one.text for one in trail[-2:]), above.text if above else ""], bool(given), several(assigned, body, known)
        )
    )
    if kind is Kind.VENDOR and not given and _prose(body):
        kind = None
    if not body or (kind is None and all(one.role != "transfer_mechanism" for one in assigned)):
        return Found(None, assigned, (), trail, above, locator, grid.name)
    cookies = kind is Kind.VENDOR and not given and kinds.of_cookies(assigned, [one.text for one in trail])
    found, notes = entries_of(body, assigned, width if any(names) and not grid.even else 0, grid.broken, known)
    notes += [Note("left-out", _APART, " | ".join(one.text for one in row if one.text), row[0].locator) for row in apart]
    return Found(kind, assigned, tuple(found), trail, above, locator, grid.name, tuple(notes), doubtful=cookies)


def _standing_apart(rows: Sequence[Cells]) -> tuple[Sequence[Cells], Sequence[Cells]]:
    """Return rows without those below the last blank one that fill far fewer cells, as a legend does; and these."""
    full = [sum(bool(one.text) for one in row) for row in rows]
    blank = next((at for at in range(len(rows) - 1, 0, -1) if not full[at]), 0)
    usual = max(full[:blank], default=0)
    if not blank or usual <= _NARROW or max(full[blank + 1 :], default=0) > _FEW * usual:
        return rows, ()
    return rows[:blank], rows[blank + 1 :]


def _on_its_side(body: Sequence[Cells]) -> bool:
    """Return whether the first of two columns holds what is told and the second what of it, so that neither is a column of names."""
    if any(len([one for one in row if one.text]) > _NARROW for row in body):
        return False
    roles = [headings.guess(row[0].text)[0] for row in body if row]
    return len(set(roles) - {""}) > _NARROW and columns.share(roles, bool) >= _MOST_LABELS


def _prose(body: Sequence[Cells]) -> bool:
    """Return whether rows hold one cell each and many of these are sentences, so that they are a text."""
    texts = [[one.text for one in row if one.text] for row in body]
    return all(len(row) == 1 for row in texts) and columns.share([row[0] for row in texts], judging.wordy) > _MOST_SENTENCES


def _named(assigned: tuple[Column, ...], body: Sequence[Cells]) -> tuple[Column, ...]:
    """Return columns without that of vendors where its cells name kinds of recipients and nobody, beside a column of data."""
    place = next((one.place for one in assigned if one.role == "vendor" and one.how != "person"), -1)
    texts = [row[place].text for row in body[:200] if 0 <= place < len(row) and row[place].text]
    kinds = columns.share(texts, lambda one: all(judging.is_group(part) for part in naming.names(one).names))
    if kinds <= 0.6 or all(one.role != "categories" for one in assigned):
        return assigned
    return tuple(replace(one, role="", how="") if one.place == place else one for one in assigned)


def _repeats(row: Cells, names: Sequence[str]) -> bool:
    texts = [fold(one.text) for one in row]
    return any(names) and texts == [fold(name) for name in names][: len(texts)]
