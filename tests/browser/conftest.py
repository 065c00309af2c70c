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

from popmap.evidence.chromium import launched
from popmap.opened import BUNDLED
from tests.benchmarks.generate import generate


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Chromium."""
    with sync_playwright() as playwright:
        found = launched(playwright)
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
def contexts(browser: Browser) -> dict[str, BrowserContext]:
    """Return a browser profile per theme that a reader's system may ask for; shared, so that scripts and fonts are fetched once."""
    return {theme: browser.new_context(color_scheme=theme, accept_downloads=True) for theme in ("light", "dark")}


@pytest.fixture
def visit(contexts: dict[str, BrowserContext], address: Callable[[str], str]) -> Iterator[Visits]:
    """Return what opens a page: its address, the register, the window's width and the theme asked for."""
    with ExitStack() as pages:

        def opened(path: str = "", register: str = "popwork", width: int = 1440, theme: str = "light", height: int = 900) -> Visit:
            reader = Visit.begin(contexts[theme], address(register))
            pages.callback(reader.page.close)
            reader.page.set_viewport_size({"width": width, "height": height})
            return reader.go(path)

        yield opened
