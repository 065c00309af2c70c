"""What all tests share: a Hypothesis profile that gives every run the same examples, and no example database on disk."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# Opening a register takes a good part of a second, so properties of whole registers state their own, smaller number of examples.
settings.register_profile(
    "popmap", deadline=None, derandomize=True, database=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("popmap")
