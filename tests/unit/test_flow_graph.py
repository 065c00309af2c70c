"""The flow graph: what its nodes and bands count, and what belongs to a selection."""

from __future__ import annotations

import random

import networkx as nx
import pytest
from flow_strategies import graph_parts
from hypothesis import given, settings

from popmap.errors import UsageError
from popmap.flow.graph import LAYERS, NOT_STATED, OTHER, Path, build, related

LABELS = {"category": {"logs": "Logs", "id": "Identification data"}, "vendor": {"sentry": "Sentry"}, "section": {"tech": "Technology"}}
PATHS = [
    Path(("logs", "sentry", "tech"), 2, 1, 0),
    Path(("logs", "june", "tech"), 1),
    Path(("id", "june", ""), 3, 0, 2),
    Path(("id", OTHER, "tech"), 4),
    Path(("support", OTHER, "tech"), 1),
]


def small() -> nx.DiGraph:
    """Return three layers with a shared vendor, a merged rest and something not stated."""
    return build(("category", "vendor", "section"), PATHS, LABELS, others={"vendor": 7}, flagged={"vendor": frozenset({"june"})})


def test_nodes_carry_what_the_interface_needs() -> None:
    """A node knows its layer, key, label and flows, whether it is stated, has findings, and how many it stands for."""
    graph = small()
    assert graph.nodes["vendor:june"] == {
        "layer": "vendor",
        "key": "june",
        "label": "june",
        "flows": 4,
        "unproven": 0,
        "flagged": True,
        "merged": 0,
        "stated": True,
    }
    assert graph.nodes["vendor:*"] | {"flows": 0} == {
        "layer": "vendor",
        "key": OTHER,
        "label": "Other (7)",
        "flows": 0,
        "unproven": 0,
        "flagged": False,
        "merged": 7,
        "stated": True,
    }
    assert (graph.nodes["section:"]["label"], graph.nodes["section:"]["stated"]) == ("Not stated", False)
    assert graph.nodes["category:logs"]["unproven"] == 1


def test_edges_carry_flows_gaps_and_the_colouring_category() -> None:
    """A band sums its paths and names a category only where one of its ends is one."""
    graph = small()
    assert graph.edges["category:logs", "vendor:sentry"] == {"flows": 2, "unproven": 1, "flagged": 0, "category": "logs"}
    assert graph.edges["vendor:june", "section:"] == {"flows": 3, "unproven": 0, "flagged": 2, "category": None}


@pytest.mark.parametrize(
    ("layers", "colour_layer", "coloured"),
    [
        (("category", "vendor"), "category", {("category:a", "vendor:b"): "a"}),
        (("vendor", "category"), "category", {("vendor:a", "category:b"): "b"}),
        (("section", "country"), "section", {("section:a", "country:b"): "a"}),
    ],
)
def test_bands_are_coloured_by_category_wherever_it_stands(
    layers: tuple[str, ...], colour_layer: str, coloured: dict[tuple[str, str], str]
) -> None:
    """The category gives the colour in any layer; without one the first layer does."""
    graph = build(layers, [Path(("a", "b"), 1)], {})
    assert graph.graph["colour_layer"] == colour_layer
    assert {(source, target): key for source, target, key in graph.edges(data="category")} == coloured


def test_colours_are_ordered_by_flows() -> None:
    """graph["colours"] lists the colouring layer's keys, most flows first, ties by key."""
    assert small().graph["colours"] == ("id", "logs", "support")


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        (("category",), "2 to 5 layers, not 1"),
        (tuple(LAYERS)[:6], "2 to 5 layers, not 6"),
        (("category", "category"), "only once"),
        (("category", "shoe size"), "'shoe size'"),
    ],
)
def test_impossible_layers_are_explained(layers: tuple[str, ...], said: str) -> None:
    """Layers that cannot be shown are a usage error that says why."""
    with pytest.raises(UsageError, match=said):
        build(layers, [], {})


def test_a_path_must_fit_the_layers() -> None:
    """A path with too few keys is a programming error, not silently another graph."""
    with pytest.raises(ValueError, match="1 keys in a graph of 2 layers"):
        build(("category", "vendor"), [Path(("a",), 1)], {})


@pytest.mark.parametrize(
    ("start", "depth", "found"),
    [
        ("category:logs", 1, {0, 1}),
        ("category:logs", 2, {0, 1, 2}),
        ("category:logs", 3, {0, 1, 2, 3}),
        # Support shares only Other and the section with the rest: neither connects.
        ("category:logs", 9, {0, 1, 2, 3}),
        ("category:support", 9, {4}),
        ("vendor:sentry", 2, {0, 1}),
        ("section:tech", 1, {0, 1, 3, 4}),
        ("section:", 1, {2}),
        (("category:id", "vendor:june"), 1, {2}),
        (("vendor:june", "section:tech"), 2, {0, 1, 2}),
        ("vendor:unknown", 3, set()),
        (("category:logs", "vendor:unknown"), 1, set()),
    ],
)
def test_neighbourhood(start: str | tuple[str, str], depth: int, found: set[int]) -> None:
    """Depth 1 is the paths through the start; each step adds those sharing a category or vendor, never section, Other or a gap."""
    assert set(related(small(), start, depth)) == {PATHS[at] for at in found}


def test_without_vendors_companies_connect_and_without_both_every_layer_does() -> None:
    """What connects paths is the finest party shown; a graph of coarse layers only connects by those."""
    by_company = build(("purpose", "company"), [Path(("a", "x"), 1), Path(("b", "x"), 1), Path(("a", "y"), 1)], {})
    assert {path.keys for path in related(by_company, "purpose:b", 2)} == {("b", "x"), ("a", "x")}
    coarse = build(("purpose", "country"), [Path(("a", "x"), 1), Path(("b", "x"), 1), Path(("a", "y"), 1)], {})
    assert {path.keys for path in related(coarse, "purpose:b", 3)} == {("b", "x"), ("a", "x"), ("a", "y")}


@given(graph_parts())
@settings(max_examples=60, deadline=None)
def test_flows_are_conserved_and_order_does_not_matter(parts: tuple[tuple[str, ...], list[Path], dict[str, dict[str, str]]]) -> None:
    """Every layer carries all flows; what enters a node leaves it; shuffled or split paths give the equal graph."""
    layers, paths, labels = parts
    graph = build(layers, paths, labels)
    total = sum(path.flows for path in paths)
    for layer in layers:
        assert sum(data["flows"] for _, data in graph.nodes(data=True) if data["layer"] == layer) == total
    for name, data in graph.nodes(data=True):
        for degree, end in ((graph.in_degree, layers[0]), (graph.out_degree, layers[-1])):
            if data["layer"] != end:
                assert degree(name, weight="flows") == data["flows"]
    shuffled = random.Random(1).sample(paths, len(paths))
    again = build(layers, shuffled, labels)
    assert nx.utils.graphs_equal(graph, again)
    assert list(graph.nodes) == list(again.nodes)
    assert list(graph.edges) == list(again.edges)
    assert all(not data["stated"] for _, data in graph.nodes(data=True) if data["key"] == NOT_STATED)
