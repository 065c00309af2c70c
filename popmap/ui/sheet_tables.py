"""Tables on sheets as `st.table`s: cells as Markdown that shows exactly their text, and the widths they were laid out with.

`st.table` reads Markdown in cells. Backslashes do not keep all of it away: addresses, emoji, icons and arrows are looked for in what is
left of them. Inside a code span nothing is looked for, so that every text that could be read as markup is one; the sheets' style sets it
like any other text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

import pyarrow as pa

from popmap.flow.text import clean, fit
from popmap.ui.letters import BOLD, width
from popmap.ui.paper import Cell
from popmap.ui.sheet_layout import Slice
from popmap.ui.sheet_measures import FONT, HEAD_FONT, TURNED_HIGH, WIDE, column_rooms
from popmap.ui.sheet_style import SHEET, TURNED_LINE
from popmap.ui.text import NOT_STATED

# Words, numbers and the punctuation of a sentence: nothing in them is Markdown, or anything else that Streamlit looks for.
_PLAIN = re.compile(r"(?:\d[\d,]*|[^\W\d_](?:[^\W_]|[ ,;%'’“”·…–—]|[.:](?= |$)|-(?=[^\W_]))*)\Z")
_TICKS = re.compile("`+")
_WORDS = re.compile(r"(\s+)")
# No shorter word is wider than the narrowest column.
_LONG_WORD = 4
# Lines that run upwards are not filled to the last letter.
_TURNED_FILL = 0.9
_BREAK = "\\\n"
# An unseen space: a line of its own must not be empty at the end of a cell.
_NOTHING = "&#8203;"


def table(piece: Slice) -> pa.Table:
    """Return a slice as what `st.table` shows: its first column, which names the rows, as the index."""
    rooms = column_rooms(piece.widths)
    columns = [[_cell(row[at], room) for row in piece.rows] for at, room in enumerate(rooms)]
    names = _apart([_heading(piece, at) for at in range(len(piece.places))])
    about = {"index_columns": names[:1], "column_indexes": [_described(None)], "columns": [_described(name) for name in names]}
    made = pa.Table.from_arrays([pa.array(column, pa.string()) for column in columns], names)
    return made.replace_schema_metadata({"pandas": json.dumps(about)})


def _described(name: str | None) -> dict[str, object]:
    """Return how pandas describes a column of text in an Arrow schema, which is where Streamlit finds the index."""
    return {"name": name, "field_name": name, "pandas_type": "unicode", "numpy_type": "object", "metadata": None}


def _apart(names: Iterable[str]) -> list[str]:
    """Return headings of which no two are the same: spaces at the end are not seen."""
    found: list[str] = []
    for name in names:
        spaces = 0
        while name + " " * spaces in found:
            spaces += 1
        found.append(name + " " * spaces)
    return found


def _heading(piece: Slice, at: int) -> str:
    text = piece.grid.headings[piece.places[at]]
    wide = piece.widths[at]
    if not (piece.grid.turned and at):
        return as_markdown(text, wide, HEAD_FONT)
    # What does not fit into as many lines as the column is wide is cut, and says so; the names are whole in the rows of the other table.
    room = TURNED_HIGH / BOLD * max(1, int((wide - 2) // TURNED_LINE)) * _TURNED_FILL
    return as_markdown(fit(clean(text), HEAD_FONT, room), 0.0, HEAD_FONT)


def _cell(text: Cell, room: float) -> str:
    return f"*{NOT_STATED}*" if text == NOT_STATED else as_markdown(text, room, FONT)


def as_markdown(text: str, room: float, size: float) -> str:
    """Return a text as Markdown that shows exactly it; a word that is wider than the room is marked, to be broken anywhere.

    Args:
        text: Any text; its line breaks are kept.
        room: Pixels.
        size: Font size in pixels.
    """
    if _PLAIN.match(text) and not _has_wide(text, room, size):
        return text
    *before, last = [_line(line, room, size) for line in text.split("\n")]
    return _BREAK.join([*before, last or _NOTHING]) if before else last


def _line(line: str, room: float, size: float) -> str:
    if not _has_wide(line, room, size):
        return line if _PLAIN.match(line) else _code(line)
    return "".join(
        word if not word or word.isspace() else f"~~{_code(word)}~~" if _wide(word, room, size) else _code(word)
        for word in _WORDS.split(line.strip())
    )


def _has_wide(text: str, room: float, size: float) -> bool:
    return any(_wide(word, room, size) for word in text.split())


def _wide(word: str, room: float, size: float) -> bool:
    return len(word) >= _LONG_WORD and width(word, size) > room


def _code(text: str) -> str:
    """Return a text of one line as code spans; icons are looked for before anything is read as a span, so a name's slash stands apart."""
    return r"\/".join(map(_span, re.split(r"(?<=:material)/", text)))


def _span(text: str) -> str:
    """Return a text of one line as a code span: longer ticks around it than any in it, and spaces that the reader takes away again."""
    if not text.strip():
        return ""
    ticks = "`" * (1 + max((len(run) for run in _TICKS.findall(text)), default=0))
    space = " " if "`" in (text[0], text[-1]) or text[0] == text[-1] == " " else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def layout(piece: Slice, place: str) -> str:
    """Return CSS that gives a table its widths and sets its numbers to the right.

    Args:
        piece: The table.
        place: A selector of what it stands in.
    """
    whole = sum(piece.widths)
    widths = "".join(f"--w{at}:{100 * wide / whole:.2f}%;" for at, wide in enumerate(piece.widths, 1))
    sides = "".join(f"--a{at}:{'center' if piece.grid.turned else 'right'};" for at in _numbers(piece.places, piece.grid.numeric))
    return f"{place}{{--wide:{min(whole, WIDE):.0f}px;{widths}{sides}}}{_turned(place) if piece.grid.turned else ''}"


def _numbers(places: Sequence[int], numeric: frozenset[int]) -> list[int]:
    return [at for at, place in enumerate(places, 1) if place in numeric]


def _turned(place: str) -> str:
    head = f"{place} thead th:not(:first-child)"
    lines = f"writing-mode:vertical-rl;transform:rotate(180deg);max-height:{TURNED_HIGH:.0f}px;line-height:{TURNED_LINE:.0f}px"
    return (
        f"{head}{{padding:4px 0 6px!important;text-align:center!important}}{place} td{{padding-right:0!important}}"
        f"{head} p{{{lines};margin:0 auto}}"
    )


def columns_style(most: int) -> str:
    """Return CSS by which the columns of tables take what `layout` gave them.

    Args:
        most: How many columns the widest table has.
    """
    return "".join(
        f".pm-in thead th:nth-child({at}){{width:var(--w{at})}}.pm-in tr>:nth-child({at}){{text-align:var(--a{at},left)!important}}"
        for at in range(1, most + 1)
    ).replace(".pm-in", f"{SHEET} .stTable")
