"""The questionnaire a session works on: its file, its answers, its review, and the question that is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from popmap.answering import review
from popmap.answering.answers import answer_all
from popmap.answering.model import Answer, Block, Question, Questionnaire
from popmap.answering.reading import read
from popmap.errors import PopmapError, UsageError
from popmap.store import Store
from popmap.ui import notices
from popmap.ui.text import markdown

BY_KEY = "review_by"
_SENT, _SHOWN = "popmap_sent", "popmap_question"
_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that was sent in.

    Attributes:
        name: Its name.
        data: Its content.
        digest: What names its review.
        read: What was read from it, None when nothing could be.
        fault: Why nothing could be read, "" when something was.
        laid_out: How often a person gave its layout; widgets of another layout are other widgets.
    """

    name: str
    data: bytes
    digest: str
    read: Questionnaire | None
    fault: str = ""
    laid_out: int = 0

    @property
    def questions(self) -> Sequence[Question]:
        """Return its questions in order."""
        return self.read.questions if self.read else ()

    @property
    def tag(self) -> str:
        """Return what its widgets' keys hold."""
        return f"{self.digest[:8]}_{self.laid_out}"


def sent() -> Sent | None:
    """Return the session's file, None when there is none."""
    return st.session_state.get(_SENT)


def take(name: str, data: bytes) -> None:
    """Make a file the session's."""
    _keep(name, data, None, 0)


def lay_out(file: Sent, blocks: Sequence[Block]) -> None:
    """Read the session's file again with a layout that a person gave.

    Raises:
        PopmapError: Nothing can be read with it; what was read before stays.
    """
    try:
        found = read(file.data, file.name, blocks)
    except IndexError as error:
        raise UsageError("The layout names rows that the file does not have.", "Correct its last row.") from error
    st.session_state[_SENT] = Sent(file.name, file.data, file.digest, found, laid_out=file.laid_out + 1)
    show(0)


def _keep(name: str, data: bytes, blocks: Sequence[Block] | None, laid_out: int) -> None:
    digest = review.file_digest(data)
    try:
        found = Sent(name, data, digest, read(data, name, blocks), laid_out=laid_out)
    except PopmapError as error:
        found = Sent(name, data, digest, None, str(error), laid_out)
    st.session_state[_SENT] = found
    show(0)


def put_away() -> None:
    """Forget the session's file; its review is kept. For callbacks."""
    st.session_state.pop(_SENT, None)


def answers(store: Store, file: Sent) -> dict[str, Answer]:
    """Return the proposed answers by their questions' keys; made with a bar that shows how far they are."""
    key = ("questionnaire", tuple(file.questions))
    if (known := store.recall(key)) is not None:
        return known
    found: list[Answer] = []
    total = len(file.questions)
    bar = st.empty()
    for start in range(0, total, _AT_ONCE):
        bar.progress(start / total, text=f"Asking the register: {start} of {total} questions")
        found += answer_all(store, file.questions[start : start + _AT_ONCE])
    bar.empty()
    return store.remember(key, lambda: {answer.key: answer for answer in found})


def kept_review(file: Sent) -> review.Review:
    """Return what was decided about a file, on disk; says so when it could not be read."""
    try:
        found, said = review.load(review.reviews_folder(), file.digest)
    except PopmapError as error:
        st.error(markdown(str(error)))
        return review.Review()
    if said:
        st.warning(markdown(said), icon=":material/warning:")
    return found


def decide(file: Sent, decided: Iterable[tuple[Question, review.Decision | None]]) -> bool:
    """Keep decisions on disk and return whether that worked; for callbacks."""
    try:
        review.change(review.reviews_folder(), file.digest, file.name, decided)
    except PopmapError as error:
        notices.leave(notices.ERROR, str(error))
        return False
    return True


def shown(file: Sent) -> int:
    """Return the number of the question that is shown, from 0."""
    return min(max(0, int(st.session_state.get(_SHOWN, 0))), max(0, len(file.questions) - 1))


def show(number: int) -> None:
    """Show another question; for callbacks."""
    st.session_state[_SHOWN] = number


def today() -> date:
    """Return the day decisions are dated with."""
    return date.today()
