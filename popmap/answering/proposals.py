"""Proposed answers to a whole questionnaire: as a report, and written into a copy of the customer's file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import pyarrow as pa

from popmap.answering.answers import stamp
from popmap.answering.model import Answer, Outcome, Question, Questionnaire
from popmap.answering.writing import Files, write
from popmap.answering.writing.records import Written
from popmap.register.history import standing
from popmap.register.writing import csv_lines
from popmap.store import Store

# A list of sources is read by people: the link opens the rest.
_MOST_CITED = 20
_COLUMNS = ("key", "reference", "language", "question", "outcome", "choice", "answer", "rows", "link", "gap", "intent", "score", "why")


def text(store: Store, questionnaire: Questionnaire, answers: Sequence[Answer]) -> Iterator[str]:
    """Yield the answers as text for people: each question, what came of it and why."""
    counts = Counter(answer.outcome for answer in answers)
    summary = ", ".join(f"{counts[outcome]} {outcome.value.replace('-', ' ')}" for outcome in Outcome)
    said = stamp(store, "en", standing(store.folder))
    yield f"{_plain(questionnaire.name)}: {len(answers)} questions; {summary}.\n{_plain(said)}\n"
    yield from (f"{_plain(note)}\n" for note in questionnaire.notes)
    for question, answer in zip(questionnaire.questions, answers, strict=True):
        said = " ".join(part for part in (f"[{answer.choice}]" if answer.choice else "", answer.text or answer.match.why) if part)
        link = f"\n  {_link(answer)}" if answer.page else ""
        yield f"\n{_plain(question.key)}  {_plain(question.text)}\n  {answer.outcome.value}: {_plain(said)}{link}\n"


def json_report(store: Store, questionnaire: Questionnaire, answers: Sequence[Answer]) -> Iterator[str]:
    """Yield the answers as one JSON object: about, and answers with the rows and quotes each rests on."""
    kept = standing(store.folder)
    about = {
        "questionnaire": questionnaire.name,
        "fingerprint": store.fingerprint,
        "as_of": store.as_of.isoformat(),
        "version": {"id": kept.version.id, "at": kept.version.at.isoformat(), "edited": kept.edited} if kept else None,
        "notes": list(questionnaire.notes),
    }
    records = []
    for question, answer in zip(questionnaire.questions, answers, strict=True):
        rows = [{"table": row.table, "row_id": row.row_id, "quote": row.quote, "locator": row.locator} for row in answer.rows]
        matched = {"margin": answer.match.margin, "words": list(answer.match.words), "argument": answer.match.argument}
        records.append(_record(question, answer) | {"row_count": answer.row_count, "rows": rows, "match": matched})
    yield json.dumps({"about": about, "answers": records}, ensure_ascii=False, indent=1) + "\n"


def csv_report(store: Store, questionnaire: Questionnaire, answers: Sequence[Answer]) -> Iterator[bytes]:
    """Yield the answers as CSV, one row each; no cell can run as a formula."""
    records = [_record(question, answer) for question, answer in zip(questionnaire.questions, answers, strict=True)]
    columns = {name: pa.array([str(record[name]) or None for record in records], pa.string()) for name in _COLUMNS}
    columns["register"] = pa.array([store.fingerprint] * len(records), pa.string())
    columns["as_of"] = pa.array([store.as_of.isoformat()] * len(records), pa.string())
    kept = standing(store.folder)
    columns["version"] = pa.array([kept.version.id if kept and not kept.edited else None] * len(records), pa.string())
    yield from csv_lines(pa.table(columns))


Report = Callable[[Store, Questionnaire, Sequence[Answer]], Iterator[str | bytes]]
REPORTS: dict[str, Report] = {"text": text, "json": json_report, "csv": csv_report}


def filled(store: Store, data: bytes, questionnaire: Questionnaire, answers: Sequence[Answer]) -> Files:
    """Return a copy of the customer's file with the answers that rows carry.

    What a person has to attest, what is not stated and what is no register question stays empty: a person decides on it.

    Args:
        store: The register.
        data: The file as it came.
        questionnaire: As it was read.
        answers: One for each of its questions, in their order.

    Raises:
        UsageError: The file cannot be written to.
    """
    kept = standing(store.folder)
    written = {
        question.key: Written(answer.text, answer.choice, "", citations(answer, stamp(store, question.language, kept)))
        for question, answer in zip(questionnaire.questions, answers, strict=True)
        if answer.outcome is Outcome.ANSWERED
    }
    return write(data, questionnaire, written)


def citations(answer: Answer, register: str) -> tuple[str, ...]:
    """Return what an answer rests on, for a list of sources: rows with their words, the link, the register's version and day.

    Args:
        answer: The answer.
        register: The sentence that names the register's content: see `stamp`.
    """
    cited = [
        f"{row.table}/{row.row_id}" + (f": “{row.quote}”" if row.quote else "") + (f" ({row.locator})" if row.locator else "")
        for row in answer.rows[:_MOST_CITED]
    ]
    more = [f"… ({answer.row_count})"] if answer.row_count > len(cited) else []
    return (*cited, *more, _link(answer), register)


def _record(question: Question, answer: Answer) -> dict[str, object]:
    return {
        "key": question.key,
        "reference": question.reference,
        "language": question.language,
        "question": question.text,
        "outcome": answer.outcome.value,
        "choice": answer.choice,
        "answer": answer.text,
        "rows": "; ".join(f"{row.table}/{row.row_id}" for row in answer.rows),
        "link": _link(answer),
        "gap": answer.gap,
        "intent": answer.match.intent,
        "score": answer.match.score,
        "why": answer.match.why,
    }


def _link(answer: Answer) -> str:
    """Return the page and the query that show an answer's rows, as they stand behind popmap's address."""
    return f"/{answer.page}" + (f"?{answer.query}" if answer.query else "") if answer.page else ""


def _plain(words: str) -> str:
    """Return a text of which nothing can move a terminal's cursor, on one line."""
    return "".join(character if character.isprintable() else "\ufffd" for character in " ".join(words.split()))
