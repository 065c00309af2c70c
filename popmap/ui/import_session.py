"""What a session holds of a list that was sent in: its bytes, what was said of it, and what is decided so far."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

import streamlit as st

from popmap.errors import PopmapError
from popmap.importing.document import Document
from popmap.importing.listing import Progress
from popmap.importing.merging import Keep
from popmap.lists.decisions import Decisions, Source
from popmap.lists.planning import Plan, document, plan
from popmap.lists.register import Register, read_register, source_of
from popmap.register.saving import state

_LIST = "popmap_list"
_MOST_KEPT = 8


@dataclass(frozen=True, slots=True)
class Sent:
    """A list that was sent in.

    Attributes:
        name: Its file's name.
        data: Its bytes.
        source: Where it is from, as stated; None until somebody says otherwise than what is found.
        decided: What is decided so far.
    """

    name: str
    data: bytes
    source: Source | None = None
    decided: Decisions = field(default_factory=Decisions)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of its bytes."""
        return hashlib.sha256(self.data).hexdigest()


_documents: OrderedDict[tuple[str, str], Document] = OrderedDict()
_registers: OrderedDict[tuple[Path, str], Register] = OrderedDict()
_plans: OrderedDict[tuple, Plan] = OrderedDict()
_lock = Lock()


def sent() -> Sent | None:
    """Return the list this session looks at, None for none."""
    return st.session_state.get(_LIST)


def take(name: str, data: bytes) -> None:
    """Look at another list."""
    st.session_state[_LIST] = Sent(name, data)


def put_away() -> None:
    """Look at no list; for callbacks."""
    st.session_state.pop(_LIST, None)


def read(one: Sent) -> Document:
    """Return a list as its reader gives it, read once; raises PopmapError when it cannot be read."""
    return _kept(_documents, (one.digest, one.name), lambda: document(one.data, one.name))


def register(folder: Path) -> Register:
    """Return a register to bring lists into, read again when its files change."""
    return _kept(_registers, (folder, state(folder) if folder.is_dir() else ""), lambda: read_register(folder))


def planned(one: Sent, folder: Path, progress: Progress | None = None) -> Plan:
    """Return what bringing the list in would do, with what is decided so far; the last plans are kept.

    Args:
        one: The list.
        folder: The register folder.
        progress: Called now and then with the steps done and all steps.
    """
    into = register(folder)
    source = one.source or source_of(into, one.name, one.data)
    key = (folder, into.base, one.digest, one.name, source, one.decided.text())
    return _kept(_plans, key, lambda: plan(into, read(one), one.data, source, one.decided, progress=progress))


def answer(key: str, option: str) -> None:
    """Decide a question; "" opens it again. For callbacks."""
    one = _now()
    st.session_state[_LIST] = replace(one, decided=replace(one.decided, answers={**one.decided.answers, key: option}))


def accept(folder: Path) -> None:
    """Answer every question as proposed, those too that such an answer raises; for callbacks."""
    for _ in range(20):
        try:
            open_ones = planned(_now(), folder).open_questions
        except PopmapError:
            return
        proposed = {one.id: one.proposed for one in open_ones if one.proposed}
        if not proposed:
            return
        for key, option in proposed.items():
            answer(key, option)


def hold(keys: Collection[str], keep: Keep | None) -> None:
    """Decide contradictions, all of them alike; None opens them again. For callbacks."""
    one, decided = _now(), set(keys)
    held = {name: value for name, value in one.decided.contradictions.items() if name not in decided}
    now = {**held, **dict.fromkeys(keys, keep)} if keep else held
    st.session_state[_LIST] = replace(one, decided=replace(one.decided, contradictions=now))


def map_column(table: int, place: int, role: str) -> None:
    """Say what a column holds; for callbacks."""
    one = _now()
    roles = {**one.decided.mapping.get(table, {}), place: role}
    st.session_state[_LIST] = replace(one, decided=replace(one.decided, mapping={**one.decided.mapping, table: roles}))


def state_source(source: Source) -> None:
    """Say where the list is from; for callbacks."""
    st.session_state[_LIST] = replace(_now(), source=source)


def _now() -> Sent:
    one = sent()
    if one is None:
        raise PopmapError("No list is open.")
    return one


def _kept(known: OrderedDict, key: tuple, make: object):  # noqa: ANN202 - whatever `make` makes
    with _lock:
        if key in known:
            known.move_to_end(key)
            return known[key]
    made = make() if callable(make) else None
    with _lock:
        known[key] = made
        while len(known) > _MOST_KEPT:
            known.popitem(last=False)
    return made
