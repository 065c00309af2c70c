"""The review of a questionnaire's answers: how far it is, the list of questions, and accepting all that rows answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa
import streamlit as st

from popmap.answering.approved import Offer, offer
from popmap.answering.decided import accept, outdated, proposed
from popmap.answering.model import Answer, Outcome, Question
from popmap.answering.review import Review, Verdict
from popmap.store import Store
from popmap.ui import notices
from popmap.ui.questionnaire_card import MARKS
from popmap.ui.questionnaire_session import Sent, answers, decide, show, shown, today
from popmap.ui.text import counted
from popmap.ui.view import View
from popmap.ui.who import name

OUTCOME_KEY, OPEN_KEY = "review_outcome", "review_open"
_TABLE = "review_table"
_STANDS, AGAIN, _OPEN = "in the file", "look again", ""
_HEIGHT, _ROW = 466, 35
_COLUMNS: Any = {
    "number": {"label": "No.", "width": 75, "help": "The file’s own number, or the question’s place in it."},
    "outcome": {"label": "Outcome", "width": 105, "help": "✓ from rows, ✎ for a person, ∅ not stated, – not a register question"},
    "question": {"label": "Question", "width": 215},
    "decision": {"label": "Decision", "width": 95},
}
_SHORT = {Outcome.ANSWERED: "answered", Outcome.PERSON: "person", Outcome.NOT_STATED: "not stated", Outcome.NOT_REGISTER: "not register"}
_FILTERS = {
    Outcome.ANSWERED: "Answered",
    Outcome.PERSON: "For a person",
    Outcome.NOT_STATED: "Not stated",
    Outcome.NOT_REGISTER: "Not a register question",
}
_VERDICTS = {Verdict.ACCEPTED: "✓ accepted", Verdict.REJECTED: "✕ rejected"}


@dataclass(frozen=True, slots=True)
class Item:
    """A question in the review.

    Attributes:
        number: Its place in the file, from 0.
        question: What is asked.
        answer: What the register proposes.
        offered: The approved answer to it, None when there is none.
        stands: What was decided, in a word; "" while it is open.
    """

    number: int
    question: Question
    answer: Answer
    offered: Offer | None
    stands: str

    @property
    def decided(self) -> bool:
        """Return whether nothing is left to do about it."""
        return self.stands not in (_OPEN, AGAIN)


def items_of(store: Store, file: Sent, review: Review) -> list[Item]:
    """Return the questions of a file with what was proposed and decided."""
    found = answers(store, file)
    return [
        Item(
            number,
            question,
            found[question.key],
            offer(store, question, found[question.key]),
            _stands(store, question, found[question.key], review),
        )
        for number, question in enumerate(file.questions)
    ]


def _stands(store: Store, question: Question, answer: Answer, review: Review) -> str:
    if question.answered:
        return _STANDS
    decision = review.of(question)
    if decision is None:
        return _OPEN
    return AGAIN if outdated(store, answer, decision) else _VERDICTS[decision.verdict]


def progress(items: Sequence[Item]) -> None:
    """Show how much is decided."""
    ours = [item for item in items if item.stands != _STANDS]
    done = sum(item.decided for item in ours)
    counts = Counter(item.stands for item in ours)
    parts = [f"**{done} of {len(ours)} decided**"]
    parts += [f"{counts[word]} {word.split()[-1]}" for word in _VERDICTS.values() if counts[word]]
    if counts[AGAIN]:
        parts.append(f"{counts[AGAIN]} to look at again: their rows have changed")
    if len(ours) < len(items):
        parts.append(f"{len(items) - len(ours)} answered in the file already")
    st.progress(done / len(ours) if ours else 1.0, text=" · ".join(parts))


def filters(items: Sequence[Item]) -> list[Item]:
    """Show the filters by outcome and by what is left to do, and return the questions that pass."""
    counts = Counter(item.answer.outcome for item in items)
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.segmented_control(
            "Outcome",
            [outcome.value for outcome in Outcome if counts[outcome]],
            selection_mode="multi",
            key=OUTCOME_KEY,
            format_func=lambda value: f"{MARKS[Outcome(value)]} {_FILTERS[Outcome(value)]} · {counts[Outcome(value)]}",
            label_visibility="collapsed",
            wrap=True,
            persist_state="session",
        )
        only_open = st.toggle("Undecided only", key=OPEN_KEY, persist_state="session")
    return [item for item in items if (not chosen or item.answer.outcome in chosen) and not (only_open and item.decided)]


def accept_all(view: View, file: Sent, items: Sequence[Item]) -> None:
    """Show the way to accept all that rows answer, asking once more before."""
    ready = [item for item in items if item.answer.outcome is Outcome.ANSWERED and item.stands == _OPEN and item.answer.text]
    waiting = [item for item in ready if item.question.vocabulary and not item.answer.choice]
    panel = st.popover("Accept all from rows", icon=":material/done_all:", key="accept_all", on_change="rerun", disabled=not ready)
    if not panel.open or not ready:
        return
    with panel:
        st.markdown(
            f"This accepts the proposed wording of **{counted(len(ready), 'question')}** that the register’s rows answer. "
            "Nothing that a person has to confirm, and nothing that is not stated, is among them."
        )
        if waiting:
            st.caption(
                f"{len(waiting)} of them ask for one of the file’s own answers too; that stays open, and the wording goes beside it."
            )
        st.button(
            f"Accept {counted(len(ready), 'answer')}",
            type="primary",
            key="accept_all_now",
            on_click=partial(_accept, view.store, file, ready),
        )


def _accept(store: Store, file: Sent, ready: Sequence[Item]) -> None:
    decided = [
        (item.question, accept(store, item.answer, proposed(item.question, item.answer, item.offered), item.answer.choice, name(), today()))
        for item in ready
    ]
    if decide(file, decided):
        notices.leave(notices.DONE, f"{counted(len(ready), 'answer')} accepted")


def question_list(file: Sent, items: Sequence[Item]) -> int:
    """Show the list of questions and return the number of the one that is shown beside it."""
    at = shown(file)
    numbers = [item.number for item in items]
    if at not in numbers:
        # What was shown is filtered out: the next one that is not takes its place.
        at = next((number for number in numbers if number > at), numbers[-1])
        show(at)
    st.session_state[_TABLE] = {"selection": {"rows": [numbers.index(at)], "columns": [], "cells": []}}
    st.dataframe(
        _table(items),
        key=_TABLE,
        hide_index=True,
        width="stretch",
        height=min(_HEIGHT, _ROW * (len(items) + 1) + 3),
        on_select=partial(_select, numbers),
        selection_mode="single-row",
        column_config=_COLUMNS,
        alt="Questions",
    )
    return at


def _select(numbers: Sequence[int]) -> None:
    state: Mapping[str, Any] = st.session_state[_TABLE]
    rows = state["selection"]["rows"]
    if rows and rows[0] < len(numbers):
        show(numbers[rows[0]])


def _table(items: Sequence[Item]) -> pa.Table:
    shown = {
        "number": [item.question.reference or str(item.number + 1) for item in items],
        "outcome": [f"{MARKS[item.answer.outcome]} {_SHORT[item.answer.outcome]}" for item in items],
        "question": [" ".join(item.question.text.split()) for item in items],
        "decision": [item.stands for item in items],
    }
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in shown.items()})
