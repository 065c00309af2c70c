"""CISO Assistant's processing workbook by its own structure: sheets that belong to the processing on the first, without keys between them.

Sheets, columns and codes follow the project's export (intuitem/ciso-assistant-community).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from popmap.importing import countries
from popmap.importing.document import Cell, Document, Grid, Note
from popmap.importing.model import Kind, Record, Value
from popmap.importing.statements import Said, said, vocabulary
from popmap.importing.words import fold

_SHEETS = frozenset(["processing", "purposes", "personal data", "data subjects", "data recipients", "contractors", "transfers"])
Line = Mapping[str, Cell]


def sheets(document: Document) -> dict[str, list[Line]]:
    """Return the workbook's sheets as records by folded sheet name, {} when it is no such workbook."""
    grids = {fold(one.name): one for one in document.blocks if isinstance(one, Grid) and one.name}
    first = grids.get("processing")
    if not first or len(_SHEETS & grids.keys()) < 4 or not first.rows or "ref_id" not in {cell.text for cell in first.rows[0]}:
        return {}
    return {
        name: [_line(grid, row) for row in grid.rows[1:] if any(one.text for one in row)]
        for name, grid in grids.items()
        if name in _SHEETS and grid.rows
    }


def _line(grid: Grid, row: tuple[Cell, ...]) -> Line:
    return {head.text: cell for head, cell in zip(grid.rows[0], row, strict=False) if cell.text}


def records(found: Mapping[str, list[Line]]) -> tuple[list[Record], list[Note]]:
    """Return the records of a workbook: categories, contractors as vendors, and the processing with all that belongs to it.

    Where the workbook holds several processings, nothing says which purpose or contractor belongs to which, so each stays by itself.
    """
    made = [*_categories(found.get("personal data", [])), *_vendors(found.get("contractors", []), "contractors")]
    made += _vendors([one for one in found.get("transfers", []) if "entity" in one], "transfers")
    notes = [
        Note("no-recipient", f"Sheet {name.capitalize()} names this and no entity; it is kept here as stated.", _row(one), _where(one))
        for name in ("transfers", "data recipients")
        for one in found.get(name, [])
        if "entity" not in one
    ]
    processings = found.get("processing", [])
    single = len(processings) == 1
    if not single:
        notes.append(
            Note(
                "no-keys",
                "The workbook holds several processings and no keys, so which purpose, data and contractor belong to which is not known.",
            )
        )
    for one in processings:
        made += _activity(one, found if single else {})
    return made, notes


def _row(line: Line) -> str:
    return " | ".join(cell.text for cell in line.values())


def _where(line: Line) -> str:
    return next((cell.locator for cell in line.values()), "")


def _value(cell: Cell, text: str = "") -> Value:
    return Value(text or cell.text, cell.text, cell.locator)


def code(text: str) -> str:
    """Return a code of the workbook as words: "privacy_financial_data" is "financial data"."""
    return text.removeprefix("privacy_").replace("_", " ")


def _categories(lines: list[Line]) -> Iterator[Record]:
    for one in lines:
        name = one.get("name")
        if not name:
            continue
        fields = {"name": (_value(name),)}
        if "description" in one:
            fields["description"] = (_value(one["description"]),)
        elif "category" in one:
            fields["description"] = (_value(one["category"], code(one["category"].text)),)
        if "retention" in one:
            fields["retention_period"] = (_value(one["retention"]),)
        yield Record(Kind.CATEGORY, fields, _row(one), _where(one), 0)


def _vendors(lines: list[Line], sheet: str) -> Iterator[Record]:
    for one in lines:
        name = one.get("entity") or one.get("name")
        if not name:
            continue
        fields = {"name": (_value(name),), "no_data": (_value(name),)}
        if (kind := one.get("relationship_type")) and (roles := vocabulary(kind.text, "roles").stated):
            fields["role"] = (_value(kind, max(roles, key=len)),)
        if (place := one.get("country")) and sheet == "contractors" and (found := countries.country(place.text)):
            fields["country"] = (_value(place, found),)
        if (link := one.get("documentation_link")) and link.text.startswith("http"):
            fields["agreement_url"] = (_value(link),)
        about = [one[key] for key in ("description", "guarantees", "transfer_mechanism") if key in one]
        if about:
            fields["about"] = tuple(_value(cell, code(cell.text)) for cell in about)
        yield Record(Kind.VENDOR, fields, _row(one), _where(one), 0)


def _activity(line: Line, found: Mapping[str, list[Line]]) -> Iterator[Record]:
    name = line.get("name")
    if not name:
        return
    fields: dict[str, tuple[Value, ...]] = {"name": (_value(name),)}
    purposes = [one for one in found.get("purposes", []) if "name" in one]
    if purposes:
        fields["purpose"] = (Value("; ".join(one["name"].text for one in purposes), purposes[0]["name"].text, purposes[0]["name"].locator),)
    elif "description" in line:
        fields["purpose"] = (_value(line["description"]),)
    bases = {
        basis[0]: one["legal_basis"]
        for one in purposes
        if "legal_basis" in one and len(basis := vocabulary(one["legal_basis"].text, "legal_basis").stated) == 1
    }
    if len(bases) == 1:
        fields["legal_basis"] = tuple(_value(cell, basis) for basis, cell in bases.items())
    data = [one for one in found.get("personal data", []) if "name" in one]
    fields["categories"] = tuple(_value(one["name"]) for one in data)
    fields["vendors"] = tuple(_value(one.get("entity", one["name"])) for one in found.get("contractors", []) if "name" in one)
    fields["data_subjects"] = tuple(_value(one["name"]) for one in found.get("data subjects", []) if "name" in one)
    periods = {one["retention"].text: one["retention"] for one in data if "retention" in one}
    if len(periods) == 1:
        fields["retention_period"] = tuple(map(_value, periods.values()))
    if (needed := line.get("dpia_required")) and said(needed.text) in {Said.YES, Said.NO}:
        reference = line.get("dpia_reference")
        text = "needed" if said(needed.text) is Said.YES else "not-needed"
        fields["impact_assessment"] = (_value(needed, f"{text} ({reference.text})" if reference else text),)
    remarks = [
        _value(line[key], f"{key.replace('_', ' ').capitalize()}: {line[key].text}")
        for key in ("description", "information_channel", "usage_channel", "domain")
        if key in line
    ]
    fields["remarks"] = tuple(remarks)
    yield Record(Kind.ACTIVITY, {key: values for key, values in fields.items() if values}, _row(line), _where(line), 0)
