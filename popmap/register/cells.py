"""One cell: its canonical form, and what is wrong with it.

Every reader and writer of cells goes through here, so that CSV and Parquet of the same content mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from popmap.register.schema import LIST_SEPARATOR, Column, Kind

# The longest text an XLSX cell can hold (ECMA-376, as documented for Excel's limits).
LONGEST_CELL = 32_767
# What ends a text that a workbook of popmap's could not hold whole.
CUT = " … [cut here: a spreadsheet cell holds 32,767 characters]"
# Lone surrogates: what Python makes of bytes that are not UTF-8, and what UTF-8 cannot hold.
NOT_TEXT = re.compile("[\ud800-\udfff]")

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DANGEROUS = re.compile(r"'*[=+\-@\t\r\x00]")
_QUOTED = re.compile(r"'('*[=+\-@\t\r\x00])")


def guard(text: str) -> str:
    """Return text safe for a spreadsheet: a cell that could be read as a formula gets a leading quote.

    Follows OWASP's advice on CSV injection (cells that begin with = + - @ TAB CR NUL). `unguard` is its inverse.
    """
    return f"'{text}" if _DANGEROUS.match(text) else text


def unguard(text: str) -> str:
    """Return text without the leading quote that `guard` gave it."""
    return text[1:] if _QUOTED.match(text) else text


def clean(raw: str, guarded: bool = True) -> tuple[str, list[str]]:
    """Return a cell's canonical text and the fault codes found on the way.

    Args:
        raw: The cell as it stands in the file.
        guarded: Whether it may carry a spreadsheet's guard, as cells of tables may.

    Returns:
        The text without surrounding white space, spreadsheet guard and control characters; and codes of `faults.KINDS`.
    """
    codes = []
    text = raw.strip()
    if guarded and text.startswith("'"):
        text = unguard(text).strip()
    if _CONTROL.search(text):
        text = _CONTROL.sub("\ufffd", text)
        codes.append("control-character")
    if NOT_TEXT.search(text):
        text = NOT_TEXT.sub("\ufffd", text)
        codes.append("encoding-broken")
    if len(text) > LONGEST_CELL:
        codes.append("cell-long")
    return text, codes


def split(text: str) -> list[str]:
    """Return the items of a list cell, in order, without blanks."""
    return [item for item in (part.strip() for part in text.split(LIST_SEPARATOR)) if item]


def canonical(raw: str, column: Column, known_countries: frozenset[str]) -> tuple[str, list[tuple[str, str]]]:
    """Return a cell's canonical text for its column, and its faults.

    Args:
        raw: The cell as it stands in the file.
        column: The column it stands in.
        known_countries: ISO 3166-1 alpha-2 codes.

    Returns:
        The text (list cells joined by `;` without blanks), empty for not stated; and (fault code, offending value) pairs. A value that is
        not allowed stays as it was stated.
    """
    text, codes = clean(raw)
    faults = [(code, text) for code in codes]
    if not text:
        return "", faults
    items = split(text) if column.many else [text]
    if column.kind is Kind.COUNTRY:
        items = [item.upper() if len(item) == 2 else item for item in items]
    for item in items:
        code = _fault(item, column, known_countries)
        if code:
            faults.append((code, item))
    return LIST_SEPARATOR.join(items), faults


def _fault(item: str, column: Column, known_countries: frozenset[str]) -> str:
    if column.choices:
        return "" if item in column.choices else "value-not-allowed"
    if column.kind is Kind.COUNTRY:
        return "" if item in known_countries else "invalid-country"
    check = _CHECKS.get(column.kind)
    return check(item) if check else ""


def _slug_fault(item: str) -> str:
    return "" if _SLUG.fullmatch(item) else "invalid-slug"


def _date_fault(item: str) -> str:
    try:
        # fromisoformat alone also takes 20261123 and 2026-W48-1, which no spreadsheet reads as a date.
        return "" if _DAY.fullmatch(item) and date.fromisoformat(item) else "invalid-date"
    except ValueError:
        return "invalid-date"


def _link_fault(item: str) -> str:
    return "" if _LINK.fullmatch(item) else "invalid-link"


_CHECKS: dict[Kind, Callable[[str], str]] = {Kind.SLUG: _slug_fault, Kind.DATE: _date_fault, Kind.URL: _link_fault}
