"""The evidence view of a page: made for screenshots and for print, so that a picture of it carries its own proof.

Every sheet says whose register it is, which content it had, as of when, what it was filtered by and where to find it again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

import streamlit as st

from popmap import __version__
from popmap.filters import to_english
from popmap.store import Store
from popmap.ui import evidence_pages, evidence_tools
from popmap.ui.as_of import standing
from popmap.ui.evidence_history import history
from popmap.ui.evidence_questionnaire import questionnaire
from popmap.ui.navigation import names, page
from popmap.ui.paper import Part, Words
from popmap.ui.sheet_layout import Slice, lay_out
from popmap.ui.sheet_markup import Head, blocks, brief, head_height, long_head
from popmap.ui.sheet_style import FOOT, SHEET_KEY, STYLE, UPRIGHT_FIRST, UPRIGHT_KEY
from popmap.ui.sheet_tables import columns_style, layout, table
from popmap.ui.state import VIEW_KEY, read_all, show_to, write_key
from popmap.ui.text import NOT_STATED, Html
from popmap.ui.view import View

# The pages that have one, by their URL path.
PAGES: dict[str, Callable[[View], list[Part]]] = {
    "overview": evidence_pages.overview,
    "data_map": evidence_pages.data_map,
    "vendors": evidence_pages.vendors,
    "categories": evidence_pages.categories,
    "gaps": evidence_pages.gaps,
    "questionnaire": questionnaire,
    "evidence": evidence_tools.evidence,
    "verify": evidence_tools.checked,
    "history": history,
    "import_list": evidence_tools.listed,
    "edit_rows": evidence_tools.edited,
}
_WHO = {True: "public: internal columns left out", False: "internal: for those who keep the register"}


def show(view: View, name: str, title: str, dropped: Sequence[tuple[str, str]], *, filtered: bool) -> None:
    """Show a page's evidence view: the way out and about, which is not printed, and the sheets.

    Args:
        view: The page's view.
        name: The page's URL path.
        title: Its heading.
        dropped: What its link asks for that the register does not have: the facet's label and the value.
        filtered: Whether the page follows the filter.
    """
    parts = [_left_out(label, value) for label, value in dropped]
    if filtered and view.asked and not view.flows:
        parts.append(Words(f"{view.scope}.", "No flow matches:", weighty=True))
    parts += PAGES[name](view)
    head = head_of(view.store, title, _filter(view, filtered), _link(), view.public, datetime.now(UTC), standing(view))
    shown = sheets(head, parts)
    # First, so that sidebar and toolbar are gone before anything else stands.
    st.html(style(shown))
    _bar(view, name)
    _put(shown)


@dataclass(frozen=True, slots=True)
class Shown:
    """One sheet as it is shown.

    Attributes:
        key: Its container's key.
        blocks: Markup and tables, from top to bottom.
    """

    key: str
    blocks: tuple[str | Slice, ...]


def sheets(head: Head, parts: Sequence[Part]) -> list[Shown]:
    """Return the sheets of an evidence view.

    Args:
        head: What every sheet says about itself.
        parts: What stands on them, in order.
    """
    named = (("Organisation", head.organisation), ("Register", head.register))
    titles = [Words(name, label) for label, name in named if brief(name) != name]
    above = [*titles, *([Words(head.filter, "Filter"), Words(head.link, "Link")] if long_head(head) else [])]
    found = lay_out([*above, *parts], head_height(head), FOOT)
    return [
        Shown(f"{UPRIGHT_KEY if sheet.upright else SHEET_KEY}{number}", tuple(blocks(head, sheet, number, len(found))))
        for number, sheet in enumerate(found, 1)
    ]


def style(shown: Sequence[Shown]) -> str:
    """Return the CSS of sheets: what all have, and the widths of each table's columns, which its place on its sheet names."""
    tables = [(f".st-key-{sheet.key}>:nth-child({at})", block) for sheet in shown for at, block in enumerate(sheet.blocks, 1)]
    slices = [(place, block) for place, block in tables if isinstance(block, Slice)]
    most = max((len(block.places) for _, block in slices), default=0)
    first = UPRIGHT_FIRST if shown[0].key.startswith(UPRIGHT_KEY) else ""
    return f"<style>{STYLE}{first}{columns_style(most)}{''.join(layout(block, place) for place, block in slices)}</style>"


def _put(shown: Sequence[Shown]) -> None:
    for sheet in shown:
        with st.container(key=sheet.key, gap=None):
            for block in sheet.blocks:
                if isinstance(block, Slice):
                    st.table(table(block), border=False, hide_index=False, hide_header=False, alt=block.said or block.grid.name)
                else:
                    st.html(Html(block))


def head_of(store: Store, title: str, filtered: str, link: str, public: bool, made_at: datetime, version: str = "") -> Head:
    """Return what every sheet of a register says about itself.

    Args:
        store: The register.
        title: The page's heading.
        filtered: The active filter in English.
        link: The page's full address.
        public: Whether internal columns are left out.
        made_at: The time, with its time zone.
        version: The version of the register in words, "" when no history is kept.
    """
    at = made_at.astimezone(UTC)
    return Head(
        organisation=store.settings.organisation.get("name") or f"Organisation {NOT_STATED}",
        register=store.settings.title or "Register without a title",
        page=title,
        facts=(*identity(store, version), ("Findings as of", store.as_of.isoformat()), ("Shown to", _WHO[public])),
        filter=filtered,
        link=link or NOT_STATED,
        foot=f"Shown {at:%Y-%m-%d %H:%M:%S} UTC · register {store.fingerprint[:12]} · popmap {__version__} · “{NOT_STATED}” means that the "
        "register does not say, not that there is none",
    )


def identity(store: Store, version: str) -> tuple[tuple[str, str], ...]:
    """Return what names the register's content, by labels: its version where a history is kept, and its fingerprint."""
    return (*((("Version", version),) if version else ()), ("Fingerprint (SHA-256)", store.fingerprint))


def _filter(view: View, filtered: bool) -> str:
    if not filtered:
        return "none: this page does not follow the filter"
    return to_english(view.asked, view.store.known) if view.asked else "none: the whole register"


def _link() -> str:
    query = urlencode([(key, value) for key, values in read_all().items() for value in values])
    return f"{(st.context.url or '').partition('?')[0]}{'?' if query else ''}{query}"


def _left_out(label: str, value: str) -> Part:
    return Words(f"{label.lower()} “{value[:80]}”, which the register does not have. It was left out.", "This link asks for", weighty=True)


def _bar(view: View, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="evidence_bar"):
        st.button("Back to the working view", icon=":material/arrow_back:", key="leave_evidence", on_click=write_key, args=(VIEW_KEY, ""))
        st.button(
            "Show internal columns" if view.public else "Leave internal columns out",
            key="evidence_audience",
            on_click=show_to,
            args=(not view.public, True),
        )
        for other in names():
            if other != name:
                st.page_link(page(other), label=page(other).title)
