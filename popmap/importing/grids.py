"""From a table as it stands to its records: its headings, its columns, what it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from popmap.importing import announcing, column_content, columns, heading_rows, headings, judging, kinds, naming, sideways, wording
from popmap.importing.document import Cell, Cells, Grid, Note
from popmap.importing.entries import Entry, entries_of, several
from popmap.importing.model import Column, Kind
from popmap.importing.splitting import has_form
from popmap.importing.words import fold, group, terms

_MOST_SENTENCES = 0.2
_NARROW, _FEW, _MOST_LABELS, _LEAST_LIKELY, _MOST_PARTIES = 2, 0.4, 0.5, 0.4, 4
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


def parts(grid: Grid) -> Iterator[Grid]:
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


def table(grid: Grid, trail: Cells, above: Cell | None, known: frozenset[str], given: Mapping[int, str]) -> Found:
    """Return a table as it was understood, kind None where it is left out.

    Args:
        grid: The table.
        trail: The headings above it, the outermost first.
        above: The paragraph directly above it; None for none.
        known: Folded names of the categories that are known.
        given: Roles that a person gave, by the column's number.
    """
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
    labelled = ((sum(map(bool, labels)) > 1 and sum(map(bool, labels)) > 0.1 * len(labels)) or _on_its_side(body)) and not given
    context = [*(one.text for one in trail[-2:]), above.text if above else ""]
    told = any(map(announcing.introduces, context)) or len({one.role for one in assigned} & sideways.NAMING) > 1
    kind = (
        None
        if labelled
        else kinds.kind(
            assigned,
            context,
            bool(given),
            several(assigned, body, known),
            _likely(assigned, body),
        )
    )
    if kind is Kind.VENDOR and not given and (_prose(body) or _parties(body) or not (told or _proper(assigned, body))):
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
    return len(set(roles) - {""}) > _NARROW and column_content.share(roles, bool) >= _MOST_LABELS


def _cells(assigned: Sequence[Column], body: Sequence[Cells]) -> list[str]:
    """Return the first cells of the column of vendors."""
    place = next((one.place for one in assigned if one.role == "vendor"), -1)
    return [row[place].text for row in body[:200] if 0 <= place < len(row) and row[place].text]


def _likely(assigned: Sequence[Column], body: Sequence[Cells]) -> bool:
    """Return whether many names have legal forms or are widely known."""
    texts = [naming.clean_name(one.split("\n")[0]) for one in _cells(assigned, body)]
    return column_content.share(texts, lambda one: has_form(one) or judging.is_known(one)) >= _LEAST_LIKELY


def _proper(assigned: Sequence[Column], body: Sequence[Cells]) -> bool:
    """Return whether the cells of the column of vendors are names rather than phrases, where its heading doesn't say so for certain."""
    vendor = next(one for one in assigned if one.role == "vendor")
    if headings.sure(vendor.heading) == "vendor" and not headings.generic(vendor.heading):
        return True
    texts = [one for text in _cells(assigned, body) for one in naming.names(text).names[:1]]
    return not texts or column_content.share(texts, lambda one: wording.is_name(one) and wording.is_proper(one)) >= _LEAST_LIKELY


def _parties(body: Sequence[Cells]) -> bool:
    """Return whether a short table says who is controller and who processor: each once, and nobody else."""
    if not 1 < len(body) <= _MOST_PARTIES:
        return False
    columns_ = [[fold(row[place].text) for row in body if place < len(row)] for place in range(max(map(len, body)))]
    words = group("around", "parties") | {fold(one) for ones in terms("terms")["roles"].values() for one in ones}
    return any(
        len(set(one)) == len(body) and set(one) <= words and any("controller" in two or two in group("around", "parties") for two in one)
        for one in columns_
    )


def _prose(body: Sequence[Cells]) -> bool:
    """Return whether rows hold one cell each and many of these are sentences, so that they are a text."""
    texts = [[one.text for one in row if one.text] for row in body]
    return all(len(row) == 1 for row in texts) and column_content.share([row[0] for row in texts], wording.wordy) > _MOST_SENTENCES


def _named(assigned: tuple[Column, ...], body: Sequence[Cells]) -> tuple[Column, ...]:
    """Return columns without that of vendors where its cells name kinds of recipients and nobody, beside a column of data."""
    place = next((one.place for one in assigned if one.role == "vendor" and one.how != "person"), -1)
    texts = [row[place].text for row in body[:200] if 0 <= place < len(row) and row[place].text]
    kinds = column_content.share(texts, lambda one: all(judging.is_group(part) for part in naming.names(one).names))
    if kinds <= 0.6 or all(one.role != "categories" for one in assigned):
        return assigned
    return tuple(replace(one, role="", how="") if one.place == place else one for one in assigned)


def _repeats(row: Cells, names: Sequence[str]) -> bool:
    texts = [fold(one.text) for one in row]
    return any(names) and texts == [fold(name) for name in names][: len(texts)]
