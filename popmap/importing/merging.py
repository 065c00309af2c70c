"""A register with what a list says put in: pure, cell by cell, so that nothing another source says is written over unseen.

A list replaces what the same source said before, and only that. Which cells those are is known from their evidence: a cell that rests on
another source, on a person's confirmation or on nothing at all is not the list's to change. Where it says something else there, that is a
contradiction, and a person decides.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from popmap.register.schema import BY_NAME, LIST_SEPARATOR, ROW_ID_SEPARATOR

Row = dict[str, str]
Tables = Mapping[str, Sequence[Row]]
_CellName = tuple[str, str, str]

# What a list can say something in; evidence follows from it.
CONTENT = ("categories", "vendors", "activities", "flows", "aliases")
# How a source presents a row; of another source that is no contradiction.
_PRESENTED = frozenset({"section", "published_as"})
_CONFIRMED, _INFERRED = "confirmed", "inferred"


class Keep(StrEnum):
    """How a contradiction is decided."""

    REGISTER = "register"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A cell in which the list says something else than the register, which does not have it from this source.

    Attributes:
        id: Its key in the decisions: the same for the same cell and values.
        table: The table.
        row_id: The row.
        column: The column.
        register: What the register says.
        list: What the list says.
        quote: The list's words.
        locator: Where they stand.
        decided: How it was decided, None while it is open; the register's value stays meanwhile.
    """

    id: str
    table: str
    row_id: str
    column: str
    register: str
    list: str
    quote: str
    locator: str
    decided: Keep | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """A register with a list put in.

    Attributes:
        tables: All of its rows by table.
        contradictions: Where the list and another source differ.
    """

    tables: dict[str, list[Row]]
    contradictions: tuple[Contradiction, ...]


def row_id(table: str, row: Mapping[str, str]) -> str:
    """Return what names a row: its key's cells joined by `/`, as in evidence."""
    return ROW_ID_SEPARATOR.join(row.get(column, "") for column in BY_NAME[table].key)


def merged(register: Tables, found: Tables, source: str, decisions: Mapping[str, Keep] | None = None) -> Merged:
    """Return a register with what a list says in place of what its source said before.

    Args:
        register: The register's tables, whole; tables it has not may be missing.
        found: The list's rows by table, its evidence among them, which names the source.
        source: The source's id.
        decisions: By contradiction id, which value holds.
    """
    theirs = _said(register.get("evidence", ()), lambda row: row.get("source_id") == source and row.get("status") != _CONFIRMED)
    others = _said(register.get("evidence", ()), lambda row: row.get("source_id") != source or row.get("status") == _CONFIRMED)
    words = {_cell(row): row for row in found.get("evidence", ())}
    named, elsewhere = ({cell[:2] for cell in cells} for cells in (theirs, others))
    contradictions: list[Contradiction] = []
    tables: dict[str, list[Row]] = {}
    for name in CONTENT:
        new = {row_id(name, row): row for row in found.get(name, ())}
        kept: list[Row] = []
        for row in register.get(name, ()):
            key = row_id(name, row)
            if key in new:
                kept.append(_row(name, row, new.pop(key), theirs, others, words, contradictions, decisions or {}))
            elif (name, key) not in named or (name, key) in elsewhere:
                kept.append(_without(name, row, theirs, others))
        tables[name] = [*kept, *(dict(row) for row in new.values())]
    _put_back(register, tables, lambda name, row: _without(name, row, theirs, others))
    # Words that speak for another value than the register keeps are no evidence for that cell.
    overruled = {(one.table, one.row_id, one.column) for one in contradictions if one.decided is not Keep.LIST}
    ours, lists = _by_key(tables), _by_key(found)
    cited = [row for row in found.get("evidence", ()) if _cell(row) not in overruled and _holds(row, lists, ours)]
    tables["evidence"] = _evidence(register.get("evidence", ()), cited, source, tables)
    tables |= {name: [dict(row) for row in rows] for name, rows in register.items() if name not in tables}
    return Merged(tables, tuple(contradictions))


def _by_key(tables: Tables) -> dict[tuple[str, str], Row]:
    """Return the rows that a list can say something in, by table and key; the first where a key stands twice."""
    return {(name, row_id(name, row)): row for name in CONTENT for row in reversed(tables.get(name, ()))}


def _holds(cited: Row, found: Mapping[tuple[str, str], Row], tables: Mapping[tuple[str, str], Row]) -> bool:
    """Return whether a cell says what the list's words were quoted for, where the register may have kept its own."""
    if cited.get("status") != _INFERRED and cited.get("column") not in _PRESENTED:
        return True
    table, key, column = _cell(cited)
    return tables.get((table, key), {}).get(column, "") == found.get((table, key), {}).get(column, "")


def _said(evidence: Iterable[Row], wanted: Callable[[Row], bool]) -> frozenset[_CellName]:
    return frozenset(_cell(row) for row in evidence if wanted(row))


def _cell(row: Mapping[str, str]) -> _CellName:
    return row.get("table", ""), row.get("row_id", ""), row.get("column", "")


def _row(
    table: str,
    old: Row,
    new: Row,
    theirs: frozenset[_CellName],
    others: frozenset[_CellName],
    words: Mapping[_CellName, Row],
    contradictions: list[Contradiction],
    decisions: Mapping[str, Keep],
) -> Row:
    """Return a row both know, cell by cell."""
    row, key = dict(old), row_id(table, old)
    for column in dict.fromkeys((*old, *new)):
        said, is_said, cell = old.get(column, ""), new.get(column, ""), (table, key, column)
        if column in BY_NAME[table].key or is_said == said:
            continue
        if not is_said:
            row[column] = "" if cell in theirs and cell not in others else said
        elif (
            said
            and (column in _PRESENTED or words.get(cell, {}).get("status") == _INFERRED)
            and not (cell in theirs and cell not in others)
        ):
            # How another source presents a row, and what popmap concludes, give way to whatever the register says.
            continue
        elif not said or (cell in theirs and cell not in others):
            row[column] = is_said
        else:
            words_of = words.get(cell, {})
            one = _contradiction(cell, said, is_said, words_of, decisions)
            contradictions.append(one)
            row[column] = is_said if one.decided is Keep.LIST else said
    return row


def _contradiction(cell: _CellName, said: str, is_said: str, words: Mapping[str, str], decisions: Mapping[str, Keep]) -> Contradiction:
    key = hashlib.sha256("\0".join((*cell, said, is_said)).encode()).hexdigest()[:16]
    return Contradiction(key, *cell, said, is_said, words.get("quote", ""), words.get("locator", ""), decisions.get(key))


def _without(table: str, row: Row, theirs: frozenset[_CellName], others: frozenset[_CellName]) -> Row:
    """Return a row the list no longer names, without the cells that only it stated."""
    key = row_id(table, row)
    gone = {column for column in row if (table, key, column) in theirs and (table, key, column) not in others}
    return {column: "" if column in gone and column not in BY_NAME[table].key else cell for column, cell in row.items()}


def _put_back(register: Tables, tables: dict[str, list[Row]], without: Callable[[str, Row], Row]) -> None:
    """Keep the name of a vendor or category that the list no longer has while another row still refers to it."""
    for name in ("vendors", "categories"):
        key = BY_NAME[name].key[0]
        wanted = _referred(tables, name) - {row.get(key, "") for row in tables[name]}
        back = [row for row in register.get(name, ()) if row.get(key, "") in wanted]
        if back:
            place = {row.get(key, ""): at for at, row in enumerate(register.get(name, ()))}
            kept = [*tables[name], *(without(name, row) | {"name": row.get("name", "")} for row in back)]
            tables[name] = sorted(kept, key=lambda row: place.get(row.get(key, ""), len(place)))


def _referred(tables: Mapping[str, Sequence[Row]], name: str) -> set[str]:
    single, several = ("vendor_id", "vendor_ids") if name == "vendors" else ("category_id", "category_ids")
    found = {row.get(single, "") for row in tables["flows"]}
    for row in tables["activities"]:
        found |= set(row.get(several, "").split(LIST_SEPARATOR))
    return found - {""}


def _evidence(old: Sequence[Row], new: Sequence[Row], source: str, tables: Mapping[str, Sequence[Row]]) -> list[Row]:
    """Return what all cells rest on: the list's own words in place of its old ones, and a person's confirmation while the words stay."""
    rows = {name: {row_id(name, row): row for row in tables[name]} for name in CONTENT}
    fresh = {(*_cell(row), row.get("quote", "")): row for row in new}
    kept: list[Row] = []
    used: Counter[tuple[str, ...]] = Counter()
    for row in old:
        key = (*_cell(row), row.get("quote", ""))
        there = row.get("row_id", "") in rows.get(row.get("table", ""), {}) or row.get("table") not in rows
        if row.get("source_id") != source:
            kept.extend([dict(row)] if there else [])
        elif key in fresh and not used[key]:
            used[key] += 1
            confirmed = {column: row[column] for column in ("checked_by", "checked_on") if row.get(column)}
            status = {"status": _CONFIRMED} if row.get("status") == _CONFIRMED else {}
            kept.append({**fresh[key], **status, **confirmed})
        elif row.get("status") == _CONFIRMED and there:
            kept.append(dict(row))
    return [*kept, *(dict(row) for key, row in fresh.items() if not used[key])]
