"""Vendors: who receives personal data, in which role, from where, and what is known about each."""

import streamlit as st

from popmap.cards import card
from popmap.tables import Ask
from popmap.ui.card import show_card
from popmap.ui.edit_panel import edit_link
from popmap.ui.page import begin, end, hint
from popmap.ui.table import register_table

view = begin("vendors", "Vendors", "Who receives personal data, and what is known about each of them")
chosen = register_table(
    view,
    "vendors",
    Ask(view.asked),
    noun=("vendor", "vendors"),
    show_key="show",
    in_bar=True,
    empty="No vendor matches. Remove a filter above, or add vendors to vendors.csv.",
)
known = card(view.store, "vendors", chosen, internal=not view.public) if chosen else None
if known:
    show_card(known)
    edit_link(view, "vendors", "Edit this vendor", vendor=chosen)
elif chosen:
    st.warning("The vendor this link shows is not in the register.")
choose = "Choose a row to see everything known about a vendor: its flows, its findings and the words each cell rests on."
end(view, "" if chosen else hint(choose))
