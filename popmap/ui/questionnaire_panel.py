"""The chosen question: its proposed answer, to be edited, accepted, approved for the next time, or rejected."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from popmap.answering.approved import approve, save
from popmap.answering.decided import accept, needs_name, objection, proposed, reject
from popmap.answering.review import Review, Verdict
from popmap.errors import PopmapError
from popmap.opened import BUNDLED, REGISTER_VARIABLE, opened
from popmap.ui.page import View
from popmap.ui.questionnaire_card import answer_card, links
from popmap.ui.questionnaire_review import Item
from popmap.ui.questionnaire_session import BY_KEY, Sent, decide, name_box, notice, show, today
from popmap.ui.text import markdown, markup

_OPEN_CHOICE = "Leave to a person"
_READ_ONLY = (
    f"The bundled sample is read-only, so nothing can be approved into it. Copy it and open the copy with {REGISTER_VARIABLE}, "
    "or open your own register."
)
_saving = threading.Lock()


def question_panel(view: View, file: Sent, review: Review, items: Sequence[Item], number: int) -> None:
    """Show a question with its answer and what can be decided about it.

    Args:
        view: The page's view.
        file: The questionnaire.
        review: What was decided so far.
        items: The questions of the list, for the way to the next.
        number: The question's place in the file, from 0.
    """
    item = next(item for item in items if item.number == number)
    st.html(_question(item, len(file.questions)))
    st.html(answer_card(view.store, item.question, item.answer, item.offered, with_text=False))
    links(item.answer, "question_links")
    if item.question.answered:
        st.info(f"The file has an answer here already, which is never overwritten: {markdown(item.question.answered[:500])}")
        _walk(items, number)
        return
    _decision(view, file, review, items, item)


def _question(item: Item, total: int) -> str:
    question = item.question
    place = " · ".join(filter(None, (f"Question {item.number + 1} of {total}", question.reference, question.section)))
    offered = f'<p class="soft">The file’s own answers: {markup(", ".join(question.vocabulary))}</p>' if question.vocabulary else ""
    return (
        f'<div class="popmap-question"><p class="soft">{markup(place)}</p>'
        f'<h3 lang="{question.language}" tabindex="0">{markup(question.text)}</h3>{offered}</div>'
    )


def _decision(view: View, file: Sent, review: Review, items: Sequence[Item], item: Item) -> None:
    decision = review.of(item.question)
    kept = decision if decision and decision.verdict is Verdict.ACCEPTED else None
    wording = kept.text if kept else proposed(item.answer, item.offered)
    # Another proposal is another box: one that was made from other rows must not stay in it.
    tag = f"{file.tag}_{item.number}_{hashlib.sha256(wording.encode('utf-8', 'replace')).hexdigest()[:8]}"
    if decision:
        by = f" by {decision.by}" if decision.by else ""
        again = " Its rows have changed since: it stays out of the file until it is accepted again." if item.stands == "look again" else ""
        st.markdown(f"**{decision.verdict.value.capitalize()}**{markdown(by)} on {markdown(decision.on)}.{again}")
    text = st.text_area(
        "Answer", wording, key=f"text_{tag}", height=150, persist_state="session", placeholder="Write the answer, or leave it."
    )
    choice = _choice(item, kept.choice if kept else item.answer.choice, tag)
    left, right = st.columns(2)
    with left:
        by = name_box()
    with right:
        ends = st.date_input("Approved wording holds until", _in_a_year(view.store.as_of), key="approve_until", format="YYYY-MM-DD")
    against = objection(item.answer, item.offered, text, choice, by)
    if needs_name(item.answer, item.offered, text, choice) and not by.strip() and (text.strip() or choice):
        st.caption(against)
    after = _after(items, item.number)
    with st.container(horizontal=True):
        st.button(
            "Accept",
            type="primary",
            icon=":material/check:",
            key="accept",
            shortcut="Mod+Enter",
            on_click=partial(_accept, view, file, item, tag, choice, after),
        )
        st.button(
            "Reject", icon=":material/close:", key="reject", shortcut="Alt+Backspace", on_click=partial(_reject, view, file, item, after)
        )
        if decision:
            st.button("Undo", icon=":material/undo:", key="undo", on_click=partial(_undo, file, item))
        own = view.store.folder != BUNDLED
        st.button(
            "Accept and approve for next time",
            icon=":material/bookmark_added:",
            key="approve",
            disabled=not own,
            on_click=partial(_approve, view, file, item, tag, choice, after, ends if isinstance(ends, date) else None),
            help="Keeps the wording in the register’s table of answers; it is proposed first next time, and flagged when its rows change.",
        )
        if item.offered and not item.offered.holds:
            st.button("Use the approved wording", key="use_approved", on_click=partial(_use, f"text_{tag}", item.offered.approved.answer))
    if not own:
        st.caption(_READ_ONLY)
    _walk(items, item.number)


def _choice(item: Item, chosen: str, tag: str) -> str:
    """Show what the file lets one choose from, and return the choice, "" for none; several, one a line."""
    words = item.question.vocabulary
    if not words:
        return ""
    if item.question.several:
        found = st.multiselect(
            "Choice", words, [word for word in chosen.splitlines() if word in words], key=f"choice_{tag}", placeholder=_OPEN_CHOICE
        )
        return "\n".join(found)
    options = ("", *words)
    return st.selectbox(
        "Choice",
        options,
        options.index(chosen) if chosen in options else 0,
        format_func=lambda word: markdown(word) if word else _OPEN_CHOICE,
        key=f"choice_{tag}",
        persist_state="session",
    )


def _walk(items: Sequence[Item], number: int) -> None:
    numbers = [item.number for item in items]
    at = numbers.index(number)
    with st.container(horizontal=True):
        st.button(
            "Previous",
            icon=":material/arrow_upward:",
            key="previous",
            shortcut="Alt+Up",
            disabled=at == 0,
            on_click=partial(show, numbers[max(0, at - 1)]),
        )
        st.button(
            "Next",
            icon=":material/arrow_downward:",
            key="next",
            shortcut="Alt+Down",
            disabled=at == len(numbers) - 1,
            on_click=partial(show, numbers[min(len(numbers) - 1, at + 1)]),
        )


def _after(items: Sequence[Item], number: int) -> int:
    """Return the next question that is open, or the next at all."""
    later = [item for item in items if item.number > number]
    return next((item.number for item in later if not item.decided), later[0].number if later else number)


def _accept(view: View, file: Sent, item: Item, tag: str, choice: str, after: int) -> None:
    text, chosen, by = _entered(tag, choice)
    against = objection(item.answer, item.offered, text, chosen, by)
    if against:
        notice("error", against)
    elif decide(file, [(item.question, accept(view.store, item.answer, text, chosen, by, today()))]):
        show(after)


def _approve(view: View, file: Sent, item: Item, tag: str, choice: str, after: int, ends: date | None) -> None:
    text, chosen, by = _entered(tag, choice)
    against = objection(item.answer, item.offered, text, chosen, by)
    if against or view.store.folder == BUNDLED:
        notice("error", against or _READ_ONLY)
        return
    try:
        with _saving:
            # What others approved since this page was made is kept.
            now = opened(view.store.folder)
            save(now, approve(now, item.question, item.answer, text, by, today(), ends))
    except PopmapError as error:
        notice("error", str(error))
        return
    notice("done", "Approved for the next time")
    _accept(view, file, item, tag, choice, after)


def _reject(view: View, file: Sent, item: Item, after: int) -> None:
    if decide(file, [(item.question, reject(view.store, item.answer, st.session_state.get(BY_KEY) or "", today()))]):
        show(after)


def _undo(file: Sent, item: Item) -> None:
    decide(file, [(item.question, None)])


def _use(key: str, wording: str) -> None:
    st.session_state[key] = wording


def _entered(tag: str, choice: str) -> tuple[str, str, str]:
    """Return wording, choice and name as they stand in the boxes now, which may be later than when the page was made."""
    found = st.session_state.get(f"choice_{tag}", choice)
    chosen = found if isinstance(found, str) else "\n".join(found or ())
    return st.session_state.get(f"text_{tag}") or "", chosen, st.session_state.get(BY_KEY) or ""


def _in_a_year(day: date) -> date:
    return date(day.year + 1, day.month, min(day.day, 28))
