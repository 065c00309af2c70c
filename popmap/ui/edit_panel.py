"""The page Edit rows: a table's rows in a grid, what the edits change, and saving them with who vouches for them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import streamlit as st

from popmap.editing.planning import Plan, plan
from popmap.editing.rows import EDITABLE, asked_for, behind, inferred
from popmap.editing.saving import carry_out
from popmap.errors import PopmapError
from popmap.register.schema import ACTIVITIES, Table
from popmap.ui import edit_session, notices
from popmap.ui.edit_grid import show_grid
from popmap.ui.navigation import page
from popmap.ui.state import choice_in, write_key
from popmap.ui.style import HISTORY
from popmap.ui.text import counted, markdown, markup
from popmap.ui.view import View
from popmap.ui.who import author, name_box

# Which table is edited; in the URL, so that a finding can lead to its rows.
TABLE_KEY = "edit"
_MOST_ROWS, _LISTED = 200, 100
_BY, _WHY, _WORDS = "edit_by", "edit_why", "edit_words"
_TITLES = {table.name: table.name.capitalize() for table in EDITABLE} | {ACTIVITIES.name: "Processing activities"}
_HOW = (
    "Click a cell and type, or paste whole columns from a spreadsheet. New rows go at the foot; tick a row and press Delete to take it "
    "away. An empty cell means not stated. What is only inferred is confirmed by choosing or typing it without that word. Nothing is "
    "written before you save."
)


def no_editing(view: View) -> None:
    """Say why nothing can be edited here, and where it can."""
    if view.version:
        st.info("This is the register as it was. Leave that version, above, to edit it as it is.", icon=":material/lock:")
        return
    st.info("**This is popmap’s sample register, which stays as it is.** Start your own, as a copy of it or empty.", icon=":material/lock:")
    st.page_link(page("history"), label="Start my own register", icon=":material/add:")


def edit_link(view: View, table: str, label: str, **keys: str) -> None:
    """Show the way to edit rows of a table, where the register may be edited.

    Args:
        view: The page's view.
        table: The table's name.
        label: What the link says.
        **keys: URL keys that pick the rows.
    """
    if view.editable and table in _TITLES:
        st.page_link(page("edit_rows"), label=label, icon=":material/edit_note:", query_params={TABLE_KEY: table, **keys})


def edit_panel(view: View, folder: Path) -> None:
    """Show the grid of a table's rows behind the filter, and below it what the edits come to.

    Args:
        view: The page's view.
        folder: The register folder.
    """
    table = _chosen_table(view)
    rows, total = behind(view.store, table, view.asked, _MOST_ROWS)
    key, grid = edit_session.filled(table, (view.store.fingerprint, view.asked, view.public), rows, inferred(view.store, table, rows))
    wanted = asked_for(view.store, table, view.asked)
    show_grid(view.store, key, grid, edit_session.edits(), wanted=wanted, internal=not view.public)
    more = f"The first {_MOST_ROWS} of {total:,} rows: filter to come to the others. " if total > len(rows) else ""
    st.caption(more + _HOW)
    if edit_session.unsaved():
        _outcome(view, folder)


def _chosen_table(view: View) -> Table:
    """Show the tables to choose from, and return the one the URL names."""
    named = choice_in(view.query, TABLE_KEY, _TITLES)
    table = next((one for one in EDITABLE if one.name == named), edit_session.first_edited())
    st.session_state["edit_table"] = table.name
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            "Table",
            list(_TITLES),
            format_func=lambda name: f"{_TITLES[name]} •" if edit_session.edits().get(name) else _TITLES[name],
            key="edit_table",
            required=True,
            on_change=_choose,
            label_visibility="collapsed",
        )
        if number := edit_session.unsaved():
            st.markdown(f"**{counted(number, 'row')} edited, not saved**")
            st.button("Discard all", icon=":material/undo:", type="tertiary", key="edit_discard", on_click=edit_session.discard)
    return table


def _choose() -> None:
    write_key(TABLE_KEY, st.session_state["edit_table"])


def _outcome(view: View, folder: Path) -> None:
    """Show what the edits change, what has to be mended first, and how to save them."""
    planned = plan(view.store, edit_session.edits())
    for one in planned.obstacles[:_LISTED]:
        st.error(markdown(one), icon=":material/error:")
    if not planned.changes:
        return
    st.subheader("What would change", anchor=False)
    items = "".join(f"<li>{markup(line)}</li>" for line in planned.changes[:_LISTED])
    more = f"<li>and {len(planned.changes) - _LISTED:,} more</li>" if len(planned.changes) > _LISTED else ""
    st.html(f'{HISTORY}<div class="popmap"><ul class="popmap-changes">{items}{more}</ul></div>')
    with st.container(border=True, key="edit_save"):
        st.text_input(
            "What the new cells rest on",
            key=_WORDS,
            max_chars=2_000,
            placeholder="Agreement signed on 2026-03-01, clause 4",
            help="Becomes the quote behind each new cell. Left empty, the cell rests on your word alone, and says so.",
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name_box(_BY, "Who confirms it")
            st.text_input("Why", key=_WHY, max_chars=500, placeholder="Yearly review")
            st.button(
                "Save as a version",
                type="primary",
                icon=":material/save:",
                disabled=bool(planned.obstacles),
                on_click=partial(_save, folder, planned),
            )


def _save(folder: Path, planned: Plan) -> None:
    why = (st.session_state.get(_WHY) or "").strip()
    words = st.session_state.get(_WORDS) or ""
    try:
        version = carry_out(folder, planned, author(_BY), words, why, datetime.now(UTC))
    except PopmapError as error:
        notices.leave(notices.ERROR, str(error))
        return
    edit_session.discard()
    st.session_state.update({_WHY: "", _WORDS: ""})
    notices.leave(notices.DONE, f"Saved as version {version.short}")
