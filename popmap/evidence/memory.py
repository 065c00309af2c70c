"""What is free is given back: libraries keep memory they have used, each for itself, until others need it and cannot have it."""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Generator

import pyarrow as pa


@contextlib.contextmanager
def thrifty() -> Generator[None]:
    """Take the tables made in this context from the C library, which gives back what is free; Arrow's own pool keeps much of it."""
    usual = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(usual)


def give_back() -> None:
    """Give memory that nothing uses back to the system, between two tasks that take much."""
    # The C library of Linux keeps what is free; other systems have no such call.
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
