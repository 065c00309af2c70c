"""The bundled page, imported into nothing, gives the bundled register."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from popmap.importing.listing import read_list
from popmap.importing.model import Asked, Known, Reading, Row
from popmap.register.schema import BY_NAME

FOLDER = Path(__file__).parents[2] / "data" / "popwork"
SOURCE = "popwork-privacy-page"
PAGE = (FOLDER / "sources" / f"{SOURCE}.txt").read_bytes()
# What docs/model says a person decides: three cells that name two vendors each, a variant spelling, two undeclared types.
ANSWERS = {
    "split/microsoft-or-google": "choice",
    "split/outlook-calendar-or-google-calendar": "choice",
    "split/google-analytics-tag-manager": "each-full",
    "category/billing-data": "same:billing-information",
    "category/source-code": "new",
    "category/access-to-calendar": "new",
}


def imported(answers: dict[str, str] | None = None, known: Known | None = None) -> Reading:
    return read_list(PAGE, f"{SOURCE}.txt", known, answers, source=SOURCE)


def bundled(table: str) -> list[Row]:
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [{key: value for key, value in row.items() if value} for row in csv.DictReader(file)]


def rows(reading: Reading, table: str) -> list[Row]:
    order = [column.name for column in BY_NAME[table].columns]
    return [{name: row[name] for name in order if row.get(name)} for row in getattr(reading.rows, table)]


def known() -> Known:
    return Known(
        vendors={row["vendor_id"]: row["name"] for row in bundled("vendors")},
        categories={row["category_id"]: row["name"] for row in bundled("categories")},
        aliases=tuple((row["kind"], row["alias"], row["id"]) for row in bundled("aliases")),
    )


def test_only_what_the_page_leaves_open_is_asked():
    """The six questions are those of the model, of every undeclared type and every cell of two names, and none is answered for anybody."""
    reading = imported()
    assert {one.id for one in reading.questions} == ANSWERS.keys()
    assert {one.kind for one in reading.questions} == {Asked.SPLIT, Asked.CATEGORY}
    assert reading.open == reading.questions
    assert not reading.refusals


def test_nothing_hangs_on_an_open_question():
    """Before anything is answered, the rows hold no vendor of a cell of two, and no flow of an undeclared type."""
    before = imported().rows
    assert {row["vendor_id"] for row in before.vendors}.isdisjoint({"microsoft", "google", "outlook-calendar", "google-tag-manager"})
    assert {row["category_id"] for row in before.flows} <= {row["category_id"] for row in before.categories}
    assert len(before.categories) == 5


@pytest.mark.parametrize("table", ["categories", "vendors", "aliases", "flows"])
def test_the_page_gives_the_bundled_tables(table: str):
    """With the six answers every row of the table is there as it is bundled, in its order, and no other."""
    assert rows(imported(ANSWERS), table) == bundled(table)


def test_the_page_gives_the_bundled_activities_and_evidence():
    """Activities and evidence are the bundled ones, but for names of activities: a person made those up, and their ids with them."""
    reading = imported(ANSWERS)
    made_up = ("activity_id", "name")
    assert [{k: v for k, v in row.items() if k not in made_up} for row in rows(reading, "activities")] == [
        {k: v for k, v in row.items() if k not in made_up} for row in bundled("activities")
    ]
    ids = {row["purpose"]: row["activity_id"] for row in bundled("activities")}
    mine = {row["activity_id"]: ids[row["purpose"]] for row in reading.rows.activities}
    renamed = [{**row, "row_id": mine.get(row["row_id"], row["row_id"])} for row in rows(reading, "evidence")]
    assert renamed == bundled("evidence")


def test_the_page_says_nothing_new_to_the_register_it_gave():
    """Imported into the bundled register, the page leaves only its cells of two names open, and gives the same rows again."""
    again = imported({key: answer for key, answer in ANSWERS.items() if key.startswith("split/")}, known())
    assert not again.open and {one.kind for one in again.questions} == {Asked.SPLIT}
    assert again.rows == imported(ANSWERS).rows


def test_every_piece_of_evidence_quotes_the_page():
    """Each quote stands on the line it cites."""
    lines = PAGE.decode().split("\n")
    for row in imported(ANSWERS).rows.evidence:
        line = lines[int(row["locator"].removeprefix("line ")) - 1]
        assert row["quote"] in " ".join(line.split())
