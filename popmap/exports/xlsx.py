"""A table as an XLSX workbook: one sheet of rows, and one that says what they are from."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from popmap.errors import UsageError
from popmap.exports.about import FACT_LABELS, About
from popmap.exports.sheet_rows import row_markup
from popmap.exports.writers import label
from popmap.register.cells import CUT, LONGEST_CELL

# Excel's own limit is 1,048,576 rows, the header among them.
MOST_ROWS = 1_048_575
NOT_STATED = "An empty cell means: not stated in the register. It is never filled with a guess; none and no are answers, not blanks."
_WIDEST, _NARROWEST = 60, 8
_MEASURED_ROWS = 200
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


def xlsx(table: pa.Table, about: About, more: Mapping[str, str] | None = None, *, wrapped: bool = False) -> bytes:
    """Return the table as a workbook; the same table and About give the same bytes.

    Texts are stored as texts: a cell that begins with `=` is no formula here and a link is not active, so cells carry no leading quote as
    they do in CSV. A spreadsheet that saves the sheet as CSV writes them bare.

    Args:
        table: Texts and whole numbers.
        about: What the rows are from; made_at is also the workbook's date.
        more: What else there is to say, by its label, for the sheet that says what the rows are from.
        wrapped: Whether cells show their lines below each other, as prose needs.

    Raises:
        UsageError: There are more rows than a sheet can hold.
    """
    if table.num_rows > MOST_ROWS:
        raise UsageError(
            f"{about.table} has {table.num_rows:,} rows, and a spreadsheet holds {MOST_ROWS:,}.",
            "Narrow the filter, or take CSV or Parquet.",
        )
    return workbook({about.table: table}, about, more, wrapped=wrapped)


def workbook(tables: Mapping[str, pa.Table], about: About, more: Mapping[str, str] | None = None, *, wrapped: bool = False) -> bytes:
    """Return several tables as one workbook, a sheet for each and one that says what they are from; see `xlsx`.

    Args:
        tables: Each table by its title. One with more rows than a sheet holds has no sheet, and the last sheet says so.
        about: What they are from; its table is the workbook's title.
        more: See `xlsx`.
        wrapped: See `xlsx`.
    """
    fitting = {title: table for title, table in tables.items() if table.num_rows <= MOST_ROWS}
    left_out = {title: table.num_rows for title, table in tables.items() if title not in fitting}
    out = io.BytesIO()
    # Row by row, so that a million rows are not held a second time.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        created = about.made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        book.set_properties({"title": about.table, "comments": about.filter, "created": created})
        bold = book.add_format({"bold": True, "valign": "top"})
        top = book.add_format({"text_wrap": True, "valign": "top"})
        for title, table in fitting.items():
            _rows_sheet(book.add_worksheet(_sheet_name(title)), table, bold, top if wrapped else None)
        rows = sum(table.num_rows for table in fitting.values())
        absent = {
            f"Left out: {title}": f"It has {number:,} rows, and a spreadsheet holds {MOST_ROWS:,}; see its CSV file."
            for title, number in left_out.items()
        }
        _about_sheet(book.add_worksheet("About"), about.facts(rows), {**(more or {}), **absent}, bold, top)
    return out.getvalue()


def _rows_sheet(sheet: Worksheet, table: pa.Table, bold: Format, cells: Format | None) -> None:
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, table.num_rows, max(table.num_columns - 1, 0))
    sample = table.slice(0, _MEASURED_ROWS)
    for at, field in enumerate(table.schema):
        sheet.set_column(at, at, _width([label(field), *sample.column(at).to_pylist()]), cells)
        sheet.write_string(0, at, _cut(label(field)), bold)
    # The header's row goes out before those that are written past xlsxwriter.
    sheet._write_single_row(1)  # noqa: SLF001 - this release is pinned, and every test of a workbook's content holds it
    style = cells._get_xf_index() if cells else 0  # noqa: SLF001 - a cell written past xlsxwriter names its style itself
    out: Any = sheet.row_data_fh
    for number, markup in row_markup(table, 2, _cut, style):
        out.write(markup)
        sheet.dim_rowmax = number - 1


def _about_sheet(sheet: Worksheet, facts: Mapping[str, str | int], more: Mapping[str, str], bold: Format, wrapped: Format) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    for at, (name, value) in enumerate(facts.items()):
        sheet.write_string(at, 0, FACT_LABELS[name], bold)
        if isinstance(value, int):
            sheet.write_number(at, 1, value)
        else:
            sheet.write_string(at, 1, _cut(value), wrapped)
    for at, (name, value) in enumerate({"Empty cells": NOT_STATED, **more}.items(), start=len(FACT_LABELS)):
        sheet.write_string(at, 0, _cut(name), bold)
        sheet.write_string(at, 1, _cut(value), wrapped)


def _cut(text: str) -> str:
    """Return text that fits a cell, saying so where it was cut; a spreadsheet counts UTF-16 units."""
    if len(text) * 2 <= LONGEST_CELL or len(text.encode("utf-16-le")) // 2 <= LONGEST_CELL:
        return text
    kept = text.encode("utf-16-le")[: (LONGEST_CELL - len(CUT)) * 2]
    return kept.decode("utf-16-le", "ignore") + CUT


def _width(values: Iterable[object]) -> int:
    longest = max(len(line) for value in values for line in str("" if value is None else value).split("\n"))
    return min(max(longest + 2, _NARROWEST), _WIDEST)


def _sheet_name(title: str) -> str:
    """Return a sheet name Excel accepts: at most 31 characters, none of its special ones, and not the name of the other sheet."""
    name = _SHEET_NAME.sub(" ", title).strip("' ")[:31] or "Rows"
    return f"{name} rows" if name.lower() == "about" else name
