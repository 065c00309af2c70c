"""A vendor's or category's card on paper: every cell with the words it rests on, its flows and its findings, whole."""

from __future__ import annotations

from collections.abc import Iterable

from popmap.cards import Card, Fact, Quote
from popmap.facets import LABELS
from popmap.ui.paper import Grid, Heading, Part, Words, cell
from popmap.ui.text import NOT_STATED, counted

_WORDS = {"legal_basis": "basis", "role": "role"}


def card_parts(card: Card) -> list[Part]:
    """Return a card's parts.

    Args:
        card: The card, with or without what is kept from outsiders.
    """
    place = f"{card.table} row {card.file_row}" if card.file_row is not None else f"no row in {card.table}; only flows name it"
    aliases = f" · also written {', '.join(card.aliases)}" if card.aliases else ""
    rows = [(_label(fact.name), cell(_value(card, fact)), _quotes(fact.quotes, fact.value)) for fact in card.facts]
    rows += [(name, value, "a column popmap does not know") for name, value in card.extra]
    return [
        Heading(card.title),
        Words(f"{card.key} · {place}{aliases}"),
        *_findings(card),
        *_flows(card),
        Grid(f"{card.title}: cells", ("Column", "Value", "Rests on"), rows),
    ]


def _value(card: Card, fact: Fact) -> str | None:
    return card.title if fact.name == "name" else _coded(fact.name, fact.value)


def _label(name: str) -> str:
    return name.replace("_", " ").removesuffix(" id").capitalize()


def _coded(name: str, value: str | None) -> str | None:
    return LABELS.get(_WORDS.get(name, ""), {}).get(value or "", value)


def _quotes(quotes: Iterable[Quote], value: str | None) -> str:
    said = [
        " · ".join(
            part
            for part in (
                quote.status or NOT_STATED,
                f"“{quote.text}”" if quote.text else "",
                ", ".join(word for word in (quote.locator, quote.source) if word),
                quote.confirmed,
            )
            if part
        )
        for quote in quotes
    ]
    return "\n".join(said) or ("–" if value is None else "no evidence")


def _flows(card: Card) -> list[Part]:
    if not card.flows:
        return [Words(f"No flow names this {'vendor' if card.table == 'vendors' else 'category'}.")]
    other = "Category" if card.table == "vendors" else "Vendor"
    rows = [
        (
            flow.other or flow.other_key,
            cell(flow.purpose),
            cell(_coded("legal_basis", flow.legal_basis)),
            cell(flow.condition),
            _quotes(flow.quotes, ""),
        )
        for flow in card.flows
    ]
    more = card.flow_count - len(card.flows)
    rest = f"The first {len(card.flows):,} of {card.flow_count:,} flows are listed; the table of flows on the data map has all of them."
    return [
        Words(counted(card.flow_count, "flow"), "Receives" if card.table == "vendors" else "Goes to"),
        *([Words(rest, "Not all flows.", weighty=True)] if more > 0 else []),
        Grid(f"{card.title}: flows", (other, "Purpose", "Legal basis", "Condition", "Rests on"), rows),
    ]


def _findings(card: Card) -> list[Part]:
    if not card.findings:
        return [Words("No gap rule hits it.")]
    rows = [
        (
            finding.title,
            finding.severity,
            cell(finding.article),
            finding.detail or (counted(finding.flows, "flow") if finding.flows else "this row"),
            finding.hint,
        )
        for finding in card.findings
    ]
    return [Grid(f"{card.title}: findings", ("Finding", "Severity", "Article", "About", "What to do"), rows)]
