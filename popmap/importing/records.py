"""From the entries of a table to records: each value in the register's terms, with the words it rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache

from popmap.importing import countries, items, splitting
from popmap.importing.model import Cell, Kind, Note, Record, Status, Value
from popmap.importing.splitting import Joined
from popmap.importing.statements import Said, places, said, vocabulary
from popmap.importing.tables import Entry, Found
from popmap.importing.words import fold, group, pattern, terms

_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
_LONGEST_CATEGORY = 9
_DASHED = re.compile(r"^(.{3,60}?)(?::\s+|\s+[–—-]\s+)(.{3,})$", re.DOTALL)
# Words that make a sentence of a cell in a column of data: what it says is kept, and no category is named so.
_SENTENCE = re.compile(
    r"\b(?:stores?|hosts?|receives?|runs?|may|will|is|are|has|have|which|we|can|uses?|est|sont|peut|nous|vous|qui|wird|werden|kann|ist|sind|wir|sie|es|son|puede|nosotros|que)\b"
)
Fields = dict[str, tuple[Value, ...]]
SHIELD = "declared invalid by the Court of Justice on 16 July 2020 (C-311/18)"


def value(text: str, cell: Cell, status: Status = Status.STATED, rule: str = "", quote: str = "") -> Value:
    """Return a value that rests on a cell."""
    return Value(text, quote or cell.text, cell.locator.split(", table")[0], status, rule)


def records(found: Found, number: int, known: frozenset[str]) -> tuple[list[Record], list[Note]]:
    """Return the records of a table and what there is to tell about them.

    Args:
        found: The table.
        number: Its number in the reading.
        known: Folded names of the categories that are known.
    """
    notes: list[Note] = list(found.notes)
    made: list[Record] = []
    if found.kind is None:
        return [], [*notes, *_left_out(found)]
    for entry in found.entries:
        fields = _shared(entry, found, notes)
        if found.kind is Kind.VENDOR:
            made += _vendor(entry, found, number, fields, known, notes)
        elif found.kind is Kind.CATEGORY:
            made += _category(entry, number, fields, notes, any(one.role == "collected" for one in found.columns))
        else:
            made += _activity(entry, number, fields, known, notes)
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
            fields[role] = (value(_flat(cell.text), cell),)
    if (cell := entry.cells.get("data_subjects")) and said(cell.text) is Said.TEXT:
        fields["data_subjects"] = tuple(value(one.replace(";", ","), cell) for one in splitting.values(cell.text))
    if (cell := entry.cells.get("notes")) and said(cell.text) is Said.TEXT:
        remarks.append(value(_flat(cell.text), cell))
    if remarks:
        fields["remarks"] = tuple(remarks)
    return fields


def _flat(text: str) -> str:
    return "; ".join(line.removeprefix(splitting.BULLET) for line in text.split("\n"))


@cache
def _conditional() -> re.Pattern[str]:
    words = "|".join(sorted((re.escape(one) for one in terms("terms")["lists"]["consent_after"]), key=len, reverse=True))
    return re.compile(rf",?\s+\(?(?=(?:{words})\b)", re.IGNORECASE)


@cache
def _trading() -> re.Pattern[str]:
    words = "|".join(re.escape(one) for one in terms("terms")["names"]["trading"])
    return re.compile(rf"\s*[(,]?\s*\b(?:{words})\b", re.IGNORECASE)


def _purpose(entry: Entry, fields: Fields) -> None:
    cell = entry.cells.get("purpose")
    if not cell or said(cell.text) in {Said.BLANK, Said.NOT_APPLICABLE, Said.NONE}:
        return
    text = _flat(cell.text)
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
            remarks.append(value(_flat(stated.remark), cell))
    elif not cell:
        _inherited_place(found, fields, conditions)
    if (cell := entry.cells.get("condition")) and said(cell.text) is Said.TEXT:
        conditions.append(value(_flat(cell.text), cell))
    if found.above and "condition" in (told := items.told(found.above.text)):
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
        sentence = items.told(cell.text).get("location", "")
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
            status = Status.STATED if named.stated else Status.INFERRED
            fields["legal_basis"] = (value(bases[0], cell, status, "" if named.stated else "words that probably mean it"),)
        if len(bases) != 1 or not named.bare:
            remarks.append(value(f"Legal basis as stated: {_flat(cell.text)}", cell))
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
        remarks.append(value(f"Transfer as stated: {_flat(cell.text)}", cell))


def _vendor(entry: Entry, found: Found, number: int, fields: Fields, known: frozenset[str], notes: list[Note]) -> list[Record]:
    cell = entry.cells.get("vendor")
    if not cell or said(cell.text) is not Said.TEXT or not any(one.isalpha() for one in cell.text):
        return []
    split = splitting.names(cell.text)
    real = tuple(one for one in split.names if one and not items.is_group(one))
    if not real or len(cell.text) > 400:
        notes.append(
            Note(
                "recipient-group",
                "This names a kind of recipient and nobody in particular, so no vendor is made of it.",
                cell.text,
                cell.locator,
            )
        )
        return []
    fields = dict(fields)
    fields["name"] = tuple(value(one, cell, quote=cell.text.split("\n")[0] if len(real) == 1 else cell.text) for one in real)
    if len(real) > 1:
        fields["joined"] = (value(split.joined, cell),)
    else:
        _entity(real[0], cell, split.rest, entry, fields)
    section = entry.section or next((one for one in (entry.cells.get("section"), found.section) if one and one.text), None)
    if section:
        fields["section"] = (value(_flat(section.text), section),)
    _links(entry, fields)
    _categories(entry, fields, known, notes)
    _facts(entry, fields)
    _kept(entry, fields)
    if len(real) > 1 and split.joined is Joined.LIST:
        return [Record(Kind.VENDOR, {**fields, "name": (one,), "joined": ()}, entry.row, entry.locator, number) for one in fields["name"]]
    return [Record(Kind.VENDOR, fields, entry.row, entry.locator, number)]


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
    address = next(
        (one for one in (entry.cells.get("country"), entry.cells.get("address"), entry.cells.get("contact")) if one and one.text), None
    )
    text = address.text if address else rest
    stated = entry.cells.get("country")
    where = places(_flat(text.replace("\n", ", ")).replace(";", ",")) if text else None
    lines = [one.strip(" .,;") for one in re.split(r"[\n,;]", text) if one.strip()]
    seat = next((code for one in reversed(lines) if (code := countries.country(one))), "")
    if stated and where and len(where.stated) == 1:
        fields["country"] = (value(where.stated[0], stated),)
    elif seat and not stated:
        fields["country"] = (value(seat, address or cell, Status.INFERRED, "the country of the address"),)
    if rest and not address:
        fields["about"] = (value(f"Address as stated: {_flat(rest)}", cell),)


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
            about.append(value(f"{word} as stated: {_flat(cell.text)}", cell))
    remarks = [*fields.get("remarks", ())]
    for role, word in (
        ("data_subjects", "Data subjects"),
        ("measures", "Measures"),
        ("source_of_data", "Source of data"),
        ("description", "Description"),
    ):
        if (cell := entry.cells.get(role)) and said(cell.text) is Said.TEXT:
            remarks.append(value(f"{word} as stated: {_flat(cell.text)}", cell))
    for heading, cell in entry.extra.items():
        if said(cell.text) is not Said.BLANK:
            remarks.append(value(f"{heading}: {_flat(cell.text)}", cell))
    fields |= {"about": tuple(about), "remarks": tuple(remarks)}


def _facts(entry: Entry, fields: Fields) -> None:
    if (cell := entry.cells.get("role")) and (named := vocabulary(cell.text, "roles").stated):
        fields["role"] = (value(max(named, key=len), cell),)
    if (cell := entry.cells.get("certifications")) and said(cell.text) is Said.TEXT:
        fields["certifications"] = tuple(value(one.replace(";", ","), cell) for one in splitting.values(cell.text))
    if cell := entry.cells.get("added_on"):
        try:
            fields["added_on"] = (value(date.fromisoformat(cell.text[:10]).isoformat(), cell),)
        except ValueError:
            fields["remarks"] = (
                (*fields.get("remarks", ()), value(f"Added: {_flat(cell.text)}", cell)) if cell.text else fields.get("remarks", ())
            )


def _categories(entry: Entry, fields: Fields, known: frozenset[str], notes: list[Note]) -> None:
    """Take the categories of data: a column's values, or the columns of a matrix that say yes."""
    taken: list[Value] = []
    cell = entry.cells.get("categories")
    if cell and said(cell.text) is Said.TEXT and _prose(cell.text, known):
        fields["remarks"] = (*fields.get("remarks", ()), value(f"Data as stated: {_flat(cell.text)}", cell))
    elif cell and said(cell.text) is Said.TEXT:
        for one in splitting.values(cell.text, known):
            name, _ = described(one)
            if len(name.split()) <= _LONGEST_CATEGORY and not (len(name.split()) > 4 and _SENTENCE.search(fold(name))):
                taken.append(value(one, cell, quote=one if one in cell.text else ""))
            else:
                fields["remarks"] = (*fields.get("remarks", ()), value(f"Data as stated: {_flat(one)}", cell))
    elif cell and said(cell.text) in {Said.NONE, Said.NO}:
        notes.append(Note("no-data", "The list says that no personal data goes there.", entry.row, cell.locator))
        fields["no_data"] = (value(cell.text, cell),)
    for name, answer in entry.marked.items():
        kind = said(answer.text)
        if kind is Said.YES or said(answer.text.split("(")[0]) is Said.YES:
            taken.append(value(name, answer, quote=f"{name}: {answer.text}"))
    if entry.marked and not taken:
        fields["no_data"] = (value("no", entry.cells.get("vendor") or next(iter(entry.marked.values()))),)
    if taken:
        fields["categories"] = tuple({fold(one.text): one for one in taken}.values())


def _prose(text: str, known: frozenset[str]) -> bool:
    """Return whether a cell in a column of data is a sentence and no list."""
    parts = splitting.values(text, known)
    return bool(_SENTENCE.search(fold(text))) and len(text.split()) > max(4, 3.5 * len(parts))


def described(text: str) -> tuple[str, str]:
    """Return a category's name and its description: what stands in brackets behind it, or after a colon or dash."""
    bare = text.strip()
    found = re.match(r"^([^()]{2,}?)\s*\((.+)\)\.?$", bare, re.DOTALL)
    if found and found.group(2).count("(") == found.group(2).count(")") and len(found.group(2)) > 3:
        return re.sub(r",?\s+(?:such as|e\.?g\.?|including|wie|comme|como)$", "", found.group(1)).strip(), found.group(2).strip()
    if found := _DASHED.match(bare):
        return found.group(1).strip(), found.group(2).strip()
    return bare, ""


def _category(entry: Entry, number: int, fields: Fields, notes: list[Note], asks: bool) -> list[Record]:
    cell = entry.cells.get("categories")
    if not cell or said(cell.text) is not Said.TEXT or not any(one.isalpha() for one in cell.text):
        return []
    answer = entry.cells.get("collected")
    if answer and (kind := said(answer.text)) in {Said.NO, Said.NOT_APPLICABLE, Said.NONE}:
        notes.append(
            Note("not-collected", "The list says that this is not collected, so no category is made of it.", entry.row, entry.locator)
        )
        return []
    if asks and (answer is None or said(answer.text) is Said.BLANK):
        notes.append(
            Note("not-stated", "The list does not say whether this is collected, so no category is made of it.", entry.row, entry.locator)
        )
        return []
    name = splitting.clean_name(cell.text.split("\n")[0])
    rest = "\n".join(cell.text.split("\n")[1:])
    description = entry.cells.get("description")
    fields = dict(fields)
    fields["name"] = (value(name, cell, quote=cell.text.split("\n")[0]),)
    if description and said(description.text) is Said.TEXT:
        fields["description"] = (value(_flat(description.text), description),)
    elif rest:
        fields["description"] = (value(_flat(rest), cell),)
    return [Record(Kind.CATEGORY, fields, entry.row, entry.locator, number)]


def _activity(entry: Entry, number: int, fields: Fields, known: frozenset[str], notes: list[Note]) -> list[Record]:
    purpose = entry.cells.get("purpose")
    when = entry.cells.get("condition")
    fields = {key: one for key, one in fields.items() if key != "condition"}
    if not purpose and not when and "section" not in entry.cells:
        notes.append(Note("left-out", "This row names no purpose, so no activity is made of it.", entry.row, entry.locator))
        return []
    if when and said(when.text) is Said.TEXT:
        fields["name"] = (value(_flat(when.text), when),)
    elif section := entry.cells.get("section"):
        fields["name"] = (value(_flat(section.text), section),)
    elif purpose and purpose.lead and len(purpose.lead.split()) <= 30:
        fields["name"] = (value(purpose.lead.rstrip(".:"), purpose, quote=purpose.lead),)
    _categories(entry, fields, known, notes)
    return [Record(Kind.ACTIVITY, fields, entry.row, entry.locator, number)]


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
        for name in entity.findall(cell.text):
            if splitting.core(name) not in named and fold(name) not in fold(own):
                found.setdefault(splitting.core(name), value(name.strip(), cell))
    return list(found.values())
