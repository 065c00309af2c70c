"""Counting by pair of category and vendor, and reading columns side by side, give what doing it one by one gives."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from registers import loaded, with_flow, write

from popmap.register import arrow, parallel
from popmap.register.coding import Cells, Coded, empty
from popmap.register.pairing import pairs
from popmap.register.schema import BY_NAME
from popmap.register.states import EVIDENCE_STATES

FLOWS = BY_NAME["flows"]
NAMES = ("a", "b", "c")


def flows_of(rows: list[tuple[int, int]]) -> Cells:
    """Return flows with these codes of category and vendor, counted from 1."""
    columns = {column.name: empty(len(rows)) for column in FLOWS.columns}
    for at, name in enumerate(("category_id", "vendor_id")):
        columns[name] = Coded(arrow.texts(NAMES), np.array([row[at] for row in rows], np.uint8))
    return Cells(FLOWS, np.arange(2, len(rows) + 2, dtype=np.int32), columns, {})


CODES = st.integers(1, len(NAMES))


@pytest.mark.parametrize("bins", [0, 4_000_000], ids=["sorted", "counted"])
@given(rows=st.lists(st.tuples(CODES, CODES, st.integers(1, len(EVIDENCE_STATES)), st.integers(0, 2**64 - 1)), max_size=12))
def test_pairs_count_what_their_flows_say(bins: int, rows: list[tuple[int, int, int, int]]):
    """Each pair that occurs has its flows, those without evidence, and the bits any of them has, whichever way pairs are told apart."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("popmap.register.pairing._MOST_BINS", bins)
        found = pairs(flows_of([row[:2] for row in rows]))
    status = Coded(arrow.texts(EVIDENCE_STATES), np.array([row[2] for row in rows], np.uint8))
    counted = found.counted(status).to_pylist()
    gaps = found.gaps(np.array([row[3] for row in rows], np.uint64))["gaps"].to_pylist()
    names = [(NAMES[category - 1], NAMES[vendor - 1]) for category, vendor, *_ in rows]
    bare = Counter(name for name, row in zip(names, rows, strict=True) if row[2] == 1)
    bits: dict[tuple[str, str], int] = {}
    for name, row in zip(names, rows, strict=True):
        bits[name] = bits.get(name, 0) | row[3]
    wanted = {name: (number, bare[name], bits[name]) for name, number in Counter(names).items()}
    assert {
        (row["category_id"], row["vendor_id"]): (row["flows"], row["unproven"], gap) for row, gap in zip(counted, gaps, strict=True)
    } == wanted


@given(
    st.lists(st.none() | st.integers(0, 100)),
    st.sampled_from([pa.int8(), pa.int32(), pa.uint8(), pa.uint64()]),
    st.integers(0, 3),
    st.booleans(),
)
def test_numbers_without_nulls(values: list[int | None], kind: pa.DataType, start: int, minus: bool):
    """Null becomes the number asked for, in arrays of any kind and in slices of them."""
    null = -1 if minus and pa.types.is_signed_integer(kind) else 7
    array = pa.array(values, kind)[start:]
    assert arrow.numpy(array, null).tolist() == [null if value is None else value for value in values[start:]]


@pytest.mark.parametrize("many", [0, 50_000], ids=["side by side", "one by one"])
def test_columns_read_side_by_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int):
    """A Parquet file in several pieces, its columns read at once or in turn, holds what the same register as CSV holds."""
    monkeypatch.setattr(parallel, "_MANY_ROWS", many)
    tables = with_flow(purpose="=x; y", locations="FR; US", legal_basis="habit", notes=" padded ")
    plain = loaded(write(tmp_path / "csv", tables))
    folder = write(tmp_path / "parquet", tables, parquet=True)
    table = pq.read_table(folder / "flows.parquet")
    pq.write_table(table, folder / "flows.parquet", row_group_size=2)
    again = loaded(folder)
    assert again.fingerprint == plain.fingerprint
    assert [fault.code for fault in again.faults] == [fault.code for fault in plain.faults]
    assert table.num_rows == len(tables["flows"]) > 6


def test_side_by_side_keeps_order_and_failures():
    """Results come in the order of what they were made from, and a failure of one reaches the caller."""
    assert parallel.each(lambda number: number * 2, range(9), 1_000_000) == [number * 2 for number in range(9)]
    with pytest.raises(ZeroDivisionError):
        parallel.each(lambda number: 1 // number, range(3), 1_000_000)
