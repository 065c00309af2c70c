"""Approved answers: kept in the register, offered first, flagged when what they rest on has changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from registers import DAY, read, tiny, write

from popmap.answering.answers import answer_one
from popmap.answering.approved import Approved, approve, offer, rows_digest
from popmap.answering.approving import save
from popmap.answering.decided import accept, needs_name, objection, outdated, proposed, to_write
from popmap.answering.model import Outcome, Question
from popmap.answering.review import Decision, Review, Verdict, with_decisions
from popmap.answering.wording import say
from popmap.errors import PopmapError, UsageError
from popmap.register.history import register_files, versions
from popmap.store import Store

LOGS = Question("Q!B2", "Which vendors receive logs?", "en")
WHO = Question("Q!B3", "Who are your sub-processors?", "en", vocabulary=("Yes", "No"))
OTHER = Question("Q!B4", "Do you encrypt backups?", "en")


def approved_now(store: Store, question: Question, text: str = "As agreed.", ends: date | None = None) -> Approved:
    return approve(store, question, answer_one(store, question), text, "Ada", DAY, ends)


def reopened(folder: Path, question: Question):
    store = read(folder)
    return store, offer(store, question, answer_one(store, question))


def rewrite(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small register."""
    return write(tmp_path / "register", tiny())


@pytest.mark.parametrize("question", [LOGS, WHO, OTHER], ids=lambda question: question.text)
@pytest.mark.parametrize("text", ["As agreed.", 'First line\nsecond; "quoted", 100 %', "=SUM(A1)", "– Übermäßig, ça va ¿no?"])
def test_saved_and_offered(folder: Path, question: Question, text: str):
    """What is approved reads back without a fault, is offered for the same words, and holds while its rows are as they were."""
    store = read(folder)
    wanted = approved_now(store, question, text)
    save(store, wanted)
    store, found = reopened(folder, question)
    assert found and found.holds and found.approved == wanted
    assert not [fault for fault in store.faults if fault.table == "answers"]
    assert offer(store, replace(question, text=f"  {question.text.upper()} ?"), answer_one(store, question))
    assert offer(store, replace(question, language="fr"), answer_one(store, question)) is None
    assert offer(store, replace(question, text=f"{question.text} Why?"), answer_one(store, question)) is None


def test_no_table_no_offer(folder: Path):
    """A register without the table has no approved answers, and no fault for it."""
    store, found = reopened(folder, LOGS)
    assert found is None and not store.faults


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("flows.csv", "To find bugs", "To find all bugs"),
        ("flows.csv", "standard-contractual-clauses", "derogation"),
        ("flows.csv", "logs,mailer", "identity,mailer"),
    ],
)
def test_changed_rows(folder: Path, name: str, old: str, new: str):
    """A row that says something else, and a row that is gone, flag what rests on them."""
    store = read(folder)
    save(store, approved_now(store, LOGS))
    rewrite(folder, name, old, new)
    _, found = reopened(folder, LOGS)
    assert found and found.changed and not found.holds


def test_a_new_row(folder: Path):
    """A vendor that came since is a change too, although the rows of before say what they said."""
    store = read(folder)
    save(store, approved_now(store, LOGS))
    with (folder / "flows.csv").open("a", encoding="utf-8") as file:
        header = (folder / "flows.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        cells = {"category_id": "logs", "vendor_id": "courier", "purpose": "To deliver"}
        file.write(",".join(cells.get(name, "") for name in header) + "\n")
    _, found = reopened(folder, LOGS)
    assert found and found.changed


def test_other_rows_do_not_flag(folder: Path):
    """Changes elsewhere in the register, and remarks for those who keep it, flag nothing."""
    store = read(folder)
    save(store, approved_now(store, LOGS))
    rewrite(folder, "vendors.csv", "Admin", "Administration")
    _, found = reopened(folder, LOGS)
    assert found and found.holds


@pytest.mark.parametrize(("days", "expired"), [(0, False), (1, False), (-1, True), (None, False)])
def test_expired(folder: Path, days: int | None, expired: bool):
    """An approved answer holds to its last day, that day included."""
    store = read(folder)
    save(store, approved_now(store, LOGS, ends=None if days is None else DAY + timedelta(days=days)))
    _, found = reopened(folder, LOGS)
    assert found and found.expired is expired and found.holds is not expired


def test_a_date_nobody_can_read(folder: Path):
    """An expiry that is no date counts as expired."""
    store = read(folder)
    save(store, replace(approved_now(store, LOGS), expires_on="next spring"))
    _, found = reopened(folder, LOGS)
    assert found and found.expired


def test_approved_again(folder: Path):
    """A second approval takes the first one's place; other rows, their order and columns of one's own stay."""
    (folder / "answers.csv").write_text("language,question,answer,mine\nen,Own?,Own.,kept\n", encoding="utf-8")
    for text in ("First.", "Second."):
        store = read(folder)
        save(store, approved_now(store, LOGS, text))
    lines = (folder / "answers.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3 and lines[1].startswith("en,Own?,Own.,") and lines[1].endswith(",kept") and "Second." in lines[2]


def test_parquet_register(tmp_path: Path):
    """In a register of Parquet tables the answers are Parquet too."""
    folder = write(tmp_path / "register", tiny(), parquet=True)
    store = read(folder)
    assert save(store, approved_now(store, LOGS)).name == "answers.parquet"
    assert pq.read_table(folder / "answers.parquet")["rests_on"].to_pylist()[0][0].startswith("flows/logs/")
    assert reopened(folder, LOGS)[1] == offer(read(folder), LOGS, answer_one(read(folder), LOGS))


def test_rows_that_saving_would_lose(folder: Path):
    """A table with rows that reading leaves out is not written over."""
    text = "language,question,answer\nen,,An answer without its question\n"
    (folder / "answers.csv").write_text(text, encoding="utf-8")
    store = read(folder)
    with pytest.raises(PopmapError, match="nothing was written"):
        save(store, approved_now(store, LOGS))
    assert (folder / "answers.csv").read_text(encoding="utf-8") == text


def test_an_approval_is_a_version(folder: Path):
    """Saving adds the table and nothing else, and the history says who approved what."""
    before = set(register_files(folder))
    store = read(folder)
    save(store, approved_now(store, LOGS))
    assert set(register_files(folder)) - before == {"answers.csv"}
    version = versions(folder)[0]
    assert version.author == approved_now(store, LOGS).approved_by and LOGS.text in version.message


@pytest.mark.parametrize(("text", "by"), [("", "Ada"), ("As agreed.", " ")])
def test_approved_by_somebody(folder: Path, text: str, by: str):
    """Nothing is approved without its wording and a name."""
    store = read(folder)
    with pytest.raises(UsageError):
        approve(store, LOGS, answer_one(store, LOGS), text, by, DAY, None)


# -- decisions ------------------------------------------------------------------------------------------------------


def test_what_a_name_is_needed_for(folder: Path):
    """What rows say needs no name; another wording, a choice, and whatever no rows say does."""
    store = read(folder)
    logs, other = answer_one(store, LOGS), answer_one(store, OTHER)
    assert logs.outcome is Outcome.ANSWERED and other.outcome is Outcome.NOT_REGISTER
    assert not needs_name(LOGS, logs, None, logs.text, logs.choice)
    assert needs_name(LOGS, logs, None, f"{logs.text} And no one else.", "") and needs_name(LOGS, logs, None, logs.text, "Yes")
    assert needs_name(OTHER, other, None, "Yes, we do.", "")
    assert (
        objection(OTHER, other, None, "", "", "Ada")
        and objection(OTHER, other, None, "Yes.", "", " ")
        and not objection(OTHER, other, None, "Yes.", "", "Ada")
    )


def test_a_process_needs_a_name_whatever_is_written(folder: Path):
    """An answer that a person must stand behind is never accepted without a name, not even as it was proposed."""
    store = read(folder)
    answer = replace(answer_one(store, LOGS), outcome=Outcome.PERSON)
    assert "name" in objection(LOGS, answer, None, answer.text, "", "")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Do you have a procedure for keeping a list of your sub-processors?", "en"),
        ("Where is the head office of your vendors?", "en"),
        ("Wie lange werden personenbezogene Daten aufbewahrt?", "de"),
    ],
)
def test_what_the_customer_need_not_read(folder: Path, text: str, language: str):
    """A proposal holds neither the reminder that a person has to confirm nor the code of a gap; what the register says stays."""
    store = read(folder)
    question = Question("Q!B9", text, language)
    answer = answer_one(store, question)
    words = proposed(question, answer, None)
    assert words and words in answer.text
    assert say("person", language, facts="") not in words and (not answer.gap or answer.gap not in words)


def test_the_approved_wording_comes_first(folder: Path):
    """While it holds it is proposed, and needs no other name; flagged it is not proposed."""
    store = read(folder)
    save(store, approved_now(store, LOGS))
    store, found = reopened(folder, LOGS)
    answer = answer_one(store, LOGS)
    assert found and proposed(LOGS, answer, found) == "As agreed." and not needs_name(LOGS, answer, found, "As agreed.", "")
    assert proposed(LOGS, answer, replace(found, changed=True)) == answer.text


def test_only_what_was_accepted_is_written(folder: Path):
    """Open and rejected questions stay out; what is written cites its rows, the register's version and who confirmed it."""
    store = read(folder)
    questions = [LOGS, WHO, OTHER]
    answers = {question.key: answer_one(store, question) for question in questions}
    review = with_decisions(
        Review(),
        [(LOGS, accept(store, answers[LOGS.key], "These.", "", "Ada", DAY)), (OTHER, Decision(Verdict.REJECTED))],
    )
    found = to_write(store, questions, answers, review)
    assert list(found) == [LOGS.key] and found[LOGS.key].text == "These."
    cited = found[LOGS.key].citations
    assert cited[0].startswith("flows/logs/") and cited[-2].startswith("Register ") and cited[-1] == f"Confirmed by Ada, {DAY.isoformat()}."


def test_what_stands_is_left(folder: Path):
    """A question the file answers already is left alone, whatever was decided."""
    store = read(folder)
    asked = replace(LOGS, answered="Ask us")
    answers = {asked.key: answer_one(store, asked)}
    review = with_decisions(Review(), [(asked, accept(store, answers[asked.key], "These.", "", "Ada", DAY))])
    assert to_write(store, [asked], answers, review) == {}


def test_accepted_and_changed_since(folder: Path):
    """An answer whose rows changed after it was accepted stays out of the file until it is accepted again."""
    store = read(folder)
    decision = accept(store, answer_one(store, LOGS), "These.", "", "Ada", DAY)
    rewrite(folder, "flows.csv", "To find bugs", "To find all bugs")
    store = read(folder)
    answer = answer_one(store, LOGS)
    assert outdated(store, answer, decision)
    assert to_write(store, [LOGS], {LOGS.key: answer}, with_decisions(Review(), [(LOGS, decision)])) == {}


def test_more_rows_than_are_named(folder: Path):
    """Where an answer names only some of its rows, any change of their table counts."""
    store = read(folder)
    many = replace(answer_one(store, LOGS), row_count=1_000)
    before = rows_digest(store, many)
    rewrite(folder, "flows.csv", "standard-contractual-clauses", "derogation")
    assert rows_digest(read(folder), many) != before == rows_digest(store, many)
