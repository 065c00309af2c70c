"""The store: a register in an in-memory DuckDB, hardened, asked through one cursor per use.

This is the only module that imports duckdb.
"""

from __future__ import annotations

import json
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from popmap import queries
from popmap.building import Check, build
from popmap.errors import PopmapError, RegisterError
from popmap.filters import Known, Where
from popmap.register.faults import Fault
from popmap.register.reading import TABLE_SUFFIXES
from popmap.register.schema import SETTINGS_FILE
from popmap.register.settings import Settings

QUERY_MILLISECONDS = 30_000
_FEW_FLOWS = 20_000
_REMEMBERED = 512
_LARGEST_REMEMBERED = 2_000
_ARROW = {"VARCHAR": pa.string(), "INTEGER": pa.int32(), "BIGINT": pa.int64(), "BOOLEAN": pa.bool_()}

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, eq=False)
class Store:
    """A register that can be asked.

    Attributes:
        folder: The register folder.
        as_of: The day findings are judged on.
        fingerprint: SHA-256 of the register's content; the same for CSV and Parquet.
        settings: What register.toml says.
        faults: Every fault found while reading.
        known: The filters' values.
        counts: Rows of each table.
    """

    folder: Path
    as_of: date
    fingerprint: str
    settings: Settings
    faults: tuple[Fault, ...]
    known: Known
    counts: Mapping[str, int]
    _connection: duckdb.DuckDBPyConnection = field(repr=False)
    _answers: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def rows(self, question: str, where: Where | None = None, /, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows that answer a question; short answers are remembered.

        Args:
            question: A file of `popmap/queries`, without `.sql`.
            where: The condition that replaces `{where}`, and its parameters.
            **parameters: Named parameters; a name in braces in the SQL is replaced as text and must come from code, never from a user.
        """
        sql, values = _prepare(queries.text(question), where, parameters)
        return self.query(sql, values)

    def query(self, sql: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query with named parameters; short answers are remembered.

        Raises:
            PopmapError: The query took too long or too much memory.
        """
        key = (sql, json.dumps(values or {}, sort_keys=True, default=str))
        return self.remember(key, lambda: self._use(lambda cursor: cursor.execute(sql, dict(values or {})).fetchall()))

    def remember(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """Return what `make` made for this key before, or make it now; for answers that follow from the register's content alone.

        Args:
            key: What tells this answer from all others.
            make: Makes the answer; it must not be changed afterwards. A list longer than 2,000 is not kept.
        """
        if (answer := self.recall(key)) is not None:
            return answer
        answer = make()
        if not isinstance(answer, list) or len(answer) <= _LARGEST_REMEMBERED:
            with self._lock:
                self._answers[key] = answer
                while len(self._answers) > _REMEMBERED:
                    self._answers.popitem(last=False)
        return answer

    def recall(self, key: Hashable) -> Any:
        """Return what is remembered for this key, None when nothing is."""
        with self._lock:
            answer = self._answers.get(key)
            # A key may hold a whole filter, which is hashed each time it is looked up.
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def forget(self) -> None:
        """Let go of every answer that is remembered, for one who has asked all there was to ask."""
        with self._lock:
            self._answers.clear()

    def table(self, question: str, where: Where | None = None, /, **parameters: Any) -> pa.Table:
        """Return a question's answer as an Arrow table; see `rows`."""
        sql, values = _prepare(queries.text(question), where, parameters)
        return self.arrow(sql, values)

    def arrow(self, sql: str, values: Mapping[str, Any] | None = None) -> pa.Table:
        """Return a query's result as an Arrow table with plain text columns."""
        return self._use(lambda cursor: cursor.sql(sql, params=dict(values or {})).to_arrow_table())

    def small(self, sql: str, values: Mapping[str, Any] | None = None) -> pa.Table:
        """Return a query's result of few rows as an Arrow table; `arrow` plans its query twice, which is most of what a short one costs.

        Args:
            sql: A query whose columns are texts, whole numbers and booleans.
            values: Its named parameters.
        """

        def ask(cursor: duckdb.DuckDBPyConnection) -> pa.Table:
            answer = cursor.execute(sql, dict(values or {}))
            names, kinds = zip(*((column[0], str(column[1])) for column in answer.description), strict=True)
            rows = answer.fetchall()
            return pa.table([pa.array([row[at] for row in rows], _ARROW[kind]) for at, kind in enumerate(kinds)], names=names)

        return self._use(ask)

    def close(self) -> None:
        """Free the database."""
        self._connection.close()

    def _use(self, question: Callable[[Any], Any]) -> Any:
        # One connection shared by threads gave silently wrong answers; a cursor for each use does not.
        cursor = self._connection.cursor()
        try:
            return question(cursor)
        except (duckdb.InterruptException, duckdb.OutOfMemoryException) as error:
            raise PopmapError("That question took too long or too much memory.", "Narrow the filter.") from error
        finally:
            cursor.close()


def open_store(folder: Path, check: Check, as_of: date | None = None) -> Store:
    """Read a register folder into a hardened store.

    Args:
        folder: The register folder.
        check: Runs the gap rules.
        as_of: The day to judge findings on; today when None.

    Raises:
        RegisterError: Nothing of the register can be read.
    """
    day = as_of or date.today()
    connection = duckdb.connect(
        ":memory:",
        config={
            "python_enable_replacements": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            # What a query no longer needs is given back after it; by default up to 128 MB and more stay.
            "allocator_flush_threshold": "1MB",
            "allocator_bulk_deallocation_flush_threshold": "1MB",
        },
    )
    try:
        built = build(connection, folder, day, check, lambda flows: _harden(connection, flows))
    except (duckdb.Error, OSError) as error:
        connection.close()
        raise RegisterError(f"The register in {folder} cannot be loaded: {str(error).splitlines()[0]}", "Check its files.") from error
    except UnicodeError as error:
        connection.close()
        raise RegisterError(f"The name of {str(folder)!a}, or of a file in it, is not UTF-8 text.", "Rename it.") from error
    except PopmapError:
        connection.close()
        raise
    loaded = built.loaded
    return Store(folder, day, loaded.fingerprint, loaded.settings, loaded.faults, built.known, built.counts, connection)


def changed_at(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what tells whether a register's files have changed on disk: name, modification time in ns and size of each."""
    states, rules = _states(folder, lambda name: name == SETTINGS_FILE or name.lower().endswith(TABLE_SUFFIXES))
    return (*states, *(_states(rules, _is_rule)[0] if rules else ()))


def _is_rule(name: str) -> bool:
    return name.endswith(".sql")


def _states(folder: Path | str, wanted: Callable[[str], bool]) -> tuple[list[tuple[str, int, int]], str]:
    """Return the states of the files wanted, and the path of the folder of rules beside them, "" where there is none."""
    # Asked at every rerun of every page: one look at the folder, and no path objects.
    states, rules = [], ""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if wanted(name):
                    try:
                        state = entry.stat()
                    except OSError:
                        continue
                    states.append((name, state.st_mtime_ns, state.st_size))
                elif name.lower() == "checks":
                    rules = entry.path
    except OSError:
        return [], ""
    return sorted(states), rules


def _harden(connection: duckdb.DuckDBPyConnection, flows: int) -> None:
    # For few rows, handing work to threads costs more than the work.
    threads = ["GLOBAL threads = 1"] if flows < _FEW_FLOWS else []
    # allowed_directories stays empty: a directory on it could be written to with COPY TO.
    for setting in (
        "temp_directory = ''",
        "enable_external_access = false",
        "GLOBAL memory_limit = '70%'",
        f"GLOBAL max_execution_time = {QUERY_MILLISECONDS}",
        # This connection builds, and building a large register may take longer; every cursor made from it keeps to the limit.
        "SESSION max_execution_time = 0",
        *threads,
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")


def _prepare(sql: str, where: Where | None, parameters: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    values = dict(parameters)
    for name in list(values):
        if f"{{{name}}}" in sql:
            sql = sql.replace(f"{{{name}}}", str(values.pop(name)))
    if where:
        sql = sql.replace("{where}", where.sql)
        values |= where.parameters
    return sql, values
