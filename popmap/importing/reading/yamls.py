"""YAML as a tree of texts with their lines: no tags, no types, and aliases only while they stay small."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml
from yaml.events import AliasEvent, Event, MappingStartEvent, ScalarEvent, SequenceStartEvent

from popmap.errors import UsageError
from popmap.importing.document import Cell, Document, Tree
from popmap.importing.reading import inline, trees
from popmap.importing.reading.trees import Node
from popmap.uploads.limits import DEEPEST

MOST_BYTES = 3 * 1024 * 1024
_MOST_NODES = 300_000
_PLAIN = (
    "tag:yaml.org,2002:str",
    "tag:yaml.org,2002:int",
    "tag:yaml.org,2002:float",
    "tag:yaml.org,2002:bool",
    "tag:yaml.org,2002:null",
    "!",
)
# What popmap's documents say of themselves before anything else.
_OWN = re.compile(r"# Register: [^\n]*\n(?:#[^\n]*\n)*# popmap version: ")
_COMMENT = re.compile(r" *# (.+)")
_HINT = "Send only the part that holds the list."


def read(text: str, name: str) -> Document:
    """Return a YAML file's blocks.

    Raises:
        UsageError: It is broken or too large, nested too deeply, has tags, or aliases that unfold to more than is read.
    """
    if len(text) > MOST_BYTES:
        raise UsageError(f"{name} has more than 3 MB of YAML.", _HINT)
    own = _remarks(text)
    documents = _Builder(name, raw=bool(own)).documents(text)
    node: Node = documents[0] if len(documents) == 1 else list(documents)
    if own:
        return Document(name, "yaml", (Tree(node, own),))
    return Document(name, "yaml", (Tree(node), *trees.blocks(node, name)))


def _remarks(text: str) -> dict[str, str]:
    """Return the comments of YAML that popmap wrote, each by the locator of the line below it; none of any other."""
    if not _OWN.match(text):
        return {}
    return {f"line {number + 1}": found.group(1) for number, line in enumerate(text.split("\n"), 1) if (found := _COMMENT.match(line))}


def _where(event: Event) -> str:
    return f"line {event.start_mark.line + 1}" if event.start_mark else ""


class _Builder:
    """Builds trees from a parser's events, counting what aliases unfold to."""

    def __init__(self, name: str, *, raw: bool = False) -> None:
        self.name = name
        self.raw = raw
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.nodes = 0

    def documents(self, text: str) -> list[Node]:
        starts = ScalarEvent | SequenceStartEvent | MappingStartEvent | AliasEvent
        try:
            events = iter(yaml.parse(text, Loader=yaml.CSafeLoader))
            return [self._value(event, events, 0)[0] for event in events if isinstance(event, starts)]
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f", line {mark.line + 1}" if mark else ""
            raise UsageError(
                f"{self.name}{where} is not YAML: {getattr(error, 'problem', None) or 'it cannot be read'}.",
                "Mend that place and choose it again.",
            ) from error

    def _value(self, event: Event, events: Iterator[Event], depth: int) -> tuple[Node, int]:
        if depth > DEEPEST:
            raise UsageError(f"{self.name} is nested more than {DEEPEST} deep.", _HINT)
        if isinstance(event, AliasEvent):
            node, size = self.anchors.get(event.anchor, (Cell(""), 1))
            self._count(size)
            return node, size
        tag = getattr(event, "tag", None)
        if tag and tag not in _PLAIN and not tag.startswith(("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")):
            raise UsageError(
                f"{self.name}, {_where(event)}: the tag {tag} asks for more than text.",
                "Take the tag away and choose it again.",
            )
        self._count(1)
        node, size = self._plain(event, events, depth)
        if anchor := getattr(event, "anchor", None):
            self.anchors[anchor] = (node, size)
        return node, size

    def _plain(self, event: Event, events: Iterator[Event], depth: int) -> tuple[Node, int]:
        where = _where(event)
        if isinstance(event, ScalarEvent):
            blank = event.style is None and event.value in {"~", "null", "Null", "NULL"}
            text = "" if blank else event.value
            return Cell(text, where) if self.raw or trees.page(text) else inline.fragment(text, where), 1
        size = 1
        if isinstance(event, SequenceStartEvent):
            items: list[Node] = []
            for inner in self._inner(events):
                value, more = self._value(inner, events, depth + 1)
                items.append(value)
                size += more
            return items, size
        pairs: dict[str, Node] = {}
        for inner in self._inner(events):
            key, _ = self._value(inner, events, depth + 1)
            value, more = self._value(next(self._inner(events)), events, depth + 1)
            size += more
            if isinstance(key, Cell) and key.text == "<<" and isinstance(value, dict):
                pairs = {**value, **pairs}
            else:
                pairs[key.text if isinstance(key, Cell) else where] = value
        return pairs, size

    def _inner(self, events: Iterator[Event]) -> Iterator[Event]:
        for event in events:
            if type(event).__name__ in {"SequenceEndEvent", "MappingEndEvent"}:
                return
            yield event

    def _count(self, more: int) -> None:
        self.nodes += more
        if self.nodes > _MOST_NODES:
            raise UsageError(f"{self.name} unfolds to more than {_MOST_NODES:,} values.", _HINT)
