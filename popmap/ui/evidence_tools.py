"""What stands on the evidence view of the pages on which something is made, checked, read in or edited: its result."""

from __future__ import annotations

import streamlit as st

from popmap.editing.planning import plan
from popmap.errors import PopmapError
from popmap.evidence.parts import PARTS
from popmap.opened import register_folder
from popmap.ui import edit_session, import_session
from popmap.ui.paper import MOST_ROWS, Grid, Heading, Part, Words, cell, cut_note
from popmap.ui.verify_panel import CHECKED
from popmap.ui.view import View


def evidence(_view: View) -> list[Part]:
    """Return what a pack of this register holds, and what for."""
    rows = [(part.name, part.what, "yes" if part.reproducible else "no: pictures a browser takes") for part in PARTS]
    return [
        Words("Everything made from the register in one archive, every byte of which can be checked later, with popmap and without."),
        Grid("What a pack holds", ("File", "What it is for", "The same bytes again"), rows),
    ]


def checked(_view: View) -> list[Part]:
    """Return what checking a pack in this session found."""
    found = st.session_state.get(CHECKED)
    if not found:
        return [Words("No pack was checked in this session.")]
    name, digest, headline, signer, faults, about = found
    parts: list[Part] = [
        Words(f"{signer}", headline),
        Grid("The pack", ("File", "SHA-256"), [(name, digest)]),
    ]
    if faults:
        shown = faults[:MOST_ROWS]
        parts += [*cut_note(len(shown), len(faults)), Grid("What is wrong", ("What", "File", "What is wrong", "Where"), shown)]
    if about:
        parts += [
            Heading("What the pack says of itself"),
            Grid("Facts", ("Fact", "Stated"), [(key, cell(value)) for key, value in about.items()]),
        ]
    return parts


def edited(view: View) -> list[Part]:
    """Return what is edited in this session and not saved, and what stands in its way."""
    edits = edit_session.edits()
    if not edits:
        return [Words("Nothing is edited in this session that is not saved.")]
    planned = plan(view.store, edits)
    shown = [(line,) for line in planned.changes[:MOST_ROWS]]
    parts: list[Part] = [Words("None of this is in the register.", "Edited and not saved:", weighty=True)]
    parts += [*cut_note(len(shown), len(planned.changes)), Grid("Changes", ("What would change",), shown)] if shown else []
    parts += [Words(obstacle, "To be mended first:") for obstacle in planned.obstacles[:MOST_ROWS]]
    return parts


def listed(_view: View) -> list[Part]:
    """Return what a list that is open in this session says, how its questions are decided, and what it would change."""
    one = import_session.sent()
    if one is None:
        return [Words("No list is open in this session.")]
    try:
        plan = import_session.planned(one, register_folder())
    except PopmapError as error:
        return [Words(str(error), "The list cannot be read:", weighty=True)]
    reading = plan.reading
    labels = {(asked.id, option.key): option.label for asked in reading.questions for option in asked.options}
    decided = [(asked.locator, asked.text, cell(labels.get((asked.id, asked.answer)))) for asked in reading.questions]
    changes = [(str(change),) for change in plan.changes]
    parts: list[Part] = [
        Grid("The list", ("File", "Source", "SHA-256", "Records"), [(one.name, plan.source.id, one.digest, f"{len(reading.records):,}")])
    ]
    parts += [Words(f"{refusal.reason} ({', '.join(refusal.lines)})", "Not read:", weighty=True) for refusal in reading.refusals]
    if decided:
        parts += [Heading("Questions"), Grid("Questions", ("Where", "Question", "Decided"), decided)]
    if changes:
        shown = changes[:MOST_ROWS]
        parts += [Heading("What would change"), *cut_note(len(shown), len(changes)), Grid("Changes", ("What would change",), shown)]
    return parts
