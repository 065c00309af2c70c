"""The flow graph as a file for other graph tools; the same graph always gives the same bytes."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from xml.etree.ElementTree import Element, ElementTree

import networkx as nx
from networkx.readwrite.gexf import GEXFWriter
from networkx.readwrite.graphml import GraphMLWriter

from popmap.flow.graph import LAYERS
from popmap.formats import Writer

# What XML 1.0 (section 2.2) cannot hold, not even escaped: control characters, surrogates and the two non-characters.
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT = "\ufffd"
# Invisible, and no parser takes it for white space: it keeps a name from being read as an instruction.
_JOINER = "\u2060"
# What SankeyMATIC takes for a colour at the end of a target's name, and for a node, comment or hidden label at its start.
_COLOUR = re.compile(r"(?<=\s)#(?=([0-9a-f]{3,6})?(\.\d{1,4})?$)", re.IGNORECASE)
_INSTRUCTION = re.compile(r":|//|#|-.*-$")


def graphml(graph: nx.DiGraph) -> bytes:
    """Return the graph as GraphML (http://graphml.graphdrawing.org).

    Args:
        graph: What graph.build returned. Node ids, attributes and edge weights (flows) are kept; what XML cannot hold becomes U+FFFD.

    Returns:
        UTF-8 XML with the nodes in layer order, then by key.
    """
    writer = GraphMLWriter(flatten(graph))
    # The writer says "True"; an XML Schema boolean is "true".
    booleans = {key.get("id") for key in writer.xml.iter("key") if key.get("attr.type") == "boolean"}
    for data in writer.xml.iter("data"):
        if data.get("key") in booleans:
            data.text = (data.text or "").lower()
    writer.indent(writer.xml)
    return _xml(writer.xml)


def gexf(graph: nx.DiGraph) -> bytes:
    """Return the graph as GEXF 1.2 (https://gexf.net), without the writer's date and version, which would change the bytes.

    Args:
        graph: What graph.build returned; see graphml for what is kept.

    Returns:
        UTF-8 XML.
    """
    writer = GEXFWriter(flatten(graph), version="1.2draft")
    for meta in writer.xml.findall("meta"):
        writer.xml.remove(meta)
    writer.indent(writer.xml)
    return _xml(writer.xml)


def cytoscape(graph: nx.DiGraph) -> bytes:
    """Return the graph as Cytoscape JSON (https://js.cytoscape.org/#notation/elements-json), which NetworkX reads back.

    Args:
        graph: What graph.build returned.

    Returns:
        UTF-8 JSON; every element has an id of its own, as Cytoscape asks.
    """
    flat = flatten(graph)
    nodes = [{"data": {"id": name, "value": name, "name": data["label"], **data}} for name, data in flat.nodes(data=True)]
    edges = [
        {"data": {"id": f"e{number}", "source": source, "target": target, **data}}
        for number, (source, target, data) in enumerate(flat.edges(data=True))
    ]
    document = {
        "data": [[name, value] for name, value in sorted(flat.graph.items())],
        "directed": True,
        "multigraph": False,
        "elements": {"nodes": nodes, "edges": edges},
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def sankeymatic(graph: nx.DiGraph) -> bytes:
    """Return the graph as SankeyMATIC lines, `Source [flows] Target` (https://sankeymatic.com/manual/syntax.html).

    The format has no escapes. Square brackets become round ones and a straight single quote a curly one; an invisible word
    joiner keeps a name from being read as a comment, a node line, a hidden label, a colour or a line break. Nodes with the
    same name are told apart by their layer, then by their key.

    Args:
        graph: What graph.build returned.

    Returns:
        UTF-8 text, one line per edge in layer order; a comment alone when there are none.
    """
    names = _distinct(graph)
    lines = ["// popmap: " + " > ".join(LAYERS[layer][1] for layer in graph.graph["layers"])]
    for source, target, data in _edges(graph):
        # "move NAME x, y" is an instruction; a no-break space keeps a source called so from being one.
        start = re.sub("^move ", "move\u00a0", names[source])
        lines.append(f"{start} [{data['flows']}] {names[target]}")
    return ("\n".join(lines) + "\n").encode()


FORMATS: tuple[Writer[[nx.DiGraph]], ...] = (
    Writer("graphml", "GraphML", "graphml", "application/graphml+xml", graphml),
    Writer("gexf", "GEXF (Gephi)", "gexf", "application/gexf+xml", gexf),
    Writer("cytoscape", "Cytoscape JSON", "cyjs", "application/json", cytoscape),
    Writer("sankeymatic", "SankeyMATIC text", "txt", "text/plain", sankeymatic),
)
BY_NAME: dict[str, Writer[[nx.DiGraph]]] = {entry.name: entry for entry in FORMATS}


def flatten(graph: nx.DiGraph) -> nx.DiGraph:
    """Return the graph with plain text, whole numbers and yes/no as its only values, in a fixed order.

    Args:
        graph: What graph.build returned.

    Returns:
        A DiGraph; nodes carry label, layer, register_key, flows, unproven, flagged, merged and stated, edges weight (flows), unproven,
        flagged and, where they have one, category. graph["layers"] is one text. What XML cannot hold is U+FFFD in every text;
        ids that become the same by that get a number.
    """
    flat = nx.DiGraph(layers=", ".join(graph.graph["layers"]))
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for name, data in _nodes(graph):
        ids[name] = _unused(_clean(name), taken)
        flat.add_node(
            ids[name],
            label=_clean(data["label"]),
            layer=data["layer"],
            register_key=_clean(data["key"]),
            flows=int(data["flows"]),
            unproven=int(data["unproven"]),
            flagged=bool(data["flagged"]),
            merged=int(data["merged"]),
            stated=bool(data["stated"]),
        )
    for source, target, data in _edges(graph):
        category = {} if data["category"] is None else {"category": _clean(data["category"])}
        numbers = {"weight": int(data["flows"]), "unproven": int(data["unproven"]), "flagged": int(data["flagged"])}
        flat.add_edge(ids[source], ids[target], **numbers, **category)
    return flat


def _nodes(graph: nx.DiGraph) -> list[tuple[str, dict]]:
    place = {layer: at for at, layer in enumerate(graph.graph["layers"])}
    return sorted(graph.nodes(data=True), key=lambda node: (place[node[1]["layer"]], node[1]["key"]))


def _edges(graph: nx.DiGraph) -> list[tuple[str, str, dict]]:
    order = {name: at for at, (name, _) in enumerate(_nodes(graph))}
    return sorted(graph.edges(data=True), key=lambda edge: (order[edge[0]], order[edge[1]]))


def _clean(text: str) -> str:
    # XML readers turn a carriage return into a line feed; doing it here keeps all formats alike.
    return _NOT_XML.sub(_REPLACEMENT, text.replace("\r\n", "\n").replace("\r", "\n"))


def _unused(name: str, taken: set[str]) -> str:
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name} ({number})"
    taken.add(candidate)
    return candidate


def _xml(root: Element) -> bytes:
    out = io.BytesIO()
    ElementTree(root).write(out, encoding="utf-8", xml_declaration=True)
    return out.getvalue() + b"\n"


def _distinct(graph: nx.DiGraph) -> dict[str, str]:
    """Return node id -> a SankeyMATIC name that no other node has."""
    nodes = _nodes(graph)
    plain = {name: _sankey_name(data["label"]) for name, data in nodes}
    layered = {name: _sankey_name(f"{data['label']} ({LAYERS[data['layer']][0].lower()})") for name, data in nodes}
    keyed = {name: _sankey_name(f"{data['label']} ({LAYERS[data['layer']][0].lower()} {data['key']})") for name, data in nodes}
    names: dict[str, str] = {}
    taken: set[str] = set()
    plain_count, layered_count = Counter(plain.values()), Counter(layered.values())
    for name in sorted(plain, key=lambda name: (plain_count[plain[name]] > 1, name)):
        choice = plain[name] if plain_count[plain[name]] == 1 else layered[name] if layered_count[layered[name]] == 1 else keyed[name]
        names[name] = _unused(choice, taken)
    return names


def _sankey_name(text: str) -> str:
    name = " ".join(_clean(text).replace("\u200b", "").replace("\ufeff", "").split())
    name = name.translate({ord("["): "(", ord("]"): ")", ord("'"): "\u2019"}) or "(no name)"
    name = name.replace("\\n", f"\\{_JOINER}n")
    name = _COLOUR.sub(f"{_JOINER}#", name)
    return _JOINER + name if _INSTRUCTION.match(name) else name
