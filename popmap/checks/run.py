"""Running the gap rules: their findings as tables beside the register's.

Findings are rows of `findings`, except those about flows: of these there may be millions, so each flow only gets one bit for each rule that
hits it, and what the rule says in detail is asked when a page shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np

from popmap.checks.finding import find_all, hit, name_rows
from popmap.checks.own import reaching_functions, report, went_well
from popmap.checks.rules import Rule, load_rules
from popmap.errors import PopmapError
from popmap.register.arrow import Numbers
from popmap.register.extracting import Cursor
from popmap.register.journal import pending
from popmap.store import Store, changed_at, open_store

OWN_RULES = "checks"
# How often files that keep changing are read again before they are taken as they are.
_ATTEMPTS = 4

_TABLES = (
    "CREATE TABLE rules (rule_no INTEGER, code VARCHAR, severity VARCHAR, severity_rank INTEGER, table_name VARCHAR, column_name VARCHAR, "
    "article VARCHAR, title VARCHAR, why VARCHAR, hint VARCHAR, own BOOLEAN, flow_bit INTEGER)",
    "CREATE TABLE findings (rule_no INTEGER, table_name VARCHAR, row_no INTEGER, row_id VARCHAR, column_name VARCHAR, value VARCHAR, "
    "detail VARCHAR)",
)


def check(cursor: Cursor, folder: Path) -> Numbers:
    """Run popmap's rules and those in a register folder's `checks/`; see `run`."""
    return run(cursor, load_rules(folder / OWN_RULES))


def open_checked(folder: Path, as_of: date | None = None) -> Store:
    """Read a register folder into a store with its findings.

    A save that was cut off is finished first. Files that change while they are read are read once more, so that a store never holds
    tables of two versions.

    Args:
        folder: The register folder.
        as_of: The day to judge findings on; today when None.

    Raises:
        RegisterError: Nothing of the register can be read.
        PopmapError: A save that was cut off cannot be finished.
    """
    for _ in range(_ATTEMPTS - 1):
        if pending(folder):
            # What writes git's objects takes a while to import, and almost no reader needs it.
            from popmap.register.saving import settle

            settle(folder)
        before = changed_at(folder)
        try:
            store = open_store(folder, check, as_of)
        except PopmapError:
            if _steady(folder, before):
                raise
        else:
            if _steady(folder, before):
                return store
            store.close()
    return open_store(folder, check, as_of)


def open_unchecked(folder: Path, as_of: date | None = None) -> Store:
    """Read a register folder into a store without looking for gaps, for questions about what it states alone; see `open_checked`."""
    return open_store(folder, lambda cursor, _: run(cursor, ()), as_of)


def _steady(folder: Path, before: tuple) -> bool:
    return not pending(folder) and changed_at(folder) == before


def run(cursor: Cursor, rules: Iterable[Rule]) -> Numbers:
    """Create the tables rules and findings, and return which rules hit each flow.

    A rule of the register that cannot be used becomes a row of `faults` with the code rule-failed; the others still run.

    Args:
        cursor: A cursor of a database with the register's tables, `settings`, `faults`, `pairs` and the reference tables; already hardened,
            because a register's own rules are a stranger's SQL, and not inside a transaction, which one failing rule would end. popmap's
            rules run on it and beside it; the register's own on another cursor made from it, where the limits of all later questions hold.
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
            report(cursor, rule.file, str(rule.error).removeprefix(f"{rule.file}, "))
    usable = [rule for rule in rules if not rule.error]
    numbers = {rule.code: number for number, rule in enumerate(usable, start=1)}
    bits = {rule.code: bit for bit, rule in enumerate(rule for rule in usable if rule.table == "flows")}
    _insert_rules(cursor, usable, numbers, bits)
    gaps = _no_gaps(cursor)
    if any(rule.own for rule in usable):
        table_functions = reaching_functions(cursor)
        with closing(cursor.cursor()) as guest:
            for rule in usable:
                if rule.own and not went_well(guest, rule, numbers[rule.code], bits.get(rule.code), table_functions, gaps):
                    # It found nothing because it did not run, which is not the same as finding nothing.
                    cursor.execute("DELETE FROM rules WHERE rule_no = ?", [numbers[rule.code]])
    # Rules about the register also speak of the rules that failed.
    shipped = [rule for rule in usable if not rule.own and rule.table != "flows"]
    # Finding is mostly planning, which keeps one core busy, and hitting mostly looking through the flows.
    with closing(cursor.cursor()) as aside, ThreadPoolExecutor(1) as pool:
        found = pool.submit(find_all, aside, shipped, numbers)
        for rule in usable:
            if rule.table == "flows" and not rule.own:
                hit(cursor, rule, bits[rule.code], gaps)
    if found.exception():
        # Only the builder's own cursor may take as long as it takes; what failed for another reason fails here again.
        find_all(cursor, shipped, numbers)
    name_rows(cursor, shipped, numbers)
    return gaps


def _insert_rules(cursor: Cursor, rules: Sequence[Rule], numbers: dict[str, int], bits: dict[str, int]) -> None:
    values: list[object] = []
    for rule in rules:
        values += [numbers[rule.code], rule.code, rule.severity.value, rule.severity.rank, rule.table, rule.column or None]
        values += [rule.article, rule.title, rule.why, rule.hint, rule.own, bits.get(rule.code)]
    if values:
        one = f"({', '.join('?' * 12)})"
        cursor.execute(f"INSERT INTO rules VALUES {', '.join([one] * len(rules))}", values)


def _no_gaps(cursor: Cursor) -> Numbers:
    """Return the gaps of the flows by row number, none yet."""
    ((last,),) = cursor.execute("SELECT coalesce(max(row_no), 0) FROM flows").fetchall()
    return np.zeros(last + 1, np.uint64)
