"""The data map as an SVG file: well formed, self-contained, the same bytes every time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path as File
from xml.etree import ElementTree

import pytest
from flow_samples import popwork
from flow_strategies import graph_parts
from hypothesis import given, settings

from popmap.flow.graph import OTHER, Path, build
from popmap.flow.layout import layout
from popmap.flow.svg import svg

NS = "{http://www.w3.org/2000/svg}"
HERE = File(__file__).parent
GOLDEN = HERE.parent / "golden"
HOSTILE = '<script>alert(1)</script> & "quoted" \x00\x08 ]]> \ud800'


def small_svg() -> str:
    """Return a picture of three layers with a selection, gaps, something not stated and names that are markup."""
    paths = [
        Path(("logs", "a", "tech"), 2, 1, 0),
        Path(("logs", "b", "tech"), 1, 0, 1),
        Path(("id", "b", "tech"), 3, 1, 1),
        Path(("id", "", "tech"), 1),
        Path(("id", OTHER, ""), 1),
    ]
    labels = {"category": {"logs": "Logs", "id": "Identification data"}, "vendor": {"a": HOSTILE, "b": "שלום"}}
    graph = build(("category", "vendor", "section"), paths, labels, {"vendor": 3}, {"vendor": frozenset({"b"})})
    return svg(graph, layout(graph, 800), "light", ["id", "logs"], selected=["category:logs"], gaps=True, title="Data map of A & B")


def test_the_bytes_are_those_of_the_golden_file() -> None:
    """The drawing changes only when someone means it to: then write small_svg() to the golden file and look at it."""
    assert small_svg() == (GOLDEN / "flow_map.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_the_bytes_do_not_depend_on_the_hash_seed(seed: str) -> None:
    """Another process with another PYTHONHASHSEED writes the same file of the bundled register."""
    code = (
        "import sys; from flow_samples import popwork; from popmap.flow.layout import layout; from popmap.flow.svg import svg; "
        "graph = popwork('category', 'vendor', 'section'); "
        "sys.stdout.buffer.write(svg(graph, layout(graph), selected=['category:logs'], depth=2, gaps=True).encode())"
    )
    paths = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    made = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths}, capture_output=True, check=True
    )
    graph = popwork("category", "vendor", "section")
    assert made.stdout == svg(graph, layout(graph), selected=["category:logs"], depth=2, gaps=True).encode()


@given(graph_parts())
@settings(max_examples=50, deadline=None)
def test_every_graph_is_well_formed_xml_that_reaches_for_nothing(parts: tuple) -> None:
    """Whatever the names are, the file parses, has no scripts, links or styles, and no address but its namespace."""
    graph = build(*parts)
    made = svg(graph, layout(graph), "dark", gaps=True, selected=sorted(graph)[:1])
    root = ElementTree.fromstring(made.encode("utf-8"))
    assert {element.tag.removeprefix(NS) for element in root.iter()} <= {"svg", "title", "desc", "rect", "g", "path", "text"}
    for element in root.iter():
        assert not any(name.startswith("on") or "href" in name or name == "style" for name in element.attrib)
    attributes = " ".join(value for element in root.iter() for value in element.attrib.values())
    assert "url(" not in attributes
    assert "http" not in attributes


def test_names_that_are_markup_are_text() -> None:
    """A name with tags, quotes and control characters is shown as written, less what XML cannot carry."""
    root = ElementTree.fromstring(small_svg())
    assert root.find(f"{NS}title").text == "Data map of A & B"
    said = [element.text for element in root.iter(f"{NS}title")]
    assert any('<script>alert(1)</script> & "quoted" ]]> \ufffd' in one for one in said)


def test_everything_drawn_has_a_title_and_the_picture_a_description() -> None:
    """Assistive technology finds a name for each node and band, and the picture's own name and description."""
    graph = popwork()
    root = ElementTree.fromstring(svg(graph, layout(graph), description="Seven categories reach 22 vendors."))
    assert root.attrib["role"] == "img"
    assert root.find(f"{NS}desc").text == "Seven categories reach 22 vendors."
    titles = [group.find(f"{NS}title").text for group in root.iter(f"{NS}g") if group.find(f"{NS}path") is not None]
    assert len(titles) == graph.number_of_nodes() + graph.number_of_edges()
    assert any(title.startswith("Logs → Sentry; 1 flow") for title in titles)
    ElementTree.fromstring(svg(graph, layout(graph)))


def test_labels_lie_inside_the_picture_with_room_for_a_wider_font() -> None:
    """The view box reaches a fifth of a label's width beyond what was measured, on both sides."""
    graph = popwork()
    drawn = layout(graph)
    root = ElementTree.fromstring(svg(graph, drawn))
    left, _, width, _ = map(float, root.attrib["viewBox"].split())
    for node in drawn.nodes:
        reach = node.label.width * 1.2
        start = node.label.x - reach if node.label.anchor == "end" else node.label.x
        assert left <= start
        assert start + reach <= left + width


def test_the_legend_shows_only_with_gaps() -> None:
    """Outlines and their legend come and go together."""
    graph = popwork()
    assert "Has findings" in svg(graph, layout(graph), gaps=True)
    assert "Has findings" not in svg(graph, layout(graph))


def test_coordinates_are_rounded_to_a_tenth() -> None:
    """No number in the file has more than one decimal, opacity apart."""
    graph = popwork()
    assert not re.search(r"\.\d\d", re.sub(r'opacity="[^"]*"', "", svg(graph, layout(graph))))
