"""Every way into the app runs app.py first, whichever page a link names."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from serving import server
from visit import PAGES, Visit

from popmap.opened import BUNDLED


# One page of each heading of the menu: what they have in common is what is tried, and each takes a server of its own.
@pytest.mark.parametrize("page", ["data_map", "questionnaire", "history", "import_list"])
def test_first_link_on_a_fresh_server(context: BrowserContext, tmp_path: Path, page: str):
    """The very first address a server is asked for is a page's: the menu that app.py makes is there all the same."""
    with server(BUNDLED, tmp_path / "log") as base:
        reader = Visit.begin(context, base).go(page)
        menu = reader.page.get_by_test_id("stSidebarNavLink")
        expect(menu).to_have_count(len(PAGES))
        expect(reader.page.get_by_test_id("stSidebarLogo")).to_be_visible()
        expect(reader.page).to_have_title(PAGES[page])
        expect(reader.page.get_by_text("Page not found")).to_have_count(0)
        reader.page.close()


def test_no_register(context: BrowserContext, tmp_path: Path):
    """With a register folder that is not there, each page says which, and takes the register up once it is."""
    with server(tmp_path / "later", tmp_path / "log", bare=True) as base:
        reader = Visit.begin(context, base)
        for page, title in PAGES.items():
            reader.page.goto(f"{base}/{page}")
            expect(reader.page.get_by_role("heading", name=title, level=1)).to_be_visible()
            expect(reader.page.get_by_test_id("stAlert")).to_contain_text("There is no folder")
        (tmp_path / "later").symlink_to(BUNDLED, target_is_directory=True)
        reader.go("vendors").says("22 vendors")
        reader.page.close()
