"""The chosen question: its proposed answer, to be edited, accepted, approved for the next time, or rejected."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import streamlit as st

from popmap.answering.approved import approve
from popmap.answering.approving import save
from popmap.answering.decided import accept, needs_name, objection, proposed, reject
from popmap.answering.review import Decision, Review, Verdict
from popmap.errors import PopmapError
from popmap.opened import REGISTER_VARIABLE, opened
from popmap.ui import notices
from popmap.ui.questionnaire_card import ground, links, outcome_line
from popmap.ui.questionnaire_review import AGAIN, Item
from popmap.ui.questionnaire_session import BY_KEY, Sent, decide, show, today
from popmap.ui.text import markdown, markup
from popmap.ui.view import View
from popmap.ui.who import name_box

_OPEN_CHOICE = "Leave to a person"
_READ_ONLY = (
    f"The bundled sample is read-only, so nothing can be approved into it. Copy it and open the copy with {REGISTER_VARIABLE}, "
    "or open a register of your own."
)
_APPROVING = "Keeps the wording in the register’s table of answers: proposed first next time, and flagged when its rows change."
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
    _head(items, item, len(file.questions))
    st.html(outcome_line(item.answer, item.offered, public=view.public))
    if item.question.answered:
        st.info(f"The file has an answer here already, which is never overwritten: {markdown(item.question.answered[:500])}")
    else:
        _decision(view, file, review, items, item)
    # What is decided on comes before what it rests on: the buttons are in sight without scrolling.
    st.html(ground(view.store, item.question, item.answer))
    links(item.answer, "question_links")


def _head(items: Sequence[Item], item: Item, total: int) -> None:
    """Show which question it is, and the way to the ones beside it."""
    question, numbers = item.question, [one.number for one in items]
    at = numbers.index(item.number)
    place = " · ".join(filter(None, (f"{item.number + 1} of {total}", question.reference, question.section)))
    with st.container(horizontal=True, vertical_alignment="center", key="panel_head"):
        st.html(f'<div class="popmap-place"><p>{markup(place)}</p></div>')
        for label, icon, shortcut, to in (
            ("Previous", ":material/arrow_upward:", "Alt+Up", at - 1),
            ("Next", ":material/arrow_downward:", "Alt+Down", at + 1),
        ):
            there = 0 <= to < len(numbers)
            st.button(
                label,
                type="tertiary",
                icon=icon,
                key=label.lower(),
                shortcut=shortcut,
                disabled=not there,
                on_click=partial(show, numbers[to] if there else item.number),
            )
    st.html(f'<div class="popmap-question"><h3 lang="{question.language}" tabindex="0">{markup(question.text)}</h3></div>')


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where a decision is entered: its widgets' keys, and what was proposed in them."""

    text_key: str
    choice_key: str
    choice: str
    after: int

    def now(self) -> tuple[str, str, str]:
        """Return wording, choice and name as they stand in the boxes, which may be later than when the page was made."""
        found = st.session_state.get(self.choice_key, self.choice)
        chosen = found if isinstance(found, str) else "\n".join(found or ())
        return st.session_state.get(self.text_key) or "", chosen, st.session_state.get(BY_KEY) or ""


def _decision(view: View, file: Sent, review: Review, items: Sequence[Item], item: Item) -> None:
    decision = review.of(item.question)
    kept = decision if decision and decision.verdict is Verdict.ACCEPTED else None
    wording = kept.text if kept else proposed(item.question, item.answer, item.offered)
    # Another proposal is another box: one that was made from other rows must not stay in it.
    tag = f"{file.tag}_{item.number}_{hashlib.sha256(wording.encode('utf-8', 'replace')).hexdigest()[:8]}"
    entry = _Entry(f"text_{tag}", f"choice_{tag}", kept.choice if kept else item.answer.choice, _after(items, item.number))
    if decision:
        _said(decision, file, item, view.public)
    text = st.text_area(
        "Answer", wording, key=entry.text_key, height=110, persist_state="session", placeholder="Write the answer, or leave it."
    )
    own = view.editable
    with st.container(horizontal=True, key="review_who"):
        choice = _choice(item, entry)
        by = name_box(BY_KEY)
        ends = st.date_input("Approved until", _in_a_year(view.store.as_of), key="approve_until", format="YYYY-MM-DD") if own else None
    with st.container(horizontal=True, key="decide"):
        st.button(
            "Accept",
            type="primary",
            icon=":material/check:",
            key="accept",
            shortcut="Mod+Enter",
            on_click=partial(_accept, view, file, item, entry),
        )
        st.button(
            "Reject", icon=":material/close:", key="reject", shortcut="Alt+Backspace", on_click=partial(_reject, view, file, item, entry)
        )
    if needs_name(item.question, item.answer, item.offered, text, choice) and not by.strip() and (text.strip() or choice):
        st.caption(objection(item.question, item.answer, item.offered, text, choice, by))
    with st.container(horizontal=True):
        st.button(
            "Accept and approve for next time",
            icon=":material/bookmark_added:",
            key="approve",
            disabled=not own,
            on_click=partial(_approve, view, file, item, entry, ends if isinstance(ends, date) else None),
            help=_READ_ONLY if not own else _APPROVING,
        )
        if item.offered and not item.offered.holds:
            st.button("Use the approved wording", key="use_approved", on_click=partial(_use, entry.text_key, item.offered.approved.answer))


def _said(decision: Decision, file: Sent, item: Item, public: bool) -> None:
    by = f" by {decision.by}" if decision.by and not public else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{decision.verdict.value.capitalize()}**{markdown(by)} on {markdown(decision.on)}.", width="content")
        st.button("Undo", icon=":material/undo:", key="undo", type="tertiary", on_click=partial(_undo, file, item))
    if item.stands == AGAIN:
        st.warning("The rows behind this answer have changed since: it stays out of the file until it is accepted again.")


def _choice(item: Item, entry: _Entry) -> str:
    """Show what the file lets one choose from, and return the choice, "" for none; several, one a line."""
    words = item.question.vocabulary
    if not words:
        return ""
    if item.question.several:
        chosen = [word for word in entry.choice.splitlines() if word in words]
        return "\n".join(st.multiselect("Choice", words, chosen, key=entry.choice_key, placeholder=_OPEN_CHOICE))
    options = ("", *words)
    return st.selectbox(
        "Choice",
        options,
        options.index(entry.choice) if entry.choice in options else 0,
        format_func=lambda word: word or _OPEN_CHOICE,
        key=entry.choice_key,
        persist_state="session",
    )


def _after(items: Sequence[Item], number: int) -> int:
    """Return the next question that is open, or the next at all."""
    later = [item for item in items if item.number > number]
    return next((item.number for item in later if not item.decided), later[0].number if later else number)


def _accept(view: View, file: Sent, item: Item, entry: _Entry) -> None:
    text, choice, by = entry.now()
    against = objection(item.question, item.answer, item.offered, text, choice, by)
    if against:
        notices.leave(notices.ERROR, against)
    elif decide(file, [(item.question, accept(view.store, item.answer, text, choice, by, today()))]):
        show(entry.after)


def _approve(view: View, file: Sent, item: Item, entry: _Entry, ends: date | None) -> None:
    text, choice, by = entry.now()
    against = objection(item.question, item.answer, item.offered, text, choice, by)
    if against or not view.editable:
        notices.leave(notices.ERROR, against or _READ_ONLY)
        return
    try:
        with _saving:
            # What others approved since this page was made is kept.
            now = opened(view.store.folder)
            save(now, approve(now, item.question, item.answer, text, by, today(), ends))
    except PopmapError as error:
        notices.leave(notices.ERROR, str(error))
        return
    notices.leave(notices.DONE, "Approved for the next time")
    _accept(view, file, item, entry)


def _reject(view: View, file: Sent, item: Item, entry: _Entry) -> None:
    if decide(file, [(item.question, reject(view.store, item.answer, st.session_state.get(BY_KEY) or "", today()))]):
        show(entry.after)


def _undo(file: Sent, item: Item) -> None:
    decide(file, [(item.question, None)])


def _use(key: str, wording: str) -> None:
    st.session_state[key] = wording


def _in_a_year(day: date) -> date:
    return date(day.year + 1, day.month, min(day.day, 28))
