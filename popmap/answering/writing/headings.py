"""The heading of an answer column that the file did not have."""

from __future__ import annotations

from collections.abc import Collection

from popmap.answering.model import Questionnaire
from popmap.answering.reading.grid import number
from popmap.answering.writing.plan import HEADINGS, Standing


def added(questionnaire: Questionnaire, sheet: str, written: Collection[tuple[int, int]], standing: Standing) -> dict[tuple[int, int], str]:
    """Return the headings that new answer columns of a sheet need: where a written column's header cell is empty.

    Args:
        questionnaire: As it was read.
        sheet: The sheet's name.
        written: The cells (row, column) that get answers.
        standing: Gives what stands in a cell.
    """
    found = {}
    for block in questionnaire.blocks:
        column = number(block.columns.get("answer", ""))
        if block.sheet != sheet or not block.header or not column or standing(sheet, block.header, column).strip():
            continue
        if not any(at == column and block.first <= row <= block.last for row, at in written):
            continue
        spoken = [one.language for one in questionnaire.questions if one.answer and one.answer.sheet == sheet]
        found[block.header, column] = HEADINGS[max(set(spoken), key=spoken.count) if spoken else "en"]
    return found
