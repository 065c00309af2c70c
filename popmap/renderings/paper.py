"""A document of rows: as a table for spreadsheets, as Markdown, and as PDF."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from popmap import typesetting
from popmap.exports.about import FACT_LABELS
from popmap.exports.writers import csv
from popmap.exports.xlsx import xlsx
from popmap.renderings.entries import Lines
from popmap.renderings.facts import Facts
from popmap.renderings.words import markdown, plain
from popmap.typesetting.written import all_written_out

TEMPLATE = Path(__file__).parent / "table.typ"
_LINES = {"csv": "; ", "xlsx": "\n"}


@dataclass(frozen=True, slots=True)
class Paper:
    """What a document says, whatever its format.

    Attributes:
        title: Its title.
        lead: What it is and which article asks for it, one sentence.
        head: What is said once: labels and what they say.
        columns: The fields of each row.
        rows: What each field says.
        names: Each row's heading.
        remarks: What a reader has to know.
        head_in_rows: Whether a spreadsheet repeats the head in every row, so that a row stands alone.
        sheets: Whether each row is set as a sheet of its own rather than as a line of a table.
        shares: How wide each column of a table is, relative to the others.
        language: The language of its labels, as in BCP 47.
        own_page: Whether each sheet begins on a page of its own.
    """

    title: str
    lead: str
    head: tuple[tuple[str, Lines], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Lines, ...], ...]
    names: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    head_in_rows: bool = True
    sheets: bool = True
    shares: tuple[float, ...] = ()
    language: str = "en"
    own_page: bool = False


def as_csv(paper: Paper, facts: Facts) -> bytes:
    """Return a document's rows as CSV: one line for each, its head's fields first where it repeats them, cells guarded against formulas."""
    return csv(_table(paper, "csv"), facts.source(paper.title))


def as_xlsx(paper: Paper, facts: Facts) -> bytes:
    """Return a document's rows as a workbook, with its head and remarks on the sheet that says what it is from."""
    more = {label: "\n".join(lines) for label, lines in paper.head} | ({"Remarks": "\n".join(paper.remarks)} if paper.remarks else {})
    return xlsx(_table(paper, "xlsx"), facts.source(paper.title), {"What it is": paper.lead} | more, wrapped=True)


def as_markdown(paper: Paper, facts: Facts) -> bytes:
    """Return a document as Markdown: text of the register shows as itself and no markup comes of it."""
    parts = [f"# {markdown(paper.title)}", markdown(paper.lead)]
    if paper.head:
        parts.append(_pairs(paper.head))
    if paper.sheets:
        for name, row in zip(paper.names, paper.rows, strict=True):
            parts += [f"## {markdown(name)}", _pairs(_fields(paper, name, row))]
    else:
        parts.append(_grid(paper.columns, paper.rows))
    if paper.remarks:
        parts += ["## Remarks", "\n".join(f"- {markdown(remark)}" for remark in paper.remarks)]
    parts += ["## Where this is from", "\n".join(f"- {markdown(label)}: {markdown(text)}" for label, text in origin(paper.title, facts))]
    return ("\n\n".join(parts) + "\n").encode()


def as_pdf(paper: Paper, facts: Facts) -> bytes:
    """Return a document as an accessible PDF, see `typesetting.pdf`: sheets upright, tables across with their head on every page."""
    data = {
        "title": plain(paper.title),
        "lead": plain(paper.lead),
        "language": paper.language,
        "head": [[plain(label), _plain(lines)] for label, lines in paper.head],
        "columns": [plain(column) for column in paper.columns],
        "rows": [] if paper.sheets else [[_plain(lines) for lines in row] for row in paper.rows],
        "sheets": [_sheet(paper, name, row) for name, row in zip(paper.names, paper.rows, strict=True)] if paper.sheets else [],
        "remarks": [plain(remark) for remark in paper.remarks],
        "shares": list(paper.shares or (1,) * len(paper.columns)),
        "upright": paper.sheets,
        "own_page": paper.own_page,
        "foot": f"{paper.title} · register {facts.about.fingerprint[:12]} · {facts.about.facts()['made_at']}",
        "origin": [[plain(label), plain(text)] for label, text in origin(paper.title, facts)],
    }
    return typesetting.pdf(TEMPLATE, all_written_out(data), facts.made_at)


def origin(title: str, facts: Facts) -> list[tuple[str, str]]:
    """Return where a document is from, in words: the register, its fingerprint, the filter, the time."""
    found = facts.source(title).facts()
    wanted = ("register", "fingerprint", "filter", "made_at", "popmap")
    said = [(FACT_LABELS[name], str(found[name])) for name in wanted]
    words = (
        "“not stated”: the register does not say, which does not mean that there is none; “inferred”: concluded by somebody, in no source"
    )
    return [*said, ("Words", words)]


def _table(paper: Paper, form: str) -> pa.Table:
    between = _LINES[form]
    once = [between.join(lines) for _, lines in paper.head] if paper.head_in_rows else []
    names = [label for label, _ in paper.head] if paper.head_in_rows else []
    rows = [[*once, *(between.join(lines) for lines in row)] for row in paper.rows]
    columns = [*names, *paper.columns]
    arrays = [pa.array([row[at] for row in rows], pa.string()) for at in range(len(columns))]
    return pa.table(arrays, names=columns)


def _fields(paper: Paper, name: str, row: tuple[Lines, ...]) -> list[tuple[str, Lines]]:
    """Return a sheet's fields, without the one that says no more than its heading."""
    return [(column, lines) for column, lines in zip(paper.columns, row, strict=True) if lines != (name,)]


def _sheet(paper: Paper, name: str, row: tuple[Lines, ...]) -> dict[str, object]:
    return {"name": plain(name), "fields": [[plain(column), _plain(lines)] for column, lines in _fields(paper, name, row)]}


def _plain(lines: Lines) -> list[str]:
    return [plain(line) for line in lines]


def _said(lines: Lines) -> str:
    return "<br>".join(markdown(line) for line in lines)


def _pairs(pairs: Iterable[tuple[str, Lines]]) -> str:
    return "\n".join(["| Field | Statement |", "| --- | --- |", *(f"| {markdown(label)} | {_said(lines)} |" for label, lines in pairs)])


def _grid(columns: tuple[str, ...], rows: tuple[tuple[Lines, ...], ...]) -> str:
    lines = [f"| {' | '.join(map(markdown, columns))} |", f"|{' --- |' * len(columns)}"]
    return "\n".join([*lines, *(f"| {' | '.join(map(_said, row))} |" for row in rows)])
