"""Numbers that look drawn and are computed: SplitMix64 over the seed, a purpose and the row, many rows at a time."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

Numbers = np.ndarray[Any, Any]


def rolled(rows: Numbers, seed: int, what: str) -> Numbers:
    """Return a 64-bit number for each row, the same whenever seed, what and row are; SplitMix64 by Sebastiano Vigna (public domain)."""
    start = (zlib.crc32(what.encode()) * 0x9E3779B97F4A7C15 + seed * 0xD1342543DE82EF95) % 2**64
    mixed = rows.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(start)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def shares(rows: Numbers, seed: int, what: str) -> Numbers:
    """Return a number from 0 (inclusive) to 1 for each row; see `rolled`."""
    return (rolled(rows, seed, what) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def one(row: int, seed: int, what: str) -> int:
    """Return the 64-bit number of a single row; see `rolled`."""
    return int(rolled(np.array([row], dtype=np.uint64), seed, what)[0])


def chosen(share: Numbers, weights: Sequence[float]) -> Numbers:
    """Return for each share which of the weights it falls into, -1 for none of them."""
    at = np.searchsorted(np.cumsum(weights), share, side="right")
    return np.where(at < len(weights), at, -1)


def picked(at: Numbers, values: Sequence[str | None], blank: Numbers | None = None) -> pa.Array:
    """Return the values at these places as a dictionary-coded column; -1, None and what is blank are empty cells."""
    stated = [place for place, value in enumerate(values) if value is not None]
    codes = np.full(len(values) + 1, -1)
    codes[stated] = np.arange(len(stated))
    # The place after the last is empty, and -1 counts from the end.
    found = codes[at.astype(np.int64)]
    if blank is not None:
        found = np.where(blank, -1, found)
    return pa.DictionaryArray.from_arrays(
        pa.array(found.astype(np.int32), mask=found < 0), pa.array([values[place] for place in stated], pa.string())
    )
