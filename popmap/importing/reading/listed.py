"""popmap's public page of sub-processors, as HTML or Markdown: its tables cell by cell, told by their headings.

A reader of any page takes a span for words within a line and Markdown's signs for markup. This page says what is a line, and every sign of
a register's text is escaped on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree  # ty: ignore[missing-module-member]
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from popmap.importing.document import Cell, Listed

COLUMNS = ("Sub-processor", "What for", "Categories of data", "Place of processing", "Transfer outside the EEA rests on", "Role")
_HEAD = f"| {' | '.join(COLUMNS)} |"
_HEADING = re.compile(r"#{1,6} (.+)")
# In a text each of these has a backslash before it.
_BORDER, _BREAK = re.compile(r"(?:^| )\|(?: |$)"), re.compile(r"(?<!\\)<br>")
_ESCAPED = re.compile(r"\\(.)")
# The page parts an address with an unseen space, so that no program makes a link of it.
_PARTED = re.compile("(://|www\\.|mailto:|xmpp:|@)\u200b", re.IGNORECASE)


def from_markdown(source: str) -> tuple[Listed, ...]:
    """Return the page's tables, () when it is another page."""
    lines = source.split("\n")
    heading, found = "", []
    for at, line in enumerate(lines):
        if named := _HEADING.fullmatch(line):
            heading = named.group(1)
        elif line == _HEAD:
            rows = list(_rows(lines, at + 2))
            if any(len(row) != len(COLUMNS) for row in rows):
                return ()
            found.append(Listed(heading, tuple(rows)))
    return tuple(found)


def _rows(lines: list[str], at: int) -> Iterator[tuple[tuple[Cell, ...], ...]]:
    while at < len(lines) and lines[at].startswith("| "):
        _, *cells, _ = _BORDER.split(lines[at])
        yield tuple(tuple(Cell(_bare(one), f"line {at + 1}") for one in _BREAK.split(cell)) for cell in cells)
        at += 1


def _bare(text: str) -> str:
    return _PARTED.sub(r"\1", _ESCAPED.sub(r"\1", text))


def from_html(source: str) -> tuple[Listed, ...]:
    """Return the page's tables, () when it is another page."""
    if not all(f">{one}</th>" in source for one in COLUMNS):
        return ()
    parser = HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = document_fromstring(source.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError):
        return ()
    found = []
    for table in root.iter("table"):
        if tuple(_text(one) for one in table.xpath("./thead/tr/th")) != COLUMNS:
            continue
        rows = [[_lines(cell) for cell in row] for row in table.xpath("./tbody/tr")]
        if any(len(row) != len(COLUMNS) for row in rows):
            return ()
        heading = table.xpath("preceding-sibling::h2[1]")
        found.append(Listed(_text(heading[0]) if heading else "", tuple(map(tuple, rows))))
    return tuple(found)


def _lines(cell: HtmlElement) -> tuple[Cell, ...]:
    """Return a cell's lines: its own words, and each item or span in it."""
    parts = [cell.text or "", *(_text(one) for one in cell.xpath("./span|./ul/li"))]
    return tuple(Cell(one, f"line {cell.sourceline or 1}", (one,) if one.startswith("http") else ()) for one in parts if one)


def _text(node: HtmlElement) -> str:
    return " ".join(node.text_content().split())
