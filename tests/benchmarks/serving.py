"""Servers to measure, on this machine's own address, and the made-up registers they show."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path

import duckdb

from popmap.evidence.chromium import HOST, free_port
from popmap.evidence.chromium import served as running
from popmap.opened import REGISTER_VARIABLE
from tests.benchmarks.generate import generate

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = ROOT / "data" / "popwork"
APP = ROOT / "app.py"
YARDSTICK = ROOT / "tests" / "benchmarks" / "yardstick" / "page.py"
REGISTERS = ROOT / "build" / "benchmarks"
# Each page and its URL path; the first page's path is empty.
PAGES = {"overview": "", "data_map": "data_map", "vendors": "vendors", "categories": "categories", "gaps": "gaps"}
_SECONDS_TO_START = 60


@contextmanager
def served(script: Path, register: Path | None = None) -> Generator[int]:
    """Serve a page and give its port; the server ends with the block.

    Args:
        script: APP or YARDSTICK; both run in the repository's folder, so that one configuration applies to both.
        register: The register the app shows.
    """
    # Whoever ends the measurement ends its servers: the default would leave them behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}", f"--server.address={HOST}"]
    more = {REGISTER_VARIABLE: str(register)} if register else {}
    with running(command, port, Path(os.devnull), patience=_SECONDS_TO_START, more=more):
        yield port


def made_up(flows: int, form: str = "parquet", seed: int = 7) -> Path:
    """Return a made-up register of this size, generated when it is not there yet; another generator makes another folder."""
    code = b"".join(
        path.read_bytes()
        for path in sorted(Path(__file__).parent.glob("*.py"))
        if path.stem in ("generate", "plan", "tables", "words", "dice")
    )
    folder = REGISTERS / f"{flows}-{form}-{seed}-{hashlib.sha256(code).hexdigest()[:8]}"
    if not (folder / "done").exists():
        generate(folder, flows, form=form, seed=seed)
        (folder / "done").touch()
    return folder


def keys(folder: Path, table: str) -> list[str]:
    """Return the keys of a register's categories or vendors."""
    (path,) = folder.glob(f"{table}.*")
    column = "category_id" if table == "categories" else "vendor_id"
    with duckdb.connect(":memory:") as connection:
        return [row[0] for row in connection.execute(f"SELECT {column} FROM '{path}' WHERE {column} IS NOT NULL").fetchall()]


def warm_queries(folder: Path) -> list[str]:
    """Return a few filters to come back to, as URL queries."""
    categories, vendors = keys(folder, "categories"), keys(folder, "vendors")
    return ["", f"category={categories[0]}", f"category={categories[1]}&category={categories[2]}", f"vendor={vendors[0]}"]


def cold_filters(folder: Path) -> Iterator[tuple[str, ...]]:
    """Yield sets of two and more categories, none twice and none of `warm_queries`."""
    categories = keys(folder, "categories")
    for size in range(2, len(categories) + 1):
        for chosen in combinations(categories, size):
            if chosen != (categories[1], categories[2]):
                yield chosen
