"""The README's picture: the data map of the bundled register, as a reader sees it.

python -m tests.browser.screenshot docs/data-map.png
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

# The tests beside this file import each other by name.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from serving import server
from visit import Visit

from popmap.evidence.chromium import launched
from popmap.opened import BUNDLED

# High enough for the whole map.
SIZE = {"width": 1440, "height": 1030}


def take(picture: Path) -> None:
    """Take the picture of the data map, light, with one category chosen."""
    with tempfile.TemporaryDirectory() as logs, sync_playwright() as playwright, server(BUNDLED, Path(logs) / "log") as base:
        found = launched(playwright)
        visit = Visit.begin(found.new_context(viewport=SIZE, color_scheme="light"), base).go("data_map")
        visit.page.locator(".js-plotly-plot .scatterlayer").wait_for()
        visit.page.wait_for_timeout(1000)
        picture.parent.mkdir(parents=True, exist_ok=True)
        visit.page.screenshot(path=str(picture))
        found.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("picture", type=Path)
    take(parser.parse_args().picture)
