"""Chromium for the measurements that need one."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from popmap.evidence.chromium import launched

# Frames as soon as they are ready instead of sixty a second: else what takes 18 ms and what takes 33 ms both show as 33.
UNPACED = ("--disable-frame-rate-limit", "--disable-gpu-vsync")
WIDTH, HEIGHT = 1400, 1000


@contextmanager
def chromium(*more: str) -> Generator[Browser]:
    """Start the machine's Chromium, or Playwright's own where there is none; it contacts nobody by itself.

    Args:
        more: Further switches.
    """
    with sync_playwright() as playwright:
        browser = launched(playwright, *more)
        try:
            yield browser
        finally:
            browser.close()
