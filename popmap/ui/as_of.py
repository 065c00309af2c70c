"""The register as it was: what says so on every page, and the way back."""

from __future__ import annotations

import streamlit as st

from popmap.opened import register_folder
from popmap.register.history import Version, newest, outside
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


def standing(view: View) -> str:
    """Return which version of the register a page shows, in words; "" when no history is kept."""
    folder = register_folder()
    version = view.version or newest(folder)
    if version is None:
        return ""
    edited = ", edited outside popmap since" if view.version is None and outside(folder) else ""
    return f"{version.short} of {version.at:%Y-%m-%d %H:%M} UTC{edited}"
