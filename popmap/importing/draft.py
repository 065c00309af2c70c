"""Rows as they gather: each cell once, with its evidence beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from popmap import facets
from popmap.importing.model import Row, Rows, Status, Value
from popmap.register.schema import BY_NAME, LIST_SEPARATOR, ROW_ID_SEPARATOR

_ORDER = ("categories", "vendors", "activities", "aliases", "flows")


@dataclass(slots=True)
class Draft:
    """Candidate rows by table and key, and their evidence by row."""

    source: str
    rows: dict[str, dict[tuple[str, ...], Row]] = field(default_factory=lambda: {name: {} for name in _ORDER})
    evidence: dict[tuple[str, str], dict[tuple[str, ...], Row]] = field(default_factory=dict)
    taken: dict[str, set[str]] = field(default_factory=dict)

    def key_for(self, table: str, name: str, taken: Iterable[str] = ()) -> str:
        """Return a key for a name that no other row of the table has."""
        if table not in self.taken:
            self.taken[table] = set(taken)
        used = self.taken[table]
        base = _slug(name) or table
        key, count = base, 1
        while key in used:
            count += 1
            key = f"{base}-{count}"
        used.add(key)
        return key

    def row(self, table: str, key: tuple[str, ...]) -> Row:
        """Return a row by its key, made when there is none."""
        columns = BY_NAME[table].key
        return self.rows[table].setdefault(key, dict(zip(columns, key, strict=True)))

    def put(self, table: str, key: tuple[str, ...], column: str, value: Value, quote: str = "", text: str | None = None) -> None:
        """Put a value into a cell that is empty, or add it to a cell that holds several; and its evidence.

        Args:
            table: The table.
            key: The row's key.
            column: The cell's column.
            value: The value.
            quote: The words it rests on, when others than the value's own.
            text: The cell's text, when other than the value's.
        """
        said = value.text if text is None else text
        row = self.row(table, key)
        about = BY_NAME[table].column(column)
        if not said:
            return
        if not row.get(column):
            row[column] = said
        elif about.many or column in {"condition", "notes"}:
            items = row[column].split(LIST_SEPARATOR if about.many else "; ")
            if said not in items and said not in row[column]:
                row[column] = (LIST_SEPARATOR if about.many else "; ").join([*items, said])
        elif row[column] != said and column not in BY_NAME[table].key:
            return
        self.prove(table, key, column, value, quote)

    def prove(self, table: str, key: tuple[str, ...], column: str, value: Value, quote: str = "") -> None:
        """Note what a cell rests on."""
        row_id = ROW_ID_SEPARATOR.join(key)
        words = " ".join((quote or value.quote).split())
        about = (column, str(value.status), value.locator, words)
        self.evidence.setdefault((table, row_id), {})[about] = {
            "table": table,
            "row_id": row_id,
            "column": column,
            "status": str(value.status),
            "source_id": self.source,
            "locator": value.locator,
            "quote": words,
        }

    def finished(self) -> Rows:
        """Return the rows, evidence in the order of the rows it is about."""
        proofs: list[Row] = []
        for table in _ORDER:
            for key in self.rows[table]:
                proofs += self.evidence.get((table, ROW_ID_SEPARATOR.join(key)), {}).values()
        return Rows(evidence=tuple(proofs), **{name: tuple(self.rows[name].values()) for name in _ORDER})


def _slug(name: str) -> str:
    """Return a name's key, cut between words where it is long."""
    whole = facets.slug(name)
    return (whole.rsplit("-", 1)[0] if len(whole) > 55 else whole).strip("-")


def inferred(value: Value, text: str, rule: str = "") -> Value:
    """Return a value concluded from another's words."""
    return Value(text, value.quote, value.locator, Status.INFERRED, rule)
