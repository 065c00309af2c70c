"""A register's flows, vendors and categories as arrays of small numbers, and what follows from them: what every count is taken from.

A short query costs DuckDB more to plan than to answer, and a page asks a dozen of them for each filter. What follows from a filter is
therefore counted on these arrays; DuckDB keeps the words, and answers what needs them. `numbering.columns` makes them, once per register.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Numbers = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]

# How many combinations of stated and not stated cells a profile tells apart.
STATES = 16
PROVEN = 8
# More combinations of pair and profile than this are not counted in advance: it would take 40 MB and more, and be as long as the flows.
_MOST_BINS = 5_000_000


@dataclass(frozen=True)
class Coded:
    """One column of flows.

    Attributes:
        codes: For each flow, the place of its cell in `cells`; len(cells) where the cell is empty.
        cells: The values, each once; some may have no flow.
    """

    codes: Numbers
    cells: tuple[str, ...]

    @property
    def size(self) -> int:
        """Return how many codes there are, that of the empty cell included."""
        return len(self.cells) + 1

    @cached_property
    def places(self) -> dict[str | None, int]:
        """Return the code of each cell, None standing for the empty one."""
        return {None: len(self.cells)} | {cell: at for at, cell in enumerate(self.cells)}


@dataclass(frozen=True, eq=False)
class Ends:
    """The vendors or categories of a register in the order of their file, and last one that stands for a row there is none of.

    Attributes:
        keys: Each one's key; "" for the last.
        names: Each one's name, its key where it has none.
        codes: The code its flows carry; the empty cell's when it has none.
        places: Row in the file -> place here.
        search: What a search looks through, in lower case and without accents.
        rules: Numbers of the gap rules that hit it.
        cells: Column -> its cells, None for an empty one; of vendors: section, company and role.
        states: Fact -> whether it is stated.
    """

    keys: tuple[str, ...]
    names: tuple[str, ...]
    codes: Numbers
    places: Mapping[int, int]
    search: pa.StringArray
    rules: tuple[frozenset[int], ...]
    cells: Mapping[str, tuple[str | None, ...]]
    states: Mapping[str, Flags]

    @cached_property
    def known(self) -> Flags:
        """Return which of them exist: all but the last."""
        return np.arange(len(self.keys)) < len(self.keys) - 1

    def by_flow_code(self, size: int) -> Numbers:
        """Return a table from code to the place of the vendor or category that carries it; the empty cell's is the last."""
        table = np.full(size, len(self.keys) - 1, dtype=np.int64)
        coded = np.flatnonzero(self.codes < size - 1)
        table[self.codes[coded]] = coded
        return table

    def by_code(self, which: Flags, size: int) -> Flags:
        """Return a table from code to whether the vendor or category that carries it is one of those given."""
        table = np.zeros(size, dtype=bool)
        table[self.codes[which & self.known & (self.codes < size - 1)]] = True
        return table


@dataclass(frozen=True, slots=True)
class Rules:
    """The gap rules: each one's number by its code, and the bit of those about flows by number."""

    numbers: Mapping[str, int]
    bits: Mapping[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Cube:
    """Flows counted by pair and profile, once per register.

    Attributes:
        pairs: Each entry's pair (see `Columns.pairs`).
        profiles: Each entry's profile (see `Columns.profiles`).
        flows: How many flows each entry stands for.
    """

    pairs: Numbers
    profiles: Numbers
    flows: Numbers


@dataclass(frozen=True, eq=False)
class Columns:
    """Everything about a register that counting needs.

    Attributes:
        row_no: Each flow's row in the file, ascending.
        flows: Facet key ("country" for the list of countries as a whole) -> that column.
        gaps: For each flow, the place of its findings in `patterns`.
        patterns: Every combination of flow rules that occurs, as bits.
        countries: For each list of countries, which they are, in the order of flows["country"].cells.
        vendors: The vendors.
        categories: The categories.
        rules: The gap rules.
        purposes: What a search looks through, in the order of flows["purpose"].cells.
        findings: The findings not about flows by table, "vendors", "categories" and "" for any other: of each the rule's number, and its
            place among that table's rows (0 for any other).
    """

    row_no: Numbers
    flows: Mapping[str, Coded]
    gaps: Numbers
    patterns: Numbers
    countries: tuple[tuple[str, ...], ...]
    vendors: Ends
    categories: Ends
    rules: Rules
    purposes: pa.StringArray
    findings: Mapping[str, tuple[Numbers, Numbers]]

    @cached_property
    def bits(self) -> Numbers:
        """Return for each pattern (row) which flow rules (column, as in `rules.bits`) are in it, as 0 and 1."""
        shifts = np.array(list(self.rules.bits.values()), dtype=np.uint64)
        return ((self.patterns[:, None] >> shifts) & np.uint64(1)).astype(np.int64)

    @cached_property
    def profiles(self) -> Coded:
        """Return for each flow which of its cells are stated and which findings it has, as one number; `cells` is empty.

        A profile is its pattern's place x 16 + 1 when a purpose is stated + 2 for a legal basis + 4 for countries + 8 for evidence.
        """
        codes = self.gaps.astype(np.int32) * np.int32(STATES)
        for bit, key in enumerate(("purpose", "basis", "country")):
            codes += (self.flows[key].codes < len(self.flows[key].cells)).astype(np.int32) << bit
        proof = self.flows["evidence"]
        codes += (proof.codes != proof.places.get("none", -1)).astype(np.int32) * PROVEN
        return Coded(narrow(codes, len(self.patterns) * STATES), ())

    @cached_property
    def cube(self) -> Cube | None:
        """Return how many flows each pair has of each profile, None where there are too many combinations to count in advance."""
        size = len(self.patterns) * STATES
        bins = self.flows["category"].size * self.flows["vendor"].size * size
        if not len(self.row_no) or bins > _MOST_BINS:
            return None
        counts = np.bincount(self.pairs.astype(np.int64) * size + self.profiles.codes)
        used = np.flatnonzero(counts)
        return Cube(used // size, used % size, counts[used])

    @cached_property
    def pairs(self) -> Numbers:
        """Return a number for each flow's category and vendor: category code x number of vendor codes + vendor code."""
        return self.flows["category"].codes.astype(np.int32) * np.int32(self.flows["vendor"].size) + self.flows["vendor"].codes

    @cached_property
    def all_pairs(self) -> Numbers:
        """Return how many flows each category (row) and vendor (column) have in common, by their codes."""
        return self.by_pair(slice(None)).reshape(self.flows["category"].size, self.flows["vendor"].size)

    @cached_property
    def unproven(self) -> Numbers:
        """Return how many flows of each pair (see `pairs`) rest on no evidence."""
        proof = self.flows["evidence"]
        return self.by_pair(proof.codes == proof.places.get("none", -1))

    @cached_property
    def first(self) -> Numbers:
        """Return for each pair (see `pairs`) the row number of its first flow; of a pair without flows, anything."""
        first = np.empty(self.flows["category"].size * self.flows["vendor"].size, dtype=np.int64)
        # Of several flows of a pair the last one written stays, so they are written from the last to the first.
        first[self.pairs[::-1]] = self.row_no[::-1]
        return first

    def flagged(self, bits: int) -> Numbers:
        """Return how many flows of each pair (see `pairs`) have a finding of one of the rules whose bits are set."""
        return self.by_pair((self.patterns & np.uint64(bits) != 0)[self.gaps])

    def by_pair(self, flows: Flags | slice) -> Numbers:
        """Return how many of some flows each pair has."""
        return np.bincount(self.pairs[flows], minlength=self.flows["category"].size * self.flows["vendor"].size)

    def vendor_cells(self, column: str) -> Coded:
        """Return a column of vendors for each vendor code: `codes` has one entry per vendor code instead of per flow."""
        return self._by_vendor[column]

    @cached_property
    def _by_vendor(self) -> Mapping[str, Coded]:
        return {column: self._coded_vendors(cells) for column, cells in self.vendors.cells.items()}

    def _coded_vendors(self, stated: Sequence[str | None]) -> Coded:
        cells = tuple(sorted({cell for cell in stated if cell is not None}))
        places: dict[str | None, int] = {None: len(cells)} | {cell: at for at, cell in enumerate(cells)}
        codes = np.full(self.flows["vendor"].size, len(cells), dtype=np.int32)
        codes[self.vendors.codes[:-1]] = [places[cell] for cell in stated[:-1]]
        # Vendors without flows share the empty cell's code, which no flow has.
        codes[-1] = len(cells)
        return Coded(codes, cells)


def narrow(codes: Numbers, size: int) -> Numbers:
    """Return codes below `size` in as few bytes as they need."""
    return codes.astype(np.uint8 if size <= 1 << 8 else np.uint16 if size <= 1 << 16 else np.int32, copy=False)
