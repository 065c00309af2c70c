"""A register folder's files, found and understood: which table, which encoding, which delimiter, which column is where.

Nothing is loaded here. A file that a plain CSV reader would stumble over is marked fragile, and goes through `mending.mend` first.
"""

from __future__ import annotations

import codecs
import csv
import io
import mmap
import sys
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from popmap.errors import RegisterError
from popmap.register import quotes
from popmap.register.cells import clean
from popmap.register.faults import Fault, shorten
from popmap.register.schema import BY_NAME, SETTINGS_FILE, TABLES, Table

TABLE_SUFFIXES = (".csv", ".parquet")
DELIMITERS = ",;\t"
_HEAD_BYTES = 4 * 1024 * 1024
# More extra columns than this are reported and left out: they are a broken file, not somebody's notes.
MOST_EXTRA_COLUMNS = 100
_LONGEST_NAME = 1_000
_PARQUET_MAGIC = b"PAR1"


@dataclass(frozen=True, slots=True)
class TableFile:
    """One table's file and how to read it.

    Attributes:
        table: The table it holds.
        path: The file to load: the register's own, or a clean copy of it.
        name: The file's name in the register folder, for messages.
        parquet: Whether it is Parquet rather than CSV.
        delimiter: The CSV delimiter.
        columns: Column names by position; "" for a column that is not loaded.
        numbered: Whether the first column is the row's number (a clean copy).
        fragile: Whether only the lenient reader can number its rows rightly.
    """

    table: Table
    path: Path
    name: str
    parquet: bool = False
    delimiter: str = ","
    columns: tuple[str, ...] = ()
    numbered: bool = False
    fragile: bool = False

    @property
    def extra(self) -> tuple[str, ...]:
        """Return the columns that are loaded and not part of the model."""
        known = {column.name for column in self.table.columns}
        return tuple(name for name in self.columns if name and name not in known)


def find(folder: Path) -> tuple[dict[str, Path], list[Fault]]:
    """Return a register folder's table files by table name, and what is wrong with the folder.

    Raises:
        RegisterError: The folder does not exist or holds no table.
    """
    if not folder.exists():
        raise RegisterError(f"There is no folder {folder}.", "Name a folder that holds categories.csv, vendors.csv and flows.csv.")
    if not folder.is_dir():
        raise RegisterError(f"{folder} is a file, not a register folder.", "Name the folder that holds it.")
    found: dict[str, Path] = {}
    faults = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in TABLE_SUFFIXES or not path.is_file():
            continue
        if path.stem not in BY_NAME:
            faults.append(Fault("unknown-table", visible(path.name)))
        elif path.stem in found:
            faults.append(Fault("two-files", path.name, table=path.stem))
        else:
            found[path.stem] = path
    if not found:
        names = ", ".join(f"{table.name}.csv" for table in TABLES)
        raise RegisterError(
            f"The folder {folder} holds no table of a register.", f"It should hold some of {names} (or .parquet) and {SETTINGS_FILE}."
        )
    faults += [
        Fault("table-missing", f"{name}.csv", table=name, value=name) for name in ("categories", "vendors", "flows") if name not in found
    ]
    return found, faults


def understand(path: Path, table: Table, workspace: Path) -> tuple[TableFile | None, list[Fault]]:
    """Return how to read a table's file, or None when nothing of it can be read, and what is wrong with its header.

    Args:
        path: The file.
        table: The table it holds.
        workspace: A folder for clean copies; UTF-16 files are rewritten there.
    """
    try:
        head = _head(path)
        if not head:
            return None, [Fault("file-empty", path.name, table=table.name)]
        if path.suffix.lower() == ".parquet":
            if not head.startswith(_PARQUET_MAGIC):
                return None, [Fault("file-unreadable", path.name, table=table.name, value="it is not a Parquet file")]
            return TableFile(table, path, path.name, parquet=True), []
        source, head = _as_utf8(path, head, workspace)
    except OSError as error:
        return None, [Fault("file-unreadable", path.name, table=table.name, value=shorten(error.strerror or str(error)))]
    text = head.decode("utf-8", "replace").removeprefix("\ufeff")
    delimiter, header, upset = _header(text, table)
    if not known_names(header, table):
        code = "header-unknown" if any(header) else "file-empty"
        return None, [Fault(code, path.name, table=table.name, row=1, value=table.name)]
    columns, faults = name_columns(header, table, path.name)
    few = len(columns) <= len(table.columns) + MOST_EXTRA_COLUMNS
    plain = few and not upset and "\n" not in delimiter.join(header) and not _has_blank_line(source)
    return TableFile(table, source, path.name, delimiter=delimiter, columns=columns, fragile=not plain), faults


def header_name(cell: str) -> str:
    """Return a header cell as the name it stands for, cut where it is no name any more."""
    return clean(cell[:_LONGEST_NAME].replace("\x00", ""))[0]


def known_names(header: Iterable[str], table: Table) -> set[str]:
    """Return the table's columns that a header names, in whatever case."""
    return {column.name for column in table.columns} & {name.lower() for name in header}


def name_columns(header: list[str], table: Table, file: str) -> tuple[tuple[str, ...], list[Fault]]:
    """Return the names to load a file's columns under, by position, and the header's faults.

    Columns of the model are known in whatever case; a column without a name goes by its position, unless none with a name follows.
    """
    known = known_names(header, table)
    names: list[str] = []
    faults: list[Fault] = []
    extra: list[str] = []
    taken: set[str] = set()
    while header and not header[-1]:
        header = header[:-1]
    for position, cell in enumerate(header, start=1):
        name = cell.lower() if cell.lower() in known else cell or f"column {position}"
        if "\ufffd" in name:
            faults.append(Fault("encoding-broken", file, table=table.name, row=1, column=shorten(name), value=shorten(name)))
        # The database tells columns apart regardless of case.
        if name.lower() in taken:
            faults.append(Fault("column-twice", file, table=table.name, row=1, column=shorten(name)))
            names.append("")
            continue
        taken.add(name.lower())
        if name not in known:
            extra.append(name)
        names.append(name if len(extra) <= MOST_EXTRA_COLUMNS or name in known else "")
    if len(extra) == 1:
        faults.append(Fault("column-unknown", file, table=table.name, row=1, column=shorten(extra[0]), value="this column"))
    elif len(extra) > MOST_EXTRA_COLUMNS:
        faults.append(Fault("columns-many", file, table=table.name, row=1, value=f"{len(extra):,}"))
    elif extra:
        listed = ", ".join(shorten(name, 40) for name in extra[:5]) + (", …" if len(extra) > 5 else "")
        faults.append(Fault("column-unknown", file, table=table.name, row=1, value=f"{len(extra):,} columns ({listed})"))
    faults += [
        Fault("column-missing", file, table=table.name, row=1, column=key)
        for key in table.key
        if key not in names and key not in table.optional_key
    ]
    return tuple(names), faults


def visible(value: str) -> str:
    """Return a text in which bytes that are not UTF-8 are shown as U+FFFD."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _head(path: Path) -> bytes:
    """Return a file's first bytes, its first line among them unless that is beyond reason."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        if len(head) == _HEAD_BYTES and not (b"\n" in head or b"\r" in head):
            head += file.read(15 * _HEAD_BYTES)
    return head


def _as_utf8(path: Path, head: bytes, workspace: Path) -> tuple[Path, bytes]:
    """Return a path to the file as UTF-8, and its first bytes; what is not UTF-16 in a UTF-16 file becomes what is not UTF-8."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif head[1:2] == b"\x00" and head[3:4] == b"\x00":
        encoding = "utf-16-le"
    elif head[:1] == b"\x00" and head[2:3] == b"\x00":
        encoding = "utf-16-be"
    else:
        return path, head
    copy = workspace / f"{path.stem}.utf8.csv"
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    with path.open("rb") as source, copy.open("wb") as out:
        while block := source.read(1 << 20):
            out.write(decoder.decode(block).encode("utf-8", "surrogatepass"))
        if decoder.getstate()[0]:
            out.write(b"\xff")
    return copy, _head(copy)


def _header(text: str, table: Table) -> tuple[str, list[str], bool]:
    """Return the delimiter under which the first row names most columns of the table, that row, and whether a fast reader would miss it."""
    csv.field_size_limit(sys.maxsize)
    best: tuple[str, list[str], bool] = (DELIMITERS[0], [], False)
    for delimiter in DELIMITERS:
        upset, header = False, []
        taken: list[str] = []
        for cells in csv.reader(quotes.remembering(io.StringIO(text, newline=""), deque(), taken), delimiter=delimiter):
            damaged = bool(quotes.damage(taken, delimiter))
            header = [header_name(cell) for cell in (quotes.alone(taken[0], delimiter, 0) if damaged else cells)]
            upset |= damaged
            if any(header):
                break
            upset = True
            taken.clear()
        if len(known_names(header, table)) > len(known_names(best[1], table)) or not best[1]:
            best = (delimiter, header, upset)
    return best


def _has_blank_line(path: Path) -> bool:
    """Return whether the file has an empty line, which fast readers skip without counting it, or old Mac line ends."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return any(content.find(gap) >= 0 for gap in (b"\n\n", b"\n\r\n")) or (content.find(b"\r") >= 0 and content.find(b"\n") < 0)
