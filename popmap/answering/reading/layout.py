"""Where a sheet's headers are, and what stands in the rows below each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from popmap.answering.model import Block
from popmap.answering.reading import columns
from popmap.answering.reading.columns import Layout, Run
from popmap.answering.reading.grid import Grid, number
from popmap.answering.reading.words import LONGEST_HEADER, fold, header_role, is_answer

# Sheets whose names say that they explain or list something: without a header over questions they hold none.
_ASIDE = re.compile(
    r"\b(?:instructions?|read ?me|about|guide|guidance|info|introduction|intro|cover|glossary|definitions?|lists?|lookups?|drop ?downs?|"
    r"change ?log|versions?|legend|meta|scores?|scoring|scale|"
    r"consignes|mode d'emploi|glossaire|listes?|legende|anleitung|hinweise|deckblatt|glossar|listen|legende|instrucciones|portada|"
    r"glosario|listas?|leyenda)\b"
)


def layouts(grid: Grid, codes: Mapping[int, object]) -> list[Layout]:
    """Return a sheet's runs of questions, in order.

    Args:
        grid: The sheet.
        codes: Columns known to hold codes of answer lists.
    """
    headers = _headers(grid)
    ends = [*headers[1:], len(grid.rows) + 1][: len(headers)]
    runs = [Run(header, header + 1, end - 1) for header, end in zip(headers, ends, strict=True)]
    aside = bool(_ASIDE.search(fold(grid.name).replace("_", " ")))
    found = [one for run in runs if (one := columns.find(grid, run, codes)) and (one.sure or not aside)]
    if not found and not aside and grid.rows:
        bare = columns.find(grid, Run(0, 1, len(grid.rows)), codes)
        found = [bare] if bare else []
    return [_with_room(grid, one) for one in found]


def given(grid: Grid, blocks: Sequence[Block]) -> list[Layout]:
    """Return the layouts a person gave for a sheet, its answer matrix named by its header."""
    found = []
    for block in blocks:
        if block.sheet != grid.name or not block.columns.get("question"):
            continue
        spans = {}
        for role, spelled in block.columns.items():
            first, _, last = spelled.partition(":")
            if number(first):
                spans[role] = (number(first), number(last or first))
        words: tuple[str, ...] = ()
        left, right = spans.get("answer", (0, 0))
        if right > left:
            for row in (block.header, block.header + 1):
                words = tuple(grid.at(row, column).strip() for column in range(left, right + 1))
                if all(words):
                    break
        added = bool(left) and not any(grid.at(row, left).strip() for row in range(block.header or 1, block.last + 1))
        # A row a person named may lie below the sheet's last.
        last = min(block.last, len(grid.rows))
        if block.first <= last:
            found.append(Layout(Run(block.header, block.first, last), spans, added=added, words=words))
    return found


def _headers(grid: Grid) -> list[int]:
    """Return the rows that are headers: the first found sets the words its repetitions share."""
    seen = [(row, cells, roles) for row, cells in enumerate(grid.rows, 1) if (roles := _roles(cells))]
    found: list[int] = []
    known: set[str] = set()
    for row, cells, roles in seen:
        if not _is_header(cells, roles) or (found and not _again(cells, roles, known)):
            continue
        # A row above the true header that merely names some of its columns gives way to it.
        if found and row - found[-1] == 1 and len(roles) > 1:
            found.pop()
        known |= {fold(cells[column]) for column in roles}
        found.append(row)
    # Only where nothing else is a header may a lone "Questions" over a column be one.
    lone = (row for row, cells, roles in seen if set(roles.values()) == {"question"} and sum(1 for cell in cells if cell.strip()) == 1)
    return found or list(lone)[:1]


def _again(cells: Sequence[str], roles: Mapping[int, str], known: set[str]) -> bool:
    """Return whether a row repeats a header found before, in its words or, where each cell is but a word or two, in its roles."""
    if any(fold(cells[column]) in known for column in roles):
        return True
    return {"question", "answer"} <= set(roles.values()) and all(len(cell.split()) <= 4 and not re.search(r"\d", cell) for cell in cells)


def _roles(cells: Sequence[str]) -> dict[int, str]:
    """Return the roles of a row's cells by position from 0; {} for a row with a cell too long for a header's."""
    if any(len(cell) > LONGEST_HEADER * 3 for cell in cells):
        return {}
    return {column: role for column, cell in enumerate(cells) if cell and (role := header_role(cell.strip()))}


def _is_header(cells: Sequence[str], roles: Mapping[int, str]) -> bool:
    kinds = set(roles.values())
    filled = sum(1 for cell in cells if cell.strip())
    answers = sum(1 for cell in cells if is_answer(cell))
    if answers == 1 and "question" not in kinds:
        return False
    if "question" in kinds:
        return bool(kinds - {"question"}) or answers >= 2
    if "answer" in kinds:
        return bool(kinds & {"comment", "reference", "statement", "choices"}) or (filled == 2 and len(roles) == 1) or "section" in kinds
    if answers >= 2:
        return filled > answers
    return "statement" in kinds and bool(kinds & {"reference", "comment", "section"})


def _with_room(grid: Grid, layout: Layout) -> Layout:
    """Return a layout that has an answer column: the first one free to the right where the sheet has none and may be written."""
    if "answer" in layout.columns or grid.locked:
        return layout
    free = max(grid.width, *(right for _, right in layout.columns.values()), *(column for _, column in grid.merged), 0) + 1
    return replace(layout, columns={**layout.columns, "answer": (free, free)}, added=True)
