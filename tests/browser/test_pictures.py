"""Each kind of picture draws whole: no label cut off, none over another, in the theme the reader's system asks for."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import Locator
from visit import Visit, Visits

# The letters' own boxes have a little air above and below; two lines of labels may share that, not more.
_AIR = 2.0
_BOXES = """chart => {
    const whole = chart.getBoundingClientRect();
    return [...chart.querySelectorAll('g.textpoint text, g.xtick text')].filter(text => text.textContent.trim()).map(text => {
        const box = text.getBoundingClientRect();
        return {text: text.textContent, left: box.left - whole.left, right: box.right - whole.left, top: box.top - whole.top,
                bottom: box.bottom - whole.top, width: whole.width, height: whole.height};
    });
}"""


def labels(reader: Visit) -> list[dict]:
    """Return each label's text and box within the picture."""
    found = reader.chart().evaluate(_BOXES)
    assert found
    return found


def cut_off(boxes: list[dict]) -> list[str]:
    """Return the labels that stand out of the picture, which hides what does."""
    return [
        box["text"]
        for box in boxes
        if min(box["left"], box["top"]) < -1 or box["right"] > box["width"] + 1 or box["bottom"] > box["height"] + 1
    ]


def overlapping(boxes: list[dict]) -> list[tuple[str, str]]:
    """Return the pairs of labels that cover each other."""
    return [
        (one["text"], other["text"])
        for one, other in itertools.combinations(boxes, 2)
        if min(one["right"], other["right"]) - max(one["left"], other["left"]) > _AIR
        and min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > _AIR
    ]


@pytest.mark.parametrize("width", [1440, 1024])
@pytest.mark.parametrize(("register", "vendors"), [("popwork", 22), ("made-up", 60)])
def test_flow_map(visit: Visits, register: str, vendors: int, width: int):
    """At 22 and at 60 vendors, wide and narrow, the flow map's labels are whole, apart, and as many as there are nodes."""
    boxes = labels(visit("data_map?top=60", register=register, width=width))
    assert len(boxes) > vendors and cut_off(boxes) == [] and overlapping(boxes) == []


@pytest.mark.parametrize(
    ("layers", "width"),
    [
        (("Section", "Category", "Vendor"), 1440),
        (("Section", "Category", "Vendor"), 1024),
        (("Section", "Category", "Vendor", "Purpose", "Role"), 1440),
        (("Section", "Category", "Vendor", "Purpose", "Role"), 1024),
    ],
    ids=lambda part: str(part) if isinstance(part, int) else "-".join(part),
)
def test_flow_map_of_more_layers(visit: Visits, layers: tuple[str, ...], width: int):
    """More layers' labels are whole and apart too; long purposes end in an ellipsis."""
    boxes = labels(visit("data_map?" + "&".join(f"layers={layer}" for layer in layers), width=width))
    assert cut_off(boxes) == [] and overlapping(boxes) == []
    assert ("Purpose" in layers) == any(box["text"].endswith("…") for box in boxes)


@pytest.mark.parametrize("width", [1440, 1024])
@pytest.mark.parametrize("register", ["popwork", "made-up"])
@pytest.mark.parametrize("picture", ["Network", "Matrix"])
def test_other_pictures(visit: Visits, picture: str, register: str, width: int):
    """The network and the matrix draw with every label whole, and in the network none is over another."""
    reader = visit(f"data_map?map={picture}", register=register, width=width)
    boxes = labels(reader)
    assert cut_off(boxes) == [] and not reader.errors
    # The boxes of the matrix's turned labels cross where their letters do not.
    if picture == "Network":
        assert overlapping(boxes) == []


@pytest.mark.parametrize(("theme", "background", "letters"), [("light", "rgb(255, 255, 255)", 120), ("dark", "rgb(16, 22, 31)", 135)])
def test_theme(visit: Visits, theme: str, background: str, letters: int):
    """The page and the picture's letters have the colours of the theme the reader's system asks for."""
    reader = visit("data_map", theme=theme)
    assert reader.page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor") == background
    fills = reader.chart().evaluate(
        "chart => [...chart.querySelectorAll('g.textpoint text')].map(text => text.style.fill.match(/\\d+/g).map(Number))"
    )
    for fill in fills:
        assert max(fill[:3]) < letters if theme == "light" else min(fill[:3]) > letters, fill


def test_clicks_in_the_network_and_the_matrix(visit: Visits):
    """A category's label can be clicked in either, and the same address selects it in the flow map."""
    reader = visit("data_map?map=Matrix")
    box = _first_tile(reader.chart(), "Logs")
    reader.page.mouse.move(*box)
    reader.page.wait_for_timeout(200)
    reader.page.mouse.click(*box)
    reader.until(lambda query: query.get("sel") == ["category:logs>vendor:forestadmin"]).says("Logs → ForestAdmin")
    reader.page.get_by_test_id("stMain").get_by_role("radio", name="Flow", exact=True).click()
    reader.until(lambda query: "map" not in query).says("Logs → ForestAdmin")


def _first_tile(chart: Locator, row: str) -> tuple[float, float]:
    """Return the middle of the leftmost tile with a number in a row of the matrix."""
    label = chart.locator("g.textpoint text", has_text=re.compile(f"^{row}$")).bounding_box()
    assert label
    height = label["y"] + label["height"] / 2
    boxes = [text.bounding_box() for text in chart.locator("g.textpoint text", has_text=re.compile(r"^\d+$")).all()]
    return min((box["x"] + box["width"] / 2, height) for box in boxes if box and abs(box["y"] + box["height"] / 2 - height) < 5)
