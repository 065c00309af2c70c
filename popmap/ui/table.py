"""A table of the register: the chosen columns, sorted and paged in the store, a row to choose, and files to take away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import streamlit as st

from popmap import tables, views
from popmap.facets import LABELS
from popmap.tables import Ask
from popmap.ui.downloads import table_downloads
from popmap.ui.page import View
from popmap.ui.state import read_key, write_key
from popmap.ui.text import NOT_STATED, counted

PAGE_ROWS = 50
_OWN_ORDER = "Register order"
_CODED = {"legal_basis": "basis", "role": "role", "transfer_state": "transfer", "evidence_status": "evidence"}
_NARROW = ("flows", "findings", "categories", "vendors", "severity", "country", "evidence_status")
# A short table is shown whole; a longer one scrolls in its own frame, so that what follows it stays in reach.
_WHOLE, _ROW_HEIGHT = 24, 35


def register_table(
    view: View, name: str, ask: Ask, *, noun: tuple[str, str], show_key: str = "", empty: str = "", default: Sequence[str] = ()
) -> str:
    """Show a view of the register.

    Args:
        view: The page's view.
        name: A key of views.VIEWS.
        ask: Which rows; sorting and paging are added here.
        noun: What a row is called, singular and plural.
        show_key: The URL key that holds the chosen row's key; "" when rows cannot be chosen.
        empty: What to say when there are no rows.
        default: The columns to show until the reader chooses; the view's own when empty.

    Returns:
        The chosen row's key, or "".
    """
    shown = views.view(name)
    total = view.store.remember(("count", name, ask), lambda: tables.count(view.store, name, ask))
    if not total:
        st.info(empty or f"There are no {noun[1]} to show.", icon=":material/inbox:")
        return ""
    ask = replace(ask, limit=PAGE_ROWS)
    columns, ask = _toolbar(view, shown, ask, total, noun, default)
    rows = view.store.remember(("rows", name, ask), lambda: tables.fetch(view.store, name, ask))
    display = view.store.remember(("display", name, ask, columns), lambda: _display(rows, columns))
    height = _ROW_HEIGHT * (min(display.num_rows, _WHOLE) + 1) + 3
    keys = rows.column(shown.key).to_pylist()
    config = {
        column.name: st.column_config.Column(column.label, help=column.help or None, width="small" if column.name in _NARROW else None)
        for column in map(shown.column, columns)
    }
    if not show_key:
        st.dataframe(display, key=f"table_{name}", hide_index=True, column_config=config, width="stretch", height=height)
        return ""
    st.dataframe(
        display,
        key=f"table_{name}",
        hide_index=True,
        column_config=config,
        width="stretch",
        height=height,
        on_select=_select,
        selection_mode="single-row",
    )
    st.session_state[f"keys_{name}"] = keys
    st.session_state[f"show_key_{name}"] = show_key
    return read_key(show_key)


def _toolbar(
    view: View, shown: views.View, ask: Ask, total: int, noun: tuple[str, str], default: Sequence[str]
) -> tuple[tuple[str, ...], Ask]:
    name = shown.name
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{counted(total, *noun)}**")
        if total > PAGE_ROWS:
            page = st.pagination(-(-total // PAGE_ROWS), key=f"page_{name}", max_visible_pages=5)
            ask = replace(ask, offset=(page - 1) * PAGE_ROWS)
        columns, sort, descending = _chosen_columns(shown, default)
        ask = replace(ask, sort=sort, descending=descending)
        table_downloads(view, name, replace(ask, limit=tables.UNLIMITED, offset=0), columns)
    return columns, ask


def _chosen_columns(shown: views.View, default: Sequence[str]) -> tuple[tuple[str, ...], str, bool]:
    """Return the columns to show, the column to sort by and whether downwards; the widgets exist only while their panel is open."""
    panel = st.popover("Columns and order", icon=":material/view_column:", key=f"columns_{shown.name}", on_change="rerun")
    kept = f"choice_{shown.name}"
    default = list(default) or [column.name for column in shown.columns if column.default]
    choice = st.session_state.get(kept, (default, "", False))
    if panel.open:
        labels = {column.name: column.label for column in shown.columns}
        sortable = ["", *(column.name for column in shown.columns if column.sort != "-")]
        with panel:
            picked = st.multiselect(
                "Columns", list(labels), default=choice[0], format_func=lambda name: labels[name], key=f"pick_{shown.name}"
            )
            sort = st.selectbox(
                "Sort by",
                sortable,
                index=sortable.index(choice[1]),
                format_func=lambda name: labels.get(name, _OWN_ORDER),
                key=f"sort_{shown.name}",
                help="The whole table is sorted, not only the page shown.",
            )
            descending = st.toggle("From high to low", value=choice[2], key=f"descending_{shown.name}")
        choice = (picked or default, sort, descending)
        st.session_state[kept] = choice
    return tuple(choice[0]), choice[1], choice[2]


def _display(rows: pa.Table, columns: Sequence[str]) -> pa.Table:
    """Return rows as they are read: words for codes, "not stated" where the register says nothing, and a mark on what was inferred."""
    inferred = [set((cell or "").split("; ")) for cell in rows["inferred"].to_pylist()] if "inferred" in rows.column_names else []
    shown = []
    for name in columns:
        column = rows[name]
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            words = LABELS.get(_CODED.get(name, ""), {})
            cells = [NOT_STATED if cell is None else words.get(cell, cell) for cell in column.to_pylist()]
            cells = [f"{cell} (inferred)" if inferred and name in inferred[at] else cell for at, cell in enumerate(cells)]
            shown.append(pa.array(cells, pa.string()))
        else:
            shown.append(column)
    return pa.table(shown, names=list(columns))


def _select() -> None:
    """Write the chosen row's key to the URL."""
    for key, show_key in [(key, value) for key, value in st.session_state.items() if str(key).startswith("show_key_")]:
        name = str(key).removeprefix("show_key_")
        state = st.session_state.get(f"table_{name}")
        if state is None:
            continue
        chosen: Sequence[int] = state["selection"]["rows"]
        keys = st.session_state[f"keys_{name}"]
        write_key(show_key, str(keys[chosen[0]]) if chosen and chosen[0] < len(keys) else "")
