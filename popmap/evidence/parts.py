"""What a pack holds, as a table: each file's name, what it is for, and what makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import pyarrow as pa

from popmap.evidence import screenshots
from popmap.evidence.manifest import REGISTER
from popmap.evidence.memory import give_back
from popmap.evidence.pictures import map_png, map_svg, matrix_svg
from popmap.evidence.register_copy import public_copy
from popmap.evidence.repacking import repacked
from popmap.evidence.report import report_pieces
from popmap.evidence.standalone import index_html
from popmap.exports.about import about
from popmap.exports.files import rows
from popmap.exports.writers import labelled
from popmap.exports.xlsx import workbook
from popmap.filters import Filter
from popmap.findings import hits
from popmap.register.arrow import texts
from popmap.register.schema import ALIASES, EVIDENCE, Table
from popmap.register.writing import csv_lines
from popmap.reports import json_report
from popmap.stated import stated_table
from popmap.store import Store
from popmap.tables import Ask
from popmap.typesetting.workshop import Workshop
from popmap.views import VIEWS, View

_TABLES = "tables"
# Findings name their rule; what a rule says stands once in a table of its own, not on each of its thousands of rows.
_OF_RULES = ("why", "hint")
_COLUMNS = {"findings": tuple(column.name for column in VIEWS["findings"].columns if column.name not in _OF_RULES)}
# Tables of the register that no view shows: what cells rest on, and other spellings.
_KEPT: tuple[tuple[Table, str], ...] = ((EVIDENCE, "What each cell rests on"), (ALIASES, "Other spellings"))


Content = bytes | Iterable[bytes]
"""A file's content, or its pieces in order, which are made as they are taken."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a pack is made of and for whom.

    Attributes:
        store: The register.
        asked: The filter.
        made_at: The time given, in UTC.
        register: The register's files as they were read, by their paths in its folder.
        shop: Where paper and pictures are set.
        internal: Whether internal columns are in it.
        paper: "a4" or "letter".
        key: The fingerprint of the key that signs, in groups; "" for none.
        screenshots: Whether pictures of the pages are wanted.
    """

    store: Store
    asked: Filter
    made_at: datetime
    register: Mapping[str, bytes]
    shop: Workshop
    internal: bool = False
    paper: str = "a4"
    key: str = ""
    screenshots: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the pack, or a folder of files.

    Attributes:
        name: The file's name; a folder's ends in /.
        what: What it is for, as a sentence.
        make: Gives a file's content, whole or in pieces, or a folder's contents by their names in it.
        reproducible: Whether the same register, options and time give the same bytes.
        aside: Whether it mostly waits for the workshop, so that others can be made meanwhile.
    """

    name: str
    what: str
    make: Callable[[Wanted], Content | Mapping[str, bytes]]
    reproducible: bool = True
    aside: bool = False

    def files(self, wanted: Wanted) -> Mapping[str, Content]:
        """Return what there is of it, by the names in the pack."""
        made = self.make(wanted)
        return {f"{self.name}{name}": content for name, content in made.items()} if isinstance(made, Mapping) else {self.name: made}


def _report(wanted: Wanted) -> Content:
    who = {"paper": wanted.paper, "internal": wanted.internal, "key_fingerprint": wanted.key}
    return report_pieces(wanted.store, wanted.asked, wanted.made_at, wanted.shop, **who)


def _picture(wanted: Wanted) -> Content:
    return map_png(wanted.store, wanted.asked, wanted.shop.png, wanted.shop.rest)


def _gaps(wanted: Wanted) -> Content:
    return (piece.encode() for piece in json_report(wanted.store, internal=wanted.internal))


def _table(name: str, wanted: Wanted) -> Content:
    return csv_lines(_rows(name, wanted))


def _rows(name: str, wanted: Wanted) -> pa.Table:
    return rows(wanted.store, name, Ask(wanted.asked), internal=wanted.internal, columns=_COLUMNS.get(name, ()))


def _rules(wanted: Wanted) -> pa.Table:
    found = hits(wanted.store)
    names = ("code", "severity", "title", "article", "why", "hint")
    return pa.table({name: texts([getattr(hit, name) for hit in found]) for name in names})


def _stated(table: Table, wanted: Wanted) -> Content:
    return csv_lines(stated_table(wanted.store, table, internal=wanted.internal))


def _workbook(wanted: Wanted) -> bytes:
    sheets = {view.title: _rows(view.name, wanted) for view in VIEWS.values()}
    sheets["Rules"] = _titled(_rules(wanted))
    for table, _ in _KEPT:
        sheets[table.name.capitalize()] = _titled(stated_table(wanted.store, table, internal=wanted.internal))
    book = workbook(sheets, about(wanted.store, "All tables", Ask(wanted.asked), wanted.made_at))
    # The tables take as much as the workbook's largest sheet does while it is packed again.
    sheets.clear()
    give_back()
    return repacked(book)


def _titled(table: pa.Table) -> pa.Table:
    return labelled(table, {name: name.replace("_", " ").capitalize() for name in table.column_names})


def _register(wanted: Wanted) -> Mapping[str, bytes]:
    return wanted.register if wanted.internal else public_copy(wanted.store, wanted.register)


def _screenshots(wanted: Wanted) -> Mapping[str, bytes]:
    return screenshots.take(wanted.store.folder, wanted.asked) if wanted.screenshots else {}


def _view_part(view: View) -> Part:
    return Part(f"{_TABLES}/{view.name}.csv", f"{view.title}, the rows behind the filter, as CSV.", partial(_table, view.name))


def _stated_part(table: Table, what: str) -> Part:
    return Part(f"{_TABLES}/{table.name}.csv", f"{what}, of the whole register, as CSV.", partial(_stated, table))


# In the order in which a reader would open them.
PARTS: tuple[Part, ...] = (
    Part(
        "report.pdf",
        "The report to read: map, matrix, every row with the words it rests on, gaps, sources and method.",
        _report,
        aside=True,
    ),
    Part(
        "index.html",
        "The map, the tables, search and filters in one page that opens from disk and asks nothing of any network.",
        lambda wanted: index_html(wanted.store, wanted.asked, wanted.made_at, internal=wanted.internal),
    ),
    Part(
        "map.svg",
        "The data map behind the filter as a vector picture, every name in full.",
        lambda wanted: map_svg(wanted.store, wanted.asked),
    ),
    Part("map.png", "The same picture in pixels.", _picture, aside=True),
    Part("matrix.svg", "Which category goes to which vendor, as a vector picture.", lambda wanted: matrix_svg(wanted.store, wanted.asked)),
    *map(_view_part, VIEWS.values()),
    Part(
        f"{_TABLES}/rules.csv",
        "The rules that found something: why each matters and what to do, as CSV.",
        lambda wanted: csv_lines(_rules(wanted)),
    ),
    *(_stated_part(table, what) for table, what in _KEPT),
    Part(f"{_TABLES}/all-tables.xlsx", "The same tables as one workbook, a sheet for each.", _workbook),
    Part("gaps.json", "Every finding of the whole register with its rule, article and what to do.", _gaps),
    Part(REGISTER, "The register this pack was made from, with its sources.", _register),
    Part(
        "screenshots/",
        "The pages as a browser shows them when the pack is made, findings as of that day; two sizes, both themes.",
        _screenshots,
        reproducible=False,
    ),
)
