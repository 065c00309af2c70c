"""From grids to a questionnaire: the layout each sheet has, or was given, and the questions in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from popmap.answering.model import Block, Question
from popmap.answering.reading import layout, rows
from popmap.answering.reading.codes import code_lists, columns_of_codes
from popmap.answering.reading.columns import Layout, spelled
from popmap.answering.reading.grid import Grid

# The head of the sheet that writing adds: it repeats the questions and asks none.
SOURCE_HEADINGS = ("Place", "Id", "Question", "Answer", "Note", "Sources", "Not in the file because")


def questions(grids: Sequence[Grid], blocks: Sequence[Block] | None) -> tuple[list[Question], list[Block], list[str]]:
    """Return the questions of all sheets, the layout they were found by, and notes for a person.

    Args:
        grids: The file's sheets, in order.
        blocks: The layout a person gave; None to find it.
    """
    grids = [grid for grid in grids if not grid.rows or grid.rows[0] != SOURCE_HEADINGS]
    lists = code_lists(grids)
    coded = {grid.name: columns_of_codes(grid, lists) for grid in grids}
    # A sheet that only explains another's codes asks nothing.
    used = {sheet for grid in grids for codes in coded[grid.name].values() for sheet, own in lists.items() if own is codes}
    found = [
        (grid, one)
        for grid in grids
        if blocks is not None or grid.name not in used
        for one in (layout.given(grid, blocks) if blocks is not None else layout.layouts(grid, coded[grid.name]))
    ]
    if blocks is None:
        found = _trusted(found)
    asked: list[Question] = []
    kept: list[Block] = []
    notes: list[str] = []
    for grid, one in found:
        here = rows.questions(grid, one, coded[grid.name])
        if not here and blocks is None:
            continue
        asked += here
        kept.append(rows.block_of(grid, one))
        if one.added:
            column = spelled(one.columns)["answer"]
            place = f"Sheet {grid.name}" if grid.name else "The file"
            notes.append(f"{place} has no answer column: answers go to column {column}, which is empty, unless another is chosen.")
        elif "answer" not in one.columns:
            notes.append(f"Sheet {grid.name} has no place for answers: they go to a file beside it.")
    return asked, kept, list(dict.fromkeys(notes))


def _trusted(found: list[tuple[Grid, Layout]]) -> list[tuple[Grid, Layout]]:
    """Return the layouts that hold questions: statements without an answer column only where the file has no questions at all."""
    sure = [one for one in found if one[1].sure]
    answered = [one for one in found if not one[1].sure and not one[1].added and "answer" in one[1].columns]
    if sure or answered:
        return [one for one in found if one in sure or one in answered]
    return [(grid, replace(one)) for grid, one in found if "reference" in one.columns]
