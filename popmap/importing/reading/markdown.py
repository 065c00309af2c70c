"""Markdown: its blocks by markdown-it, its tables by their lines, so that broken rows are joined as in pasted text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from functools import cache

from lxml import etree  # ty: ignore[missing-module-member]
from markdown_it import MarkdownIt
from markdown_it.token import Token

from popmap.importing.document import Block, Cell, Document, Heading, Item, Items, Sentence
from popmap.importing.reading import html, inline, listed, text

_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_ADMONITION = re.compile(r"^:{3,}")
_DEEPEST = 40
_LONG = 600
_KEYED = re.compile(r"\W*[^\W\d_][^:\n]{1,40}:")
_LINK = re.compile(r"\[([^\[\]]{0,300})\]\([^()\s]{0,500}\)")


def read(source: str, name: str) -> Document:
    """Return a Markdown file's blocks."""
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if own := listed.from_markdown(source):
        return Document(name, "markdown", own)
    front = _FRONT.match(source)
    skipped = source[: front.end()].count("\n") if front else 0
    lines = list(enumerate(source.split("\n"), 1))
    tokens = _parser().parse("\n" * skipped + source[front.end() if front else 0 :])
    return Document(name, "markdown", tuple(_blocks(tokens, lines)))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST}).enable(["table", "strikethrough"]).disable("inline")


def _blocks(tokens: Sequence[Token], lines: Sequence[tuple[int, str]]) -> list[Block]:
    found: list[Block] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        end = _end(tokens, at)
        span = lines[token.map[0] : token.map[1]] if token.map else ()
        where = f"line {token.map[0] + 1}" if token.map else ""
        if token.type == "heading_open":
            found.append(Heading(inline.marked(tokens[at + 1].content, where), int(token.tag[1])))
        elif token.type == "table_open" or (token.type == "paragraph_open" and any("|" in line for _, line in span)):
            found += text.blocks(span)
        elif token.type == "paragraph_open":
            found += _paragraph(span, tokens[at + 1].content, where)
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            found.append(Items(tuple(_items(tokens[at + 1 : end]))))
        elif token.type == "html_block":
            with suppress(etree.ParserError, ValueError):
                found += html.blocks(token.content, token.map[0] if token.map else 0)
        elif token.type == "blockquote_open":
            found += _blocks(tokens[at + 1 : end], lines)
        at = end + 1
    return found


def _end(tokens: Sequence[Token], at: int) -> int:
    if tokens[at].nesting != 1:
        return at
    depth = 0
    for place in range(at, len(tokens)):
        depth += tokens[place].nesting
        if not depth:
            return place
    return len(tokens) - 1


def _paragraph(span: Sequence[tuple[int, str]], content: str, where: str) -> list[Block]:
    """Return a paragraph: as pasted lines where each is short, else as one sentence."""
    kept = [(number, line) for number, line in span if line.strip() and not _ADMONITION.match(line)]
    if not kept:
        return []
    if len(content) > _LONG:
        # A paragraph that long is prose, and is only ever quoted: its links needn't be known.
        return [Sentence(inline.plain(_LINK.sub(r"\1", content).replace("**", ""), where))]
    if len(kept) == 1 or all(len(line) < 60 for _, line in kept):
        return text.blocks(kept, marked=True)
    return [Sentence(inline.marked(content, where))]


def _items(tokens: Sequence[Token]) -> list[Item]:
    """Return a list's items, with the texts of all that stands below each."""
    made = []
    at = 0
    while at < len(tokens):
        end = _end(tokens, at)
        cells = [
            _cell(one.content, f"line {one.map[0] + 1}" if one.map else "")
            for one in tokens[at:end]
            if one.type in {"inline", "fence"} and one.content.strip()
        ]
        if cells:
            made.append(Item(cells[0], tuple(cells[1:])))
        at = end + 1
    return made


def _cell(content: str, where: str) -> Cell:
    """Return an item's words: its lines are kept apart where each says what it holds, as in "Purpose: e-mail"."""
    lines = content.split("\n")
    if len(lines) > 1 and all(map(_KEYED.match, lines)):
        cells = [inline.marked(one, where) for one in lines]
        links = tuple(dict.fromkeys(link for one in cells for link in one.links))
        return Cell("\n".join(one.text for one in cells), where, links)
    return inline.marked(content, where)
