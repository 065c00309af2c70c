"""The Import page: from a pasted list to a version of the register."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from screens import Open, markdown_texts, plain, text
from streamlit.testing.v1 import AppTest

from popmap.importing.merging import Keep
from popmap.lists.register import read_register
from popmap.opened import BUNDLED, REGISTER_VARIABLE
from popmap.register import history

LIST = """| Vendor | Role | Data |
| --- | --- | --- |
| Sentry | Processor | Logs |
| Dyno or Echo | Processor | Logs |
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the bundled register."""
    return Path(shutil.copytree(BUNDLED, tmp_path / "register"))


def press(page: AppTest, label: str) -> AppTest:
    """Press the button of that label."""
    return next(button for button in page.button if button.label == label).click().run()


def pasted(open_page: Open, folder: Path, content: str = LIST, **query: str) -> AppTest:
    """Return the page after a list was pasted."""
    page = open_page("import_list", folder, **query)
    page.text_area(key="import_paste").set_value(content).run()
    return press(page, "Read what I pasted")


def test_nothing_sent_yet(open_page: Open):
    """The page says what can be sent in, and what will become of it."""
    page = open_page("import_list")
    assert not page.exception and not page.error and "before anything is written" in plain(page)


def test_no_register(open_page: Open, tmp_path: Path):
    """Without a register the page says what to do."""
    page = open_page("import_list", tmp_path / "none")
    assert page.error and REGISTER_VARIABLE in text(page)


def test_from_a_list_to_a_version(open_page: Open, folder: Path):
    """What was understood, what is open and what would change are shown; decided on, it becomes a version in the name of who decided."""
    page = pasted(open_page, folder)
    assert not page.exception and not page.error
    assert "2 vendors" in plain(page) and "“Dyno or Echo” stands in one cell" in next(radio.label for radio in page.radio).replace("\\", "")
    assert "Decide 1 more question" in [button.label for button in page.button]
    page = press(page, "Accept all proposals")
    page.text_input(key="import_by").set_value("Ada")
    page.text_input(key="import_why").set_value("Annex of March")
    page = press(page, "Write it to the register")
    assert not page.error
    rows = {row["name"]: row for row in read_register(folder).tables["vendors"]}
    assert rows["Sentry"]["role"] == "processor" and {"Dyno", "Echo"} <= rows.keys()
    newest = history.newest(folder)
    assert newest and (newest.author, newest.message) == ("Ada", "Annex of March")
    assert "Nothing to change" in plain(page)


def test_a_name_is_needed(open_page: Open, folder: Path):
    """Without a name nothing is written."""
    page = press(press(pasted(open_page, folder), "Accept all proposals"), "Write it to the register")
    assert "State your name" in plain(page) and not history.versions(folder)


def test_only_compared(open_page: Open, folder: Path):
    """Compared, the list's differences are listed and nothing can be written."""
    page = pasted(open_page, folder, "Sentry\nDyno\nEcho\n")
    page = page.button_group(key="import_intent").set_value("Only compare").run()
    assert "Only on the list: vendor Dyno" in plain(page) and "Write it to the register" not in [button.label for button in page.button]


def test_refused(open_page: Open, folder: Path):
    """Prose is refused with the lines that were looked at."""
    page = pasted(open_page, folder, "We share data with partners where we have to.\n")
    assert "Not read" in plain(page) and "line 1" in plain(page)


def test_contradictions(open_page: Open, folder: Path):
    """Where the list and the register differ, a person says which holds; until then nothing can be written."""
    table = (folder / "vendors.csv").read_text(encoding="utf-8")
    (folder / "vendors.csv").write_text(
        table.replace("sentry,Sentry,,,,Technology,,", "sentry,Sentry,,,,Technology,sub-processor,"), encoding="utf-8"
    )
    page = press(pasted(open_page, folder), "Accept all proposals")
    (choice,) = [radio for radio in page.radio if "differ" in radio.label]
    assert choice.value is None and "Decide 1 more question" in [button.label for button in page.button]
    page = choice.set_value(Keep.LIST).run()
    page.text_input(key="import_by").set_value("Ada")
    page = press(page, "Write it to the register")
    assert {row["vendor_id"]: row["role"] for row in read_register(folder).tables["vendors"]}["sentry"] == "processor"


def test_many_contradictions(open_page: Open, folder: Path):
    """Several contradictions are decided alike at once; each can still be decided otherwise."""
    table = (folder / "vendors.csv").read_text(encoding="utf-8")
    for name in ("sentry,Sentry", "google-cloud-platform,Google Cloud Platform"):
        company = "Google" if "Google" in name else ""
        old, new = f"{name},,,{company},Technology,,", f"{name},,,{company},Technology,sub-processor,"
        assert old in table
        table = table.replace(old, new)
    (folder / "vendors.csv").write_text(table, encoding="utf-8")
    page = pasted(
        open_page, folder, "".join(f"{line}\n" for line in (*LIST.splitlines()[:3], "| Google Cloud Platform | Processor | Logs |"))
    )
    radios = [radio for radio in page.radio if "differ" in radio.label]
    assert [radio.value for radio in radios] == [None, None]
    page = press(page, "Keep all the register’s")
    radios = [radio for radio in page.radio if "differ" in radio.label]
    assert [radio.value for radio in radios] == [Keep.REGISTER] * 2 and "Keep all the register’s" not in [one.label for one in page.button]
    page = radios[0].set_value(Keep.LIST).run()
    assert sorted(radio.value for radio in page.radio if "differ" in radio.label) == [Keep.LIST, Keep.REGISTER]


@pytest.mark.parametrize("sample", [True, False])
def test_a_register_that_stays_as_it_is(open_page: Open, folder: Path, sample: bool):
    """In the sample and in an earlier version a list can be looked at, and nothing be written."""
    if sample:
        page = pasted(open_page, BUNDLED)
    else:
        from datetime import UTC, datetime

        from popmap.register.saving import Author, record

        version = record(folder, author=Author("Ada"), message="Begin", at=datetime(2026, 1, 1, tzinfo=UTC))
        page = pasted(open_page, folder, at=version.short)
    page = press(page, "Accept all proposals")
    assert "not to be changed here" in plain(page) and "Write it to the register" not in [button.label for button in page.button]


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script> Ltd", "![x](http://leak.example/x.png)", '=HYPERLINK("http://leak.example")', "a | b", ":red[x] $x$"],
)
def test_names_are_text(open_page: Open, folder: Path, name: str):
    """Whatever stands in a list is shown as its characters: no markup, no address comes of it."""
    cell = name.replace("|", "\\|")
    page = pasted(open_page, folder, f"| Vendor | Data |\n| --- | --- |\n| {cell} | Logs |\n| Sentry | Logs |\n")
    assert not page.exception and "<script>alert" not in text(page)
    assert not any("![x](http" in shown or "$x$" in shown or ":red[" in shown for shown in markdown_texts(page))
