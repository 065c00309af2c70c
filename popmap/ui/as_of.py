"""The register as it was: what says so on every page, and the way back."""

from __future__ import annotations

import streamlit as st

from popmap.register import history
from popmap.register.history import Version
from popmap.ui.navigation import page
from popmap.ui.state import AT_KEY, write_key
from popmap.ui.text import markdown
from popmap.ui.view import View


def as_of_banner(version: Version) -> None:
    """Say that an earlier version is shown, which nobody can change."""
    with st.container(horizontal=True, vertical_alignment="center", key="as_of"):
        st.warning(
            f"**The register as of {version.at:%Y-%m-%d %H:%M} UTC**, version {version.short} by {markdown(version.author)}: "
            f"{markdown(version.message.splitlines()[0][:120])}. Nothing can be changed here.",
            icon=":material/history:",
        )
        st.button("Back to today", key="as_of_back", icon=":material/today:", on_click=write_key, args=(AT_KEY, ""))


def edited_notice(view: View) -> None:
    """Offer to record what was edited outside popmap since the last version, where that is so."""
    folder = view.store.folder
    if not view.editable:
        return
    # A store is made anew when files change, and a version is another commit: until either happens nothing is read again.
    last = history.newest(folder)
    if last and view.store.remember(("edited since", last.id), lambda: bool(history.outside(folder))):
        with st.container(horizontal=True, vertical_alignment="center", key="edited"):
            st.info(
                f"**Edited outside popmap** since version {last.short} of {last.at:%Y-%m-%d}: the history does not say who changed what.",
                icon=":material/edit_note:",
            )
            st.page_link(page("history"), label="See and record", icon=":material/history:")


def standing(view: View) -> str:
    """Return which version of the register a page shows, in words; "" when no history is kept."""
    kept = history.standing(view.store.folder)
    if kept is None:
        return ""
    edited = ", edited outside popmap since" if kept.edited else ""
    return f"{kept.version.short} of {kept.version.at:%Y-%m-%d %H:%M} UTC{edited}"
