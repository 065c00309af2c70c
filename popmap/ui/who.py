"""Who decides, and why: asked where something is saved, remembered while the session lasts."""

from __future__ import annotations

import streamlit as st

from popmap.register.saving import Author

_NAME = "popmap_name"


def name() -> str:
    """Return the name somebody gave, or the one they logged in with; "" for neither."""
    if _NAME not in st.session_state:
        st.session_state[_NAME] = _logged_in("name")
    return st.session_state[_NAME]


def author(key: str) -> Author:
    """Return who saves: the name in a box of `name_box`, and the address they logged in with; for callbacks.

    Args:
        key: The box's key. A callback runs before the page, so the box may hold a name that the page has not seen yet.
    """
    return Author(str(st.session_state.get(key) or ""), _logged_in("email"))


def name_box(key: str, label: str = "Who decides") -> str:
    """Show the box for the name, and return it.

    Args:
        key: The box's key; each page has its own.
        label: What stands above it.
    """
    if key not in st.session_state:
        st.session_state[key] = name()
    entered = st.text_input(label, key=key, placeholder="Name", autocomplete="name", max_chars=200)
    st.session_state[_NAME] = entered or ""
    return entered or ""


def _logged_in(what: str) -> str:
    try:
        return str(st.user.get(what) or "")
    except (AttributeError, KeyError):
        return ""
