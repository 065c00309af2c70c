"""How long a page's rerun takes and what it sends, beside the yardstick and DuckDB's bare query, in one run.

    python -m tests.benchmarks.rerun [--sizes 0 1000000 10000000] [--rounds 20]

Size 0 is the bundled register. Servers for all sizes run at once and are asked in turn, so that whatever else the machine does meets
all alike.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import duckdb
from websockets.asyncio.client import ClientConnection

from tests.benchmarks.results import Line, Section, markdown, percentile, show
from tests.benchmarks.serving import APP, BUNDLED, PAGES, YARDSTICK, cold_filters, made_up, served, warm_queries
from tests.benchmarks.session import Answer, ask, session

SIZES = (0, 1_000_000, 10_000_000)
ROUNDS = 20
LIMIT, KILOBYTES = 1.5, 100.0
_WARM_UPS = 5
# A page this slow is measured fewer times; so the whole stays bounded.
_SECONDS = 900
WARM, COLD = "warm", "cold"


@dataclass(frozen=True, slots=True)
class _Subject:
    """A register under measurement: its folder, server and filters, and the plain table for the bare query (None for the bundled one)."""

    flows: int
    folder: Path
    port: int
    cold: Iterator[tuple[str, ...]]
    warm: Sequence[str]
    bare: duckdb.DuckDBPyConnection | None


@dataclass(frozen=True, slots=True)
class _Record:
    """What was measured: answers by (size, page, kind), the yardstick's by size, the bare query's milliseconds by size; and what failed."""

    answers: dict[tuple[int, str, str], list[Answer]] = field(default_factory=lambda: defaultdict(list))
    yardstick: dict[int, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    bare: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: dict[int, str] = field(default_factory=dict)


def measure(sizes: Iterable[int] = SIZES, rounds: int = ROUNDS) -> list[Section]:
    """Measure every page at every size.

    Args:
        sizes: Numbers of flows; 0 for the bundled register.
        rounds: Reruns of each page with filters seen before, and as many with filters never seen; at most 22 for the bundled register.
    """
    with ExitStack() as stack:
        yardstick = stack.enter_context(served(YARDSTICK))
        subjects = []
        for flows in sizes:
            folder = made_up(flows) if flows else BUNDLED
            port = stack.enter_context(served(APP, folder))
            subjects.append(
                _Subject(flows, folder, port, cold_filters(folder), warm_queries(folder), _plain_table(folder) if flows else None)
            )
        record = asyncio.run(_measure(subjects, yardstick, rounds))
    return [_section(subject.flows, record) for subject in subjects]


async def _measure(subjects: Sequence[_Subject], yardstick: int, rounds: int) -> _Record:
    record = _Record()
    async with AsyncExitStack() as stack:
        plain = await stack.enter_async_context(session(yardstick))
        pages = {(subject.flows, page): await stack.enter_async_context(session(subject.port)) for subject in subjects for page in PAGES}
        subjects = await _warm_up(subjects, plain, pages, record)
        until = time.monotonic() + _SECONDS
        for turn in range(rounds):
            if turn and time.monotonic() > until:
                break
            for kind in (WARM, COLD):
                for subject in subjects:
                    record.yardstick[subject.flows].append(await ask(plain, "", ""))
                    for page in PAGES:
                        categories = next(subject.cold) if kind == COLD else ()
                        query = "&".join(f"category={key}" for key in categories) if categories else subject.warm[turn % len(subject.warm)]
                        record.answers[subject.flows, page, kind].append(await ask(pages[subject.flows, page], PAGES[page], query))
                    if subject.bare and categories:
                        record.bare[subject.flows].append(_bare(subject.bare, categories))
    return record


async def _warm_up(
    subjects: Sequence[_Subject], plain: ClientConnection, pages: Mapping[tuple[int, str], ClientConnection], record: _Record
) -> list[_Subject]:
    """Have everything imported, read and seen; return what can be measured."""
    for subject in subjects:
        # The register is read within the first answer; one that cannot be would be read again with each.
        if error := (await ask(pages[subject.flows, "overview"], "", "")).error:
            record.failed[subject.flows] = error
    usable = [subject for subject in subjects if subject.flows not in record.failed]
    for _ in range(_WARM_UPS):
        await ask(plain, "", "")
        for subject in usable:
            for page, path in PAGES.items():
                for query in subject.warm:
                    await ask(pages[subject.flows, page], path, query)
    return usable


def _plain_table(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    (path,) = folder.glob("flows.*")
    connection.execute(f"CREATE TABLE flows AS SELECT CAST(COLUMNS(*) AS VARCHAR) FROM '{path}'")
    return connection


def _bare(connection: duckdb.DuckDBPyConnection, categories: Sequence[str]) -> float:
    """Return the milliseconds of one filtered category × vendor GROUP BY."""
    start = time.perf_counter()
    listed = ", ".join("?" * len(categories))
    connection.sql(
        f"SELECT category_id, vendor_id, count(*) FROM flows WHERE category_id IN ({listed}) GROUP BY ALL", params=list(categories)
    ).to_arrow_table()
    return (time.perf_counter() - start) * 1000


def _section(flows: int, record: _Record) -> Section:
    title = f"Rerun with {flows:,} flows" if flows else "Rerun with the bundled register"
    if flows in record.failed:
        return Section(title, (Line("reading the register", 0, failed=record.failed[flows]),))
    yardstick = median(answer.milliseconds for answer in record.yardstick[flows])
    slow = percentile((answer.milliseconds for answer in record.yardstick[flows]), 0.95)
    bare = median(record.bare[flows]) if record.bare[flows] else 0.0
    lines = []
    for page in PAGES:
        for kind in (WARM, COLD):
            answers = record.answers[flows, page, kind]
            times = [answer.milliseconds for answer in answers]
            error = next((answer.error for answer in answers if answer.error), "")
            more = f"p95 {percentile(times, 0.95):.0f} ms"
            lines.append(Line(f"{page}, {kind}", median(times), yardstick + bare, LIMIT, more=more, failed=error))
    for page in PAGES:
        sizes = [answer.size / 1000 for kind in (WARM, COLD) for answer in record.answers[flows, page, kind]]
        lines.append(Line(f"{page}, sent", max(sizes), None, KILOBYTES, "KB", more=f"median {median(sizes):.0f} KB"))
    note = f"Yardstick: p50 {yardstick:.1f} ms, p95 {slow:.1f} ms." + (f" DuckDB's bare GROUP BY: {bare:.1f} ms." if flows else "")
    return Section(title, tuple(lines), note)


def main() -> None:
    """Measure as the command line says, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.rerun", description="Measure reruns.")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    show(markdown(measure(asked.sizes, asked.rounds)))


if __name__ == "__main__":
    main()
