"""Overview: what the register covers, what it lacks, what it rests on, and where to begin."""

import streamlit as st

from popmap.ui.overview_panel import headline, sources, statements, top_findings, ways_in
from popmap.ui.page import begin, end

view = begin("overview", "Overview", "What this register covers, what it lacks and what it rests on")
headline(view)
ways_in(view)
st.subheader("Top findings", anchor=False)
top_findings(view)
st.subheader("What is stated", anchor=False)
statements(view)
st.subheader("Sources", anchor=False)
sources(view.store)
end(view)
