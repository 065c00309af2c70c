"""What each column of a list was taken for, to be corrected by a person."""

from __future__ import annotations

import streamlit as st

from popmap.importing.model import Column, Reading, Table
from popmap.importing.words import terms
from popmap.ui import import_session
from popmap.ui.text import counted, markdown

_LEFT_OUT = "left out"
_HOW = {
    "heading": "by its heading",
    "likeness": "by a heading that is only like a known one: a guess",
    "content": "by what it holds",
    "person": "by you",
    "": _LEFT_OUT,
}
_MOST_COLUMNS = 40


def mapping_panel(reading: Reading) -> None:
    """Show what the tables' columns were taken for, folded away; a choice is read with at once."""
    tables = [(number, table) for number, table in enumerate(reading.tables) if table.columns]
    if not tables:
        return
    columns = sum(len(table.columns) for _, table in tables)
    panel = st.expander(
        f"Columns: {counted(columns, 'column')} in {counted(len(tables), 'table')}", key="import_columns", on_change="rerun"
    )
    if panel.open:
        with panel:
            for number, table in tables:
                _table(number, table)


def _table(number: int, table: Table) -> None:
    title = " › ".join(cell.text for cell in table.trail) or table.name or f"Table {number + 1}"
    about = f"{counted(table.rows, table.kind.value if table.kind else 'row')}" if table.kind else "left out"
    st.markdown(f"**{markdown(title[:120])}** · {markdown(table.locator)} · {about}")
    with st.container(horizontal=True):
        for column in table.columns[:_MOST_COLUMNS]:
            _column(number, column)


def _column(number: int, column: Column) -> None:
    key = f"role_{number}_{column.place}"
    st.session_state[key] = column.role
    offered = list(dict.fromkeys(["", *terms("columns"), column.role]))
    st.selectbox(
        markdown(column.heading[:60] or f"Column {column.place + 1}"),
        offered,
        format_func=lambda role: role.replace("_", " ") or _LEFT_OUT,
        key=key,
        help=f"Recognised {_HOW.get(column.how, column.how)}.",
        on_change=lambda: import_session.map_column(number, column.place, st.session_state[key]),
        width=200,
    )
