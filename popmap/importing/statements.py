"""What a cell states: yes, no, not applicable, none or nothing; which countries and under what condition; which basis and safeguard."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from popmap.importing import countries
from popmap.importing.countries import Part, Stretch
from popmap.importing.words import fold, group, pattern, terms

_WORDS = re.compile(r"[^\W_]+(?:[.’'][^\W_]+)*\.?(?:[^\W_]\.)*|\S")
_URL = re.compile(r"https?://|www\.|\bat [a-z0-9.-]+\.[a-z]{2,}(?:/|$)")
_FIRST_FLAG = 0x1F1E6
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_INNER = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý])")
# Art. 6(1)(b), Art. 6 Abs. 1 S. 1 lit. b, article 6, paragraphe 1, point b
_ARTICLE = re.compile(
    r"\b6 (?:(?:abs|absatz|para|par|paragraph|paragraphe|apartado) )?1 (?:(?:s|satz|uabs) 1 )?"
    r"(?:(?:lit|letter|point|let|lettre|letra|buchst|buchstabe) )?([a-f])\b"
)


class Said(StrEnum):
    """What a cell answers; TEXT when it says something of its own."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not applicable"
    NONE = "none"
    BLANK = "blank"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Places:
    """Where something is processed, as stated.

    Attributes:
        stated: Codes of countries that are named.
        inferred: Codes of countries in which named places lie.
        condition: The statement itself, when it says more than which countries; "" otherwise.
        remark: What stands beside it and is no place, "" for nothing.
    """

    stated: tuple[str, ...] = ()
    inferred: tuple[str, ...] = ()
    condition: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of a fixed vocabulary that a cell names.

    Attributes:
        stated: Terms named in the regulation's words.
        inferred: Terms that loose words probably mean.
        obsolete: Whether a safeguard is named that no longer stands.
        bare: Whether the cell says nothing else.
    """

    stated: tuple[str, ...] = ()
    inferred: tuple[str, ...] = ()
    obsolete: bool = False
    bare: bool = True


@cache
def _answers() -> dict[str, Said]:
    kinds = zip(
        ("yes", "no", "not_applicable", "none", "blank"), (Said.YES, Said.NO, Said.NOT_APPLICABLE, Said.NONE, Said.BLANK), strict=True
    )
    return {word.casefold(): said for key, said in kinds for word in terms("terms")["answers"][key]}


def said(text: str) -> Said:
    """Return what a cell answers."""
    bare = text.strip().casefold()
    return _answers().get(bare) or _answers().get(bare.strip(" .*()[]"), Said.TEXT)


@lru_cache(maxsize=16_384)
def places(text: str) -> Places:
    """Return the countries a statement of locations names.

    A region is no country; after "except", "outside" and the like, and after "head office", a country is not where the data is. What the
    statement says beyond countries and places in them (choices, options, customers it is for) makes the whole of it a condition.
    """
    stated: list[str] = []
    inferred: list[str] = []
    conditions: list[str] = []
    remarks: list[str] = []
    for line in (_flagged(one.strip(" -•·\t")) for one in re.split(r"[\n;]+", text)):
        answer = said(line)
        if answer is Said.BLANK:
            continue
        if _URL.search(line) or len(line) > 300:
            remarks.append(line)
            continue
        named, lying, more = _line(line) if answer is Said.TEXT else ([], [], True)
        stated += named
        inferred += lying
        if more:
            conditions.append(line)
    inferred = [one for one in dict.fromkeys(inferred) if one not in stated]
    return Places(tuple(dict.fromkeys(stated)), tuple(inferred), "; ".join(conditions), "\n".join(remarks))


def _flagged(line: str) -> str:
    """Return a line without flags, or the codes of the countries they stand for where it says nothing else."""
    found = _FLAG.findall(line)
    if not found:
        return line
    bare = _FLAG.sub(" ", line).strip()
    return bare or ", ".join("".join(chr(ord(one) - _FIRST_FLAG + ord("A")) for one in flag) for flag in found)


def _line(line: str) -> tuple[list[str], list[str], bool]:
    tokens = _WORDS.findall(line)
    words = [token for token in tokens if token[0].isalnum()]
    found = list(countries.stretches([word.rstrip(".") if word.rstrip(".").isalpha() else word for word in words]))
    limit = next((one.start for one in found if _excepting(words, one)), len(words))
    found = [one for one in found if one.start < limit]
    pure = limit == len(words) and all(one.part in {Part.COUNTRY, Part.CODE, Part.REGION} or _linking(words, one) for one in found)
    usa = any(one.part is Part.COUNTRY and one.country == "US" for one in found)
    stated, inferred = [], []
    for place, one in enumerate(found):
        after = found[place + 1] if place + 1 < len(found) else None
        if one.country and _seated(line, words, one):
            continue
        if one.part is Part.COUNTRY:
            name = fold(" ".join(words[one.start : one.end]))
            if name in countries.states() and (usa or any(other.part is Part.OTHER for other in found)):
                continue
            stated.append(one.country)
        elif one.part is Part.CODE and not pure and place and found[place - 1].country == one.country and f"({words[one.start]})" in line:
            # "Amsterdam (NL)": the country of the place before it.
            stated.append(one.country)
        elif one.part is Part.CODE and pure:
            state = words[one.start] in countries.states().values() and after and after.country == "US"
            (inferred if state else stated).append(one.country)
        elif one.part is Part.STATE or (one.part is Part.CODE and usa):
            inferred.append("US")
        elif one.part is Part.CITY:
            inferred.append(one.country)
    if stated:
        # A city or state beside its country adds nothing; one in another country is a doubt that the condition keeps.
        inferred = []
    return stated, inferred, _more(line, words, found, limit, bool(stated or inferred))


def _excepting(words: list[str], one: Stretch) -> bool:
    text = fold(" ".join(words[one.start : one.end + 1]))
    return text in group("places", "except") or fold(words[one.start]) in group("places", "except")


def _linking(words: list[str], one: Stretch) -> bool:
    return fold(words[one.start]) in group("places", "linking")


def _more(line: str, words: list[str], found: list[Stretch], limit: int, named: bool) -> bool:
    """Return whether a statement says more than countries and the places in them."""
    if limit < len(words) or not named:
        return True
    outside = _INNER.sub(" ", line)
    regions = [one for one in found if one.part is Part.REGION]
    if regions and not all(_inside_follows(line, words, one) for one in regions):
        return True
    if any(fold(word) in group("places", "either") for word in words):
        return True
    for inner in (one or other for one, other in _INNER.findall(line)):
        if not countries.country(inner) and said(inner) is Said.TEXT and not _only_places(inner):
            return True
    # A city nobody lists here is a name like any other; words in lower case are no names.
    rest = [words[one.start] for one in found if one.part is Part.OTHER and words[one.start] in outside]
    return any(word[0].islower() and fold(word) not in group("places", "linking") for word in rest) or ":" in outside


def _seated(line: str, words: list[str], one: Stretch) -> bool:
    """Return whether brackets behind a place say that it is where a company sits: "US (HQ)"."""
    after = re.search(rf"(?<!\w){re.escape(words[one.end - 1])}\s*\(([^()]*)\)", line)
    return bool(after and pattern("places", "seats").search(fold(after.group(1))))


def _only_places(text: str) -> bool:
    words = [token.rstrip(".") for token in _WORDS.findall(text) if token[0].isalnum()]
    return all(one.part is not Part.OTHER or _linking(words, one) for one in countries.stretches(words))


def _inside_follows(line: str, words: list[str], one: Stretch) -> bool:
    """Return whether a region is followed by brackets that name a place in it: "EU (Frankfurt, Germany)"."""
    after = re.search(rf"{re.escape(words[one.end - 1])}\s*[(\[]([^()\[\]]*)", line)
    return bool(after and _only_places(after.group(1)) and after.group(1).strip())


def vocabulary(text: str, section: str) -> Terms:
    """Return the terms of a vocabulary that a cell names, in the order it names them.

    Args:
        text: The cell.
        section: "legal_basis" or "transfer_mechanism".
    """
    folded = _ARTICLE.sub(r"6 1 \1", fold(text))
    stated = _named(folded, section)
    loose = [] if stated or f"{section}_loose" not in terms("terms") else _named(folded, f"{section}_loose")
    obsolete = "obsolete" in stated
    rest = folded
    for key in (*stated, *(() if stated else loose)):
        rest = pattern(section if stated else f"{section}_loose", key).sub(" ", rest)
    left = [
        word
        for word in rest.split()
        if word not in group("places", "linking")
        and word not in {"art", "gdpr", "dsgvo", "rgpd", "eu", "us", "our", "your", "performance", "necessary", "execution", "erfullung"}
    ]
    return Terms(tuple(one for one in stated if one != "obsolete"), tuple(loose), obsolete, not left)


def _named(folded: str, section: str) -> list[str]:
    spots: list[tuple[int, str]] = []
    for key in terms("terms")[section]:
        found = pattern(section, key).search(folded)
        if found and not re.search(
            r"(?:\bno|\bnot|\bnon|\bkeine?|\bnicht|\bpas|\bwithout|\bsans|\bohne|\bsin)(?: \w+){0,2}\s*$", folded[: found.start()]
        ):
            spots.append((found.start(), key))
    return [key for _, key in sorted(spots)]


def sentences(text: str) -> list[str]:
    """Return a paragraph's sentences."""
    return [one.strip() for one in _SENTENCE.split(text.replace("\n", " ")) if one.strip()]
