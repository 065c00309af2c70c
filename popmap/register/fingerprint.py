"""A register's fingerprint: SHA-256 over its content, whatever the form, the order of rows and the order of columns.

A table is put into one canonical form and that is hashed: how many rows, then for each column with a stated cell, in the order of their
names, its distinct texts in the order of their code points and each row's number among them (0 for not stated), the rows in the order of
these numbers. Every length stands before what it is the length of, so two different tables never have the same form.
"""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pyarrow as pa

from popmap.register import arrow
from popmap.register.arrow import Numbers
from popmap.register.coding import Cells, Coded, Order


def digest(cells: Cells, order: Order) -> str:
    """Return a table's SHA-256.

    Args:
        cells: The table.
        order: The order of its key's columns, or of all columns of a table without a key.
    """
    named = [("column", name, column) for name, column in sorted(cells.columns.items())]
    # A column the model does not know is another than a column of the model that has the same name in some other version.
    named += [("extra", name, column) for name, column in sorted(cells.extra.items())]
    stated = [(kind, name, column) for kind, name, column in named if len(column.values)]
    places = _settled(order, [column for _, _, column in stated])
    whole = hashlib.sha256()
    for part in (b"popmap table 2", str(len(cells.rows)).encode(), str(len(stated)).encode()):
        _add(whole, part)
    for kind, name, column in stated:
        _add(whole, json.dumps([kind, name, len(column.values)]).encode())
        _add(whole, arrow.lengths(column.values).astype("<u4").data)
        _add(whole, _text(column.values))
        _add(whole, column.codes[places].astype(column.codes.dtype.newbyteorder("<"), copy=False).data)
    return whole.hexdigest()


def fingerprint(digests: dict[str, str], settings: str) -> str:
    """Return the SHA-256 over all tables' digests and the canonical settings."""
    return hashlib.sha256("\n".join([*(f"{name} {mark}" for name, mark in sorted(digests.items())), settings]).encode()).hexdigest()


def _settled(order: Order, columns: list[Coded]) -> Numbers:
    """Return the order's places with rows that are the same in its columns ordered by all others, so that the file's order never counts."""
    same = order.same
    if not same.any():
        return order.places
    tied = np.append(same, False) | np.append(False, same)
    among = order.places[tied]
    places = order.places.copy()
    places[tied] = among[np.lexsort([*(column.codes[among] for column in reversed(columns)), order.words[tied]])]
    return places


def _text(values: pa.Array) -> memoryview:
    """Return an array's texts one after the other as bytes."""
    _, offsets, text = values.buffers()
    start, end = np.frombuffer(offsets, np.int32)[[values.offset, values.offset + len(values)]]
    return memoryview(text or b"")[start:end]


def _add(whole: hashlib._Hash, part: bytes | memoryview) -> None:
    view = memoryview(part).cast("B") if len(part) else memoryview(b"")
    whole.update(len(view).to_bytes(8, "little"))
    whole.update(view)
