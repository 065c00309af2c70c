"""How cells are said in documents: in words of the GDPR, blanks as "not stated", what somebody inferred as inferred."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any

from popmap.flow.text import clean

Row = Mapping[str, Any]
"""A row of `tables.fetch`: cells by column, None for not stated, lists joined by `; `."""

NOT_STATED = "not stated"
NO_COLUMN = "not stated (the register has no column for it)"

LEGAL_BASES = {
    "consent": "consent (Art. 6(1)(a))",
    "contract": "contract (Art. 6(1)(b))",
    "legal-obligation": "legal obligation (Art. 6(1)(c))",
    "vital-interests": "vital interests (Art. 6(1)(d))",
    "public-task": "public task (Art. 6(1)(e))",
    "legitimate-interests": "legitimate interests (Art. 6(1)(f))",
}
MECHANISMS = {
    "adequacy": "adequacy decision (Art. 45)",
    "data-privacy-framework": "adequacy decision on the EU-US Data Privacy Framework (Art. 45)",
    "standard-contractual-clauses": "standard contractual clauses (Art. 46(2)(c) or (d))",
    "binding-corporate-rules": "binding corporate rules (Art. 46(2)(b))",
    "code-of-conduct": "approved code of conduct (Art. 46(2)(e))",
    "certification": "approved certification mechanism (Art. 46(2)(f))",
    "derogation": "derogation (Art. 49)",
    "none": "none, as stated",
}
ROLES = {
    "processor": "processor",
    "sub-processor": "sub-processor",
    "joint-controller": "joint controller",
    "independent-controller": "independent controller",
    "controller": "controller",
}
SPECIAL = {"art9": "special category (Art. 9)", "art10": "criminal convictions and offences (Art. 10)"}

_ITEM = re.compile(r"\s*;\s*")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")
# What would begin a list, a rule or a heading where a text begins a block.
_START = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|(?=[-+=]))(.)")
# An address becomes a link even where its characters are escaped; an unseen space behind what it begins with keeps it text.
_ADDRESS = re.compile(r"://|www\.|mailto:|xmpp:|@", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s<>\"'`\\|(){}\[\]]+", re.IGNORECASE)


def items(row: Row, column: str) -> list[str]:
    """Return the items of a list cell."""
    return [item for item in _ITEM.split(row[column] or "") if item]


def is_inferred(row: Row, column: str) -> bool:
    """Return whether somebody inferred a cell, so that no source states it."""
    return column in items(row, "inferred")


def marked(text: str, row: Row, column: str) -> str:
    """Return words made of a cell, saying so where the cell was inferred."""
    return f"{text} (inferred)" if is_inferred(row, column) else text


def said(row: Row, column: str, words: Mapping[str, str] | None = None) -> str:
    """Return a cell in words, "not stated" when it is empty.

    Args:
        row: The row.
        column: The cell's column.
        words: What its values are called; a value there is no word for stays as it was stated.
    """
    value = row[column]
    return NOT_STATED if value is None else marked((words or {}).get(value, value), row, column)


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return names by what is said of them, both in the order they come: (what is said, name) pairs."""
    groups: dict[str, list[str]] = {}
    for words, name in pairs:
        groups.setdefault(words, []).append(name)
    return groups


def sentence(text: str) -> str:
    """Return text with a full stop, unless a quote in it ends with one."""
    return text if text.endswith((".", ".”")) else f"{text}."


def listed(parts: Iterable[str], last: str = "and") -> str:
    """Return names as a list in a sentence: "a, b and c"."""
    names = list(parts)
    return f"{', '.join(names[:-1])} {last} {names[-1]}" if len(names) > 1 else "".join(names)


def unique(parts: Iterable[str]) -> tuple[str, ...]:
    """Return texts in their order, each once."""
    return tuple(dict.fromkeys(parts))


def plain(text: str) -> str:
    """Return text on one line with only characters that show as themselves."""
    return clean(text)


def markdown(text: str) -> str:
    """Return text as Markdown that shows exactly that text: no markup, cell border, link or picture comes of it."""
    return _START.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", _ADDRESS.sub("\\g<0>\u200b", plain(text))))


def markup(text: str) -> str:
    """Return text as HTML that shows exactly that text."""
    return html.escape(plain(text), quote=True)


def web_address(text: str | None) -> str:
    """Return text when it is wholly an http or https address that needs no escaping, "" otherwise."""
    return text if text and _WEB.fullmatch(text) else ""


def addresses(text: str | None) -> tuple[str, ...]:
    """Return the http and https addresses that stand in a text."""
    return tuple(address.rstrip(".,;:!?") for address in _WEB.findall(text or ""))
