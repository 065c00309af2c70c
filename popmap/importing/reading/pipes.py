"""Tables of lines whose cells stand apart by a mark: with and without separator rows, records broken over lines joined again."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from popmap.importing.document import Cell, Grid

Line = tuple[int, str]
Clean = Callable[[str, str], Cell]
_RULE = re.compile(r"^[\s|:+=—–-]*$")
_DASHES = re.compile(r"-{2,}|={2,}|—{2,}|:-|-:")


@dataclass(frozen=True, slots=True)
class _Parted:
    number: int
    cells: tuple[str, ...]
    leads: bool
    ends: bool


def is_rule(line: str) -> bool:
    """Return whether a line only draws: a separator row or a border."""
    return bool(_RULE.match(line) and _DASHES.search(line))


def parted(line: str, mark: str) -> tuple[str, ...]:
    """Return a line's cells; an escaped mark or one within backticks parts nothing."""
    if mark != "|":
        return tuple(line.split(mark))
    bare = line.strip()
    inner = bare[1:] if bare.startswith("|") and len(bare) > 1 else bare
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    if "\\|" not in inner and "`" not in inner:
        return tuple(inner.split("|"))
    cells = re.split(r"(?<!\\)\|(?=(?:[^`]*`[^`]*`)*[^`]*$)", inner) if len(inner) < 5_000 else re.split(r"(?<!\\)\|", inner)
    return tuple(one.replace("\\|", "|") for one in cells)


def _part(line: Line, mark: str) -> _Parted:
    number, text = line
    bare = text.strip() if mark == "|" else text
    return _Parted(number, parted(text, mark), bare.startswith(mark) and len(bare) > 1, bare.endswith(mark))


def grids(lines: Sequence[Line], mark: str, clean: Clean, last: bool) -> list[Grid]:
    """Return the tables in a run of lines.

    Args:
        lines: The lines with their numbers; blank lines are left out.
        mark: What stands between cells.
        clean: Makes a cell of its text and locator.
        last: Whether the document ends with the run, perhaps in the middle of a row.
    """
    found: list[Grid] = []
    starts = [0]
    for at in range(1, len(lines)):
        under = mark == "|" and is_rule(lines[at][1]) and at - 1 > starts[-1] and not is_rule(lines[at - 1][1])
        before = lines[starts[-1] : at - 1]
        # A rule under a line makes that line a heading, so a table begins with it.
        if under and (any(is_rule(one) for _, one in before) or len(parted(lines[at - 1][1], mark)) != _width(before, mark)):
            starts.append(at - 1)
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        run = lines[start:end]
        ruled = next((at for at, (_, text) in enumerate(run) if is_rule(text)), -1)
        parts = [_part(line, mark) for line in run if not is_rule(line[1])]
        if parts:
            found.append(_grid(parts, 1 if ruled == 1 else 0, clean, last and end == len(lines)))
    return found


def _width(lines: Sequence[Line], mark: str) -> int:
    return len(parted(lines[0][1], mark)) if lines else 0


def _grid(parts: list[_Parted], head: int, clean: Clean, last: bool) -> Grid:
    counts = [len(one.cells) for one in parts]
    width = (
        counts[0] if head or (counts[0] > 1 and counts.count(counts[0]) > 1) else max(set(counts), key=lambda one: (counts.count(one), one))
    )
    width = max(width, counts[0] if counts[0] > 1 else 0)
    first = parts[0]
    rows: list[list[tuple[str, int]]] = []
    broken: list[str] = []
    open_end = False
    for one in parts:
        cells = [(text, one.number) for text in one.cells]
        current = rows[-1] if rows else []
        need = len(current) + len(cells) - open_end
        if current and len(current) < width + open_end and need <= width and not (first.leads and one.leads):
            if open_end:
                current[-1] = (f"{current[-1][0]} {cells[0][0].strip()}", current[-1][1])
                cells = cells[1:]
            current += cells
            broken.append(f"line {current[0][1]}")
        else:
            rows.append(cells)
        open_end = not one.ends and (first.ends or len(rows[-1]) < width)
    # A last row that has all its cells and only lacks its closing mark is taken as whole.
    cut = last and open_end and len(rows[-1]) < width and len(rows) > 1
    made = [tuple(clean(text, f"line {number}") for text, number in row) for row in rows]
    if cut:
        made[-1] = (*made[-1][:-1], replace(made[-1][-1], cut=True))
    return Grid(tuple(made), head, broken=tuple(dict.fromkeys(broken)))
