"""Tables on their side: one record below the other's heading, its headings in the first column and what they say in the second."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from popmap.importing import announcing, headings, naming, wording
from popmap.importing.document import Cells, Grid
from popmap.importing.words import fold, group, pattern

_SURE = 70
ACTIVITY, _VENDOR = "Processing activity", "Vendor"
# What a record of processing activities says, and a list of vendors does not.
OF_ACTIVITIES = frozenset(["legal_basis", "data_subjects", "retention_period", "vendor"])
# What a table of vendors says beside a column that is headed "Name" and nothing more.
NAMING = frozenset(["purpose", "location", "transfer_mechanism", "url", "agreement_url", "country", "legal_name"])


def upright(grid: Grid, trail: Cells) -> Grid:
    """Return a table whose first column holds the headings of one record turned so that they stand in a row; any other as it is.

    Where no row names the vendor or the activity it is about, the heading above does.
    """
    first = grid.rows[0] if grid.rows else ()
    body = grid.rows[1:] if len(first) == 2 and (not first[0].text or _side(first[0].text)) else grid.rows
    rows = [row for row in body if len(row) == 2 and row[0].text]
    labels = [row[0].text for row in rows]
    if len(rows) < 3 or len(rows) < len(body) or len({fold(one) for one in labels}) < len(labels):
        return grid
    if _of_party(labels, trail) or sum(fold(one).replace("_", " ") in group("around", "documents") for one in labels) > 2:
        return replace(grid, rows=(), head=0)
    if len(body) < len(grid.rows) and (named := _under(rows, trail)):
        return named
    roles = [headings.sure(one) for one in labels]
    at = next(
        (
            place
            for place, role in enumerate(roles)
            if role == "vendor" and wording.is_name(rows[place][1].text) and not headings.sure(rows[place][1].text)
        ),
        -1,
    )
    if at < 0 or (sum(map(bool, roles)) < 0.5 * len(roles) and not (at and len(set(roles)) > 2)):
        return grid
    return replace(grid, rows=(tuple(row[0] for row in rows[at:]), tuple(row[1] for row in rows[at:])), head=1, even=True)


def _of_party(labels: Sequence[str], trail: Cells) -> bool:
    """Return whether a table on its side is about whoever keeps the list: the controller, its representative, its legal form."""
    party = pattern("around", "parties")
    over = re.sub(r"\s*\(.*?\)", "", trail[-1].text) if trail else ""
    return any(map(headings.of_party, labels)) or (bool(party.search(fold(over))) and not announcing.introduces(over))


def _side(text: str) -> bool:
    """Return whether a cell heads the labels of a table on its side."""
    words = fold(re.sub(r"\(.*?\)", "", text)).split()
    return bool(words) and (
        " ".join(words) in group("around", "sides")
        or (words[0] in group("around", "sides") and len(words) < 3)
        or words[-1] in group("around", "sides")
    )


def _under(rows: Sequence[Cells], trail: Cells) -> Grid | None:
    """Return the record of a table on its side with the heading above it as its name; None where that cannot be one."""
    guessed = [headings.guess(row[0].text) for row in rows]
    # "Sub-processor agreement" tells of an agreement; only a label that is sure of it names the vendor.
    roles = ["" if role == "vendor" and score < _SURE else role for role, score in guessed]
    known = {one for one in roles if one} - {"notes"}
    name = replace(trail[-1], text=naming.clean_name(trail[-1].text)) if trail else None
    if not name or len(known) < 3 or sum(map(bool, roles)) < len(roles) / 2:
        return None
    if len(known & OF_ACTIVITIES) > 1:
        head = replace(name, text=ACTIVITY)
    elif "vendor" not in known and known & NAMING and wording.is_name(name.text) and not headings.sure(name.text):
        head = replace(name, text=_VENDOR)
    else:
        return None
    return Grid(((head, *(row[0] for row in rows)), (name, *(row[1] for row in rows))), 1, even=True)
