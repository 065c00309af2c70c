"""The markup within a line or cell: what a person reads of it, where it leads, and what it begins with."""

from __future__ import annotations

import re
from functools import cache

from lxml import etree, html  # ty: ignore[missing-module-member]
from markdown_it import MarkdownIt
from markdown_it.token import Token

from popmap.importing.document import Cell
from popmap.importing.splitting import BULLET

_MARKED = re.compile(r"[\[\]*_`<&\\~]")
_TAG = re.compile(r"</?(?:[a-zA-Z][a-zA-Z0-9]{0,14})(?:\s[^<>]*)?/?>")
_URL = re.compile(r"https?://[^\s<>\"'|)\]]*[^\s<>\"'|)\].,;:]")
_MOST_MARKS = 600
_LINES = frozenset(
    [
        "p",
        "div",
        "tr",
        "ul",
        "ol",
        "dl",
        "dd",
        "dt",
        "br",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "article",
        "table",
        "blockquote",
        "small",
    ]
)
# What is struck out is hidden too: its author took it back.
_HIDDEN = frozenset(["del", "s", "strike", "script", "style", "template", "noscript", "svg", "head", "title", "button", "select", "iframe"])
# Elements within a line that a page may show as lines of their own.
_PARTS = frozenset(["span", "small", "em", "i"])
_LEADING = frozenset(["strong", "b", "a"])


def squeeze(text: str) -> str:
    """Return text with single spaces, without blank lines."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line and line != BULLET.strip())


def links(text: str) -> tuple[str, ...]:
    """Return the addresses written out in a text."""
    return tuple(dict.fromkeys(_URL.findall(text))) if "http" in text else ()


def plain(text: str, locator: str) -> Cell:
    """Return a cell of plain text."""
    bare = squeeze(text)
    return Cell(bare, locator, links(bare))


def marked(text: str, locator: str) -> Cell:
    """Return a cell of text that may hold Markdown, and HTML within it."""
    marks = sum(text.count(one) for one in "[*_`<&!")
    # Marks without end take a parser of Markdown time that grows with their square; no cell of a list has so many.
    if marks > _MOST_MARKS or not _MARKED.search(text):
        return plain(text, locator)
    children = _parser().parseInline(text)[0].children or []
    out: list[str] = []
    found: list[str] = []
    lead, depth, tagged, struck = "", 0, False, 0
    for token in children:
        struck += {"s_open": 1, "s_close": -1}.get(token.type, 0)
        if struck:
            continue
        if token.type in {"strong_open", "link_open"}:
            depth = depth or (len("".join(out).strip()) == 0 and not lead)
            found += [str(token.attrs.get("href", ""))] if token.type == "link_open" else []
        elif token.type in {"strong_close", "link_close"} and depth:
            lead, depth = squeeze("".join(out)), 0
        elif token.type == "html_inline":
            tagged = True
        out.append(_text(token))
    text = "".join(out)
    cell = fragment(text, locator) if tagged else Cell(squeeze(text), locator)
    found += [*cell.links, *links(cell.text)]
    lead = squeeze(re.sub(r"<[^<>]*>", "", lead)) if tagged else lead
    return Cell(cell.text, locator, tuple(dict.fromkeys(one for one in found if one)), lead or cell.lead)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True, "maxNesting": 20}).enable("strikethrough")


def _text(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return "\n" if token.type == "hardbreak" else " "
    return token.content if token.type in {"text", "code_inline", "html_inline", "text_special"} else ""


def fragment(text: str, locator: str) -> Cell:
    """Return a cell of text that may hold HTML."""
    if not _TAG.search(text) and "&" not in text:
        return plain(text, locator)
    try:
        parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
        root = html.fragment_fromstring(text.replace("\0", ""), create_parent="div", parser=parser)
    except (etree.ParserError, ValueError, AssertionError):
        return plain(text, locator)
    return element(root, locator)


def element(root: html.HtmlElement, locator: str, skipped: frozenset[str] = frozenset()) -> Cell:
    """Return what a person reads of an element.

    Args:
        root: The element.
        locator: Where it stands.
        skipped: Tags of elements within it that are read on their own.
    """
    out: list[str] = [root.text or ""]
    found: list[str] = []
    lead, open_lead = "", False
    steps = etree.iterwalk(root, events=("start", "end"))
    for event, node in steps:
        if node is root or not isinstance(node.tag, str):
            if node is not root and event == "end":
                out.append(node.tail or "")
            continue
        tag = node.tag.lower()
        if event == "start":
            if hidden(node) or tag in skipped:
                steps.skip_subtree()
                continue
            if tag in _LEADING and not lead and not "".join(out).strip():
                open_lead = True
            if tag == "a" and node.get("href"):
                found.append(node.get("href", "").strip())
            if tag in _PARTS and _apart("".join(out), node.text_content()):
                out.append("\n")
            out.append(f"\n{BULLET}" if tag == "li" else "\n" if tag in _LINES else " " if tag in {"td", "th"} else "")
            out.append(node.text or "")
        else:
            if hidden(node) or tag in skipped:
                out.append(node.tail or "")
                continue
            if open_lead and tag in _LEADING:
                lead, open_lead = squeeze("".join(out)), False
            out.append("\n" if tag in _LINES or tag == "li" else "")
            out.append(node.tail or "")
    text = squeeze(_unwrapped(out))
    return Cell(
        text, locator, tuple(dict.fromkeys(one for one in (*found, *links(text)) if one and not one.startswith(("#", "javascript")))), lead
    )


def _apart(before: str, text: str) -> bool:
    """Return whether words that a page sets apart begin without a space: a legal entity behind the name it is of, "CloudyCloudy Inc."."""
    last = before.rpartition("\n")[2].strip()
    return bool(last) and before[-1:].isalnum() and text[:1].isupper() and (text.startswith(last) or len(text.split()) > 1)


def _unwrapped(out: list[str]) -> str:
    """Return text in which only the line breaks set by elements are left; those of the source are spaces."""
    return "".join(one if one.startswith("\n") else re.sub(r"\s+", " ", one) for one in out)


def hidden(node: html.HtmlElement) -> bool:
    """Return whether a person does not see an element."""
    style = (node.get("style") or "").replace(" ", "").lower()
    return str(node.tag).lower() in _HIDDEN or node.get("hidden") is not None or "display:none" in style
