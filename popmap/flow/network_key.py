"""What a network's circles stand for, in a line below the picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx

from popmap.flow.graph import LAYERS
from popmap.flow.palette import Theme
from popmap.flow.plotting import labels, mix
from popmap.flow.ring import FONT, NARROW, Network, diameter

# Heights in pixels: of the key, and of the line on gaps below it.
LEGEND, LINE = 44.0, 20.0


def size_key(graph: nx.DiGraph, network: Network, look: Theme, seen: Mapping[str, int], gaps: bool) -> list[dict[str, Any]]:
    """Return the key of the circles' sizes as traces, for at most four of those that occur; no traces where none occurs.

    Args:
        graph: What graph.build returned.
        network: Where its nodes stand.
        look: The colours.
        seen: Node id -> how many first-layer things share a path with it, as clusters.sees has it.
        gaps: Whether a line says what dashes and outlines mean.
    """
    counts = sorted({count for count in seen.values() if count})
    if not counts:
        return []
    shown = sorted({counts[round(at * (len(counts) - 1) / 3)] for at in range(4)})
    title = f"Circle size: {LAYERS[graph.graph['layers'][0]][1].lower()} seen"
    # Apart enough for a page on which the places are so much closer together.
    y, step = network.height + LEGEND / 2, 62 / NARROW
    middle = network.width / 2 - (len(shown) - 1) / 2 * step + 60
    xs = [middle + (at + 0.4) * step for at in range(len(shown))]
    marker = {
        "size": [diameter(count) for count in shown],
        "color": mix(look.bar, look.background, 0.7),
        "opacity": 1,
        "line": {"width": 0},
    }
    circles = {"type": "scatter", "mode": "markers", "name": "key", "x": xs, "y": [y] * len(xs), "marker": marker, "hoverinfo": "skip"}
    rows = [(middle, y, title, "middle left")]
    rows += [(x + (diameter(count) / 2 + 3) / NARROW, y, f"{count:,}", "middle right") for x, count in zip(xs, shown, strict=True)]
    if gaps:
        rows.append((network.width / 2, y + LEGEND / 2 + LINE / 2, "Dashed: no evidence. Outlined: has findings.", "middle center"))
    return [{**circles, "unselected": {"marker": {"opacity": 1}}}, labels("key", look, look.muted, rows, FONT, halo=False)]
