"""Sheets as markup: one document of pages, light whatever the reader's theme, that prints as it is shown.

Tables are markup of our own rather than `st.table`: a table has to end where a sheet ends, its columns need widths that were laid out, and
`st.table` reads Markdown in cells.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from popmap.flow.text import clean, fit
from popmap.ui.letters import BOLD, width
from popmap.ui.paper import Cell, Heading, Words
from popmap.ui.sheet_layout import Drawn, Piece, Sheet, Slice
from popmap.ui.sheet_measures import (
    FONT,
    HEAD_FONT,
    HEADING_FONT,
    TURNED_HIGH,
    WIDE,
    WORDS_FONT,
    WORDS_WIDE,
    column_rooms,
    lines,
    shortened,
)
from popmap.ui.sheet_style import (
    HEAD_SPACE,
    META_FONT,
    META_LINE,
    META_ROOM,
    STYLE,
    TITLE,
    TITLE_FONT,
    TITLE_LINE,
    TURNED_LINE,
    UPRIGHT_FIRST,
)
from popmap.ui.text import NOT_STATED, markup

# More lines than this of filter and link stand once, on the first sheet, and not in each head.
_MOST_LINES = 5
# No shorter word is wider than the narrowest column.
_LONG_WORD = 4
# Lines that run upwards are not filled to the last letter.
_TURNED_FILL = 0.9
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


def document(head: Head, sheets: Sequence[Sheet]) -> str:
    """Return the sheets as markup, with its style.

    Args:
        head: What every sheet says about itself.
        sheets: What `sheet_layout.lay_out` returned for this head.
    """
    pages = "".join(_sheet(head, sheet, number, len(sheets)) for number, sheet in enumerate(sheets, 1))
    style = STYLE + UPRIGHT_FIRST if sheets[0].upright else STYLE
    return f'{style}<div class="pm-sheets">{pages}</div>'


def _sheet(head: Head, sheet: Sheet, number: int, total: int) -> str:
    kind = "pm-sheet pm-upright" if sheet.upright else "pm-sheet"
    place = f"Page {number} of {total}"
    return (
        f'<section class="{kind}" aria-label="{place}">{_head(head, first=number == 1)}<div class="pm-body">'
        f'{"".join(map(_piece, sheet.pieces))}</div><footer class="popmap-foot pm-foot"><span>{markup(head.foot)}</span>'
        f"<span>{place}</span></footer></section>"
    )


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
        f'<header class="pm-head"><div class="pm-title"><{tag}>{markup(head.page)}</{tag}>'
        f"<p><b>{markup(brief(head.organisation))}</b> · {markup(brief(head.register))}</p></div>"
        f'<div class="pm-facts">{rows}</div>{meta}</header>'
    )


def _piece(piece: Piece) -> str:
    match piece:
        case Heading():
            return f'<h2 class="pm-heading">{_text(piece.text, WIDE / 2, HEADING_FONT)}</h2>'
        case Words():
            label = f"<b>{markup(piece.label)}</b> " if piece.label else ""
            return f'<p class="pm-words{" pm-weighty" if piece.weighty else ""}">{label}{_text(piece.text, WORDS_WIDE / 2, WORDS_FONT)}</p>'
        case Slice():
            return _table(piece)
        case Drawn():
            return _picture(piece)


def _picture(piece: Drawn) -> str:
    # Streamlit lets no drawing into markup; as a picture it is drawn from its curves all the same, and no name in it can become markup.
    data = base64.b64encode(piece.picture.svg.encode()).decode()
    size = f'width="{piece.width:.0f}" height="{piece.height:.0f}"'
    return f'<p class="pm-picture"><img src="data:image/svg+xml;base64,{data}" {size} alt="{markup(piece.picture.words)}"></p>'


def _table(piece: Slice) -> str:
    grid = piece.grid
    whole = sum(piece.widths)
    columns = "".join(f'<col style="width:{100 * wide / whole:.2f}%">' for wide in piece.widths)
    said = f'<p class="pm-said">{markup(piece.said)}</p>' if piece.said else ""
    rooms = column_rooms(piece.widths)
    heads = zip(piece.places, piece.widths, strict=True)
    names = "".join(_heading(grid.headings[at], wide, at in grid.numeric, grid.turned and at > 0) for at, wide in heads)
    numeric = [at in grid.numeric for at in piece.places]
    rows = "".join(_row(cells, numeric, rooms) for cells in piece.rows)
    kind = "pm-table pm-matrix" if grid.turned else "pm-table"
    name = markup(piece.said or grid.name)
    return (
        f'{said}<table class="{kind}" style="width:{min(whole, WIDE):.0f}px" aria-label="{name}">'
        f"<colgroup>{columns}</colgroup><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _heading(text: str, wide: float, numeric: bool, turned: bool) -> str:
    if not turned:
        return f'<th scope="col"{" class=pm-number" if numeric else ""}>{_text(text, wide, HEAD_FONT)}</th>'
    # What does not fit into as many lines as the column is wide is cut, and says so; the names are whole in the rows of the other table.
    room = TURNED_HIGH / BOLD * max(1, int((wide - 2) // TURNED_LINE)) * _TURNED_FILL
    return f'<th scope="col" class=pm-turned><span>{_text(fit(clean(text), HEAD_FONT, room), 0.0, HEAD_FONT)}</span></th>'


def _row(cells: Iterable[Cell], numeric: Sequence[bool], rooms: Sequence[float]) -> str:
    first, *rest = (_cell(cell, room) for cell, room in zip(cells, rooms, strict=True))
    kinds = [" class=pm-number" if number else "" for number in numeric]
    others = "".join(f"<td{kind}>{cell}</td>" for cell, kind in zip(rest, kinds[1:], strict=True))
    return f'<tr><th scope="row"{kinds[0]}>{first}</th>{others}</tr>'


def _cell(text: Cell, room: float) -> str:
    return f"<i>{NOT_STATED}</i>" if text == NOT_STATED else _text(text, room, FONT)


def _text(text: str, room: float, size: float) -> str:
    """Return text as markup in which a word that is wider than the room is broken just where there is no more room, as it was laid out."""
    if len(text) < _LONG_WORD or max(map(len, text.split()), default=0) < _LONG_WORD:
        return markup(text)
    return "".join(
        f'<span class="pm-any">{markup(word)}</span>' if len(word) >= _LONG_WORD and width(word, size) > room else markup(word)
        for word in _WORDS.split(text)
    )
