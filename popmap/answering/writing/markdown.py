"""Answers written into Markdown: cells and boxes of tables, lines of lists; every other line is the line that came."""

from __future__ import annotations

import re

from popmap.answering.model import Questionnaire
from popmap.answering.reading.boxes import boxes, tick
from popmap.answering.reading.markdown import Table, grids, take_apart
from popmap.answering.reading.markdown_lists import Line, lines_of
from popmap.answering.writing import headings
from popmap.answering.writing.plan import HEADINGS, STANDING, Plan, Put, into_cells
from popmap.answering.writing.separated import by_row
from popmap.answering.writing.texts import clean, one_line
from popmap.uploads.separated import decode

_MARKUP = re.compile(r"[\\`*_{}\[\]<>|~]|&(?=#?\w+;)|^(?:#|>|[-+*](?=\s)|\d+[.)](?=\s))")
_AT = re.compile(r"L(\d+)(\+)?(?::L(\d+))?")
_PREFIX = re.compile(r"(\s*)((?:[-*+]|\(?\w{1,4}[.)])\s+)?")

Edit = tuple[int, int, str]


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return _MARKUP.sub(lambda found: "".join("\\" + sign if not sign.isalnum() else sign for sign in found.group()), clean(text))


def write(data: bytes, questionnaire: Questionnaire, made: Plan) -> bytes:
    """Return the Markdown with the planned answers."""
    text, mark, encoding = decode(data, questionnaire.name)
    tables, _ = take_apart(text, questionnaire.name)
    shown = {grid.name: grid for grid in grids(tables)}
    lines = lines_of(text)

    def standing(of: str, row: int, column: int) -> str:
        return shown[of].at(row, column) if of in shown else ""

    edits: list[Edit] = []
    for of, cells in into_cells(made, standing, mark="x", lines=True).items():
        edits += _table(tables[int(of) - 1], lines, cells | headings.added(questionnaire, of, cells, standing))
    newline = "\r\n" if "\r\n" in text else "\n"
    for put in made.puts:
        found = _AT.fullmatch(put.place.at)
        if found and not put.place.sheet:
            edit = _listed(put, lines, found, newline)
            edits += edit
            if edit:
                made.done.add(put.question.key)
            else:
                made.left[put.question.key] = STANDING
    pieces, at = [], 0
    for start, end, new in sorted(edits, key=lambda one: one[:2]):
        pieces += [text[at:start], new]
        at = end
    if not edits:
        return data
    return mark + "".join([*pieces, text[at:]]).encode(encoding, "replace")


def _table(table: Table, lines: list[Line], cells: dict[tuple[int, int], str]) -> list[Edit]:
    edits: list[Edit] = []
    for row, texts in by_row(cells).items():
        own = table.rows[row - 1] if row <= len(table.rows) else ()
        line = lines[table.line - 1 + (row if row > 1 else 0)]
        behind: dict[int, str] = {}
        for column, text in texts.items():
            if column <= len(own):
                span = own[column - 1]
                edits.append((span.start, span.end, _padded(span.raw, text)))
            else:
                behind[column] = _inline(text)
        if behind:
            edits.append(_longer(line, len(own), behind))
            if row == 1:
                rule = lines[table.line]
                edits.append(_longer(rule, len(own), dict.fromkeys(range(len(own) + 1, max(behind) + 1), "---")))
    return edits


def _longer(line: Line, width: int, behind: dict[int, str]) -> Edit:
    """Return the edit that puts cells at a table line's end."""
    text = line.text.rstrip()
    end = line.start + len(text)
    added = "".join(f" {behind.get(column, '')} |" for column in range(width + 1, max(behind) + 1))
    closed = text.endswith("|") and not text.endswith("\\|")
    return (end, end, added if closed else " |" + added.removesuffix(" |"))


def _inline(text: str) -> str:
    return "<br>".join(escaped(line.strip()) for line in text.splitlines())


def _padded(raw: str, text: str) -> str:
    if boxes(raw):
        # Only the boxes of such a cell change, and `text` is the cell with them ticked.
        lead = raw[: len(raw) - len(raw.lstrip())]
        return lead + text.replace("\n", " ") + raw[len(raw.rstrip()) :] if raw.strip() else text
    made = f" {_inline(text)} "
    return made.ljust(len(raw))


def _listed(put: Put, lines: list[Line], at: re.Match[str], newline: str) -> list[Edit]:
    first, last = int(at.group(1)), int(at.group(3) or at.group(1))
    if last > len(lines):
        return []
    if put.choice:
        return _boxes(lines[first - 1 : last], put.text)
    line = lines[first - 1]
    text = one_line(put.text)
    end = line.start + len(line.text.rstrip())
    if not at.group(2):
        return [(end, end, " " + escaped(text))]
    found = _PREFIX.match(line.text)
    indent = " " * len(found.group()) if found else ""
    heading = HEADINGS[put.question.language]
    return [(line.start + len(line.text), line.start + len(line.text), f"{newline}{indent}{heading}: {escaped(text)}")]


def _boxes(lines: list[Line], choices: str) -> list[Edit]:
    edits: list[Edit] = []
    for choice in choices.splitlines():
        for line in lines:
            now = tick(line.text, choice) if choice != "x" else line.text.replace("[ ]", "[x]", 1)
            if now != line.text:
                edits.append((line.start, line.start + len(line.text), now))
                break
    return edits
