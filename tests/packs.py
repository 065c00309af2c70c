"""Evidence packs for tests: small, quick to make, and taken apart to be put together otherwise."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from registers import TITLE, tiny, write

from popmap.evidence import archive
from popmap.evidence.manifest import MANIFEST, PUBLIC_KEY, SIGNATURE, SUMS
from popmap.evidence.pack import Options, Pack, make
from popmap.evidence.signing import Key, make_key, read_private

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SOURCE = '\n[[sources]]\nid = "page"\ntitle = "The page"\nfile = "sources/page.txt"\n'


def folder_of(path: Path) -> Path:
    """Write a small register with internal cells, a further column, a named source and one that nobody names."""
    tables = tiny()
    tables["vendors"][0]["notes"] = "SECRET note"
    tables["vendors"][1]["mood"] = "SECRET mood"
    tables["activities"][0]["owner"] = "SECRET owner"
    tables["evidence"][0]["checked_by"] = "SECRET person"
    tables["evidence"].append({"table": "vendors", "row_id": "sentry", "column": "notes", "status": "stated", "quote": "SECRET quote"})
    write(path, tables, toml=f"# SECRET comment\n{TITLE}{SOURCE}")
    (path / "sources").mkdir(exist_ok=True)
    (path / "sources" / "page.txt").write_bytes(b"line 1\r\nline 2\n")
    (path / "sources" / "other.txt").write_bytes(b"SECRET source\n")
    return path


def packed(folder: Path, key: Key | None = None, **options: object) -> Pack:
    """Return the pack of a register at noon."""
    return make(folder, Options(NOON, **options), key)  # type: ignore[arg-type]


@cache
def small() -> Mapping[str, bytes]:
    """Return the files of the small register's pack for outsiders, not signed; wherever it is made it is the same, so once is enough."""
    with TemporaryDirectory() as name:
        return MappingProxyType(dict(packed(folder_of(Path(name))).files))


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as an archive of popmap's form."""
    return b"".join(archive.pieces(files))


def key_in(folder: Path, name: str = "key") -> Key:
    """Return a new key."""
    make_key(folder / name)
    return read_private(folder / name)


def relisted(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return files with a list of sums that fits them, as somebody who changes a pack would make it."""
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files) if name != SUMS)
    return files | {SUMS: sums.encode()}


__all__ = ["MANIFEST", "NOON", "PUBLIC_KEY", "SIGNATURE", "SUMS", "folder_of", "key_in", "packed", "relisted", "small", "zipped"]
