"""Whose name stands where a vendor is named: what is nobody, what is asked about, and when somebody is only planned."""

from __future__ import annotations

import io
from datetime import date

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from importing.scoring import LISTS, settled

from popmap.importing import dates, headings, judging, naming, standing
from popmap.importing.judging import Verdict, judge
from popmap.importing.listing import read_list
from popmap.importing.model import Reading
from popmap.importing.standing import Standing

ANSWERS = {"unspecified": "unspecified"}


def names(reading: Reading) -> list[str]:
    return [row["name"] for row in reading.rows.vendors]


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (
            Verdict.VENDOR,
            (
                "Nimbus",
                "Nimbus Cloud",
                "Email Services GmbH",
                "Web Push (Beacon)",
                "nimbus.example",
                "PayPal (Europe) S.à r.l. et Cie, S.C.A.",
            ),
        ),
        (
            Verdict.ASKED,
            (
                "Email delivery",
                "Access Controls",
                "Mesure d'audience",
                "Mailversand",
                "How We Work",
                "Your mail server",
                "6 EU regions",
                "שם הספק",
            ),
        ),
        (
            Verdict.NOBODY,
            (
                *(
                    "Payment service providers",
                    "Nimbus (TBD)",
                    "Location",
                    "Germany",
                    "May 31",
                    "_session",
                    "logo.png",
                    "hello@nimbus.example",
                ),
                *(
                    "Nimbus Privacy Policy",
                    "5.1 Providing the service",
                    "Annex A: details",
                    "Standard contractual clauses",
                    "None (on device)",
                ),
                *("First party", "Log in", "Last updated: May 2026", "This page applies to the service that we host for you."),
            ),
        ),
    ],
)
def test_what_stands_where_a_vendor_is_named(verdict: Verdict, words: tuple[str, ...]):
    """Purposes and sentences to the reader are asked about; kinds, headings, places, dates, files and safeguards are nobody."""
    assert {one: judge(one).verdict for one in words} == dict.fromkeys(words, verdict)


def test_every_refusal_of_a_name_has_its_reason():
    """What becomes no vendor is told with a sentence that says why."""
    assert all(judge(one).reason.endswith(".") for one in ("Location", "Germany", "logo.png", "Email delivery", "TBD", "Banks"))


@given(st.text(max_size=40))
def test_any_words_are_judged(text: str):
    """Whatever stands there is judged, always alike, and its dates and standing are looked at without a fault."""
    assert judge(text) == judge(text)
    assert isinstance(standing.of(text, column=True), Standing)
    assert dates.parse(text) is None or isinstance(dates.parse(text), date)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1 January 2026", date(2026, 1, 1)),
        ("since 2026-01-05", date(2026, 1, 5)),
        ("05.02.2026", date(2026, 2, 5)),
        ("3. März 2026", date(2026, 3, 3)),
        ("1er août 2026", date(2026, 8, 1)),
        ("13/02/2026", date(2026, 2, 13)),
        ("02/13/2026", date(2026, 2, 13)),
        ("03/04/2026", None),
        ("soon", None),
        ("May 2026 or June 2026", None),
        ("31.02.2026", None),
    ],
)
def test_days_as_lists_write_them(text: str, day: date | None):
    """A day is read in the languages lists are in; one that may be two days is none."""
    assert dates.parse(text) == day


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("planned", False, Standing.PLANNED),
        ("geplant Q3 2026", False, Standing.PLANNED),
        ("Vorschlag", False, Standing.PLANNED),
        ("à venir", False, Standing.PLANNED),
        ("Removed (Jan 2026)", True, Standing.FORMER),
        ("Planned for the spring", True, Standing.PLANNED),
        ("Planned for the spring", False, Standing.SILENT),
        ("In use since 2021", True, Standing.CURRENT),
        ("US only", True, Standing.SILENT),
    ],
)
def test_when_a_vendor_is_used(text: str, column: bool, said: Standing):
    """Planned and former are told in the words lists use; only a column that asks for it may say more."""
    assert standing.of(text, column=column) is said


def test_planned_vendors_are_proposed_and_former_ones_are_told():
    """A vendor to come has that status, stated where the list says it and inferred from a day to come; one that is gone makes no row."""
    data = (LISTS / "planned.md").read_bytes()
    reading = read_list(data, "planned.md", answers=ANSWERS, today=date(2030, 1, 1))
    assert {row["name"]: row.get("status", "") for row in reading.rows.vendors} == {
        "Nimbus, Inc.": "active",
        "Beacon": "proposed",
        "Paywell": "proposed",
        "Rheinblick": "proposed",
        "Parcel Post, LLC": "",
        "Alder Systems": "proposed",
    }
    kinds = {row["row_id"]: row["status"] for row in reading.rows.evidence if row["column"] == "status"}
    assert kinds["paywell"] == "stated" and kinds["alder-systems"] == "inferred"
    assert [(one.code, one.locator) for one in reading.notes] == [
        ("former", "line 10"),
        ("undecided", "line 11"),
        ("left-out", "line 20"),
        ("left-out", "line 22"),
        ("former", "line 30"),
    ]
    later = read_list(data, "planned.md", answers=ANSWERS, today=date(2100, 1, 1))
    assert "status" not in next(row for row in later.rows.vendors if row["name"] == "Alder Systems")


def test_a_heading_is_over_planned_vendors_unless_it_names_those_in_use():
    """A heading over current and planned vendors says nothing of any one of them."""
    assert standing.over_planned("Planned sub-processors") and standing.over_planned("Disclosed but NOT currently enabled: planned")
    assert not standing.over_planned("Sub-processors (current and planned)") and not standing.over_planned("Sub-processors")


@pytest.mark.parametrize(
    ("heading", "role", "like"),
    [
        ("Proccessor", "vendor", True),
        ("Purpouse", "purpose", True),
        ("Zwek der Verarbeitung", "purpose", True),
        ("Processor", "vendor", False),
        ("Format", "", False),
        ("Sub-processor DPA", "agreement_url", False),
        ("Sub-processors page", "subprocessors_url", False),
        ("Technische Rolle", "role", False),
        ("Name, address", "vendor", False),
    ],
)
def test_misspelt_headings_are_guesses(heading: str, role: str, like: bool):
    """A heading that is only like a known one is taken for it and marked as a guess; one that may be anything is left open."""
    found, sure = headings.guess(heading)
    assert (found, sure == headings.LIKENESS) == (role, like)


def test_a_guess_is_shown_and_can_be_changed():
    """The mapping says which column was taken by likeness, and a person's role wins over it."""
    data = (LISTS / "misspelt.md").read_bytes()
    assert {one.how for one in read_list(data, "a.md").tables[0].columns} == {"likeness"}
    changed = read_list(data, "a.md", answers=ANSWERS, mapping={0: {1: "notes"}})
    assert changed.tables[0].columns[1].how == "person" and all(not row["purpose"] for row in changed.rows.flows)


def test_a_legal_entity_below_a_name_is_asked_about():
    """Two names in a cell of which one has a legal form are proposed as one vendor; until somebody says so there is none."""
    data = (LISTS / "below_names.html").read_bytes()
    assert not read_list(data, "a.html", answers=ANSWERS).rows.vendors
    rows = settled(data, "a.html").rows
    assert [(row["name"], row["legal_name"], row["published_as"]) for row in rows.vendors] == [
        ("Chatter", "Nimbus Inc.", "Chatter Nimbus Inc."),
        ("Beacon", "Larkspur GmbH", "Beacon / Larkspur GmbH"),
    ]
    assert {row["status"] for row in rows.evidence if row["column"] == "legal_name"} == {"inferred"}


@pytest.mark.parametrize(("words", "proposed"), [("one of", "add"), ("such as", "leave")])
def test_names_behind_a_kind_of_recipient_are_asked_about(words: str, proposed: str):
    """Where a list's item names a kind and then who they are, each is asked about; only words that name them all propose to add."""
    last = f"- **Model providers**: we ask {words} Alder (Leaf), Corvid, or Quillmodel."
    text = f"# Service providers\n\n- **Nimbus**: hosting\n- **Beacon**: errors\n{last}\n"
    asked = [one for one in read_list(text.encode(), "a.md", answers=ANSWERS).questions if one.id.startswith("mention/")]
    assert [(one.id, one.proposed) for one in asked] == [(f"mention/{one}", proposed) for one in ("alder-leaf", "corvid", "quillmodel")]


def test_a_workbook_has_more_than_its_list():
    """Sheets of prose, contacts, settings, changes, legends below the table and merged headings give no vendors."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheets = {
        "Read me": [["Sub-processors"], ["This page applies to the service that we host."], ["Last updated: May 2026"]],
        "List": [
            *(["Larkspur: sub-processors"], ["Last updated", "2026-01-05"], [], ["#", "Company", "", "Processing", "", "Tier"]),
            ["", "Legal name", "Head office", "Purpose", "Country of processing", ""],
            *([1, "Nimbus GmbH", "Germany", "Hosting", "Germany", "1"], [2, "Paperpost Inc.", "USA", "Letters", "Ireland", "2"]),
            *([], ["Legend"], ["Tier 1", "Critical"], ["Tier 2", "Important"]),
        ],
        "Planned": [["Name", "Purpose", "Country"], ["Beacon", "Errors", "France"]],
        "Former": [["Name", "Purpose", "Until"], ["Osprey", "Maps", "2023-01-01"]],
        "Contacts": [["Name", "Role", "Email"], ["Robin Vale", "DPO", "dpo@larkspur.example"]],
        "Fields": [["Field", "Meaning"], ["Vendor", "Legal name of the vendor"], ["Tier", "1 or 2"], ["Purpose", "What for"]],
        "Settings": [["Key", "Value"], ["Owner", "Legal"], ["Review", "Yearly"]],
    }
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    book.get_worksheet_by_name("List").merge_range(3, 1, 3, 2, "Company")
    book.get_worksheet_by_name("List").merge_range(3, 3, 3, 4, "Processing")
    book.close()
    reading = settled(out.getvalue(), "a.xlsx")
    assert [(row["name"], row.get("status", ""), row.get("country", "")) for row in reading.rows.vendors] == [
        ("Nimbus GmbH", "", "DE"),
        ("Paperpost Inc.", "", "US"),
        ("Beacon", "proposed", ""),
    ]


def test_addresses_are_no_part_of_a_name():
    """Under a heading that asks for an address the name ends where the address begins."""
    assert naming.names("Nimbus AG, Bonn", addressed=True).names == ("Nimbus AG",)
    assert naming.names("Nimbus GmbH, Ring 25, 91710 Gunzenhausen").names == ("Nimbus GmbH",)
    assert judging.is_known("Stripe Payments") and not judging.is_known("Nimbus")


@pytest.mark.parametrize(
    "text",
    [
        "| urn | urn:example:library:gdpr |\n| --- | --- |\n| version | 2 |\n| locale | en |\n| name | A regulation |\n"
        "| description | On data |\n| copyright | Public |\n| provider | EU |\n",
        "| Category | Question | Description |\n| --- | --- | --- |\n| Company information | Who owns you? | Names of owners |\n"
        "| Data privacy | Do you have a policy? | Its address |\n",
        "| Category | Description |\n| --- | --- |\n| GNRL-01 | Your name |\n| GNRL-02 | Your product |\n",
    ],
    ids=["about a document", "a questionnaire", "numbers of questions"],
)
def test_tables_of_another_kind(text: str):
    """What a document says of itself, a questionnaire and the numbers of its questions are no vendors and no data."""
    assert read_list(text.encode(), "list.md").records == ()
