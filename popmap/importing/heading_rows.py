"""Which rows of a table are its headings, and the one heading each column has from them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from popmap.importing.document import Cells
from popmap.importing.headings import guess, sure
from popmap.importing.words import fold, group

_LATEST, _FEWEST_FIELDS = 25, 3
_FIELD = re.compile(r"[a-z][a-z0-9_]*")
_MOST_BELOW, _LONGEST_WORDS = 3, 6


def heading_row(rows: Sequence[Cells], marked: int) -> tuple[int, int]:
    """Return where the heading rows begin and end: (0, 0) when there are none.

    Args:
        rows: The table's rows.
        marked: How many rows the format marks as headings.
    """
    best, place = 0.0, -1
    # A row that the format marks is believed where it says anything.
    told = any(len({one.text for one in row if one.text}) > 1 for row in rows[:marked])
    for at, row in enumerate(rows[: marked if told else _LATEST]):
        texts = [one.text for one in row if one.text]
        if not texts or (len(set(texts)) == 1 and len(texts) > 1) or any(text.strip(" %").isdigit() for text in texts):
            continue
        scores = [guess(text) for text in texts]
        roles = {role for role, score in scores if role}
        weight = sum(score for _, score in scores) / 100
        share = sum(1 for role, _ in scores if role) / len(texts)
        if share >= 0.5 and (len(roles) > 1 or (len(texts) <= 2 and scores[0][1] == 100)) and weight > best + 0.4:
            best, place = weight, at
            if at and _explains(rows[at - 1]):
                return at - 1, at
    if place < 0:
        filled = next((at for at in range(marked) if sum(bool(one.text) for one in rows[at]) > 1), -1)
        # Fields of a program, `term,type,iri`, are headings as well, of what is no list for people.
        if (
            filled < 0
            and len(rows) > 1
            and len(rows[0]) > _FEWEST_FIELDS
            and all(_FIELD.fullmatch(one.text) for one in rows[0] if one.text)
        ):
            filled = 0
        return (filled, filled + 1) if filled >= 0 else (0, 0)
    start, end = place, place + 1
    while end < min(len(rows), place + _MOST_BELOW) and _goes_on(rows[place], rows[end]):
        end += 1
    while start > 0 and _joins(rows[start - 1], rows[place]):
        start -= 1
    return start, end


def _explains(row: Cells) -> bool:
    """Return whether a row heads a table that explains fields, "Field | Meaning", so that what stands below it are no headings."""
    texts = [one.text for one in row if one.text]
    return len(texts) == 2 and fold(texts[0]) in group("around", "sides")


def _goes_on(head: Cells, below: Cells) -> bool:
    """Return whether a row below the heading row is part of it: a heading that spans both stands in it again, and no cell is long."""
    pairs = [(one.text, other.text) for one, other in zip(head, below, strict=False) if one.text and other.text]
    again = [fold(one) for one, other in pairs if fold(one) == fold(other)]
    return any(map(sure, again)) and len(again) < len(pairs) and all(len(other.split()) <= _LONGEST_WORDS for _, other in pairs)


def _joins(above: Cells, below: Cells) -> bool:
    """Return whether a row above the heading row is part of it: as wide, short words, some of them roles."""
    texts = [one.text for one in above if one.text]
    wide = len(texts) > 1 and len(texts) >= sum(bool(one.text) for one in below) / 2
    return wide and all(len(text.split()) <= 6 for text in texts) and any(sure(text) for text in texts) and len(set(texts)) > 1


def titles(rows: Sequence[Cells]) -> list[str]:
    """Return one heading for each column from the heading rows: the lowest that says something, with those above where it is not known."""
    width = max((len(row) for row in rows), default=0)
    found = []
    for column in range(width):
        texts = list(dict.fromkeys(row[column].text.replace("\n", " ") for row in rows if column < len(row) and row[column].text))
        own = texts[-1] if texts else ""
        if len(texts) > 1 and (guess(" ".join(texts))[1] >= guess(own)[1] or not guess(own)[0]):
            own = " ".join(texts)
        found.append(own)
    return found
