"""The matrix view: the numbers are the register's, every name can be read, and every tile answers a click."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from html import unescape
from pathlib import Path as File

import plotly.graph_objects as go
import pytest
from flow_samples import made_up, popwork, rows

from popmap.errors import UsageError
from popmap.flow import text
from popmap.flow.graph import Path, build
from popmap.flow.grid import grid, levels
from popmap.flow.matrix import LEAST_COLUMN, matrix_figure
from popmap.flow.palette import THEMES, contrast
from popmap.flow.tiles import LEVELS, SCALES, _colour, _empty, ink, short

ROOT = File(__file__).parents[2]
NAMED = {
    "popwork": popwork(),
    "sections": popwork("category", "vendor", "section"),
    "60 vendors": made_up(60),
    "143 vendors": made_up(143),
    "one flow": build(("category", "vendor"), [Path(("a", "v"), 1)], {}),
    "nothing stated": build(("category", "vendor"), [Path(("", ""), 1), Path(("a", "*"), 2)], {}),
}


def trace(figure: go.Figure, name: str) -> dict:
    """Return the figure's trace of that name or uid."""
    (found,) = [entry for entry in figure.to_dict()["data"] if name in (entry["name"], entry.get("uid"))]
    return found


def test_tiles_hold_the_registers_numbers() -> None:
    """Each pair's number is the count of its rows in the flows table, and there is no tile for a pair without."""
    counted = Counter((f"category:{row['category_id']}", f"vendor:{row['vendor_id']}") for row in rows("flows"))
    assert {pair: cell.flows for pair, cell in grid(NAMED["popwork"]).cells.items()} == counted


def test_tiles_add_up_over_the_layers_between() -> None:
    """Category by section adds the flows of all vendors of a section, with their gaps."""
    paths = [Path(("a", "v", "s"), 2, 1, 0), Path(("a", "w", "s"), 3, 0, 1), Path(("b", "w", "s"), 1)]
    graph = build(("category", "vendor", "section"), paths, {})
    cell = grid(graph).cells["category:a", "section:s"]
    assert (cell.flows, cell.unproven, cell.flagged) == (5, 1, 1)
    assert set(grid(graph, "section", "vendor").cells) == {("section:s", "vendor:v"), ("section:s", "vendor:w")}


def test_rows_and_columns_are_sorted_by_flows_then_name() -> None:
    """The busiest come first, ties by name, and "Other" and "Not stated" last however busy they are."""
    paths = [Path(("b", "x"), 2), Path(("a", "x"), 2), Path(("c", "y"), 3), Path(("", "y"), 9), Path(("*", "y"), 8)]
    table = grid(build(("category", "vendor"), paths, {"category": {"a": "Zebra", "b": "Ant"}}))
    assert table.rows == ("category:c", "category:b", "category:a", "category:*", "category:")
    assert table.columns == ("vendor:y", "vendor:x")


@pytest.mark.parametrize(("first", "second"), [("vendor", "vendor"), ("purpose", "vendor"), ("category", "role")])
def test_layers_must_be_two_the_graph_has(first: str, second: str) -> None:
    """A layer that is not drawn, or the same one twice, is refused with the choice there is."""
    with pytest.raises(UsageError):
        grid(NAMED["popwork"], first, second)


@pytest.mark.parametrize("theme", list(THEMES))
def test_an_empty_tile_is_not_a_low_number(theme: str) -> None:
    """In both themes every step is told from an empty tile and from the step before, and its number can be read (WCAG 1.4.3: 4.5)."""
    look = THEMES[theme]
    steps = [_colour(at / (LEVELS - 1), look, True) for at in range(LEVELS)]
    assert contrast(steps[0], _empty(look)) > 1.4
    assert contrast(steps[-1], _empty(look)) > 3
    away = [contrast(step, look.background) for step in steps]
    assert away == sorted(away)
    for at in range(101):
        assert contrast(ink(at / 100, look), _colour(at / 100, look, True)) >= 4.5
    assert set(SCALES) == set(THEMES)


@pytest.mark.parametrize(
    ("flows", "expected"),
    [((1, 2, 3), (0, 0.5, 1)), ((5, 5, 5), (0.25, 0.25, 0.25)), ((1, 100, 10_000), (0, 0.5, 1))],
)
def test_tiles_darken_with_their_number(flows: tuple[int, ...], expected: tuple[float, ...]) -> None:
    """Near numbers are told apart evenly, far ones by their logarithm, and one number alone gets one shade."""
    graph = build(("category", "vendor"), [Path(("a", f"v{at}"), count) for at, count in enumerate(flows)], {})
    found = levels(grid(graph))
    assert [found["category:a", f"vendor:v{at}"] for at in range(3)] == pytest.approx(list(expected))


@pytest.mark.parametrize("width", [960, 700])
@pytest.mark.parametrize("name", list(NAMED))
def test_column_names_have_their_room(name: str, width: int) -> None:
    """At 22, 60 and 143 vendors names neither overlap nor leave the picture: turned, slanted or, as rows, level."""
    figure = matrix_figure(NAMED[name], width=width).to_dict()
    axis, margin = figure["layout"]["xaxis"], figure["layout"]["margin"]
    step = axis["tickvals"][1] - axis["tickvals"][0] if len(axis["tickvals"]) > 1 else 1000
    size = axis["tickfont"]["size"]
    longest = max(text.width(unescape(label), size) for label in axis["ticktext"])
    if axis["tickangle"] == 0:
        assert longest <= step
    elif axis["tickangle"] == -45:
        assert step * 0.7071 >= size
        assert margin["t"] >= longest * 0.7071
        across = figure["layout"]["xaxis"]["range"][1] - axis["tickvals"][-1] + margin["r"]
        assert across >= text.width(unescape(axis["ticktext"][-1]), size) * 0.7071
    else:
        assert step >= LEAST_COLUMN - 0.2 >= size
        assert margin["t"] >= longest


def test_sixty_vendors_stay_columns_and_a_hundred_become_rows() -> None:
    """Categories are rows as long as names fit; beyond, the longer side runs down the page, and clicks still say category to vendor."""
    assert len(trace(matrix_figure(NAMED["60 vendors"]), "tiles")["z"]) == 7
    many = matrix_figure(NAMED["143 vendors"])
    assert len(trace(many, "tiles")["z"]) == 143
    assert all(source.startswith("category:") for source, _ in trace(many, "bands")["customdata"])


@pytest.mark.parametrize("name", list(NAMED))
def test_every_tile_and_name_answers_a_click(name: str) -> None:
    """Every pair with flows has a target with both ids, every row and column one with its own."""
    graph = NAMED[name]
    table, figure = grid(graph), matrix_figure(graph)
    assert {tuple(pair) for pair in trace(figure, "bands")["customdata"]} == set(table.cells)
    assert set(trace(figure, "nodes")["customdata"]) == {*table.rows, *table.columns}


def lit(figure: go.Figure) -> tuple[int, int]:
    """Return how many tiles are lit and how many faded."""
    values = [value for row in trace(figure, "tiles")["z"] for value in row]
    return sum(value > 0 for value in values), sum(value < 0 for value in values)


@pytest.mark.parametrize("selected", ["category:logs", "vendor:hotjar", ("category:logs", "vendor:hotjar")])
def test_a_selection_lights_its_row_column_or_tile(selected: str | tuple[str, str]) -> None:
    """What belongs to the selection stays, the rest fades, and a frame marks it."""
    graph = NAMED["popwork"]
    ends = {selected} if isinstance(selected, str) else set(selected)
    expected = sum(ends <= set(pair) for pair in graph.edges)
    figure = matrix_figure(graph, selected=[selected])
    assert lit(figure) == (expected, graph.number_of_edges() - expected)
    assert len(figure.layout.shapes) == 1


def test_a_selection_in_a_layer_that_is_no_axis_still_lights_tiles() -> None:
    """Selecting a vendor in category by section lights that vendor's tiles only."""
    graph = NAMED["sections"]
    assert lit(matrix_figure(graph, selected=["vendor:stripe"]))[0] == 1


def test_an_unknown_selection_fades_nothing() -> None:
    """An id that no longer exists leaves the picture as it is."""
    graph = NAMED["popwork"]
    assert matrix_figure(graph, selected=["vendor:gone", ("a", "b")]).to_json() == matrix_figure(graph).to_json()


def test_gaps_are_outlined_only_when_asked_for() -> None:
    """Findings get one outline shape, missing evidence one dashed shape."""
    graph = build(("category", "vendor"), [Path(("a", "v"), 2, 1, 0), Path(("b", "v"), 1, 0, 1)], {})
    assert [shape.line.dash for shape in matrix_figure(graph, gaps=True).layout.shapes] == ["solid", "3px,3px"]
    assert not matrix_figure(graph).layout.shapes


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1k"),
        (1234, "1.2k"),
        (9949, "9.9k"),
        (9950, "10k"),
        (35_400, "35k"),
        (999_499, "999k"),
        (999_500, "1M"),
        (4_200_000, "4.2M"),
    ],
)
def test_numbers_fit_a_tile(number: int, shown: str) -> None:
    """Large numbers are rounded to what fits; the hover text has them whole."""
    assert short(number) == shown
    assert len(shown) <= 4


def test_numbers_without_room_are_left_out_and_hover_has_them() -> None:
    """On narrow tiles large numbers are not drawn over each other."""
    paths = [Path((f"c{a}", f"v{b:02}"), 12_345) for a in range(3) for b in range(60)]
    figure = matrix_figure(build(("category", "vendor"), paths, {}))
    assert "numbers" not in [entry["name"] for entry in figure.to_dict()["data"]]
    assert any("12,345 flows" in line for line in trace(figure, "bands")["meta"])


@pytest.mark.parametrize("theme", list(THEMES))
@pytest.mark.parametrize("name", list(NAMED))
def test_plotly_accepts_every_figure(name: str, theme: str) -> None:
    """Figures are built without Plotly's checks to be quick; here it checks them, with everything switched on."""
    graph = NAMED[name]
    go.Figure(matrix_figure(graph, theme, selected=[next(iter(graph))], gaps=True).to_dict())


@pytest.mark.parametrize("name", list(NAMED))
def test_pictures_are_small_to_send(name: str) -> None:
    """At most 100 kB for up to 150 rows."""
    assert len(matrix_figure(NAMED[name], gaps=True).to_json().encode()) < 100_000


def test_an_empty_graph_is_an_empty_picture() -> None:
    """Nothing left by a filter draws nothing and does not crash."""
    figure = matrix_figure(build(("category", "vendor"), [], {}), selected=["category:a"])
    go.Figure(figure.to_dict())
    assert trace(figure, "bands")["customdata"] == []


def test_names_are_shown_as_text() -> None:
    """A vendor called like an image tag stays text in labels and hover texts."""
    nasty = "<img src=x onerror=alert(1)><b>x</b>"
    graph = build(("category", "vendor"), [Path(("a", "v"), 1)], {"vendor": {"v": nasty}, "category": {"a": nasty}})
    written = matrix_figure(graph).to_json()
    assert "<img" not in written
    assert "\\u003cimg" not in written
    assert "&lt;img" in written


def test_the_picture_does_not_depend_on_the_hash_seed() -> None:
    """Two processes with different hash seeds draw the same figure, byte for byte."""
    script = "import sys; sys.path.insert(0, 'tests/unit'); from flow_samples import made_up;"
    script += "from popmap.flow.matrix import matrix_figure; print(matrix_figure(made_up(60), gaps=True).to_json())"
    outputs = set()
    for seed in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "."}
        done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        outputs.add(done.stdout)
    assert len(outputs) == 1
