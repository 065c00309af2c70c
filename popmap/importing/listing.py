"""The one entry: a list's bytes and what the register knows, to what the list says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from popmap.importing import ciso, fideslang, naming, own, own_systems, public_page, questions, reading, records, rows, splitting, tables
from popmap.importing.document import Block, Cell, Document, Grid, Heading, Items, Note, Refusal, Sentence, Tree
from popmap.importing.model import Kind, Known, Question, Reading, Record, Table, Value
from popmap.importing.reading.stacked import TOGETHER
from popmap.importing.words import fold

Progress = Callable[[int, int], None]
_EVERY = 500
_NOTHING = "No table or list of vendors, of categories of data or of processing activities was found."


def read_list(
    data: bytes,
    name: str,
    known: Known | None = None,
    answers: Mapping[str, str] | None = None,
    mapping: Mapping[int, Mapping[int, str]] | None = None,
    source: str = "",
    progress: Progress | None = None,
    today: date | None = None,
) -> Reading:
    """Read a published list.

    Args:
        data: The file, or pasted text in UTF-8.
        name: Its name; "" for pasted text.
        known: What the register knows; nothing when it is empty.
        answers: The answers given so far: an option's key by question id.
        mapping: Roles that a person gave to columns: by the table's number in `Reading.tables`, then the column's.
        source: The id of the source in the evidence.
        progress: Called now and then with the steps done and all steps; what it raises ends the reading.
        today: The day that dates are held against, to tell who is only planned; None for the day it is.

    Returns:
        What it says. The same bytes, register and answers give the same on the same day.

    Raises:
        UsageError: The file is too large, damaged, protected, carries macros, or isn't of a kind that is read.
    """
    return understand(reading.read(data, name), known, answers, mapping, source, progress, today)


def understand(
    document: Document,
    known: Known | None = None,
    answers: Mapping[str, str] | None = None,
    mapping: Mapping[int, Mapping[int, str]] | None = None,
    source: str = "",
    progress: Progress | None = None,
    today: date | None = None,
) -> Reading:
    """Return what a document says; arguments as in `read_list`, for a document that was read before."""
    known, answers = known or Known(), answers or {}
    if exported := own.exports(document):
        return own.understood(document, known, source, _ticking(progress, sum(len(one.rows) for one in exported)))
    names = _category_names(known)
    found, notes = _structured(document, known)
    notes = [*document.notes, *notes]
    parts = [] if found else list(tables.tables(document, names, mapping or {}))
    refusals = [one for one in parts if isinstance(one, Refusal)]
    read = [one for one in parts if not isinstance(one, Refusal)]
    # Each record is looked at twice: for what it says, and for the rows that follow.
    tick = _ticking(progress, 2 * (len(found) + sum(len(one.entries) for one in read)))
    seen = [Table(Kind.VENDOR, (), (), None, len(found), found[0].locator)] if found else []
    # Categories that the list itself declares help to split the cells of its other tables, whichever comes first.
    names |= {
        fold(cell.text) for one in read if one.kind is Kind.CATEGORY for entry in one.entries if (cell := entry.cells.get("categories"))
    }
    for part in read:
        made, more = records.records(part, len(seen), names, today or date.today(), tick)
        found += made
        notes += more
        seen.append(Table(part.kind, part.columns, part.trail, part.above, len(part.entries), part.locator, part.name))
    if not found and not any(one.kind for one in seen):
        refusals = refusals or [_refusal(document)]
    mentioned = _mentioned(document, found, answers)
    found += [Record(Kind.VENDOR, {"name": (value,)}, value.quote, value.locator, -1) for one, value in mentioned if one.answer == "add"]
    made_rows, asked = rows.build(found, known, answers, source, tick)
    every = (*asked, *(one for one, _ in mentioned))
    return Reading(document.name, document.form, tuple(seen), tuple(found), every, tuple(notes), tuple(refusals), made_rows)


def _category_names(known: Known) -> frozenset[str]:
    return frozenset([*map(fold, known.categories.values()), *(fold(alias) for kind, alias, _ in known.aliases if kind == "category")])


def _ticking(progress: Progress | None, total: int) -> Callable[[], None]:
    """Return what counts a step, and tells progress every so often."""
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        if progress and done % _EVERY == 0:
            progress(min(done, total), total)

    return tick


def _mentioned(document: Document, found: list[Record], answers: Mapping[str, str]) -> list[tuple[Question, Value]]:
    """Return the companies that prose names and no list does, each with its question."""
    if not found:
        return []
    prose = [block.cell for block in document.blocks if isinstance(block, Sentence)]
    return [(questions.mention(one, answers), one) for one in records.mentions(prose, _cores(found), document.name)]


def _structured(document: Document, known: Known) -> tuple[list[Record], list[Note]]:
    """Return the records of a file with a structure of its own, nothing for any other."""
    systems, notes = own_systems.records(document, known)
    if systems:
        return systems, notes
    tree = next((one for one in document.blocks if isinstance(one, Tree)), None)
    if tree and (listed := fideslang.systems(tree.value)):
        return list(fideslang.records(listed, known)), []
    if listed := list(public_page.records(document)):
        return listed, []
    found = ciso.sheets(document)
    return ciso.records(found) if found else ([], [])


def _cores(found: list[Record]) -> frozenset[str]:
    return frozenset(splitting.core(value.text) for one in found if one.kind is Kind.VENDOR for value in one.fields["name"])


def _refusal(document: Document) -> Refusal:
    """Return why a document gave nothing, with what was looked at."""
    cells = [one for block in document.blocks for one in _cells(block)]
    texts = [one for one in cells if one.text]
    where = (f"{texts[0].locator} to {texts[-1].locator}",) if len(texts) > 1 else tuple(one.locator for one in texts)
    together = document.form == "text" and naming.run_together(one.text for one in texts)
    return Refusal(TOGETHER if together else _NOTHING, where, texts[0].text[:200] if texts else "")


def _cells(block: Block) -> Iterator[Cell]:
    if isinstance(block, Heading | Sentence):
        yield block.cell
    elif isinstance(block, Items):
        yield from (one.cell for one in block.items)
    elif isinstance(block, Grid):
        yield from (cell for row in block.rows for cell in row)
