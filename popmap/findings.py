"""The findings of a register one after another, however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from popmap.checks.finding import flow_findings_sql
from popmap.checks.rules import load_rules
from popmap.checks.run import OWN_RULES
from popmap.register.reading import find
from popmap.store import Store
from popmap.tables import UNLIMITED

_WINDOW_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Hit:
    """A gap rule that found something.

    Attributes:
        code: The rule's code.
        severity: "error", "warning" or "note".
        title: What is wrong, in a few words.
        article: The article it rests on.
        why: Why it matters.
        hint: What to do.
        about_flows: Whether its findings are rows of flows.
        count: How many findings there are.
    """

    code: str
    severity: str
    title: str
    article: str
    why: str
    hint: str
    about_flows: bool
    count: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a rule; what does not apply is "" (row: None).

    Attributes:
        file: The file it is in.
        table: The table it is in.
        row: The row as a spreadsheet numbers it (the header is 1).
        column: The column.
        subject: What the row is about.
        value: What stands in the cell.
        detail: What there is to say about this row in particular.
        row_id: The row's key.
    """

    file: str
    table: str
    row: int | None
    column: str
    subject: str
    value: str
    detail: str
    row_id: str

    @property
    def place(self) -> str:
        """Return where: file, row and column, as far as they apply."""
        parts = [self.file, f"row {self.row}" if self.row is not None else "", f"column {self.column}" if self.column else ""]
        return ", ".join(part for part in parts if part)


def hits(store: Store) -> list[Hit]:
    """Return the rules that found something, worst first. Faults found while reading are among them: rules report those too."""
    return [Hit(*row[:8]) for row in store.rows("finding_counts")]


def findings(store: Store, hit: Hit, most: int = UNLIMITED) -> Iterator[Finding]:
    """Yield a rule's findings in the order of their rows; a million of them are not held at once."""
    files = {name: path.name for name, path in find(store.folder)[0].items()}
    for row in _rows(store, hit, most):
        table, number, column, *rest = row
        subject, value, detail, row_id = (cell or "" for cell in rest)
        yield Finding(files.get(table or "", ""), table or "", number, column or "", subject, value, detail, row_id)


def _rows(store: Store, hit: Hit, most: int) -> Iterator[tuple]:
    if not hit.about_flows:
        yield from store.rows("findings_of_rule", code=hit.code, limit=most)
        return
    rule = next(rule for rule in load_rules(store.folder / OWN_RULES) if rule.code == hit.code)
    left = min(most, hit.count)
    last = store.query("SELECT coalesce(max(row_no), 0) FROM flows")[0][0]
    for low in range(0, last + 1, _WINDOW_ROWS):
        rows = store.rows(
            "findings_of_flow_rule",
            rule=flow_findings_sql(rule),
            limit=left,
            low=low,
            high=low + _WINDOW_ROWS,
            column=rule.column or None,
        )
        yield from rows
        left -= len(rows)
        if left <= 0:
            return
