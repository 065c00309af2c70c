"""What all tests share: a Hypothesis profile that gives every run the same examples, and no example database on disk."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from popmap import opened as kept

# Opening a register takes a good part of a second, so properties of whole registers state their own, smaller number of examples.
settings.register_profile(
    "popmap", deadline=None, derandomize=True, database=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("popmap")


def pytest_collection_finish() -> None:
    """Spare the collector the modules and some thousand tests, which stay to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _no_look_at_every_object() -> Iterator[None]:
    """Opening a register has the collector look through all objects once, which spares a server's readers waiting for it.

    Beside the objects of a test run that look costs as much as the register, at each of a thousand registers; servers that tests start
    do it as always.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "_settle", lambda: None)
        yield
