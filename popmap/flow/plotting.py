"""What popmap's Plotly figures share: invisible targets, labels and the frame."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from itertools import chain
from typing import Any

import networkx as nx

from popmap.flow.graph import related
from popmap.flow.hover import Said
from popmap.flow.palette import FONT, Theme
from popmap.flow.scene import Target

CLEAR = "rgba(0,0,0,0)"
Point = tuple[float, float]
# Markers of a text from which on it is sent whole: each marker names all its pieces.
_FEW = 1.5

# Pixels from a target within which the pointer finds it, less the three that Plotly adds itself.
_REACH = 23


def chosen_paths(graph: nx.DiGraph, selected: Sequence[Target], depth: int) -> frozenset | None:
    """Return the paths that belong to any of the selected nodes and bands, None when the graph has none of these."""
    paths = frozenset(path for target in selected for path in related(graph, target, depth))
    return paths or None


def targets(name: str, points: Sequence[Point], ids: Sequence[Target], said: Sequence[Said], rows: Sequence[int]) -> dict[str, Any]:
    """Return a trace of invisible markers that answer for nodes or bands.

    Args:
        name: "nodes" or "bands", as in the flow view; the trace's uid.
        points: Where they are.
        ids: A node id or (source id, target id) for each, its customdata.
        said: Hover texts in pieces, escaped.
        rows: For each marker the number of its text.
    """
    pieces, templates = _shared(said, len(rows))
    unseen = {"marker": {"opacity": 0}}
    return {
        "type": "scatter",
        "mode": "markers",
        # Plotly puts a trace's name beside its hover text; a uid names it unseen.
        "name": "",
        "uid": name,
        "x": [round(x) for x, _ in points],
        "y": [round(y) for _, y in points],
        "customdata": list(ids),
        "meta": pieces,
        "hovertemplate": [templates[row] for row in rows],
        "showlegend": False,
        # The pointer finds markers that are not drawn as well, and drawing each would take most of the time a picture takes.
        "marker": {"opacity": 0, "maxdisplayed": 1},
        "selected": unseen,
        "unselected": unseen,
    }


def _shared(said: Sequence[Said], markers: int) -> tuple[list[str], list[str]]:
    """Return the pieces to send and each text as a template of them; where texts have several markers each, whole texts are shorter.

    No text is in a template itself, where Plotly would read it for names of its own.
    """
    if markers > _FEW * len(said):
        return ["".join(parts) for parts in said], [f"%{{meta[{row}]}}" for row in range(len(said))]
    uses = Counter(chain.from_iterable(said))
    # What only one text has is sent together with its neighbours.
    places = {part: f"%{{meta[{at}]}}" for at, part in enumerate([part for part, number in uses.items() if number > 1 and part])}
    pieces, templates = list(places), []
    for parts in said:
        template, single = "", ""
        for part in parts:
            place = places.get(part)
            if place is None:
                single += part
                continue
            if single:
                template += f"%{{meta[{len(pieces)}]}}"
                pieces.append(single)
                single = ""
            template += place
        if single:
            template += f"%{{meta[{len(pieces)}]}}"
            pieces.append(single)
        templates.append(template)
    return pieces, templates


def labels(
    name: str, theme: Theme, colour: str, rows: Sequence[tuple[float, float, str, str]], size: int, bold: bool = False, halo: bool = True
) -> dict[str, Any]:
    """Return a trace of labels, which neither answer the pointer nor fade by a click.

    Args:
        name: The trace's name.
        theme: For the halo that keeps lines from running through the letters.
        colour: Of the letters.
        rows: (x, y, text, Plotly's text position) of each; the text is escaped here.
        size: Pixels.
        bold: Whether the letters are heavy.
        halo: Whether there is one.
    """
    font: dict[str, Any] = {"family": FONT, "size": size, "color": colour}
    if halo:
        font["shadow"] = ",".join([f"0 0 2px {theme.background}"] * 4 + [f"0 0 4px {theme.background}"] * 4)
    shown = [escape(text, quote=False) for _, _, text, _ in rows]
    return {
        "type": "scatter",
        "mode": "text",
        "name": name,
        "x": [x for x, *_ in rows],
        "y": [y for _, y, *_ in rows],
        "text": [f"<b>{text}</b>" if bold else text for text in shown],
        "textposition": [position for *_, position in rows],
        "textfont": font,
        "hoverinfo": "skip",
        "cliponaxis": False,
        "unselected": {"textfont": {"color": colour}},
    }


def frame(
    theme: Theme, height: float, margin: Mapping[str, float], xs: Point, ys: Point, shapes: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Return a layout: nothing to zoom or drag, no axes, the theme's hover labels.

    Args:
        theme: LIGHT or DARK.
        height: Of the whole figure in pixels.
        margin: l, r, t and b in pixels.
        xs: The range across.
        ys: The range from bottom to top.
        shapes: Drawn below everything else.
    """
    font = {"family": FONT, "size": 13, "color": theme.text}
    axis = {"visible": False, "fixedrange": True}
    return {
        "template": {},
        "autosize": True,
        "height": round(height),
        "margin": {**{side: round(pixels) for side, pixels in margin.items()}, "pad": 0},
        "xaxis": {**axis, "range": list(xs)},
        "yaxis": {**axis, "range": list(ys)},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": font,
        "dragmode": False,
        "hovermode": "closest",
        "hoverdistance": _REACH,
        "hoverlabel": {"align": "left", "bgcolor": theme.background, "bordercolor": theme.line, "font": font},
        "showlegend": False,
        "shapes": list(shapes),
    }


def mix(colour: str, background: str, share: float) -> str:
    """Return a colour laid over a background with that opacity, as #rrggbb: nothing beneath shines through it."""
    pairs = [(int(colour[at : at + 2], 16), int(background[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(over * share + under * (1 - share)):02x}" for over, under in pairs)


def pill(points: Sequence[Point], half: float) -> str:
    """Return the outline, as an SVG path, of a band of that half width along two or more points, with round ends."""
    there, back = [], []
    ways = []
    for at in range(len(points)):
        (x0, y0), (x1, y1) = points[max(at - 1, 0)], points[min(at + 1, len(points) - 1)]
        length = math.hypot(x1 - x0, y1 - y0) or 1.0
        ways.append(((x1 - x0) / length, (y1 - y0) / length))
    for (x, y), (dx, dy) in zip(points, ways, strict=True):
        there.append((x + half * dy, y - half * dx))
        back.append((x - half * dy, y + half * dx))
    # Four thirds of the radius make a cubic curve a half circle, near enough.
    (dx0, dy0), (dx1, dy1), bulge = ways[0], ways[-1], half * 4 / 3
    end = [(x + bulge * dx1, y + bulge * dy1) for x, y in (there[-1], back[-1])] + [back[-1]]
    start = [(x - bulge * dx0, y - bulge * dy0) for x, y in (back[0], there[0])] + [there[0]]
    # Plotly reads one point per L.
    return f"M{_xy(there[:1])}L{_xy(there, 'L')}C{_xy(end)}L{_xy(back[::-1], 'L')}C{_xy(start)}Z"


def _xy(points: Sequence[Point], between: str = " ") -> str:
    return between.join(f"{x:.1f},{y:.1f}" for x, y in points)
