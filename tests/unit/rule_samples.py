"""Small registers for the rule tests: rows as dicts, in the tables the store would build from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb

from popmap.checks.rules import Rule
from popmap.checks.run import flow_findings_sql, run
from popmap.register.schema import LIST_SEPARATOR, ROW_ID_SEPARATOR, TABLES, Table

TODAY = date(2026, 11, 23)
DERIVED = {"evidence_status": "stated", "transfer_state": "location-not-stated"}
FAULT_COLUMNS = ("file", "table_name", "row_no", "column_name", "value", "code", "severity", "message", "hint")

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


def database(
    tables: Tables | None = None, as_of: date = TODAY, review_days: int = 365, objection_days: int | None = None
) -> duckdb.DuckDBPyConnection:
    """Return a database with a register's tables.

    Args:
        tables: Table name -> rows; what a row leaves out is not stated. List cells are `;`-joined. "faults" is a table, too.
        as_of: The day findings are judged on.
        review_days: The review period.
        objection_days: The objection period, or None when not stated.
    """
    tables = tables or {}
    connection = duckdb.connect()
    for table in TABLES:
        _create(connection, table, tables.get(table.name, ()))
    connection.execute("CREATE TABLE settings AS SELECT 'Sample' AS title, 'Sample Ltd' AS organisation, ? AS review_days", [review_days])
    connection.execute("ALTER TABLE settings ADD COLUMN objection_days INTEGER")
    connection.execute("ALTER TABLE settings ADD COLUMN as_of DATE")
    connection.execute("UPDATE settings SET objection_days = ?, as_of = ?", [objection_days, as_of])
    types = ["INTEGER" if column == "row_no" else "VARCHAR" for column in FAULT_COLUMNS]
    connection.execute(f"CREATE TABLE faults ({', '.join(map(' '.join, zip(FAULT_COLUMNS, types, strict=True)))})")
    for fault in tables.get("faults", ()):
        connection.execute(
            f"INSERT INTO faults VALUES ({', '.join('?' * len(FAULT_COLUMNS))})", [fault.get(column) for column in FAULT_COLUMNS]
        )
    return connection


def findings(connection: duckdb.DuckDBPyConnection, rule: Rule) -> dict[int | None, str | None]:
    """Run one rule and return its findings: row number -> detail."""
    run(connection, [rule])
    if rule.table != "flows":
        return dict(connection.execute("SELECT row_no, detail FROM findings").fetchall())
    found = dict(connection.execute(f"SELECT row_no, detail FROM ({flow_findings_sql(rule)})").fetchall())
    marked = connection.execute("SELECT row_no, gaps FROM flow_gaps").fetchall()
    assert dict(marked) == dict.fromkeys(found, 1), "the bits and the details name the same flows"
    return found


def _create(connection: duckdb.DuckDBPyConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    flows = table.name == "flows"
    names = [column.name for column in table.columns] + (list(DERIVED) if flows else [])
    unknown = {name for row in rows for name in row} - {*names, "extra"}
    assert not unknown, f"{table.name} has no {unknown}"
    row_id = [] if flows or not table.key else ["row_id"]
    columns = ", ".join(f'"{name}" VARCHAR' for name in [*names, *row_id])
    connection.execute(f"CREATE TABLE raw (row_no INTEGER, {columns}, extra MAP(VARCHAR, VARCHAR))")
    cells = []
    for number, row in enumerate(rows, start=2):
        keys = [ROW_ID_SEPARATOR.join(row.get(key) or "" for key in table.key)] if row_id else []
        cells += [number, *(row.get(name, DERIVED.get(name) if flows else None) for name in names), *keys, row.get("extra")]
    if rows:
        one = f"({', '.join('?' * (len(names) + len(row_id) + 2))})"
        connection.execute(f"INSERT INTO raw VALUES {', '.join([one] * len(rows))}", cells)
    many = [column.name for column in table.columns if column.many and not flows]
    changed = [f'string_split("{name}", \'{LIST_SEPARATOR}\') AS "{name}"' for name in many]
    if flows:
        # The store codes the flows' columns; a column that states nothing at all has one value no row holds.
        for name in names:
            values = {row.get(name, DERIVED.get(name)) for row in rows} - {None}
            listed = ", ".join("'" + value.replace("'", "''") + "'" for value in sorted(values)) or "''"
            connection.execute(f"CREATE TYPE code_{name} AS ENUM ({listed})")
            changed.append(f'"{name}"::code_{name} AS "{name}"')
    replaced = f"REPLACE ({', '.join(changed)})" if changed else ""
    connection.execute(f"CREATE TABLE {table.name} AS SELECT * {replaced} FROM raw")
    connection.execute("DROP TABLE raw")
