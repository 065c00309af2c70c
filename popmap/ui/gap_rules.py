"""Which gap rules the gaps page shows: those that hit something, narrowed by what its address asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from popmap.counting import RuleHits, rule_hits
from popmap.filters import Filter
from popmap.store import Store
from popmap.ui.state import Query, choices_in

SEVERITIES = ("error", "warning", "note")
# In the URL, and of RuleHits.
SEVERITY, ARTICLE, TABLE = "severity", "article", "table"


def rules_of(store: Store, asked: Filter) -> list[RuleHits]:
    """Return the rules that hit something behind a filter, worst first."""
    return rule_hits(store, asked)


def offered_of(rules: Sequence[RuleHits]) -> dict[str, Sequence[str]]:
    """Return what rules can be narrowed by, by key: every severity, and each article they rest on and table they are about once."""
    return {
        SEVERITY: SEVERITIES,
        ARTICLE: sorted({rule.article for rule in rules if rule.article}),
        TABLE: sorted({rule.table for rule in rules}),
    }


def chosen_of(query: Query, offered: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return what a URL narrows rules to, by key; values that are not offered are taken out of it."""
    return {key: choices_in(query, key, allowed) for key, allowed in offered.items()}


def passing(chosen: Mapping[str, Sequence[str]], rules: Sequence[RuleHits]) -> list[RuleHits]:
    """Return the rules that have one of the values chosen of each key, any where none is chosen."""
    wanted = {key: values for key, values in chosen.items() if values}
    return [rule for rule in rules if all(getattr(rule, key) in values for key, values in wanted.items())]
