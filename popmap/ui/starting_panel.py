"""Starting a register of one's own from the bundled sample, which nobody can change."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from popmap.errors import PopmapError
from popmap.opened import REGISTER_VARIABLE
from popmap.register.starting import start_copy, start_empty
from popmap.ui import notices
from popmap.ui.serve import LOOPBACK
from popmap.ui.who import author, name_box

_BY = "start_by"
_COPY, _EMPTY = "A copy of the sample", "Empty"
_FOLDER, _KIND, _TITLE, _ORGANISATION = "start_folder", "start_kind", "start_title", "start_organisation"


def starting_panel(sample: Path) -> None:
    """Say that the sample is read-only, and offer to start a register elsewhere on this machine.

    Args:
        sample: The bundled register.
    """
    st.info(
        "**This is popmap’s sample register, which stays as it is.** Start your own: it is a folder of CSV files on this machine, "
        "with a history that plain git reads.",
        icon=":material/lock:",
    )
    if not _here():
        st.markdown(f"On the machine popmap runs on: `popmap init FOLDER`, then `{REGISTER_VARIABLE}=FOLDER`, and restart it.")
        return
    with st.container(border=True, key="start_own"):
        st.subheader("Start my own register", anchor=False)
        st.radio("Begin with", [_COPY, _EMPTY], key=_KIND, horizontal=True)
        st.text_input("Folder", value=str(Path.home() / "popmap-register"), key=_FOLDER, help="A new or empty folder on this machine.")
        if st.session_state[_KIND] == _EMPTY:
            with st.container(horizontal=True):
                st.text_input("Title", key=_TITLE, max_chars=200, placeholder="Our record of recipients")
                st.text_input("Organisation", key=_ORGANISATION, max_chars=200)
        name_box(_BY, "Who starts it")
        st.button("Start my own register", type="primary", icon=":material/add:", on_click=_start, args=(sample,))


def _start(sample: Path) -> None:
    target = Path(st.session_state[_FOLDER].strip() or ".").expanduser().absolute()
    try:
        if st.session_state[_KIND] == _COPY:
            start_copy(sample, target, author(_BY), datetime.now(UTC))
        else:
            title, organisation = st.session_state.get(_TITLE) or "", st.session_state.get(_ORGANISATION) or ""
            start_empty(target, title, organisation, author(_BY), datetime.now(UTC))
    except PopmapError as error:
        notices.leave(notices.ERROR, str(error))
        return
    os.environ[REGISTER_VARIABLE] = str(target)
    notices.leave(notices.DONE, f"popmap now shows {target}")


def _here() -> bool:
    """Return whether the server listens to this machine alone: nobody else may write to its folders or change what it shows."""
    return st.get_option("server.address") in LOOPBACK
