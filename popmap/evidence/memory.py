"""What is free is given back: libraries keep memory they have used, each for itself, until others need it and cannot have it."""

from __future__ import annotations

import contextlib
import ctypes
import gc
from collections.abc import Generator

import pyarrow as pa

# New objects between two looks for cycles, and looks between those at older ones.
_RARELY = (50_000, 20, 50)
# M_ARENA_MAX of the GNU C library's mallopt; others have no such call, or do nothing.
_ARENA_MAX = -8


@contextlib.contextmanager
def thrifty() -> Generator[None]:
    """Work on many rows with little memory and time while this context lasts.

    Tables are taken from the C library, which gives back what is free; Arrow's own pool keeps much of it. Rows are lists of lists without
    cycles, which Python would look through for cycles again and again.
    """
    # Threads share one heap: what each kept in its own would be free and yet not to be had.
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
    usual, often = pa.default_memory_pool(), gc.get_threshold()
    pa.set_memory_pool(pa.system_memory_pool())
    gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*often)
        pa.set_memory_pool(usual)


def give_back() -> None:
    """Give memory that nothing uses back to the system, between two tasks that take much."""
    # The C library of Linux keeps what is free; other systems have no such call.
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
