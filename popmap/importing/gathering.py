"""Records that no table holds together: lines of "Purpose: …" below a name, and cells that a page lays out without a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from popmap.importing import announcing, headings, judging, naming, standing, wording
from popmap.importing.document import Block, Cell, Grid, Heading, Item, Items, Sentence
from popmap.importing.reading import stacked
from popmap.importing.splitting import BULLET, has_form
from popmap.importing.words import fold, group, pattern

_KEYED = re.compile(r"^\s*(?:\(?\d{1,3}[.)]\s*)?([^:\n]{2,70}):\s+(\S.*)$", re.DOTALL)
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
# What stands so below a list is about the document and not about its last record.
_DATED = re.compile(r"\b(?:updated|version|effective|stand|mise à jour|actuali[sz]a)", re.IGNORECASE)
_SITE = "Website"
# A record of processing activities says at least two of these, and a list of vendors not one.
_OF_ACTIVITIES = frozenset(["legal_basis", "data_subjects", "retention_period", "vendor"])
_TELLING = frozenset(["purpose", "location", "categories", "transfer_mechanism", "description", "service", "role"])
# A key whose value stands on the next line.
_OPEN = re.compile(r"^\s*[^:\n]{2,40}:\s*$")
# Several of these may stand in one record, each with what it says.
_OF_MANY = frozenset(["notes", "categories", "contact", "number"])
_HEAD, _ACTIVITY, _ABOUT = "Vendor", "Processing activity", "Description"
_LONGEST_TITLE = 14
_MOST_CELLS = 200
_FEWEST = 2
_MOST_PROVEN, _EARLY = 0.7, 90


@dataclass(frozen=True, slots=True)
class _Unit:
    """A line: its cell, the block it is of, and the key and role it begins with, "" for none."""

    cell: Cell
    block: int
    heading: bool
    key: str = ""
    role: str = ""


def gathered(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks with such records as tables in the place of what they stood in."""
    found: list[Block] = []
    at = 0
    while at < len(blocks):
        for make in (_form, _laid_out, _headed):
            table, end = make(blocks, at)
            if table:
                found.append(table)
                at = end
                break
        else:
            found.append(blocks[at])
            at += 1
    return found


def _units(blocks: Sequence[Block], at: int) -> Iterator[_Unit]:
    pending = ""
    for place in range(at, len(blocks)):
        block = blocks[place]
        if isinstance(block, Heading | Sentence):
            cells = [block.cell]
        elif isinstance(block, Items) and pending and not any(one.below for one in block.items):
            cells = [
                replace(
                    block.items[0].cell, text=f"{pending} " + "\n".join(f"{BULLET}{one.cell.text.rstrip(' ;,')}" for one in block.items)
                )
            ]
            pending = ""
        elif isinstance(block, Items) and all(_KEYED.match(_whole(one).text) for one in block.items):
            cells = [_whole(one) for one in block.items]
        else:
            return
        for cell in cells:
            for line in [cell.text] if isinstance(block, Items) else cell.text.split("\n"):
                if not pending and not isinstance(block, Items) and _OPEN.match(line) and headings.guess(line.strip(" :"))[0]:
                    pending = line.strip()
                    continue
                text, pending = f"{pending} {line}".lstrip(), ""
                keyed = _KEYED.match(text)
                role = headings.guess(keyed.group(1))[0] if keyed else ""
                if keyed and _DATED.search(keyed.group(1)) and not isinstance(block, Items):
                    return
                if keyed and (role or isinstance(block, Items)):
                    yield _Unit(replace(cell, text=keyed.group(2).strip(), lead=""), place, False, keyed.group(1).strip(" •*-"), role)
                else:
                    yield _Unit(replace(cell, text=text), place, isinstance(block, Heading))


def _whole(item: Item) -> Cell:
    """Return an item with what stands below it where it ends in a colon, as it is otherwise."""
    if not item.below or not item.cell.text.rstrip().endswith(":"):
        return replace(item.cell, text="") if item.below else item.cell
    below = "\n".join(f"{BULLET}{one.text}" for one in item.below)
    return replace(item.cell, text=f"{item.cell.text.rstrip()} {below}")


def _form(blocks: Sequence[Block], at: int) -> tuple[Grid | None, int]:
    """Return the records that begin here as a table, and the block behind them; (None, at) when there are none."""
    records: list[list[_Unit]] = []
    waiting: _Unit | None = None
    about: _Unit | None = None
    end = at
    for unit in _units(blocks, at):
        # Below a name or an activity that stands as a heading, those named are its recipients.
        recipients = headings.for_recipients(unit.key) if waiting else bool(records) and records[-1][0].key == _HEAD
        if unit.role == "vendor" and not recipients and wording.is_name(unit.cell.text.split(",")[0]):
            records.append([unit])
        elif waiting and not unit.key and not unit.heading and not about:
            about = replace(unit, key=_ABOUT, role="description")
            continue
        elif waiting and not unit.key and _ADDRESS.fullmatch(unit.cell.text.strip()):
            records.append([replace(waiting, key=_HEAD, role="vendor"), replace(unit, key=_SITE, role="url")])
        elif unit.role and waiting:
            records.append([replace(waiting, key=_HEAD, role="vendor"), *([about] if about else []), unit])
        elif (unit.role and records and (recipients or unit.role not in {one.role for one in records[-1]} - {"notes", "contact"})) or (
            unit.key and not unit.role and records and fold(unit.key) not in {fold(one.key) for one in records[-1]}
        ):
            records[-1].append(unit)
        elif unit.heading and not unit.key and len(unit.cell.text.split()) <= _LONGEST_TITLE and (records or unit.block == at):
            waiting, about = unit, None
            continue
        else:
            break
        waiting, about, end = None, None, unit.block + 1
    records = [
        one for one in records if any(unit.role == "purpose" for unit in one) or not any(headings.of_party(unit.key) for unit in one)
    ]
    telling = [one for one in records if {unit.role for unit in one if unit.key != _ABOUT} & _TELLING]
    keyed = bool(records) and records[0][0].key != _HEAD
    if not keyed:
        activities = [one for one in telling if len({unit.role for unit in one[1:]} & _OF_ACTIVITIES) > 1]
        firms = sum(has_form(naming.clean_name(one[0].cell.text)) for one in telling) >= len(telling) / 2
        keys = {fold(unit.key) for one in telling for unit in one}
        listed = firms or (_announced(blocks, at) and not any(map(headings.for_recipients, keys)))
        head = _ACTIVITY if len(activities) > len(telling) / 2 and not listed else _HEAD
        records = [
            [replace(one[0], key=head, role=""), *one[1:]]
            for one in telling
            if head == _ACTIVITY or wording.is_name(naming.proviso(one[0].cell.text)[0])
        ]
        telling = records
    if not telling or len(telling) < len(records) / 2:
        return None, at
    sure = keyed or (len({one.role for one in records[0]} & _TELLING) > 1 and (has_form(records[0][0].cell.text) or _announced(blocks, at)))
    if len(records) < 2 and not (sure and len(records[0]) > 2):
        return None, at
    placed = [_by_key(one, records) for one in records]
    keys = list(dict.fromkeys(key for one in placed for key in one))
    names = {fold(unit.key): unit.key for one in records for unit in one}
    head = tuple(Cell(names[key], records[0][0].cell.locator) for key in keys)
    rows = [tuple(cells.get(key, Cell("", one[0].cell.locator)) for key in keys) for cells, one in zip(placed, records, strict=True)]
    return Grid((head, *rows), 1, even=True), end


def _by_key(record: Sequence[_Unit], records: Sequence[Sequence[_Unit]]) -> dict[str, Cell]:
    """Return a record's cells by their key; what others call by another word that says the same stands under the first such word."""
    first: dict[str, str] = {}
    for one in records:
        for unit in one:
            first.setdefault(unit.role, fold(unit.key))
    cells: dict[str, Cell] = {}
    for unit in record:
        key = first[unit.role] if unit.role and first[unit.role] not in cells and unit.role not in _OF_MANY else fold(unit.key)
        cells[key] = unit.cell
    return cells


def _laid_out(blocks: Sequence[Block], at: int) -> tuple[Grid | None, int]:
    """Return cells that a page lays out one after the other as a table, where a column proves that they are one."""
    first = blocks[at]
    second = blocks[at + 1] if at + 1 < len(blocks) else None
    if not all(isinstance(one, Heading | Sentence) and headings.sure(one.cell.text) for one in (first, second)):
        return None, at
    end = at
    while end < len(blocks) and end - at < _MOST_CELLS and isinstance(blocks[end], Heading | Sentence):
        end += 1
    cells = [block.cell for block in blocks[at:end] if isinstance(block, Heading | Sentence)]
    found = stacked.grid([(number, cell.text) for number, cell in enumerate(cells)])
    if not found or found[0] or not isinstance(found[2], Grid):
        return None, at
    rows = [tuple(cells[int(cell.locator.removeprefix("line "))] for cell in row) for row in found[2].rows]
    return Grid(tuple(rows), 1), at + found[1]


def _headed(blocks: Sequence[Block], at: int) -> tuple[Grid | None, int]:
    """Return names that stand as headings, each over a sentence that says what for.

    At least half of them have a legal form; or the heading above them announces recipients and the sentence speaks of the name again.
    """
    first = blocks[at]
    rows: list[tuple[Cell, ...]] = []
    ends = [at]
    while isinstance(first, Heading) and ends[-1] + 1 < len(blocks) and len(rows) < _MOST_CELLS:
        head, below = blocks[ends[-1]], blocks[ends[-1] + 1]
        if not (
            isinstance(head, Heading) and head.level == first.level and isinstance(below, Sentence) and wording.is_name(head.cell.text)
        ):
            break
        if judging.judge(naming.clean_name(head.cell.text)).verdict is not judging.Verdict.VENDOR:
            break
        rows.append((head.cell, below.cell))
        end = ends[-1] + 2
        while end < len(blocks) and (isinstance(blocks[end], Sentence | Items) or _more(blocks[end], head.cell.text)):
            end += 1
        ends.append(end)
    if sum(has_form(head.text) for head, _ in rows) < len(rows) / 2:
        proven = [_again(head.text, below.text) for head, below in rows]
        while proven and not proven[-1]:
            proven.pop()
        rows = rows[: len(proven)] if _announced(blocks, at) and sum(proven) > _MOST_PROVEN * len(proven) else []
    if len(rows) < _FEWEST:
        return None, at
    where = rows[0][0].locator
    return Grid(((Cell(_HEAD, where), Cell("Purpose", where)), *rows), 1), ends[len(rows)]


def _more(block: Block, name: str) -> bool:
    """Return whether a short line speaks on of a name: "Cloudy privacy policy" below "Cloudy"."""
    return isinstance(block, Heading) and fold(block.cell.text).startswith(f"{fold(name)} ")


def _again(name: str, sentence: str) -> bool:
    """Return whether a sentence begins with, or speaks early of, what the heading above it names."""
    core = fold(re.sub(r"\s*\(.*", "", name))
    if headings.guess(name)[0] or standing.over_changes(name) or core in group("around", "others"):
        return False
    return wording.is_proper(name) and not pattern("data", "words").search(core) and core in fold(sentence)[: len(core) + _EARLY]


def _announced(blocks: Sequence[Block], at: int) -> bool:
    """Return whether the heading that stands over the one here announces recipients."""
    here = blocks[at]
    above = [one for one in blocks[:at] if isinstance(one, Heading) and isinstance(here, Heading)]
    # Lines of pasted text are all of one level, and the first that speaks of recipients is the title.
    over = next((one for one in reversed(above) if one.level < here.level), None) if isinstance(here, Heading) else None
    return announcing.introduces(over.cell.text) if over else any(announcing.introduces(one.cell.text) for one in above)
