"""Registers kept open: the same store for every page, request and thread for as long as its files stay as they are."""

from __future__ import annotations

import gc
import os
import threading
from collections import OrderedDict
from datetime import date
from pathlib import Path

from popmap.checks.run import open_checked
from popmap.store import Store, changed_at

REGISTER_VARIABLE = "POPMAP_REGISTER"
BUNDLED = Path(__file__).resolve().parent.parent / "data" / "popwork"
# The register in use, and two more for whoever compares versions; each costs as much memory as its tables.
MOST_OPEN = 3
_LEFT_BEHIND = 10_000

_Key = tuple[Path, tuple[tuple[str, int, int], ...], date]
_stores: OrderedDict[_Key, Store] = OrderedDict()
_looking = threading.Lock()
_building = threading.Lock()


def register_folder() -> Path:
    """Return the register to open: the folder POPMAP_REGISTER names, or the bundled one; always absolute, not always there."""
    stated = os.environ.get(REGISTER_VARIABLE, "").strip()
    return Path(stated).expanduser().absolute() if stated else BUNDLED


def opened(folder: Path, as_of: date | None = None) -> Store:
    """Return a register's store, built when it is first asked for, when its files have changed, and when the day has.

    Safe to call from any thread: one store is built at a time, and whoever asks for the same one meanwhile waits for it. A store that is
    no longer kept stays usable for those who still hold it.

    Args:
        folder: The register folder.
        as_of: The day to judge findings on; today when None.

    Raises:
        RegisterError: Nothing of the register can be read.
    """
    folder = folder.absolute()
    if store := _kept(_key(folder, as_of)):
        return store
    with _building:
        # The files are looked at again: they may have changed, or have been read by another thread, during the wait.
        key = _key(folder, as_of)
        if store := _kept(key):
            return store
        _forget(folder)
        store = open_checked(folder, key[2])
        with _looking:
            _stores[key] = store
            while len(_stores) > MOST_OPEN:
                _stores.popitem(last=False)
        _settle()
        return store


def at_hand(folder: Path, as_of: date | None = None) -> Store | None:
    """Return a register's store when it is there already, None when `opened` would have to build it."""
    return _kept(_key(folder.absolute(), as_of))


def _settle() -> None:
    """Spare the collector what stays: it would look through a whole register, and every module, in the middle of somebody's rerun."""
    # A rerun leaves some hundred objects behind; a look after each few reruns would be half a millisecond in the middle of one.
    gc.set_threshold(_LEFT_BEHIND, *gc.get_threshold()[1:])
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _key(folder: Path, as_of: date | None) -> _Key:
    return folder, changed_at(folder), as_of or date.today()


def _kept(key: _Key) -> Store | None:
    with _looking:
        if key in _stores:
            _stores.move_to_end(key)
        return _stores.get(key)


def _forget(folder: Path) -> None:
    """Let go of a folder's outdated store before its successor is built, so that they needn't fit in memory together."""
    with _looking:
        for key in [key for key in _stores if key[0] == folder]:
            del _stores[key]
