"""How sheets look: light whatever the reader's theme, and printed as they are shown."""

from __future__ import annotations

import re

from popmap.ui.sheet_measures import (
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
)

META_FONT, META_LINE, META_ROOM, TURNED_LINE = 11.0, 15.0, WIDE - 86.0, 13.0
TITLE, TITLE_FONT, TITLE_LINE, HEAD_SPACE, FOOT = 30.0, 20.0, 17.0, 22.0, 26.0
# A sheet is a container whose key begins with this; an upright one's key says so.
SHEET_KEY, UPRIGHT_KEY = "pm-sheet-", "pm-sheet-upright-"
SHEET = f"[class*=st-key-{SHEET_KEY}]"
_INK, _SOFT, _RULE = "#0f1720", "#45525f", "#c3cbd5"
# Streamlit's own parts of the screen, none of which belongs to a document.
_AWAY = ", ".join(
    f"html body [data-testid={name}][data-testid={name}]"
    for name in (
        "stSidebar",
        "stHeader",
        "stToolbar",
        "stSidebarCollapsedControl",
        "stExpandSidebarButton",
        "stDecoration",
        "stStatusWidget",
    )
)


def _rules(text: str) -> str:
    named = text.replace("UPRIGHT", f"[class*=st-key-{UPRIGHT_KEY}]").replace("SHEET", SHEET)
    return "".join(re.sub(r"\s+", " ", line).strip() for line in named.splitlines())


# Whatever stands between the page's root and the sheets: nothing of it may cut or hold back what is printed.
_WAY = (
    "html, body, #root, #root > *, .stApp, .stApp > *, [data-testid=stAppViewContainer], [data-testid=stAppViewContainer] > *, .stMain, "
    ".stMainBlockContainer, [data-testid=stVerticalBlock], [data-testid=stElementContainer], [data-testid=stLayoutWrapper], "
    "[data-testid=stFullScreenFrame], .stHtml"
)
STYLE = _rules(f"""
{_AWAY} {{display: none !important}}
.stApp, [data-testid=stAppViewContainer], .stMain {{background: #dde3ea !important; color: {_INK}; color-scheme: light}}
.stMainBlockContainer {{padding: .3rem 0 2rem !important; max-width: none !important; min-width: {WIDE + 44:.0f}px}}
.stMainBlockContainer > [data-testid=stVerticalBlock] {{gap: .35rem}}
.st-key-evidence_bar {{width: {WIDE + 40:.0f}px; margin: 0 auto; gap: .1rem .2rem}}
.st-key-evidence_bar > * {{flex: none}}
.st-key-evidence_bar a :has(> [data-testid=stIconMaterial]):not(:has(p)) {{display: none}}
.st-key-evidence_bar, .st-key-evidence_bar * {{color: {_INK} !important; border-color: {_RULE} !important}}
.st-key-evidence_bar button {{background: #fff !important; min-height: 1.7rem; padding: 0 .6rem}}
.st-key-evidence_bar button p, .st-key-evidence_bar a p {{font-size: .85rem !important}}
.st-key-evidence_bar a {{padding: .1rem .3rem; background: transparent !important; margin: 0}}
.st-key-evidence_bar a p {{text-decoration: underline}}
SHEET {{box-sizing: content-box; width: {WIDE}px !important; min-height: {HIGH}px; margin: 0 auto 16px; padding: 13px 20px;
 background: #fff; border: 1px solid {_RULE}; display: flex; flex-direction: column; gap: 0 !important; color: {_INK};
 font-size: {FONT}px; line-height: {LINE}px; text-align: left; font-variant-ligatures: none}}
UPRIGHT {{width: {HIGH}px !important; min-height: {WIDE}px}}
SHEET > * {{flex: none}}
SHEET > :last-child {{margin-top: auto}}
SHEET .stHtml {{width: 100%}}
SHEET p, SHEET h1, SHEET h2 {{margin: 0; padding: 0; color: {_INK}; letter-spacing: normal}}
.pm-head {{border-bottom: 2px solid {_INK}; padding-bottom: 7px; margin-bottom: 13px}}
.pm-title {{display: flex; justify-content: space-between; align-items: baseline; gap: 24px; min-height: {TITLE}px}}
SHEET .pm-title > :first-child {{font-size: {TITLE_FONT}px; line-height: 26px; font-weight: 700; white-space: nowrap}}
.pm-title p:last-child {{font-size: {WORDS_FONT}px; line-height: {TITLE_LINE}px; text-align: right; overflow-wrap: anywhere}}
.pm-facts, SHEET .pm-long {{font-size: {META_FONT}px; line-height: {META_LINE}px}}
.pm-facts div {{display: flex; flex-wrap: wrap; column-gap: 24px}}
.pm-head b {{font-weight: 600}}
SHEET .pm-long {{display: grid; grid-template-columns: 46px 1fr; overflow-wrap: anywhere}}
.pm-foot.pm-foot {{display: flex; justify-content: space-between; gap: 24px; border-top: 1px solid {_RULE}; margin: 4px 0 0;
 padding-top: 5px; font-size: {META_FONT}px; line-height: {META_LINE}px; color: {_SOFT}}}
.pm-foot span:last-child {{white-space: nowrap; color: {_INK}; font-weight: 600}}
SHEET .pm-heading {{font-size: {HEADING_FONT}px; line-height: {HEADING_LINE}px; font-weight: 700; padding: {HEADING - 7}px 0 7px;
 overflow-wrap: anywhere}}
.pm-head + .pm-heading {{padding-top: 0}}
SHEET .pm-words {{font-size: {WORDS_FONT}px; line-height: {WORDS_LINE}px; max-width: {WORDS_WIDE}px; margin-bottom: {WORDS_GAP}px;
 white-space: pre-line; overflow-wrap: anywhere}}
SHEET .pm-weighty {{box-sizing: border-box; max-width: none; border: 1px solid {_INK}; padding: 7px 12px; margin: 4px 0 10px}}
SHEET .pm-said {{font-size: {HEAD_FONT}px; line-height: {HEAD_LINE}px; height: {CONTINUED - 2}px; padding-top: 4px; color: {_SOFT};
 box-sizing: border-box}}
SHEET .stTable, SHEET .stTable > div {{overflow: visible; height: auto; border: 0; border-radius: 0; font-size: {FONT}px}}
SHEET .stTable {{margin: 0 0 {GRID_GAP}px}}
SHEET .stTable table {{display: table; table-layout: fixed; border-collapse: collapse; width: var(--wide); min-width: 0; margin: 0;
 color: {_INK}; font-variant-numeric: tabular-nums}}
SHEET .stTable th, SHEET .stTable td {{box-sizing: border-box; vertical-align: top; border: 0 !important;
 border-bottom: 1px solid {_RULE} !important; padding: 4px {GUTTER}px 4px 0 !important; font-size: {FONT}px; line-height: {LINE}px;
 font-weight: 400; color: {_INK}}}
SHEET .stTable tbody th {{font-weight: 600}}
SHEET .stTable thead th {{font-size: {HEAD_FONT}px; line-height: {HEAD_LINE}px; padding-bottom: {PAD - 5}px !important; font-weight: 600;
 color: {_SOFT}; vertical-align: bottom; border-bottom: 1px solid {_INK} !important}}
SHEET .stTable :is(th, td) > div {{display: block !important; width: auto !important; max-width: none !important;
 overflow: visible !important; font: inherit; color: inherit}}
SHEET .stTable p {{margin: 0; padding: 0; font: inherit; color: inherit; line-height: inherit; white-space: pre-line !important;
 overflow-wrap: anywhere !important}}
SHEET .stTable :is(code, del) {{font: inherit; color: inherit; background: none; padding: 0; margin: 0; border: 0; border-radius: 0;
 white-space: pre-line; overflow-wrap: inherit; text-decoration: none}}
SHEET .stTable del {{word-break: break-all}}
SHEET .stTable em {{color: {_SOFT}; white-space: nowrap}}
.pm-any {{word-break: break-all}}
SHEET .stTable tr {{break-inside: avoid}}
SHEET .stTable thead {{display: table-header-group; break-after: avoid}}
.pm-picture img {{display: block; margin: 4px auto 8px; max-width: 100%}}
@page {{size: landscape; margin: 12mm}}
@page pm-upright {{size: portrait; margin: 12mm}}
@media print {{
{_WAY} {{display: block !important; position: static !important; overflow: visible !important; height: auto !important;
 max-height: none !important; min-height: 0 !important; min-width: 0 !important; width: auto !important; margin: 0 !important;
 padding: 0 !important; background: #fff !important; transform: none !important; contain: none !important}}
html body .st-key-evidence_bar.st-key-evidence_bar, html body [data-testid=stSkipToContent][data-testid],
html body [data-testid=stAppIframeResizerAnchor][data-testid], html body [data-testid=stEvent][data-testid],
#root ~ *, #root .portal ~ *, #root .portal {{display: none !important}}
SHEET.stVerticalBlock {{display: flex !important; border: 0; padding: 0 !important; margin: 0 auto !important; width: {WIDE}px !important;
 min-height: {HIGH}px !important; break-after: page; print-color-adjust: exact}}
UPRIGHT.stVerticalBlock {{width: {HIGH}px !important; min-height: {WIDE}px !important; page: pm-upright}}
SHEET.stVerticalBlock > *, SHEET.stVerticalBlock .stHtml {{width: 100% !important}}
SHEET.stVerticalBlock > :last-child {{margin-top: auto !important}}
:last-child > SHEET {{break-after: auto}}
}}
""")
# A document begins on a page without a name, so an empty one would come before a sheet whose page has one: the name goes to the others.
UPRIGHT_FIRST = _rules("""
@page {size: portrait; margin: 12mm}
@page pm-across {size: landscape; margin: 12mm}
@media print {
SHEET.stVerticalBlock {page: pm-across}
UPRIGHT.stVerticalBlock {page: auto}
}
""")
