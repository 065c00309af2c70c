"""Questionnaire: a customer's questions answered from the register's rows, decided by a person, written into their own file."""

import streamlit as st

from popmap.ui import notices
from popmap.ui.page import begin, end
from popmap.ui.questionnaire_ask import ask_box
from popmap.ui.questionnaire_card import STYLE
from popmap.ui.questionnaire_file import fault, head, upload
from popmap.ui.questionnaire_panel import question_panel
from popmap.ui.questionnaire_review import filters, items_of, progress, question_list
from popmap.ui.questionnaire_session import kept_review, sent

view = begin("questionnaire", "Questionnaire", "Answer a customer’s questions from the register’s rows; you decide on each", filtered=False)
st.html(STYLE)
ask_box(view)
file = sent()
if not file:
    upload()
else:
    review = kept_review(file)
    items = items_of(view.store, file, review)
    head(view, file, review, items)
    notices.show()
    if file.fault:
        fault(file)
    else:
        progress(items)
        found = filters(items)
        if found:
            with st.container(horizontal=True, key="review_body"):
                with st.container(key="review_list"):
                    number = question_list(file, found)
                with st.container(key="review_panel", border=True, gap="xsmall"):
                    question_panel(view, file, review, found, number)
        else:
            st.info("No question is behind these filters. Take one away to see the others.", icon=":material/filter_alt_off:")
end(view)
