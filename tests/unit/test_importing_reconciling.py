"""A list compared with a register."""

from __future__ import annotations

import pytest
from hypothesis import given
from test_importing_merging import ACME, BOLT, FLOW, PAGE, REGISTER, listed, lists

from popmap.importing.merging import merged
from popmap.importing.reconciling import Difference, Side, reconcile


def said(differences: tuple[Difference, ...]) -> list[tuple[Side, str, str, str, str]]:
    """Return what tests look at."""
    return [(one.side, one.label, one.column, one.register, one.list) for one in differences]


def test_names_alone():
    """A plain list of names is compared by its vendors, and says nothing about categories or flows."""
    found = said(reconcile(REGISTER, listed(PAGE, vendors=[{"vendor_id": "bolt", "name": "Bolt"}])))
    assert found == [(Side.LIST, "Bolt", "", "", ""), (Side.REGISTER, "Acme", "", "", "")]


@pytest.mark.parametrize(
    ("stated", "differs"),
    [
        ({"section": "Storage"}, [("section", "Hosting", "Storage")]),
        ({"section": " hosting"}, []),
        ({"section": ""}, []),
        ({"country": "FR"}, [("country", "", "FR")]),
    ],
)
def test_cells(stated: dict[str, str], differs: list[tuple[str, str, str]]):
    """What the list states and the register does not is a difference, what the list leaves out is none; case and spacing are none."""
    found = reconcile(REGISTER, listed(PAGE, vendors=[{**ACME, **stated}]))
    assert [(one.column, one.register, one.list) for one in found] == differs
    assert all(one.side is Side.DIFFERENT and one.quote == one.list for one in found)


def test_lists_in_any_order():
    """Cells that hold the same items in another order say the same."""
    register = listed(PAGE, flows=[{**FLOW, "locations": "DE;FR"}])
    assert reconcile(register, listed(PAGE, flows=[{**FLOW, "locations": "FR;DE"}])) == ()
    assert len(reconcile(register, listed(PAGE, flows=[{**FLOW, "locations": "FR"}]))) == 1


def test_a_purpose_in_other_words():
    """One flow on each side between the same ends is one flow stated differently; more are not guessed to belong together."""
    one = reconcile(REGISTER, listed(PAGE, flows=[{**FLOW, "purpose": "To store"}]))
    assert said(one) == [(Side.DIFFERENT, "Logs → Acme", "purpose", "To host", "To store")]
    two = reconcile(REGISTER, listed(PAGE, flows=[{**FLOW, "purpose": "To store"}, {**FLOW, "purpose": "To copy"}]))
    assert [one.side for one in two] == [Side.LIST, Side.LIST, Side.REGISTER]


def test_where_the_list_says_it():
    """What is only on the list comes with its words and where they stand."""
    (one,) = [one for one in reconcile(REGISTER, listed(PAGE, vendors=[ACME, BOLT])) if one.side is Side.LIST]
    assert (one.quote, one.locator) == ("bolt", "line 1")


@given(lists(PAGE))
def test_a_list_and_the_register_made_from_it(found: dict):
    """A register started from a list does not differ from it."""
    assert reconcile(merged({}, found, PAGE).tables, found) == ()


@given(lists(PAGE), lists(PAGE))
def test_both_ways(one: dict, other: dict):
    """What is only here in one direction is only there in the other."""
    there, back = reconcile(one, other), reconcile(other, one)
    both = {table for table in ("categories", "vendors", "flows") if one[table] and other[table]}
    only = {(item.table, item.row_id) for item in there if item.side is Side.LIST and item.table in both}
    assert only == {(item.table, item.row_id) for item in back if item.side is Side.REGISTER and item.table in both}
