"""A questionnaire's file: sending it in, its detected layout, and taking it away filled in."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any, Literal

import streamlit as st

from popmap.answering.correcting import to_blocks, to_rows
from popmap.answering.decided import to_write
from popmap.answering.review import Review
from popmap.answering.writing import Files, write
from popmap.errors import PopmapError
from popmap.ui.questionnaire_review import Item, accept_all
from popmap.ui.questionnaire_session import Sent, answers, lay_out, put_away, take
from popmap.ui.text import counted, markdown, markup
from popmap.ui.view import View

_TYPES = ("xlsx", "csv", "tsv", "md", "markdown", "json", "txt")
_FORMS = {"xlsx": "workbook", "csv": "CSV", "markdown": "Markdown", "json": "JSON", "vsaq": "VSAQ"}
_MOST_MEGABYTES = 10
# The grid sends what was typed 0.15 s later, the button at once: an edit just made is on its way when the button is pressed.
_ON_ITS_WAY = 0.4
_PRESSED = "popmap_read_again"
_COLUMNS: Any = {
    "sheet": {"label": "Sheet", "help": "The sheet or table; empty for CSV.", "width": 150},
    **{
        name: {"label": label, "help": said, "width": 70, "type_config": {"type": "number", "min_value": least, "step": 1}}
        for name, label, said, least in (
            ("header", "Header", "The header’s row, 0 when there is none.", 0),
            ("first", "First", "The first row of questions.", 1),
            ("last", "Last", "The last row of questions.", 1),
        )
    },
    **{
        name: {"label": label, "help": said, "width": 85}
        for name, label, said in (
            ("question", "Question", "The column’s letter."),
            ("reference", "Ref.", "The column of published ids."),
            ("section", "Section", "The column of headings."),
            ("answer", "Answer", "A column, or D:F for answers side by side."),
            ("comment", "Comment", "Where longer notes go."),
        )
    },
}


def upload() -> None:
    """Show where to send a file in; a file that came is read."""
    st.html('<div class="popmap"><h2>A whole questionnaire</h2></div>')
    came = st.file_uploader(
        "The customer’s file: XLSX, CSV, Markdown or JSON, up to 10 MB",
        type=list(_TYPES),
        key=f"upload_{st.session_state.get('popmap_uploads', 0)}",
        max_upload_size=_MOST_MEGABYTES,
    )
    if came is None:
        st.html(
            '<div class="popmap"><p class="soft">popmap finds the questions, fills in what the register’s rows say and leaves the rest to '
            "you: nothing goes into the file that you have not accepted. The file stays on this machine.</p></div>"
        )
        return
    with st.status(f"Reading {markdown(came.name)}", expanded=False):
        take(came.name, came.getvalue())
    st.session_state["popmap_uploads"] = st.session_state.get("popmap_uploads", 0) + 1
    st.rerun()


def head(view: View, file: Sent, review: Review, items: Sequence[Item]) -> None:
    """Show which file is open, with its layout, its download, the way to accept what rows answer and the way to another file."""
    with st.container(horizontal=True, vertical_alignment="center", key="file_head"):
        st.html(f'<div class="popmap"><h2>{markup(file.name)}</h2><p class="soft">{markup(_said(file))}</p></div>')
        if file.read:
            accept_all(view, file, items)
            _layout(file)
            _download(view, file, review)
        st.button("Other file", icon=":material/folder_open:", key="other_file", on_click=put_away, help="Decisions are kept.")
    for note in file.read.notes if file.read else ():
        st.caption(markdown(note))


def fault(file: Sent) -> None:
    """Show why a file could not be read; where only its questions were not found, with the layout to enter."""
    st.error(markdown(file.fault), icon=":material/error:")
    if file.fault.startswith("No question was found"):
        _editor(file, "app")


def _said(file: Sent) -> str:
    if not file.read:
        return "could not be read"
    parts = [counted(len(file.questions), "question"), _FORMS.get(file.read.form, file.read.form)]
    sheets = len({block.sheet for block in file.read.blocks})
    if file.read.form == "xlsx":
        parts.append(counted(sheets, "sheet"))
    if file.read.protected:
        parts.append("protected: sources come as a file beside it")
    return " · ".join(parts)


def _layout(file: Sent) -> None:
    """Show the way to the detected layout."""
    if st.button("Layout", icon=":material/table_rows:", key="layout"):
        st.session_state.pop(_PRESSED, None)
        _show_layout(file)


@st.dialog("Detected layout", width="large")
def _show_layout(file: Sent) -> None:
    if file.read and file.read.form in ("json", "vsaq"):
        st.markdown("Questions of a JSON file are found by its fields; there is no layout to correct.")
        return
    st.markdown("Where questions and answers were found. Correct it and have the file read again; decisions are kept.")
    _editor(file, "fragment")


def _editor(file: Sent, scope: Literal["app", "fragment"]) -> None:
    blocks = file.read.blocks if file.read else ()
    start = {"sheet": "", "header": 1, "first": 2, "last": max(2, len(file.data.splitlines())), "question": "A"}
    rows = to_rows(blocks) or [dict.fromkeys(_COLUMNS, None) | start]
    edited = st.data_editor(
        rows,
        num_rows="dynamic",
        hide_index=True,
        column_config=_COLUMNS,
        key=f"blocks_{file.tag}",
        alt="The detected layout",
    )
    if st.button("Read again", icon=":material/refresh:", key="read_again", type="primary"):
        st.session_state[_PRESSED] = file.tag
        time.sleep(_ON_ITS_WAY)
        st.rerun(scope=scope)
    if st.session_state.pop(_PRESSED, None) == file.tag:
        try:
            lay_out(file, to_blocks(edited, blocks))
        except PopmapError as error:
            st.error(markdown(str(error)))
        else:
            st.rerun()


def _download(view: View, file: Sent, review: Review) -> None:
    panel = st.popover("Download", icon=":material/download:", key="download_filled", on_change="rerun")
    if not panel.open or not file.read:
        return
    with panel:
        try:
            accepted = to_write(view.store, file.questions, answers(view.store, file), review)
            made = write(file.data, file.read, accepted)
        except PopmapError as error:
            st.error(markdown(str(error)))
            return
        if accepted:
            st.markdown(f"**{counted(len(made.written), 'answer')}** in the file; every other cell is as it came.")
        else:
            st.caption("Nothing is accepted yet: this is the file as it came.")
        _left(file, made)
        several = bool(made.companions)
        st.download_button(
            "Download the filled file" if not several else "Download the file and its companions",
            data=lambda: _bytes(made),
            file_name=f"{PurePath(made.name).stem}.zip" if several else made.name,
            mime="application/zip" if several else "application/octet-stream",
            key="download_file",
            on_click="ignore",
            type="primary",
            icon=":material/download:",
            width="stretch",
        )
        if several:
            st.caption(f"In one ZIP: {markdown(', '.join([made.name, *made.companions]))}")


def _left(file: Sent, made: Files) -> None:
    if not made.left:
        return
    references = {one.key: one.reference or one.key for one in file.questions}
    st.caption(f"{counted(len(made.left), 'accepted answer')} not in the answer’s place:")
    lines = [f"- {markdown(references[key])}: {markdown(why)}" for key, why in list(made.left.items())[:8]]
    more = len(made.left) - len(lines)
    st.markdown("\n".join([*lines, *([f"- and {more} more"] if more > 0 else [])]))


def _bytes(made: Files) -> bytes:
    if not made.companions:
        return made.content
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {made.name: made.content, **made.companions}.items():
            # A name is the customer's: no folders come of it.
            archive.writestr(zipfile.ZipInfo(PurePath(name.replace("\\", "/")).name or "file"), content)
    return out.getvalue()
