"""The filter bar: options with counts, chips that take a filter away, the search box and the panel of more filters."""

from __future__ import annotations

from itertools import pairwise

from playwright.sync_api import expect
from visit import Visit, Visits


def take_away(reader: Visit, chip: str) -> None:
    reader.keyed("filter_remove").get_by_role("radio", name=chip).click()


def test_counts_change_with_the_other_filters(visit: Visits):
    """An option's count is of flows behind the other filters, and options without any are left out."""
    reader = visit("vendors")
    assert reader.options("category")[:2] == ["Identification data · 17", "Logs · 8"]
    reader.choose("section", "Marketing", "marketing")
    assert reader.options("category") == ["Identification data · 5", "Logs · 3"]
    assert (
        reader.options("section") == ["Technology · 22", "Marketing · 8", "Customer support & analytics · 5", "Admin · 1"]
        or len(reader.options("section")) == 3
    )


def test_a_chosen_options_count_is_refreshed(visit: Visits):
    """The count within a chosen option is that of the filters now, also after others have changed, and choosing goes on to work."""
    reader = visit("vendors")
    reader.choose("category", "Logs", "logs")
    chosen = reader.keyed("filter_category").locator("[data-tag]")
    expect(chosen).to_have_text("Logs · 8")
    reader.choose("section", "Marketing", "marketing")
    expect(chosen).to_have_text("Logs · 3")
    reader.choose("category", "Identification data", "identification-data")
    expect(chosen).to_have_text(["Logs · 3", "Identification data · 5"])
    assert reader.query()["category"] == ["logs", "identification-data"]


def test_chips_take_a_filter_away(visit: Visits):
    """Each chip takes its own filter away and no other; Clear all takes every one."""
    reader = visit("categories?category=logs&category=usage-data&section=technology&q=data")
    assert reader.chips() == ["Category: Logs ✕", "Category: Usage data ✕", "Section: Technology ✕", "Search: data ✕"]
    take_away(reader, "Category: Logs")
    reader.until(lambda query: query.get("category") == ["usage-data"])
    take_away(reader, "Search: data")
    reader.until(lambda query: "q" not in query)
    assert reader.chips() == ["Category: Usage data ✕", "Section: Technology ✕"]
    reader.keyed("filter_clear").get_by_role("button").click()
    reader.until(lambda query: not query)
    assert reader.chips() == [] and len(reader.options("category")) == 7


def test_search(visit: Visits):
    """Words typed and entered filter names and purposes; an emptied box lets go of them."""
    reader = visit("vendors")
    box = reader.page.get_by_role("textbox", name="Search")
    box.fill("calendar")
    box.press("Enter")
    reader.until(lambda query: query.get("q") == ["calendar"]).says("2 vendors")
    box.fill("")
    box.press("Enter")
    reader.until(lambda query: "q" not in query).says("22 vendors")


def test_more_filters(visit: Visits):
    """A filter of the panel is counted on its button, shown as a chip and kept when the panel closes."""
    reader = visit("data_map")
    reader.panel("filter_more")
    reader.choose("basis", "consent", "consent")
    reader.page.keyboard.press("Escape")
    expect(reader.button("filter_more")).to_contain_text("More filters (1)")
    reader.says("6 flows are shown")
    assert reader.chips() == ["Legal basis: consent ✕"]


def test_quick_choices_are_all_kept(visit: Visits):
    """Options chosen one after another without waiting for the page are all in the filter."""
    reader = visit("vendors")
    menu = reader.menu("category")
    for name in ("Logs", "Usage data", "Support data"):
        menu.get_by_role("option", name=name).click()
    reader.page.keyboard.press("Escape")
    reader.until(lambda query: sorted(query.get("category", [])) == ["logs", "support-data", "usage-data"])
    assert len(reader.chips()) == 3


def test_a_pages_own_tools_stand_below_the_filters(visit: Visits):
    """Filters, chips and what a page itself has to set stand in lines of their own, one gap apart; the link stands beside the title."""
    for width in (1440, 1024):
        reader = visit("data_map?category=logs", width=width)
        reader.chips()
        lines = [reader.keyed(key).bounding_box() for key in ("filter_category", "filter_clear", "overlay")]
        link = reader.button("copy_link").bounding_box()
        assert all(lines) and link and link["y"] + link["height"] < lines[0]["y"]
        for above, below in pairwise(lines):
            assert abs(below["y"] - above["y"] - above["height"] - 16) <= 1
