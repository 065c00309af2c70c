"""A PDF file written object by object, so that none of them need be held (ISO 32000-1:2008, 7.5)."""

from __future__ import annotations

import hashlib


class Writer:
    """Writes a PDF's objects one after another, in whatever order, and knows where each of them is."""

    def __init__(self) -> None:
        self._at = 0
        self._places: dict[int, int] = {}
        self._mark = hashlib.sha256()

    def start(self) -> bytes:
        """Return the first line."""
        return self._said(b"%PDF-1.7\n%\x80\x80\x80\x80\n\n")

    def piece(self, number: int, content: bytes) -> bytes:
        """Return an object as it stands in the file."""
        self._places[number] = self._at
        return self._said(b"%d 0 obj\n%sendobj\n\n" % (number, content))

    def end(self, root: int, info: int) -> bytes:
        """Return what stands behind the objects: where each of them is, and which one to begin with."""
        table, mark, last = self._at, self._mark.hexdigest()[:32].encode(), max(self._places)
        lines = [b"%010d 00000 n\r\n" % self._places[at] if at in self._places else b"0000000000 65535 f\r\n" for at in range(last + 1)]
        return b"xref\n0 %d\n%strailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n" % (
            *(last + 1, b"".join(lines)),
            *(last + 1, root, info, mark, mark, table),
        )

    def _said(self, piece: bytes) -> bytes:
        self._at += len(piece)
        self._mark.update(piece)
        return piece
