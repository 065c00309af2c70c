"""popmap's fideslang systems by what popmap puts into them: vendors' keys, the names of categories, and what somebody inferred.

A file of systems of any other origin says less and is read by `fideslang`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from popmap.importing import fideslang
from popmap.importing.category_rows import WHOLE
from popmap.importing.document import Cell, Document, Note, Tree
from popmap.importing.model import Kind, Known, Record, Status, Value
from popmap.importing.reading.trees import Node, leaves
from popmap.importing.values import Fields

_MARK, _LEFT_OUT = "inferred: ", "  "
_NO_PURPOSE = "purpose not stated"
_BETWEEN = ": "
_WITHOUT = "A flow without a data use or without data categories is no declaration, only a comment in the file; it is left out."
# A declaration's field -> the category's column it states.
_OF_CATEGORY = {"data_categories": "taxonomy_keys", "data_subjects": "data_subjects"}

_Fields = Mapping[str, Node]


def records(document: Document, known: Known) -> tuple[list[Record], list[Note]]:
    """Return the records of systems that popmap wrote, and what of them is left out; nothing for any other file."""
    tree = next((one for one in document.blocks if isinstance(one, Tree) and one.remarks), None)
    listed = fideslang.systems(tree.value) if tree else []
    if not tree or not listed:
        return [], []
    certain = {name for one in listed for each in _declarations(one) if (name := _certain(each))} | {*known.categories.values()}
    categories: dict[str, Record] = {}
    found = []
    for system in listed:
        found += _vendor(system, tree.remarks, certain, categories)
    notes = [
        Note("left-out", _WITHOUT, words.strip(), f"line {int(where.removeprefix('line ')) - 1}")
        for where, words in tree.remarks.items()
        if words.startswith(_LEFT_OUT)
    ]
    return [*categories.values(), *found], notes


def _declarations(system: _Fields) -> list[dict[str, Node]]:
    declared = system.get("privacy_declarations")
    return [one for one in declared if isinstance(one, dict)] if isinstance(declared, list) else []


def _certain(declaration: _Fields) -> str:
    """Return the name of a declaration's category where its name can be parted in one way only, "" otherwise."""
    cell = declaration.get("name")
    parts = cell.text.split(_BETWEEN) if isinstance(cell, Cell) else []
    return parts[0] if len(parts) == 2 else ""


def _vendor(system: _Fields, remarks: Mapping[str, str], certain: set[str], categories: dict[str, Record]) -> Iterator[Record]:
    name, key = system.get("name"), system.get("fides_key")
    if not isinstance(name, Cell) or not isinstance(key, Cell):
        return
    guessed = _marks(remarks, key)
    if name.text == key.text:
        # The key stands there where no name is stated.
        guessed = (*guessed, "name")
    base: Fields = {"name": (_value(name, "name", guessed),), "key": (_value(key, "", ()),)}
    if isinstance(legal := system.get("legal_name"), Cell):
        base["legal_name"] = (_value(legal, "legal_name", guessed),)
    if grounds := [one for one in leaves(system.get("legal_basis_for_transfers", [])) if one.text]:
        base["about"] = tuple(Value(f"Transfers rest on, as stated: {one.text}", one.text, one.locator) for one in grounds)
    declarations = _declarations(system)
    for one in declarations or [{}]:
        fields, row = _declaration(one, remarks, certain, categories) if one else ({}, "")
        yield Record(Kind.VENDOR, base | fields, " | ".join(part for part in (name.text, row) if part), name.locator, 0)


def _declaration(one: _Fields, remarks: Mapping[str, str], certain: set[str], categories: dict[str, Record]) -> tuple[Fields, str]:
    row = " | ".join(cell.text for cell in leaves(dict(one)) if cell.text)
    name = one.get("name")
    if not isinstance(name, Cell):
        return {}, row
    guessed = _marks(remarks, name)
    category, purpose = _parted(name.text, certain)
    if name.text.count(_BETWEEN) > 1:
        guessed = (*guessed, "name")
    fields = _flow(one, guessed)
    if purpose != _NO_PURPOSE:
        fields["purpose"] = (replace(_value(name, "name", guessed), text=purpose),)
    if not category:
        # Where the category's name ends nobody can tell; its keys are stated.
        keys = [cell for cell in leaves(one.get("data_categories", [])) if cell.text]
        fields["categories"] = tuple(_value(cell, "data_categories", guessed, fideslang.TAXONOMY) for cell in keys)
        return fields, row
    value = replace(_value(name, "name", guessed, WHOLE), text=category)
    fields["categories"] = (value,)
    if category not in categories:
        own: Fields = {"name": (value,)}
        for field, column in _OF_CATEGORY.items():
            if cells := [cell for cell in leaves(one.get(field, [])) if cell.text]:
                own[column] = tuple(_value(cell, field, guessed) for cell in cells)
        special = one.get("processes_special_category_data")
        if isinstance(special, Cell) and special.text == "true":
            own["special_category"] = (replace(_value(special, "processes_special_category_data", guessed), text="art9"),)
        categories[category] = Record(Kind.CATEGORY, own, row, name.locator, 0)
    return fields, row


def _flow(one: _Fields, guessed: tuple[str, ...]) -> Fields:
    fields: Fields = {}
    for field in ("data_use", "retention_period"):
        if isinstance(cell := one.get(field), Cell) and cell.text:
            fields[field] = (_value(cell, field, guessed),)
    basis = one.get("legal_basis_for_processing")
    if isinstance(basis, Cell) and (found := fideslang.basis(basis.text)):
        fields["legal_basis"] = (replace(_value(basis, "legal_basis_for_processing", guessed), text=found),)
    return fields


def _parted(text: str, certain: set[str]) -> tuple[str, str]:
    """Return a declaration's category and purpose, the first "" where the two cannot be told apart."""
    parts = text.split(_BETWEEN)
    ways = [(_BETWEEN.join(parts[:at]), _BETWEEN.join(parts[at:])) for at in range(1, len(parts))]
    known = ways if len(ways) == 1 else [way for way in ways if way[0] in certain]
    return known[0] if len(known) == 1 else ("", text)


def _marks(remarks: Mapping[str, str], first: Cell) -> tuple[str, ...]:
    """Return the fields that the comment above an item marks as inferred."""
    words = remarks.get(first.locator, "")
    return tuple(words.removeprefix(_MARK).split(", ")) if words.startswith(_MARK) else ()


def _value(cell: Cell, field: str, guessed: tuple[str, ...], rule: str = "") -> Value:
    return Value(cell.text, cell.text, cell.locator, Status.INFERRED if field in guessed else Status.STATED, rule)
