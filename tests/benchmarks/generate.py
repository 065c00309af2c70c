"""Made-up registers of any size, the same bytes for the same seed.

    python -m tests.benchmarks.generate FOLDER --flows 1000000 --format parquet --seed 7

Every value is drawn from a hash of the seed, the column and the row, so that no library's random numbers decide what is measured.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from popmap.register.schema import FLOWS, LEGAL_BASES, ROW_ID_SEPARATOR
from tests.benchmarks import words
from tests.benchmarks.dice import Numbers, chosen, picked, rolled, shares
from tests.benchmarks.plan import Plan, Size, pairs_and_purposes, plan_flows
from tests.benchmarks.results import show
from tests.benchmarks.tables import EVIDENCE_SCHEMA, SOURCE, Names, as_csv, name_all, write_small

BLOCK_ROWS = 1_000_000
# DuckDB reads one group of rows per thread; this is its own size for them.
GROUP_ROWS = 122_880
# Shares of flows that state a legal basis, in the order of LEGAL_BASES; what is left states none.
_BASES = (0.1, 0.35, 0.08, 0.01, 0.02, 0.2)
_MECHANISMS = ("standard-contractual-clauses", "data-privacy-framework", "adequacy", "binding-corporate-rules", "derogation", "none")
_MECHANISM_SHARES = (0.35, 0.15, 0.1, 0.04, 0.02, 0.04)
_TICKETS = 10_000_000


def generate(
    folder: Path,
    flows: int,
    *,
    categories: int | None = None,
    vendors: int | None = None,
    form: str = "csv",
    seed: int = 7,
    evidence: float = 0.02,
) -> Size:
    """Write a made-up register: valid, with blanks, gaps, companies, sections and evidence as a real one has.

    Args:
        folder: Where to write; made when it is not there, files of the same name are replaced.
        flows: Rows of flows, at least 1.
        categories: Categories of personal data; by default 3 to 40, growing with the flows.
        vendors: Vendors; by default about 4 x flows ** 0.4.
        form: "csv" or "parquet".
        seed: Another number gives another register.
        evidence: The share of flows that has an evidence row, 0 to 1.

    Returns:
        What was written.

    Raises:
        ValueError: For a size below 1 or an unknown format.
    """
    asked = (flows, *(number for number in (categories, vendors) if number is not None))
    if min(asked) < 1 or form not in ("csv", "parquet"):
        raise ValueError("A register has at least one flow, category and vendor, and is csv or parquet.")
    size = Size(flows, categories or min(40, max(3, flows // 5)), vendors or max(4, round(4 * flows**0.4)), evidence)
    folder.mkdir(parents=True, exist_ok=True)
    names = name_all(size.categories, size.vendors, seed)
    proof = _write_flows(folder / "flows.parquet", size, names, seed)
    write_small(folder, names, proof, seed)
    if form == "csv":
        as_csv(folder)
    return size


def _write_flows(path: Path, size: Size, names: Names, seed: int) -> pa.Table:
    """Write flows and return the evidence rows about them."""
    plan = plan_flows(size, seed)
    kinds = {column.name: pa.list_(pa.string()) if column.many else pa.string() for column in FLOWS.columns}
    proof = []
    with pq.ParquetWriter(path, pa.schema(kinds.items()), compression="zstd") as writer:
        for start in range(0, size.flows, BLOCK_ROWS):
            rows = np.arange(start, min(start + BLOCK_ROWS, size.flows), dtype=np.uint64)
            block = _block(rows, plan, size, names, seed)
            proof.append(_evidence(rows, block, size.evidence, seed))
            table = pa.table({name: _plain(block[name], kind) for name, kind in kinds.items()})
            writer.write_table(table, row_group_size=GROUP_ROWS)
    return pa.concat_tables(proof)


def _block(rows: Numbers, plan: Plan, size: Size, names: Names, seed: int) -> dict[str, pa.Array]:
    """Return the flows of these rows, each column dictionary-coded."""
    pair, purpose = pairs_and_purposes(rows, plan, seed)
    context = rolled(pair, seed, "context") % np.uint64(plan.contexts)
    vendor = pair % np.uint64(size.vendors)
    place = np.where(shares(rows, seed, "moved") < 0.15, rolled(rows, seed, "place"), rolled(vendor, seed, "place")) % np.uint64(
        len(names.places)
    )
    no_place = shares(vendor, seed, "no place") < 0.25
    abroad = ~no_place & np.array(names.abroad)[place.astype(np.int64)]
    mechanism = chosen(shares(rows, seed, "mechanism"), _MECHANISM_SHARES)
    mechanism[~abroad] = -1
    days = rolled(rows, seed, "checked").astype(np.int64) % len(words.DAYS)
    texts = [None if not at else f"{words.purpose(at)}{words.CONTEXTS[of]}" for at in range(plan.purposes) for of in range(plan.contexts)]
    return {
        "category_id": picked(pair // np.uint64(size.vendors), names.categories),
        "vendor_id": picked(vendor, names.vendors),
        "purpose": picked(purpose * np.uint64(plan.contexts) + context, texts),
        "data_use": picked(rolled(purpose, seed, "use") % np.uint64(len(names.uses)), names.uses, shares(purpose, seed, "no use") < 0.15),
        "legal_basis": picked(chosen(shares(rows, seed, "basis"), _BASES), LEGAL_BASES),
        "condition": picked(
            rolled(rows, seed, "which") % np.uint64(len(words.CONDITIONS)), words.CONDITIONS, shares(rows, seed, "if") > 0.08
        ),
        "locations": picked(place, names.places, no_place),
        "transfer_mechanism": picked(mechanism, _MECHANISMS),
        "transfer_checked_on": picked(days, words.DAYS, (mechanism < 0) | (shares(rows, seed, "unchecked") < 0.3)),
        "retention_period": picked(
            rolled(rows, seed, "kept") % np.uint64(len(words.PERIODS)), words.PERIODS, shares(rows, seed, "keep") < 0.4
        ),
        "notes": _notes(rows, seed),
    }


def _notes(rows: Numbers, seed: int) -> pa.Array:
    """Return remarks for a few rows, nearly every one another text: no column of a real register is all repetition."""
    tickets = rolled(rows, seed, "ticket") % np.uint64(_TICKETS)
    noted = np.flatnonzero(shares(rows, seed, "note") < 0.02)
    values = [f"See request {tickets[at]}" for at in noted]
    codes = np.full(len(rows), -1)
    codes[noted] = np.arange(len(noted))
    return picked(codes, values or ["-"])


def _plain(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if kind == pa.string():
        return column.cast(kind)
    return pa.array([value.split(";") for value in column.dictionary.to_pylist()], kind).take(column.indices)


def _evidence(rows: Numbers, block: dict[str, pa.Array], share: float, seed: int) -> pa.Table:
    """Return evidence for a share of flows: the words that say the flow exists."""
    at = np.flatnonzero(shares(rows, seed, "evidence") < share)
    some = rows[at]
    category, vendor, purpose = (block[name].take(pa.array(at)).cast(pa.string()) for name in FLOWS.key)
    keys = zip(category.to_pylist(), vendor.to_pylist(), purpose.to_pylist(), strict=True)
    status = chosen(shares(some, seed, "status"), (0.8, 0.15, 0.05))
    confirmed = status != 2
    count = len(at)
    columns = {
        "table": pa.array(["flows"] * count, pa.string()),
        "row_id": pa.array([ROW_ID_SEPARATOR.join((*first, last or "")) for *first, last in keys], pa.string()),
        "column": pa.array(["purpose"] * count, pa.string()),
        "status": picked(status, ("stated", "inferred", "confirmed")).cast(pa.string()),
        "source_id": pa.array([SOURCE] * count, pa.string()),
        "locator": pa.array([f"line {row % 5_000 + 1}" for row in some.tolist()], pa.string()),
        "quote": purpose,
        "checked_by": picked(rolled(some, seed, "by") % np.uint64(len(words.PEOPLE)), words.PEOPLE, confirmed).cast(pa.string()),
        "checked_on": picked(rolled(some, seed, "on") % np.uint64(len(words.DAYS)), words.DAYS, confirmed).cast(pa.string()),
    }
    return pa.table(columns, schema=EVIDENCE_SCHEMA)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write a register as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.generate", description="Write a made-up register.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--flows", type=int, required=True)
    parser.add_argument("--categories", type=int)
    parser.add_argument("--vendors", type=int)
    parser.add_argument("--format", choices=("csv", "parquet"), default="csv")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--evidence", type=float, default=0.02, help="share of flows with an evidence row")
    asked = parser.parse_args(arguments)
    size = generate(
        asked.folder,
        asked.flows,
        categories=asked.categories,
        vendors=asked.vendors,
        form=asked.format,
        seed=asked.seed,
        evidence=asked.evidence,
    )
    show(f"{asked.folder}: {size.flows:,} flows of {size.categories:,} categories to {size.vendors:,} vendors")


if __name__ == "__main__":
    main()
