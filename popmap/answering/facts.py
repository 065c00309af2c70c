"""What the register holds for an intent: how much is stated, what it says, and the rows and words it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from popmap.answering import sql
from popmap.answering.lexicon import Intent, kinds
from popmap.answering.model import MOST_ROWS, Row
from popmap.filters import BY_KEY, Filter
from popmap.store import Store

MOST_ITEMS = 60
# Rows read for what they say; where there are more, the answer says that it is not all.
_MOST_READ = 1_000
_UNPROVEN = "f.row_no IN (SELECT row_no FROM unproven WHERE table_name = 'flows')"
_SOME = "f.row_no BETWEEN $low AND $high AND f.row_no IN (SELECT unnest($numbers::INTEGER[]))"
SETTINGS = "settings:"
_SETTINGS_TABLE = "register"
# What is asked where a country is named.
_IN_COUNTRY = {"locations": "flows_in", "transfers": "flows_in", "mechanisms": "mechanisms_in", "vendor_countries": "vendors_in"}
# A link by purposes is readable up to this many.
_MOST_PURPOSES = 40


@dataclass(frozen=True, slots=True)
class Facts:
    """What the register holds.

    Attributes:
        items: What the rows say, each once, at most MOST_ITEMS.
        whole: Whether these are all.
        total: Rows that could state something.
        stated: Rows that do.
        none: Rows that state that there is none.
        inferred: Of the stated, how many rest on what someone inferred.
        rows: The rows it rests on, at most MOST_ROWS.
        asked: The filter that shows them.
    """

    items: tuple[str, ...] = ()
    whole: bool = True
    total: int = 0
    stated: int = 0
    none: int = 0
    inferred: int = 0
    rows: tuple[Row, ...] = ()
    asked: Filter = field(default_factory=Filter)


def facts_of(store: Store, intent: Intent, argument: dict[str, tuple[str, ...]]) -> Facts:
    """Return what a register holds for an intent; asked once per register content.

    Args:
        store: The register.
        intent: What is asked.
        argument: Its arguments by facet, see `Match`; those the intent does not know are left aside.
    """
    narrowed = tuple((name, argument[name]) for name in intent.names if name in argument)
    key = ("facts", intent.key, narrowed)
    if intent.facts.startswith(SETTINGS) or intent.facts == "notice":
        return _of_settings(store, intent.facts.removeprefix(SETTINGS))
    return store.remember(key, lambda: _of_tables(store, intent, dict(narrowed)))


def without_role(store: Store) -> int:
    """Return how many vendors that receive data state no role."""
    ((count,),) = store.query(_sql("sub_processors_without_role"))
    return count


def gap_hits(store: Store, code: str) -> bool:
    """Return whether a gap rule found something in the register."""
    rows = store.query(
        "SELECT code FROM rules r WHERE EXISTS (SELECT 1 FROM findings g WHERE g.rule_no = r.rule_no) UNION ALL "
        "SELECT r.code FROM rules r JOIN (SELECT coalesce(bit_or(gaps), 0) AS gaps FROM flows) f "
        "ON r.flow_bit IS NOT NULL AND f.gaps & (1::UBIGINT << r.flow_bit) <> 0"
    )
    return (code,) in rows


def _of_tables(store: Store, intent: Intent, argument: dict[str, tuple[str, ...]]) -> Facts:
    values: dict[str, Any] = {"proof": list(intent.proof)}
    for facet in ("vendor", "category", "country"):
        if facet in argument:
            values[facet] = list(argument[facet])
    if "kind" in argument:
        chosen = [kinds()[kind] for kind in argument["kind"]]
        values |= {"uses": [use for kind in chosen for use in kind.uses], "words": "|".join(f"(?:{kind.words})" for kind in chosen)}
    named = " AND ".join(f"list_contains(${facet}::VARCHAR[], {facet}_key)" for facet in ("vendor", "category") if facet in argument)
    body = (
        sql.text(_IN_COUNTRY[intent.facts] if "country" in argument else intent.facts)
        .replace("{unnamed}", "false" if named else "true")
        .replace("{named}", named or "true")
    )

    def ask(question: str, more: dict[str, Any] | None = None, **texts: str) -> list[tuple[Any, ...]]:
        text = _sql(question, facts=body, **texts)
        return store.query(text, {name: value for name, value in (values | (more or {})).items() if f"${name}" in text})

    tables = ask("found", limit=str(_MOST_READ))
    total, stated, none = (sum(row[at] for row in tables) for at in range(1, 4))
    first = [(row[0], number) for row in tables for number in row[4 if stated else 5] or []]
    # Names and texts are put together for these rows only: there may be millions.
    flows = [number for table, number in first if table == "flows"]
    chosen = {"tables": [table for table, _ in first], "numbers": [number for _, number in first]}
    bounds = {"low": min(flows, default=0), "high": max(flows, default=-1)}
    told = ask("told", chosen | bounds, which="stated" if stated else "denied", only=_SOME) if first else []
    items = list(dict.fromkeys(item for *_, item in told if item)) if stated else []
    found = [(table, row_id, number) for table, row_id, number, _ in told[:MOST_ROWS]]
    return Facts(
        items=tuple(items[:MOST_ITEMS]),
        whole=len(items) <= MOST_ITEMS and len(first) == (stated or none),
        total=total,
        stated=stated,
        none=none,
        inferred=ask("inferred", only=_UNPROVEN)[0][0] if stated and _inferred_columns(store) & set(intent.proof) else 0,
        rows=_quoted(store, found, intent.proof),
        asked=_filter(store, intent, argument, [(table, row_id, number) for table, row_id, number, _ in told]),
    )


def _inferred_columns(store: Store) -> set[str]:
    return {column for (column,) in store.query("SELECT DISTINCT \"column\" FROM evidence WHERE status = 'inferred'")}


def _sql(question: str, **texts: str) -> str:
    text = sql.text(question).replace("{common}", sql.text("common")).replace("{only}", texts.pop("only", "true"))
    for name, value in texts.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _quoted(store: Store, found: list[tuple[str, str, int]], proof: tuple[str, ...]) -> tuple[Row, ...]:
    if not found:
        return ()
    quotes: dict[tuple[str, object], tuple[str, str]] = {}
    values = {
        "proof": list(proof),
        "ids": [row_id for table, row_id, _ in found if table != "flows"],
        "numbers": [number for table, _, number in found if table == "flows"],
    }
    for table, row_id, number, quote, locator in store.query(sql.text("quotes"), values):
        quotes[table, number if table == "flows" else row_id] = (quote or "", locator or "")
    return tuple(
        Row(table, row_id, *quotes.get((table, number if table == "flows" else row_id), ("", ""))) for table, row_id, number in found
    )


def _filter(store: Store, intent: Intent, argument: dict[str, tuple[str, ...]], found: list[tuple[str, str, int]]) -> Filter:
    """Return the filter that shows the rows of an answer."""
    chosen: dict[str, Iterable[str]] = {facet: argument[facet] for facet in ("vendor", "category") if facet in argument}
    if intent.key == "consent":
        chosen["basis"] = ("consent",)
    if "country" in argument and intent.key != "vendor-countries":
        chosen["country"] = argument["country"]
    elif intent.key == "transfers":
        chosen["transfer"] = ("adequacy", "safeguards", "no-mechanism")
    if intent.facts in ("special", "health", "biometric", "card", "children"):
        chosen["category"] = tuple(row_id for _, row_id, _ in found)
    if "kind" in argument:
        cells = {row_id.split("/", 2)[2] for _, row_id, _ in found}
        keys = [key for key, value in store.known["purpose"].items() if value.cell in cells]
        chosen["purpose" if len(keys) <= _MOST_PURPOSES else "use"] = keys if len(keys) <= _MOST_PURPOSES else ()
    asked = Filter()
    for facet, keys in chosen.items():
        asked = asked.having(BY_KEY[facet], (key for key in keys if key in store.known[facet]))
    return asked


def _of_settings(store: Store, name: str) -> Facts:
    settings = store.settings
    if name == "objection":
        return _stated(["" if settings.objection_days is None else str(settings.objection_days)], "objection_period_days")
    if name == "joint_controllers":
        return _stated(list(settings.joint_controllers), name)
    if name == "notice":
        items = [(source["id"], f"{source['title']} ({source['url']})") for source in settings.notices]
        return Facts(
            tuple(item for _, item in items),
            total=len(items),
            stated=len(items),
            rows=tuple(Row(_SETTINGS_TABLE, f"sources/{key}") for key, _ in items),
        )
    said: dict[str, str] = getattr(settings, name)
    keys = [key for key in ("name", "address", "contact") if said.get(key)]
    # A contact without a name does not say who it is; a name alone does.
    return _stated([", ".join(said[key] for key in keys)] if said.get("name") else [], name)


def _stated(items: list[str], name: str) -> Facts:
    items = [item for item in items if item]
    rows = (Row(_SETTINGS_TABLE, name),) if items else ()
    return Facts(tuple(items), total=len(items), stated=len(items), rows=rows)
