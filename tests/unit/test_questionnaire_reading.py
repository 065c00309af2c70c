"""Questionnaires as strangers write them: which questions are found, where their answers go, in which words and language."""

from __future__ import annotations

from dataclasses import replace

import pytest
from questionnaires import TEXTS, WORKBOOKS, Sample, merged, repeated, rows, several, workbook

from popmap.answering.language import language_of, languages_of
from popmap.answering.model import Block, Place
from popmap.answering.reading import read

SAMPLES = [*(make() for make in WORKBOOKS), *TEXTS]
BY_NAME = {one.name: one for one in SAMPLES}
ASKED = ("Who receives data?", "Where is data stored?", "List your sub-processors")


def sheet(*lines: tuple[object, ...]) -> bytes:
    return workbook(lambda book: rows(book.add_worksheet("S"), lines))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.name)
def test_every_shape_is_read(sample: Sample):
    """Each shape gives its questions, with their ids, sections, places and answer words; nothing else in it is one."""
    found = read(sample.data, sample.name).questions
    assert tuple(one.key for one in found) == sample.keys
    assert tuple(one.reference for one in found) == (sample.references or tuple(one.reference for one in found))
    assert tuple(one.section for one in found) == (sample.sections or tuple(one.section for one in found))
    assert tuple(one.answer and one.answer.at for one in found) == (sample.answers or tuple(one.answer and one.answer.at for one in found))
    assert not sample.vocabulary or found[0].vocabulary == sample.vocabulary


@pytest.mark.parametrize("sample", [one for one in SAMPLES if one.name != "check.md"], ids=lambda one: one.name)
def test_languages_are_told(sample: Sample):
    """Every question of a sheet has its language, short ones that of their neighbours."""
    assert {one.language for one in read(sample.data, sample.name).questions} == {sample.language}


@pytest.mark.parametrize("sample", [one for one in SAMPLES if one.comments], ids=lambda one: one.name)
def test_notes_have_their_column(sample: Sample):
    """A longer note goes to the column for remarks where it is free and open, and to no other."""
    assert tuple(one.comment and one.comment.at for one in read(sample.data, sample.name).questions) == sample.comments


def test_keys_are_places_not_ids():
    """Ids that two tabs share still give every question a key of its own."""
    found = read(BY_NAME["tabs.xlsx"].data, "tabs.xlsx").questions
    assert len({one.key for one in found}) == 4 and len({one.reference for one in found}) == 2


def test_what_stands_is_known():
    """An answer that stands already is told, a box that is ticked too."""
    assert [one.answered for one in read(BY_NAME["deutsch.xlsx"].data, "a.xlsx").questions] == ["", "", "Ja"]
    assert [one.answered for one in read(BY_NAME["matrix.xlsx"].data, "a.xlsx").questions] == ["", "", "No"]
    assert [one.answered for one in read(BY_NAME["check.md"].data, "a.md").questions] == ["", "Yes", "", "", "", "", "x"]
    assert [one.answered for one in read(BY_NAME["check.json"].data, "a.json").questions] == ["", "", "Every year", ""]


def test_several_questions_of_one_cell():
    """Lines of a cell are questions of their own, each with its answer list, and share the cell's answer by parts."""
    first, second, third = read(several().data, "several.xlsx").questions
    assert (first.answer, second.answer) == (Place("content", "F3", 0), Place("content", "F3", 1))
    assert (second.vocabulary, second.several) == (("Names", "Countries"), True)
    assert (third.answer, third.vocabulary) == (Place("content", "F4"), ())


def test_lines_that_are_one_question_stay_one():
    """A question broken over lines is one question."""
    found = read(sheet(("Question", "Answer"), ("Do you keep a list of\nthe vendors you use\nand review it?",)), "a.xlsx").questions
    assert [one.text for one in found] == ["Do you keep a list of the vendors you use and review it?"]


def test_merged_answers_are_shared():
    """Questions beside one merged answer cell share it by parts; a cell merged across columns is its top left one."""
    assert [one.answer for one in read(merged().data, "m.xlsx").questions] == [Place("M", "B2", 0), Place("M", "B2", 1), Place("M", "B4")]


def test_hidden_sheets_are_read_and_named_so():
    """A hidden sheet's questions are found, and its layout says that it is hidden."""
    found = read(BY_NAME["tabs.xlsx"].data, "tabs.xlsx")
    assert [(one.sheet, one.hidden) for one in found.blocks] == [("A. Hosting", False), ("B. Staff", True)]


def test_a_formula_without_a_value_is_told():
    """A question that is a formula is read by its stored value; one without any is named in a note instead of being computed."""
    found = read(BY_NAME["formulas.xlsx"].data, "formulas.xlsx")
    assert found.questions[0].text == "Who hosts the service?"
    assert any("B3" in note and "no stored value" in note for note in found.notes)


def test_a_person_corrects_the_layout():
    """The layout a person gives is used instead of the detected one: other rows, another answer column."""
    sample = repeated()
    found = read(sample.data, sample.name)
    block = replace(found.blocks[1], columns={"question": "B", "answer": "E"}, last=8)
    again = read(sample.data, sample.name, [block])
    assert [(one.key, one.answer and one.answer.at) for one in again.questions] == [("Questions!B8", "E8")]
    assert again.blocks == (block,)


def test_a_layout_where_none_was_found():
    """A sheet in which no question is found can be read once a person says which column holds them."""
    data = sheet(("Aspect", "Here"), ("Hosting place",), ("Support hours",))
    found = read(data, "a.xlsx", [Block("S", 1, 2, 3, {"question": "A", "answer": "B"})])
    assert [(one.text, one.statement) for one in found.questions] == [("Hosting place", True), ("Support hours", True)]


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        (("Topic", "Question", "Supplier response", "Evidence provided"), {"question": "B", "answer": "C", "comment": "D", "section": "A"}),
        (("Réf", "Question", "Réponse du fournisseur", "Précisions"), {"reference": "A", "question": "B", "answer": "C", "comment": "D"}),
        (("Lfd. Nr.", "Fragestellung", "Antwort", "Erläuterung"), {"reference": "A", "question": "B", "answer": "C", "comment": "D"}),
        (("Nº", "Pregunta", "Respuesta", "Observaciones"), {"reference": "A", "question": "B", "answer": "C", "comment": "D"}),
        (("Answer", "Question", "Reviewer comments", "Weight"), {"question": "B", "answer": "A"}),
        (("Question number", "Question text", "Answer type", "Response"), {"reference": "A", "question": "B", "answer": "D"}),
        (("No", "Questions", "Yes", "No"), {"reference": "A", "question": "B", "answer": "C:D"}),
    ],
)
def test_headers_say_what_columns_are(head: tuple[str, ...], columns: dict[str, str]):
    """Header words in four languages, in any order, say what their columns hold; columns for the customer's own use are left alone."""
    first = {"Topic": "Privacy"}.get(head[0], "" if head[0] == "Answer" else "1")
    lines = [(first, text) for text in ASKED]
    (block,) = read(sheet(("A title",), (), head, *lines), "a.xlsx").blocks
    assert {role: at for role, at in block.columns.items() if role in {"reference", "question", "answer", "comment"}} == {
        role: at for role, at in columns.items() if role != "section"
    }
    assert (block.header, block.first, block.last) == (3, 4, 6)


@pytest.mark.parametrize(
    "lines",
    [
        [
            ("Term", "Description"),
            ("Officer", "A person who is named under the regulation."),
            ("Record", "The list of all processing of a company."),
        ],
        [
            ("ID", "Risk description", "Owner", "Status"),
            ("1", "Something may go wrong with it", "A", "open"),
            ("2", "Another may go too", "B", "open"),
        ],
        [("Version", "Date", "Author", "Change"), ("1.0", "2020-01-01", "A", "First edition of this file for all vendors")],
        [("Please read all of this first.",), ("Please use the green cells only.",), ("Please send it back to us.",)],
    ],
)
def test_what_is_no_questionnaire_asks_nothing(lines: list[tuple[str, ...]]):
    """Glossaries, registers, change logs and instructions beside a questionnaire give no questions."""

    def fill(book: object) -> None:
        rows(book.add_worksheet("Other"), lines)
        rows(book.add_worksheet("Q"), [("Question", "Answer"), *((one,) for one in ASKED)])

    assert {one.key.partition("!")[0] for one in read(workbook(fill), "a.xlsx").questions} == {"Q"}


def test_noun_phrases_and_headings():
    """With ids, a heading is known by the ids under it; without, by standing alone among questions."""
    lines = [
        ("Ref", "Question", "Answer"),
        ("1", "Data protection"),
        ("1.1", "Sub-processors"),
        ("2", "Security"),
        ("2.1", "Is data encrypted?"),
    ]
    found = read(sheet(*lines), "a.xlsx").questions
    assert [(one.text, one.section, one.statement) for one in found] == [
        ("Sub-processors", "Data protection", True),
        ("Is data encrypted?", "Security", False),
    ]
    bare = read(sheet(("Question", "Answer"), ("Hosting",), (ASKED[0],), (ASKED[1],)), "a.xlsx").questions
    assert [(one.text, one.section) for one in bare] == [(ASKED[0], "Hosting"), (ASKED[1], "Hosting")]


def test_an_invitation_to_choose_is_no_answer():
    """A cell that still says what to do is not answered."""
    found = read(
        sheet(("Question", "Answer"), (ASKED[0], "Please select"), (ASKED[1], "-- Bitte auswählen --"), (ASKED[2], "TBD")), "a.xlsx"
    )
    assert [one.answered for one in found.questions] == ["", "", ""]
    found = read(sheet(("Question", "Answer"), (ASKED[0], "-"), (ASKED[1], "None"), (ASKED[2], "Selected vendors")), "a.xlsx")
    assert [one.answered for one in found.questions] == ["-", "None", "Selected vendors"]


def test_boxes_take_several_unless_they_say_yes_or_no():
    """Boxes below a question may be ticked together, save where they are yes and no."""
    found = read(BY_NAME["numbered.md"].data, "n.md").questions
    assert [(one.vocabulary, one.several) for one in found] == [((), False), (("Yes", "No"), False), ((), False), (("Names", "Logs"), True)]


def test_answers_are_no_codes():
    """An answer column beside ids that are numbers is not taken for a list of answer codes, though other sheets hold such numbers."""

    def fill(book: object) -> None:
        rows(book.add_worksheet("Q"), [("Ref", "Question", "Answer"), *((number, one, "AWS") for number, one in enumerate(ASKED))])
        rows(book.add_worksheet("Scores"), [("Score", "Weight"), (1, 2), (2, 2)])

    assert [one.answered for one in read(workbook(fill), "a.xlsx").questions] == ["AWS"] * 3


def test_vsaq_groups_and_conditions():
    """Choices are read without their markup, groups of boxes take several, and conditions are told in a note."""
    found = read(BY_NAME["vsaq.json"].data, "v.json")
    assert found.form == "vsaq"
    assert found.questions[0].text == "Do you publish a list of your vendors?"
    assert (found.questions[1].vocabulary, found.questions[1].several) == (("Logs & traces", "E-mail"), True)
    assert any("2 questions are asked only under a condition" in note for note in found.notes)


def test_reading_twice_gives_the_same():
    """The same file gives the same questionnaire."""
    for sample in SAMPLES:
        assert read(sample.data, sample.name) == read(sample.data, sample.name)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Which vendors receive personal data?", "en"),
        ("Disposez-vous d'un registre des traitements ?", "fr"),
        ("Welche Unterauftragsverarbeiter setzen Sie ein?", "de"),
        ("¿Quién recibe los datos personales?", "es"),
        ("Indique el plazo de conservación de los datos", "es"),
        ("Précisez la durée de conservation", "fr"),
        ("Aufbewahrungsfristen der Daten nennen", "de"),
        ("List all countries in which data is stored", "en"),
    ],
)
def test_language_of_a_text(text: str, language: str):
    """A sentence's function words and letters say which language it is in."""
    assert language_of(text) == language


def test_short_texts_take_their_neighbours_language():
    """A word that could be any language's is taken for the one around it."""
    assert languages_of(["MFA", "Welche Daten verarbeiten Sie?", "Logs", "Wo werden sie gespeichert?"]) == ["de"] * 4


ITEMS = """## Privacy

- [ ] **PRIV-01** `Critical`
  Do you use sub-processors?
  > Say yes when any third party processes data.
  `Yes` / `No` / `N/A`

- [ ] **PRIV-02**
  Solution provider's contact
  _Response:_ ________

- [ ] **PRIV-03** `Minor`

- [ ] Retention periods are stated.
"""


def test_items_that_ask_below_their_id():
    """A list item of an id alone takes its question from the lines below it, its choices and its blank; hints are no part of it."""
    found = read(ITEMS.encode(), "items.md").questions
    assert [(one.reference, one.text) for one in found] == [
        ("PRIV-01", "Do you use sub-processors?"),
        ("PRIV-02", "Solution provider's contact"),
        ("", "Retention periods are stated."),
    ]
    assert [one.vocabulary for one in found] == [("Yes", "No", "N/A"), (), ("x",)]
    assert found[0].answer is not None and found[1].answer is not None and found[1].answer.at == "L10"
