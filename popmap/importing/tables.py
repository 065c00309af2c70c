"""From a document's blocks to its tables and lists: where each begins, what stands above it, and which roles its columns have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from popmap.importing import columns, items, splitting
from popmap.importing.model import Cell, Column, Document, Grid, Heading, Items, Kind, Note, Refusal, Sentence, Tree
from popmap.importing.statements import Said, said
from popmap.importing.words import fold, pattern

Cells = tuple[Cell, ...]
_PLACE_ROLES = frozenset(
    [
        "purpose",
        "location",
        "categories",
        "transfer_mechanism",
        "url",
        "agreement_url",
        "country",
        "legal_name",
        "section",
        "condition",
        "legal_basis",
        "retention_period",
    ]
)
# What a table of vendors says beside a column that is headed "Name" and nothing more.
_NAMING = frozenset(["purpose", "location", "transfer_mechanism", "url", "agreement_url", "country", "legal_name"])
_ABOUT = frozenset(
    [
        "purpose",
        "description",
        "legal_basis",
        "retention_period",
        "collected",
        "condition",
        "legitimate_interest",
        "source_of_data",
        "data_subjects",
    ]
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as it stands.

    Its cells are by role; the section is the heading row it is grouped under; marked are its columns of yes and no, and extra those whose
    role is not known, by heading.
    """

    cells: Mapping[str, Cell]
    row: str
    locator: str
    section: Cell | None = None
    marked: Mapping[str, Cell] = field(default_factory=dict)
    ragged: bool = False
    extra: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A table or list: what it is about, its columns, its records, what stands above it; kind None when it is left out.

    The section is the heading it stands under; not the document's own title, nor a sheet's.
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


def tables(document: Document, known: frozenset[str], given: Mapping[int, Mapping[int, str]]) -> Iterator[Found | Refusal]:
    """Yield a document's tables and lists, those left out too, and what was refused.

    Args:
        document: The document.
        known: Folded names of the categories that are known.
        given: Roles that a person gave: by the table's number, then the column's.
    """
    trail: list[Heading] = []
    above: Cell | None = None
    number = 0
    titles = [one for one in document.blocks if isinstance(one, Heading) and one.level == 1]
    alone = not any(isinstance(one, Grid) for one in document.blocks) and sum(isinstance(one, Items) for one in document.blocks) == 1
    for block in document.blocks:
        if isinstance(block, Heading):
            trail = [one for one in trail if one.level < block.level] + [block]
            above = None
        elif isinstance(block, Sentence):
            above = block.cell
        elif isinstance(block, Refusal):
            yield block
        elif isinstance(block, Items):
            yield replace(_items(block, tuple(one.cell for one in trail), above, alone), section=_section(trail, titles))
            number += 1
        elif isinstance(block, Grid):
            for part in _parts(_upright(block)):
                found = _table(part, tuple(one.cell for one in trail), above, known, given.get(number, {}))
                own = found.trail[-1] if len(found.trail) > len(trail) else None
                yield replace(found, section=own or _section(trail, titles))
                number += 1
            above = None
        elif isinstance(block, Tree):
            continue


def _section(trail: Sequence[Heading], titles: Sequence[Heading]) -> Cell | None:
    last = trail[-1] if trail else None
    return (
        last.cell
        if last and last.cell.text and not (last.level == 1 and len(titles) == 1) and last.cell.text != last.cell.locator
        else None
    )


def _items(block: Items, trail: Cells, above: Cell | None, alone: bool) -> Found:
    locator = block.items[0].cell.locator if block.items else ""
    if not block.items or not items.vendor_list(block.items, above.text if above else "", [one.text for one in trail], alone):
        return Found(None, (), (), trail, above, locator)
    entries, notes = [], []
    for one in block.items:
        cells = items.fields(one)
        row = " | ".join(cell.text.replace("\n", " ") for cell in (one.cell, *one.below))
        if cells:
            entries.append(Entry(cells, row, one.cell.locator))
        else:
            notes.append(Note("left-out", "This item begins with no name, so it is left out.", one.cell.text, one.cell.locator))
    return Found(Kind.VENDOR, (), tuple(entries), trail, above, locator, notes=tuple(notes))


def _parts(grid: Grid) -> Iterator[Grid]:
    """Yield the tables in a grid: a row of headings below others begins a new one."""
    rows = grid.rows
    start, end = columns.heading_row(rows, grid.head)
    starts = [0]
    for at in range(max(end, 1), len(rows)):
        texts = [one.text for one in rows[at] if one.text]
        if len(texts) < 2 or len(texts) > 40 or len(texts[0]) > 60:
            continue
        roles = [columns.sure(text) for text in texts]
        again = start < end and [fold(text) for text in texts] == [fold(one.text) for one in rows[end - 1] if one.text]
        if not again and sum(map(bool, roles)) >= 0.75 * len(texts) and len(set(roles) - {""}) > 1 and sum(map(bool, roles)) > 1:
            starts.append(at)
    for first, last in zip(starts, [*starts[1:], len(rows)], strict=True):
        yield replace(grid, rows=rows[first:last], head=grid.head if not first else 0)


def _upright(grid: Grid) -> Grid:
    """Return a table whose first column holds the headings of one record turned so that they stand in a row; any other as it is."""
    rows = [row for row in grid.rows if len(row) == 2 and row[0].text]
    labels = [row[0].text for row in rows]
    if len(rows) < 3 or len(rows) < len(grid.rows) or len({fold(one) for one in labels}) < len(labels):
        return grid
    roles = [columns.sure(one) for one in labels]
    at = next(
        (
            place
            for place, role in enumerate(roles)
            if role == "vendor" and splitting.is_name(rows[place][1].text) and not columns.sure(rows[place][1].text)
        ),
        -1,
    )
    if at < 0 or (sum(map(bool, roles)) < 0.5 * len(roles) and not (at and len(set(roles)) > 2)):
        return grid
    return replace(grid, rows=(tuple(row[0] for row in rows[at:]), tuple(row[1] for row in rows[at:])), head=1, even=True)


def _table(grid: Grid, trail: Cells, above: Cell | None, known: frozenset[str], given: Mapping[int, str]) -> Found:
    start, end = columns.heading_row(grid.rows, grid.head)
    for row in grid.rows[:start]:
        texts = list(dict.fromkeys(one.text for one in row if one.text))
        if len(texts) == 1:
            cell = next(one for one in row if one.text)
            above, trail = (cell, trail) if len(texts[0].split()) > 8 else (above, (*trail, cell))
    names = columns.headings(grid.rows[start:end])
    width = len(names)
    body = [row for row in grid.rows[end:] if any(one.text for one in row) and not _repeats(row, names)]
    assigned = columns.assign(names, body, known, given)
    locator = next((one.locator for row in grid.rows for one in row if one.locator), "")
    labels = [columns.sure(row[one.place].text) for one in assigned if one.role == "vendor" for row in body if one.place < len(row)]
    # Where the names are words for what a table holds, its first column holds labels and no vendors.
    labelled = sum(map(bool, labels)) > 1 and sum(map(bool, labels)) > 0.1 * len(labels) and not given
    kind = (
        None
        if labelled
        else _kind(assigned, [*(one.text for one in trail[-2:]), above.text if above else ""], bool(given), _several(assigned, body, known))
    )
    if not body or (kind is None and all(one.role != "transfer_mechanism" for one in assigned)):
        return Found(None, assigned, (), trail, above, locator, grid.name)
    entries, notes = _entries(body, assigned, width if any(names) and not grid.even else 0, grid.broken, known)
    return Found(kind, assigned, tuple(entries), trail, above, locator, grid.name, tuple(notes))


def _repeats(row: Cells, names: Sequence[str]) -> bool:
    texts = [fold(one.text) for one in row]
    return any(names) and texts == [fold(name) for name in names][: len(texts)]


def _kind(assigned: Sequence[Column], context: Sequence[str], person: bool, several: bool) -> Kind | None:
    """Return what a table's records are about, None when it is no table of vendors, categories or activities."""
    roles = {one.role for one in assigned if one.role}
    vendor = next((one for one in assigned if one.role == "vendor"), None)
    if vendor:
        about = roles & _PLACE_ROLES
        told = any(map(items.introduces, context))
        if columns.generic(vendor.heading) and not person:
            cookies = any("cookie" in fold(one) for one in context)
            contacts = "contact" in roles and not roles & {"purpose", "location", "categories", "country"}
            other = any(pattern("data", "words").search(fold(one)) or fold(one) in {"purposes", "data subjects"} for one in context[-2:-1])
            if cookies or contacts or (not told and (other or not about & _NAMING)):
                return None
        if about or told or person or not columns.generic(vendor.heading):
            return Kind.VENDOR
    if "categories" in roles and (roles & _ABOUT or person):
        if several:
            return Kind.ACTIVITY
        first = next(one.role for one in assigned if one.role in {"categories", "purpose", "condition"})
        return Kind.CATEGORY if first == "categories" else Kind.ACTIVITY
    return Kind.ACTIVITY if "purpose" in roles and roles & {"legal_basis", "retention_period", "data_subjects"} else None


def _entries(
    body: Sequence[Cells], assigned: Sequence[Column], width: int, broken: Sequence[str], known: frozenset[str]
) -> tuple[list[Entry], list[Note]]:
    entries: list[Entry] = []
    notes: list[Note] = []
    section: Cell | None = None
    matrix = _matrix(assigned, body, known)
    vendor = next((one.place for one in assigned if one.role == "vendor"), 0)
    for at, row in enumerate(body):
        full = [one for one in row if one.text]
        row_text = " | ".join(one.text.replace("\n", " ") for one in row).strip(" |")
        locator = _row_locator(row)
        if len(assigned) > 1 and _is_group(row, full, body[at + 1] if at + 1 < len(body) else None, vendor):
            section = full[0]
            continue
        if len(row) > len(assigned) or (width and len(row) > width and any(one.text for one in row[width:])):
            notes.append(
                Note("ragged-row", f"This row has {len(row)} cells under {width} headings; the last are kept together.", row_text, locator)
            )
        cut = any(one.cut for one in row)
        short = bool(width) and len(row) < width and not cut and len(full) > 1
        cells = (
            _short(row, assigned)
            if short
            else {one.role: row[one.place] for one in assigned if one.role and one.place < len(row) and one.place not in matrix}
        )
        if short:
            notes.append(
                Note(
                    "ragged-row",
                    f"This row has {len(row)} cells under {width} headings; they were placed by what they say.",
                    row_text,
                    locator,
                )
            )
        if cut:
            lost = next((role for role, cell in cells.items() if cell.cut), "")
            notes.append(
                Note("cut-row", "The document breaks off within this row; the cell it breaks off in is left out.", row_text, locator)
            )
            cells = {role: cell for role, cell in cells.items() if not cell.cut}
            if lost == "vendor" or not cells:
                continue
        cells = _merged(cells, row, assigned)
        marked = {name: row[place] for place, name in matrix.items() if place < len(row)}
        extra = {
            one.heading: row[one.place]
            for one in assigned
            if not one.role and one.heading and one.place not in matrix and one.place < len(row) and not row[one.place].cut
        }
        entries.append(
            Entry(
                {role: cell for role, cell in cells.items() if cell.text}, row_text, locator, section, marked, short, {} if short else extra
            )
        )
    notes += [Note("joined-row", "This record stood on several lines and was joined.", "", one) for one in broken[:20]]
    return entries, notes


def _row_locator(row: Cells) -> str:
    text = next((one.locator for one in row if one.text), row[0].locator if row else "")
    return text.split(", table")[0]


def _merged(cells: Mapping[str, Cell], row: Cells, assigned: Sequence[Column]) -> dict[str, Cell]:
    """Return cells with those of several columns of one role joined: lists and remarks only."""
    found = dict(cells)
    for role in ("categories", "notes"):
        same = [
            row[one.place]
            for one in assigned
            if one.role == role and one.place < len(row) and row[one.place].text and not row[one.place].cut
        ]
        if len(same) > 1:
            found[role] = replace(same[0], text="\n".join(one.text for one in same))
    return found


def _is_group(row: Cells, full: Sequence[Cell], after: Cells | None, vendor: int) -> bool:
    """Return whether a row names the group of those below it."""
    if not full:
        return False
    texts = {one.text for one in full}
    if len(full) > 1:
        return len(texts) == 1 and len(full) == len(row) and len(row) > 1
    if after is None or sum(bool(one.text) for one in after) < 2 or len(full[0].text) > 120 or any(one.cut for one in row):
        return False
    # A vendor of which nothing else is stated looks the same but for its name and its links.
    return not splitting.has_form(full[0].text) and not full[0].links and row.index(full[0]) in {0, vendor}


def _short(row: Cells, assigned: Sequence[Column]) -> dict[str, Cell]:
    """Return a row that lacks cells by role: each goes to the first column, from the left, that its content fits."""
    found: dict[str, Cell] = {}
    start = 0
    for cell in row:
        fitting = next((one for one in assigned[start:] if one.role and columns.fits(one.role, cell.text)), None)
        if fitting:
            found[fitting.role] = cell
            start = fitting.place + 1
    return found


def _several(assigned: Sequence[Column], body: Sequence[Cells], known: frozenset[str]) -> bool:
    """Return whether the cells of the column of data hold several categories each, so that a row is an activity and no category."""
    place = next((one.place for one in assigned if one.role == "categories"), -1)
    texts = [row[place].text for row in body[:200] if 0 <= place < len(row) and row[place].text]
    beside = any(one.role in {"purpose", "condition", "section"} for one in assigned)
    return beside and columns.share(texts, lambda one: len(splitting.values(one, known)) > 1) > 0.5


def _matrix(assigned: Sequence[Column], body: Sequence[Cells], known: frozenset[str]) -> dict[int, str]:
    """Return the columns of yes and no whose headings name categories of data, by place."""
    free = [
        one
        for one in assigned
        if one.role in {"", "categories", "collected", "contact", "location", "notes", "certifications"} and one.heading
    ]
    answers = []
    for one in free:
        texts = [row[one.place].text for row in body if one.place < len(row) and row[one.place].text]
        said_so = columns.share(
            texts, lambda text: said(text) not in {Said.TEXT, Said.BLANK} or said(text.split("(")[0]) in {Said.YES, Said.NO}
        )
        if texts and said_so >= 0.8:
            answers.append(one)
    data = [one for one in answers if pattern("data", "words").search(fold(one.heading)) or fold(one.heading) in known]
    return {one.place: one.heading for one in answers} if len(answers) > 1 and len(data) >= len(answers) / 2 else {}
