"""Pairs of category and vendor: what depends on these two alone is counted once for each pair, not for each flow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from popmap.register import arrow
from popmap.register.arrow import Numbers
from popmap.register.coding import Cells, Coded
from popmap.register.states import EVIDENCE_STATES

# More combinations than this are told apart by sorting instead of counting into one bin each.
_MOST_BINS = 4_000_000


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of category and vendor that flows have.

    Attributes:
        category: Each pair's category.
        vendor: Each pair's vendor.
        places: For each flow the place of its pair.
    """

    category: Coded
    vendor: Coded
    places: Numbers

    def counted(self, evidence_status: Coded) -> pa.Table:
        """Return each pair with its flows, and how many of them rest on no evidence."""
        flows = np.bincount(self.places, minlength=len(self.category.codes)).astype(np.int32)
        bare = self.places[evidence_status.codes == EVIDENCE_STATES.index("none") + 1]
        unproven = np.bincount(bare, minlength=len(flows)).astype(np.int32)
        return pa.table(
            {
                "category_id": self.category.arrow(),
                "vendor_id": self.vendor.arrow(),
                "flows": arrow.numbers(flows),
                "unproven": arrow.numbers(unproven),
            }
        )

    def gaps(self, of_flows: Numbers) -> pa.Table:
        """Return the gaps any of each pair's flows has, given those of each flow."""
        gaps = np.zeros(len(self.category.codes), np.uint64)
        np.bitwise_or.at(gaps, self.places, of_flows)
        return pa.table({"gaps": arrow.numbers(gaps)})


def pairs(flows: Cells) -> Pairs:
    """Return the pairs of category and vendor of the flows."""
    category, vendor = flows.columns["category_id"], flows.columns["vendor_id"]
    width = len(vendor.values) + 1
    bins = (len(category.values) + 1) * width
    whole = category.codes.astype(np.int64) * width + vendor.codes
    if bins <= _MOST_BINS:
        used = np.flatnonzero(np.bincount(whole, minlength=bins))
        places = np.zeros(bins, np.int64)
        places[used] = np.arange(len(used))
        at = places[whole]
    else:
        used, at = np.unique(whole, return_inverse=True)
    categories, vendors = np.divmod(used.astype(np.int32 if bins < 1 << 31 else np.int64), width)
    return Pairs(Coded(category.values, categories), Coded(vendor.values, vendors), at)
