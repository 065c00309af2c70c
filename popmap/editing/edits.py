"""Edits nobody has saved yet, and how what happens in a grid becomes edits: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from popmap.register.cells import split
from popmap.register.schema import LIST_SEPARATOR, Table

Row = Mapping[str, str]
_NEW = "+"
# Before a cell that somebody concluded and no source states: a grid cannot mark it in another way, and what it cuts off is the end.
INFERRED = "inferred: "


@dataclass(frozen=True, slots=True)
class Edits:
    """What shall become of a table's rows.

    Attributes:
        changed: By the row's id in the register, its new cells by column; "" makes a cell not stated, and what was inferred is confirmed
            by stating it again.
        added: New rows, each with its stated cells by column.
        removed: The ids of rows that go away.
    """

    changed: Mapping[str, Row] = field(default_factory=dict)
    added: tuple[Row, ...] = ()
    removed: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Return whether anything is to change."""
        return bool(self.changed or self.added or self.removed)

    def __len__(self) -> int:
        """Return how many rows are changed, added and removed."""
        return len(self.changed.keys() | self.removed) + len(self.added)


@dataclass(frozen=True, slots=True)
class Grid:
    """What a grid was filled with: rows of the register with the edits there were by then.

    Attributes:
        table: The table.
        tokens: For each line, the row's id in the register, or which new row it is.
        stated: For each line, what the register states; nothing for a new row.
        inferred: For each line, the columns in which the register only infers it.
        carried: The edits it was filled with.
    """

    table: Table
    tokens: tuple[str, ...]
    stated: tuple[Row, ...]
    inferred: tuple[frozenset[str], ...]
    carried: Edits

    def lines(self) -> list[Row]:
        """Return the cells of each line as the grid begins with them, what is only inferred marked."""
        return [{**self._marked(line), **self._carried(token)} for line, token in enumerate(self.tokens)]

    def began(self, line: int, column: str) -> str:
        """Return what the register has in a cell, as the grid shows it."""
        return self._marked(line).get(column, "")

    def _marked(self, line: int) -> Row:
        marked = self.inferred[line]
        return {name: marked_as_inferred(cell) if name in marked else cell for name, cell in self.stated[line].items()}

    def _carried(self, token: str) -> Row:
        return self.carried.added[_number(token)] if token.startswith(_NEW) else self.carried.changed.get(token, {})


def grid(table: Table, rows: Sequence[Row], inferred: Mapping[str, frozenset[str]], carried: Edits) -> Grid:
    """Return what a grid is filled with: rows of the register that are not removed, and the new rows below them.

    Args:
        table: The table.
        rows: The register's rows to show.
        inferred: By row id, the columns in which the register only infers it.
        carried: Edits made before, of these and of other rows.
    """
    kept = [(token, row) for row in rows if (token := row_id(table, row)) not in carried.removed]
    new: list[tuple[str, Row]] = [(f"{_NEW}{number}", {}) for number in range(len(carried.added))]
    tokens, stated = tuple(token for token, _ in (*kept, *new)), tuple(row for _, row in (*kept, *new))
    return Grid(table, tokens, stated, tuple(inferred.get(token, frozenset()) for token in tokens), carried)


def taken(shown: Grid, state: Mapping[str, Any]) -> Edits:
    """Return all edits: those a grid was filled with, and what happened in it since.

    A cell that says again what the grid showed of the register is no edit; an inferred cell stated without its mark is one.

    Args:
        shown: What the grid was filled with.
        state: What Streamlit's data editor tells: `edited_rows` by line number, `added_rows`, `deleted_rows`.
    """
    changed = {key: dict(cells) for key, cells in shown.carried.changed.items()}
    added: list[dict[str, str] | None] = [dict(row) for row in shown.carried.added]
    removed = set(shown.carried.removed)
    for line, cells in state.get("edited_rows", {}).items():
        token = shown.tokens[int(line)]
        row = added[_number(token)] if token.startswith(_NEW) else changed.setdefault(token, {})
        for name, value in cells.items():
            text = as_text(value)
            if row is not None and text == shown.began(int(line), name):
                row.pop(name, None)
            elif row is not None:
                row[name] = unmarked(text)
    for line in state.get("deleted_rows", ()):
        token = shown.tokens[int(line)]
        if token.startswith(_NEW):
            added[_number(token)] = None
        else:
            removed.add(token)
    added += [{name: unmarked(as_text(value)) for name, value in cells.items()} for cells in state.get("added_rows", ())]
    new_rows = ({name: cell for name, cell in row.items() if cell} for row in added if row is not None)
    kept = {key: cells for key, cells in changed.items() if cells and key not in removed}
    return Edits(kept, tuple(row for row in new_rows if row), frozenset(removed))


def marked_as_inferred(cell: str) -> str:
    """Return a cell with each of its items marked as inferred; "" stays so."""
    return LIST_SEPARATOR.join(f"{INFERRED}{item}" for item in split(cell))


def unmarked(cell: str) -> str:
    """Return a cell without the marks of `marked_as_inferred`."""
    return LIST_SEPARATOR.join(item.removeprefix(INFERRED) for item in cell.split(LIST_SEPARATOR))


def row_id(table: Table, row: Row) -> str:
    """Return what names a row: its key's cells joined by `/`, as evidence names it."""
    return "/".join(row.get(name, "") for name in table.key)


def as_text(value: object) -> str:
    """Return a grid's cell as a register's: texts of a list joined by `;`, "" for an empty one."""
    if isinstance(value, (list, tuple)):
        return LIST_SEPARATOR.join(dict.fromkeys(text for item in value if (text := as_text(item).replace(LIST_SEPARATOR, ","))))
    return "" if value is None else str(value).strip()


def _number(token: str) -> int:
    return int(token.removeprefix(_NEW))
