"""Outlines of bands and nodes in the path syntax that SVG and Plotly share, rounded to a tenth of a pixel."""

from __future__ import annotations

import math

from popmap.flow.layout import Band, Node

# Where a band starts and ends across, where its upper and its lower edge bend, and how far down each starts and ends.
Edges = tuple[float, float, float, float, float, float, float, float]


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
    x0, x1, above, below, upper0, upper1, lower0, lower1 = _written(_edges(band, start, share))
    upper = f"M{x0},{upper0}C{above},{upper0} {above},{upper1} {x1},{upper1}"
    return f"{upper}V{lower1}C{below},{lower1} {below},{lower0} {x0},{lower0}Z"


def band_edges(band: Band) -> str:
    """Return a band's upper and lower edge as two open curves."""
    x0, x1, above, below, upper0, upper1, lower0, lower1 = _written(_edges(band, 0.0, 1.0))
    upper = f"M{x0},{upper0}C{above},{upper0} {above},{upper1} {x1},{upper1}"
    return f"{upper}M{x0},{lower0}C{below},{lower0} {below},{lower1} {x1},{lower1}"


def _written(edges: Edges) -> list[str]:
    return _short("%.1f %.1f %.1f %.1f %.1f %.1f %.1f %.1f" % edges).split(" ")  # noqa: UP031  a tuple is formatted at once


def _edges(band: Band, start: float, share: float) -> Edges:
    thick = max(band.thickness * share, _THINNEST)
    if thick > _ROOMY:
        thick -= _HAIRLINE
    shift = band.thickness * (start + share / 2) - thick / 2
    run, middle = band.x1 - band.x0, (band.x0 + band.x1) / 2
    # A curve's slope at its middle is twice that of the straight line. Moving the bends by 2/3 of this would keep the full
    # thickness across the band, but let neighbours that leave a node together run into each other.
    slope = math.atan2(2 * (band.y1 - band.y0), run)
    lean = max(-run / 4, min(run / 4, thick * _LEAN * math.tan(slope / 2)))
    y0, y1 = band.y0, band.y1
    return band.x0, band.x1, middle + lean, middle - lean, y0 + shift, y1 + shift, y0 + thick + shift, y1 + thick + shift


def bar(node: Node, margin: float = 0.0) -> str:
    """Return the rectangle of a node, grown by a margin in pixels; never too low to be seen."""
    grow = margin + max(0.0, 2 * _THINNEST - (node.y1 - node.y0)) / 2
    x0, x1, y0, y1 = node.x0 - margin, node.x1 + margin, node.y0 - grow, node.y1 + grow
    return _short(f"M{x0:.1f},{y0:.1f}H{x1:.1f}V{y1:.1f}H{x0:.1f}Z")


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
            y = node.y0 + reach
            parts.append(_short(f"M{node.x0 + x0:.1f},{y - x0:.1f}L{node.x0 + x1:.1f},{y - x1:.1f}"))
    return "".join(parts)


def number(value: float) -> str:
    """Return a coordinate as short text: one decimal, none when it is whole."""
    return _short(f"{value:.1f}")


def _short(path: str) -> str:
    # Every number has one decimal, so that ".0" is always the end of one.
    return path.replace("-0.0", "0").replace(".0", "")
