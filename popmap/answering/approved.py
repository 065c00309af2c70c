"""Answers that somebody approved for the next time: offered first, and flagged when they expired or their rows have changed."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from popmap.answering.model import Answer, Question, Row
from popmap.errors import UsageError
from popmap.register.cells import LONGEST_CELL
from popmap.register.schema import ANSWERS, BY_NAME, LIST_SEPARATOR
from popmap.store import Store

_EDGES = " ?.!:;¿¡\u00a0"
NAMES = tuple(column.name for column in ANSWERS.columns)


@dataclass(frozen=True, slots=True)
class Approved:
    """A row of the register's table of approved answers; its attributes are the table's columns."""

    language: str
    question: str
    answer: str
    rests_on: tuple[str, ...] = ()
    rests_on_digest: str = ""
    approved_by: str = ""
    approved_on: str = ""
    expires_on: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """An approved answer to a question.

    Attributes:
        approved: The answer.
        changed: Whether the rows it rests on have changed since, or others answer the question now.
        expired: Whether its last day has passed.
    """

    approved: Approved
    changed: bool
    expired: bool

    @property
    def holds(self) -> bool:
        """Return whether it may be proposed as it is."""
        return not self.changed and not self.expired


def normal(question: str) -> str:
    """Return a question's words as they are compared: without case, spacing and the marks around them."""
    return " ".join(unicodedata.normalize("NFKC", question).casefold().split()).strip(_EDGES)


def offer(store: Store, question: Question, answer: Answer) -> Offer | None:
    """Return the approved answer to a question, None when there is none.

    Args:
        store: The register.
        question: What is asked.
        answer: What the register proposes today.
    """
    found = store.remember(("approved answers",), lambda: _by_question(store)).get((question.language, normal(question.text)))
    if found is None or not found.answer:
        return None
    changed = found.rests_on_digest != rows_digest(store, answer)
    return Offer(found, changed, bool(found.expires_on) and not _holds_on(found.expires_on, store.as_of))


def _holds_on(expires_on: str, day: date) -> bool:
    try:
        return date.fromisoformat(expires_on) >= day
    except ValueError:
        # A date nobody can read is no promise that the answer still holds.
        return False


def approve(store: Store, question: Question, answer: Answer, text: str, by: str, on: date, expires_on: date | None) -> Approved:
    """Return an answer as it is approved.

    Args:
        store: The register.
        question: What is asked.
        answer: What the register proposes.
        text: The wording that is approved.
        by: Who approves it.
        on: The day.
        expires_on: The last day it may be offered, None for no end.

    Raises:
        UsageError: The wording or the name is empty.
    """
    if not text.strip() or not by.strip():
        raise UsageError("An approved answer needs its wording and the name of who approves it.")
    return Approved(
        question.language,
        question.text,
        text.strip(),
        _fitting(reference(row) for row in answer.rows),
        rows_digest(store, answer),
        by.strip(),
        on.isoformat(),
        expires_on.isoformat() if expires_on else "",
    )


def reference(row: Row) -> str:
    """Return a row as an item of a list cell."""
    text = f"{row.table}/{row.row_id}".replace("%", "%25").replace(LIST_SEPARATOR, "%3B")
    return " ".join(text.split())


def rows_digest(store: Store, answer: Answer) -> str:
    """Return a digest of what the rows behind an answer say, "" when it rests on none.

    Where an answer rests on more rows than it names, the whole tables they stand in count.
    """
    if not answer.row_count:
        return ""
    key = ("rows digest", answer.rows, answer.row_count)
    return store.remember(key, lambda: _digest(store, answer))


def _digest(store: Store, answer: Answer) -> str:
    tables = sorted({row.table for row in answer.rows})
    said: list[object] = [answer.row_count, [(row.table, row.row_id) for row in answer.rows]]
    for table in tables:
        if table not in BY_NAME:
            said.append(store.settings.canonical)
        elif answer.row_count > len(answer.rows):
            said += store.query(f"SELECT bit_xor(hash({_cells(table)})), count(*) FROM {table}")
        else:
            said += _contents(store, table, [row.row_id for row in answer.rows if row.table == table])
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:32]


def _contents(store: Store, table: str, ids: list[str]) -> list[tuple]:
    """Return what some rows say, in the order of their keys."""
    if table != "flows":
        return store.query(
            f"SELECT {_cells(table)} FROM {table} WHERE list_contains($ids::VARCHAR[], row_id) ORDER BY row_id", {"ids": ids}
        )
    values = {"ids": ids, "vendors": sorted({one.split("/")[1] for one in ids if "/" in one})}
    name = "concat_ws('/', category_id, vendor_id, coalesce(purpose::VARCHAR, ''))"
    return store.query(
        f"SELECT {_cells(table)} FROM flows WHERE list_contains($vendors::VARCHAR[], vendor_id::VARCHAR) "
        f"AND list_contains($ids::VARCHAR[], {name}) ORDER BY {name}",
        values,
    )


def _cells(table: str) -> str:
    return ", ".join(f'"{column.name}"::VARCHAR' for column in BY_NAME[table].columns if not column.internal)


def _fitting(items: Iterable[str]) -> tuple[str, ...]:
    """Return as many items as one cell of a spreadsheet holds."""
    kept, length = [], 0
    for item in items:
        length += len(item) + 1
        if length > LONGEST_CELL:
            break
        kept.append(item)
    return tuple(kept)


def _by_question(store: Store) -> dict[tuple[str, str], Approved]:
    return {(one.language, normal(one.question)): one for one in all_approved(store)}


def all_approved(store: Store) -> list[Approved]:
    """Return the approved answers of a register, in the order of its table."""
    columns = ", ".join(f'"{name}"' for name in NAMES)
    rows = store.query(f"SELECT {columns} FROM answers ORDER BY row_no")
    found = []
    for row in rows:
        cells = dict(zip(NAMES, row, strict=True))
        rests_on = tuple(cells.pop("rests_on") or ())
        found.append(Approved(**{name: value or "" for name, value in cells.items()}, rests_on=rests_on))
    return found
