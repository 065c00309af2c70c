"""The words the register's statements rest on, gathered per row; equal words for several columns stand once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from popmap.store import Store

_STATES = ("confirmed", "stated", "inferred")
Row = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing a row rests on: its status, the columns it is about, the words, the place, and who confirmed it and when."""

    status: str
    columns: str
    quote: str
    place: str
    checked: str

    def data(self) -> list[str]:
        """Return it as the template reads it."""
        return [self.status, self.columns, self.quote, self.place, self.checked]


class Proofs:
    """The register's evidence by table and row; what has been taken is not left over."""

    def __init__(self, store: Store, marks: Mapping[str, str], internal: bool) -> None:
        """Read the evidence.

        Args:
            store: The register.
            marks: Source id -> what it is called where it is cited.
            internal: Whether the names of those who confirmed something may be shown.
        """
        by = "checked_by" if internal else "NULL"
        rows = store.query(
            f'SELECT "table", row_id, status, "column", quote, source_id, locator, {by}, checked_on FROM evidence ORDER BY row_no'
        )
        self._rows: dict[tuple[str, str], list[Row]] = {}
        for table, key, *cells in rows:
            self._rows.setdefault((table or "", key or ""), []).append(tuple(cells))
        self._marks = marks
        self._taken: set[tuple[str, str]] = set()
        self.cited: Counter[str] = Counter()

    def of(self, table: str, key: str) -> list[Proof]:
        """Return what a row rests on, the strongest first."""
        name = (table, key)
        rows = self._rows.get(name, [])
        if rows and name not in self._taken:
            self._taken.add(name)
            self.cited.update(source for *_, source, _, _, _ in rows if source)
        return _gathered(rows, self._marks)

    def left(self) -> list[tuple[str, str]]:
        """Return the tables and keys of the rows nobody asked for, in the order of the evidence."""
        return [name for name in self._rows if name not in self._taken]


def _gathered(rows: Iterable[Row], marks: Mapping[str, str]) -> list[Proof]:
    columns: dict[tuple[str, str, str, str], list[str]] = {}
    for status, column, quote, source, locator, by, on in rows:
        # "line 13" stays in one piece.
        near = (locator or "").replace(" ", "\u00a0") if len(locator or "") <= 16 else locator
        place = ", ".join(part for part in (marks.get(source or "", source or ""), near) if part)
        checked = " on ".join(part for part in (by, on) if part)
        columns.setdefault((status or "", quote or "", place, checked), []).append(_called(column))
    order = sorted(columns, key=lambda key: _STATES.index(key[0]) if key[0] in _STATES else len(_STATES))
    return [Proof(key[0], ", ".join(dict.fromkeys(columns[key])), key[1], key[2], key[3]) for key in order]


def _called(column: str | None) -> str:
    return (column or "the row").removesuffix("_id").removesuffix("_ids").replace("_", " ")
