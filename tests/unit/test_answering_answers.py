"""Answers: outcomes, words, choices, links, and what may never be said."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from registers import write

from popmap.answering.answers import answer_all, answer_one, stamp
from popmap.answering.lexicon import intents
from popmap.answering.model import LANGUAGES, Answer, Outcome, Question
from popmap.answering.wording import sentences
from popmap.checks.run import open_checked
from popmap.filters import from_query
from popmap.store import Store

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = ROOT / "tests" / "answering" / "complete"
YES_NO = ("Yes", "No", "N/A")


@pytest.fixture(scope="module")
def bundled() -> Store:
    return open_checked(ROOT / "data" / "popwork", date(2026, 11, 1))


@pytest.fixture(scope="module")
def complete() -> Store:
    return open_checked(COMPLETE, date(2026, 11, 1))


def ask(store: Store, text: str, language: str = "en", vocabulary: tuple[str, ...] = YES_NO, **more: bool) -> Answer:
    return answer_one(store, Question("k", text, language, vocabulary=vocabulary, **more))


def test_never_a_bare_yes(complete: Store):
    """A yes stands beside what it rests on."""
    answer = ask(complete, "Do you use sub-processors?")
    assert answer.choice == "Yes" and "Nimbus Cloud" in answer.text and answer.row_count == len(answer.rows) == 6


@pytest.mark.parametrize(
    ("text", "language", "vocabulary", "choice"),
    [
        ("Do you use sub-processors?", "en", ("YES", "NO"), "YES"),
        ("Setzen Sie Unterauftragsverarbeiter ein?", "de", ("Ja", "Nein"), "Ja"),
        ("Faites-vous appel à des sous-traitants ?", "fr", ("Oui", "Non"), "Oui"),
        ("¿Utilizan subencargados?", "es", ("Sí", "No"), "Sí"),
        ("Do you use sub-processors?", "en", ("Yes, documented and applied", "No"), ""),
        ("Do you use sub-processors?", "en", (), ""),
        ("Please list all sub-processors.", "en", YES_NO, ""),
        ("Is personal data transferred only within the EEA?", "en", YES_NO, ""),
        ("Do you not use sub-processors?", "en", YES_NO, ""),
        ("Do you have data processing agreements with all sub-processors?", "en", YES_NO, ""),
        ("Do you use automated decision-making?", "en", YES_NO, "No"),
        ("Is any data transferred outside the EEA?", "en", YES_NO, "Yes"),
        ("Do you have a policy for sub-processors?", "en", YES_NO, ""),
    ],
)
def test_a_choice_only_where_rows_carry_it(complete: Store, text: str, language: str, vocabulary: tuple[str, ...], choice: str):
    """The vocabulary's own word, for a question that a yes or a no answers and rows decide; otherwise a person chooses."""
    assert ask(complete, text, language, vocabulary).choice == choice


def test_no_yes_to_sub_processors_while_no_role_is_stated(bundled: Store):
    """Vendors without a stated role are named as who receives data, and whether they are sub-processors is left to a person."""
    answer = ask(bundled, "Do you use sub-processors?")
    assert (answer.outcome, answer.choice, answer.row_count, answer.gap) == (Outcome.ANSWERED, "", 22, "role-not-stated")
    assert "22 of 22" in answer.text


@pytest.mark.parametrize(
    "text",
    ["Do you process health data?", "Is data transferred outside the EEA?", "Do you use automated decision-making?", "Do you have a DPO?"],
)
def test_absence_is_never_a_no(bundled: Store, text: str):
    """What the register does not state is not stated; it is not denied."""
    answer = ask(bundled, text)
    assert (answer.outcome, answer.choice, answer.rows) == (Outcome.NOT_STATED, "", ())
    assert answer.text.startswith("Not stated in the register")


def test_a_process_is_left_to_a_person(complete: Store):
    """Whether a process exists is no fact of a register: the facts are given, the choice is not made."""
    answer = ask(complete, "Do you have a process to notify customers of new sub-processors?")
    assert (answer.outcome, answer.choice) == (Outcome.PERSON, "")
    assert "A named person" in answer.text and "30 days" in answer.text


def test_partial_statements_say_how_many(tmp_path: Path):
    """Stated for one of two is said to be just that, with the gap that names the rest."""
    store = open_checked(
        write(
            tmp_path,
            {
                "categories": [{"category_id": "logs", "name": "Logs"}],
                "vendors": [{"vendor_id": "one", "name": "One"}, {"vendor_id": "two", "name": "Two"}],
                "flows": [
                    {"category_id": "logs", "vendor_id": "one", "purpose": "p", "locations": "FR"},
                    {"category_id": "logs", "vendor_id": "two", "purpose": "p", "locations": ""},
                ],
            },
        )
    )
    answer = ask(store, "Where is personal data stored?")
    assert answer.outcome is Outcome.ANSWERED and answer.row_count == 1 and answer.gap == "location-not-stated"
    assert "One: FR" in answer.text and "Stated for 1 of 2" in answer.text


def test_what_someone_inferred_is_said_to_be(tmp_path: Path):
    """An inferred cell is never presented as stated, and no choice rests on it alone."""
    store = open_checked(
        write(
            tmp_path,
            {
                "categories": [{"category_id": "notes", "name": "Notes", "special_category": "art9"}],
                "evidence": [{"table": "categories", "row_id": "notes", "column": "special_category", "status": "inferred", "quote": "x"}],
            },
        )
    )
    answer = ask(store, "Do you process special categories of personal data?")
    assert "1 inferred, not stated in a source" in answer.text and answer.choice == ""


def test_an_answer_quotes_its_evidence(bundled: Store):
    """Rows carry the words they rest on and where these stand."""
    answer = ask(bundled, "Which hosting provider do you use?")
    assert {row.row_id.split("/")[1] for row in answer.rows} == {"google-cloud-platform"}
    assert all(row.quote and row.locator == "line 13" for row in answer.rows)


@pytest.mark.parametrize("name", ["bundled", "complete"])
def test_links_open_what_they_show(name: str, request: pytest.FixtureRequest):
    """Every link is a page popmap has and a filter that the register knows; a gap's link shows that gap."""
    store = request.getfixturevalue(name)
    asked = [Question(key, intent.phrases["en"][0], "en") for key, intent in intents().items()]
    for answer in answer_all(store, asked):
        assert answer.page in ("", "overview", "data_map", "vendors", "categories", "gaps")
        _, dropped = from_query(parse_qs(answer.query), store.known)
        assert dropped == []
        if answer.page == "gaps":
            assert answer.query == f"{'gap' if answer.gap in store.known['gap'] else 'rule'}={answer.gap}"


def test_texts_are_in_the_question_s_language(bundled: Store):
    """The sentence is the questionnaire's, register text in it stays as it is."""
    asked = [
        ("en", "Which third parties receive personal data?"),
        ("fr", "Quels tiers reçoivent des données personnelles ?"),
        ("de", "An welche Dritten werden personenbezogene Daten weitergegeben?"),
        ("es", "¿Qué terceros reciben datos personales?"),
    ]
    texts = [ask(bundled, text, language).text for language, text in asked]
    assert len({text.split(":")[0] for text in texts}) == len(LANGUAGES) and all("Google Cloud Platform" in text for text in texts)


def test_every_sentence_in_every_language():
    """Each intent has its sentences in all languages, with the same values in braces."""
    keys = {key for intent in intents() for key in (intent, f"{intent}/what")}
    assert keys <= set(sentences())
    for by_language in sentences().values():
        assert set(by_language) == set(LANGUAGES) and all(by_language.values())
        assert len({frozenset(re.findall(r"{(\w+)}", text)) for text in by_language.values()}) == 1


def test_the_same_answers_again(bundled: Store):
    """The same questions and the same register give the same answers, from another store too."""
    asked = [Question(key, intent.phrases["en"][0], "en", vocabulary=YES_NO) for key, intent in intents().items()]
    again = open_checked(bundled.folder, bundled.as_of)
    assert answer_all(bundled, asked) == answer_all(again, asked) == answer_all(bundled, asked)


def test_the_stamp_names_the_version(bundled: Store):
    """The sentence beside answers names the register's version and day."""
    assert bundled.fingerprint[:12] in stamp(bundled, "en") and "2026-11-01" in stamp(bundled, "en")


def test_an_empty_register_states_nothing(tmp_path: Path):
    """Where there are no rows, nothing is answered and nothing fails."""
    store = open_checked(write(tmp_path, {"vendors": [{"vendor_id": "x", "name": "X", "status": "retired"}]}))
    asked = [Question(key, intent.phrases["en"][0], "en", vocabulary=YES_NO) for key, intent in intents().items()]
    assert {answer.outcome for answer in answer_all(store, asked)} <= {Outcome.NOT_STATED, Outcome.NOT_REGISTER, Outcome.PERSON}
