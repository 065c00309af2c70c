"""Which gap rules the gaps page shows: those that hit something, narrowed by what its address asks for."""

from __future__ import annotations

from collections.abc import Sequence

from popmap.counting import RuleHits, rule_hits
from popmap.filters import Filter
from popmap.store import Store
from popmap.ui.state import Query, choices_in

SEVERITIES = ("error", "warning", "note")
SEVERITY, ARTICLE, TABLE = "severity", "article", "table"


def rules_of(store: Store, asked: Filter) -> list[RuleHits]:
    """Return the rules that hit something behind a filter, worst first."""
    return rule_hits(store, asked)


def articles(rules: Sequence[RuleHits]) -> list[str]:
    """Return the articles that rules rest on, each once."""
    return sorted({rule.article for rule in rules if rule.article})


def names(rules: Sequence[RuleHits]) -> list[str]:
    """Return the tables that rules are about, each once."""
    return sorted({rule.table for rule in rules})


def chosen_of(query: Query, rules: Sequence[RuleHits]) -> dict[str, tuple[str, ...]]:
    """Return what a URL narrows the rules to, by key; values that no rule has are taken out of it."""
    offered = {SEVERITY: SEVERITIES, ARTICLE: articles(rules), TABLE: names(rules)}
    return {key: choices_in(query, key, allowed) for key, allowed in offered.items()}


def passing(query: Query, rules: Sequence[RuleHits]) -> list[RuleHits]:
    """Return the rules that a URL narrows to."""
    chosen = chosen_of(query, rules)
    return [
        rule
        for rule in rules
        if (not chosen[SEVERITY] or rule.severity in chosen[SEVERITY])
        and (not chosen[ARTICLE] or rule.article in chosen[ARTICLE])
        and (not chosen[TABLE] or rule.table in chosen[TABLE])
    ]
