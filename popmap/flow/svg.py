"""The data map as an SVG file: the figure's own geometry, byte-identical from run to run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from xml.sax.saxutils import escape

import networkx as nx

from popmap.flow import text
from popmap.flow.curves import number
from popmap.flow.hover import band_lines, node_lines
from popmap.flow.layout import Label, Layout
from popmap.flow.palette import Theme
from popmap.flow.scene import Scene, Shape, Style, Target, scene

_LEGEND = 28.0
# A sans-serif font can be this much wider than the one labels were measured with.
_WIDER = 0.2
_SWATCH = 22.0


def svg(
    graph: nx.DiGraph,
    layout: Layout,
    theme: str = "light",
    category_order: Sequence[str] = (),
    *,
    selected: Collection[Target] = (),
    depth: int = 1,
    gaps: bool = False,
    title: str = "Data map",
    description: str = "",
) -> str:
    """Return the data map as an SVG document, without scripts or anything from elsewhere.

    Args:
        graph: What graph.build returned.
        layout: Its layout.
        theme: "light" or "dark".
        category_order: All category keys of the register, which fixes their colours.
        selected: Node ids and bands (source id, target id) to highlight.
        depth: Steps of the highlighted neighbourhood.
        gaps: Whether to outline what rests on no evidence or has findings, with a legend.
        title: The picture's accessible name.
        description: What it shows, in words.
    """
    drawing = scene(graph, layout, theme, category_order, selected, depth, gaps)
    named = {shape.style.name: shape.style for shape in reversed(drawing.shapes) if shape.style.name}
    over = [_overhang(layout, side) for side in ("end", "start")]
    width, height = layout.width + sum(over), layout.height + (_LEGEND if named else 0)
    box = f'width="{number(width)}" height="{number(height)}" viewBox="{number(-over[0])} 0 {number(width)} {number(height)}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc" {box} font-family="sans-serif">',
        f'<title id="title">{_text(title)}</title>',
        f'<desc id="desc">{_text(description or _description(graph))}</desc>',
        f'<rect x="{number(-over[0])}" y="0" width="{number(width)}" height="{number(height)}" fill="{drawing.theme.background}"/>',
        *_shapes(graph, drawing),
        *_labels(layout, drawing, selected),
        *_legend(named, layout, drawing.theme),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _shapes(graph: nx.DiGraph, drawing: Scene) -> Iterator[str]:
    for owner, shapes in groupby(drawing.shapes, key=lambda shape: shape.owner):
        if isinstance(owner, str):
            lines = node_lines(graph, owner)
        else:
            chosen = None if drawing.shares is None else sum(drawing.shares.get(owner, {}).values())
            lines = band_lines(graph, owner, chosen)
        yield f"<g><title>{_text('; '.join(lines))}</title>{''.join(map(_path, shapes))}</g>"


def _path(shape: Shape) -> str:
    return f'<path d="{shape.path}"{_style(shape.style)}/>'


def _style(style: Style) -> str:
    parts = [f' fill="{style.fill or "none"}"']
    if style.stroke:
        parts.append(f' stroke="{style.stroke}" stroke-width="{number(style.stroke_width)}"')
    if style.dash:
        parts.append(f' stroke-dasharray="{style.dash.replace("px", "")}"')
    if style.opacity != 1:
        parts.append(f' opacity="{style.opacity:g}"')
    return "".join(parts)


def _labels(layout: Layout, drawing: Scene, selected: Collection[Target]) -> Iterator[str]:
    theme = drawing.theme
    halo = f'stroke="{theme.background}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
    yield f'<g font-size="{layout.font_size}" fill="{theme.text}" {halo}>'
    for node in layout.nodes:
        extra = "" if node.id in drawing.active else f' fill="{theme.muted}"'
        yield _label(node.label, layout.font_size, extra + (' font-weight="bold"' if node.id in selected else ""))
    for header in layout.headers:
        yield _label(header, layout.font_size, f' fill="{theme.muted}" font-size="{layout.font_size - 1}"')
    yield "</g>"


def _label(label: Label, size: int, extra: str) -> str:
    # A third of the font size below the middle is where the base line of centred text lies.
    at = f'x="{number(label.x)}" y="{number(label.y + size * 0.34)}"'
    return f'<text {at} text-anchor="{label.anchor}"{extra}>{_text(label.text)}</text>'


def _legend(named: dict[str, Style], layout: Layout, theme: Theme) -> Iterator[str]:
    x, y = layout.left, layout.height + _LEGEND / 2 - 4
    for name, style in sorted(named.items()):
        yield f'<path d="M{number(x)},{number(y - 5)}h{number(_SWATCH)}v10h{number(-_SWATCH)}Z"{_style(style)}/>'
        yield _label(Label(name, x + _SWATCH + 6, y, "start", 0), 12, f' font-size="12" fill="{theme.text}"')
        x += _SWATCH + 6 + text.width(name, 12) * (1 + _WIDER) + 20


def _overhang(layout: Layout, side: str) -> float:
    depth = 0 if side == "end" else len(layout.headers) - 1
    widths = [node.label.width for node in layout.nodes if node.depth == depth]
    return round(max(widths, default=0.0) * _WIDER, 1)


def _description(graph: nx.DiGraph) -> str:
    flows = sum(path.flows for path in graph.graph["paths"])
    return f"{flows:,} flows between {graph.number_of_nodes():,} nodes, drawn as {graph.number_of_edges():,} bands."


def _text(value: str) -> str:
    return escape(text.clean(value))
