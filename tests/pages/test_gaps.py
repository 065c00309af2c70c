"""Gaps: the rules that hit, and one rule with why it matters, what to do and each row."""

from __future__ import annotations

import pytest
from hostile import NAMES, write_hostile
from registers import tiny, write
from screens import Open, plain, table


def test_rules(open_page: Open):
    """Each rule that hits has its severity, article, table, rows and what to do; the count above is their sum."""
    page = open_page("gaps")
    rows = table(page, "hint").set_index("finding")
    assert rows.loc["Legal basis not stated", "hits"] == 28 and "Art. 6(1)" in rows.loc["Legal basis not stated", "article"]
    assert rows.loc["Undeclared category", "hits"] == 2 and rows.loc["Role not stated", "hits"] == 22
    assert all(rows["hint"]) and f"**{rows['hits'].sum()} findings** from {len(rows)} rules" in plain(page)


@pytest.mark.parametrize(
    ("query", "column", "wanted"),
    [
        ({"severity": "error"}, "severity", "error"),
        ({"table": "vendors"}, "table", "vendors"),
        ({"article": "Art. 28(3)"}, "article", "Art. 28(3)"),
    ],
    ids=str,
)
def test_filters_of_its_own(open_page: Open, query: dict, column: str, wanted: str):
    """Severity, article and table, from the link, leave only rules that have them."""
    page = open_page("gaps", **query)
    rows = table(page, "hint")
    assert not page.exception and len(rows) and all(cell.endswith(wanted) for cell in rows[column])


@pytest.mark.parametrize("query", [{"severity": "fatal"}, {"table": "gone"}, {"article": "Art. 99"}], ids=str)
def test_filters_that_do_not_exist(open_page: Open, query: dict):
    """A severity, article or table that does not exist is ignored."""
    page = open_page("gaps", **query)
    assert not page.exception and len(table(page, "hint")) == 16


def test_rule(open_page: Open):
    """A linked rule says why it matters, what to do and each row it is about."""
    page = open_page("gaps", rule="role-not-stated")
    assert not page.exception and "Role not stated" in [element.value for element in page.subheader]
    assert "**Why it matters.** Whether a vendor is a processor" in plain(page) and "**What to do.** State processor" in plain(page)
    rows = table(page, "subject")
    assert len(rows) == 22 and list(rows["row_no"])[:2] == [2, 3] and rows["subject"][0] == "Google Cloud Platform"


@pytest.mark.parametrize(
    ("rule", "finding", "link", "query"),
    [
        ("role-not-stated", "sentry", "vendors", "show=sentry"),
        ("undeclared-category", "source-code", "categories", "show=source-code"),
        ("legal-basis-not-stated", "logs/sentry/To find bugs", "data_map", "category=logs&vendor=sentry"),
    ],
)
def test_link_to_the_row(open_page: Open, rule: str, finding: str, link: str, query: str):
    """A chosen finding links to the row it is about, on the page that shows it."""
    page = open_page("gaps", rule=rule, finding=finding)
    assert not page.exception
    (found,) = page.get("page_link")
    assert found.proto.page == link and found.proto.query_string.lstrip("?") == query


@pytest.mark.parametrize("gone", ["gone", "![x](y)", ""])
def test_rule_that_is_gone(open_page: Open, gone: str):
    """A link to a rule that hits nothing says what choosing one does."""
    page = open_page("gaps", rule=gone)
    assert not page.exception and "Choose a finding to see why it matters" in plain(page)


@pytest.mark.parametrize("finding", ["gone", "a/b", "![x](https://tracker.example/x.png)"])
@pytest.mark.parametrize("rule", ["role-not-stated", "legal-basis-not-stated", "activity-legal-basis-not-stated"])
def test_finding_that_is_gone(open_page: Open, rule: str, finding: str):
    """A link to a row that is gone leaves the rule's other rows in place."""
    page = open_page("gaps", rule=rule, finding=finding)
    assert not page.exception and len(table(page, "subject"))


def test_rule_of_the_register(open_page: Open, tmp_path):
    """A register's own rule is among the others, its words shown as they are, and said to be its own."""
    page = open_page("gaps", write_hostile(tmp_path), rule="own-rule")
    assert NAMES[0] in list(table(page, "hint")["finding"]) and NAMES[0] in plain(page) and "a rule of this register" in plain(page)


def test_no_gap(open_page: Open, tmp_path):
    """Where no rule hits behind the filter the page says so and how to check the rest."""
    tables = tiny()
    page = open_page("gaps", write(tmp_path, tables), q="zzzz")
    assert not page.exception and "No gap rule hits what is behind the filter." in plain(page)


def test_findings_follow_the_filter(open_page: Open):
    """Behind a filter only its rows are counted."""
    rows = table(open_page("gaps", vendor="sentry"), "hint").set_index("finding")
    assert rows.loc["Legal basis not stated", "hits"] == 1 and rows.loc["Role not stated", "hits"] == 1


def test_downloads(open_page: Open):
    """All findings can be taken away in each format, without choosing a rule."""
    page = open_page("gaps")
    page.session_state["download_all_findings"] = True
    page.run()
    assert [button.proto.label for button in page.get("download_button")] == ["CSV", "Excel", "JSON", "Parquet"]
