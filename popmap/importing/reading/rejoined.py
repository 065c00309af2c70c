"""Rows of pasted tables whose first cells have several lines, put back together."""

from __future__ import annotations

from collections.abc import Sequence

from popmap.importing import headings

Line = tuple[int, str]
_TALLEST, _LONGEST_PART = 8, 400


def rejoined(lines: list[Line]) -> list[Line]:
    """Return lines with the rows of a table put back whose first cells have several lines: "Cloudy" above "Cloudy Inc.	Hosting	France".

    Only where the first row below the headings begins so: what follows a whole row may as well belong to its last cell.
    """
    made = list(lines)
    at = 0
    while at < len(made):
        width = made[at][1].count("\t")
        if width and all(headings.guess(one)[0] for one in made[at][1].split("\t") if one.strip()):
            end, rows = at + 1, []
            while (stop := _row_end(made, end, width)) and (rows or stop > end + 1):
                rows.append((made[end][0], "\n".join(text.strip(" ") for _, text in made[end:stop])))
                end = stop
            made[at + 1 : end] = rows
        at += 1
    return made


def _row_end(lines: Sequence[Line], at: int, width: int) -> int:
    """Return the line behind those from here on that hold a row's tabs, 0 where they hold no whole row."""
    tabs = 0
    for end in range(at, min(at + _TALLEST, len(lines))):
        text = lines[end][1]
        tabs += text.strip(" ").count("\t")
        if "\t" in text and all(headings.sure(one) for one in text.split("\t") if one.strip()):
            return 0
        if not text.strip() or tabs > width or len(text) > _LONGEST_PART:
            return 0
        if tabs == width:
            return end + 1
    return 0
