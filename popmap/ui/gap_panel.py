"""The gaps page's parts: the rules that hit something, and one rule with its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

import pyarrow as pa
import streamlit as st

from popmap.counting import RuleHits
from popmap.tables import Ask
from popmap.ui.edit_panel import edit_link
from popmap.ui.gap_rules import ARTICLE, SEVERITIES, SEVERITY, TABLE, chosen_of, offered_of, passing
from popmap.ui.navigation import page
from popmap.ui.page import hint
from popmap.ui.state import PAGE_KEY, value_in, write_keys
from popmap.ui.table import Shown, register_table
from popmap.ui.text import SEVERITY_MARKS, counted, markdown
from popmap.ui.view import View

_ICONS = {"error": ":material/error:", "warning": ":material/warning:", "note": ":material/info:"}
_TABLE = "gap_rules"
_COLUMNS: Any = {
    "severity": Shown(label="Severity", width="small"),
    "finding": Shown(label="Finding", width="medium"),
    "hits": Shown(label="Rows", width="small", help="How many rows it is about."),
    "article": Shown(label="Article", width="medium"),
    "table": Shown(label="Table", width="small"),
    "hint": Shown(label="What to do", width="large"),
}
_ROW_COLUMNS = ("row_no", "subject", "column_name", "value", "detail")


def severity_filter(view: View, rules: list[RuleHits]) -> list[RuleHits]:
    """Show filters by severity, article and table, in the row it is called in, and return the rules that pass."""
    offered = offered_of(rules)
    chosen = chosen_of(view.query, offered)
    for key, values in chosen.items():
        st.session_state[key] = list(values)
    st.segmented_control(
        "Severity",
        SEVERITIES,
        selection_mode="multi",
        key=SEVERITY,
        format_func=lambda severity: severity,
        help="Errors break a duty or the register; warnings are likely gaps; notes are worth knowing.",
        on_change=_narrow,
        args=(SEVERITY,),
    )
    for label, key in (("Article", ARTICLE), ("Table", TABLE)):
        st.multiselect(label, offered[key], key=key, placeholder="All", on_change=_narrow, args=(key,))
    return passing(chosen, rules)


def _narrow(key: str) -> None:
    write_keys({key: list(st.session_state[key])})


def rule_table(view: View, rules: list[RuleHits]) -> None:
    """Show the rules with their hits; a chosen row writes its rule to the URL."""
    codes = tuple(rule.code for rule in rules)
    st.dataframe(
        view.store.remember(("rule table", view.asked, codes), lambda: _table(rules)),
        key=_TABLE,
        hide_index=True,
        width="stretch",
        height="auto",
        on_select=partial(_choose, codes),
        selection_mode="single-row",
        column_config=_COLUMNS,
        alt="Findings by rule",
    )


def _table(rules: list[RuleHits]) -> pa.Table:
    severities = [f"{SEVERITY_MARKS.get(rule.severity, '')} {rule.severity}".strip() for rule in rules]
    words = [severities, *([getattr(rule, name) for rule in rules] for name in ("title", "article", "table", "hint"))]
    # One array in pieces costs a third of five.
    whole = pa.array(list(chain.from_iterable(words)), pa.string())
    severity, title, article, table, hint = (whole.slice(at * len(rules), len(rules)) for at in range(len(words)))
    return pa.table([severity, title, pa.array([rule.hits for rule in rules], pa.int64()), article, table, hint], list(_COLUMNS))


def rule_panel(view: View, rules: list[RuleHits]) -> str:
    """Show the chosen rule: why it matters, what to do, and its rows; return markup of what to do where none is chosen."""
    code = value_in(view.query, "rule")
    rule = next((rule for rule in rules if rule.code == code), None)
    if not rule:
        return hint("Choose a finding to see why it matters, what to do and each row it is about.")
    with st.container(border=True):
        st.subheader(markdown(rule.title), anchor=False)
        own = " · a rule of this register" if rule.own else ""
        st.markdown(
            f"{_ICONS.get(rule.severity, '')} {markdown(rule.severity)} · {markdown(rule.article)} · {counted(rule.hits, 'row')}{own}"
        )
        st.markdown(f"**Why it matters.** {markdown(rule.why)}")
        st.markdown(f"**What to do.** {markdown(rule.hint)}")
        edit_link(view, rule.table, f"Edit {counted(rule.hits, 'row')}", gap=rule.code)
        chosen = register_table(
            view, "findings", replace(Ask(view.asked), rule=rule.code), noun=("row", "rows"), show_key="finding", default=_ROW_COLUMNS
        )
        if chosen:
            _link(rule, chosen)
    return ""


def _link(rule: RuleHits, row: str) -> None:
    """Show a link to the row a finding is about."""
    if rule.table in ("vendors", "categories"):
        st.page_link(page(rule.table), label=f"Open {markdown(row)}", icon=":material/open_in_new:", query_params={"show": row})
    elif rule.table == "flows" and "/" in row:
        category, vendor, *_ = row.split("/", 2)
        st.page_link(
            page("data_map"),
            label=f"Show {markdown(category)} → {markdown(vendor)} on the data map",
            icon=":material/open_in_new:",
            query_params={"category": category, "vendor": vendor},
        )
    else:
        st.caption(f"{markdown(rule.table)}: {markdown(row)}")


def _choose(codes: Sequence[str]) -> None:
    chosen = st.session_state[_TABLE]["selection"]["rows"]
    # A row or a page of the rule before would be taken for one of this rule.
    write_keys({"rule": [codes[chosen[0]]] if chosen and chosen[0] < len(codes) else [], "finding": [], PAGE_KEY: []})
