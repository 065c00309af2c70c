"""Overview: the register in numbers, a paragraph to paste, what is stated, the worst findings, the sources and the ways in."""

from __future__ import annotations

from registers import tiny, write
from screens import Open, plain, table

from popmap.opened import BUNDLED


def numbers(page) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


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
    rows = table(open_page("overview"), "stated").set_index("fact")["stated"]
    assert rows["Purpose"] == "34 of 34 flows" and rows["Legal basis"] == "6 of 34 flows" and rows["Role"] == "0 of 22 vendors"


def test_top_findings(open_page: Open):
    """The findings shown are the worst: errors before warnings, and within a severity those with most rows first."""
    rows = table(open_page("overview"), "finding")
    assert (
        list(rows["severity"])[:3] == ["error", "error", "warning"]
        and rows["finding"][0] == "Legal basis not stated"
        and rows["rows"][0] == 28
    )
    for severity in ("error", "warning"):
        hits = list(rows[rows["severity"] == severity]["rows"])
        assert hits == sorted(hits, reverse=True)


def test_sources(open_page: Open):
    """The source is named with its file and checksum; that its date is not stated is said, not hidden."""
    (row,) = table(open_page("overview"), "sha256").to_dict("records")
    assert row["file"] == "sources/popwork-privacy-page.txt" and len(row["sha256"]) == 64 and row["retrieved_on"] == "not stated"


def test_no_source(open_page: Open, tmp_path):
    """A register without a source is told so, with what to add."""
    assert "register.toml names no source. Add [[sources]]" in plain(open_page("overview", write(tmp_path, tiny())))


def test_ways_in(open_page: Open):
    """Each reader finds a way in to the page that serves them."""
    links = {link.proto.page for link in open_page("overview").get("page_link")}
    assert {"data_map", "gaps", "vendors"} <= links


def test_register_of_the_clone(open_page: Open, monkeypatch):
    """An empty POPMAP_REGISTER opens the bundled register."""
    page = open_page("overview", BUNDLED)
    monkeypatch.setenv("POPMAP_REGISTER", "  ")
    assert numbers(page.run())["Flows"] == "34" and not page.exception
