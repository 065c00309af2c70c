"""The page that answers questionnaires: asked, read, reviewed, approved; nothing of a customer's file is markup."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
import questionnaires
from hostile import HOST, write_hostile
from registers import tiny, write
from screens import Open, headings, markdown_texts, markup, plain
from streamlit.testing.v1 import AppTest

from popmap.answering.review import STATE_VARIABLE
from popmap.ui.questionnaire_card import LABELS

QUESTIONS = (
    "Which vendors receive logs?",
    "Where is personal data stored?",
    "Do you encrypt backups?",
    "Which categories of personal data do you process?",
)
HOSTILE = (
    f"![x](https://{HOST}/q.png) Which vendors receive logs?",
    f"<img src='https://{HOST}/a.png' onerror='window.caught=1'> Where is personal data stored?",
    "=HYPERLINK(1) :material/delete: **Do you encrypt backups?**",
)


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keep reviews in a folder of the test's own."""
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state"))
    return tmp_path / "state"


def csv_file(questions: tuple[str, ...] = QUESTIONS) -> bytes:
    """Return a questionnaire of questions and empty answers."""
    lines = [f'"{question.replace(chr(34), chr(34) * 2)}",,' for question in questions]
    return "\n".join(["Question,Answer,Comment", *lines, ""]).encode()


def send(page: AppTest, data: bytes | None = None, name: str = "asked.csv") -> AppTest:
    """Send a file in."""
    page.file_uploader[0].set_value((name, csv_file() if data is None else data, "application/octet-stream"))
    return page.run()


def asked(page: AppTest) -> str:
    """Return the question that is shown."""
    (found,) = re.findall(r"<h3[^>]*>(.*?)</h3>", markup(page), flags=re.DOTALL)
    return found


def listed(page: AppTest, column: str) -> list[str]:
    """Return a column of the list of questions."""
    return list(page.dataframe[0].value[column])


def press(page: AppTest, key: str) -> AppTest:
    """Click a button."""
    page.button(key=key).click()
    return page.run()


def wording(page: AppTest) -> str:
    """Return what stands in the answer's box."""
    return page.text_area[0].value


def progress(page: AppTest) -> str:
    """Return the text over the progress bar."""
    (found,) = page.get("progress")
    return found.proto.text if hasattr(found, "proto") else found.text


def test_empty(open_page: Open):
    """Without a question or a file the page says what it does and what to do."""
    page = open_page("questionnaire")
    assert not page.exception and not page.error and headings(page) == ["Questionnaire"]
    assert "nothing goes into the file that you have not accepted" in plain(page)
    assert page.text_input(key="ask").value == "" and len(page.file_uploader) == 1


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Which vendors receive logs?", "answered"),
        ("Quels prestataires reçoivent les logs ?", "answered"),
        ("Where is personal data stored?", "not-stated"),
        ("Do you encrypt data at rest?", "not-a-register-question"),
    ],
)
def test_free_question(open_page: Open, text: str, outcome: str):
    """A question typed is answered in a card that shows its outcome, why it was read so, and the version it rests on."""
    page = open_page("questionnaire")
    page.text_input(key="ask").set_value(text).run()
    assert not page.exception and f'class="popmap-answer {outcome}"' in markup(page)
    assert LABELS[outcome] in markup(page) and re.search(r"Register [0-9a-f]{12}, as of \d{4}-\d\d-\d\d", markup(page))
    assert (outcome == "answered") == ("<details><summary>Rests on" in markup(page))


def test_links_of_an_answer(open_page: Open):
    """An answer links to the view that holds its rows; one that is not stated links to the gap."""
    page = open_page("questionnaire")
    page.text_input(key="ask").set_value("Which vendors receive logs?").run()
    (link,) = page.get("page_link")
    assert link.proto.page.endswith("data_map") and "category=logs" in link.proto.query_string
    page.text_input(key="ask").set_value("Where is personal data stored?").run()
    (link,) = page.get("page_link")
    assert link.proto.page.endswith("gaps") and "rule=location-not-stated" in link.proto.query_string


def test_sent_file(open_page: Open):
    """A file is read, its questions listed in their order with their outcomes, the first shown with its proposed answer."""
    page = send(open_page("questionnaire"))
    assert not page.exception and not page.error
    assert "0 of 4 decided" in progress(page) and "4 questions" in plain(page)
    assert listed(page, "question") == list(QUESTIONS) and asked(page) == QUESTIONS[0]
    assert [one[2:] for one in listed(page, "outcome")] == ["answered", "not stated", "not register", "answered"]
    assert wording(page).startswith("Flows of this category (8)")
    assert pickle.dumps(page.session_state.to_dict())


def test_decisions(open_page: Open):
    """Accepting and rejecting move on to the next open question and are counted; a decision can be taken back."""
    page = press(send(open_page("questionnaire")), "accept")
    assert asked(page) == QUESTIONS[1] and "1 of 4 decided" in progress(page)
    page = press(page, "reject")
    assert listed(page, "decision")[:2] == ["✓ accepted", "✕ rejected"] and "2 of 4 decided" in progress(page)
    page = press(page, "previous")
    assert asked(page) == QUESTIONS[1] and "Rejected" in plain(page)
    page = press(page, "undo")
    assert "1 of 4 decided" in progress(page) and listed(page, "decision")[1] == ""


def test_what_no_row_says_needs_a_name(open_page: Open):
    """Words that are not the register's are accepted only with the name of who stands behind them, which is then remembered."""
    page = press(send(open_page("questionnaire")), "next")
    page = press(page, "next")
    page.text_area[0].set_value("Yes, with AES-256.").run()
    page = press(page, "accept")
    assert asked(page) == QUESTIONS[2] and "enter the name" in plain(page) and "0 of 4" in progress(page)
    page.text_input(key="review_by").set_value("Ada").run()
    page = press(page, "accept")
    assert asked(page) == QUESTIONS[3] and "1 of 4" in progress(page) and page.text_input(key="review_by").value == "Ada"
    page = press(page, "previous")
    assert wording(page) == "Yes, with AES-256." and "by Ada" in plain(page)


def test_resumed(open_page: Open):
    """Another session that opens the same file finds what was decided; one whose question has other words does not."""
    press(send(open_page("questionnaire")), "accept")
    page = send(open_page("questionnaire"), name="renamed.csv")
    assert "1 of 4 decided" in progress(page) and listed(page, "decision")[0] == "✓ accepted"
    page = send(open_page("questionnaire"), csv_file(("Which vendors receive billing data?", *QUESTIONS[1:])))
    assert "0 of 4 decided" in progress(page)


def test_unreadable_state(open_page: Open, state: Path):
    """A kept review that is broken is named and set aside, and the page works on."""
    press(send(open_page("questionnaire")), "accept")
    (path,) = (state / "reviews").iterdir()
    path.write_text("{", encoding="utf-8")
    page = send(open_page("questionnaire"))
    assert not page.exception and "set aside" in page.warning[0].value.replace("\\", "") and "0 of 4" in progress(page)
    (aside,) = (state / "reviews").iterdir()
    assert aside.read_text(encoding="utf-8") == "{"


def test_filters(open_page: Open):
    """The list shows the chosen outcomes, and only what is open when asked to; a question that falls out gives way to one that is there."""
    page = send(open_page("questionnaire"))
    page.button_group(key="review_outcome").set_value(["not-stated"]).run()
    assert listed(page, "question") == [QUESTIONS[1]] and asked(page) == QUESTIONS[1]
    page.button_group(key="review_outcome").set_value([]).run()
    page.toggle(key="review_open").set_value(True).run()
    page = press(page, "reject")
    assert QUESTIONS[1] not in listed(page, "question") and asked(page) == QUESTIONS[2]


def test_accepting_all_from_rows(open_page: Open):
    """Accepting all takes only what rows answer, after asking once more, and leaves what was decided alone."""
    page = press(send(open_page("questionnaire")), "reject")
    page.session_state["accept_all"] = True
    page.run()
    assert "1 question" in plain(page)
    page = press(page, "accept_all_now")
    assert listed(page, "decision") == ["✕ rejected", "", "", "✓ accepted"]


def test_layout_by_hand(open_page: Open):
    """Where no question was found, the layout to enter stands there; one that finds questions opens the review."""
    page = send(open_page("questionnaire"), b"Alpha,Beta\nLogs to whom,\nPlaces of data,\n")
    assert "No question was found" in page.error[0].value
    page = press(page, "read_again")
    assert not page.exception and not page.error and listed(page, "question") == ["Logs to whom", "Places of data"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("asked.pdf.csv", b"%PDF-1.7", "is a PDF"),
        ("asked.csv", b"", "is empty"),
        ("asked.xlsx", b"PK\x03\x04 but no more", "is damaged"),
        ("asked.csv", b"Name,City\nAda,London\n", "No question was found"),
    ],
)
def test_bad_files(open_page: Open, name: str, data: bytes, said: str):
    """A file that cannot be read gives one message, without an exception, and the way to another file."""
    page = send(open_page("questionnaire"), data, name)
    assert not page.exception and len(page.error) == 1 and said in page.error[0].value.replace("\\", "")
    assert len(press(page, "other_file").file_uploader) == 1


@pytest.mark.parametrize("make", questionnaires.WORKBOOKS, ids=lambda make: make.__name__)
def test_workbooks(open_page: Open, make):
    """Workbooks of every shape open, list their questions, and offer the vocabulary of each."""
    sample = make()
    page = send(open_page("questionnaire"), sample.data, sample.name)
    assert not page.exception and not page.error and len(listed(page, "question")) == len(sample.keys)
    assert not page.selectbox or page.selectbox[0].options[0] == "Leave to a person"


def test_nothing_is_markup(open_page: Open):
    """Pictures, tags and icons in a customer's questions are shown as text, in the list, the card and the messages."""
    page = send(open_page("questionnaire"), csv_file(HOSTILE), "![n](https://x.example).csv")
    for number in range(len(HOSTILE)):
        page = press(page, "next") if number else page
        assert not page.exception
        for shown in markdown_texts(page):
            assert not re.search(r"(?<!\\)\]\(|(?<!\\)<(?!style)|https?:|(?<!\\):material/delete", shown), shown
        assert "<img" not in markup(page) and f"https://{HOST}" not in re.sub(r"&lt;.*?&gt;|!\[.*?\)", "", markup(page))


def test_hostile_register(open_page: Open, tmp_path: Path):
    """Names of a register that are markup are text in an answer, its rows and its links."""
    page = open_page("questionnaire", write_hostile(tmp_path / "register"))
    for text in (
        "Who are your sub-processors?",
        "Which categories of personal data do you process?",
        "For what purposes do you process data?",
    ):
        page.text_input(key="ask").set_value(text).run()
        assert not page.exception and "<details>" in markup(page)
        tags = set(re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", markup(page)))
        assert tags <= {
            "div",
            "h1",
            "h2",
            "p",
            "b",
            "mark",
            "q",
            "details",
            "summary",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "br",
        }, tags


def test_the_bundled_sample_is_read_only(open_page: Open):
    """Nothing can be approved into the sample that comes with popmap; the button says how to have a register of one's own."""
    page = send(open_page("questionnaire"))
    button = page.button(key="approve")
    assert button.disabled and "read-only" in button.help


def test_approved_for_next_time(open_page: Open, tmp_path: Path):
    """An approved wording is saved in the register and proposed first next time; once its rows change, it is flagged and not proposed."""
    folder = write(tmp_path / "register", tiny())
    page = send(open_page("questionnaire", folder))
    page.text_area[0].set_value("Sentry and Mailer get them.").run()
    page.text_input(key="review_by").set_value("Ada").run()
    page = press(page, "approve")
    assert not page.exception and not page.error and listed(page, "decision")[0] == "✓ accepted"
    assert "Sentry and Mailer get them." in (folder / "answers.csv").read_text(encoding="utf-8")
    other = csv_file((*QUESTIONS, "Who are your sub-processors?"))
    page = send(open_page("questionnaire", folder), other)
    assert wording(page) == "Sentry and Mailer get them." and "It is proposed first" in markup(page)
    path = folder / "flows.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("To find bugs", "To find all bugs"), encoding="utf-8")
    page = send(open_page("questionnaire", folder), other)
    assert wording(page).startswith("Flows of this category") and "have changed since" in markup(page)
    page = press(page, "use_approved")
    assert wording(page) == "Sentry and Mailer get them."


def test_accepted_before_its_rows_changed(open_page: Open, tmp_path: Path):
    """An accepted answer whose rows changed is to be looked at again, and no longer counts as decided."""
    folder = write(tmp_path / "register", tiny())
    press(send(open_page("questionnaire", folder)), "accept")
    path = folder / "flows.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("To find bugs", "To find all bugs"), encoding="utf-8")
    page = send(open_page("questionnaire", folder))
    assert listed(page, "decision")[0] == "look again" and "0 of 4 decided" in progress(page)
    assert "have changed since" in page.warning[0].value
