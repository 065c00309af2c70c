"""Graph files: the same graph gives the same bytes, and other tools read back what was written."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path as File

import networkx as nx
import pytest
from flow_samples import popwork
from hypothesis import given, settings
from hypothesis import strategies as st

from popmap.flow.formats import BY_NAME, FORMATS, cytoscape, flatten, gexf, graphml, sankeymatic
from popmap.flow.graph import Path, build
from popmap.formats import Writer

ROOT = File(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"

# Everything a cell of a register may turn out to hold, the awkward more often than a plain alphabet would give it.
AWKWARD = st.sampled_from(
    [
        "",
        "*",
        "a[1] b",
        "//x",
        ":n #abc",
        "-hidden-",
        "x #fff",
        "x #09f.5",
        "a\\nb",
        "'quoted'",
        "move x",
        "y 1, 2",
        "\x00\x1b",
        "\ud800",
        "]]>",
        "&amp;",
        "<b>",
    ]
)
NAMES = AWKWARD | st.text(max_size=12) | st.text(alphabet="[]#:/-'\\n .1aA\r\n\t\u200b\u2060\u202e\ufeff\uffff", max_size=8)


@st.composite
def graphs(draw: st.DrawFn) -> nx.DiGraph:
    keys = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True)), draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    pairs = st.tuples(st.sampled_from(keys[0]), st.sampled_from(keys[1]))
    paths = [
        Path(pair, draw(st.integers(1, 9)), draw(st.integers(0, 1)), draw(st.integers(0, 1))) for pair in draw(st.sets(pairs, min_size=1))
    ]
    labels = {layer: {key: draw(NAMES) for key in chosen} for layer, chosen in zip(("category", "purpose"), keys, strict=True)}
    return build(("category", "purpose"), paths, labels, {"purpose": 3}, {"category": frozenset(keys[0][:1])})


def sample() -> nx.DiGraph:
    """A small graph with what is hard to write: equal names, markup, other scripts, Other, Not stated and a control character."""
    paths = [
        Path(("logs", "logs"), 3, 1, 0),
        Path(("logs", "brackets"), 1),
        Path(("arabic", ""), 2, 0, 2),
        Path(("arabic", "*"), 5),
        Path(("arabic", "logs"), 1),
    ]
    labels = {
        "category": {"logs": "Logs", "arabic": "\u0633\u062c\u0644\u0627\u062a & <data>"},
        "vendor": {"logs": "Logs", "brackets": "A [1] B\x07\n'C' #fff"},
    }
    return build(("category", "vendor"), paths, labels, {"vendor": 12}, {"vendor": frozenset({"logs"})})


@pytest.mark.parametrize("name", list(BY_NAME))
def test_bytes_are_golden(name: str) -> None:
    """Each format writes exactly the bytes that were reviewed; run with POPMAP_GOLDEN=write to accept new ones."""
    format_ = BY_NAME[name]
    file = GOLDEN / f"graph-{name}.{format_.extension}"
    if os.environ.get("POPMAP_GOLDEN") == "write":
        file.write_bytes(format_.write(sample()))
    assert format_.write(sample()) == file.read_bytes()


def test_bytes_do_not_depend_on_hash_seed_or_date() -> None:
    """Another process with another hash seed and another day writes the same bytes."""
    script = "import sys; sys.path.insert(0, 'tests/unit'); from flow_samples import popwork; from popmap.flow.formats import FORMATS;"
    script += "import hashlib; print([hashlib.sha256(f.write(popwork())).hexdigest() for f in FORMATS])"
    outputs = set()
    for seed in ("0", "1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert b"lastmodifieddate" not in gexf(popwork())
    assert nx.__version__.encode() not in gexf(popwork())


def test_formats_are_told_apart_by_name_and_extension() -> None:
    """Names, labels and extensions are unique, so that the command line and the page can offer them as a list."""
    for field in ("name", "label", "extension"):
        values = [getattr(format_, field) for format_ in FORMATS]
        assert len(set(values)) == len(values)


@settings(max_examples=50, deadline=None)
@given(graphs())
def test_networkx_reads_back_the_same_graph(graph: nx.DiGraph) -> None:
    """GraphML, GEXF and Cytoscape JSON keep every node, edge, weight and attribute, whatever the names hold."""
    flat = flatten(graph)
    assert (len(flat), flat.number_of_edges()) == (len(graph), graph.number_of_edges())
    read = {
        "graphml": nx.read_graphml(io.BytesIO(graphml(graph))),
        "gexf": nx.read_gexf(io.BytesIO(gexf(graph))),
        "cytoscape": nx.cytoscape_graph(json.loads(cytoscape(graph))),
    }
    for name, again in read.items():
        assert sorted(again) == sorted(flat), name
        assert nx.get_edge_attributes(again, "weight") == nx.get_edge_attributes(flat, "weight")
        for node, data in flat.nodes(data=True):
            for field in ("layer", "register_key", "flows", "unproven", "flagged", "merged", "stated"):
                assert again.nodes[node][field] == data[field], (name, node, field)
            assert again.nodes[node].get("label", "") == data["label"], (name, node)


def test_ids_that_only_differ_in_what_xml_cannot_hold_stay_two_nodes() -> None:
    """A bell and an escape character are both replaced, and still there are two purposes."""
    graph = build(("category", "purpose"), [Path(("a", "x\x07"), 1), Path(("a", "x\x1b"), 2)], {})
    assert sorted(nx.read_graphml(io.BytesIO(graphml(graph)))) == ["category:a", "purpose:x\ufffd", "purpose:x\ufffd (2)"]


def parsed(data: bytes) -> list[tuple[str, int, str]]:
    """Read SankeyMATIC lines the way its published syntax says: comments, settings, moves, nodes, then flows."""
    flows = []
    for raw in data.decode().split("\n"):
        line = re.sub("^\u200b+|\u200b+$", "", raw.strip()).strip()
        if not line or re.match("'|//", line):
            continue
        assert not re.fullmatch(r"move (.+) (-?\d(?:.\d+)?), (-?\d(?:.\d+)?)", line), line
        assert not re.fullmatch(r"((?:\w+\s*){1,2}) (#?[\w.-]+)", line), line
        assert not re.fullmatch(r"((?:\w+\s*){1,2}) '(.*)'", line), line
        assert not re.fullmatch(r":(.+) #([a-f0-9]{0,6})?(\.\d{1,4})?\s*(>>|<<)*\s*(>>|<<)*", line, re.IGNORECASE), line
        match = re.fullmatch(r"(.+)\[([\d\s.+-]+|\*|\?|)\](.+)", line)
        assert match, line
        source, target = match[1].strip(), match[3].strip()
        colour = re.fullmatch(r"(.+)\s+(#\S+)", target)
        assert not (colour and re.fullmatch(r"#([a-f0-9]{3,6})?(\.\d{1,4})?", colour[2], re.IGNORECASE)), line
        assert not any(re.fullmatch("-(.*)-", name) or "\\n" in name for name in (source, target)), line
        flows.append((source, int(match[2]), target))
    return flows


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_sankeymatic_lines_are_read_as_flows_between_as_many_nodes(graph: nx.DiGraph) -> None:
    """No name is taken for a comment, setting, node line, colour, hidden label or amount, and different nodes have different names."""
    flows = parsed(sankeymatic(graph))
    assert sorted(amount for _, amount, _ in flows) == sorted(flows_ for *_, flows_ in graph.edges(data="flows"))
    assert len({name for source, _, target in flows for name in (source, target)}) == len(graph)


@pytest.mark.parametrize(
    ("label", "line"),
    [
        ("Plain name", "a [1] Plain name"),
        ("A [1] B", "a [1] A (1) B"),
        ("two\nlines", "a [1] two lines"),
        ("Bob's", "a [1] Bob\u2019s"),
        ("//x", "a [1] \u2060//x"),
        ("Team #1", "a [1] Team #1"),
        ("Red #f00", "a [1] Red \u2060#f00"),
        ("", "a [1] v"),
        (" \u200b", "a [1] (no name)"),
    ],
)
def test_sankeymatic_changes_only_what_would_be_misread(label: str, line: str) -> None:
    """Each awkward name becomes the nearest one the format can carry; "Team #1" is no colour and stays."""
    graph = build(("category", "vendor"), [Path(("a", "v"), 1)], {"vendor": {"v": label}})
    assert sankeymatic(graph).decode().splitlines()[1] == line


def test_equal_names_in_different_layers_are_told_apart() -> None:
    """A category and a vendor both called Logs are two nodes; two vendors of one name are told apart by their keys."""
    graph = build(
        ("category", "vendor"),
        [Path(("logs", "logs"), 1), Path(("logs", "a"), 1), Path(("logs", "b"), 1)],
        {"category": {"logs": "Logs"}, "vendor": {"logs": "Logs", "a": "Same", "b": "Same"}},
    )
    assert sankeymatic(graph).decode().splitlines()[1:] == [
        "Logs (category) [1] Same (vendor a)",
        "Logs (category) [1] Same (vendor b)",
        "Logs (category) [1] Logs (vendor)",
    ]


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
def test_a_graph_without_flows_is_still_a_file(format_: Writer[[nx.DiGraph]]) -> None:
    """Nothing left by a filter gives a valid, empty file rather than a crash."""
    data = format_.write(build(("category", "vendor"), [], {}))
    assert data.endswith(b"\n")
    if format_.name in ("graphml", "gexf"):
        assert len({"graphml": nx.read_graphml, "gexf": nx.read_gexf}[format_.name](io.BytesIO(data))) == 0
