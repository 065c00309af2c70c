"""What changed among a register's vendors, version by version, as an Atom feed that customers can subscribe to.

The format is that of RFC 4287. A version's author and reason are the register keeper's own and stay out of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from popmap.differences import Difference
from popmap.past import changes
from popmap.register.history import Version, versions
from popmap.register.schema import INTERNAL

MOST_ENTRIES = 50
# Which tables a customer's list of recipients follows from.
_TABLES = ("categories", "vendors", "flows")
_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), "�")


def entries(folder: Path) -> list[tuple[Version, tuple[str, ...]]]:
    """Return what each version changed in what outsiders may see, the newest first; versions that changed nothing of that are left out."""
    known = versions(folder)[: MOST_ENTRIES + 1]
    found = []
    for after, before in zip(known, [*known[1:], None], strict=True):
        if before is None and len(known) > MOST_ENTRIES:
            break
        lines = tuple(line for one in changes(folder, before, after).rows if (line := _line(one)))
        if lines:
            found.append((after, lines))
    return found


def atom(title: str, link: str, found: Sequence[tuple[Version, Iterable[str]]]) -> bytes:
    """Return an Atom feed.

    Args:
        title: The feed's title, such as the register's.
        link: Where the list is published, "" when nowhere.
        found: What `entries` returned.
    """
    updated = found[0][0].at.isoformat() if found else "1970-01-01T00:00:00+00:00"
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{_text(title)}</title>",
        f"<id>{_text(link) if link else f'urn:sha1:{found[-1][0].id if found else 0}:vendors'}</id>",
        f"<updated>{updated}</updated>",
        "<author><name>popmap</name></author>",
        *([f'<link href="{_text(link)}"/>'] if link else []),
    ]
    for version, said in found:
        items = "".join(f"<li>{_text(line)}</li>" for line in said)
        lines += [
            "<entry>",
            f"<title>{_text(f'Changes of {version.at:%Y-%m-%d}')}</title>",
            f"<id>urn:sha1:{version.id}</id>",
            f"<updated>{version.at.isoformat()}</updated>",
            f'<content type="html">{_text(f"<ul>{items}</ul>")}</content>',
            "</entry>",
        ]
    return ("\n".join([*lines, "</feed>"]) + "\n").encode()


def _line(one: Difference) -> str:
    """Return a change in words, "" when outsiders may not see it."""
    if one.table not in _TABLES:
        return ""
    if not one.cells:
        return str(one)
    cells = tuple(cell for cell in one.cells if (one.table, cell.column) not in INTERNAL)
    return str(Difference(one.table, one.change, one.row_id, one.name, cells)) if cells else ""


def _text(text: str) -> str:
    return escape(text.translate(_NOT_XML), {'"': "&quot;"})
