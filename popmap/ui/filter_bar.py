"""The filter bar every page shares: search, facets with counts, and the active filters as chips."""

from __future__ import annotations

import re
from dataclasses import replace

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
_REMOVE = "filter_remove"


def filter_bar(store: Store, asked: Filter) -> None:
    """Show the filter bar of a filter; what the reader changes goes to the URL."""
    search, *columns, more = st.columns([1.25, 1.05, 1.05, 1.05, 1.2], vertical_alignment="bottom")
    st.session_state[_WIDGET + TEXT_KEY] = asked.text
    search.text_input(
        "Search",
        key=_WIDGET + TEXT_KEY,
        placeholder="Search names and purposes",
        label_visibility="collapsed",
        icon=":material/search:",
        on_change=_search,
        args=(store,),
    )
    for key, column in zip(FIRST, columns, strict=True):
        with column:
            _facet(store, asked, BY_KEY[key])
    rest = [facet for facet in FACETS if facet.key not in FIRST]
    active = sum(bool(asked.chosen(facet)) for facet in rest)
    panel = more.popover(
        f"More filters ({active})" if active else "More filters",
        width="stretch",
        key="filter_more",
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
    _chips(store, asked)


def _facet(store: Store, asked: Filter, facet: Facet) -> None:
    values = store.known[facet.key]
    counts = facet_counts(store, asked, facet)
    chosen = list(asked.chosen(facet))
    offered = sorted(counts, key=lambda key: (-counts[key], values[key].label))[:MOST_OPTIONS]
    options = offered + [key for key in chosen if key not in offered]
    names = {values[key].label: key for key in options}

    def label(option: str) -> str:
        # The browser may still send a label with the count of an earlier run; the name in it tells which option was meant.
        key = option if option in values else names.get(_COUNT.sub("", option), option)
        return f"{values[key].label} · {counts.get(key, 0):,}" if key in values else option

    widget = _WIDGET + facet.key
    st.session_state[widget] = chosen
    hidden = len(counts) - len(offered)
    st.multiselect(
        facet.label,
        options,
        key=widget,
        format_func=label,
        select_all=False,
        placeholder=f"{facet.label}: all" if options else f"{facet.label}: none",
        label_visibility="collapsed" if facet.key in FIRST else "visible",
        help=f"{hidden:,} more are found by search." if hidden > 0 and facet.key not in FIRST else None,
        on_change=_choose,
        args=(store, facet.key),
    )


def _choose(store: Store, key: str) -> None:
    facet = BY_KEY[key]
    values = store.known[key]
    names = {value.label: value.key for value in values.values()}
    picked = [option if option in values else names.get(_COUNT.sub("", option), "") for option in st.session_state[_WIDGET + key]]
    state.choose(store, facet, [option for option in picked if option])


def _search(store: Store) -> None:
    text = " ".join(str(st.session_state[_WIDGET + TEXT_KEY]).split())
    state.change_filter(store, lambda asked: replace(asked, text=text))


def _chips(store: Store, asked: Filter) -> None:
    chips = {f"{facet.key}={key}": f"{facet.label}: {store.known[facet.key][key].label}" for facet in FACETS for key in asked.chosen(facet)}
    if asked.text:
        chips[f"{TEXT_KEY}="] = f"Search: {asked.text}"
    if not chips:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.session_state[_REMOVE] = None
        st.pills(
            "Active filters, choose one to remove it",
            list(chips),
            key=_REMOVE,
            format_func=lambda chip: f"{markdown(chips.get(chip, chip))} ✕",
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


def _remove(store: Store) -> None:
    key, _, value = str(st.session_state[_REMOVE] or "=").partition("=")
    if key == TEXT_KEY:
        state.change_filter(store, lambda asked: replace(asked, text=""))
    elif key in BY_KEY:
        facet = BY_KEY[key]
        state.change_filter(store, lambda asked: asked.having(facet, (kept for kept in asked.chosen(facet) if kept != value)))
