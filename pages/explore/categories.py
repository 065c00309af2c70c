"""Categories: which personal data there is, where it goes, and what is known about each category."""

import streamlit as st

from popmap.cards import card
from popmap.tables import Ask
from popmap.ui.card import show_card
from popmap.ui.edit_panel import edit_link
from popmap.ui.page import begin, end, hint
from popmap.ui.table import register_table

view = begin("categories", "Categories", "Which personal data there is, and where it goes")
chosen = register_table(
    view,
    "categories",
    Ask(view.asked),
    noun=("category", "categories"),
    show_key="show",
    in_bar=True,
    empty="No category matches. Remove a filter above, or add categories to categories.csv.",
)
known = card(view.store, "categories", chosen, internal=not view.public) if chosen else None
if known:
    show_card(known)
    edit_link(view, "categories", "Edit this category", category=chosen)
elif chosen:
    st.warning("The category this link shows is not in the register.")
choose = "Choose a row to see everything known about a category: its flows, its findings and the words each cell rests on."
end(view, "" if chosen else hint(choose))
