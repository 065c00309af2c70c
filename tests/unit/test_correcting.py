"""A layout goes to a table and comes back; what a person types wrongly is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from popmap.answering.correcting import ROLES, to_blocks, to_rows
from popmap.answering.model import Block
from popmap.errors import UsageError

COLUMNS = st.from_regex(r"[A-Z]{1,2}(:[A-Z]{1,2})?", fullmatch=True)
SHEETS = st.text(st.characters(categories=["L", "Nd"]), max_size=12)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    """Return a block as a reader would find one."""
    header = draw(st.integers(0, 50))
    first = header + draw(st.integers(1, 9))
    columns = {"question": draw(COLUMNS)} | draw(st.dictionaries(st.sampled_from(ROLES), COLUMNS))
    return Block(draw(SHEETS), header, first, first + draw(st.integers(0, 99)), columns)


@given(st.lists(blocks(), min_size=1, max_size=5))
def test_round_trip(found: list[Block]):
    """A layout that nobody changed comes back as it was."""
    assert to_blocks(to_rows(found), found) == found


def test_what_a_person_does_not_see_stays():
    """Whether a sheet is hidden, and columns of other roles, are taken over."""
    found = Block("S", 1, 2, 9, {"question": "B", "choices": "F"}, hidden=True)
    assert to_blocks(to_rows([found]), [found]) == [found]


def test_as_typed():
    """Small letters, blanks and numbers that an editor gives as decimals are understood; rows left empty are not blocks."""
    rows = [{"sheet": "S", "header": 1.0, "first": 2, "last": 9, "question": " b ", "answer": "d:f"}, {"sheet": None, "first": None}]
    assert to_blocks(rows) == [Block("S", 1, 2, 9, {"question": "B", "answer": "D:F"})]


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"first": 2, "last": 9},
        {"question": "B2", "first": 2, "last": 9},
        {"question": "B", "answer": "second", "first": 2, "last": 9},
        {"question": "B", "first": 9, "last": 2},
        {"question": "B", "first": 0, "last": 2},
        {"question": "B", "first": "two", "last": 9},
        {"question": "B", "first": float("inf"), "last": 9},
    ],
)
def test_what_is_no_layout(row: dict):
    """What cannot be read as a layout is refused with what to do."""
    with pytest.raises(UsageError) as caught:
        to_blocks([row])
    assert caught.value.hint
