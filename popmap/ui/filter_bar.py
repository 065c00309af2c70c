"""The filter bar every page shares: search, facets with counts, and the active filters as chips."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from popmap.counting import facet_counts
from popmap.filters import BY_KEY, FACETS, TEXT_KEY, Facet, Filter
from popmap.store import Store
from popmap.ui import state
from popmap.ui.text import markdown

FIRST = ("category", "vendor", "section")
# The browser gets no more options than this; search finds the rest.
MOST_OPTIONS = 150
_COUNT = re.compile(r" · [\d,]+$")
_WIDGET = "filter_"
_REMOVE, _MORE = "filter_remove", "filter_more"


class _Labels(dict[str, str]):
    """Options' labels with their counts, by value key.

    The browser may still send a label with the count of an earlier run; the name in it tells which option was meant.
    """

    def __init__(self, labels: Mapping[str, str], names: Mapping[str, str]) -> None:
        super().__init__(labels)
        self._names = names

    def __missing__(self, option: str) -> str:
        return self.get(self._names.get(_COUNT.sub("", option), ""), option)


@dataclass(frozen=True, slots=True)
class _Menu:
    """A facet's options under the other filters: value keys, their labels with counts, and how many are not offered."""

    options: list[str]
    labels: _Labels
    hidden: int


def filter_bar(store: Store, asked: Filter) -> None:
    """Show the filter bar of a filter, in the row it is called in; what the reader changes goes to the URL."""
    st.session_state[_WIDGET + TEXT_KEY] = asked.text
    st.text_input(
        "Search",
        key=_WIDGET + TEXT_KEY,
        placeholder="Search names and purposes",
        label_visibility="collapsed",
        icon=":material/search:",
        on_change=_search,
        args=(store,),
    )
    for key in FIRST:
        _facet(store, asked, BY_KEY[key])
    rest = [facet for facet in FACETS if facet.key not in FIRST]
    active = sum(bool(asked.chosen(facet)) for facet in rest)
    # Streamlit takes a panel of another label for another one, which would be closed under the reader's hand.
    if st.session_state.get(_MORE):
        st.session_state[_MORE] = True
    panel = st.popover(
        f"More filters ({active})" if active else "More filters",
        key=_MORE,
        on_change="rerun",
        help="Purpose, legal basis, country, transfer, evidence, gaps and more",
    )
    if panel.open:
        # Counting the options of nine facets is only worth it while someone looks at them.
        with panel:
            for left, right in zip(rest[::2], [*rest[1::2], None], strict=False):
                pair = st.columns(2)
                for facet, column in ((left, pair[0]), (right, pair[1])):
                    if facet:
                        with column:
                            _facet(store, asked, facet)


def _facet(store: Store, asked: Filter, facet: Facet) -> None:
    menu = store.remember(("menu", facet.key, asked), lambda: _menu(store, asked, facet))
    widget = _WIDGET + facet.key
    st.session_state[widget] = list(asked.chosen(facet))
    st.multiselect(
        facet.label,
        menu.options,
        key=widget,
        format_func=menu.labels.__getitem__,
        select_all=False,
        placeholder=f"{facet.label}: all" if menu.options else f"{facet.label}: none",
        label_visibility="collapsed" if facet.key in FIRST else "visible",
        help=f"{menu.hidden:,} more are found by search." if menu.hidden and facet.key not in FIRST else None,
        on_change=_choose,
        args=(store, facet.key),
    )


def _menu(store: Store, asked: Filter, facet: Facet) -> _Menu:
    values = store.known[facet.key]
    counts = facet_counts(store, asked, facet)
    offered = sorted(counts, key=lambda key: (-counts[key], values[key].label))[:MOST_OPTIONS]
    options = offered + [key for key in asked.chosen(facet) if key not in offered]
    labels = {key: f"{values[key].label} · {counts.get(key, 0):,}" for key in options}
    return _Menu(options, _Labels(labels, _names(store, facet.key)), len(counts) - len(offered))


def _names(store: Store, key: str) -> dict[str, str]:
    """Return the keys of a facet's values by their labels, no two of which are alike."""
    return store.remember(("names", key), lambda: {value.label: value.key for value in store.known[key].values()})


def _choose(store: Store, key: str) -> None:
    facet = BY_KEY[key]
    values = store.known[key]
    names = _names(store, key)
    picked = [option if option in values else names.get(_COUNT.sub("", option), "") for option in st.session_state[_WIDGET + key]]
    state.choose(store, facet, [option for option in picked if option])


def _search(store: Store) -> None:
    text = " ".join(str(st.session_state[_WIDGET + TEXT_KEY]).split())
    state.change_filter(store, lambda asked: replace(asked, text=text))


def chips(store: Store, asked: Filter) -> None:
    """Show an active filter as chips, in the row it is called in; choosing one takes it away."""
    active = store.remember(("chips", asked), lambda: _chips(store, asked))
    st.session_state[_REMOVE] = None
    st.pills(
        "Active filters, choose one to remove it",
        list(active),
        key=_REMOVE,
        format_func=lambda chip: active.get(chip, chip),
        label_visibility="collapsed",
        on_change=_remove,
        args=(store,),
    )
    st.button(
        "Clear all",
        key="filter_clear",
        type="tertiary",
        icon=":material/filter_alt_off:",
        on_click=state.write_filter,
        args=(Filter(),),
    )


def _chips(store: Store, asked: Filter) -> dict[str, str]:
    """Return each chip's key and value as in the URL, and its label."""
    names = {f"{facet.key}={key}": f"{facet.label}: {store.known[facet.key][key].label}" for facet in FACETS for key in asked.chosen(facet)}
    if asked.text:
        names[f"{TEXT_KEY}="] = f"Search: {asked.text}"
    return {chip: f"{markdown(name)} ✕" for chip, name in names.items()}


def _remove(store: Store) -> None:
    key, _, value = str(st.session_state[_REMOVE] or "=").partition("=")
    if key == TEXT_KEY:
        state.change_filter(store, lambda asked: replace(asked, text=""))
    elif key in BY_KEY:
        facet = BY_KEY[key]
        state.change_filter(store, lambda asked: asked.having(facet, (kept for kept in asked.chosen(facet) if kept != value)))
