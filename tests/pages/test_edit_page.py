"""The page Edit rows: whose rows may be edited, what the edits come to, and saving them."""

from __future__ import annotations

import pickle
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hostile import HOST
from screens import Open, plain, text
from streamlit.testing.v1 import AppTest

from popmap.editing.edits import Edits
from popmap.lists.register import read_register
from popmap.opened import BUNDLED, REGISTER_VARIABLE
from popmap.register.history import versions
from popmap.register.saving import Author
from popmap.register.starting import start_empty

KOMBO = {"vendors": Edits({"kombo": {"country": "DE"}})}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the bundled register."""
    return Path(shutil.copytree(BUNDLED, tmp_path / "register"))


def edited(open_page: Open, folder: Path, edits: dict[str, Edits], **query: str) -> AppTest:
    """Return the page with edits made."""
    page = open_page("edit_rows", folder, **query)
    page.session_state["popmap_edits"] = edits
    return page.run()


def press(page: AppTest, label: str) -> AppTest:
    """Press the button of that label."""
    return next(button for button in page.button if button.label == label).click().run()


def test_the_sample_is_not_edited(open_page: Open):
    """The bundled register stays as it is; the page says where to start one's own, and other pages offer no edits."""
    page = open_page("edit_rows")
    assert not page.exception and not page.error and "stays as it is" in plain(page) and not page.dataframe
    assert "Edit this vendor" not in str(open_page("vendors", show="kombo").main)


def test_no_register(open_page: Open, tmp_path: Path):
    """Without a register the page says what to do."""
    page = open_page("edit_rows", tmp_path / "none")
    assert page.error and REGISTER_VARIABLE in text(page)


def test_an_empty_register_can_be_filled(open_page: Open, tmp_path: Path):
    """A register without any row offers an empty grid for each table."""
    start_empty(tmp_path / "new", "New", "Ours", Author("Ada"), datetime(2026, 11, 24, tzinfo=UTC))
    for name in ("vendors", "categories", "flows", "activities"):
        page = open_page("edit_rows", tmp_path / "new", edit=name)
        assert not page.exception and not page.error and len(page.dataframe) == 1 and page.dataframe[0].value.empty


@pytest.mark.parametrize(("table", "rows"), [("vendors", 8), ("categories", 1), ("flows", 8), ("activities", 1)])
def test_rows_behind_the_filter(open_page: Open, folder: Path, table: str, rows: int):
    """The grid holds the table's rows behind the filter, blanks as blanks and what is inferred marked as such."""
    page = open_page("edit_rows", folder, edit=table, category="logs")
    assert not page.exception and not page.error
    shown = page.dataframe[0].value
    assert len(shown) == rows
    if table == "flows":
        assert shown["data_use"].str.startswith("inferred: ").all() and shown["legal_basis"].isna().any()


def test_what_would_change_and_saving_it(open_page: Open, folder: Path):
    """Edits are told in words with a way back; saved in a name they become a version, and the page has no more of them."""
    page = edited(open_page, folder, KOMBO)
    assert "Vendor Kombo: country not stated → DE" in text(page) and "1 row edited, not saved" in plain(page)
    assert pickle.dumps(page.session_state["popmap_edits"])
    page.text_input(key="edit_by").set_value("Ada").run()
    page.text_input(key="edit_words").set_value("Agreement, clause 4").run()
    page.text_input(key="edit_why").set_value("Yearly review").run()
    page = press(page, "Save as a version")
    assert not page.exception and not page.error and "not saved" not in plain(page)
    assert versions(folder)[0].message == "Yearly review"
    (cell,) = [row for row in read_register(folder).tables["evidence"] if (row["row_id"], row["column"]) == ("kombo", "country")]
    assert (cell["status"], cell["checked_by"], cell["quote"]) == ("confirmed", "Ada", "Agreement, clause 4")


@pytest.mark.parametrize(("by", "why", "said"), [("", "Review", "who made it"), ("Ada", "", "why it was made")])
def test_what_saving_asks_for(open_page: Open, folder: Path, by: str, why: str, said: str):
    """Without a name or a reason nothing is saved, the edits stay, and the page says what is missing."""
    page = edited(open_page, folder, KOMBO)
    page.text_input(key="edit_by").set_value(by).run()
    page.text_input(key="edit_why").set_value(why).run()
    page = press(page, "Save as a version")
    assert said in plain(page) and "1 row edited, not saved" in plain(page) and not versions(folder)


def test_obstacles_and_discarding(open_page: Open, folder: Path):
    """What is not allowed is named and cannot be saved; discarding takes all edits back."""
    page = edited(open_page, folder, {"vendors": Edits({"kombo": {"country": "Germany"}})})
    assert "country “Germany”: this is not a country code" in plain(page)
    assert next(button for button in page.button if button.label == "Save as a version").disabled
    page = press(page, "Discard all")
    assert not page.exception and not page.error and "not saved" not in plain(page)


def test_edits_outlast_filters_tables_and_pages(open_page: Open, folder: Path):
    """Turning to another table, filter or page keeps what is edited; the grid shows it again."""
    page = edited(open_page, folder, KOMBO)
    page.segmented_control(key="edit_table").set_value("flows").run()
    assert "1 row edited, not saved" in plain(page) and "flows" in page.query_params["edit"]
    page.query_params["edit"] = "vendors"
    page.run()
    shown = page.dataframe[0].value
    assert shown.set_index("name")["country"]["Kombo"] == "DE"


def test_ways_to_the_page(open_page: Open, folder: Path):
    """A finding's rule and a card lead to the rows they are about, where the register may be edited."""
    page = open_page("gaps", folder, rule="legal-basis-not-stated")
    assert "Edit 28 rows" in [link.proto.label for link in page.get("page_link")]
    page = open_page("vendors", folder, show="kombo")
    assert "Edit this vendor" in [link.proto.label for link in page.get("page_link")]


def test_the_column_a_gap_is_about_stands_first(open_page: Open, folder: Path):
    """Who comes from a finding sees the column to fill in beside what names the row."""
    page = open_page("edit_rows", folder, edit="flows", gap="legal-basis-not-stated")
    assert list(page.dataframe[0].value.columns)[:4] == ["category_id", "vendor_id", "purpose", "legal_basis"]
    page = open_page("edit_rows", folder, edit="vendors", gap="country-not-stated")
    assert list(page.dataframe[0].value.columns)[:2] == ["name", "country"]


def test_an_earlier_version_is_not_edited(open_page: Open, folder: Path):
    """The register as it was can be looked at only."""
    page = edited(open_page, folder, KOMBO)
    page.text_input(key="edit_by").set_value("Ada").run()
    page.text_input(key="edit_why").set_value("Review").run()
    press(page, "Save as a version")
    page = open_page("edit_rows", folder, at=versions(folder)[-1].short)
    assert not page.exception and not page.dataframe and "as it was" in plain(page)


def test_hostile_names(open_page: Open, hostile: Path):
    """Names that are markup, formulas or long appear in edits as text."""
    page = edited(open_page, hostile, {"vendors": Edits({"k1": {"country": "DE"}, "k2": {"country": "<b>X</b>"}})})
    assert not page.exception and f"]({HOST}" not in text(page) and "<script" not in text(page)
