"""The overview's parts: numbers, a paragraph for a report, what is stated, the sources, and ways in."""

from __future__ import annotations

import pyarrow as pa
import streamlit as st

from popmap.counting import rule_hits
from popmap.store import Store
from popmap.summary import covered, numbers, paragraph
from popmap.ui.page import View
from popmap.ui.text import NOT_STATED, markdown

_LABELS = {"flows": "Flows", "categories": "Categories", "vendors": "Vendors", "companies": "Companies stated", "sections": "Sections"}
_TOP = 6


def headline(view: View) -> None:
    """Show the register in numbers and as a paragraph to paste into a report."""
    with st.container(horizontal=True):
        for name, number in numbers(view.store, view.asked).items():
            st.metric(_LABELS[name], f"{number:,}", border=True)
    st.code(paragraph(view.store, view.asked), language=None, wrap_lines=True)


def statements(view: View) -> None:
    """Show how much of what the GDPR asks for is stated."""
    table = view.store.remember(("covered table", view.asked), lambda: _covered(view))
    st.dataframe(
        table,
        key="covered",
        hide_index=True,
        width="stretch",
        height=_height(table),
        column_config={
            "fact": st.column_config.Column("What is asked for"),
            "stated": st.column_config.Column("Stated"),
            "share": st.column_config.ProgressColumn("Share", min_value=0, max_value=100, format="%.0f %%", color="#3f7fc4"),
            "article": st.column_config.Column("Asked for by"),
        },
    )


def _covered(view: View) -> pa.Table:
    facts = covered(view.store, view.asked)
    return pa.table(
        {
            "fact": [fact.fact.capitalize() for fact in facts],
            "stated": [f"{fact.stated:,} of {fact.rows:,} {fact.about}" for fact in facts],
            "share": [100 * fact.stated / fact.rows if fact.rows else 0.0 for fact in facts],
            "article": [fact.article for fact in facts],
        }
    )


def top_findings(view: View) -> None:
    """Show the findings that matter most, and the way to all of them."""
    table = view.store.remember(("top findings", view.asked), lambda: _top(view))
    if not table.num_rows:
        st.success("No gap rule hits.", icon=":material/check_circle:")
        return
    st.dataframe(
        table,
        key="top_findings",
        hide_index=True,
        width="stretch",
        height=_height(table),
        column_config={
            "severity": st.column_config.Column("Severity", width="small"),
            "finding": st.column_config.Column("Finding"),
            "rows": st.column_config.Column("Rows", width="small"),
            "article": st.column_config.Column("Article"),
        },
    )


def _top(view: View) -> pa.Table:
    rules = rule_hits(view.store, view.asked)[:_TOP]
    return pa.table(
        {
            "severity": [rule.severity for rule in rules],
            "finding": [rule.title for rule in rules],
            "rows": [rule.hits for rule in rules],
            "article": [rule.article for rule in rules],
        }
    )


def _height(table: pa.Table) -> int:
    return 35 * (table.num_rows + 1) + 3


def sources(store: Store) -> None:
    """Show what the register was read from."""
    settings = store.settings
    if not settings.sources:
        st.info(
            "register.toml names no source. Add [[sources]] so that readers can see what the register rests on.",
            icon=":material/description:",
        )
        return
    rows = [
        {key: source.get(key) or NOT_STATED for key in ("title", "retrieved_on", "url", "file", "sha256")} for source in settings.sources
    ]
    st.dataframe(
        pa.Table.from_pylist(rows),
        key="sources",
        hide_index=True,
        width="stretch",
        height="auto",
        column_config={
            "title": st.column_config.Column("Source", width="large"),
            "retrieved_on": st.column_config.Column("Retrieved on", width="small"),
            "url": st.column_config.Column("Address"),
            "file": st.column_config.Column("Kept as"),
            "sha256": st.column_config.Column("SHA-256"),
        },
    )


def ways_in(view: View) -> None:
    """Show each reader where to begin."""
    explore, answer, prove = st.columns(3, border=True)
    with explore:
        st.markdown("**Explore** as a data protection officer: which categories go to which vendors, and why.")
        st.page_link("pages/explore/data_map.py", label="Data map", icon=":material/account_tree:")
    with answer:
        st.markdown("**Answer** a customer: who the vendors are, what each receives, and the words behind it.")
        st.page_link("pages/explore/vendors.py", label="Vendors", icon=":material/apartment:")
    with prove:
        short = markdown(view.store.fingerprint[:12])
        st.markdown(f"**Prove** it to an auditor: what is missing, by article. Every export carries the fingerprint {short}.")
        st.page_link("pages/explore/gaps.py", label="Gaps", icon=":material/rule:")
