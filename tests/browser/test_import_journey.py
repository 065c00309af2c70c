"""From a published list to a version of the register, and the register as it was, in the browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from serving import server
from test_accessibility import violations
from visit import Visit

from popmap.lists.register import read_register
from popmap.opened import BUNDLED
from popmap.register import history

LIST = """| Vendor | Purpose | Data |
| --- | --- | --- |
| Dyno or Echo | To store copies | Logs |
| Foxtrot | To store copies | Logs |
"""


@pytest.fixture(params=["light", "dark"])
def reader(request: pytest.FixtureRequest, tmp_path: Path, context: BrowserContext) -> Iterator[tuple[Visit, Path]]:
    """Return a browser at a copy of the bundled register, and the copy."""
    folder = Path(shutil.copytree(BUNDLED, tmp_path / "register"))
    with server(folder, tmp_path / "server.log") as address:
        visit = Visit.begin(context, address, request.param)
        visit.page.set_viewport_size({"width": 1440, "height": 900})
        yield visit, folder
        visit.page.close()


def test_from_a_list_to_a_version(reader: tuple[Visit, Path]):
    """A pasted list is understood, decided on by keyboard and written; History tells it, and leads to the register as it was before."""
    visit, folder = reader
    page = visit.go("import_list").page
    page.get_by_label("Or paste it here").fill(LIST)
    page.get_by_label("Or paste it here").press("Control+Enter")
    page.get_by_role("button", name="Read what I pasted").click()
    expect(page.get_by_text("“Dyno or Echo” stands in one cell", exact=False)).to_be_visible()
    expect(page.locator(".popmap-source li.asked")).to_have_count(1)
    visit.rest()
    assert violations(visit) == []
    page.keyboard.press("Alt+Enter")
    expect(page.get_by_text("1 of 1 question decided")).to_be_visible()
    page.get_by_label("Who decides").fill("Ada")
    page.get_by_label("Who decides").press("Enter")
    page.get_by_role("button", name="Write it to the register").click()
    expect(page.get_by_text("Nothing to change", exact=False)).to_be_visible()
    assert {"Dyno", "Echo", "Foxtrot"} <= {row["name"] for row in read_register(folder).tables["vendors"]}
    newest, first = history.versions(folder)
    assert newest.author == "Ada"
    visit.go("history")
    expect(page.get_by_text("Added vendor Foxtrot")).to_be_visible()
    assert violations(visit) == []
    visit.go(f"vendors?at={first.short}")
    expect(page.get_by_text("22 vendors")).to_be_visible()
    page.get_by_role("button", name="Back to today").click()
    expect(page.get_by_text("25 vendors")).to_be_visible()
    assert not visit.errors and all(url.startswith((visit.base, "data:", "blob:", "ws")) for url in visit.requests)
