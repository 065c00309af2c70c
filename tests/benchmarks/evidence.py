"""How long a pack takes to make and to check, how much memory, and how large it is.

    python -m tests.benchmarks.evidence [--vendors 2000] [--flows 20000] [--rounds 3]

Each pack is made by the command line in a process of its own; imports count.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
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


def measure(vendors: int = VENDORS, flows: int = FLOWS, rounds: int = ROUNDS) -> list[Section]:
    """Measure the packs of the bundled register and of a made-up one of this many vendors and flows."""
    lines = []
    large = _made_up(vendors, flows)
    for what, folder, limit in (
        ("bundled register", BUNDLED, BUNDLED_LIMIT),
        (f"{vendors:,} vendors, {flows:,} flows", large, LARGE_LIMIT),
    ):
        with TemporaryDirectory() as place:
            pack = Path(place) / "pack.zip"
            made = [_in_a_process("make", folder, pack) for _ in range(rounds)]
            checked = [_in_a_process("check", folder, pack) for _ in range(rounds)]
            size = pack.stat().st_size / _MEGABYTE
        slowest = max(one["seconds"] for one in made)
        peak = max(one["peak"] for one in made)
        lines += [
            Line(f"{what}: making", median(one["seconds"] for one in made), None, limit, "s", f"slowest {slowest:.2f} s"),
            Line(f"{what}: highest memory of the whole process", peak, None, MEMORY_LIMIT, "MB", f"the pack has {size:,.1f} MB"),
            Line(f"{what}: checking", median(one["seconds"] for one in checked), None, None, "s", "popmap verify, without --against"),
        ]
    return [Section("Evidence packs", tuple(lines), "The command line in a process of its own, imports included.")]


def _made_up(vendors: int, flows: int) -> Path:
    folder = REGISTERS / f"evidence-{vendors}-{flows}"
    if not (folder / "flows.csv").is_file():
        generate(folder, flows, vendors=vendors)
    return folder


def _in_a_process(what: str, folder: Path, pack: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.evidence", "--one", what, str(folder), str(pack)]
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=_SECONDS, check=True, text=True)
    return {"seconds": time.perf_counter() - started, "peak": json.loads(done.stdout.splitlines()[-1])["peak"]}


def _one(what: str, folder: str, pack: str) -> None:
    from popmap.cli import main as popmap

    words = ["evidence", folder, "-o", pack, "--date", "2026-11-23"] if what == "make" else ["verify", pack]
    code = popmap(words)
    # Linux's account of this process's memory; getrusage would count the parent's before exec.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    show(json.dumps({"peak": int(status.split("VmHWM:")[1].split()[0]) * 1024 / _MEGABYTE}))
    sys.exit(code)


def main() -> None:
    """Measure as the command line says, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.evidence", description="Measure evidence packs.")
    parser.add_argument("--vendors", type=int, default=VENDORS)
    parser.add_argument("--flows", type=int, default=FLOWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--one", nargs=3, metavar=("WHAT", "FOLDER", "PACK"), help="make or check once and print the memory, as JSON")
    asked = parser.parse_args()
    if asked.one:
        _one(*asked.one)
    else:
        show(markdown(measure(asked.vendors, asked.flows, asked.rounds)))


if __name__ == "__main__":
    main()
