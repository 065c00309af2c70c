"""One free question, answered as it is typed."""

from __future__ import annotations

import streamlit as st

from popmap.answering.answers import answer_one
from popmap.answering.approved import offer
from popmap.answering.language import language_of
from popmap.answering.model import Question
from popmap.ui.questionnaire_card import answer_card, links
from popmap.ui.view import View

ASK_KEY = "ask"
_LONGEST = 1_500


@st.fragment
def ask_box(view: View) -> None:
    """Show the box for one question and the answer to what stands in it."""
    asked = st.text_input(
        "Ask one question",
        key=ASK_KEY,
        live=True,
        placeholder="Ask one question, in English, French, German or Spanish: Who are your sub-processors?",
        icon=":material/search:",
        autocomplete="off",
        label_visibility="collapsed",
    )
    text = " ".join((asked or "").split())[:_LONGEST]
    if len(text) < 3:
        return
    question = Question("", text, language_of(text))
    answer = answer_one(view.store, question)
    st.html(answer_card(view.store, question, answer, offer(view.store, question, answer), public=view.public))
    links(answer, "ask_links")
