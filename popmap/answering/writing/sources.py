"""The list of what the answers rest on: a sheet of its own in a workbook, or a file beside it."""

from __future__ import annotations

import csv
import io
import posixpath
import zipfile
from collections.abc import Sequence

from popmap.answering.reading.parts import Workbook, part, scan
from popmap.answering.reading.sheets import SOURCE_HEADINGS
from popmap.answering.writing.records import Source, cells
from popmap.answering.writing.sheet import escaped
from popmap.answering.writing.texts import fitting
from popmap.answering.writing.xml_edit import appended, edited, elements
from popmap.register.cells import guard
from popmap.uploads.separated import letters

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_WIDTHS = (18, 12, 60, 60, 40, 60, 40)
SHEET = "Sources"


def as_csv(rows: Sequence[Source]) -> bytes:
    """Return the list as CSV (UTF-8, LF, RFC 4180); cells a spreadsheet could read as formulas get a leading quote."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(SOURCE_HEADINGS)
    writer.writerows([guard(fitting(text)) for text in cells(row)] for row in rows)
    return out.getvalue().encode()


def sheet_parts(archive: zipfile.ZipFile, book: Workbook, rows: Sequence[Source], name: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return the parts that change, and the part that is new, when a sheet of sources is added to a workbook.

    Args:
        archive: The workbook.
        book: What its own part says.
        rows: The list.
        name: The file's name, for messages.
    """
    folder, base = posixpath.split(book.part)
    rels_path = posixpath.join(folder, "_rels", f"{base}.rels")
    number = 1
    while posixpath.join(folder, f"worksheets/sheet{number}.xml") in archive.NameToInfo:
        number += 1
    target = f"worksheets/sheet{number}.xml"
    path = posixpath.join(folder, target)
    identity = next(one for count in range(1, len(book.rels) + 2) if (one := f"rIdSources{count}") not in book.rels)
    main, relation, kind, highest, names = _identities(archive, book, rels_path, name)
    title, count = SHEET, 1
    while title.lower() in names:
        count += 1
        title = f"{SHEET} {count}"
    changed = {
        book.part: _grown(
            part(archive, book.part, name),
            "workbook/sheets",
            name,
            "sheet",
            {"name": title, "sheetId": str(highest + 1), "r:id": identity},
            relation,
        ),
        rels_path: _grown(
            part(archive, rels_path, name), "Relationships", name, "Relationship", {"Id": identity, "Type": kind, "Target": target}
        ),
        "[Content_Types].xml": _grown(
            part(archive, "[Content_Types].xml", name), "Types", name, "Override", {"PartName": f"/{path}", "ContentType": _CONTENT}
        ),
    }
    return changed, {path: _sheet(rows, main)}


def _identities(archive: zipfile.ZipFile, book: Workbook, rels_path: str, name: str) -> tuple[str, str, str, int, set[str]]:
    """Return the namespaces and relationship kind the workbook uses (transitional or strict), its highest sheet id, its sheets' names."""
    main, relation, kind, highest = _MAIN, _RELS, f"{_RELS}/worksheet", 0
    names: set[str] = set()

    def sheet(element: str, attributes: dict[str, str]) -> None:
        nonlocal relation, highest
        if element == "sheet":
            names.add(attributes.get("name", "").lower())
            highest = max(highest, int(attributes.get("sheetId", "0")))
            relation = next((key.rpartition("\n")[0] for key in attributes if key.endswith("\nid")), relation)

    def link(element: str, attributes: dict[str, str]) -> None:
        nonlocal kind
        if element == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            kind = attributes["Type"]

    scan(part(archive, book.part, name), name, sheet)
    scan(part(archive, rels_path, name), name, link)
    if "purl.oclc.org" in relation:
        main = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    return main, relation, kind, highest, names


def _grown(data: bytes, path: str, name: str, element: str, attributes: dict[str, str], relation: str = "") -> bytes:
    """Return a part with one more element at the end of the one on a path, under the same prefix."""
    parent = elements(data, (path,), name)[path][0]
    prefix = parent.name.rpartition(":")[0]
    tag = f"{prefix}:{element}" if prefix else element
    declared = f' xmlns:r="{relation}"' if relation else ""
    new = f"<{tag}{declared}" + "".join(f' {key}="{value}"' for key, value in attributes.items()) + "/>"
    return edited(data, [appended(data, parent, new.encode())])


def _sheet(rows: Sequence[Source], main: str) -> bytes:
    widths = "".join(f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(_WIDTHS, 1))
    lines = [_line(number, texts) for number, texts in enumerate([SOURCE_HEADINGS, *map(cells, rows)], 1)]
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{main}"><cols>{widths}</cols>'
        f"<sheetData>{''.join(lines)}</sheetData></worksheet>"
    ).encode()


def _line(number: int, texts: Sequence[str]) -> str:
    made = [
        f'<c r="{letters(column)}{number}" t="inlineStr"><is><t xml:space="preserve">{_safe(text)}</t></is></c>'
        for column, text in enumerate(texts, 1)
        if text
    ]
    return f'<row r="{number}">{"".join(made)}</row>'


def _safe(text: str) -> str:
    return escaped(fitting(text))
