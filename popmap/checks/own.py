"""A register's own rules: a stranger's SQL, looked at more closely, run on a cursor of its own, and reported when it fails."""

from __future__ import annotations

import re

from popmap.checks.finding import find, flow_findings_sql, hit
from popmap.checks.rules import Rule, called_names
from popmap.errors import RuleError
from popmap.register.arrow import Numbers
from popmap.register.extracting import Cursor
from popmap.register.faults import Fault, shorten

FAILED = "rule-failed"
# Table functions read files, list the database or run text as SQL; these only make rows.
_HARMLESS_FUNCTIONS = frozenset({"unnest", "range", "generate_series", "repeat"})
_LINE = re.compile(r"LINE (\d+):")


def reaching_functions(cursor: Cursor) -> frozenset[str]:
    """Return the names of the database's functions that reach for more than the register's tables."""
    rows = cursor.execute(
        "SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE function_type IN ('table', 'table_macro', 'pragma')"
    ).fetchall()
    return frozenset(name for (name,) in rows) - _HARMLESS_FUNCTIONS


def went_well(cursor: Cursor, rule: Rule, number: int, bit: int | None, forbidden: frozenset[str], gaps: Numbers) -> bool:
    """Run a register's own rule for itself and return whether it went well; if not, report it.

    Args:
        cursor: A cursor for a stranger's SQL alone.
        rule: The rule.
        number: Its number in `rules`.
        bit: Its bit in the gaps of flows, None when it is about another table.
        forbidden: Names of functions it may not call.
        gaps: The flows' gaps by row number, to which its bit is added.
    """
    called = sorted(called_names(rule.sql) & forbidden)
    if called:
        # Among them are functions that run their argument as SQL, past every other check.
        report(cursor, rule.file, f"it calls {called[0]}(), and a rule reads the register's tables only")
        return False
    try:
        # First as it stands, so that an error's line is the file's, and row_no must be there.
        cursor.execute(f"SELECT row_no::INTEGER FROM (\n{rule.sql}\n) LIMIT 0")
        if bit is None:
            find(cursor, rule, number)
        else:
            _find_flows(cursor, rule, bit, gaps)
    except RuleError as failure:
        report(cursor, rule.file, failure.message)
        return False
    except Exception as failure:
        if isinstance(failure, MemoryError):
            raise
        report(cursor, rule.file, _reason(rule, str(failure)))
        return False
    return True


def _find_flows(cursor: Cursor, rule: Rule, bit: int, gaps: Numbers) -> None:
    """Keep the flows an own rule hits; raise RuleError when it names rows that are not flows."""
    # What a page will ask later must not fail there.
    cursor.execute(f"SELECT max(value), max(detail) FROM ({flow_findings_sql(rule)})")
    strays = f"SELECT count(*) FROM (\n{rule.sql}\n) WHERE row_no IS NULL OR row_no::INTEGER NOT IN (SELECT row_no FROM flows)"
    ((count,),) = cursor.execute(strays).fetchall()
    if count:
        raise RuleError(f"{count:,} of its rows name no row of flows in row_no")
    hit(cursor, rule, bit, gaps)


def _reason(rule: Rule, message: str) -> str:
    """Return a database message on one line, with the line number the rule's file gives the place."""
    place = _LINE.search(message)
    text = shorten(message.split("\n\n", maxsplit=1)[0].split("\nLINE", maxsplit=1)[0], 300)
    line = int(place[1]) - 2 + rule.line if place else rule.line
    return f"line {line}: {text}" if rule.line <= line <= rule.line + rule.sql.count("\n") else f"line {rule.line}: {text}"


def report(cursor: Cursor, file: str, reason: str) -> None:
    """Add a rule that cannot be used, and why, to the faults."""
    fault = Fault(FAILED, file, value=reason)
    cursor.execute(
        "INSERT INTO faults (file, table_name, row_no, column_name, value, code, severity, message, hint) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [fault.file, fault.table, fault.row, fault.column, fault.value, fault.code, fault.severity, fault.message, fault.hint],
    )
