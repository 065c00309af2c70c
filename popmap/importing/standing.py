"""Since when and until when a vendor is one: what headings, columns and brackets say of those that are planned, former, or none at all."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from popmap.importing import dates
from popmap.importing.words import apart, fold, group, pattern

_LONGEST_HEADING = 9
_NOT_YET = re.compile(
    r"\b(?:noch nicht|pas encore|not currently|not yet|todavia no|aun no|non ancora|nog niet|ikke enda)\b"
    r"|\b(?:not|non|nicht|pas|no|nao|niet|ikke|inte) (?:active|activ[oaie]s?|aktiv\w*|actifs?|attiv[oi]|ativos?|enabled|live|actief)\b"
)
_NONE = re.compile(
    r"\b(?:not|pas|nicht|sind keine|ist kein|no (?:son|es|sao)|non (?:sono|e)|geen)"
    r"(?: (?:a|an|our|the|as|be|considered|constitute|acting|des|de|un|nos|unsere))*"
    r" (?:sub ?processors?|processors?|subencargad[oa]s?|encargad[oa]s?|(?:unter)?auftragsverarbeiter|sous traitants?|subverwerkers?)\b"
)


class Standing(StrEnum):
    """What is said of when a vendor is used; SILENT where nothing is."""

    CURRENT = "active"
    PLANNED = "proposed"
    FORMER = "retired"
    SILENT = ""


@lru_cache(maxsize=8_192)
def of(text: str, *, column: bool = False) -> Standing:
    """Return what words say of when a vendor is used, SILENT where they say anything else.

    Args:
        text: The words: those in brackets behind a name, or a cell.
        column: Whether they stand in a column that asks for it, so that more may follow: "Planned for the second quarter".
    """
    folded = " ".join(one for one in dates.without(fold(text)).split())
    for standing, key in ((Standing.FORMER, "former"), (Standing.PLANNED, "planned"), (Standing.CURRENT, "current")):
        if folded in group("standing", key):
            return standing
    if not column:
        return Standing.SILENT
    for standing, key in ((Standing.FORMER, "former"), (Standing.PLANNED, "planned"), (Standing.CURRENT, "current")):
        if pattern("standing", key).match(folded):
            return standing
    return Standing.SILENT


def over_planned(heading: str) -> bool:
    """Return whether a heading stands over vendors that are only planned; not one that names those in use as well."""
    folded = fold(heading)
    bare, later = _NOT_YET.subn(" ", folded)
    planned = bool(later) or bool(pattern("standing", "over_planned").search(bare))
    return planned and len(folded.split()) <= _LONGEST_HEADING + 5 and not pattern("standing", "over_current").search(bare)


def over_unused(heading: str) -> bool:
    """Return whether a heading stands over vendors that receive nothing: not used, or no longer."""
    folded = fold(apart(heading))
    return len(folded.split()) <= _LONGEST_HEADING + 2 and bool(pattern("around", "unused").search(folded) or _NONE.search(folded))


def denies(sentence: str) -> bool:
    """Return whether a sentence says of those below it that they are no recipients: "These are not sub-processors"."""
    return bool(_NONE.search(fold(sentence)))


def over_changes(heading: str) -> bool:
    """Return whether a heading stands over a history of changes."""
    bare = fold(re.sub(r"[\W\d]+$", "", heading))
    return bare in group("around", "changes") or any(
        f" {one} " in f" {bare} " for one in group("around", "changes") if len(one.split()) > 1 and len(bare.split()) <= _LONGEST_HEADING
    )
