"""The bundled register says what the published page says, cites it line by line, and its reference tables hold together."""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from popmap.register.schema import BY_NAME, LIST_SEPARATOR, ROW_ID_SEPARATOR, SETTINGS_FILE, SOURCE_FIELDS, TABLES, Column, Kind, Table

DATA = Path(__file__).parents[2] / "data"
REGISTER = DATA / "popwork"
# Approved answers are the user's own; the sample has none.
HELD = tuple(of for of in TABLES if of.name != "answers")
REFERENCE = DATA / "reference"

Row = dict[str, str]
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LINE = re.compile(r"line ([1-9][0-9]*)")
# Columns popmap suggests a value for; the page speaks of no taxonomy.
SUGGESTED = {("categories", "taxonomy_keys"), ("flows", "data_use")}
# Columns that hold the page's own words.
VERBATIM = {"name", "published_as", "company", "section", "description", "purpose", "condition"}
# Remarks of those who keep the register: they state nothing about the data.
REMARKS = {"notes"}
CONSENT_CLAUSE = ", subject to "


def read(path: Path) -> tuple[list[str], list[Row]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        rows = list(reader)
        return list(reader.fieldnames or []), rows


@cache
def table(name: str) -> tuple[Row, ...]:
    return tuple(read(REGISTER / f"{name}.csv")[1])


@cache
def reference(name: str) -> tuple[Row, ...]:
    return tuple(read(REFERENCE / f"{name}.csv")[1])


@cache
def settings() -> dict:
    return tomllib.loads((REGISTER / SETTINGS_FILE).read_text(encoding="utf-8"))


@cache
def page() -> tuple[str, ...]:
    (source,) = settings()["sources"]
    return tuple((REGISTER / source["file"]).read_text(encoding="utf-8").split("\n"))


def row_id(of: Table, row: Row) -> str:
    return ROW_ID_SEPARATOR.join(row[column] for column in of.key)


def values(column: Column, row: Row) -> list[str]:
    cell = row[column.name]
    if not cell:
        return []
    return cell.split(LIST_SEPARATOR) if column.many else [cell]


def page_cells(line: int) -> list[str]:
    return [cell.strip() for cell in page()[line - 1].split("|")][:3]


def page_rows(header: str) -> dict[int, list[str]]:
    """Return the full rows of the page's table that begins with that header: line number to its three cells."""
    start = next(number for number, line in enumerate(page(), 1) if line.startswith(header))
    rows = {}
    for number in range(start + 1, len(page()) + 1):
        if "|" not in page()[number - 1]:
            break
        if len(page_cells(number)) == 3 and all(page_cells(number)):
            rows[number] = page_cells(number)
    return rows


def page_headings() -> dict[int, str]:
    """Return the headings inside the page's vendor table: line number to heading."""
    return {number: page_cells(number)[0] for number, line in enumerate(page(), 1) if re.fullmatch(r"[^|]+ \|", line)}


def heading_of(line: int) -> str:
    return page_headings()[max(number for number in page_headings() if number < line)]


def cited_line(evidence: Row) -> int:
    match = LINE.fullmatch(evidence["locator"])
    assert match, evidence
    return int(match[1])


# -- the page -------------------------------------------------------------------------------------------------------


def test_page_is_the_one_that_was_cited():
    """Each source is described in full, its file is there, and the file's SHA-256 is the stated one."""
    for source in settings()["sources"]:
        assert set(source) == set(SOURCE_FIELDS)
        assert hashlib.sha256((REGISTER / source["file"]).read_bytes()).hexdigest() == source["sha256"]


def test_page_has_the_published_rows():
    """The page publishes 5 category rows and 19 vendor rows under 4 headings, naming 29 pairs of vendor and data type."""
    vendors = page_rows("Subprocessors |")
    assert len(page_rows("Category |")) == 5
    assert len(vendors) == 19
    assert Counter(map(heading_of, vendors)) == {"Technology": 11, "Customer support & analytics": 3, "Admin": 1, "Marketing": 4}
    assert sum(len(types.split(", ")) for _, types, _ in vendors.values()) == 29


# -- the tables -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "rows"), [("categories", 7), ("vendors", 22), ("flows", 34), ("activities", 5)])
def test_row_counts(name: str, rows: int):
    """The register holds as many rows as the page's statements make."""
    assert len(table(name)) == rows


@pytest.mark.parametrize("of", HELD, ids=lambda of: of.name)
def test_columns_are_the_schema_s(of: Table):
    """Each file has exactly the schema's columns in the schema's order, as UTF-8 without BOM and with LF."""
    path = REGISTER / f"{of.name}.csv"
    assert read(path)[0] == [column.name for column in of.columns]
    assert b"\r" not in path.read_bytes() and not path.read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("of", HELD, ids=lambda of: of.name)
def test_cells_are_allowed(of: Table):
    """Every cell is trimmed and holds a value its column allows."""
    for row in table(of.name):
        for column in of.columns:
            for value in values(column, row):
                assert value == value.strip() != "", (row, column.name)
                if column.kind is Kind.CHOICE:
                    assert value in column.choices, (row, column.name)
                if column.kind is Kind.SLUG:
                    assert SLUG.fullmatch(value), (row, column.name)
                if column.kind is Kind.DATE:
                    date.fromisoformat(value)


@pytest.mark.parametrize("of", [of for of in HELD if of.key], ids=lambda of: of.name)
def test_keys_are_stated_and_unique(of: Table):
    """Every row has its whole key, and no key names two rows."""
    assert all(row[column] for row in table(of.name) for column in of.key)
    assert not [key for key, count in Counter(row_id(of, row) for row in table(of.name)).items() if count > 1]


def test_references_resolve():
    """Every value of a referring column is a key of what it refers to; so is every alias's id."""
    known = {of.name: {row[of.key[0]] for row in table(of.name)} for of in HELD if len(of.key) == 1}
    known |= {name: {row["key"] for row in reference(name)} for name in ("data_categories", "data_uses", "data_subjects")}
    known["sources"] = {source["id"] for source in settings()["sources"]}
    for of in HELD:
        for column in of.columns:
            if column.references:
                used = {value for row in table(of.name) for value in values(column, row)}
                assert used <= known[column.references], (of.name, column.name)
    for alias in table("aliases"):
        assert alias["id"] in known["categories" if alias["kind"] == "category" else "vendors"]


# -- the transcription ----------------------------------------------------------------------------------------------


def test_declared_categories_and_activities_are_the_page_s():
    """Each row of the page's category table is one category and one activity, word for word; nothing else is described."""
    rows = list(page_rows("Category |").values())
    categories = {row["category_id"]: row for row in table("categories")}
    declared = [(row["name"], row["description"]) for row in table("categories") if row["description"]]
    assert declared == [(name, what) for name, what, _ in rows]
    activities = [(categories[row["category_ids"]]["name"], row["purpose"]) for row in table("activities")]
    assert activities == [(name, purpose) for name, _, purpose in rows]


def test_flows_are_the_page_s_pairs():
    """Read back by published name, section and data type, the flows are the page's vendor rows, no more and no less."""
    category_ids = {row["name"]: row["category_id"] for row in table("categories")}
    category_ids |= {row["alias"]: row["id"] for row in table("aliases") if row["kind"] == "category"}
    vendors = {row["vendor_id"]: row for row in table("vendors")}
    published = {
        (heading_of(line), vendor, category_ids[data_type], purpose.split(CONSENT_CLAUSE)[0])
        for line, (vendor, types, purpose) in page_rows("Subprocessors |").items()
        for data_type in types.split(", ")
    }
    transcribed = Counter()
    for flow in table("flows"):
        vendor = vendors[flow["vendor_id"]]
        transcribed[vendor["section"], vendor["published_as"] or vendor["name"], flow["category_id"], flow["purpose"]] += 1
    assert set(transcribed) == published and len(published) == 29
    # A published row that names two vendors gives each pair twice.
    assert {pair for pair, count in transcribed.items() if count == 2} == {pair for pair in published if re.search(" or |, ", pair[1])}


def test_split_rows_keep_the_published_name():
    """The three rows that name two vendors each became two vendors with one published name; all others keep their own."""
    split = Counter(row["published_as"] for row in table("vendors") if row["published_as"])
    assert split == {"Microsoft or Google": 2, "Outlook Calendar or Google Calendar": 2, "Google Analytics, Tag Manager": 2}


def test_companies_are_only_those_the_page_names():
    """Google and Microsoft are the only companies the page names; six vendors are Google's, two are Microsoft's."""
    assert Counter(row["company"] for row in table("vendors") if row["company"]) == {"Google": 6, "Microsoft": 2}


def test_consent_is_stated_where_the_page_speaks_of_it():
    """A flow rests on consent, with the page's clause and the choice as its condition, exactly where the page says consent."""
    purposes = {vendor: purpose for vendor, _, purpose in page_rows("Subprocessors |").values()}
    clauses = {vendor: "subject to " + purpose.split(CONSENT_CLAUSE)[1] for vendor, purpose in purposes.items() if "consent" in purpose}
    vendors = {row["vendor_id"]: row for row in table("vendors")}
    assert len(clauses) == 2
    for flow in table("flows"):
        published_as = vendors[flow["vendor_id"]]["published_as"]
        clause = clauses.get(published_as)
        assert flow["legal_basis"] == ("consent" if clause else "")
        assert flow["condition"].startswith(f"{clause}; ") if clause else not flow["condition"]
        assert flow["condition"].endswith(f"choice of {published_as}") if clause else True


@pytest.mark.parametrize(
    ("name", "column"),
    [
        *(("categories", column) for column in ("personal", "special_category", "data_subjects", "retention_period")),
        *(("vendors", column) for column in ("legal_name", "role", "country", "agreement_url", "status")),
        *(("flows", column) for column in ("locations", "transfer_mechanism", "retention_period")),
        *(("activities", column) for column in ("role", "legal_basis", "legitimate_interest", "vendor_ids", "data_subjects")),
    ],
)
def test_what_the_page_does_not_state_is_empty(name: str, column: str):
    """No cell is filled with a guess: what the page leaves out stays not stated."""
    assert not [row for row in table(name) if row[column]]


# -- the evidence ---------------------------------------------------------------------------------------------------


def test_quotes_stand_on_their_lines():
    """Every quote is a verbatim, non-empty part of the page's line it cites."""
    for evidence in table("evidence"):
        assert evidence["quote"] and evidence["quote"] in page()[cited_line(evidence) - 1], evidence


def test_evidence_points_at_stated_cells():
    """Every evidence row names a table, a row and a column that exist, and the cell there is not empty."""
    rows = {(of.name, row_id(of, row)): row for of in HELD if of.key for row in table(of.name)}
    for evidence in table("evidence"):
        assert rows[evidence["table"], evidence["row_id"]][evidence["column"]], evidence
        assert evidence["status"] in ("stated", "inferred") and not evidence["checked_by"], evidence


@pytest.mark.parametrize("of", [of for of in HELD if of.key], ids=lambda of: of.name)
def test_every_filled_cell_has_evidence(of: Table):
    """Every filled cell but remarks and keys that popmap coined has evidence; a flow's key cells have it too."""
    cited = {(evidence["row_id"], evidence["column"]) for evidence in table("evidence") if evidence["table"] == of.name}
    exempt = REMARKS | (set() if of.name == "flows" else set(of.key))
    for row in table(of.name):
        filled = {column.name for column in of.columns if row[column.name]} - exempt
        assert {(row_id(of, row), column) for column in filled} <= cited, row


def test_stated_words_are_the_page_s_own():
    """A cell of words marked stated is part of its quote; a condition shares its clause with it."""
    for evidence in table("evidence"):
        if evidence["status"] == "stated" and evidence["column"] in VERBATIM:
            of = BY_NAME[evidence["table"]]
            (row,) = [row for row in table(of.name) if row_id(of, row) == evidence["row_id"]]
            assert row[evidence["column"]].split("; ")[0] in evidence["quote"], evidence


def test_keys_of_flows_are_cited_by_name():
    """What proves a flow's category and vendor is their published name; only the alias for billing is inferred."""
    categories = {row["category_id"]: row["name"] for row in table("categories")}
    vendors = {row["vendor_id"]: row for row in table("vendors")}
    for evidence in table("evidence"):
        category, vendor, *_ = (*evidence["row_id"].split(ROW_ID_SEPARATOR), "")
        if (evidence["table"], evidence["column"]) == ("flows", "category_id"):
            assert evidence["status"] == ("inferred" if vendor == "stripe" else "stated")
            assert evidence["quote"] == ("Billing data" if vendor == "stripe" else categories[category])
        if (evidence["table"], evidence["column"]) == ("flows", "vendor_id"):
            assert evidence["quote"] in (vendors[vendor]["name"], vendors[vendor]["published_as"])


def test_suggestions_are_never_stated():
    """Taxonomy keys, data uses and what an alias stands for are always inferred; so is a company the page does not name."""
    statuses = {(e["table"], e["column"]): set() for e in table("evidence")}
    for evidence in table("evidence"):
        statuses[evidence["table"], evidence["column"]].add(evidence["status"])
    assert {column: statuses[column] for column in SUGGESTED} == {column: {"inferred"} for column in SUGGESTED}
    assert statuses["aliases", "id"] == {"inferred"}
    inferred = {e["row_id"] for e in table("evidence") if (e["table"], e["column"], e["status"]) == ("vendors", "company", "inferred")}
    assert inferred == {"outlook-calendar", "g-suite", "google-tag-manager"}


def test_every_flow_is_proven():
    """Each flow's purpose is stated with a quote that holds the vendor, the data types and the purpose of one published row."""
    proofs = {e["row_id"]: e for e in table("evidence") if (e["table"], e["column"]) == ("flows", "purpose")}
    assert set(proofs) == {row_id(BY_NAME["flows"], row) for row in table("flows")}
    for evidence in proofs.values():
        assert evidence["status"] == "stated"
        assert evidence["quote"].split(" | ") == page_cells(cited_line(evidence))


def test_nothing_on_the_page_is_lost():
    """Every row and heading of the page's two tables is cited by some evidence row."""
    cited = {cited_line(evidence) for evidence in table("evidence")}
    assert set(page_rows("Category |")) | set(page_rows("Subprocessors |")) | set(page_headings()) == cited


# -- the reference tables -------------------------------------------------------------------------------------------


def test_countries():
    """All 249 ISO codes are there once, each dated and sourced; the EEA is 27 + 3 states, with EU territories named apart."""
    countries = reference("countries")
    groups = Counter(row["group_name"] for row in countries)
    assert len(countries) == len({row["country"] for row in countries}) == len({row["name"] for row in countries}) == 249
    assert groups == {"EU": 27, "EEA EFTA": 3, "EU territory": 7, "third country": 212}
    assert {row["country"] for row in countries if row["group_name"] == "EEA EFTA"} == {"IS", "LI", "NO"}
    for row in countries:
        assert re.fullmatch("[A-Z]{2}", row["country"]) and row["source"] and date.fromisoformat(row["as_of"])
        assert row["eea"] == ("no" if row["group_name"] == "third country" else "yes")


def test_adequacy():
    """Every adequacy decision is about a known third country, has an allowed scope and consistent dates, and is sourced."""
    third = {row["country"] for row in reference("countries") if row["eea"] == "no"}
    for row in reference("adequacy"):
        assert row["country"] in third, row
        assert row["scope"] in ("all", "commercial-organisations", "dpf-participants"), row
        assert row["decision"] and row["source"].startswith("https://"), row
        start = date.fromisoformat(row["from"])
        assert start <= date.fromisoformat(row["as_of"]) and f" of {start.day} {start:%B} {start.year}" in row["decision"], row
        assert not row["until"] or date.fromisoformat(row["until"]) > start, row
    scopes = {row["country"]: row["scope"] for row in reference("adequacy")}
    assert len(scopes) == len(reference("adequacy"))
    assert scopes["US"] == "dpf-participants" and scopes["CA"] == "commercial-organisations"


@pytest.mark.parametrize("name", ["data_categories", "data_uses", "data_subjects"])
def test_taxonomy(name: str):
    """Every key stands once and has a name, and every parent is a key: the one its own dotted key begins with."""
    rows = reference(name)
    keys = {row["key"] for row in rows}
    assert len(keys) == len(rows) > 10
    for row in rows:
        assert row["name"] and row["parent"] == row["key"].rpartition(".")[0], row
        assert not row["parent"] or row["parent"] in keys, row


def test_the_taxonomy_is_credited():
    """The reference tables name the taxonomy's makers and its licence, as the licence asks."""
    text = (REFERENCE / "README.md").read_text(encoding="utf-8")
    assert all(words in text for words in ("fideslang", "Ethyca", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"))
