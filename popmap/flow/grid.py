"""A flow graph as rows and columns: how many flows each pair of two layers has, and how large to draw that."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from popmap.errors import UsageError
from popmap.flow import text
from popmap.flow.graph import NOT_STATED, OTHER, node_id

# Pixels.
SLANTED_COLUMN = 26.0
LONGEST_LABEL = 170.0
TOTALS = 26.0
SLANT = math.sqrt(0.5)
MOST_LINEAR = 20
# How dark tiles are that all have the same number.
ALIKE = 0.25


@dataclass(frozen=True, slots=True)
class Cell:
    """The flows that one row and one column share; unproven and flagged count those without evidence and with findings."""

    flows: int
    unproven: int
    flagged: int


@dataclass(frozen=True, slots=True)
class Measures:
    """A grid's measures in pixels.

    Attributes:
        left: Room for the row labels.
        wide: A tile's width.
        tall: A tile's height.
        font: The column labels' font size.
        angle: The column labels' angle in degrees.
        above: Room for the column labels.
        right: Room right of the totals, for labels that lean over.
    """

    left: float
    wide: float
    tall: float
    font: int
    angle: int
    above: float
    right: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of flows.

    Attributes:
        rows: Node ids from top to bottom: most flows first, then by label; "Other" and "Not stated" last.
        columns: Node ids from left to right, likewise.
        cells: (row id, column id) -> what they share, only where that is one flow or more.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]


def grid(graph: nx.DiGraph, rows: str = "", columns: str = "") -> Grid:
    """Count the flows of every pair of two layers.

    Args:
        graph: What graph.build returned.
        rows: The rows' layer; the first one when empty.
        columns: The columns' layer; the last one when empty.

    Raises:
        UsageError: For a layer the graph does not have, or the same one twice.
    """
    layers = graph.graph["layers"]
    chosen = (rows or layers[0], columns or layers[-1])
    for layer in chosen:
        if layer not in layers:
            raise UsageError(f"The graph has no layer called {layer!r}.", f"Choose from {', '.join(layers)}.")
    if chosen[0] == chosen[1]:
        raise UsageError("Rows and columns show the same layer.", "Choose two different layers.")
    first, second = (layers.index(layer) for layer in chosen)
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for path in graph.graph["paths"]:
        total = sums[node_id(chosen[0], path.keys[first]), node_id(chosen[1], path.keys[second])]
        total[0] += path.flows
        total[1] += path.unproven
        total[2] += path.flagged
    totals: Counter[str] = Counter()
    for pair, (flows, _, _) in sums.items():
        for name in pair:
            totals[name] += flows

    def rank(name: str) -> tuple[int, int, str, str]:
        node = graph.nodes[name]
        return (OTHER, NOT_STATED).index(node["key"]) + 1 if node["key"] in (OTHER, NOT_STATED) else 0, -totals[name], node["label"], name

    return Grid(
        tuple(sorted({row for row, _ in sums}, key=rank)),
        tuple(sorted({column for _, column in sums}, key=rank)),
        {pair: Cell(*sums[pair]) for pair in sorted(sums)},
    )


def places(names: Sequence[str]) -> dict[str, int]:
    """Return each row's or column's number, counted from 0."""
    return {name: at for at, name in enumerate(names)}


def measure(table: Grid, names: Mapping[str, str], width: float) -> Measures:
    """Measure a grid so that every label has its room.

    Args:
        table: What grid returned.
        names: Node id -> label on one line.
        width: Pixels; about the width of what the picture stands in.
    """
    left = min(max((text.width(names[row], 13) for row in table.rows), default=0.0), LONGEST_LABEL) + 16
    number = max(len(table.columns), 1)
    longest = min(max((text.width(names[column], 12) for column in table.columns), default=0.0), LONGEST_LABEL)
    slanted = longest * SLANT
    room = width - left - 2 * TOTALS
    wide = min((room - 8) / number, 150.0)
    font, angle, above, right = 12, 0, 26.0, 8.0
    if longest > wide - 8:
        wide = min((room - max(slanted - 2 * TOTALS, 8)) / number, 64.0)
        font, angle, above, right = 12, -45, slanted + 18, max(slanted - 2 * TOTALS - wide / 2, 8.0)
        if wide < SLANTED_COLUMN:
            wide = (room - 8) / number
            font, angle, above, right = 12 if wide > 15 else 11, -90, longest + 14, 8.0
    tall = 34.0 if len(table.rows) <= 12 else 26.0 if len(table.rows) <= 30 else 21.0
    # What the tiles leave free stays free: stretched tiles would look like bars.
    right = max(right, width - left - number * wide - 2 * TOTALS)
    return Measures(left, wide, tall, font, angle, above, right)


def levels(table: Grid) -> dict[tuple[str, str], float]:
    """Return how dark each tile is, 0 to 1: by its flows, or by their logarithm when these differ by more than MOST_LINEAR times."""
    values = [cell.flows for cell in table.cells.values()]
    low, high = min(values, default=1), max(values, default=1)
    if low == high:
        return dict.fromkeys(table.cells, ALIKE)
    scale = math.log if high / low > MOST_LINEAR else float
    return {pair: (scale(cell.flows) - scale(low)) / (scale(high) - scale(low)) for pair, cell in table.cells.items()}
