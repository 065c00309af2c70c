"""What the data map says under the pointer, as lines of plain text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape

import networkx as nx

from popmap.flow import text
from popmap.flow.graph import LAYERS

_COLUMNS = 68
_ROWS_OF_A_LINE = 4


def node_lines(graph: nx.DiGraph, name: str) -> list[str]:
    """Return a node's lines: its whole name, layer, flows, neighbours, and what is missing or found."""
    data = graph.nodes[name]
    layers = graph.graph["layers"]
    at = layers.index(data["layer"])
    lines = [data["label"], LAYERS[data["layer"]][0]]
    if data["merged"]:
        lines.append(f"{data['merged']:,} {LAYERS[data['layer']][data['merged'] != 1].lower()} drawn as one")
    lines.append(count(data["flows"], "flow"))
    if at:
        lines.append(f"from {_neighbours(graph.in_degree(name), layers[at - 1])}")
    if at + 1 < len(layers):
        lines.append(f"to {_neighbours(graph.out_degree(name), layers[at + 1])}")
    if data["unproven"]:
        lines.append(f"{count(data['unproven'], 'flow')} without evidence")
    if data["flagged"]:
        lines.append("Has findings of its own")
    return lines


def band_lines(graph: nx.DiGraph, band: tuple[str, str], more: Sequence[str] = (), selected: int | None = None) -> list[str]:
    """Return a band's lines: its two ends, its flows, what is missing or found, then the caller's lines.

    Args:
        graph: What graph.build returned.
        band: The ids of its two nodes.
        more: What else is known of these flows.
        selected: How many of its flows belong to the selection, when something is selected.
    """
    source, target = (text.isolated(text.clean(graph.nodes[name]["label"])) for name in band)
    data = graph.edges[band]
    lines = [f"{source} → {target}", count(data["flows"], "flow")]
    if selected and selected != data["flows"]:
        lines.append(f"{selected:,} of them in the selection")
    if data["unproven"]:
        lines.append(f"{count(data['unproven'], 'flow')} without evidence")
    if data["flagged"]:
        lines.append(f"{count(data['flagged'], 'flow')} with findings")
    return [*lines, *more]


@lru_cache(maxsize=8192)
def as_label(*lines: str, most: int = 10) -> str:
    """Return lines as Plotly's hover text: escaped, wrapped, the first in bold and never shortened.

    Plotly reads a subset of HTML in its text, so everything from the register is escaped.

    Args:
        lines: Plain text.
        most: How many lines after the first are shown; what is left out is counted.
    """
    first, *rest = (text.clean(line) for line in lines)
    rows = [f"<b>{escape(row, quote=False)}</b>" for row in text.wrap(first, _COLUMNS)]
    rest = [line for line in rest if line]
    for line in rest[:most]:
        rows += [escape(row, quote=False) for row in text.wrap(line, _COLUMNS, _ROWS_OF_A_LINE)]
    if len(rest) > most:
        rows.append(f"and {count(len(rest) - most, 'more line')}")
    return "<br>".join(rows)


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _neighbours(number: int, layer: str) -> str:
    return f"{number:,} {LAYERS[layer][number != 1].lower()}"
