"""Markdown questionnaires: tables, matrices of [ ] boxes, and lists of questions, with the place of each cell and line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from popmap.answering.language import languages_of
from popmap.answering.model import Block, Place, Question, Questionnaire
from popmap.answering.reading import limits, sheets
from popmap.answering.reading.boxes import boxes
from popmap.answering.reading.grid import Grid
from popmap.answering.reading.markup import plain_markdown
from popmap.answering.reading.separated import decode
from popmap.answering.reading.words import asks, blank, sentence, squeeze, without_id
from popmap.errors import UsageError

_RULE = re.compile(r"\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*)*\|?\s*")
_CELL = re.compile(r"(?:[^|\\`]|\\.|`[^`|]*`|`|\\\Z)*+")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*?)\s*#*\s*")
_ITEM = re.compile(r"(\s*)(?:[-*+]|\(?\d{1,4}[.)]|\(?[a-z][.)])\s+(.*)", re.DOTALL)
_ANSWER = re.compile(
    r"\s*(?:>\s*)?(?:[-*+]\s+)?[*_]*(answer|response|reply|antwort|réponse|reponse|respuesta|a|r)[*_]*\s*:[*_]*\s*(.*)",
    re.IGNORECASE | re.DOTALL,
)
_NOTE = re.compile(
    r"\s*(?:>\s*)?(?:[-*+]\s+)?[*_]*(comments?|notes?|remarks?|bemerkung|kommentar|anmerkung|commentaires?|remarques?|comentarios?|observaciones)[*_]*\s*:[*_]*\s*(.*)",
    re.IGNORECASE | re.DOTALL,
)


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


@dataclass(frozen=True, slots=True)
class Line:
    """A line outside tables: its number from 1, where it starts, its text without the line's end."""

    number: int
    start: int
    text: str


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


def lines_of(text: str) -> list[Line]:
    """Return a text's lines with their places."""
    found = []
    start = 0
    for number, raw in enumerate(text.splitlines(keepends=True), 1):
        found.append(Line(number, start, raw.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")))
        start += len(raw)
    return found


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
    return Questionnaire(name, "markdown", (*questions, *_listed(lines)), tuple(found), notes=tuple(notes))


def _heading_above(lines: Sequence[Line], number: int) -> str:
    texts = (found.group(1) for line in reversed(lines) if line.number < number and (found := _HEADING.fullmatch(line.text)))
    return squeeze(plain_markdown(next(texts, "")))


@dataclass(slots=True)
class _Open:
    """A question of a list that is being read: its lines so far, and what was found below it."""

    line: int
    text: str
    section: str
    indent: int
    item: bool
    last: int
    answer: int = 0
    standing: str = ""
    comment: int = 0
    boxes: list[tuple[int, str, bool]] | None = None


def _listed(lines: Sequence[Line]) -> list[Question]:
    found: list[_Open] = []
    section = ""
    current: _Open | None = None
    for line in lines:
        heading = _HEADING.fullmatch(line.text)
        if heading:
            text = plain_markdown(heading.group(1))
            current = _Open(line.number, text, section, 0, True, line.number) if "?" in text else None
            found += [current] if current else []
            section = section if current else squeeze(text)
        elif current and _below(current, line):
            continue
        elif not line.text.strip():
            current = current if current and current.item else None
        else:
            current = _opened(line, section)
            found += [current] if current else []
    kept = [one for one in found if one.item or one.answer or one.boxes]
    languages = languages_of([one.text for one in kept])
    return [_question(one, language) for one, language in zip(kept, languages, strict=True)]


def _below(current: _Open, line: Line) -> bool:
    """Take a line below a question for its answer, its comment, its boxes or more of its words; return whether it was one of these."""
    answer, note = _ANSWER.fullmatch(line.text), _NOTE.fullmatch(line.text)
    if answer and not current.answer:
        current.answer, current.standing = line.number, plain_markdown(answer.group(2))
    elif note and not current.comment:
        current.comment = line.number if not note.group(2).strip() else 0
    elif boxes(line.text) and not _new_statement(current, line) and not _apart(current, line):
        current.boxes = [*(current.boxes or []), *((line.number, words, done) for _, words, done in boxes(line.text))]
    elif (
        line.text.strip()
        and line.number == current.last + 1
        and not _ITEM.fullmatch(line.text)
        and not current.boxes
        and not current.answer
    ):
        current.text += " " + plain_markdown(line.text)
        current.last = line.number
        return True
    else:
        return False
    current.last = line.number
    return True


def _apart(current: _Open, line: Line) -> bool:
    """Return whether boxes behind a blank line, no further in than the question, are statements of their own."""
    item = _ITEM.fullmatch(line.text)
    return (
        bool(item)
        and line.number > current.last + 1
        and len(item.group(1)) <= current.indent
        and any(sentence(words) for _, words, _ in boxes(line.text))
    )


def _new_statement(current: _Open, line: Line) -> bool:
    item = _ITEM.fullmatch(line.text)
    one_box = len(boxes(line.text)) == 1
    own = current.boxes is not None and len(current.boxes) == 1 and current.boxes[0][0] == current.line
    return bool(item and one_box and own)


def _opened(line: Line, section: str) -> _Open | None:
    item = _ITEM.fullmatch(line.text)
    body = item.group(2) if item else line.text
    ticking = boxes(body)
    if item and len(ticking) == 1 and body.lstrip().startswith("["):
        text = plain_markdown(ticking[0][1])
        opened = _Open(line.number, text, section, len(item.group(1)), True, line.number)
        opened.boxes = [(line.number, "x", ticking[0][2])]
        return opened if asks(text) or sentence(text) else None
    head = body[: ticking[0][0].start()] if ticking else body
    text = plain_markdown(head)
    if not asks(text) or (not item and "?" not in text):
        return None
    opened = _Open(line.number, text, section, len(item.group(1)) if item else 0, bool(item), line.number)
    if ticking:
        opened.boxes = [(line.number, words, done) for _, words, done in ticking]
    return opened


def _question(one: _Open, language: str) -> Question:
    reference, rest = without_id(squeeze(one.text))
    offered = one.boxes or []
    vocabulary = tuple(words for _, words, _ in offered if words)
    if offered:
        place = Place("", f"L{offered[0][0]}" if offered[0][0] == offered[-1][0] else f"L{offered[0][0]}:L{offered[-1][0]}")
        standing = "\n".join(words for _, words, done in offered if done)
    else:
        place = Place("", f"L{one.answer}") if one.answer else Place("", f"L{one.last}+")
        standing = "" if blank(one.standing) else one.standing
    question = Question(
        key=f"L{one.line}",
        text=rest if reference else squeeze(one.text),
        language=language,
        reference=reference,
        section=one.section,
        statement=not asks(one.text),
        vocabulary=vocabulary,
        answer=place,
        answered=standing,
    )
    return replace(question, comment=Place("", f"L{one.comment}")) if one.comment else question
