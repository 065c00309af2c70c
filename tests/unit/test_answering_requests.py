"""Requests in their plainest form, the forms of words, and phrases put together from parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from popmap.answering.asides import told
from popmap.answering.inflect import of_verbs, with_endings
from popmap.answering.lexicon import table
from popmap.answering.matching import match
from popmap.answering.model import LANGUAGES
from popmap.answering.names import names_of
from popmap.answering.phrases import either, framed, frames
from popmap.answering.requests import supposing, without_case
from popmap.answering.sentence import apart

NAMES = names_of([("vendor", "Stripe", "stripe"), ("category", "Logs", "logs")])


@pytest.mark.parametrize(
    ("language", "question", "plain"),
    [
        ("en", "We kindly ask you to furnish an exhaustive list of sub-processors.", "Please state sub-processors."),
        ("en", "In the table below, itemise your sub-processors.", "Please state your sub-processors."),
        ("en", "All sub-processors are to be listed.", "Please state All sub processors."),
        ("en", "If you use sub-processors, please name them.", "Please state you use sub-processors."),
        ("en", "Please state whether data is encrypted.", "Please state whether data is encrypted."),
        ("en", "Please describe how vendors are audited.", "Please describe how vendors are audited."),
        ("fr", "Le candidat indiquera la liste de ses sous-traitants.", "Veuillez indiquer ses sous-traitants."),
        ("de", "Wir bitten um Nennung aller Unterauftragnehmer.", "Bitte geben Sie an Unterauftragnehmer."),
        ("de", "Sämtliche Subunternehmer sind anzugeben.", "Bitte geben Sie an Samtliche Subunternehmer."),
        ("es", "Rogamos que nos indiquen los subencargados.", "Por favor, indique los subencargados."),
    ],
)
def test_what_only_asks_goes(language: str, question: str, plain: str):
    """However something is asked for, the plain request remains; what asks for a yes, a way or a reason stays as it is."""
    assert told(question, language) == plain


@pytest.mark.parametrize("language", LANGUAGES)
@given(text=st.text(max_size=60))
def test_any_text_has_a_plain_form(language: str, text: str):
    """No text breaks the reading of requests, cases and compounds."""
    assert isinstance(told(text, language), str)
    assert isinstance(without_case(apart(text, language), language), str)
    assert supposing(text, language) is None or len(supposing(text, language) or ()) == 2


@pytest.mark.parametrize(
    ("question", "same"),
    [
        ("Where sub-processors are used, please list them.", False),
        ("Where are sub-processors used, please list them.", True),
        ("Where is personal data stored?", True),
    ],
)
def test_where_asks_for_a_place_unless_it_opens_a_case(question: str, same: bool):
    """A sentence like "Where any are used, please list them" asks for no place."""
    assert (without_case(question, "en") == question) is same


@pytest.mark.parametrize(
    ("language", "question", "intent"),
    [
        ("en", "If data is transferred outside the EEA, which safeguards apply?", "transfer-mechanisms"),
        ("en", "If the product makes use of a language model, which company provides it?", "vendors-for"),
        ("en", "If you use sub-processors, how are they audited?", ""),
        ("en", "If data is transferred outside the EEA, which encryption is used?", ""),
        ("en", "Do you collect biometric identifiers, such as fingerprints or voiceprints?", "biometric-data"),
        ("en", "Fourth-party management. Please list all sub-processors.", "sub-processors"),
        ("en", "Fourth-party management. Please describe your monitoring.", ""),
        ("en", "Which sub-processors do you use, and who audits them?", ""),
        ("en", "The supplier's sub-processors are: ______", "sub-processors"),
        ("de", "Datenstandort der Server", "locations"),
        ("de", "Der Auftragnehmer bestätigt, dass die Daten verschlüsselt sind.", ""),
        ("es", "¿Hay corresponsables del tratamiento? En caso afirmativo, identifíquelos.", "joint-controllers"),
    ],
)
def test_what_is_asked_in_a_case_an_example_or_a_heading(language: str, question: str, intent: str):
    """A case, examples and a heading change nothing where the answer tells them too, and anything else in them takes it away."""
    assert match(question, language, NAMES).intent == intent


@pytest.mark.parametrize(
    ("language", "verb", "some", "never"),
    [
        ("en", "supply", {"supplies", "supplied", "supplying"}, {"supplys"}),
        ("en", "use", {"uses", "used", "using"}, {"useing"}),
        ("fr", "utiliser", {"utilise", "utilisez", "utilisees", "utilisant"}, {"utilisait"}),
        ("de", "ein|setzen", {"eingesetzt", "eingesetzte", "setzt", "einsetzen", "einzusetzen"}, {"eingesetzte "}),
        ("de", "verwalten", {"verwaltet", "verwaltete"}, {"geverwaltet"}),
        ("es", "utilizar", {"utilizan", "utilizados", "utilicen"} - {"utilicen"}, {"utilizaban"}),
    ],
)
def test_verbs_have_their_forms_without_the_past(language: str, verb: str, some: set[str], never: set[str]):
    """A verb named once is met in the persons and participles of questions, and not in a tense that asks of another time."""
    assert some <= of_verbs([verb], language) and not never & of_verbs([verb], language)


def test_short_words_have_no_endings():
    """Thus "us" is no form of "u", and "respective" has the endings of its language."""
    assert with_endings(["us"], "en") == {"us"} and "jeweiligen" in with_endings(["jeweilig"], "de")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_is_one(language: str):
    """Each table of phrases is of requests, of what narrows nothing, or of a concept, and none of its frames meets the empty text."""
    known = {*table("concepts"), "request", "harmless", "whether"}
    for key in framed(language):
        assert key in known
        for one in ("frames", "open", "told", "supposing", "pronoun"):
            assert not either(frames(key, language, one)).match("")
