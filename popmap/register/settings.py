"""register.toml: what is said once about a register."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from popmap.register.cells import clean
from popmap.register.faults import Fault, shorten
from popmap.register.schema import SETTINGS_FILE, SOURCE_FIELDS

DEFAULT_REVIEW_DAYS = 365

# What may stand under each name, and how to say so; the days are looked at where they are read.
_KINDS: dict[str, tuple[type, str]] = {
    "title": (str, "a text"),
    "organisation": (dict, "a table, [organisation]"),
    "joint_controllers": (list, "a list of names"),
    "representative": (dict, "a table, [representative]"),
    "data_protection_officer": (dict, "a table, [data_protection_officer]"),
    "sources": (list, "tables, [[sources]]"),
    "review_period_days": (object, "a number of days"),
    "objection_period_days": (object, "a number of days"),
}


# What a published privacy notice is called, in its title or its address.
_NOTICE = ("privacy", "confidentialit", "datenschutz", "privacidad", "data protection notice")


@dataclass(frozen=True, slots=True)
class Settings:
    """What register.toml says.

    Attributes:
        title: The register's title, or "" when not stated.
        organisation: name, address, contact and role, each "" when not stated.
        joint_controllers: Their names.
        representative: name and contact, each "" when not stated (Art. 27).
        data_protection_officer: name and contact, each "" when not stated (Art. 37).
        sources: One mapping of `SOURCE_FIELDS` for each source, "" where not stated.
        review_days: Days after which a review is overdue.
        objection_days: Days customers have to object to a new vendor (Art. 28(2)), or None when not stated.
        canonical: Canonical JSON of the file's content, for the fingerprint.
    """

    title: str = ""
    organisation: dict[str, str] = field(default_factory=dict)
    joint_controllers: tuple[str, ...] = ()
    representative: dict[str, str] = field(default_factory=dict)
    data_protection_officer: dict[str, str] = field(default_factory=dict)
    sources: tuple[dict[str, str], ...] = ()
    review_days: int = DEFAULT_REVIEW_DAYS
    objection_days: int | None = None
    canonical: str = "{}"

    @property
    def notices(self) -> tuple[dict[str, str], ...]:
        """Return the sources that are published privacy notices: those with an address that are called one."""
        return tuple(
            source
            for source in self.sources
            if source["url"] and any(word in f"{source['title']} {source['url']}".lower() for word in _NOTICE)
        )


def read_settings(folder: Path) -> tuple[Settings, list[Fault]]:
    """Return a register folder's settings, and what is wrong with them; a broken file counts as nothing stated."""
    path = folder / SETTINGS_FILE
    if not path.is_file():
        return Settings(), [Fault("settings-missing", SETTINGS_FILE)]
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str, separators=(",", ":"))
    except (ValueError, RecursionError, OSError) as error:
        # ValueError: not TOML, not UTF-8, or a number of more digits than Python reads; RecursionError: lists in lists in lists.
        return Settings(), [Fault("settings-unreadable", SETTINGS_FILE, value=shorten(str(error)))]
    faults = [Fault("setting-unknown", SETTINGS_FILE, column=shorten(key)) for key in content if key not in _KINDS]
    for key, (kind, words) in _KINDS.items():
        if key in content and not isinstance(content[key], kind):
            faults.append(Fault("setting-invalid", SETTINGS_FILE, column=key, value=f"it should be {words}"))
            del content[key]
    settings = Settings(
        title=_text(content.get("title")),
        organisation=_texts(content, "organisation", ("name", "address", "contact", "role")),
        joint_controllers=_names(content.get("joint_controllers")),
        representative=_texts(content, "representative", ("name", "contact")),
        data_protection_officer=_texts(content, "data_protection_officer", ("name", "contact")),
        sources=_sources(content.get("sources", []), faults),
        review_days=_days(content, "review_period_days", faults) or DEFAULT_REVIEW_DAYS,
        objection_days=_days(content, "objection_period_days", faults),
        canonical=canonical,
    )
    return settings, faults


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, (dict, list)) else clean(str(value), guarded=False)[0]


def _texts(content: dict[str, Any], name: str, keys: tuple[str, ...]) -> dict[str, str]:
    section = content.get(name)
    section = section if isinstance(section, dict) else {}
    return {key: _text(section.get(key)) for key in keys}


def _names(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else []
    return tuple(_text(item.get("name") if isinstance(item, dict) else item) for item in items)


def _days(content: dict[str, Any], key: str, faults: list[Fault]) -> int | None:
    value = content.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 36_500:
        return value
    faults.append(Fault("setting-invalid", SETTINGS_FILE, column=key, value=shorten(str(value))))
    return None


def _sources(value: Any, faults: list[Fault]) -> tuple[dict[str, str], ...]:
    sources: list[dict[str, str]] = []
    for item in value if isinstance(value, list) else []:
        source = {key: _text(item.get(key)) for key in SOURCE_FIELDS} if isinstance(item, dict) else {}
        if not source.get("id"):
            faults.append(Fault("setting-invalid", SETTINGS_FILE, column="sources", value="a source without an id"))
        elif any(source["id"] == other["id"] for other in sources):
            faults.append(Fault("setting-invalid", SETTINGS_FILE, column="sources", value=f"the id {source['id']} is given twice"))
        else:
            sources.append(source)
    return tuple(sources)
