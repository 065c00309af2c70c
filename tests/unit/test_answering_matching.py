"""Matching: the data it rests on, names, and declining what is not understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from popmap.answering.lexicon import KIND, LABEL, USED, elements, intents, kinds, operators, topics
from popmap.answering.matching import WITH, match
from popmap.answering.model import LANGUAGES
from popmap.answering.names import NO_KEY, named, names_of, with_elements
from popmap.answering.sentence import is_closed, is_universal
from popmap.answering.tongue import tongue
from popmap.answering.words import pattern, places, together, words
from popmap.checks.rules import load_rules
from popmap.filters import BY_KEY

NAMES = names_of(
    [
        ("vendor", "June", "june"),
        ("vendor", "Google", "google"),
        ("vendor", "Google", "google-calendar"),
        ("vendor", "Google Calendar", "google-calendar"),
        ("category", "Logs", "logs"),
        ("category", "Billing information", "billing-information"),
    ]
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_intents_name_what_exists(language: str):
    """Every concept an intent speaks of has words in the language, and every kind is a concept."""
    concepts = set(tongue(language).concepts)
    assert set(kinds()) <= concepts
    for intent in intents().values():
        spoken = {one for need in intent.needs for one in need if not one.startswith("@")} | set(intent.also) | set(intent.never)
        assert spoken <= concepts, intent.key
        assert {one for need in intent.needs for one in need if one.startswith("@")} <= {
            KIND,
            LABEL,
            USED,
            "@vendor",
            "@category",
            "@country",
        }
        assert set(intent.names) <= {*BY_KEY, "kind"} and set(intent.yes) <= {"yes", "no"} and intent.phrases[language]


def test_gaps_are_rules():
    """The gap an intent names is a rule popmap has."""
    codes = {rule.code for rule in load_rules()}
    assert {intent.gap for intent in intents().values()} - {""} <= codes


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_phrase_is_read_as_its_intent(language: str):
    """What the table gives as a way to ask is understood so; the two intents that need a name of the register aside."""
    named_in = {"about-vendor", "receivers-of"}
    for key, intent in intents().items():
        for phrase in intent.phrases[language]:
            if key not in named_in:
                assert match(f"{phrase}?", language, NAMES).intent == key, phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_topics_give_a_reason(language: str):
    """Each subject beyond a register has words in the language and a sentence."""
    assert set(tongue(language).topics) == set(topics())
    assert all(topic.why.endswith(".") for topic in topics().values())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Is data encrypted?", "Encryption"),
        ("Do you use Snorkelwave?", "snorkelwave"),
        ("", "No question"),
        ("x" * 2_000, "too long"),
    ],
)
def test_a_refusal_says_why(text: str, why: str):
    """What is not answered comes with the reason."""
    found = match(text, "en", NAMES)
    assert found.intent == "" and why in found.why


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Do you use Google Calendar?", [("google-calendar",)]),
        ("Do you use Google?", [("google", "google-calendar")]),
        ("What happened in june?", []),
        ("What does June receive?", [("june",)]),
        ("Who receives logs?", [("logs",)]),
        ("Who receives the billing information?", [("billing-information",)]),
        ("Who receives blogs?", []),
    ],
)
def test_names_of_the_register(text: str, keys: list[tuple[str, ...]]):
    """The longest name counts, a company stands for its vendors, and a vendor's name that is a word must be written as a name."""
    assert [one.keys for one in named(words(text), NAMES)] == keys


def test_further_questions_are_understood_or_nothing_is():
    """What is asked besides is answered besides; a second part that is not understood takes the first with it."""
    found = match("Please list all sub-processors, including their purpose and location.", "en", NAMES)
    assert found.intent == "sub-processors" and found.argument == {WITH: ("vendor-purposes", "locations")}
    assert match("Do you use sub-processors? Are they trained in juggling?", "en", NAMES).intent == ""


@pytest.mark.parametrize(
    ("text", "language", "closed", "universal"),
    [
        ("Do you use sub-processors?", "en", True, False),
        ("Which sub-processors do you use?", "en", False, False),
        ("Is data stored only in the EU?", "en", True, True),
        ("Dans quels pays ?", "fr", False, False),
        ("Werden Daten nie übermittelt?", "de", True, True),
        ("¿En qué países?", "es", False, False),
        ("Sub-processors:", "en", False, False),
        ("Les données sont-elles hébergées en France ?", "fr", True, False),
        ("Do you process personal data of our employees?", "en", True, True),
    ],
)
def test_forms_of_questions(text: str, language: str, closed: bool, universal: bool):
    """What a yes or no could answer, and what it would have to hold for."""
    assert (is_closed(text, language), is_universal(text, language)) == (closed, universal)


@pytest.mark.parametrize("language", LANGUAGES)
def test_operators_have_words(language: str):
    """Each operator has words in the language, and what an intent allows is one, or stands for processes or the customer's own people."""
    assert set(tongue(language).operators) == set(operators())
    for intent in intents().values():
        assert {one.removeprefix("open:") for one in intent.allows} <= {*operators(), "process", "ours"}, intent.key


@pytest.mark.parametrize(
    ("plain", "turned", "language"),
    [
        ("Which sub-processors receive personal data?", "Which sub-processors do not receive personal data?", "en"),
        ("Who receives personal data?", "Apart from your hosting provider, who receives personal data?", "en"),
        ("Where is personal data stored?", "Where would personal data be stored if your hosting provider failed?", "en"),
        ("What are the categories of data subjects?", "How many categories of data subjects are there?", "en"),
        ("How long is personal data kept?", "Is personal data kept longer than 12 months?", "en"),
        ("Which sub-processors do you use?", "Which sub-processors did you use before 2024?", "en"),
        ("Is personal data transferred outside the EEA?", "Is personal data transferred outside the EEA daily?", "en"),
        ("Où nos données sont-elles hébergées ?", "Pourriez-vous héberger nos données en Suisse ?", "fr"),
        ("Do you have a record of processing activities?", "Who maintains the record of processing activities?", "en"),
        ("Do you have a record of processing activities?", "Do you publish the record of processing activities?", "en"),
        ("Which sub-processors do you use?", "Which sub-processors do your vendors use?", "en"),
        ("Is personal data transferred outside the EEA?", "Is personal data transferred outside the EEA by our users?", "en"),
        ("Haben Sie einen Datenschutzbeauftragten?", "Ist Ihr Datenschutzbeauftragter extern?", "de"),
        ("¿Qué tratamientos se basan en el consentimiento?", "¿Qué tratamientos no se basan en el consentimiento?", "es"),
        ("Does the processing rest on Article 6 legal bases?", "Does the processing rest on Article 33 legal bases?", "en"),
        ("1.2 Which sub-processors do you use?", "Which 12 sub-processors do you use?", "en"),
        ("Do you have a privacy notice?", "Does the privacy notice mention us?", "en"),
    ],
)
def test_what_is_turned_or_narrowed_is_declined(plain: str, turned: str, language: str):
    """A word that asks for other rows than those an intent tells takes the answer away, without naming a subject."""
    assert match(plain, language, NAMES).intent != ""
    assert match(turned, language, NAMES).intent == ""


@pytest.mark.parametrize(
    "text",
    [
        "If applicable, please list your sub-processors.",
        "Could you provide a list of your sub-processors?",
        "Sub-processors (name, service, address):",
        "Which third parties may have access to personal data?",
        "How many sub-processors do you use?",
    ],
)
def test_what_only_looks_like_an_operator_is_answered(text: str):
    """Polite forms, labels with their columns, and operators under which the rows are still the answer."""
    assert match(text, "en", NAMES).intent in {"sub-processors", "recipients"}


def test_data_by_other_names():
    """Data is known by what it is called elsewhere where a category has its taxonomy key or its name, and by no key where none has."""
    rows = with_elements(
        [("category", "Billing data", "billing"), ("category", "Accounts", "accounts")],
        [("accounts", "user.contact.email"), ("accounts", "user.name")],
        {"user.contact": ["contact data"], "user.financial": ["billing data", "datos de facturacion"], "user.location": ["location data"]},
    )
    found = {name: key for _, name, key in rows}
    assert found == {
        "Billing data": "billing",
        "Accounts": "accounts",
        "contact data": "accounts",
        "datos de facturacion": "billing",
        "location data": NO_KEY,
    }
    assert all(words(word).text == word for several in elements().values() for word in several)


def test_finds_may_overlap():
    """A phrase is found although another one begins before it and ends within it."""
    found = pattern(("types of data", "data centre"))
    assert [sorted(span) for span in places(found, words("types of data centre"))] == [[0, 1, 2], [2, 3]]


def test_where_is_not_or():
    """French "où" keeps its meaning without its accent."""
    assert words("Où ou OÙ").plain == ("oulieu", "ou", "oulieu")


@given(st.text(max_size=80), st.sampled_from(LANGUAGES))
def test_any_text_is_matched_or_not(text: str, language: str):
    """No text breaks matching, and places are those of its words."""
    found = match(text, language, NAMES)
    assert found.intent in {"", *intents()} and 0 <= found.score <= 1
    form = words(text)
    assert len(form.plain) == len(form.starts) == len(form.written)
    assert together(places(tongue(language).open, form)) <= set(range(len(form.plain)))
