"""What the picture shows, in sentences counted from the graph; they are also its text alternative."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx

from popmap.flow.graph import LAYERS, NOT_STATED, OTHER, Path, node_id

NAMED = 3
LONGEST_NAME = 60
# Data goes to these; the other layers are properties a flow is merely linked to.
_RECIPIENTS = frozenset({"vendor", "company"})


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer counted: its place, how many things it holds, whether some are merged, and whether nobody said how many."""

    at: int
    name: str
    total: int
    merged: bool
    unsure: bool

    def count(self, number: int) -> str:
        return f"{number:,} {self.one if number == 1 else self.many}"

    def whole(self) -> str:
        return f"{'at least ' if self.unsure else ''}{self.count(self.total)}"

    @property
    def one(self) -> str:
        return LAYERS[self.name][0].lower()

    @property
    def many(self) -> str:
        return LAYERS[self.name][1].lower()


def describe(graph: nx.DiGraph, scope: str = "") -> str:
    """Say in a few sentences what a flow graph shows.

    Args:
        graph: What graph.build returned.
        scope: The active filter in English, without a full stop; "" when nothing is filtered.

    Returns:
        Plain text (names in it are data: escape it before showing it as Markdown or HTML). "Not stated" is never counted as a
        vendor, category and so on; where keys were merged into "Other" a number that could be higher is said to be "at least".
    """
    paths: Sequence[Path] = graph.graph["paths"]
    opening = [f"Filter: {_name(scope)}."] if scope else []
    if not paths:
        return " ".join([*opening, "There are no flows to show."])
    layers = [_layer(graph, at, name) for at, name in enumerate(graph.graph["layers"])]
    flows = sum(path.flows for path in paths)
    sentences = [
        *opening,
        _size(flows, layers),
        _reach(graph, layers[0], layers[1]),
        _shared(graph, layers[0], layers[1]),
        *(_largest(graph, layer) for layer in layers[2:]),
        *(_not_stated(paths, layer, flows) for layer in layers),
        *(_merged(graph, layer) for layer in layers),
        _of_flows(sum(path.unproven for path in paths), flows, ("rests on no evidence", "rest on no evidence")),
        _of_flows(sum(path.flagged for path in paths), flows, ("has findings", "have findings")),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def listed(names: Sequence[str]) -> str:
    """Return names as an English list: "a", "a and b", "a, b and c"; "" for none."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def _layer(graph: nx.DiGraph, at: int, name: str) -> _Layer:
    keys = {path.keys[at] for path in graph.graph["paths"]}
    number = graph.nodes[node_id(name, OTHER)]["merged"] if OTHER in keys else 0
    unsure = OTHER in keys and not number
    return _Layer(at, name, len(keys - {NOT_STATED, OTHER}) + max(number, unsure), OTHER in keys, unsure)


def _name(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1].rstrip()}\u2026"


def _label(graph: nx.DiGraph, layer: str, key: str) -> str:
    return _name(graph.nodes[node_id(layer, key)]["label"])


def _size(flows: int, layers: Sequence[_Layer]) -> str:
    # A layer of which nothing is stated has nothing to count; its own sentence says so.
    counts = [layer.whole() for layer in layers if layer.total]
    text = "1 flow is shown" if flows == 1 else f"{flows:,} flows are shown"
    return f"{text}, with {listed(counts)}." if counts else f"{text}."


def _pairs(graph: nx.DiGraph, first: _Layer, second: _Layer) -> list[tuple[str, str]]:
    found = {(path.keys[first.at], path.keys[second.at]) for path in graph.graph["paths"]}
    return sorted(pair for pair in found if NOT_STATED not in pair)


def _reach(graph: nx.DiGraph, first: _Layer, second: _Layer) -> str:
    pairs = _pairs(graph, first, second)
    reach = Counter(source for source, _ in pairs if source != OTHER)
    if not reach:
        return ""
    unsure = {source for source, target in pairs if target == OTHER}
    labels = {source: _label(graph, first.name, source) for source in reach}
    order = sorted(reach, key=lambda source: (-reach[source], labels[source], source))
    verb, verbs = ("reaches", "reach") if second.name in _RECIPIENTS else ("is linked to", "are linked to")
    if second.total == 1 and not second.merged:
        (only,) = {target for _, target in pairs}
        text = f"{labels[order[0]]} {verb} the only {second.one}, {_label(graph, second.name, only)}"
        others = len(order) - 1
        return f"{text}; so {'does' if others == 1 else 'do'} {_other(first, others)}." if others else f"{text}."
    if len(order) == first.total > NAMED and len(set(reach.values())) == 1 and not unsure:
        return f"Each of the {first.count(first.total)} {verb} {reach[order[0]]:,} of {second.whole()}."
    counts = {source: f"{'at least ' if source in unsure else ''}{reach[source]:,}" for source in order}
    parts = [f"{labels[order[0]]} {verb} {counts[order[0]]} of {second.whole()}"]
    parts += [f"{labels[source]} {counts[source]}" for source in order[1:NAMED]]
    rest = order[NAMED:]
    if not rest or unsure.intersection(rest):
        return f"{listed(parts)}."
    most = reach[rest[0]]
    limit = f"{most:,}" if len({reach[source] for source in rest}) == 1 else f"{most:,} or fewer"
    tail = f"{verb} {limit}" if len(rest) == 1 else f"{verbs} {limit} each"
    return f"{listed(parts)}; {_other(first, len(rest))} {tail}."


def _other(layer: _Layer, number: int) -> str:
    return f"{number:,} other {layer.one if number == 1 else layer.many}"


def _shared(graph: nx.DiGraph, first: _Layer, second: _Layer) -> str:
    pairs = [(source, target) for source, target in _pairs(graph, first, second) if OTHER not in (source, target)]
    if first.total < 2 or not pairs:
        return ""
    counts = Counter(target for _, target in pairs)
    several = sorted(target for target in counts if counts[target] > 1)
    receive = ("receives", "receive") if second.name in _RECIPIENTS else ("is linked to", "are linked to")
    # What is merged cannot be told apart, so it is left out of the count, and the sentence says so.
    among = "Counting only what is drawn by name, " if first.merged or second.merged else ""
    if not several:
        text = f"{among}no {second.one} {receive[0]} more than one {first.one}"
    elif len(several) == 1:
        text = f"{among}1 {second.one}, {_label(graph, second.name, several[0])}, {receive[0]} two or more {first.many}"
    else:
        text = f"{among}{second.count(len(several))} {receive[1]} two or more {first.many}"
    return f"{text[0].upper()}{text[1:]}."


def _largest(graph: nx.DiGraph, layer: _Layer) -> str:
    flows: Counter[str] = Counter()
    for path in graph.graph["paths"]:
        if path.keys[layer.at] not in (NOT_STATED, OTHER):
            flows[path.keys[layer.at]] += path.flows
    labels = {key: _label(graph, layer.name, key) for key in flows}
    order = sorted(flows, key=lambda key: (-flows[key], labels[key], key))
    if not order:
        return ""
    parts = [f"{labels[key]} {flows[key]:,}" for key in order[:NAMED]]
    if layer.total > len(parts):
        parts.append(f"{'at least ' if layer.unsure else ''}{layer.total - len(parts):,} more")
    return f"Flows by {layer.one}: {listed(parts)}."


def _not_stated(paths: Sequence[Path], layer: _Layer, flows: int) -> str:
    missing = sum(path.flows for path in paths if path.keys[layer.at] == NOT_STATED)
    if not missing:
        return ""
    of = "any flow" if missing == flows > 1 else "the flow" if flows == 1 else f"{missing:,} of {flows:,} flows"
    return f"The {layer.one} is not stated for {of}."


def _merged(graph: nx.DiGraph, layer: _Layer) -> str:
    if not layer.merged:
        return ""
    number = graph.nodes[node_id(layer.name, OTHER)]["merged"]
    if not number:
        return f"Further {layer.many} are drawn together as Other."
    return f"{number:,} further {f'{layer.one} is drawn' if number == 1 else f'{layer.many} are drawn together'} as Other."


def _of_flows(number: int, flows: int, verbs: tuple[str, str]) -> str:
    """Say how many of the flows something holds for; nothing for none, as nobody may have counted."""
    if not number:
        return ""
    if number == flows:
        return f"The flow {verbs[0]}." if flows == 1 else f"{'Both' if flows == 2 else f'All {flows:,}'} flows {verbs[1]}."
    return f"{number:,} of {flows:,} flows {verbs[0] if number == 1 else verbs[1]}."
