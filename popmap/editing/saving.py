"""Saving edits: the tables with their rows changed, and for each new cell who vouches for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from popmap.checks.run import open_unchecked
from popmap.editing.edits import Row, row_id
from popmap.editing.planning import Plan, Step
from popmap.errors import UsageError
from popmap.register import arrow
from popmap.register.history import Version
from popmap.register.saving import Author, ChangedMeanwhileError, save, state
from popmap.register.schema import BY_NAME, Table
from popmap.register.writing import as_file
from popmap.rewriting import PARQUET, file_bytes, file_name, refuse_losses, rows
from popmap.stated import stated_table
from popmap.store import Store

Rows = list[dict[str, str]]
_KINDS = {"vendors": "vendor", "categories": "category"}


@dataclass(frozen=True, slots=True)
class Vouched:
    """Who vouches for what is edited.

    Attributes:
        by: Their name.
        on: The day, as an ISO 8601 date.
        words: What it rests on, in their words; "" when they state nothing.
    """

    by: str
    on: str
    words: str = ""


def carry_out(folder: Path, planned: Plan, author: Author, words: str, why: str, at: datetime) -> Version:
    """Save edits as a version of a register's history.

    Args:
        folder: The register folder.
        planned: What they do; nothing may stand in their way.
        author: Who edits and vouches for the new cells.
        words: What the new cells rest on, "" when not stated.
        why: Why; must be stated.
        at: When, with its time zone.

    Raises:
        UsageError: Something stands in their way, nothing changes, or no name or reason is stated.
        ChangedMeanwhileError: The register is not what the plan was made on.
        RegisterError: Writing its tables again would lose something.
        PopmapError: See `register.saving.save`.
    """
    if planned.obstacles:
        raise UsageError(planned.obstacles[0])
    if not any(planned.steps.values()):
        raise UsageError("There is nothing to save.")
    author.line()
    base = state(folder)
    with closing(open_unchecked(folder)) as store:
        if store.fingerprint != planned.fingerprint:
            raise ChangedMeanwhileError(
                "The register was changed since.", "Your edits are still here: look at what is new, and save again."
            )
        refuse_losses(store, (*planned.steps, "evidence", "aliases"))
        files = {}
        for name, steps in planned.steps.items():
            file = file_name(folder, name)
            files[file] = as_file(BY_NAME[name], [whole(store, BY_NAME[name], steps)], parquet=file.lower().endswith(PARQUET))
        vouched = Vouched(author.name.strip(), at.date().isoformat(), " ".join(words.split()))
        files |= _if_changed(folder, "evidence", rows(store, "evidence"), lambda held: evidence_after(held, planned.steps, vouched))
        files |= _if_changed(folder, "aliases", rows(store, "aliases"), lambda held: aliases_after(held, planned.steps))
    return save(folder, files, author=author, message=why, at=at, base=base)


def whole(store: Store, table: Table, steps: Sequence[Step]) -> pa.Table:
    """Return a table as it is after its rows' steps: changed rows where they were, new ones at the end."""
    held = stated_table(store, table).combine_chunks()
    edited = [step for step in steps if step.before]
    places = arrow.found(arrow.texts([row_id(table, step.before) for step in edited]), _ids(held, table)).tolist()
    new = [step.after for step in steps if not step.before]
    kept = np.ones(held.num_rows, bool)
    kept[[place for place, step in zip(places, edited, strict=True) if not step.after]] = False
    columns = {}
    for name in held.column_names:
        cells = _only(held[name])
        said = {
            place: step.after[name] or None
            for place, step in zip(places, edited, strict=True)
            if step.after and name in step.after and step.after[name] != step.before.get(name, "")
        }
        cells = arrow.replaced(cells, said) if said else cells
        cells = cells if kept.all() else cells.filter(arrow.numbers(kept))
        columns[name] = pa.chunked_array([cells, arrow.texts([row.get(name) or None for row in new])])
    return pa.table(columns)


def _ids(held: pa.Table, table: Table) -> pa.Array:
    """Return what names each row; one column's cells, or several joined by `/`."""
    keys = [_only(held[name]) for name in table.key]
    if len(keys) == 1:
        return keys[0]
    blanks = pc.JoinOptions(null_handling="replace", null_replacement="")
    return pc.call_function("binary_join_element_wise", [*keys, arrow.texts(["/"])[0]], blanks)


def _only(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.cast(pa.string()).chunks or [arrow.texts([])])


def evidence_after(evidence: Sequence[Row], steps: Mapping[str, Sequence[Step]], vouched: Vouched) -> Rows:
    """Return what cells rest on after edits.

    What spoke for a cell's old value says nothing of its new one and goes; the new one rests on who vouches for it. What was inferred and
    is confirmed keeps its words. Where a row's key changes, what its other cells rest on follows it.

    Args:
        evidence: What cells rest on before.
        steps: By table, what becomes of each row.
        vouched: Who vouches for the new cells.
    """
    moved = {
        (name, row_id(BY_NAME[name], step.before)): (BY_NAME[name], step) for name, each in steps.items() for step in each if step.before
    }
    kept: Rows = []
    for row in evidence:
        found = moved.get((row.get("table", ""), row.get("row_id", "")))
        if found is None:
            kept.append(dict(row))
            continue
        table, step = found
        column = row.get("column", "")
        if step.after and step.before.get(column, "") == step.after.get(column, ""):
            kept.append({**row, "row_id": row_id(table, step.after), **(_confirming(vouched) if column in step.confirmed else {})})
    for name, each in steps.items():
        for step in each:
            kept += [_vouching(BY_NAME[name], step.after, column, vouched) for column in _new_cells(BY_NAME[name], step)]
    return kept


def aliases_after(aliases: Sequence[Row], steps: Mapping[str, Sequence[Step]]) -> Rows:
    """Return the other spellings after edits: those of what goes away go too."""
    gone = {(kind, row_id(BY_NAME[name], step.before)) for name, kind in _KINDS.items() for step in steps.get(name, ()) if not step.after}
    return [dict(row) for row in aliases if (row.get("kind", ""), row.get("id", "")) not in gone]


def _new_cells(table: Table, step: Step) -> list[str]:
    """Return the columns in which a row states something new; a key made from the name and remarks state nothing."""
    silent = {"notes", *(table.key if len(table.key) == 1 else ())}
    return [
        one.name
        for one in table.columns
        if one.name not in silent and step.after.get(one.name) and step.after[one.name] != step.before.get(one.name, "")
    ]


def _vouching(table: Table, row: Row, column: str, vouched: Vouched) -> dict[str, str]:
    return {
        "table": table.name,
        "row_id": row_id(table, row),
        "column": column,
        "quote": vouched.words,
        **_confirming(vouched),
    }


def _confirming(vouched: Vouched) -> dict[str, str]:
    return {"status": "confirmed", "checked_by": vouched.by, "checked_on": vouched.on}


def _if_changed(folder: Path, name: str, held: Rows, after: Callable[[Rows], Rows]) -> dict[str, bytes]:
    new = after(held)
    return dict([file_bytes(folder, name, new)]) if new != held else {}
