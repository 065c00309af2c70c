"""The address holds the view: a reload, Back, Forward and the same link in another window show a table and a map as they were left."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from playwright.sync_api import expect
from visit import Visit, Visits


def taken(reader: Visit, table: str, folder: Path) -> list[list[str]]:
    """Return the rows of a table's CSV file, its heading first: what the grid, which is a canvas, shows."""
    path = reader.download(reader.panel(f"download_{table}"), "CSV", folder)
    reader.page.keyboard.press("Escape")
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


def pick(reader: Visit, key: str, option: str) -> None:
    """Choose an option of a panel's menu."""
    reader.keyed(key).get_by_role("combobox").click()
    reader.page.get_by_role("listbox").get_by_role("option", name=option, exact=True).click()


def test_a_tables_order(visit: Visits, tmp_path: Path):
    """An order chosen in the panel stands in the address, survives a reload, is undone by Back and is in the file."""
    reader = visit("vendors?cols=name&cols=flows")
    reader.panel("columns_vendors")
    pick(reader, "sort_vendors", "Flows")
    reader.until(lambda query: query.get("sort") == ["flows"])
    reader.keyed("descending_vendors").locator("label").first.click()
    reader.until(lambda query: query.get("desc") == ["1"])
    reader.page.keyboard.press("Escape")
    whole = {"cols": ["name", "flows"], "sort": ["flows"], "desc": ["1"]}
    assert reader.query() == whole

    reader.page.reload()
    rows = taken(reader.rest(), "vendors", tmp_path)
    flows = [int(row[1]) for row in rows[1:]]
    assert reader.query() == whole and rows[0][:2] == ["name", "flows"] and flows == sorted(flows, reverse=True) and len(flows) == 22

    reader.page.go_back()
    reader.until(lambda query: "desc" not in query)
    flows = [int(row[1]) for row in taken(reader, "vendors", tmp_path)[1:]]
    assert flows == sorted(flows)
    assert taken(visit("vendors?cols=name&cols=flows&sort=flows&desc=1"), "vendors", tmp_path) == rows


def test_columns_are_picked_and_kept(visit: Visits, tmp_path: Path):
    """A column taken away in the panel is gone from the address, the table and the file, also after a reload."""
    reader = visit("categories")
    panel = reader.panel("columns_categories")
    panel.get_by_role("button", name=re.compile("^Remove What it covers")).or_(
        panel.locator("[data-tag]", has_text="What it covers").locator("[aria-label^=Remove], svg, button")
    ).first.click()
    reader.until(lambda query: "cols" in query)
    assert "description" not in reader.query()["cols"] and reader.query()["cols"][0] == "name"
    reader.page.reload()
    assert taken(reader.rest(), "categories", tmp_path)[0][:2] == ["name", "vendors"]


def test_a_tables_page(visit: Visits):
    """The page of rows stands in the address; a reload keeps it, Back turns it back, another filter begins at the first."""
    reader = visit("data_map", register="made-up")
    pages = reader.keyed("page_flows")
    pages.get_by_role("button", name=re.compile(r"\b2$")).click()
    reader.until(lambda query: query.get("page") == ["2"])
    reader.page.reload()
    expect(reader.rest().keyed("page_flows").locator("[aria-current]")).to_have_text("2")
    pages.get_by_role("button", name=re.compile(r"\b3$")).click()
    reader.until(lambda query: query.get("page") == ["3"])
    reader.page.go_back()
    reader.until(lambda query: query.get("page") == ["2"])
    expect(pages.locator("[aria-current]")).to_have_text("2")
    box = reader.page.get_by_role("textbox", name="Search")
    box.fill("data")
    box.press("Enter")
    reader.until(lambda query: "page" not in query and query.get("q") == ["data"])


def test_the_maps_neighbourhood(visit: Visits):
    """How far the highlight goes stands in the address, for a reload and for Back."""
    reader = visit("data_map?sel=category:logs")
    steps = reader.keyed("depth")
    steps.get_by_role("radio", name="2").click()
    reader.until(lambda query: query.get("depth") == ["2"])
    reader.page.reload()
    expect(reader.rest().keyed("depth").get_by_role("radio", name="2")).to_be_checked()
    reader.page.go_back()
    reader.until(lambda query: "depth" not in query)
    expect(reader.keyed("depth").get_by_role("radio", name="1")).to_be_checked()


def test_the_link_to_copy(visit: Visits):
    """The link of "Copy link" opens exactly the view it was copied from."""
    reader = visit(
        "data_map?category=logs&map=Matrix&sel=category:logs&depth=3&cols=vendor&cols=purpose&sort=vendor&desc=1&layers=Category&layers=Company"
    )
    link = reader.panel("copy_link").get_by_test_id("stCode").inner_text().strip()
    other = visit(link.removeprefix(f"{reader.base}/"))
    assert other.query() == reader.query() and len(reader.query()) == 8
    other.says("8 flows are shown")
    expect(other.keyed("depth").get_by_role("radio", name="3")).to_be_checked()


def test_a_panel_stays_open(visit: Visits):
    """Several filters can be chosen in a panel one after another: it closes when the reader closes it."""
    reader = visit("vendors")
    body = reader.panel("filter_more")
    for facet, key in (("basis", "consent"), ("evidence", "stated")):
        # No Escape between: it would close the panel as well.
        reader.menu(facet).get_by_role("option", name=re.compile(f"^{key} · ")).click()
        reader.until(lambda query, facet=facet, key=key: query.get(facet) == [key])
        expect(body).to_be_visible()
    expect(reader.button("filter_more")).to_contain_text("More filters (2)")
