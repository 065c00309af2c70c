"""A register folder's files, found and understood: which table, which encoding, which delimiter, which column is where.

Nothing is loaded here. A file that a plain CSV reader would stumble over is read leniently by `mend` instead, which names every fault and
writes what is usable to a clean file.
"""

from __future__ import annotations

import codecs
import csv
import io
import mmap
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from popmap.errors import RegisterError
from popmap.register.faults import NAMED_ROWS, Fault, shorten
from popmap.register.schema import BY_NAME, SETTINGS_FILE, TABLES, Table

DELIMITERS = ",;\t"
_HEAD_BYTES = 4 * 1024 * 1024
# More extra columns than this are reported and left out: they are a broken file, not somebody's notes.
MOST_EXTRA_COLUMNS = 100
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
        if path.suffix.lower() not in (".csv", ".parquet") or not path.is_file():
            continue
        if path.stem not in BY_NAME:
            faults.append(Fault("unknown-table", path.name))
        elif path.stem in found:
            faults.append(Fault("two-files", path.name, table=path.stem))
        else:
            found[path.stem] = path
    if not found:
        names = ", ".join(f"{table.name}.csv" for table in TABLES)
        raise RegisterError(f"The folder {folder} holds no table of a register.", f"It should hold some of {names} (or .parquet) and {SETTINGS_FILE}.")
    for table in TABLES:
        if table.name not in found and table.name in ("categories", "vendors", "flows"):
            faults.append(Fault("table-missing", f"{table.name}.csv", table=table.name, value=table.name))
    return found, faults


def understand(path: Path, table: Table, workspace: Path) -> tuple[TableFile | None, list[Fault]]:
    """Return how to read a table's file, or None when nothing of it can be read, and what is wrong with its header.

    Args:
        path: The file.
        table: The table it holds.
        workspace: A folder for clean copies; UTF-16 files are rewritten there.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        if not head:
            return None, [Fault("file-empty", path.name, table=table.name)]
        if path.suffix.lower() == ".parquet":
            if not head.startswith(_PARQUET_MAGIC):
                return None, [Fault("file-unreadable", path.name, table=table.name, value="it is not a Parquet file")]
            return TableFile(table, path, path.name, parquet=True), []
        source, head = _as_utf8(path, head, workspace)
    except OSError as error:
        return None, [Fault("file-unreadable", path.name, table=table.name, value=shorten(error.strerror or str(error)))]
    text = head.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    delimiter, header = _header(text, table)
    known = {column.name for column in table.columns}
    if not known & set(header):
        code = "header-unknown" if any(header) else "file-empty"
        return None, [Fault(code, path.name, table=table.name, row=1, value=table.name)]
    columns, faults = name_columns(header, table, path.name)
    plain = "\n" not in delimiter.join(header) and not _has_blank_line(source) and len(columns) <= len(table.columns) + MOST_EXTRA_COLUMNS
    return TableFile(table, source, path.name, delimiter=delimiter, columns=columns, fragile=not plain), faults


def name_columns(header: list[str], table: Table, file: str) -> tuple[tuple[str, ...], list[Fault]]:
    """Return the names to load a file's columns under, by position, and the header's faults."""
    known = {column.name for column in table.columns}
    names: list[str] = []
    faults: list[Fault] = []
    extra: list[str] = []
    for name in header:
        if name and name in names:
            faults.append(Fault("column-twice", file, table=table.name, row=1, column=shorten(name)))
            names.append("")
        elif name in known:
            names.append(name)
        elif name:
            extra.append(name)
            names.append(name if len(extra) <= MOST_EXTRA_COLUMNS else "")
        else:
            names.append("")
    if len(extra) == 1:
        faults.append(Fault("column-unknown", file, table=table.name, row=1, column=shorten(extra[0]), value="this column"))
    elif extra:
        listed = ", ".join(shorten(name, 40) for name in extra[:5]) + (", …" if len(extra) > 5 else "")
        faults.append(Fault("column-unknown", file, table=table.name, row=1, value=f"{len(extra):,} columns ({listed})"))
    faults += [
        Fault("column-missing", file, table=table.name, row=1, column=key) for key in table.key if key not in names and key not in table.optional_key
    ]
    return tuple(names), faults


def mend(file: TableFile, workspace: Path) -> tuple[TableFile, list[Fault]]:
    """Return a clean, numbered copy of a damaged CSV file, and every fault in its rows.

    Args:
        file: The file as `understand` found it.
        workspace: The folder the copy is written to.
    """
    faults: list[Fault] = []
    counts: dict[str, int] = {}

    def report(code: str, row: int, value: str = "") -> None:
        counts[code] = counts.get(code, 0) + 1
        if counts[code] <= NAMED_ROWS:
            faults.append(Fault(code, file.name, table=file.table.name, row=row, value=shorten(value)))

    keep = [position for position, name in enumerate(file.columns) if name]
    copy = workspace / f"{file.table.name}.clean.csv"
    with copy.open("w", encoding="utf-8", newline="", errors="surrogateescape") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for row, cells in _records(file, report):
            if len(cells) < len(file.columns):
                report("row-short", row, file.delimiter.join(cells))
            elif len(cells) > len(file.columns) and any(cell.strip() for cell in cells[len(file.columns) :]):
                report("row-long", row, file.delimiter.join(cells[len(file.columns) :]))
            values = [cells[position] if position < len(cells) else "" for position in keep]
            # Bytes that are not UTF-8 become lone surrogates in decoding; here they are reported and made visible.
            if any(not value.isprintable() and _broken(value) for value in values):
                report("encoding-broken", row, next(value for value in values if _broken(value)).encode("utf-8", "replace").decode())
                values = [value.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for value in values]
            writer.writerow([row, *values])
    faults += [
        Fault("and-more", file.name, table=file.table.name, column="", value=f"{count - NAMED_ROWS:,}", more=code)
        for code, count in counts.items()
        if count > NAMED_ROWS
    ]
    columns = tuple(file.columns[position] for position in keep)
    return TableFile(file.table, copy, file.name, columns=columns, numbered=True), faults


def _records(file: TableFile, report: Callable[[str, int, str], None]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row's number and cells; a quote that is never closed is reported, and the lines it swallowed are read one by one."""
    csv.field_size_limit(sys.maxsize)
    lines: list[str] = []
    with file.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as source:
        reader = csv.reader(_remembering(source, lines), delimiter=file.delimiter)
        next(reader, None)
        lines.clear()
        for number, cells in enumerate(reader, start=2):
            if len(lines) > 1 and _open_quote(lines, file.delimiter):
                report("quote-open", number, lines[0])
                for offset, line in enumerate(lines):
                    yield number + offset, next(csv.reader([line.replace('"', "")], delimiter=file.delimiter), [])
            elif any(cell.strip() for cell in cells):
                yield number, cells
            lines.clear()


def _remembering(source: Iterable[str], lines: list[str]) -> Iterator[str]:
    for line in source:
        lines.append(line)
        yield line


def _open_quote(lines: list[str], delimiter: str) -> bool:
    try:
        for _ in csv.reader(lines, delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def _broken(value: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in value)


def _as_utf8(path: Path, head: bytes, workspace: Path) -> tuple[Path, bytes]:
    """Return a path to the file as UTF-8, and its first bytes."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif head[1:2] == b"\x00" and head[3:4] == b"\x00":
        encoding = "utf-16-le"
    elif head[:1] == b"\x00" and head[2:3] == b"\x00":
        encoding = "utf-16-be"
    else:
        return path, head
    copy = workspace / f"{path.stem}.utf8.csv"
    with path.open(encoding=encoding, errors="replace", newline="") as source, copy.open("w", encoding="utf-8", newline="") as out:
        while block := source.read(1 << 20):
            out.write(block)
    with copy.open("rb") as file:
        return copy, file.read(_HEAD_BYTES)


def _header(text: str, table: Table) -> tuple[str, list[str]]:
    """Return the delimiter under which the first row names most columns of the table, and that row."""
    csv.field_size_limit(sys.maxsize)
    known = {column.name for column in table.columns}
    best: tuple[str, list[str]] = (DELIMITERS[0], [])
    for delimiter in DELIMITERS:
        header = [cell.strip().replace("\x00", "") for cell in next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])]
        if len(known & set(header)) > len(known & set(best[1])) or not best[1]:
            best = (delimiter, header)
    return best


def _has_blank_line(path: Path) -> bool:
    """Return whether the file has an empty line, which fast readers skip without counting it, or old Mac line ends."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return any(content.find(gap) >= 0 for gap in (b"\n\n", b"\n\r\n")) or (content.find(b"\r") >= 0 and content.find(b"\n") < 0)
