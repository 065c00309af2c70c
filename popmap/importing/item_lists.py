"""Which lists are lists of vendors: by what announces them, and by the names their items begin with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from popmap.importing import announcing, column_content, headings, items, judging, naming, splitting, wording
from popmap.importing.document import Cell, Item
from popmap.importing.judging import Verdict
from popmap.importing.words import fold, group, pattern

_LONGEST, _SHORT, _TITLE, _SHORT_PHRASE = 250, 90, 4, 8
_MOST_PAGES, _LEAST_LIKELY, _MOST_FAMOUS = 0.25, 0.5, 0.8
# Behind a kind of recipient: one of Cloudy, Rainy or Sunny.
_NAMELY = re.compile(
    r"\b(one of|currently|namely|these are|derzeit|aktuell|zurzeit|nämlich|actuellement|à savoir|actualmente|en concreto|attualmente"
    r"|such as|including|for example|e\.g\.|like|wie|z\.\s?B\.|beispielsweise|comme|tels que|notamment|par exemple"
    r"|como|por ejemplo)\s*:?,?\s+"
    r"([A-ZÀ-Ý0-9][^.;:\n]*(?:\.(?=\S)[^.;:\n]*)*)",
    re.IGNORECASE,
)
_LAST = re.compile(r"^(?:and|or|und|oder|et|ou|y|o|e)\s+|\s+(?:and|or|und|oder|et|ou|y|o|e)\s+")
# Headings of kinds of services read like headings of these columns.
_WHAT_FOR = frozenset(["", "purpose", "service", "contact"])


def undecided(found: Mapping[str, Cell]) -> bool:
    """Return whether an item says that who it is about is still to come."""
    told = fold(found["purpose"].text) if "purpose" in found else ""
    begins = pattern("names", "undecided").match(told)
    return bool(begins) and (begins.group() == told or (" " in begins.group() and len(told.split()) <= _SHORT_PHRASE))


def vendor_list(listed: Sequence[Item], above: str, trail: Sequence[str], alone: bool) -> bool:
    """Return whether a list is one of vendors.

    Args:
        listed: Its items.
        above: The paragraph directly above it, "" for none.
        trail: The headings above it, the outermost first.
        alone: Whether the document holds nothing else that could be read.
    """
    read = [found for found in items.parsed(listed) if not undecided(found)]
    named = [one for one in read if one and items.is_vendor(one["vendor"].text) and wording.is_proper(one["vendor"].text)]
    if column_content.share(listed, lambda one: fold(one.cell.text) in group("names", "pages")) > _MOST_PAGES:
        return False
    texts = [len(one.cell.text) for one in listed]
    if not named or len(named) < 0.6 * len(read):
        return False
    if (
        column_content.share(
            [one["vendor"].text for one in named],
            lambda one: bool(pattern("data", "words").search(fold(one))) and not splitting.has_form(one),
        )
        > 0.4
    ):
        return False
    linked = (
        column_content.share(
            [
                bool(one.cell.lead)
                and any(link.startswith("http") for link in one.cell.links)
                and len(one.cell.text) > len(one.cell.lead) + 8
                for one in listed
            ],
            bool,
        )
        >= 0.7
    )
    if linked and (announcing.introduces(above) or any(map(announcing.introduces, trail))):
        return True
    if sorted(texts)[(len(texts) - 1) // 2] > _LONGEST:
        return False
    if column_content.share([one["vendor"].text.split()[0] for one in named], lambda one: one.endswith("ing") and len(one) > 5) > 0.5:
        return False
    near = trail[-1] if trail else ""
    told = announcing.introduces(above) or announcing.introduces(near)
    if (
        not told
        and not above
        and not near.endswith(":")
        and ((_famous(named) and items.is_work(near)) or (sorted(texts)[len(texts) // 2] < _SHORT and headings.sure(near) != "contact"))
        and headings.guess(near)[0] in _WHAT_FOR
        and fold(near) not in group("around", "others")
    ):
        # "Sub-processors" and below it "Infrastructure": the heading above the nearest counts when it says nothing else.
        told = any(len(one.split()) <= _TITLE and announcing.introduces(one) for one in trail[-3:-1]) and (
            items.is_work(near) or _likely(named)
        )
    formed = column_content.share(
        read, lambda one: bool(one) and ("location" in one or ("vendor" in one and splitting.has_form(one["vendor"].text)))
    )  # type: ignore[arg-type]
    several = len(listed) > 1 or told
    if not told and pattern("around", "others").search(fold(near)):
        return False
    if told:
        return several and column_content.share([len(one.cell.text.split()) > 60 for one in listed], bool) < 0.3
    return several and (formed >= 0.5 or (alone and all("purpose" not in one or len(one["purpose"].text.split()) < 20 for one in named)))


def _likely(named: Sequence[items.Fields]) -> bool:
    """Return whether names have legal forms or places beside them, or are widely known."""
    return (
        column_content.share(
            named, lambda one: "location" in one or splitting.has_form(one["vendor"].text) or judging.is_known(one["vendor"].text)
        )
        >= _LEAST_LIKELY
    )


def _famous(named: Sequence[items.Fields]) -> bool:
    return column_content.share(named, lambda one: judging.is_known(one["vendor"].text)) > _MOST_FAMOUS


def named_in(cell: Cell) -> tuple[bool, tuple[str, ...]]:
    """Return whether words behind a kind of recipient say who they are for certain, and the names: "one of: Cloudy, Rainy or Sunny"."""
    found = _NAMELY.search(cell.text)
    if not found:
        return False, ()
    parts = [naming.clean_name(part) for one in splitting.pieces(found.group(2), ",;") for part in _LAST.split(one)]
    names = tuple(one for one in parts if one)
    sure = all(wording.is_name(one) and wording.is_proper(one) and judging.judge(one).verdict is Verdict.VENDOR for one in names)
    definite = fold(found.group(1)) in group("names", "namely")
    return definite, names if sure and len(names) > 1 else ()
