"""What stands above a list: whether it announces recipients, and what it says of all of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from popmap.importing.statements import places, sentences
from popmap.importing.words import fold, group, pattern

_SENTENCE = 25
# "All sub-processors must keep to these rules:" says what they owe, and names none.
_OWED = re.compile(
    r"\b(?:must|required|requires?|shall|ensures?|obliged|committed|verpflichtet|mussen|doivent|tenus|deben|obligados|devono|moeten)\b"
)


def introduces(text: str) -> bool:
    """Return whether a heading or a sentence's end announces a list of recipients."""
    parts = sentences(text)
    last = parts[-1] if parts else ""
    if _OWED.search(fold(last)) and not pattern("lists", "announcing").search(fold(last)):
        return False
    announces = last.endswith(":") or len(last.split()) <= _SENTENCE or bool(pattern("lists", "announcing").search(fold(last)))
    return announces and bool(pattern("lists", "introducing").search(fold(last)))


def told(above: str) -> Mapping[str, str]:
    """Return what a sentence above a list says of all in it: `location` and `condition`, each with the sentence that says it."""
    found: dict[str, str] = {}
    for one in sentences(above)[-2:]:
        folded = fold(one)
        who, where = pattern("lists", "introducing").search(folded), pattern("lists", "located").search(folded)
        # "We are based in Germany and use these processors" says nothing of where the processors are.
        if who and where and who.start() < where.start():
            stated = places(one).stated
            if len(stated) == 1 or (not stated and pattern("places", "regions").search(folded)):
                found["location"] = one
        if any(folded.startswith(f"{word} ") for word in group("lists", "conditional")) and pattern("lists", "announcing").search(folded):
            found["condition"] = one
    return found
