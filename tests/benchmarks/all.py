"""Every figure, one after the other.

    python -m tests.benchmarks.all [--quick] [--write]

`--write` puts the figures into the README beside this file; `--quick` takes small sizes and few rounds, to see that everything works.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks import answering, drawing, evidence, first_load, importing, load, reading, rerun
from tests.benchmarks.results import Line, Section, markdown, show

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- figures: written by python -m tests.benchmarks.all --write -->", "<!-- end of figures -->"
_PACKAGES = ("streamlit", "duckdb", "plotly", "pyarrow", "pandas")

Measure = Callable[[], list[Section]]
FULL: dict[str, Measure] = {
    "rerun": rerun.measure,
    "reading": reading.measure,
    "drawing": drawing.measure,
    "first_load": first_load.measure,
    "load": load.measure,
    "answering": answering.measure,
    "evidence": evidence.measure,
    "importing": importing.measure,
}
QUICK: dict[str, Measure] = {
    "rerun": lambda: rerun.measure((0, 10_000), 3),
    "reading": lambda: reading.measure(10_000, 1),
    "drawing": lambda: drawing.measure(2),
    "first_load": lambda: first_load.measure(1),
    "load": lambda: load.measure(5, 2, 1),
    "answering": lambda: answering.measure(10_000, 1),
    "evidence": lambda: evidence.measure(50, 500, 1),
    "importing": lambda: importing.measure(1_000),
}


def main() -> int:
    """Measure everything; return 1 when a measurement itself failed, 0 otherwise, limits met or not."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.all", description="Measure everything.")
    parser.add_argument("--quick", action="store_true", help="small sizes and few rounds; such figures say nothing")
    parser.add_argument("--write", action="store_true", help="put the figures into README.md")
    asked = parser.parse_args()
    if asked.quick and asked.write:
        parser.error("Quick figures say nothing; they are not written.")
    sections = []
    for name, measure in (QUICK if asked.quick else FULL).items():
        sys.stderr.write(f"{name} ...\n")
        measured = measure()
        show(markdown(measured))
        sections += measured
    summary = f"{_setting()}\n\n{_summary(sections)}"
    show(summary)
    if asked.write:
        before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        README.write_text(f"{before}{BEGIN}\n\n{summary}\n\n{markdown(sections)}\n{END}{after}", encoding="utf-8")
    return int(any(line.failed for section in sections for line in section.lines))


def _setting() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    load_before = f", load average {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    return f"Taken on {date.today().isoformat()}, {os.cpu_count()} cores{load_before}; Python {platform.python_version()}, {packages}."


def _summary(sections: list[Section]) -> str:
    """Return how many limits are met, and name those that are not."""
    judged: list[tuple[str, Line]] = [(section.title, line) for section in sections for line in section.lines if line.met is not None]
    missed = [f"- {title}: {line.what}" for title, line in judged if not line.met]
    head = f"{len(judged) - len(missed)} of {len(judged)} limits are met."
    return "\n".join([f"{head} Not met:", "", *missed]) if missed else head


if __name__ == "__main__":
    sys.exit(main())
