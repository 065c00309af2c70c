"""Lists as strangers publish them: whom they name, whom they only seem to name, and what becomes of the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importing.scoring import LISTS, settled

from popmap.importing import naming
from popmap.importing.judging import open_ended, undecided
from popmap.importing.listing import read_list
from popmap.importing.model import Kind, Known, Reading
from popmap.importing.naming import proviso
from popmap.importing.wording import phrase, wordy


def of(name: str) -> Reading:
    return settled((LISTS / name).read_bytes(), name)


def page(*lines: str, name: str = "a.md") -> Reading:
    return settled(("\n".join(lines) + "\n").encode(), name)


def names(reading: Reading) -> list[str]:
    return [row["name"] for row in reading.rows.vendors]


@pytest.mark.parametrize(
    ("name", "activities"),
    [
        (
            "verzeichnis.md",
            [
                ("V-1 Konto anlegen (Art. 6)", "Anmeldung am Portal ermöglichen", "nimbus-hosting;beacon", "Prüfung: jährlich"),
                ("V-2 Umfragen", "Wünsche erfragen", "", "Recipients as stated: nur die Redaktion. Niemand sonst."),
            ],
        ),
        (
            "registro.md",
            [
                ("A-1 · Envío de pedidos", "Enviar los pedidos", "correo-veloz;nube-iberica-s-l", ""),
                ("A-2 · Avisos", "Avisar del reparto", "", "Recipients as stated: Nadie, salvo quien reparte"),
            ],
        ),
        ("activities_listed.md", [("Delivery", "Bringing goods", "parcel-post-llc", "")]),
    ],
)
def test_a_record_of_activities_is_no_list_of_vendors(name: str, activities: list[tuple[str, ...]]):
    """Each activity has its heading as name; recipients are vendors where all of them are names, and are kept as stated otherwise."""
    rows = of(name).rows
    assert [tuple(row.get(key, "") for key in ("name", "purpose", "vendor_ids", "notes")) for row in rows.activities] == activities
    assert not rows.flows


def test_whoever_keeps_the_list_is_no_vendor():
    """A table of the controller's own details makes no record, and a publisher that says "we" is not asked about."""
    assert "Alondra, S.L." not in names(of("registro.md"))
    reading = page(
        "# Sub-processors",
        'Larkspur GmbH ("we") engages third parties, known as sub-processors.',
        "",
        "| Vendor | Purpose |",
        "|---|---|",
        "| Nimbus | Hosting |",
    )
    assert names(reading) == ["Nimbus"] and [one.id for one in reading.questions] == ["unspecified"]


def test_what_is_not_used_changed_or_still_to_come_is_told_and_left_out():
    """Every line that makes no vendor is named with its place."""
    reading = of("unused.md")
    assert [(one.code, one.locator) for one in reading.notes] == [
        ("undecided", "line 7"),
        ("left-out", "line 15"),
        ("left-out", "line 16"),
        ("left-out", "line 20"),
        ("left-out", "line 21"),
    ]
    assert [one.id for one in reading.questions if one.kind == "mention"] == ["mention/video-calls-e-g-meetwell-seeme"]


def test_a_sentence_that_denies_it_is_believed():
    """What a sentence says are no sub-processors are told line by line, and are no vendors."""
    reading = of("denied.md")
    assert names(reading) == ["Nimbus Hosting"]
    assert [one.locator for one in reading.notes if one.code == "left-out"] == ["line 11", "line 13", "line 14", "line 20", "line 21"]


def test_cards_are_looked_for_only_below_a_heading_that_speaks_of_recipients():
    """People and prices are laid out like vendors are."""
    source = (LISTS / "cards.html").read_text(encoding="utf-8")
    elsewhere = source.replace("Sub-processors", "Our people").replace("Whom we work with", "Faces")
    assert len(names(of("cards.html"))) == 3 and not names(settled(elsewhere.encode(), "a.html"))
    assert not names(settled(source.replace("<h3>Beacon</h3>", "<p>Beacon</p>").replace("<h3>Paywell</h3>", "").encode(), "a.html"))


def test_a_line_that_reads_like_a_heading_reaches_one_list_far():
    """In pasted text nothing says where a section ends, so a history of changes hides the first list below it and no other."""
    table = ("Sub-processor\tPurpose\tLocation", "Nimbus\tHosting\tIreland", "Paywell\tPayments\tUSA")
    reading = page("Sub-processors", "", "Changes", "Version\tDate", "1.0\t2026-01-01", "", "Those we use", *table, name="")
    assert names(reading) == ["Nimbus", "Paywell"]


def test_a_kind_of_recipient_is_asked_and_left_out_unless_somebody_says_otherwise():
    """A phrase under "Recipient" may be a kind; it is a vendor once a person says so, or where the register knows it."""
    data = (LISTS / "recipients.md").read_bytes()
    open_ = read_list(data, "a.md", answers={"unspecified": "unspecified"})
    (question,) = open_.open
    assert (question.id, question.proposed, names(open_)) == ("mention/push-services", "leave", ["Nimbus Hosting"])
    said = read_list(data, "a.md", answers={"unspecified": "unspecified", "mention/push-services": "add"})
    assert names(said) == ["Nimbus Hosting", "Push services"]
    known = read_list(data, "a.md", Known(vendors={"push": "Push services"}), {"unspecified": "unspecified"})
    assert "push" in {row["vendor_id"] for row in known.rows.flows} and not known.open
    assert [(one.code, one.locator) for one in open_.notes] == [("unclear-recipient", "line 7")]


def test_the_place_of_an_entity_is_its_seat():
    """Where an entity is says nothing of where it processes data."""
    rows = page("# Sub-processors", "| Entity | Purpose | Entity location |", "|---|---|---|", "| Nimbus | Hosting | Ireland |").rows
    assert rows.vendors[0]["country"] == "IE" and "locations" not in rows.flows[0]


@pytest.mark.parametrize(
    ("basis", "status"),
    [
        ("Contract (Art. 6(1)(b))", "stated"),
        (
            "We have looked at this again and again, and some of us think that a contract may be what allows it, but nobody is sure.",
            "inferred",
        ),
    ],
)
def test_a_basis_in_a_long_sentence_is_no_statement(basis: str, status: str):
    """What names a basis in passing is inferred, with its words."""
    reading = page("| Data | Purpose | Legal basis |", "|---|---|---|", f"| Name; E-mail address | Newsletters | {basis} |")
    assert [row["status"] for row in reading.rows.evidence if row["column"] == "legal_basis"] == [status]


def test_a_basis_that_is_denied_is_none():
    """A basis a sentence says does not apply is not taken."""
    head = ("| Daten | Zweck | Rechtsgrundlage |", "|---|---|---|")
    rows = page(*head, "| Name; Anschrift | Briefe | Das ist nicht automatisch eine Einwilligung |").rows
    assert rows.activities and not any("legal_basis" in row for row in rows.activities)


def test_kinds_of_services_are_no_categories_of_data():
    """A column headed "Category" names categories of data only where some of its cells do."""
    rows = page(
        "| Category | Role | Used for |", "|---|---|---|", "| Cloud hosting | Platform | Runtime |", "| Tooling | Support | Repair |"
    ).rows
    assert not rows.categories and not rows.vendors


def test_boxes_are_a_table_only_where_rows_are_alike():
    """Boxes in rows of one width under headings have columns; where a row lacks one, nothing says which, and none is made up."""
    source = (LISTS / "boxes.html").read_text(encoding="utf-8")
    headings = [[one.heading for one in reading.tables[0].columns] for reading in (of("boxes.html"), uneven(source))]
    assert headings[0] == ["Proveedor", "Función", "Qué podría ver"] and "Función" not in headings[1]


def uneven(source: str) -> Reading:
    return settled(source.replace("<div>Cartas</div>", "").encode(), "a.html")


def test_identifiers_in_a_page_are_not_cells_run_together():
    """A page that only holds words like IdentifierNames is refused for want of a list, and not as a copied table."""
    words = " ".join(f"UserRecord{number}Table" for number in range(30))
    assert "run together" not in page("# Data", words).refusals[0].reason


@pytest.mark.parametrize(
    ("text", "name", "condition"),
    [
        ("Paywell (optional)", "Paywell", "optional"),
        ("Nimbus Inc. (si applicable)", "Nimbus Inc.", "si applicable"),
        ("Beacon - opcional", "Beacon", "opcional"),
        ("Beacon — instead of Paperpost", "Beacon", "instead of Paperpost"),
        ("Beacon (Larkspur)", "Beacon (Larkspur)", ""),
        ("Nimbus – Beacon", "Nimbus – Beacon", ""),
        ("Nimbus (maps — for drivers)", "Nimbus (maps — for drivers)", ""),
    ],
)
def test_when_a_vendor_is_used_is_no_part_of_its_name(text: str, name: str, condition: str):
    """Brackets and dashes that say when are conditions; those that name somebody stay."""
    assert proviso(text) == (name, condition)


@pytest.mark.parametrize(
    ("test", "yes", "no"),
    [
        (
            undecided,
            ("Hosting (noch offen)", "E-mail provider (TBD: Paperpost / Beacon)", "TBD", "[à confirmer : Nimbus]"),
            ("Nimbus", "Open Post"),
        ),
        (wordy, ("Stored with us. Nobody else sees it at all.", "This is " * 8), ("Nimbus Web Services, Inc.", "St. Gallen Post AG")),
        (phrase, ("Push services", "The counterparty", "Relays in RELAY_LIST"), ("Nimbus", "Nimbus hosting, Inc.", "Nimbus Hosting")),
        (
            open_ended,
            ("Your mail server", "Ihre Bank", "Hosting (e.g. Nimbus)", "Post (z. B. Beacon)", "Correo (p. ej. Beacon)"),
            ("Nimbus (EG)", "Egret (birds)"),
        ),
    ],
)
def test_what_is_hardly_a_name(test, yes: tuple[str, ...], no: tuple[str, ...]):
    """Names still to come, sentences, kinds and examples are told from names."""
    assert [one for one in yes if not test(one)] == [] and [one for one in no if test(one)] == []


@given(st.text(alphabet="Ab c—-().:/[]e.g\n", max_size=40))
def test_any_words_can_be_looked_at(text: str):
    """Whatever stands where a vendor is named, it is looked at without a fault, and its name loses only what is told apart from it."""
    name, condition = proviso(text)
    assert name in text or not condition or name.replace(" ", "") in text.replace(" ", "").replace(f"({condition})", "")
    assert all(isinstance(test(text), bool) for test in (undecided, wordy, phrase, open_ended))


@given(st.lists(st.lists(st.sampled_from(["", "Purpose", "Vendor", "Nimbus", "Controller", "Legal basis", "x y"]), max_size=3), max_size=6))
def test_any_table_is_read_without_a_fault(rows: list[list[str]]):
    """Tables on their side, with one column, or with none are read or left out."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    reading = page("# Sub-processors", "", *lines[:1], "|" + "---|" * 2, *lines[1:])
    assert all(one.kind in {None, *Kind} for one in reading.tables)


def test_what_stands_below_a_name():
    """Below a name its legal entity is one, what links are called is nobody, and whoever the reader has is asked about."""
    assert naming.names("Nimbus\nNimbus Inc.").rest == "Nimbus Inc."
    assert naming.names("Nimbus\nPrivacy · DPA").names == ("Nimbus",)
    assert naming.names("Nimbus\nBeacon").names == ("Nimbus", "Beacon")
    reading = settled((LISTS / "two_line_names.html").read_bytes(), "two_line_names.html")
    assert [one.get("legal_name", "") for one in reading.rows.vendors] == ["Nimbus Inc.", "Paywell GmbH"]
    assert [one.proposed for one in reading.questions if one.id.startswith("mention/")] == ["leave"]
