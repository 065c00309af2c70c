"""Answers written into a workbook: the sheets' XML patched, every part without an answer copied byte for byte."""

from __future__ import annotations

from popmap.answering.model import Questionnaire
from popmap.answering.reading import parts
from popmap.answering.reading.xlsx import read
from popmap.answering.writing import container, headings, sheet, sources
from popmap.answering.writing.plan import STANDING, Plan, into_cells
from popmap.answering.writing.plan import sources as listed
from popmap.uploads import limits


def write(data: bytes, questionnaire: Questionnaire, made: Plan) -> tuple[bytes, bool]:
    """Return the workbook with the planned answers, and whether the sources found a sheet in it."""
    name = questionnaire.name
    grids = {grid.name: grid for grid in read(data, name).grids}

    def standing(of: str, row: int, column: int) -> str:
        return grids[of].at(row, column) if of in grids else ""

    cells = into_cells(made, standing)
    with limits.unpackable(data, name) as archive:
        book = parts.workbook(archive, name)
        changed: dict[str, bytes] = {}
        for one in book.sheets:
            if one.name not in cells:
                continue
            texts = cells[one.name]
            texts |= headings.added(questionnaire, one.name, texts, standing)
            patched, refused = sheet.put(parts.part(archive, one.part, name), texts, f"{name}, sheet {one.name}")
            changed[one.part] = patched
            _withdraw(made, one.name, refused)
        rows = listed(made)
        new: dict[str, bytes] = {}
        if rows and not questionnaire.protected and not book.locked:
            more, new = sources.sheet_parts(archive, book, rows, name)
            changed |= more
    return (container.rebuilt(data, name, changed, new) if changed else data), bool(new)


def _withdraw(made: Plan, of: str, refused: set[tuple[int, int]]) -> None:
    """Note which answers met a formula after all."""
    spots = {f"{sheet.letters(column)}{row}" for row, column in refused}
    for put in made.puts:
        if put.place.sheet == of and put.place.at in spots:
            made.done.discard(put.question.key)
            made.left[put.question.key] = STANDING
