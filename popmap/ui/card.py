"""A vendor's or category's card: every cell with the words it rests on, its flows and its findings."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from popmap.cards import Card, Fact, FindingFact, FlowFact, Quote
from popmap.facets import LABELS
from popmap.ui.style import CARD
from popmap.ui.text import NOT_STATED, counted, markdown, markup

_WORDS = {"legal_basis": "basis", "role": "role"}


def show_card(card: Card) -> None:
    """Show a card."""
    place = f"{card.table} row {card.file_row}" if card.file_row is not None else f"no row in {card.table}; only flows name it"
    aliases = f" · also written {', '.join(markup(alias) for alias in card.aliases)}" if card.aliases else ""
    parts = [
        CARD,
        '<div class="popmap-card">',
        f"<p>{markup(card.key)} · {markup(place)}{aliases}</p>",
        _findings(card.findings),
        _flows(card),
        "<h4>Cells</h4>",
        "<table><thead><tr><th>Column</th><th>Value</th><th>Rests on</th></tr></thead><tbody>",
        *(_fact(fact, card.title) for fact in card.facts),
        *(_extra(name, value) for name, value in card.extra),
        "</tbody></table></div>",
    ]
    with st.container(border=True):
        st.subheader(markdown(card.title), anchor=False)
        st.html("".join(parts))


def _fact(fact: Fact, title: str) -> str:
    value = title if fact.name == "name" else fact.value
    words = LABELS.get(_WORDS.get(fact.name, ""), {})
    cell = _blank() if value is None else markup(words.get(value, value))
    label = fact.name.replace("_", " ").removesuffix(" id").capitalize()
    return (
        f'<tr><th scope="row" title="{markup(fact.meaning)}">{markup(label)}</th><td>{cell}</td><td>{_quotes(fact.quotes, value)}</td></tr>'
    )


def _extra(name: str, value: str) -> str:
    return f'<tr><th scope="row">{markup(name)}</th><td>{markup(value)}</td><td>a column popmap does not know</td></tr>'


def _quotes(quotes: Iterable[Quote], value: str | None) -> str:
    shown = [
        " ".join(
            part
            for part in (
                f'<span class="tag">{markup(quote.status or NOT_STATED)}</span>',
                f"<q>{markup(quote.text)}</q>" if quote.text else "",
                markup(", ".join(word for word in (quote.locator, quote.source) if word)),
                markup(quote.confirmed),
            )
            if part
        )
        for quote in quotes
    ]
    return "<br>".join(shown) or ("" if value is None else "no evidence")


def _flows(card: Card) -> str:
    if not card.flows:
        return f"<h4>Flows</h4><p>No flow names this {'vendor' if card.table == 'vendors' else 'category'}.</p>"
    heading = "Receives" if card.table == "vendors" else "Goes to"
    more = card.flow_count - len(card.flows)
    rows = "".join(_flow(flow) for flow in card.flows)
    rest = f"<p>and {more:,} more flows, in the table of flows on the data map</p>" if more > 0 else ""
    return (
        f"<h4>{heading}: {markup(counted(card.flow_count, 'flow'))}</h4><table><thead><tr>"
        f"<th>{'Category' if card.table == 'vendors' else 'Vendor'}</th><th>Purpose</th><th>Legal basis</th><th>Condition</th>"
        f"<th>Rests on</th></tr></thead><tbody>{rows}</tbody></table>{rest}"
    )


def _flow(flow: FlowFact) -> str:
    basis = LABELS["basis"].get(flow.legal_basis or "", flow.legal_basis)
    cells = "".join(f"<td>{_blank() if cell is None else markup(cell)}</td>" for cell in (flow.purpose, basis, flow.condition))
    return f'<tr><th scope="row">{markup(flow.other or flow.other_key)}</th>{cells}<td>{_quotes(flow.quotes, "")}</td></tr>'


def _findings(findings: Iterable[FindingFact]) -> str:
    rows = "".join(
        f'<tr><td><span class="tag">{markup(finding.severity)}</span></td><th scope="row">{markup(finding.title)}</th>'
        f"<td>{markup(finding.article)}</td><td>{markup(_about(finding))}</td><td>{markup(finding.hint)}</td></tr>"
        for finding in findings
    )
    if not rows:
        return "<h4>Findings</h4><p>No gap rule hits it.</p>"
    return (
        "<h4>Findings</h4><table><thead><tr><th>Severity</th><th>What</th><th>Article</th><th>About</th><th>What to do</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _about(finding: FindingFact) -> str:
    return finding.detail or (counted(finding.flows, "flow") if finding.flows else "this row")


def _blank() -> str:
    return f'<span class="blank">{NOT_STATED}</span>'
