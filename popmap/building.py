"""Building what the store holds beside a register's own tables: settings, faults, derived columns, findings and small tables of facts.

The database is reached through a cursor; which database it is, and how it is closed to the outside, stays the store's business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from popmap import queries
from popmap.facets import facet_values
from popmap.filters import FACETS, Known
from popmap.register import arrow, loading
from popmap.register.arrow import Numbers
from popmap.register.coding import Coded
from popmap.register.creating import create, insert
from popmap.register.extracting import Cursor, path_literal
from popmap.register.loading import Loaded, load
from popmap.register.pairing import Pairs, pairs
from popmap.register.schema import TABLES
from popmap.register.states import flow_evidence, flow_states

REFERENCE = Path(__file__).resolve().parent.parent / "data" / "reference"
# Columns of flows whose type is asked for by name.
_CODED = ("category_id", "vendor_id", "purpose", "locations")
_GAPS_OF = "popmap_gaps_of"

Check = Callable[[Cursor, Path], Numbers | None]
"""Runs the gap rules: creates the tables rules and findings, and returns the flows' gaps by row number, None when no flow has any."""


@dataclass(frozen=True, slots=True)
class Built:
    """What building a register's tables found out.

    Attributes:
        loaded: The register as it was loaded.
        known: The filters' values.
        counts: Rows of each table.
    """

    loaded: Loaded
    known: Known
    counts: Mapping[str, int]


def build(cursor: Cursor, folder: Path, day: date, check: Check, harden: Callable[[int], None]) -> Built:
    """Build every table of a register in an empty database.

    Args:
        cursor: A cursor of the database, which may still read files.
        folder: The register folder.
        day: The day findings are judged on.
        check: Runs the gap rules.
        harden: Closes the database to the outside, given how many flows there are; called before the rules run.

    Raises:
        RegisterError: Nothing of the register can be read.
    """
    _run(cursor, "build_reference", folder=path_literal(REFERENCE)[1:-1])
    countries = frozenset(row[0] for row in cursor.execute("SELECT country FROM countries").fetchall())
    loaded = load(cursor, folder, countries)
    paired = _derive(cursor, loaded, day)
    # A register's own rules are a stranger's SQL: they run behind the same walls as everything after them.
    harden(len(loaded.flows.rows))
    gaps = check(cursor, folder)
    if gaps is None:
        gaps = np.zeros(int(loaded.flows.rows.max(initial=0)) + 1, np.uint64)
    _mark(cursor, gaps)
    cursor.register("pair_gaps", paired.gaps(gaps[loaded.flows.rows]))
    _run(cursor, "build_facts")
    cursor.unregister("pair_gaps")
    known = facet_values(cursor)
    cursor.unregister("flow_cells")
    counts = {table.name: cursor.execute(f"SELECT count(*) FROM {table.name}").fetchall()[0][0] for table in TABLES}
    return Built(loaded, known, counts)


def _derive(cursor: Cursor, loaded: Loaded, day: date) -> Pairs:
    settings = loaded.settings
    cursor.execute(
        "CREATE TABLE settings AS SELECT $title AS title, $organisation AS organisation, $review::INTEGER AS review_days, "
        "$objection::INTEGER AS objection_days, $day::DATE AS as_of, nullif($role, '') AS organisation_role, "
        "nullif($officer, '') AS officer_contact, nullif($notice, '') AS privacy_notice",
        {
            "title": settings.title,
            "organisation": settings.organisation.get("name", ""),
            "review": settings.review_days,
            "objection": settings.objection_days,
            "day": day,
            "role": settings.organisation.get("role", ""),
            "officer": settings.data_protection_officer.get("contact", ""),
            "notice": next((source["url"] for source in settings.notices), ""),
        },
    )
    cursor.execute(
        "CREATE TABLE faults (file VARCHAR, table_name VARCHAR, row_no INTEGER, column_name VARCHAR, value VARCHAR, code VARCHAR, "
        "severity VARCHAR, message VARCHAR, hint VARCHAR)"
    )
    insert(
        cursor,
        "faults",
        (
            (each.file, each.table, each.row, each.column, each.value, each.code, each.severity, each.message, each.hint)
            for each in loaded.faults
        ),
    )
    flows = loaded.flows
    derived = flow_states(cursor, flows, loaded.evidence, loaded.targets)
    create(cursor, flows, loading.MOST_DISTINCT, derived)
    for key in _CODED:
        if len(flows.columns[key].values) > loading.MOST_DISTINCT:
            # More distinct cells than are coded: plain text serves, only slower.
            cursor.execute(f"CREATE TYPE code_{key} AS VARCHAR")
    mine = flow_evidence(loaded.evidence, loaded.targets)
    links = {"evidence_row": loaded.evidence.rows[mine], "flow_row": flows.rows[loaded.targets[mine]]}
    cursor.register("flow_evidence", pa.table({name: arrow.numbers(rows) for name, rows in links.items()}))
    cursor.register("flow_cells", _cell_counts({**flows.columns, **derived}))
    counted = pairs(flows)
    cursor.register("pair_counts", counted.counted(derived["evidence_status"]))
    _run(cursor, "build_flows")
    cursor.unregister("flow_evidence")
    cursor.unregister("pair_counts")
    return counted


def _cell_counts(columns: Mapping[str, Coded]) -> pa.Table:
    """Return every cell of the columns that facets read, the empty one too, and how many flows have it."""
    # Categories and vendors are counted by pair.
    names = sorted({facet.column for facet in FACETS if facet.scope == "flow"} - {"category_id", "vendor_id"} | {"locations"})
    counts = {name: np.bincount(columns[name].codes, minlength=len(columns[name].values) + 1) for name in names}
    which = [(name, np.flatnonzero(counts[name])) for name in names]
    cells = [pa.concat_arrays([pa.nulls(1, pa.string()), columns[name].values]).take(arrow.numbers(codes)) for name, codes in which]
    return pa.table(
        {
            "column_name": arrow.texts([name for name, codes in which for _ in codes]),
            "cell": pa.concat_arrays(cells),
            "flows": arrow.numbers(np.concatenate([counts[name][codes] for name, codes in which])),
        }
    )


def _mark(cursor: Cursor, gaps: Numbers) -> None:
    """Write each flow's gaps beside its cells; only the new column is written, not the whole table again."""
    cursor.execute("ALTER TABLE flows ADD COLUMN gaps UTINYINT")
    cursor.create_function(_GAPS_OF, lambda rows: arrow.numbers(gaps[arrow.numpy(rows)]), ["INTEGER"], "UBIGINT", type="arrow")
    cursor.execute(f"ALTER TABLE flows ALTER COLUMN gaps SET DATA TYPE UBIGINT USING {_GAPS_OF}(row_no)")
    cursor.remove_function(_GAPS_OF)


def _run(cursor: Cursor, name: str, **texts: str) -> None:
    sql = queries.text(name)
    for key, text in texts.items():
        sql = sql.replace(f"{{{key}}}", text)
    cursor.execute(sql)
