"""The view a reader is in: its filter lives in the URL, so a reload, Back and a pasted link all restore it.

Widgets cannot be bound to the URL here: Streamlit would write the options' labels (names and counts) where links must hold ids. So the
URL is the one truth, widgets are set from it on each run, and their callbacks write to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import streamlit as st

from popmap.filters import FACETS, TEXT_KEY, Facet, Filter, from_query, to_query
from popmap.store import Store

_KEYS = (*(facet.key for facet in FACETS), TEXT_KEY)
_REMEMBERED = "popmap_filter"
_PAGE = "popmap_page"


def read_filter(store: Store, page: str) -> tuple[Filter, list[tuple[Facet, str]]]:
    """Return the URL's filter and the values in it that this register does not have.

    A reader who turns to another page without a filter in its link keeps the one they had.

    Args:
        store: The register.
        page: The page that is shown.
    """
    query = {key: st.query_params.get_all(key) for key in st.query_params if key in _KEYS}
    asked, dropped = from_query(query, store.known)
    turned = st.session_state.get(_PAGE, page) != page
    st.session_state[_PAGE] = page
    if turned and not any(query.values()):
        remembered = st.session_state.get(_REMEMBERED, {})
        if remembered:
            asked, _ = from_query(remembered, store.known)
            write_filter(asked)
    elif dropped:
        write_filter(asked)
    st.session_state[_REMEMBERED] = to_query(asked)
    return asked, dropped


def write_filter(asked: Filter) -> None:
    """Write a filter to the URL, in one step of the browser's history."""
    query = to_query(asked)
    st.query_params.update({key: query.get(key, []) for key in _KEYS})
    st.session_state[_REMEMBERED] = query


def change_filter(store: Store, change: Callable[[Filter], Filter]) -> None:
    """Change the URL's filter; for callbacks."""
    query = {key: st.query_params.get_all(key) for key in _KEYS}
    asked, _ = from_query(query, store.known)
    write_filter(change(asked))


def choose(store: Store, facet: Facet, keys: Iterable[str]) -> None:
    """Set one facet of the URL's filter; for callbacks."""
    chosen = tuple(keys)
    change_filter(store, lambda asked: asked.having(facet, chosen))


def read_key(name: str) -> str:
    """Return a URL key's value, "" when it is not there."""
    return st.query_params.get(name, "")


def write_key(name: str, value: str) -> None:
    """Set a URL key, or remove it when the value is ""."""
    if st.query_params.get(name, "") != value:
        st.query_params.update({name: value or []})
