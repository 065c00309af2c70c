"""The data map as a Plotly figure: what is highlighted, what the pointer is told, and how little is sent."""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Iterable, Iterator
from itertools import combinations

import networkx as nx
import plotly.graph_objects as go
import plotly.io
import pytest
from flow_samples import made_up, popwork, said
from flow_strategies import graph_parts
from hypothesis import given, settings

from popmap.flow.figure import CONFIG, figure
from popmap.flow.graph import NOT_STATED, OTHER, Path, build
from popmap.flow.hover import band_said, node_lines, room_for
from popmap.flow.layout import Band, layout
from popmap.flow.palette import THEMES, colours, contrast
from popmap.flow.scene import BOTH, FLAGGED, UNPROVEN, scene

HOSTILE = "<img src=x onerror=alert(1)><b>bold</b> &amp; $x$"
SAMPLE = [
    Path(("logs", "a", "tech"), 2, 1, 0),
    Path(("logs", "b", "tech"), 1, 0, 1),
    Path(("id", "b", "tech"), 3, 1, 1),
    Path(("id", "", "tech"), 1),
    Path(("id", OTHER, ""), 1),
]


def sample() -> nx.DiGraph:
    """Return three layers with gaps, findings, something not stated and a merged rest."""
    return build(("category", "vendor", "section"), SAMPLE, {"vendor": {"a": HOSTILE}}, {"vendor": 3}, {"vendor": frozenset({"b"})})


def trace(drawn: go.Figure, uid: str) -> dict:
    """Return the trace of that uid."""
    return next(one for one in drawn.to_dict()["data"] if one["uid"] == uid)


@given(graph_parts())
@settings(max_examples=25, deadline=None)
def test_plotly_itself_accepts_every_figure(parts: tuple) -> None:
    """The figure is built without Plotly's validation for speed; validated, it is the same figure."""
    graph = build(*parts)
    start = sorted(graph)[:1]
    drawn = figure(graph, layout(graph), "dark", selected=start, gaps=True)
    validated, built = (json.loads(one.to_json()) for one in (go.Figure(drawn.to_dict()), drawn))
    for one in (validated, built):
        # Validation spells out an empty template and leaves out an empty list.
        one["layout"].pop("template")
        one["layout"].setdefault("shapes", [])
    assert validated == built


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_in_both_themes(theme: str) -> None:
    """Labels, headers and the labels of what is not selected have a contrast of at least 4.5:1; findings at least 3:1."""
    look = THEMES[theme]
    assert min(contrast(look.text, look.background), contrast(look.muted, look.background)) >= 4.5
    assert min(contrast(look.finding, look.background), contrast(look.bar, look.background)) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_a_categorys_colour_depends_on_the_register_alone(theme: str) -> None:
    """A filter that leaves one category keeps its colour; what is not stated and Other never take one."""
    order = [f"c{at}" for at in range(20)]
    palette = colours(THEMES[theme], [NOT_STATED, *order, OTHER])
    assert len({palette[key] for key in order[:16]}) == 16
    assert {palette[key] for key in order[16:]} == {THEMES[theme].neutral}
    assert NOT_STATED not in palette
    graph = build(("category", "vendor"), [Path(("c5", "v"), 1)], {})
    fills = {shape.style.fill for shape in scene(graph, layout(graph), theme, order).shapes}
    assert fills == {palette["c5"], THEMES[theme].bar}


@pytest.mark.parametrize("theme", THEMES)
def test_the_first_eight_colours_differ_for_every_kind_of_colour_vision(theme: str) -> None:
    """Simulated for protan, deutan and tritan vision, each pair of the first eight keeps a visible distance in CIELAB."""
    cycle = THEMES[theme].cycle[:8]
    for matrix in SIGHTS.values():
        seen = [lab(colour, matrix) for colour in cycle]
        distances = [sum((a - b) ** 2 for a, b in zip(one, two, strict=True)) ** 0.5 for at, one in enumerate(seen) for two in seen[:at]]
        # About 2.3 is just noticeable side by side.
        assert min(distances) > 15


# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), severity 1.
SIGHTS = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def lab(colour: str, matrix: tuple) -> tuple[float, float, float]:
    """Return a #rrggbb colour as seen through a matrix on linear RGB, in CIELAB (D65)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    r, g, b = (min(1.0, max(0.0, sum(weight * part for weight, part in zip(row, linear, strict=True)))) for row in matrix)
    white = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
    )
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in white)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("engine", ["json", "orjson"])
def test_a_drawn_figure_is_written_once_and_stays_the_same(engine: str) -> None:
    """Shown again, copied or asked for its parts, a figure is the one that was drawn, whichever way Plotly writes JSON."""
    graph = sample()
    drawn = figure(graph, layout(graph), gaps=True)
    plain = json.loads(json.dumps(drawn.to_dict()))
    for one in plain["data"]:
        one.pop("uid")
    for shown in (drawn, drawn, copy.deepcopy(drawn)):
        assert json.loads(plotly.io.to_json(shown.to_dict(), validate=False, engine=engine)) == plain
    assert drawn.layout.height == plain["layout"]["height"]
    assert [len(one.x) for one in drawn.data] == [len(one["x"]) for one in plain["data"]]
    with pytest.raises(AttributeError):
        _ = drawn.nothing


def test_clicks_name_nodes_and_bands() -> None:
    """Every node and every band has at least one marker, whose customdata is its id or its two ids."""
    graph = sample()
    drawn = figure(graph, layout(graph))
    assert set(trace(drawn, "nodes")["customdata"]) == set(graph.nodes)
    assert {tuple(ends) for ends in trace(drawn, "bands")["customdata"]} == set(graph.edges)


def test_hover_names_the_band_and_what_the_caller_knows() -> None:
    """A band's text has its ends, its flows, its gaps and then the caller's lines; a node's its layer and neighbours."""
    graph = popwork()
    band = ("category:logs", "vendor:sentry")
    drawn = figure(graph, layout(graph), hover={band: ["To find bugs", "Legal basis: not stated"]})
    bands = trace(drawn, "bands")
    shown = said(bands)[[tuple(ends) for ends in bands["customdata"]].index(band)]
    assert shown == "<b>Logs → Sentry</b><br>1 flow<br>1 flow with findings<br>To find bugs<br>Legal basis: not stated"
    assert node_lines(graph, "category:logs")[:4] == ["Logs", "Category", "8 flows", "to 8 vendors"]
    assert node_lines(graph, "vendor:cloudflare")[2:4] == ["2 flows", "from 2 categories"]


def test_markup_in_names_is_shown_as_text() -> None:
    """Names that are HTML are escaped in labels and hover text alike; only popmap's own <b> and <br> remain."""
    graph = sample()
    drawn = figure(graph, layout(graph), hover={("category:logs", "vendor:a"): [HOSTILE]})
    texts = [*trace(drawn, "labels")["text"], *said(trace(drawn, "nodes")), *said(trace(drawn, "bands"))]
    assert any("&lt;img" in one for one in texts)
    assert set(re.findall(r"<[^>]*>", "".join(texts))) == {"<b>", "</b>", "<br>"}
    assert CONFIG["typesetMath"] is False


def test_a_long_name_is_short_in_the_label_and_whole_in_the_hover() -> None:
    """300 characters end in an ellipsis beside the node and are all there under the pointer."""
    name = " ".join(f"word{at:03}" for at in range(38))
    graph = build(("category", "vendor"), [Path(("c", "v"), 1)], {"vendor": {"v": name}})
    drawn = figure(graph, layout(graph))
    assert trace(drawn, "labels")["text"][1].endswith("…")
    assert all(word in said(trace(drawn, "nodes"))[-1] for word in name.split())
    assert all(word in said(trace(drawn, "bands"))[0] for word in name.split())


@pytest.mark.parametrize("bands", [1, 135, 1_000])
def test_hover_text_is_kept_to_a_size_and_says_so(bands: int) -> None:
    """Very long lines end in an ellipsis and surplus lines are counted, not dropped unseen; the more bands, the less each says."""
    room = room_for(60, bands)
    rows = "".join(band_said(("One", "Two"), (1, 0, 0, 0), ["x" * 1000, *map(str, range(100))], room)).split("<br>")
    assert rows[:2] == ["<b>One → Two</b>", "1 flow"]
    long = next(at for at, row in enumerate(rows) if row.endswith("…"))
    assert set("".join(rows[2 : long + 1])) == {"x", "…"}
    shown = len(rows) - long - 2
    assert rows[-1] == f"and {100 - shown} more lines"
    assert max(map(len, rows)) < 80
    assert sum(map(len, rows)) < room.told + 120


@pytest.mark.parametrize("gaps", [False, True])
def test_the_largest_map_is_small_to_send(gaps: bool) -> None:
    """60 nodes and 135 bands with long names and all that a register may say of each stay below 70 KB, with the overlay below 78 KB."""
    dice = random.Random(1)
    pairs = sorted(dice.sample([(category, vendor) for category in range(12) for vendor in range(48)], 135))
    paths = [Path((f"category-{a}", f"a-vendor-with-a-long-name-{b}"), 1 + (a * b) % 7, a % 2, b % 2) for a, b in pairs]
    labels = {
        "category": {f"category-{a}": f"Personal data of the kind number {a}" for a in range(12)},
        "vendor": {f"a-vendor-with-a-long-name-{b}": f"A Vendor With a Long Name & Sons, Number {b}" for b in range(48)},
    }
    graph = build(("category", "vendor"), paths, labels)
    hover = {
        band: [
            f"Purpose: To analyse and archive case {at}, once a day",
            f"Legal basis: {dice.choice(('contract', 'consent', 'not stated'))}",
            f"Stated: “{at} vendor | data | analysed and archived for as long as the contract runs” (line {at})",
        ]
        * 3
        for at, band in enumerate(graph.edges)
    }
    assert graph.number_of_edges() == 135
    sent = figure(graph, layout(graph, 1060), hover=hover, gaps=gaps).to_json()
    assert len(sent.encode()) < (78_000 if gaps else 70_000)


@pytest.mark.parametrize(
    ("selected", "active"),
    [
        (["category:logs"], {"category:logs", "vendor:a", "vendor:b", "section:tech"}),
        ([("category:id", "vendor:*")], {"category:id", "vendor:*", "section:"}),
        (["vendor:gone"], set(sample())),
        ([], set(sample())),
    ],
)
def test_a_selection_fades_the_rest_and_removes_nothing(selected: list, active: set[str]) -> None:
    """Everything stays in the picture; what is on no selected path is fainter, and an unknown selection selects nothing."""
    graph = sample()
    drawing = scene(graph, layout(graph), selected=selected)
    assert drawing.active == active
    assert {shape.owner for shape in drawing.shapes} == {*graph.nodes, *graph.edges}
    bars = {shape.owner: shape.style.opacity for shape in drawing.shapes if isinstance(shape.owner, str)}
    assert {name for name, opacity in bars.items() if opacity == 1} == active


@pytest.mark.parametrize(("key", "flows"), [("logs", 1), ("id", 3)])
def test_only_the_selected_share_of_a_band_is_highlighted(key: str, flows: int) -> None:
    """Of four flows from vendor b to the section one is Logs: a quarter of the band, in its colour, where it arrived."""
    graph = sample()
    drawn = layout(graph)
    drawing = scene(graph, drawn, category_order=["id", "logs"], selected=[f"category:{key}"])
    owner = ("vendor:b", "section:tech")
    whole, part = [shape for shape in drawing.shapes if shape.owner == owner]
    assert part.style.fill == colours(THEMES["light"], ["id", "logs"])[key]
    assert whole.style.opacity < part.style.opacity
    bands = {(band.source, band.target): band for band in drawn.bands}
    arrived, band = bands[f"category:{key}", "vendor:b"], bands[owner]
    assert arrived.flows == flows
    start, end = upper_corners(part.path)
    assert start == pytest.approx(arrived.y1, abs=1)
    assert end - band.y1 == pytest.approx(start - band.y0, abs=1)


def upper_corners(path: str) -> tuple[float, float]:
    """Return the heights at which the upper edge of a band's outline starts and ends."""
    start, end = path.removeprefix("M").split("V", maxsplit=1)[0].split("C")
    return float(start.split(",")[1]), float(end.rsplit(",", maxsplit=1)[1])


def test_the_selection_follows_the_neighbourhood() -> None:
    """A second step adds what shares a vendor with the first."""
    graph = sample()
    assert "category:id" in scene(graph, layout(graph), selected=["category:logs"], depth=2).active


def test_gaps_are_outlined_and_the_legend_is_true() -> None:
    """Dashes mark bands with flows without evidence, outlines findings; the legend lists the kinds that occur and no other."""
    graph = sample()
    drawing = scene(graph, layout(graph), gaps=True)
    found: dict[str, set] = {}
    for shape in drawing.shapes:
        if shape.style.name:
            found.setdefault(shape.style.name, set()).add(shape.owner)
            assert bool(shape.style.dash) == (shape.style.name != FLAGGED)
    edges = dict(graph.edges.items())
    assert found[UNPROVEN] == {band for band, data in edges.items() if data["unproven"] and not data["flagged"]}
    assert found[BOTH] == {band for band, data in edges.items() if data["unproven"] and data["flagged"]}
    assert found[FLAGGED] == {band for band, data in edges.items() if data["flagged"] and not data["unproven"]} | {"vendor:b"}
    for paths, gaps, entries in [
        (SAMPLE, True, {BOTH, FLAGGED, UNPROVEN}),
        (SAMPLE, False, set()),
        ([Path(("a", "b", "c"), 1, 1)], True, {UNPROVEN}),
    ]:
        one = build(("category", "vendor", "section"), paths, {}, flagged={"vendor": frozenset({"b"})} if len(paths) > 1 else {})
        drawn = figure(one, layout(one), selected=["section:tech"], gaps=gaps)
        named = [shape for shape in drawn.layout.shapes if shape.showlegend]
        assert {shape.name for shape in named} == entries
        assert len(named) == len(entries)
        assert all(shape.opacity == 1 for shape in named)
        assert drawn.layout.showlegend == bool(entries)


def test_what_is_not_stated_looks_different() -> None:
    """Nodes for the empty cell are hatched outlines, filled with no colour."""
    graph = sample()
    shapes = {shape.owner: shape for shape in scene(graph, layout(graph)).shapes}
    assert (shapes["vendor:"].style.fill, shapes["section:"].style.fill) == ("", "")
    assert shapes["vendor:"].style.stroke
    assert shapes["vendor:"].path.count("M") > 2
    assert shapes["vendor:*"].style.fill == THEMES["light"].neutral


def test_few_shapes_and_traces_however_many_bands() -> None:
    """A thousand bands are drawn by tens of shapes and a handful of traces, which is what keeps a browser quick."""
    graph = made_up(400, most=7)
    drawn = figure(graph, layout(graph), gaps=True, selected=["category:c0"])
    assert graph.number_of_edges() > 700
    assert len(drawn.data) <= 5
    assert len(drawn.layout.shapes) <= 40


@pytest.mark.parametrize(("layers", "most"), [(("category", "vendor"), 42_000), (("category", "vendor", "section"), 56_000)])
def test_little_is_sent(layers: tuple[str, ...], most: int) -> None:
    """The bundled register's map with full hover text, gaps and a selection stays well below 60 KB."""
    graph = popwork(*layers)
    hover = {
        band: ["To track and identify any bugs while using the application", "Legal basis: not stated", "“Sentry | Logs”"]
        for band in graph.edges
    }
    for options in ({}, {"selected": ["category:logs"], "gaps": True}):
        assert len(figure(graph, layout(graph), hover=hover, **options).to_json()) < most


def test_labels_outside_the_plotting_area_keep_their_room_when_the_page_is_narrow() -> None:
    """At half the width only the plotting area shrinks: what remains left of the first bars still holds the longest label."""
    graph = popwork("category", "vendor", "section")
    drawn = layout(graph, 1000)
    frame = figure(graph, drawn).layout
    first, last = drawn.nodes[0], drawn.nodes[-1]
    for margin, inside, nodes in [
        (frame.margin.l, first.x0 - frame.xaxis.range[0], [node for node in drawn.nodes if node.depth == 0]),
        (frame.margin.r, frame.xaxis.range[1] - last.x1, [node for node in drawn.nodes if node.depth == 2]),
    ]:
        assert margin + inside / 2 >= max(node.label.width for node in nodes) + 3


def test_an_empty_graph_is_still_a_figure() -> None:
    """Nothing left after filtering draws the headers and no nodes."""
    graph = build(("category", "vendor"), [], {})
    drawn = figure(graph, layout(graph), gaps=True, selected=["category:logs"])
    assert trace(drawn, "nodes")["x"] == []
    assert drawn.layout.shapes == ()


def test_bands_that_cross_are_not_merged_into_one_shape() -> None:
    """Bands of one shape never cross each other, or their crossing would not show; nor do they cancel each other out."""
    paths = [Path((category, vendor, section), 1) for category in "ab" for vendor in "vwx" for section in "st"]
    graph = build(("category", "vendor", "section"), paths, {})
    drawn = layout(graph)
    ends = {(band.source, band.target): band for band in drawn.bands}
    groups: dict = {}
    for shape in scene(graph, drawn).shapes:
        if not isinstance(shape.owner, str):
            groups.setdefault(shape.style, []).append(ends[shape.owner])
    assert any(crossed(drawn.bands))
    assert not any(crossing for bands in groups.values() for crossing in crossed(bands))
    assert {shape.fillrule for shape in figure(graph, drawn).layout.shapes} == {"nonzero"}


def crossed(bands: Iterable[Band]) -> Iterator[bool]:
    """Yield for each two bands between the same layers whether they cross."""
    for one, two in combinations(bands, 2):
        if one.depth == two.depth:
            yield (one.y0 - two.y0) * (one.y1 - two.y1) < 0
