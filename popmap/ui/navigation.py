"""The menu: which pages there are, under which headings."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

import streamlit as st

_ROOT = Path(__file__).resolve().parents[2]
# Pages stand in sub-folders: a file directly in pages/ would run without app.py on a first deep link.
_SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "Explore": {
        "overview": ("Overview", ":material/home:"),
        "data_map": ("Data map", ":material/account_tree:"),
        "vendors": ("Vendors", ":material/apartment:"),
        "categories": ("Categories", ":material/category:"),
        "gaps": ("Gaps", ":material/rule:"),
    },
    "Answer": {"questionnaire": ("Questionnaire", ":material/fact_check:")},
    "Prove": {
        "evidence": ("Evidence", ":material/inventory_2:"),
        "verify": ("Verify", ":material/verified:"),
        "history": ("History", ":material/history:"),
    },
    "Maintain": {
        "import_list": ("Import a list", ":material/upload_file:"),
        "edit_rows": ("Edit rows", ":material/edit_note:"),
    },
}
_FIRST = "overview"


@cache
def _pages() -> dict[str, st.Page]:
    """Return each page by its URL path; made once, because each is looked up in the file system when it is made."""
    return {
        name: st.Page(_ROOT / "pages" / section.lower() / f"{name}.py", title=title, icon=icon, url_path=name, default=name == _FIRST)
        for section, pages in _SECTIONS.items()
        for name, (title, icon) in pages.items()
    }


def menu() -> dict[str, list[st.Page]]:
    """Return the pages under their headings, for `st.navigation`; a run of the app marks its page, so each gets copies of its own."""
    return {section: [_twin(_pages()[name]) for name in pages] for section, pages in _SECTIONS.items()}


def _twin(page: st.Page) -> st.Page:
    # What copy.copy does, but for its detour through pickling's protocol; ten pages are copied on every run.
    twin = object.__new__(type(page))
    twin.__dict__.update(page.__dict__)
    return twin


def names() -> tuple[str, ...]:
    """Return the URL paths of all pages, in the menu's order."""
    return tuple(_pages())


def page(name: str) -> st.Page:
    """Return the page of that URL path, for `st.page_link`."""
    return _pages()[name]


@cache
def picture(name: str) -> str:
    """Return one of popmap's own SVG pictures as a data URI.

    The icon and the logo are pictures of ours because the browser would fetch a material icon for its tab from another host.
    """
    return f"data:image/svg+xml;base64,{base64.b64encode((_ROOT / 'popmap' / 'ui' / f'{name}.svg').read_bytes()).decode()}"
