"""How every page begins and ends: the register, its filter, what could not be read, and where all of it comes from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from popmap.counting import flow_count
from popmap.errors import PopmapError
from popmap.opened import REGISTER_VARIABLE, at_hand, opened, register_folder
from popmap.past import opened_as_of
from popmap.register.history import Version
from popmap.register.history import find as find_version
from popmap.store import Store
from popmap.ui import evidence_view
from popmap.ui.as_of import as_of_banner
from popmap.ui.filter_bar import chips, filter_bar
from popmap.ui.state import AT_KEY, EVIDENCE, VIEW_KEY, read_all, read_at, read_filter, read_kept, read_mode, show_to, write_key
from popmap.ui.style import STYLE
from popmap.ui.text import Html, counted, markdown, markup
from popmap.ui.view import View

_PUBLIC = "public: internal columns left out"
_AUDIENCE = "leave_internal_out"


def begin(name: str, title: str, lead: str, *, filtered: bool = True) -> View:
    """Show a page's head and filter bar, or what to do when there is no register; then the page stops.

    Args:
        name: The page's URL path, for keeping the filter across pages.
        title: Its heading.
        lead: One sentence under it: what the page answers.
        filtered: Whether it has the filter bar.
    """
    query, kept = read_all(), read_kept()
    at = read_at(name, query, kept)
    store, version = _register(title, at)
    asked, dropped, turned = read_filter(store, name, query, kept)
    evidence, public = read_mode(query, turned, kept)
    flows = store.remember(("flows behind", asked), lambda: flow_count(store, asked))
    view = View(store, asked, flows, st.context.theme.type or "light", query, turned, public, version)
    offered = name in evidence_view.PAGES
    if evidence and offered:
        evidence_view.show(view, name, title, [(facet.label, value) for facet, value in dropped], filtered=filtered)
        st.stop()
    st.html(store.remember(("head", name, public), lambda: Html(_head(store, title, lead, public))))
    if version:
        as_of_banner(version)
    bar = st.container(horizontal=True, vertical_alignment="center")
    with bar:
        if filtered:
            filter_bar(store, asked)
        if offered:
            _evidence()
        _link(public)
        if filtered and asked:
            chips(store, asked)
        for facet, value in dropped:
            st.warning(
                f"This link asks for {facet.label.lower()} “{markdown(value[:80])}”, which the register does not have. It was left out."
            )
        if filtered and asked and not view.flows:
            st.info(
                f"No flow matches: {markdown(view.scope)}. Remove a filter above, or clear all, to see more.",
                icon=":material/filter_alt_off:",
            )
    return replace(view, bar=bar)


def end(view: View, last: str = "") -> None:
    """Show a page's last part, and where its rows come from.

    Args:
        view: The page's view.
        last: Markup of the page; one element costs less than two.
    """
    st.html(Html(last + view.store.remember(("foot",), lambda: _foot(view.store))))


def hint(text: str) -> str:
    """Return markup of a sentence that says what to do on a page."""
    return f'<div class="popmap"><p class="soft">{markup(text)}</p></div>'


def _head(store: Store, title: str, lead: str, public: bool) -> str:
    register = store.settings.title or "Register without a title"
    shown_to = f" · <b>{markup(_PUBLIC)}</b>" if public else ""
    return f'{STYLE}<div class="popmap-head"><h1>{markup(title)}</h1><p>{markup(lead)} · {markup(register)}{shown_to}</p></div>'


def _foot(store: Store) -> str:
    broken = sum(fault.severity == "error" for fault in store.faults)
    parts = [
        f"Register {store.fingerprint[:12]}",
        counted(store.counts["flows"], "flow"),
        f"findings as of {store.as_of.isoformat()}",
        "“not stated” means that the register does not say, not that there is none",
    ]
    if broken:
        parts.insert(1, f"{counted(broken, 'fault')} in its files, see Gaps")
    return f'<p class="popmap-foot">{markup(" · ".join(parts))}</p>'


def _evidence() -> None:
    """Show the way to the evidence view of what the page shows."""
    st.button(
        "Evidence view",
        icon=":material/verified_user:",
        type="tertiary",
        key="evidence_view",
        help="This page for screenshots and print: complete, dated, with the register’s fingerprint on every sheet.",
        on_click=write_key,
        args=(VIEW_KEY, EVIDENCE),
    )


def _link(public: bool) -> None:
    """Show the link to exactly this view, ready to copy, and for whom it is."""
    panel = st.popover("Copy link", icon=":material/link:", type="tertiary", key="copy_link", on_change="rerun")
    if panel.open:
        query = urlencode([(key, value) for key, values in read_all().items() for value in values])
        with panel:
            st.caption("Opens this page with this filter, selection and order; it holds keys of the register, no names.")
            st.code(f"{(st.context.url or '').partition('?')[0]}{'?' if query else ''}{query}", language=None, wrap_lines=True)
            st.session_state[_AUDIENCE] = public
            st.toggle(
                "Leave internal columns out",
                key=_AUDIENCE,
                help="Notes, owners and who confirmed or approved something are then neither on the page nor in its files.",
                on_change=_show_to,
            )


def _show_to() -> None:
    show_to(bool(st.session_state[_AUDIENCE]), evidence=False)


def _register(title: str, at: str) -> tuple[Store, Version | None]:
    """Return the register, or the version of it that the URL names."""
    folder = register_folder()
    try:
        if not at:
            return _opened(folder), None
        version = find_version(folder, at)
        with st.spinner("Reading the register as it was …"):
            return opened_as_of(folder, version), version
    except PopmapError as error:
        st.html(STYLE)
        st.title(title, anchor=False)
        st.error(markdown(str(error)), icon=":material/folder_off:")
        if at:
            st.button("Show the register as it is", on_click=write_key, args=(AT_KEY, ""))
        else:
            st.markdown(
                f"popmap reads the register in `{REGISTER_VARIABLE}`. Set it to a folder that holds `categories.csv`, `vendors.csv` and "
                "`flows.csv` (or `.parquet`), or unset it to open the bundled sample; then reload this page."
            )
        st.stop()


def _opened(folder: Path) -> Store:
    if store := at_hand(folder):
        return store
    with st.spinner("Reading the register …"):
        return opened(folder)
