"""The data map in its evidence view: the drawing as it stands still, or the matrix as a table, and the words for it."""

from __future__ import annotations

from collections.abc import Callable

from popmap.flow.describe import describe
from popmap.flow.graph import LAYERS
from popmap.flow.grid import grid
from popmap.flow.layout import LEAST_WIDTH, height_for, layout
from popmap.flow.network import network_figure
from popmap.flow.paths import FlowMap, flow_map
from popmap.flow.still import still
from popmap.flow.svg import svg
from popmap.ui.map_options import Options
from popmap.ui.paper import Grid, Part, Picture, Words
from popmap.ui.sheet_measures import HIGH, WIDE
from popmap.ui.view import View

# A drawing's labels may lean out of what it is laid out for.
_LEAN = 0.89
_NONE = "·"
# The height that a drawing may have on a sheet across; one that needs more stands on an upright one, which has room for that much.
_ACROSS, _UPRIGHT = 450.0, 780.0


def map_parts(view: View, drawn: Options) -> list[Part]:
    """Return the picture of the flows behind a filter and the sentence that says what it shows.

    Args:
        view: The page's view.
        drawn: How it is drawn.
    """
    shown = flow_map(view.store, view.asked, drawn.layers, drawn.top, drawn.by_company, drawn.overlay or "note")
    if not shown.graph.number_of_nodes():
        return []
    words = describe(shown.graph)
    parts: list[Part] = [Words(words)]
    if drawn.target is not None:
        names = [drawn.target] if isinstance(drawn.target, str) else list(drawn.target)
        known = [shown.graph.nodes[name]["label"] for name in names if name in shown.graph]
        if drawn.picture != "Matrix" and len(known) == len(names):
            parts.append(Words(f"{' → '.join(known)}, with what it is connected to; the rest is drawn pale.", "Highlighted:"))
    return [*parts, *_PICTURES[drawn.picture](shown, view, drawn, words)]


def _flow(shown: FlowMap, view: View, drawn: Options, words: str) -> list[Part]:
    graph, colours = shown.graph, tuple(view.store.known["category"])
    placed = layout(graph, WIDE * _LEAN, _ACROSS)
    if placed.height > _ACROSS:
        placed = layout(graph, max(HIGH * _LEAN, LEAST_WIDTH), min(height_for(graph), _UPRIGHT))
    targets = () if drawn.target is None else (drawn.target,)
    picture = svg(
        graph,
        placed,
        "light",
        colours,
        selected=targets,
        depth=drawn.depth,
        gaps=bool(drawn.overlay),
        title="Data map",
        description=words,
    )
    return [_picture(picture, words)]


def _network(shown: FlowMap, view: View, drawn: Options, words: str) -> list[Part]:
    targets = () if drawn.target is None else (drawn.target,)
    figure = network_figure(
        shown.graph,
        None,
        "light",
        tuple(view.store.known["category"]),
        selected=targets,
        depth=drawn.depth,
        gaps=bool(drawn.overlay),
    )
    picture, width, height = still(figure.to_dict(), "Network", words)
    return [Picture(picture, width, height, words)]


def _matrix(shown: FlowMap, _view: View, _drawn: Options, _words: str) -> list[Part]:
    graph = shown.graph
    table = grid(graph)
    rows, columns = table.rows, table.columns
    pairs = {pair: cell.flows for pair, cell in table.cells.items()}
    if len(columns) > len(rows):
        rows, columns = columns, rows
        pairs = {(row, column): flows for (column, row), flows in pairs.items()}
    label = {name: graph.nodes[name]["label"] for name in (*rows, *columns)}
    (one, _), (_, others) = (LAYERS[graph.nodes[names[0]]["layer"]] for names in (rows, columns))
    cells = [
        (label[row], *(f"{pairs[row, column]:,}" if (row, column) in pairs else _NONE for column in columns), f"{_sum(pairs, row):,}")
        for row in rows
    ]
    totals = ("All", *(f"{sum(flows for pair, flows in pairs.items() if pair[1] == column):,}" for column in columns))
    cells.append((*totals, f"{sum(pairs.values()):,}"))
    headings = (one, *(label[column] for column in columns), "All")
    said = f"Each number is how many flows a {one.lower()} has with each of the {others.lower()}; {_NONE} stands for none."
    return [Words(said), Grid("Matrix", headings, cells, frozenset(range(1, len(headings))), turned=True)]


def _sum(pairs: dict[tuple[str, str], int], row: str) -> int:
    return sum(flows for pair, flows in pairs.items() if pair[0] == row)


def _picture(document: str, words: str) -> Picture:
    """Return a drawing with the size that its first line states."""
    head = document.partition(">")[0]
    width, height = (float(head.partition(f' {name}="')[2].partition('"')[0]) for name in ("width", "height"))
    return Picture(document, width, height, words)


_PICTURES: dict[str, Callable[[FlowMap, View, Options, str], list[Part]]] = {"Flow": _flow, "Network": _network, "Matrix": _matrix}
