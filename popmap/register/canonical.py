"""A column's canonical cells: each distinct text looked at once, and what is wrong with it told for its rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from popmap.register import arrow, cells
from popmap.register.arrow import Numbers
from popmap.register.coding import Coded, Raw, coded
from popmap.register.faults import NAMED_ROWS, Fault, shorten
from popmap.register.schema import Column, Kind, Table

# Fewer texts than this are looked at one by one without being sifted first.
_FEW = 100
_CONTROL, _SPACE = r"\x00-\x1f\x7f", r"\s\pZ\x{85}"
# What `cells.canonical` returns unchanged and without fault.
_HARMLESS = {
    Kind.SLUG: r"\A[a-z0-9]+(-[a-z0-9]+)*\z",
    Kind.TEXT: rf"\A[^{_SPACE}'{_CONTROL}]([^{_CONTROL}]*[^{_SPACE}{_CONTROL}])?\z",
}


def canonical(raw: Raw, column: Column, known_countries: frozenset[str]) -> tuple[Coded, dict[str, dict[int, str]]]:
    """Return a column's canonical cells, and for each fault code the raw values that have it by their place, with the part that offends."""
    places = _suspicious(raw.values, column)
    texts = raw.values.take(arrow.numbers(places)).to_pylist()
    changed: dict[int, str | None] = {}
    wrong: dict[str, dict[int, str]] = {}
    for text, place in sorted(zip(texts, places.tolist(), strict=True)):
        better, found = cells.canonical(text, column, known_countries)
        if better != text or not text:
            changed[place] = better or None
        for code, value in found:
            wrong.setdefault(code, {}).setdefault(place, value)
    return coded(raw, arrow.replaced(raw.values, changed) if changed else raw.values), wrong


def trimmed(raw: Raw) -> Coded:
    """Return the cells of a column the model does not know: as they are, without blanks around them and a spreadsheet's guard."""
    values = arrow.trimmed(raw.values)
    quoted = {place: cells.unguard(text) for place, text in enumerate(values.to_pylist()) if text and text.startswith("'")}
    return coded(raw, arrow.replaced(values, {**quoted}) if quoted else values)


def value_faults(file: str, table: Table, column: Column, raw: Raw, rows: Numbers, wrong: dict[str, dict[int, str]]) -> list[Fault]:
    """Return what is wrong with a column's values as faults of rows."""
    faults = []
    for code, offending in wrong.items():
        has = np.zeros(len(raw.values) + 1, bool)
        has[list(offending)] = True
        places = np.flatnonzero(has[raw.codes])
        found = [(int(rows[place]), offending[int(raw.codes[place])]) for place in places[:NAMED_ROWS]]
        faults += row_faults(code, file, table, column.name, found, len(places), ", ".join(column.choices))
    return faults


def row_faults(code: str, file: str, table: Table, column: str, rows: list[tuple[int, str]], count: int, more: str = "") -> list[Fault]:
    """Return a fault for each of these rows, given with what stands there, and one that counts the others.

    Args:
        code: A key of `faults.KINDS`.
        file: The file's name.
        table: The table.
        column: The column's name, or "".
        rows: The first rows that have it: number and value.
        count: How many rows have it.
        more: What the hint needs beyond the value.
    """
    faults = [Fault(code, file, table.name, row, column, shorten(value), more) for row, value in rows]
    if count > len(rows):
        faults.append(Fault("and-more", file, table.name, None, column, f"{count - len(rows):,}", code))
    return faults


def _suspicious(values: pa.Array, column: Column) -> Numbers:
    """Return the places of values that may have to change or be wrong."""
    pattern = "" if column.many else _HARMLESS.get(column.kind, "")
    if not pattern or len(values) < _FEW:
        return np.arange(len(values))
    return np.flatnonzero(~(arrow.matching(values, pattern) & (arrow.lengths(values) <= cells.LONGEST_CELL)))
