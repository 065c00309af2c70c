"""The values to filter by: every one that occurs, with a key fit for a link, a label for people and the right count."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registers import DAY, Tables, registers, some_rules, tiny, with_flow, write

from popmap.counting import facet_counts
from popmap.facets import labels, slug
from popmap.filters import BY_KEY, FACETS, NOT_STATED, Filter, flow_where
from popmap.store import Store, open_store

# The columns facets read; the others only make examples slower.
COLUMNS = {
    "categories": ["category_id", "name", "data_subjects"],
    "vendors": ["vendor_id", "name", "company", "section", "role"],
    "flows": ["category_id", "vendor_id", "purpose", "data_use", "legal_basis", "locations", "transfer_mechanism"],
    "evidence": ["table", "row_id", "column", "status"],
}


def opened(folder: Path, tables: Tables) -> Store:
    """Return a register's store with a few small rules."""
    return open_store(write(folder, tables), some_rules, DAY)


def flows(store: Store, asked: Filter) -> int:
    """Return how many flows are behind a filter."""
    where = flow_where(asked, store.known)
    return store.query(f"SELECT count(*) FROM flows f WHERE {where.sql}", where.parameters)[0][0]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The tiny register with findings."""
    return opened(tmp_path_factory.mktemp("tiny"), tiny())


def test_values_of_the_tiny_register(store: Store):
    """Each facet offers what occurs, most flows first and "not stated" last, in words for people."""
    found = {key: [(value.key, value.label, value.flows) for value in values.values()] for key, values in store.known.items()}
    purposes = found.pop("purpose")
    assert [(label, count) for _, label, count in purposes] == [
        ("To count clicks", 2),
        ("To find bugs", 2),
        ("To send mail", 1),
        ("not stated", 1),
    ]
    assert all(re.fullmatch("[0-9a-f]{10}", key) for key, label, _ in purposes if label != "not stated")
    assert found == {
        "category": [("logs", "Logs", 3), ("identity", "Identité", 2), ("source-code", "Source code", 1)],
        "vendor": [("courier", "Courier", 2), ("mailer", "Mailer", 2), ("sentry", "Sentry", 2), ("spare", "Spare", 0)],
        "section": [("marketing", "Marketing", 4), ("technology", "Technology", 2), ("admin", "Admin", 0)],
        "company": [("post-group", "Post Group", 4), (NOT_STATED, "not stated", 2)],
        "use": [("analytics", "Analytics", 1), (NOT_STATED, "not stated", 5)],
        "basis": [
            ("contract", "contract", 2),
            ("consent", "consent", 1),
            ("legitimate-interests", "legitimate interests", 1),
            (NOT_STATED, "not stated", 2),
        ],
        "role": [("processor", "processor", 2), ("sub-processor", "sub-processor", 2), (NOT_STATED, "not stated", 2)],
        "country": [
            ("FR", "France", 2),
            ("DE", "Germany", 1),
            ("IN", "India", 1),
            ("US", "United States", 1),
            (NOT_STATED, "not stated", 2),
        ],
        "transfer": [
            ("inside-eea", "inside the EEA", 2),
            ("location-not-stated", "location not stated", 2),
            ("no-mechanism", "third country, no valid mechanism", 1),
            ("safeguards", "third country, mechanism stated", 1),
        ],
        "evidence": [("none", "none", 3), ("confirmed", "confirmed", 1), ("inferred", "inferred", 1), ("stated", "stated", 1)],
        "gap": [
            ("no-subjects", "Title of no-subjects", 3),
            ("no-basis", "Title of no-basis", 2),
            ("no-role", "Title of no-role", 2),
            ("no-purpose", "Title of no-purpose", 1),
        ],
    }


@given(registers(COLUMNS), st.data())
@settings(max_examples=10)
def test_counts_are_what_the_filter_finds(tmp_path_factory: pytest.TempPathFactory, tables: Tables, data: st.DataObject):
    """Each value's count is the number of flows its filter leaves, alone and under another filter; keys and labels all differ."""
    store = opened(tmp_path_factory.mktemp("counts"), tables)
    facet, other = data.draw(st.sampled_from(FACETS)), data.draw(st.sampled_from(FACETS))
    keys = data.draw(st.lists(st.sampled_from(sorted(store.known[other.key])), max_size=2, unique=True)) if store.known[other.key] else []
    for key, value in store.known[facet.key].items():
        assert key == value.key
        assert flows(store, Filter().having(facet, [key])) == value.flows, (facet.key, key)
    asked = Filter().having(other, keys)
    counts = facet_counts(store, asked, facet)
    rest = asked.having(facet, ())
    assert counts == {key: count for key in store.known[facet.key] if (count := flows(store, rest.having(facet, [key])))}
    for one in FACETS:
        shown = [value.label for value in store.known[one.key].values()]
        assert len(set(shown)) == len(shown)
    store.close()


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("section", ["Post & Mail", "post mail", "POST-MAIL"]),
        ("company", ["日本", "ελληνικά", "***", "=x"]),
        ("section", ["not-stated", "Not stated", ""]),
        ("role", ["not-stated", "processor", ""]),
        ("company", ["x" * 300, "x" * 300 + "y", "x" * 60]),
    ],
)
def test_keys_never_collide(tmp_path: Path, column: str, values: list[str]):
    """Names that come down to the same key, to none, or to the key of "not stated" still filter one by one."""
    tables = tiny()
    tables["vendors"] = [{"vendor_id": f"v-{at}", "name": "V", column: value} for at, value in enumerate(values)]
    tables["flows"] = [{"category_id": "logs", "vendor_id": f"v-{at}"} for at in range(len(values)) for _ in range(1)]
    store = opened(tmp_path, tables)
    facet = BY_KEY[column]
    found = {value.cell: key for key, value in store.known[column].items()}
    assert set(found) == {value or None for value in values}
    assert len(set(found.values())) == len(values)
    for at, value in enumerate(values):
        where = flow_where(Filter().having(facet, [found[value or None]]), store.known)
        assert store.query(f"SELECT f.vendor_id::VARCHAR FROM flows f WHERE {where.sql}", where.parameters) == [(f"v-{at}",)]
        assert (found[value or None] == NOT_STATED) == (not value)


def test_labels_that_are_the_same_are_told_apart(tmp_path: Path):
    """Two vendors of one name carry their keys behind it."""
    tables = tiny()
    tables["vendors"][1]["name"] = "Sentry"
    store = opened(tmp_path, tables)
    assert labels(store.known, "vendor", ["sentry", "mailer", "courier"]) == ["Sentry [sentry]", "Sentry [mailer]", "Courier"]


def test_what_flows_name_and_tables_lack(tmp_path: Path):
    """A category, vendor, data use or country that only flows name is offered under what the flows say."""
    tables = with_flow(purpose="p", data_use="no.such", locations="XX", legal_basis="habit")
    tables["flows"][-1] |= {"category_id": "ghost", "vendor_id": "nobody"}
    store = opened(tmp_path, tables)
    for facet, key in (("category", "ghost"), ("vendor", "nobody"), ("use", "no.such"), ("country", "XX"), ("basis", "habit")):
        value = store.known[facet][key]
        assert (value.label, value.flows) == (key, 1)
        assert flows(store, Filter().having(BY_KEY[facet], [key])) == 1


def test_a_rule_that_hits_both_ends_counts_a_flow_once(tmp_path: Path):
    """A flow whose vendor and category both have the finding has that gap once, and the rule is offered once."""
    tables = tiny()
    del tables["categories"][0]["name"], tables["vendors"][0]["name"], tables["vendors"][3]["name"]
    store = opened(tmp_path, tables)
    assert [(key, value.flows) for key, value in store.known["gap"].items() if key.startswith("no-name")] == [("no-name", 4)]
    assert flows(store, Filter(gaps=("no-name",))) == 4
    assert facet_counts(store, Filter(vendors=("sentry",)), BY_KEY["gap"])["no-name"] == 2


def test_a_rule_without_a_flow_is_offered(tmp_path: Path):
    """A finding about a vendor that receives nothing can be filtered by, with no flow behind it."""
    tables = tiny()
    for vendor in tables["vendors"][:3]:
        vendor["role"] = "processor"
    store = opened(tmp_path, tables)
    assert store.known["gap"]["no-role"].flows == 0


def test_an_empty_register_has_no_values(tmp_path: Path):
    """A register without rows offers nothing, and asking for nothing works."""
    store = opened(tmp_path, {"flows": [], "vendors": [], "categories": []})
    assert all(values == {} for values in store.known.values())
    assert flows(store, Filter()) == 0


@given(st.text(min_size=1))
def test_slugs_are_fit_for_links(text: str):
    """Any name gives a short key of lower-case letters, digits and hyphens, the same every time."""
    if text.isprintable():
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", slug(text)) and len(slug(text)) <= 60
        assert slug(text) == slug(text)
