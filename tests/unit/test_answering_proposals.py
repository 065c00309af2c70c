"""A whole questionnaire: reports of every question, and a filled copy of the customer's file."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from popmap.answering import proposals
from popmap.answering.answers import answer_all, stamp
from popmap.answering.model import Outcome
from popmap.answering.reading import read
from popmap.checks.run import open_checked
from popmap.cli import main
from popmap.commands.said import BAD, FINE
from popmap.register.history import standing
from popmap.register.saving import Author
from popmap.register.starting import start_copy

POPWORK = Path(__file__).resolve().parents[2] / "data" / "popwork"
ASKED = """ID,Question,Answer,Comment
1,Do you use sub-processors?,,
2,Where is personal data stored?,,
3,Is data encrypted at rest?,,
4,Do you have a process for approving new sub-processors?,,
5,"=HYPERLINK(""http://x.example"",""Which hosting provider do you use?"")",,
"""
DAY = "2026-11-01"


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    path = tmp_path / "asked.csv"
    path.write_text(ASKED, encoding="utf-8")
    return path


def test_a_filled_copy_holds_only_what_rows_carry(asked: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]):
    """Answered questions are written; what a person attests, what is not stated and what is no register question stays as it came."""
    out = tmp_path / "filled.csv"
    assert main(["answer", str(asked), "-o", str(out), "--register", str(POPWORK), "--as-of", DAY]) == FINE
    before, after = (list(csv.reader(io.StringIO(text))) for text in (ASKED, out.read_text(encoding="utf-8")))
    assert "Google Cloud Platform" in after[1][2]
    assert [row[2] for row in after[2:5]] == ["", "", ""] and [row[1] for row in after] == [row[1] for row in before]
    assert b"1 of" in capsysbinary.readouterr().out
    sources = (tmp_path / "asked-sources.csv").read_text(encoding="utf-8")
    assert "vendors/stripe" in sources and "Register " in sources


def test_a_report_in_json(asked: Path, capsysbinary: pytest.CaptureFixture[bytes]):
    """Each question with its outcome, its rows and their quotes, and the register's version."""
    assert main(["answer", str(asked), "-o", "-", "--format", "json", "--register", str(POPWORK), "--as-of", DAY]) == FINE
    report = json.loads(capsysbinary.readouterr().out)
    outcomes = [answer["outcome"] for answer in report["answers"]][:4]
    assert outcomes == [Outcome.ANSWERED, Outcome.NOT_STATED, Outcome.NOT_REGISTER, Outcome.PERSON]
    assert report["about"]["as_of"] == DAY and len(report["about"]["fingerprint"]) == 64
    first = report["answers"][0]
    assert first["row_count"] == len(first["rows"]) == 22 and first["rows"][0]["quote"]


def test_a_report_in_csv_runs_no_formula(asked: Path, tmp_path: Path):
    """No cell of a report begins as a formula does, whatever the question was."""
    out = tmp_path / "report.csv"
    assert main(["answer", str(asked), "-o", str(out), "--format", "csv", "--register", str(POPWORK), "--as-of", DAY]) == FINE
    rows = list(csv.reader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert len({len(row) for row in rows}) == 1 and not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@")]


def test_a_report_in_text(asked: Path, capsysbinary: pytest.CaptureFixture[bytes]):
    """Each question with what came of it, and the reason where it is declined."""
    assert main(["answer", str(asked), "-o", "-", "--format", "text", "--register", str(POPWORK), "--as-of", DAY]) == FINE
    text = capsysbinary.readouterr().out.decode()
    assert "Encryption is not part of a register." in text and "/gaps?gap=location-not-stated" in text


@pytest.mark.parametrize("words", [["nowhere.csv", "-o", "x"], ["{asked}", "-o", "-"], ["{asked}", "-o", "no/such/folder/x.csv"]])
def test_bad_input_is_said_in_one_line(asked: Path, words: list[str], capsys: pytest.CaptureFixture[str]):
    """A file that isn't there, a filled copy to nowhere: exit code 2 and one line."""
    arguments = [word.format(asked=asked) for word in words]
    assert main(["answer", *arguments, "--register", str(POPWORK)]) == BAD
    assert capsys.readouterr().err.count("\n") == 1


def test_citations_end_with_the_version(asked: Path):
    """What an answer rests on: rows with their words, how many more there are, the link and the version."""
    store = open_checked(POPWORK, date.fromisoformat(DAY))
    questionnaire = read(asked.read_bytes(), asked.name)
    answer = answer_all(store, questionnaire.questions)[0]
    cited = proposals.citations(answer, stamp(store, "en"))
    assert cited[0] == "vendors/google-cloud-platform: “Google Cloud Platform” (line 13)"
    assert cited[-3:-1] == ("… (22)", "/vendors") and store.fingerprint[:12] in cited[-1]


@pytest.mark.parametrize(
    ("language", "kept", "after"),
    [("en", "Register version ", "Register edited since version "), ("de", "Register, Version ", "Register, seit Version ")],
)
def test_sources_name_the_version(tmp_path: Path, language: str, kept: str, after: str):
    """Where a history is kept, the sources of an answer name the version it rests on, and whether files were edited since."""
    folder = tmp_path / "register"
    version = start_copy(POPWORK, folder, Author("A"), datetime(2026, 11, 1, tzinfo=UTC))
    store = open_checked(folder, date.fromisoformat(DAY))
    named = stamp(store, language, standing(folder))
    assert named.startswith(f"{kept}{version.short} ") and "2026-11-01" in named and store.fingerprint[:12] in named
    with (folder / "vendors.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert stamp(store, language, standing(folder)).startswith(f"{after}{version.short} ")


@pytest.mark.parametrize("more", [[], ["--format", "csv"]])
def test_the_customer_s_file_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str]):
    """Naming the questionnaire itself as the output is refused, and the file stays as it came."""
    asked = tmp_path / "asked.csv"
    asked.write_bytes(b"Question,Answer\nWho receives logs?,\n")
    assert main(["answer", str(asked), "-o", str(tmp_path / "." / "asked.csv"), *more, "--register", str(POPWORK)]) == BAD
    assert "the customer's file" in capsys.readouterr().err
    assert asked.read_bytes() == b"Question,Answer\nWho receives logs?,\n"
