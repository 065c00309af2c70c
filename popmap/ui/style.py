"""How popmap's own markup looks: once for every page, written with the text's own colour so that both themes hold."""

from __future__ import annotations

SOFT = "color-mix(in srgb, currentColor 72%, transparent)"
# A grey that stands off from both themes' background.
LINE = "1px solid #8896a84d"
# White reads on it at 5:1, and it stands off from both themes' background at 3:1; the dark theme's own colour is too light for white.
_PRIMARY = "#1f6fc4"
# Streamlit leaves 6rem above a page; a tool that is opened every week shows its content there instead.
_TOP, _SIDE = "3.75rem", "clamp(1.2rem, 3.5vw, 5rem)"


def _sheet(rules: str) -> str:
    # Streamlit looks through every line of markup on every run.
    return f"<style>{''.join(line.strip() for line in rules.splitlines())}</style>"


# Streamlit writes chosen options in white on the primary colour, which cannot also be read as text on the dark theme's background.
# The link to a view and the way to its evidence view stand beside the page's title, and the way to clear the filter behind its chips.
# Where the link would stand in the bar its line ends: what a page itself has to set begins below. A row of its own for it would cost a
# message more on every run.
STYLE = _sheet(f"""
.stMainBlockContainer {{padding: {_TOP} {_SIDE} 3rem; position: relative}}
.stHorizontalBlock:has(> .st-key-copy_link) {{row-gap: 0; margin-block: -.5rem}}
.stHorizontalBlock:has(> .st-key-copy_link) > * {{margin-block: .5rem}}
.stHorizontalBlock > .st-key-copy_link {{flex: 0 0 100%; height: 0; margin: 0}}
.stHorizontalBlock:has(> .st-key-copy_link) > :has(> .stAlert) {{flex: 0 0 100%}}
.st-key-copy_link > * {{position: absolute; top: {_TOP}; right: {_SIDE}; width: auto}}
.stHorizontalBlock > .st-key-evidence_view {{position: absolute; top: {_TOP}; right: calc({_SIDE} + 7rem); width: auto; margin: 0}}
.st-key-filter_remove {{flex: 1 0 calc(100% - 9rem); width: auto; min-width: 0}}
.st-key-severity, .st-key-article, .st-key-table, .st-key-download_all_findings {{align-self: flex-end}}
[data-testid=stBaseButton-primary]:enabled {{background: {_PRIMARY}; border-color: {_PRIMARY}; color: #fff}}
.stMultiSelect [data-tag], .stMultiSelect [data-tag] * {{color: inherit}}
.stMultiSelect [data-tag] {{background-color: color-mix(in srgb, currentColor 14%, transparent)}}
.stTextInput input {{text-overflow: ellipsis}}
.popmap-head h1 {{font-size: 1.9rem; line-height: 1.2; font-weight: 700; margin: 0; padding: 0}}
.popmap-head p {{font-size: .9rem; line-height: 1.5; color: {SOFT}; margin: .35rem 0 0}}
.popmap h2 {{font-size: 1.2rem; line-height: 1.2; font-weight: 600; margin: 0; padding: .8rem 0 .7rem}}
.popmap p {{margin: 0}}
.popmap .soft + p {{margin-top: .7rem}}
.popmap .soft, .popmap-foot {{font-size: .875rem; line-height: 1.6; color: {SOFT}; margin: 0}}
.popmap + .popmap-foot {{margin-top: 1.1rem}}
""")
OVERVIEW = _sheet(f"""
dl.popmap-boxes {{display: flex; flex-wrap: wrap; gap: .75rem; margin: 0; padding: 0}}
.popmap-boxes div {{flex: 1 1 7rem; border: {LINE}; border-radius: .4rem; padding: .7rem .9rem}}
.popmap-boxes dt {{font-size: .8125rem; font-weight: 400; line-height: 1.5}}
.popmap-boxes dd {{font-size: 1.7rem; line-height: 1.3; margin: 0; font-variant-numeric: tabular-nums}}
.popmap-pair {{display: grid; grid-template-columns: repeat(auto-fit, minmax(min(27rem, 100%), 1fr)); gap: 0 2rem}}
.popmap-pair > section {{min-width: 0}}
.popmap-grid {{width: 100%; border-collapse: collapse; font-size: .875rem; line-height: 1.4; margin: 0}}
.popmap-grid th, .popmap-grid td {{text-align: left; vertical-align: top; padding: .45rem .7rem .45rem 0; border: 0;
 border-bottom: {LINE}}}
.popmap-grid td {{overflow-wrap: anywhere}}
.popmap-grid th {{font-weight: 600}}
.popmap-grid thead th {{font-weight: 400; font-size: .8rem; color: {SOFT}; white-space: nowrap}}
.popmap-grid .number {{text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap}}
.popmap-grid .short {{white-space: nowrap}}
.popmap-grid .share {{width: 6rem}}
.popmap-grid .bar {{display: block; height: .45rem; margin-top: .4rem; border-radius: .25rem; overflow: hidden;
 background: color-mix(in srgb, currentColor 13%, transparent); print-color-adjust: exact}}
.popmap-grid .bar span {{display: block; height: 100%; background: #3f7fc4}}
.popmap .blank {{font-style: italic; white-space: nowrap}}
.popmap .note {{padding: .75rem 1rem; border-radius: .4rem; background: color-mix(in srgb, currentColor 6%, transparent)}}
.st-key-ways_in {{align-items: stretch; padding-top: .35rem}}
.st-key-ways_in > * {{flex: 1 1 14rem; width: auto; min-width: 0}}
.st-key-ways_in .stPageLink, .st-key-ways_in .stPageLink > * {{height: 100%}}
.st-key-ways_in a {{border: {LINE}; border-radius: .4rem; padding: .7rem .9rem; align-items: flex-start; height: 100%; margin: 0}}
.st-key-ways_in a p {{white-space: normal; line-height: 1.5}}
""")
CARD = _sheet(f"""
.popmap-card table {{width: 100%; border-collapse: collapse; font-size: .9rem; margin: .2rem 0 1rem}}
.popmap-card th, .popmap-card td {{text-align: left; vertical-align: top; padding: .35rem .6rem}}
.popmap-card th, .popmap-card td {{border: 0; border-bottom: {LINE}; overflow-wrap: anywhere}}
.popmap-card th {{font-weight: 600; width: 22%}}
.popmap-card thead th {{width: auto; font-size: .8rem}}
.popmap-card .blank {{font-style: italic; white-space: nowrap}}
.popmap-card q {{font-style: italic; quotes: "“" "”"; overflow-wrap: anywhere}}
.popmap-card .tag {{border: 1px solid currentColor; border-radius: .6rem; padding: 0 .45rem; font-size: .75rem; white-space: nowrap}}
.popmap-card h4 {{font-size: 1rem; margin: .6rem 0 .2rem; font-weight: 600}}
""")
HISTORY = _sheet(f"""
.popmap-history table {{width: 100%; border-collapse: collapse; font-size: .875rem}}
.popmap-history th, .popmap-history td {{text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: {LINE}}}
.popmap-history th {{font-weight: 600}}
.popmap-history td {{overflow-wrap: anywhere; white-space: pre-line}}
.popmap-history td:nth-child(-n+2) {{white-space: nowrap; font-variant-numeric: tabular-nums}}
.popmap-changes {{margin: 0; padding-left: 1.1rem; line-height: 1.7}}
.popmap-changes li {{overflow-wrap: anywhere}}
""")
