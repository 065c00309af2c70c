"""Taking away what is on the screen; a file is made when someone asks for it, not before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from popmap import views
from popmap.exports.files import FORMATS, GRAPH_FORMATS, file_name, graph_file, table_file
from popmap.tables import Ask
from popmap.ui.view import View

_LEFT_OUT = "; internal columns are left out"


def table_downloads(view: View, name: str, ask: Ask, columns: Sequence[str], key: str = "") -> None:
    """Show a popover with a button for each file format of a table: exactly the rows and columns shown, all pages."""
    key = key or f"download_{name}"
    panel = st.popover("Download", icon=":material/download:", key=key, on_change="rerun")
    if not panel.open:
        return
    # A file that leaves popmap says which cells were inferred, as the screen does.
    columns = (*columns, "inferred") if columns and "inferred" not in columns and _has_inferred(name) else tuple(columns)
    with panel:
        st.caption(f"All rows behind the filter, with the columns shown{_LEFT_OUT if view.public else ''}.")
        for form in FORMATS.values():
            st.download_button(
                form.label,
                data=partial(table_file, view.store, name, ask, form.name, datetime.now(UTC), internal=not view.public, columns=columns),
                file_name=file_name(name, form.extension, view.store.fingerprint),
                mime=form.media_type,
                key=f"{key}_{form.name}",
                on_click="ignore",
                width="stretch",
            )


def _has_inferred(name: str) -> bool:
    return any(column.name == "inferred" for column in views.view(name).columns)


def graph_downloads(view: View, layers: Sequence[str], top: int, group_by_company: bool) -> None:
    """Show a popover with a button for each file format of the flow graph."""
    panel = st.popover("Download map", icon=":material/download:", key="download_graph", on_change="rerun")
    if not panel.open:
        return
    with panel:
        st.caption("The graph behind the filter, with the layers shown.")
        for form in GRAPH_FORMATS.values():
            st.download_button(
                form.label,
                data=partial(
                    graph_file,
                    view.store,
                    view.asked,
                    form.name,
                    layers=tuple(layers),
                    top=top,
                    group_by_company=group_by_company,
                    theme=view.theme,
                ),
                file_name=file_name("map", form.extension, view.store.fingerprint),
                mime=form.media_type,
                key=f"download_graph_{form.name}",
                on_click="ignore",
                width="stretch",
            )
