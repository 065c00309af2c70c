"""How long Chromium takes to draw popmap's data map, beside Plotly's own Sankey of the same bands.

    python -m tests.benchmarks.drawing [--rounds 12]

From Plotly.newPlot to the second frame after `plotly_afterplot`, the two in turn on the same page, without waiting for the screen's
sixty frames a second.
"""

from __future__ import annotations

import argparse
import json
from statistics import median

import plotly.graph_objects as go
from playwright.sync_api import Page
from plotly.offline import get_plotlyjs

from popmap.flow.figure import CONFIG, figure
from popmap.flow.graph import Path, build
from popmap.flow.layout import height_for, layout
from tests.benchmarks import words
from tests.benchmarks.browser import HEIGHT, UNPACED, WIDTH, chromium
from tests.benchmarks.results import Line, Section, markdown, percentile, show

BANDS, ROUNDS = (50, 200, 1_000), 12
LIMIT = 1.0
_MAP_WIDTH = 1060
_MILLISECONDS = 60_000
# Plotly's promise is kept after its `plotly_afterplot`.
_DRAW = """
async ([figure, config, width]) => {
    const div = document.createElement("div");
    div.style.width = `${width}px`;
    document.body.replaceChildren(div);
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    const start = performance.now();
    await Plotly.newPlot(div, figure.data, figure.layout, config);
    await frame();
    await frame();
    const milliseconds = performance.now() - start;
    const paths = div.querySelectorAll("path").length;
    Plotly.purge(div);
    return [milliseconds, paths];
}
"""


def measure(rounds: int = ROUNDS) -> list[Section]:
    """Measure drawing each picture this many times, on two fresh pages."""
    lines = []
    with chromium(*UNPACED) as browser:
        for bands in BANDS:
            pictures = {"popmap": _map(bands), "sankey": _sankey(bands)}
            times: dict[str, list[float]] = {name: [] for name in pictures}
            for turn in range(2):
                page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
                page.set_default_timeout(_MILLISECONDS)
                page.set_content("<!doctype html><body></body>")
                page.add_script_tag(content=get_plotlyjs())
                for picture in pictures.values():
                    _drawn(page, picture)
                for at in range(rounds // 2):
                    # Who goes first changes, or the other's rubbish would always be swept up in one's time.
                    for name in sorted(pictures, reverse=bool((turn + at) % 2)):
                        times[name].append(_drawn(page, pictures[name]))
                page.close()
            more = f"p95 {percentile(times['popmap'], 0.95):.0f} ms, Sankey's {percentile(times['sankey'], 0.95):.0f} ms"
            lines.append(Line(f"{bands:,} bands", median(times["popmap"]), median(times["sankey"]), LIMIT, more=more))
    return [Section("Drawing the data map in Chromium, beside Plotly's Sankey", tuple(lines))]


def _drawn(page: Page, picture: str) -> float:
    milliseconds, paths = page.evaluate(f"async given => ({_DRAW})([JSON.parse(given), {json.dumps(CONFIG)}, {_MAP_WIDTH}])", picture)
    if not paths:
        raise RuntimeError("Plotly drew nothing.")
    return milliseconds


def _bands(number: int) -> list[tuple[str, str, int]]:
    """Return that many bands between categories and vendors, each with its number of flows."""
    categories = max(5, round((number / 2.5) ** 0.5))
    vendors = -(-number // categories) * 2
    grid = [(category, vendor) for vendor in range(vendors) for category in range(categories) if (category * 7 + vendor * 3) % 2 == 0]
    return [(f"c{category}", f"v{vendor}", 1 + (category * vendor) % 5) for category, vendor in grid[:number]]


def _map(number: int) -> str:
    bands = _bands(number)
    labels = {
        "category": {key: words.CATEGORIES[int(key[1:]) % len(words.CATEGORIES)] for key, _, _ in bands},
        "vendor": {key: _vendor(key) for _, key, _ in bands},
    }
    graph = build(("category", "vendor"), [Path((source, target), flows, 0, 0) for source, target, flows in bands], labels)
    if graph.number_of_edges() != number:
        raise RuntimeError(f"The map has {graph.number_of_edges()} bands instead of {number}.")
    hover = {(f"category:{source}", f"vendor:{target}"): [words.purpose(at)] for at, (source, target, _) in enumerate(bands)}
    return str(figure(graph, layout(graph, _MAP_WIDTH, height_for(graph)), "light", hover=hover).to_json())


def _sankey(number: int) -> str:
    bands = _bands(number)
    nodes = list(dict.fromkeys([source for source, _, _ in bands] + [target for _, target, _ in bands]))
    places = {key: place for place, key in enumerate(nodes)}
    labels = [words.CATEGORIES[int(key[1:]) % len(words.CATEGORIES)] if key[0] == "c" else _vendor(key) for key in nodes]
    links = {
        "source": [places[source] for source, _, _ in bands],
        "target": [places[target] for _, target, _ in bands],
        "value": [flows for _, _, flows in bands],
    }
    height = json.loads(_map(number))["layout"]["height"]
    return str(go.Figure(go.Sankey(node={"label": labels}, link=links), {"height": height}).to_json())


def _vendor(key: str) -> str:
    number = int(key[1:])
    return f"{words.FIRST[number % 40]}{words.SECOND[number % 30]} {words.KINDS[number % 8]}"


def main() -> None:
    """Measure as the command line says, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.drawing", description="Measure drawing the data map.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    show(markdown(measure(parser.parse_args().rounds)))


if __name__ == "__main__":
    main()
