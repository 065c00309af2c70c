"""The overview's parts: numbers, a paragraph for a report, ways in, the worst findings, what is stated, and the sources.

Tables here are markup: they are short, they print (a data grid is a canvas and prints empty), and one element holds them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from popmap.counting import rule_hits
from popmap.store import Store
from popmap.summary import Covered, covered, numbers, paragraph
from popmap.ui.navigation import page
from popmap.ui.style import OVERVIEW
from popmap.ui.text import NOT_STATED, SEVERITY_MARKS, Html, markdown, markup
from popmap.ui.view import View

_LABELS = {"flows": "Flows", "categories": "Categories", "vendors": "Vendors", "companies": "Companies stated", "sections": "Sections"}
_TOP = 6


def headline(view: View) -> None:
    """Show the register in numbers and as a paragraph to paste into a report."""
    boxes, words = view.store.remember(("headline", view.asked), lambda: (_boxes(view), paragraph(view.store, view.asked)))
    st.html(Html(boxes))
    st.code(words, language=None, wrap_lines=True)


def ways_in(view: View) -> None:
    """Show each reader where to begin."""
    short = markdown(view.store.fingerprint[:12])
    with st.container(horizontal=True, key="ways_in"):
        for name, words in (
            ("data_map", "**Data map.** Explore as a data protection officer: which categories go to which vendors, and why."),
            (
                "questionnaire",
                "**Questionnaire.** Answer a customer: their questions, from the rows and the words behind them, in their own file.",
            ),
            ("gaps", f"**Gaps.** Prove it to an auditor: what is missing, by article. Every export carries the fingerprint {short}."),
        ):
            st.page_link(page(name), label=words, width="stretch")


def details(view: View) -> str:
    """Return the markup of the worst findings, what is stated, and the sources."""
    return view.store.remember(("details", view.asked), lambda: _details(view))


def _boxes(view: View) -> str:
    counts = numbers(view.store, view.asked)
    boxes = "".join(f"<div><dt>{_LABELS[name]}</dt><dd>{number:,}</dd></div>" for name, number in counts.items())
    return f'{OVERVIEW}<dl class="popmap-boxes">{boxes}</dl>'


def _details(view: View) -> str:
    return (
        f'<div class="popmap"><div class="popmap-pair"><section><h2>Top findings</h2>{_findings(view)}</section>'
        f"<section><h2>What is stated</h2>{_stated(covered(view.store, view.asked))}</section></div>"
        f"<h2>Sources</h2>{_sources(view.store)}</div>"
    )


def _findings(view: View) -> str:
    rows = [
        f'<td class="short"><span aria-hidden="true">{SEVERITY_MARKS.get(rule.severity, "")}</span> {markup(rule.severity)}</td>'
        f'<th scope="row">{markup(rule.title)}</th><td class="number">{rule.hits:,}</td><td>{markup(rule.article)}</td>'
        for rule in rule_hits(view.store, view.asked)[:_TOP]
    ]
    if not rows:
        return '<p class="note">No gap rule hits.</p>'
    return _table(("Severity", "Finding", "Rows", "Article"), rows, numeric=("Rows",))


def _stated(facts: Iterable[Covered]) -> str:
    rows = []
    for fact in facts:
        share = 100 * fact.stated / fact.rows if fact.rows else 0.0
        rows.append(
            f'<th scope="row">{markup(fact.fact.capitalize())}</th>'
            f'<td class="short">{fact.stated:,} of {fact.rows:,} {markup(fact.about)}</td>'
            f'<td class="share"><span class="bar" aria-hidden="true"><span style="width:{share:.1f}%"></span></span></td>'
            f"<td>{markup(fact.article)}</td>"
        )
    return _table(("What is asked for", "Stated", "Share", "Asked for by"), rows)


def _sources(store: Store) -> str:
    sources = store.settings.sources
    if not sources:
        return '<p class="note">register.toml names no source. Add [[sources]] so that readers can see what the register rests on.</p>'
    rows = [
        f'<th scope="row">{_cell(source.get("title"))}</th>'
        + "".join(f"<td>{_cell(source.get(key))}</td>" for key in ("retrieved_on", "url", "file", "sha256"))
        for source in sources
    ]
    return _table(("Source", "Retrieved on", "Address", "Kept as", "SHA-256"), rows)


def _cell(value: object) -> str:
    return markup(value) if value else f'<span class="blank">{NOT_STATED}</span>'


def _table(headings: Sequence[str], rows: Iterable[str], numeric: Sequence[str] = ()) -> str:
    head = "".join(f'<th scope="col"{" class=number" if name in numeric else ""}>{name}</th>' for name in headings)
    return f'<table class="popmap-grid"><thead><tr>{head}</tr></thead><tbody>{"".join(f"<tr>{row}</tr>" for row in rows)}</tbody></table>'
