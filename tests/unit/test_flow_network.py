"""The network view: clusters, sizes and places follow from the graph alone, and every label can be read."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
from pathlib import Path as File

import networkx as nx
import plotly.graph_objects as go
import pytest
from flow_samples import made_up, popwork
from hypothesis import given, settings
from hypothesis import strategies as st

from popmap.flow import text
from popmap.flow.clusters import LABELLED, communities, inside, sees
from popmap.flow.graph import Path, build
from popmap.flow.network import LINKS_WITH_TEXT, network_figure
from popmap.flow.palette import THEMES
from popmap.flow.ring import FONT, HUB_FONT, LABEL_GAP, Network, Spot, diameter, place

ROOT = File(__file__).parents[2]
SIZES = {
    "popwork": popwork(),
    "popwork sections": popwork("category", "vendor", "section"),
    "vendors by section": popwork("vendor", "section"),
    "60 vendors": made_up(60),
    "90 vendors": made_up(90),
    "143 vendors": made_up(143),
}
EDGES = {
    "one flow": build(("category", "vendor"), [Path(("a", "v"), 1)], {}),
    "nothing stated": build(("category", "vendor"), [Path(("", ""), 1)], {}),
    "only Other": build(("category", "vendor"), [Path(("a", "*"), 9)], {}, {"vendor": 40}),
    "one category": build(("category", "vendor"), [Path(("a", f"v{at:02}"), 1) for at in range(30)], {}),
    "one vendor": build(("category", "vendor"), [Path((f"c{at:02}", "v"), 1) for at in range(30)], {}),
    "no link between": build(("category", "vendor"), [Path((f"c{at:02}", f"v{at:02}"), 1) for at in range(30)], {}),
    "all with all": build(("category", "vendor"), [Path((f"c{a}", f"v{b}"), 1) for a in range(9) for b in range(9)], {}),
}


def box(spot: Spot) -> tuple[float, float, float, float]:
    """Return the room a spot's label takes: left, top, right, bottom."""
    size = HUB_FONT if spot.hub else FONT
    wide = text.width(spot.label, size)
    if spot.side == "above":
        return spot.x - wide / 2, spot.y - spot.clear - 3 - size * 1.3, spot.x + wide / 2, spot.y - spot.clear - 3
    gap = spot.clear + LABEL_GAP
    start = spot.x + gap if spot.side == "right" else spot.x - gap - wide
    return start, spot.y - size * 0.65, start + wide, spot.y + size * 0.65


def overlapping(network: Network, width: float | None = None) -> list[tuple[str, str]]:
    """Return the pairs of labels that share more than a hair's breadth, on a page so wide; as wide as was laid out for when None.

    On another page the labels keep their size, and so does the room at the sides; what is between is stretched or shrunk.
    """
    middle = network.width / 2
    shrunk = 1.0 if width is None else (width - 2 * network.room) / (network.width - 2 * network.room)
    boxes = []
    for spot in network.spots:
        if spot.side:
            left, top, right, bottom = box(spot)
            shift = (spot.x - middle) * (shrunk - 1)
            boxes.append((spot.label, (left + shift, top, right + shift, bottom)))
    return [
        (first, second)
        for (first, a), (second, b) in itertools.combinations(boxes, 2)
        if min(a[2], b[2]) - max(a[0], b[0]) > 0.5 and min(a[3], b[3]) - max(a[1], b[1]) > 0.5
    ]


def test_size_stands_for_the_categories_a_vendor_sees() -> None:
    """Three flows of one category are one category seen; "Not stated" is none, and area grows in step with the number."""
    paths = [Path(("a", "v"), 3), Path(("b", "v"), 1), Path(("", "v"), 1), Path(("a", "w"), 1), Path(("", "x"), 1)]
    graph = build(("category", "vendor"), paths, {})
    seen = sees(graph)
    assert {name: seen[name] for name in ("vendor:v", "vendor:w", "vendor:x", "category:a")} == {
        "vendor:v": 2,
        "vendor:w": 1,
        "vendor:x": 0,
        "category:a": 0,
    }
    assert diameter(4) == pytest.approx(2 * diameter(1))


def test_size_counts_categories_along_whole_paths() -> None:
    """A section two layers further sees the categories of the paths that end in it, not those of its vendors' other paths."""
    graph = build(("category", "vendor", "section"), [Path(("a", "v", "s"), 1), Path(("b", "v", "t"), 1)], {})
    assert sees(graph)["section:s"] == 1
    assert sees(graph)["vendor:v"] == 2


@pytest.mark.parametrize("name", [*SIZES, *EDGES])
def test_every_node_is_in_one_cluster(name: str) -> None:
    """Clusters are a partition, the largest first."""
    graph = {**SIZES, **EDGES}[name]
    groups = communities(graph)
    assert sorted(node for group in groups for node in group) == sorted(graph)


def test_clusters_are_vendors_that_share_categories() -> None:
    """Two sets of vendors with a category each and one common vendor are two clusters; "Not stated" does not tie them together."""
    paths = [Path((category, f"{category}{at}"), 1) for category in "ab" for at in range(5)]
    paths += [Path((category, ""), 1) for category in "ab"] + [Path(("a", "b0"), 1)]
    groups = communities(build(("category", "vendor"), paths, {}))
    assert [{name.split(":")[1][:1] for name in group} - {""} for group in groups] in ([{"a"}, {"b"}], [{"b"}, {"a"}])


@pytest.mark.parametrize("name", list(SIZES))
def test_no_label_covers_another_or_is_cut_off(name: str) -> None:
    """From 22 to 143 vendors and with three layers, the labels shown do not overlap and stay in the picture."""
    network = place(SIZES[name])
    assert overlapping(network) == []
    for spot in network.spots:
        left, top, right, bottom = box(spot)
        assert min(left, top, network.width - right, network.height - bottom) >= 0, spot.label


@pytest.mark.parametrize("name", [*SIZES, "twelve categories"])
def test_categories_keep_apart_on_a_narrow_page(name: str) -> None:
    """On a page of 732 px, that of a window of 1024, the labels inside cover neither each other nor those of the ring."""
    pairs = [(category, vendor) for vendor in range(60) for category in {vendor % 12, vendor * vendor % 12, vendor // 5}]
    labels = {"category": {f"c{at}": f"Personal data of kind {at}" for at in range(12)}}
    many = build(("category", "vendor"), [Path((f"c{category}", f"v{vendor}"), 1) for category, vendor in pairs], labels)
    network = place({**SIZES, "twelve categories": many}[name])
    assert overlapping(network, 732) == []
    assert overlapping(network, 1120) == []


@pytest.mark.parametrize("name", [*SIZES, *EDGES])
def test_marks_do_not_cover_each_other_beyond_touching(name: str) -> None:
    """No two nodes stand in the same place."""
    spots = place({**SIZES, **EDGES}[name]).spots
    for one, other in itertools.combinations(spots, 2):
        assert abs(one.x - other.x) + abs(one.y - other.y) > 5, (one.node, other.node)


@settings(max_examples=40, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 8), st.integers(0, 25)), min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_places_depend_on_the_graph_alone(pairs: set[tuple[int, int]], dice: random.Random) -> None:
    """The same flows given in any order are drawn alike, every node has a place within the picture, and ring labels never overlap."""
    paths = [Path((f"c{a}", f"v{b}" if b else ""), 1) for a, b in sorted(pairs)]
    shuffled = dice.sample(paths, len(paths))
    network = place(build(("category", "vendor"), paths, {}))
    assert network == place(build(("category", "vendor"), shuffled, {}))
    ring = Network(network.width, network.height, network.room, tuple(spot for spot in network.spots if not spot.hub), ())
    assert overlapping(ring) == []
    assert all(0 <= spot.x <= network.width and 0 <= spot.y <= network.height for spot in network.spots)


def test_the_picture_does_not_depend_on_the_hash_seed() -> None:
    """Two processes with different hash seeds draw the same figure, byte for byte."""
    script = "import sys; sys.path.insert(0, 'tests/unit'); from flow_samples import made_up;"
    script += "from popmap.flow.network import network_figure; print(network_figure(made_up(60)).to_json())"
    outputs = set()
    for seed in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "."}
        done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        outputs.add(done.stdout)
    assert len(outputs) == 1


def test_many_nodes_keep_labels_for_the_largest() -> None:
    """Beyond LABELLED nodes small vendors have no label, but all have a hover text, and categories keep theirs."""
    graph = SIZES["143 vendors"]
    assert len(graph) > LABELLED
    network = place(graph)
    assert all(spot.side for spot in network.spots if spot.hub)
    bare = {spot.node for spot in network.spots if not spot.side}
    assert bare
    assert max(sees(graph)[name] for name in bare) <= min(sees(graph)[spot.node] for spot in network.spots if spot.side and not spot.hub)
    targets = trace(network_figure(graph, network), "nodes")
    assert set(targets["customdata"]) == set(graph)


def test_hubs_are_the_smallest_layers() -> None:
    """The layers with few nodes stand inside, never the largest one."""
    assert inside(SIZES["popwork"]) == {name for name in SIZES["popwork"] if name.startswith("category:")}
    layers = {name.split(":")[0] for name in inside(SIZES["popwork sections"])}
    assert layers == {"category", "section"}


def trace(figure: go.Figure, name: str) -> dict:
    """Return the figure's trace of that name or uid."""
    (found,) = [entry for entry in figure.to_dict()["data"] if name in (entry["name"], entry.get("uid"))]
    return found


@pytest.mark.parametrize("theme", list(THEMES))
@pytest.mark.parametrize("name", [*SIZES, *EDGES])
def test_plotly_accepts_every_figure(name: str, theme: str) -> None:
    """Figures are built without Plotly's checks to be quick; here it checks them, with everything switched on."""
    graph = {**SIZES, **EDGES}[name]
    figure = network_figure(graph, None, theme, selected=[next(iter(graph))], gaps=True)
    go.Figure(figure.to_dict())


def test_an_empty_graph_is_an_empty_picture() -> None:
    """Nothing left by a filter draws nothing and does not crash."""
    figure = network_figure(build(("category", "vendor"), [], {}), selected=["category:a"])
    assert trace(figure, "nodes")["customdata"] == []


@pytest.mark.parametrize("name", list(SIZES))
def test_pictures_are_small_to_send_and_have_few_traces(name: str) -> None:
    """At most 90 kB and some twenty traces, whatever the number of vendors."""
    graph = SIZES[name]
    figure = network_figure(graph, selected=["category:logs", "category:c1"], gaps=True)
    assert len(figure.to_json().encode()) < 90_000
    assert len(figure.data) <= 3 * len(graph.graph["colours"]) + 12 or len(figure.data) < 40


def test_every_node_and_link_answers_a_click() -> None:
    """Targets carry node ids and (source, target) pairs, as in the flow view; too many links go without."""
    graph = SIZES["popwork"]
    figure = network_figure(graph)
    assert set(trace(figure, "nodes")["customdata"]) == set(graph)
    assert {tuple(pair) for pair in trace(figure, "bands")["customdata"]} == set(graph.edges)
    many = SIZES["143 vendors"]
    assert many.number_of_edges() > LINKS_WITH_TEXT
    assert "bands" not in [entry.get("uid") for entry in network_figure(many).to_dict()["data"]]


def colours_of(graph: nx.DiGraph, figure: go.Figure) -> dict[str, str]:
    """Return each node's fill."""
    order = [spot.node for spot in place(graph).spots]
    return dict(zip(order, trace(figure, "marks")["marker"]["color"], strict=True))


def test_a_selection_keeps_its_neighbourhood_and_fades_the_rest() -> None:
    """Logs and its vendors keep their colours, everything else is paler; a second step reaches what those vendors share."""
    graph = SIZES["popwork"]
    plain, one = colours_of(graph, network_figure(graph)), colours_of(graph, network_figure(graph, selected=["category:logs"]))
    kept = {name for name in graph if plain[name] == one[name]}
    assert kept == {"category:logs", *graph.successors("category:logs")}
    two = colours_of(graph, network_figure(graph, selected=["category:logs"], depth=2))
    assert kept < {name for name in graph if plain[name] == two[name]}


def test_an_unknown_selection_fades_nothing() -> None:
    """An id from an old link that no longer exists does not grey the whole picture."""
    graph = SIZES["popwork"]
    assert network_figure(graph, selected=["vendor:gone", ("a", "b")]).to_json() == network_figure(graph).to_json()


def test_gaps_are_dashed_and_outlined_only_when_asked_for() -> None:
    """Links with flows without evidence are dashed, flagged nodes outlined; without the overlay neither is."""
    graph = build(("category", "vendor"), [Path(("a", "v"), 2, 1), Path(("a", "w"), 1)], {}, flagged={"vendor": frozenset({"w"})})
    shown, plain = network_figure(graph, gaps=True).to_dict(), network_figure(graph).to_dict()

    def dashes(figure: dict) -> int:
        return sum(entry["line"]["dash"] != "solid" for entry in figure["data"] if entry["name"] == "links")

    def outlined(figure: dict) -> int:
        (marks,) = [entry for entry in figure["data"] if entry["name"] == "marks"]
        return marks["marker"]["line"]["color"].count(THEMES["light"].finding)

    assert (dashes(shown), outlined(shown)) == (1, 1)
    assert (dashes(plain), outlined(plain)) == (0, 0)


def test_names_are_shown_as_text() -> None:
    """A vendor called like an image tag stays text in labels and hover texts."""
    nasty = "<img src=x onerror=alert(1)><b>x</b>"
    graph = build(("category", "vendor"), [Path(("a", "v"), 1)], {"vendor": {"v": nasty}, "category": {"a": nasty}})
    written = network_figure(graph).to_json()
    assert "<img" not in written
    assert "\\u003cimg" not in written
    assert "&lt;img" in written
