"""Text as it was pasted: headings, sentences, lists, and tables of pipes or tabs, with the number of each line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from popmap.importing import countries, headings, splitting, wording
from popmap.importing.document import Block, Cell, Document, Grid, Heading, Item, Items, Sentence
from popmap.importing.reading import inline, pipes, stacked
from popmap.importing.reading.rejoined import rejoined

Line = tuple[int, str]
_MOST_WORDS = 6
_SHORT_LINE = 6
_PAIR = re.compile(r"^(\S.{1,70}?)\s+[–—-]\s+\S")
_ITEM = re.compile(r"^(\s*)(?:[-*+•·▪◦‣–—]\s+|[•·▪◦‣]|\d{1,3}[.)]\s+)(?=\S)")
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_BOLD = re.compile(r"^\s*(\*\*|__)(?=\S)(.+?)\1:?\s*$")
_PLAIN = re.compile(r"[.;,:!?]$|^[(\"“]")
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\b(?:updated|version|effective|stand|mise à jour|actuali[sz]a)", re.IGNORECASE)
_REQUIRED = re.compile(r"\s*(?:#.*|[=<>~!]=.*)$")


def read(text: str, name: str) -> Document:
    """Return a pasted text's blocks."""
    lines = list(enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1))
    lines = rejoined(lines)
    named = _names_only(lines)
    return Document(name, "text", (named,) if named else tuple(blocks(lines)))


def blocks(lines: Sequence[Line], marked: bool = False) -> list[Block]:
    """Return the blocks of numbered lines.

    Args:
        lines: The lines.
        marked: Whether the format marks its headings, so that a short line of its own is none.
    """
    found: list[Block] = []
    at, looked = 0, 0
    while at < len(lines):
        mark = _mark(lines, at)
        if at >= looked and not mark and lines[at][1].strip():
            looked, end, made = _stacked(lines, at)
            if made:
                found += made
                at = end
                continue
        if not lines[at][1].strip() or (pipes.is_rule(lines[at][1]) and not mark):
            at += 1
        elif mark:
            end = _table_end(lines, at, mark)
            run = [line for line in lines[at:end] if line[1].strip()]
            found += pipes.grids(run, mark, inline.marked, not any(text.strip() for _, text in lines[end:]))
            at = end
        elif _ITEM.match(lines[at][1]):
            at, items = _items(lines, at)
            alone = _numbered(lines[at - 1][1], items) if not marked else None
            found.append(alone or items)
        else:
            end = at
            while end < len(lines) and not _mark(lines, end) and not _ITEM.match(lines[end][1]):
                end += 1
            found += _prose(lines[at:end], marked)
            at = end
    return found


def _numbered(line: str, items: Items) -> Heading | None:
    """Return a numbered line that stands alone and is short as the heading it is, "2. Changes"; None for any other."""
    alone = items.items[0].cell if len(items.items) == 1 and not items.items[0].below else None
    if not alone or not re.match(r"\s*\d{1,2}[.)]\s", line):
        return None
    made = _line((0, alone.text))
    return Heading(alone, made.level) if isinstance(made, Heading) else None


def _prose(lines: Sequence[Line], marked: bool) -> list[Block]:
    """Return lines as headings and sentences, and those that set a name apart by a dash, one below the other, as a list."""
    found: list[Block] = []
    full = [(number, text.strip()) for number, text in lines if text.strip()]
    at = 0
    while at < len(full):
        end = at
        while (
            end < len(full) and (pair := _PAIR.match(full[end][1])) and wording.is_name(pair.group(1)) and wording.is_proper(pair.group(1))
        ):
            end += 1
        if end - at > 1:
            found.append(Items(tuple(Item(inline.marked(text, f"line {number}")) for number, text in full[at:end])))
            at = end
            continue
        one = _line(full[at])
        found.append(Sentence(one.cell) if marked and isinstance(one, Heading) and one.level == _SHORT_LINE else one)
        at += 1
    return found


def _mark(lines: Sequence[Line], at: int) -> str:
    """Return what parts the cells of a line, "" when it is no table's."""
    text = lines[at][1]
    if "|" in text and not _ITEM.match(text):
        return "|"
    if "\t" in text.strip():
        near = [lines[one][1] for one in (at - 1, at + 1) if 0 <= one < len(lines)]
        return "\t" if any("\t" in one.strip() for one in near) else ""
    return ""


def _table_end(lines: Sequence[Line], at: int, mark: str) -> int:
    """Return the line after a table's last: a line without the mark may continue a row that is not closed."""
    width = max((len(pipes.parted(text, mark)) for _, text in lines[at : at + 3] if mark in text), default=1)
    closing = lines[at][1].strip().endswith(mark)
    end = at + 1
    while end < len(lines):
        text = lines[end][1]
        before = lines[end - 1][1]
        more = next((one for one in range(end, min(end + 3, len(lines))) if lines[one][1].strip()), len(lines))
        if mark in text or (mark == "|" and pipes.is_rule(text)):
            end += 1
        elif not text.strip() and more < len(lines) and mark in lines[more][1] and _mark(lines, more) == mark:
            end = more
        elif text.strip() and before.strip() and _open(before, mark, width, closing) and _continued(lines, end, mark):
            end += 1
        else:
            break
    return end


def _open(before: str, mark: str, width: int, closing: bool) -> bool:
    if mark == "|" and closing:
        return not before.strip().endswith("|")
    return len(pipes.parted(before, mark)) < width


def _continued(lines: Sequence[Line], at: int, mark: str) -> bool:
    """Return whether the mark comes again within a few lines, before a blank one."""
    for _, text in lines[at + 1 : at + 6]:
        if not text.strip():
            return False
        if mark in text:
            return True
    return False


def _items(lines: Sequence[Line], at: int) -> tuple[int, Items]:
    """Return a list's items and the line after it; deeper items go below the one they belong to."""
    items: list[tuple[int, list[Line], list[Line]]] = []
    base = len(lines[at][1]) - len(lines[at][1].lstrip())
    end = at
    while end < len(lines):
        number, text = lines[end]
        found = _ITEM.match(text)
        indent = len(text) - len(text.lstrip())
        if found and (indent <= base + 1 or not items):
            items.append((number, [(number, text[found.end() :])], []))
        elif found:
            items[-1][2].append((number, text[found.end() :]))
        elif text.strip() and indent > base and items:
            (items[-1][2] or items[-1][1]).append((number, text.strip()))
        elif not text.strip() and end + 1 < len(lines) and (_ITEM.match(lines[end + 1][1]) or lines[end + 1][1].startswith("   ")):
            pass
        else:
            break
        end += 1
    made = []
    for number, own, below in items:
        cell = inline.marked(" ".join(text for _, text in own), f"line {number}")
        made.append(Item(cell, tuple(inline.marked(text, f"line {line}") for line, text in below)))
    return max(end, at + 1), Items(tuple(made))


def _stacked(lines: Sequence[Line], at: int) -> tuple[int, int, list[Block]]:
    """Return how far lines were looked at for a table of one cell a line, where it ends, and it with what stands before it; [] for none."""
    end = at
    while end < len(lines) and not _mark(lines, end):
        end += 1
    for start in range(at, end):
        if (start == at or not lines[start - 1][1].strip()) and (
            apart := stacked.set_apart(lines, start) or stacked.told_apart(lines, start)
        ):
            stop, table = apart
            return stop, stop, [*blocks(lines[at:start]), table]
    full = [(number, text.strip()) for number, text in lines[at:end] if text.strip()]
    found = stacked.grid(full) if len(full) > 3 else None
    if not found:
        return end, at, []
    start, stop, table = found
    if isinstance(table, Grid) and stop == len(full) and end == len(lines) and len(table.rows[-1]) < len(table.rows[0]):
        row = table.rows[-1]
        table = Grid((*table.rows[:-1], (*row[:-1], Cell(row[-1].text, row[-1].locator, cut=True))), 1)
    before = blocks([line for line in lines[at:end] if line[1].strip() and line[0] < full[start][0]]) if start else []
    after = next((place for place in range(at, end) if lines[place][0] > full[stop - 1][0]), end)
    return end, after, [*before, table]


def _line(line: Line) -> Heading | Sentence:
    number, text = line
    where = f"line {number}"
    if found := _HEADING.match(text):
        return Heading(inline.marked(found.group(2), where), len(found.group(1)))
    if (found := _BOLD.match(text)) and not _DATED.search(text):
        return Heading(inline.marked(found.group(2), where), 5)
    cell = inline.marked(text, where)
    short = (
        len(cell.text.split()) <= 8
        and (not _PLAIN.search(cell.text) or (splitting.has_form(cell.text) and cell.text[0].isalnum()))
        and not _DATED.search(cell.text)
        and cell.text[:1].isalnum()
        and not cell.text[:1].islower()
    )
    return Heading(cell, _SHORT_LINE) if short else Sentence(cell)


def _names_only(lines: Sequence[Line]) -> Items | None:
    """Return a text of nothing but names, one a line with `#` for remarks, as a list."""
    full = [(number, _REQUIRED.sub("", text).strip()) for number, text in lines if text.strip() and not text.lstrip().startswith("#")]
    if len(full) < 2 or any("|" in text or ": " in text or "\t" in text or _ITEM.match(text) for _, text in full):
        return None
    if not all(
        wording.is_name(text) and len(text.split()) <= _MOST_WORDS and (text[-1] not in ".:?" or splitting.has_form(text))
        for _, text in full
        if text
    ):
        return None
    # Words for what a table holds, and countries, are the cells of one that was copied line by line.
    if sum(bool(headings.sure(text)) for _, text in full) > 1 or any(text and countries.country(text) for _, text in full):
        return None
    return Items(tuple(Item(inline.plain(text, f"line {number}")) for number, text in full if text))
