"""The yardstick: a bare Streamlit page with a fixed table of 20 rows and a fixed Plotly figure, and nothing of popmap."""

import streamlit as st
from fixed import FIGURE, TABLE

if st.get_option("runner.postScriptGC") or not st.get_option("client.disableDataExport"):
    st.exception(RuntimeError("The yardstick runs without popmap's .streamlit/config.toml: start it in the repository's folder."))
st.title("Yardstick")
st.dataframe(TABLE)
st.plotly_chart(FIGURE)
