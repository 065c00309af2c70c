"""Everything the register knows about one vendor or category: its cells with the words they rest on, its flows, its findings."""

from __future__ import annotations

from dataclasses import dataclass, replace

from popmap.register.schema import BY_NAME, LIST_SEPARATOR
from popmap.store import Store
from popmap.views import LEFT_OUT

# A card lists this many flows; the table of flows has them all.
MOST_FLOWS = 50


@dataclass(frozen=True, slots=True)
class Quote:
    """The words a cell rests on.

    Attributes:
        status: "stated", "inferred" or "confirmed".
        text: The words, "" when only the place is given.
        locator: Line, sheet!cell or element, "" when not stated.
        source: The source's title or id, "" when not stated.
        checked_by: Who confirmed it, "" when nobody did; outsiders are not told.
        checked_on: When, "" when not stated.
    """

    status: str
    text: str
    locator: str
    source: str
    checked_by: str
    checked_on: str

    @property
    def confirmed(self) -> str:
        """Return by whom and when it was confirmed, as far as it is stated: "confirmed by Ada on 2026-11-24", or ""."""
        parts = [f"{word} {part}" for word, part in (("by", self.checked_by), ("on", self.checked_on)) if part]
        return f"confirmed {' '.join(parts)}" if parts else ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One cell: its column's name and meaning, its value (None for not stated) and what it rests on."""

    name: str
    meaning: str
    value: str | None
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class FlowFact:
    """One flow of the card's subject: the other end's name and key, and the flow's own cells (None for not stated)."""

    other: str
    other_key: str
    purpose: str | None
    legal_basis: str | None
    condition: str | None
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class FindingFact:
    """A finding: severity, title, article, what to do, what is particular to this row, how many flows it is about (0: the row).

    `column` is the column it is about, "" for none; `own` says that the rule is one of the register's own.
    """

    code: str
    severity: str
    title: str
    article: str
    hint: str
    detail: str
    flows: int
    column: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One row of the register with everything known about it.

    Attributes:
        table: "vendors" or "categories".
        key: The row's key.
        title: Its name.
        file_row: Its row in the file, or None when only flows name it.
        facts: Its cells in the model's order.
        extra: Cells of columns the model does not know.
        aliases: Its other spellings.
        flows: Its flows, at most MOST_FLOWS.
        flow_count: How many flows it has.
        findings: What is missing or wrong, worst first.
    """

    table: str
    key: str
    title: str
    file_row: int | None
    facts: tuple[Fact, ...]
    extra: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...]
    flows: tuple[FlowFact, ...]
    flow_count: int
    findings: tuple[FindingFact, ...]


def card(store: Store, table: str, key: str, *, internal: bool = True) -> Card | None:
    """Return the card of a row, or None when neither its table nor any flow has that key.

    Args:
        store: The register.
        table: "vendors" or "categories".
        key: The row's key.
        internal: Whether what is kept from outsiders is on it: internal columns, columns the model does not know, who confirmed a
            cell, and what a finding quotes of these.
    """
    whole = store.remember(("card", table, key), lambda: _card(store, table, key))
    return whole if internal or whole is None else _public(whole)


def _public(whole: Card) -> Card:
    kept = {column.name for column in BY_NAME[whole.table].columns if not column.internal}
    return replace(
        whole,
        facts=tuple(
            replace(fact, quotes=tuple(replace(quote, checked_by="") for quote in fact.quotes)) for fact in whole.facts if fact.name in kept
        ),
        extra=(),
        findings=tuple(
            replace(finding, detail=LEFT_OUT) if finding.detail and (finding.own or finding.column not in kept | {""}) else finding
            for finding in whole.findings
        ),
    )


def _card(store: Store, table: str, key: str) -> Card | None:
    kind = "vendor" if table == "vendors" else "category"
    known = store.query(f"SELECT name, row_no, flows FROM {kind}_facts WHERE {kind}_key = $key", {"key": key})
    if not known:
        return None
    name, row, flow_count = known[0]
    aliases = store.query("SELECT alias FROM aliases WHERE kind = $kind AND id = $key ORDER BY 1", {"kind": kind, "key": key})
    facts, extra = _facts(store, table, key, row)
    return Card(
        table,
        key,
        str(name),
        row,
        facts,
        extra,
        tuple(alias for (alias,) in aliases),
        _flows(store, kind, key),
        int(flow_count),
        _findings(store, table, kind, key),
    )


def _facts(store: Store, table: str, key: str, row: int | None) -> tuple[tuple[Fact, ...], tuple[tuple[str, str], ...]]:
    columns = [column for column in BY_NAME[table].columns if column.name not in BY_NAME[table].key and column.name != "name"]
    cells = ", ".join(
        f"array_to_string(\"{column.name}\", '{LIST_SEPARATOR} ')" if column.many else f'"{column.name}"' for column in columns
    )
    values: tuple = (None,) * len(columns)
    extra: dict[str, str] = {}
    if row is not None:
        ((*stated, more),) = store.query(f"SELECT {cells}, extra FROM {table} WHERE row_no = $row", {"row": row})
        values, extra = tuple(stated), more or {}
    quotes: dict[str, list[Quote]] = {}
    for column, *cells_of_quote in store.query(
        'SELECT e."column", e.status, e.quote, e.locator, coalesce(s.title, e.source_id), e.checked_by, e.checked_on FROM evidence e '
        'LEFT JOIN sources s ON s.id = e.source_id WHERE e."table" = $table AND e.row_id = $key ORDER BY e.row_no',
        {"table": table, "key": key},
    ):
        quotes.setdefault(column or "", []).append(_quote(*cells_of_quote))
    facts = tuple(
        Fact(column.name, column.meaning, value, tuple(quotes.get(column.name, ()))) for column, value in zip(columns, values, strict=True)
    )
    named = Fact("name", "Its name.", None, tuple(quotes.get("name", ())))
    return ((named, *facts) if named.quotes else facts), tuple(sorted(extra.items()))


def _quote(
    status: str | None, text: str | None, locator: str | None, source: str | None, checked_by: str | None, checked_on: str | None
) -> Quote:
    return Quote(status or "", text or "", locator or "", source or "", checked_by or "", checked_on or "")


def _flows(store: Store, kind: str, key: str) -> tuple[FlowFact, ...]:
    other = "category" if kind == "vendor" else "vendor"
    rows = store.query(
        f"""
        WITH page AS (
            SELECT f.* FROM flows f WHERE f.{kind}_id IN (SELECT {kind}_id FROM {kind}_facts WHERE {kind}_key = $key)
            ORDER BY f.row_no LIMIT {MOST_FLOWS}
        )
        SELECT p.row_no, o.name, o.{other}_key, p.purpose::VARCHAR, p.legal_basis::VARCHAR, p.condition::VARCHAR
        FROM page p LEFT JOIN {other}_facts o ON o.{other}_id = p.{other}_id ORDER BY p.row_no
        """,
        {"key": key},
    )
    quotes: dict[int, list[Quote]] = {}
    for row, *cells in store.query(
        "SELECT q.row_no, q.status, q.quote, q.locator, coalesce(s.title, q.source_id), NULL, NULL FROM flow_quotes q "
        "LEFT JOIN sources s ON s.id = q.source_id WHERE coalesce(q.column_name, 'purpose') = 'purpose' "
        "AND q.row_no IN (SELECT unnest($rows::INTEGER[])) ORDER BY q.row_no",
        {"rows": [row[0] for row in rows]},
    ):
        quotes.setdefault(row, []).append(_quote(*cells))
    return tuple(FlowFact(*cells, tuple(quotes.get(row, ()))) for row, *cells in rows)


def _findings(store: Store, table: str, kind: str, key: str) -> tuple[FindingFact, ...]:
    rows = store.query(
        f"""
        SELECT r.code, r.severity, r.title, r.article, r.hint, coalesce(g.detail, ''), 0, coalesce(g.column_name, ''), r.own,
            r.severity_rank
        FROM findings g JOIN rules r ON r.rule_no = g.rule_no WHERE g.table_name = $table AND g.row_id = $key
        UNION ALL
        SELECT r.code, r.severity, r.title, r.article, r.hint, '', sum(n.flows)::INTEGER, '', r.own, r.severity_rank
        FROM (
            SELECT f.gaps, count(*) AS flows FROM flows f
            WHERE f.{kind}_id IN (SELECT {kind}_id FROM {kind}_facts WHERE {kind}_key = $key) AND f.gaps <> 0 GROUP BY 1
        ) n JOIN rules r ON r.flow_bit IS NOT NULL AND n.gaps & (1::UBIGINT << r.flow_bit) <> 0
        GROUP BY ALL
        ORDER BY 10, 1
        """,
        {"table": table, "key": key},
    )
    return tuple(FindingFact(*row[:9]) for row in rows)
