"""The one entry: a list's bytes and what the register knows, to what the list says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from popmap.importing import ciso, fideslang, naming, questions, reading, records, rows, splitting, tables
from popmap.importing.document import Block, Cell, Document, Grid, Heading, Items, Note, Refusal, Sentence, Tree
from popmap.importing.model import Kind, Known, Reading, Record, Table
from popmap.importing.reading.stacked import TOGETHER
from popmap.importing.words import fold

_NOTHING = "No table or list of vendors, of categories of data or of processing activities was found."


def read_list(
    data: bytes,
    name: str,
    known: Known | None = None,
    answers: Mapping[str, str] | None = None,
    mapping: Mapping[int, Mapping[int, str]] | None = None,
    source: str = "",
) -> Reading:
    """Read a published list.

    Args:
        data: The file, or pasted text in UTF-8.
        name: Its name; "" for pasted text.
        known: What the register knows; nothing when it is empty.
        answers: The answers given so far: an option's key by question id.
        mapping: Roles that a person gave to columns: by the table's number, then the column's.
        source: The id of the source in the evidence.

    Returns:
        What it says. The same bytes, register and answers always give the same.

    Raises:
        UsageError: The file is too large, damaged, protected, carries macros, or isn't of a kind that is read.
    """
    return understand(reading.read(data, name), known, answers, mapping, source)


def understand(
    document: Document,
    known: Known | None = None,
    answers: Mapping[str, str] | None = None,
    mapping: Mapping[int, Mapping[int, str]] | None = None,
    source: str = "",
) -> Reading:
    """Return what a document says; arguments as in `read_list`, for a document that was read before."""
    known = known or Known()
    names = frozenset(fold(one) for one in known.categories.values()) | {
        fold(alias) for kind, alias, _ in known.aliases if kind == "category"
    }
    found: list[Record] = []
    seen: list[Table] = []
    notes: list[Note] = list(document.notes)
    refusals: list[Refusal] = []
    own, more_notes = _structured(document, known)
    found += own
    notes += more_notes
    parts = [] if own else list(tables.tables(document, names, mapping or {}))
    # Categories that the list itself declares help to split the cells of its other tables, whichever comes first.
    declared = {
        fold(cell.text)
        for one in parts
        if not isinstance(one, Refusal) and one.kind is Kind.CATEGORY
        for entry in one.entries
        if (cell := entry.cells.get("categories"))
    }
    for part in parts:
        if isinstance(part, Refusal):
            refusals.append(part)
            continue
        made, more = records.records(part, len(seen), names | declared)
        found += made
        notes += more
        seen.append(Table(part.kind, part.columns, part.trail, part.above, len(part.entries), part.locator, part.name))
    if own:
        seen.append(Table(Kind.VENDOR, (), (), None, len(own), own[0].locator))
    elif not found and not any(one.kind for one in seen):
        refusals = refusals or [_refusal(document)]
    open_questions = []
    for one in (
        records.mentions([block.cell for block in document.blocks if isinstance(block, Sentence)], _cores(found), document.name)
        if found
        else ()
    ):
        question = questions.mention(one, answers or {})
        open_questions.append(question)
        if question.answer == "add":
            found.append(Record(Kind.VENDOR, {"name": (one,)}, one.quote, one.locator, -1))
    made_rows, asked = rows.build(found, known, answers or {}, source)
    return Reading(
        document.name, document.form, tuple(seen), tuple(found), (*asked, *open_questions), tuple(notes), tuple(refusals), made_rows
    )


def _structured(document: Document, known: Known) -> tuple[list[Record], list[Note]]:
    """Return the records of a file with a structure of its own, nothing for any other."""
    tree = next((one for one in document.blocks if isinstance(one, Tree)), None)
    if tree and (listed := fideslang.systems(tree.value)):
        return list(fideslang.records(listed, known)), []
    found = ciso.sheets(document)
    return ciso.records(found) if found else ([], [])


def _cores(found: list[Record]) -> frozenset[str]:
    return frozenset(splitting.core(value.text) for one in found if one.kind is Kind.VENDOR for value in one.fields["name"])


def _refusal(document: Document) -> Refusal:
    """Return why a document gave nothing, with what was looked at."""
    cells = [one for block in document.blocks for one in _cells(block)]
    texts = [one for one in cells if one.text]
    where = (f"{texts[0].locator} to {texts[-1].locator}",) if len(texts) > 1 else tuple(one.locator for one in texts)
    return Refusal(TOGETHER if naming.run_together(one.text for one in texts) else _NOTHING, where, texts[0].text[:200] if texts else "")


def _cells(block: Block) -> Iterator[Cell]:
    if isinstance(block, Heading | Sentence):
        yield block.cell
    elif isinstance(block, Items):
        yield from (one.cell for one in block.items)
    elif isinstance(block, Grid):
        yield from (cell for row in block.rows for cell in row)
