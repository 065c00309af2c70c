"""The register in the W3C Data Privacy Vocabulary (DPV 2), as Turtle and JSON-LD.

Terms are those of DPV 2.3 (https://w3id.org/dpv) with its extensions for the GDPR (legal/eu/gdpr) and countries (loc). A `dpv:Process` is a
processing activity or a flow. What is not stated is left out of the graph, as RDF wants it, and named in a comment of its process.
"""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path

from popmap.renderings.facts import Facts
from popmap.renderings.statements import PREFIXES, graph

SHAPE = Path(__file__).parent / "dpv_shape.ttl"


def as_turtle(facts: Facts) -> bytes:
    """Return the graph as Turtle; the same rows give the same bytes."""
    from rdflib.plugins.serializers.turtle import TurtleSerializer

    serializer = TurtleSerializer(graph(facts))
    # It looks for the short name of each address wherever it stands, which is a third of its work.
    serializer.get_pname = cache(serializer.get_pname)
    out = io.BytesIO()
    serializer.serialize(out, encoding="utf-8")
    return out.getvalue()


def as_json_ld(facts: Facts) -> bytes:
    """Return the graph as JSON-LD 1.1 with its context in it, subjects and properties sorted."""
    from rdflib import Literal
    from rdflib.namespace import RDF

    nodes: dict[str, dict[str, list[object]]] = {}
    for subject, predicate, value in sorted(graph(facts)):
        short = _short(str(value))
        name, said = ("@type", short) if predicate == RDF.type else (_short(str(predicate)), {"@id": short})
        said = str(value) if isinstance(value, Literal) else said
        nodes.setdefault(_short(str(subject)), {}).setdefault(name, []).append(said)
    described = [{"@id": subject, **dict(sorted(node.items()))} for subject, node in sorted(nodes.items())]
    return (json.dumps({"@context": PREFIXES, "@graph": described}, ensure_ascii=False, indent=1) + "\n").encode()


def _short(address: str) -> str:
    for prefix, space in PREFIXES.items():
        if address.startswith(space):
            return f"{prefix}:{address[len(space) :]}"
    return address
