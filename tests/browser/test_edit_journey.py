"""Filling in a gap by hand, in the browser: from the finding to the cell, saved, and told by the history."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import BrowserContext, expect
from serving import server
from test_accessibility import violations
from visit import Visit

from popmap.lists.register import read_register
from popmap.opened import BUNDLED


def test_from_a_finding_to_a_stated_cell(tmp_path: Path, context: BrowserContext):
    """A rule's rows open in the grid; what is typed is told in words, saved in a name, and the cell rests on that name."""
    folder = Path(shutil.copytree(BUNDLED, tmp_path / "register"))
    with server(folder, tmp_path / "server.log") as address:
        visit = Visit.begin(context, address, "light")
        page = visit.go("gaps?rule=role-not-stated").page
        page.set_viewport_size({"width": 1440, "height": 900})
        page.get_by_role("link", name="Edit 22 rows").click()
        expect(page.get_by_role("heading", name="Edit rows")).to_be_visible()
        visit.rest()
        grid = page.get_by_test_id("stDataFrame")
        assert violations(visit) == []
        # The grid is a canvas with an unseen table beside it; the column that the finding is about stands behind the vendor's name.
        grid.click(position={"x": 220, "y": 53})
        page.keyboard.press("Enter")
        expect(page.locator("#portal input, #portal textarea").first).to_be_focused()
        page.keyboard.type("processor")
        expect(page.get_by_role("option", name="processor", exact=True)).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Vendor Google Cloud Platform: role not stated → processor")).to_be_visible()
        visit.rest()
        assert violations(visit) == []
        page.get_by_label("Who confirms it").fill("Ada")
        page.get_by_label("Why", exact=True).fill("Yearly review")
        page.get_by_label("Why", exact=True).press("Enter")
        visit.rest()
        page.get_by_role("button", name="Save as a version").click()
        expect(page.get_by_text("edited, not saved")).to_have_count(0)
        visit.rest()
        tables = read_register(folder).tables
        assert tables["vendors"][0]["role"] == "processor"
        (cell,) = [row for row in tables["evidence"] if (row["row_id"], row["column"]) == ("google-cloud-platform", "role")]
        assert (cell["status"], cell["checked_by"]) == ("confirmed", "Ada")
        visit.go("history")
        expect(page.get_by_text("Vendor Google Cloud Platform: role not stated → processor")).to_be_visible()
        assert visit.errors == []
        page.close()
