"""Categories: the table, and the card of one category with where it goes."""

from __future__ import annotations

import pytest
from screens import Open, plain, table

from popmap.views import CATEGORIES


def card(page) -> str:
    """Return the card's markup, "" when none is shown."""
    return "".join(element.proto.body for element in page.get("html") if "popmap-card" in element.proto.body)


def test_table(open_page: Open):
    """All seven categories are there, the two undeclared ones among them, with how far each goes."""
    rows = table(open_page("categories"), "description").set_index("name")
    assert len(rows) == 7 and rows.loc["Identification data", "vendors"] == 17
    assert rows.loc["access to calendar", "description"] == "not stated" and set(rows["retention_period"]) == {"not stated"}


def test_card(open_page: Open):
    """A linked category's card holds its flows, their quotes, its findings, its other spellings and what is not stated."""
    page = open_page("categories", show="billing-information")
    shown = card(page)
    assert not page.exception
    for words in (
        "also written Billing data",
        "Goes to: 1 flow",
        "Stripe",
        "line 33",
        "Payment details, company address, payment method",
        '<span class="tag">inferred</span>',
        "Retention period not stated",
        '<span class="blank">not stated</span>',
    ):
        assert words in shown, words


@pytest.mark.parametrize("gone", ["gone", "sentry", "<b>"])
def test_card_of_a_category_that_is_gone(open_page: Open, gone: str):
    """A link to a category that is not in the register says so."""
    page = open_page("categories", show=gone)
    assert not page.exception and not card(page)
    assert [warning.value for warning in page.warning] == ["The category this link shows is not in the register."]


def test_every_column(open_page: Open):
    """Every column of the table can be shown, and the table sorted by each that has an order."""
    page = open_page("categories")
    page.session_state["columns_categories"] = True
    page.run()
    page.multiselect(key="pick_categories").set_value([column.name for column in CATEGORIES.columns]).run()
    assert not page.exception and len(table(page, "notes").columns) == len(CATEGORIES.columns)
    for column in CATEGORIES.columns:
        if column.sort != "-":
            page.selectbox(key="sort_categories").set_value(column.name).run()
            assert not page.exception and len(table(page, "notes")) == 7, column.name


def test_no_row_matches(open_page: Open):
    """When the filter leaves no category the page says so, not an empty grid."""
    page = open_page("categories", q="zzzz")
    assert not page.exception and "No category matches. Remove a filter above" in plain(page) and not page.dataframe


def test_sorted_by_flows(open_page: Open):
    """Sorted by flows from high to low, the category with the most comes first."""
    page = open_page("categories")
    page.session_state["columns_categories"] = True
    page.run()
    page.selectbox(key="sort_categories").set_value("flows").run()
    page.toggle(key="descending_categories").set_value(True).run()
    rows = table(page, "description")
    assert list(rows["flows"]) == sorted(rows["flows"], reverse=True) and rows["name"][0] == "Identification data"
