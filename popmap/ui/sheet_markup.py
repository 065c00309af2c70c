"""Sheets as markup: one document of pages, light whatever the reader's theme, that prints as it is shown.

Tables are markup of our own rather than `st.table`: a table has to end where a sheet ends, its columns need widths that were laid out, and
`st.table` reads Markdown in cells.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from popmap.ui.paper import Cell, Heading, Words
from popmap.ui.sheet_layout import (
    CONTINUED,
    FONT,
    GRID_GAP,
    GUTTER,
    HEAD_FONT,
    HEAD_LINE,
    HEADING,
    HEADING_FONT,
    HEADING_LINE,
    HIGH,
    LINE,
    PAD,
    WIDE,
    WORDS_FONT,
    WORDS_GAP,
    WORDS_LINE,
    WORDS_WIDE,
    Drawn,
    Piece,
    Sheet,
    Slice,
    lines,
)
from popmap.ui.text import NOT_STATED, markup

_META_FONT, _META_LINE, _META_LABEL = 11.0, 15.0, 96.0
_TITLE, _HEAD_SPACE, FOOT = 30.0, 22.0, 26.0
# More lines than this of filter and link stand once, on the first sheet, and not in each head.
_MOST_LINES = 5
_INK, _SOFT, _RULE = "#0f1720", "#45525f", "#c3cbd5"


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
    return _TITLE + _HEAD_SPACE + count * _META_LINE + _META_LINE * (len(_fact_rows(head)) - 1)


def _meta_lines(text: str) -> list[str]:
    return lines(text, WIDE - _META_LABEL - 20, _META_FONT)


def _fact_rows(head: Head) -> list[list[str]]:
    """Return the facts in the lines they take."""
    rows, used = [[]], 0.0
    for label, value in head.facts:
        wide = len(f"{label} {value}") * 6.4 + 28
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
    return f'{STYLE}<div class="pm-sheets">{pages}</div>'


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
    meta = "".join(f'<p class="pm-long"><b>{label}</b> <span>{markup(text)}</span></p>' for label, text in texts)
    return (
        f'<header class="pm-head"><div class="pm-title"><{tag} class="pm-page">{markup(head.page)}</{tag}>'
        f"<p><b>{markup(head.organisation)}</b> · {markup(head.register)}</p></div>"
        f'<div class="pm-facts">{rows}</div>{meta}</header>'
    )


def _piece(piece: Piece) -> str:
    match piece:
        case Heading():
            return f'<h2 class="pm-heading">{markup(piece.text)}</h2>'
        case Words():
            label = f"<b>{markup(piece.label)}</b> " if piece.label else ""
            return f'<p class="pm-words{" pm-weighty" if piece.weighty else ""}">{label}{markup(piece.text)}</p>'
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
    names = "".join(_heading(grid.headings[at], at in grid.numeric, grid.turned and at > 0) for at in piece.places)
    numeric = [at in grid.numeric for at in piece.places]
    rows = "".join(_row(cells, numeric) for cells in piece.rows)
    return (
        f'{said}<table class="pm-table" style="width:{min(whole, WIDE):.0f}px" aria-label="{markup(piece.said or grid.name)}">'
        f"<colgroup>{columns}</colgroup><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _heading(text: str, numeric: bool, turned: bool) -> str:
    kind = " class=pm-turned" if turned else " class=pm-number" if numeric else ""
    return f'<th scope="col"{kind}>{f"<span>{markup(text)}</span>" if turned else markup(text)}</th>'


def _row(cells: Iterable[Cell], numeric: Sequence[bool]) -> str:
    first, *rest = cells
    others = "".join(
        f"<td{' class=pm-number' if number else ''}>{_cell(cell)}</td>" for cell, number in zip(rest, numeric[1:], strict=True)
    )
    return f'<tr><th scope="row"{" class=pm-number" if numeric[0] else ""}>{_cell(first)}</th>{others}</tr>'


def _cell(text: Cell) -> str:
    return f"<i>{NOT_STATED}</i>" if text == NOT_STATED else markup(text)


def _rules(text: str) -> str:
    return "".join(re.sub(r"\s+", " ", line).strip() for line in text.splitlines())


# Whatever stands between the page's root and the sheets: nothing of it may cut or hold back what is printed.
_WAY = (
    "html, body, #root, #root > *, .stApp, .stApp > *, [data-testid=stAppViewContainer], [data-testid=stAppViewContainer] > *, .stMain, "
    ".stMainBlockContainer, [data-testid=stVerticalBlock], [data-testid=stElementContainer], [data-testid=stLayoutWrapper], "
    "[data-testid=stFullScreenFrame], .stHtml"
)
STYLE = (
    "<style>"
    + _rules(f"""
[data-testid=stSidebar], [data-testid=stHeader], [data-testid=stToolbar], [data-testid=stSidebarCollapsedControl],
[data-testid=stExpandSidebarButton], [data-testid=stDecoration], [data-testid=stStatusWidget] {{display: none !important}}
.stApp, [data-testid=stAppViewContainer], .stMain {{background: #dde3ea !important; color: {_INK}; color-scheme: light}}
.stMainBlockContainer {{padding: .6rem 0 2rem !important; max-width: none !important; min-width: {WIDE + 44:.0f}px}}
.st-key-evidence_bar {{width: {WIDE + 40:.0f}px; margin: 0 auto; flex-wrap: wrap; gap: .35rem .9rem}}
.st-key-evidence_bar, .st-key-evidence_bar * {{color: {_INK} !important; border-color: {_RULE} !important}}
.st-key-evidence_bar button {{background: #fff !important; min-height: 1.9rem; padding: .1rem .6rem}}
.st-key-evidence_bar button p, .st-key-evidence_bar a p {{font-size: .85rem !important}}
.st-key-evidence_bar a {{padding: .1rem .3rem; background: transparent !important; text-decoration: underline; margin: 0}}
.st-key-evidence_bar a[aria-current], .st-key-evidence_bar [data-testid=stPageLink-NavLink][aria-current=page] {{font-weight: 700}}
.pm-sheets {{color: {_INK}; font-size: {FONT}px; line-height: {LINE}px; text-align: left}}
.pm-sheet {{box-sizing: content-box; width: {WIDE}px; min-height: {HIGH}px; margin: 0 auto 20px; padding: 20px; background: #fff;
 border: 1px solid {_RULE}; display: flex; flex-direction: column}}
.pm-upright {{width: {HIGH}px; min-height: {WIDE}px}}
.pm-sheet p, .pm-sheet h1, .pm-sheet h2 {{margin: 0; padding: 0; color: {_INK}; letter-spacing: normal}}
.pm-head {{border-bottom: 2px solid {_INK}; padding-bottom: 7px; margin-bottom: 13px}}
.pm-title {{display: flex; justify-content: space-between; align-items: baseline; gap: 24px; min-height: {_TITLE}px}}
.pm-sheet .pm-page {{font-size: 20px; line-height: 26px; font-weight: 700; white-space: nowrap}}
.pm-title p:last-child {{font-size: 13px; line-height: 17px; text-align: right; overflow-wrap: anywhere}}
.pm-facts, .pm-sheet .pm-long {{font-size: {_META_FONT}px; line-height: {_META_LINE}px}}
.pm-facts div {{display: flex; flex-wrap: wrap; column-gap: 24px}}
.pm-head b {{font-weight: 600}}
.pm-sheet .pm-long {{display: grid; grid-template-columns: 46px 1fr; overflow-wrap: anywhere}}
.pm-body {{flex: 1 1 auto}}
.pm-foot.pm-foot {{display: flex; justify-content: space-between; gap: 24px; border-top: 1px solid {_RULE}; margin: 4px 0 0;
 padding-top: 5px; font-size: {_META_FONT}px; line-height: {_META_LINE}px; color: {_SOFT}}}
.pm-foot span:last-child {{white-space: nowrap; color: {_INK}; font-weight: 600}}
.pm-sheet .pm-heading {{font-size: {HEADING_FONT}px; line-height: {HEADING_LINE}px; font-weight: 700; padding: {HEADING - 7}px 0 7px;
 overflow-wrap: anywhere}}
.pm-body > .pm-heading:first-child {{padding-top: 0}}
.pm-sheet .pm-words {{font-size: {WORDS_FONT}px; line-height: {WORDS_LINE}px; max-width: {WORDS_WIDE}px; margin-bottom: {WORDS_GAP}px;
 white-space: pre-line; overflow-wrap: anywhere}}
.pm-sheet .pm-weighty {{box-sizing: border-box; max-width: none; border: 1px solid {_INK}; padding: 7px 12px; margin: 4px 0 10px}}
.pm-sheet .pm-said {{font-size: {HEAD_FONT}px; line-height: {HEAD_LINE}px; height: {CONTINUED - 2}px; padding-top: 4px; color: {_SOFT};
 box-sizing: border-box; white-space: nowrap; overflow: hidden; text-overflow: ellipsis}}
.pm-table {{table-layout: fixed; border-collapse: collapse; margin: 0 0 {GRID_GAP}px; font-variant-numeric: tabular-nums}}
.pm-table th, .pm-table td {{box-sizing: border-box; text-align: left; vertical-align: top; border: 0; border-bottom: 1px solid {_RULE};
 padding: 4px {GUTTER}px 4px 0; font-size: {FONT}px; line-height: {LINE}px; font-weight: 400; color: {_INK}; overflow-wrap: anywhere;
 white-space: pre-line}}
.pm-table tbody th {{font-weight: 600}}
.pm-table thead th {{font-size: {HEAD_FONT}px; line-height: {HEAD_LINE}px; padding-bottom: {PAD - 5}px; font-weight: 600; color: {_SOFT};
 vertical-align: bottom; border-bottom: 1px solid {_INK}}}
.pm-table .pm-number.pm-number {{text-align: right}}
.pm-table thead .pm-turned {{padding: 4px 2px 6px; text-align: center}}
.pm-turned span {{writing-mode: vertical-rl; transform: rotate(180deg); max-height: 170px; line-height: 13px}}
.pm-table tr {{break-inside: avoid}}
.pm-table thead {{display: table-header-group; break-after: avoid}}
.pm-table i {{color: {_SOFT}}}
.pm-picture img {{display: block; margin: 4px auto 8px; max-width: 100%}}
@page {{size: landscape; margin: 12mm}}
@page pm-upright {{size: portrait; margin: 12mm}}
@media print {{
.st-key-evidence_bar, [data-testid=stElementContainer]:has(> .st-key-evidence_bar) {{display: none !important}}
{_WAY} {{display: block !important; position: static !important; overflow: visible !important; height: auto !important;
 max-height: none !important; min-height: 0 !important; min-width: 0 !important; width: auto !important; margin: 0 !important;
 padding: 0 !important; background: #fff !important; transform: none !important; contain: none !important}}
.pm-sheet {{border: 0; padding: 0; margin: 0 auto; break-after: page; print-color-adjust: exact}}
.pm-sheet:last-child {{break-after: auto}}
.pm-upright {{page: pm-upright}}
}}
""")
    + "</style>"
)
