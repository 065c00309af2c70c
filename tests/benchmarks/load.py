"""Twenty-five readers at once, two seconds between one's reruns, beside the yardstick.

    python -m tests.benchmarks.load [--sessions 25] [--reruns 10] [--rounds 2]

Readers begin evenly spread over the two seconds, on popmap's pages in turn, and change the filter with each rerun.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice

from tests.benchmarks.results import Line, Section, markdown, percentile, show
from tests.benchmarks.serving import APP, BUNDLED, PAGES, YARDSTICK, cold_filters, served, warm_queries
from tests.benchmarks.session import Answer, ask, session

SESSIONS, RERUNS, ROUNDS = 25, 10, 2
THINK_SECONDS = 2.0
THROUGHPUT, SLOWEST = 0.8, 1.5


@dataclass(frozen=True, slots=True)
class _Run:
    """What 25 readers met: their answers, how long it took from the first rerun to the last, and what failed."""

    answers: list[Answer]
    seconds: float
    failures: list[str]


def measure(sessions: int = SESSIONS, reruns: int = RERUNS, rounds: int = ROUNDS) -> list[Section]:
    """Measure app and yardstick in turn.

    Args:
        sessions: Readers at once.
        reruns: Reruns of each.
        rounds: Runs of each server.
    """
    queries = [*warm_queries(BUNDLED), *("&".join(f"category={key}" for key in chosen) for chosen in islice(cold_filters(BUNDLED), 8))]
    runs: dict[str, list[_Run]] = {"app": [], "yardstick": []}
    with ExitStack() as stack:
        app = stack.enter_context(served(APP, BUNDLED))
        yardstick = stack.enter_context(served(YARDSTICK))
        for _ in range(rounds):
            runs["yardstick"].append(asyncio.run(_run(yardstick, sessions, reruns, [""], [""])))
            runs["app"].append(asyncio.run(_run(app, sessions, reruns, list(PAGES.values()), queries)))
    failures = [failure for run in runs["app"] + runs["yardstick"] for failure in run.failures]
    failed = f"{len(failures)} failures: {failures[0]}" if failures else ""
    rate = {name: sum(len(run.answers) for run in of) / sum(run.seconds for run in of) for name, of in runs.items()}
    times = {name: [answer.milliseconds for run in of for answer in run.answers] for name, of in runs.items()}
    middle = {name: percentile(of, 0.5) for name, of in times.items()}
    slow = {name: percentile(of, 0.95) for name, of in times.items()}
    lines = (
        Line("failures", len(failures), None, 0, "", failed=failed),
        Line("reruns", rate["app"], rate["yardstick"], THROUGHPUT, "/s", at_least=True),
        Line("p95 of a rerun", slow["app"], slow["yardstick"], SLOWEST),
        Line("p50 of a rerun", middle["app"], middle["yardstick"]),
    )
    return [Section(f"{sessions} sessions, {THINK_SECONDS:g} s between reruns", lines)]


async def _run(port: int, sessions: int, reruns: int, pages: Sequence[str], queries: Sequence[str]) -> _Run:
    answers: list[Answer] = []
    failures: list[str] = []
    ready = asyncio.Barrier(sessions)
    started: list[float] = []

    async def read(number: int) -> None:
        page = pages[number % len(pages)]
        try:
            async with session(port) as socket:
                await ask(socket, page, "")
                await ready.wait()
                started.append(time.perf_counter())
                await asyncio.sleep(THINK_SECONDS * number / sessions)
                for turn in range(reruns):
                    answer = await ask(socket, page, queries[(number + turn) % len(queries)])
                    answers.append(answer)
                    failures.extend([answer.error] if answer.error else [])
                    await asyncio.sleep(THINK_SECONDS)
        except Exception as error:  # noqa: BLE001 - a session that breaks is a result, not a reason to stop measuring
            failures.append(repr(error)[:120])
            await ready.abort()

    await asyncio.gather(*(read(number) for number in range(sessions)))
    return _Run(answers, time.perf_counter() - min(started, default=0.0), failures)


def main() -> None:
    """Measure as the command line says, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.load", description="Measure many sessions at once.")
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    parser.add_argument("--reruns", type=int, default=RERUNS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    show(markdown(measure(asked.sessions, asked.reruns, asked.rounds)))


if __name__ == "__main__":
    main()
