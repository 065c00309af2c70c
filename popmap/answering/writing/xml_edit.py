"""Changing XML where it stands: elements found by their bytes' places, everything between left as it is."""

from __future__ import annotations

import re
import xml.parsers.expat
from collections.abc import Iterable
from dataclasses import dataclass, replace

from popmap.errors import UsageError

_TAG = re.compile(rb"<[^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*>")
_ATTRIBUTE = re.compile(rb"\s+([^\s=/>\"']+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_ENCODING = re.compile(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")


@dataclass(slots=True)
class Element:
    """An element by its places in the bytes.

    Attributes:
        name: Its name as written, with its prefix.
        attributes: Its attributes as written.
        start: Where its start tag begins.
        inner: Behind its start tag.
        close: Where its end tag begins; the same as `inner` when it is written as an empty tag.
        end: Behind the element.
        empty: Whether it is one empty tag.
    """

    name: str
    attributes: dict[str, str]
    start: int
    inner: int
    close: int = 0
    end: int = 0
    empty: bool = False

    def moved(self, by: int) -> Element:
        """Return the element as it stands in the bytes it was cut from."""
        return replace(self, start=self.start + by, inner=self.inner + by, close=self.close + by, end=self.end + by)


Edit = tuple[int, int, bytes]


def elements(data: bytes, paths: Iterable[str], where: str) -> dict[str, list[Element]]:
    """Return the elements on some paths of local names ("worksheet/sheetData/row"), in order.

    Raises:
        UsageError: The part is damaged, declares a document type, or isn't stored as UTF-8.
    """
    encoding = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or (encoding and encoding.group(1).lower() not in {b"utf-8", b"utf8", b"us-ascii"}):
        raise UsageError(f"{where} is not stored as UTF-8, as workbooks are.", "Save the file again in a spreadsheet program.")
    found: dict[str, list[Element]] = {path: [] for path in paths}
    stack: list[tuple[str, Element | None]] = []
    parser = xml.parsers.expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise UsageError(f"{where} declares a document type, which a workbook never does.", "Save the file again in a spreadsheet program.")

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        path = f"{stack[-1][0]}/{local}" if stack else local
        element = None
        if path in found:
            at = parser.CurrentByteIndex
            tag = _TAG.match(data, at)
            inner = tag.end() if tag else at
            element = Element(name, attributes, at, inner, empty=data[inner - 2 : inner] == b"/>")
            found[path].append(element)
        stack.append((path, element))

    def end(_: str) -> None:
        _, element = stack.pop()
        if element:
            element.close = element.inner if element.empty else parser.CurrentByteIndex
            element.end = element.inner if element.empty else data.index(b">", element.close) + 1

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(data, True)
    except (xml.parsers.expat.ExpatError, ValueError) as error:
        raise UsageError(f"{where} is damaged: {error}.", "Open the file in a spreadsheet program and save it again.") from error
    return found


def edited(data: bytes, edits: list[Edit]) -> bytes:
    """Return bytes with some stretches replaced; stretches may touch, and those of no length at one place keep their order."""
    pieces, at = [], 0
    for start, end, new in sorted(edits, key=lambda one: (one[0], one[1])):
        pieces += [data[at:start], new]
        at = end
    return b"".join([*pieces, data[at:]])


def appended(data: bytes, element: Element, new: bytes) -> Edit:
    """Return the edit that adds something at an element's end, opening it when it was written as an empty tag."""
    if not element.empty:
        return element.close, element.close, new
    opened = data[element.start : element.inner - 2].rstrip() + b">" + new + b"</" + element.name.encode() + b">"
    return element.start, element.inner, opened


def with_attributes(data: bytes, element: Element, **changed: str | None) -> bytes:
    """Return an element's start tag, never empty, with some attributes set, or taken away when None; the others as they were written."""
    tag = data[element.start : element.inner]
    body = tag[: -2 if element.empty else -1].rstrip()
    rest = dict(changed)

    def one(found: re.Match[bytes]) -> bytes:
        name = found.group(1).decode()
        if name not in rest:
            return found.group()
        value = rest.pop(name)
        return b"" if value is None else f' {name}="{value}"'.encode()

    head = re.match(rb"<[^\s/>]+", body)
    named = head.group() if head else b""
    kept = named + _ATTRIBUTE.sub(one, body[len(named) :])
    return kept + b"".join(f' {name}="{value}"'.encode() for name, value in rest.items() if value is not None) + b">"
