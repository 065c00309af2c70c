"""Adding an approved answer to the register's table, so that a reader sees the old table or the new one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from popmap.answering.approved import NAMES, Approved, all_approved, normal
from popmap.errors import PopmapError
from popmap.register.cells import LONGEST_CELL, clean
from popmap.register.writing import save_csv, save_parquet
from popmap.register.schema import ANSWERS, LIST_SEPARATOR
from popmap.store import Store


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
    for one, (_, *rest) in zip(all_approved(store), kept, strict=True):
        if (one.language, normal(one.question)) == same:
            at = len(lines) if at is None else at
            if at < len(lines):
                continue
            lines.append([*_line(approved), *rest])
        else:
            lines.append([*_line(one), *rest])
    if at is None:
        lines.append([*_line(approved), *[None] * len(extra)])
    names = (*NAMES, *extra)
    return pa.table({name: pa.array([line[number] for line in lines], pa.string()) for number, name in enumerate(names)})


def _line(approved: Approved) -> list[str | None]:
    cells = [approved.language, approved.question, approved.answer, LIST_SEPARATOR.join(approved.rests_on), approved.rests_on_digest]
    cells += [approved.approved_by, approved.approved_on, approved.expires_on]
    return [clean(cell, guarded=False)[0][:LONGEST_CELL] or None for cell in cells]
