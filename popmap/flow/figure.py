"""The data map as a Plotly figure: few shapes, three kinds of traces, quick to build, to send and to draw."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

import networkx as nx
import plotly.graph_objects as go

from popmap.flow.drawn import Drawn
from popmap.flow.hover import Room, band_said, node_lines, node_said, room_for
from popmap.flow.layout import NODE_WIDTH, Label, Layout, Node, middle
from popmap.flow.palette import FONT, Theme
from popmap.flow.plotting import CLEAR, frame, targets
from popmap.flow.scene import Scene, Style, Target, scene

# What st.plotly_chart's `config` should be. Names between dollar signs are names, not formulas.
CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "responsive": True,
    "scrollZoom": False,
    "showTips": False,
    "typesetMath": False,
}

# The plotting area stretches with the page, margins and text do not: so the outer labels stand in the margins, save this much
# of them that lies within the plotting area to be under the pointer. The slack keeps labels whole on a page half as wide.
_INSIDE, _SLACK = 36.0, 10.0
_LEGEND = 30
_NODE_STEP, _LABEL_STEP, _FEW_NODES = 30.0, 42.0, 36
# Markers along the bands, shared out among them: enough to find each band, few enough to send.
_BAND_MARKERS, _MOST_OF_A_BAND = 200, 7


def figure(
    graph: nx.DiGraph,
    layout: Layout,
    theme: str = "light",
    category_order: Sequence[str] = (),
    *,
    selected: Collection[Target] = (),
    depth: int = 1,
    gaps: bool = False,
    hover: Mapping[tuple[str, str], Sequence[str]] | None = None,
) -> go.Figure:
    """Return the data map as a figure.

    Args:
        graph: What graph.build returned.
        layout: Its layout; its width is what text was fitted to, the figure itself stretches.
        theme: "light" or "dark".
        category_order: All category keys of the register, which fixes their colours (see scene.scene).
        selected: Node ids and bands (source id, target id) to highlight.
        depth: Steps of the highlighted neighbourhood, as in graph.related.
        gaps: Whether to outline what rests on no evidence or has findings; adds a legend of the outlines that occur.
        hover: (source id, target id) -> lines to show after the band's own, as plain text.

    Returns:
        A figure of layout.height pixels (and the legend's). Trace "nodes" holds invisible markers with the node id as
        customdata, trace "bands" with [source id, target id]; a node or band has several. A trace's name here is its uid.
    """
    drawing = scene(graph, layout, theme, category_order, selected, depth, gaps)
    shapes = _shapes(drawing)
    legend = any(shape.get("showlegend") for shape in shapes)
    room = room_for(len(layout.nodes), len(layout.bands), sum([len(shape["path"]) for shape in shapes]))
    data = [
        _nodes(graph, layout, room),
        _bands(graph, layout, drawing, hover or {}, room),
        *_labels(layout, drawing, {target for target in selected if isinstance(target, str)}),
    ]
    return Drawn(data, _frame(layout, drawing.theme, shapes, legend))


def _shapes(drawing: Scene) -> list[dict[str, Any]]:
    """Merge the shapes of one look, each group where its first member was painted."""
    merged: dict[Style, list[str]] = {}
    for shape in drawing.shapes:
        merged.setdefault(shape.style, []).append(shape.path)
    shapes = [_shape("".join(paths), style) for style, paths in merged.items()]
    # The legend's own shapes lie outside the picture, so that an outline shows in it at full strength though all in view are faded.
    names = sorted({(style.name, replace(style, opacity=1.0)) for style in merged if style.name}, key=lambda item: item[0])
    return shapes + [{**_shape("M-9,-9Z", style), "showlegend": True, "name": name} for name, style in names]


def _shape(path: str, style: Style) -> dict[str, Any]:
    line: dict[str, Any] = {"width": style.stroke_width}
    if style.stroke:
        line["color"] = style.stroke
    if style.dash:
        line["dash"] = style.dash
    shape: dict[str, Any] = {"type": "path", "path": path, "line": line, "opacity": style.opacity, "layer": "below"}
    # Overlapping bands of one look must not cancel out, as Plotly's default rule has it.
    return shape | {"fillcolor": style.fill, "fillrule": "nonzero"} if style.fill else shape


def _nodes(graph: nx.DiGraph, layout: Layout, room: Room) -> dict[str, Any]:
    points, ids, rows = [], [], []
    for row, node in enumerate(layout.nodes):
        places = _targets(layout, node)
        points += places
        ids += [node.id] * len(places)
        rows += [row] * len(places)
    return targets("nodes", points, ids, [node_said(node_lines(graph, node.id), room) for node in layout.nodes], rows)


def _targets(layout: Layout, node: Node) -> list[tuple[float, float]]:
    """Return the points that answer for a node: along its bar, and along its label as far as it is in the plotting area."""
    height, middle = node.y1 - node.y0, (node.x0 + node.x1) / 2
    outer = node.depth in (0, len(layout.headers) - 1)
    sign = -1 if node.label.anchor == "end" else 1
    if outer and len(layout.nodes) > _FEW_NODES:
        # Between bar and label, one point answers for both.
        middle += sign * NODE_WIDTH
    steps = max(1, round(height / _NODE_STEP))
    points = [(middle, node.y0 + height * (step + 0.5) / steps) for step in range(steps)]
    if outer and len(layout.nodes) > _FEW_NODES:
        return points
    reach = min(node.label.width, _INSIDE) if outer else node.label.width
    at = _LABEL_STEP / 2
    while at < reach:
        points.append((node.label.x + sign * at, node.label.y))
        at += _LABEL_STEP
    return points


def _bands(graph: nx.DiGraph, layout: Layout, drawing: Scene, hover: Mapping[tuple[str, str], Sequence[str]], room: Room) -> dict[str, Any]:
    each = max(1, min(_MOST_OF_A_BAND, _BAND_MARKERS // max(1, len(layout.bands))))
    each -= each % 2 == 0  # An odd number has one in the very middle.
    steps = [middle(step / (each + 1)) for step in range(1, each + 1)]
    names = {node.id: graph.nodes[node.id]["label"] for node in layout.nodes}
    successors = dict(graph.adjacency())
    points, ids, said = [], [], []
    for band in layout.bands:
        owner = (band.source, band.target)
        data = successors[band.source][band.target]
        chosen = 0 if drawing.shares is None else sum(drawing.shares.get(owner, {}).values())
        numbers = (data["flows"], chosen, data["unproven"], data["flagged"])
        said.append(band_said((names[band.source], names[band.target]), numbers, hover.get(owner, ()), room))
        x, y, run, rise = band.x0, band.y0 + band.thickness / 2, band.x1 - band.x0, band.y1 - band.y0
        points += [(x + run * across, y + rise * down) for across, down in steps]
        ids += [owner] * each
    return targets("bands", points, ids, said, [row for row in range(len(said)) for _ in steps])


def _labels(layout: Layout, drawing: Scene, chosen: set[str]) -> list[dict[str, Any]]:
    theme, size = drawing.theme, layout.font_size
    lit = [node for node in layout.nodes if node.id in drawing.active]
    dim = [node for node in layout.nodes if node.id not in drawing.active]
    traces = [
        _text("labels", [node.label for node in lit], theme, theme.text, size, [node.id in chosen for node in lit]),
        _text("layers", layout.headers, theme, theme.muted, size - 1, weight=600),
    ]
    return [*traces, _text("other labels", [node.label for node in dim], theme, theme.muted, size)] if dim else traces


def _text(
    name: str, labels: Sequence[Label], theme: Theme, colour: str, size: int, bold: Sequence[bool] = (), weight: int = 400
) -> dict[str, Any]:
    shown = [escape(label.text, quote=False) for label in labels]
    halo = ",".join([f"0 0 2px {theme.background}"] * 3 + [f"0 0 4px {theme.background}"] * 2)
    return {
        "type": "scatter",
        "mode": "text",
        "uid": name,
        "x": [round(label.x, 1) for label in labels],
        "y": [round(label.y, 1) for label in labels],
        "text": [f"<b>{text}</b>" if heavy else text for text, heavy in zip(shown, bold or [False] * len(shown), strict=True)],
        "textposition": ["middle left" if label.anchor == "end" else "middle right" for label in labels],
        "textfont": {"family": FONT, "size": size, "color": colour, "shadow": halo, "weight": weight},
        "hoverinfo": "skip",
        "showlegend": False,
        "cliponaxis": False,
        # A click must not fade the labels before the page answers it.
        "unselected": {"textfont": {"color": colour}},
    }


def _frame(layout: Layout, theme: Theme, shapes: list[dict[str, Any]], legend: bool) -> dict[str, Any]:
    left, right = min(_INSIDE, layout.left), min(_INSIDE, layout.right)
    below = _LEGEND if legend else 0
    margin = {"l": layout.left - left + _SLACK, "r": layout.right - right + _SLACK, "t": 0, "b": below}
    xs = (round(layout.left - left, 1), round(layout.width - layout.right + right, 1))
    bare = frame(theme, round(layout.height) + below, margin, xs, (round(layout.height), 0), shapes)
    return bare | {
        "showlegend": legend,
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 0,
            "yanchor": "top",
            "bgcolor": CLEAR,
            "font": {**bare["font"], "size": 12},
            "itemclick": False,
            "itemdoubleclick": False,
        },
    }
