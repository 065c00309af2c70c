"""A table's file into coded columns: CSV and Parquet of the same content give the same cells.

CSV is parsed by the database and coded piece by piece, so that a million rows are never held as text.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from popmap.register import arrow, parallel
from popmap.register.arrow import Numbers
from popmap.register.coding import PIECE_ROWS, Raw, gathered
from popmap.register.faults import Fault, shorten
from popmap.register.mending import mend
from popmap.register.reading import TableFile, known_names, name_columns
from popmap.register.schema import LIST_SEPARATOR

_LONGEST_LINE = 8 * 1024 * 1024
_ROW = "popmap_row"
_FIRST_ROW = 2
Pieces = dict[str, list[pa.Array]]


class Cursor(Protocol):
    """What loading needs of a database cursor."""

    def execute(self, query: str, parameters: object = None) -> Any:
        """Run one statement and return something with fetchall."""

    def sql(self, query: str) -> Any:
        """Return one query's result as something with to_arrow_reader."""

    def cursor(self) -> Any:
        """Return another cursor of the same database."""

    def register(self, view_name: str, python_object: object) -> Any:
        """Make an Arrow table known to this cursor under a name."""

    def unregister(self, view_name: str) -> Any:
        """Forget it again."""

    def create_function(self, name: str, function: Any, parameters: Any, return_type: Any, *, type: Any) -> Any:  # noqa: A002  the database's name
        """Make a function of Arrow arrays known to SQL."""

    def remove_function(self, name: str) -> Any:
        """Forget it again."""

    def close(self) -> None:
        """End this cursor."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file's cells as they stand in it.

    Attributes:
        file: The file, its columns as they were found.
        rows: Each row's number as a spreadsheet shows it: the header is 1.
        columns: The loaded columns by name.
    """

    file: TableFile
    rows: Numbers
    columns: dict[str, Raw]


def extract(cursor: Cursor, file: TableFile, workspace: Path) -> tuple[RawTable | None, list[Fault]]:
    """Return a file's cells, None when it cannot be read at all, and what was found wrong with it.

    Args:
        cursor: A cursor of a database that may read files.
        file: The file as `understand` found it.
        workspace: A folder for a clean copy of a damaged file.
    """
    if file.parquet:
        return _parquet(cursor, file)
    faults: list[Fault] = []
    pieces, reason = (None, "") if file.fragile else _csv_pieces(cursor, file)
    if pieces is None:
        file, faults = mend(file, workspace)
        pieces, reason = _csv_pieces(cursor, file)
    if pieces is None:
        return None, [*faults, Fault("file-unreadable", file.name, table=file.table.name, value=reason)]
    numbers = pieces.pop("", None)
    file = replace(file, columns=tuple(name for name in file.columns if name))
    return _gather(file, pieces, numbers), faults


def path_literal(path: Path) -> str:
    """Return the path as a literal in which no character is a wildcard."""
    return literal("".join(f"[{character}]" if character in "*?[" else character for character in str(path)))


def quoted(name: str) -> str:
    """Return a name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _csv_pieces(cursor: Cursor, file: TableFile) -> tuple[Pieces | None, str]:
    names = [name for name in file.columns if name]
    selects = [f"{_ROW}::INTEGER", *_cells(names)] if file.numbered else _cells(names)
    return _asked(cursor, f"SELECT {', '.join(selects)} FROM {_read_csv(file)}", [*([""] if file.numbered else []), *names])


def _asked(cursor: Cursor, query: str, names: list[str]) -> tuple[Pieces | None, str]:
    """Return what a query answers, texts coded and the rows' numbers under the name "", or None and why it failed."""
    pieces: Pieces = {name: [] for name in names}
    # A reading that failed halfway would keep the cursor busy.
    own = cursor.cursor()
    try:
        for batch in own.sql(query).to_arrow_reader(PIECE_ROWS):
            for name, column in zip(names, batch.columns, strict=True):
                pieces[name].append(column.dictionary_encode() if name else column)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the database's own error type is the store's business
        return None, shorten(str(error).splitlines()[0])
    finally:
        own.close()
    return pieces, ""


def _parquet(cursor: Cursor, file: TableFile) -> tuple[RawTable | None, list[Fault]]:
    source = f"read_parquet({path_literal(file.path)})"
    try:
        described = cursor.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    except Exception as error:  # noqa: BLE001 - as above
        return None, [Fault("file-unreadable", file.name, table=file.table.name, value=shorten(str(error).splitlines()[0]))]
    types = {str(row[0]): str(row[1]) for row in described}
    header = [name.strip() for name in types]
    if not known_names(header, file.table):
        return None, [Fault("header-unknown", file.name, table=file.table.name, row=1, value=file.table.name)]
    columns, faults = name_columns(header, file.table, file.name)
    file = replace(file, columns=tuple(name for name in columns if name))
    kept = [(name, stated, kind) for name, (stated, kind) in zip(columns, types.items(), strict=False) if name]
    if read := _plain_parquet(file.path, [(name, stated) for name, stated, _ in kept]):
        return _numbered(file, read), faults
    selects = ", ".join(f"{_as_text(stated, kind)} AS {quoted(f'+{at}')}" for at, (_, stated, kind) in enumerate(kept))
    pieces, reason = _asked(cursor, f"SELECT {selects} FROM {source}", [name for name, _, _ in kept])
    if pieces is None:
        return None, [*faults, Fault("file-unreadable", file.name, table=file.table.name, value=reason)]
    return _gather(file, pieces, None), faults


def _plain_parquet(path: Path, names: list[tuple[str, str]]) -> dict[str, Raw] | None:
    """Return the columns of a Parquet file of nothing but texts and lists of texts, None when it is anything else.

    Such a file is coded already, and taking its codes as they are is several times faster than having the database write out every cell.
    """
    try:
        with pq.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
        texts = [stated for _, stated in names if schema.field(stated).type == pa.string()]
        lists = [stated for _, stated in names if schema.field(stated).type == pa.list_(pa.string())]
        # A dot would be taken for the way into a nested column.
        if len(texts) + len(lists) < len(names) or len(set(schema.names)) < len(schema.names) or "." in "".join(texts + lists):
            return None
        with ExitStack() as stack:
            files: SimpleQueue[pq.ParquetFile] = SimpleQueue()
            for _ in range(parallel.threads(rows)):
                files.put(stack.enter_context(pq.ParquetFile(path, read_dictionary=texts)))

            def read(stated: str) -> Raw:
                # Only one thread at a time may read from an open file.
                file, pieces = files.get(), []
                try:
                    for group in range(file.num_row_groups):
                        chunks = file.read_row_group(group, [stated], use_threads=False)[stated].chunks
                        pieces += [_valid(_joined(chunk) if stated in lists else chunk) for chunk in chunks]
                finally:
                    files.put(file)
                return gathered(pieces)

            columns = parallel.each(read, [stated for _, stated in names], rows)
    except (pa.ArrowException, OSError, KeyError, ValueError):
        return None
    return {name: column for (name, _), column in zip(names, columns, strict=True)}


def _joined(lists: pa.ListArray) -> pa.DictionaryArray:
    if lists.flatten().null_count:
        raise ValueError("The database leaves out a list's empty items, Arrow the whole list.")
    return arrow.joined(lists, LIST_SEPARATOR).dictionary_encode()


def _valid(piece: pa.DictionaryArray) -> pa.DictionaryArray:
    """Return a piece of a column; raise ValueError when its texts are not UTF-8."""
    piece.dictionary.validate(full=True)
    return piece


def _gather(file: TableFile, pieces: Pieces, numbers: list[pa.Array] | None) -> RawTable:
    columns: dict[str, Raw] = {}
    for name in list(pieces):
        # Let go one by one: of ten million rows, the pieces of all columns are as large as the columns.
        columns[name] = gathered(pieces.pop(name))
    if numbers is None:
        return _numbered(file, columns)
    return RawTable(file, arrow.numpy(pa.chunked_array(numbers, pa.int32())), columns)


def _numbered(file: TableFile, columns: dict[str, Raw]) -> RawTable:
    rows = len(next(iter(columns.values())).codes)
    return RawTable(file, np.arange(_FIRST_ROW, rows + _FIRST_ROW, dtype=np.int32), columns)


def _cells(names: Iterable[str]) -> list[str]:
    return [_cell(name) for name in names]


def _cell(name: str) -> str:
    """Return a column's name while it is read; the plus keeps a stranger's column apart from rowid and the like."""
    return quoted(f"+{name}")


def _read_csv(file: TableFile) -> str:
    names = [_cell(name) if name else f"popmap_skipped_{position}" for position, name in enumerate(file.columns)]
    names = [_ROW, *names] if file.numbered else names
    columns = ", ".join(f"{name}: 'VARCHAR'" for name in names)
    longest = max(_LONGEST_LINE, file.path.stat().st_size + 1) if file.numbered else _LONGEST_LINE
    return (
        f"read_csv({path_literal(file.path)}, columns={{{columns}}}, auto_detect=false, header=false, skip={0 if file.numbered else 1}, "
        f"delim={literal(file.delimiter)}, quote='\"', escape='\"', nullstr='', "
        f"max_line_size={longest}, buffer_size={max(longest, 4 * _LONGEST_LINE)}" + (", new_line='\\n')" if file.numbered else ")")
        # A clean copy ends its lines with LF; left to guess, DuckDB takes a CR in one of its cells for the end of a line.
    )


def _as_text(name: str, kind: str) -> str:
    if kind.endswith("]"):
        return f"nullif(array_to_string({quoted(name)}::VARCHAR[], '{LIST_SEPARATOR}'), '')"
    if kind.startswith("TIMESTAMP"):
        return f"{quoted(name)}::DATE::VARCHAR"
    return f"nullif({quoted(name)}::VARCHAR, '')"
