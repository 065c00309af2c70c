"""A register as CSV or Parquet, and nothing of it lost on the way."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from popmap.checks.run import OWN_RULES, open_checked
from popmap.errors import PopmapError, UsageError
from popmap.register.reading import find
from popmap.register.schema import SETTINGS_FILE, TABLES
from popmap.register.writing import save_csv, save_parquet
from popmap.rewriting import refuse_losses
from popmap.stated import stated_rows
from popmap.store import Store

SOURCES = "sources"
SAVERS: dict[str, Callable[..., None]] = {"csv": save_csv, "parquet": save_parquet}


@dataclass(frozen=True, slots=True)
class Converted:
    """What was written.

    Attributes:
        folder: The new register folder.
        fingerprint: Its fingerprint, which is also the source's.
        rows: Rows of each table written.
        left_behind: Files and folders of the source that are no part of a register and were not copied.
    """

    folder: Path
    fingerprint: str
    rows: dict[str, int]
    left_behind: tuple[str, ...]


def convert(source: Path, form: str, target: Path) -> Converted:
    """Write a register folder in another format, with its settings, sources and own rules.

    All or nothing: everything is written beside the target, read again, compared by fingerprint, and only then given its name. A register
    of which reading must leave something out (a row without a key, a second row of the same key, text that is not UTF-8) is refused,
    because the copy would not say what is missing.

    Args:
        source: The register folder.
        form: A key of SAVERS.
        target: The new folder; may exist when empty.

    Raises:
        UsageError: For a format there is none of, or a target that cannot be used.
        RegisterError: The register cannot be read, or not as a whole.
        PopmapError: The files cannot be written.
    """
    if form not in SAVERS:
        raise UsageError(f"There is no register format {form}.", f"Use one of {', '.join(SAVERS)}.")
    source, target = source.absolute(), target.absolute()
    _check_target(source, target)
    store = open_checked(source)
    paths, _ = find(source)
    refuse_losses(store)
    draft = target.parent / f".{target.name}.{secrets.token_hex(4)}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir()
        for table in TABLES:
            if table.name in paths:
                SAVERS[form](draft / f"{table.name}.{form}", table, stated_rows(store, table))
        left_behind = _copy_rest(source, draft, {path.name for path in paths.values()})
        _compare(store, draft)
        if target.exists():
            target.rmdir()
        draft.rename(target)
    except OSError as error:
        raise PopmapError(f"{target} cannot be written: {error.strerror or error}.", "Check the disk and the permissions.") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        fingerprint, counts = store.fingerprint, store.counts
        store.close()
    return Converted(target, fingerprint, {name: counts[name] for name in paths}, left_behind)


def _check_target(source: Path, target: Path) -> None:
    inside, whole = target.resolve(), source.resolve()
    if inside == whole or whole in inside.parents:
        raise UsageError(f"{target} is in the register folder itself.", "Name a folder outside it.")
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file.", "Name a new folder.")
    if target.is_dir() and any(target.iterdir()):
        raise UsageError(f"The folder {target} is not empty.", "Name a new one; nothing is overwritten.")


def _copy_rest(source: Path, draft: Path, tables: set[str]) -> tuple[str, ...]:
    """Copy settings, sources and own rules, and return the names of what else there is."""
    left_behind = []
    for path in sorted(source.iterdir()):
        if path.name == SETTINGS_FILE and path.is_file():
            shutil.copyfile(path, draft / path.name)
        elif path.name in (SOURCES, OWN_RULES) and path.is_dir():
            shutil.copytree(path, draft / path.name)
        elif path.name not in tables:
            left_behind.append(path.name)
    return tuple(left_behind)


def _compare(store: Store, draft: Path) -> None:
    copy = open_checked(draft, store.as_of)
    fingerprint = copy.fingerprint
    copy.close()
    if fingerprint != store.fingerprint:
        raise PopmapError(f"The copy of {store.folder} does not read the same as the register.", "Nothing was written; please report this.")
