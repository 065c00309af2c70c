"""The gaps page's parts: the rules that hit something, and one rule with its rows."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import streamlit as st

from popmap.counting import RuleHits
from popmap.tables import Ask
from popmap.ui.page import View
from popmap.ui.state import read_key, write_key
from popmap.ui.table import register_table
from popmap.ui.text import counted, markdown

SEVERITIES = ("error", "warning", "note")
_MARKS = {"error": "⬤ error", "warning": "◐ warning", "note": "○ note"}
_ICONS = {"error": ":material/error:", "warning": ":material/warning:", "note": ":material/info:"}
_TABLE = "gap_rules"
_ROW_COLUMNS = ("row_no", "subject", "column_name", "value", "detail")


def severity_filter(rules: list[RuleHits]) -> list[RuleHits]:
    """Show filters by severity, article and table, and return the rules that pass."""
    left, middle, right = st.columns([1.4, 1, 1], vertical_alignment="bottom")
    severities = left.segmented_control(
        "Severity",
        SEVERITIES,
        selection_mode="multi",
        key="severity",
        bind="query-params",
        format_func=lambda severity: severity,
        help="Errors break a duty or the register; warnings are likely gaps; notes are worth knowing.",
    )
    articles = middle.multiselect(
        "Article", sorted({rule.article for rule in rules if rule.article}), key="article", bind="query-params", placeholder="All"
    )
    names = right.multiselect("Table", sorted({rule.table for rule in rules}), key="table", bind="query-params", placeholder="All")
    return [
        rule
        for rule in rules
        if (not severities or rule.severity in severities)
        and (not articles or rule.article in articles)
        and (not names or rule.table in names)
    ]


def rule_table(rules: list[RuleHits]) -> None:
    """Show the rules with their hits; a chosen row writes its rule to the URL."""
    rows = pa.table(
        {
            "severity": [_MARKS.get(rule.severity, rule.severity) for rule in rules],
            "finding": [rule.title for rule in rules],
            "hits": [rule.hits for rule in rules],
            "article": [rule.article for rule in rules],
            "table": [rule.table for rule in rules],
            "hint": [rule.hint for rule in rules],
        }
    )
    st.session_state["gap_codes"] = [rule.code for rule in rules]
    st.dataframe(
        rows,
        key=_TABLE,
        hide_index=True,
        width="stretch",
        height="auto",
        on_select=_choose,
        selection_mode="single-row",
        column_config={
            "severity": st.column_config.Column("Severity", width="small"),
            "finding": st.column_config.Column("Finding", width="medium"),
            "hits": st.column_config.Column("Rows", width="small", help="How many rows it is about."),
            "article": st.column_config.Column("Article", width="medium"),
            "table": st.column_config.Column("Table", width="small"),
            "hint": st.column_config.Column("What to do", width="large"),
        },
    )


def rule_panel(view: View, rules: list[RuleHits]) -> None:
    """Show the chosen rule: why it matters, what to do, and its rows."""
    code = read_key("rule")
    rule = next((rule for rule in rules if rule.code == code), None)
    if not rule:
        st.caption("Choose a finding to see why it matters, what to do and each row it is about.")
        return
    with st.container(border=True):
        st.subheader(markdown(rule.title), anchor=False)
        own = " · a rule of this register" if rule.own else ""
        st.markdown(
            f"{_ICONS.get(rule.severity, '')} {markdown(rule.severity)} · {markdown(rule.article)} · {counted(rule.hits, 'row')}{own}"
        )
        st.markdown(f"**Why it matters.** {markdown(rule.why)}")
        st.markdown(f"**What to do.** {markdown(rule.hint)}")
        chosen = register_table(
            view, "findings", replace(Ask(view.asked), rule=rule.code), noun=("row", "rows"), show_key="finding", default=_ROW_COLUMNS
        )
        if chosen:
            _link(rule, chosen)


def _link(rule: RuleHits, row: str) -> None:
    """Show a link to the row a finding is about."""
    if rule.table in ("vendors", "categories"):
        st.page_link(
            f"pages/explore/{rule.table}.py", label=f"Open {markdown(row)}", icon=":material/open_in_new:", query_params={"show": row}
        )
    elif rule.table == "flows" and "/" in row:
        category, vendor, *_ = row.split("/", 2)
        st.page_link(
            "pages/explore/data_map.py",
            label=f"Show {markdown(category)} → {markdown(vendor)} on the data map",
            icon=":material/open_in_new:",
            query_params={"category": category, "vendor": vendor},
        )
    else:
        st.caption(f"{markdown(rule.table)}: {markdown(row)}")


def _choose() -> None:
    chosen = st.session_state[_TABLE]["selection"]["rows"]
    codes = st.session_state["gap_codes"]
    write_key("rule", codes[chosen[0]] if chosen and chosen[0] < len(codes) else "")
    # A row of the rule before would be taken for one of this rule.
    write_key("finding", "")
