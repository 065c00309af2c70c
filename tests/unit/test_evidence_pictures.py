"""The pictures of an evidence pack: the map and the matrix with every name in full, on sheets that fit a page."""

from __future__ import annotations

import re
import struct
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hostile import write_hostile
from hypothesis import given
from hypothesis import strategies as st
from registers import DAY, read, tiny, write

from popmap.checks.run import open_checked
from popmap.evidence import lines, map_sheets, matrix_sheets, pictures
from popmap.evidence.parties import Pair, Parties, Party, parties
from popmap.filters import Filter
from popmap.flow import text
from popmap.opened import BUNDLED
from popmap.store import Store
from tests.benchmarks.generate import generate

NONE = Filter()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return a made-up register of 500 vendors."""
    folder = tmp_path_factory.mktemp("many")
    generate(folder, 800, vendors=500, categories=24)
    return read(folder)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return the register whose every name tries something."""
    return read(write_hostile(tmp_path_factory.mktemp("hostile")))


def words(picture: bytes) -> str:
    """Return all text of an SVG without white space, its tool tips left out."""
    root = ElementTree.fromstring(picture)
    parts = [piece for element in root.iter() if element.tag.endswith(("}text", "}tspan")) for piece in (element.text or "", "\n")]
    return "".join("".join(parts).split())


def bare(name: str) -> str:
    """Return a name as the pictures hold it, without white space."""
    return "".join(text.clean(name).split())


@pytest.mark.parametrize("drawing", [pictures.map_svg, pictures.matrix_svg])
@pytest.mark.parametrize("which", ["bundled", "many", "hostile"])
def test_every_name_in_full(drawing, which: str, request: pytest.FixtureRequest):
    """Each vendor's and each category's whole name is drawn as text, nothing merged into "Other", nothing shortened."""
    store = open_checked(BUNDLED, DAY) if which == "bundled" else request.getfixturevalue(which)
    picture = drawing(store, NONE)
    shown, whole = words(picture), parties(store, NONE)
    assert len(whole.vendors) + len(whole.categories) >= 16
    assert [party.name for party in (*whole.vendors, *whole.categories) if bare(party.name) not in shown] == []
    assert "Other(" not in shown and text.ELLIPSIS not in shown
    assert picture == drawing(store, NONE)


@pytest.mark.parametrize("drawing", [pictures.map_svg, pictures.matrix_svg])
def test_a_picture_runs_nothing(drawing, hostile: Store):
    """No script, link or picture from elsewhere comes out of names that are markup."""
    root = ElementTree.fromstring(drawing(hostile, NONE))
    allowed = {"svg", "title", "desc", "rect", "path", "g", "text", "tspan"}
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= allowed
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on") or "href" in name]


def test_nothing_to_show(tmp_path: Path):
    """A register without flows has pictures, too, and they name what there is."""
    store = read(write(tmp_path, tiny() | {"flows": []}))
    assert "Sourcecode" in words(pictures.map_svg(store, NONE)) and "Courier" in words(pictures.matrix_svg(store, NONE))
    nothing = pictures.map_svg(store, Filter(text="there is no such word"))
    assert "Therearenoflowstoshow." in words(nothing)


NAMES = st.text(st.sampled_from("ab Wi\u4e2d\u00e9e\u0301\U0001f600-/"), min_size=1, max_size=60).map(text.clean).filter(bool)


@given(NAMES, st.sampled_from([40.0, 90.0, 200.0]))
def test_a_broken_label_loses_nothing(name: str, room: float):
    """Its lines hold the label's characters in order, and none is wider than the room unless it is a single character."""
    found = lines.broken(name, 12, room)
    assert "".join(found).replace(" ", "") == name.replace(" ", "")
    for line in found:
        assert text.width(line, 12) <= room or sum(text.width(character, 12) > 0 for character in line) == 1


COUNTS = st.dictionaries(
    st.tuples(st.integers(0, 70), st.integers(0, 12)),
    st.tuples(st.integers(1, 40), st.integers(0, 2)).map(lambda n: Pair(n[0], min(n))),
    max_size=150,
)


@given(COUNTS, NAMES, st.sampled_from([400.0, 700.0, 1000.0]))
def test_sheets_hold_everything_and_fit(counts: dict[tuple[int, int], Pair], name: str, room: float):
    """Every pair's flows stand on exactly one sheet of the map and of the matrix, every vendor and category on one, and sheets fit."""
    vendors = tuple(Party(f"v{at}", f"{name} {at}", f"Section {at // 20}") for at in range(71))
    categories = tuple(Party(f"c{at}", f"{name} {at}", colour="#123456") for at in range(13))
    pairs: dict[str, dict[str, Pair]] = {}
    for (vendor, category), pair in counts.items():
        pairs.setdefault(f"v{vendor}", {})[f"c{category}"] = pair
    whole = Parties(categories, vendors, pairs)
    sheets = map_sheets.sheets(whole, room / 2, room)
    shown = Counter(
        (item.vendor.key, category.key) for sheet in sheets for item in sheet.items if item.vendor for category, _ in item.pairs
    )
    assert shown == Counter({(vendor, category): 1 for vendor, row in pairs.items() for category in row})
    assert {item.vendor for sheet in sheets for item in sheet.items} - {None} == set(vendors)
    assert {category for sheet in sheets for item in sheet.items for category, _ in item.pairs} == set(categories)
    for at, sheet in enumerate(sheets):
        assert map_sheets.draw(sheet)[1] <= (room if at else room / 2) + 1 or len(sheet.items) == 1
    tables = matrix_sheets.sheets(whole, room)
    cells = Counter((vendor.key, category.key) for table in tables for vendor in table.vendors for category in table.categories)
    assert cells == Counter({(vendor.key, category.key): 1 for vendor in vendors for category in categories})
    for table in tables:
        _, wide, high = matrix_sheets.draw(table)
        assert (wide <= map_sheets.WIDTH or len(table.categories) == 1) and (high <= room + 2 or len(table.vendors) == 1)


def test_the_matrix_counts_the_flows():
    """The numbers in its tiles add up to the register's flows."""
    store = open_checked(BUNDLED, DAY)
    picture = pictures.matrix_svg(store, NONE).decode()
    assert sum(int(number) for number in re.findall(r">(\d+)</text>", picture)) == store.counts["flows"] == 34


@pytest.mark.parametrize(("size", "scale"), [((1000, 1000), 2), ((4000, 3000), 1), ((8000, 8000), 0.5)])
def test_a_png_has_a_largest_size(size: tuple[float, float], scale: float):
    """Two pixels for one where that is at most MOST_PIXELS, else one, else what fits."""
    assert pictures.scale_for(*size) == scale
    assert size[0] * size[1] * pictures.scale_for(*size) ** 2 <= pictures.MOST_PIXELS


def test_the_png_is_the_svg(tmp_path: Path):
    """A small map is drawn at two pixels for one, and the same each time."""
    store = read(write(tmp_path, tiny()))
    picture = b"".join(pictures.map_png(store, NONE))
    box = re.search(rb'width="([\d.]+)" height="([\d.]+)"', pictures.map_svg(store, NONE))
    assert box and picture == b"".join(pictures.map_png(store, NONE))
    assert struct.unpack(">II", picture[16:24]) == tuple(pytest.approx(2 * float(each), abs=2) for each in box.groups())
