"""How long a first visit takes in Chromium, with nothing in its cache, beside the yardstick.

    python -m tests.benchmarks.first_load [--rounds 8]

From the start of the navigation, by the browser's own clock, to the frame in which the page's content is there.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from statistics import median

from playwright.sync_api import Browser

from tests.benchmarks.browser import HEIGHT, WIDTH, chromium
from tests.benchmarks.results import Line, Section, markdown, percentile, show
from tests.benchmarks.serving import APP, BUNDLED, HOST, PAGES, YARDSTICK, served

ROUNDS = 8
LIMIT = 1.3
_MILLISECONDS = 60_000
_TABLE = "document.querySelector('canvas[data-testid=\"data-grid-canvas\"]')"
_FIGURE = "document.querySelector('.js-plotly-plot .main-svg')"
# popmap's last words on every page: where its rows come from.
_END = "!!document.querySelector('.popmap-foot')"
_CONTENT = {
    "yardstick": (_TABLE, _FIGURE),
    "overview": (_END,),
    "data_map": (_TABLE, _FIGURE, _END),
    "vendors": (_TABLE, _END),
    "categories": (_TABLE, _END),
    "gaps": (_TABLE, _END),
}


def measure(rounds: int = ROUNDS) -> list[Section]:
    """Measure each page's first load this many times, in turn with the yardstick's."""
    times: dict[str, list[float]] = {name: [] for name in _CONTENT}
    with ExitStack() as stack:
        app = stack.enter_context(served(APP, BUNDLED))
        yardstick = stack.enter_context(served(YARDSTICK))
        browser = stack.enter_context(chromium())
        for turn in range(rounds + 1):
            for name in _CONTENT:
                address = f"http://{HOST}:{yardstick}/" if name == "yardstick" else f"http://{HOST}:{app}/{PAGES[name]}"
                milliseconds = _load(browser, address, name)
                if turn:  # The first visit of all has the server import its modules and read the register.
                    times[name].append(milliseconds)
    beside = median(times["yardstick"])
    lines = tuple(
        Line(name, median(times[name]), beside, LIMIT, more=f"p95 {percentile(times[name], 0.95):.0f} ms")
        for name in _CONTENT
        if name != "yardstick"
    )
    return [Section("First load in Chromium, beside the yardstick", lines)]


def _load(browser: Browser, address: str, name: str) -> float:
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    try:
        page = context.new_page()
        page.goto(address, wait_until="commit", timeout=_MILLISECONDS)
        there = " && ".join(_CONTENT[name])
        return float(page.wait_for_function(f"() => ({there}) ? performance.now() : 0", polling="raf", timeout=_MILLISECONDS).json_value())
    finally:
        context.close()


def main() -> None:
    """Measure as the command line says, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.first_load", description="Measure the first load.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    show(markdown(measure(parser.parse_args().rounds)))


if __name__ == "__main__":
    main()
