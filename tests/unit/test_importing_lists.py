"""Lists of every shape people publish, in four languages, and what comes out of each."""

from __future__ import annotations

import io
import zipfile
from html import escape

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from importing.scoring import LISTS, expected, score, settled

from popmap.importing.listing import read_list
from popmap.importing.model import Kind, Known, Reading, Status
from popmap.importing.reading import read

ROWS = (("Vendor", "Purpose", "Location"), ("Nimbus, Inc.", "Hosting", "USA"), ("Paywell", "Payments", "Irlande"))


def of(name: str) -> Reading:
    return read_list((LISTS / name).read_bytes(), name)


def note_codes(name: str) -> set[str]:
    return {one.code for one in of(name).notes}


def xlsx(*rows: tuple[str, ...], merged: tuple[int, int, int, int, str] | None = None) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Vendors")
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    if merged:
        sheet.merge_range(*merged)
    book.add_worksheet("Empty")
    book.close()
    return out.getvalue()


def ods(*rows: tuple[str, ...]) -> bytes:
    lines = "".join(
        "<table:table-row>"
        + "".join(f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>' for cell in row)
        + "</table:table-row>"
        for row in rows
    )
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    body = f'<office:body><office:spreadsheet><table:table table:name="Vendors">{lines}</table:table></office:spreadsheet></office:body>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f"<office:document-content {spaces}>{body}</office:document-content>")
        archive.writestr(
            "META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
    return out.getvalue()


def parquet(*rows: tuple[str, ...]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({name: [row[at] for row in rows[1:]] for at, name in enumerate(rows[0])}), out)
    return out.getvalue()


@pytest.mark.parametrize("name", expected())
def test_each_list_says_what_it_says(name: str):
    """Every vendor and flow of the list is found with its places, conditions, safeguard and basis, and nothing else is."""
    found = score(name)
    assert (found.found, found.invented, found.flows_right, found.located_right, found.wrong) == (
        found.vendors,
        (),
        found.flows,
        found.located,
        (),
    )


def test_every_list_has_its_expectation():
    """No fixture stands unread."""
    assert {path.name for path in LISTS.iterdir()} == set(expected())


@pytest.mark.parametrize("name", ["together.txt", "prose.md"])
def test_what_could_only_be_guessed_is_refused(name: str):
    """A refusal says why and which lines it looked at, and nothing is made of the text."""
    reading = of(name)
    assert reading.refusals and all(one.reason and one.lines for one in reading.refusals)
    assert not reading.records and not any(getattr(reading.rows, table) for table in ("vendors", "flows", "categories", "activities"))


def test_cells_run_together_are_named_as_such():
    """The refusal of a table copied without its borders says that its cells run together."""
    assert "run together" in of("together.txt").refusals[0].reason


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("broken.txt", {"joined-row", "ragged-row", "no-recipient", "obsolete-safeguard"}),
        ("stacked.txt", {"cut-row", "not-collected", "not-stated"}),
        ("regions.txt", {"cut-row"}),
        ("mixed.txt", {"cut-row"}),
    ],
)
def test_what_is_broken_off_or_left_out_is_told(name: str, codes: set[str]):
    """Rows joined, cut or ragged, answers of no, and safeguards that no longer stand are named to the person."""
    assert note_codes(name) == codes


def test_activities_keep_their_basis_and_its_kind():
    """A basis in the regulation's words is stated; where several stand in a cell none is chosen."""
    reading = settled((LISTS / "broken.txt").read_bytes(), "broken.txt")
    bases = {row["name"]: row.get("legal_basis", "") for row in reading.rows.activities}
    assert bases == {"Visiting the shop": "consent", "Ordering": "contract", "Writing to us": "legitimate-interests"}
    assert {row["category_ids"] for row in reading.rows.activities} == {"ip-address;cookies", "order-data", "contact-data"}


def test_no_in_a_column_is_no_category():
    """Only what the list says is collected becomes a category."""
    assert [row["name"] for row in of("stacked.txt").rows.categories] == ["Identifiers", "Shopping history"]


def test_a_place_from_the_sentence_above_is_inferred_with_that_sentence():
    """What stands above a list and not in it is never stated of its vendors, and quotes the sentence."""
    reading = of("bullets.md")
    values = [one.fields["locations"][0] for one in reading.records if "locations" in one.fields]
    assert len(values) == 3
    assert {(one.status, one.quote, one.locator) for one in values} == {
        (Status.INFERRED, "The following sub-processors are all located in the United States:", "line 9")
    }


def test_evidence_stands_on_its_line():
    """Every quote of a text stands on the lines from the one it cites on, whatever was joined."""
    for name in ("bullets.md", "dashes.txt", "regions.txt", "mixed.txt", "choices.txt", "scopes.md"):
        lines = (LISTS / name).read_text(encoding="utf-8").split("\n")
        for row in settled((LISTS / name).read_bytes(), name).rows.evidence:
            if row["column"] == "purpose" or row["status"] == "inferred":
                continue
            near = " ".join(lines[int(row["locator"].removeprefix("line ")) - 1 :][:3])
            assert row["quote"].split("\n")[0].strip() in near.replace("**", "").replace("[", "").replace("]", " "), (name, row)


@pytest.mark.parametrize("data", [xlsx(*ROWS), ods(*ROWS), parquet(*ROWS)], ids=["xlsx", "ods", "parquet"])
def test_sheets_and_parquet_give_the_same_list(data: bytes):
    """The format makes no difference to what a list says."""
    name = "list.parquet" if data.startswith(b"PAR1") else "list.xlsx"
    reading = settled(data, name)
    assert [row["name"] for row in reading.rows.vendors] == ["Nimbus, Inc.", "Paywell"]
    assert [(row["purpose"], row["locations"]) for row in reading.rows.flows] == [("Hosting", "US"), ("Payments", "IE")]


def test_headings_on_two_rows_under_a_title():
    """A title, a merged heading above the headings, and row numbers do not hide the table."""
    rows = (
        ("Our vendors", "", "", ""),
        ("", "Who", "Processing", ""),
        ("No.", "Vendor", "Purpose", "Country"),
        ("1", "Nimbus, Inc.", "Hosting", "USA"),
        ("2", "Paywell", "Payments", "France"),
    )
    reading = settled(xlsx(*rows, merged=(1, 2, 1, 3, "Processing")), "a.xlsx")
    assert [(row["purpose"], row["locations"]) for row in reading.rows.flows] == [("Hosting", "US"), ("Payments", "FR")]
    assert {row["locator"] for row in reading.rows.evidence if row["column"] == "locations"} == {"Vendors!D4", "Vendors!D5"}


def test_columns_without_headings_are_known_by_what_they_hold():
    """A CSV file without headings is read by its content, and says that it was."""
    reading = settled(b"Nimbus Inc.,Hosting of all we do,United States\nPaywell Ltd,Payments by card,Ireland\n", "bare.csv")
    assert [(row["purpose"], row["locations"]) for row in reading.rows.flows] == [
        ("Hosting of all we do", "US"),
        ("Payments by card", "IE"),
    ]
    assert {one.how for one in reading.tables[0].columns} == {"content"}


def test_a_person_changes_what_a_column_holds():
    """A given mapping wins over headings and content, and is shown as given."""
    data = b"Vendor,Remark\nNimbus,Hosting\nPaywell,Payments\n"
    reading = read_list(data, "a.csv", mapping={0: {1: "purpose"}}, answers={"unspecified": "unspecified"})
    assert [row["purpose"] for row in reading.rows.flows] == ["Hosting", "Payments"]
    assert reading.tables[0].columns[1].how == "person"


@pytest.mark.parametrize(
    ("name", "known", "asked", "proposed"),
    [
        ("Nimbus Inc.", "Nimbus", "vendor/nimbus-inc", "same:known"),
        ("Nimbuss", "Nimbus", "vendor/nimbuss", "new"),
        ("nimbus", "Nimbus", "", ""),
        ("Paywell", "Nimbus", "", ""),
    ],
)
def test_a_name_like_a_known_one_is_asked_and_not_taken(name: str, known: str, asked: str, proposed: str):
    """A likeness is shown with its score and stops the row until a person decides; the same name and another name need no question."""
    data = f"Vendor,Data,Location\n{name},E-mail address,USA\n".encode()
    knows = Known(vendors={"known": known}, categories={"mail": "E-mail address"})
    reading = read_list(data, "a.csv", knows)
    assert [one.id for one in reading.questions] == ([asked] if asked else [])
    if asked:
        question = reading.questions[0]
        assert question.proposed == proposed and question.score and not reading.rows.vendors and not reading.rows.flows
        settled_rows = read_list(data, "a.csv", knows, {asked: "same:known"}).rows
        assert settled_rows.flows[0]["vendor_id"] == "known" and settled_rows.aliases == ({"kind": "vendor", "alias": name, "id": "known"},)


def test_systems_may_be_ones_own():
    """A fideslang file's systems are vendors or the organisation's own, as a person says; own ones are activities and nobody's flows."""
    data = (LISTS / "systems.yml").read_bytes()
    assert not read_list(data, "systems.yml").rows.vendors
    own = read_list(data, "systems.yml", answers={"systems": "own"}).rows
    assert not own.vendors and not own.flows
    assert [row["name"] for row in own.activities] == ["Shop: essential.service", "Letters: marketing.communications.email"]


def test_a_processing_workbook_by_its_own_structure():
    """A workbook of CISO Assistant's export becomes one activity with its purpose, basis, data and contractor; codes become words."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheets = {
        "Processing": [("ref_id", "name", "description", "dpia_required", "dpia_reference"), ("P-1", "Wages", "Pay", "True", "D-7")],
        "Purposes": [("name", "description", "legal_basis"), ("Paying wages", "", "privacy_contract")],
        "Personal data": [("name", "description", "category", "retention"), ("Account number", "", "privacy_financial_data", "5 years")],
        "Data subjects": [("name", "description", "category"), ("Staff", "", "privacy_employee")],
        "Data recipients": [("name", "description", "category"), ("Wage office", "", "privacy_data_processor")],
        "Contractors": [
            ("name", "description", "entity", "relationship_type", "country"),
            ("Wages online", "", "Wagewell GmbH", "privacy_data_processor", "DE"),
        ],
        "Transfers": [("name", "entity", "country", "transfer_mechanism"), ("Copies", "", "US", "privacy_standard_contractual_clauses")],
    }
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    book.close()
    reading = read_list(out.getvalue(), "export.xlsx")
    (activity,) = reading.rows.activities
    assert (activity["name"], activity["purpose"], activity["legal_basis"]) == ("Wages", "Paying wages", "contract")
    assert (activity["data_subjects"], activity["impact_assessment"], activity["retention_period"]) == ("Staff", "needed (D-7)", "5 years")
    (vendor,) = reading.rows.vendors
    assert (vendor["name"], vendor["country"], vendor["role"]) == ("Wagewell GmbH", "DE", "processor")
    assert activity["vendor_ids"] == vendor["vendor_id"] and activity["category_ids"] == "account-number"
    assert {one.code for one in reading.notes} == {"no-recipient"} and not reading.rows.flows


def test_the_same_list_reads_the_same():
    """Reading depends on the bytes, the register and the answers, and on nothing else."""
    for name in expected():
        assert of(name) == of(name)


def test_a_long_list_tells_how_far_it_is_and_can_be_stopped():
    """Steps done rise to all steps, and what the callback raises ends the reading."""
    data = b"Vendor,Purpose\n" + b"".join(b"Vendor %d,Hosting\n" % number for number in range(2_000))
    told: list[tuple[int, int]] = []
    read_list(data, "a.csv", progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told) and {total for _, total in told} == {4_000} and told[-1] == (4_000, 4_000)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt(f"{done} of {total}")

    with pytest.raises(KeyboardInterrupt, match="500 of 4000"):
        read_list(data, "a.csv", progress=stop)


@pytest.mark.parametrize(
    "text",
    [
        "Name,Description\nRisk Assessment,The organisation knows its risks\nTraining,The staff is trained\n",
        "Name,Purpose,Expiry\n_ga,Statistics,2 years\nsid,Session,1 day\n# Cookies\n",
        "Name,E-mail,Phone\nAda Byron,ada@x.example,123\nAlan Turing,alan@x.example,456\n",
        "Question,Answer\nDo you use vendors?,Yes\nWhich?,Nimbus Inc.\n",
        "Vendor,Recall\nService,Recording\nRisk level,High\nEffective date,2026\nLocation,USA\nPurpose,Notes\n",
    ],
)
def test_other_tables_give_no_vendors(text: str):
    """Frameworks, cookies, contacts, questionnaires and forms name things that are no vendors."""
    page = f"# Cookies\n\n{pipes(text)}" if "Expiry" in text else pipes(text)
    names = [row["name"] for row in settled(page.encode(), "a.md").rows.vendors]
    assert names == (["Recall"] if "Recall" in text else [])


def pipes(text: str) -> str:
    lines = [line.split(",") for line in text.split("\n") if line and not line.startswith("#")]
    return "\n".join(["| " + " | ".join(row) + " |" for row in (lines[0], ["---"] * len(lines[0]), *lines[1:])]) + "\n"


def test_hidden_parts_of_a_page_are_not_published():
    """What a browser does not show is not read as published."""
    assert "Versteckt" not in str(read((LISTS / "spannen.html").read_bytes(), "a.html"))


def test_kinds_of_records_come_from_what_columns_hold():
    """A table of data with purposes gives categories, one of occasions gives activities, one of names gives vendors."""
    assert {one.kind for one in of("deux_langues.html").tables} == {Kind.CATEGORY, Kind.VENDOR}
    assert of("broken.txt").tables[0].kind is Kind.ACTIVITY
