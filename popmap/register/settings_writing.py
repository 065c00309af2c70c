"""register.toml with something more said in it; a person's comments, order and spacing stay."""

from __future__ import annotations

from collections.abc import Mapping

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from popmap.errors import RegisterError
from popmap.register.cells import clean
from popmap.register.schema import SETTINGS_FILE, SOURCE_FIELDS

_HEAD = "What is said once about this register. An empty string means: not stated."


def begun(title: str, organisation: str) -> str:
    """Return a new register's settings, with a place for everything they may say.

    Args:
        title: The register's title, "" when not stated.
        organisation: Whose register it is, "" when not stated.
    """
    document = tomlkit.document()
    document.add(tomlkit.comment(_HEAD))
    document.add("title", tomlkit.item(_text(title)))
    document.add("joint_controllers", tomlkit.array())
    for name, fields in (
        ("organisation", {"name": organisation, "address": "", "contact": "", "role": ""}),
        ("representative", {"name": "", "contact": ""}),
        ("data_protection_officer", {"name": "", "contact": ""}),
    ):
        section = tomlkit.table()
        for field, value in fields.items():
            section.add(field, _text(value))
        document.add(tomlkit.nl())
        document.add(name, section)
    return tomlkit.dumps(document)


def with_source(text: str, source: Mapping[str, str]) -> str:
    """Return settings that name a source, in place of what they said of it before.

    Args:
        text: register.toml as it is, "" for none.
        source: The source's fields, `schema.SOURCE_FIELDS`; those that are missing stay as they are, "" when new.

    Raises:
        RegisterError: The settings cannot be read, so what they say would be lost.
    """
    try:
        document = tomlkit.parse(text)
        sources = document.get("sources")
        if sources is not None and not isinstance(sources, AoT):
            raise TypeError("sources is not a list of tables")
    except (TOMLKitError, TypeError) as error:
        raise RegisterError(f"{SETTINGS_FILE} cannot be read: {error}.", "Mend it first; nothing was written.") from error
    if sources is None:
        sources = tomlkit.aot()
        document.add(tomlkit.nl())
        document.add("sources", sources)
    entry = next((one for one in sources if one.get("id") == source["id"]), None)
    if entry is None:
        entry = tomlkit.table()
        for field in SOURCE_FIELDS:
            entry.add(field, _text(source.get(field, "")))
        sources.append(entry)
        return tomlkit.dumps(document)
    for field, value in source.items():
        if entry.get(field, "") != _text(value):
            entry[field] = _text(value)
    return tomlkit.dumps(document)


def _text(value: str) -> str:
    return clean(value, guarded=False)[0]
