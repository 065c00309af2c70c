"""Registers for tests: written to a folder from plain dicts, in any of the forms a register may have."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

from popmap.register.arrow import Numbers
from popmap.register.faults import Fault
from popmap.register.loading import Loaded, load
from popmap.register.schema import BY_NAME, LIST_SEPARATOR, TABLES
from popmap.store import Store, open_store

Row = Mapping[str, str]
Tables = dict[str, list[dict[str, str]]]

# A day on which all decisions of the reference tables are in force.
DAY = date(2026, 11, 23)
TITLE = 'title = "A register for tests"\n'


def tiny() -> Tables:
    """Return a register without a fault: 3 categories, 4 vendors, 6 flows, and some of everything else."""
    return {
        "categories": [
            {"category_id": "logs", "name": "Logs", "personal": "yes", "data_subjects": "customers;visitors", "retention_period": "1 year"},
            {"category_id": "identity", "name": "Identité", "description": "Names, e-mail", "personal": "yes"},
            {"category_id": "source-code", "name": "Source code", "personal": "no"},
        ],
        "vendors": [
            {"vendor_id": "sentry", "name": "Sentry", "section": "Technology", "role": "processor", "country": "US"},
            {"vendor_id": "mailer", "name": "Mailer", "section": "Marketing", "company": "Post Group", "certifications": "ISO 27001;SOC 2"},
            {
                "vendor_id": "courier",
                "name": "Courier",
                "section": "Marketing",
                "company": "Post Group",
                "role": "sub-processor",
                "country": "FR",
            },
            {"vendor_id": "spare", "name": "Spare", "section": "Admin"},
        ],
        "flows": [
            {
                "category_id": "logs",
                "vendor_id": "sentry",
                "purpose": "To find bugs",
                "legal_basis": "legitimate-interests",
                "locations": "US",
                "transfer_mechanism": "standard-contractual-clauses",
            },
            {"category_id": "logs", "vendor_id": "mailer", "purpose": "To count clicks", "locations": "FR;DE", "data_use": "analytics"},
            {
                "category_id": "logs",
                "vendor_id": "courier",
                "purpose": "To count clicks",
                "legal_basis": "consent",
                "condition": "if asked",
            },
            {"category_id": "identity", "vendor_id": "mailer", "purpose": "To send mail", "legal_basis": "contract", "locations": "FR"},
            {"category_id": "identity", "vendor_id": "courier", "legal_basis": "contract", "locations": "IN"},
            {"category_id": "source-code", "vendor_id": "sentry", "purpose": "To find bugs"},
        ],
        "activities": [
            {
                "activity_id": "support",
                "name": "Support",
                "purpose": "To help",
                "category_ids": "logs;identity",
                "vendor_ids": "sentry",
                "owner": "Ada",
            },
            {"activity_id": "news", "name": "News", "category_ids": "identity", "reviewed_on": "2026-01-31"},
        ],
        "evidence": [
            {
                "table": "flows",
                "row_id": "logs/sentry/To find bugs",
                "column": "purpose",
                "status": "stated",
                "locator": "line 3",
                "quote": "to find bugs",
            },
            {
                "table": "flows",
                "row_id": "logs/sentry/To find bugs",
                "column": "category_id",
                "status": "confirmed",
                "locator": "line 3",
                "quote": "logs",
            },
            {"table": "flows", "row_id": "logs/mailer/To count clicks", "status": "inferred", "locator": "line 4", "quote": "clicks"},
            {
                "table": "flows",
                "row_id": "identity/courier/",
                "column": "vendor_id",
                "status": "stated",
                "locator": "line 5",
                "quote": "Courier",
            },
            {
                "table": "flows",
                "row_id": "source-code/sentry/To find bugs",
                "column": "legal_basis",
                "status": "stated",
                "quote": "not of the key",
            },
            {"table": "vendors", "row_id": "sentry", "column": "name", "status": "stated", "quote": "Sentry"},
        ],
        "aliases": [{"kind": "vendor", "alias": "Zentry", "id": "sentry"}, {"kind": "category", "alias": "Traces", "id": "logs"}],
    }


def with_flow(**cells: str) -> Tables:
    """Return the tiny register with one more flow: source code to the courier, and these cells."""
    tables = tiny()
    tables["flows"].append({"category_id": "source-code", "vendor_id": "courier", **cells})
    return tables


def csv_text(rows: Sequence[Row], columns: Sequence[str] | None = None, *, delimiter: str = ",", newline: str = "\n") -> str:
    """Return rows as CSV; the columns are those of the first row when none are given."""
    names = list(columns if columns is not None else rows[0])
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline)
    writer.writerow(names)
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return out.getvalue()


def write(
    folder: Path,
    tables: Mapping[str, Sequence[Row]],
    *,
    toml: str | None = TITLE,
    parquet: bool = False,
    encoding: str = "utf-8",
    **form: str,
) -> Path:
    """Write a register folder and return it.

    Args:
        folder: The folder; made when it is not there.
        tables: Rows by table name; list cells joined by `;`.
        toml: What register.toml says, None for no such file.
        parquet: Whether to write Parquet, with lists, rather than CSV.
        encoding: The CSV files' encoding.
        **form: delimiter and newline of the CSV files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if toml is not None:
        (folder / "register.toml").write_text(toml, encoding="utf-8")
    for name, rows in tables.items():
        columns = columns_of(name, rows)
        if parquet:
            pq.write_table(parquet_table(name, rows, columns), folder / f"{name}.parquet")
        else:
            (folder / f"{name}.csv").write_bytes(csv_text(rows, columns, **form).encode(encoding))
    return folder


def columns_of(name: str, rows: Sequence[Row]) -> list[str]:
    """Return the columns of the model, then the others that the rows have."""
    known = [column.name for column in BY_NAME[name].columns]
    return known + [column for column in dict.fromkeys(column for row in rows for column in row) if column not in known]


def parquet_table(name: str, rows: Sequence[Row], columns: Sequence[str]) -> pa.Table:
    """Return rows as an Arrow table: list columns as lists, empty cells as null."""
    many = {column.name for column in BY_NAME[name].columns if column.many}
    arrays = {
        column: pa.array([row.get(column, "").split(LIST_SEPARATOR) if row.get(column) else None for row in rows], pa.list_(pa.string()))
        if column in many
        else pa.array([row.get(column) or None for row in rows], pa.string())
        for column in columns
    }
    return pa.table(arrays)


def no_rules(cursor: Any, _: Path) -> Numbers | None:
    """Stand in for the gap rules where a test is about what comes before them."""
    cursor.execute(
        "CREATE TABLE rules (rule_no INTEGER, code VARCHAR, severity VARCHAR, severity_rank INTEGER, table_name VARCHAR, "
        "column_name VARCHAR, article VARCHAR, title VARCHAR, why VARCHAR, hint VARCHAR, own BOOLEAN, flow_bit INTEGER)"
    )
    cursor.execute(
        "CREATE TABLE findings (rule_no INTEGER, table_name VARCHAR, row_no INTEGER, row_id VARCHAR, column_name VARCHAR, "
        "value VARCHAR, detail VARCHAR)"
    )
    return None


RULES = {
    # code: (severity, table, SQL condition on its rows)
    "no-basis": ("warning", "flows", "legal_basis IS NULL"),
    "no-purpose": ("error", "flows", "purpose IS NULL"),
    "no-role": ("note", "vendors", "role IS NULL"),
    "no-subjects": ("note", "categories", "data_subjects IS NULL"),
    "no-name": ("warning", "register", "name IS NULL"),
}


def some_rules(cursor: Any, folder: Path) -> Numbers:
    """Run five small rules: two of flows, one of vendors, one of categories, and one that finds rows of both."""
    no_rules(cursor, folder)
    bit = 0
    ((last,),) = cursor.execute("SELECT coalesce(max(row_no), 0) FROM flows").fetchall()
    gaps = np.zeros(last + 1, np.uint64)
    for number, (code, (severity, table, condition)) in enumerate(RULES.items(), start=1):
        flows = table == "flows"
        rank = ("error", "warning", "note").index(severity) + 1
        cursor.execute(
            "INSERT INTO rules VALUES (?, ?, ?, ?, ?, NULL, 'Art. 5', ?, 'why', 'hint', false, ?)",
            [number, code, severity, rank, table, f"Title of {code}", bit if flows else None],
        )
        if flows:
            for (row,) in cursor.execute(f"SELECT row_no FROM flows WHERE {condition}").fetchall():
                gaps[row] |= np.uint64(1 << bit)
            bit += 1
        for name in ("vendors", "categories") if table == "register" else () if flows else (table,):
            cursor.execute(
                f"INSERT INTO findings SELECT {number}, '{name}', row_no, row_id, NULL, NULL, NULL FROM {name} WHERE {condition}"
            )
    return gaps


def read(folder: Path, as_of: date = DAY) -> Store:
    """Return a register's store without findings, on a fixed day."""
    return open_store(folder, no_rules, as_of)


def loaded(folder: Path) -> Loaded:
    """Return what loading finds in a register, without a store: quicker, for properties of the fingerprint and the faults."""
    with duckdb.connect() as connection:
        for name in ("data_categories", "data_uses"):
            connection.execute(f"CREATE TABLE {name} (key VARCHAR)")
        return load(connection, folder, frozenset({"FR", "DE", "US", "IN", "GB"}))


def faults(store: Store, *codes: str) -> list[Fault]:
    """Return a store's faults, or those of some codes."""
    return [fault for fault in store.faults if not codes or fault.code in codes]


def cells(store: Store, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """Return some columns of a table, in the order of its rows."""
    return store.query(f"SELECT {', '.join(columns)} FROM {table} ORDER BY row_no")


# -- generated registers ---------------------------------------------------------------------------------------------

_IDS = ["a", "b", "c-1", "d"]
# Quotes, accents, markup, wildcards, line breaks and characters that need care in CSV, SQL and JSON.
TEXT = st.text(st.sampled_from("abc XYZ09,;'\"%_\\\n\té&<>=*[]{}$?é😀\u202e\u00a0ß"), min_size=1, max_size=8)
_CHOICE_OF = {
    "country": ["FR", "US", "GB"],
    "category_id": _IDS,
    "vendor_id": _IDS,
    "id": _IDS,
    "data_use": ["analytics", "marketing", "essential.service"],
    "table": ["flows", "vendors", "categories"],
    "row_id": ["a/a/", "a", "b/c-1/x"],
    "column": ["name", "purpose", "category_id"],
}
_LISTS = {
    "locations": ["FR", "DE", "US", "IN"],
    "category_ids": _IDS,
    "vendor_ids": _IDS,
    "taxonomy_keys": ["user", "user.name"],
}


def _cell(name: str, column: str) -> st.SearchStrategy[str]:
    found = BY_NAME[name].column(column)
    if column in _LISTS:
        return st.lists(st.sampled_from(_LISTS[column]), max_size=3).map(";".join)
    if found.many:
        return st.lists(st.sampled_from(["x", "y z", "é"]), max_size=3).map(";".join)
    options = _CHOICE_OF.get(column) or list(found.choices)
    if options:
        return st.sampled_from(["", *options])
    if column.endswith("_on"):
        return st.sampled_from(["", "2026-01-31", "2020-02-29"])
    return st.just("") | TEXT


def rows_of(name: str, columns: Sequence[str], max_size: int = 6) -> st.SearchStrategy[list[dict[str, str]]]:
    """Return a strategy for rows of a table with distinct, stated keys, filled in some columns."""
    table = BY_NAME[name]
    required = [column for column in table.key if column not in table.optional_key]
    row = st.fixed_dictionaries(
        {
            column: _cell(name, column).filter(str.strip) if column in required and not column.endswith("_id") else _cell(name, column)
            for column in columns
        }
        | {column: st.sampled_from(_IDS) for column in required if column.endswith("_id")}
    )
    unique = (lambda row: tuple(row.get(column, "").strip() for column in table.key)) if table.key else None
    return st.lists(row, max_size=max_size, unique_by=unique)


def registers(columns: Mapping[str, Sequence[str]] | None = None, max_size: int = 6) -> st.SearchStrategy[Tables]:
    """Return a strategy for whole registers; some columns of each table, or all of them."""
    chosen = columns or {table.name: [column.name for column in table.columns] for table in TABLES}
    return st.fixed_dictionaries({name: rows_of(name, some, max_size) for name, some in chosen.items()})
