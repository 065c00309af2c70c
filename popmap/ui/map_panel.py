"""The data map's parts: the picture, what it shows in words, and what is selected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from popmap.filters import BY_KEY
from popmap.flow.describe import describe
from popmap.flow.figure import CONFIG, figure
from popmap.flow.graph import OTHER
from popmap.flow.impact import explain
from popmap.flow.layout import height_for, layout
from popmap.flow.matrix import matrix_figure
from popmap.flow.network import network_figure
from popmap.flow.paths import COMPANY_PREFIX, FACET_OF_LAYER, FlowMap, flow_map
from popmap.flow.reach import reach, vendors_of_company
from popmap.ui import state
from popmap.ui.map_options import BAND, DEPTH_KEY, DEPTHS, SELECTED_KEY, Options
from popmap.ui.text import Html, counted, markdown, markup
from popmap.ui.view import View

_CHART = "map_chart"
# What the layout fits its labels to: about the width of the page's body on a laptop.
_WIDTH = 1060


def _step() -> None:
    steps = st.session_state[DEPTH_KEY] or DEPTHS[0]
    state.write_key(DEPTH_KEY, str(steps) if steps != DEPTHS[0] else "")


def draw(view: View, drawn: Options) -> None:
    """Show the picture, the sentence that says what it shows, and the heading of the table below."""
    store = view.store
    shown = flow_map(store, view.asked, drawn.layers, drawn.top, drawn.by_company, drawn.overlay or "note")
    words = store.remember(("words", view.asked, drawn.layers, drawn.top, drawn.by_company), lambda: describe(shown.graph))
    if not shown.graph.number_of_nodes():
        return
    chart = store.remember(("chart", view.asked, drawn, view.theme), lambda: _PICTURES[drawn.picture](shown, view, drawn))
    st.plotly_chart(chart, key=_CHART, theme=None, width="stretch", config=CONFIG, on_select=_select, selection_mode="points", alt=words)
    if drawn.target is None:
        what = '<p class="soft">Click a node or a band to highlight what it is connected to. The table below has the same rows.</p>'
    else:
        what = ""
        _selection(view, drawn, shown, drawn.target)
    twin = f"<h2>The same {counted(view.flows, 'flow')} as a table</h2>"
    st.html(Html(f'<div class="popmap">{what}<p>{markup(words)}</p>{twin}</div>'))


def _selection(view: View, drawn: Options, shown: FlowMap, target: str | tuple[str, str]) -> None:
    """Show what is selected, what it reaches, and what to do with it."""
    names = [target] if isinstance(target, str) else list(target)
    if not all(name in shown.graph for name in names):
        st.caption("What this link selects is not in the picture under the current filter.")
        st.button("Clear selection", key="clear_missing", on_click=_clear)
        return
    nodes = [shown.graph.nodes[name] for name in names]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown("**" + " → ".join(markdown(node["label"]) for node in nodes) + "**")
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="right", width="content"):
                st.session_state[DEPTH_KEY] = drawn.depth
                st.segmented_control(
                    "Neighbourhood",
                    DEPTHS,
                    key=DEPTH_KEY,
                    on_change=_step,
                    help="1: what it is directly connected to. Each step adds what shares a category or a vendor with that.",
                )
                if any(_facet_values(view, node) for node in nodes):
                    st.button("Filter to this", key="filter_to", icon=":material/filter_alt:", on_click=_filter_to, args=(view, nodes))
                st.button("Clear selection", key="clear_selection", icon=":material/close:", on_click=_clear)
        for node in nodes:
            vendors = _vendors(view, node)
            if vendors:
                labels = {key: value.label for key, value in view.store.known["category"].items()}
                st.markdown(markdown(explain(reach(view.store, vendors), node["label"], labels)))


def _flow(shown: FlowMap, view: View, drawn: Options) -> Any:
    graph = shown.graph
    placed = view.store.remember(
        ("layout", view.asked, drawn.layers, drawn.top, drawn.by_company), lambda: layout(graph, _WIDTH, height_for(graph))
    )
    return figure(
        graph, placed, view.theme, _order(view), selected=_targets(drawn), depth=drawn.depth, gaps=bool(drawn.overlay), hover=shown.hover
    )


def _network(shown: FlowMap, view: View, drawn: Options) -> Any:
    return network_figure(
        shown.graph,
        None,
        view.theme,
        _order(view),
        selected=_targets(drawn),
        depth=drawn.depth,
        gaps=bool(drawn.overlay),
        hover=shown.hover,
    )


def _matrix(shown: FlowMap, view: View, drawn: Options) -> Any:
    return matrix_figure(shown.graph, view.theme, selected=_targets(drawn), hover=shown.hover)


_PICTURES: dict[str, Callable[[FlowMap, View, Options], Any]] = {"Flow": _flow, "Network": _network, "Matrix": _matrix}


def _order(view: View) -> tuple[str, ...]:
    return tuple(view.store.known["category"])


def _targets(drawn: Options) -> tuple[str | tuple[str, str], ...]:
    return () if drawn.target is None else (drawn.target,)


def _select() -> None:
    """Write what was clicked to the URL; a click beside everything clears it."""
    points = st.session_state[_CHART]["selection"]["points"]
    name = points[0].get("customdata", "") if points else ""
    if isinstance(name, (list, tuple)):
        name = BAND.join(str(part) for part in name) if len(name) > 1 else str(name[0]) if name else ""
    state.write_key(SELECTED_KEY, str(name or ""))


def _facet_values(view: View, node: dict[str, Any]) -> list[str]:
    """Return the facet's value keys that a node stands for, none for "Other"."""
    known = view.store.known[FACET_OF_LAYER[node["layer"]]]
    key = node["key"]
    if key == OTHER:
        return []
    if not node["stated"]:
        return [value.key for value in known.values() if value.cell is None]
    if node["layer"] == "country":
        return [code for code in key.split(";") if code in known]
    if key.startswith(COMPANY_PREFIX):
        return sorted(vendors_of_company(view.store, key.removeprefix(COMPANY_PREFIX)))
    return [key] if key in known else []


def _filter_to(view: View, nodes: list[dict[str, Any]]) -> None:
    asked = view.asked
    for node in nodes:
        values = _facet_values(view, node)
        if values:
            asked = asked.having(BY_KEY[FACET_OF_LAYER[node["layer"]]], values)
    state.write_filter(asked)
    _clear()


def _clear() -> None:
    state.write_keys({SELECTED_KEY: (), DEPTH_KEY: ()})


def _vendors(view: View, node: dict[str, Any]) -> frozenset[str]:
    """Return the vendors a node stands for: a vendor, or those of a company."""
    key = node["key"]
    if not node["stated"] or key == OTHER or node["layer"] not in ("vendor", "company"):
        return frozenset()
    if key.startswith(COMPANY_PREFIX):
        return vendors_of_company(view.store, key.removeprefix(COMPANY_PREFIX))
    if node["layer"] == "company":
        return vendors_of_company(view.store, str(view.store.known["company"][key].cell))
    return frozenset({key})
