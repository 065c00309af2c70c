"""How the data map is drawn: its options, which stand in the URL."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from popmap.flow.graph import LAYERS
from popmap.flow.paths import DEFAULT_LAYERS
from popmap.ui import state
from popmap.ui.downloads import graph_downloads
from popmap.ui.state import Query
from popmap.ui.view import View

PICTURES = ("Flow", "Network", "Matrix")
DEPTHS = (1, 2, 3)
SELECTED_KEY, DEPTH_KEY = "sel", "depth"
BAND = ">"
# What the overlay marks -> the mildest severity it takes for a finding.
_OVERLAYS = {"Gaps: off": "", "Gaps: errors": "error", "Gaps: + warnings": "warning", "Gaps: + notes": "note"}
_PICTURE, _OVERLAY = "map", "overlay"
_LAYERS, _GROUPED, _TOP = "layers", "grouped", "top"
_KEYS = frozenset({_PICTURE, _OVERLAY, _LAYERS, _GROUPED, _TOP, SELECTED_KEY, DEPTH_KEY})
_NO_OVERLAY = next(iter(_OVERLAYS))
# A layer's name in the URL and on the screen -> its key.
_LAYER_KEYS = {single: layer for layer, (single, _) in LAYERS.items()}
_DEFAULT_LAYERS = tuple(LAYERS[layer][0] for layer in DEFAULT_LAYERS)
_MOST_LAYERS = 5
_YES = "true"
_ALL = "As many as can be read"
_TOPS = {_ALL: 0, "10": 10, "20": 20, "40": 40, "60": 60}


@dataclass(frozen=True, slots=True)
class Options:
    """How the map is drawn: its kind, layers, grouping, overlay (a severity or ""), most nodes of a layer, and what is selected how far."""

    picture: str
    layers: tuple[str, ...]
    by_company: bool
    overlay: str
    top: int
    selected: str
    depth: int

    @property
    def target(self) -> str | tuple[str, str] | None:
        """Return the selected node's id, a band's two ids, or None."""
        if not self.selected:
            return None
        source, _, other = self.selected.partition(BAND)
        return (source, other) if other else source


def asked_options(query: Query) -> Options:
    """Return the options a URL asks for; what there is none of is taken out of it.

    Args:
        query: What the URL holds.
    """
    return _DRAWN if _KEYS.isdisjoint(query) else _asked_options(query)


def _asked_options(query: Query) -> Options:
    chosen = state.choices_in(query, _LAYERS, _LAYER_KEYS)[:_MOST_LAYERS]
    return Options(
        state.choice_in(query, _PICTURE, PICTURES) or PICTURES[0],
        tuple(_LAYER_KEYS[name] for name in (chosen if len(chosen) >= 2 else _DEFAULT_LAYERS)),
        state.choice_in(query, _GROUPED, (_YES,)) == _YES,
        _OVERLAYS[state.choice_in(query, _OVERLAY, _OVERLAYS) or _NO_OVERLAY],
        _TOPS[state.choice_in(query, _TOP, _TOPS) or _ALL],
        state.value_in(query, SELECTED_KEY),
        int(state.choice_in(query, DEPTH_KEY, [str(depth) for depth in DEPTHS[1:]]) or DEPTHS[0]),
    )


# How the map is drawn until somebody asks for something else.
_DRAWN = _asked_options({})


def options(view: View) -> Options:
    """Show the map's options and return what is chosen."""
    found = asked_options(view.query)
    st.session_state[_PICTURE] = found.picture
    st.session_state[_OVERLAY] = next(name for name, severity in _OVERLAYS.items() if severity == found.overlay)
    with view.bar:
        st.segmented_control("Picture", PICTURES, key=_PICTURE, required=True, label_visibility="collapsed", on_change=_draw)
        st.selectbox("Gap overlay", list(_OVERLAYS), key=_OVERLAY, width=165, label_visibility="collapsed", on_change=_overlay)
        _more_options(view, found)
        graph_downloads(view, found.layers, found.top, found.by_company)
    return found


def _more_options(view: View, found: Options) -> None:
    """Show the panel of layers and seldom used options, whose widgets exist only while it is open."""
    panel = st.popover("Layers", icon=":material/tune:", key="map_options", on_change="rerun")
    if panel.open:
        chosen = state.choices_in(view.query, _LAYERS, _LAYER_KEYS)[:_MOST_LAYERS]
        most = next(name for name, top in _TOPS.items() if top == found.top)
        st.session_state.update({_GROUPED: found.by_company, _TOP: most})
        # Whoever has emptied the box is about to fill it.
        if chosen or st.session_state.get(_LAYERS) != []:
            st.session_state[_LAYERS] = list(chosen or _DEFAULT_LAYERS)
        with panel:
            st.multiselect(
                "Layers, from left to right",
                list(_LAYER_KEYS),
                key=_LAYERS,
                on_change=_arrange,
                max_selections=_MOST_LAYERS,
                placeholder="Category and Vendor",
            )
            st.toggle("Group vendors by company", key=_GROUPED, on_change=_group, help="Vendors of one stated company become one node.")
            st.selectbox(
                "Nodes in a layer",
                list(_TOPS),
                key=_TOP,
                on_change=_limit,
                help="The smaller ones are drawn together as Other; the table keeps them apart.",
            )


def _draw() -> None:
    chosen = st.session_state[_PICTURE]
    state.write_key(_PICTURE, "" if chosen == PICTURES[0] else chosen)


def _overlay() -> None:
    chosen = st.session_state[_OVERLAY]
    state.write_key(_OVERLAY, "" if chosen == _NO_OVERLAY else chosen)


def _arrange() -> None:
    chosen = tuple(st.session_state[_LAYERS])
    state.write_keys({_LAYERS: () if chosen == _DEFAULT_LAYERS else chosen})


def _group() -> None:
    state.write_key(_GROUPED, _YES if st.session_state[_GROUPED] else "")


def _limit() -> None:
    chosen = st.session_state[_TOP]
    state.write_key(_TOP, "" if chosen == _ALL else chosen)
