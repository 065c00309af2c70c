"""What an entry says of a vendor: its names, its entity, its links, and what no column of a register has a place for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from popmap.importing import category_records, countries, dates, headings, judging, naming, splitting, standing, vendor_standing, wording
from popmap.importing.document import Cell, Note
from popmap.importing.entries import Entry
from popmap.importing.grids import Found
from popmap.importing.judging import Judgement, Verdict
from popmap.importing.model import Kind, Record, Status
from popmap.importing.naming import Joined, Names
from popmap.importing.standing import Standing
from popmap.importing.statements import Said, places, said, vocabulary
from popmap.importing.values import Fields, flat, value
from popmap.importing.words import fold, terms

_LONGEST_CELL = 400
# A column of names with one of these in its heading holds an address with each.
_ADDRESSED = re.compile(
    r"\b(?:address|anschrift|adresse|sitz|seat|direccion|domicilio|indirizzo|indirizzo|adres|adresa|adress|siege|endereco)\b"
)
_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/\S*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Named:
    """The names in a cell: those that may be vendors', whether any is for certain, the cell without its proviso, and that."""

    split: Names
    real: tuple[str, ...]
    sure: bool
    bare: str
    proviso: str


@cache
def _trading() -> re.Pattern[str]:
    words = "|".join(re.escape(one) for one in terms("terms")["names"]["trading"])
    return re.compile(rf"\s*[(,]?\s*\b(?:{words})\b", re.IGNORECASE)


def vendor(entry: Entry, found: Found, number: int, fields: Fields, known: frozenset[str], notes: list[Note], today: date) -> list[Record]:
    """Return the records of the vendors an entry names, [] where it names nobody in particular.

    Args:
        entry: The entry.
        found: Its table.
        number: The table's number.
        fields: What the entry states that all records have.
        known: Folded names of the categories that are known.
        notes: Where remarks go.
        today: The day that dates are held against.
    """
    cell = entry.cells.get("vendor")
    if not cell or said(cell.text) is not Said.TEXT or not any(one.isalpha() for one in cell.text):
        return []
    named = _named(cell, found)
    if isinstance(named, Judgement):
        notes.append(Note(named.code, named.reason, entry.row, cell.locator))
        return []
    fields = dict(fields)
    _name(named, cell, entry, found, fields)
    which, status = vendor_standing.standing_of(entry, found, named.proviso, today)
    if which is Standing.FORMER:
        notes.append(Note("former", "The list says that this one is used no longer, so no vendor is made of it.", entry.row, cell.locator))
        return []
    if status:
        fields["status"] = (status,)
    if named.proviso and standing.of(named.proviso) is Standing.SILENT:
        fields["condition"] = (*fields.get("condition", ()), value(named.proviso, cell))
    section = entry.section or next((one for one in (entry.cells.get("section"), found.section) if one and one.text), None)
    if section:
        fields["section"] = (value(flat(section.text), section),)
    _links(entry, fields)
    category_records.categories(entry, fields, known, notes)
    _facts(entry, fields)
    _kept(entry, fields)
    if len(named.real) > 1 and named.split.joined is Joined.LIST:
        return [Record(Kind.VENDOR, {**fields, "name": (one,), "joined": ()}, entry.row, entry.locator, number) for one in fields["name"]]
    return [Record(Kind.VENDOR, fields, entry.row, entry.locator, number)]


def _named(cell: Cell, found: Found) -> _Named | Judgement:
    """Return whom a cell names, or why nobody."""
    asks = any(one.role == "vendor" and headings.for_recipients(one.heading) for one in found.columns)
    if judging.undecided(cell.text):
        return judging.UNDECIDED
    bare, proviso = naming.proviso(cell.text)
    split = naming.names(bare, addressed=any(one.role == "vendor" and _ADDRESSED.search(fold(one.heading)) for one in found.columns))
    judged = {one: judging.judge(one, asks=asks, column=bool(found.columns)) for one in split.names if one}
    real = tuple(one for one, about in judged.items() if about.verdict is not Verdict.NOBODY)
    if not real or len(cell.text) > _LONGEST_CELL:
        return next((one for one in judged.values() if one.verdict is Verdict.NOBODY), judging.GROUP)
    # What may be nobody's name is asked about where nobody else is named in its cell.
    return _Named(split, real, any(one.verdict is Verdict.VENDOR for one in judged.values()), bare, proviso)


def _name(named: _Named, cell: Cell, entry: Entry, found: Found, fields: Fields) -> None:
    """Take the names in a cell, and whether they are doubtful."""
    alone = len(named.real) == 1
    fields["name"] = tuple(value(one, cell, quote=cell.text.split("\n")[0] if alone else cell.text) for one in named.real)
    if alone:
        site = named.split.rest if wording.is_site(named.split.rest) else ""
        if site:
            fields["website"] = (value(f"https://{site.removeprefix('https://')}", cell, quote=site),)
        _entity(named.real[0], cell, "" if site else named.split.rest, entry, fields)
    else:
        fields["joined"] = (value(named.split.joined, cell),)
    doubted = entry.cells.get("doubted")
    if not named.sure or found.doubtful or doubted:
        doubt = fields["name"][0] if alone or named.sure else value(flat(named.bare), cell)
        fields["doubt"] = (replace(doubt, rule="named") if doubted and doubted.text == "add" else doubt,)


def _entity(name: str, cell: Cell, rest: str, entry: Entry, fields: Fields) -> None:
    """Take the legal entity, the name as published, and the country of the address."""
    published = " ".join(cell.text.split("\n")[0].split())
    if name != published and not rest:
        fields["published_as"] = (value(published, cell),)
    legal = entry.cells.get("legal_name")
    trading = _trading().search(name)
    own = name[: trading.start()].strip(" ,(") if trading else re.sub(r"\s*\([^)]*\)$", "", name)
    if legal and said(legal.text) is Said.TEXT:
        fields["legal_name"] = (value(legal.text.split("\n")[0], legal),)
    elif splitting.has_form(own):
        fields["legal_name"] = (value(own, cell),)
    elif splitting.has_form(rest) and fold(rest).startswith(f"{fold(name)} "):
        fields["legal_name"] = (value(rest, cell),)
        rest = ""
    address = next(
        (one for one in (entry.cells.get("country"), entry.cells.get("address"), entry.cells.get("contact")) if one and one.text), None
    )
    text = address.text if address else rest
    stated = entry.cells.get("country")
    where = places(flat(text.replace("\n", ", ")).replace(";", ",")) if text else None
    lines = [one.strip(" .,;") for one in re.split(r"[\n,;]", text) if one.strip()]
    seat = next((code for one in reversed(lines) if (code := countries.country(one))), "")
    if stated and where and len(where.stated) == 1:
        fields["country"] = (value(where.stated[0], stated),)
    elif seat and not stated:
        fields["country"] = (value(seat, address or cell, Status.INFERRED, "the country of the address"),)
    if rest and not address:
        fields["about"] = (value(f"Address as stated: {flat(rest)}", cell),)


def _links(entry: Entry, fields: Fields) -> None:
    for role, column in (
        ("url", "website"),
        ("policy_url", "website"),
        ("agreement_url", "agreement_url"),
        ("subprocessors_url", "subprocessors_url"),
    ):
        cell = entry.cells.get(role)
        if not cell:
            continue
        found = [*(one for one in cell.links if _LINK.fullmatch(one)), *_LINK.findall(cell.text)]
        if not found and role == "url" and _DOMAIN.fullmatch(cell.text):
            found = [f"https://{cell.text}"]
        for one in dict.fromkeys(found):
            listed = column == "website" and re.search(r"sub-?processor", one, re.IGNORECASE)
            target = "subprocessors_url" if listed else column
            if target not in fields:
                fields[target] = (value(one.rstrip(".,;)"), cell),)
    cell = entry.cells.get("vendor")
    if cell and "website" not in fields and (own := next((one for one in cell.links if _LINK.fullmatch(one)), "")):
        fields["website"] = (value(own, cell),)


def _kept(entry: Entry, fields: Fields) -> None:
    """Keep as remarks what a vendor's and a flow's columns have no place for, so that nothing the list states is lost."""
    about = [*fields.get("about", ())]
    for role, word in (("contact", "Contact"), ("address", "Address")):
        if (cell := entry.cells.get(role)) and said(cell.text) is Said.TEXT:
            about.append(value(f"{word} as stated: {flat(cell.text)}", cell))
    remarks = [*fields.get("remarks", ())]
    for role, word in (
        ("data_subjects", "Data subjects"),
        ("measures", "Measures"),
        ("source_of_data", "Source of data"),
        ("description", "Description"),
    ):
        if (cell := entry.cells.get(role)) and said(cell.text) is Said.TEXT:
            remarks.append(value(f"{word} as stated: {flat(cell.text)}", cell))
    fields |= {"about": tuple(about), "remarks": tuple(remarks)}


def _facts(entry: Entry, fields: Fields) -> None:
    if (cell := entry.cells.get("role")) and (named := vocabulary(cell.text, "roles").stated):
        fields["role"] = (value(max(named, key=len), cell),)
    if (cell := entry.cells.get("certifications")) and said(cell.text) is Said.TEXT:
        fields["certifications"] = tuple(value(one.replace(";", ","), cell) for one in splitting.values(cell.text))
    if cell := entry.cells.get("added_on"):
        if day := dates.parse(cell.text):
            fields["added_on"] = (value(day.isoformat(), cell),)
        elif said(cell.text) is Said.TEXT:
            fields["remarks"] = (*fields.get("remarks", ()), value(f"Added: {flat(cell.text)}", cell))
    if (cell := entry.cells.get("removed_on")) and (day := dates.parse(cell.text)):
        fields["removed_on"] = (value(day.isoformat(), cell),)
    if (cell := entry.cells.get("status")) and said(cell.text) is Said.TEXT and standing.of(cell.text, column=True) is Standing.SILENT:
        fields["remarks"] = (*fields.get("remarks", ()), value(f"Status as stated: {flat(cell.text)}", cell))
