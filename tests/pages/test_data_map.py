"""Data map: each kind of picture with each option, what is selected, and the table of the same rows."""

from __future__ import annotations

import pytest
from screens import Open, chart, options, plain, table

WORDS = "34 flows are shown, with 7 categories and 22 vendors. Identification data reaches 17 of 22 vendors"


def node_ids(page) -> set[str]:
    """Return the ids of the nodes that can be clicked."""
    found = set()
    for trace in chart(page)["data"]:
        for owner in trace.get("customdata") or ():
            found |= {owner} if isinstance(owner, str) else set(owner)
    return {name for name in found if ":" in str(name)}


def test_default(open_page: Open):
    """The map shows the 7 categories and 22 vendors; the sentence below is its text alternative; the table has the same 34 rows."""
    page = open_page("data_map")
    ids = node_ids(page)
    assert len([name for name in ids if name.startswith("category:")]) == 7
    assert len([name for name in ids if name.startswith("vendor:")]) == 22
    assert page.get("plotly_chart")[0].proto.alt.startswith(WORDS) and WORDS in plain(page)
    assert len(table(page, "purpose")) == 34


@pytest.mark.parametrize("overlay", ["Gaps: off", "Gaps: errors", "Gaps: + warnings", "Gaps: + notes"])
@pytest.mark.parametrize("picture", ["Flow", "Network", "Matrix"])
def test_every_picture_with_every_overlay(open_page: Open, picture: str, overlay: str):
    """Every kind of picture draws every category and vendor, whichever gaps it marks, and with the same sentence."""
    page = open_page("data_map", map=picture, overlay=overlay)
    assert not page.exception and len(node_ids(page)) == 29 and WORDS in plain(page)


@pytest.mark.parametrize(
    "layers",
    [
        ["Vendor", "Category"],
        ["Section", "Category", "Vendor"],
        ["Category", "Purpose", "Legal basis", "Role", "Country"],
        ["Company", "Data use"],
    ],
    ids="-".join,
)
@pytest.mark.parametrize("picture", ["Flow", "Network", "Matrix"])
def test_layers(open_page: Open, picture: str, layers: list[str]):
    """Any layers in any order draw, from the link as from the menu."""
    page = open_page("data_map", map=picture, layers=layers)
    page.session_state["map_options"] = True
    page.run()
    assert not page.exception and page.multiselect(key="layers").value == layers and node_ids(page)


@pytest.mark.parametrize(
    "query", [{"layers": "Vendor"}, {"layers": "Nonsense"}, {"map": "Pie"}, {"overlay": "x"}, {"top": "7"}, {"grouped": "maybe"}]
)
def test_options_that_do_not_exist(open_page: Open, query: dict):
    """An option a link has wrong falls back to the default picture of categories and vendors."""
    page = open_page("data_map", **query)
    assert not page.exception and len(node_ids(page)) == 29


def test_group_by_company(open_page: Open):
    """Vendors of one stated company become one node: Google's six and Microsoft's two leave 16 of 22."""
    page = open_page("data_map", grouped="true")
    assert len([name for name in node_ids(page) if name.startswith("vendor:")]) == 16


def test_most_nodes_of_a_layer(open_page: Open):
    """With ten nodes to a layer the other vendors are drawn as one, and the table still has each."""
    page = open_page("data_map", top="10")
    assert len([name for name in node_ids(page) if name.startswith("vendor:")]) <= 11
    assert "vendor:*" in node_ids(page) and len(table(page, "purpose")) == 34


def test_selected_vendor(open_page: Open):
    """A selected vendor is highlighted, not filtered to, and the page says what it reaches and what would be affected without it."""
    page = open_page("data_map", sel="vendor:forestadmin")
    assert "ForestAdmin receives 3 categories (Identification data, Logs and Usage data)" in plain(page)
    assert len(node_ids(page)) == 29 and len(table(page, "purpose")) == 34


def test_selected_company(open_page: Open):
    """A selected company speaks of all its vendors."""
    page = open_page("data_map", sel="company:google", layers=["Category", "Company"])
    assert not page.exception and "Google" in plain(page) and "receive" in plain(page)


@pytest.mark.parametrize("picture", ["Flow", "Network", "Matrix"])
def test_selected_band(open_page: Open, picture: str):
    """A selected band names both its ends."""
    page = open_page("data_map", sel="category:logs>vendor:sentry", map=picture)
    assert not page.exception and "**Logs → Sentry**" in plain(page)


@pytest.mark.parametrize("gone", ["vendor:gone", "nonsense", ">", "category:logs>vendor:gone", "vendor:", "![x](https://x)"])
def test_selection_that_is_gone(open_page: Open, gone: str):
    """A link's selection that is not in the picture is said to be missing and can be cleared."""
    page = open_page("data_map", sel=gone)
    assert not page.exception and "What this link selects is not in the picture under the current filter." in plain(page)
    page.button(key="clear_missing").click().run()
    assert not page.exception and "sel" not in page.query_params


def test_filter_to_the_selection(open_page: Open):
    """What is selected can be filtered to; the filter then stands in the address in place of the selection."""
    page = open_page("data_map", sel="category:logs>vendor:sentry")
    page.button(key="filter_to").click().run()
    assert not page.exception and "sel" not in page.query_params
    assert page.query_params["category"] in ("logs", ["logs"]) and page.query_params["vendor"] in ("sentry", ["sentry"])
    assert len(table(page, "purpose")) == 1


def test_filter_to_a_company(open_page: Open):
    """Filtering to a grouped company filters to its vendors."""
    page = open_page("data_map", grouped="true")
    (company,) = [name for name in node_ids(page) if "google" in name.lower() and name.startswith("vendor:")]
    page.query_params["sel"] = company
    page.run()
    page.button(key="filter_to").click().run()
    assert not page.exception and len(page.query_params["vendor"]) == 6


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_neighbourhood(open_page: Open, depth: int):
    """Each step of the neighbourhood draws without changing the rows."""
    page = open_page("data_map", sel="vendor:sentry")
    (steps,) = [group for group in page.button_group if group.key == "depth"]
    steps.set_value(depth).run()
    assert not page.exception and len(table(page, "purpose")) == 34


def test_table_follows_the_filter(open_page: Open):
    """The table has the picture's rows and no other, and says "not stated" where the register says nothing."""
    page = open_page("data_map", category="logs", basis="not-stated")
    rows = table(page, "purpose")
    assert set(rows["category"]) == {"Logs"} and set(rows["legal_basis"]) == {"not stated"} and len(rows) == 8
    assert "8 flows are shown" in plain(page)


def test_columns_and_order(open_page: Open):
    """The reader chooses columns and the order; the choice outlives the closing of its panel."""
    page = open_page("data_map")
    page.session_state["columns_flows"] = True
    page.run()
    page.multiselect(key="pick_flows").set_value(["vendor", "section"]).run()
    page.selectbox(key="sort_flows").set_value("vendor").run()
    page.toggle(key="descending_flows").set_value(True).run()
    page.session_state["columns_flows"] = False
    page.run()
    assert not page.exception
    rows = table(page, "section")
    assert list(rows.columns) == ["vendor", "section"] and list(rows["vendor"]) == sorted(rows["vendor"], key=str.lower, reverse=True)


def test_more_filters(open_page: Open):
    """Every other facet is behind "More filters", each option with the flows it has under the other filters."""
    page = open_page("data_map", category="logs")
    page.session_state["filter_more"] = True
    page.run()
    assert not page.exception
    assert options(page, "filter_basis") == ["not stated · 8"]
    assert options(page, "filter_role") == ["not stated · 8"] and len(options(page, "filter_purpose")) > 3


def test_downloads(open_page: Open):
    """Opened, the two panels offer every format of the table and of the graph."""
    page = open_page("data_map")
    page.session_state["download_flows"] = page.session_state["download_graph"] = True
    page.run()
    assert [button.proto.label for button in page.get("download_button")] == [
        "SVG picture", "GraphML", "GEXF (Gephi)", "Cytoscape JSON", "SankeyMATIC text", "CSV", "Excel", "JSON", "Parquet",
    ]  # fmt: skip
