"""History: the register's versions, what changed between any two, and the register as it was."""

import streamlit as st

from popmap.opened import BUNDLED, register_folder
from popmap.register.history import outside, versions
from popmap.ui import notices
from popmap.ui.history_panel import comparison, outside_panel, version_table
from popmap.ui.page import begin, end
from popmap.ui.starting_panel import starting_panel

view = begin("history", "History", "Who changed what in the register, when and why", filtered=False)
folder = register_folder()
notices.show()
if folder == BUNDLED:
    starting_panel(folder)
else:
    known, edits = versions(folder), outside(folder)
    if view.version is None and (edits or not known):
        outside_panel(folder, known[0] if known else None)
    if known:
        comparison(view, folder, known, editable=view.editable)
        st.subheader(f"All versions ({len(known):,})", anchor=False)
        version_table(known)
end(view)
