"""What a file is from: enough to find the same rows again, or to see that they have changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from popmap import __version__
from popmap.filters import to_english, to_query
from popmap.store import Store
from popmap.tables import Ask

_NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class About:
    """What a file is from.

    Attributes:
        register: The register's title, or "" when not stated.
        fingerprint: SHA-256 of the register's content.
        table: The table's title, as the interface shows it.
        filter: The filter in English.
        link: The filter as the page's URL keys, without "?"; "" when nothing is filtered.
        as_of: The day findings were judged on.
        made_at: When the file was made, in UTC.
        version: popmap's version.
    """

    register: str
    fingerprint: str
    table: str
    filter: str
    link: str
    as_of: date
    made_at: datetime
    version: str = __version__

    def facts(self, rows: int | None = None) -> dict[str, str | int]:
        """Return what there is to say, in the order to say it; rows is how many rows the file holds, where that means anything."""
        counted = {} if rows is None else {"rows": rows}
        return {
            "register": self.register or _NOT_STATED,
            "fingerprint": self.fingerprint,
            "table": self.table,
            "filter": self.filter,
            "link": self.link,
            "as_of": self.as_of.isoformat(),
            "made_at": self.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            **counted,
            "popmap": self.version,
        }


# How the keys of About.facts are called in a spreadsheet.
FACT_LABELS: dict[str, str] = {
    "register": "Register",
    "fingerprint": "Fingerprint (SHA-256)",
    "table": "Table",
    "filter": "Filter",
    "link": "Link (URL keys)",
    "as_of": "Findings as of",
    "made_at": "Made at (UTC)",
    "rows": "Rows",
    "popmap": "popmap version",
}


def about(store: Store, title: str, ask: Ask, made_at: datetime) -> About:
    """Return what a file of these rows is from.

    Args:
        store: The register.
        title: The table's title.
        ask: Which rows.
        made_at: The time, with its time zone.
    """
    link = urlencode(link_query(ask), doseq=True)
    return About(store.settings.title, store.fingerprint, title, _english(store, ask), link, store.as_of, made_at)


def link_query(ask: Ask) -> dict[str, list[str]]:
    """Return the URL keys and values that ask for the same rows."""
    query = to_query(ask.filter)
    if ask.severities:
        query["severity"] = list(ask.severities)
    if ask.rule:
        query["rule"] = [ask.rule]
    if ask.sort:
        query["sort"] = [ask.sort]
        if ask.descending:
            query["desc"] = ["1"]
    return query


def _english(store: Store, ask: Ask) -> str:
    text = to_english(ask.filter, store.known)
    if ask.severities:
        text += f", findings of severity {' or '.join(ask.severities)}"
    return f"{text}, findings of the rule {ask.rule}" if ask.rule else text
