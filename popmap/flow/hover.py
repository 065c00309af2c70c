"""What the data map says under the pointer: as lines of plain text, and as pieces of Plotly's hover text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import networkx as nx

from popmap.flow import text
from popmap.flow.graph import LAYERS

# A hover text in pieces: what several texts share is sent once. Joined, they are Plotly's subset of HTML with everything from the
# register escaped.
Said = tuple[str, ...]
# Flows, and how many of them are selected (0 when nothing is), rest on no evidence, and have findings.
Numbers = tuple[int, int, int, int]

_COLUMNS = 68
_ROWS_OF_A_LINE = 4
# Characters that all names of one picture may take, and all the caller's lines together with the outlines; and what one may have of
# them: so that a picture of any size stays small to send. A line break counts as what Plotly makes of it.
_NAMES, _SHORTEST_NAME, _LONGEST_NAME = 12_000, 136, 544
_TOLD, _LEAST_TOLD, _MOST_TOLD = 29_000, 60, 1_000
_OUTLINES = 16_000
_BREAK = 14


@dataclass(frozen=True, slots=True)
class Room:
    """How many characters of a name, and of what the caller knows of a band, a picture's hover texts may hold."""

    name: int
    told: int


def room_for(nodes: int, bands: int, outlines: int = _OUTLINES) -> Room:
    """Return the room of each hover text in a picture of that many nodes and bands, whose outlines take that many characters."""
    name, told = _NAMES // max(1, nodes), (_TOLD - outlines) // max(1, bands)
    return Room(max(_SHORTEST_NAME, min(_LONGEST_NAME, name)), max(_LEAST_TOLD, min(_MOST_TOLD, told)))


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
        lines.append(f"from {_neighbours(len(graph.pred[name]), layers[at - 1])}")
    if at + 1 < len(layers):
        lines.append(f"to {_neighbours(len(graph.succ[name]), layers[at + 1])}")
    if data["unproven"]:
        lines.append(f"{count(data['unproven'], 'flow')} without evidence")
    if data["flagged"]:
        lines.append("Has findings of its own")
    return lines


def band_lines(graph: nx.DiGraph, band: tuple[str, str], selected: int | None = None) -> list[str]:
    """Return a band's lines: its two ends, its flows, what is missing or found.

    Args:
        graph: What graph.build returned.
        band: The ids of its two nodes.
        selected: How many of its flows belong to the selection, when something is selected.
    """
    source, target = (text.isolated(text.clean(graph.nodes[name]["label"])) for name in band)
    data = graph.edges[band]
    return [f"{source} → {target}", *_counted((data["flows"], selected or 0, data["unproven"], data["flagged"]))]


def node_said(lines: Sequence[str], room: Room) -> Said:
    """Return the hover text of a node: its lines, as `node_lines` has them, the name in bold."""
    return f"<b>{_name(lines[0], room.name)}</b>", "".join([f"<br>{line}" for line in lines[1:]])


def band_said(labels: tuple[str, str], numbers: Numbers, more: Sequence[str], room: Room) -> Said:
    """Return the hover text of the flows between two nodes.

    Args:
        labels: The two nodes' labels; they stand in bold.
        numbers: How many flows they are.
        more: What else is known of these flows, as lines of plain text; those without room are counted.
        room: How much is said.
    """
    return *_ends(*labels, room.name), _numbers(numbers), *_told(tuple(more), room.told)


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _neighbours(number: int, layer: str) -> str:
    return f"{number:,} {LAYERS[layer][number != 1].lower()}"


def _counted(numbers: Numbers) -> list[str]:
    flows, selected, unproven, flagged = numbers
    lines = [count(flows, "flow")]
    if selected and selected != flows:
        lines.append(f"{selected:,} of them in the selection")
    if unproven:
        lines.append(f"{count(unproven, 'flow')} without evidence")
    if flagged:
        lines.append(f"{count(flagged, 'flow')} with findings")
    return lines


@lru_cache(maxsize=4096)
def _numbers(numbers: Numbers) -> str:
    return "".join([f"<br>{line}" for line in _counted(numbers)])


@lru_cache(maxsize=8192)
def _ends(source: str, target: str, most: int) -> tuple[str, str]:
    first, last = text.clean(source), text.clean(target)
    # Two names that do not stand on one line stand on one each.
    arrow = " →<br>" if text.columns(first) + text.columns(last) + 3 > _COLUMNS else " → "
    return f"<b>{_name(first, most)}{arrow}", f"{_name(last, most)}</b>"


@lru_cache(maxsize=8192)
def _name(label: str, most: int) -> str:
    whole = text.clean(label)
    shown = whole if len(whole) <= most else whole[: most - 1] + text.ELLIPSIS
    return escape("\n".join(text.wrap(text.isolated(shown), _COLUMNS)), quote=False).replace("\n", "<br>")


@lru_cache(maxsize=8192)
def _told(lines: tuple[str, ...], room: int) -> Said:
    shown, left, rows = [], room, max(1, min(_ROWS_OF_A_LINE, room // (_COLUMNS + _BREAK)))
    for at, line in enumerate(lines):
        block, cost = _block(line, rows)
        if shown and cost > left:
            rest = len(lines) - at
            shown.append(f"<br>and {count(rest, 'more line')}")
            break
        if block:
            shown.append(block)
        left -= cost
    return tuple(shown)


@lru_cache(maxsize=8192)
def _block(line: str, rows: int) -> tuple[str, int]:
    """Return a line of hover text, wrapped, and what it takes of the room."""
    clean = text.clean(line)
    if not clean:
        return "", 0
    wrapped = text.wrap(clean, _COLUMNS, rows)
    block = "<br>" + escape("\n".join(wrapped), quote=False).replace("\n", "<br>")
    return block, len(block.encode()) + (_BREAK - 4) * len(wrapped)
