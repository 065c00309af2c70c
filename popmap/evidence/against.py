"""Whether a register still says what a pack holds of it, and what has changed since."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from popmap.checks.run import open_unchecked
from popmap.differences import Cell, Difference, differences, setting_differences
from popmap.errors import RegisterError
from popmap.evidence.manifest import PUBLIC, REGISTER
from popmap.evidence.verdict import Verdict
from popmap.register.reading import TABLE_SUFFIXES
from popmap.register.schema import SETTINGS_FILE
from popmap.stated import stated_settings, stated_tables
from popmap.store import Store


@dataclass(frozen=True, slots=True)
class Since:
    """How a register compares with a pack.

    Attributes:
        then: The fingerprint the pack states.
        now: The register's fingerprint.
        rows: The rows that differ.
        settings: What differs in register.toml.
        public: Whether the pack holds a public copy, so that only what that shows could be compared.
    """

    then: str
    now: str
    rows: tuple[Difference, ...]
    settings: tuple[Cell, ...]
    public: bool

    @property
    def same(self) -> bool:
        """Return whether the register says today what it said then, in every cell."""
        return self.then == self.now

    def __str__(self) -> str:
        """Return it as a sentence."""
        number = len(self.rows) + len(self.settings)
        if self.same:
            return "The register says the same today, in every cell."
        if number:
            return f"The register has changed since, in {number:,} {'place' if number == 1 else 'places'}."
        hidden = "what a public copy leaves out" if self.public else "what popmap does not compare row by row, such as further columns"
        return f"The register has changed since, but only in {hidden}: its fingerprint is another, and the rows are the same."


def since(verdict: Verdict, store: Store) -> Since:
    """Compare a register with the copy of it in an intact pack.

    Args:
        verdict: What checking the pack found.
        store: The register as it is today.

    Raises:
        RegisterError: The pack is not intact, or its copy of the register cannot be read.
    """
    stated = verdict.manifest
    if stated is None or not verdict.intact:
        raise RegisterError("A pack that is not intact says nothing about what a register said.", "Get the pack as it was made.")
    public = stated.audience == PUBLIC
    if stated.fingerprint == store.fingerprint:
        return Since(stated.fingerprint, store.fingerprint, (), (), public)
    with tempfile.TemporaryDirectory(prefix="popmap-") as name:
        folder = Path(name)
        for path, content in verdict.files.items():
            place = PurePosixPath(path.removeprefix(REGISTER))
            # Tables and settings alone, none of them in a folder of its own: rules of a stranger's are not run for this.
            if path.startswith(REGISTER) and len(place.parts) == 1 and _read(place.name):
                (folder / place.name).write_bytes(content)
        then = open_unchecked(folder, store.as_of)
        try:
            rows = differences(stated_tables(then, internal=not public), stated_tables(store, internal=not public))
            settings = setting_differences(stated_settings(then.settings), stated_settings(store.settings))
        finally:
            then.close()
    return Since(stated.fingerprint, store.fingerprint, tuple(rows), settings, public)


def _read(name: str) -> bool:
    return name == SETTINGS_FILE or name.lower().endswith(TABLE_SUFFIXES)
