"""fideslang's systems by their own structure: each privacy declaration says which data a system gets, and for which use.

Keys follow the fideslang taxonomy's System and PrivacyDeclaration (https://ethyca.github.io/fideslang/).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from popmap.importing.document import Cell
from popmap.importing.model import Kind, Known, Record, Status, Value
from popmap.importing.reading.trees import Node, leaves
from popmap.importing.statements import Said, said

TAXONOMY = "taxonomy"
_BASES = {
    "consent": "consent",
    "contract": "contract",
    "legal obligations": "legal-obligation",
    "vital interests": "vital-interests",
    "public interest": "public-task",
    "legitimate interests": "legitimate-interests",
}


def systems(node: object) -> list[dict[str, Node]]:
    """Return the systems in a tree, [] when it is no fideslang file."""
    found = node.get("system") if isinstance(node, dict) else None
    listed = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return listed if any("privacy_declarations" in one or "fides_key" in one for one in listed) else []


def records(listed: list[dict[str, Node]], known: Known) -> Iterator[Record]:
    """Yield one record for each privacy declaration of each system, and one for a system without any."""
    for system in listed:
        name = _cell(system, "name") or _cell(system, "fides_key")
        if not name:
            continue
        base = _system(system, name)
        declared = system.get("privacy_declarations")
        declarations = [one for one in declared if isinstance(one, dict)] if isinstance(declared, list) else []
        for one in declarations or [{}]:
            row = " | ".join(dict.fromkeys(cell.text for cell in (name, *leaves(one)) if cell.text))
            yield Record(Kind.VENDOR, {**base, **_declaration(one, base, known)}, row, name.locator, 0)


def basis(text: str) -> str:
    """Return a legal basis by fideslang's name of it, "" for none of its names."""
    return _BASES.get(text.casefold(), "")


def _cell(of: Mapping[str, Node], key: str) -> Cell | None:
    found = of.get(key)
    return found if isinstance(found, Cell) and said(found.text) is not Said.BLANK else None


def _value(cell: Cell, text: str = "", rule: str = "") -> Value:
    return Value(text or cell.text, cell.text, cell.locator, Status.STATED, rule)


def _system(system: dict[str, Node], name: Cell) -> dict[str, tuple[Value, ...]]:
    fields = {"name": (_value(name),), "system": (_value(name),)}
    for key, column in (("legal_name", "legal_name"), ("administrating_department", "section"), ("privacy_policy", "website")):
        cell = _cell(system, key)
        if cell and (column != "website" or cell.text.startswith("http")):
            fields[column] = (_value(cell),)
    about = [cell for key in ("description", "system_type", "legal_address", "dpo") if (cell := _cell(system, key))]
    if about:
        fields["about"] = tuple(_value(cell) for cell in about)
    return fields


def _declaration(one: dict[str, Node], base: Mapping[str, tuple[Value, ...]], known: Known) -> dict[str, tuple[Value, ...]]:
    fields: dict[str, tuple[Value, ...]] = {}
    use, name = _cell(one, "data_use"), _cell(one, "name")
    if use:
        fields["data_use"] = (_value(use),)
    if purpose := name or use:
        fields["purpose"] = (_value(purpose, known.taxonomy.get(purpose.text, "")),)
    for key, column, rule in (("data_categories", "categories", TAXONOMY), ("data_subjects", "data_subjects", "")):
        listed = [cell for cell in leaves(one.get(key, [])) if cell.text]
        if listed:
            fields[column] = tuple(_value(cell, rule=rule) for cell in listed)
    ground = _cell(one, "legal_basis_for_processing")
    if ground and (found := basis(ground.text)):
        fields["legal_basis"] = (_value(ground, found),)
    if period := _cell(one, "retention_period"):
        fields["retention_period"] = (_value(period),)
    remarks = [_value(cell, f"Data subjects as stated: {cell.text}") for cell in leaves(one.get("data_subjects", [])) if cell.text]
    remarks += [
        _value(cell, f"Shared with third parties as stated: {cell.text}") for key in ("third_parties",) if (cell := _cell(one, key))
    ]
    if transfers := [cell for cell in leaves(one.get("third_country_transfers", [])) if cell.text]:
        remarks += [_value(cell, f"Transfer as stated: {cell.text}") for cell in transfers]
    return {**fields, "remarks": tuple(remarks)} if base and remarks else fields
