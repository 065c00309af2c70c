"""From a proposal to what goes into the file: who has to stand behind it, and what is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from popmap.answering.answers import stamp
from popmap.answering.approved import Offer, rows_digest
from popmap.answering.model import Answer, Outcome, Question
from popmap.answering.proposals import citations
from popmap.answering.review import Decision, Review, Verdict
from popmap.answering.wording import say
from popmap.answering.writing import Written
from popmap.register.history import standing
from popmap.store import Store

_CONFIRMED = {
    "en": "Confirmed by {by}, {on}.",
    "fr": "Confirmé par {by}, le {on}.",
    "de": "Bestätigt von {by}, {on}.",
    "es": "Confirmado por {by}, {on}.",
}


def proposed(question: Question, answer: Answer, offered: Offer | None) -> str:
    """Return the wording a person sees first: the approved one while it holds, else the register's.

    What the register's wording says to the person and not to the customer is left out: that a person has to confirm, and the gap's code.
    """
    if offered and offered.holds:
        return offered.approved.answer
    text = answer.text.removeprefix(say("person", question.language, facts=""))
    return text.replace(say("gap", question.language, gap=answer.gap), "").strip() if answer.gap else text


def needs_name(question: Question, answer: Answer, offered: Offer | None, text: str, choice: str) -> bool:
    """Return whether an answer says more than the register's rows do, so that a named person has to stand behind it."""
    as_proposed = text.strip() == proposed(question, answer, offered).strip() and choice == answer.choice
    return answer.outcome is not Outcome.ANSWERED or not as_proposed


def objection(question: Question, answer: Answer, offered: Offer | None, text: str, choice: str, by: str) -> str:
    """Return why an answer cannot be accepted, as a sentence; "" when it can be."""
    if not text.strip() and not choice:
        return "There is nothing to accept: write an answer or choose one of the questionnaire’s own."
    if needs_name(question, answer, offered, text, choice) and not by.strip():
        if answer.outcome is Outcome.PERSON:
            return "This asks whether something is in place, which no register shows: enter the name of who confirms it."
        if answer.outcome is Outcome.ANSWERED:
            return "This says something else than the register’s rows: enter the name of who stands behind it."
        return "No row of the register says this: enter the name of who stands behind it."
    return ""


def accept(store: Store, answer: Answer, text: str, choice: str, by: str, on: date) -> Decision:
    """Return the decision that accepts an answer."""
    return Decision(Verdict.ACCEPTED, text.strip(), choice, by.strip(), on.isoformat(), rows_digest(store, answer))


def reject(store: Store, answer: Answer, by: str, on: date) -> Decision:
    """Return the decision that leaves an answer out."""
    return Decision(Verdict.REJECTED, by=by.strip(), on=on.isoformat(), rows=rows_digest(store, answer))


def outdated(store: Store, answer: Answer, decision: Decision) -> bool:
    """Return whether an accepted answer's rows have changed since, so that it has to be looked at again."""
    return decision.verdict is Verdict.ACCEPTED and decision.rows != rows_digest(store, answer)


def to_write(store: Store, questions: Sequence[Question], answers: Mapping[str, Answer], review: Review) -> dict[str, Written]:
    """Return what goes into the file, by the questions' keys: what was accepted, and whose rows are still what they were.

    Args:
        store: The register.
        questions: The file's questions.
        answers: What the register proposes, by the questions' keys.
        review: What was decided.
    """
    found, kept = {}, standing(store.folder)
    for question in questions:
        decision, answer = review.of(question), answers[question.key]
        if decision and decision.verdict is Verdict.ACCEPTED and not question.answered and not outdated(store, answer, decision):
            cited = citations(answer, stamp(store, question.language, kept)) if answer.rows else ()
            found[question.key] = Written(decision.text, decision.choice, citations=(*cited, *_confirmed(question, decision)))
    return found


def _confirmed(question: Question, decision: Decision) -> tuple[str, ...]:
    """Return who confirmed an answer and when, for the list of sources."""
    return (_CONFIRMED[question.language].format(by=decision.by, on=decision.on),) if decision.by else ()
