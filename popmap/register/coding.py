"""Columns as codes: each distinct text once, in order, and for each row the number of its text.

A million rows have few thousand texts, so what is done to texts costs little and what is done to rows is done to numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from popmap.register import arrow
from popmap.register.arrow import Numbers
from popmap.register.schema import ROW_ID_SEPARATOR, Table

# What the database makes of a table in parallel is pieces of this many rows.
PIECE_ROWS = 122_880
_DICTIONARY = pa.dictionary(pa.int32(), pa.string())
_WORD_BITS = 63


@dataclass(frozen=True, slots=True)
class Raw:
    """A column as its file states it.

    Attributes:
        values: The distinct cells, each used by a row, in no particular order.
        codes: For each row the place of its cell in values, -1 for an empty one.
    """

    values: pa.Array
    codes: Numbers


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of canonical cells.

    Attributes:
        values: The distinct texts, in the order of their code points; after rows were left out, some may be in no row.
        codes: For each row the place of its text in values, counted from 1; 0 for not stated.
    """

    values: pa.Array
    codes: Numbers

    def rows(self, places: Numbers) -> list[str]:
        """Return the texts of some rows by their places, "" for not stated."""
        return [text or "" for text in self._entries().take(arrow.numbers(self.codes[places])).to_pylist()]

    def arrow(self) -> pa.Array:
        """Return the column as a dictionary array."""
        return pa.DictionaryArray.from_arrays(arrow.numbers(self.codes), self._entries())

    def _entries(self) -> pa.Array:
        # Not stated is an entry like any other, which spares a mask.
        return pa.concat_arrays([pa.nulls(1, pa.string()), self.values])


@dataclass(frozen=True, slots=True)
class Cells:
    """A table's usable cells.

    Attributes:
        table: The table.
        rows: Each row's number as a spreadsheet shows it.
        columns: The columns of the model, all of them, by name.
        extra: The stated columns the model does not know, by name.
    """

    table: Table
    rows: Numbers
    columns: Mapping[str, Coded]
    extra: Mapping[str, Coded]

    @property
    def key(self) -> tuple[Coded, ...]:
        """Return the columns of the table's key."""
        return tuple(self.columns[name] for name in self.table.key)

    def kept(self, keep: Numbers) -> Cells:
        """Return the rows for which keep is true."""
        if keep.all():
            return self
        columns, extra = (
            {name: replace(column, codes=column.codes[keep]) for name, column in some.items()} for some in (self.columns, self.extra)
        )
        return replace(self, rows=self.rows[keep], columns=columns, extra=extra)

    def row_ids(self, places: Numbers) -> list[str]:
        """Return the row ids of some rows by their places: the key's cells, joined."""
        return [ROW_ID_SEPARATOR.join(texts) for texts in zip(*(column.rows(places) for column in self.key), strict=True)]


@dataclass(frozen=True, slots=True)
class Order:
    """Rows in the order of some columns.

    Attributes:
        places: The rows' places in that order; of rows that are the same in these columns, the earlier one first.
        words: What these columns state, as one comparable word for each row, in that order.
        widths: How many bits of a word each column takes; empty when words are bytes.
    """

    places: Numbers
    words: Numbers
    widths: tuple[int, ...]

    @property
    def same(self) -> Numbers:
        """Return for each row but the first whether it states the same as the one before it."""
        return self.words[1:] == self.words[:-1]

    def kept(self, keep: Numbers) -> Order:
        """Return the order of the rows for which keep, by place, is true."""
        if keep.all():
            return self
        staying = keep[self.places]
        return replace(self, places=(np.cumsum(keep) - 1)[self.places[staying]], words=self.words[staying])

    def find(self, codes: Sequence[Numbers]) -> Numbers:
        """Return the place of the row that has these codes in the order's columns, -1 where there is none."""
        if not len(self.words):
            return np.full(len(codes[0]), -1)
        wanted = _words(codes, self.widths)
        at = np.minimum(np.searchsorted(self.words, wanted), len(self.words) - 1)
        return np.where(self.words[at] == wanted, self.places[at], -1)


def gathered(pieces: Iterable[pa.Array]) -> Raw:
    """Return a column from its pieces, dictionary-coded texts."""
    whole = pa.chunked_array(pieces, _DICTIONARY).unify_dictionaries()
    if not whole.num_chunks:
        return Raw(arrow.texts([]), np.empty(0, np.int32))
    values = whole.chunk(0).dictionary
    codes = np.concatenate([arrow.numpy(piece.indices, -1) for piece in whole.chunks])
    used = np.zeros(len(values) + 1, bool)
    used[codes] = True
    if not used[:-1].all():
        # A Parquet file may list texts that none of its rows has.
        places = np.append(np.cumsum(used[:-1], dtype=np.int32) - 1, np.int32(-1))
        values, codes = values.filter(arrow.numbers(used[:-1])), places[codes]
    return Raw(values, codes)


def coded(raw: Raw, texts: pa.Array) -> Coded:
    """Return a column whose raw values stand for these texts, null for not stated; several may stand for the same."""
    encoded = texts.dictionary_encode()
    order = arrow.in_order(encoded.dictionary)
    ranks = np.empty(len(order), np.uint32)
    ranks[order] = np.arange(1, len(order) + 1)
    kind = np.min_scalar_type(len(order))
    # The place after the last raw value is that of empty cells.
    numbers = np.zeros(len(texts) + 1, kind)
    numbers[:-1][arrow.numpy(texts.is_valid())] = ranks[arrow.numpy(encoded.indices.drop_null())]
    return Coded(encoded.dictionary.take(arrow.numbers(order)), numbers[raw.codes])


def empty(rows: int) -> Coded:
    """Return a column in which nothing is stated."""
    return Coded(arrow.texts([]), np.zeros(rows, np.uint8))


def ordered(columns: Sequence[Coded], rows: int) -> Order:
    """Return the order of some columns' rows."""
    codes = [column.codes for column in columns]
    widths = tuple(len(column.values).bit_length() for column in columns)
    place_bits = rows.bit_length()
    if sum(widths) + place_bits <= _WORD_BITS:
        # With its place behind it every word is unique, and sorting numbers is several times faster than sorting places by them.
        words = (_words(codes, widths) << place_bits) | np.arange(rows)
        words.sort()
        return Order(words & ((1 << place_bits) - 1), words >> place_bits, widths)
    widths = widths if sum(widths) <= _WORD_BITS else ()
    words = _words(codes, widths)
    places = np.argsort(words, kind="stable")
    return Order(places, words[places], widths)


def _words(codes: Sequence[Numbers], widths: tuple[int, ...]) -> Numbers:
    """Return codes of several columns as one number or, without widths, as bytes; either compares as the codes do one after the other."""
    if not widths:
        return np.stack([part.astype(">u4") for part in codes], axis=1).view(f"S{4 * len(codes)}").ravel()
    words = np.zeros(len(codes[0]), np.int64)
    for part, width in zip(codes, widths, strict=True):
        words <<= width
        words |= part.astype(np.int64)
    return words
