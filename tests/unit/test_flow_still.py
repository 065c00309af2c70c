"""The network as a still picture: valid, the same each time, and with every mark and name that the figure on the screen has."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hostile import write_hostile

from popmap.filters import Filter
from popmap.flow.network import network_figure
from popmap.flow.paths import flow_map
from popmap.flow.still import still
from popmap.opened import BUNDLED, opened

_SVG = "{http://www.w3.org/2000/svg}"


def drawn(folder=BUNDLED, **options) -> tuple[ET.Element, float, float, str]:
    """Return a register's network as a tree, its size and its text."""
    graph = flow_map(opened(folder), Filter()).graph
    text, width, height = still(network_figure(graph, **options).to_dict(), "Network", "What it shows.")
    return ET.fromstring(text), width, height, text


def test_marks_and_names():
    """Each category is a square, each vendor a circle, each has its name, and links and clusters are drawn."""
    root, width, height, text = drawn(gaps=True)
    names = ["".join(label.itertext()) for label in root.iter(f"{_SVG}text")]
    # The picture's own ground is a rectangle too; the key of sizes has some circles.
    assert len(list(root.iter(f"{_SVG}rect"))) == 7 + 1 and len(list(root.iter(f"{_SVG}circle"))) >= 22
    assert {"Logs", "Identification data", "Sentry", "ForestAdmin"} <= set(names)
    assert root.get("width") == f"{width:g}" and float(root.get("height", 0)) == height
    assert text == drawn(gaps=True)[3] and "stroke-dasharray" not in drawn()[3]


@pytest.mark.parametrize("selected", [(), ("vendor:k1",)], ids=str)
def test_hostile_names(tmp_path, selected):
    """Names that are markup are text in it, nothing refers to anything elsewhere, and all stands within its frame."""
    root, width, height, text = drawn(write_hostile(tmp_path), selected=selected)
    assert {child.tag.removeprefix(_SVG) for child in root.iter()} == {"svg", "title", "desc", "rect", "g", "path", "circle", "text"}
    assert not [name for child in root.iter() for name in child.attrib if "href" in name or name.startswith("on")]
    assert any("<img" in "".join(label.itertext()) for label in root.iter(f"{_SVG}text")) and "url(" not in text
    assert 0 < width < 3_000 and 0 < height < 3_000
