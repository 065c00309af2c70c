"""Pictures of the pages as a browser shows them; a browser's own, so no two machines need to agree on their bytes."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlencode

from popmap.errors import PopmapError, UsageError
from popmap.evidence import chromium
from popmap.filters import Filter, to_query

# The pages that show what is in a register; the others are tools.
PAGES = ("overview", "data_map", "vendors", "categories", "gaps")
SIZES = ((1440, 900), (1024, 768))
THEMES = ("light", "dark")
_PATIENCE = 60
_AT_REST = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    return app && document.querySelector('.popmap-foot') && app.dataset.testScriptState === 'notRunning'
        && !document.querySelector('[data-testid=stStatusWidget], [data-testid=stSkeleton], [data-stale=true]');
}"""
_HEIGHT = "() => document.querySelector('[data-testid=stMain]').scrollHeight"
# The picture of the map answers and has its fonts a moment after the page is at rest.
_SETTLING = 800
_MISSING = "Screenshots are taken with Playwright and Chromium, and there is no {}."
_INSTALL = "Run pip install playwright and playwright install chromium (or set CHROMIUM to a Chromium that is there)."


def check() -> None:
    """Raise UsageError where pictures cannot be taken, with what to install."""
    if importlib.util.find_spec("playwright") is None:
        raise UsageError(_MISSING.format("Playwright"), _INSTALL)
    path = chromium.executable()
    if not path:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    if not Path(path).is_file():
        raise UsageError(_MISSING.format("Chromium"), _INSTALL)


def take(folder: Path, asked: Filter) -> dict[str, bytes]:
    """Return a PNG of each page in each size and theme, as high as the page is, by name.

    Args:
        folder: The register folder.
        asked: The filter the pages show.

    Raises:
        PopmapError: The pages cannot be served or shown.
    """
    from playwright.sync_api import Error, sync_playwright

    query = urlencode(to_query(asked), doseq=True)
    pictures: dict[str, bytes] = {}
    try:
        with tempfile.TemporaryDirectory() as logs, sync_playwright() as playwright, _served(folder, Path(logs) / "log") as base:
            browser = chromium.launched(playwright)
            for theme in THEMES:
                context = browser.new_context(color_scheme=theme)
                page = context.new_page()
                for name in PAGES:
                    page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
                    page.goto(f"{base}/{name}{'?' if query else ''}{query}", timeout=_PATIENCE * 1000)
                    for width, height in SIZES:
                        page.set_viewport_size({"width": width, "height": height})
                        page.wait_for_function(_AT_REST, timeout=_PATIENCE * 1000)
                        page.wait_for_timeout(_SETTLING)
                        # The page scrolls inside the window, so the window is made as high as the page.
                        page.set_viewport_size({"width": width, "height": max(height, int(page.evaluate(_HEIGHT)))})
                        page.wait_for_timeout(_SETTLING)
                        pictures[f"{name}-{width}x{height}-{theme}.png"] = page.screenshot()
                context.close()
            browser.close()
    except Error as error:
        raise PopmapError(f"The pages cannot be shown in Chromium: {str(error).splitlines()[0]}.", _INSTALL) from error
    return pictures


def _served(folder: Path, log: Path) -> AbstractContextManager[str]:
    port = chromium.free_port()
    command = [sys.executable, "-m", "popmap", "serve", str(folder.absolute()), "--port", str(port)]
    return chromium.served(command, port, log, patience=_PATIENCE)
