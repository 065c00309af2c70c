"""What an entry says of when its vendor is used: now, only later, or no longer."""

from __future__ import annotations

import re
from datetime import date

from popmap.importing import dates, standing
from popmap.importing.document import Cell
from popmap.importing.entries import Entry
from popmap.importing.grids import Found
from popmap.importing.model import Status, Value
from popmap.importing.standing import Standing
from popmap.importing.statements import Said, said
from popmap.importing.values import value

_AT_END = re.compile(r"[(\[]([^()\[\]]{3,60})[)\]]\s*\.?$")


def standing_of(entry: Entry, found: Found, proviso: str, today: date) -> tuple[Standing, Value | None]:
    """Return when an entry's vendor is used, and the value for its status; (SILENT, None) where nothing is said of it.

    Args:
        entry: The entry.
        found: Its table.
        proviso: What stands in brackets or behind a dash with the name, "" for nothing.
        today: The day that dates are held against.
    """
    said_by = [(one, standing.of(one.text, column=True)) for one in [entry.cells.get("status")] if one]
    said_by += [(one, Standing.FORMER) for one in [entry.cells.get("removed_on")] if one and _over(one, today)]
    cell = entry.cells["vendor"]
    said_by.append((cell, standing.of(proviso)))
    for role in ("purpose", "condition", "notes", "added_on"):
        if one := entry.cells.get(role):
            bracket = _AT_END.search(one.text)
            # "Active" in these is about something else.
            for words in (one.text, bracket.group(1) if bracket else ""):
                which = standing.of(words) if words else Standing.SILENT
                said_by.append((one, Standing.SILENT if which is Standing.CURRENT else which))
    said_by += [(one, Standing.PLANNED) for one in (entry.section, found.planned) if one and standing.over_planned(one.text)]
    for one, which in said_by:
        if which is not Standing.SILENT:
            return which, value(str(which), one)
    begins = entry.cells.get("added_on")
    if begins and (day := dates.parse(begins.text)) and day > today:
        return Standing.PLANNED, value(str(Standing.PLANNED), begins, Status.INFERRED, "it begins on a day to come")
    return Standing.SILENT, None


def _over(cell: Cell, today: date) -> bool:
    """Return whether a cell says since when a vendor is none any more; a day to come says that it still is."""
    day = dates.parse(cell.text)
    return day <= today if day else said(cell.text) in {Said.TEXT, Said.YES} and any(one.isdigit() for one in cell.text)
