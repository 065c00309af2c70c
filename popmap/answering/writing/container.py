"""A workbook's container with some parts replaced and some added; every other part is copied as the bytes it was stored in.

Records as in PKWARE's APPNOTE.TXT 6.3.10, 4.3: local headers, central directory, end of central directory.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from popmap.errors import UsageError

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_DESCRIPTOR = 0x08
_DEFLATED, _STORED = 8, 0
# 1 January 1980, the earliest a container can say: the same answers give the same bytes.
_DATE = 0x0021
_ZIP64 = 1


def rebuilt(data: bytes, name: str, changed: Mapping[str, bytes], added: Mapping[str, bytes]) -> bytes:
    """Return a container with parts changed and added, in the order it had.

    Args:
        data: The container.
        name: The file's name, for messages.
        changed: Parts to replace.
        added: New parts, put last.

    Raises:
        UsageError: Its parts overlap, so that copying one would copy another.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries, start, comment = archive.infolist(), archive.start_dir, archive.comment
    bounds = _bounds(data, entries, start, name)
    out = bytearray()
    central: dict[str, bytes] = {}
    raw = _central(data, start, len(entries))
    for entry in sorted(entries, key=lambda one: one.header_offset):
        old = raw[entries.index(entry)]
        if entry.filename in changed:
            local, record = _replaced(data, entry, old, changed[entry.filename], len(out))
        else:
            local = data[entry.header_offset : bounds[entry.header_offset]]
            record = old[:42] + struct.pack("<I", len(out)) + old[46:]
        out += local
        central[entry.filename] = record
    order = [central[entry.filename] for entry in entries]
    for path, content in added.items():
        local, record = _new(path, content, len(out))
        out += local
        order.append(record)
    where = len(out)
    for record in order:
        out += record
    out += _END.pack(b"PK\x05\x06", 0, 0, len(order), len(order), len(out) - where, where, len(comment)) + comment
    return bytes(out)


def _bounds(data: bytes, entries: list[zipfile.ZipInfo], start: int, name: str) -> dict[int, int]:
    """Return, by where a part begins, where the next does."""
    offsets = sorted(entry.header_offset for entry in entries)
    ends = dict(zip(offsets, [*offsets[1:], start], strict=True))
    for entry in entries:
        header = _LOCAL.unpack_from(data, entry.header_offset)
        end = entry.header_offset + _LOCAL.size + header[9] + header[10] + entry.compress_size
        if len(ends) != len(entries) or end > ends[entry.header_offset]:
            raise UsageError(f"{name} is damaged: its parts overlap.", "Open it in a spreadsheet program and save it again.")
    return ends


def _central(data: bytes, at: int, count: int) -> list[bytes]:
    found = []
    for _ in range(count):
        fields = _CENTRAL.unpack_from(data, at)
        end = at + _CENTRAL.size + fields[10] + fields[11] + fields[12]
        found.append(data[at:end])
        at = end
    return found


def _pressed(content: bytes, method: int) -> bytes:
    if method == _STORED:
        return content
    press = zlib.compressobj(6, zlib.DEFLATED, -15)
    return press.compress(content) + press.flush()


def _replaced(data: bytes, entry: zipfile.ZipInfo, old: bytes, content: bytes, offset: int) -> tuple[bytes, bytes]:
    """Return a part's local record with other content, and its central record to match: same name, method, time and flags."""
    head = _LOCAL.unpack_from(data, entry.header_offset)
    names = data[entry.header_offset + _LOCAL.size :][: head[9] + head[10]]
    method = head[3] if head[3] in {_DEFLATED, _STORED} else _DEFLATED
    pressed = _pressed(content, method)
    # Sizes stand in the header, so no descriptor follows; they fit, so no 64-bit field is needed.
    flags = head[2] & ~_DESCRIPTOR
    extra = _without_zip64(names[head[9] :])
    sizes = (zlib.crc32(content), len(pressed), len(content))
    local = _LOCAL.pack(head[0], head[1], flags, method, head[4], head[5], *sizes, head[9], len(extra)) + names[: head[9]] + extra + pressed
    fields = list(_CENTRAL.unpack_from(old))
    tail = old[_CENTRAL.size :]
    own = _without_zip64(tail[fields[10] : fields[10] + fields[11]])
    rest = tail[fields[10] + fields[11] :]
    fields[3], fields[4] = fields[3] & ~_DESCRIPTOR, method
    fields[7:10] = sizes
    named = tail[: fields[10]]
    fields[11], fields[16] = len(own), offset
    return local, _CENTRAL.pack(*fields) + named + own + rest


def _without_zip64(extra: bytes) -> bytes:
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        kept += extra[at : at + 4 + size] if kind != _ZIP64 else b""
        at += 4 + size
    return kept + extra[at:]


def _new(path: str, content: bytes, offset: int) -> tuple[bytes, bytes]:
    pressed, named = _pressed(content, _DEFLATED), path.encode("ascii")
    sizes = (zlib.crc32(content), len(pressed), len(content))
    local = _LOCAL.pack(b"PK\x03\x04", 20, 0, _DEFLATED, 0, _DATE, *sizes, len(named), 0) + named + pressed
    record = _CENTRAL.pack(b"PK\x01\x02", 20, 20, 0, _DEFLATED, 0, _DATE, *sizes, len(named), 0, 0, 0, 0, 0, offset)
    return local, record + named
