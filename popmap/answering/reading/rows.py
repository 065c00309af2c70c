"""The questions in a run's rows: headings told from questions, several questions in one cell told apart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from popmap.answering.language import languages_of
from popmap.answering.model import Block, Place, Question
from popmap.answering.reading.boxes import ticked, ticks
from popmap.answering.reading.codes import Codes
from popmap.answering.reading.columns import Layout, spelled
from popmap.answering.reading.grid import Grid
from popmap.answering.reading.words import asks, blank, fold, header_role, sentence, squeeze, vocabulary_in, without_id
from popmap.uploads.separated import letters

_MARKS = re.compile(r"[xX✓✔☑☒]|\[[xX]\]")
_LONGEST_HEADING = 12
_NUMBERED = re.compile(r"\s*(?:\(?[a-z0-9]{1,3}[.)]|[-•*])\s+")


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is usual among a run's rows: whether its questions carry an id, an answer list, something else beside them."""

    asked: float
    referenced: bool
    listed: bool
    parents: frozenset[str]


def block_of(grid: Grid, layout: Layout) -> Block:
    """Return a layout as the record a person can correct."""
    run = layout.run
    return Block(grid.name, run.header, run.first, run.last, spelled(layout.columns), grid.hidden)


def questions(grid: Grid, layout: Layout, codes: Mapping[int, Codes]) -> list[Question]:
    """Return the questions of a run.

    Args:
        grid: The sheet.
        layout: Its columns.
        codes: Columns that hold codes of answer lists.
    """
    ask = layout.columns["question"][0]
    run = layout.run
    rows = [row for row in range(run.first, run.last + 1) if row != run.header]
    facts = _usual(grid, layout, [row for row in rows if grid.at(row, ask).strip()])
    languages = dict(zip(rows, languages_of([squeeze(grid.at(row, ask)) for row in rows]), strict=True))
    section = _first_section(grid, layout)
    shared = vocabulary_in(grid.at(run.header, layout.columns["answer"][0])) if run.header and "answer" in layout.columns else ()
    found: list[Question] = []
    for row in rows:
        heading = _heading(grid, layout, facts, row)
        if heading is not None:
            section = heading or section
            continue
        own = squeeze(grid.at(row, layout.columns.get("section", (0, 0))[0]))
        # A section's name may stand beside its first question only, or in a cell merged over all of them.
        section = own if own and len(own.split()) <= _LONGEST_HEADING else section
        found += _row(grid, layout, codes, row, section, languages[row], layout.words or shared)
    return _sharing(found)


def _usual(grid: Grid, layout: Layout, rows: Sequence[int]) -> _Facts:
    ask = layout.columns["question"][0]
    asking = [row for row in rows if asks(grid.at(row, ask))] or [row for row in rows if sentence(grid.at(row, ask))] or list(rows)
    reference = layout.columns.get("reference", (0, 0))[0]
    answer = layout.columns.get("answer", (0, 0))[0]
    count = max(1, len(asking))
    ids = [grid.at(row, reference).strip() for row in rows] if reference else []
    return _Facts(
        asked=sum(asks(grid.at(row, ask)) for row in rows) / max(1, len(rows)),
        referenced=bool(reference) and sum(1 for row in asking if grid.at(row, reference).strip()) >= 0.7 * count,
        listed=sum(1 for row in asking if grid.allowed(row, answer)) >= 0.7 * count,
        parents=frozenset(name[:at] for name in ids for at, sign in enumerate(name) if sign == "." and at + 1 < len(name)),
    )


def _first_section(grid: Grid, layout: Layout) -> str:
    """Return the section a header names itself: over the questions, where other words would say "Question"."""
    text = squeeze(grid.at(layout.run.header, layout.columns["question"][0])) if layout.run.header else ""
    return "" if not text or header_role(text, sure=False) in {"question", "statement"} else text


def _heading(grid: Grid, layout: Layout, facts: _Facts, row: int) -> str | None:
    """Return a heading's text, "" for a row to pass over, None for a row that holds a question."""
    ask = layout.columns["question"][0]
    text = squeeze(grid.at(row, ask))
    reference = layout.columns.get("reference", (0, 0))[0]
    name = grid.at(row, reference).strip() if reference else ""
    if not text:
        return _beside(grid, layout, row)
    if sum(letter.isalpha() for letter in text) < 2 or text.rstrip(" .") in {"N/A", "n/a"}:
        return ""
    short = text if len(text.split()) <= _LONGEST_HEADING else ""
    spread = grid.owner(row, layout.columns.get("answer", (0, 0))[0]) == grid.owner(row, ask)
    if spread and "?" not in text:
        return short
    if asks(text):
        return None
    if facts.referenced and not name:
        return short
    if facts.listed and not grid.allowed(row, layout.columns.get("answer", (0, 0))[0]):
        return short
    if name and name.rstrip(".") in facts.parents:
        return short
    alone = not any(cell.strip() for column, cell in enumerate(grid.rows[row - 1], 1) if column not in {ask, reference})
    if not layout.sure:
        return None if sentence(text) or name else short
    if alone and not name and not text.endswith(".") and short and (facts.asked >= 0.5 or (facts.asked > 0 and not sentence(text))):
        return short
    return None


def _beside(grid: Grid, layout: Layout, row: int) -> str:
    """Return the heading of a row whose question cell is empty, "" when it has none."""
    reference = layout.columns.get("reference", (0, 0))[0]
    passed = {column for role, (first, last) in layout.columns.items() for column in range(first, last + 1) if role != "section"} - {0}
    texts = [
        (column == layout.columns.get("section", (0, 0))[0], text)
        for column, cell in enumerate(grid.rows[row - 1], 1)
        if (text := squeeze(cell)) and column not in passed and len(text.split()) <= _LONGEST_HEADING and sum(map(str.isalpha, text)) >= 3
    ]
    if texts:
        return max(texts, key=lambda one: (one[0], len(one[1].split()) > 1, sum(map(str.isalpha, one[1]))))[1]
    # A heading may stand in the id's column, across the row: "A. Data protection".
    name = squeeze(grid.at(row, reference)) if reference else ""
    alone = sum(1 for cell in grid.rows[row - 1] if cell.strip()) == 1 if row <= len(grid.rows) else False
    return name if len(name.split()) <= _LONGEST_HEADING and (" " in name or (alone and name.isalpha() and len(name) > 3)) else ""


def _row(
    grid: Grid, layout: Layout, codes: Mapping[int, Codes], row: int, section: str, language: str, shared: tuple[str, ...]
) -> list[Question]:
    ask = layout.columns["question"][0]
    names = [line.strip() for line in grid.at(row, layout.columns.get("choices", (0, 0))[0]).splitlines() if line.strip()]
    parts = _parts(grid.at(row, ask), len(names))
    at, standing = _answer_place(grid, layout, row)
    comment = _comment_place(grid, layout, row)
    reference = grid.at(row, layout.columns.get("reference", (0, 0))[0]).strip()
    found = []
    for number, text in enumerate(parts):
        leading, rest = without_id(text)
        words, several = _vocabulary(grid, layout, codes, row, names[number] if number < len(names) else "", language)
        words = (
            words
            or ticks(grid.at(row, layout.columns.get("answer", (0, 0))[0]))
            or (shared if len(parts) == 1 else ())
            or vocabulary_in(text[-90:] if "(" in text[-90:] else "")
        )
        part = number if len(parts) > 1 else None
        lines = standing.splitlines() if part is not None else [standing]
        found.append(
            Question(
                key=f"{grid.name}!{letters(ask)}{row}" if grid.name else f"{letters(ask)}{row}",
                text=rest if leading and (not reference or fold(leading) == fold(reference).rstrip(".):")) else text,
                language=language,
                reference=reference or leading,
                section=section,
                statement=not asks(text),
                vocabulary=words,
                several=several,
                answer=replace(at, part=part) if at else None,
                comment=comment,
                answered=(lines[number] if number < len(lines) else "") if part is not None else standing,
            )
        )
        if number:
            found[-1] = replace(found[-1], key=f"{found[-1].key}#{number + 1}")
    return found


def _parts(text: str, codes: int) -> list[str]:
    """Return the questions of a cell: its lines where each asks for itself, or where as many answer codes stand beside them."""
    lines = [squeeze(line) for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and (len(lines) == codes or all(line.endswith("?") and len(line.split()) >= 3 for line in lines)):
        return [_NUMBERED.sub("", line, count=1) or line for line in lines]
    return [squeeze(text)]


def _vocabulary(grid: Grid, layout: Layout, codes: Mapping[int, Codes], row: int, name: str, language: str) -> tuple[tuple[str, ...], bool]:
    answer = layout.columns.get("answer", (0, 0))[0]
    words = grid.allowed(row, answer)
    if words:
        return words, False
    column = layout.columns.get("choices", (0, 0))[0]
    known = codes.get(column, {}).get(name)
    if known:
        return known.in_language(language), known.several
    return (vocabulary_in(name) if name else ()), False


def _answer_place(grid: Grid, layout: Layout, row: int) -> tuple[Place | None, str]:
    """Return where a row's answer goes, None for nowhere, and what stands there."""
    left, right = layout.columns.get("answer", (0, 0))
    if not left:
        return None, ""
    if right > left:
        cells = [(row, column) for column in range(left, right + 1)]
        if any(cell in grid.formulas or _shut(grid, cell) for cell in cells):
            return None, ""
        marked = next((number for number, cell in enumerate(cells) if _MARKS.fullmatch(grid.at(*cell).strip())), None)
        standing = layout.words[marked] if marked is not None and marked < len(layout.words) else ""
        return Place(grid.name, f"{letters(left)}{row}:{letters(right)}{row}"), standing
    top = grid.owner(row, left)
    text = grid.at(*top).strip()
    if ticks(text):
        text = "\n".join(ticked(text))
    if top in grid.formulas or _shut(grid, top) or top[1] != left:
        return None, text
    return Place(grid.name, f"{letters(top[1])}{top[0]}"), "" if blank(text) else text


def _comment_place(grid: Grid, layout: Layout, row: int) -> Place | None:
    column = layout.columns.get("comment", (0, 0))[0]
    if not column:
        return None
    top = grid.owner(row, column)
    if top != (row, column) or top in grid.formulas or _shut(grid, top) or not blank(grid.at(*top)):
        return None
    return Place(grid.name, f"{letters(column)}{row}")


def _shut(grid: Grid, cell: tuple[int, int]) -> bool:
    return grid.locked and bool(grid.open_cells) and cell not in grid.open_cells


def _sharing(found: list[Question]) -> list[Question]:
    """Return the questions with parts given to those that share one merged answer cell."""
    sharers: dict[Place, list[int]] = {}
    for number, one in enumerate(found):
        if one.answer and one.answer.part is None:
            sharers.setdefault(one.answer, []).append(number)
    for place, numbers in sharers.items():
        if len(numbers) > 1:
            for part, number in enumerate(numbers):
                lines = found[number].answered.splitlines()
                found[number] = replace(
                    found[number], answer=replace(place, part=part), answered=lines[part] if part < len(lines) else "", vocabulary=()
                )
    return found
