"""A workbook compressed by a library that popmap pins: the interpreter's own zlib is the machine's, and its bytes differ with it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pyarrow as pa

_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")
# Version 2.0, no flags, deflated, midnight of 1980-01-01.
_FIXED = (20, 0, 8, 0, 0x0021)
# What stands around the deflated bytes in gzip (RFC 1952).
_HEAD, _TAIL = 10, 8


def repacked(workbook: bytes) -> bytes:
    """Return a ZIP archive of popmap's own making with the same files in the same order, and bytes that depend on pyarrow's zlib alone."""
    codec = pa.Codec("gzip", compression_level=6)
    out, centre = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old:
        members = old.infolist()
        for member in members:
            content = old.read(member)
            packed = codec.compress(content, asbytes=True)[_HEAD:-_TAIL]
            name = member.filename.encode("ascii")
            sizes = (zlib.crc32(content), len(packed), len(content), len(name))
            centre.write(_CENTRAL.pack(b"PK\x01\x02", 20, *_FIXED, *sizes, 0, 0, 0, 0, 0, out.tell()) + name)
            out.write(_LOCAL.pack(b"PK\x03\x04", *_FIXED, *sizes, 0) + name)
            out.write(packed)
    start, directory = out.tell(), centre.getvalue()
    out.write(directory + _END.pack(b"PK\x05\x06", 0, 0, len(members), len(members), len(directory), start, 0))
    return out.getvalue()
