"""What is free is given back: libraries keep memory they have used, each for itself, until others need it and cannot have it."""

from __future__ import annotations

import contextlib
import ctypes

import pyarrow as pa


def give_back() -> None:
    """Give memory that nothing uses back to the system, between two tasks that take much."""
    pa.default_memory_pool().release_unused()
    # The C library of Linux keeps what is free; other systems have no such call.
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
