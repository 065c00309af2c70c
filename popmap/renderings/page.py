"""The public page of sub-processors: one HTML file without scripts that loads nothing, and the same as Markdown."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable

from popmap.renderings.facts import Facts
from popmap.renderings.paper import origin
from popmap.renderings.subprocessors import data, display_name, flows_of, places, purposes, subprocessors, transfer_grounds
from popmap.renderings.words import NOT_STATED, ROLES, Row, markdown, marked, markup, said, web_address

COLUMNS = ("Sub-processor", "What for", "Categories of data", "Place of processing", "Transfer outside the EEA rests on", "Role")
_LEAD = (
    "This list names the companies that receive personal data from us as processors or sub-processors, and those whose role our register "
    "does not state. “Not stated” means that the register does not say."
)
_STYLE = """
:root{color-scheme:light dark;--ink:#1c2733;--soft:#4f5c6b;--line:#ccd4dd;--shade:#f1f4f8;--paper:#fff;--link:#0b57a4}
@media(prefers-color-scheme:dark){:root{--ink:#e7ecf2;--soft:#b2bdc9;--line:#3a4653;--shade:#1d2732;--paper:#12181f;--link:#8ec1ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
main,footer{max-width:78rem;margin:0 auto;padding:2.5rem clamp(1rem,4vw,3rem)}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .6rem}
h2{font-size:1.25rem;margin:2.4rem 0 .8rem}
h1,p,li{overflow-wrap:anywhere}
p{max-width:46rem;margin:.5rem 0}
.soft,footer{color:var(--soft);font-size:.9rem}
a{color:var(--link);overflow-wrap:anywhere}
table{width:100%;border-collapse:collapse;font-size:.92rem;table-layout:fixed}
caption{text-align:left;color:var(--soft);padding:0 0 .6rem}
th,td{text-align:left;vertical-align:top;padding:.65rem .8rem .65rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
thead th:nth-child(1){width:20%}thead th:nth-child(2){width:27%}thead th:nth-child(3){width:16%}thead th:nth-child(6){width:10%}
thead th{background:var(--shade);font-size:.82rem;padding-left:.8rem}
tbody th,tbody td{padding-left:.8rem}
tbody th{font-weight:600}
tbody th span{display:block;font-weight:400;font-size:.85rem;color:var(--soft)}
td ul{margin:0;padding-left:1.05rem}
.blank{font-style:italic;color:var(--soft)}
footer{border-top:1px solid var(--line);padding-top:1.2rem}
footer dl{display:grid;grid-template-columns:auto 1fr;gap:.2rem 1.2rem;margin:0}
footer dd{margin:0;overflow-wrap:anywhere}
@media(max-width:52rem){
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,caption,tbody,tr,tbody th,td{display:block;width:100%}
tr{border:1px solid var(--line);border-radius:.5rem;margin-bottom:1rem;padding:.4rem 0}
tbody th,td{border:0;padding:.35rem .9rem}
tbody th{font-size:1.05rem}
td::before{content:attr(data-label);display:block;font-size:.78rem;color:var(--soft)}
footer dl{grid-template-columns:1fr}footer dd{margin-bottom:.5rem}}
@media print{:root{--ink:#000;--soft:#333;--paper:#fff;--shade:#eee;--link:#000}thead{display:table-header-group}tr{break-inside:avoid}
main,footer{padding:0;max-width:none}table{font-size:9pt}}
"""


def as_html(facts: Facts) -> bytes:
    """Return the page as one HTML document: its style is in it, its policy lets nothing else in, and no address of it is asked for."""
    found = subprocessors(facts)
    title = _title(facts)
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    remarks = "".join(f"<li>{markup(remark)}</li>" for remark in found.remarks)
    facts_list = "".join(f"<dt>{markup(label)}</dt><dd>{markup(text)}</dd>" for label, text in origin("Sub-processors", facts))
    body = [
        f"<h1>{markup(title)}</h1><p>{markup(_LEAD)}</p><p>{markup(_objection(facts))}</p><p>{markup(_contact(facts))}</p>",
        f"<h2>Current sub-processors</h2>{_table(facts, found.now, f'{len(found.now)} as listed on {facts.about.as_of:%Y-%m-%d}')}",
        f"<h2>Announced</h2>{_table(facts, found.proposed, f'{len(found.proposed)} proposed')}" if found.proposed else "",
        f"<h2>Remarks</h2><ul>{remarks}</ul>" if remarks else "",
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{markup(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(part for part in body if part)
        + f"\n</main>\n<footer>\n<dl>{facts_list}</dl>\n</footer>\n</body>\n</html>\n"
    ).encode()


def as_markdown(facts: Facts) -> bytes:
    """Return the page as Markdown."""
    found = subprocessors(facts)
    parts = [f"# {markdown(_title(facts))}", markdown(_LEAD), markdown(_objection(facts)), markdown(_contact(facts))]
    parts += ["## Current sub-processors", _grid(facts, found.now)]
    parts += ["## Announced", _grid(facts, found.proposed)] if found.proposed else []
    parts += ["## Remarks", "\n".join(f"- {markdown(remark)}" for remark in found.remarks)] if found.remarks else []
    parts += [
        "## Where this is from",
        "\n".join(f"- {markdown(label)}: {markdown(text)}" for label, text in origin("Sub-processors", facts)),
    ]
    return ("\n\n".join(parts) + "\n").encode()


def _title(facts: Facts) -> str:
    name = facts.settings.organisation.get("name")
    return f"Sub-processors of {name}" if name else "Sub-processors"


def _objection(facts: Facts) -> str:
    days = facts.settings.objection_days
    return f"Time to object to a new sub-processor (Art. 28(2) GDPR): {f'{days} days' if days else NOT_STATED}."


def _contact(facts: Facts) -> str:
    officer, own = facts.settings.data_protection_officer, facts.settings.organisation
    named = f"{officer.get('name') or NOT_STATED}, {officer.get('contact') or NOT_STATED}" if any(officer.values()) else NOT_STATED
    return f"Contact: {own.get('contact') or NOT_STATED}. Data protection officer: {named}."


def _cells(facts: Facts, vendor: Row) -> list[tuple[str, ...]]:
    flows = flows_of(facts, vendor)
    role = (said(vendor, "role", ROLES),)
    return [purposes(flows), data(facts, flows), places(facts, flows), transfer_grounds(facts, flows), role]


def _notes(facts: Facts, vendor: Row) -> list[tuple[str, str]]:
    """Return what stands under a vendor's name, as labels and texts."""
    notes = [("legal name", said(vendor, "legal_name"))] if vendor["legal_name"] else []
    notes += [("head office", marked(facts.country_name(vendor["country"]), vendor, "country"))] if vendor["country"] else []
    return notes + ([("since", said(vendor, "added_on"))] if vendor["added_on"] else [])


def _table(facts: Facts, vendors: Iterable[Row], caption: str) -> str:
    # The roles are named because browsers forget those of a table that narrow screens show as blocks.
    rows = "".join(_row(facts, vendor) for vendor in vendors)
    if not rows:
        return '<p class="blank">No sub-processor is stated in the register.</p>'
    head = "".join(f'<th scope="col" role="columnheader">{markup(column)}</th>' for column in COLUMNS)
    return (
        f'<table role="table"><caption>{markup(caption)}</caption><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>'
    )


def _row(facts: Facts, vendor: Row) -> str:
    notes = "".join(f"<span>{markup(f'{label}: {text}')}</span>" for label, text in _notes(facts, vendor))
    site = web_address(vendor["website"])
    link = f'<span><a href="{markup(site)}" rel="nofollow noopener noreferrer">{markup(site)}</a></span>' if site else ""
    cells = "".join(
        f'<td role="cell" data-label="{markup(column)}">{_items(lines, markup)}</td>'
        for column, lines in zip(COLUMNS[1:], _cells(facts, vendor), strict=True)
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{markup(display_name(vendor))}{notes}{link}</th>{cells}</tr>'


def _items(lines: tuple[str, ...], escaped: Callable[[str], str]) -> str:
    if lines == (NOT_STATED,):
        return f'<span class="blank">{NOT_STATED}</span>'
    return escaped(lines[0]) if len(lines) == 1 else f"<ul>{''.join(f'<li>{escaped(line)}</li>' for line in lines)}</ul>"


def _grid(facts: Facts, vendors: tuple[Row, ...]) -> str:
    if not vendors:
        return "No sub-processor is stated in the register."
    lines = [f"| {' | '.join(map(markdown, COLUMNS))} |", f"|{' --- |' * len(COLUMNS)}"]
    for vendor in vendors:
        name = "<br>".join([markdown(display_name(vendor)), *(markdown(f"{label}: {text}") for label, text in _notes(facts, vendor))])
        cells = ["<br>".join(map(markdown, cell)) for cell in _cells(facts, vendor)]
        lines.append(f"| {' | '.join([name, *cells])} |")
    return "\n".join(lines)
