"""A register folder into a database: every table with its rows numbered, its cells canonical and its faults named.

The database is reached through a cursor; which database it is stays the store's business.
"""

from __future__ import annotations

import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from popmap.register import parallel
from popmap.register.arrow import Numbers
from popmap.register.canonical import canonical, row_faults, trimmed, value_faults
from popmap.register.coding import Cells, Coded, Order, empty, ordered
from popmap.register.creating import CODED_TABLE, create, create_sources
from popmap.register.extracting import Cursor, RawTable, extract
from popmap.register.faults import NAMED_ROWS, Fault
from popmap.register.fingerprint import digest, fingerprint
from popmap.register.reading import TableFile, find, understand
from popmap.register.references import dangling, dangling_aliases, dangling_evidence, evidence_targets
from popmap.register.schema import BY_NAME, TABLES, Table
from popmap.register.settings import Settings, read_settings

# A flows column with more distinct texts than this is free text and not dictionary-coded in the database.
MOST_DISTINCT = 65_536


@dataclass(frozen=True, slots=True)
class Loaded:
    """A register after loading.

    Attributes:
        settings: What register.toml says.
        faults: Every fault of every file.
        digests: Each table's SHA-256, by table name.
        fingerprint: SHA-256 over the digests and the settings; the same for CSV and Parquet and for any order of rows.
        flows: The flows, the one table that is not yet in the database.
        evidence: The evidence.
        targets: For each row of evidence the place of the row it is about in that row's table, `references.NOWHERE` if there is none.
    """

    settings: Settings
    faults: tuple[Fault, ...]
    digests: dict[str, str]
    fingerprint: str
    flows: Cells
    evidence: Cells
    targets: Numbers


@dataclass(frozen=True, slots=True)
class _Read:
    """One table after reading: its usable cells, the order of its keys, its digest on the way, and what was found wrong."""

    cells: Cells
    order: Order
    digest: Future[str]
    faults: list[Fault]


def load(cursor: Cursor, folder: Path, known_countries: frozenset[str]) -> Loaded:
    """Load every table of a register folder; all but the flows are in the database then, which follow with what the store adds to them.

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
    with tempfile.TemporaryDirectory(prefix="popmap-") as workspace:

        def read_table(table: Table, cursor: Cursor) -> _Read:
            file, found = understand(paths[table.name], table, Path(workspace)) if table.name in paths else (None, [])
            one = _read(cursor, table, file, known_countries, Path(workspace), hashing)
            return replace(one, faults=found + one.faults)

        # The flows are mostly waited for, outside the interpreter: the other tables are read meanwhile. Nothing waits for a digest.
        with closing(cursor.cursor()) as another, ThreadPoolExecutor(1) as hashing, ThreadPoolExecutor(1) as pool:
            flows = pool.submit(read_table, BY_NAME[CODED_TABLE], another)
            read = {}
            for table in TABLES:
                if table.name != CODED_TABLE:
                    read[table.name] = read_table(table, cursor)
                    create(cursor, read[table.name].cells, MOST_DISTINCT)
            create_sources(cursor, settings)
            read[CODED_TABLE] = flows.result()
            tables = {name: one.cells for name, one in read.items()}
            targets = evidence_targets(tables["evidence"], tables, read[CODED_TABLE].order)
            for one in read.values():
                faults += one.faults
            files = {table.name: paths[table.name].name if table.name in paths else table.name for table in TABLES}
            faults += _references(cursor, tables, files, settings, targets)
            digests = {name: one.digest.result() for name, one in read.items()}
    mark = fingerprint(digests, settings.canonical)
    return Loaded(settings, tuple(faults), digests, mark, tables[CODED_TABLE], tables["evidence"], targets)


def _read(
    cursor: Cursor, table: Table, file: TableFile | None, known_countries: frozenset[str], workspace: Path, hashing: ThreadPoolExecutor
) -> _Read:
    raw, faults = extract(cursor, file, workspace) if file else (None, [])
    if raw is None:
        cells = Cells(table, np.empty(0, np.int32), {column.name: empty(0) for column in table.columns}, {})
    else:
        if not len(raw.rows):
            faults.append(Fault("header-only", raw.file.name, table=table.name))
        cells, found = _canonical(raw, known_countries)
        faults += found
    names = table.key or tuple(cells.columns)
    order = ordered([cells.columns[name] for name in names], len(cells.rows))
    mark = hashing.submit(digest, cells, order)
    absent = [name for name in table.key if raw and name not in raw.columns]
    keep, found = _usable(cells, order, raw.file.name if raw else "", absent)
    return _Read(cells.kept(keep), order.kept(keep), mark, faults + found)


def _canonical(raw: RawTable, known_countries: frozenset[str]) -> tuple[Cells, list[Fault]]:
    """Return a file's cells without those rows in which nothing is stated, and what is wrong with the cells."""
    table, faults = raw.file.table, []
    columns: dict[str, Coded] = {}
    stated = [column for column in table.columns if column.name in raw.columns]
    seen = parallel.each(lambda column: canonical(raw.columns[column.name], column, known_countries), stated, len(raw.rows))
    for column, (cells, wrong) in zip(stated, seen, strict=True):
        columns[column.name] = cells
        faults += value_faults(raw.file.name, table, column, raw.columns[column.name], raw.rows, wrong)
    columns = {column.name: columns.get(column.name) or empty(len(raw.rows)) for column in table.columns}
    extra = {name: trimmed(raw.columns[name]) for name in raw.file.extra}
    extra = {name: column for name, column in extra.items() if len(column.values)}
    # Spreadsheets leave rows of nothing but delimiters behind; they are not rows.
    keep = np.zeros(len(raw.rows), bool)
    for column in (*columns.values(), *extra.values()):
        keep |= column.codes > 0
        if keep.all():
            break
    return Cells(table, raw.rows, columns, extra).kept(keep), faults


def _usable(cells: Cells, order: Order, file: str, absent: list[str]) -> tuple[Numbers, list[Fault]]:
    """Return which rows have a key that no earlier row has, and the others as faults."""
    table, faults = cells.table, []
    keep = np.ones(len(cells.rows), bool)
    for name in table.key:
        blank = np.flatnonzero((cells.columns[name].codes == 0) & keep) if name not in table.optional_key else ()
        if len(blank):
            # A key column that is missing as a whole has been reported as that.
            if name not in absent:
                found = [(int(row), "") for row in cells.rows[blank[:NAMED_ROWS]]]
                faults += row_faults("missing-key", file, table, name, found, len(blank))
            keep[blank] = False
    if table.key:
        later = np.sort(order.places[1:][order.same])
        later = later[keep[later]]
        first = later[:NAMED_ROWS]
        found = [(int(row), row_id) for row, row_id in zip(cells.rows[first], cells.row_ids(first), strict=True)]
        faults += row_faults("duplicate-key", file, table, table.key[0] if len(table.key) == 1 else "", found, len(later))
        keep[later] = False
    return keep, faults


def _references(cursor: Cursor, tables: dict[str, Cells], files: dict[str, str], settings: Settings, targets: Numbers) -> list[Fault]:
    keys = {name: frozenset(tables[name].key[0].values.to_pylist()) for name in ("categories", "vendors")}
    keys["sources"] = frozenset(source["id"] for source in settings.sources)
    for name in ("data_categories", "data_uses"):
        keys[name] = frozenset(key for (key,) in cursor.execute(f"SELECT key FROM {name}").fetchall())
    faults: list[Fault] = []
    for name, cells in tables.items():
        faults += dangling(cells, files[name], keys)
        if name == "evidence":
            faults += dangling_evidence(cells, files[name], targets)
        elif name == "aliases":
            faults += dangling_aliases(cells, files[name], keys)
    return faults
