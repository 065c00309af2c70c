"""The tables popmap shows and hands out: the same rows and words on the screen, in a file, over HTTP and on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from popmap import queries
from popmap.errors import UsageError
from popmap.filters import FACETS, Filter, Where, flow_where, row_where
from popmap.flow_rows import page
from popmap.numbering import columns
from popmap.register.schema import INTERNAL
from popmap.selection import rows_behind, select
from popmap.store import Store
from popmap.views import ACTIVITIES, CATEGORIES, FINDINGS, FLOWS, LEFT_OUT, VENDORS, View, view

UNLIMITED = 1_000_000_000
_FEW = 200
# A table of at most this many rows is kept whole for each order: picking rows then costs no query.
_KEPT_WHOLE = 20_000
# What tells the cell a finding is about, and the rule.
_PLACE = ("table_name", "column_name", "code")


@dataclass(frozen=True, slots=True)
class Ask:
    """Which rows of a view, in which order.

    Attributes:
        filter: What is asked for.
        sort: A column's name, or "" for the view's own order.
        descending: Whether the chosen column runs from high to low.
        limit: The most rows to return.
        offset: Rows to skip.
        severities: For findings: only these severities; empty for all.
        rule: For findings: only this rule's code; "" for all.
    """

    filter: Filter = field(default_factory=Filter)
    sort: str = ""
    descending: bool = False
    limit: int = UNLIMITED
    offset: int = 0
    severities: tuple[str, ...] = ()
    rule: str = ""


def fetch(store: Store, name: str, ask: Ask, *, internal: bool = True, columns: Sequence[str] = ()) -> pa.Table:
    """Return rows of a view as an Arrow table in the view's column order; None stands for not stated.

    Args:
        store: The register.
        name: A key of VIEWS.
        ask: Which rows.
        internal: Whether internal columns are kept.
        columns: The columns wanted, in order; all when empty. What is not wanted of many rows is not even made.

    Raises:
        UsageError: For a table or column that does not exist.
    """
    shown = view(name)
    kept = list(columns) or [column.name for column in shown.columns if internal or not column.internal]
    if (few := _few(store, shown, ask)) is not None:
        table = few
    elif shown is FLOWS and not ask.sort and ask.limit <= _FEW:
        table = _page(store, ask)
    else:
        sql, values = _sql(store, shown, ask)
        listed = ", ".join(kept if shown is not FINDINGS else dict.fromkeys([*kept, *_PLACE]))
        table = store.small(sql, values) if ask.limit <= _FEW else store.arrow(f"SELECT {listed} FROM ({sql})", values)
    if shown is FINDINGS and not internal:
        table = _withheld(table, own_rules(store))
    return table.select(kept)


def own_rules(store: Store) -> frozenset[str]:
    """Return the codes of the register's own rules: what they say of a row may be any cell of it, internal ones too."""
    return frozenset(code for (code,) in store.query("SELECT code FROM rules WHERE own"))


def _withheld(findings: pa.Table, own: frozenset[str]) -> pa.Table:
    """Return findings that do not say what stands in cells that are kept from outsiders."""
    places = zip(*(findings[name].to_pylist() for name in _PLACE), strict=True)
    hide = [code in own or (table, column) in INTERNAL for table, column, code in places]
    kept = pa.chunked_array([pa.array(hide, pa.bool_())])
    for name in ("value", "detail"):
        if name not in findings.column_names:
            continue
        column = findings[name]
        # A cell that says nothing stays so: only words are left out.
        hidden = pc.call_function(
            "if_else", [pc.call_function("and", [kept, pc.call_function("is_valid", [column])]), pa.scalar(LEFT_OUT, column.type), column]
        )
        findings = findings.set_column(findings.schema.get_field_index(name), name, hidden)
    return findings


def count(store: Store, name: str, ask: Ask) -> int:
    """Return how many rows of a view there are, whatever the page."""
    shown = view(name)
    if shown is FLOWS:
        return len(select(store, ask.filter))
    if shown in (VENDORS, CATEGORIES):
        kept = rows_behind(store, ask.filter, shown.name)
        return int(kept[:-1].sum())
    sql, values = _sql(store, shown, replace(ask, limit=UNLIMITED, offset=0, sort=""))
    return int(store.query(f"SELECT count(*) FROM ({sql})", values)[0][0])


def places(store: Store, name: str, ask: Ask) -> np.ndarray | None:
    """Return which rows of the whole table in its order `fetch` returns, as places; None for a table that is not kept whole.

    Args:
        store: The register.
        name: A key of VIEWS.
        ask: Which rows.
    """
    shown = view(name)
    if shown not in (FLOWS, VENDORS, CATEGORIES) or store.counts[name] > _KEPT_WHOLE:
        return None
    numbers = _kept(store, shown, ask)[1]
    behind = _behind(store, shown, ask.filter)
    found = np.arange(len(numbers)) if behind is None else np.flatnonzero(behind[numbers])
    return found[ask.offset : ask.offset + ask.limit]


def _few(store: Store, shown: View, ask: Ask) -> pa.Table | None:
    """Return rows out of the whole table, kept in the order asked for, or None where that would be too much to keep."""
    chosen = places(store, shown.name, ask)
    if chosen is None:
        return None
    whole = _kept(store, shown, ask)[0]
    return whole if len(chosen) == len(whole) else whole.take(pa.array(chosen))


def _kept(store: Store, shown: View, ask: Ask) -> tuple[pa.Table, np.ndarray]:
    key = ("whole", shown.name, ask.sort, ask.descending)
    return store.remember(key, lambda: _whole(store, shown, replace(Ask(), sort=ask.sort, descending=ask.descending)))


def _whole(store: Store, shown: View, ask: Ask) -> tuple[pa.Table, np.ndarray]:
    """Return all rows of a view in an order, and of each the place in what `_behind` marks."""
    sql, values = _sql(store, shown, ask)
    whole = store.arrow(sql, values)
    of = columns(store)
    if shown is FLOWS:
        return whole, np.searchsorted(of.row_no, np.asarray(whole["row_no"].combine_chunks()))
    ends = of.vendors if shown is VENDORS else of.categories
    places = {key: at for at, key in enumerate(ends.keys[:-1])}
    return whole, np.array([places[key] for key in whole[shown.key].to_pylist()], dtype=np.int64)


def _behind(store: Store, shown: View, asked: Filter) -> np.ndarray | None:
    """Return which rows are behind a filter, None for all."""
    if shown is not FLOWS:
        return rows_behind(store, asked, shown.name)
    rows = select(store, asked).rows
    if rows is None:
        return None
    marked = np.zeros(store.counts["flows"], dtype=bool)
    marked[rows] = True
    return marked


def _page(store: Store, ask: Ask) -> pa.Table:
    """Return a page of flows in the file's order."""
    return page(store, select(store, ask.filter).first(ask.offset + ask.limit)[ask.offset :])


def _sql(store: Store, shown: View, ask: Ask) -> tuple[str, dict[str, Any]]:
    order = shown.order
    if ask.sort:
        column = shown.column(ask.sort)
        if column.sort == "-":
            raise UsageError(f"{shown.title} cannot be sorted by {column.label}.", "Choose another column.")
        order = f"{column.sort} {'DESC' if ask.descending else 'ASC'} NULLS LAST, {shown.order}"
    texts = {"order": order, "limit": str(int(ask.limit)), "offset": str(int(ask.offset)), "outer_order": order.replace("f.", "p.")}
    where, values = _conditions(store, shown, ask)
    sql = queries.text(f"table_{shown.name}")
    for name, text in (texts | where).items():
        sql = sql.replace(f"{{{name}}}", text)
    return sql, values


def _conditions(store: Store, shown: View, ask: Ask) -> tuple[dict[str, str], dict[str, Any]]:
    """Return what replaces the conditions in braces, and their parameters."""
    if shown is FLOWS:
        where = flow_where(ask.filter, store.known)
        return {"where": where.sql}, dict(where.parameters)
    if shown in (VENDORS, CATEGORIES):
        where = row_where(ask.filter, store.known, shown.name)
        return {"where": where.sql}, dict(where.parameters)
    if shown is ACTIVITIES:
        return _activity_conditions(store, ask.filter)
    return _finding_conditions(store, ask)


def _activity_conditions(store: Store, asked: Filter) -> tuple[dict[str, str], dict[str, Any]]:
    if not asked:
        return {"where": "true"}, {}
    where = row_where(asked, store.known, "categories")
    keys = f"SELECT list(c.category_key) FROM category_facts c WHERE {where.sql}"
    return {"where": f"list_has_any(a.category_ids, coalesce(({keys}), []))"}, dict(where.parameters)


def _finding_conditions(store: Store, ask: Ask) -> tuple[dict[str, str], dict[str, Any]]:
    """A chosen gap picks the rule; the other facets pick the rows."""
    rest = ask.filter.having(FACETS[-1], ())
    flows, vendors, categories = (
        flow_where(rest, store.known),
        row_where(rest, store.known, "vendors"),
        row_where(rest, store.known, "categories"),
    )
    values: dict[str, Any] = {**flows.parameters, **vendors.parameters, **categories.parameters}
    codes = (ask.rule,) if ask.rule else ask.filter.gaps
    rules = Where("true", {})
    if codes:
        rules = Where(
            f"r.code IN ({', '.join(f'$code_{index}' for index in range(len(codes)))})", {f"code_{i}": code for i, code in enumerate(codes)}
        )
    if ask.severities:
        listed = {f"severity_{index}": severity for index, severity in enumerate(ask.severities)}
        rules = Where(f"{rules.sql} AND r.severity IN ({', '.join('$' + name for name in listed)})", rules.parameters | listed)
    texts = {
        "rules": rules.sql,
        "where": flows.sql,
        "vendors": vendors.sql,
        "categories": categories.sql,
        "others": "false" if rest else "true",
    }
    return texts, values | rules.parameters
