"""popmap: page set-up and navigation. Every entry, deep links included, runs through this file."""

from pathlib import Path

import streamlit as st

PAGES = Path(__file__).resolve().parent / "pages"
PICTURES = PAGES.parent / "popmap" / "ui"

# The icon is a file: the browser would fetch a material icon for its tab from another host.
st.set_page_config(page_icon=str(PICTURES / "icon.svg"), layout="wide", initial_sidebar_state=220)
st.logo(str(PICTURES / "logo.svg"), size="large")
# Pages stand in sub-folders: a file directly in pages/ would run without this file on a first deep link.
st.navigation(
    {
        "Explore": [
            st.Page(PAGES / "explore" / "overview.py", title="Overview", icon=":material/home:", url_path="overview", default=True),
            st.Page(PAGES / "explore" / "data_map.py", title="Data map", icon=":material/account_tree:", url_path="data_map"),
            st.Page(PAGES / "explore" / "vendors.py", title="Vendors", icon=":material/apartment:", url_path="vendors"),
            st.Page(PAGES / "explore" / "categories.py", title="Categories", icon=":material/category:", url_path="categories"),
            st.Page(PAGES / "explore" / "gaps.py", title="Gaps", icon=":material/rule:", url_path="gaps"),
        ]
    }
).run()
