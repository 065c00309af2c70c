"""Markdown questionnaires: tables, matrices of [ ] boxes, and lists of questions, with the place of each cell and line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from popmap.answering.model import Block, Questionnaire
from popmap.answering.reading import sheets
from popmap.answering.reading.boxes import boxes
from popmap.answering.reading.grid import Grid
from popmap.answering.reading.markdown_lists import HEADING, Line, lines_of, listed
from popmap.answering.reading.markup import plain_markdown
from popmap.answering.reading.words import squeeze
from popmap.errors import UsageError
from popmap.uploads import limits
from popmap.uploads.separated import decode

_RULE = re.compile(r"\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*)*\|?\s*")
_CELL = re.compile(r"(?:[^|\\`]|\\.|`[^`|]*`|`|\\\Z)*+")
_FENCE = re.compile(r"\s*(?:```|~~~)")


@dataclass(frozen=True, slots=True)
class Span:
    """A cell of a table: its first character, behind its last, and its raw text."""

    start: int
    end: int
    raw: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its first line's number from 1, and its cells by row, the ruling line left out."""

    line: int
    rows: tuple[tuple[Span, ...], ...]


def take_apart(text: str, name: str) -> tuple[list[Table], list[Line]]:
    """Return a Markdown text's tables, and the lines outside them and outside code.

    Raises:
        UsageError: It has more rows than are read.
    """
    lines = lines_of(text)
    if len(lines) > limits.MOST_ROWS:
        raise UsageError(f"{name} has more than {limits.MOST_ROWS:,} lines.", "Send only the part that holds questions.")
    tables: list[Table] = []
    rest: list[Line] = []
    at, fenced = 0, False
    while at < len(lines):
        line = lines[at]
        if _FENCE.match(line.text):
            fenced = not fenced
        elif not fenced and "|" in line.text and at + 1 < len(lines) and "-" in lines[at + 1].text and _RULE.fullmatch(lines[at + 1].text):
            rows = [_spans(line)]
            at += 2
            while at < len(lines) and "|" in lines[at].text:
                rows.append(_spans(lines[at]))
                at += 1
            tables.append(Table(line.number, tuple(rows)))
            continue
        elif not fenced:
            rest.append(line)
        at += 1
    return tables, rest


def _spans(line: Line) -> tuple[Span, ...]:
    text, at = line.text, len(line.text) - len(line.text.lstrip())
    at += text[at : at + 1] == "|"
    spans = []
    while True:
        found = _CELL.match(text, at)
        end = found.end() if found else at
        if end < len(text) or text[at:end].strip():
            spans.append(Span(line.start + at, line.start + end, text[at:end]))
        if end >= len(text):
            return tuple(spans)
        at = end + 1


def grids(tables: Sequence[Table]) -> list[Grid]:
    """Return tables as grids, named by their numbers from "1"; marks are taken away, boxes kept."""
    return [
        Grid(str(number), tuple(tuple(_shown(span.raw) for span in row) for row in table.rows)) for number, table in enumerate(tables, 1)
    ]


def _shown(raw: str) -> str:
    return raw.strip() if boxes(raw) else plain_markdown(raw)


def read(data: bytes, name: str, blocks: Sequence[Block] | None = None) -> Questionnaire:
    """Return the questions of a Markdown file: those of its tables, then those of its lists."""
    text, _, _ = decode(data, name)
    tables, lines = take_apart(text, name)
    questions, found, notes = sheets.questions(grids(tables), blocks)
    above = {str(number): _heading_above(lines, table.line) for number, table in enumerate(tables, 1)}
    questions = [replace(one, section=one.section or above[one.key.partition("!")[0]]) for one in questions]
    return Questionnaire(name, "markdown", (*questions, *listed(lines)), tuple(found), notes=tuple(notes))


def _heading_above(lines: Sequence[Line], number: int) -> str:
    texts = (found.group(1) for line in reversed(lines) if line.number < number and (found := HEADING.fullmatch(line.text)))
    return squeeze(plain_markdown(next(texts, "")))
