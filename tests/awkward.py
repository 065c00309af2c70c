"""Small registers of awkward text, for properties of what is written and read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from hypothesis import strategies as st
from registers import Tables, read

from popmap.register.schema import BY_NAME, TABLES
from popmap.rewriting import file_bytes
from popmap.store import Store

LISTED = ("categories", "vendors", "activities", "flows")
_STARTS = st.sampled_from(["", "=", "+", "-", "@", "'", "''=", "'@", '"', "#", "not stated ", "_x0041_", "<b>", "[a](b) "])
_SIGNS = st.text(st.sampled_from("ab Z09,;/|'\"%_\\\n\r\té&<>=*[]{}$?😀\u202e\u200fעب\u00a0ß\u2028"), max_size=12)
AWKWARD = st.builds("{}{}{}".format, _STARTS, _SIGNS, st.sampled_from(["x", "é.", "&amp;", "</i>", "y" * 300, "'", '"', "(inferred)"]))
_KEYS = ["a", "b", "c-1"]
_MADE = {
    "locations": ["FR", "DE", "US"],
    "category_ids": _KEYS,
    "vendor_ids": _KEYS,
    "taxonomy_keys": ["user", "user.name"],
    "data_subjects": ["x", "y z/é", "=q"],
    "certifications": ["ISO 27001", "'SOC", "+1"],
}
_ONE_OF = {"country": ["FR", "US"], "data_use": ["analytics", "marketing", "not.a.use"]}


def _cell(table: str, column: str) -> st.SearchStrategy[str]:
    about_it = BY_NAME[table].column(column)
    if about_it.many:
        return st.lists(st.sampled_from(_MADE[column]), max_size=2, unique=True).map(";".join)
    options = _ONE_OF.get(column) or [*about_it.choices]
    if options:
        return st.sampled_from(["", *options])
    if column.endswith("_on"):
        return st.sampled_from(["", "2026-01-31"])
    if column in {"category_id", "vendor_id", "activity_id"}:
        return st.sampled_from(_KEYS)
    return st.just("") | AWKWARD


def _rows(table: str) -> st.SearchStrategy[list[dict[str, str]]]:
    row = st.fixed_dictionaries({column.name: _cell(table, column.name) for column in BY_NAME[table].columns})
    return st.lists(row, max_size=3, unique_by=lambda found: tuple(found[key].strip() for key in BY_NAME[table].key))


@st.composite
def awkward(draw: st.DrawFn) -> Tables:
    """Return a small register of awkward texts, some of its cells inferred; flows may name what has no row of its own."""
    tables = {name: draw(_rows(name)) for name in LISTED}
    tables["evidence"] = [
        {"table": name, "row_id": "/".join(row[key].strip() for key in BY_NAME[name].key), "column": column, "status": status}
        for name in LISTED
        for row in tables[name]
        for column in draw(st.lists(st.sampled_from([one for one, cell in row.items() if cell.strip()]), max_size=2, unique=True))
        for status in [draw(st.sampled_from(["inferred", "stated", "confirmed"]))]
    ]
    return tables


def opened(folder: Path, tables: Mapping[str, Sequence[Mapping[str, str]]]) -> Store:
    """Return a register as popmap writes it, which also quotes a carriage return."""
    folder.mkdir()
    for table in TABLES:
        file, content = file_bytes(folder, table.name, tables.get(table.name, ()))
        (folder / file).write_bytes(content)
    return read(folder)
