"""Nothing leaves the machine, and nothing a register holds is fetched or executed."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hostile import HOST, NAMES
from playwright.sync_api import expect
from visit import Visit, Visits

_VIEWS = {
    "overview": ["", "?q=name", "?category=k0&category=k1&section=not-stated"],
    "data_map": [
        "data_map?sel=vendor:k1",
        "data_map?map=Network&overlay=Gaps%3A+%2B+notes",
        "data_map?map=Matrix&layers=Purpose&layers=Section&layers=Company",
    ],
    "vendors": [f"vendors?show=k{at}" for at in (0, 1, 7)],
    "categories": [f"categories?show=k{at}" for at in (0, 1, 7)],
    "gaps": ["gaps?rule=own-rule&finding=k1", "gaps?category=k0&rule=role-not-stated"],
}


def elsewhere(reader: Visit) -> list[str]:
    """Return the addresses asked for that are not the app's own server or within the page itself."""
    own = urlsplit(reader.base).netloc
    return [url for url in reader.requests if urlsplit(url).scheme not in ("data", "blob", "about") and urlsplit(url).netloc != own]


@pytest.mark.parametrize("page", _VIEWS)
def test_hostile_register(visit: Visits, page: str):
    """Cells of remote pictures, markup, scripts and addresses make the browser ask for nothing and run nothing."""
    reader = visit(_VIEWS[page][0], register="hostile")
    for at, view in enumerate(_VIEWS[page]):
        if at:
            reader.go(view)
        if "data_map" in view:
            chart = reader.chart().bounding_box()
            assert chart
            for share in (0.25, 0.5, 0.75):
                reader.page.mouse.move(chart["x"] + chart["width"] * share, chart["y"] + chart["height"] / 2)
                reader.page.wait_for_timeout(150)
        main = reader.page.get_by_test_id("stMain")
        assert reader.page.evaluate("window.caught") is None
        assert main.locator(f"[src*='{HOST}'], [href*='{HOST}'], [style*='{HOST}'], script").count() == 0
        assert main.get_by_role("alert").filter(has_text="error").count() == 0
        expect(main).to_be_visible()
    assert elsewhere(reader) == [] and not reader.errors


def test_hostile_name_is_readable(visit: Visits):
    """What looks like markup is shown letter by letter, in the card, the chips and the menus."""
    reader = visit("categories?show=k1&category=k1", register="hostile")
    words = " ".join(NAMES[1].split())
    expect(reader.page.locator("h3").first).to_have_text(words)
    assert reader.chips() == [f"Category: {words} ✕"]
    # What is chosen is no longer offered.
    reader.go("categories")
    assert any(words in option for option in reader.options("category"))


def test_bundled_register(visit: Visits):
    """With the bundled register, fonts, icons and scripts come from the app's own server too, panels opened and a file taken."""
    reader = visit("", theme="dark")
    for view in ("vendors?show=sentry", "categories", "gaps?rule=role-not-stated", "data_map"):
        reader.go(view)
    reader.chart()
    reader.panel("download_flows")
    assert len(reader.requests) > 50 and elsewhere(reader) == []
