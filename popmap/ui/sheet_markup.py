"""Sheets as markup: a head, words and pictures, a foot; light whatever the reader's theme, and printed as it is shown.

Tables stand between pieces of markup, as `st.table`s: see `sheet_tables`.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

from popmap.ui.letters import BOLD, width
from popmap.ui.paper import Heading, Words
from popmap.ui.sheet_layout import Drawn, Sheet, Slice
from popmap.ui.sheet_measures import HEADING_FONT, WIDE, WORDS_FONT, WORDS_WIDE, lines, shortened
from popmap.ui.sheet_style import HEAD_SPACE, META_FONT, META_LINE, META_ROOM, TITLE, TITLE_FONT, TITLE_LINE
from popmap.ui.text import markup

# More lines than this of filter and link stand once, on the first sheet, and not in each head.
_MOST_LINES = 5
# No shorter word is wider than what it stands in.
_LONG_WORD = 4
_WORDS = re.compile(r"(\s+)")


@dataclass(frozen=True, slots=True)
class Head:
    """What every sheet says about itself.

    Attributes:
        organisation: Whose register it is.
        register: The register's title.
        page: What the page is called.
        facts: Further facts by their labels, in order: what names the register's content, as of when, for whom.
        filter: The active filter in English.
        link: The page's full address.
        foot: What stands in the foot beside the page number.
    """

    organisation: str
    register: str
    page: str
    facts: tuple[tuple[str, str], ...]
    filter: str
    link: str
    foot: str


def long_head(head: Head) -> bool:
    """Return whether filter and link are too long to stand in each head."""
    return sum(len(_meta_lines(text)) for text in (head.filter, head.link)) > _MOST_LINES


def head_height(head: Head) -> float:
    """Return the height of a sheet's head in pixels."""
    long = (0, 1)[long_head(head)]
    count = 1 + (2 if long else sum(len(_meta_lines(text)) for text in (head.filter, head.link)))
    return max(TITLE, _title_lines(head) * TITLE_LINE) + HEAD_SPACE + count * META_LINE + META_LINE * (len(_fact_rows(head)) - 1)


def _title_lines(head: Head) -> int:
    room = max(WIDE / 3, WIDE - width(head.page, TITLE_FONT) * BOLD - 24)
    return len(lines(f"{brief(head.organisation)} · {brief(head.register)}", room / BOLD, WORDS_FONT))


def brief(title: str) -> str:
    """Return a title as it stands in each head; one that is too long for it is written out on the first sheet."""
    return shortened(title, WIDE, WORDS_FONT)


def _meta_lines(text: str) -> list[str]:
    return lines(text, META_ROOM, META_FONT)


def _fact_rows(head: Head) -> list[list[str]]:
    """Return the facts in the lines they take."""
    rows, used = [[]], 0.0
    for label, value in head.facts:
        wide = width(f"{label} {value}", META_FONT) * 1.03 + 24
        if rows[-1] and used + wide > WIDE:
            rows.append([])
            used = 0.0
        rows[-1].append(label)
        used += wide
    return rows


def blocks(head: Head, sheet: Sheet, number: int, total: int) -> Iterator[str | Slice]:
    """Yield what stands on a sheet from top to bottom: markup, and slices of tables.

    Args:
        head: What every sheet says about itself.
        sheet: One of those that `sheet_layout.lay_out` returned for this head.
        number: Its number.
        total: How many there are.
    """
    above = [_head(head, first=number == 1)]
    for piece in sheet.pieces:
        if isinstance(piece, Slice):
            said = f'<p class="pm-said">{markup(piece.said)}</p>' if piece.said else ""
            if above or said:
                yield _body("".join([*above, said]))
            above = []
            yield piece
        else:
            above.append(_piece(piece))
    if above:
        yield _body("".join(above))
    yield f'<div class="popmap-foot pm-foot"><span>{markup(head.foot)}</span><span>Page {number} of {total}</span></div>'


def _body(inner: str) -> str:
    return f'<div class="pm-body">{inner}</div>'


def _head(head: Head, first: bool) -> str:
    tag = "h1" if first else "p"
    rows = "".join(
        f"<div>{''.join(f'<span><b>{markup(label)}</b> {markup(value)}</span>' for label, value in head.facts if label in row)}</div>"
        for row in _fact_rows(head)
    )
    where = "written out below" if first else "written out on page 1"
    texts = (("Filter", where), ("Link", where)) if long_head(head) else (("Filter", head.filter), ("Link", head.link))
    meta = "".join(f'<p class="pm-long"><b>{label}</b> <span>{_text(text, META_ROOM, META_FONT)}</span></p>' for label, text in texts)
    return (
        f'<div class="pm-head"><div class="pm-title"><{tag}>{markup(head.page)}</{tag}>'
        f"<p><b>{markup(brief(head.organisation))}</b> · {markup(brief(head.register))}</p></div>"
        f'<div class="pm-facts">{rows}</div>{meta}</div>'
    )


def _piece(piece: Heading | Words | Drawn) -> str:
    match piece:
        case Heading():
            return f'<h2 class="pm-heading">{_text(piece.text, WIDE / 2, HEADING_FONT)}</h2>'
        case Words():
            label = f"<b>{markup(piece.label)}</b> " if piece.label else ""
            return f'<p class="pm-words{" pm-weighty" if piece.weighty else ""}">{label}{_text(piece.text, WORDS_WIDE / 2, WORDS_FONT)}</p>'
        case Drawn():
            return _picture(piece)


def _picture(piece: Drawn) -> str:
    # Streamlit lets no drawing into markup; as a picture it is drawn from its curves all the same, and no name in it can become markup.
    data = base64.b64encode(piece.picture.svg.encode()).decode()
    size = f'width="{piece.width:.0f}" height="{piece.height:.0f}"'
    return f'<p class="pm-picture"><img src="data:image/svg+xml;base64,{data}" {size} alt="{markup(piece.picture.words)}"></p>'


def _text(text: str, room: float, size: float) -> str:
    """Return text as markup in which a word that is wider than the room is broken just where there is no more room, as it was laid out."""
    if len(text) < _LONG_WORD or max(map(len, text.split()), default=0) < _LONG_WORD:
        return markup(text)
    return "".join(
        f'<span class="pm-any">{markup(word)}</span>' if len(word) >= _LONG_WORD and width(word, size) > room else markup(word)
        for word in _WORDS.split(text)
    )
