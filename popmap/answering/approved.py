"""Answers that somebody approved for the next time: offered first, and flagged when they expired or their rows have changed."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from popmap.answering.model import Answer, Question, Row
from popmap.errors import PopmapError, UsageError
from popmap.register.cells import LONGEST_CELL, clean
from popmap.register.saving import save_csv, save_parquet
from popmap.register.schema import ANSWERS, BY_NAME, LIST_SEPARATOR
from popmap.store import Store

_EDGES = " ?.!:;¿¡\u00a0"
_NAMES = tuple(column.name for column in ANSWERS.columns)


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
    return {(one.language, normal(one.question)): one for one in _all(store)}


def _all(store: Store) -> list[Approved]:
    columns = ", ".join(f'"{name}"' for name in _NAMES)
    rows = store.query(f"SELECT {columns} FROM answers ORDER BY row_no")
    found = []
    for row in rows:
        cells = dict(zip(_NAMES, row, strict=True))
        rests_on = tuple(cells.pop("rests_on") or ())
        found.append(Approved(**{name: value or "" for name, value in cells.items()}, rests_on=rests_on))
    return found


def save(store: Store, approved: Approved) -> Path:
    """Add an approved answer to the register's table, in place of one to the same question, and return the table's file.

    Written beside it, flushed to the disk and renamed, so that a reader sees the old table or the new one. The table takes the register's
    own form: Parquet where its tables are Parquet.

    Args:
        store: The register as its files are now.
        approved: The answer.

    Raises:
        PopmapError: The table has rows that reading leaves out and writing would lose, or cannot be written.
    """
    broken = next((fault for fault in store.faults if fault.table == ANSWERS.name and fault.severity == "error"), None)
    if broken:
        raise PopmapError(f"{broken.place}: {broken.message}. Saving would lose that.", "Mend that file first; nothing was written.")
    path = _file(store.folder)
    extra = [name for (name,) in store.query("SELECT DISTINCT unnest(map_keys(extra)) FROM answers WHERE extra IS NOT NULL ORDER BY 1")]
    table = _with(store, extra, approved)
    draft = path.parent / f".{path.name}.{secrets.token_hex(4)}"
    try:
        (save_parquet if path.suffix == ".parquet" else save_csv)(draft, ANSWERS, [table])
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(path)
    except OSError as error:
        raise PopmapError(f"{path} cannot be written: {error.strerror or error}.", "Check the disk and the permissions.") from error
    finally:
        draft.unlink(missing_ok=True)
    return path


def _file(folder: Path) -> Path:
    for suffix in (".csv", ".parquet"):
        if (folder / f"{ANSWERS.name}{suffix}").exists():
            return folder / f"{ANSWERS.name}{suffix}"
    parquet = (folder / "flows.parquet").exists() or (folder / "vendors.parquet").exists()
    return folder / f"{ANSWERS.name}{'.parquet' if parquet else '.csv'}"


def _with(store: Store, extra: Sequence[str], approved: Approved) -> pa.Table:
    """Return the table with an answer, its rows in their order, list cells joined, columns the model does not know kept."""
    others = ", ".join(f"extra[$extra_{at}]" for at in range(len(extra)))
    values = {f"extra_{at}": name for at, name in enumerate(extra)}
    kept = store.query(f"SELECT row_no{', ' if others else ''}{others} FROM answers ORDER BY row_no", values)
    same = (approved.language, normal(approved.question))
    lines: list[list[str | None]] = []
    at = None
    for one, (_, *rest) in zip(_all(store), kept, strict=True):
        if (one.language, normal(one.question)) == same:
            at = len(lines) if at is None else at
            if at < len(lines):
                continue
            lines.append([*_line(approved), *rest])
        else:
            lines.append([*_line(one), *rest])
    if at is None:
        lines.append([*_line(approved), *[None] * len(extra)])
    names = (*_NAMES, *extra)
    return pa.table({name: pa.array([line[number] for line in lines], pa.string()) for number, name in enumerate(names)})


def _line(approved: Approved) -> list[str | None]:
    cells = [approved.language, approved.question, approved.answer, LIST_SEPARATOR.join(approved.rests_on), approved.rests_on_digest]
    cells += [approved.approved_by, approved.approved_on, approved.expires_on]
    return [clean(cell, guarded=False)[0][:LONGEST_CELL] or None for cell in cells]
