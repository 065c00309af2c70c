"""From the entries of a table to records: each value in the register's terms, with the words it rests on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache

from popmap.importing import announcing, category_records, countries, splitting, vendor_records
from popmap.importing.document import Cell, Note
from popmap.importing.entries import Entry
from popmap.importing.grids import Found
from popmap.importing.model import Kind, Record, Status, Value
from popmap.importing.statements import Said, places, said, vocabulary
from popmap.importing.values import Fields, flat, value
from popmap.importing.words import fold, group, pattern, terms

_LONGEST_BASIS = 20
# "Example GmbH ("we") engages …": whoever publishes the list.
_PUBLISHER = re.compile(
    r"\s*\(\s*[\"“”«„']|\s*(?:\([^)]*\)\s*)?(?:may\s+|will\s+)?(?:engages?|uses?|works? with|relies|appoints?|employs?|shares?)\b"
)
SHIELD = "declared invalid by the Court of Justice on 16 July 2020 (C-311/18)"


def records(
    found: Found, number: int, known: frozenset[str], today: date, tick: Callable[[], None] = lambda: None
) -> tuple[list[Record], list[Note]]:
    """Return the records of a table and what there is to tell about them.

    Args:
        found: The table.
        number: Its number in the reading.
        known: Folded names of the categories that are known.
        today: The day that dates are held against.
        tick: Called for each record.
    """
    notes: list[Note] = list(found.notes)
    made: list[Record] = []
    if found.kind is None:
        return [], [*notes, *_left_out(found)]
    for entry in found.entries:
        tick()
        fields = _shared(entry, found, notes)
        if found.kind is Kind.VENDOR:
            made += vendor_records.vendor(entry, found, number, fields, known, notes, today)
        elif found.kind is Kind.CATEGORY:
            made += category_records.category(entry, number, fields, notes, any(one.role == "collected" for one in found.columns))
        else:
            made += category_records.activity(entry, number, fields, known, notes)
    return made, notes


def _left_out(found: Found) -> list[Note]:
    """Return the rows of a table of transfers that names no recipient, so that what they state is not lost."""
    notes = []
    for entry in found.entries:
        cell = entry.cells.get("transfer_mechanism")
        obsolete = cell and vocabulary(cell.text, "transfer_mechanism").obsolete
        notes.append(Note("no-recipient", "A transfer is stated, and not to whom; it is kept here as stated.", entry.row, entry.locator))
        if cell and obsolete:
            notes.append(
                Note(
                    "obsolete-safeguard",
                    f"The safeguard named was {SHIELD}; it is kept as stated and counts as none.",
                    cell.text,
                    cell.locator,
                )
            )
    return notes


def _shared(entry: Entry, found: Found, notes: list[Note]) -> Fields:
    """Return the values that all kinds of records have: purposes, bases, safeguards, places, periods."""
    fields: Fields = {}
    remarks: list[Value] = []
    _purpose(entry, fields)
    _locations(entry, found, fields, remarks)
    _basis(entry, found, fields, remarks)
    _transfer(entry, fields, remarks, notes)
    for role in ("retention_period", "legitimate_interest", "source_of_data", "measures"):
        cell = entry.cells.get(role)
        if cell and said(cell.text) not in {Said.BLANK, Said.NOT_APPLICABLE}:
            fields[role] = (value(flat(cell.text), cell),)
    if (cell := entry.cells.get("data_subjects")) and said(cell.text) is Said.TEXT:
        fields["data_subjects"] = tuple(value(one.replace(";", ","), cell) for one in splitting.values(cell.text))
    if (cell := entry.cells.get("notes")) and said(cell.text) is Said.TEXT:
        remarks.append(value(flat(cell.text), cell))
    for heading, cell in entry.extra.items():
        if said(cell.text) is not Said.BLANK:
            remarks.append(value(f"{heading}: {flat(cell.text)}", cell))
    if remarks:
        fields["remarks"] = tuple(remarks)
    return fields


@cache
def _conditional() -> re.Pattern[str]:
    words = "|".join(sorted((re.escape(one) for one in terms("terms")["lists"]["consent_after"]), key=len, reverse=True))
    return re.compile(rf",?\s+\(?(?=(?:{words})\b)", re.IGNORECASE)


def _purpose(entry: Entry, fields: Fields) -> None:
    cell = entry.cells.get("purpose")
    if not cell or said(cell.text) in {Said.BLANK, Said.NOT_APPLICABLE, Said.NONE}:
        return
    text = flat(cell.text)
    if re.match(r"\s*-[^\W\d_]", cell.text):
        text = "; ".join(splitting.values(cell.text))
    at = _conditional().search(text)
    if at and at.start() > 0 and (consent := _consent(text[at.end() :])):
        fields["condition"] = (value(text[at.end() :].rstrip(" )."), cell),)
        fields["legal_basis"] = (value("consent", cell),) if consent else ()
        text = text[: at.start()].rstrip(" ,")
    fields["purpose"] = (value(text, cell),)


def _consent(text: str) -> bool:
    return any(one in fold(text).split() for one in group("names", "consent_words"))


def _locations(entry: Entry, found: Found, fields: Fields, remarks: list[Value]) -> None:
    conditions: list[Value] = list(fields.get("condition", ()))
    cell = entry.cells.get("location")
    if cell and said(cell.text) is not Said.BLANK:
        stated = places(cell.text)
        values = [value(one, cell) for one in stated.stated] + [
            value(one, cell, Status.INFERRED, "the place named lies there") for one in stated.inferred
        ]
        fields |= {"locations": tuple(values)} if values else {}
        if stated.condition:
            conditions.append(value(f"location: {stated.condition}", cell))
        if stated.remark:
            remarks.append(value(flat(stated.remark), cell))
    elif not cell:
        _inherited_place(found, fields, conditions)
    if (cell := entry.cells.get("condition")) and said(cell.text) is Said.TEXT:
        conditions.append(value(flat(cell.text), cell))
    if found.above and "condition" in (told := announcing.told(found.above.text)):
        conditions.append(
            value(told["condition"].rstrip(":"), found.above, Status.INFERRED, "the sentence above the list", told["condition"])
        )
    if conditions:
        fields["condition"] = tuple(conditions)


def _inherited_place(found: Found, fields: Fields, conditions: list[Value]) -> None:
    """Take the location from the sentence or heading above the list, as inferred."""
    for cell, rule in (
        (found.above, "the sentence above the list"),
        (found.trail[-1] if found.trail else None, "the heading above the list"),
    ):
        if not cell:
            continue
        sentence = announcing.told(cell.text).get("location", "")
        if not sentence and rule.endswith("heading above the list") and countries.country(cell.text):
            sentence = cell.text
        if sentence:
            stated = places(sentence).stated
            if stated:
                fields["locations"] = tuple(value(one, cell, Status.INFERRED, rule, sentence) for one in stated)
            else:
                region = pattern("places", "regions").findall(fold(sentence))
                written = sentence.rstrip(":") if pattern("places", "except").search(fold(sentence)) else _as_written(region[-1], sentence)
                conditions.append(value(f"location: {written}", cell, Status.INFERRED, rule, sentence))
            return


def _as_written(folded: str, text: str) -> str:
    """Return folded words as a text has them."""
    words = text.split()
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + 5) + 1):
            if fold(" ".join(words[start:end])) == folded:
                return " ".join(words[start:end]).strip(".,:;()")
    return folded


def _basis(entry: Entry, found: Found, fields: Fields, remarks: list[Value]) -> None:
    cell = entry.cells.get("legal_basis")
    if cell and said(cell.text) is Said.TEXT:
        named = vocabulary(cell.text, "legal_basis")
        bases = named.stated or named.inferred
        if len(bases) == 1:
            # In a sentence of its own a basis may be named to say that it is none.
            sure = named.stated and (named.bare or len(cell.text.split()) <= _LONGEST_BASIS)
            status, rule = (Status.STATED, "") if sure else (Status.INFERRED, "words that probably mean it")
            fields["legal_basis"] = (value(bases[0], cell, status, rule),)
        if len(bases) != 1 or not named.bare:
            remarks.append(value(f"Legal basis as stated: {flat(cell.text)}", cell))
        return
    for above in reversed(found.trail[-2:]):
        if "legal_basis" in fields or len(above.text.split()) > 8:
            break
        named = vocabulary(above.text, "legal_basis")
        bases = named.stated or named.inferred
        if len(bases) == 1:
            fields["legal_basis"] = (value(bases[0], above, Status.INFERRED, "the heading above the list"),)
            break


def _transfer(entry: Entry, fields: Fields, remarks: list[Value], notes: list[Note]) -> None:
    cell = entry.cells.get("transfer_mechanism")
    if not cell or said(cell.text) in {Said.BLANK, Said.NOT_APPLICABLE}:
        if cell and cell.text and said(cell.text) is Said.NOT_APPLICABLE:
            remarks.append(value(f"Transfer as stated: {cell.text}", cell))
        return
    named = vocabulary(cell.text, "transfer_mechanism")
    if named.stated and not named.obsolete:
        fields["transfer_mechanism"] = (value(named.stated[0], cell),)
    elif named.stated:
        fields["transfer_mechanism"] = tuple(value(one, cell) for one in named.stated[:1])
    elif said(cell.text) is Said.NONE:
        fields["transfer_mechanism"] = (value("none", cell),)
    if named.obsolete:
        notes.append(
            Note(
                "obsolete-safeguard", f"The safeguard named was {SHIELD}; it is kept as stated and counts as none.", cell.text, cell.locator
            )
        )
    if not named.bare or len(named.stated) != 1 or named.obsolete:
        remarks.append(value(f"Transfer as stated: {flat(cell.text)}", cell))


def mentions(sentences: Sequence[Cell], named: frozenset[str], own: str) -> list[Value]:
    """Return companies that prose names as sub-processors and no list does.

    Args:
        sentences: The document's paragraphs.
        named: The cores of all names that stand in lists.
        own: The text in which the publisher's own name stands, such as the document's name.
    """
    words = pattern("lists", "introducing")
    entity = re.compile(
        r"\b((?:[A-ZÀ-Ý][\w&’'.-]*\s+){1,4}(?:Inc|LLC|Ltd|Limited|GmbH|AG|SAS|SARL|S\.A\.|B\.V\.|Pty|PBC|Corp|Corporation|S\.L\.)\b\.?)"
    )
    found: dict[str, Value] = {}
    for cell in sentences:
        folded = fold(cell.text)
        if not re.search(
            r"\bas (?:an? )?sub ?processors?\b|\bcomme sous traitant|\bals (?:unter)?auftragsverarbeiter|\bcomo subencargad", folded
        ) or not words.search(folded):
            continue
        for one in entity.finditer(cell.text):
            name = one.group(1)
            if splitting.core(name) not in named and not _PUBLISHER.match(cell.text[one.end() :]) and fold(name) not in fold(own):
                found.setdefault(splitting.core(name), value(name.strip(), cell))
    return list(found.values())
