"""popmap's own exports brought back: every cell to the column it came from, under the key it had; nothing is looked up or concluded.

What an export shows beside the register's cells is counted or judged when it is made, so it is not read: see `COUNTED`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from popmap.importing.document import Cell, Document, Exported, Grid, Note, Refusal
from popmap.importing.draft import Draft
from popmap.importing.model import Kind, Known, Reading, Record, Status, Table, Value
from popmap.importing.reading import exported
from popmap.register.cells import clean, split
from popmap.register.schema import BY_NAME, LIST_SEPARATOR

# Columns of exports that importing them does not bring back, and why:
# evidence_status and findings follow from what cells rest on, and after the import that is the export, whatever it was before;
# row_no is the place in the register's file, where rows that could not be read leave holes.
COUNTED: tuple[tuple[str, str], ...] = (
    ("flows", "evidence_status"),
    ("flows", "findings"),
    ("flows", "row_no"),
    ("vendors", "findings"),
    ("vendors", "row_no"),
    ("categories", "findings"),
    ("categories", "row_no"),
    ("activities", "row_no"),
)
_KINDS = {"categories": Kind.CATEGORY, "vendors": Kind.VENDOR, "activities": Kind.ACTIVITY, "flows": Kind.FLOW}
# The export's column, where it has another name than the register's.
_CALLED = {("flows", "data_use"): "data_use_key"}
# What an export of flows says of the two it names, by their table and column.
_BESIDE = {
    "categories": {"name": "category"},
    "vendors": {"name": "vendor", "company": "company", "section": "section", "role": "role"},
}
_ABOUT = "About"
_FINDINGS = "These are findings: what popmap noticed about a register, and no list of it. Export the tables themselves."
_NO_ROWS = "This is an export of popmap's own, and it has no row."
_CUT = "This text was too long for a spreadsheet, and cut there; it is left out, because the rest is not known. Take CSV, JSON or Parquet."
_TWICE = "Another row above has the same key; this one is left out."
_NO_KEY = "The key of this row is not stated or not whole, so nobody knows what it is about; it is left out."
_RAGGED = "This row has more or fewer cells than the heading; it is left out."
_UNMARKED = "this export leaves out which cells somebody inferred"
_NOT_MARKED = (
    "This export has no column that says which cells somebody inferred, so every cell of it comes back as inferred. "
    "Export the table with all its columns to keep what was stated."
)
_FLOW_ONLY = "an export of flows does not say which cells of vendors and categories somebody inferred"

_Line = Mapping[str, Cell]


def exports(document: Document) -> tuple[Exported, ...]:
    """Return the tables of a document that popmap wrote."""
    return tuple(one for one in document.blocks if isinstance(one, Exported))


def understood(document: Document, known: Known, source: str, tick: Callable[[], None] = lambda: None) -> Reading:
    """Return what exports of popmap's own say; they leave no question open.

    Args:
        document: A document with at least one of them.
        known: What the register knows beside this source.
        source: The source's id for the evidence.
        tick: Called for each row.
    """
    parts = exports(document)
    draft, records, tables = Draft(source), [], []
    notes = [*document.notes, *_beside_exports(document)]
    refusals = [Refusal(_FINDINGS, (_where(one),)) for one in parts if one.view not in _KINDS]
    # Vendors and categories come before the flows that name them, so that a flow tells nothing that their own row tells.
    for view, kind in _KINDS.items():
        for one in parts:
            if one.view != view:
                continue
            notes += [Note("ragged-row", _RAGGED, locator=where) for where in one.ragged]
            if exported.MARKS not in one.columns:
                notes.append(Note("left-out", _NOT_MARKED, locator=_where(one)))
            made = _rows(one, kind, len(tables), draft, known, notes, tick)
            records += made
            tables.append(Table(kind, (), (), None, len(made), _where(one), one.name))
    if not records and not refusals:
        refusals = [Refusal(_NO_ROWS, tuple(_where(one) for one in parts))]
    return Reading(document.name, document.form, tuple(tables), tuple(records), (), tuple(notes), tuple(refusals), draft.finished())


def _where(part: Exported) -> str:
    return part.rows[0][0].locator if part.rows else part.name or "heading"


def _beside_exports(document: Document) -> list[Note]:
    """Return a note for each sheet that is no export and does not say what the exports are from."""
    sheets = [one.name for one in document.blocks if isinstance(one, Grid) and one.name != _ABOUT]
    return [
        Note("left-out", f"Sheet {name} is no table that popmap wrote, as others here are; it is left out.", locator=name)
        for name in sheets
    ]


def _rows(part: Exported, kind: Kind, number: int, draft: Draft, known: Known, notes: list[Note], tick: Callable[[], None]) -> list[Record]:
    records = []
    for cells in part.rows:
        tick()
        line = dict(zip(part.columns, cells, strict=True))
        fields = _fields(part.view, line, notes)
        key = _key(part.view, line, fields)
        where = cells[0].locator
        if not key:
            notes.append(Note("left-out", _NO_KEY, _words(line), where))
        elif key in draft.rows[part.view]:
            notes.append(Note("left-out", _TWICE, _words(line), where))
        elif _stated(part.view, line, fields):
            for column, value in fields.items():
                draft.put(part.view, key, column, value)
            if kind is Kind.FLOW:
                _named(line, fields, draft, known)
            records.append(Record(kind, {column: (value,) for column, value in fields.items()}, _words(line), where, number))
    return records


def _fields(view: str, line: _Line, notes: list[Note]) -> dict[str, Value]:
    """Return what a row states in the register's columns."""
    marked = exported.MARKS in line
    guessed = split(line[exported.MARKS].text) if marked else ()
    found = {}
    for column in BY_NAME[view].columns:
        cell = line.get(_CALLED.get((view, column.name), column.name))
        if cell and cell.cut:
            notes.append(Note("cut-row", _CUT, cell.text[:200], cell.locator))
        elif cell and (text := _text(cell, many=column.many)):
            status = Status.STATED if marked and column.name not in guessed else Status.INFERRED
            found[column.name] = Value(text, cell.text, cell.locator, status, "" if marked else _UNMARKED)
    lost = [one for one in guessed if one not in found]
    if lost:
        text = f"It marks {', '.join(lost)} as inferred, and does not say what stands there; the mark is left out."
        notes.append(Note("left-out", text, line[exported.MARKS].text, line[exported.MARKS].locator))
    if "name" in found and view in _BESIDE and found["name"].status is Status.STATED and _is_key(found, view):
        # An export shows the key where no name is stated; taking it for a name would state what nobody did.
        del found["name"]
    return found


def _text(cell: Cell, *, many: bool) -> str:
    text = clean(cell.text, guarded=False)[0]
    return LIST_SEPARATOR.join(split(text)) if many else text


def _is_key(found: Mapping[str, Value], view: str) -> bool:
    key = found.get(BY_NAME[view].key[0])
    return key is not None and key.text == found["name"].text


def _key(view: str, line: _Line, fields: Mapping[str, Value]) -> tuple[str, ...]:
    """Return a row's key, () when a part of it is cut off, or not stated where it must be."""
    table = BY_NAME[view]
    if any(line[column].cut or (column not in fields and column not in table.optional_key) for column in table.key):
        return ()
    return tuple(fields[column].text if column in fields else "" for column in table.key)


def _stated(view: str, line: _Line, fields: Mapping[str, Value]) -> bool:
    """Return whether the register has a row of this, or only flows name it: then the export shows its key and no place in a file."""
    return bool(fields.keys() - set(BY_NAME[view].key)) or view == "flows" or bool("row_no" in line and line["row_no"].text)


def _named(line: _Line, flow: Mapping[str, Value], draft: Draft, known: Known) -> None:
    """Make the rows of a flow's vendor and category, where neither the register nor another table of the file has them."""
    for view, columns in _BESIDE.items():
        key = flow[BY_NAME[view].key[0]].text
        if key in (known.vendors if view == "vendors" else known.categories):
            continue
        cells = {column: line[name] for column, name in columns.items() if name in line and not line[name].cut}
        said = {column: text for column, cell in cells.items() if (text := _text(cell, many=False))}
        if said.get("name") == key:
            del said["name"]
        if (key,) in draft.rows[view] or not said:
            continue
        for column, text in said.items():
            draft.put(view, (key,), column, Value(text, cells[column].text, cells[column].locator, Status.INFERRED, _FLOW_ONLY))


def _words(line: _Line) -> str:
    return " | ".join(cell.text for cell in line.values() if cell.text)
