"""The History page, and every page as of a version."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from screens import PAGES, Open, plain, printed, text
from streamlit import config

from popmap.opened import BUNDLED, REGISTER_VARIABLE
from popmap.register import history
from popmap.register.saving import Author, record, save

ADA, BO = Author("Ada <b>bold</b>"), Author("Bo")
DAYS = [datetime(2026, 1, day, 9, tzinfo=UTC) for day in (1, 2)]


@pytest.fixture(autouse=True)
def _on_this_machine() -> Iterator[None]:
    """Have the server listen to this machine alone, as `popmap serve` does; only then are registers started from a page."""
    config.set_option("server.address", "127.0.0.1")
    yield
    config.set_option("server.address", None)


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the bundled register with two versions, for tests that write nothing; the second states where Sentry is."""
    folder = Path(shutil.copytree(BUNDLED, tmp_path_factory.mktemp("history") / "register"))
    record(folder, author=ADA, message="As published", at=DAYS[0])
    vendors = (folder / "vendors.csv").read_bytes()
    changed = vendors.replace(b"sentry,Sentry,,,,Technology,,,", b"sentry,Sentry,,,,Technology,,US,")
    assert changed != vendors
    save(folder, {"vendors.csv": changed}, author=BO, message="Asked Sentry", at=DAYS[1])
    return folder


@pytest.fixture
def folder(looked_at: Path, tmp_path: Path) -> Path:
    """Return a copy of it to write to."""
    return Path(shutil.copytree(looked_at, tmp_path / "register"))


def test_versions_and_what_changed(open_page: Open, looked_at: Path):
    """The page lists who changed what, when and why, and says what the last version changed."""
    page = open_page("history", looked_at)
    assert not page.exception and not page.error
    rows = printed(page, "Why")
    assert [(row["Who"], row["Why"], row["When (UTC)"]) for row in rows] == [
        ("Bo", "Asked Sentry", "2026-01-02 09:00"),
        ("Ada bbold/b", "As published", "2026-01-01 09:00"),
    ]
    assert "Vendor Sentry: country not stated → US" in plain(page)


def test_any_two_versions(open_page: Open, looked_at: Path):
    """The link names the two versions that are compared; the first is compared with nothing."""
    second, first = history.versions(looked_at)
    page = open_page("history", looked_at, **{"from": first.short, "to": first.short})
    assert "Nothing changed" in plain(page)
    page = open_page("history", looked_at, to=first.id)
    assert "Added vendor Kombo" in plain(page) and "evidence" in next(panel.label for panel in page.expander)
    page = open_page("history", looked_at, to="nope", **{"from": second.short})
    assert "names a version there is none of" in plain(page)


def test_edits_made_outside_are_recorded(open_page: Open, folder: Path):
    """Edits made by another program are shown with their difference; with a name and a reason they become a version."""
    lines = (folder / "flows.csv").read_bytes().splitlines(keepends=True)
    (folder / "flows.csv").write_bytes(b"".join(lines[:-1]))
    assert "Edited outside popmap" in plain(open_page("overview", folder)), "the first page says so, too"
    page = open_page("history", folder)
    assert "edited outside popmap" in plain(page) and "Removed flow" in plain(page)
    record_it = next(button for button in page.button if button.label == "Record as a version")
    page = record_it.click().run()
    assert "State your name" in plain(page) and len(history.versions(folder)) == 2
    page.text_input(key="history_by").set_value("Cy")
    page.text_input(key="history_why").set_value("In a spreadsheet")
    page = next(button for button in page.button if button.label == "Record as a version").click().run()
    newest = history.newest(folder)
    assert newest and (newest.author, newest.message) == ("Cy", "In a spreadsheet") and "edited outside popmap" not in plain(page)
    assert "Edited outside popmap" not in plain(open_page("overview", folder))


def test_a_version_restored(open_page: Open, folder: Path):
    """An earlier version is restored as a new one, by whoever says so."""
    first = history.versions(folder)[-1]
    page = open_page("history", folder, to=first.id)
    page.text_input(key="restore_by").set_value("Di")
    page = next(button for button in page.button if button.label == "Restore this version").click().run()
    assert not page.error and history.versions(folder)[0].author == "Di"
    assert history.files_at(folder, history.versions(folder)[0].id) == history.files_at(folder, first.id)


def test_no_history_yet(open_page: Open, tmp_path: Path):
    """A register without a history says so, and how to begin one."""
    page = open_page("history", Path(shutil.copytree(BUNDLED, tmp_path / "register")))
    assert "No history is kept" in plain(page) and not page.error


def test_no_register(open_page: Open, tmp_path: Path):
    """Without a register the page says what to do."""
    page = open_page("history", tmp_path / "none")
    assert page.error and REGISTER_VARIABLE in text(page)


@pytest.mark.parametrize("name", [*PAGES, "history"])
def test_every_page_as_of_a_version(open_page: Open, looked_at: Path, name: str):
    """Every page can show the register as it was: a banner says so, and findings are those of that day."""
    first = history.versions(looked_at)[-1]
    page = open_page(name, looked_at, at=first.short)
    assert not page.exception and not page.error
    assert "The register as of 2026-01-01 09:00 UTC" in plain(page) and "findings as of 2026-01-01" in plain(page)
    assert page.query_params["at"] in (first.short, [first.short])
    assert "Record as a version" not in [button.label for button in page.button]


def test_the_evidence_view_names_the_version(open_page: Open, folder: Path):
    """What is shown for evidence says which version it is, and whether the files were edited since."""
    second, first = history.versions(folder)
    assert f"{first.short} of 2026-01-01 09:00 UTC" in plain(open_page("vendors", folder, view="evidence", at=first.short))
    (folder / "aliases.csv").unlink()
    assert f"{second.short} of 2026-01-02 09:00 UTC, edited outside" in plain(open_page("vendors", folder, view="evidence"))


def test_back_to_today(open_page: Open, looked_at: Path):
    """One click leads back to the register as it is, and the version stays while the reader turns pages."""
    page = open_page("vendors", looked_at, at="2026-01-01")
    page = page.switch_page("pages/explore/gaps.py").run()
    assert "The register as of" in plain(page) and page.query_params["at"] in ("2026-01-01", ["2026-01-01"])
    page = page.button(key="as_of_back").click().run()
    assert "The register as of" not in plain(page) and "at" not in page.query_params


def test_a_version_there_is_none_of(open_page: Open, looked_at: Path):
    """A link to a version that is not there says so and leads back."""
    page = open_page("vendors", looked_at, at="ffffff")
    assert "is not a version" in plain(page)
    page = next(button for button in page.button if "as it is" in button.label).click().run()
    assert not page.error


def test_the_sample_is_read_only(open_page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """The bundled register cannot be recorded; a copy of it is started elsewhere and shown at once."""
    monkeypatch.setenv(REGISTER_VARIABLE, str(BUNDLED))
    page = open_page("history")
    assert "sample register" in plain(page) and "Record as a version" not in [button.label for button in page.button]
    target = tmp_path / "mine"
    page.text_input(key="start_folder").set_value(str(target))
    page.text_input(key="start_by").set_value("Ada")
    page = next(button for button in page.button if button.label == "Start my own register").click().run()
    assert not page.error and history.versions(target)[0].author == "Ada"
    assert [row["Who"] for row in printed(page, "Why")] == ["Ada"]
    assert history.register_files(target).keys() == history.register_files(BUNDLED).keys()


def test_a_server_for_others(open_page: Open):
    """A server that other machines reach writes no folder for whoever asks; the page names the command instead."""
    config.set_option("server.address", "0.0.0.0")  # noqa: S104 - nothing listens here
    page = open_page("history")
    assert "popmap init" in plain(page) and not page.text_input


def test_an_empty_register(open_page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A register can be started empty: its pages open and say that there is nothing yet."""
    monkeypatch.setenv(REGISTER_VARIABLE, str(BUNDLED))
    page = open_page("history")
    page = page.radio(key="start_kind").set_value("Empty").run()
    page.text_input(key="start_folder").set_value(str(tmp_path / "mine"))
    page.text_input(key="start_title").set_value("Ours")
    page.text_input(key="start_by").set_value("Ada")
    page = next(button for button in page.button if button.label == "Start my own register").click().run()
    assert not page.error and not page.exception
    for name in PAGES:
        shown = open_page(name, tmp_path / "mine")
        assert not shown.exception and not shown.error and "0 flows" in plain(shown)


@pytest.mark.parametrize("occupied", [True, False])
def test_a_folder_that_cannot_be_used(open_page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, occupied: bool):
    """A folder that holds something, or a missing name, is refused and nothing is written."""
    monkeypatch.setenv(REGISTER_VARIABLE, str(BUNDLED))
    target = tmp_path / "mine"
    if occupied:
        target.mkdir()
        (target / "other.txt").write_text("mine")
    page = open_page("history")
    page.text_input(key="start_folder").set_value(str(target))
    page.text_input(key="start_by").set_value("Ada" if occupied else " ")
    page = next(button for button in page.button if button.label == "Start my own register").click().run()
    assert ("is not empty" if occupied else "State your name") in plain(page)
    assert sorted(path.name for path in tmp_path.rglob("*.csv")) == []
