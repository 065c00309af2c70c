"""The rows of a table as entries: grouped, cut and ragged rows told apart, cells by what their columns hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from popmap.importing import column_content, splitting
from popmap.importing.document import Cell, Cells, Note
from popmap.importing.model import Column
from popmap.importing.statements import Said, said
from popmap.importing.words import fold, group, pattern


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


def entries_of(
    body: Sequence[Cells], assigned: Sequence[Column], width: int, broken: Sequence[str], known: frozenset[str]
) -> tuple[list[Entry], list[Note]]:
    """Return a table's records as they stand, and what there is to tell about its rows.

    Args:
        body: The rows below the headings.
        assigned: What each column holds.
        width: How many columns the headings have; 0 where rows may be shorter without lacking anything.
        broken: Where joined rows begin.
        known: Folded names of the categories that are known.
    """
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
        answered = _answered(cells, row, assigned)
        cells = {role: cell for role, cell in cells.items() if role != "categories"} if answered else cells
        marked = {name: row[place] for place, name in matrix.items() if place < len(row)}
        extra = {
            one.heading: row[one.place]
            for one in assigned
            if not one.role and one.heading and one.place not in matrix and one.place < len(row) and not row[one.place].cut
        }
        entries.append(
            Entry(
                {role: cell for role, cell in cells.items() if cell.text},
                row_text,
                locator,
                section,
                marked,
                short,
                answered if short else answered | extra,
            )
        )
    notes += [Note("joined-row", "This record stood on several lines and was joined.", "", one) for one in broken[:20]]
    return entries, notes


def _answered(cells: Mapping[str, Cell], row: Cells, assigned: Sequence[Column]) -> dict[str, Cell]:
    """Return a cell of data that only answers its heading, by that heading: a yes names no data, "Customer data: no" denies no other."""
    column = next(
        (one for one in assigned if one.role == "categories" and one.place < len(row) and row[one.place] is cells.get("categories")), None
    )
    if not column:
        return {}
    answer = said(row[column.place].text.split("(")[0])
    some = fold(column.heading) in group("data", "some")
    return {column.heading: row[column.place]} if answer is Said.YES or (some and answer in {Said.NO, Said.NONE}) else {}


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
        fitting = next((one for one in assigned[start:] if one.role and column_content.fits(one.role, cell.text)), None)
        if fitting:
            found[fitting.role] = cell
            start = fitting.place + 1
    return found


def several(assigned: Sequence[Column], body: Sequence[Cells], known: frozenset[str]) -> bool:
    """Return whether the cells of the column of data hold several categories each, so that a row is an activity and no category."""
    place = next((one.place for one in assigned if one.role == "categories"), -1)
    texts = [row[place].text for row in body[:200] if 0 <= place < len(row) and row[place].text]
    beside = any(one.role in {"purpose", "condition", "section"} for one in assigned)
    return beside and column_content.share(texts, lambda one: len(splitting.values(one, known)) > 1) > 0.5


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
        said_so = column_content.share(
            texts, lambda text: said(text) not in {Said.TEXT, Said.BLANK} or said(text.split("(")[0]) in {Said.YES, Said.NO}
        )
        if texts and said_so >= 0.8:
            answers.append(one)
    data = [one for one in answers if pattern("data", "words").search(fold(one.heading)) or fold(one.heading) in known]
    return {one.place: one.heading for one in answers} if len(answers) > 1 and len(data) >= len(answers) / 2 else {}
