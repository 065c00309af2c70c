"""Register text made safe for the screen: data, never markup."""

from __future__ import annotations

import html
import re
from functools import lru_cache

NOT_STATED = "not stated"
SEVERITY_MARKS = {"error": "■", "warning": "▲", "note": "○"}
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# Addresses become links even where every character is escaped; an unseen space behind what they begin with keeps them text.
_ADDRESS = re.compile(r"://?|www\.|mailto:|xmpp:|@", re.IGNORECASE)


class Html(str):
    """Markup of popmap's own, to be shown as it stands: for any other text Streamlit first looks for indents to take away."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)


def markdown(text: object) -> str:
    """Return text as Markdown that shows exactly that text: no link, image, colour, emoji or formula can come of it."""
    return _escaped(str(text))


@lru_cache(maxsize=4096)
def _escaped(text: str) -> str:
    line = " ".join(text.split())
    return _PUNCTUATION.sub(r"\\\1", _ADDRESS.sub("\\g<0>\u200b", line))


def markup(text: object) -> str:
    """Return text as HTML that shows exactly that text."""
    return html.escape(str(text), quote=True)


def counted(number: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun: "1 vendor", "22 vendors"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
