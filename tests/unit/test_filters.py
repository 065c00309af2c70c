"""One filter in three forms: SQL that selects what a plain reading of the rows selects, URL keys and back, and English."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registers import DAY, RULES, TEXT, Tables, registers, some_rules, tiny, with_flow, write

from popmap.filters import BY_KEY, FACETS, NOT_STATED, TEXT_KEY, Facet, Filter, flow_where, from_query, row_where, to_english, to_query
from popmap.store import Store, open_store

COLUMNS = {
    "categories": ["category_id", "name", "data_subjects"],
    "vendors": ["vendor_id", "name", "published_as", "legal_name", "company", "section", "role"],
    "flows": ["category_id", "vendor_id", "purpose", "data_use", "legal_basis", "locations", "transfer_mechanism"],
    "evidence": ["table", "row_id", "column", "status"],
    "aliases": ["kind", "alias", "id"],
}


def opened(folder: Path, tables: Tables) -> Store:
    """Return a register's store with a few small rules."""
    return open_store(write(folder, tables), some_rules, DAY)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The tiny register with findings."""
    return opened(tmp_path_factory.mktemp("tiny"), tiny())


def rows(store: Store, asked: Filter) -> list[int]:
    """Return the numbers of the flows a filter's SQL selects."""
    where = flow_where(asked, store.known)
    return [row for (row,) in store.query(f"SELECT f.row_no FROM flows f WHERE {where.sql} ORDER BY 1", where.parameters)]


def shown(store: Store, asked: Filter, table: str) -> list[str]:
    """Return the keys of the vendors or categories a filter's SQL selects."""
    where = row_where(asked, store.known, table)
    alias, name = table[0], {"vendors": "vendor", "categories": "category"}[table]
    return [key for (key,) in store.query(f"SELECT {name}_key FROM {name}_facts {alias} WHERE {where.sql} ORDER BY 1", where.parameters)]


# -- a plain reading of the same rows, without a database ------------------------------------------------------------


def canonical(tables: Tables) -> Tables:
    """Return the rows with their cells trimmed, and without empty cells."""
    return {
        name: [{column: ";".join(cell.split(";")).strip() for column, cell in row.items() if cell.strip()} for row in rows]
        for name, rows in tables.items()
    }


def plain(text: str) -> str:
    """Return text without case and accents."""
    return "".join(character for character in unicodedata.normalize("NFD", text) if not unicodedata.combining(character)).lower()


class Reading:
    """A register read without a database: for each flow, what every facet says of it."""

    def __init__(self, tables: Tables) -> None:
        self.tables = canonical(tables)
        self.vendors = {row["vendor_id"]: row for row in self.tables["vendors"]}
        self.categories = {row["category_id"]: row for row in self.tables["categories"]}
        self.flows = dict(enumerate(self.tables["flows"], start=2))

    def cells(self, facet: str, number: int) -> set[str | None]:
        """Return what one flow has of a facet; None for not stated."""
        flow = self.flows[number]
        vendor = self.vendors.get(flow["vendor_id"], {})
        match facet:
            case "category" | "vendor":
                return {flow[f"{facet}_id"]}
            case "section" | "company" | "role":
                return {vendor.get(facet)}
            case "country":
                return set(flow.get("locations", "").split(";")) if flow.get("locations") else {None}
            case "transfer":
                return {self.transfer(flow)}
            case "evidence":
                return {self.evidence(flow)}
            case "gap":
                return self.own_gaps(flow) | self.row_gaps("vendors", flow["vendor_id"]) | self.row_gaps("categories", flow["category_id"])
        return {flow.get({"purpose": "purpose", "use": "data_use", "basis": "legal_basis"}[facet])}

    def own_gaps(self, flow: dict[str, str]) -> set[str | None]:
        """Return the flow rules that hit a flow."""
        return {code for code, column in (("no-basis", "legal_basis"), ("no-purpose", "purpose")) if column not in flow}

    def row_gaps(self, table: str, key: str) -> set[str | None]:
        """Return the rules that hit a vendor's or category's row; a key without a row has none."""
        row = (self.vendors if table == "vendors" else self.categories).get(key)
        if row is None:
            return set()
        column = {"vendors": ("no-role", "role"), "categories": ("no-subjects", "data_subjects")}[table]
        return {code for code, name in (column, ("no-name", "name")) if name not in row}

    def transfer(self, flow: dict[str, str]) -> str:
        """Return the transfer state, as far as the generated countries need it."""
        places = flow.get("locations", "").split(";") if flow.get("locations") else []
        mechanism = flow.get("transfer_mechanism")
        if not places:
            return "location-not-stated"
        third = {place for place in places if place not in ("FR", "DE")}
        if not third:
            return "inside-eea"
        if third == {"US"} and mechanism in ("adequacy", "data-privacy-framework"):
            return "adequacy"
        return "no-mechanism" if mechanism in (None, "none", "adequacy", "data-privacy-framework") else "safeguards"

    def evidence(self, flow: dict[str, str]) -> str:
        """Return the strongest evidence for a flow's key cells."""
        name = "/".join(flow.get(column, "") for column in ("category_id", "vendor_id", "purpose"))
        strength = ["none", "inferred", "stated", "confirmed"]
        ranks = [
            strength.index(row.get("status", "none"))
            for row in self.tables["evidence"]
            if row.get("table") == "flows"
            and row.get("row_id") == name
            and row.get("column", "purpose") in ("category_id", "vendor_id", "purpose")
        ]
        return strength[max(ranks, default=0)]

    def search(self, table: str, key: str) -> str:
        """Return the text a vendor or category is searched in."""
        vendors = table == "vendors"
        row = (self.vendors if vendors else self.categories).get(key, {})
        names = ["name", "published_as", "legal_name", "company"] if vendors else ["name"]
        kind = "vendor" if vendors else "category"
        aliases = [row["alias"] for row in self.tables["aliases"] if row.get("kind") == kind and row.get("id") == key]
        return plain(" ".join([*(row[name] for name in names if name in row), key, *aliases]))

    def has_text(self, number: int, text: str) -> bool:
        """Return whether a flow's category, vendor or purpose holds a text."""
        flow = self.flows[number]
        return (
            plain(text) in self.search("categories", flow["category_id"])
            or plain(text) in self.search("vendors", flow["vendor_id"])
            or plain(text) in plain(flow.get("purpose", "\0"))
        )

    def selects(self, asked: Filter, store: Store, number: int) -> bool:
        """Return whether a flow is behind a filter."""
        for facet in FACETS:
            wanted = {store.known[facet.key][key].cell for key in asked.chosen(facet)}
            if wanted and not wanted & self.cells(facet.key, number):
                return False
        return not asked.text or self.has_text(number, asked.text)

    def shows(self, asked: Filter, store: Store, table: str, key: str) -> bool:
        """Return whether a vendor or category is behind a filter: itself, or through one flow that meets all that is asked of flows."""
        own = ("vendor", "section", "company", "role") if table == "vendors" else ("category",)
        column = "vendor_id" if table == "vendors" else "category_id"
        row = (self.vendors if table == "vendors" else self.categories).get(key, {})
        for facet in (BY_KEY[name] for name in own):
            wanted = {store.known[facet.key][value].cell for value in asked.chosen(facet)}
            if wanted and (key if facet.key in ("vendor", "category") else row.get(facet.key)) not in wanted:
                return False
            asked = asked.having(facet, ())
        gaps: set[str | None] = set(asked.gaps)
        rest = replace(asked, gaps=())
        reached = [number for number, flow in self.flows.items() if flow[column] == key and self.selects(rest, store, number)]
        itself = not rest or (not replace(rest, text="") and plain(rest.text) in self.search(table, key))
        if not gaps:
            return bool(reached) or itself
        by_row = bool(gaps & self.row_gaps(table, key)) and (bool(reached) or itself)
        return by_row or any(gaps & self.own_gaps(self.flows[number]) for number in reached)


def filters(store: Store) -> st.SearchStrategy[Filter]:
    """Return a strategy for filters of a register's values and of words that occur in it."""

    def chosen(facet: Facet) -> st.SearchStrategy[tuple[str, ...]]:
        keys = sorted(store.known[facet.key])
        # Most facets are left alone, or nothing would ever be selected.
        return st.just(()) | st.just(()) | st.lists(st.sampled_from(keys), max_size=3, unique=True).map(tuple) if keys else st.just(())

    words = ["", "", "", "a", "É", "e", "sentry", "x y", "c-1", "%", "_", "'", '"', "\\"]
    return st.builds(Filter, **{facet.field: chosen(facet) for facet in FACETS}, text=st.sampled_from(words))


@given(registers(COLUMNS, max_size=8), st.data())
@settings(max_examples=12)
def test_sql_selects_what_a_plain_reading_selects(tmp_path_factory: pytest.TempPathFactory, tables: Tables, data: st.DataObject):
    """On any register, every value of every facet, any mix of them and any text select the very rows a plain reading selects."""
    store = opened(tmp_path_factory.mktemp("plain"), tables)
    reading = Reading(tables)
    asked = [Filter().having(facet, [key]) for facet in FACETS for key in store.known[facet.key]]
    asked += [data.draw(filters(store)) for _ in range(12)]
    for one in asked:
        assert rows(store, one) == [number for number in reading.flows if reading.selects(one, store, number)], one
        for table, keys in (("vendors", reading.vendors), ("categories", reading.categories)):
            column = "vendor_id" if table == "vendors" else "category_id"
            everyone = sorted({*keys, *(flow[column] for flow in reading.flows.values())})
            assert shown(store, one, table) == [key for key in everyone if reading.shows(one, store, table, key)], (table, one)
    store.close()


def test_the_plain_reading_finds_something(store: Store):
    """The plain reading is no empty promise: on the tiny register it selects some rows and leaves out others, for each facet."""
    reading = Reading(tiny())
    for facet in FACETS:
        sizes = [
            sum(reading.selects(Filter().having(facet, [key]), store, number) for number in reading.flows) for key in store.known[facet.key]
        ]
        assert min(sizes) < 6 and max(sizes) > 0, facet.key
    assert set(RULES) == {"no-basis", "no-purpose", "no-role", "no-subjects", "no-name"}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Filter(), [2, 3, 4, 5, 6, 7]),
        (Filter(categories=("logs",), sections=("marketing",)), [3, 4]),
        (Filter(categories=("logs", "identity"), vendors=("courier",)), [4, 6]),
        (Filter(vendors=("spare",)), []),
        (Filter(legal_bases=(NOT_STATED,)), [3, 7]),
        (Filter(legal_bases=(NOT_STATED, "consent")), [3, 4, 7]),
        (Filter(companies=(NOT_STATED,)), [2, 7]),
        (Filter(countries=("FR",)), [3, 5]),
        (Filter(countries=("DE", NOT_STATED)), [3, 4, 7]),
        (Filter(transfers=("no-mechanism",)), [6]),
        (Filter(evidence=("none",)), [4, 5, 7]),
        (Filter(gaps=("no-purpose",)), [6]),
        (Filter(gaps=("no-role",)), [3, 5]),
        (Filter(text="IDENTITE"), [5, 6]),
        (Filter(text="zentry"), [2, 7]),
        (Filter(text="post group"), [3, 4, 5, 6]),
        (Filter(text="bugs"), [2, 7]),
        (Filter(text="100%"), []),
        (Filter(text="to", categories=("logs",), roles=("processor",)), [2]),
    ],
)
def test_flows_behind_a_filter(store: Store, asked: Filter, expected: list[int]):
    """Values of a facet are alternatives, facets must all hold, and text is found in names, aliases and purposes."""
    assert rows(store, asked) == expected


@pytest.mark.parametrize(
    ("asked", "vendors", "categories"),
    [
        (Filter(), ["courier", "mailer", "sentry", "spare"], ["identity", "logs", "source-code"]),
        (Filter(sections=("admin",)), ["spare"], []),
        (Filter(sections=("marketing",)), ["courier", "mailer"], ["identity", "logs"]),
        (Filter(categories=("identity",)), ["courier", "mailer"], ["identity"]),
        (Filter(text="spare"), ["spare"], []),
        (Filter(text="logs"), ["courier", "mailer", "sentry"], ["logs"]),
        (Filter(gaps=("no-role",)), ["mailer", "spare"], []),
        (Filter(gaps=("no-purpose",)), ["courier"], ["identity"]),
        (Filter(gaps=("no-subjects",)), [], ["identity", "source-code"]),
        # The courier gets logs on consent and identities without a purpose: no flow of it is both.
        (Filter(gaps=("no-purpose",), legal_bases=("consent",)), [], []),
        (Filter(text="clicks", legal_bases=("contract",)), [], []),
        (Filter(text="mailer", legal_bases=("contract",)), ["mailer"], ["identity"]),
    ],
)
def test_rows_behind_a_filter(store: Store, asked: Filter, vendors: list[str], categories: list[str]):
    """A vendor or category is shown for itself, or for one flow that meets everything asked of flows."""
    if "no-subjects" in asked.gaps:
        categories = ["identity", "source-code"]
    assert shown(store, asked, "vendors") == vendors
    assert shown(store, asked, "categories") == categories


# -- no text becomes SQL ---------------------------------------------------------------------------------------------

EVIL = ["' OR 1=1 --", "'; DROP TABLE flows; --", '" OR "1"="1', "$q", "{where}", "%", "\\", "); SELECT 1; --", "\x00"]


@pytest.mark.parametrize("evil", EVIL)
def test_no_text_becomes_sql(tmp_path: Path, evil: str):
    """A value or a search that looks like SQL selects the rows that hold it, and nothing else happens."""
    tables = with_flow(purpose=f"p {evil}", condition=evil)
    tables["vendors"][0] |= {"section": f"s {evil}", "company": f"c {evil}", "name": f"n {evil}"}
    store = opened(tmp_path, tables)
    visible = evil.replace("\x00", "\ufffd").strip()
    for facet, label, expected in (
        ("section", f"s {visible}", [2, 7]),
        ("company", f"c {visible}", [2, 7]),
        ("purpose", f"p {visible}", [8]),
    ):
        (key,) = [key for key, value in store.known[facet].items() if value.label == label]
        asked = Filter().having(BY_KEY[facet], [key])
        assert rows(store, asked) == expected
        assert visible not in flow_where(asked, store.known).sql or len(visible) == 1
    assert rows(store, Filter(text=f"p {visible}")) == [8]
    assert rows(store, Filter(text=f"nothing {evil}")) == []
    assert len(rows(store, Filter())) == 7


@given(st.data())
@settings(max_examples=60)
def test_conditions_hold_placeholders_only(store: Store, data: st.DataObject):
    """Whatever is asked for, the SQL holds no value and no text, only names of parameters that are all given."""
    asked = replace(data.draw(filters(store)), text=data.draw(st.sampled_from(["", "zebra'crossing"])))
    for where in (flow_where(asked, store.known), row_where(asked, store.known, "vendors"), row_where(asked, store.known, "categories")):
        assert "zebra" not in where.sql and "'" not in where.sql
        assert all(f"${name}" in where.sql for name in where.parameters)
        assert where.sql.count("(") == where.sql.count(")")


# -- the URL ---------------------------------------------------------------------------------------------------------


@given(st.data(), st.text(max_size=260) | TEXT)
@settings(max_examples=100)
def test_the_url_gives_the_filter_back(store: Store, data: st.DataObject, text: str):
    """What a URL asks for, written as a URL again, asks for the same; nothing is dropped that exists."""
    asked = data.draw(filters(store))
    asked, dropped = from_query(to_query(asked) | {TEXT_KEY: [text]}, store.known)
    assert dropped == []
    assert from_query(to_query(asked), store.known) == (asked, [])
    assert asked.text == " ".join(asked.text.split()) and len(asked.text) <= 200


@pytest.mark.parametrize("text", ["x" * 199 + " y", " " * 300 + "x", "x" * 500])
def test_long_texts_are_cut(store: Store, text: str):
    """A text too long for a link is cut, and the cut text survives the next link unchanged."""
    asked, _ = from_query({TEXT_KEY: [text]}, store.known)
    assert 0 < len(asked.text) <= 200 and asked.text == asked.text.strip()
    assert from_query(to_query(asked), store.known) == (asked, [])


@given(st.data())
def test_every_filter_survives_the_url(store: Store, data: st.DataObject):
    """`from_query` is the inverse of `to_query` for every filter of a register's values."""
    asked = data.draw(filters(store))
    assert from_query(to_query(asked), store.known) == (asked, [])
    assert bool(asked) == bool(to_query(asked))


def test_unknown_values_are_dropped_and_named(store: Store):
    """A link to a value that is not there any more says which, keeps the others, and knows no unknown keys."""
    query = {
        "category": ["logs", "gone", "logs"],
        "basis": ["consent", ""],
        "gap": ["no-such-rule"],
        "nonsense": ["x"],
        "q": ["  two   words "],
    }
    asked, dropped = from_query(query, store.known)
    assert asked == Filter(categories=("logs",), legal_bases=("consent",), text="two words")
    assert [(facet.key, key) for facet, key in dropped] == [("category", "gone"), ("basis", ""), ("gap", "no-such-rule")]


def test_ids_only_in_links(store: Store):
    """No key a link may hold is a published name or text; purposes and names go by keys."""
    keys = {key for values in store.known.values() for key in values}
    assert all(key.replace("-", "").replace(".", "").isalnum() for key in keys)
    assert not keys & {"Marketing", "Post Group", "To find bugs"}


def test_having():
    """A filter with other values of one facet keeps the rest and each value once."""
    asked = Filter(text="x").having(BY_KEY["vendor"], ["b", "a", "b"])
    assert asked == Filter(vendors=("b", "a"), text="x")
    assert asked.chosen(BY_KEY["vendor"]) == ("b", "a")
    assert not Filter() and asked


# -- English ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (Filter(), "Every category to every vendor"),
        (
            Filter(categories=("logs",), sections=("marketing",), legal_bases=(NOT_STATED,)),
            "Logs to vendors in Marketing, on no stated legal basis",
        ),
        (Filter(categories=("logs", "identity", "source-code")), "Logs, Identité or Source code to every vendor"),
        (Filter(vendors=("sentry", "mailer")), "Every category to Sentry or Mailer"),
        (Filter(companies=("post-group", NOT_STATED)), "Every category to vendors of Post Group or of no stated company"),
        (Filter(roles=(NOT_STATED,), sections=("admin",)), "Every category to vendors in Admin in no stated role"),
        (
            Filter(legal_bases=("consent", "legitimate-interests", NOT_STATED), countries=("FR", NOT_STATED)),
            "Every category to every vendor, on consent or legitimate interests or on no stated legal basis, "
            "processed in France or in no stated country",
        ),
        (Filter(data_uses=("analytics",)), "Every category to every vendor, for the data use Analytics"),
        (Filter(transfers=("no-mechanism",)), "Every category to every vendor, with transfer state third country, no valid mechanism"),
        (Filter(evidence=("none",)), "Every category to every vendor, with evidence none"),
        (Filter(gaps=("no-basis",)), "Every category to every vendor, with the gap Title of no-basis"),
        (Filter(purposes=(NOT_STATED,), text="mail"), "Every category to every vendor, for no stated purpose, mentioning “mail”"),
    ],
)
def test_english(store: Store, asked: Filter, sentence: str):
    """A filter reads as a phrase that names what is chosen, and "no stated" where nothing is."""
    assert to_english(asked, store.known) == sentence


@given(st.data())
def test_english_names_everything_chosen(store: Store, data: st.DataObject):
    """No choice is left out of the phrase, and the phrase is one line without a full stop."""
    asked = data.draw(filters(store))
    phrase = to_english(asked, store.known)
    for facet in FACETS:
        for key in asked.chosen(facet):
            assert (
                f"no stated {facet.label.lower().replace('processing ', '')}" if key == NOT_STATED else store.known[facet.key][key].label
            ) in phrase
    assert asked.text in phrase and "\n" not in phrase and not phrase.endswith(".") and "{}" not in phrase
