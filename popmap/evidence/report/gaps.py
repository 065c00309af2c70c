"""The findings for paper: by severity and rule, each with its article, what to do, and every row it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from popmap.counting import RuleHits, rule_hits
from popmap.evidence.report.rows import solid
from popmap.evidence.report.splitting import CONTINUED
from popmap.filters import Filter
from popmap.register.arrow import texts
from popmap.store import Store
from popmap.tables import Ask, fetch

# A rule with more findings of one kind lists the rows by their numbers in the tables of this report instead of by name.
MOST_NAMES = 60
# Rows that a rule lists before its title stands there again.
MOST_ROWS = 200
Data = dict[str, Any]


def gaps(store: Store, asked: Filter) -> Data:
    """Return the findings behind a filter."""
    hits = rule_hits(store, asked)
    columns = ["code", "table_name", "row_no", "subject", "column_name", "value", "detail", "row_id"]
    table = fetch(store, "findings", Ask(asked), internal=False, columns=columns)
    groups = [
        (severity, [part for hit in hits if hit.severity == severity for part in _in_parts(_rule(hit, _found(table, hit.code)))])
        for severity in dict.fromkeys(hit.severity for hit in hits)
    ]
    return {"kind": "gaps", "count": sum(hit.hits for hit in hits), "groups": groups}


def _found(table: pa.Table, code: str) -> list[tuple[Any, ...]]:
    """Return one rule's findings; all rules' at once would take ten times the table's room."""
    rows = table.filter(pc.call_function("equal", [table["code"], texts([code])[0]])).drop_columns(["code"])
    return list(zip(*(column.to_pylist() for column in rows.columns), strict=True))


def _in_parts(rule: Data) -> Iterator[Data]:
    """Yield a rule with the first of its rows, and then the others behind its title: a report in several documents divides no rule."""
    rows = rule["rows"]
    yield rule | {"rows": rows[:MOST_ROWS]}
    for start in range(MOST_ROWS, len(rows), MOST_ROWS):
        yield rule | {"title": f"{rule['title']}{CONTINUED}", "why": "", "lists": [], "rows": rows[start : start + MOST_ROWS]}


def _rule(hit: RuleHits, rows: Sequence[Sequence[Any]]) -> Data:
    plain: dict[str, list[Sequence[Any]]] = defaultdict(list)
    special = []
    for row in rows:
        table, _, _, _, value, detail, _ = row
        if value or detail:
            special.append(row)
        else:
            plain[table or ""].append(row)
    listed = [
        [_place(table, number), subject or key or "", "; ".join(part for part in (f"“{value}”" if value else "", detail or "") if part)]
        for table, number, subject, _, value, detail, key in special
    ]
    return {
        "severity": hit.severity,
        "title": hit.title,
        "article": hit.article,
        "why": hit.why,
        "hint": hit.hint,
        "code": hit.code,
        "count": f"{hit.hits:,}",
        "lists": [_listed(table, some) for table, some in plain.items()],
        "rows": listed,
        "solid": solid(listed),
    }


def _listed(table: str, rows: Sequence[Sequence[Any]]) -> list[str]:
    """Return which rows of a table: their names where they are few, else the numbers the report's tables give them."""
    numbers = [row[1] for row in rows]
    names = list(dict.fromkeys(str(row[2] or row[6] or "the register") for row in rows))
    head = table.capitalize() or "The register"
    if len(rows) <= MOST_NAMES or None in numbers:
        return [head, "; ".join(names)]
    return [f"{head}, No.", ranges(numbers)]


def ranges(numbers: Iterable[int]) -> str:
    """Return whole numbers in order with runs drawn together: "2-5, 9"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(low) if low == high else f"{low}–{high}" for low, high in runs)


def _place(table: str | None, number: int | None) -> str:
    return " ".join(part for part in (table or "", "" if number is None else f"No. {number}") if part) or "the register"
