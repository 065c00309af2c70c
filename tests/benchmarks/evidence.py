"""How long a pack takes to make and to check, how much memory and processor time, and how large it is.

    python -m tests.benchmarks.evidence [--vendors 2000] [--flows 20000] [--rounds 3]

Each pack is made by the command line in a process of its own; imports count. Time is wall clock. Memory is the most that the process and
all it has started hold at one moment, added up many times a second: what each holds of its own, and the files mapped into memory once for
all processes of the same program, as the machine holds those once.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks.generate import generate
from tests.benchmarks.results import Line, Section, markdown, show
from tests.benchmarks.serving import BUNDLED, REGISTERS, ROOT

VENDORS, FLOWS, ROUNDS = 2_000, 20_000, 3
BUNDLED_LIMIT, LARGE_LIMIT, MEMORY_LIMIT = 3.0, 20.0, 500.0
_SECONDS = 300
_MEGABYTE = 1_000_000
_BETWEEN_LOOKS = 0.02
_PROC = Path("/proc")
_KINDS = ("RssAnon", "RssShmem", "RssFile")


def measure(vendors: int = VENDORS, flows: int = FLOWS, rounds: int = ROUNDS) -> list[Section]:
    """Measure the packs of the bundled register and of a made-up one of this many vendors and flows, the two in turns."""
    places = (
        (BUNDLED, "bundled register", BUNDLED_LIMIT),
        (_made_up(vendors, flows), f"{vendors:,} vendors, {flows:,} flows", LARGE_LIMIT),
    )
    made: dict[str, list[dict[str, float]]] = {what: [] for _, what, _ in places}
    checked: dict[str, list[dict[str, float]]] = {what: [] for _, what, _ in places}
    with TemporaryDirectory() as place:
        for _ in range(rounds):
            for folder, what, _ in places:
                pack = Path(place) / "pack.zip"
                made[what].append(
                    _watched("evidence", str(folder), "-o", str(pack), "--date", "2026-11-23") | {"size": pack.stat().st_size / _MEGABYTE}
                )
                checked[what].append(_watched("verify", str(pack)))
    lines = [line for _, what, limit in places for line in _lines(what, limit, made[what], checked[what])]
    return [Section("Evidence packs", tuple(lines), "The command line in a process of its own, imports included, with all it starts.")]


def _lines(what: str, limit: float, made: list[dict[str, float]], checked: list[dict[str, float]]) -> Iterator[Line]:
    slowest, size, work = (max(one[name] for one in made) for name in ("seconds", "size", "work"))
    yield Line(f"{what}: making", median(one["seconds"] for one in made), None, limit, "s", f"wall clock; slowest {slowest:.2f} s")
    yield Line(f"{what}: processor time, all processes", median(one["work"] for one in made), None, None, "s", f"at most {work:.2f} s")
    peak = max(one["peak"] for one in made)
    yield Line(f"{what}: highest memory, all processes", peak, None, MEMORY_LIMIT, "MB", f"the pack has {size:,.1f} MB")
    yield Line(f"{what}: checking", median(one["seconds"] for one in checked), None, None, "s", "popmap verify, without --against")


def _made_up(vendors: int, flows: int) -> Path:
    folder = REGISTERS / f"evidence-{vendors}-{flows}"
    if not (folder / "flows.csv").is_file():
        generate(folder, flows, vendors=vendors)
    return folder


def _watched(*words: str) -> dict[str, float]:
    """Run a command of popmap's, and return its wall clock and processor time in seconds and the highest memory in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    peak = 0.0
    with subprocess.Popen([sys.executable, "-m", "popmap", *words], cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, _held(_family(process.pid)) / _MEGABYTE)
            if time.perf_counter() - started > _SECONDS:
                process.kill()
            time.sleep(_BETWEEN_LOOKS)
    seconds = time.perf_counter() - started
    if process.returncode:
        raise RuntimeError(f"popmap {' '.join(words)} ended with {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": seconds, "peak": peak, "work": work}


def _family(pid: int) -> Iterator[int]:
    """Yield a process and all below it, but for those that are about to become another program and still have their parent's memory."""
    yield pid
    try:
        children = [int(child) for task in (_PROC / str(pid) / "task").iterdir() for child in (task / "children").read_text().split()]
    except OSError:
        return
    mine = _command(pid)
    for child in children:
        if _command(child) != mine:
            yield from _family(child)


def _command(pid: int) -> bytes:
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return b""


def _held(pids: Iterable[int]) -> int:
    """Return the bytes of memory that processes hold together."""
    own, mapped = 0, dict[bytes, int]()
    for pid in pids:
        try:
            status = (_PROC / str(pid) / "status").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        anonymous, shared, files = (int(found[1]) * 1024 if (found := re.search(rf"{name}:\s+(\d+)", status)) else 0 for name in _KINDS)
        own += anonymous + shared
        mapped[_command(pid)] = max(files, mapped.get(_command(pid), 0))
    return own + sum(mapped.values())


def main() -> None:
    """Measure as the command line says, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.evidence", description="Measure evidence packs.")
    parser.add_argument("--vendors", type=int, default=VENDORS)
    parser.add_argument("--flows", type=int, default=FLOWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    show(markdown(measure(asked.vendors, asked.flows, asked.rounds)))


if __name__ == "__main__":
    main()
