"""Labels of a drawing that typst has to set itself: they are taken out of the picture, and set upon it as text.

In a picture it puts the letters of some scripts in wrong places, does not say what they are, and makes no accessible PDF of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

from popmap.typesetting.glyphs import shaped

Label = dict[str, Any]
_SVG = "http://www.w3.org/2000/svg"
_TEXTS, _TITLE = (f"{{{_SVG}}}text", f"{{{_SVG}}}tspan"), f"{{{_SVG}}}title"
_INHERITED = ("font-size", "font-weight", "text-anchor", "fill", "x", "y")
_NUMBERS = re.compile(r"-?[\d.]+")


def lifted(drawing: bytes) -> tuple[bytes, list[Label]]:
    """Return a drawing without the labels that typst has to set itself, and those.

    Args:
        drawing: An SVG document of popmap's own.

    Returns:
        The document, the same bytes where it has no such label; and of each label its "text", where its line begins, or ends, or has its
        middle ("x", "y" in pixels, "anchor"), its "size" in pixels, whether it is "bold", its "fill", and whether it runs "up".
    """
    if drawing.isascii() or not shaped(drawing.decode()):
        return drawing, []
    # Our own drawing, in which every name is escaped: nothing in it can be a document type or an entity.
    root = ElementTree.fromstring(drawing)  # noqa: S314
    left, top, *_ = (float(found) for found in root.get("viewBox", "0 0").split())
    found = list(_taken(root, {}, (False, -left, -top)))
    ElementTree.register_namespace("", _SVG)
    return ElementTree.tostring(root, encoding="unicode").encode(), found


def _taken(element: ElementTree.Element, above: Mapping[str, str], place: tuple[bool, float, float]) -> Iterator[Label]:
    look = {**above, **{name: element.attrib[name] for name in _INHERITED if name in element.attrib}}
    place = _moved(place, element.get("transform", ""))
    if element.tag in _TEXTS and element.text and shaped(element.text):
        yield _label(element.text, look, place)
        element.text = ""
    for child in element:
        if child.tag != _TITLE:
            yield from _taken(child, look, place)


def _moved(place: tuple[bool, float, float], transform: str) -> tuple[bool, float, float]:
    """Return whether what stands in an element is turned, and where its origin is, after a transformation; none of them follows a turn."""
    up, right, down = place
    numbers = [float(found) for found in _NUMBERS.findall(transform)]
    if transform.startswith("translate"):
        return up, right + numbers[0], down + numbers[1]
    if transform.startswith("rotate(-90"):
        # Turned about a point: what was to the right of it is above it.
        _, x, y = numbers
        return True, right + x - y, down + y + x
    return place


def _label(text: str, look: Mapping[str, str], place: tuple[bool, float, float]) -> Label:
    up, right, down = place
    x, y = float(look["x"]), float(look["y"])
    return {
        "text": text,
        "x": right + (y if up else x),
        "y": down + (-x if up else y),
        "size": float(look["font-size"]),
        "anchor": look.get("text-anchor", "start"),
        "bold": look.get("font-weight") in ("bold", "600", "700"),
        "fill": look.get("fill", "#000000"),
        "up": up,
    }
