"""Which flows a made-up register has: how many each pair of category and vendor gets, and for which purposes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tests.benchmarks.dice import Numbers, rolled, shares

# How many of the (category, vendor) pairs a register uses, and how many of a pair's possible purposes.
_PAIRS, _PURPOSES = 0.35, 0.4


@dataclass(frozen=True, slots=True)
class Size:
    """How large a register is.

    Attributes:
        flows: Rows of flows.
        categories: Categories of personal data.
        vendors: Vendors.
        evidence: The share of flows that has an evidence row, 0 to 1.
    """

    flows: int
    categories: int
    vendors: int
    evidence: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Which flows there are.

    Attributes:
        pairs: The pairs that are used, as category number x vendors + vendor number.
        ends: For each of them, how many flows there are up to its last.
        purposes: How many purposes one pair can have, a prime number.
        contexts: How many variants the purposes come in, one for each pair.
    """

    pairs: Numbers
    ends: Numbers
    purposes: int
    contexts: int


def plan_flows(size: Size, seed: int) -> Plan:
    """Share the flows out among pairs: a few categories and vendors have most of them, as in life."""
    every = np.arange(size.categories * size.vendors, dtype=np.uint64)
    used = every[shares(every, seed, "pair") < _PAIRS]
    used = used if len(used) else every[:1]
    purposes = _next_prime(max(17, math.ceil(size.flows / len(used) / _PURPOSES)))
    rank_c, rank_v = used // np.uint64(size.vendors), used % np.uint64(size.vendors)
    weights = (0.2 + shares(used, seed, "weight")) / (rank_c.astype(float) + 3) / (rank_v.astype(float) + size.vendors / 8)
    rounding = shares(used, seed, "rounding")
    low, high = 0.0, 1.0
    while _counts(weights, rounding, high, purposes).sum() < size.flows:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if _counts(weights, rounding, middle, purposes).sum() >= size.flows else (middle, high)
    counts = _counts(weights, rounding, high, purposes)
    for _ in range(int(counts.sum()) - size.flows):
        counts[int(counts.argmax())] -= 1
    kept = counts > 0
    return Plan(used[kept], counts[kept].cumsum().astype(np.uint64), purposes, min(20, max(1, size.flows // 5_000)))


def _counts(weights: Numbers, rounding: Numbers, scale: float, most: int) -> Numbers:
    return np.minimum(np.floor(weights * scale + rounding), most).astype(np.int64)


def pairs_and_purposes(rows: Numbers, plan: Plan, seed: int) -> tuple[Numbers, Numbers]:
    """Return each row's pair and the number of its purpose; no two rows have both in common."""
    flows = int(plan.ends[-1])
    # Rows come in no order: a step that shares no factor with their number visits each once.
    position = (rows * np.uint64(_coprime(flows)) + np.uint64(seed)) % np.uint64(flows)
    at = np.searchsorted(plan.ends, position, side="right")
    pair = plan.pairs[at]
    within = position - np.where(at > 0, plan.ends[at - 1], np.uint64(0))
    # A prime number of purposes: any step visits each at most once.
    prime = np.uint64(plan.purposes)
    step = rolled(pair, seed, "step") % (prime - np.uint64(1)) + np.uint64(1)
    return pair, (rolled(pair, seed, "purpose") % prime + within * step) % prime


def _coprime(number: int) -> int:
    step = max(1, round(number * 0.6180339887))
    while math.gcd(step, number) != 1:
        step += 1
    return step


def _next_prime(number: int) -> int:
    while any(number % divisor == 0 for divisor in range(2, math.isqrt(number) + 1)):
        number += 1
    return number
