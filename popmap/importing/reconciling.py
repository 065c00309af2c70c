"""A list beside a register, only compared: what one has and the other has not, and what they state differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from popmap.importing.merging import Row, Tables, row_id
from popmap.register.schema import BY_NAME

# The tables two parties can disagree about; the others are one party's own notes.
COMPARED = ("categories", "vendors", "flows")
_OWN = {"notes", "description"}


class Side(StrEnum):
    """In what a list and a register differ."""

    LIST = "only on the list"
    REGISTER = "only in the register"
    DIFFERENT = "stated differently"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which they differ.

    Attributes:
        side: How.
        table: The table.
        row_id: The row's key.
        label: What the row is, in words.
        column: The column, "" for a whole row.
        register: What the register says, "" for not stated.
        list: What the list says, "" for not stated.
        quote: The list's words, "" where it has none.
        locator: Where they stand.
    """

    side: Side
    table: str
    row_id: str
    label: str
    column: str = ""
    register: str = ""
    list: str = ""
    quote: str = ""
    locator: str = ""


def reconcile(register: Tables, found: Tables) -> tuple[Difference, ...]:
    """Return in what a list and a register differ, table by table, in the order of the rows.

    A table the list says nothing in is not compared: a list of names alone says nothing about flows. A cell the list leaves out is no
    difference; one the register leaves out is.

    Args:
        register: The register's tables.
        found: The list's rows by table, resolved against the register; its evidence among them.
    """
    names = _Names(register, found)
    words = {(row.get("table", ""), row.get("row_id", ""), row.get("column", "")): row for row in found.get("evidence", ())}
    return tuple(one for table in COMPARED if found.get(table) for one in _table(table, register, found, names, words))


class _Names:
    """Names of vendors and categories by their keys, whoever states them."""

    def __init__(self, register: Tables, found: Tables) -> None:
        self._names = {
            (table, row.get(key, "")): row.get("name") or row.get(key, "")
            for table, key in (("categories", "category_id"), ("vendors", "vendor_id"))
            for rows in (found, register)
            for row in rows.get(table, ())
        }

    def label(self, table: str, row: Mapping[str, str]) -> str:
        """Return what a row is, in words."""
        if table != "flows":
            key = row.get(BY_NAME[table].key[0], "")
            return self._names.get((table, key), key)
        ends = [self._names.get(end, end[1]) for end in (("categories", row.get("category_id", "")), ("vendors", row.get("vendor_id", "")))]
        return f"{ends[0]} → {ends[1]}"


def _table(table: str, register: Tables, found: Tables, names: _Names, words: Mapping[tuple[str, str, str], Row]) -> Iterator[Difference]:
    here = {row_id(table, row): row for row in register.get(table, ())}
    there = {row_id(table, row): row for row in found[table]}
    pairs = {key: key for key in there if key in here} | (_renamed(here, there) if table == "flows" else {})
    for key, row in there.items():
        if key in pairs:
            yield from _cells(table, here[pairs[key]], row, names, words)
        else:
            first = next((cited for cell, cited in words.items() if cell[:2] == (table, key)), {})
            stated = row.get("purpose", "") if table == "flows" else ""
            yield Difference(
                Side.LIST, table, key, names.label(table, row), "", "", stated, first.get("quote", ""), first.get("locator", "")
            )
    met = set(pairs.values())
    for key, row in here.items():
        if key not in met:
            stated = row.get("purpose", "") if table == "flows" else ""
            yield Difference(Side.REGISTER, table, key, names.label(table, row), "", stated)


def _renamed(here: Mapping[str, Row], there: Mapping[str, Row]) -> dict[str, str]:
    """Return flows that differ in their purpose alone: one on each side between the same two ends."""

    def alone(rows: Mapping[str, Row], others: Mapping[str, Row]) -> dict[tuple[str, str], str]:
        ends: dict[tuple[str, str], list[str]] = {}
        for key, row in rows.items():
            if key not in others:
                ends.setdefault((row.get("category_id", ""), row.get("vendor_id", "")), []).append(key)
        return {end: keys[0] for end, keys in ends.items() if len(keys) == 1}

    ours, theirs = alone(here, there), alone(there, here)
    return {theirs[end]: ours[end] for end in theirs if end in ours}


def _cells(table: str, here: Row, there: Row, names: _Names, words: Mapping[tuple[str, str, str], Row]) -> Iterator[Difference]:
    key = row_id(table, there)
    for column in BY_NAME[table].columns:
        ours, theirs = here.get(column.name, ""), there.get(column.name, "")
        if column.name in _OWN or not theirs or _same(ours, theirs):
            continue
        cited = words.get((table, key, column.name), {})
        quote, locator = cited.get("quote", ""), cited.get("locator", "")
        yield Difference(Side.DIFFERENT, table, row_id(table, here), names.label(table, here), column.name, ours, theirs, quote, locator)


def _same(ours: str, theirs: str) -> bool:
    """Return whether two cells say the same: letter case and spacing aside, lists in any order."""

    def items(text: str) -> list[str]:
        return sorted(" ".join(item.split()).casefold() for item in text.split(";"))

    return items(ours) == items(theirs)
