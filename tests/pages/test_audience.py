"""Public or internal: what is kept from outsiders is on no public page, in none of its files, and in no answer over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from registers import tiny, write
from screens import OTHERS, PAGES, Open, go, markup, plain, text
from streamlit.testing.v1 import AppTest

from popmap.answering.review import STATE_VARIABLE
from popmap.opened import opened
from popmap.tables import Ask, fetch
from popmap.views import VIEWS, public

# Stands in every cell that is for those who keep the register, and nowhere else.
INSIDE = "Kept-inside-7f3a"
every_page = pytest.mark.parametrize("name", [*PAGES, *OTHERS])
# What else a page can show: the table's own columns, a row's card, a rule with its rows.
ASKED: dict[str, dict[str, Any]] = {
    "vendors": {"show": "sentry", "cols": ["name", "notes", "vendor_id"], "sort": "notes"},
    "categories": {"show": "logs", "cols": ["name", "notes"], "sort": "notes", "desc": "1"},
    "data_map": {"cols": ["category", "vendor", "notes"], "sort": "notes", "sel": "vendor:sentry"},
    "gaps": {"rule": "own-rule"},
}


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep reviews in a folder of the test's own."""
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a register with the words in all internal cells, in columns the model does not know, and in what rules quote of them."""
    tables = tiny()
    for name in ("categories", "vendors", "flows", "activities"):
        for row in tables[name]:
            # A control character is a finding that quotes the cell it stands in.
            row |= {"notes": f"{INSIDE}\x01", "house_column": INSIDE}
    for row in tables["activities"]:
        row["owner"] = INSIDE
    for row in tables["evidence"]:
        row |= {"checked_by": INSIDE, "checked_on": "2026-11-01"}
    tables["evidence"] += [
        {"table": table, "row_id": key, "column": "notes", "status": "inferred", "quote": INSIDE}
        for table, key in (("vendors", "sentry"), ("categories", "logs"))
    ]
    tables["answers"] = [
        {
            "language": "en",
            "question": "Which vendors receive logs?",
            "answer": "Sentry.",
            "approved_by": INSIDE,
            "approved_on": "2026-11-01",
        }
    ]
    made = write(tmp_path_factory.mktemp("register"), tables)
    (made / "checks").mkdir()
    (made / "checks" / "own-rule.sql").write_text(
        "-- code: own-rule\n-- severity: error\n-- table: vendors\n-- column: name\n-- article: Art. 5(2)\n-- title: A rule of our own\n"
        "-- why: It quotes.\n-- hint: Look.\nSELECT row_no, notes AS value, notes AS detail FROM vendors\n",
        encoding="utf-8",
    )
    return made


def sent(page: AppTest) -> bytes:
    """Return everything that the page sent to the browser."""
    assert not page.exception
    return b"".join(element.proto.SerializeToString() for element in page.main if getattr(element, "proto", None) is not None)


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Callable[[], bytes]]]:
    """Return the files that pages offer, as they offer them."""
    found: list[tuple[str, Callable[[], bytes]]] = []
    monkeypatch.setattr(st, "download_button", lambda _label, *, data, key, **_: found.append((key, data)))
    return found


def opened_panels(page: AppTest, *keys: str) -> AppTest:
    """Open panels."""
    for key in keys:
        page.session_state[key] = True
    return page.run()


def test_the_fixture_is_seen_inside(open_page: Open, folder: Path):
    """In the working view, which is internal by default, those who keep the register see all of it."""
    for name, keys in ASKED.items():
        assert INSIDE.encode() in sent(open_page(name, folder, **keys)), name
    assert f"confirmed by {INSIDE} on 2026-11-01" in markup(open_page("vendors", folder, show="sentry"))


@every_page
@pytest.mark.parametrize("mode", [{"audience": "public"}, {"view": "evidence"}], ids=str)
def test_public_pages(open_page: Open, folder: Path, name: str, mode: dict[str, str]):
    """Nothing of it is on a public page, whatever columns, order, row or rule the address asks for; the page says that it is public."""
    page = open_page(name, folder, **ASKED.get(name, {}), **mode)
    assert INSIDE.encode() not in sent(page) and INSIDE not in text(page)
    assert "internal columns left out" in plain(page)
    assert "notes" not in page.query_params.get("cols", []) and page.query_params.get("sort") not in ("notes", ["notes"])


@every_page
def test_internal_evidence_says_so(open_page: Open, folder: Path, name: str):
    """An evidence view for those who keep the register says whom it is for, and shows them all."""
    page = open_page(name, folder, view="evidence", audience="internal", **ASKED.get(name, {}))
    assert "internal: for those who keep the register" in plain(page)
    if name in ASKED:
        assert INSIDE.encode() in sent(page)


@pytest.mark.parametrize("name", ASKED)
def test_public_files(open_page: Open, folder: Path, files: list, name: str):
    """Nothing of it is in any file that a public page offers, nor offered as a column; internal files do have it."""
    shown = {"data_map": "flows"}.get(name, name)
    panels = ["download_all_findings", "download_findings"] if name == "gaps" else [f"download_{shown}", f"columns_{shown}"]
    for audience in ("public", "internal"):
        files.clear()
        page = opened_panels(open_page(name, folder, audience=audience, **ASKED[name]), *panels, "download_graph")
        assert not page.exception and len(files) >= 4
        if name != "gaps":
            assert ("Notes" in page.multiselect(key=f"pick_{shown}").options) == (audience == "internal")
        # XLSX is a compressed archive and Parquet compresses, so those are covered by their rows, which are the same table's.
        made = {key: data() for key, data in files if key.endswith(("_csv", "_json", "_svg", "_graphml", "_gexf"))}
        has = {key for key, content in made.items() if INSIDE.encode() in content}
        assert not has if audience == "public" else has


@pytest.mark.parametrize("name", VIEWS)
def test_public_rows(folder: Path, name: str):
    """No table's public rows hold it, in whatever format they are then written."""
    store = opened(folder)
    rows = fetch(store, name, Ask(), internal=False)
    assert rows.column_names == [column.name for column in public(name).columns]
    assert INSIDE not in str(rows.to_pylist()) and INSIDE in str(fetch(store, name, Ask()).to_pylist())


def test_what_is_left_out_is_not_called_not_stated(folder: Path):
    """Where a finding's words are left out the cell says so, since the register does state something there."""
    rows = fetch(opened(folder), "findings", Ask(rule="own-rule"), internal=False)
    assert set(rows["value"].to_pylist()) == {"left out (internal)"} == set(rows["detail"].to_pylist())


def test_questions(open_page: Open, folder: Path):
    """Who approved an answer is told to those who keep the register and to nobody else."""
    for mode, told in (({}, True), ({"audience": "public"}, False)):
        page = open_page("questionnaire", folder, **mode)
        page.text_input(key="ask").set_value("Which vendors receive logs?").run()
        assert not page.exception and "2026-11-01" in markup(page)
        assert (INSIDE in markup(page)) == told


def test_the_switch(open_page: Open):
    """The switch stands with the link to copy, writes the address, and follows to other pages; the address's default is internal."""
    page = opened_panels(open_page("vendors"), "copy_link")
    assert not page.toggle(key="leave_internal_out").value and "audience" not in page.query_params
    page.toggle(key="leave_internal_out").set_value(True).run()
    assert page.query_params["audience"] in ("public", ["public"]) and "public: internal columns left out" in plain(page)
    assert any("audience=public" in code.value for code in page.code)
    page.query_params.clear()
    go(page, "gaps")
    assert page.query_params["audience"] in ("public", ["public"]) and "public: internal columns left out" in plain(page)


def test_the_switch_of_the_evidence_view(open_page: Open):
    """In the evidence view the default is public, and the address names only the other."""
    page = open_page("vendors", view="evidence")
    page.button(key="evidence_audience").click().run()
    assert page.query_params["audience"] in ("internal", ["internal"])
    page.button(key="evidence_audience").click().run()
    assert "audience" not in page.query_params and "public: internal columns left out" in plain(page)
