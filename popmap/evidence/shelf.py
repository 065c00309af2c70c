"""Where finished files wait: in one temporary file, without a name where the system can do that, so that nothing is ever left of it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import weakref
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from popmap.errors import PopmapError
from popmap.evidence.manifest import Sum

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Place:
    """A content that was put down.

    Attributes:
        start: Where it begins on the shelf.
        sum: Its SHA-256 and size.
        crc: Its CRC-32.
    """

    start: int
    sum: Sum
    crc: int


class Shelf:
    """Contents on disk instead of in memory; they go with the shelf. One thread puts down and reads."""

    def __init__(self) -> None:
        """Make an empty shelf."""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it is open as long as there is a shelf
        self._end = 0
        self._gone = weakref.finalize(self, _let_go, self._file)

    def put(self, content: bytes | Iterable[bytes]) -> Place:
        """Put a content down.

        Args:
            content: All of it, or its pieces in order.

        Raises:
            PopmapError: The disk is full.
        """
        start, crc, digest = self._end, 0, hashlib.sha256()
        for piece in (content,) if isinstance(content, bytes) else content:
            self._write(piece)
            self._end += len(piece)
            crc = zlib.crc32(piece, crc)
            digest.update(piece)
        self._write(b"")
        return Place(start, Sum(digest.hexdigest(), self._end - start), crc)

    def _write(self, piece: bytes) -> None:
        """Write a piece; nothing at all sends what waits in memory to the disk, so that no later reader hears that there is no room."""
        try:
            self._file.write(piece) if piece else self._file.flush()
        except OSError as error:
            raise PopmapError(f"The temporary folder cannot hold the pack: {error.strerror or error}.", "Make room there.") from error

    def read(self, place: Place) -> bytes:
        """Return a content."""
        return b"".join(self.pieces(place))

    def pieces(self, place: Place) -> Iterator[bytes]:
        """Yield a content in pieces of at most a megabyte."""
        at, end = place.start, place.start + place.sum.size
        while at < end:
            # Others may read or put down between two pieces.
            self._file.seek(at)
            piece = self._file.read(min(_PIECE, end - at))
            if not piece:
                raise PopmapError("The temporary folder has lost a part of the pack.", "Make it again.")
            self._file.seek(0, os.SEEK_END)
            at += len(piece)
            yield piece

    def close(self) -> None:
        """Let go of everything on it."""
        self._gone()


def _let_go(file: IO[bytes]) -> None:
    # What a full disk did not take is not wanted any more.
    with contextlib.suppress(OSError):
        file.close()


@dataclass(frozen=True, slots=True, eq=False)
class Kept(Mapping[str, bytes]):
    """Files by their names whose contents are on a shelf, and read when they are asked for.

    Attributes:
        shelf: Where they are.
        places: Each file's place, in the order of the files.
    """

    shelf: Shelf
    places: Mapping[str, Place]

    def __getitem__(self, name: str) -> bytes:
        return self.shelf.read(self.places[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)
