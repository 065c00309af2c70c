"""A table of the register: the chosen columns, sorted and paged in the store, a row to choose, and files to take away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any

import pyarrow as pa
import streamlit as st

from popmap import tables, views
from popmap.exports.asking import DESCENDING_KEY, SORT_KEY
from popmap.tables import Ask
from popmap.ui.arrangement import COLUMNS_KEY, Arrangement, arranged, rearrange, sortable
from popmap.ui.downloads import table_downloads
from popmap.ui.shown_rows import as_read, own_columns
from popmap.ui.state import PAGE_KEY, value_in, write_key
from popmap.ui.text import counted
from popmap.ui.view import View

PAGE_ROWS = 50
_OWN_ORDER = "Register order"
_NARROW = ("flows", "findings", "categories", "vendors", "severity", "country", "evidence_status")
# A short table is shown whole; a longer one scrolls in its own frame, so that what follows it stays in reach.
_WHOLE, _ROW_HEIGHT = 24, 35
# A table of at most this many rows is put into words once for each order; of a longer one only what is shown is.
_PUT_INTO_WORDS = 2_000


def register_table(
    view: View,
    name: str,
    ask: Ask,
    *,
    noun: tuple[str, str] | None = None,
    show_key: str = "",
    empty: str = "",
    default: Sequence[str] = (),
    in_bar: bool = False,
) -> str:
    """Show a view of the register.

    Args:
        view: The page's view.
        name: A key of views.VIEWS.
        ask: Which rows; sorting and paging are added here.
        noun: What a row is called, singular and plural; none where the page says how many there are.
        show_key: The URL key that holds the chosen row's key; "" when rows cannot be chosen.
        empty: What to say when there are no rows.
        default: The columns to show until the reader chooses; the view's own when empty.
        in_bar: Whether the table comes first on its page, so that its tools stand in the page's bar, not in a row of their own.

    Returns:
        The chosen row's key, or "".
    """
    shown = views.seen(name, internal=not view.public)
    total = view.store.remember(("count", name, ask), lambda: tables.count(view.store, name, ask))
    if not total:
        st.info(empty or "There are no rows to show.", icon=":material/inbox:")
        return ""
    row = view.bar if in_bar else st.container(horizontal=True, vertical_alignment="center")
    with row:
        columns, ask = _toolbar(view, shown, ask, total, noun, tuple(default) or own_columns(name))
    display, keys = view.store.remember(("shown rows", name, ask, columns, view.public), lambda: _rows(view, shown, ask, columns))
    grid: dict[str, Any] = {
        "key": f"table_{name}",
        "hide_index": True,
        "column_config": {column: _config(name, column) for column in columns},
        "width": "stretch",
        "height": _ROW_HEIGHT * (min(len(keys), _WHOLE) + 1) + 3,
        "alt": shown.title,
    }
    if not show_key:
        st.dataframe(display, **grid)
        return ""
    st.dataframe(display, **grid, on_select=partial(_select, name, show_key, keys), selection_mode="single-row")
    return value_in(view.query, show_key)


class Shown(dict[str, str]):
    """How Streamlit shows a column: label, help, width.

    It copies every one deeply on every run; of words alone a shallow copy is as deep.
    """

    def __deepcopy__(self, memo: object) -> dict[str, str]:
        """Return a copy."""
        return dict(self)


@cache
def _config(table: str, name: str) -> Any:
    column = views.view(table).column(name)
    help_, width = {"help": column.help} if column.help else {}, {"width": "small"} if name in _NARROW else {}
    return Shown(label=column.label, **help_, **width)


def _toolbar(
    view: View, shown: views.View, ask: Ask, total: int, noun: tuple[str, str] | None, default: tuple[str, ...]
) -> tuple[tuple[str, ...], Ask]:
    """Show how many rows there are, their pages, columns and files; return the columns and rows to show."""
    pages = -(-total // PAGE_ROWS)
    found = arranged(shown, default, pages, view.query, view.turned)
    ask = replace(ask, sort=found.sort, descending=found.descending)
    if noun:
        st.markdown(f"**{counted(total, *noun)}**")
    if pages > 1:
        _pages(shown.name, pages, found, default)
    _columns_and_order(shown, found, default)
    table_downloads(view, shown.name, ask, found.columns)
    return found.columns, replace(ask, limit=PAGE_ROWS, offset=(found.page - 1) * PAGE_ROWS)


def _pages(name: str, pages: int, found: Arrangement, default: tuple[str, ...]) -> None:
    key = f"page_{name}"
    st.session_state[key] = found.page

    def turn() -> None:
        rearrange(replace(found, page=int(st.session_state[key])), default, PAGE_KEY)

    st.pagination(pages, key=key, max_visible_pages=5, on_change=turn)


def _columns_and_order(shown: views.View, found: Arrangement, default: tuple[str, ...]) -> None:
    """Show the panel of columns and order; its widgets exist only while it is open."""
    panel = st.popover("Columns and order", icon=":material/view_column:", key=f"columns_{shown.name}", on_change="rerun")
    if not panel.open:
        return
    labels = {column.name: column.label for column in shown.columns}
    pick, sort, descending = (f"{part}_{shown.name}" for part in ("pick", "sort", "descending"))
    st.session_state.update({pick: list(found.columns), sort: found.sort, descending: found.descending})

    def choose() -> None:
        rearrange(replace(found, columns=tuple(st.session_state[pick]) or default), default, COLUMNS_KEY)

    def order() -> None:
        # In another order the rows of this page are others.
        changed = replace(found, sort=st.session_state[sort], descending=st.session_state[descending], page=1)
        rearrange(changed, default, SORT_KEY, DESCENDING_KEY, PAGE_KEY)

    with panel:
        st.multiselect("Columns", list(labels), format_func=lambda name: labels.get(name, name), key=pick, on_change=choose)
        st.selectbox(
            "Sort by",
            ["", *sortable(shown)],
            format_func=lambda name: labels.get(name, _OWN_ORDER),
            key=sort,
            on_change=order,
            help="The whole table is sorted, not only the page shown.",
        )
        st.toggle("From high to low", key=descending, on_change=order)


def _rows(view: View, shown: views.View, ask: Ask, columns: tuple[str, ...]) -> tuple[pa.Table, tuple[str, ...]]:
    """Return the rows as they are read, and their keys."""
    store, internal = view.store, not view.public
    places = tables.places(store, shown.name, ask)
    if places is None or store.counts[shown.name] > _PUT_INTO_WORDS:
        rows = store.remember(("rows", shown.name, ask, view.public), lambda: tables.fetch(store, shown.name, ask, internal=internal))
        return as_read(rows, columns), _keys(shown, rows)

    def read() -> tuple[pa.Table, tuple[str, ...]]:
        whole = tables.fetch(store, shown.name, Ask(sort=ask.sort, descending=ask.descending), internal=internal)
        return as_read(whole, columns), _keys(shown, whole)

    whole, keys = store.remember(("as read", shown.name, ask.sort, ask.descending, columns, view.public), read)
    return whole.take(pa.array(places)), tuple([keys[place] for place in places.tolist()])


def _keys(shown: views.View, rows: pa.Table) -> tuple[str, ...]:
    return tuple(map(str, rows.column(shown.key).to_pylist()))


def _select(name: str, show_key: str, keys: Sequence[str]) -> None:
    """Write the chosen row's key to the URL."""
    chosen: Sequence[int] = st.session_state[f"table_{name}"]["selection"]["rows"]
    write_key(show_key, keys[chosen[0]] if chosen and chosen[0] < len(keys) else "")
