"""Some of a register's flows, and what is counted of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from popmap.columns import STATES, Columns, Flags, Numbers

# Rows looked at at a time when only the first few are wanted.
_STRETCH = 100_000


@dataclass(frozen=True, eq=False)
class Selection:
    """The flows behind a filter.

    Attributes:
        of: The register's arrays.
        chosen: Which flows, None for all of them or where `within` says it.
        within: Which pairs of category and vendor, when nothing else is asked of the flows; None otherwise.
    """

    of: Columns
    chosen: Flags | None = None
    within: Flags | None = None

    def __len__(self) -> int:
        """Return how many flows there are."""
        if self.chosen is None:
            return len(self.of.row_no) if self.within is None else int(self.pairs.sum())
        return len(self.rows if self.rows is not None else ())

    @cached_property
    def rows(self) -> Numbers | None:
        """Return their places, ascending; None for all of them."""
        if self.within is not None:
            return np.flatnonzero(self.within[self.of.pairs])
        return None if self.chosen is None else np.flatnonzero(self.chosen)

    def first(self, number: int) -> Numbers:
        """Return the places of the first flows; of a register of any size only its beginning is looked at, where that is enough."""
        if self.within is None or "rows" in self.__dict__:
            return np.arange(min(number, len(self))) if self.rows is None else self.rows[:number]
        found: list[Numbers] = []
        for start in range(0, len(self.of.row_no), _STRETCH):
            found.append(start + np.flatnonzero(self.within[self.of.pairs[start : start + _STRETCH]]))
            if sum(map(len, found)) >= number:
                break
        return np.concatenate([np.empty(0, dtype=np.int64), *found])[:number]

    def picked(self, values: Numbers) -> Numbers:
        """Return the entries of an array over all flows that belong to these."""
        return values if self.rows is None else values[self.rows]

    def counts(self, key: str) -> Numbers:
        """Return how many of these flows have each code of a column."""
        if key in ("category", "vendor"):
            return self.pairs.sum(axis=1 if key == "category" else 0)
        column = self.of.flows[key]
        return np.bincount(self.picked(column.codes), minlength=column.size)

    @cached_property
    def pairs(self) -> Numbers:
        """Return how many of these flows each category (row) and vendor (column) have in common, by their codes."""
        shape = (self.of.flows["category"].size, self.of.flows["vendor"].size)
        if self.within is not None:
            return self.of.all_pairs * self.within.reshape(shape)
        if self.rows is None:
            return self.of.all_pairs
        return np.bincount(self.picked(self.of.pairs), minlength=shape[0] * shape[1]).reshape(shape)

    @cached_property
    def profiles(self) -> Numbers:
        """Return how many of these flows have each profile (see `Columns.profiles`), a row for each combination of findings."""
        size, cube = len(self.of.patterns) * STATES, self.of.cube
        if cube is None or self.chosen is not None:
            counts = np.bincount(self.picked(self.of.profiles.codes), minlength=size)
        else:
            kept = slice(None) if self.within is None else self.within[cube.pairs]
            counts = np.bincount(cube.profiles[kept], weights=cube.flows[kept], minlength=size).astype(np.int64)
        return counts.reshape(-1, STATES)

    @property
    def patterns(self) -> Numbers:
        """Return how many of these flows have each combination of findings."""
        return self.profiles.sum(axis=1)

    def stating(self, bit: int) -> int:
        """Return how many of these flows state what a bit of `Columns.profiles` stands for."""
        return int(self.profiles[:, (np.arange(STATES) >> bit & 1).astype(bool)].sum())

    def with_bits(self, bits: int) -> int:
        """Return how many of these flows have a finding of one of the rules whose bits are set."""
        return int(self.patterns[(self.of.patterns & np.uint64(bits)) != 0].sum())
