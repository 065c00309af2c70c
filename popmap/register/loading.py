"""A register folder into a database: every table with its rows numbered, its cells canonical and its faults named.

The database is reached through a cursor with `execute`; which database it is stays the store's business. A column's distinct values are
looked at once each, so a million rows cost little more than their dictionary.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from popmap.register import cells
from popmap.register.faults import NAMED_ROWS, Fault, shorten
from popmap.register.mending import mend
from popmap.register.reading import TableFile, find, known_names, name_columns, understand
from popmap.register.schema import LIST_SEPARATOR, ROW_ID_SEPARATOR, TABLES, Column, Kind, Table
from popmap.register.settings import Settings, read_settings

# A column with more distinct values than this is free text: it is checked by pattern instead of value by value, and not dictionary-coded.
MOST_DISTINCT = 65_536
# The table whose size matters; its columns are dictionary-coded.
CODED_TABLE = "flows"
_LONGEST_LINE = 8 * 1024 * 1024
_DIGEST_LENGTH = 64
_NO_EXTRA = "NULL::MAP(VARCHAR, VARCHAR)"


class Cursor(Protocol):
    """What loading needs of a database cursor."""

    def execute(self, query: str, parameters: object = None) -> Any:
        """Run one statement and return something with fetchall."""

    def sql(self, query: str) -> Any:
        """Return one query's result as something with to_arrow_table."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A register after loading.

    Attributes:
        settings: What register.toml says.
        faults: Every fault of every file.
        digests: Each table's SHA-256 over its sorted rows, by table name.
        fingerprint: SHA-256 over the digests and the settings; the same for CSV and Parquet and for any order of rows.
    """

    settings: Settings
    faults: tuple[Fault, ...]
    digests: dict[str, str]
    fingerprint: str


def load(cursor: Cursor, folder: Path, known_countries: frozenset[str]) -> Loaded:
    """Load every table of a register folder.

    Args:
        cursor: A cursor of an empty database that may read files.
        folder: The register folder.
        known_countries: ISO 3166-1 alpha-2 codes.

    Raises:
        RegisterError: Nothing can be read at all.
    """
    paths, faults = find(folder)
    settings, setting_faults = read_settings(folder)
    faults += setting_faults
    digests = {}
    with tempfile.TemporaryDirectory(prefix="popmap-") as workspace:
        for table in TABLES:
            file = None
            if table.name in paths:
                file, found = understand(paths[table.name], table, Path(workspace))
                faults += found
            loader = _TableLoader(cursor, table, known_countries, Path(workspace), faults)
            loader.load(file)
            digests[table.name] = _digest(cursor, table)
            loader.drop_unusable()
    _load_sources(cursor, settings)
    for table in TABLES:
        faults += _dangling(cursor, table, paths[table.name].name if table.name in paths else table.name)
    summary = "\n".join([*(f"{name} {digest}" for name, digest in sorted(digests.items())), settings.canonical])
    return Loaded(settings, tuple(faults), digests, hashlib.sha256(summary.encode()).hexdigest())


@dataclass(slots=True)
class _TableLoader:
    """The steps of loading one table; they share the table's file and what was found in it."""

    cursor: Cursor
    table: Table
    known_countries: frozenset[str]
    workspace: Path
    faults: list[Fault]
    name: str = ""
    absent: tuple[str, ...] = ()

    def load(self, file: TableFile | None) -> None:
        """Create the table from its file, or empty when there is none to read."""
        if file:
            self.name = file.name
            file = self._load_raw(file)
        columns = tuple(file.columns) if file else ()
        self.absent = tuple(column for column in self.table.key if file and column not in columns)
        if not file:
            self.cursor.execute("CREATE OR REPLACE TEMP TABLE raw_cells AS SELECT 0 AS row_no WHERE false")
            self.cursor.execute("CREATE OR REPLACE TEMP VIEW raw AS SELECT * FROM raw_cells")
        elif not self.cursor.execute("SELECT 1 FROM raw LIMIT 1").fetchall():
            self.faults.append(Fault("header-only", self.name, table=self.table.name))
        selects = [self._typed(column, column.name in columns) for column in self.table.columns]
        extra = _extra(file) if file else _NO_EXTRA
        # The flows' row ids are long and many: they are put together where they are shown.
        row_id = f", {_row_id_sql(self.table)} AS row_id" if self.table.key and self.table.name != CODED_TABLE else ""
        typed = f"SELECT row_no, {', '.join(selects)}, {extra} AS extra FROM raw"
        # Spreadsheets leave rows of nothing but delimiters behind; they are not rows.
        stated = " OR ".join(f"{_quoted(name)} IS NOT NULL" for name in (*(column.name for column in self.table.columns), "extra"))
        self.cursor.execute(f"CREATE TABLE {self.table.name} AS SELECT *{row_id} FROM ({typed}) WHERE {stated}")
        self.cursor.execute("DROP VIEW raw")
        self.cursor.execute("DROP TABLE raw_cells")

    def drop_unusable(self) -> None:
        """Leave out rows without a key and later rows of the same key, and name them."""
        name, key = self.table.name, self.table.key
        required = [column for column in key if column not in self.table.optional_key]
        for column in required:
            rows = self.cursor.execute(f'SELECT row_no FROM {name} WHERE "{column}" IS NULL ORDER BY 1').fetchall()
            if rows:
                # A key column that is missing as a whole has been reported as that.
                if column not in self.absent:
                    self._report("missing-key", column, [(row, "") for (row,) in rows[:NAMED_ROWS]], len(rows))
                self.cursor.execute(f'DELETE FROM {name} WHERE "{column}" IS NULL')
        if not key:
            return
        keys = ", ".join(f'"{column}"' for column in key)
        if not self.cursor.execute(f"SELECT 1 FROM {name} GROUP BY {keys} HAVING count(*) > 1 LIMIT 1").fetchall():
            return
        later = f"SELECT row_no FROM {name} QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY row_no) > 1"
        row_id = _row_id_sql(self.table)
        rows = self.cursor.execute(f"SELECT row_no, {row_id} FROM {name} WHERE row_no IN ({later}) ORDER BY 1").fetchall()
        self._report("duplicate-key", key[-1] if len(key) == 1 else "", rows[:NAMED_ROWS], len(rows))
        self.cursor.execute(f"DELETE FROM {name} WHERE row_no IN ({later})")

    def _load_raw(self, file: TableFile) -> TableFile | None:
        if file.parquet:
            return self._load_parquet(file)
        if file.fragile or self._copy_cells(file, _names(file)):
            file, found = mend(file, self.workspace)
            self.faults += found
            if reason := self._copy_cells(file, f"popmap_row, {_names(file)}"):
                self.faults.append(Fault("file-unreadable", file.name, table=self.table.name, value=reason))
                return None
        number = "popmap_row::INTEGER" if file.numbered else "(rowid + 2)::INTEGER"
        self.cursor.execute(f"CREATE OR REPLACE TEMP VIEW raw AS SELECT {number} AS row_no, * FROM raw_cells")
        return self._kept(file)

    def _copy_cells(self, file: TableFile, names: str) -> str:
        """Copy a CSV file's cells into the database and return "", or why that failed."""
        try:
            self.cursor.execute(f"CREATE OR REPLACE TEMP TABLE raw_cells AS SELECT {names} FROM {_read_csv(file)}")
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - the database's own error type is the store's business
            return shorten(str(error).splitlines()[0])
        return ""

    def _load_parquet(self, file: TableFile) -> TableFile | None:
        source = f"read_parquet({path_literal(file.path)})"
        try:
            described = self.cursor.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
            types = {str(row[0]): str(row[1]) for row in described}
            header = [name.strip() for name in types]
            if not known_names(header, self.table):
                self.faults.append(Fault("header-unknown", file.name, table=self.table.name, row=1, value=self.table.name))
                return None
            columns, found = name_columns(header, self.table, file.name)
            self.faults += found
            file = replace(file, columns=columns)
            kept = [(name, stated, kind) for name, (stated, kind) in zip(columns, types.items(), strict=False) if name]
            selects = ", ".join(f"{_as_text(stated, kind)} AS {_cell(file, name)}" for name, stated, kind in kept)
            self.cursor.execute(f"CREATE OR REPLACE TEMP TABLE raw_cells AS SELECT {selects} FROM {source}")
        except Exception as error:  # noqa: BLE001 - as above
            self.faults.append(Fault("file-unreadable", file.name, table=self.table.name, value=shorten(str(error).splitlines()[0])))
            return None
        self.cursor.execute("CREATE OR REPLACE TEMP VIEW raw AS SELECT (rowid + 2)::INTEGER AS row_no, * FROM raw_cells")
        return self._kept(file)

    def _typed(self, column: Column, present: bool) -> str:
        """Return the SELECT expression of a column's canonical cells, having checked its values."""
        name = _quoted(column.name)
        kind = "VARCHAR[]" if column.many and self.table.name != CODED_TABLE else "VARCHAR"
        if not present:
            if self.table.name == CODED_TABLE:
                self._code(column, [])
                kind = _code_name(column)
            return f"NULL::{kind} AS {name}"
        values, whole = self._values(column)
        changed: dict[str, str] = {}
        wrong: dict[str, dict[str, str]] = {}
        for raw in values:
            text, found = cells.canonical(raw, column, self.known_countries)
            if text != raw:
                changed[raw] = text
            for code, value in found:
                wrong.setdefault(code, {}).setdefault(raw, value)
        for code, offending in wrong.items():
            self._report_values(code, column, offending)
        expression = name
        if changed:
            expression = self._mapped(column, changed)
        if self.table.name == CODED_TABLE and whole:
            self._code(column, sorted({changed.get(raw, raw) for raw in values} - {""}))
            return f"{expression}::{_code_name(column)} AS {name}"
        if kind == "VARCHAR[]":
            expression = f"string_split({expression}, '{LIST_SEPARATOR}')"
        return f"{expression} AS {name}"

    def _values(self, column: Column) -> tuple[list[str], bool]:
        """Return the column's distinct raw values, or only the suspicious ones when there are too many, and whether they are all."""
        name = _quoted(column.name)
        query = f"SELECT DISTINCT {name} FROM raw WHERE {name} IS NOT NULL"
        rows = self.cursor.execute(f"{query} LIMIT {MOST_DISTINCT + 1}").fetchall()
        if len(rows) <= MOST_DISTINCT:
            return sorted(row[0] for row in rows), True
        return sorted(row[0] for row in self.cursor.execute(f"{query} AND NOT {_harmless(column, name)}").fetchall()), False

    def _mapped(self, column: Column, changed: dict[str, str]) -> str:
        table = f"canonical_{column.name}"
        self.cursor.execute(f"CREATE OR REPLACE TEMP TABLE {table} (raw VARCHAR, text VARCHAR)")
        _insert(self.cursor, table, changed.items())
        name = _quoted(column.name)
        # Only the changed values are in the map; a text of "" means not stated.
        return f"nullif(coalesce((SELECT text FROM {table} WHERE {table}.raw = {name}), {name}), '')"

    def _code(self, column: Column, values: list[str]) -> None:
        self.cursor.execute(f"DROP TYPE IF EXISTS {_code_name(column)}")
        listed = ", ".join(_literal(value) for value in values) or "''"
        self.cursor.execute(f"CREATE TYPE {_code_name(column)} AS ENUM ({listed})")

    def _report_values(self, code: str, column: Column, offending: dict[str, str]) -> None:
        """Name the rows whose raw value is a key of offending, with the part of it that offends."""
        name = _quoted(column.name)
        matching = f"FROM raw WHERE {name} IN (SELECT unnest(?::VARCHAR[]))"
        rows, count = _first_rows(self.cursor, name, matching, [list(offending)])
        self._report(code, column.name, [(row, offending[raw]) for row, raw in rows], count, ", ".join(column.choices))

    def _report(self, code: str, column: str, rows: list[tuple[int, str]], count: int, more: str = "") -> None:
        self.faults += [Fault(code, self.name, self.table.name, row, column, shorten(value), more) for row, value in rows]
        if count > len(rows):
            self.faults.append(Fault("and-more", self.name, self.table.name, None, column, f"{count - len(rows):,}", code))

    def _kept(self, file: TableFile) -> TableFile:
        return replace(file, columns=tuple(name for name in file.columns if name))


def _digest(cursor: Cursor, table: Table) -> str:
    """Return the SHA-256 of the table's rows in an order of their own: the sorted SHA-256 of each canonical row."""
    parts = ", ".join(f"coalesce({_text_of(table, column)}, chr(30))" for column in table.columns)
    # Extra cells may hold any character, separators too: they are hashed one by one.
    entries = "list_sort(list_transform(map_entries(extra), lambda entry: sha256(entry.key) || sha256(entry.value)))"
    row = f"concat_ws(chr(31), {parts}, coalesce(array_to_string({entries}, ''), chr(30)))"
    digests = cursor.sql(f"SELECT sha256({row}) AS digest FROM {table.name} ORDER BY 1").to_arrow_table()["digest"]
    whole = hashlib.sha256()
    for chunk in digests.chunks:
        # A column of equally long texts is one run of bytes, so a million digests need no loop.
        text = memoryview(chunk.buffers()[2])
        whole.update(text[chunk.offset * _DIGEST_LENGTH : (chunk.offset + len(chunk)) * _DIGEST_LENGTH])
    return whole.hexdigest()


def _dangling(cursor: Cursor, table: Table, file: str) -> list[Fault]:
    """Return a fault for each key that names nothing."""
    faults: list[Fault] = []
    for column in table.columns:
        if not column.references:
            continue
        name, key = _quoted(column.name), _key_of(column.references)
        item = f"unnest({name})" if column.many else f"{name}::VARCHAR"
        missing = cursor.execute(
            f"SELECT DISTINCT item FROM (SELECT {item} AS item FROM (SELECT DISTINCT {name} FROM {table.name} WHERE {name} IS NOT NULL)) "
            f"WHERE item NOT IN (SELECT {key} FROM {column.references})"
        ).fetchall()
        if missing:
            each = f"(SELECT row_no, {item} AS item FROM {table.name} WHERE {name} IS NOT NULL)"
            matching = f"FROM {each} WHERE item IN (SELECT unnest(?::VARCHAR[]))"
            rows, count = _first_rows(cursor, "item", matching, [[value for (value,) in missing]])
            faults += [
                Fault("dangling-reference", file, table.name, row, column.name, shorten(value), column.references) for row, value in rows
            ]
            if count > len(rows):
                faults.append(Fault("and-more", file, table.name, None, column.name, f"{count - len(rows):,}", "dangling-reference"))
    return faults


def _first_rows(cursor: Cursor, value: str, matching: str, parameters: list[object]) -> tuple[list[tuple[int, str]], int]:
    """Return the first rows (number and value) of a FROM ... WHERE clause, and how many there are."""
    rows = cursor.execute(f"SELECT row_no, {value} {matching} ORDER BY 1, 2 LIMIT {NAMED_ROWS + 1}", parameters).fetchall()
    if len(rows) <= NAMED_ROWS:
        return rows, len(rows)
    return rows[:NAMED_ROWS], cursor.execute(f"SELECT count(*) {matching}", parameters).fetchall()[0][0]


def _load_sources(cursor: Cursor, settings: Settings) -> None:
    cursor.execute("CREATE TABLE sources (id VARCHAR, title VARCHAR, file VARCHAR, url VARCHAR, retrieved_on VARCHAR, sha256 VARCHAR)")
    _insert(cursor, "sources", ([value or None for value in source.values()] for source in settings.sources))


def _insert(cursor: Cursor, table: str, rows: Iterable[Iterable[object]]) -> None:
    listed = [list(row) for row in rows]
    if listed:
        marks = f"({', '.join('?' * len(listed[0]))})"
        for start in range(0, len(listed), 500):
            part = listed[start : start + 500]
            cursor.execute(f"INSERT INTO {table} VALUES {', '.join([marks] * len(part))}", [value for row in part for value in row])


def _read_csv(file: TableFile) -> str:
    names = [_cell(file, name) if name else f"popmap_skipped_{position}" for position, name in enumerate(file.columns)]
    names = ["popmap_row", *names] if file.numbered else names
    columns = ", ".join(f"{name}: 'VARCHAR'" for name in names)
    longest = max(_LONGEST_LINE, file.path.stat().st_size + 1) if file.numbered else _LONGEST_LINE
    return (
        f"read_csv({path_literal(file.path)}, columns={{{columns}}}, auto_detect=false, header=false, skip={0 if file.numbered else 1}, "
        f"delim={_literal(file.delimiter)}, quote='\"', escape='\"', nullstr='', "
        f"max_line_size={longest}, buffer_size={max(longest, 4 * _LONGEST_LINE)}" + (", new_line='\\n')" if file.numbered else ")")
        # A clean copy ends its lines with LF; left to guess, DuckDB takes a CR in one of its cells for the end of a line.
    )


def path_literal(path: Path) -> str:
    """Return the path as a literal in which no character is a wildcard."""
    return _literal("".join(f"[{character}]" if character in "*?[" else character for character in str(path)))


def _names(file: TableFile) -> str:
    return ", ".join(_cell(file, name) for name in file.columns if name)


def _cell(file: TableFile, name: str) -> str:
    """Return a column's name while it is loaded; the plus keeps a stranger's column apart from row_no, rowid and the like."""
    return _quoted(f"+{name}" if name in file.extra else name)


def _as_text(name: str, kind: str) -> str:
    if kind.endswith("]"):
        return f"nullif(array_to_string({_quoted(name)}::VARCHAR[], '{LIST_SEPARATOR}'), '')"
    if kind.startswith("TIMESTAMP"):
        return f"{_quoted(name)}::DATE::VARCHAR"
    return f"nullif({_quoted(name)}::VARCHAR, '')"


def _harmless(column: Column, name: str) -> str:
    """Return a predicate that holds only for values `cells.canonical` would return unchanged and without fault."""
    if column.many or column.kind not in (Kind.SLUG, Kind.TEXT):
        return "false"
    pattern = "[a-z0-9]+(-[a-z0-9]+)*"
    if column.kind is Kind.TEXT:
        control, space = r"\x00-\x1f\x7f", r"\s\pZ\x{85}"
        pattern = f"[^{space}'{control}]([^{control}]*[^{space}{control}])?"
    return f"(regexp_full_match({name}, {_literal(pattern)}) AND length({name}) <= {cells.LONGEST_CELL})"


def _extra(file: TableFile) -> str:
    """Return the expression of the cells the model does not know, as a map without empty ones."""
    if not file.extra:
        return _NO_EXTRA
    keys = ", ".join(_literal(name) for name in file.extra)
    values = ", ".join(f"nullif(trim({_cell(file, name)}), '')" for name in file.extra)
    entries = f"map_entries(map([{keys}], [{values}]))"
    stated = f"list_filter({entries}, lambda entry: entry.value IS NOT NULL)"
    return f"CASE WHEN len({stated}) > 0 THEN map_from_entries({stated}) END"


def _text_of(table: Table, column: Column) -> str:
    name = _quoted(column.name)
    return f"array_to_string({name}, '{LIST_SEPARATOR}')" if column.many and table.name != CODED_TABLE else f"{name}::VARCHAR"


def _row_id_sql(table: Table) -> str:
    return f" || '{ROW_ID_SEPARATOR}' || ".join(f"coalesce({_quoted(column)}::VARCHAR, '')" for column in table.key)


def _key_of(table: str) -> str:
    return {"categories": "category_id", "vendors": "vendor_id", "sources": "id"}.get(table, "key")


def _code_name(column: Column) -> str:
    return f"code_{column.name}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
