"""One page that holds the data map with its tables, search and filters, opens from disk and asks for nothing from anywhere."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from html import escape
from pathlib import Path

from popmap import __version__
from popmap.evidence.standalone.coding import embedded
from popmap.evidence.standalone.shaping import page_data
from popmap.filters import Filter, to_english
from popmap.flow.describe import describe
from popmap.flow.layout import layout
from popmap.flow.palette import THEMES, Theme
from popmap.flow.paths import flow_graph
from popmap.flow.svg import svg
from popmap.flow.text import clean
from popmap.store import Store

_FOLDER = Path(__file__).parent
# Joined in this order into one strict function: each may use what stands before it.
SCRIPTS = ("data.js", "state.js", "matching.js", "counting.js", "geometry.js", "dom.js", "facets.js", "map.js", "facts.js", "details.js")
SCRIPTS += ("tables.js", "grid.js", "page.js")
STYLES = ("page.css", "map.css", "details.css", "tables.css", "paper.css")
_NOT_STATED = "not stated"
# More nodes than any register has: the sentence counts, so nothing is to be merged in it.
_ALL = 1_000_000_000
_SLOT = re.compile(r"\{\{(\w+)\}\}")


def index_html(store: Store, asked: Filter, made_at: datetime, *, internal: bool = False) -> bytes:
    """Return the page; the same arguments give the same bytes.

    It runs under a policy that lets nothing but its own script and style in (Content Security Policy Level 3, hashes).

    Args:
        store: The register.
        asked: Which rows; the reader of the page can narrow them further, never widen them.
        made_at: The time to state, with its time zone.
        internal: Whether columns marked internal are kept.
    """
    style, script = _style(), _script()
    settings = store.settings
    graph = flow_graph(store, asked)
    order = tuple(store.known["category"])
    sentence = describe(flow_graph(store, asked, top=_ALL))
    title = settings.title or "Register"
    texts = {
        "title": title,
        "organisation": settings.organisation.get("name") or f"Organisation {_NOT_STATED}",
        "filter": to_english(asked, store.known),
        "sentence": sentence,
        "as_of": store.as_of.isoformat(),
        "made_at": made_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
        "made_at_iso": made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "audience": "Internal, every column" if internal else "Public, without internal columns",
        "fingerprint": store.fingerprint,
        "short_fingerprint": store.fingerprint[:16],
        "version": __version__,
    }
    parts = {name: escape(clean(text)) for name, text in texts.items()} | {
        "policy": policy(style, script),
        "style": style,
        "script": script,
        "data": embedded(page_data(store, asked, internal=internal)),
        "picture": svg(graph, layout(graph), "light", order, title="Data map", description=describe(graph)),
    }
    return _SLOT.sub(lambda slot: parts[slot[1]], _read("page.html")).encode()


def policy(style: str, script: str) -> str:
    """Return the Content Security Policy of a page with one style and one script element."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


@cache
def _script() -> str:
    return f'(() => {{\n"use strict";\n{"".join(_read(name) for name in SCRIPTS)}}})();\n'


@cache
def _style() -> str:
    """Return the style sheet, the palette's colours of both themes in front; paper is always light."""
    light, dark = (_colours(THEMES[name]) for name in ("light", "dark"))
    return f":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n{''.join(map(_read, STYLES))}"


def _colours(theme: Theme) -> str:
    named: Mapping[str, object] = {name: value for name, value in asdict(theme).items() if name != "cycle"}
    named = dict(named) | {f"c{at}": colour for at, colour in enumerate(theme.cycle)}
    return ";".join(f"--{name.replace('_', '-')}:{value}" for name, value in named.items())
