"""What a reader does from end to end, with the mouse and with the keyboard alone."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect
from visit import PAGES, UNFILTERED, Visit, Visits


def test_explore_filter_share_and_export(visit: Visits, tmp_path: Path):
    """Open, click a category, see it highlighted, filter, share the address, reload, go Back, export: the file has the rows shown."""
    reader = visit("")
    reader.page.get_by_test_id("stSidebar").get_by_role("link", name="Data map").click()
    reader.says("34 flows are shown, with 7 categories and 22 vendors")

    reader.click_node("Logs").until(lambda query: query.get("sel") == ["category:logs"])
    expect(reader.page.get_by_role("button", name="Clear selection")).to_be_visible()
    faded = reader.chart().locator("g.textpoint text", has_text=re.compile("^Stripe$")).evaluate("text => text.style.fill")
    lively = reader.chart().locator("g.textpoint text", has_text=re.compile("^Sentry$")).evaluate("text => text.style.fill")
    assert faded != lively
    # Highlighting takes nothing away.
    reader.says("34 flows are shown")

    reader.choose("category", "Logs", "logs").says("8 flows are shown, with 1 category and 8 vendors")
    assert reader.chips() == ["Category: Logs ✕"]
    assert reader.query() == {"category": ["logs"], "sel": ["category:logs"]}
    shared = reader.page.url

    reader.page.reload()
    reader.rest().says("8 flows are shown, with 1 category and 8 vendors")
    assert reader.page.url == shared and reader.chips() == ["Category: Logs ✕"]

    reader.page.go_back()
    reader.until(lambda query: "category" not in query).says("34 flows are shown")
    reader.page.go_forward()
    reader.until(lambda query: query.get("category") == ["logs"]).says("8 flows are shown")

    panel = reader.panel("download_flows")
    rows = list(csv.reader(reader.download(panel, "CSV", tmp_path).read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == 9 and {row[0] for row in rows[1:]} == {"Logs"}
    assert {row[1] for row in rows[1:]} == {
        "Sentry", "Segment", "June", "ForestAdmin", "Cloudflare", "Google Analytics", "Google Tag Manager", "Hotjar",
    }  # fmt: skip
    assert not reader.errors


def test_selecting_a_band_and_clearing(visit: Visits):
    """A band can be clicked as well as a node; Clear selection takes the highlight and its key in the address away."""
    reader = visit("data_map")
    chart = reader.chart()
    x, y = _middle_of_band(chart, "Billing information", "Stripe")
    reader.page.mouse.move(x, y)
    reader.page.wait_for_timeout(200)
    reader.page.mouse.click(x, y)
    reader.until(lambda query: query.get("sel") == ["category:billing-information>vendor:stripe"]).says("Billing information → Stripe")
    reader.page.get_by_role("button", name="Clear selection").click()
    reader.until(lambda query: "sel" not in query)
    expect(reader.page.get_by_role("button", name="Clear selection")).to_have_count(0)


def test_hover_names_purpose_and_quote(visit: Visits):
    """Hovering a band names its ends, the purpose and the words it rests on."""
    reader = visit("data_map")
    chart = reader.chart()
    reader.page.mouse.move(*_middle_of_band(chart, "Billing information", "Stripe"))
    hover = chart.locator("g.hoverlayer")
    expect(hover).to_contain_text("Billing information")
    expect(hover).to_contain_text("To receive payments and issue invoices")
    expect(hover).to_contain_text("line 33")


def _middle_of_band(chart: Locator, source: str, target: str) -> tuple[float, float]:
    """Return a point on the band between two nodes at the same height."""
    left, right = (chart.locator("g.textpoint text", has_text=re.compile(f"^{name}$")).bounding_box() for name in (source, target))
    assert left and right
    return (left["x"] + left["width"] + right["x"]) / 2, left["y"] + left["height"] / 2


def _tab_to(reader: Visit, selector: str, most: int = 60) -> None:
    for _ in range(most):
        reader.page.keyboard.press("Tab")
        if reader.page.evaluate("selector => !!document.activeElement.closest(selector)", selector):
            return
    raise AssertionError(f"{selector} is not within {most} presses of Tab.")


def test_keyboard_alone(visit: Visits):
    """Without a mouse: past the menu to the page, set a filter, choose a vendor's row and read its card, clear all filters."""
    reader = visit("vendors")
    keys = reader.page.keyboard
    keys.press("Tab")
    assert reader.page.evaluate("document.activeElement.innerText") == "Skip to main content"
    keys.press("Enter")

    _tab_to(reader, ".st-key-filter_category [role=combobox]")
    keys.type("Billing")
    expect(reader.page.get_by_role("option", name=re.compile("^Billing information"))).to_be_visible()
    keys.press("ArrowDown")
    if reader.page.evaluate("!document.activeElement.getAttribute('aria-activedescendant')"):
        keys.press("ArrowDown")
    keys.press("Enter")
    reader.until(lambda query: query.get("category") == ["billing-information"])
    keys.press("Escape")
    reader.says("1 vendor")

    _tab_to(reader, ".st-key-table_vendors canvas")
    # The grid's own key for choosing the row it is in.
    keys.press("Shift+Space")
    reader.until(lambda query: query.get("show") == ["stripe"]).says("stripe · vendors row")

    reader.page.evaluate("document.activeElement.blur()")
    _tab_to(reader, ".st-key-filter_clear button")
    keys.press("Enter")
    reader.until(lambda query: "category" not in query).says("22 vendors")
    assert not reader.errors


def test_focus_is_seen(visit: Visits):
    """Whatever has the keyboard's focus shows it: its outline, shadow, border or background differs from when it has not."""
    reader = visit("vendors")
    look = """element => {
        const style = getComputedStyle(element);
        return [style.outline, style.boxShadow, style.borderColor, style.backgroundColor].join('|');
    }"""
    for selector in (".st-key-filter_more button", ".st-key-download_vendors button", "[data-testid=stSidebarNavLink] >> nth=2"):
        element = reader.page.locator(selector).first
        before = element.evaluate(look)
        element.focus()
        reader.page.keyboard.press("Shift+Tab")
        reader.page.keyboard.press("Tab")
        reader.page.wait_for_timeout(300)
        assert element.evaluate(look) != before, selector


def test_a_row_of_a_rule_and_the_way_to_it(visit: Visits):
    """On the gaps page a chosen rule lists its rows, a chosen row links to the vendor; another rule lets go of the row."""
    reader = visit("gaps?rule=role-not-stated&finding=sentry")
    _choose_row(reader, "gap_rules", 0)
    reader.until(lambda query: query.get("rule") == ["legal-basis-not-stated"] and "finding" not in query).says("28 rows")
    reader = visit("gaps?rule=role-not-stated&finding=sentry")
    reader.page.get_by_role("link", name="Open sentry").click()
    reader.until(lambda query: query.get("show") == ["sentry"]).says("sentry · vendors row 3")
    expect(reader.page.get_by_role("heading", name="Vendors", level=1)).to_be_visible()


def _choose_row(reader: Visit, table: str, row: int) -> None:
    """Tick a row's box; the rows are 35 pixels high below a heading of that height."""
    box = reader.keyed(table).locator("canvas").first.bounding_box()
    assert box
    reader.page.mouse.click(box["x"] + 16, box["y"] + 35 * (row + 1) + 17)


@pytest.mark.parametrize(("page", "row", "key"), [("vendors", 1, "sentry"), ("categories", 1, "logs")])
def test_choosing_a_row(visit: Visits, page: str, row: int, key: str):
    """Ticking a row writes its key to the address, shows its card, and survives a reload; ticking it again closes the card."""
    reader = visit(page)
    _choose_row(reader, f"table_{page}", row)
    reader.until(lambda query: query.get("show") == [key]).says(f"{key} · {page} row 3")
    reader.page.reload()
    reader.rest().says(f"{key} · {page} row 3")


def test_the_menu_keeps_the_filter(visit: Visits):
    """A filter set on one page is on every other page the menu leads to, and in its address; a page without filters hands it on."""
    reader = visit("vendors?section=marketing")
    for title in [*PAGES.values()][1:]:
        reader.page.get_by_test_id("stSidebar").get_by_role("link", name=title).click()
        expect(reader.page.get_by_role("heading", name=title, level=1)).to_be_visible()
        reader.until(lambda query: query.get("section") == ["marketing"])
        assert reader.chips() == ([] if title in [PAGES[name] for name in UNFILTERED] else ["Section: Marketing ✕"])
