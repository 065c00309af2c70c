"""What a rule finds, into the database: rows of `findings`, and for rules about flows a bit for each flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from popmap.checks.rules import REGISTER, Rule
from popmap.register import arrow
from popmap.register.arrow import Numbers
from popmap.register.extracting import Cursor
from popmap.register.schema import BY_NAME, LIST_SEPARATOR, ROW_ID_SEPARATOR, TABLES, Table

# A rule states what it has to state; the columns it leaves out are empty.
_OUTPUT = (
    "NULL::INTEGER AS row_no, NULL::VARCHAR AS table_name, NULL::VARCHAR AS column_name, NULL::VARCHAR AS value, "
    "NULL::VARCHAR AS detail WHERE false"
)


def flow_findings_sql(rule: Rule) -> str:
    """Return a SELECT of a flow rule's findings: row_no, value and detail, to be joined with flows by row_no and limited.

    value is what the rule itself states; NULL means the cell of the rule's column.
    """
    return f"SELECT row_no::INTEGER AS row_no, value, detail FROM ({_output(rule)})"


def _output(rule: Rule) -> str:
    # The rule stands on lines of its own: it may end in a comment.
    return f"SELECT {_OUTPUT} UNION ALL BY NAME SELECT * FROM (\n{rule.sql}\n)"


def find_all(cursor: Cursor, rules: Sequence[Rule], numbers: Mapping[str, int]) -> None:
    """Add the findings of several rules of popmap's with one statement: planned one by one, they would take twice as long.

    Their values are stated here as far as the rules state them, see `name_rows`.
    """
    each = (f"SELECT {numbers[rule.code]} AS rule_no, * FROM (\n{rule.sql}\n)" for rule in rules)
    cursor.execute(
        "INSERT INTO findings SELECT f.rule_no, coalesce(f.table_name, r.table_name), f.row_no, NULL, "
        "coalesce(f.column_name, r.column_name), f.value, f.detail "
        f"FROM ({' UNION ALL BY NAME '.join([f'SELECT NULL::INTEGER AS rule_no, {_OUTPUT}', *each])}) f "
        "JOIN rules r ON r.rule_no = f.rule_no ORDER BY 1, 2, 3, 5, 6, 7"
    )


def find(cursor: Cursor, rule: Rule, number: int) -> None:
    """Add the findings of a rule of the register's own; when it is about the register, each finding may name its own table."""
    value = "f.value" if rule.table == REGISTER or not rule.column else f"coalesce(f.value, {_cell(BY_NAME[rule.table], rule.column)})"
    source = f"({_output(rule)}) f" + ("" if rule.table == REGISTER else f" LEFT JOIN {rule.table} t ON t.row_no = f.row_no")
    cursor.execute(
        f"INSERT INTO findings SELECT ?, coalesce(f.table_name, ?), f.row_no, NULL, coalesce(f.column_name, ?), {value}, f.detail "
        f"FROM {source} ORDER BY 2, 3, 5, 6, 7",
        [number, rule.table, rule.column or None],
    )


def hit(cursor: Cursor, rule: Rule, bit: int, gaps: Numbers) -> None:
    """Set a rule's bit in the gaps of the flows it hits; of each rule only row numbers leave the database."""
    hits = cursor.sql(f"SELECT row_no::INTEGER AS row_no FROM (\n{rule.sql}\n)").to_arrow_table()
    gaps[arrow.numpy(hits["row_no"])] |= np.uint64(1 << bit)


def name_rows(cursor: Cursor, rules: Sequence[Rule], numbers: Mapping[str, int]) -> None:
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
