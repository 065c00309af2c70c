"""The view a reader is in: it lives in the URL, so a reload, Back and a pasted link all restore it.

Widgets cannot be bound to the URL where their options change: Streamlit would write labels (names and counts) where links must hold ids,
and let go of a key whose widget is not on the screen. So the URL is the one truth, widgets are set from it on each run, and their callbacks
write to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from popmap.filters import FACETS, TEXT_KEY, Facet, Filter, from_query, to_query
from popmap.store import Store

# The page of a table is one of the rows behind a filter, in an order; whatever changes those begins at the first.
PAGE_KEY = "page"
_KEYS = (*(facet.key for facet in FACETS), TEXT_KEY)
_KEPT, _SEEN, _MODE, _AT = "popmap_kept", "seen", "mode", "at"
# The version of the register that is looked at; not there for the register as it is.
AT_KEY = "at"
# How a page is shown, and to whom; each key is there only where it is not as by default.
VIEW_KEY, AUDIENCE_KEY = "view", "audience"
EVIDENCE, PUBLIC, INTERNAL = "evidence", "public", "internal"
_MODES = {VIEW_KEY: (EVIDENCE,), AUDIENCE_KEY: (PUBLIC, INTERNAL)}


Query = Mapping[str, Sequence[str]]
"""The URL's keys and values."""

Kept = dict[str, Any]
"""What a session keeps from page to page; it is changed in place."""


def read_kept() -> Kept:
    """Return what the session keeps from page to page."""
    kept = st.session_state.get(_KEPT)
    if kept is None:
        kept = st.session_state[_KEPT] = {}
    return kept


def read_filter(store: Store, page: str, query: Query, kept: Kept) -> tuple[Filter, list[tuple[Facet, str]], bool]:
    """Return the URL's filter, the values in it that this register does not have, and whether the reader came from another page.

    A reader who turns to another page without a filter in its link keeps the one they had.

    Args:
        store: The register.
        page: The page that is shown.
        query: What the URL holds.
        kept: What the session keeps.
    """
    keys = tuple((key, tuple(values)) for key, values in query.items() if key in _KEYS)
    asked, dropped = store.remember(("asked", keys), lambda: from_query(dict(keys), store.known))
    seen = kept.get(_SEEN)
    before, remembered = seen or (page, {})
    turned = before != page
    if turned and remembered and not any(values for _, values in keys):
        asked, _ = from_query(remembered, store.known)
        write_filter(asked)
    elif dropped:
        write_filter(asked)
    now = (page, to_query(asked))
    if now != seen:
        kept[_SEEN] = now
    return asked, dropped, turned


def read_mode(query: Query, turned: bool, kept: Kept) -> tuple[bool, bool]:
    """Return whether the URL asks for the evidence view, and whether for what outsiders may see.

    Who keeps the register sees it whole; an evidence view is for others unless the URL says that it is not. A reader who turns to another
    page stays in the mode they had.

    Args:
        query: What the URL holds.
        turned: Whether the reader came from another page.
        kept: What the session keeps.
    """
    before: dict[str, str] = kept.get(_MODE, {})
    mode = {key: value if (value := value_in(query, key)) in allowed else "" for key, allowed in _MODES.items()}
    if turned:
        mode = {key: value if key in query else before.get(key, "") for key, value in mode.items()}
    if mode != before and (before or any(mode.values())):
        kept[_MODE] = mode
    keys = {key: [value] if value else [] for key, value in mode.items()}
    if any(list(query.get(key, ())) != values for key, values in keys.items()):
        write_keys(keys)
    evidence = mode[VIEW_KEY] == EVIDENCE
    return evidence, mode[AUDIENCE_KEY] == PUBLIC or (evidence and mode[AUDIENCE_KEY] != INTERNAL)


def read_at(page: str, query: Query, kept: Kept) -> str:
    """Return what the URL says which version of the register to show, "" for the register as it is.

    A reader who turns to another page stays in the version they had.

    Args:
        page: The page that is shown.
        query: What the URL holds.
        kept: What the session keeps.
    """
    before, seen = kept.get(_AT, ""), kept.get(_SEEN)
    if before and AT_KEY not in query and seen and seen[0] != page:
        write_key(AT_KEY, before)
        return before
    kept[_AT] = value_in(query, AT_KEY)
    return kept[_AT]


def show_to(public: bool, evidence: bool) -> None:
    """Write to the URL for whom a page is shown; for callbacks.

    Args:
        public: Whether outsiders may see it.
        evidence: Whether it is an evidence view, which is public by default.
    """
    write_key(AUDIENCE_KEY, "" if public == evidence else PUBLIC if public else INTERNAL)


def write_filter(asked: Filter) -> None:
    """Write a filter to the URL, in one step of the browser's history."""
    query = to_query(asked)
    write_keys({key: query.get(key, []) for key in (*_KEYS, PAGE_KEY)})


def change_filter(store: Store, change: Callable[[Filter], Filter]) -> None:
    """Change the URL's filter; for callbacks."""
    query = {key: st.query_params.get_all(key) for key in _KEYS}
    asked, _ = from_query(query, store.known)
    write_filter(change(asked))


def choose(store: Store, facet: Facet, keys: Iterable[str]) -> None:
    """Set one facet of the URL's filter; for callbacks."""
    chosen = tuple(keys)
    change_filter(store, lambda asked: asked.having(facet, chosen))


def read_all() -> Query:
    """Return the URL's keys and values."""
    return {key: st.query_params.get_all(key) for key in st.query_params}


def value_in(query: Query, name: str) -> str:
    """Return a key's value, "" when it is not there."""
    values = query.get(name)
    return values[-1] if values else ""


def choices_in(query: Query, name: str, allowed: Collection[str]) -> tuple[str, ...]:
    """Return a key's values, each once; those that are not allowed are taken out of the URL."""
    given = tuple(query.get(name, ()))
    kept = tuple(dict.fromkeys(value for value in given if value in allowed))
    if kept != given:
        write_keys({name: kept})
    return kept


def choice_in(query: Query, name: str, allowed: Collection[str]) -> str:
    """Return a key's value, "" when it is not there; one that is not allowed is taken out of the URL."""
    value = value_in(query, name)
    if value and value not in allowed:
        write_key(name, "")
        return ""
    return value


def write_key(name: str, value: str) -> None:
    """Set a URL key, or remove it when the value is ""."""
    write_keys({name: (value,) if value else ()})


def write_keys(keys: Mapping[str, Sequence[str]]) -> None:
    """Set URL keys in one step of the browser's history; those without values are removed."""
    if any(st.query_params.get_all(name) != list(values) for name, values in keys.items()):
        st.query_params.update({name: list(values) for name, values in keys.items()})
