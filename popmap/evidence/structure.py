"""An archive's own bytes: what of them is not as a pack has it, and where."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from popmap.evidence.archive import Entry, central, end, local
from popmap.evidence.verdict import Fault, Kind

_END_SIZE = len(end(0, 0, 0))
_FEW = 3


def faults(data: bytes, listed: Sequence[Entry], changed: Collection[str]) -> Iterator[Fault]:
    """Yield what is wrong with an archive apart from its files' contents.

    Args:
        data: The archive.
        listed: Its files, in the order they are listed in.
        changed: Files whose content is known to be changed: that their headers say so, too, is no news.
    """
    standing = sorted(listed, key=lambda entry: entry.header)
    order = [*_order(standing, "stands", True), *(_order(listed, "is listed", False) if list(listed) != standing else ())]
    yield from order
    at, heads = 0, []
    for entry in standing:
        if entry.header != at:
            yield _strange(at, entry.header)
        if entry.name not in changed:
            expected = local(entry.name, zlib.crc32(data[entry.start : entry.end]), entry.size)
            heads += _unlike(data, entry.header, entry.start, expected, entry.name, "its header")
        at = max(at, entry.end)
    yield from _few(heads, "files have other headers than popmap writes: another program put it together", _FEW)
    if any(entry.cut for entry in standing):
        return
    records = [central(one.name, zlib.crc32(data[one.start : one.end]), one.size, one.header) for one in listed]
    size = sum(map(len, records))
    if len(data) < at + size + _END_SIZE:
        gone = at + size + _END_SIZE - len(data)
        yield Fault(Kind.TRUNCATED, "", (at, len(data)), f"its directory or end lacks {gone:,} {'byte' if gone == 1 else 'bytes'}")
        return
    yield from _directory(data, at, listed, records, changed)
    yield from _unlike(data, at + size, at + size + _END_SIZE, end(len(records), size, at), "", "the record that ends it")
    if len(data) > at + size + _END_SIZE:
        yield _strange(at + size + _END_SIZE, len(data))


def _directory(data: bytes, at: int, listed: Sequence[Entry], records: Sequence[bytes], changed: Collection[str]) -> Iterator[Fault]:
    found: list[Fault] = []
    for entry, record in zip(listed, records, strict=True):
        if entry.name not in changed:
            found += _unlike(data, at, at + len(record), record, entry.name, "its record in the directory")
        at += len(record)
    # Whatever moves one file moves all behind it.
    yield from _few(found, "files are listed otherwise than they stand", 1 if changed else _FEW)


def _few(found: Sequence[Fault], what: str, most: int) -> Iterator[Fault]:
    """Yield faults of one kind one by one, or as one when there are more than a reader wants to read."""
    spans = [fault.span for fault in found if fault.span]
    if len(found) <= most:
        yield from found
    else:
        yield Fault(Kind.ARCHIVE, "", (spans[0][0], spans[-1][1]), f"{len(found):,} {what}")


def canonical(data: bytes, listed: Sequence[Entry]) -> bool:
    """Return whether an archive is, byte for byte, what popmap makes of these files."""
    return not any(entry.cut for entry in listed) and not any(True for _ in faults(data, listed, ()))


def _order(entries: Sequence[Entry], how: str, twice: bool) -> Iterator[Fault]:
    for one, other in pairwise(entries):
        span = (other.header, other.end)
        if other.name == one.name:
            if twice:
                yield Fault(Kind.ADDED, other.name, span, "it is there more than once")
        elif other.name < one.name:
            yield Fault(Kind.REORDERED, other.name, span, f"it {how} behind {one.name!a}")


def _strange(first: int, behind: int) -> Fault:
    if behind < first:
        return Fault(Kind.ARCHIVE, "", (behind, first), "files lie over each other")
    return Fault(
        Kind.ARCHIVE, "", (first, behind), f"{behind - first:,} {'byte belongs' if behind - first == 1 else 'bytes belong'} to no file"
    )


def _unlike(data: bytes, start: int, stop: int, expected: bytes, name: str, what: str) -> Iterator[Fault]:
    """Yield a fault when the archive holds something else than expected, from the first to the last byte that differs."""
    found = data[start:stop]
    if found == expected:
        return
    differing = [at for at, (one, other) in enumerate(zip(found, expected, strict=False)) if one != other]
    if len(found) != len(expected):
        differing.append(max(len(found), 1) - 1)
    span = (start + min(differing), start + max(differing) + 1)
    yield Fault(Kind.ARCHIVE, name, span, f"{what} is not as popmap writes it")
