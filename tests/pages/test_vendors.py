"""Vendors: the table, and the card of one vendor with the words each cell rests on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from registers import tiny, write
from screens import Open, plain, table

from popmap.opened import BUNDLED
from popmap.views import VENDORS


def card(page) -> str:
    """Return the card's markup, "" when none is shown."""
    return "".join(element.proto.body for element in page.get("html") if "popmap-card" in element.proto.body)


def test_table(open_page: Open):
    """All 22 vendors are there with their heading; what is not stated says so, and what was inferred is marked."""
    page = open_page("vendors")
    rows = table(page, "section").set_index("name")
    assert len(rows) == 22 and "22 vendors" in plain(page)
    assert rows.loc["Sentry", "section"] == "Technology" and set(rows["role"]) == {"not stated"}
    assert rows.loc["Google Cloud Platform", "company"] == "Google" and rows.loc["G Suite", "company"] == "Google (inferred)"
    assert rows.loc["ForestAdmin", "categories"] == 3 and rows.loc["ForestAdmin", "flows"] == 3


def test_filtered(open_page: Open):
    """Only vendors behind the filter are listed."""
    rows = table(open_page("vendors", category="billing-information"), "section")
    assert list(rows["name"]) == ["Stripe"]


def test_long_table(open_page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A table too long to be put into words as a whole shows the same rows in the same words and order as one that is not."""
    queries: list[dict[str, str | list[str]]] = [
        {},
        {"category": ["logs", "identification-data"]},
        {"q": "google", "cols": ["name", "company", "flows"]},
        {"section": "technology", "sort": "flows", "desc": "1", "audience": "public"},
    ]
    short = [table(open_page("vendors", **query), "name") for query in queries]
    monkeypatch.setattr("popmap.ui.table._PUT_INTO_WORDS", 0)
    # What the first register's pages showed is remembered.
    folder = shutil.copytree(BUNDLED, tmp_path / "register")
    for rows, query in zip(short, queries, strict=True):
        assert len(rows) > 1
        assert table(open_page("vendors", folder, **query), "name").to_dict("list") == rows.to_dict("list")


def test_nothing_chosen(open_page: Open):
    """Without a chosen row the page says what choosing one does."""
    page = open_page("vendors")
    assert "Choose a row to see everything known about a vendor" in plain(page) and not card(page)


def test_card(open_page: Open):
    """A linked vendor's card holds its flows, its findings and each stated cell's quote with its line, and "not stated" elsewhere."""
    page = open_page("vendors", show="sentry")
    shown = card(page)
    assert not page.exception and "Sentry" in [element.value for element in page.subheader]
    for words in (
        "sentry · vendors row 3",
        "<q>Technology</q> line 10",
        "Receives: 1 flow",
        "To track and identify any bugs or security incidents",
        "line 14",
        "Legal basis not stated",
        "Art. 28(3)",
        '<span class="blank">not stated</span>',
    ):
        assert words in shown, words


def test_card_of_an_inferred_cell(open_page: Open):
    """A cell that was inferred is marked so, with the words that led to it."""
    shown = card(open_page("vendors", show="g-suite"))
    assert '<span class="tag">inferred</span> <q>G Suite</q>' in shown


@pytest.mark.parametrize("gone", ["gone", "![x](https://tracker.example/a.png)", "' OR 1=1 --", "x" * 5000])
def test_card_of_a_vendor_that_is_gone(open_page: Open, gone: str):
    """A link to a vendor that is not in the register says so."""
    page = open_page("vendors", show=gone)
    assert not page.exception and not card(page)
    assert [warning.value for warning in page.warning] == ["The vendor this link shows is not in the register."]


def test_card_of_a_vendor_only_flows_name(open_page: Open, tmp_path):
    """A vendor that only flows name has a card that says it has no row."""
    tables = tiny()
    tables["flows"].append({"category_id": "logs", "vendor_id": "stranger", "purpose": "To be seen"})
    page = open_page("vendors", write(tmp_path, tables), show="stranger")
    assert not page.exception and "no row in vendors; only flows name it" in card(page) and "To be seen" in card(page)


def test_every_column(open_page: Open):
    """Every column of the table can be shown, and the table sorted by each that has an order."""
    page = open_page("vendors")
    page.session_state["columns_vendors"] = True
    page.run()
    page.multiselect(key="pick_vendors").set_value([column.name for column in VENDORS.columns]).run()
    assert not page.exception and len(table(page, "website").columns) == len(VENDORS.columns)
    for column in VENDORS.columns:
        if column.sort != "-":
            page.selectbox(key="sort_vendors").set_value(column.name).run()
            assert not page.exception and len(table(page, "website")) == 22, column.name


def test_no_row_matches(open_page: Open):
    """When the filter leaves no vendor the page says so, not an empty grid."""
    page = open_page("vendors", q="zzzz")
    assert not page.exception and "No vendor matches. Remove a filter above" in plain(page) and not page.dataframe
