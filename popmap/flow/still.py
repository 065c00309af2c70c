"""The network as a still SVG picture: the very lines, marks and labels that the figure on the screen is drawn from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from itertools import repeat
from typing import Any
from xml.sax.saxutils import escape

from popmap.flow import text
from popmap.flow.curves import number
from popmap.flow.palette import THEMES

_ANCHORS = {"left": "end", "right": "start", "center": "middle"}
# Half of a line's height, from the middle of its letters to the point above which they stand; and where their base line lies.
_ABOVE, _BASE = 0.35, 0.34


def still(figure: Mapping[str, Any], title: str, description: str) -> tuple[str, float, float]:
    """Return a network as an SVG document, with its width and height in pixels.

    Args:
        figure: What network.network_figure returned, as a dictionary, in the light theme.
        title: The picture's accessible name.
        description: What it shows, in words.
    """
    layout = figure["layout"]
    margin, (low, high) = layout["margin"], layout["xaxis"]["range"]
    width, height = high - low + margin["l"] + margin["r"], float(layout["height"])
    look = THEMES["light"]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc" width="{number(width)}" '
        f'height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}" font-family="sans-serif">',
        f'<title id="title">{escape(text.clean(title))}</title>',
        f'<desc id="desc">{escape(text.clean(description))}</desc>',
        f'<rect width="{number(width)}" height="{number(height)}" fill="{look.background}"/>',
        f'<g transform="translate({number(margin["l"] - low)},0)">',
        *(f'<path d="{shape["path"]}" fill="{shape["fillcolor"]}"/>' for shape in layout["shapes"]),
    ]
    for trace in figure["data"]:
        if not trace.get("uid"):
            lines += _DRAW[trace["mode"]](trace, look.background)
    return "\n".join([*lines, "</g>", "</svg>"]) + "\n", width, height


def _lines(trace: Mapping[str, Any], _background: str) -> Iterator[str]:
    line = trace["line"]
    dash = "" if line["dash"] == "solid" else f' stroke-dasharray="{line["dash"].replace("px", "")}"'
    path, fresh = [], True
    for x, y in zip(trace["x"], trace["y"], strict=True):
        if x is None:
            fresh = True
            continue
        path.append(f"{'M' if fresh else 'L'}{number(x)},{number(y)}")
        fresh = False
    yield f'<path d="{"".join(path)}" fill="none" stroke="{line["color"]}" stroke-width="{number(line["width"])}"{dash}/>'


def _marks(trace: Mapping[str, Any], _background: str) -> Iterator[str]:
    marker = trace["marker"]
    outline = marker.get("line", {})
    looks = zip(
        *(
            _each(marker.get(name, "circle"), len(trace["x"])) if of is marker else _each(of.get(name, default), len(trace["x"]))
            for of, name, default in (
                (marker, "symbol", ""),
                (marker, "size", ""),
                (marker, "color", ""),
                (outline, "color", "none"),
                (outline, "width", 0),
            )
        ),
        strict=True,
    )
    for x, y, (symbol, size, fill, stroke, width) in zip(trace["x"], trace["y"], looks, strict=True):
        style = f'fill="{fill}" stroke="{stroke}" stroke-width="{number(width)}"'
        half = size / 2
        if symbol == "square":
            yield f'<rect x="{number(x - half)}" y="{number(y - half)}" width="{number(size)}" height="{number(size)}" {style}/>'
        else:
            yield f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(half)}" {style}/>'


def _labels(trace: Mapping[str, Any], background: str) -> Iterator[str]:
    font = trace["textfont"]
    size = font["size"]
    halo = f' stroke="{background}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"' if "shadow" in font else ""
    for x, y, label, position in zip(trace["x"], trace["y"], trace["text"], trace["textposition"], strict=True):
        bold = label.startswith("<b>")
        shown = unescape(label.removeprefix("<b>").removesuffix("</b>") if bold else label)
        above, _, side = position.partition(" ")
        base = y - size * _ABOVE if above == "top" else y + size * _BASE
        weight = ' font-weight="bold"' if bold else ""
        look = f'text-anchor="{_ANCHORS[side]}" font-size="{size}" fill="{font["color"]}"{weight}{halo}'
        yield f'<text x="{number(x)}" y="{number(base)}" {look}>{escape(text.clean(shown))}</text>'


_DRAW = {"lines": _lines, "markers": _marks, "text": _labels}


def _each(value: Any, count: int) -> Sequence[Any]:
    return value if isinstance(value, list) else list(repeat(value, count))
