"""Countries in questions: which are named, what they narrow, and what is said of them."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from popmap.answering.answers import answer_one
from popmap.answering.countries import countries_in, shown
from popmap.answering.model import LANGUAGES, Answer, Outcome, Question
from popmap.answering.words import words
from popmap.checks.run import open_checked
from popmap.store import Store

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def stores() -> dict[str, Store]:
    day = date(2026, 11, 1)
    return {
        "bundled": open_checked(ROOT / "data" / "popwork", day),
        "complete": open_checked(ROOT / "tests" / "answering" / "complete", day),
    }


def ask(store: Store, text: str, language: str = "en") -> Answer:
    return answer_one(store, Question("k", text, language, vocabulary=("Yes", "No")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_country_has_a_name(language: str):
    """Each country of the reference table has a name in each language, and is met by it unless the name is another's too."""
    with (ROOT / "data" / "reference" / "countries.csv").open(encoding="utf-8", newline="") as file:
        codes = [row["country"] for row in csv.DictReader(file)]
    unmet = []
    for code in codes:
        name = shown((code,), language)
        found = [one.keys for one in countries_in(words(f"x {name} x"), language)]
        unmet += [] if found == [(code,)] else [code]
    assert len(unmet) <= 3, unmet


@pytest.mark.parametrize(
    ("text", "language", "codes"),
    [
        ("Do you transfer data to the US or the U.K.?", "en", ["US", "GB"]),
        ("Please tell us where", "en", []),
        ("PLEASE TELL US WHERE DATA IS STORED", "en", []),
        ("in the USA, in South Korea and in Guinea-Bissau", "en", ["US", "KR", "GW"]),
        ("in Georgia", "en", []),
        ("aux États-Unis, au Royaume-Uni, en Côte d'Ivoire", "fr", ["US", "GB", "CI"]),
        ("in den Vereinigten Staaten, im Vereinigten Königreich, in den Niederlanden", "de", ["US", "GB", "NL"]),
        ("en los EE. UU., en Estados Unidos, en Países Bajos", "es", ["US", "US", "NL"]),
        ("an island", "en", []),
    ],
)
def test_names_of_countries(text: str, language: str, codes: list[str]):
    """Names and short forms are met in the question's language; "us" is a country in capitals only."""
    assert [one.keys[0] for one in countries_in(words(text), language)] == codes


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("Is personal data transferred to the USA?", "en", "United States"),
        ("Les données sont-elles transférées aux États-Unis ?", "fr", "États-Unis"),
        ("Werden Daten in die USA übermittelt?", "de", "Vereinigte Staaten"),
        ("¿Se transfieren datos a Estados Unidos?", "es", "Estados Unidos"),
    ],
)
def test_an_answer_says_which_country(stores: dict[str, Store], text: str, language: str, name: str):
    """Rows of the country asked for are told with its name and opened by the link; where nothing is stated the gap is; never a bare yes."""
    known = ask(stores["complete"], text, language)
    assert known.outcome is Outcome.ANSWERED and known.text.startswith(name) and "Helpbrook: US" in known.text
    assert known.choice == "" and known.query == "country=US" and {row.row_id.split("/")[1] for row in known.rows} == {"helpbrook"}
    open_one = ask(stores["bundled"], text, language)
    assert (open_one.outcome, open_one.gap, open_one.choice) == (Outcome.NOT_STATED, "location-not-stated", "")
    assert name in open_one.text and not open_one.rows


def test_a_country_nobody_is_in(stores: dict[str, Store]):
    """Where every row states other countries the answer says so of all rows, without a no."""
    answer = ask(stores["complete"], "Is personal data processed in India?")
    assert answer.outcome is Outcome.ANSWERED and answer.choice == ""
    assert answer.text == "India: no flow is stated to be processed there; all 10 state other countries."
    assert answer.row_count == 10


@pytest.mark.parametrize(
    "text", ["Is all data stored in Ireland?", "Is data stored only in Ireland?", "Is data stored in the EU or the USA?"]
)
def test_questions_about_more_than_a_country_are_told_every_country(stores: dict[str, Store], text: str):
    """Where an answer depends on the other countries too, all are listed."""
    answer = ask(stores["complete"], text)
    assert answer.match.argument == {} and answer.choice == "" and all(code in answer.text for code in ("IE", "US", "GB", "FR"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Is data stored outside Ireland?", "every country but"),
        ("Do you process data of users in Ireland?", "persons live"),
        ("Who is the data protection officer in Ireland?", "ireland"),
    ],
)
def test_other_questions_with_a_country_are_declined(stores: dict[str, Store], text: str, why: str):
    """All countries but one, whose data it is, and what is not kept by country: a person answers."""
    answer = ask(stores["complete"], text)
    assert answer.outcome is Outcome.NOT_REGISTER and why in answer.match.why
