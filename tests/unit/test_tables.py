"""The tables popmap shows: every column sorts or says why not, pages have no holes, and what is internal stays inside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from registers import DAY, some_rules, tiny, with_flow, write

from popmap.checks.run import open_checked
from popmap.errors import UsageError
from popmap.filters import FACETS, Filter, flow_where, row_where
from popmap.register.schema import BY_NAME
from popmap.store import Store, open_store
from popmap.tables import UNLIMITED, Ask, count, fetch
from popmap.views import VIEWS, View, view

SORTABLE = [(name, column.name) for name, shown in VIEWS.items() for column in shown.columns if column.sort != "-"]
FIXED = [(name, column.name) for name, shown in VIEWS.items() for column in shown.columns if column.sort == "-"]


def busy() -> dict[str, list[dict[str, str]]]:
    """Return a register with many rows that tie: undeclared vendors and categories, faults in the same rows, equal names."""
    tables = with_flow(purpose="p", legal_basis="habit", locations="FR;XX", data_use="no.such", transfer_checked_on="soon", notes="inside")
    tables["categories"][0]["notes"] = "inside"
    for number in range(6):
        tables["flows"].append({"category_id": f"ghost-{number % 3}", "vendor_id": f"nobody-{number}", "purpose": "p"})
        tables["vendors"].append({"vendor_id": f"same-{number}", "name": "Same", "notes": "inside"})
        tables["activities"].append(
            {"activity_id": f"act-{number}", "name": "Same", "category_ids": "logs;gone", "vendor_ids": "gone", "owner": "inside"}
        )
    return tables


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The busy register with all of popmap's rules."""
    return open_checked(write(tmp_path_factory.mktemp("busy"), busy()), DAY)


def rows(store: Store, name: str, **ask: Any) -> list[dict]:
    """Return the rows of a view."""
    return fetch(store, name, Ask(**ask)).to_pylist()


@pytest.mark.parametrize(("name", "column"), SORTABLE)
@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
def test_every_column_sorts(store: Store, name: str, column: str, descending: bool):
    """Sorting by a column changes nothing but the order, runs as asked, and puts what is not stated last either way."""
    found = rows(store, name, sort=column, descending=descending)
    assert sorted(map(str, found)) == sorted(map(str, rows(store, name)))
    cells = [row[column] for row in found]
    stated = [cell for cell in cells if cell is not None]
    assert cells[: len(stated)] == stated, "not stated comes last"
    order = {
        "severity": ["error", "warning", "note"].index,
        "transfer_state": ["location-not-stated", "inside-eea", "adequacy", "safeguards", "no-mechanism"].index,
        "evidence_status": ["none", "inferred", "stated", "confirmed"].index,
    }
    if (name, column) == ("flows", "category") or (name, column) == ("flows", "vendor"):
        # Sorted by key: the names are looked up for the page only.
        stated = [row[f"{column}_id"] for row in found]
    key = order.get(column) or (
        lambda cell: cell.lower() if isinstance(cell, str) and column in ("name", "section", "company") and name != "activities" else cell
    )
    if (name, column) == ("flows", "data_use"):
        stated, key = [row["data_use_key"] for row in found if row["data_use_key"] is not None], None
    assert stated == sorted(stated, key=key, reverse=descending)


@pytest.mark.parametrize(
    ("name", "column"), [*FIXED, *((name, "no_such_column") for name in VIEWS), ("flows", "f.row_no; DROP TABLE flows")]
)
def test_what_cannot_be_sorted_is_refused(store: Store, name: str, column: str):
    """A column that cannot be ordered by, or does not exist, is a usage error that names it."""
    with pytest.raises(UsageError, match=r"cannot be sorted|has no column"):
        fetch(store, name, Ask(sort=column))


@pytest.mark.parametrize(
    "call", [lambda store: fetch(store, "customers", Ask()), lambda store: count(store, "customers", Ask()), lambda _: view("")]
)
def test_an_unknown_table_is_refused(store: Store, call):
    """A table there is none of is a usage error that lists those there are."""
    with pytest.raises(UsageError, match="Use one of flows, vendors, categories, activities, findings"):
        call(store)


def filters(store: Store) -> list[Filter]:
    """Return no filter, one of each facet, and a few mixes."""
    single = [Filter().having(facet, list(store.known[facet.key])[:1]) for facet in FACETS]
    return [
        Filter(),
        *single,
        Filter(text="same"),
        Filter(text="no such text"),
        Filter(categories=("logs",), text="mailer"),
        Filter(gaps=single[-1].gaps, vendors=("sentry",)),
    ]


@pytest.mark.parametrize("name", VIEWS)
def test_count_is_what_is_fetched(store: Store, name: str):
    """The count of a table is the number of its rows under every filter, whatever page is asked for."""
    for asked in filters(store):
        assert count(store, name, Ask(filter=asked)) == len(rows(store, name, filter=asked)), asked
        assert count(store, name, Ask(filter=asked, limit=1, offset=3, sort="row_no")) == len(rows(store, name, filter=asked)), asked
    assert count(store, name, Ask()) > 5


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("size", [3, 7])
def test_pages_have_no_holes(store: Store, name: str, size: int):
    """The pages of a table, one after another, are the table: no row twice, none missing, in whatever order and however many tie."""
    shown = VIEWS[name]
    tied = [
        column.name for column in shown.columns if column.sort != "-" and column.name in ("section", "severity", "purpose", "name", "code")
    ]
    for sort in ["", *tied]:
        whole = rows(store, name, sort=sort)
        paged = [row for start in range(0, len(whole) + size, size) for row in rows(store, name, sort=sort, limit=size, offset=start)]
        assert paged == whole, sort


@pytest.mark.parametrize("name", VIEWS)
def test_the_order_is_complete(store: Store, name: str):
    """No two rows of a table tie in its own order, so pages never depend on chance: the same question always gives the same order."""
    first = rows(store, name)
    assert all(rows(store, name) == first for _ in range(3))
    identities = [
        (row.get("row_id"), row.get("code"), row.get("column_name"), row.get("value"), row.get("detail"), row.get(VIEWS[name].key))
        for row in first
    ]
    assert len(set(identities)) == len(identities)


@pytest.mark.parametrize("shown", VIEWS.values(), ids=VIEWS)
def test_internal_columns_stay_inside(store: Store, shown: View):
    """What is marked internal in the model is internal in the table, and leaves with no file for outsiders."""
    table = BY_NAME.get(shown.name)
    internal = {column.name for column in shown.columns if column.internal}
    if table:
        assert internal == {column.name for column in table.columns if column.internal}
    inside, outside = fetch(store, shown.name, Ask()), fetch(store, shown.name, Ask(), internal=False)
    assert inside.column_names == [column.name for column in shown.columns]
    assert set(inside.column_names) - set(outside.column_names) == internal
    assert outside.num_rows == inside.num_rows
    if internal:
        assert "inside" in str(inside.to_pydict()) and "inside" not in str(
            {name: outside[name].to_pylist() for name in outside.column_names if name != "transfer_state"}
        )


@pytest.mark.parametrize("shown", VIEWS.values(), ids=VIEWS)
def test_columns_have_headings(shown: View):
    """Every column has a heading of its own, some are shown without being chosen, and the key is one of them."""
    labels = [column.label for column in shown.columns]
    assert len(set(labels)) == len(labels) and all(labels)
    assert any(column.default and not column.internal for column in shown.columns)
    assert shown.column(shown.key)


@pytest.mark.parametrize("name", ["categories", "vendors", "activities", "flows"])
def test_every_cell_of_the_model_is_shown(name: str):
    """A table shows every column of the model's table, as a column of its own or under the flow's names for its keys."""
    under = {"flows": {"data_use": "data_use_key"}}.get(name, {})
    assert {under.get(column.name, column.name) for column in BY_NAME[name].columns} <= {column.name for column in VIEWS[name].columns}


def test_flows_are_the_register_s_rows(store: Store):
    """The flows table holds every flow with names looked up and keys beside them, in the order of the file."""
    found = rows(store, "flows")
    stated = busy()["flows"]
    assert [(row["category_id"], row["vendor_id"], row["purpose"]) for row in found] == [
        (row["category_id"], row["vendor_id"], row.get("purpose")) for row in stated
    ]
    assert [row["row_no"] for row in found] == list(range(2, len(stated) + 2))
    assert found[0] | {"findings": 0} == found[0] | {
        "category": "Logs",
        "vendor": "Sentry",
        "section": "Technology",
        "company": None,
        "role": "processor",
        "legal_basis": "legitimate-interests",
        "transfer_state": "safeguards",
        "evidence_status": "confirmed",
        "row_id": "logs/sentry/To find bugs",
        "findings": 0,
    }
    assert found[1]["data_use"] == "Analytics" and found[1]["data_use_key"] == "analytics"
    assert (found[-1]["category"], found[-1]["vendor"]) == ("ghost-2", "nobody-5")


def test_vendors_and_categories_that_only_flows_name(store: Store):
    """A vendor or category without a row of its own is listed last, under its key, with what the flows say."""
    found = rows(store, "vendors")
    assert [(row["vendor_id"], row["name"], row["row_no"], row["flows"]) for row in found][-6:] == [
        (f"nobody-{number}", f"nobody-{number}", None, 1) for number in range(6)
    ]
    assert [(row["category_id"], row["row_no"], row["vendors"]) for row in rows(store, "categories")][-3:] == [
        (f"ghost-{number}", None, 2) for number in range(3)
    ]
    mailer = next(row for row in found if row["vendor_id"] == "mailer")
    assert (mailer["categories"], mailer["category_names"], mailer["flows"], mailer["certifications"]) == (
        2,
        "Identité; Logs",
        2,
        "ISO 27001; SOC 2",
    )


def test_filtered_tables_are_parts_of_the_whole(store: Store):
    """Under any filter each table is the rows its condition selects, in the order of the whole table."""
    for asked in filters(store):
        for name, key in (("vendors", "vendor"), ("categories", "category")):
            where = row_where(asked, store.known, name)
            wanted = {row for (row,) in store.query(f"SELECT {key}_key FROM {key}_facts {name[0]} WHERE {where.sql}", where.parameters)}
            assert rows(store, name, filter=asked) == [row for row in rows(store, name) if row[f"{key}_id"] in wanted]
        where = flow_where(asked, store.known)
        wanted = {row for (row,) in store.query(f"SELECT f.row_no FROM flows f WHERE {where.sql}", where.parameters)}
        assert rows(store, "flows", filter=asked) == [row for row in rows(store, "flows") if row["row_no"] in wanted]


def test_activities_follow_the_categories_behind_a_filter(store: Store):
    """Activities are shown when one of their categories is behind the filter; all of them when nothing is asked for."""
    assert [row["activity_id"] for row in rows(store, "activities", filter=Filter(categories=("identity",)))] == ["support", "news"]
    assert [row["activity_id"] for row in rows(store, "activities", filter=Filter(categories=("source-code",)))] == []
    assert rows(store, "activities", filter=Filter(vendors=("spare",))) == []
    assert len(rows(store, "activities")) == 8


# -- findings --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The tiny register with five small rules whose findings can be counted by hand."""
    return open_store(write(tmp_path_factory.mktemp("small"), tiny()), some_rules, DAY)


def found(store: Store, **ask: Any) -> list[tuple[str, str, int]]:
    """Return the findings: code, table and row."""
    return [(row["code"], row["table_name"], row["row_no"]) for row in rows(store, "findings", **ask)]


def test_findings_of_the_tiny_register(small: Store):
    """All findings, worst first, each with its rule, its row and what it is about."""
    assert found(small) == [
        ("no-purpose", "flows", 6),
        ("no-basis", "flows", 3),
        ("no-basis", "flows", 7),
        ("no-role", "vendors", 3),
        ("no-role", "vendors", 5),
        ("no-subjects", "categories", 3),
        ("no-subjects", "categories", 4),
    ]
    whole = rows(small, "findings")
    assert [row["severity"] for row in whole] == ["error", "warning", "warning", "note", "note", "note", "note"]
    assert [row["subject"] for row in whole] == [
        "Identité → Courier", "Logs → Mailer", "Source code → Sentry", "Mailer", "Spare", "Identité", "Source code",
    ]  # fmt: skip
    assert [row["row_id"] for row in whole][:3] == ["identity/courier/", "logs/mailer/To count clicks", "source-code/sentry/To find bugs"]


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        ({"rule": "no-role"}, [("no-role", "vendors", 3), ("no-role", "vendors", 5)]),
        ({"rule": "no-such-rule"}, []),
        ({"severities": ("error",)}, [("no-purpose", "flows", 6)]),
        (
            {"severities": ("error", "note"), "filter": Filter(sections=("marketing",))},
            [("no-purpose", "flows", 6), ("no-role", "vendors", 3), ("no-subjects", "categories", 3)],
        ),
        ({"filter": Filter(vendors=("mailer",))}, [("no-basis", "flows", 3), ("no-role", "vendors", 3), ("no-subjects", "categories", 3)]),
        ({"filter": Filter(gaps=("no-basis",))}, [("no-basis", "flows", 3), ("no-basis", "flows", 7)]),
        ({"filter": Filter(gaps=("no-basis", "no-role"), vendors=("mailer",))}, [("no-basis", "flows", 3), ("no-role", "vendors", 3)]),
        ({"filter": Filter(gaps=("no-basis",)), "rule": "no-purpose"}, [("no-purpose", "flows", 6)]),
        ({"severities": ("nonsense",)}, []),
    ],
)  # fmt: skip
def test_findings_behind_a_filter(small: Store, ask: dict, expected: list):
    """A chosen gap, rule or severity picks the rules; the other facets pick the rows the findings are about."""
    assert found(small, **ask) == expected
    assert count(small, "findings", Ask(**ask)) == len(expected)


def test_findings_add_up(store: Store):
    """The findings of all rules together are all findings, and the tables' own columns count those of their rows."""
    whole = rows(store, "findings")
    codes = {row["code"] for row in whole}
    assert {"dangling-reference", "value-not-allowed", "invalid-date", "invalid-country"} <= codes
    assert sum(count(store, "findings", Ask(rule=code)) for code in codes) == len(whole) == count(store, "findings", Ask())
    bits = {code for (code,) in store.query("SELECT code FROM rules WHERE flow_bit IS NOT NULL")}
    for row in rows(store, "flows"):
        assert row["findings"] == sum(one["code"] in bits and one["row_no"] == row["row_no"] for one in whole)


def test_limits(store: Store):
    """No limit means all, a limit of none means none, and a page beyond the end is empty."""
    assert len(rows(store, "flows", limit=UNLIMITED)) == 13
    assert rows(store, "flows", limit=0) == [] == rows(store, "flows", limit=5, offset=1_000)


@pytest.mark.parametrize("name", VIEWS)
def test_tables_of_an_empty_register(tmp_path: Path, name: str):
    """A register without rows gives tables without rows, with all their columns; the findings say what is missing."""
    empty = open_checked(write(tmp_path, {"flows": [], "vendors": [], "categories": []}), DAY)
    table = fetch(empty, name, Ask())
    assert table.column_names == [column.name for column in VIEWS[name].columns]
    assert table.num_rows == count(empty, name, Ask())
    assert (table.num_rows == 0) == (name != "findings")
