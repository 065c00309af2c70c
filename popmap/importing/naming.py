"""A vendor's cell: the names in it, and how they are joined."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from popmap.importing import countries, headings, standing
from popmap.importing.splitting import BULLET, balanced, has_form, is_form, pieces
from popmap.importing.standing import Standing
from popmap.importing.wording import is_name, is_site
from popmap.importing.words import fold, group, pattern, terms

_MARKS = re.compile(r"(?:\s*(?:\[\d{1,2}\]|[*†‡§¹²³⁴]|\(\d\)))+$")
# "Cloudy ⭐ NEW", "🔒 Cloudy": marks that are no letters, with what they say, are no part of a name.
_TAG = re.compile(
    r"\s*[\u2190-\u2bff\U0001f000-\U0001faff\ufe0f\u200d]+(?:\s*(?:new|neu|nouveau|nuevo|nuovo|novo|nieuw))?$|^[\u2190-\u2bff\U0001f000-\U0001faff\ufe0f\u200d]+\s*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^(?:\(?\d{1,3}[.)]\s+|[•·▪◦‣*–—-]\s+)")
_BRACKETED = re.compile(r"\s*[(\[]([^()\[\]]{2,60})[)\]]\s*$")
# "Cloudy — instead of Rainy": what stands behind a dash in lower case tells of the name.
_NUMBER = re.compile(r"\b\d{1,6}\b")
_DASHED_REMARK = re.compile(r"^(\S.{1,80}?)\s+[–—]\s+([a-zà-ÿ][^\n]{3,})$")


class Joined(StrEnum):
    """How the names of a cell are joined."""

    ALONE = "alone"
    LIST = "list"
    LINES = "lines"
    EITHER = "either"
    BOTH = "both"
    COMMA = "comma"
    SLASH = "slash"


@dataclass(frozen=True, slots=True)
class Names:
    """The names in a cell: one, several for certain (LIST), or several if a person says so."""

    joined: Joined
    names: tuple[str, ...]
    rest: str = ""


_TOGETHER = re.compile(r"[a-zà-ÿ)?][A-ZÀ-Ý][a-zà-ÿ]")


def run_together(texts: Iterable[str]) -> bool:
    """Return whether words of texts follow each other without a space, as cells do when a table is copied as one string."""
    listed = list(texts)
    return sum(len(_TOGETHER.findall(one)) for one in listed) >= max(3, 0.02 * sum(len(one.split()) for one in listed))


@lru_cache(maxsize=8_192)
def clean_name(text: str) -> str:
    """Return a name without a list's number, footnote marks and doubled points."""
    name = _TAG.sub("", " ".join(text.split()))
    name = _MARKS.sub("", _NUMBERED.sub("", name))
    name = re.sub(r"\.{2,}$", ".", name).strip(" \t:;,|")
    return name[1:-1] if len(name) > 2 and name[0] in "\"“'" and name[-1] in "\"”'" else name


def proviso(text: str) -> tuple[str, str]:
    """Return a name without the brackets, or the words behind a dash, that say when it is used; and these, "" for none."""
    found = _BRACKETED.search(text)
    if found and text[: found.start()].strip() and _tells_when(found.group(1)):
        return f"{text[: found.start()]}{text[found.end() :]}".strip(), found.group(1).strip()
    dash = re.match(r"^(\S.*?)\s+-\s+([^-\n]+)$", text)
    if dash and (fold(dash.group(2)) in group("names", "provisos") or standing.of(dash.group(2)) is not Standing.SILENT):
        return dash.group(1).strip(), dash.group(2).strip()
    found = _DASHED_REMARK.match(text)
    return (found.group(1).strip(), found.group(2).strip()) if found and "\n" not in text and balanced(found.groups()) else (text, "")


def _tells_when(text: str) -> bool:
    return bool(pattern("names", "provisos").search(fold(text))) or standing.of(text) is not Standing.SILENT


@lru_cache(maxsize=8_192)
def names(text: str, *, addressed: bool = False) -> Names:
    """Return the names in a vendor's cell, and how they are joined.

    Args:
        text: The cell.
        addressed: Whether its heading says that an address stands with the name.
    """
    lines = [one for one in (line.strip() for line in text.split("\n")) if one]
    if not lines:
        return Names(Joined.ALONE, ())
    if len(lines) > 1:
        return _from_lines(lines)
    line = lines[0]
    if addressed and (whole := _before_address(line)):
        return whole
    listed = [clean_name(one) for one in pieces(line, ";")]
    if len(listed) > 1 and all(map(is_name, listed)):
        return Names(Joined.LIST, tuple(listed))
    if (whole := _addressed(line)) is not None:
        return whole
    parts = commas(line)
    either, both = _by_word(parts, "alternatives"), _by_word(parts, "both")
    for joined, found in ((Joined.EITHER, either), (Joined.COMMA, parts), (Joined.BOTH, both), (Joined.SLASH, pieces(line, "/"))):
        cleaned = tuple(clean_name(one) for one in found)
        # "Paywell, banks": one name and a kind of recipient, which whoever takes the names leaves out.
        mixed = joined is Joined.COMMA and any(map(is_name, cleaned)) and all(is_name(one) or _kind(one) for one in cleaned)
        named = mixed or all(map(is_name, cleaned))
        if len(cleaned) > 1 and named and not any(map(is_form, cleaned)) and not (joined is Joined.SLASH and "://" in line):
            return Names(joined, cleaned)
    return Names(Joined.ALONE, (clean_name(line),))


def _kind(text: str) -> bool:
    """Return whether words name a kind of recipient."""
    return bool(pattern("data", "groups").search(fold(text)))


def _before_address(line: str) -> Names | None:
    """Return the name before the first comma that parts it from an address; None where nothing does."""
    parts = pieces(line, ",;")
    at = next((place for place in range(1, len(parts)) if not is_form(parts[place])), 0)
    return Names(Joined.ALONE, (clean_name(", ".join(parts[:at])),), "\n".join(parts[at:])) if at else None


def _addressed(line: str) -> Names | None:
    """Return the name before an address: a legal form, then words that end in a country or state; None when there is none."""
    parts = pieces(line, ",")
    at = next((place for place in range(1, len(parts)) if has_form(", ".join(parts[:place]))), 0)
    ends = parts[-1].strip(" .") if parts else ""
    # A street's number or a postal code is in no name that has a legal form before it.
    placed = _place(ends) or any(_NUMBER.search(one) for one in parts[at:])
    if at and parts[at:] and not is_form(parts[at]) and placed and not any(has_form(one) for one in parts[at:]):
        return Names(Joined.ALONE, (clean_name(", ".join(parts[:at])),), "\n".join(parts[at:]))
    return None


def _from_lines(lines: list[str]) -> Names:
    if all(line.startswith(BULLET.strip()) for line in lines):
        return Names(Joined.LIST, tuple(clean_name(one.lstrip("• ")) for one in lines))
    joined: list[str] = []
    for line in lines:
        if joined and all(_labels(one) for one in re.split(r"[·|•]", line)):
            continue
        if joined and (line[0] in "(&[" or is_form(line) or (line[0].islower() and not re.match(r"[\w-]+\.[a-z]{2,}", line))):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    rest = joined[1:]
    if len(rest) == 1 and has_form(rest[0]) and fold(rest[0]).startswith(f"{fold(joined[0])} "):
        return Names(Joined.ALONE, (clean_name(joined[0]),), rest[0])
    if any(re.search(r"\d|@|://", one) or is_site(one) or not is_name(one) or _placed(one) for one in rest):
        return Names(Joined.ALONE, (clean_name(joined[0]),), "\n".join(rest))
    return Names(Joined.LINES if rest else Joined.ALONE, tuple(clean_name(one) for one in joined))


def _placed(line: str) -> bool:
    """Return whether a line names a country and nobody."""
    return bool(countries.country(line)) or (countries.begins(line) and not line.isascii())


def _labels(text: str) -> bool:
    """Return whether words are what a link to a policy or an agreement is called."""
    return headings.sure(text) in {"policy_url", "agreement_url", "subprocessors_url"}


def commas(line: str) -> list[str]:
    """Return a line cut at commas that part names: not before a legal form or a place."""
    parts: list[str] = []
    for part in pieces(line, ","):
        if parts and (is_form(part) or _place(part)):
            parts[-1] += f", {part}"
        else:
            parts.append(part)
    return parts


def _place(text: str) -> bool:
    return bool(countries.country(text)) or fold(text) in countries.states()


@cache
def _joining(key: str) -> re.Pattern[str]:
    words = "|".join(sorted((re.escape(one) for one in terms("terms")["names"][key] if one != "&"), key=len, reverse=True))
    return re.compile(rf"\s+(?:{words})\s+")


def _by_word(parts: list[str], key: str) -> list[str]:
    cut = _joining(key)
    found = []
    for part in parts:
        inside = cut.split(part)
        found += inside if balanced(inside) else [part]
    return found if len(found) > len(parts) else []
