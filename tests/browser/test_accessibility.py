"""Axe on every page in both themes and two widths, closed and opened: no serious or critical violation that is ours."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from visit import PAGES, Visit, Visits

# Rule -> (what its targets lie in, why it is not ours to mend). Anything of these rules elsewhere fails the test.
_STREAMLITS_OWN = {
    "list": ("[data-testid=stSidebarNav]", "Streamlit puts the headings of a menu with sections as div straight into its ul."),
    "listitem": ("[data-testid=stSidebarNav]", "The same menu's li are within those div, not within a list."),
}
_STATES = {
    "card of a vendor": "vendors?show=forestadmin&section=technology&q=a",
    "card of a category": "categories?show=billing-information",
    "rule": "gaps?rule=role-not-stated&finding=sentry&severity=warning",
    "selection": "data_map?sel=vendor:google-analytics&overlay=Gaps%3A+errors&grouped=true",
    "network": "data_map?map=Network&sel=category:logs",
    "matrix": "data_map?map=Matrix&layers=Category&layers=Company",
    "nothing": "data_map?category=logs&vendor=stripe&section=gone",
}

_NOTHING_FADES = """() => document.getAnimations().every(one => one.playState !== 'running'
    || one.effect?.getComputedTiming().iterations === Infinity)"""


def violations(reader: Visit) -> list[str]:
    """Return what axe finds serious or critical, except what is Streamlit's own."""
    # What is still fading in has colours that nobody is to read it in.
    reader.page.wait_for_function(_NOTHING_FADES)
    found = []
    for violation in Axe().run(reader.page).response["violations"]:
        if violation["impact"] not in ("serious", "critical"):
            continue
        within, _ = _STREAMLITS_OWN.get(violation["id"], ("", ""))
        for node in violation["nodes"]:
            own = within and reader.page.evaluate(
                "([target, within]) => !!document.querySelector(target)?.closest(within)", [node["target"][0], within]
            )
            if not own:
                found.append(f"{violation['id']} ({violation['impact']}): {node['html'][:200]} {node['failureSummary']}")
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_pages(visit: Visits, page: str, theme: str):
    """Each page, wide and narrow, has no serious or critical violation; its language, title and one main heading are set."""
    reader = visit(page, theme=theme)
    expect(reader.page).to_have_title(PAGES[page])
    assert reader.page.locator("h1").all_inner_texts() == [PAGES[page]] and reader.page.locator("html").get_attribute("lang")
    assert violations(reader) == []
    reader.page.set_viewport_size({"width": 1024, "height": 768})
    reader.page.wait_for_timeout(500)
    assert violations(reader) == []
    # Nothing is to be reached by scrolling sideways but a table's own columns.
    assert reader.page.get_by_test_id("stMain").evaluate("main => main.scrollWidth <= main.clientWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", _STATES)
def test_states(visit: Visits, state: str, theme: str):
    """Cards, rules, selections, the other pictures and the empty page have none either."""
    assert violations(visit(_STATES[state], theme=theme, width=1024)) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_panels(visit: Visits, theme: str):
    """Nor have the panels of filters, columns, options and downloads while they are open."""
    reader = visit("data_map?basis=consent", theme=theme)
    for panel in ("filter_more", "map_options", "columns_flows", "download_flows", "download_graph"):
        reader.panel(panel)
        # The help of the button below the pointer would fade in while axe looks.
        reader.page.mouse.move(2, 2)
        expect(reader.page.get_by_role("tooltip")).to_have_count(0)
        assert violations(reader) == [], panel
        reader.page.keyboard.press("Escape")
        expect(reader.page.get_by_test_id("stPopoverBody")).to_have_count(0)


def test_picture_has_words(visit: Visits):
    """The picture's text alternative is the sentence below it."""
    reader = visit("data_map?category=logs")
    words = reader.page.get_by_role("figure").get_attribute("aria-label") or ""
    assert words.startswith("8 flows are shown, with 1 category and 8 vendors.")
    expect(reader.page.get_by_test_id("stMain").get_by_text(words, exact=True)).to_be_visible()
