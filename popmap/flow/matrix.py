"""The matrix view as a Plotly figure: categories by vendors, a tile for every pair that has flows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import networkx as nx
import plotly.graph_objects as go

from popmap.flow import text, tiles
from popmap.flow.drawn import Drawn
from popmap.flow.graph import node_id
from popmap.flow.grid import TOTALS, Grid, Measures, grid, measure, places
from popmap.flow.hover import band_said, node_lines, node_said, room_for
from popmap.flow.palette import THEMES, Theme
from popmap.flow.plotting import chosen_paths, frame, targets
from popmap.flow.scene import Target

# Pixels. Narrower than a line of text is high, names cannot stand side by side.
LEAST_COLUMN = 12.6
INSIDE, KEY = 48.0, 40.0
# Up to so many tiles a label or a wide tile answers the pointer all along; beyond it at one place, so that a picture stays small to send.
FEW = 150


def matrix_figure(
    graph: nx.DiGraph,
    theme: str = "light",
    *,
    rows: str = "",
    columns: str = "",
    selected: Sequence[Target] = (),
    depth: int = 1,
    gaps: bool = False,
    hover: Mapping[tuple[str, str], Sequence[str]] | None = None,
    width: float = 960,
) -> go.Figure:
    """Return the matrix as a figure.

    A tile's colour and number are the flows its row and column share; a grey tile has none. When the columns would become too narrow
    for their names, rows and columns change places.

    Args:
        graph: What graph.build returned.
        theme: "light" or "dark".
        rows: The layer of the rows; the graph's first when empty.
        columns: The layer of the columns; the graph's last when empty.
        selected: Node ids and pairs (row id, column id) to highlight with their neighbourhood; those the graph lacks are ignored.
        depth: Steps of the neighbourhood, as in graph.related.
        gaps: Whether to outline tiles that hold flows without evidence (dashed) or with findings.
        hover: (source id, target id) -> lines to show after the tile's own, as plain text.
        width: Pixels; about the width of what the picture stands in.

    Returns:
        A figure with the targets of figure.figure: the trace with uid "nodes" (row labels, totals) has node ids as customdata, the
        one with uid "bands" (tiles with flows) has [id in the earlier layer, id in the later layer].

    Raises:
        UsageError: For layers the graph does not have.
    """
    look = THEMES[theme]
    table = grid(graph, rows, columns)
    names = {name: text.clean(graph.nodes[name]["label"]) for name in (*table.rows, *table.columns)}
    if len(table.columns) > len(table.rows) and measure(table, names, width).wide < LEAST_COLUMN:
        table = Grid(table.columns, table.rows, {(column, row): cell for (row, column), cell in table.cells.items()})
    size = measure(table, names, width)
    lit = _lit(graph, table, selected, depth)
    chosen = {target for target in selected if isinstance(target, str)}
    across, down = len(table.columns) * size.wide, len(table.rows) * size.tall
    traces = [
        tiles.tiles(table, size, look, lit),
        *tiles.numbers(table, size, look, lit),
        *tiles.row_labels(table, size, names, look, lit, chosen),
        tiles.totals(table, size, look),
        _cells(graph, table, size, hover or {}),
        _nodes(graph, table, size),
        *tiles.key(table, down + KEY / 2 + 4, look, gaps),
    ]
    inside = min(INSIDE, size.left)
    margin = {"l": size.left - inside, "r": size.right, "t": size.above, "b": 0}
    shapes = [*(_outlines(table, size, look) if gaps else []), *_chosen(table, size, look, selected)]
    height = size.above + TOTALS + down + KEY
    layout = frame(look, height, margin, (-inside, across + 2 * TOTALS), (down + KEY, -TOTALS), shapes)
    layout["xaxis"] |= tiles.column_labels(table, size, names, look, lit, chosen)
    return Drawn(traces, layout)


def _lit(graph: nx.DiGraph, table: Grid, selected: Sequence[Target], depth: int) -> frozenset[tuple[str, str]]:
    """Return the tiles that belong to the selection; all when nothing is selected."""
    paths = chosen_paths(graph, selected, depth)
    if paths is None or not table.rows:
        return frozenset(table.cells)
    layers = graph.graph["layers"]
    first, second = graph.nodes[table.rows[0]]["layer"], graph.nodes[table.columns[0]]["layer"]
    at, to = layers.index(first), layers.index(second)
    return frozenset((node_id(first, path.keys[at]), node_id(second, path.keys[to])) for path in paths)


def _cells(graph: nx.DiGraph, table: Grid, size: Measures, hover: Mapping[tuple[str, str], Sequence[str]]) -> dict[str, Any]:
    layers = graph.graph["layers"]
    room = room_for(len(table.rows) + len(table.columns), len(table.cells))
    points, ids, said, rows = [], [], [], []
    down, columns = places(table.rows), places(table.columns)
    for number, (pair, cell) in enumerate(table.cells.items()):
        owner = tuple(sorted(pair, key=lambda name: layers.index(graph.nodes[name]["layer"])))
        names = (graph.nodes[owner[0]]["label"], graph.nodes[owner[1]]["label"])
        said.append(band_said(names, (cell.flows, 0, cell.unproven, cell.flagged), hover.get(owner, ()), room))
        steps = max(1, round(size.wide / 48)) if len(table.cells) <= FEW else 1
        for step in range(steps):
            x = (columns[pair[1]] + (step + 0.5) / steps) * size.wide
            points.append((x, (down[pair[0]] + 0.5) * size.tall))
            ids.append(owner)
            rows.append(number)
    return targets("bands", points, ids, said, rows)


def _nodes(graph: nx.DiGraph, table: Grid, size: Measures) -> dict[str, Any]:
    across = len(table.columns) * size.wide
    points, ids = [], []
    for at, row in enumerate(table.rows):
        beside = (-14.0, -36.0, across + TOTALS) if len(table.cells) <= FEW else (-14.0,)
        points += [(x, (at + 0.5) * size.tall) for x in beside]
        ids += [row] * len(beside)
    for at, column in enumerate(table.columns):
        points.append(((at + 0.5) * size.wide, -TOTALS / 2))
        ids.append(column)
    most = None if len(table.cells) <= FEW else 3
    room = room_for(len(table.rows) + len(table.columns), len(table.cells))
    said = {name: node_said(node_lines(graph, name)[:most], room) for name in ids}
    number = places(list(said))
    return targets("nodes", points, ids, list(said.values()), [number[name] for name in ids])


def _outlines(table: Grid, size: Measures, look: Theme) -> list[dict[str, Any]]:
    """Return one shape around all tiles with findings and one around all with flows that rest on no evidence."""
    down, across = places(table.rows), places(table.columns)
    shapes = []
    for colour, dash, inset, pairs in (
        (look.finding, "solid", 2.5, [pair for pair, cell in table.cells.items() if cell.flagged]),
        (look.text, "3px,3px", 5.0, [pair for pair, cell in table.cells.items() if cell.unproven]),
    ):
        if pairs:
            path = "".join(_rectangle(size, down[row], across[column], inset) for row, column in pairs)
            shapes.append({"type": "path", "path": path, "line": {"color": colour, "width": 1.5, "dash": dash}, "layer": "above"})
    return shapes


def _rectangle(size: Measures, row: int, column: int, inset: float) -> str:
    left, top = column * size.wide, row * size.tall
    inset = min(inset, size.wide * 0.12)
    return f"M{left + inset:.1f},{top + inset:.1f}H{left + size.wide - inset:.1f}V{top + size.tall - inset:.1f}H{left + inset:.1f}Z"


def _chosen(table: Grid, size: Measures, look: Theme, selected: Sequence[Target]) -> list[dict[str, Any]]:
    """Return a frame around each selected row, column and tile."""
    across, down = len(table.columns) * size.wide, len(table.rows) * size.tall
    boxes = []
    for target in selected:
        ends = (target,) if isinstance(target, str) else target
        rows, columns = [name for name in ends if name in table.rows], [name for name in ends if name in table.columns]
        if len(rows) + len(columns) == len(ends):
            top, tall = (table.rows.index(rows[0]) * size.tall, size.tall) if rows else (0.0, down)
            left, wide = (table.columns.index(columns[0]) * size.wide, size.wide) if columns else (0.0, across)
            boxes.append((left, top, left + wide, top + tall))
    line = {"color": look.text, "width": 1.5}
    return [
        {"type": "rect", "x0": round(x0, 1), "y0": round(y0, 1), "x1": round(x1, 1), "y1": round(y1, 1), "line": line, "layer": "above"}
        for x0, y0, x1, y1 in boxes
    ]
