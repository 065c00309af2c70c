"""What cells state: countries, conditions, bases, safeguards, answers, names; and what columns are headed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from popmap.importing import countries, headings, naming, splitting
from popmap.importing.category_records import described
from popmap.importing.naming import Joined
from popmap.importing.statements import Said, places, said, vocabulary
from popmap.register.schema import LEGAL_BASES, TRANSFER_MECHANISMS


@pytest.mark.parametrize(
    ("text", "stated", "inferred", "condition"),
    [
        ("United States", ("US",), (), False),
        ("USA, Germany, Ireland", ("US", "DE", "IE"), (), False),
        ("Vereinigte Staaten, Irland und Deutschland", ("US", "IE", "DE"), (), False),
        ("EE. UU. e Irlanda", ("US", "IE"), (), False),
        ("Pays-Bas / Royaume-Uni", ("NL", "GB"), (), False),
        ("US/DE", ("US", "DE"), (), False),
        ("Springfield, WA, USA", ("US",), (), False),
        ("San Francisco, CA, USA", ("US",), (), False),
        ("San Francisco, CA", (), ("US",), False),
        ("Atlanta, Georgia", (), (), True),
        ("Georgia", ("GE",), (), False),
        ("New Jersey, USA", ("US",), (), False),
        ("EU", (), (), True),
        ("EU (Frankfurt, Germany)", ("DE",), (), False),
        ("EU and USA", ("US",), (), True),
        ("USA (US Cloud) or Germany (EU Cloud)", ("US", "DE"), (), True),
        ("USA (optional)", ("US",), (), True),
        ("Varies", (), (), True),
        ("Global (except China)", (), (), True),
        ("Everywhere outside the USA", (), (), True),
        ("Head office in France", (), (), True),
        ("Frankfurt", (), ("DE",), False),
        ("Wilmington, DE", (), (), True),
        ("N/A", (), (), True),
        ("-", (), (), False),
        ("Bosnia and Herzegovina, Trinidad and Tobago", ("BA", "TT"), (), False),
    ],
)
def test_countries_of_a_statement(text: str, stated: tuple[str, ...], inferred: tuple[str, ...], condition: bool):
    """Countries are stated where they are named, inferred where a place in them is, and all that is more stays as a condition."""
    found = places(text)
    assert (found.stated, found.inferred, bool(found.condition)) == (stated, inferred, condition)
    assert found.condition in {"", text}


def test_every_country_has_its_names():
    """Each ISO country is known by a name, and no name stands for two."""
    assert len(set(countries.names().values())) == 249
    assert countries.country("Deutschland") == countries.country("Allemagne") == countries.country("Alemania") == "DE"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("YES", Said.YES),
        ("Oui", Said.YES),
        ("✓", Said.YES),
        ("sí", Said.YES),
        ("Nein", Said.NO),
        ("No", Said.NO),
        ("n/a", Said.NOT_APPLICABLE),
        ("No aplica", Said.NOT_APPLICABLE),
        ("Entfällt", Said.NOT_APPLICABLE),
        ("None", Said.NONE),
        ("aucune", Said.NONE),
        ("", Said.BLANK),
        ("—", Said.BLANK),
        ("Norway", Said.TEXT),
        ("Not yet", Said.TEXT),
    ],
)
def test_answers_are_kept_apart(text: str, kind: Said):
    """Yes, no, not applicable, none and blank are five answers."""
    assert said(text) is kind


@pytest.mark.parametrize(
    ("text", "section", "stated", "inferred"),
    [
        ("Contract performance", "legal_basis", ("contract",), ()),
        ("Art. 6 Abs. 1 lit. f DSGVO", "legal_basis", ("legitimate-interests",), ()),
        ("Article 6(1)(c)", "legal_basis", ("legal-obligation",), ()),
        ("Justified interest", "legal_basis", (), ("legitimate-interests",)),
        ("No consent needed", "legal_basis", (), ()),
        ("Public interest/legal obligation", "legal_basis", ("public-task", "legal-obligation"), ()),
        ("SCCs; adequacy decision", "transfer_mechanism", ("standard-contractual-clauses", "adequacy"), ()),
        ("Standardvertragsklauseln", "transfer_mechanism", ("standard-contractual-clauses",), ()),
        ("EU-US Data Privacy Framework", "transfer_mechanism", ("data-privacy-framework",), ()),
        ("Privacy Shield", "transfer_mechanism", (), ()),
        ("Not adequate", "transfer_mechanism", (), ()),
    ],
)
def test_terms_of_a_vocabulary(text: str, section: str, stated: tuple[str, ...], inferred: tuple[str, ...]):
    """The regulation's words state a term, loose ones suggest it, and a denial names none."""
    found = vocabulary(text, section)
    assert (found.stated, found.inferred) == (stated, inferred)
    assert found.obsolete == (text == "Privacy Shield")


@pytest.mark.parametrize(
    ("text", "joined", "names"),
    [
        ("Amazon Web Services, Inc.", Joined.ALONE, ("Amazon Web Services, Inc.",)),
        ("OpenAI, L.L.C.", Joined.ALONE, ("OpenAI, L.L.C.",)),
        ("Acme, S.A. de C.V.", Joined.ALONE, ("Acme, S.A. de C.V.",)),
        ("Beacon, Inc. (d/b/a Light)", Joined.ALONE, ("Beacon, Inc. (d/b/a Light)",)),
        ("Google LLC (Gemini, Search)", Joined.ALONE, ("Google LLC (Gemini, Search)",)),
        ("Hetzner GmbH, Germany", Joined.ALONE, ("Hetzner GmbH",)),
        ("Zahlwerk Inc., San Francisco, USA", Joined.ALONE, ("Zahlwerk Inc.",)),
        ("Chatter, Inc..", Joined.ALONE, ("Chatter, Inc.",)),
        ("1. Stripe*", Joined.ALONE, ("Stripe",)),
        ("Slack\nLimited", Joined.ALONE, ("Slack Limited",)),
        ("Stripe, Inc.\n5 Hill St\nDublin", Joined.ALONE, ("Stripe, Inc.",)),
        ("Red or Blue", Joined.EITHER, ("Red", "Blue")),
        ("Rot GmbH oder Blau AG", Joined.EITHER, ("Rot GmbH", "Blau AG")),
        ("Red, Blue", Joined.COMMA, ("Red", "Blue")),
        ("Red, Inc., Blue LLC", Joined.COMMA, ("Red, Inc.", "Blue LLC")),
        ("Red et Blue", Joined.BOTH, ("Red", "Blue")),
        ("Meta/Facebook", Joined.SLASH, ("Meta", "Facebook")),
        ("• Red\n• Blue", Joined.LIST, ("Red", "Blue")),
        ("Red; Blue; Green", Joined.LIST, ("Red", "Blue", "Green")),
    ],
)
def test_names_of_a_cell(text: str, joined: Joined, names: tuple[str, ...]):
    """A name keeps its legal form and brackets; several names are told by how they are joined."""
    found = naming.names(text)
    assert (found.joined, found.names) == (joined, names)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Logs, Contact data", ("Logs", "Contact data")),
        ("-IP address -Cookies", ("IP address", "Cookies")),
        ("(a) name (b) e-mail", ("name", "e-mail")),
        ("Name, e-mail, and phone", ("Name", "e-mail", "phone")),
        ("Nom, prénom et adresse", ("Nom", "prénom", "adresse")),
        ("• Name\n• Phone", ("Name", "Phone")),
        ("Name; Phone", ("Name", "Phone")),
        ("Name / Phone", ("Name", "Phone")),
        ("Product/collection catalogue", ("Product/collection catalogue",)),
        ("Contact data (name, e-mail)", ("Contact data (name, e-mail)",)),
        ("Contact data (name) Logs (address)", ("Contact data (name)", "Logs (address)")),
        ("1,000 records", ("1,000 records",)),
    ],
)
def test_values_of_a_cell(text: str, values: tuple[str, ...]):
    """Values part at lines, semicolons, commas, slashes between spaces, dashes and letters, and not within brackets or numbers."""
    assert splitting.values(text) == values


def test_a_known_name_is_one_value():
    """A category that holds a comma stays whole where it is known."""
    assert splitting.values("Name, first and last", frozenset(["name first and last"])) == ("Name, first and last",)


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Sub-Processor", "vendor"),
        ("Third Party Entity", "vendor"),
        ("Name und Anschrift des Unterauftragsverarbeiters", "vendor"),
        ("Sous-traitant ultérieur", "vendor"),
        ("Nombre del subencargado", "vendor"),
        ("Description/Purpose", "purpose"),
        ("Purpose and legitimate basis", "purpose"),
        ("Zweck der Datenverarbeitung", "purpose"),
        ("Location of Subprocessors", "location"),
        ("Provider location", "location"),
        ("País donde se tratan los datos", "location"),
        ("Pays d'hébergement des données", "location"),
        ("Where is the data processed?", "location"),
        ("Corporate Location", "country"),
        ("dataTypes", "categories"),
        ("Type of data", "categories"),
        ("Transfer safeguard", "transfer_mechanism"),
        ("Data Protection Addendum of Third-Party Entity", "agreement_url"),
        ("Rechtsgrundlage", "legal_basis"),
        ("Durée de conservation", "retention_period"),
        ("Favourite colour", ""),
        ("Update mechanism", ""),
    ],
)
def test_headings_say_what_a_column_holds(heading: str, role: str):
    """Headings are known in four languages, by the word that says what the column holds."""
    assert headings.guess(heading)[0] == role


@pytest.mark.parametrize(
    ("text", "name", "description"),
    [
        ("Contact data (name, e-mail)", "Contact data", "name, e-mail"),
        ("Contact data: name, e-mail", "Contact data", "name, e-mail"),
        ("Logs", "Logs", ""),
    ],
)
def test_a_category_and_its_description(text: str, name: str, description: str):
    """What stands in brackets or after a colon describes the category."""
    assert described(text) == (name, description)


WORDS = st.text(st.sampled_from("abcXY ,;/()[]-–•\n.USADEorandé1&'\"|:"), max_size=60)


@given(WORDS)
def test_any_cell_is_understood(text: str):
    """Whatever a cell holds, its places, terms, names and values are found without a fault, and nothing that is not there."""
    found = places(text)
    assert set(found.stated) | set(found.inferred) <= set(countries.codes().values())
    assert set(vocabulary(text, "legal_basis").stated) <= set(LEGAL_BASES)
    assert set(vocabulary(text, "transfer_mechanism").stated) <= set(TRANSFER_MECHANISMS)
    squeezed = "".join(text.split())
    for value in splitting.values(text):
        assert "".join(value.split()) in squeezed
    naming.names(text)
    headings.guess(text)
    described(text)
