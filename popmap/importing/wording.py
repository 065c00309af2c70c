"""How words look: as a name, as a sentence, as a phrase, as a date or the address of a site."""

from __future__ import annotations

import re
from functools import lru_cache

from popmap.importing.splitting import has_form
from popmap.importing.words import fold, group, terms

_FEWEST_OF_SENTENCE = 4
_LONGEST_NAME, _LONGEST_WORDED, _LONGEST_DATE = 8, 12, 5
_SITE = re.compile(r"(?:https?://)?(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/\S*)?")
_STOP = re.compile(r"[a-zà-ÿ)][.!?]\s+[A-ZÀ-Ý]")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}|\b(?:Inc|Ltd|Co|Corp|Cie|St|Sp|Dr|No)\.")
_PHRASE = re.compile(r"^[^\W\d_][\w'’-]*(?:\s+[^A-ZÀ-Ý\W\d][\w'’./-]*)+[.;]?$")
_PASSAGE = re.compile(
    r"\b(?:clause|article|artikel|artículo|section|chapter|step|phase|annex|art\.|table|figure|version|page)\s*\d|§", re.IGNORECASE
)


def is_site(text: str) -> bool:
    """Return whether words are the address of a site and nothing else."""
    return bool(_SITE.fullmatch(text))


@lru_cache(maxsize=8_192)
def is_name(text: str) -> bool:
    """Return whether words may be a vendor's name: few, beginning with a capital or a digit, no sentence."""
    if len(text) > 120:
        return False
    words = text.split()
    bare = re.sub(r"\([^)]*\)", "", text).strip()
    if _PASSAGE.search(text) or dated(text):
        return False
    if not words or len(bare.split()) > _LONGEST_NAME:
        return False
    first = next((one for one in text if one.isalnum()), "")
    bare = _DOTTED.sub("", bare)
    domain = re.fullmatch(r"[\w-]+(\.[\w-]+)+", words[0])
    return (
        bool(first)
        and (not first.islower() or bool(domain) or any(one.isupper() for one in words[0]))
        and not re.search(r"[.!?]\s+[a-zà-ÿ]|[!?]$", bare)
    )


def is_proper(name: str) -> bool:
    """Return whether a name's words begin with capitals or digits, so that it is no phrase; small words and one in three may not."""
    words = [
        one
        for one in re.sub(r"\([^)]*\)", "", name).split()
        if one.lower() not in terms("terms")["names"]["articles"] and any(letter.isalnum() for letter in one)
    ]
    plain = [one for one in words if one[0].islower() and not any(letter.isupper() or letter == "." for letter in one)]
    return bool(words) and (name[0].isalnum() or name[0] in "\"“'«") and len(plain) <= len(words) / 3


def wordy(text: str) -> bool:
    """Return whether words are a sentence and no name."""
    bare = re.sub(r"\([^)]*\)", " ", text).strip()
    words = bare.split()
    ended = bare.endswith((".", "!", "?")) and len(words) >= _FEWEST_OF_SENTENCE and not has_form(bare)
    if ended and sum(one[0].islower() for one in words) > len(words) / 2:
        return True
    return len(bare.split()) > _LONGEST_WORDED or (len(bare.split()) > 2 and not has_form(bare) and bool(_STOP.search(bare)))


def phrase(text: str) -> bool:
    """Return whether words may be a kind of recipient as well as a name: several, those after the first in lower case or none a word."""
    bare = re.sub(r"\([^)]*\)", " ", text).strip()
    return len(bare.split()) > 1 and not has_form(text) and (bool(_PHRASE.match(bare)) or "_" in bare)


def dated(text: str) -> bool:
    """Return whether words are a date, or a part of one: "May 31", "3. Mai 2026", "2026"."""
    words = fold(text).split()
    numbers = [one for one in words if one.isdigit()]
    rest = [one for one in words if not one.isdigit()]
    return bool(numbers) and len(words) <= _LONGEST_DATE and all(one in group("around", "months") for one in rest)
