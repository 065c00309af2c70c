"""Running the gap rules: their findings as tables beside the register's.

Findings are rows of `findings`, except those about flows: of these there may be millions, so each flow only gets one bit for each rule that
hits it, and what the rule says in detail is asked when a page shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np

from popmap.checks.rules import REGISTER, Rule, called_names, load_rules
from popmap.errors import RuleError
from popmap.register import arrow
from popmap.register.arrow import Numbers
from popmap.register.extracting import Cursor
from popmap.register.faults import Fault, shorten
from popmap.register.schema import BY_NAME, LIST_SEPARATOR, ROW_ID_SEPARATOR, TABLES, Table
from popmap.store import Store, open_store

OWN_RULES = "checks"
FAILED = "rule-failed"
# Table functions read files, list the database or run text as SQL; these only make rows.
_HARMLESS_FUNCTIONS = frozenset({"unnest", "range", "generate_series", "repeat"})
_LINE = re.compile(r"LINE (\d+):")

_TABLES = (
    "CREATE TABLE rules (rule_no INTEGER, code VARCHAR, severity VARCHAR, severity_rank INTEGER, table_name VARCHAR, column_name VARCHAR, "
    "article VARCHAR, title VARCHAR, why VARCHAR, hint VARCHAR, own BOOLEAN, flow_bit INTEGER)",
    "CREATE TABLE findings (rule_no INTEGER, table_name VARCHAR, row_no INTEGER, row_id VARCHAR, column_name VARCHAR, value VARCHAR, "
    "detail VARCHAR)",
)
# A rule states what it has to state; the columns it leaves out are empty.
_OUTPUT = (
    "NULL::INTEGER AS row_no, NULL::VARCHAR AS table_name, NULL::VARCHAR AS column_name, NULL::VARCHAR AS value, "
    "NULL::VARCHAR AS detail WHERE false"
)


def check(cursor: Cursor, folder: Path) -> Numbers:
    """Run popmap's rules and those in a register folder's `checks/`; see `run`."""
    return run(cursor, load_rules(folder / OWN_RULES))


def open_checked(folder: Path, as_of: date | None = None) -> Store:
    """Read a register folder into a store with its findings.

    Args:
        folder: The register folder.
        as_of: The day to judge findings on; today when None.

    Raises:
        RegisterError: Nothing of the register can be read.
    """
    return open_store(folder, check, as_of)


def run(cursor: Cursor, rules: Iterable[Rule]) -> Numbers:
    """Create the tables rules and findings, and return which rules hit each flow.

    A rule of the register that cannot be used becomes a row of `faults` with the code rule-failed; the others still run.

    Args:
        cursor: A cursor of a database with the register's tables, `settings`, `faults`, `pairs` and the reference tables; already hardened, because
            a register's own rules are a stranger's SQL, and not inside a transaction, which one failing rule would end. popmap's rules run
            on it; the register's own on another cursor made from it, where the limits of all later questions hold.
        rules: What `load_rules` returned.

    Tables:
        rules: One row for each usable rule, numbered in the order given; severity_rank is 1 (error), 2 (warning) or 3 (note); flow_bit is
            the rule's bit in the gaps of flows, NULL for rules of other tables.
        findings: All findings but those about flows. table_name is "register" and row_no NULL for one about the whole register; row_id
            is the row's key; column_name is NULL when it is about the whole row; value is the cell as text.

    Returns:
        The gaps of each flow, by its row number: 64 bits, one for each rule about flows.
    """
    rules = tuple(rules)
    for statement in _TABLES:
        cursor.execute(statement)
    for rule in rules:
        if rule.error:
            _report(cursor, rule.file, str(rule.error).removeprefix(f"{rule.file}, "))
    usable = [rule for rule in rules if not rule.error]
    numbers = {rule.code: number for number, rule in enumerate(usable, start=1)}
    bits = {rule.code: bit for bit, rule in enumerate(rule for rule in usable if rule.table == "flows")}
    _insert_rules(cursor, usable, numbers, bits)
    gaps = _no_gaps(cursor)
    if any(rule.own for rule in usable):
        table_functions = _table_functions(cursor)
        with closing(cursor.cursor()) as guest:
            for rule in usable:
                if rule.own and not _try(guest, rule, numbers[rule.code], bits.get(rule.code), table_functions, gaps):
                    # It found nothing because it did not run, which is not the same as finding nothing.
                    cursor.execute("DELETE FROM rules WHERE rule_no = ?", [numbers[rule.code]])
    # Rules about the register also speak of the rules that failed.
    shipped = [rule for rule in usable if not rule.own and rule.table != "flows"]
    # Finding is mostly planning, which keeps one core busy, and hitting mostly looking through the flows.
    with closing(cursor.cursor()) as aside, ThreadPoolExecutor(1) as pool:
        found = pool.submit(_find_all, aside, shipped, numbers)
        for rule in usable:
            if rule.table == "flows" and not rule.own:
                _hit(cursor, rule, bits[rule.code], gaps)
    if found.exception():
        # Only the builder's own cursor may take as long as it takes; what failed for another reason fails here again.
        _find_all(cursor, shipped, numbers)
    _name_rows(cursor, shipped, numbers)
    return gaps


def flow_findings_sql(rule: Rule) -> str:
    """Return a SELECT of a flow rule's findings: row_no, value and detail, to be joined with flows by row_no and limited.

    value is what the rule itself states; NULL means the cell of the rule's column.
    """
    return f"SELECT row_no::INTEGER AS row_no, value, detail FROM ({_output(rule)})"


def _output(rule: Rule) -> str:
    # The rule stands on lines of its own: it may end in a comment.
    return f"SELECT {_OUTPUT} UNION ALL BY NAME SELECT * FROM (\n{rule.sql}\n)"


def _insert_rules(cursor: Cursor, rules: Sequence[Rule], numbers: dict[str, int], bits: dict[str, int]) -> None:
    values: list[object] = []
    for rule in rules:
        values += [numbers[rule.code], rule.code, rule.severity.value, rule.severity.rank, rule.table, rule.column or None]
        values += [rule.article, rule.title, rule.why, rule.hint, rule.own, bits.get(rule.code)]
    if values:
        one = f"({', '.join('?' * 12)})"
        cursor.execute(f"INSERT INTO rules VALUES {', '.join([one] * len(rules))}", values)


def _find_all(cursor: Cursor, rules: Sequence[Rule], numbers: Mapping[str, int]) -> None:
    """Add the findings of several rules of popmap's with one statement: planned one by one, they would take twice as long.

    Their values are stated here as far as the rules state them, see `_name_rows`.
    """
    each = (f"SELECT {numbers[rule.code]} AS rule_no, * FROM (\n{rule.sql}\n)" for rule in rules)
    cursor.execute(
        "INSERT INTO findings SELECT f.rule_no, coalesce(f.table_name, r.table_name), f.row_no, NULL, "
        "coalesce(f.column_name, r.column_name), f.value, f.detail "
        f"FROM ({' UNION ALL BY NAME '.join([f'SELECT NULL::INTEGER AS rule_no, {_OUTPUT}', *each])}) f "
        "JOIN rules r ON r.rule_no = f.rule_no ORDER BY 1, 2, 3, 5, 6, 7"
    )


def _find(cursor: Cursor, rule: Rule, number: int) -> None:
    """Add the findings of a rule of the register's own; when it is about the register, each finding may name its own table."""
    value = "f.value" if rule.table == REGISTER or not rule.column else f"coalesce(f.value, {_cell(BY_NAME[rule.table], rule.column)})"
    source = f"({_output(rule)}) f" + ("" if rule.table == REGISTER else f" LEFT JOIN {rule.table} t ON t.row_no = f.row_no")
    cursor.execute(
        f"INSERT INTO findings SELECT ?, coalesce(f.table_name, ?), f.row_no, NULL, coalesce(f.column_name, ?), {value}, f.detail "
        f"FROM {source} ORDER BY 2, 3, 5, 6, 7",
        [number, rule.table, rule.column or None],
    )


def _no_gaps(cursor: Cursor) -> Numbers:
    """Return the gaps of the flows by row number, none yet."""
    ((last,),) = cursor.execute("SELECT coalesce(max(row_no), 0) FROM flows").fetchall()
    return np.zeros(last + 1, np.uint64)


def _hit(cursor: Cursor, rule: Rule, bit: int, gaps: Numbers) -> None:
    """Set a rule's bit in the gaps of the flows it hits; of each rule only row numbers leave the database."""
    hits = cursor.sql(f"SELECT row_no::INTEGER AS row_no FROM (\n{rule.sql}\n)").to_arrow_table()
    gaps[arrow.numpy(hits["row_no"])] |= np.uint64(1 << bit)


def _name_rows(cursor: Cursor, rules: Sequence[Rule], numbers: Mapping[str, int]) -> None:
    """Give each finding the key of its row, as `evidence` and links write it, and those of some rules the cell of the rule's column."""
    named = {name for (name,) in cursor.execute("SELECT DISTINCT table_name FROM findings").fetchall()}
    for table in TABLES:
        if table.name in named:
            cells = ", ".join(f"coalesce(t.\"{column}\"::VARCHAR, '')" for column in table.key)
            sets = [f"row_id = array_to_string([{cells}], '{ROW_ID_SEPARATOR}')"] if table.key else []
            looked = [
                f" WHEN {numbers[rule.code]} THEN {_cell(table, rule.column)}" for rule in rules if rule.table == table.name and rule.column
            ]
            sets += [f"value = coalesce(findings.value, CASE findings.rule_no{''.join(looked)} END)"] if looked else []
            if sets:
                cursor.execute(
                    f"UPDATE findings SET {', '.join(sets)} FROM {table.name} t "
                    f"WHERE findings.table_name = '{table.name}' AND findings.row_no = t.row_no"
                )


def _cell(table: Table, name: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    columns = {column.name: column for column in table.columns}
    if name not in columns:
        # A column the model does not know, kept as it was.
        return "t.extra['" + name.replace("'", "''") + "']"
    return f"array_to_string(t.{quoted}, '{LIST_SEPARATOR}')" if columns[name].many and table.name != "flows" else f"t.{quoted}::VARCHAR"


def _table_functions(cursor: Cursor) -> frozenset[str]:
    rows = cursor.execute(
        "SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE function_type IN ('table', 'table_macro', 'pragma')"
    ).fetchall()
    return frozenset(name for (name,) in rows) - _HARMLESS_FUNCTIONS


def _try(cursor: Cursor, rule: Rule, number: int, bit: int | None, table_functions: frozenset[str], gaps: Numbers) -> bool:
    """Run a register's own rule for itself and return whether it went well; if not, report it."""
    forbidden = sorted(called_names(rule.sql) & table_functions)
    if forbidden:
        # Among them are functions that run their argument as SQL, past every other check.
        _report(cursor, rule.file, f"it calls {forbidden[0]}(), and a rule reads the register's tables only")
        return False
    try:
        # First as it stands, so that an error's line is the file's, and row_no must be there.
        cursor.execute(f"SELECT row_no::INTEGER FROM (\n{rule.sql}\n) LIMIT 0")
        if bit is None:
            _find(cursor, rule, number)
        else:
            _find_flows(cursor, rule, bit, gaps)
    except RuleError as failure:
        _report(cursor, rule.file, failure.message)
        return False
    except Exception as failure:
        if isinstance(failure, MemoryError):
            raise
        _report(cursor, rule.file, _reason(rule, str(failure)))
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
    _hit(cursor, rule, bit, gaps)


def _reason(rule: Rule, message: str) -> str:
    """Return a database message on one line, with the line number the rule's file gives the place."""
    place = _LINE.search(message)
    text = shorten(message.split("\n\n", maxsplit=1)[0].split("\nLINE", maxsplit=1)[0], 300)
    line = int(place[1]) - 2 + rule.line if place else rule.line
    return f"line {line}: {text}" if rule.line <= line <= rule.line + rule.sql.count("\n") else f"line {rule.line}: {text}"


def _report(cursor: Cursor, file: str, reason: str) -> None:
    fault = Fault(FAILED, file, value=reason)
    cursor.execute(
        "INSERT INTO faults (file, table_name, row_no, column_name, value, code, severity, message, hint) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [fault.file, fault.table, fault.row, fault.column, fault.value, fault.code, fault.severity, fault.message, fault.hint],
    )
