"""Tables copied with one cell a line: read only where a column of every record proves where records begin."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from popmap.importing import headings, judging, naming, wording
from popmap.importing.document import Cell, Grid, Refusal
from popmap.importing.statements import Said, places, said
from popmap.importing.words import fold

Line = tuple[int, str]
_WIDEST, _FEWEST, _LIKELY = 8, 2, 70
_KEYED = re.compile(r"^([^:]{2,30}):\s+(\S.*)$")
TOGETHER = "Its cells run together, so that nothing says where one ends and the next begins."


def _checks() -> tuple[Callable[[str], bool], ...]:
    return (
        lambda text: said(text) in {Said.YES, Said.NO, Said.NOT_APPLICABLE},
        lambda text: len(text) < 80 and bool(places(text).stated),
        lambda text: text.startswith(("http://", "https://")),
    )


def grid(lines: Sequence[Line]) -> tuple[int, int, Grid | Refusal] | None:
    """Return where a stacked table begins and ends among lines, and the table, or why it is not read; None when there is none."""
    for start in range(len(lines)):
        width = 0
        while start + width < len(lines) and width < _WIDEST and headings.guess(lines[start + width][1])[1] >= _LIKELY:
            width += 1
        sure = [bool(headings.sure(text)) for _, text in lines[start : start + width]]
        # The headings end where one is not sure, or where the first record's cells read like headings too.
        widths = [one for one in range(width, 1, -1) if _heads(lines[start : start + one])]
        found = next(((one, held) for one in widths if (held := _records(lines[start + one :], one))), None)
        if found:
            width, held = found
            cells = [tuple(Cell(text, f"line {number}") for number, text in row) for row in (lines[start : start + width], *held)]
            return start, start + width + sum(map(len, held)), Grid(tuple(cells), 1)
        width = next((at for at, one in enumerate(sure) if not one), len(sure))
        if width not in widths:
            continue
        body = lines[start + width :]
        if len(body) >= width:
            refusal = Refusal(
                TOGETHER
                if naming.run_together(text for _, text in lines)
                else "It reads like a table with one cell a line, but nothing in it proves where one record ends and the next begins.",
                (f"lines {lines[start][0]} to {lines[-1][0]}",),
                lines[start][1][:120],
            )
            return start, len(lines), refusal
    return None


def _heads(lines: Sequence[Line]) -> bool:
    return bool({headings.guess(text)[0] for _, text in lines} & {"vendor", "category", "categories"})


def _records(body: Sequence[Line], width: int) -> list[Sequence[Line]]:
    return _held([body[at : at + width] for at in range(0, len(body), width)], width)


def set_apart(lines: Sequence[Line], at: int) -> tuple[int, Grid] | None:
    """Return where a stacked table ends whose records stand apart by blank lines, each with as many lines as there are headings; and it.

    Args:
        lines: All lines.
        at: Where its headings begin.
    """
    head, end = _run(lines, at)
    roles = {headings.sure(text) for _, text in head}
    if not 1 < len(head) <= _WIDEST or "" in roles or "vendor" not in roles:
        return None
    rows: list[Sequence[Line]] = []
    while end < len(lines):
        row, after = _run(lines, end)
        if len(row) != len(head):
            break
        rows.append(row)
        end = after
    if len(rows) < _FEWEST:
        return None
    return end, Grid(tuple(tuple(Cell(text, f"line {number}") for number, text in row) for row in (head, *rows)), 1)


def told_apart(lines: Sequence[Line], at: int) -> tuple[int, Grid] | None:
    """Return where records end that stand apart by blank lines, each a name, what it is for, and lines of one key: "Location: …"; and them.

    Args:
        lines: All lines.
        at: Where the first begins.
    """
    shape: tuple[str, ...] = ()
    rows: list[Sequence[Line]] = []
    end = at
    while end < len(lines):
        row, after = _run(lines, end)
        own = tuple(fold(found.group(1)) if (found := _KEYED.match(text)) else "" for _, text in row)
        name = row[0][1] if row else ""
        named = wording.is_name(name) and wording.is_proper(name) and judging.judge(name).verdict is judging.Verdict.VENDOR
        if not named or (shape and own != shape) or own[0] or not any(own):
            break
        shape = own
        rows.append(row)
        end = after
    if len(rows) < _FEWEST or not all(headings.guess(one)[0] for one in shape if one):
        return None
    kept = [place for place, one in enumerate(shape) if one or place < _FEWEST]
    titles = ["Vendor", *(rows[0][place][1].split(":")[0] if shape[place] else "Purpose" for place in kept[1:])]
    head = tuple(Cell(one, f"line {rows[0][0][0]}") for one in titles)
    cells = [tuple(Cell(_KEYED.sub(r"\2", row[place][1]), f"line {row[place][0]}") for place in kept) for row in rows]
    return end, Grid((head, *cells), 1)


def _run(lines: Sequence[Line], at: int) -> tuple[list[Line], int]:
    """Return the lines up to the next blank one, and where the line after that is."""
    while at < len(lines) and not lines[at][1].strip():
        at += 1
    run = []
    while at < len(lines) and lines[at][1].strip():
        run.append((lines[at][0], lines[at][1].strip()))
        at += 1
    return run, at


def _held(rows: list[Sequence[Line]], width: int) -> list[Sequence[Line]]:
    """Return the records up to the first that some column's content contradicts; [] when no column can be checked."""
    best: list[Sequence[Line]] = []
    for place in range(width):
        for check in _checks():
            held = 0
            while held < len(rows) and (len(rows[held]) <= place or check(rows[held][place][1])):
                held += 1
            whole = [row for row in rows[:held] if len(row) == width]
            if len(whole) >= 2 and held > len(best):
                best = rows[:held]
    return best
