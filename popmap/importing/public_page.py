"""popmap's public page of sub-processors by its own structure: each vendor with what the page says of it, nothing more.

The page lists a vendor's purposes, categories and places beside each other. Which of them belong together is said only where one of a kind
is there; everywhere else it is put down as inferred.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from popmap.importing import countries
from popmap.importing.category_rows import WHOLE
from popmap.importing.document import Cell, Document, Listed
from popmap.importing.model import Kind, Record, Status, Value
from popmap.importing.values import Fields

_INFERRED, _NOT_STATED, _ELSEWHERE = " (inferred)", "not stated", "elsewhere not stated"
_HARMLESS = " (not personal data, as stated)"
_NONE_NEEDED = "none needed: in the European Economic Area"
_PUBLISHED = re.compile(r"(.+?) \(published as: (.+)\)", re.DOTALL)
_LEGAL, _OFFICE, _SINCE = "legal name: ", "head office: ", "since: "
_ANNOUNCED = "Announced"
_ROLES = {
    "processor": "processor",
    "sub-processor": "sub-processor",
    "joint controller": "joint-controller",
    "independent controller": "independent-controller",
}
_TOGETHER = "the page lists several, and does not say which belong together"

Lines = Sequence[Cell]


def records(document: Document) -> Iterator[Record]:
    """Yield the records of a page: one for each vendor and purpose."""
    for number, table in enumerate(one for one in document.blocks if isinstance(one, Listed)):
        for row in table.rows:
            words = " | ".join("; ".join(one.text for one in cell) for cell in row)
            for fields in _vendor(table.heading, row):
                yield Record(Kind.VENDOR, fields, words, row[0][0].locator if row[0] else "", number)


def _value(cell: Cell, text: str, rule: str = "") -> Value:
    """Return what a line says, without the mark that it was inferred."""
    bare = text.removesuffix(_INFERRED)
    return Value(bare, cell.text, cell.locator, Status.INFERRED if bare != text else Status.STATED, rule)


def _guess(value: Value) -> Value:
    return Value(value.text, value.quote, value.locator, Status.INFERRED, _TOGETHER)


def _vendor(heading: str, row: tuple[Lines, ...]) -> Iterator[Fields]:
    name, purposes, data, places, transfers, role = row
    if not name:
        return
    fields, about = _named(name), []
    for line in role:
        if line.text == _NOT_STATED:
            continue
        stated = _value(line, line.text)
        known = _ROLES.get(stated.text)
        if known:
            fields["role"] = (Value(known, stated.quote, stated.locator, stated.status),)
        else:
            about.append(_value(line, f"Role as stated: {line.text}"))
    if about or "about" in fields:
        fields["about"] = (*fields.get("about", ()), *about)
    if heading == _ANNOUNCED:
        fields["status"] = (Value("proposed", heading, name[0].locator),)
    categories = [_category(line) for line in data if line.text != _NOT_STATED]
    if not categories:
        yield fields
        return
    fields |= {"categories": tuple(categories), "remarks": tuple(_remarks(data, places, transfers))}
    yield from _flows(fields, purposes, places)


def _flows(fields: Fields, purposes: Lines, places: Lines) -> Iterator[Fields]:
    """Yield a vendor's fields with each of its purposes that can be told apart."""
    said = [_purpose(line) for line in purposes]
    several = len(fields["categories"])
    flows = len(said) if several == 1 else several
    found = [_value(line, line.text) for line in places if line.text not in {_NOT_STATED, _ELSEWHERE}]
    where = tuple(Value(code, one.quote, one.locator, one.status) for one in found if (code := countries.country(one.text)))
    # One place for all, or one flow for all places: else some flows may be elsewhere.
    if flows > 1 and (len(where) > 1 or any(line.text == _ELSEWHERE for line in places)):
        where = tuple(map(_guess, where))
    fields = fields | ({"locations": where} if where else {})
    if several > 1 and len(said) > 1:
        stated = [one["purpose"][0] for one in said if "purpose" in one]
        conditions = [value for one in said for value in one.get("condition", ())]
        words = Value("; ".join(one.text for one in stated), "; ".join(one.quote for one in stated), stated[0].locator)
        said = [{"purpose": (_guess(words),)} | ({"condition": tuple(map(_guess, conditions))} if conditions else {})]
    for one in said:
        yield fields | one


def _named(name: Lines) -> Fields:
    """Return what stands in a vendor's first cell."""
    first, *more = name
    published = _PUBLISHED.fullmatch(first.text)
    fields: Fields = {"name": (_value(first, published.group(1) if published else first.text),)}
    if published:
        fields["published_as"] = (_value(first, published.group(2)),)
    about = []
    for line in more:
        if line.text.startswith(_LEGAL):
            fields["legal_name"] = (_value(line, line.text.removeprefix(_LEGAL)),)
        elif line.text.startswith(_SINCE):
            fields["added_on"] = (_value(line, line.text.removeprefix(_SINCE)),)
        elif line.text.startswith(_OFFICE):
            office = _value(line, line.text.removeprefix(_OFFICE))
            code = countries.country(office.text)
            if code:
                fields["country"] = (Value(code, office.quote, office.locator, office.status),)
            else:
                about.append(_value(line, line.text))
        elif line.links:
            # The page marks no address as inferred, so that it may be one cannot be told.
            fields["website"] = (Value(line.links[0], line.text, line.locator, Status.INFERRED),)
        else:
            about.append(_value(line, line.text))
    return fields | ({"about": tuple(about)} if about else {})


def _category(line: Cell) -> Value:
    return _value(line, line.text.removesuffix(_HARMLESS), WHOLE)


def _purpose(line: Cell) -> Fields:
    """Return a purpose, and its condition where the page marks that as inferred.

    Any other words in brackets may be the purpose's own, so they stay with it.
    """
    if line.text == _NOT_STATED:
        return {}
    at = _bracket(line.text) if line.text.endswith(f"{_INFERRED})") else -1
    if at < 1:
        return {"purpose": (_value(line, line.text),)}
    condition = line.text[at + 1 : -1].removeprefix("(")
    return {"purpose": (_value(line, line.text[:at]),), "condition": (_value(line, condition),)}


def _bracket(text: str) -> int:
    """Return where the space stands before the bracket that a text's last sign closes, -1 for none."""
    depth = 0
    for at in range(len(text) - 1, 0, -1):
        depth += (text[at] == ")") - (text[at] == "(")
        if not depth:
            return at - 1 if text[at - 1] == " " else -1
    return -1


def _remarks(data: Lines, places: Lines, transfers: Lines) -> Iterator[Value]:
    """Yield what the page says that has no column of its own among flows, as it says it."""
    for line in data:
        if line.text.endswith(_HARMLESS):
            yield Value(line.text, line.text, line.locator)
    for line in places:
        if line.text not in {_NOT_STATED, _ELSEWHERE} and not countries.country(_value(line, line.text).text):
            yield Value(f"Place as stated: {line.text}", line.text, line.locator)
    for line in transfers:
        if line.text not in {_NOT_STATED, _ELSEWHERE, _NONE_NEEDED}:
            yield Value(f"Transfer as stated: {line.text}", line.text, line.locator)
