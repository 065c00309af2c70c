"""The questionnaire in its evidence view: every question with its outcome, its answer, what it rests on and what was decided."""

from __future__ import annotations

from collections import Counter

from popmap.answering.decided import proposed
from popmap.answering.model import Outcome, Row
from popmap.answering.review import Decision, Verdict
from popmap.ui.paper import MOST_ROWS, Grid, Heading, Part, Words, cell, cut_note
from popmap.ui.questionnaire_card import LABELS, MARKS
from popmap.ui.questionnaire_review import AGAIN, Item, items_of
from popmap.ui.questionnaire_session import kept_review, sent
from popmap.ui.text import counted
from popmap.ui.view import View

_ROWS_NAMED = 12


def questionnaire(view: View) -> list[Part]:
    """Return the session's questionnaire as a table of review."""
    file = sent()
    if not file:
        return [Words("No questionnaire is open in this session. Open one on this page’s working view, then come back.")]
    if file.fault:
        return [Heading(file.name), Words(file.fault, "The file could not be read.", weighty=True)]
    review = kept_review(file)
    items = items_of(view.store, file, review)
    counts = Counter(item.answer.outcome for item in items)
    outcomes = ", ".join(f"{counts[outcome]} {LABELS[outcome].lower()}" for outcome in Outcome if counts[outcome])
    decided = sum(item.decided for item in items)
    said = f"{outcomes}; {decided} of {len(items)} decided. Answers that nobody has accepted are proposals."
    rows = [_row(view, item, review.of(item.question)) for item in items[:MOST_ROWS]]
    return [
        Heading(file.name),
        Words(said, f"{counted(len(items), 'question')}:"),
        Words(f"{file.digest}. It stays in the session that opened it; the link opens this page without it.", "The file’s SHA-256:"),
        *cut_note(len(rows), len(items)),
        Grid("Questions", ("No.", "Question", "Outcome", "Answer", "Rests on", "Decision"), rows),
    ]


def _row(view: View, item: Item, decision: Decision | None) -> tuple[str, ...]:
    accepted = decision and decision.verdict is Verdict.ACCEPTED
    if item.question.answered:
        answer = f"In the file already: {item.question.answered}"
    elif accepted and decision:
        answer = "\n".join(filter(None, (decision.choice, decision.text)))
    else:
        answer = proposed(item.question, item.answer, item.offered)
    outcome = item.answer.outcome
    return (
        item.question.reference or str(item.number + 1),
        item.question.text.strip(),
        f"{MARKS[outcome]} {LABELS[outcome]}",
        answer.strip() or "no proposal",
        _rests_on(item.answer.rows, item.answer.row_count),
        _decision(item, decision, view.public),
    )


def _rests_on(rows: tuple[Row, ...], total: int) -> str:
    if not total:
        return "no row"
    named = [f"{row.table}/{row.row_id}" + (f" “{row.quote}”" if row.quote else "") for row in rows[:_ROWS_NAMED]]
    more = total - len(named)
    return "\n".join([*named, *([f"and {more:,} more of {total:,} rows"] if more > 0 else [])])


def _decision(item: Item, decision: Decision | None, public: bool) -> str:
    """Return what was decided, when, and, to those who keep the register, by whom."""
    if not decision:
        return item.stands or "open"
    by = f" by {decision.by}" if decision.by and not public else ""
    again = "; its rows have changed since, look again" if item.stands == AGAIN else ""
    return f"{decision.verdict.value}{by} on {cell(decision.on)}{again}"
