"""A register's tables as they are stated: every cell in its canonical form, as writing them to files and comparing them needs."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from popmap.register.schema import EVIDENCE, LIST_SEPARATOR, SOURCE_FIELDS, TABLES, Column, Table
from popmap.register.settings import Settings
from popmap.store import Store

_WINDOW_ROWS = 100_000


def stated_rows(store: Store, table: Table, *, internal: bool = True) -> Iterator[pa.Table]:
    """Yield a table's rows in their order, some thousand at a time: text cells, list cells joined by `;`, null for not stated.

    Args:
        store: The register.
        table: Which table.
        internal: Whether what is kept from outsiders is among them: internal columns, the columns the model does not know (nobody can say
            what is in them), and evidence about either.
    """
    columns = [column for column in table.columns if internal or not column.internal]
    extra = _extra(store, table) if internal else []
    cells = [cell(table, column) for column in columns]
    cells += [f"extra[$extra_{at}]" for at in range(len(extra))]
    names = [*(column.name for column in columns), *extra]
    values = {f"extra_{at}": name for at, name in enumerate(extra)}
    shown = "true" if internal or table is not EVIDENCE else _about_public_cells()
    last = store.query(f"SELECT coalesce(max(row_no), 0) FROM {table.name}")[0][0]
    for low in range(0, last + 1, _WINDOW_ROWS):
        sql = f"SELECT {', '.join(cells)} FROM {table.name} WHERE row_no >= $low AND row_no < $high AND {shown} ORDER BY row_no"
        part = store.arrow(sql, {"low": low, "high": low + _WINDOW_ROWS} | values)
        yield part.rename_columns(names)


def cell(table: Table, column: Column) -> str:
    """Return the SQL of a column's cells as text: list cells joined by `;`, NULL for not stated."""
    many = column.many and table.name != "flows"
    return f"array_to_string(\"{column.name}\", '{LIST_SEPARATOR}')" if many else f'"{column.name}"::VARCHAR'


def stated_table(store: Store, table: Table, *, internal: bool = True) -> pa.Table:
    """Return all of a table's rows at once; see `stated_rows`."""
    return pa.concat_tables(stated_rows(store, table, internal=internal), promote_options="default")


def stated_tables(store: Store, *, internal: bool = True) -> dict[str, pa.Table]:
    """Return every table of a register by its name; see `stated_rows`."""
    return {table.name: stated_table(store, table, internal=internal) for table in TABLES}


def stated_settings(settings: Settings) -> dict[str, str]:
    """Return what register.toml says, each by a name people read."""
    said = {"title": settings.title, "joint controllers": "; ".join(settings.joint_controllers)}
    for name in ("organisation", "representative", "data_protection_officer"):
        said |= {f"{name} {key}": value for key, value in getattr(settings, name).items()}
    said["review period in days"] = str(settings.review_days)
    said["objection period in days"] = "" if settings.objection_days is None else str(settings.objection_days)
    for source in settings.sources:
        said |= {f"source {source['id']} {key}": source[key] for key in SOURCE_FIELDS if key != "id"}
    return said


def _extra(store: Store, table: Table) -> list[str]:
    stated = f"SELECT DISTINCT unnest(map_keys(extra)) FROM {table.name} WHERE extra IS NOT NULL ORDER BY 1"
    return [name for (name,) in store.query(stated)]


def _about_public_cells() -> str:
    public = [f"('{table.name}', '{column.name}')" for table in TABLES for column in table.columns if not column.internal]
    return f'("column" IS NULL OR ("table", "column") IN ({", ".join(public)}))'
