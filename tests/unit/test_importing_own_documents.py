"""popmap's documents brought back: the sub-processors file as it was; the public page and fideslang's systems in what they state."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from awkward import AWKWARD, awkward, opened
from hypothesis import given, settings
from hypothesis import strategies as st
from registers import Tables, read, tiny, write
from renderings_sample import MADE_AT, sample

from popmap.flow.text import clean
from popmap.importing.listing import read_list
from popmap.importing.merging import merged
from popmap.importing.model import Known, Reading
from popmap.importing.reading import announced, listed
from popmap.importing.words import fold
from popmap.lists.planning import by_table
from popmap.renderings import page
from popmap.renderings.files import rendering_file
from popmap.store import Store

FORMS = {"html": "html", "markdown": "md"}


def settled(data: bytes, name: str, known: Known | None = None) -> Reading:
    """Return what a document says, names that are alike staying apart."""
    answers: dict[str, str] = {}
    for _ in range(20):
        reading = read_list(data, name, known, answers, source="document")
        if not reading.open:
            return reading
        answers |= {one.id: "new" for one in reading.open}
    raise AssertionError(reading.open)


# -- the sub-processors file -----------------------------------------------------------------------------------------


def of_json(store: Store) -> list[dict[str, Any]]:
    """Return the vendors of the file, without marks about cells that it does not hold."""
    found = json.loads(rendering_file(store, "subprocessors", "json", MADE_AT))["subprocessors"]
    for vendor in found:
        for one in (vendor, *vendor["processing"]):
            held = {
                *one,
                *(["locations"] if "countries" in one else []),
                *(["category_id", "vendor_id"] if "purpose" in one else ["vendor_id"]),
            }
            one["inferred"] = [column for column in one["inferred"] if column in held]
    return found


def json_there_and_back(tables: Tables) -> tuple[object, object]:
    with TemporaryDirectory() as name:
        before = opened(Path(name) / "before", tables)
        reading = read_list(rendering_file(before, "subprocessors", "json", MADE_AT), "s.json", source="s")
        assert not reading.questions
        return of_json(before), of_json(opened(Path(name) / "after", merged({}, by_table(reading.rows), "s").tables))


@pytest.mark.parametrize("tables", [tiny(), sample()], ids=["tiny", "sample"])
def test_the_file_for_machines(tables: Tables):
    """The sub-processors file, imported into an empty register, gives the same vendors and processing again, on the same ids."""
    before, after = json_there_and_back(tables)
    assert before == after


@given(tables=awkward())
@settings(max_examples=8)
def test_the_file_for_machines_of_awkward_text(tables: Tables):
    """So it does whatever the texts are."""
    before, after = json_there_and_back(tables)
    assert before == after


@pytest.mark.parametrize("broken", [{}, {"subprocessors": 3}, {"subprocessors": [{"id": "a"}]}, {"subprocessors": [[]]}])
def test_a_broken_file(broken: dict[str, object]):
    """A file that names the format and is not of it is read as any other JSON, without a crash."""
    reading = read_list(json.dumps({"format": announced.FORMAT, **broken}).encode(), "s.json")
    assert not any(reading.rows.flows)


# -- the public page -------------------------------------------------------------------------------------------------


def _stated(store: Store) -> dict[str, tuple[set[str], set[str], set[str]]]:
    """Return what a page states of each vendor by its name: purposes with their conditions, categories and countries."""
    rows = store.query(
        "SELECT v.name, f.purpose::VARCHAR, f.condition::VARCHAR, c.name, f.locations::VARCHAR FROM vendors v "
        "LEFT JOIN flows f ON f.vendor_id::VARCHAR = v.vendor_id LEFT JOIN category_facts c ON c.category_id = f.category_id "
        "WHERE (v.role IS NULL OR v.role IN ('processor', 'sub-processor')) AND (v.status IS NULL OR v.status <> 'retired')"
    )
    found: dict[str, tuple[set[str], set[str], set[str]]] = {}
    for name, purpose, condition, category, locations in rows:
        purposes, categories, places = found.setdefault(clean(name), (set(), set(), set()))
        if category:
            # The page says "not stated" in the place of a purpose there is none of.
            words = f"{purpose or 'not stated'} ({condition})" if condition else purpose or ""
            purposes |= {clean(words)} - {""}
            categories.add(clean(category))
            places |= {*(locations or "").split(";")} - {""}
    return found


def _found(reading: Reading) -> dict[str, tuple[set[str], set[str], set[str]]]:
    names = {row["category_id"]: row["name"] for row in reading.rows.categories}
    found: dict[str, tuple[set[str], set[str], set[str]]] = {row["name"]: (set(), set(), set()) for row in reading.rows.vendors}
    by_id = {row["vendor_id"]: found[row["name"]] for row in reading.rows.vendors}
    for row in reading.rows.flows:
        purposes, categories, places = by_id[row["vendor_id"]]
        purposes |= {row.get("purpose", "")} - {""}
        categories.add(names[row["category_id"]])
        places |= {*row.get("locations", "").split(";")} - {""}
    return found


def same(before: Mapping[str, tuple[set[str], ...]], after: Mapping[str, tuple[set[str], ...]]) -> None:
    """Assert that the same is said of each vendor; several purposes beside several categories are one statement of all of them."""
    assert before.keys() == after.keys()
    for name, (purposes, categories, places) in before.items():
        found = after[name]
        assert found[1:] == (categories, places), name
        if found[0] != purposes:
            (together,) = found[0]
            assert len(categories) > 1 and sorted(together.split("; ")) == sorted("; ".join(purposes).split("; ")), name


_NAMES = AWKWARD.filter(lambda text: "(inferred)" not in text and text.strip() and len(fold(text)) > 1)
_DIFFERENT = st.lists(_NAMES, min_size=2, max_size=3, unique_by=(fold, lambda text: fold(text)[-20:]))


@st.composite
def named(draw: st.DrawFn) -> Tables:
    """Return a register of vendors, categories and flows whose names differ in more than their signs."""
    vendors, categories = draw(_DIFFERENT), draw(_DIFFERENT)
    pairs = [(f"c-{at}", f"v-{place}") for at in range(len(categories)) for place in range(len(vendors))]
    flows = [
        {
            "category_id": one,
            "vendor_id": other,
            "purpose": draw(st.just("") | _NAMES),
            "locations": draw(st.sampled_from(["", "FR", "US;IN"])),
        }
        for one, other in draw(st.lists(st.sampled_from(pairs), max_size=4))
    ]
    return {
        "categories": [{"category_id": f"c-{at}", "name": name} for at, name in enumerate(categories)],
        "vendors": [{"vendor_id": f"v-{at}", "name": name} for at, name in enumerate(vendors)],
        "flows": list({(row["category_id"], row["vendor_id"], row["purpose"].strip()): row for row in flows}.values()),
    }


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("tables", [tiny(), {**sample(), "evidence": []}], ids=["tiny", "sample"])
def test_the_page(tmp_path: Path, tables: Tables, form: str):
    """The public page brings back its vendors, what for, which data and where, and no blank as anything."""
    store = read(write(tmp_path / "register", tables))
    reading = settled(rendering_file(store, "subprocessor-page", form, MADE_AT), f"page.{FORMS[form]}")
    same(_stated(store), _found(reading))
    assert "not stated" not in {cell for rows in (reading.rows.vendors, reading.rows.categories) for row in rows for cell in row.values()}


@pytest.mark.parametrize("form", FORMS)
@given(tables=named())
@settings(max_examples=10)
def test_the_page_of_awkward_text(form: str, tables: Tables):
    """So it does for texts full of the page's own signs, as the page shows them: on one line, without what cannot be seen."""
    with TemporaryDirectory() as name:
        store = opened(Path(name) / "before", tables)
        same(_stated(store), _found(settled(rendering_file(store, "subprocessor-page", form, MADE_AT), f"page.{FORMS[form]}")))


def _status(reading: Reading, table: str, column: str) -> set[tuple[str, str]]:
    return {(row["row_id"], row["status"]) for row in reading.rows.evidence if (row["table"], row["column"]) == (table, column)}


@pytest.mark.parametrize("form", FORMS)
def test_what_the_page_does_not_say(tmp_path: Path, form: str):
    """What the page marks as inferred is inferred, and so is what it does not say belongs together; the rest is stated."""
    tables = sample()
    tables["flows"].append({"category_id": "logs", "vendor_id": "soon", "purpose": "To note", "locations": "FR"})
    store = read(write(tmp_path / "register", tables))
    reading = settled(rendering_file(store, "subprocessor-page", form, MADE_AT), f"page.{FORMS[form]}")
    assert _status(reading, "vendors", "name") == {
        ("cloud-one", "stated"),
        ("mail-more", "inferred"),
        ("forge", "stated"),
        ("soon", "stated"),
    }
    assert ("coordonnees/mail-more/To send news (if asked)", "stated") in _status(reading, "flows", "purpose")
    assert ("source-code/forge/Builds", "stated") in _status(reading, "flows", "locations")
    # One purpose for two categories is for both; their two countries may be those of one.
    assert ("logs/cloud-one/Hosting", "stated") in _status(reading, "flows", "purpose")
    assert ("logs/cloud-one/Hosting", "inferred") in _status(reading, "flows", "locations")
    assert ("logs/soon/To call; To note", "inferred") in _status(reading, "flows", "purpose")


def test_a_condition_somebody_inferred(tmp_path: Path):
    """Only a condition marked as inferred is told from its purpose, however many brackets stand in it."""
    tables = tiny()
    tables["flows"][2]["condition"] = "if (and only if) asked"
    tables["evidence"] = [{"table": "flows", "row_id": "logs/courier/To count clicks", "column": "condition", "status": "inferred"}]
    tables["flows"] = tables["flows"][2:3]
    store = read(write(tmp_path / "register", tables))
    (flow,) = settled(rendering_file(store, "subprocessor-page", "html", MADE_AT), "page.html").rows.flows
    assert (flow["purpose"], flow["condition"]) == ("To count clicks", "if (and only if) asked")


def test_into_the_register_it_is_from(tmp_path: Path):
    """The page of a register brings no vendor and no category that the register does not have, whatever their ids are."""
    store = read(write(tmp_path / "register", {**sample(), "evidence": []}))
    names: Iterable[tuple[str, str]] = store.query("SELECT vendor_id, name FROM vendors")
    known = Known(dict(names), dict(store.query("SELECT category_id, name FROM categories")))
    reading = settled(rendering_file(store, "subprocessor-page", "html", MADE_AT), "page.html", known)
    assert {row["vendor_id"] for row in reading.rows.vendors} == {"cloud", "mail", "forge", "soon"}
    assert {row["category_id"] for row in reading.rows.categories} <= {"contact", "logs", "code"}


def test_words_of_the_page():
    """The page's headings are what its reader knows it by."""
    assert listed.COLUMNS == page.COLUMNS


# -- fideslang's systems ---------------------------------------------------------------------------------------------

_KEYS = ("user.contact.email", "user.name", "system")


def _declared(store: Store) -> list[tuple[str, str, str, str]]:
    """Return what the systems declare: vendor, category, purpose and data use of each flow that has a use and keys of data."""
    return store.query(
        "SELECT f.vendor_id::VARCHAR, c.name, coalesce(f.purpose::VARCHAR, ''), f.data_use::VARCHAR FROM flows f "
        "JOIN categories c ON c.category_id = f.category_id::VARCHAR WHERE f.data_use IS NOT NULL AND len(c.taxonomy_keys) > 0 ORDER BY ALL"
    )


def _brought(reading: Reading) -> list[tuple[str, str, str, str]]:
    names = {row["category_id"]: row["name"] for row in reading.rows.categories}
    rows = reading.rows.flows
    return sorted((row["vendor_id"], names[row["category_id"]], row.get("purpose", ""), row["data_use"]) for row in rows)


def systems(store: Store) -> Reading:
    return settled(rendering_file(store, "fideslang", "yaml", MADE_AT), "systems.yaml")


@pytest.mark.parametrize("tables", [tiny(), sample()], ids=["tiny", "sample"])
def test_systems(tmp_path: Path, tables: Tables):
    """The systems bring back every vendor on its id, and the category, purpose and use of each declaration; the other flows are named."""
    store = read(write(tmp_path / "register", tables))
    reading = systems(store)
    vendors = {row["vendor_id"]: row["name"] for row in reading.rows.vendors}
    assert vendors == dict(store.query("SELECT vendor_id, name FROM vendors")) and _brought(reading) == _declared(store)
    assert len(reading.notes) == store.counts["flows"] - len(_declared(store)) and not reading.questions


@given(tables=named(), data=st.data())
@settings(max_examples=8)
def test_systems_of_awkward_text(tables: Tables, data: st.DataObject):
    """So they do for any text, but where a colon leaves open how a category is called: then the text is kept whole."""
    for row in tables["categories"]:
        row["taxonomy_keys"] = data.draw(st.sampled_from(_KEYS))
    for row in tables["flows"]:
        row["data_use"] = data.draw(st.sampled_from(["", "analytics"]))
    with TemporaryDirectory() as name:
        store = opened(Path(name) / "before", tables)
        reading = systems(store)
        names = dict(store.query("SELECT vendor_id, name FROM vendors"))
        assert {row["vendor_id"]: row["name"] for row in reading.rows.vendors} == names and _brought(reading) == _declared(store)


def test_what_systems_mark(tmp_path: Path):
    """What the comments mark as inferred is inferred: a use, keys of data, a purpose; the rest is stated."""
    tables = sample()
    about_it = {"table": "flows", "row_id": "contact/cloud/Hosting", "status": "inferred"}
    tables["evidence"] += [{**about_it, "column": "data_use"}, {**about_it, "column": "purpose"}]
    reading = systems(read(write(tmp_path / "register", tables)))
    assert ("coordonnees/cloud/Hosting", "inferred") in _status(reading, "flows", "data_use") & _status(reading, "flows", "purpose")
    assert ("coordonnees/mail/To send news", "stated") in _status(reading, "flows", "data_use") & _status(reading, "flows", "purpose")
    assert ("coordonnees", "inferred") in _status(reading, "categories", "taxonomy_keys")
    assert ("health-data", "stated") in _status(reading, "categories", "taxonomy_keys")
    assert ("mail", "inferred") in _status(reading, "vendors", "name")


@pytest.mark.parametrize(("purpose", "category"), [("Support: to answer", "Logs"), ("b", "Logs: raw")])
def test_a_colon(tmp_path: Path, purpose: str, category: str):
    """Where several colons leave open where a category's name ends, nothing is stated of it, and no word is lost."""
    tables = tiny()
    tables["categories"][0] |= {"name": category, "taxonomy_keys": "user"}
    tables["flows"] = [{"category_id": "logs", "vendor_id": "sentry", "purpose": purpose, "data_use": "analytics"}]
    reading = systems(read(write(tmp_path / "register", tables)))
    (flow,) = reading.rows.flows
    whole = f"{category}: {purpose}"
    assert flow["purpose"] in {purpose, whole}
    assert {status for _, status in _status(reading, "flows", "purpose")} == ({"inferred"} if whole.count(": ") > 1 else {"stated"})


def test_other_systems():
    """A file of systems without popmap's own first lines is read as before, and asks whose systems they are."""
    data = b"system:\n  # inferred: name\n  - fides_key: a\n    name: Acme\n    privacy_declarations: []\n"
    assert [one.kind.value for one in read_list(data, "systems.yaml").questions] == ["systems"]
