"""The data map's geometry: what must hold for every graph, and the text it makes room for."""

from __future__ import annotations

import random
from itertools import combinations, pairwise

import pytest
from flow_samples import made_up, popwork
from flow_strategies import graph_parts
from hypothesis import given, settings
from hypothesis import strategies as st

from popmap.flow import text
from popmap.flow.curves import band_outline
from popmap.flow.graph import OTHER, Path, build
from popmap.flow.layout import Layout, Node, height_for, layout, middle
from popmap.flow.ordering import crossings, order

Parts = tuple[tuple[str, ...], list[Path], dict[str, dict[str, str]]]
SIZES = st.tuples(st.sampled_from([200, 640, 1000, 1900]), st.sampled_from([None, 100, 700, 2000]))
CLOSE = 1e-6


def column(drawn: Layout, depth: int) -> list[Node]:
    """Return a layer's nodes from top to bottom."""
    return [node for node in drawn.nodes if node.depth == depth]


def labels_overlap(drawn: Layout) -> bool:
    """Tell whether two labels of one layer share a line's height of space."""
    return any(
        below.label.y - above.label.y < drawn.font_size * 1.2
        for depth in range(len(drawn.headers))
        for above, below in pairwise(column(drawn, depth))
    )


@given(graph_parts(), SIZES)
@settings(max_examples=150, deadline=None)
def test_everything_has_its_place(parts: Parts, size: tuple[int, int | None]) -> None:
    """Nodes and bands stay inside the picture, nodes and labels of a layer never overlap, heights are flows, bands fill nodes."""
    graph = build(*parts)
    drawn = layout(graph, *size)
    assert len(drawn.nodes) == graph.number_of_nodes()
    assert len(drawn.bands) == graph.number_of_edges()
    for depth in range(len(parts[0])):
        for above, below in pairwise(column(drawn, depth)):
            assert above.y1 <= below.y0 + CLOSE
    assert not labels_overlap(drawn)
    at = {node.id: node for node in drawn.nodes}
    for node in drawn.nodes:
        assert -CLOSE <= node.x0 < node.x1 <= drawn.width + CLOSE
        assert -CLOSE <= node.y0 <= node.y1 <= drawn.height + CLOSE
        assert node.y1 - node.y0 == pytest.approx(graph.nodes[node.id]["flows"] * drawn.unit)
        for ends in ([band for band in drawn.bands if band.source == node.id], [band for band in drawn.bands if band.target == node.id]):
            if ends:
                assert sum(band.thickness for band in ends) == pytest.approx(node.y1 - node.y0)
    for band in drawn.bands:
        source, target = at[band.source], at[band.target]
        assert (band.x0, band.x1) == (source.x1, target.x0)
        assert band.x0 < band.x1
        assert source.y0 - CLOSE <= band.y0 <= band.y0 + band.thickness <= source.y1 + CLOSE
        assert target.y0 - CLOSE <= band.y1 <= band.y1 + band.thickness <= target.y1 + CLOSE
        for share in (0.1, 0.5, 0.9):
            across, down = middle(share)
            assert 0 <= across <= 1
            assert 0 <= band.y0 + (band.y1 - band.y0) * down + band.thickness / 2 <= drawn.height


@given(graph_parts(), st.integers())
@settings(max_examples=60, deadline=None)
def test_the_same_paths_in_any_order_give_the_identical_layout(parts: Parts, seed: int) -> None:
    """Shuffling the input changes no coordinate."""
    layers, paths, labels = parts
    shuffled = random.Random(seed).sample(paths, len(paths))
    assert layout(build(layers, paths, labels)) == layout(build(layers, shuffled, labels))


@given(graph_parts())
@settings(max_examples=60, deadline=None)
def test_total_flow_is_conserved_between_layers(parts: Parts) -> None:
    """Every pair of neighbouring layers is joined by bands that carry all flows."""
    drawn = layout(build(*parts))
    total = sum(path.flows for path in parts[1])
    for depth in range(len(parts[0]) - 1):
        assert sum(band.flows for band in drawn.bands if band.depth == depth) == total


@given(graph_parts())
@settings(max_examples=60, deadline=None)
def test_bands_do_not_twist(parts: Parts) -> None:
    """Bands that leave or reach one node stand there in the order of their other ends."""
    drawn = layout(build(*parts))
    for first, second in combinations(drawn.bands, 2):
        if first.source == second.source:
            assert (first.y0 <= second.y0) == (first.y1 <= second.y1)
        if first.target == second.target and first.depth == second.depth:
            assert (first.y1 <= second.y1) == (first.y0 <= second.y0)


@given(graph_parts())
@settings(max_examples=60, deadline=None)
def test_sweeps_never_add_crossings(parts: Parts) -> None:
    """The order found crosses no more than the order by label, and Other stands last in its layer."""
    graph = build(*parts)
    found = order(graph)
    by_label = [sorted(names, key=lambda name: (graph.nodes[name]["key"] == OTHER, graph.nodes[name]["label"], name)) for names in found]
    assert crossings(graph, found) <= crossings(graph, by_label)
    for names in found:
        assert all(graph.nodes[name]["key"] != OTHER for name in names[:-1])


def test_crossings_are_weighted() -> None:
    """Two bands that cross count the product of their flows."""
    graph = build(("category", "vendor"), [Path(("a", "y"), 2), Path(("b", "x"), 3)], {})
    assert crossings(graph, [["category:a", "category:b"], ["vendor:x", "vendor:y"]]) == 6
    assert crossings(graph, order(graph)) == 0


def test_tied_nodes_stand_in_the_order_of_their_labels() -> None:
    """Vendors that nothing else tells apart are listed by name."""
    graph = build(("category", "vendor"), [Path(("c", key), 1) for key in "qwe"], {"vendor": {"q": "Alpha", "w": "Gamma", "e": "Beta"}})
    assert order(graph)[1] == ("vendor:q", "vendor:e", "vendor:w")


@pytest.mark.parametrize("width", [640, 1000, 1400])
@pytest.mark.parametrize(
    "layers", [("category", "vendor"), ("category", "vendor", "section"), ("section", "vendor", "category", "company")]
)
def test_the_bundled_register_is_shown_with_every_label_whole(layers: tuple[str, ...], width: int) -> None:
    """Popwork's outer labels are whole and inside the picture at every usual width, its middle ones from 1000 px on."""
    graph = popwork(*layers)
    drawn = layout(graph, width)
    assert drawn.font_size == 13
    for node in drawn.nodes:
        label = node.label
        start = label.x - label.width if label.anchor == "end" else label.x
        assert start >= 0
        assert start + label.width <= width
        if width >= (1000 if node.depth in (0, len(layers) - 1) else 1400):
            assert label.text == text.clean(graph.nodes[node.id]["label"])


@pytest.mark.parametrize("layers", [("section", "category", "vendor", "purpose", "role"), ("section", "category", "vendor", "purpose")])
def test_labels_of_neighbouring_layers_keep_apart_on_a_narrow_page(layers: tuple[str, ...]) -> None:
    """On a page 0.69 times as wide as laid out for, where labels keep their size and layers move together, none is over another."""
    drawn = layout(popwork(*layers), 1060)
    between = drawn.width - drawn.left - drawn.right
    shrunk = (0.69 * drawn.width - drawn.left - drawn.right) / between
    boxes = []
    for node in drawn.nodes:
        if node.depth:
            start = (node.label.x - drawn.left) * shrunk
            boxes.append((start, start + node.label.width, node.label.y))
    for one, other in combinations(boxes, 2):
        if abs(one[2] - other[2]) < drawn.font_size:
            assert min(one[1], other[1]) <= max(one[0], other[0]) + CLOSE


@pytest.mark.parametrize("vendors", [1, 22, 60, 200])
def test_the_height_grows_until_every_label_has_its_line(vendors: int) -> None:
    """At 22 vendors, at 60 and beyond labels keep at least 11 px and do not overlap; the height asked for is the height used."""
    graph = made_up(vendors)
    drawn = layout(graph)
    assert drawn.height == height_for(graph)
    assert drawn.font_size >= 11
    assert not labels_overlap(drawn)
    assert height_for(graph) >= height_for(made_up(max(1, vendors // 2)))


def test_a_height_too_small_is_raised_not_obeyed() -> None:
    """Sixty labels in 300 pixels would overlap: the layout takes the height it needs."""
    drawn = layout(made_up(60), height=300)
    assert drawn.height > 300
    assert drawn.font_size == 11
    assert not labels_overlap(drawn)


def test_an_empty_graph_has_an_empty_layout() -> None:
    """Nothing left after filtering is still a picture."""
    drawn = layout(build(("category", "vendor"), [], {}))
    assert (drawn.nodes, drawn.bands) == ((), ())
    assert [header.text for header in drawn.headers] == ["Categories", "Vendors"]


def test_a_steep_band_is_not_thinned_and_stays_between_its_nodes() -> None:
    """The two edges of a falling band bend apart: the upper one turns later than the lower one."""
    graph = build(("category", "vendor"), [Path(("a", key), 5) for key in "xyz"] + [Path(("b", "z"), 1)], {})
    band = max(layout(graph, 500).bands, key=lambda one: one.y1 - one.y0)
    upper, lower = band_outline(band).split("V")
    assert float(upper.split("C")[1].split(",")[0]) > float(lower.split("C")[1].split(",")[0]) > band.x0


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Sentry", "Sentry"),
        ("  two\n lines\t", "two lines"),
        ("nul\x00 and \x1b[31m escape", "nul and [31m escape"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("lone \ud800 half and \uffff", "lone \ufffd half and \ufffd"),
        ("名前 שלום é", "名前 שלום é"),
    ],
)
def test_text_is_made_safe_to_show(raw: str, shown: str) -> None:
    """Control characters, halves of characters and direction overrides never reach a picture; everything else does."""
    assert text.clean(raw) == shown


@given(st.text(max_size=80), st.sampled_from([11, 13]), st.floats(20, 300))
def test_fitted_text_fits_and_is_a_beginning(raw: str, size: int, room: float) -> None:
    """A label is whole or the start of the name with an ellipsis, and is never wider than its room."""
    clean = text.clean(raw)
    fitted = text.fit(clean, size, room)
    assert text.width(fitted, size) <= room + CLOSE
    assert fitted == clean or clean.startswith(fitted.removesuffix(text.ELLIPSIS))


@pytest.mark.parametrize(("wide", "narrow"), [("名前", "ab"), ("👩", "a"), ("WWW", "iii"), ("é", ""), ("עברית", "")])
def test_widths_tell_scripts_apart(wide: str, narrow: str) -> None:
    """Wide characters count about double, combining marks nothing, and every letter has some width."""
    assert text.width(wide, 12) > 1.5 * text.width(narrow, 12)
    assert text.width("e\u0301", 12) == text.width("e", 12)


def test_an_ellipsis_never_splits_a_character_from_its_accents() -> None:
    """A name cut within a joined emoji or before a combining mark drops the whole of it."""
    family = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
    for room in range(12, 80):
        fitted = text.fit(f"ab{family}cde\u0301fgh", 12, room).removesuffix(text.ELLIPSIS)
        assert not fitted.endswith("\u200d")
        assert not fitted.endswith("e") or fitted.endswith("e\u0301")


@given(st.text(max_size=200), st.integers(5, 40))
def test_wrapping_loses_nothing(raw: str, columns: int) -> None:
    """Wrapped lines together hold every character but the spaces they were broken at."""
    clean = text.clean(raw)
    assert "".join("".join(text.wrap(clean, columns)).split()) == "".join(clean.split())
    assert len(text.wrap(clean, columns, 2)) <= 2
