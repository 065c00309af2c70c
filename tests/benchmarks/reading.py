"""How long reading a register takes and how much memory, beside DuckDB's own CREATE TABLE AS from the same file.

    python -m tests.benchmarks.reading [--flows 1000000] [--rounds 5]

popmap reads the whole register with every check; DuckDB reads the flows only. Each reading is a process of its own, in turn.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from tests.benchmarks.results import Line, Section, markdown, show
from tests.benchmarks.serving import ROOT, made_up

FLOWS, ROUNDS = 1_000_000, 5
TIME_LIMIT, MEMORY_LIMIT = 4.0, 3.0
_SECONDS = 300
_MEGABYTE = 1_000_000
Reading = dict[str, float]


def measure(flows: int = FLOWS, rounds: int = ROUNDS) -> list[Section]:
    """Measure reading a made-up register of this many flows, as CSV and as Parquet, this many times each."""
    lines = []
    for form in ("csv", "parquet"):
        folder = made_up(flows, form)
        readings: dict[str, list[Reading]] = {who: [] for who in READERS}
        for turn in range(rounds + 1):
            for who in READERS:
                reading = _in_a_process(who, folder)
                if turn:  # The first round only brings the file into the system's cache.
                    readings[who].append(reading)

        def middle(who: str, what: str, of: dict[str, list[Reading]] = readings) -> float:
            return median(reading[what] for reading in of[who])

        own_size = middle("duckdb", "table")
        slowest = max(reading["seconds"] for reading in readings["popmap"])
        lines += [
            Line(f"{form}: time", middle("popmap", "seconds"), middle("duckdb", "seconds"), TIME_LIMIT, "s", f"slowest {slowest:.2f} s"),
            Line(
                f"{form}: highest memory",
                middle("popmap", "peak"),
                own_size,
                MEMORY_LIMIT,
                "MB",
                f"DuckDB's own: {middle('duckdb', 'peak'):,.0f} MB",
            ),
            Line(f"{form}: memory afterwards", middle("popmap", "after"), own_size, None, "MB"),
        ]
    note = "Memory is what the process holds beyond its baseline (interpreter and imports), beside the size of DuckDB's table in memory."
    return [Section(f"Reading {flows:,} flows with all checks", tuple(lines), note)]


def _in_a_process(who: str, folder: Path) -> Reading:
    command = [sys.executable, "-m", "tests.benchmarks.reading", "--one", who, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=_SECONDS, check=True, text=True)
    return json.loads(done.stdout)


def _popmap(folder: Path) -> Reading:
    from popmap.checks.run import open_checked

    def read() -> tuple[object, Reading]:
        store = open_checked(folder)
        return store, {"flows": store.counts["flows"], "faults": len(store.faults)}

    return _watched(read)


def _duckdb(folder: Path) -> Reading:
    import duckdb

    (path,) = folder.glob("flows.*")

    def read() -> tuple[object, Reading]:
        connection = duckdb.connect(":memory:")
        connection.execute(f"CREATE TABLE flows AS FROM '{path}'")
        ((size,),) = connection.execute("SELECT sum(memory_usage_bytes) FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE'").fetchall()
        return connection, {"table": size / _MEGABYTE}

    return _watched(read)


# Imported within, so that neither pays for the other's imports.
READERS: dict[str, Callable[[Path], Reading]] = {"popmap": _popmap, "duckdb": _duckdb}


def _watched(read: Callable[[], tuple[object, Reading]]) -> Reading:
    """Return what a reading took; what it opened is held until the memory has been looked at."""
    baseline = _memory("VmRSS")
    start = time.perf_counter()
    opened, result = read()
    seconds = time.perf_counter() - start
    memory = {"peak": _memory("VmHWM") - baseline, "after": _memory("VmRSS") - baseline}
    del opened
    return result | memory | {"seconds": seconds}


def _memory(field: str) -> float:
    """Return a field of Linux's account of this process's memory, in MB; getrusage would count the parent's before exec."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024 / _MEGABYTE
    raise RuntimeError(f"/proc/self/status has no {field}.")


def main() -> None:
    """Measure as the command line says, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.reading", description="Measure reading a register.")
    parser.add_argument("--flows", type=int, default=FLOWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--one", nargs=2, metavar=("READER", "FOLDER"), help="read once and print what it took, as JSON")
    asked = parser.parse_args()
    if asked.one:
        show(json.dumps(READERS[asked.one[0]](Path(asked.one[1]))))
    else:
        show(markdown(measure(asked.flows, asked.rounds)))


if __name__ == "__main__":
    main()
