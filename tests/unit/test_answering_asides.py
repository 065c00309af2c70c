"""What stands around a question: what is set aside, what never is, and what is listed in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from popmap.answering.asides import essence, without_dots
from popmap.answering.lexicon import intents, members
from popmap.answering.listing import are_members, halves, headed
from popmap.answering.matching import WITH, match
from popmap.answering.model import LANGUAGES
from popmap.answering.names import names_of
from popmap.answering.words import words

NAMES = names_of([("vendor", "Stripe", "stripe"), ("category", "Logs", "logs")])


@pytest.mark.parametrize(
    ("language", "question", "rest"),
    [
        ("en", "Hi there! Which sub-processors do you use? Many thanks!", "Which sub-processors do you use?"),
        ("en", "STA-09: Which sub-processors do you use?", "Which sub-processors do you use?"),
        ("en", "PIMS 7.2.7 Are there joint controllers?", "Are there joint controllers?"),
        ("en", "Where is personal data stored? (Comply / explain)", "Where is personal data stored?"),
        ("en", "As part of our due diligence, where is personal data stored?", "where is personal data stored?"),
        ("en", "Our auditors want to know where personal data is stored.", "Please state where personal data is stored."),
        ("en", "Could you kindly send us your sub-processor list?", "Please state your sub-processor list?"),
        ("en", "For each purpose, state the legal basis.", "state the legal basis For each purpose."),
        ("en", "Who is your hosting provider, Stripe or someone else?", "Who is your hosting provider?"),
        ("fr", "Bonjour, où sont stockées les données ? Merci d'avance !", "où sont stockées les données ?"),
        ("fr", "Nous mettons à jour notre registre. Listez vos sous-traitants.", "Listez vos sous-traitants."),
        ("de", "Guten Tag, könnten Sie uns bitte Ihre Unterauftragnehmer nennen?", "Bitte geben Sie an Ihre Unterauftragnehmer?"),
        ("de", "Für unsere Lieferantenbewertung benötigen wir eine Liste der Empfänger.", "Bitte geben Sie an eine Liste der Empfänger."),
        ("es", "Buenos días: ¿dónde se alojan los datos? Un saludo.", "¿dónde se alojan los datos?"),
    ],
)
def test_what_asks_nothing_is_set_aside(language: str, question: str, rest: str):
    """Greetings, thanks, control ids, hints and the asker's own reasons go; what is asked for stays."""
    assert essence(question, language) == rest


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "As part of our audit of the Berlin office, which sub-processors do you use?"),
        ("en", "For our suppliers, how long is personal data kept?"),
        ("en", "For our German customers, where is personal data stored?"),
        ("en", "We only need European vendors. Which sub-processors do you use?"),
        ("en", "We keep a register of suppliers. Which of them receive personal data?"),
        ("en", "UK: which sub-processors do you use?"),
        ("en", "SOC 2 Which sub-processors do you use?"),
        ("en", "As part of your vendor risk programme, which sub-processors do you assess?"),
        ("fr", "Nous tenons un registre des fournisseurs. Lesquels d'entre eux reçoivent des données ?"),
        ("de", "Wir führen ein Verzeichnis der Dienstleister. Welche davon erhalten Daten?"),
        ("es", "Para nuestros clientes alemanes, ¿dónde se alojan los datos?"),
    ],
)
def test_what_could_narrow_a_question_stays(language: str, question: str):
    """A place, a product, persons, "only", the answering side's own doing, or what a later word points to is never set aside."""
    assert essence(question, language) == question


@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_any_text_keeps_words(text: str, language: str):
    """Setting aside takes any text, never fails, and leaves words where there were some."""
    assert bool(words(essence(text, language)).plain) == bool(words(text).plain)


def test_abbreviations_end_no_sentence():
    """The dots of "z. B." and "Art." go, a sentence's own dot stays."""
    assert without_dots("Daten, z. B. Namen (Art. 9).") == "Daten, z B Namen (Art 9)."


@pytest.mark.parametrize(
    ("part", "language", "intent", "told"),
    [
        ("contract, consent or legal obligation", "en", "legal-bases", True),
        ("contrat, intérêt légitime, obligation légale…", "fr", "legal-bases", True),
        ("adequacy decision, SCCs, BCRs", "en", "transfer-mechanisms", True),
        ("consent", "en", "legal-bases", False),
        ("contract, encryption", "en", "legal-bases", False),
        ("contract, consent", "en", "retention", False),
    ],
)
def test_members_are_two_at_least_of_what_is_asked(part: str, language: str, intent: str, told: bool):
    """A list of members adds nothing; a single one, a stranger among them, or members of something else do."""
    assert are_members(part, language, intent) is told


def test_members_are_of_intents():
    """Members are listed for intents that exist, in every language."""
    assert set(members()) <= set(intents())
    assert all(set(row) == set(LANGUAGES) for row in members().values())


@pytest.mark.parametrize(
    ("question", "language", "asked"),
    [
        ("Auf welcher Rechtsgrundlage und zu welchem Zweck verarbeiten Sie personenbezogene Daten?", "de", {"legal-bases", "purposes"}),
        ("What are the purposes and legal bases of the processing?", "en", {"legal-bases", "purposes"}),
        ("Finalité et base légale du traitement", "fr", {"legal-bases", "purposes"}),
        ("Categories of personal data and data subjects", "en", {"categories", "data-subjects"}),
        ("Purposes and security measures of the processing", "en", set()),
        ("Finalidad del tratamiento y medidas de seguridad", "es", set()),
    ],
)
def test_two_things_joined_are_both_answered_or_none(question: str, language: str, asked: set[str]):
    """Two things asked for at once are two intents; where one is beyond a register neither is answered."""
    found = match(question, language, NAMES)
    assert {one for one in (found.intent, *found.argument.get(WITH, ())) if one} == asked


def test_a_closed_question_is_not_parted():
    """Where a yes or a no could answer, two things joined stay one question."""
    assert halves("Are the purposes and legal bases of the processing documented?", "en") == []


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Fourth parties: name every sub-processor.", ["name every sub-processor."]),
        ("Children: for which purposes is data processed?", []),
        ("Backups: where is personal data stored?", []),
        ("Production: which sub-processors do you use?", []),
    ],
)
def test_a_heading_goes_only_when_it_says_what_is_asked(question: str, rest: list[str]):
    """A heading of other subjects, or of unknown ones, stays and keeps the question from being answered."""
    assert headed(question, "en", NAMES) == rest


@pytest.mark.parametrize(
    ("question", "language", "intent"),
    [
        ("Does personal data leave the EEA? If so, please tell us the countries of destination.", "en", "transfers"),
        ("¿Se realizan transferencias internacionales de datos? En caso afirmativo, indique los países de destino.", "es", "transfers"),
        ("Do you transfer data outside the EEA? If so, have you carried out a transfer impact assessment?", "en", ""),
        ("Do you process health data? If yes, describe the safeguards.", "en", ""),
        ("The purposes for which PII is processed are documented. Please list them.", "en", "purposes"),
        ("Purposes are documented. Please state who approved them.", "en", ""),
        ("Sub-processors are approved. Describe the approval process.", "en", ""),
        ("How long is personal data kept before it is erased?", "en", "retention"),
        ("Are we notified before our data is deleted?", "en", ""),
        ("In which countries is our data kept at rest?", "en", "locations"),
        ("Is personal data encrypted at rest?", "en", ""),
        ("En cas de transfert hors UE, quelles garanties sont en place ?", "fr", "transfer-mechanisms"),
        ("In case of transfer outside the EU, are we informed?", "en", ""),
        ("Which support tool do you use (Zendesk, Freshdesk, ...)?", "en", "vendors-for"),
        ("Which support tool do you use (Lyon, Paris)?", "en", ""),
        ("Which transfers rest on an adequacy decision?", "en", ""),
        ("Which transfer mechanism do you rely on for third countries?", "en", "transfer-mechanisms"),
    ],
)
def test_what_a_further_part_may_add(question: str, language: str, intent: str):
    """A part that asks for what the answer tells is understood; one for anything else takes the answer away."""
    assert match(question, language, NAMES).intent == intent
