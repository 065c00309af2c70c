"""Lists of every shape with what they say: read, and held against it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from popmap.importing.listing import read_list
from popmap.importing.model import Known, Reading
from popmap.importing.words import fold

HERE = Path(__file__).parent
LISTS = HERE / "lists"
# Behind a list of countries: inferred from the sentence above the list, not stated.
INFERRED = "~"
Flow = tuple[str, str, str]
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Score:
    """What came out of one list: counts of what is right out of what there is, and names of vendors nobody named."""

    name: str
    vendors: int
    found: int
    invented: tuple[str, ...]
    flows: int
    flows_right: int
    located: int
    located_right: int
    wrong: tuple[str, ...]


@cache
def expected() -> Mapping[str, tuple[dict[str, str], ...]]:
    """Return the expected flows and vendors by file."""
    found: dict[str, list[dict[str, str]]] = {}
    with (HERE / "expected.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["file"], []).append(row)
    return {name: tuple(rows) for name, rows in found.items()}


def settled(data: bytes, name: str, known: Known | None = None, answers: Mapping[str, str] | None = None) -> Reading:
    """Return a list as it reads once every question has popmap's own answer, or the one given."""
    given = dict(answers or {})
    reading = read_list(data, name, known, given)
    for _ in range(_ROUNDS):
        given = reading.proposals() | dict(answers or {})
        reading = read_list(data, name, known, given, source="list")
    return reading


def score(name: str) -> Score:
    """Read one of the lists and hold it against what it says."""
    return compare(name, settled((LISTS / name).read_bytes(), name))


def compare(name: str, reading: Reading) -> Score:
    """Hold a reading against what its list says."""
    wanted = [row for row in expected()[name] if row["vendor"]]
    vendors = {fold(row["vendor"]) for row in wanted}
    names = {row["vendor_id"]: row["name"] for row in reading.rows.vendors}
    categories = {row["category_id"]: row["name"] for row in reading.rows.categories}
    flows = {(fold(names[row["vendor_id"]]), fold(categories[row["category_id"]]), fold(row["purpose"])): row for row in reading.rows.flows}
    asked = {(fold(row["vendor"]), fold(row["category"]), fold(row["purpose"])): row for row in wanted if row["category"]}
    right, located, wrong = 0, 0, []
    for key, row in asked.items():
        got = flows.get(key)
        same = got is not None and all(got.get(column, "") == row[mine] for mine, column in _COLUMNS.items())
        right += same
        place = got is not None and got.get("locations", "") == row["locations"].rstrip(INFERRED)
        located += place
        if not (same and place):
            wrong.append(f"{key}: {got}")
    wrong += [f"not expected: {key}" for key in flows.keys() - asked.keys()]
    invented = tuple(one for one in names.values() if fold(one) not in vendors)
    found = {fold(one) for one in names.values()} & vendors
    return Score(name, len(vendors), len(found), invented, len(asked), right, len(asked), located, tuple(wrong))


_COLUMNS = {"condition": "condition", "mechanism": "transfer_mechanism", "basis": "legal_basis"}
