"""JSON with the place of every value; comments and strings joined by + are read too, as Google's VSAQ writes them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from popmap.errors import UsageError
from popmap.uploads import limits

_SKIP = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*+"' + r"|'(?:[^'\\\n]|\\.)*+'")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORDS = {"true": True, "false": False, "null": None}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands in the text.

    Attributes:
        kind: "object", "array", "string" or "other" (numbers, true, false, null).
        start: Its first character.
        end: Behind its last.
        value: Of a string or other, the value.
        members: Of an object, its keys and values in order; of an array, its items under "0", "1", ...
    """

    kind: str
    start: int
    end: int
    value: object = None
    members: tuple[tuple[str, Node], ...] = ()

    def get(self, key: str) -> Node | None:
        """Return a member, None when there is none."""
        return next((node for name, node in self.members if name == key), None)

    def text(self, key: str) -> str:
        """Return a member's string or number, "" when it has none."""
        node = self.get(key)
        if node is None or node.kind in {"object", "array"} or node.value is None or isinstance(node.value, bool):
            return ""
        return str(node.value)


@dataclass(slots=True)
class _Reader:
    text: str
    name: str
    at: int = 0

    def fail(self, message: str) -> UsageError:
        line = self.text.count("\n", 0, self.at) + 1
        column = self.at - self.text.rfind("\n", 0, self.at)
        return UsageError(f"{self.name} is not JSON: {message} in line {line}, column {column}.", "Check that the file is whole.")

    def skip(self) -> str:
        found = _SKIP.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]


def parse(text: str, name: str) -> Node:
    """Return JSON as values with their places.

    Args:
        text: The file's text.
        name: Its name, for messages.

    Raises:
        UsageError: It isn't JSON, or nested deeper than any questionnaire.
    """
    reader = _Reader(text, name)
    node = _value(reader, 0)
    if reader.skip():
        raise reader.fail("there is more behind the end")
    return node


def _value(reader: _Reader, depth: int) -> Node:
    if depth > limits.DEEPEST:
        raise UsageError(f"{reader.name} is nested more than {limits.DEEPEST} deep.", "A questionnaire is not; check the file.")
    head = reader.skip()
    if head in {"{", "["}:
        return _members(reader, depth, head)
    if head in {'"', "'"}:
        return _string(reader)
    start = reader.at
    found = _NUMBER.match(reader.text, start)
    if found and found.end() - start <= 100:
        reader.at = found.end()
        return Node("other", start, reader.at, json.loads(found.group()))
    for word, value in _WORDS.items():
        if reader.text.startswith(word, start):
            reader.at += len(word)
            return Node("other", start, reader.at, value)
    raise reader.fail("a value is missing")


def _members(reader: _Reader, depth: int, head: str) -> Node:
    start = reader.at
    reader.at += 1
    closing = "}" if head == "{" else "]"
    members: list[tuple[str, Node]] = []
    while reader.skip() != closing:
        if head == "{":
            if reader.skip() not in {'"', "'"}:
                raise reader.fail("a name in quotes is missing")
            key = str(_string(reader).value)
            if reader.skip() != ":":
                raise reader.fail("a colon is missing")
            reader.at += 1
        else:
            key = str(len(members))
        members.append((key, _value(reader, depth + 1)))
        if reader.skip() == ",":
            reader.at += 1
        elif reader.skip() != closing:
            raise reader.fail(f"a comma or {closing} is missing")
    reader.at += 1
    return Node("object" if head == "{" else "array", start, reader.at, None, tuple(members))


def _string(reader: _Reader) -> Node:
    start, pieces = reader.at, []
    while True:
        found = _STRING.match(reader.text, reader.at)
        if not found:
            raise reader.fail("a string is not closed")
        pieces.append(_ESCAPE.sub(_unescaped, found.group()[1:-1]))
        reader.at = end = found.end()
        if reader.skip() != "+":
            break
        reader.at += 1
        reader.skip()
    reader.at = end
    value = "".join(pieces).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if len(value) > limits.LONGEST_CELL:
        limits.cell_length(value, f"{reader.name}, line {reader.text.count(chr(10), 0, start) + 1},")
    return Node("string", start, end, value)


def _unescaped(found: re.Match[str]) -> str:
    code = found.group(1)
    return chr(int(code[1:], 16)) if len(code) == 5 else _ESCAPES.get(code, code)


def pointer(path: tuple[str, ...]) -> str:
    """Return a JSON pointer (RFC 6901)."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in path)


def keys(at: str) -> tuple[str, ...]:
    """Return the keys of a JSON pointer."""
    return tuple(key.replace("~1", "/").replace("~0", "~") for key in at.split("/")[1:])


def follow(node: Node, path: tuple[str, ...]) -> Node | None:
    """Return the value a path leads to, None when it leads nowhere."""
    for key in path:
        found = node.get(key)
        if found is None:
            return None
        node = found
    return node
