"""Messages that a callback leaves for the page's next run."""

from __future__ import annotations

import streamlit as st

from popmap.ui.text import markdown

_LEFT = "popmap_left"
ERROR, DONE = "error", "done"


def leave(kind: str, text: str) -> None:
    """Leave a message: ERROR or DONE, and its words."""
    st.session_state[_LEFT] = (kind, text)


def show() -> None:
    """Show the message that was left, once."""
    kind, text = st.session_state.pop(_LEFT, ("", ""))
    if kind == ERROR:
        st.error(markdown(text), icon=":material/error:")
    elif text:
        st.toast(markdown(text), icon=":material/check:")
