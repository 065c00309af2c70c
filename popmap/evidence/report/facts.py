"""What the report's front says: the register, what it covers, the rules that found most, and the sources it rests on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from popmap import __version__, summary
from popmap.counting import rule_hits
from popmap.evidence.report.words import NOT_STATED
from popmap.filters import Filter, to_english
from popmap.store import Store

Data = dict[str, Any]
TOP_RULES = 8
_NUMBERS = {
    "categories": "categories",
    "vendors": "vendors",
    "companies": "companies named",
    "sections": "sections",
    "flows": "flows",
}


def about(store: Store, asked: Filter, made_at: datetime, internal: bool, key_fingerprint: str) -> Data:
    """Return what the cover and every page's edge say.

    Args:
        store: The register.
        asked: The filter.
        made_at: The time, with its time zone.
        internal: Whether the report is for those who keep the register.
        key_fingerprint: The fingerprint of the key the pack is signed with, "" for none.
    """
    organisation = store.settings.organisation.get("name", "")
    title = store.settings.title or "Register without a title"
    return {
        "title": title,
        "running": title if len(title) <= 80 else f"{title[:79].rstrip()}…",
        "organisation": organisation,
        "as_of": day(store.as_of.isoformat()),
        "short": store.fingerprint[:12],
        "audience": "internal" if internal else "public",
        "made_at": made_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "facts": [
            ["Organisation", organisation or NOT_STATED],
            ["Register", store.settings.title or NOT_STATED],
            ["As of", day(store.as_of.isoformat())],
            ["Fingerprint (SHA-256)", " ".join(store.fingerprint[at : at + 8] for at in range(0, len(store.fingerprint), 8))],
            ["Filter", to_english(asked, store.known)],
            ["Audience", "Internal: for those who keep the register" if internal else "Public: columns marked internal are left out"],
            ["Signing key", key_fingerprint or "this pack is not signed"],
            ["Made", f"{made_at.astimezone(UTC).strftime('%Y-%m-%d %H:%M:%S UTC')} by popmap {__version__}"],
        ],
    }


def about_texts(store: Store) -> list[str]:
    """Return the register's own texts on the cover, for whoever looks for characters in them."""
    return [store.settings.title, *store.settings.organisation.values()]


def summed(store: Store, asked: Filter) -> Data:
    """Return the summary: a paragraph, numbers, what is stated and the rules that found most."""
    counts = summary.numbers(store, asked)
    hits = rule_hits(store, asked)
    settings = store.settings
    officer, representative = settings.data_protection_officer, settings.representative
    who = [
        ["Name", settings.organisation.get("name", "")],
        ["Role", settings.organisation.get("role", "")],
        ["Address", settings.organisation.get("address", "")],
        ["Contact", settings.organisation.get("contact", "")],
        ["Joint controllers", "; ".join(name for name in settings.joint_controllers if name)],
        ["Representative (Art. 27)", "; ".join(part for part in (representative.get("name"), representative.get("contact")) if part)],
        ["Data protection officer (Art. 37)", "; ".join(part for part in (officer.get("name"), officer.get("contact")) if part)],
    ]
    return {
        "kind": "summary",
        "paragraph": summary.paragraph(store, asked),
        "numbers": [[f"{counts[key]:,}", label] for key, label in _NUMBERS.items()],
        "who": [[label, value or NOT_STATED] for label, value in who],
        "coverage": [
            [fact.fact.capitalize(), f"{fact.stated:,} of {fact.rows:,} {fact.about}", _share(fact.stated, fact.rows), fact.article]
            for fact in summary.covered(store, asked)
        ],
        "rules": [[rule.severity, rule.title, rule.article, f"{rule.hits:,}"] for rule in hits[:TOP_RULES]],
        "more_rules": len(hits) - len(hits[:TOP_RULES]),
    }


def source_numbers(store: Store) -> dict[str, str]:
    """Return what each source is called where it is cited, S1 and so on, by its id."""
    return {source["id"]: f"S{number}" for number, source in enumerate(store.settings.sources, start=1)}


def sources(store: Store, cited: dict[str, int]) -> Data:
    """Return the sources as the report lists them.

    Args:
        store: The register.
        cited: Source id -> how many statements in this report rest on it.
    """
    marks = source_numbers(store)
    known = [
        {
            "mark": marks[source["id"]],
            "title": source["title"] or source["id"],
            "url": web_link(source["url"]),
            "rows": [
                ["Link", source["url"] or NOT_STATED],
                ["File", source["file"] or NOT_STATED],
                ["Retrieved on", day(source["retrieved_on"]) if source["retrieved_on"] else NOT_STATED],
                ["SHA-256", source["sha256"] or NOT_STATED],
                ["Cited", f"{cited.get(source['id'], 0):,} times in this report"],
            ],
        }
        for source in store.settings.sources
    ]
    unknown = sorted(key for key in cited if key and key not in marks)
    return {"kind": "sources", "sources": known, "unknown": unknown}


def day(iso: str) -> str:
    """Return an ISO date as a letter writes it, 23 November 2026; other text as it is."""
    try:
        found = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    # Not strftime's month: that one speaks the machine's language.
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def web_link(link: str) -> str:
    """Return a link that may be followed from paper, "" for what is none: only http and https lead to a page and run nothing."""
    plain = "".join(link.split()) == link and link.isascii() and link.isprintable()
    return link if plain and link.lower().startswith(("https://", "http://")) else ""


def _share(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
