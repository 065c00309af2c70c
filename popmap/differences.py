"""What has changed between two states of a register, row by row and cell by cell, and in words.

Pure: it is given both states' tables, wherever they come from, and knows no folder and no database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from popmap.register.schema import BY_NAME, TABLES, Table

NOT_STATED = "not stated"
_LONGEST = 120
# Tables whose rows are named by a name of their own rather than by their key.
_NAMED = {"categories": "category", "vendors": "vendor", "activities": "processing activity"}
_KINDS = {**_NAMED, "flows": "flow", "evidence": "evidence", "aliases": "other spelling", "answers": "approved answer"}

Tables = Mapping[str, pa.Table]
"""A register's tables by name: text columns, null for not stated; see `stated.stated_tables`."""
Row = Mapping[str, str]
"""One row's cells by column; "" for not stated."""
Rows = list[Row]


class Change(StrEnum):
    """What happened to a row."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that changed: its column, and what it said before and says now; "" for not stated."""

    column: str
    before: str
    after: str

    def __str__(self) -> str:
        """Return it as "country not stated → DE"."""
        return f"{self.column.replace('_', ' ')} {_said(self.before)} → {_said(self.after)}"


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not in both states, or not the same in both.

    Attributes:
        table: The table.
        change: What happened to it.
        row_id: Its key's cells joined by `/`, "" in a table without a key.
        name: What people call it.
        cells: The cells that changed; none when it was added or removed.
    """

    table: str
    change: Change
    row_id: str
    name: str
    cells: tuple[Cell, ...] = ()

    def __str__(self) -> str:
        """Return it in words: "Added vendor Kombo", "Vendor Kombo: country not stated → DE"."""
        kind = _KINDS.get(self.table, self.table)
        if self.change is Change.CHANGED:
            return f"{kind.capitalize()} {self.name}: {'; '.join(map(str, self.cells))}"
        return f"{self.change.value.capitalize()} {kind} {self.name}"


def differences(before: Tables, after: Tables) -> list[Difference]:
    """Return what changed between two states, table by table; the order of rows never counts.

    A table is compared in the columns that both states have: a copy for outsiders says nothing about the columns it leaves out. A column
    that only one state states anything in is compared all the same when the model knows it in both.

    Args:
        before: The earlier state.
        after: The later one.
    """
    names = {one: _names(before, after, one) for one in ("categories", "vendors")}
    return [found for table in TABLES for found in _table(table, before.get(table.name), after.get(table.name), names)]


def setting_differences(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Cell, ...]:
    """Return what changed in what is said once about a register, each by its name, "" for not stated."""
    names = dict.fromkeys([*before, *after])
    return tuple(Cell(name, before.get(name, ""), after.get(name, "")) for name in names if before.get(name, "") != after.get(name, ""))


def counts(found: Iterable[Difference]) -> dict[Change, int]:
    """Return how many rows were added, removed and changed."""
    totals = dict.fromkeys(Change, 0)
    for one in found:
        totals[one.change] += 1
    return totals


def _table(table: Table, before: pa.Table | None, after: pa.Table | None, names: Mapping[str, Mapping[str, str]]) -> Iterator[Difference]:
    states = [state for state in (before, after) if state is not None]
    # In the order of the model, then of the file; a column that the model knows has to be in both.
    columns = [name for state in states[:1] for name in state.column_names if all(name in one.column_names for one in states)]
    columns += [name for one in states for name in one.column_names if name not in columns and not _known(table, name)]
    old, new = _only_in(_rows(before, columns), _rows(after, columns))
    removed: Rows = [dict(zip(columns, row, strict=True)) for row in old]
    added: Rows = [dict(zip(columns, row, strict=True)) for row in new]
    key = [name for name in table.key if name in columns]
    pairs, removed, added = _paired(removed, added, key)
    if table.name == "flows":
        renamed, removed, added = _sole(removed, added, ("category_id", "vendor_id"))
        pairs += renamed
    for row in removed:
        yield Difference(table.name, Change.REMOVED, _row_id(row, key), _name(table, row, names))
    for row in added:
        yield Difference(table.name, Change.ADDED, _row_id(row, key), _name(table, row, names))
    for one, other in pairs:
        cells = tuple(Cell(name, one[name], other[name]) for name in columns if one[name] != other[name])
        yield Difference(table.name, Change.CHANGED, _row_id(other, key), _name(table, other, names), cells)


def _known(table: Table, name: str) -> bool:
    return any(column.name == name for column in table.columns)


def _rows(table: pa.Table | None, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Return rows as tuples; equal texts of a column are one object, so that a million rows fit in memory."""
    if table is None or not columns:
        return []
    cells = []
    for name in columns:
        if name not in table.column_names:
            cells.append([""] * table.num_rows)
            continue
        coded = table[name].cast(pa.large_string()).combine_chunks().dictionary_encode()
        texts = coded.dictionary.to_pylist()
        cells.append(["" if code is None else texts[code] for code in coded.indices.to_pylist()])
    return list(zip(*cells, strict=True))


def _only_in(before: list[tuple[str, ...]], after: list[tuple[str, ...]]) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Return the rows that are in one list and not in the other, in order; a row that is there twice has to be there twice."""
    left: dict[tuple[str, ...], int] = defaultdict(int)
    for row in before:
        left[row] += 1
    new = []
    for row in after:
        if left.get(row):
            left[row] -= 1
        else:
            new.append(row)
    old = []
    for row in before:
        if left[row]:
            left[row] -= 1
            old.append(row)
    return old, new


def _paired(removed: Rows, added: Rows, key: Sequence[str]) -> tuple[list[tuple[Row, Row]], Rows, Rows]:
    """Return the rows of the same key as pairs, and the others."""
    if not key:
        return [], removed, added
    by_key = {tuple(row[name] for name in key): row for row in added}
    pairs, gone, used = [], [], set()
    for row in removed:
        place = tuple(row[name] for name in key)
        if place in by_key and place not in used:
            used.add(place)
            pairs.append((row, by_key[place]))
        else:
            gone.append(row)
    return pairs, gone, [row for row in added if tuple(row[name] for name in key) not in used]


def _sole(removed: Rows, added: Rows, ends: Sequence[str]) -> tuple[list[tuple[Row, Row]], Rows, Rows]:
    """Return as pairs the flows that are the only one gone and the only one new between the same ends; of several, none is a guess."""
    groups: dict[tuple[str, ...], tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((removed, added)):
        for row in rows:
            groups[tuple(row.get(name, "") for name in ends)][side].append(row)
    pairs, gone, new = [], [], []
    for old, fresh in groups.values():
        if len(old) == len(fresh) == 1:
            pairs.append((old[0], fresh[0]))
        else:
            gone += old
            new += fresh
    return pairs, gone, new


def _names(before: Tables, after: Tables, table: str) -> dict[str, str]:
    key = BY_NAME[table].key[0]
    found: dict[str, str] = {}
    for state in (before, after):
        if table in state and {key, "name"} <= set(state[table].column_names):
            found |= {identity: name for identity, name in _rows(state[table], (key, "name")) if name}
    return found


def _row_id(row: Row, key: Sequence[str]) -> str:
    return "/".join(row[name] for name in key)


def _name(table: Table, row: Row, names: Mapping[str, Mapping[str, str]]) -> str:
    if table.name in _NAMED:
        return _short(row.get("name") or _row_id(row, [name for name in table.key if name in row]))
    if table.name == "flows":
        category, vendor = row.get("category_id", ""), row.get("vendor_id", "")
        purpose = f" ({_short(row['purpose'])})" if row.get("purpose") else ""
        return f"{_short(names['categories'].get(category, category))} → {_short(names['vendors'].get(vendor, vendor))}{purpose}"
    if table.name == "evidence":
        place = ", ".join(filter(None, (row.get("table"), row.get("row_id"), row.get("column"))))
        return f"for {_short(place)}{f': {_said(quote)}' if (quote := row.get('quote')) else ''}"
    return _short(" / ".join(row[name] for name in table.key if row.get(name)))


def _said(text: str) -> str:
    return _short(text) if text else NOT_STATED


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
