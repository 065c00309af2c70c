"""Overview: the register in numbers, a paragraph to paste, what is stated, the worst findings, the sources and the ways in."""

from __future__ import annotations

import re

from registers import tiny, write
from screens import Open, markup, plain, printed

from popmap.opened import BUNDLED


def numbers(page) -> dict[str, str]:
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", markup(page)))


def test_numbers(open_page: Open):
    """The bundled register has 34 flows, 7 categories and 22 vendors under 4 headings; two companies are named."""
    assert numbers(open_page("overview")) == {"Flows": "34", "Categories": "7", "Vendors": "22", "Companies stated": "2", "Sections": "4"}


def test_numbers_follow_the_filter(open_page: Open):
    """The numbers count only what is behind the filter, and the paragraph says which filter that is."""
    page = open_page("overview", category="logs", section="marketing")
    assert numbers(page) == {"Flows": "3", "Categories": "1", "Vendors": "3", "Companies stated": "1", "Sections": "1"}
    assert "Filtered: Logs to vendors in Marketing." in page.code[0].value


def test_paragraph(open_page: Open):
    """The paragraph for a report is plain text that says what is covered, what is stated, what is not, as of when and of which content."""
    (paragraph,) = open_page("overview").code
    assert paragraph.language in ("", "plaintext", None)
    for words in (
        "Popwork discloses 7 categories of personal data to 22 vendors under 4 headings, in 34 flows",
        "legal basis for 6 of 34 flows",
        "Not stated anywhere: processing country, role",
        "As of 20",
        "register ",
    ):
        assert words in paragraph.value


def test_what_is_stated(open_page: Open):
    """The table of what is stated counts the same rows as the register has."""
    rows = {row["What is asked for"]: row["Stated"] for row in printed(open_page("overview"), "Stated")}
    assert rows["Purpose"] == "34 of 34 flows" and rows["Legal basis"] == "6 of 34 flows" and rows["Role"] == "0 of 22 vendors"


def test_top_findings(open_page: Open):
    """The findings shown are the worst: errors before warnings, and within a severity those with most rows first."""
    rows = [(row["Severity"].split()[-1], row["Finding"], int(row["Rows"])) for row in printed(open_page("overview"), "Finding")]
    assert [severity for severity, _, _ in rows][:3] == ["error", "error", "warning"]
    assert rows[0][1:] == ("Legal basis not stated", 28)
    for wanted in ("error", "warning"):
        hits = [number for severity, _, number in rows if severity == wanted]
        assert hits == sorted(hits, reverse=True)


def test_nothing_found(open_page: Open):
    """Where no rule hits behind the filter the page says so."""
    assert "No gap rule hits." in plain(open_page("overview", q="zzzz"))


def test_sources(open_page: Open):
    """The source is named with its file and checksum; that its date is not stated is said, not hidden."""
    (row,) = printed(open_page("overview"), "SHA-256")
    assert row["Kept as"] == "sources/popwork-privacy-page.txt" and len(row["SHA-256"]) == 64 and row["Retrieved on"] == "not stated"


def test_no_source(open_page: Open, tmp_path):
    """A register without a source is told so, with what to add."""
    assert "register.toml names no source. Add [[sources]]" in plain(open_page("overview", write(tmp_path, tiny())))


def test_ways_in(open_page: Open):
    """Each reader finds a way in to the page that serves them."""
    links = {link.proto.page for link in open_page("overview").get("page_link")}
    assert {"data_map", "gaps", "questionnaire"} <= links


def test_register_of_the_clone(open_page: Open, monkeypatch):
    """An empty POPMAP_REGISTER opens the bundled register."""
    page = open_page("overview", BUNDLED)
    monkeypatch.setenv("POPMAP_REGISTER", "  ")
    assert numbers(page.run())["Flows"] == "34" and not page.exception
