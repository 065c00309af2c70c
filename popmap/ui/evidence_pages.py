"""What stands on each page's evidence view: all that the page shows, whole, with no control to hide it."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from popmap import tables, views
from popmap.cards import card
from popmap.counting import RuleHits
from popmap.store import Store
from popmap.summary import covered, numbers, paragraph
from popmap.tables import Ask
from popmap.ui.arrangement import arranged
from popmap.ui.evidence_card import card_parts
from popmap.ui.evidence_map import map_parts
from popmap.ui.gap_rules import chosen_of, offered_of, passing, rules_of
from popmap.ui.map_options import asked_options
from popmap.ui.paper import MOST_ROWS, TAKE_ALL, Grid, Heading, Part, Words, cell, cut_note
from popmap.ui.shown_rows import as_read, own_columns
from popmap.ui.state import value_in
from popmap.ui.table import PAGE_ROWS
from popmap.ui.text import NOT_STATED, counted
from popmap.ui.view import View

_NUMBERS = {"flows": "Flows", "categories": "Categories", "vendors": "Vendors", "companies": "Companies stated", "sections": "Sections"}
_FINDING_COLUMNS = ("row_no", "subject", "column_name", "value", "detail")
_SOURCE_FACTS = ("title", "retrieved_on", "url", "file", "sha256")


def overview(view: View) -> list[Part]:
    """Return the register in numbers and words, all rules that hit, what is stated, and the sources."""
    store, asked = view.store, view.asked
    counts = numbers(store, asked)
    stated = [
        (fact.fact.capitalize(), f"{fact.stated:,} of {fact.rows:,} {fact.about}", _share(fact.stated, fact.rows), fact.article)
        for fact in covered(store, asked)
    ]
    return [
        Words(paragraph(store, asked)),
        Grid("In numbers", tuple(_NUMBERS[name] for name in counts), [tuple(f"{count:,}" for count in counts.values())]),
        Heading("What is stated"),
        Grid("What is stated", ("What is asked for", "Stated", "Share", "Asked for by"), stated, frozenset({2})),
        Heading("Findings by rule"),
        *_rules(rules_of(store, asked)),
        Heading("Sources"),
        *_sources(store),
    ]


def data_map(view: View) -> list[Part]:
    """Return the picture, what it shows in words, and all flows."""
    return [
        *map_parts(view, asked_options(view.query)),
        Heading(counted(view.flows, "flow")),
        *_table(view, "flows", "No flow matches."),
    ]


def vendors(view: View) -> list[Part]:
    """Return all vendors, and the chosen one's card."""
    return _listed(view, "vendors", ("vendor", "vendors"))


def categories(view: View) -> list[Part]:
    """Return all categories, and the chosen one's card."""
    return _listed(view, "categories", ("category", "categories"))


def gaps(view: View) -> list[Part]:
    """Return all rules that hit something, and each one's rows; only the chosen one's where one is chosen."""
    rules = rules_of(view.store, view.asked)
    rules = passing(chosen_of(view.query, offered_of(rules)), rules)
    if not rules:
        return [Words("No gap rule hits what is shown.")]
    total = sum(rule.hits for rule in rules)
    code = value_in(view.query, "rule")
    chosen = [rule for rule in rules if rule.code == code] or rules
    parts: list[Part] = [
        Words(f"from {counted(len(rules), 'rule')}", counted(total, "finding")),
        *_rules(rules, hints=True),
    ]
    left = MOST_ROWS
    for rule in chosen:
        parts += _rule(view, rule, left)
        left -= min(left, rule.hits)
    return parts


def _listed(view: View, name: str, noun: tuple[str, str]) -> list[Part]:
    total = tables.count(view.store, name, Ask(view.asked))
    parts: list[Part] = [Heading(counted(total, *noun)), *_table(view, name, f"No {noun[0]} matches.")]
    chosen = value_in(view.query, "show")
    if not chosen:
        return parts
    known = card(view.store, name, chosen, internal=not view.public)
    return [*parts, *(card_parts(known) if known else [Words(f"The {noun[0]} this link shows is not in the register.")])]


def _table(view: View, name: str, empty: str) -> list[Part]:
    """Return a table in the columns and order that the page's address asks for."""
    ask = Ask(view.asked)
    total = tables.count(view.store, name, ask)
    if not total:
        return [Words(empty)]
    shown = views.seen(name, internal=not view.public)
    found = arranged(shown, own_columns(name), -(-total // PAGE_ROWS), view.query, view.turned)
    ask = replace(ask, sort=found.sort, descending=found.descending, limit=MOST_ROWS)
    rows = tables.fetch(view.store, name, ask, internal=not view.public)
    parts: list[Part] = []
    if found.sort:
        parts.append(Words(f"{shown.column(found.sort).label}, from {'high to low' if found.descending else 'low to high'}", "Sorted by"))
    return [*parts, *cut_note(rows.num_rows, total), _grid(shown, as_read(rows, found.columns))]


def _grid(shown: views.View, rows: pa.Table) -> Grid:
    columns = [[cell(each) for each in rows[name].to_pylist()] for name in rows.column_names]
    numeric = frozenset(at for at, name in enumerate(rows.column_names) if pa.types.is_integer(rows[name].type))
    return Grid(shown.title, tuple(shown.column(name).label for name in rows.column_names), list(zip(*columns, strict=True)), numeric)


def _rules(rules: list[RuleHits], hints: bool = False) -> list[Part]:
    if not rules:
        return [Words("No gap rule hits.")]
    rows = [(rule.title, rule.severity, f"{rule.hits:,}", cell(rule.article), rule.table, cell(rule.hint)) for rule in rules]
    headings: tuple[str, ...] = ("Finding", "Severity", "Rows", "Article", "Table", "What to do")
    if not hints:
        headings, rows = headings[:-1], [row[:-1] for row in rows]
    return [Grid("Findings by rule", headings, rows, frozenset({2}))]


def _rule(view: View, rule: RuleHits, most: int) -> list[Part]:
    """Return a rule with its rows, of which no more than `most` are listed."""
    own = " · a rule of this register" if rule.own else ""
    parts: list[Part] = [
        Heading(f"{rule.title} · {counted(rule.hits, 'row')}"),
        Words(f"{rule.severity} · {rule.article or NOT_STATED} · {rule.table}{own}. {rule.why}"),
    ]
    if not most:
        none = f"None of its {rule.hits:,} rows is listed here, which lists {MOST_ROWS:,} rows. {TAKE_ALL}"
        return [*parts, Words(none, "Not all rows.", weighty=True)]
    ask = replace(Ask(view.asked), rule=rule.code, limit=most)
    rows = tables.fetch(view.store, "findings", ask, internal=not view.public)
    several = len(set(rows["table_name"].to_pylist())) > 1
    names = (*_FINDING_COLUMNS[:2], "table_name", *_FINDING_COLUMNS[2:]) if several else _FINDING_COLUMNS
    # A finding without a row or a detail leaves nothing unsaid; a cell that is empty is what it is about.
    blank = {name for name in ("row_no", "detail", "column_name") if not any(rows[name].to_pylist())}
    kept = [name for name in names if name not in blank]
    columns = [[cell(each) if name == "value" else "" if each is None else cell(each) for each in rows[name].to_pylist()] for name in kept]
    shown = views.view("findings")
    headings = tuple(shown.column(name).label for name in kept)
    grid = Grid(rule.title, headings, list(zip(*columns, strict=True)), frozenset({0}) if "row_no" in kept else frozenset())
    return [*parts, *cut_note(rows.num_rows, rule.hits), grid]


def _share(stated: int, rows: int) -> str:
    return f"{100 * stated / rows:.0f} %" if rows else "–"


def _sources(store: Store) -> list[Part]:
    if not store.settings.sources:
        return [Words("register.toml names no source.")]
    rows = [tuple(cell(source.get(fact)) for fact in _SOURCE_FACTS) for source in store.settings.sources]
    return [Grid("Sources", ("Source", "Retrieved on", "Address", "Kept as", "SHA-256"), rows)]
