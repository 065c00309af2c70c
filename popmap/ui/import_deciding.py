"""What a person decides about a list: the questions it leaves open, and where it differs from what the register has from elsewhere."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from popmap.importing.merging import Contradiction, Keep
from popmap.importing.model import Question
from popmap.lists.planning import Plan
from popmap.ui import import_session
from popmap.ui.text import NOT_STATED, counted, markdown

# What is still open comes first, so that a long list is decided a screenful at a time.
_SHOWN = 100


def questions(plan: Plan, folder: Path) -> None:
    """Show the questions a list leaves open, the open ones first, each with its proposal."""
    asked = plan.reading.questions
    if not asked:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        done = len(asked) - len(plan.open_questions)
        st.progress(done / len(asked), f"{done:,} of {counted(len(asked), 'question')} decided")
        if any(one.proposed for one in plan.open_questions):
            st.button(
                "Accept all proposals",
                icon=":material/done_all:",
                shortcut="Alt+Enter",
                on_click=import_session.accept,
                args=(folder,),
                help="Answers each open question as proposed.",
            )
    for one in sorted(asked, key=lambda one: bool(one.answer))[:_SHOWN]:
        _question(one)
    _more(len(asked))


def contradictions(plan: Plan) -> None:
    """Show where the list and the register differ and the register does not have it from this list, the open ones first."""
    found, left = plan.contradictions, plan.open_contradictions
    if not found:
        return
    st.progress(1 - len(left) / len(found), f"{len(found) - len(left):,} of {counted(len(found), 'contradiction')} decided")
    if len(left) > 1:
        # A row of their own: beside the bar one of the two would wrap below it on a narrow screen.
        with st.container(horizontal=True):
            for keep, label in ((Keep.REGISTER, "Keep all the register’s"), (Keep.LIST, "Take all the list’s")):
                st.button(
                    label,
                    key=f"hold_all_{keep.value}",
                    on_click=import_session.hold,
                    args=([one.id for one in left], keep),
                    help=f"Decides the {len(left):,} that are open; each can still be decided otherwise.",
                )
    for one in sorted(found, key=lambda one: one.decided is not None)[:_SHOWN]:
        _contradiction(one)
    _more(len(found))


def _question(one: Question) -> None:
    key = f"question_{one.id}"
    labels = {option.key: f"{option.label}{' · proposed' if option.key == one.proposed else ''}" for option in one.options}
    st.session_state[key] = one.answer or None
    st.radio(
        f"{markdown(one.text)} ({markdown(one.locator)})",
        list(labels),
        index=None,
        format_func=lambda option: markdown(labels[option]),
        key=key,
        on_change=lambda: import_session.answer(one.id, st.session_state[key] or ""),
    )


def _contradiction(one: Contradiction) -> None:
    key = f"contradiction_{one.id}"
    st.session_state[key] = one.decided
    st.radio(
        f"{markdown(one.table)} {markdown(one.row_id)}, {markdown(one.column.replace('_', ' '))}: the list ({markdown(one.locator)}) "
        "and the register differ, and the register does not have it from this source.",
        list(Keep),
        index=None,
        format_func=partial(_side, one),
        key=key,
        on_change=lambda: import_session.hold([one.id], st.session_state[key]),
    )


def _side(one: Contradiction, keep: Keep) -> str:
    return f"{'Keep' if keep is Keep.REGISTER else 'Take'} “{markdown(getattr(one, keep.value) or NOT_STATED)}”"


def _more(count: int) -> None:
    if count > _SHOWN:
        st.caption(f"{count - _SHOWN:,} more follow as these are decided.")
