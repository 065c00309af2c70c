"""Small registers for the rule tests: rows as dicts, in the tables the store would build from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb

from popmap.checks.finding import flow_findings_sql
from popmap.checks.rules import Rule
from popmap.checks.run import run
from popmap.register.schema import LIST_SEPARATOR, ROW_ID_SEPARATOR, TABLES, Table

TODAY = date(2026, 11, 23)
DERIVED = {"evidence_status": "stated", "transfer_state": "location-not-stated"}
FAULT_COLUMNS = ("file", "table_name", "row_no", "column_name", "value", "code", "severity", "message", "hint")

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


def database(
    tables: Tables | None = None, as_of: date = TODAY, review_days: int = 365, objection_days: int | None = None, **stated: str
) -> duckdb.DuckDBPyConnection:
    """Return a database with a register's tables.

    Args:
        tables: Table name -> rows; what a row leaves out is not stated. List cells are `;`-joined. "faults" is a table, too.
        as_of: The day findings are judged on.
        review_days: The review period.
        objection_days: The objection period, or None when not stated.
        **stated: organisation_role, officer_contact and privacy_notice where they are stated.
    """
    tables = tables or {}
    connection = duckdb.connect()
    for table in TABLES:
        _create(connection, table, tables.get(table.name, ()))
    connection.execute(
        "CREATE TABLE settings AS SELECT 'Sample' AS title, 'Sample Ltd' AS organisation, ?::INTEGER AS review_days, "
        "?::INTEGER AS objection_days, ?::DATE AS as_of, ?::VARCHAR AS organisation_role, ?::VARCHAR AS officer_contact, "
        "?::VARCHAR AS privacy_notice",
        [review_days, objection_days, as_of, *map(stated.get, ("organisation_role", "officer_contact", "privacy_notice"))],
    )
    connection.execute("CREATE VIEW pairs AS SELECT category_id, vendor_id, count(*)::INTEGER AS flows FROM flows GROUP BY ALL")
    types = ["INTEGER" if column == "row_no" else "VARCHAR" for column in FAULT_COLUMNS]
    connection.execute(f"CREATE TABLE faults ({', '.join(map(' '.join, zip(FAULT_COLUMNS, types, strict=True)))})")
    for fault in tables.get("faults", ()):
        connection.execute(
            f"INSERT INTO faults VALUES ({', '.join('?' * len(FAULT_COLUMNS))})", [fault.get(column) for column in FAULT_COLUMNS]
        )
    return connection


def findings(connection: duckdb.DuckDBPyConnection, rule: Rule) -> dict[int | None, str | None]:
    """Run one rule and return its findings: row number -> detail."""
    gaps = run(connection, [rule])
    if rule.table != "flows":
        return dict(connection.execute("SELECT row_no, detail FROM findings").fetchall())
    found = dict(connection.execute(f"SELECT row_no, detail FROM ({flow_findings_sql(rule)})").fetchall())
    marked = {row: bits for row, bits in enumerate(gaps.tolist()) if bits}
    assert marked == dict.fromkeys(found, 1), "the bits and the details name the same flows"
    return found


def _create(connection: duckdb.DuckDBPyConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    flows = table.name == "flows"
    many = {column.name for column in table.columns if column.many and not flows}
    names = [column.name for column in table.columns] + (list(DERIVED) if flows else [])
    unknown = {name for row in rows for name in row} - {*names, "extra"}
    assert not unknown, f"{table.name} has no {unknown}"
    defaults = DERIVED if flows else {}
    columns = ["row_no INTEGER"]
    for name in names:
        kind = "VARCHAR[]" if name in many else "VARCHAR"
        if flows:
            # The store codes the flows' columns; one that states nothing at all has a single code no row holds.
            values = {row.get(name, defaults.get(name)) for row in rows} - {None}
            kind = f"ENUM ({', '.join(_literal(value) for value in sorted(values)) or _literal('')})"
        columns.append(f'"{name}" {kind}')
    keyed = bool(table.key) and not flows
    columns += ["row_id VARCHAR"] * keyed + ["extra MAP(VARCHAR, VARCHAR)"]
    connection.execute(f"CREATE TABLE {table.name} ({', '.join(columns)})")
    cells: list[Any] = []
    for number, row in enumerate(rows, start=2):
        stated = [row.get(name, defaults.get(name)) for name in names]
        lists = [
            cell.split(LIST_SEPARATOR) if name in many and cell is not None else cell for name, cell in zip(names, stated, strict=True)
        ]
        cells += [number, *lists, *[ROW_ID_SEPARATOR.join(row.get(key) or "" for key in table.key)] * keyed, row.get("extra")]
    if rows:
        one = f"({', '.join('?' * len(columns))})"
        connection.execute(f"INSERT INTO {table.name} VALUES {', '.join([one] * len(rows))}", cells)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
