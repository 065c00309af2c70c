"""A list's own words beside what was understood of it: its lines, those that are cited marked."""

from __future__ import annotations

import re
from collections.abc import Iterable

from popmap.importing.model import Reading
from popmap.ui.text import markup

_LINE = re.compile(r"\bline (\d+)")
_MOST_LINES, _MOST_QUOTES = 3_000, 400
_TEXTS = frozenset({"text", "markdown", "html", "csv", "json", "yaml"})

STYLE = (
    "<style>.popmap-source {max-height: 36rem; overflow: auto; border: 1px solid #8896a84d; border-radius: .4rem; font-size: .8rem; "
    "padding: .4rem 0} .popmap-source ol {margin: 0; padding: 0 .6rem 0 3.2rem; font-family: monospace} "
    ".popmap-source li {white-space: pre-wrap; overflow-wrap: anywhere; padding: .05rem .4rem; line-height: 1.5} "
    ".popmap-source li.cited {background: color-mix(in srgb, #2a78d6 16%, transparent); border-left: 3px solid #2a78d6} "
    ".popmap-source li.asked {background: color-mix(in srgb, #c98500 22%, transparent); border-left: 3px solid #c98500} "
    ".popmap-source table {width: 100%; border-collapse: collapse} .popmap-source td {padding: .25rem .6rem; vertical-align: top; "
    "border-bottom: 1px solid #8896a84d; overflow-wrap: anywhere} .popmap-source td:first-child {white-space: nowrap}</style>"
)


def source_markup(reading: Reading, data: bytes) -> str:
    """Return markup of a list's lines with those that are cited marked; of its cited places where it has no lines.

    Args:
        reading: What the list says.
        data: Its bytes.
    """
    cited = {row["locator"]: row.get("quote", "") for row in reading.rows.evidence if row.get("locator")}
    asked = {one.locator for one in reading.open}
    if reading.form in _TEXTS and any(_LINE.search(place) for place in (*cited, *asked)):
        return _lines(data, _numbers(cited), _numbers(asked))
    rows = "".join(f"<tr><td>{markup(place)}</td><td>{markup(quote)}</td></tr>" for place, quote in list(cited.items())[:_MOST_QUOTES])
    more = f"<tr><td></td><td>and {len(cited) - _MOST_QUOTES:,} more places</td></tr>" if len(cited) > _MOST_QUOTES else ""
    return f'<div class="popmap-source" tabindex="0" aria-label="Places that are cited"><table><tbody>{rows}{more}</tbody></table></div>'


def _numbers(places: Iterable[str]) -> set[int]:
    return {int(found) for place in places for found in _LINE.findall(place)}


def _lines(data: bytes, cited: set[int], asked: set[int]) -> str:
    lines = data.decode("utf-8-sig", "replace").splitlines()
    items = []
    for number, line in enumerate(lines[:_MOST_LINES], start=1):
        kind = ' class="asked"' if number in asked else ' class="cited"' if number in cited else ""
        items.append(f"<li{kind}>{markup(line[:2_000]) or '&nbsp;'}</li>")
    if len(lines) > _MOST_LINES:
        items.append(f"<li>and {len(lines) - _MOST_LINES:,} more lines</li>")
    return f'<div class="popmap-source" tabindex="0" aria-label="The list, its cited lines marked"><ol>{"".join(items)}</ol></div>'
