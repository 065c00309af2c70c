"""Rows edited by hand: what happens in a grid as edits, what stands in their way, and what a saved cell rests on."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from popmap.checks.run import open_checked
from popmap.convert import convert
from popmap.editing.edits import INFERRED, Edits, Grid, grid, marked_as_inferred, taken, unmarked
from popmap.editing.planning import Plan, plan
from popmap.editing.rows import EDITABLE, behind, by_id, editable_columns, inferred
from popmap.editing.saving import carry_out
from popmap.errors import PopmapError, UsageError
from popmap.filters import Filter
from popmap.opened import BUNDLED
from popmap.register.history import versions
from popmap.register.saving import Author, ChangedMeanwhileError
from popmap.register.schema import FLOWS, VENDORS, Table
from popmap.rewriting import rows
from popmap.store import Store

ADA, NOW = Author("Ada"), datetime(2026, 11, 24, 12, tzinfo=UTC)
SENTRY = "logs/sentry/To track and identify any bugs or security incidents encountered while using the application"
_TEXT = st.text(alphabet="ab; 'é\n", max_size=5)
_CELLS = st.dictionaries(st.sampled_from(["name", "country", "certifications"]), st.one_of(st.none(), _TEXT, st.lists(_TEXT, max_size=3)))


@pytest.fixture(params=["csv", "parquet"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a copy of the bundled register in one format."""
    copy = Path(shutil.copytree(BUNDLED, tmp_path / "csv"))
    if request.param == "csv":
        return copy
    convert(copy, "parquet", tmp_path / "parquet")
    return tmp_path / "parquet"


@pytest.fixture(scope="module")
def store() -> Any:
    """Return the bundled register."""
    with closing(open_checked(BUNDLED)) as opened:
        yield opened


def planned(folder: Path, **edits: Edits) -> Plan:
    """Return what edits would do to a register."""
    with closing(open_checked(folder)) as store:
        return plan(store, edits)


def saved(folder: Path, words: str = "Agreement of 1 March", **edits: Edits) -> dict[str, list[dict[str, str]]]:
    """Save edits, and return the tables as they are then."""
    carry_out(folder, planned(folder, **edits), ADA, words, "Review", NOW)
    with closing(open_checked(folder)) as store:
        return {name: rows(store, name) for name in ("vendors", "categories", "flows", "activities", "aliases", "evidence")}


def about(tables: dict[str, list[dict[str, str]]], row: str, column: str) -> list[dict[str, str]]:
    """Return the evidence of a cell."""
    return [one for one in tables["evidence"] if (one["row_id"], one["column"]) == (row, column)]


@given(
    st.lists(st.tuples(st.booleans(), _CELLS), max_size=4),
    st.dictionaries(st.integers(0, 5), _CELLS, max_size=4),
    st.sets(st.integers(0, 5), max_size=3),
    st.lists(_CELLS, max_size=2),
)
def test_a_grid_filled_again_shows_what_it_showed(
    stated: list[tuple[bool, dict[str, Any]]], edited: dict[int, dict[str, Any]], deleted: set[int], added: list[dict[str, Any]]
):
    """Whatever was done in a grid, one filled with the edits shows the same rows; doing nothing in it changes no edit."""
    register = [{"vendor_id": f"v{at}", "name": f"V{at}", "country": "DE" if mark else ""} for at, (mark, _) in enumerate(stated)]
    marks = {f"v{at}": frozenset({"country"}) for at, (mark, _) in enumerate(stated) if mark}
    first = grid(VENDORS, register, marks, Edits(added=({"name": "New"},)))
    state = {
        "edited_rows": {line: cells for line, cells in edited.items() if line < len(first.tokens)},
        "deleted_rows": [line for line in deleted if line < len(first.tokens)],
        "added_rows": added,
    }
    done = taken(first, state)
    again = grid(VENDORS, register, marks, done)
    assert taken(again, {}) == done
    assert [row for row in visible(again) if row] == [row for row in expected(first, state) if row]


def visible(shown: Grid) -> list[dict[str, str]]:
    """Return what a grid shows, without empty cells and keys."""
    return [{name: cell for name, cell in line.items() if cell and name != "vendor_id"} for line in shown.lines()]


def expected(shown: Grid, state: dict[str, Any]) -> list[dict[str, str]]:
    """Return what a grid shows after what happened in it, by the plainest way there is."""
    lines = [dict(line) for line in shown.lines()]
    for line, cells in state["edited_rows"].items():
        for name, value in cells.items():
            text = plainly(value)
            lines[line][name] = text if text == shown.began(line, name) else unmarked(text)
    kept = [line for at, line in enumerate(lines) if at not in state["deleted_rows"]]
    kept += [{name: plainly(value) for name, value in cells.items()} for cells in state["added_rows"]]
    return [{name: cell for name, cell in line.items() if cell and name != "vendor_id"} for line in kept]


def plainly(value: Any) -> str:
    """Return a grid's value as text."""
    if isinstance(value, list):
        return ";".join(dict.fromkeys(item for part in value if (item := part.strip().replace(";", ","))))
    return "" if value is None else value.strip()


@given(st.lists(st.text(alphabet="ab:", min_size=1), max_size=3))
def test_marks_come_off_again(items: list[str]):
    """A cell marked as inferred is the cell again without its marks."""
    cell = ";".join(items)
    assert unmarked(marked_as_inferred(cell)) == cell and marked_as_inferred(cell).count(INFERRED) >= len(items)


@pytest.mark.parametrize("table", EDITABLE, ids=lambda table: table.name)
def test_rows_to_edit_are_the_register_s_own(store: Store, table: Table):
    """The rows offered are those of the file, cell for cell, in its order, each found again by its id."""
    shown, total = behind(store, table, Filter(), 1_000)
    known = [{column.name: row[column.name] for column in table.columns} for row in rows(store, table.name)]
    assert shown == known and total == len(known)
    ids = ["/".join(row[key] for key in table.key) for row in known]
    assert by_id(store, table, ids) == known and by_id(store, table, ["none"]) == []
    assert not {column.name for column in editable_columns(table, internal=False) if column.internal}


def test_rows_behind_a_filter(store: Store):
    """Of flows only those behind the filter are offered, the first ones where there are more, and it is said how many there are."""
    shown, total = behind(store, FLOWS, Filter(categories=("logs",)), 3)
    assert total == 8 and len(shown) == 3 and {row["category_id"] for row in shown} == {"logs"}
    assert inferred(store, FLOWS, shown)[SENTRY] == {"data_use"}


def test_a_new_cell_rests_on_who_vouches_for_it(folder: Path):
    """What is filled in by hand is confirmed by a named person on a day; nothing else of the register changes."""
    with closing(open_checked(folder)) as store:
        before = {name: rows(store, name) for name in ("vendors", "flows", "categories", "evidence")}
    after = saved(folder, vendors=Edits({"kombo": {"country": "fr"}}))
    assert after["vendors"] == [{**row, "country": "FR"} if row["vendor_id"] == "kombo" else row for row in before["vendors"]]
    assert (after["flows"], after["categories"]) == (before["flows"], before["categories"])
    (new,) = [row for row in after["evidence"] if row not in before["evidence"]]
    assert (new["status"], new["checked_by"], new["checked_on"], new["quote"], new["source_id"]) == (
        "confirmed",
        "Ada",
        "2026-11-24",
        "Agreement of 1 March",
        "",
    )
    assert [version.author for version in versions(folder)] == ["Ada", "Ada"] and versions(folder)[0].message == "Review"


def test_an_old_quote_does_not_speak_for_a_new_value(folder: Path):
    """When a stated cell is changed its quote goes; when it is emptied nothing speaks for it."""
    after = saved(folder, vendors=Edits({"kombo": {"name": "Kombo Tech"}, "stripe": {"section": ""}}))
    assert [row["status"] for row in about(after, "kombo", "name")] == ["confirmed"]
    assert about(after, "stripe", "section") == [] and about(after, "stripe", "name")[0]["status"] == "stated"


def test_confirming_what_was_inferred(folder: Path):
    """Stating an inferred cell again confirms it: the words it was concluded from stay, with who confirmed it and when."""
    with closing(open_checked(folder)) as store:
        held = by_id(store, FLOWS, [SENTRY])[0]["data_use"]
        assert plan(store, {"flows": Edits({SENTRY: {"data_use": held}})}).changes == (f"Flow logs → sentry: confirmed data use {held}",)
    (row,) = about(saved(folder, flows=Edits({SENTRY: {"data_use": held}})), SENTRY, "data_use")
    assert (row["status"], row["checked_by"]) == ("confirmed", "Ada") and row["quote"].startswith("To track") and row["locator"]


def test_evidence_follows_a_flow_whose_purpose_changes(folder: Path):
    """A purpose is part of what names a flow: what its other cells rest on follows it, its own old words do not."""
    after = saved(folder, flows=Edits({SENTRY: {"purpose": "Errors"}}))
    assert not [row for row in after["evidence"] if row["row_id"] == SENTRY]
    assert [row["status"] for row in about(after, "logs/sentry/Errors", "vendor_id")] == ["stated"]
    assert [row["status"] for row in about(after, "logs/sentry/Errors", "purpose")] == ["confirmed"]


def test_a_new_vendor_with_its_flow_in_one_save(folder: Path):
    """A vendor's key is made from its name, beside any that is there; a flow can name it in the same save."""
    added = Edits(added=({"name": "Stripe", "role": "processor"},))
    after = saved(folder, vendors=added, flows=Edits(added=({"category_id": "logs", "vendor_id": "stripe-2", "purpose": "Fraud"},)))
    assert after["vendors"][-1]["vendor_id"] == "stripe-2" and after["flows"][-1]["vendor_id"] == "stripe-2"
    assert {row["column"] for row in after["evidence"] if row["row_id"] == "stripe-2"} == {"name", "role"}


def test_what_is_deleted_takes_its_evidence_and_aliases_along(folder: Path):
    """A row that goes away leaves nothing that speaks of it."""
    with closing(open_checked(folder)) as store:
        flows = [row for row in rows(store, "flows") if row["category_id"] == "billing-information"]
        named = [row for row in rows(store, "activities") if "billing-information" in row["category_ids"].split(";")]
    after = saved(
        folder,
        categories=Edits(removed=frozenset({"billing-information"})),
        flows=Edits(removed=frozenset("/".join(row[key] for key in FLOWS.key) for row in flows)),
        activities=Edits({row["activity_id"]: {"category_ids": ""} for row in named}),
    )
    assert "billing-information" not in str([after["categories"], after["flows"], after["aliases"]])
    assert not [row for row in after["evidence"] if "billing-information" in row["row_id"]]


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ({"vendors": Edits({"kombo": {"country": "Germany"}})}, ("Vendor Kombo, country “Germany”", "Use the two letters of ISO 3166-1")),
        ({"vendors": Edits({"kombo": {"reviewed_on": "1.3.2026"}})}, ("reviewed on “1.3.2026”", "2026-11-23")),
        ({"vendors": Edits({"kombo": {"role": "helper"}})}, ("role “helper”", "processor, sub-processor")),
        ({"vendors": Edits({"kombo": {"website": "kombo.dev"}})}, ("website “kombo.dev”", "https://")),
        ({"vendors": Edits({"gone": {"role": "processor"}})}, ("The vendor gone", "discard")),
        ({"vendors": Edits(added=({"role": "processor"},))}, ("A new vendor: name is not stated",)),
        ({"flows": Edits(added=({"category_id": "logs"},))}, ("vendor is not stated",)),
        ({"flows": Edits(added=({"category_id": "logs", "vendor_id": "nobody"},))}, ("there is no vendor nobody",)),
        ({"flows": Edits(added=({"category_id": "logs", "vendor_id": "sentry", "purpose": SENTRY[12:]},))}, ("there is one",)),
        ({"vendors": Edits(removed=frozenset({"mongodb"}))}, ("Vendor MongoDB cannot be deleted: 2 flows", "retired")),
        ({"categories": Edits(removed=frozenset({"logs"}))}, ("Category Logs cannot be deleted",)),
        ({"activities": Edits(added=({"name": "Pay", "category_ids": "none-such"},))}, ("there is no category none-such",)),
    ],
)
def test_what_stands_in_the_way(store: Store, edits: dict[str, Edits], said: tuple[str, ...]):
    """What a register must not hold is named with row, column and what to do."""
    found = plan(store, edits)
    assert any(all(part in one for part in said) for one in found.obstacles), found.obstacles


def test_nothing_is_saved_past_an_obstacle(tmp_path: Path, store: Store):
    """Saving what stands in the way, or nothing at all, is refused, and nothing is written."""
    folder = Path(shutil.copytree(BUNDLED, tmp_path / "register"))
    for edits in ({"vendors": Edits({"kombo": {"country": "Germany"}})}, {}):
        with pytest.raises(UsageError):
            carry_out(folder, plan(store, edits), ADA, "", "Review", NOW)
    assert not (folder / ".git").exists() and versions(folder) == ()


def test_a_register_that_changed_meanwhile(tmp_path: Path):
    """Edits made on another content are not saved over it; with the new content seen they are."""
    folder = Path(shutil.copytree(BUNDLED, tmp_path / "register"))
    mine = planned(folder, vendors=Edits({"kombo": {"role": "processor"}}))
    saved(folder, vendors=Edits({"stripe": {"role": "processor"}}))
    with pytest.raises(ChangedMeanwhileError):
        carry_out(folder, mine, ADA, "", "Review", NOW)
    after = saved(folder, vendors=Edits({"kombo": {"role": "processor"}}))
    assert [row["vendor_id"] for row in after["vendors"] if row["role"]] == ["kombo", "stripe"]


@pytest.mark.parametrize(("author", "why"), [(Author(" "), "Review"), (ADA, " ")])
def test_name_and_reason_are_asked_for(tmp_path: Path, author: Author, why: str):
    """Nobody saves without a name or a reason."""
    folder = Path(shutil.copytree(BUNDLED, tmp_path / "register"))
    with pytest.raises(PopmapError):
        carry_out(folder, planned(folder, vendors=Edits({"kombo": {"role": "processor"}})), author, "", why, NOW)


def test_columns_of_ones_own_and_awkward_cells_stay(tmp_path: Path):
    """Columns the model does not know keep their cells, and text that looks like a formula or markup is stored as it is."""
    folder = Path(shutil.copytree(BUNDLED, tmp_path / "register"))
    lines = (folder / "vendors.csv").read_text(encoding="utf-8").splitlines()
    (folder / "vendors.csv").write_text(
        "\n".join([f"{lines[0]},cost_centre", *(f"{line},{at}" for at, line in enumerate(lines[1:]))]) + "\n"
    )
    after = saved(folder, vendors=Edits({"kombo": {"legal_name": '=1+1 <b>*x*</b>, "q"'}}, ({"name": "-Neu"},)))
    assert [row.get("cost_centre") for row in after["vendors"]] == [*map(str, range(22)), ""]
    assert {row["legal_name"] for row in after["vendors"]} == {"", '=1+1 <b>*x*</b>, "q"'} and after["vendors"][-1]["name"] == "-Neu"


def test_what_changes_is_said_by_name(store: Store):
    """The changes are told with the names people know, those of new vendors too."""
    new = {"vendors": Edits(added=({"name": "Neu"},)), "flows": Edits(added=({"category_id": "logs", "vendor_id": "neu", "purpose": "P"},))}
    assert plan(store, new).changes == ("Added vendor Neu", "Added flow Logs → Neu (P)")
