"""Between NumPy, lists and Arrow without a copy where there need be none.

pyarrow's own conversions import pandas when they are first used, which takes longer than reading a small register.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Numbers = np.ndarray[Any, Any]


def numbers(values: Numbers) -> pa.Array:
    """Return numbers or booleans as an Arrow array."""
    if values.dtype == bool:
        return pa.Array.from_buffers(pa.bool_(), len(values), [None, pa.py_buffer(np.packbits(values, bitorder="little"))])
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [None, pa.py_buffer(np.ascontiguousarray(values))])


def texts(values: Sequence[str | None]) -> pa.Array:
    """Return texts as an Arrow array; None is null."""
    parts = [value.encode() if value is not None else b"" for value in values]
    offsets = np.zeros(len(parts) + 1, np.int32)
    np.cumsum([len(part) for part in parts], out=offsets[1:])
    valid = numbers(np.array([value is not None for value in values], bool)).buffers()[1]
    return pa.Array.from_buffers(pa.string(), len(parts), [valid, pa.py_buffer(offsets), pa.py_buffer(b"".join(parts))])


def numpy(array: pa.Array | pa.ChunkedArray, null: int = 0) -> Numbers:
    """Return whole numbers or booleans as a NumPy array, null as the number given."""
    pieces = array.chunks if isinstance(array, pa.ChunkedArray) else [array]
    if len(pieces) == 1:
        return _numpy(pieces[0], null)
    kind = bool if array.type == pa.bool_() else np.dtype(str(array.type))
    return np.concatenate([np.empty(0, kind), *(_numpy(piece, null) for piece in pieces)])


def _numpy(array: pa.Array, null: int) -> Numbers:
    values = array.buffers()[1] or b""
    if array.type == pa.bool_():
        flat = np.unpackbits(np.frombuffer(values, np.uint8), bitorder="little")[array.offset : array.offset + len(array)].astype(bool)
    else:
        flat = np.frombuffer(values, np.dtype(str(array.type)))[array.offset : array.offset + len(array)]
    if not array.null_count:
        return flat
    valid = _numpy(array.is_valid(), 0)
    if flat.dtype == bool:
        return np.where(valid, flat, bool(null))
    # All bits where there is a number and none where there is not: several times faster than choosing between two.
    mask = np.negative(valid.astype(flat.dtype))
    return (flat & mask) | (np.array(null, flat.dtype) & ~mask)


def lengths(values: pa.Array) -> Numbers:
    """Return how many bytes of UTF-8 each text has."""
    return np.diff(np.frombuffer(values.buffers()[1], np.int32)[values.offset : values.offset + len(values) + 1])


def in_order(values: pa.Array) -> Numbers:
    """Return the places of texts in the order of their code points."""
    return numpy(pc.call_function("array_sort_indices", [values]))


def found(values: pa.Array, among: pa.Array) -> Numbers:
    """Return the place of each text among others, -1 for one that is not there."""
    return numpy(pc.call_function("index_in", [values], pc.SetLookupOptions(value_set=among)), -1)


def matching(values: pa.Array, pattern: str) -> Numbers:
    r"""Return whether each text has a part that matches a regular expression (RE2; `\A` and `\z` make it the whole text)."""
    return numpy(pc.call_function("match_substring_regex", [values], pc.MatchSubstringOptions(pattern)))


def trimmed(values: pa.Array) -> pa.Array:
    """Return texts without the blanks around them, null where nothing else is left."""
    bare = pc.call_function("utf8_trim", [values], pc.TrimOptions(" "))
    return pc.call_function("if_else", [numbers(lengths(bare) > 0), bare, pa.nulls(1, pa.string())[0]])


def joined(lists: pa.ListArray, separator: str) -> pa.Array:
    """Return lists of texts as texts; a list with an empty item becomes null as a whole."""
    return pc.call_function("binary_join", [lists, texts([separator])[0]])


def replaced(values: pa.Array, better: dict[int, str | None]) -> pa.Array:
    """Return texts with some replaced, given by their places."""
    mask = np.zeros(len(values), bool)
    mask[list(better)] = True
    return pc.call_function("replace_with_mask", [values, numbers(mask), texts([better[place] for place in sorted(better)])])
