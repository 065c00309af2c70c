"""Days as lists write them, in the languages lists are read in; a day that could be another is none."""

from __future__ import annotations

import re
from datetime import date

from popmap.importing.words import fold, group

# The first letters that tell a month, folded: January, janvier, enero, gennaio, leden ...
_MONTHS = {
    1: ("jan", "ene", "gen", "sty"),
    2: ("feb", "fev"),
    3: ("mar", "mrt", "maa"),
    4: ("apr", "avr", "abr"),
    5: ("may", "mai", "mag", "mei", "maj"),
    6: ("jun", "juin", "giu"),
    7: ("jul", "juil", "lug"),
    8: ("aug", "aou", "ago"),
    9: ("sep", "set"),
    10: ("oct", "okt", "ott", "out"),
    11: ("nov",),
    12: ("dec", "dez", "dic"),
}
_YEAR = re.compile(r"(?:19|20)\d\d")
_ISO = re.compile(r"\b((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})\b")
_PLAIN = re.compile(r"\b(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d\d)\b")
_LATE = 12


def parse(text: str) -> date | None:
    """Return the one day a text names, None where it names none, several, or one that may be two days ("03/04/2026")."""
    if found := _ISO.search(text):
        return _day(int(found.group(1)), int(found.group(2)), int(found.group(3)))
    if found := _PLAIN.search(text):
        first, mark, second, year = found.groups()
        # Points part day, month and year; slashes do so in one country and otherwise in another.
        if mark == "." or int(first) > _LATE or first == second:
            return _day(int(year), int(second), int(first))
        return _day(int(year), int(first), int(second)) if int(second) > _LATE else None
    words = fold(text).split()
    years = [int(one) for one in words if _YEAR.fullmatch(one)]
    months = [month for one in words if (month := _month(one))]
    days = [int(number) for one in words if (number := re.sub(r"(?:st|nd|rd|th|er|o)$", "", one)).isdigit() and len(number) < 3]
    if len(years) != 1 or len(months) != 1 or len(days) > 1:
        return None
    return _day(years[0], months[0], days[0] if days else 1)


def without(folded: str) -> str:
    """Return folded words without those of a date: "planned q3 2026" as "planned"."""
    kept = [one for one in folded.split() if not re.fullmatch(r"\d{1,4}(?:st|nd|rd|th|er)?|q[1-4]|h[12]", one) and not _month(one)]
    while kept and kept[-1] in group("standing", "since"):
        kept.pop()
    return " ".join(kept)


def _month(word: str) -> int:
    if not word.isalpha() or len(word) < 3 or word not in group("around", "months"):
        return 0
    longest = sorted(((start, month) for month, starts in _MONTHS.items() for start in starts), key=lambda one: -len(one[0]))
    return next((month for start, month in longest if word.startswith(start)), 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
