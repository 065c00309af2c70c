"""Several PNG pictures below each other as one, so that a large one need not be drawn at once (ISO/IEC 15948, PNG third edition)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

_MAGIC = b"\x89PNG\r\n\x1a\n"
# Eight bits for each of red, green, blue and opacity, no interlacing: what typst writes.
_KIND = bytes((8, 6, 0, 0, 0))
_PIXEL = 4
_NONE, _SUB, _UP, _AVERAGE, _PAETH = range(5)
_LEVEL = 3
# What stands around the deflated bytes in gzip (RFC 1952).
_HEAD, _TAIL = 10, 8


def stacked(pictures: Iterable[bytes], width: int, height: int) -> Iterator[bytes]:
    """Yield pictures of one width as one in pieces, the first on top.

    Args:
        pictures: PNG files of typst's, at least one.
        width: How many pixels each of them is wide.
        height: How many they are high together.

    Raises:
        ValueError: They are of another kind or size.
    """
    content = list(_deflated(pictures, width, height))
    yield _MAGIC
    yield from _chunk(b"IHDR", [struct.pack(">II", width, height) + _KIND])
    yield from _chunk(b"IDAT", content)
    yield from _chunk(b"IEND", [])


def _deflated(pictures: Iterable[bytes], width: int, height: int) -> Iterator[bytes | memoryview]:
    """Yield the rows of pictures as zlib packs them (RFC 1950)."""
    rows = bytearray(height * (1 + width * _PIXEL))
    at = 0
    for picture in pictures:
        content = _rows(picture, width)
        if at + len(content) > len(rows):
            raise ValueError("the pictures are higher than they should be")
        rows[at : at + len(content)] = content
        _alone(rows, at, width)
        at += len(content)
    if at != len(rows):
        raise ValueError("the pictures are lower than they should be")
    # In one go, by the library that popmap pins: another one's bytes differ from machine to machine.
    packed = pa.Codec("gzip", compression_level=_LEVEL).compress(rows, asbytes=True)
    yield b"\x78\x5e"
    yield memoryview(packed)[_HEAD:-_TAIL]
    yield struct.pack(">I", zlib.adler32(rows))


def _rows(picture: bytes, width: int) -> bytes:
    """Return a picture's rows, each behind the number of its filter."""
    chunks = list(_chunks(picture))
    head = next((content for name, content in chunks if name == b"IHDR"), b"")
    if picture[: len(_MAGIC)] != _MAGIC or head[:4] != struct.pack(">I", width) or head[8:] != _KIND:
        raise ValueError("a picture of another kind or width")
    return zlib.decompress(b"".join(content for name, content in chunks if name == b"IDAT"))


def _alone(rows: bytearray, at: int, width: int) -> None:
    """Filter a row anew that was a picture's first, so that it says the same below another: there was nothing above it."""
    kind = rows[at]
    if kind in (_NONE, _SUB):
        return
    if kind == _AVERAGE:
        for place in range(at + 1 + _PIXEL, at + 1 + width * _PIXEL):
            rows[place] = (rows[place] + rows[place - _PIXEL] // 2) & 0xFF
    # Without a row above, Up says nothing, and Paeth looks to the left as Sub does.
    rows[at] = _SUB if kind == _PAETH else _NONE


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_MAGIC)
    while at + 12 <= len(picture):
        (size,) = struct.unpack_from(">I", picture, at)
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + size]
        at += 12 + size


def _chunk(name: bytes, content: Sequence[bytes | memoryview]) -> Iterator[bytes]:
    yield struct.pack(">I", sum(map(len, content)))
    crc = 0
    for piece in (name, *content):
        crc = zlib.crc32(piece, crc)
        yield bytes(piece)
    yield struct.pack(">I", crc)
