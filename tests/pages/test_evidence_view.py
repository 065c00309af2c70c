"""The evidence view: on every page, complete, with what it is from on each sheet, kept in the address, and with a way out."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pandas as pd
import pytest
import screens
from registers import tiny, write
from screens import OTHERS, PAGES, Open, go, headings, markup, table
from streamlit.testing.v1 import AppTest

from popmap import tables
from popmap.answering.review import STATE_VARIABLE
from popmap.counting import rule_hits
from popmap.filters import Filter
from popmap.opened import BUNDLED, opened
from popmap.tables import Ask
from popmap.ui import evidence_pages, evidence_view, paper
from tests.benchmarks.generate import generate

every_page = pytest.mark.parametrize("name", [*PAGES, *OTHERS])
TITLES = {name: name.replace("_", " ").capitalize() for name in (*PAGES, *OTHERS)} | {"import_list": "Import a list"}


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep reviews in a folder of the test's own."""
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a made-up register of 400 flows to 60 vendors."""
    folder = tmp_path_factory.mktemp("made")
    generate(folder, 400, categories=12, vendors=60, seed=7)
    return folder


def sheets(page: AppTest) -> list[str]:
    """Return each sheet's text."""
    assert not page.exception
    return [" ".join(" ".join(map(words, blocks)).split()) for blocks in screens.sheets(page)]


def words(block: str | pd.DataFrame) -> str:
    """Return the text of a piece of markup or of a table."""
    if isinstance(block, str):
        return html.unescape(re.sub(r"<[^>]*>", " ", block))
    return " ".join([*block.columns, *block.to_numpy().ravel()])


def grids(page: AppTest) -> list[pd.DataFrame]:
    """Return the tables of all sheets."""
    return [block for blocks in screens.sheets(page) for block in blocks if not isinstance(block, str)]


def whole(page: AppTest) -> str:
    """Return the text of all sheets."""
    return " ".join(sheets(page))


def cells(page: AppTest) -> set[str]:
    """Return the text of every cell."""
    return {cell for grid in grids(page) for cell in grid.to_numpy().ravel()}


@every_page
def test_every_page_has_it(open_page: Open, name: str):
    """Each page's evidence view says on every sheet whose register it is, which content, as of when, behind which filter and where."""
    page = open_page(name, view="evidence")
    store = opened(BUNDLED)
    found = sheets(page)
    assert headings(page) == [TITLES[name]] and found
    for number, sheet in enumerate(found, 1):
        assert "Popwork · Popwork: data shared with third parties" in sheet
        assert f"Fingerprint (SHA-256) {store.fingerprint}" in sheet and f"Findings as of {store.as_of}" in sheet
        assert "Shown to public: internal columns left out" in sheet and "Filter none: " in sheet and "view=evidence" in sheet
        assert re.search(rf"Shown \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC · register {store.fingerprint[:12]} · popmap", sheet)
        assert sheet.endswith(f"Page {number} of {len(found)}")
    assert len(page.table) == len(grids(page)) and "<table" not in markup(page)
    assert not page.dataframe and not page.get("plotly_chart") and not page.text_input and not page.multiselect


@every_page
def test_the_way_in_and_out(open_page: Open, name: str):
    """A button beside the link to copy leads in, another back; the rest of the address stays."""
    keep = {} if name in OTHERS else {"category": "logs"}
    page = open_page(name, **keep)
    page.button(key="evidence_view").click().run()
    assert sheets(page) and page.query_params["view"] in ("evidence", ["evidence"])
    page.button(key="leave_evidence").click().run()
    assert not page.exception and "view" not in page.query_params and len(page.get("button")) and not screens.sheets(page)
    assert all(page.query_params[key] in (value, [value]) for key, value in keep.items())


@every_page
def test_follows_to_another_page(open_page: Open, name: str):
    """Whoever turns to another page stays in the evidence view, its audience and filter included, in the address too."""
    first = "vendors" if name != "vendors" else "gaps"
    page = open_page(first, view="evidence", audience="internal", category="logs")
    page.query_params.clear()
    go(page, name)
    assert sheets(page) and "Shown to internal" in whole(page)
    assert page.query_params["view"] in ("evidence", ["evidence"]) and page.query_params["audience"] in ("internal", ["internal"])


def test_a_bare_address_on_the_same_page_leaves(open_page: Open):
    """Going Back to the page's address without the key shows the working view again."""
    page = open_page("vendors", view="evidence")
    page.query_params.clear()
    page.run()
    assert not page.exception and len(page.dataframe) == 1


@pytest.mark.parametrize("value", ["Evidence", "", "x" * 2000])
def test_other_values_are_dropped(open_page: Open, value: str):
    """Any other value shows the working view and leaves the address."""
    page = open_page("vendors", view=value, audience=value)
    assert not page.exception and len(page.dataframe) == 1 and "view" not in page.query_params and "audience" not in page.query_params


@every_page
def test_no_register(open_page: Open, name: str, tmp_path: Path):
    """Without a register the page says so, as in the working view."""
    page = open_page(name, tmp_path / "gone", view="evidence")
    assert not page.exception and len(page.error) == 1


@every_page
def test_empty_register(open_page: Open, name: str, empty: Path):
    """A register of headers only gives a sheet that says that there is nothing, not an empty one."""
    page = open_page(name, empty, view="evidence")
    said = {
        "overview": "discloses 0 categories",
        "data_map": "No flow matches.",
        "vendors": "No vendor matches.",
        "categories": "No category matches.",
        "gaps": "findings from 1 rule",
        "questionnaire": "No questionnaire is open in this session.",
        "evidence": "report.pdf",
        "verify": "No pack was checked in this session.",
        "history": "No history is kept of this register.",
        "import_list": "No list is open in this session.",
        "edit_rows": "Nothing is edited in this session that is not saved.",
    }
    assert said[name] in whole(page) and "Organisation not stated · A register for tests" in whole(page)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_matches(open_page: Open, name: str):
    """Where no flow is behind the filter, and where a value of the link is gone, the sheets say so."""
    page = open_page(name, view="evidence", category="logs", vendor=["stripe", "gone"])
    assert "No flow matches: Logs to Stripe." in whole(page) and "Filter Logs to Stripe" in whole(page)
    assert "This link asks for vendor “gone”, which the register does not have. It was left out." in whole(page)


@pytest.mark.parametrize(("name", "shown"), [("vendors", "vendors"), ("categories", "categories"), ("data_map", "flows")])
def test_every_row(open_page: Open, name: str, shown: str):
    """Every cell of every row behind the filter is on the sheets, in the columns and the order of the address."""
    columns = {"vendors": ["vendor_id", "name"], "categories": ["category_id", "name"], "flows": ["row_id", "vendor", "purpose"]}[shown]
    page = open_page(name, view="evidence", section="technology", cols=columns, sort=columns[0], desc="1")
    rows = tables.fetch(opened(BUNDLED), shown, Ask(Filter(sections=("technology",)), columns[0] if shown != "flows" else "", True))
    wanted = {cell for column in columns for cell in rows[column].to_pylist()}
    assert wanted - {cell.removesuffix(" (inferred)") for cell in cells(page)} == set()
    assert ("Sorted by" in whole(page)) == (shown != "flows")


def test_every_finding(open_page: Open):
    """The gaps' sheets hold every rule that hits, with each of its rows; one rule of the link, all rules but only its rows."""
    page = open_page("gaps", view="evidence")
    store = opened(BUNDLED)
    rules = rule_hits(store, Filter())
    rows = sum(map(len, grids(page)))
    assert rows == len(rules) + sum(rule.hits for rule in rules) == 16 + 168
    assert all(rule.title in whole(page) and rule.hint in whole(page) and rule.why in whole(page) for rule in rules)
    page = open_page("gaps", view="evidence", rule="role-not-stated", severity="warning")
    assert "Role not stated · 22 rows" in whole(page) and "Country not stated · 22 rows" not in whole(page)
    assert "Legal basis not stated" not in whole(page)


@pytest.mark.parametrize("picture", ["Flow", "Network"])
def test_drawings(open_page: Open, picture: str):
    """The map stands still as a drawing of vectors, its words as its text alternative and beside it."""
    page = open_page("data_map", view="evidence", category="logs", map=picture, sel="vendor:sentry")
    (words,) = re.findall(r'<img src="data:image/svg\+xml;base64,[^"]+" [^>]*alt="([^"]*)"', markup(page))
    assert words.startswith("8 flows are shown, with 1 category and 8 vendors.") and words in whole(page)
    assert "Highlighted: Sentry" in whole(page)


def test_matrix(open_page: Open):
    """The matrix is a table of numbers, with sums."""
    page = open_page("data_map", view="evidence", map="Matrix")
    matrix, *_ = grids(page)
    numbers = [*matrix.set_index("Vendor").loc["ForestAdmin"]]
    assert sorted(numbers) == ["1", "1", "1", "3", "·", "·", "·", "·"] and numbers[-1] == "3"


@pytest.mark.parametrize(("name", "key", "title"), [("vendors", "forestadmin", "ForestAdmin"), ("categories", "logs", "Logs")])
def test_cards(open_page: Open, name: str, key: str, title: str):
    """The chosen row's card follows the table: findings, flows with the words they rest on, cells."""
    page = open_page(name, view="evidence", show=key)
    assert f'<h2 class="pm-heading">{title}</h2>' in markup(page) and "line 19" in whole(page) and "Rests on" in whole(page)
    assert "is not in the register" in whole(open_page(name, view="evidence", show="gone"))


@pytest.mark.parametrize("name", ["data_map", "vendors", "gaps"])
def test_more_rows_than_are_printed(open_page: Open, monkeypatch: pytest.MonkeyPatch, made: Path, name: str):
    """Beyond the stated number of rows the sheets say which are there, of how many, and where to have all."""
    monkeypatch.setattr(evidence_pages, "MOST_ROWS", 30)
    assert paper.MOST_ROWS == 2_000
    page = open_page(name, made, view="evidence")
    total = {"data_map": "of 400", "vendors": "of 60"}.get(name, "of ")
    assert re.search(rf"Not all rows. Rows 1 to 30 {total}[\d,]*. Take the export or the evidence pack for all of them.", whole(page))
    if name == "gaps":
        assert re.search(r"Not all rows. None of its [\d,]+ rows is listed here, which lists 30 rows.", whole(page))


@every_page
def test_hostile_names(open_page: Open, name: str, hostile: Path):
    """Names that are Markdown, HTML or formulas are text on the sheets; only the drawing is fetched, and it is in the page itself."""
    page = open_page(name, hostile, view="evidence", show="k1")
    assert sheets(page)
    sources = re.findall(r' (?:src|href|on\w+)="([^"]{0,26})', markup(page))
    assert set(sources) <= {"data:image/svg+xml;base64,"}


def test_questionnaire(open_page: Open):
    """The review is a table of every question with its outcome, answer, rows and decision."""
    page = open_page("questionnaire")
    questions = ["Which vendors receive logs?", "Where is personal data stored?", "Do you encrypt backups?", "Name <b>each</b> vendor."]
    data = "\n".join(["Question,Answer,Comment", *(f'"{question}",,' for question in questions), ""]).encode()
    page.file_uploader[0].set_value(("asked.csv", data, "text/csv"))
    page.run()
    page.text_input(key="review_by").set_value("Ada Decides").run()
    page.button(key="accept").click().run()
    page.button(key="evidence_view").click().run()
    text = whole(page)
    assert all(question in text for question in questions) and "4 questions:" in text
    assert "✓ Answered from rows" in text and "∅ Not stated in the register" in text and "accepted on 20" in text
    assert "Ada Decides" not in text
    page.button(key="evidence_audience").click().run()
    assert "accepted by Ada Decides on" in whole(page)


def test_identity_is_stated_in_one_place(open_page: Open, monkeypatch: pytest.MonkeyPatch):
    """What names the register's content comes from one function, so that a version can be added to it."""
    monkeypatch.setattr(evidence_view, "identity", lambda *_: (("Version", "0123abc"),))
    assert all("Version 0123abc" in sheet for sheet in sheets(open_page("vendors", view="evidence")))


def test_small_register(open_page: Open, tmp_path: Path):
    """Blanks are printed "not stated", inferred cells are marked, and codes are words."""
    page = open_page("data_map", write(tmp_path / "tiny", tiny()), view="evidence")
    assert "legitimate interests" in cells(page) and "not stated" in cells(page) and "Sentry" in cells(page)
    assert table(open_page("data_map", tmp_path / "tiny"), "purpose").shape[0] == 6
