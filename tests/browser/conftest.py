"""One browser per test process, one server per register, a page of its own per test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hostile import write_hostile
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from serving import server
from visit import Visit, Visits

from popmap.evidence.chromium import HOST, launched
from popmap.opened import BUNDLED
from tests.benchmarks.generate import generate


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Chromium."""
    with sync_playwright() as playwright:
        # Pages of one host share a process, where the app's scripts stay compiled; one for each page would compile them again.
        found = launched(playwright, "--process-per-site")
        yield found
        found.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Return what gives the address of the app with a register: "popwork", "hostile", or "made-up" with 60 vendors."""
    with ExitStack() as running:
        known: dict[str, str] = {}

        def of(name: str) -> str:
            if name not in known:
                folder = tmp_path_factory.mktemp(name)
                known[name] = running.enter_context(server(_register(name, folder), folder.with_suffix(".log")))
            return known[name]

        yield of


def _register(name: str, folder: Path) -> Path:
    if name == "hostile":
        return write_hostile(folder)
    if name == "made-up":
        generate(folder, 400, categories=12, vendors=60, seed=7)
        return folder
    return BUNDLED


@pytest.fixture(scope="session")
def context(browser: Browser) -> BrowserContext:
    """Return the browser profile that tests share, so that scripts and fonts are fetched once."""
    context = browser.new_context(accept_downloads=True)
    # An empty page of the servers' host, which stays open: with the last page of a host its process ends.
    page = context.new_page()
    page.route("**/*", lambda route: route.fulfill(content_type="text/html", body="<title>open</title>"))
    page.goto(f"http://{HOST}/")
    return context


@pytest.fixture
def visit(context: BrowserContext, address: Callable[[str], str]) -> Iterator[Visits]:
    """Return what opens a page: its address, the register, the window's width and the theme asked for."""
    with ExitStack() as pages:

        def opened(path: str = "", register: str = "popwork", width: int = 1440, theme: str = "light", height: int = 900) -> Visit:
            reader = Visit.begin(context, address(register), theme)
            pages.callback(reader.page.close)
            reader.page.set_viewport_size({"width": width, "height": height})
            return reader.go(path)

        yield opened
