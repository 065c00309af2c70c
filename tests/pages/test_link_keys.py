"""A link holds the whole view: a table's columns, order and page, and how far the map's neighbourhood goes, as keys."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screens import Open, go, table

from popmap.exports.asking import asked_rows
from popmap.opened import BUNDLED, opened
from popmap.tables import fetch
from popmap.ui.arrangement import Arrangement, parse, sortable, to_keys
from popmap.views import VIEWS
from tests.benchmarks.generate import generate

# Page of the app -> its table and what else its link needs.
_TABLES = {
    "data_map": ("flows", {}),
    "vendors": ("vendors", {}),
    "categories": ("categories", {}),
    "gaps": ("findings", {"rule": "role-not-stated"}),
}
tables = pytest.mark.parametrize("name", _TABLES)


def held(page) -> dict[str, list[str]]:
    """Return the keys and values of a page's address."""
    return {key: [value] if isinstance(value, str) else list(value) for key, value in dict(page.query_params).items()}


def panel(page, key: str):
    """Open a panel."""
    page.session_state[key] = True
    return page.run()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a made-up register of some pages of flows."""
    folder = tmp_path_factory.mktemp("many")
    generate(folder, 400, categories=12, vendors=60, seed=7)
    return folder


@tables
def test_columns_and_order(open_page: Open, name: str):
    """A link's columns, in its order, and its sorting are on the screen and in the panel; nothing of the link is lost."""
    shown, rest = _TABLES[name]
    view = VIEWS[shown]
    sort = sortable(view)[0]
    columns = [sort, view.columns[-1].name]
    asked = {"cols": columns, "sort": [sort], "desc": ["1"], **{key: [value] for key, value in rest.items()}}
    page = panel(open_page(name, **asked), f"columns_{shown}")
    assert not page.exception and not page.warning and held(page) == asked
    (rows,) = [element.value for element in page.dataframe if list(element.value.columns) == columns]
    assert len(rows)
    assert page.multiselect(key=f"pick_{shown}").value == columns
    assert page.selectbox(key=f"sort_{shown}").value == sort and page.toggle(key=f"descending_{shown}").value


@tables
def test_what_is_chosen_is_written(open_page: Open, name: str):
    """What the reader chooses is written by key; back at the default nothing of it stands in the address."""
    shown, rest = _TABLES[name]
    sort = sortable(VIEWS[shown])[1]
    page = panel(open_page(name, **rest), f"columns_{shown}")
    before = list(page.multiselect(key=f"pick_{shown}").value)
    page.multiselect(key=f"pick_{shown}").set_value(before[:2]).run()
    page.selectbox(key=f"sort_{shown}").set_value(sort).run()
    page.toggle(key=f"descending_{shown}").set_value(True).run()
    own = {key: [value] for key, value in rest.items()}
    assert not page.exception and held(page) == {"cols": before[:2], "sort": [sort], "desc": ["1"], **own}
    page.multiselect(key=f"pick_{shown}").set_value([]).run()
    page.selectbox(key=f"sort_{shown}").set_value("").run()
    page.toggle(key=f"descending_{shown}").set_value(False).run()
    assert not page.exception and held(page) == own and page.multiselect(key=f"pick_{shown}").value == before


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ({"cols": "gone"}, {}),
        ({"cols": ["vendor", "gone", "vendor", "purpose"]}, {"cols": ["vendor", "purpose"]}),
        ({"sort": "section"}, {}),
        ({"sort": "gone", "desc": "1"}, {"desc": ["1"]}),
        ({"sort": "f.row_no; DROP TABLE flows"}, {}),
        ({"desc": "maybe"}, {}),
        ({"page": "2"}, {}),
        ({"page": "-1"}, {}),
        ({"page": "²"}, {}),
        ({"page": "9" * 5000}, {}),
        ({"depth": "4", "sel": "vendor:sentry"}, {"sel": ["vendor:sentry"]}),
        ({"depth": "1", "sel": "vendor:sentry"}, {"sel": ["vendor:sentry"]}),
        ({"grouped": "maybe", "top": "7"}, {}),
        ({"layers": ["Category", "Nonsense", "Company"]}, {"layers": ["Category", "Company"]}),
    ],
    ids=lambda part: str(part)[:50],
)
def test_what_does_not_exist(open_page: Open, query: dict[str, str | Sequence[str]], kept: dict[str, list[str]]):
    """What the table or the map does not have is taken out of the address; the rest of the link holds and all rows are shown."""
    page = open_page("data_map", **query)
    assert not page.exception and held(page) == kept and len(page.dataframe[0].value) == 34


def test_page(open_page: Open, many: Path):
    """A link's page of rows is shown; turning the page writes it, and the first page needs no key."""
    page = open_page("data_map", many, page="3", cols=["row_no"])
    assert not page.exception and list(table(page, "row_no")["row_no"])[:2] == [102, 103]
    (pages,) = page.get("pagination")
    assert pages.proto.num_pages == 8
    page.session_state["page_flows"] = 1
    assert held(page) == {"page": ["3"], "cols": ["row_no"]}


@pytest.mark.parametrize("change", ["sort", "filter"])
def test_other_rows_begin_at_the_first_page(open_page: Open, many: Path, change: str):
    """In another order, and behind another filter, the rows begin at the first page; the columns stay."""
    page = panel(open_page("data_map", many, page="3", cols=["row_no"]), "columns_flows")
    if change == "sort":
        page.selectbox(key="sort_flows").set_value("row_no").run()
    else:
        page.text_input(key="filter_q").set_value("a").run()
    assert not page.exception and "page" not in held(page) and held(page)["cols"] == ["row_no"]


def test_choosing_a_row_keeps_the_page(open_page: Open, many: Path):
    """A link to a row on a later page shows both."""
    page = open_page("vendors", many, page="2", show="gone")
    assert not page.exception and held(page) == {"page": ["2"], "show": ["gone"]} and len(table(page, "section")) == 10


def test_neighbourhood(open_page: Open):
    """The neighbourhood's steps are in the address while something is selected, and go with the selection."""
    page = open_page("data_map", sel="vendor:sentry", depth="2")
    (steps,) = [group for group in page.button_group if group.key == "depth"]
    assert not page.exception and steps.value == 2
    steps.set_value(3).run()
    assert held(page) == {"sel": ["vendor:sentry"], "depth": ["3"]}
    page.button(key="clear_selection").click().run()
    assert not page.exception and not held(page)


def test_map_options(open_page: Open):
    """The panel's options are written as they are chosen, and leave the address at their defaults."""
    page = panel(open_page("data_map"), "map_options")
    page.multiselect(key="layers").set_value(["Category", "Company"]).run()
    page.toggle(key="grouped").set_value(True).run()
    page.selectbox(key="top").set_value("10").run()
    assert not page.exception and held(page) == {"layers": ["Category", "Company"], "grouped": ["true"], "top": ["10"]}
    page.multiselect(key="layers").set_value([]).run()
    assert page.multiselect(key="layers").value == []
    page.multiselect(key="layers").set_value(["Category", "Vendor"]).run()
    page.toggle(key="grouped").set_value(False).run()
    page.selectbox(key="top").set_value("As many as can be read").run()
    assert not page.exception and not held(page)


def test_another_table_has_its_own_order(open_page: Open):
    """A table's order does not follow to another page; whoever comes back finds it, in the address too."""
    page = open_page("vendors", sort="flows", desc="1", cols=["name", "flows"])
    assert list(table(page, "flows").columns) == ["name", "flows"]
    page.query_params.clear()
    go(page, "categories")
    assert not page.exception and not held(page) and "description" in table(page, "flows").columns
    go(page, "vendors")
    assert not page.exception and held(page) == {"sort": ["flows"], "desc": ["1"], "cols": ["name", "flows"]}
    assert list(table(page, "flows").columns) == ["name", "flows"]


def test_going_back_to_a_bare_address(open_page: Open):
    """The same page's address without keys shows the table as it is by default."""
    page = open_page("vendors", sort="flows", cols=["name", "flows"])
    page.query_params.clear()
    page.run()
    assert not page.exception and not held(page) and "section" in table(page, "flows").columns


def test_another_rule_begins_at_the_first_page(open_page: Open):
    """A page of one rule's rows that another rule does not have is left out."""
    page = open_page("gaps", rule="role-not-stated", page="2")
    assert not page.exception and held(page) == {"rule": ["role-not-stated"]} and len(table(page, "subject")) == 22


def test_the_link_to_copy(open_page: Open):
    """The link to copy holds filter, selection, map and table."""
    asked = {"category": "logs", "map": "Network", "sel": "vendor:sentry", "depth": "2", "cols": ["vendor", "purpose"], "sort": "vendor"}
    page = panel(open_page("data_map", **asked), "copy_link")
    (link,) = page.code
    query = link.value.partition("?")[2]
    assert sorted(query.split("&")) == sorted(
        ["category=logs", "map=Network", "sel=vendor%3Asentry", "depth=2", "cols=vendor", "cols=purpose", "sort=vendor"]
    )


def test_the_same_order_over_http(open_page: Open):
    """The keys of the order mean the same to the page, to the command line and over HTTP."""
    query = {"sort": ["flows"], "desc": ["1"]}
    store = opened(BUNDLED)
    rows = fetch(store, "vendors", asked_rows(query, store, "vendors"))
    shown = table(open_page("vendors", **query), "section")["name"]
    assert [name.removesuffix(" (inferred)") for name in shown] == rows["name"].to_pylist()


@cache
def _names(name: str) -> list[str]:
    return [column.name for column in VIEWS[name].columns]


@given(st.data())
def test_keys_and_back(data: st.DataObject):
    """An arrangement's keys give that arrangement again, whatever the table."""
    view = VIEWS[data.draw(st.sampled_from(sorted(VIEWS)))]
    names = _names(view.name)
    columns = data.draw(st.lists(st.sampled_from(names), min_size=1, unique=True).map(tuple))
    default = data.draw(st.lists(st.sampled_from(names), min_size=1, unique=True).map(tuple))
    pages = data.draw(st.integers(1, 200_000))
    found = Arrangement(
        columns, data.draw(st.sampled_from(["", *sortable(view)])), data.draw(st.booleans()), data.draw(st.integers(1, pages))
    )
    assert parse(to_keys(found, default), view, default, pages) == found


@given(st.dictionaries(st.sampled_from(["cols", "sort", "desc", "page", "q"]), st.lists(st.text(max_size=30), max_size=4)))
def test_any_link(query: dict[str, list[str]]):
    """Whatever a link holds, it asks for columns, an order and a page that there are."""
    view = VIEWS["vendors"]
    found = parse(query, view, ["name"], 3)
    assert found.columns and set(found.columns) <= set(_names("vendors"))
    assert found.sort in ("", *sortable(view)) and 1 <= found.page <= 3
