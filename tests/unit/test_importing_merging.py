"""A list put into a register: what it may change, and what it may not."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from popmap.importing.merging import CONTENT, Keep, Merged, merged, row_id
from popmap.register.schema import BY_NAME

PAGE, SHEET = "page", "sheet"


def evidence(table: str, row: dict[str, str], source: str, status: str = "stated", **more: str) -> list[dict[str, str]]:
    """Return what each stated cell of a row rests on."""
    return [
        {
            "table": table,
            "row_id": row_id(table, row),
            "column": column,
            "status": status,
            "source_id": source,
            "locator": "line 1",
            "quote": cell,
        }
        | more
        for column, cell in row.items()
        if cell
    ]


def listed(source: str, **tables: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """Return tables whose every cell rests on a source."""
    words = [line for name, rows in tables.items() for row in rows for line in evidence(name, row, source)]
    return {**tables, "evidence": words}


ACME = {"vendor_id": "acme", "name": "Acme", "section": "Hosting"}
SUB = {**ACME, "role": "sub-processor"}
BOLT = {"vendor_id": "bolt", "name": "Bolt"}
LOGS = {"category_id": "logs", "name": "Logs"}
FLOW = {"category_id": "logs", "vendor_id": "acme", "purpose": "To host"}
REGISTER = listed(PAGE, categories=[LOGS], vendors=[ACME], flows=[FLOW])


def test_a_start():
    """Put into nothing, a list is the register, row by row in its order."""
    done = merged({}, REGISTER, PAGE)
    assert {name: rows for name, rows in done.tables.items() if rows} == REGISTER and not done.contradictions


def test_the_same_again():
    """The same list twice changes nothing."""
    assert {name: rows for name, rows in merged(REGISTER, REGISTER, PAGE).tables.items() if rows} == REGISTER


def test_what_the_source_takes_back():
    """A row and a cell only this source stated go when it no longer states them, with what they rested on."""
    smaller = listed(PAGE, categories=[LOGS], vendors=[{**ACME, "section": ""}], flows=[])
    done = merged(REGISTER, smaller, PAGE)
    assert done.tables["flows"] == [] and done.tables["vendors"] == [{**ACME, "section": ""}]
    assert {(row["table"], row["column"]) for row in done.tables["evidence"]} == {
        ("categories", "category_id"),
        ("categories", "name"),
        ("vendors", "vendor_id"),
        ("vendors", "name"),
    }


def test_what_another_source_says_stays():
    """What rests on another source too, or on nothing, is not this list's to take back."""
    both = deepcopy(REGISTER)
    both["evidence"] += evidence("vendors", {"vendor_id": "acme", "section": "Hosting"}, SHEET)
    both["vendors"].append(BOLT)
    done = merged(both, listed(PAGE), PAGE)
    assert done.tables["vendors"] == [{"vendor_id": "acme", "name": "", "section": "Hosting"}, BOLT]
    assert {row["source_id"] for row in done.tables["evidence"]} == {SHEET}


def test_a_vendor_others_still_name():
    """A vendor the list no longer has keeps its name while a row of another source refers to it."""
    both = deepcopy(REGISTER)
    both["flows"].append({"category_id": "logs", "vendor_id": "acme", "purpose": "To mail"})
    both["evidence"] += evidence("flows", both["flows"][1], SHEET)
    done = merged(both, listed(PAGE), PAGE)
    assert done.tables["vendors"] == [{**ACME, "section": ""}] and done.tables["categories"] == [LOGS]
    assert done.tables["flows"] == both["flows"][1:]


@pytest.mark.parametrize("decided", [None, Keep.REGISTER, Keep.LIST])
@pytest.mark.parametrize("basis", [SHEET, "confirmed", ""])
def test_a_contradiction(decided: Keep | None, basis: str):
    """A cell that rests on another source, on a person or on nothing is changed only by decision; words for another value cite nothing."""
    register = listed(SHEET if basis == SHEET else PAGE, vendors=[SUB])
    if basis == "":
        register["evidence"] = []
    if basis == "confirmed":
        register["evidence"] = evidence("vendors", SUB, PAGE, "confirmed", checked_by="Ada")
    found = listed(PAGE, vendors=[{**SUB, "role": "processor"}])
    (open_one,) = merged(register, found, PAGE).contradictions
    assert (open_one.register, open_one.list, open_one.quote, open_one.decided) == ("sub-processor", "processor", "processor", None)
    done = merged(register, found, PAGE, {open_one.id: decided} if decided else {})
    assert done.tables["vendors"][0]["role"] == ("processor" if decided is Keep.LIST else "sub-processor")
    quoted = [row["quote"] for row in done.tables["evidence"] if row["column"] == "role"]
    assert ("processor" in quoted) is (decided is Keep.LIST)


def test_how_another_source_presents_a_row():
    """The heading a vendor stands under on another page is no contradiction: the register keeps its own, and cites no words for it."""
    done = merged(listed(SHEET, vendors=[ACME]), listed(PAGE, vendors=[{**ACME, "section": "Sub-processors"}]), PAGE)
    assert done.tables["vendors"] == [ACME] and not done.contradictions
    assert {row["source_id"] for row in done.tables["evidence"] if row["column"] == "section"} == {SHEET}


def test_what_was_concluded_gives_way():
    """What popmap concluded from a list never replaces what the register says, but follows the list where it came from it."""
    found = {
        "vendors": [{**ACME, "company": "Acme Group"}],
        "evidence": evidence("vendors", {**ACME, "company": "Acme Group"}, PAGE, "inferred"),
    }
    ours = listed(SHEET, vendors=[{**ACME, "company": "Acme SA"}])
    assert merged(ours, found, PAGE).tables["vendors"][0]["company"] == "Acme SA"
    before = {"vendors": [{**ACME, "company": "Acme"}], "evidence": evidence("vendors", {**ACME, "company": "Acme"}, PAGE, "inferred")}
    assert merged(before, found, PAGE).tables["vendors"][0]["company"] == "Acme Group"


def test_a_confirmation_outlives_the_same_words():
    """Whoever confirmed a cell stays named while the list says the same in the same words."""
    register = {"vendors": [ACME], "evidence": evidence("vendors", ACME, PAGE, "confirmed", checked_by="Ada", checked_on="2026-01-01")}
    moved = {**listed(PAGE, vendors=[ACME])}
    moved["evidence"] = [{**row, "locator": "line 9"} for row in moved["evidence"]]
    done = merged(register, moved, PAGE)
    assert {(row["status"], row["checked_by"], row["locator"]) for row in done.tables["evidence"]} == {("confirmed", "Ada", "line 9")}


def test_columns_of_ones_own_stay():
    """Columns the model does not know, and tables a list says nothing in, are kept."""
    register = {**REGISTER, "vendors": [{**ACME, "mine": "kept"}], "answers": [{"language": "en", "question": "Q", "answer": "A"}]}
    done = merged(register, REGISTER, PAGE)
    assert done.tables["vendors"] == register["vendors"] and done.tables["answers"] == register["answers"]


_IDS = st.sampled_from(["a", "b", "c"])
_TEXT = st.sampled_from(["", "x", "y"])


@st.composite
def lists(draw: st.DrawFn, source: str) -> dict[str, list[dict[str, str]]]:
    """Return what a list of a source might say."""
    vendors = {one: {"vendor_id": one, "name": one.upper(), "section": draw(_TEXT), "role": draw(_TEXT)} for one in draw(st.sets(_IDS))}
    categories = {one: {"category_id": one, "name": one.upper(), "description": draw(_TEXT)} for one in draw(st.sets(_IDS))}
    pairs = (
        draw(st.sets(st.tuples(st.sampled_from(sorted(categories)), st.sampled_from(sorted(vendors))))) if vendors and categories else set()
    )
    flows = [{"category_id": one, "vendor_id": other, "purpose": "p", "condition": draw(_TEXT)} for one, other in sorted(pairs)]
    return listed(source, categories=list(categories.values()), vendors=list(vendors.values()), flows=flows)


def consistent(done: Merged) -> None:
    """Check that no evidence and no flow refers to a row that is not there, and that keys are unique."""
    ids = {name: [row_id(name, row) for row in done.tables[name]] for name in CONTENT}
    assert all(len(found) == len(set(found)) for found in ids.values())
    assert all(row["row_id"] in ids[row["table"]] for row in done.tables["evidence"])
    for row in done.tables["flows"]:
        assert row["vendor_id"] in ids["vendors"] and row["category_id"] in ids["categories"]


@given(lists(PAGE), lists(SHEET), lists(PAGE))
def test_any_lists(first: dict, other: dict, second: dict):
    """However lists come in: the register stays consistent, the same list again changes nothing, and other sources' cells stay."""
    register = merged(merged({}, first, PAGE).tables, other, SHEET).tables
    done = merged(register, second, PAGE)
    consistent(done)
    again = merged(done.tables, second, PAGE)
    assert again.tables == done.tables
    theirs = {(row["table"], row["row_id"], row["column"]) for row in register["evidence"] if row["source_id"] == SHEET}
    cells = {
        (name, row_id(name, row), column): cell
        for name in CONTENT
        for row in done.tables[name]
        for column, cell in row.items()
        if column in row
    }
    before = {(name, row_id(name, row), column): cell for name in CONTENT for row in register[name] for column, cell in row.items()}
    assert all(cells[cell] == before[cell] for cell in theirs)


@given(lists(PAGE), lists(SHEET))
def test_decisions_hold(first: dict, other: dict):
    """Every contradiction decided for the list puts its value in, and none is left open then."""
    register = merged({}, first, PAGE).tables
    asked = merged(register, other, SHEET).contradictions
    done = merged(register, other, SHEET, {one.id: Keep.LIST for one in asked})
    assert all(one.decided is Keep.LIST for one in done.contradictions) and len(done.contradictions) == len(asked)
    for one in asked:
        (row,) = [row for row in done.tables[one.table] if row_id(one.table, row) == one.row_id]
        assert row[one.column] == one.list
    assert BY_NAME.keys() >= done.tables.keys()
