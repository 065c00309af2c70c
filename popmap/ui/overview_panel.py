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
    facts = covered(view.store, view.asked)
    table = pa.table(
        {
            "fact": [fact.fact.capitalize() for fact in facts],
            "stated": [f"{fact.stated:,} of {fact.rows:,} {fact.about}" for fact in facts],
            "share": [100 * fact.stated / fact.rows if fact.rows else 0.0 for fact in facts],
            "article": [fact.article for fact in facts],
        }
    )
    st.dataframe(
        table,
        key="covered",
        hide_index=True,
        width="stretch",
        height="auto",
        column_config={
            "fact": st.column_config.Column("What is asked for"),
            "stated": st.column_config.Column("Stated"),
            "share": st.column_config.ProgressColumn("Share", min_value=0, max_value=100, format="%.0f %%", color="#0b5cad"),
            "article": st.column_config.Column("Asked for by"),
        },
    )


def top_findings(view: View) -> None:
    """Show the findings that matter most, and the way to all of them."""
    rules = rule_hits(view.store, view.asked)
    if not rules:
        st.success("No gap rule hits.", icon=":material/check_circle:")
        return
    table = pa.table(
        {
            "severity": [rule.severity for rule in rules[:_TOP]],
            "finding": [rule.title for rule in rules[:_TOP]],
            "rows": [rule.hits for rule in rules[:_TOP]],
            "article": [rule.article for rule in rules[:_TOP]],
        }
    )
    st.dataframe(
        table,
        key="top_findings",
        hide_index=True,
        width="stretch",
        height="auto",
        column_config={
            "severity": st.column_config.Column("Severity", width="small"),
            "finding": st.column_config.Column("Finding"),
            "rows": st.column_config.Column("Rows", width="small"),
            "article": st.column_config.Column("Article"),
        },
    )
    st.page_link("pages/explore/gaps.py", label="All findings, and what to do", icon=":material/rule:")


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
    explore, answer, prove = st.columns(3)
    with explore.container(border=True, height="stretch"):
        st.markdown("**Explore** · data protection officer")
        st.page_link("pages/explore/data_map.py", label="See which categories go to which vendors", icon=":material/account_tree:")
        st.page_link("pages/explore/gaps.py", label="Work through the gaps, article by article", icon=":material/rule:")
    with answer.container(border=True, height="stretch"):
        st.markdown("**Answer** · sales and support")
        st.page_link("pages/explore/vendors.py", label="List the vendors and what each receives", icon=":material/apartment:")
        st.page_link("pages/explore/categories.py", label="Look up a category of personal data", icon=":material/category:")
    with prove.container(border=True, height="stretch"):
        st.markdown("**Prove** · audits")
        st.page_link("pages/explore/vendors.py", label="Open a vendor: the words behind each cell", icon=":material/format_quote:")
        st.markdown(f"Fingerprint `{markdown(view.store.fingerprint[:16])}` names this content; every export carries it.")
