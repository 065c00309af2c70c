"""Adding an approved answer to the register's table, as a version of the register's history."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from popmap.answering.approved import NAMES, Approved, normal
from popmap.errors import PopmapError
from popmap.register.cells import LONGEST_CELL, clean
from popmap.register.faults import shorten
from popmap.register.saving import Author
from popmap.register.saving import save as save_files
from popmap.register.schema import ANSWERS, LIST_SEPARATOR
from popmap.rewriting import file_bytes, rows
from popmap.store import Store


def save(store: Store, approved: Approved) -> Path:
    """Add an approved answer to the register's table, in place of one to the same question, and return the table's file.

    All or nothing, and a version of the register's history in the name of whoever approved it.

    Args:
        store: The register as its files are now.
        approved: The answer.

    Raises:
        PopmapError: The table has rows that reading leaves out and writing would lose, the register was edited outside since its last
            version, or its files cannot be written.
    """
    broken = next((fault for fault in store.faults if fault.table == ANSWERS.name and fault.severity == "error"), None)
    if broken:
        raise PopmapError(f"{broken.place}: {broken.message}. Saving would lose that.", "Mend that file first; nothing was written.")
    name, data = file_bytes(store.folder, ANSWERS.name, _with(rows(store, ANSWERS.name), approved))
    message = f"Approved an answer to: {shorten(approved.question)}"
    save_files(store.folder, {name: data}, author=Author(approved.approved_by), message=message, at=datetime.now(UTC))
    return store.folder / name


def _with(table: list[dict[str, str]], approved: Approved) -> list[dict[str, str]]:
    """Return the table with an answer, in the first place of one to the same question or at the end; columns of one's own stay."""
    same = (approved.language, normal(approved.question))
    places = [at for at, row in enumerate(table) if (row["language"], normal(row["question"])) == same]
    line = _line(approved)
    if not places:
        return [*table, line]
    return [row | line if at == places[0] else row for at, row in enumerate(table) if at == places[0] or at not in places]


def _line(approved: Approved) -> dict[str, str]:
    cells = [approved.language, approved.question, approved.answer, LIST_SEPARATOR.join(approved.rests_on), approved.rests_on_digest]
    cells += [approved.approved_by, approved.approved_on, approved.expires_on]
    return dict(zip(NAMES, (clean(cell, guarded=False)[0][:LONGEST_CELL] for cell in cells), strict=True))
