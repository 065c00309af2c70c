"""Text without its markup: what a person reads of a piece of Markdown or HTML."""

from __future__ import annotations

import html
import re

from popmap.answering.reading.words import squeeze

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,14})(?:\s[^<>]*)?/?>")
_APART = frozenset(["p", "br", "li", "ul", "ol", "div", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6"])
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s[^()]*)?\)")
_STRESS = re.compile(r"(?<![\\\w])(\*\*\*|\*\*|\*|___|__|_|~~|`)(?=\S)(.+?)(?<=[^\s\\])\1(?!\w)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def plain_html(text: str) -> str:
    """Return text without tags, entities resolved; a tag that begins a line or paragraph leaves a space."""
    bare = _TAG.sub(lambda found: " " if found.group(2).lower() in _APART else "", text)
    return squeeze(html.unescape(bare))


def plain_markdown(text: str) -> str:
    """Return text without Markdown's and HTML's marks."""
    kept = _LINK.sub(r"\1", text)
    for _ in range(3):
        kept = _STRESS.sub(r"\2", kept)
    bare = _TAG.sub(lambda found: "\n" if found.group(2).lower() in _APART else "", kept)
    return html.unescape(_ESCAPED.sub(r"\1", bare)).strip()
