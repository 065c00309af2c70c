"""Which column of a run of rows holds the questions, their ids, the answers, the comments and the sections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from popmap.answering.reading.grid import Grid
from popmap.answering.reading.words import asks, blank, fold, header_role, is_answer, sentence, without_id
from popmap.uploads.separated import letters

# Columns that stand beside the answers and are not the vendor's to fill.
_NOT_OURS = re.compile(
    r"\b(?:guidance|examples?|expected|typical|weight\w*|scor\w+|points|sample|reviewer\w*|auditor\w*|assessor\w*|internal use|"
    r"customer use|analyst|csc|importance|"
    r"exemples?|attendue?s?|reserve|pruf\w*|beispiel\w*|erwartet\w*|gewichtung|punkte|ejemplos?|esperad\w+|peso|puntuacion|uso interno|"
    r"revisor\w*)\b"
)
_STATUS = re.compile(r"\b(?:status|statut|estado)\b")
_CODE = re.compile(r"[A-Za-z]{0,10}[-._ ]?[0-9]{1,4}(?:[.\-_][0-9A-Za-z]{1,4})*[a-z]?[.)]?|[A-Z]{1,8}(?:[-._][A-Z0-9]{1,8})+")
_TWIN = re.compile(r"[\[(_][a-z]{2}[\])]?$")
_WORTH_LOOKING = 400


@dataclass(frozen=True, slots=True)
class Run:
    """Rows that share one header.

    Attributes:
        header: The header's row, 0 when there is none.
        first: The first row below it.
        last: The last row.
    """

    header: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Layout:
    """A run and what its columns are.

    Attributes:
        run: The rows.
        columns: Role -> (first column, last column); only an answer matrix has more than one column.
        sure: Whether the questions read as questions, rather than as statements whose column's header merely allows it.
        added: Whether the answer's column is one the sheet leaves free.
        words: Of an answer matrix, the answer each of its columns stands for.
    """

    run: Run
    columns: dict[str, tuple[int, int]]
    sure: bool = True
    added: bool = False
    words: tuple[str, ...] = ()


def spelled(columns: dict[str, tuple[int, int]]) -> dict[str, str]:
    """Return columns as letters: {"answer": "D:F"}."""
    return {role: letters(first) if first == last else f"{letters(first)}:{letters(last)}" for role, (first, last) in columns.items()}


def find(grid: Grid, run: Run, codes: Iterable[int] = ()) -> Layout | None:
    """Return what the columns of a run are, None when none of them holds questions.

    Args:
        grid: The sheet.
        run: The rows to look at.
        codes: Columns known to hold codes of answer lists.
    """
    codes = set(codes)
    roles = {column: header_role(grid.at(run.header, column), sure=False) for column in range(1, grid.width + 1)} if run.header else {}
    matrix, words = _matrix(grid, run)
    # "No" over a column may be the answer or the number; beside no "Yes" it is the number.
    numbers = {column for column in roles if column not in matrix and fold(grid.at(run.header, column)) in {"no", "n"}}
    roles |= dict.fromkeys(numbers, "reference")
    question, sure = _question(grid, run, roles, {*codes, *matrix})
    if not question:
        return None
    rows = [row for row in range(run.first, run.last + 1) if grid.at(row, question).strip()]
    taken = {question, *codes, *matrix}
    found: dict[str, tuple[int, int]] = {"question": (question, question)}
    _put(found, taken, "reference", _reference(grid, rows, roles, question, taken))
    if matrix:
        found["answer"] = (matrix[0], matrix[-1])
    else:
        _put(found, taken, "answer", _answer(grid, run, rows, roles, question, taken))
    _put(found, taken, "comment", _comment(grid, run, rows, roles, found.get("answer", (question, question))[1], taken))
    # A lone "Notes" column that nobody has filled is where the answers are meant to go.
    if "comment" in found and "answer" not in found and found["comment"][0] > question:
        found["answer"] = found.pop("comment")
    # A list whose every row has its status already is somebody's record, not questions to answer.
    answer = found.get("answer", (0, 0))[0]
    if not sure and not matrix and _STATUS.search(fold(grid.at(run.header, answer))) and _filled(grid, rows, answer) >= 0.6:
        return None
    if codes:
        found["choices"] = (min(codes), min(codes))
    _put(found, taken, "section", _section(grid, rows, roles, taken))
    return Layout(run, found, sure, words=words)


def _put(found: dict[str, tuple[int, int]], taken: set[int], role: str, column: int) -> None:
    if column:
        found[role] = (column, column)
        taken.add(column)


def _matrix(grid: Grid, run: Run) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return the columns of an answer matrix (headers Yes, No, N/A side by side) and their words, () when there is none."""
    if not run.header:
        return (), ()
    for row in (run.header, run.header + 1):
        best: list[int] = []
        line: list[int] = []
        for column in range(1, len(grid.rows[row - 1]) + 2 if row <= len(grid.rows) else 1):
            if is_answer(grid.at(row, column)):
                line.append(column)
                continue
            best, line = (line, []) if len(line) > len(best) else (best, [])
        if len(best) >= 2 and (row == run.header or sum(1 for cell in grid.rows[row - 1] if cell.strip()) == len(best)):
            return tuple(best), tuple(grid.at(row, column).strip() for column in best)
    return (), ()


def _question(grid: Grid, run: Run, roles: dict[int, str], taken: set[int]) -> tuple[int, bool]:
    """Return the questions' column and whether its texts read as questions; (0, False) when there is none."""
    asked: dict[int, int] = {}
    said: dict[int, int] = {}
    filled: dict[int, int] = {}
    for row in range(run.first, min(run.last, run.first + _WORTH_LOOKING) + 1):
        for column, text in enumerate(grid.rows[row - 1] if row <= len(grid.rows) else (), 1):
            if column in taken or not text.strip():
                continue
            filled[column] = filled.get(column, 0) + 1
            asked[column] = asked.get(column, 0) + (asks(text) if run.header else "?" in text or (asks(text) and bool(without_id(text)[0])))
            said[column] = said.get(column, 0) + sentence(text)
    named = [column for column, role in roles.items() if role == "question" and column in filled]
    # A column in another language ("questions[fr]") repeats the one without a language in its header.
    named = [column for column in named if not _TWIN.search(grid.at(run.header, column).strip())] or named
    best_named = max(named, key=lambda column: (asked[column] + said[column] / 3 + filled[column] / 10, -column), default=0)
    open_columns = [column for column in filled if roles.get(column, "") not in {"answer", "comment", "reference", "choices"}]
    best_asked = max(open_columns, key=lambda column: (asked[column], -column), default=0)
    if (
        best_named
        and asked[best_named] * 2 >= asked.get(best_asked, 0)
        and (asked[best_named] or said[best_named] or filled[best_named] > 1)
    ):
        return best_named, True
    if (
        best_asked
        and asked[best_asked] >= (1 if run.header else 2)
        and asked[best_asked] * (2 if run.header else 2.5) >= filled[best_asked] * 0.8
    ):
        return best_asked, True
    stated = [column for column, role in roles.items() if role == "statement" and said.get(column, 0) * 2 >= filled.get(column, 0) > 0]
    best_stated = max(stated, key=lambda column: (said[column], -column), default=0)
    if best_stated:
        return best_stated, asked[best_stated] * 2 >= filled[best_stated]
    answerable = {"answer"} & set(roles.values())
    unnamed = [
        column
        for column in open_columns
        if said.get(column, 0) * 2 >= filled[column] and column < min((c for c, r in roles.items() if r == "answer"), default=0)
    ]
    return (max(unnamed, key=lambda column: (said[column], -column)), False) if answerable and unnamed else (0, False)


def _reference(grid: Grid, rows: Sequence[int], roles: dict[int, str], question: int, taken: set[int]) -> int:
    named = [column for column, role in roles.items() if role == "reference" and column not in taken]
    if named:
        return max(named, key=lambda column: (len({grid.at(row, column) for row in rows} - {""}), -abs(question - column)))
    for column in range(question - 1, 0, -1):
        texts = [text for row in rows if (text := grid.at(row, column).strip())]
        if (
            column not in taken
            and len(texts) * 10 >= len(rows) * 6
            and sum(map(_is_code, texts)) * 10 >= len(texts) * 9
            and len(set(texts)) > len(texts) / 2
        ):
            return column
    return 0


def _is_code(text: str) -> bool:
    return len(text) <= 24 and _CODE.fullmatch(text) is not None


def _filled(grid: Grid, rows: Sequence[int], column: int) -> float:
    """Return the share of rows whose cell holds something other than an answer's word."""
    return sum(1 for row in rows if not blank(grid.at(row, column)) and not is_answer(grid.at(row, column))) / max(1, len(rows))


def _ours(grid: Grid, run: Run, column: int) -> bool:
    return not run.header or not _NOT_OURS.search(fold(grid.at(run.header, column)).replace("_", " "))


def _answer(grid: Grid, run: Run, rows: Sequence[int], roles: dict[int, str], question: int, taken: set[int]) -> int:
    some = rows[:_WORTH_LOOKING]
    lists = {column: sum(1 for row in some if grid.allowed(row, column)) for column in grid.lists}
    named = [column for column, role in roles.items() if role == "answer" and column not in taken and _ours(grid, run, column)]
    if named:

        def fitness(column: int) -> tuple[bool, bool, bool, bool, int]:
            empty = sum(1 for row in rows if blank(grid.at(row, column))) * 2 >= len(rows)
            return lists.get(column, 0) > 0, _filled(grid, rows, column) < 0.6, empty, column > question, -abs(column - question)

        return max(named, key=fitness)
    listed = [column for column, count in lists.items() if count * 2 >= len(some) and column not in taken and column != question]
    if listed:
        return min(listed, key=lambda column: (column < question, abs(column - question)))
    said = [
        column
        for column in range(1, grid.width + 1)
        if column not in taken
        and not roles.get(column)
        and column > question
        and sum(1 for row in rows if is_answer(grid.at(row, column))) * 2 >= len(rows)
    ]
    named_nothing = not run.header
    return said[0] if said and named_nothing else 0


def _comment(grid: Grid, run: Run, rows: Sequence[int], roles: dict[int, str], after: int, taken: set[int]) -> int:
    named = [
        column
        for column, role in roles.items()
        if role == "comment" and column not in taken and _ours(grid, run, column) and _filled(grid, rows, column) < 0.6
    ]
    return min(named, key=lambda column: (column < after, abs(column - after)), default=0)


def _section(grid: Grid, rows: Sequence[int], roles: dict[int, str], taken: set[int]) -> int:
    for column, role in roles.items():
        if role not in {"section", "statement"} or column in taken:
            continue
        texts = [text for row in rows if (text := grid.at(row, column).strip())]
        if (
            texts
            and all(len(text) <= 120 for text in texts)
            and len(texts) * 20 >= len(rows)
            and (role == "section" or len(set(texts)) < len(texts))
            and not all(map(_is_code, texts))
        ):
            return column
    return 0
