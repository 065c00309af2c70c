"""The documents to hand over, on a page: what each is for, and its files, made when somebody asks for them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from popmap.exports.files import file_name
from popmap.renderings.files import RENDERINGS, Rendering, rendering_file
from popmap.ui.text import markdown
from popmap.ui.view import View


def renderings_panel(view: View) -> None:
    """Show the documents, one to a line, each with a button for each of its formats."""
    st.subheader("Documents to hand over", anchor=False)
    of = f"of {markdown(view.scope)}; each says that it is an extract" if view.asked else "of the whole register"
    st.caption(f"Made {of}. Blanks read “not stated”, and columns kept from outsiders are in none of them.")
    for entry in RENDERINGS.values():
        words, files = st.columns([5, 2], vertical_alignment="center")
        # The words are popmap's own.
        words.markdown(f"**{entry.title}** · {entry.article}  \n{entry.use}")
        with files:
            _downloads(view, entry)


def _downloads(view: View, entry: Rendering) -> None:
    """Show a popover with a button for each of a document's formats, named by them."""
    label = " · ".join(form.label for form in entry.forms.values())
    panel = st.popover(label, icon=":material/download:", key=f"download_{entry.name}", on_change="rerun", width="stretch")
    if not panel.open:
        return
    with panel:
        st.caption(entry.title)
        for form in entry.forms.values():
            st.download_button(
                form.label,
                data=partial(rendering_file, view.store, entry.name, form.name, datetime.now(UTC), asked=view.asked),
                file_name=file_name(entry.name, form.extension, view.store.fingerprint),
                mime=form.media_type,
                key=f"download_{entry.name}_{form.name}",
                on_click="ignore",
                width="stretch",
            )
