"""What an entry says of categories of data, and of the activities they serve."""

from __future__ import annotations

import re

from popmap.importing import judging, naming, splitting, wording
from popmap.importing.document import Note
from popmap.importing.entries import Entry
from popmap.importing.model import Kind, Record, Value
from popmap.importing.naming import Joined
from popmap.importing.statements import Said, said
from popmap.importing.values import Fields, flat, value
from popmap.importing.words import fold, pattern

_LONGEST_CATEGORY = 9
_ALL = frozenset(
    [
        "all",
        "all categories",
        "all data",
        "all of the above",
        "any",
        "toutes",
        "toutes les donnees",
        "alle",
        "alle daten",
        "todos",
        "todos los datos",
    ]
)
_DASHED = re.compile(r"^(.{3,60}?)(?::\s+|\s+[–—-]\s+)(.{3,})$", re.DOTALL)
# The number of a question or a control names no data.
_CODE = re.compile(r"[A-Z]{2,8}[-_. ]?\d+(?:[-.]\d+)*")
# Words that make a sentence of a cell in a column of data: what it says is kept, and no category is named so.
_SENTENCE = re.compile(
    r"\b(?:stores?|hosts?|receives?|runs?|may|will|is|are|has|have|which|we|can|uses?|est|sont|peut|nous|vous|qui|wird|werden|kann|ist|sind|wir|sie|es|son|puede|nosotros|que)\b"
)


def categories(entry: Entry, fields: Fields, known: frozenset[str], notes: list[Note]) -> None:
    """Take the categories of data: a column's values, or the columns of a matrix that say yes."""
    taken: list[Value] = []
    cell = entry.cells.get("categories")
    if cell and said(cell.text) is Said.TEXT and _prose(cell.text, known):
        fields["remarks"] = (*fields.get("remarks", ()), value(f"Data as stated: {flat(cell.text)}", cell))
    elif cell and said(cell.text) is Said.TEXT:
        for one in splitting.values(cell.text, known):
            name, _ = described(one)
            if len(name.split()) <= _LONGEST_CATEGORY and not (len(name.split()) > 4 and _SENTENCE.search(fold(name))):
                taken.append(value(one, cell, quote=one if one in cell.text else ""))
            else:
                fields["remarks"] = (*fields.get("remarks", ()), value(f"Data as stated: {flat(one)}", cell))
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
    """Return whether a cell in a column of data is a sentence, or says all, and is no list."""
    parts = splitting.values(text, known)
    if fold(text) in _ALL:
        return True
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


def category(entry: Entry, number: int, fields: Fields, notes: list[Note], asks: bool) -> list[Record]:
    """Return the record of a category an entry declares, [] where it says that it is not collected, or not whether it is.

    Args:
        entry: The entry.
        number: Its table's number.
        fields: What it states that all records have.
        notes: Where remarks go.
        asks: Whether the table has a column that says what is collected.
    """
    cell = entry.cells.get("categories")
    if not cell or said(cell.text) is not Said.TEXT or not any(one.isalpha() for one in cell.text) or _CODE.fullmatch(cell.text.strip()):
        return []
    answer = entry.cells.get("collected")
    if answer and said(answer.text) in {Said.NO, Said.NOT_APPLICABLE, Said.NONE}:
        notes.append(
            Note("not-collected", "The list says that this is not collected, so no category is made of it.", entry.row, entry.locator)
        )
        return []
    if asks and (answer is None or said(answer.text) is Said.BLANK):
        notes.append(
            Note("not-stated", "The list does not say whether this is collected, so no category is made of it.", entry.row, entry.locator)
        )
        return []
    name = naming.clean_name(cell.text.split("\n")[0])
    rest = "\n".join(cell.text.split("\n")[1:])
    description = entry.cells.get("description")
    fields = dict(fields)
    fields["name"] = (value(name, cell, quote=cell.text.split("\n")[0]),)
    if description and said(description.text) is Said.TEXT:
        fields["description"] = (value(flat(description.text), description),)
    elif rest:
        fields["description"] = (value(flat(rest), cell),)
    return [Record(Kind.CATEGORY, fields, entry.row, entry.locator, number)]


def activity(entry: Entry, number: int, fields: Fields, known: frozenset[str], notes: list[Note]) -> list[Record]:
    """Return the record of an activity an entry states, [] where it names neither purpose nor occasion; arguments as in `category`."""
    purpose = entry.cells.get("purpose")
    when = entry.cells.get("condition")
    fields = {key: one for key, one in fields.items() if key != "condition"}
    if not purpose and not when and "section" not in entry.cells:
        notes.append(Note("left-out", "This row names no purpose, so no activity is made of it.", entry.row, entry.locator))
        return []
    if when and said(when.text) is Said.TEXT:
        fields["name"] = (value(flat(when.text), when),)
    elif section := entry.cells.get("section"):
        fields["name"] = (value(flat(section.text), section),)
    elif purpose and purpose.lead and len(purpose.lead.split()) <= 30:
        fields["name"] = (value(purpose.lead.rstrip(".:"), purpose, quote=purpose.lead),)
    categories(entry, fields, known, notes)
    _recipients(entry, fields)
    return [Record(Kind.ACTIVITY, fields, entry.row, entry.locator, number)]


def _recipients(entry: Entry, fields: Fields) -> None:
    """Take the recipients of an activity: as vendors where all are names, else as stated."""
    cell = entry.cells.get("recipients")
    if not cell or said(cell.text) is not Said.TEXT:
        return
    parts = [
        naming.clean_name(one) for line in cell.text.split("\n") for piece in splitting.pieces(line, ";") for one in naming.commas(piece)
    ]
    named = [one for part in parts if said(re.sub(r"\([^)]*\)", "", one := naming.proviso(part)[0])) is Said.TEXT]
    bracketed = " ".join(re.findall(r"\(([^()]*)\)", cell.text))
    doubts = (
        judging.undecided(cell.text)
        or bool(pattern("places", "except").search(fold(bracketed)))
        or any(naming.names(one).joined is Joined.EITHER for one in parts)
    )
    if (
        named
        and not doubts
        and all(
            not one[0].islower()
            and wording.is_name(one)
            and wording.is_proper(one)
            and judging.judge(one, asks=True).verdict is judging.Verdict.VENDOR
            for one in named
        )
    ):
        fields["vendors"] = tuple(value(re.sub(r"\s*\([^)]*\)\.?$", "", one), cell) for one in named)
    else:
        fields["remarks"] = (*fields.get("remarks", ()), value(f"Recipients as stated: {flat(cell.text)}", cell))
