"""A disk that is full: one sentence, exit 2, and nothing left of the pack, wherever it was full."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from packs import folder_of, packed

from popmap.errors import PopmapError, UsageError
from popmap.evidence.pack import save
from popmap.evidence.shelf import Shelf

resource = pytest.importorskip("resource", reason="this system has no limits of its own for the size of files")

ROOT = Path(__file__).parents[2]
# Files may grow so far and no further, which a program hears in the same way as that the disk is full.
_COMMAND = """
import resource, sys
from popmap import cli
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.exit(cli.main(sys.argv[2:]))
"""


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file of this process become larger than so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [1_000, 150_000])
def test_the_temporary_folder_is_full(tmp_path: Path, size: int):
    """The command says so in one sentence, ends with 2, and leaves no file, not in the temporary folder either."""
    register, temporary, out = folder_of(tmp_path / "register"), tmp_path / "temporary", tmp_path / "out"
    temporary.mkdir()
    out.mkdir()
    before = sorted(register.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-c", _COMMAND, str(size), "evidence", str(register), "-o", str(out / "pack.zip"), "--date", "2026-11-23"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        check=False,
    )
    (line,) = done.stderr.splitlines()
    assert line.startswith("popmap: The temporary folder cannot hold the pack: ") and line.endswith("Make room there.")
    assert done.returncode == 2 and not done.stdout
    assert [*out.iterdir(), *temporary.iterdir()] == [] and sorted(register.rglob("*")) == before


@pytest.mark.parametrize("there", [b"", b"the pack of yesterday"])
def test_the_folder_of_the_pack_is_full(tmp_path: Path, there: bytes):
    """A pack that does not fit where it is to stand is not left there in part, and the one that stood there stays."""
    pack = packed(folder_of(tmp_path / "register"))
    path = tmp_path / "out" / "pack.zip"
    path.parent.mkdir()
    if there:
        path.write_bytes(there)
    with room_for(100_000), pytest.raises(UsageError, match=r"pack\.zip cannot be written: "):
        save(pack, path)
    assert [each.read_bytes() for each in path.parent.iterdir()] == ([there] if there else [])
    save(pack, path)
    assert path.stat().st_size > 100_000


@pytest.mark.parametrize("content", [b"x" * 5_000, [b"x" * 3_000, b"y" * 3_000], b"x" * 2_000_000])
def test_a_shelf_that_cannot_hold_it(content: bytes | list[bytes]):
    """Whoever puts something down hears at once that there is no room, however little it is; what was put down before can be read."""
    shelf = Shelf()
    first = shelf.put(b"first")
    with room_for(1_000), pytest.raises(PopmapError, match="The temporary folder cannot hold the pack"):
        shelf.put(content)
    assert shelf.read(first) == b"first"
    shelf.close()
