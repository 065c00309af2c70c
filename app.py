"""popmap: page set-up and navigation. Every entry, deep links included, runs through this file."""

import streamlit as st

from popmap.ui.navigation import menu, picture

st.set_page_config(page_icon=picture("icon"), layout="wide", initial_sidebar_state=220)
st.logo(picture("logo"), size="large")
st.navigation(menu()).run()
