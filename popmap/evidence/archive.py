"""The pack's outer form: a ZIP archive that is a function of names and contents alone, and what is read from one that may be damaged.

Files are stored and not deflated. Deflated bytes differ with the zlib on the machine, and the pack has to be the same on any; and nothing
that a stranger sends is ever inflated, so a small file cannot become a large one. The layout is that of PKWARE's APPNOTE 6.3.10.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

LARGEST = 1 << 30
MOST_ENTRIES = 20_000
LONGEST_NAME = 1_000

_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
# Version 2.0, names in UTF-8, stored, midnight of 1980-01-01: the first moment that the format can state, and no claim about the content.
_NEEDS, _UTF8, _STORED, _TIME, _DATE = 20, 0x0800, 0, 0, 0x0021
# Made on UNIX, a regular file that its owner may write and all may read.
_MADE_BY, _MODE = (3 << 8) | _NEEDS, 0o100644 << 16
_LONGEST_COMMENT = 0xFFFF
# How each header of popmap's begins; those of a workbook in the pack do not.
_LOCAL_START = struct.pack("<4s5H", _LOCAL_MARK, _NEEDS, _UTF8, _STORED, _TIME, _DATE)
_CENTRAL_START = struct.pack("<4s6H", _CENTRAL_MARK, _MADE_BY, _NEEDS, _UTF8, _STORED, _TIME, _DATE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an archive, as far as it is there.

    Attributes:
        name: Its name.
        header: Where its local header begins, in bytes from the archive's start.
        start: Where its content begins.
        end: Where its content ends, never beyond the archive.
        cut: Whether the archive ends before the content does.
    """

    name: str
    header: int
    start: int
    end: int
    cut: bool = False

    @property
    def size(self) -> int:
        """Return how many bytes of content there are."""
        return self.end - self.start


def safe(name: str) -> bool:
    """Return whether a name can be a file's in a pack: relative, of plain parts, and the same to every program."""
    parts = name.split("/")
    return (
        0 < len(name) <= LONGEST_NAME
        and all(part not in ("", ".", "..") for part in parts)
        and name.isprintable()
        and "\\" not in name
        and ":" not in parts[0]
    )


@dataclass(frozen=True, slots=True)
class Member:
    """A file to be laid out: its size, its CRC-32, and what gives its content in pieces."""

    size: int
    crc: int
    content: Callable[[], Iterable[bytes]]


def pieces(files: Mapping[str, bytes]) -> Iterator[bytes]:
    """Yield the bytes of an archive of contents; see `laid_out`."""
    return laid_out({name: Member(len(content), zlib.crc32(content), partial(_alone, content)) for name, content in files.items()})


def _alone(content: bytes) -> tuple[bytes]:
    return (content,)


def laid_out(members: Mapping[str, Member]) -> Iterator[bytes]:
    """Yield an archive's bytes, so that large ones need not be held.

    Args:
        members: Each file by its name; see `safe`.

    Raises:
        ValueError: For a name or size that the format cannot hold; both are looked at before the first piece.
    """
    names = sorted(members)
    total = sum(members[name].size + 2 * len(name.encode()) + _LOCAL.size + _CENTRAL.size for name in names) + _END.size
    if total > LARGEST or len(names) > MOST_ENTRIES or not all(map(safe, names)):
        raise ValueError("An archive holds 1 GiB, 20,000 files, and plain names.")
    at, centre = 0, []
    for name in names:
        member = members[name]
        head = local(name, member.crc, member.size)
        centre.append(central(name, member.crc, member.size, at))
        yield head
        yield from member.content()
        at += len(head) + member.size
    yield from centre
    yield end(len(names), sum(map(len, centre)), at)


def local(name: str, crc: int, size: int) -> bytes:
    """Return a file's local header."""
    encoded = name.encode()
    return _LOCAL.pack(_LOCAL_MARK, _NEEDS, _UTF8, _STORED, _TIME, _DATE, crc, size, size, len(encoded), 0) + encoded


def central(name: str, crc: int, size: int, header: int) -> bytes:
    """Return a file's record in the central directory."""
    encoded = name.encode()
    numbers = (_NEEDS, _UTF8, _STORED, _TIME, _DATE, crc, size, size, len(encoded), 0, 0, 0, 0, _MODE, header)
    return _CENTRAL.pack(_CENTRAL_MARK, _MADE_BY, *numbers) + encoded


def end(count: int, size: int, start: int) -> bytes:
    """Return the record that ends an archive: how many files, and where the central directory is."""
    return _END.pack(_END_MARK, 0, 0, count, count, size, start, 0)


def by_directory(data: bytes) -> tuple[Entry, ...] | None:
    """Return the files as the central directory lists them, in its order; None when it cannot be followed."""
    at = data.rfind(_END_MARK, max(0, len(data) - _END.size - _LONGEST_COMMENT))
    if at < 0 or at + _END.size > len(data):
        return None
    _, _, _, _, count, _, start, _ = _END.unpack_from(data, at)
    found = []
    place, total = start, 0
    for _ in range(min(count, MOST_ENTRIES)):
        if data[place : place + 4] != _CENTRAL_MARK or place + _CENTRAL.size > at:
            return None
        fields = _CENTRAL.unpack_from(data, place)
        method, size, named, extra, comment, header = fields[4], fields[9], fields[10], fields[11], fields[12], fields[16]
        entry = _entry(data, header, method, size)
        total += size
        # Files that lie over each other would be read over and over again.
        if entry is None or total > len(data) or named > 4 * LONGEST_NAME:
            return None
        name = _name(data[place + _CENTRAL.size : place + _CENTRAL.size + named])
        found.append(Entry(name, header, entry[0], entry[1], entry[2]))
        place += _CENTRAL.size + named + extra + comment
    return tuple(found)


def by_walking(data: bytes) -> tuple[Entry, ...]:
    """Return the files that stand one after the other, whatever the directory says.

    Where a file does not end at the next header, bytes were put in or taken out: it ends where the next one begins.
    """
    found: list[Entry] = []
    at, centre = data.find(_LOCAL_START), data.find(_CENTRAL_START)
    while at >= 0 and len(found) < MOST_ENTRIES and at + _LOCAL.size <= len(data):
        fields = _LOCAL.unpack_from(data, at)
        entry = _entry(data, at, fields[3], fields[8])
        if entry is None:
            at = data.find(_LOCAL_START, at + 1)
            continue
        start, stop, cut = entry
        if 0 <= centre < start:
            centre = data.find(_CENTRAL_START, start)
        following = stop if data.startswith(_LOCAL_START, stop) else data.find(_LOCAL_START, start)
        if stop not in (following, centre):
            behind = min((place for place in (following, centre) if place >= 0), default=-1)
            stop, cut = (behind, False) if behind >= 0 else (stop, cut)
        name = _name(data[at + _LOCAL.size : at + _LOCAL.size + fields[9]])
        found.append(Entry(name, at, start, stop, cut))
        at = following
    return tuple(found)


def packed_again(data: bytes) -> bool:
    """Return whether this is an archive that begins with a compressed file, as other programs write them."""
    return data.startswith(_LOCAL_MARK) and len(data) >= _LOCAL.size and _LOCAL.unpack_from(data)[3] != _STORED


def _entry(data: bytes, header: int, method: int, size: int) -> tuple[int, int, bool] | None:
    """Return where a stored file's content begins and ends and whether it is cut, None where there is no such file."""
    if method != _STORED or data[header : header + 4] != _LOCAL_MARK or header + _LOCAL.size > len(data):
        return None
    fields = _LOCAL.unpack_from(data, header)
    start = header + _LOCAL.size + fields[9] + fields[10]
    if start > len(data):
        return None
    return start, min(start + size, len(data)), start + size > len(data)


def _name(raw: bytes) -> str:
    return raw[: 4 * LONGEST_NAME].decode("utf-8", "replace")
