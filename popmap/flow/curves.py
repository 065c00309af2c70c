"""Outlines of bands and nodes in the path syntax that SVG and Plotly share, rounded to a tenth of a pixel."""

from __future__ import annotations

import math
from collections.abc import Sequence

from popmap.flow.layout import Band, Node

Curve = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]


# A band of a large register may be far thinner than a pixel; it must still be seen.
_THINNEST = 0.7
# Neighbouring bands of some thickness are set apart by a hairline.
_ROOMY, _HAIRLINE = 4.0, 0.8
_HATCH = 5.0
_LEAN = 0.4


def band_outline(band: Band, start: float = 0.0, share: float = 1.0) -> str:
    """Return the closed outline of a band, or of the slice from `start` on that is `share` of its thickness (0 to 1).

    The edges are cubic curves that leave and arrive level. Their bends are shifted apart so that a steep band looks nearly as
    thick as a level one; a plain vertical offset would thin it.
    """
    upper, lower = _edges(band, start, share)
    return f"{_curve(upper)}V{number(lower[3][1])}{_bend(lower[::-1])}Z"


def band_edges(band: Band) -> str:
    """Return a band's upper and lower edge as two open curves."""
    return "".join(map(_curve, _edges(band, 0.0, 1.0)))


def _edges(band: Band, start: float, share: float) -> tuple[Curve, Curve]:
    thick = max(band.thickness * share, _THINNEST)
    if thick > _ROOMY:
        thick -= _HAIRLINE
    shift = band.thickness * (start + share / 2) - thick / 2
    run, middle = band.x1 - band.x0, (band.x0 + band.x1) / 2
    # A curve's slope at its middle is twice that of the straight line. Moving the bends by 2/3 of this would keep the full
    # thickness across the band, but let neighbours that leave a node together run into each other.
    slope = math.atan2(2 * (band.y1 - band.y0), run)
    lean = max(-run / 4, min(run / 4, thick * _LEAN * math.tan(slope / 2)))
    edges = []
    for bend, y0, y1 in ((middle + lean, band.y0, band.y1), (middle - lean, band.y0 + thick, band.y1 + thick)):
        edges.append(((band.x0, y0 + shift), (bend, y0 + shift), (bend, y1 + shift), (band.x1, y1 + shift)))
    return edges[0], edges[1]


def _curve(curve: Curve) -> str:
    x, y = curve[0]
    return f"M{number(x)},{number(y)}{_bend(curve)}"


def _bend(curve: Sequence[tuple[float, float]]) -> str:
    return "C" + " ".join(f"{number(x)},{number(y)}" for x, y in curve[1:])


def bar(node: Node, margin: float = 0.0) -> str:
    """Return the rectangle of a node, grown by a margin in pixels; never too low to be seen."""
    grow = margin + max(0.0, 2 * _THINNEST - (node.y1 - node.y0)) / 2
    x0, x1, y0, y1 = node.x0 - margin, node.x1 + margin, node.y0 - grow, node.y1 + grow
    return f"M{number(x0)},{number(y0)}H{number(x1)}V{number(y1)}H{number(x0)}Z"


def hatched(node: Node) -> str:
    """Return the rectangle of a node with slanting lines across it."""
    parts = [bar(node)]
    width, height = node.x1 - node.x0, node.y1 - node.y0
    steps = int((width + height) / _HATCH)
    for step in range(1, steps + 1):
        # The line on which x + y is constant, cut to the rectangle.
        reach = step * _HATCH
        x0, x1 = max(0.0, reach - height), min(width, reach)
        if x1 > x0:
            start = f"{number(node.x0 + x0)},{number(node.y0 + reach - x0)}"
            parts.append(f"M{start}L{number(node.x0 + x1)},{number(node.y0 + reach - x1)}")
    return "".join(parts)


def number(value: float) -> str:
    """Return a coordinate as short text: one decimal, none when it is whole."""
    short = f"{value:.1f}".removesuffix(".0")
    return "0" if short == "-0" else short
