"""What stands on the history page's evidence view: all versions, and what changed between the two that the link compares."""

from __future__ import annotations

from popmap.errors import PopmapError
from popmap.opened import register_folder
from popmap.past import changes
from popmap.register.history import Version, find, versions
from popmap.ui.paper import MOST_ROWS, Grid, Heading, Part, Words, cut_note
from popmap.ui.state import value_in
from popmap.ui.view import View

FROM_KEY, TO_KEY = "from", "to"


def history(view: View) -> list[Part]:
    """Return all versions, the newest first, and what changed between two of them.

    Who made a version and why is for those who keep the register: both are left out for the public.
    """
    folder = register_folder()
    known = versions(folder)
    if not known:
        return [Words("No history is kept of this register.")]
    later = _named(view, TO_KEY) or known[0]
    earlier = _named(view, FROM_KEY) or next((one for one in known[known.index(later) + 1 :]), None)
    lines = [(line,) for line in changes(folder, earlier, later).lines()]
    headings = ("Version", "When (UTC)") if view.public else ("Version", "When (UTC)", "Who", "Why")
    rows = [(one.id, f"{one.at:%Y-%m-%d %H:%M:%S}", one.author, one.message)[: len(headings)] for one in known[:MOST_ROWS]]
    since = f"{earlier.short} of {earlier.at:%Y-%m-%d}" if earlier else "the beginning"
    return [
        Heading(f"From {since} to {later.short} of {later.at:%Y-%m-%d}"),
        *cut_note(min(len(lines), MOST_ROWS), len(lines)),
        *([Grid("What changed", ("What changed",), lines[:MOST_ROWS])] if lines else [Words("Nothing changed.")]),
        Heading(f"All versions ({len(known):,})"),
        *cut_note(len(rows), len(known)),
        Grid("Versions", headings, rows),
    ]


def _named(view: View, key: str) -> Version | None:
    named = value_in(view.query, key)
    try:
        return find(register_folder(), named) if named else None
    except PopmapError:
        return None
