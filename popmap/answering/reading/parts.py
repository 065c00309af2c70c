"""A workbook's parts, read from their XML: which sheets there are, what is protected, which names are defined."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from popmap.uploads.containers import part, scan

_OFFICE = "officeDocument"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as the workbook lists it: its name, its part, whether it is hidden."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Workbook:
    """What a workbook's own part says.

    Attributes:
        part: Its path in the container.
        sheets: In order.
        names: Defined names, folded -> what they refer to.
        locked: Whether its structure is protected, so that no sheet may be added.
        rels: Its relationships: id -> (kind, part).
        styles: The path of the styles part, "" when there is none.
    """

    part: str
    sheets: tuple[Sheet, ...]
    names: Mapping[str, str]
    locked: bool
    rels: Mapping[str, tuple[str, str]]
    styles: str


def relations(archive: zipfile.ZipFile, of: str, name: str) -> dict[str, tuple[str, str]]:
    """Return a part's relationships inside the container: id -> (kind, path)."""
    folder, base = posixpath.split(of)
    path = posixpath.join(folder, "_rels", f"{base}.rels")
    found: dict[str, tuple[str, str]] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], full)

    if path in archive.NameToInfo:
        scan(part(archive, path, name), f"{name}, {path}", start)
    return found


def workbook(archive: zipfile.ZipFile, name: str) -> Workbook:
    """Return what the workbook's part says.

    Raises:
        UsageError: It is missing or damaged.
    """
    own = next((path for kind, path in relations(archive, "", name).values() if kind == _OFFICE), "xl/workbook.xml")
    rels = relations(archive, own, name)
    sheets: list[Sheet] = []
    names: dict[str, str] = {}
    locked = False
    defining = ""

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal locked, defining
        if element == "sheet":
            identity = next((value for key, value in attributes.items() if key.endswith("\nid")), "")
            kind, path = rels.get(identity, ("", ""))
            if kind == "worksheet":
                sheets.append(Sheet(attributes.get("name", ""), path, attributes.get("state", "visible") != "visible"))
        elif element == "workbookProtection":
            locked = attributes.get("lockStructure") in {"1", "true"}
        elif element == "definedName":
            defining = attributes.get("name", "").lower()
            names[defining] = ""

    def end(element: str) -> None:
        nonlocal defining
        if element == "definedName":
            defining = ""

    def text(words: str) -> None:
        if defining:
            names[defining] += words

    scan(part(archive, own, name), f"{name}, {own}", start, end, text)
    styles = next((path for kind, path in rels.values() if kind == "styles"), "")
    return Workbook(own, tuple(sheets), names, locked, rels, styles)


def open_styles(archive: zipfile.ZipFile, path: str, name: str) -> frozenset[int]:
    """Return the cell styles that leave a protected sheet's cells open."""
    found: set[int] = set()
    inside = False
    count = -1

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal inside, count
        if element == "cellXfs":
            inside = True
        elif inside and element == "xf":
            count += 1
        elif inside and element == "protection" and attributes.get("locked") in {"0", "false"}:
            found.add(count)

    def end(element: str) -> None:
        nonlocal inside
        inside = inside and element != "cellXfs"

    if path:
        scan(part(archive, path, name), f"{name}, {path}", start, end)
    return frozenset(found)
