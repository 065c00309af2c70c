"""Published lists brought into a register folder, and compared with one: by function and by command."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from popmap.checks.run import open_checked
from popmap.cli import main
from popmap.commands.said import BAD, FINE, FOUND
from popmap.errors import UsageError
from popmap.importing.merging import Keep
from popmap.lists import comparing
from popmap.lists.decisions import Decisions
from popmap.lists.planning import Plan, apply, document, plan
from popmap.lists.register import read_register, source_of
from popmap.opened import BUNDLED
from popmap.register import history
from popmap.register.saving import Author, ChangedMeanwhileError

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADA = Author("Ada")
PAGE = """# Our sub-processors

| Vendor | Purpose | Data | Location |
| --- | --- | --- | --- |
| Acme Hosting | To host the service | Account data | Germany |
| Bolt Mail | To send e-mail | Account data; Messages | France |
"""
LATER = PAGE.replace(
    "| Bolt Mail | To send e-mail | Account data; Messages | France |", "| Cargo Desk | To answer tickets | Messages | Spain |"
)


def planned(folder: Path, text: str, name: str = "page.md", decided: Decisions | None = None, **said: str) -> Plan:
    """Return the plan for a list, with every question answered as proposed."""
    register, data = read_register(folder), text.encode()
    found, source = document(data, name), source_of(register, name, data, **said)
    decided = decided or Decisions()
    result = plan(register, found, data, source, decided)
    while any(one.proposed for one in result.open_questions):
        decided = Decisions(
            {**decided.answers, **{one.id: one.proposed for one in result.open_questions if one.proposed}}, decided.contradictions
        )
        result = plan(register, found, data, source, decided)
    return result


def names(folder: Path) -> list[str]:
    """Return a register's vendors."""
    return [row["name"] for row in read_register(folder).tables["vendors"]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a register started from a page."""
    apply(planned(tmp_path / "register", PAGE), ADA, "Started", AT)
    return tmp_path / "register"


def test_a_register_from_a_page(folder: Path):
    """A register started from a page holds its rows, every cell with its line, and the page itself."""
    store = open_checked(folder)
    assert store.counts | {"evidence": 0} == {
        "categories": 2,
        "vendors": 2,
        "activities": 0,
        "evidence": 0,
        "aliases": 0,
        "answers": 0,
        "flows": 3,
    }
    assert names(folder) == ["Acme Hosting", "Bolt Mail"]
    locations = store.query("SELECT DISTINCT locations::VARCHAR FROM flows ORDER BY 1")
    assert [place for (place,) in locations] == ["DE", "FR"]
    cited = store.query("""SELECT locator, quote FROM evidence WHERE "table" = 'vendors' AND "column" = 'name' ORDER BY locator""")
    assert cited == [("line 5", "Acme Hosting"), ("line 6", "Bolt Mail")]
    assert (folder / "sources" / "page.md").read_bytes() == PAGE.encode()
    assert store.settings.sources[0]["file"] == "sources/page.md" and not store.faults


def test_the_same_list_again(folder: Path):
    """The same list changes nothing, whatever was decided the first time is remembered."""
    again = planned(folder, PAGE)
    assert not again.files and not again.changes and not again.reading.open and not again.ready
    with pytest.raises(UsageError, match="nothing to change"):
        apply(again, ADA, "Again", AT)


def test_a_later_list(folder: Path):
    """What the page no longer says goes, what it says now comes, and the page is the new one; the history tells it."""
    later = planned(folder, LATER)
    words = [str(one) for one in later.changes if one.table != "evidence"]
    assert "Removed vendor Bolt Mail" in words and "Added vendor Cargo Desk" in words
    apply(later, ADA, "Page of March", AT)
    assert names(folder) == ["Acme Hosting", "Cargo Desk"]
    assert (folder / "sources" / "page.md").read_bytes() == LATER.encode()
    assert [one.message for one in history.versions(folder)] == ["Page of March", "Started"]


def test_another_source(folder: Path):
    """Another list adds to the register and takes nothing back; where it differs, a person decides."""
    other = "| Vendor | Role |\n| --- | --- |\n| Acme Hosting | Processor |\n| Dyno | Processor |\n"
    apply(planned(folder, other, "dpa.md"), ADA, "Annex", AT)
    assert names(folder) == ["Acme Hosting", "Bolt Mail", "Dyno"]
    differing = other.replace("| Acme Hosting | Processor", "| Acme Hosting | Sub-processor")
    asked = planned(folder, differing, "team.md")
    (one,) = asked.contradictions
    assert (one.column, one.register, one.list) == ("role", "processor", "sub-processor") and not asked.ready
    with pytest.raises(UsageError, match="open"):
        apply(asked, ADA, "Undecided", AT)
    decided = planned(folder, differing, "team.md", Decisions(contradictions={one.id: Keep.LIST}))
    apply(decided, ADA, "The team knows better", AT)
    assert [row["role"] for row in read_register(folder).tables["vendors"]] == ["sub-processor", "", "processor"]
    assert not planned(folder, differing, "team.md").files, "what was decided is kept beside the source"


@pytest.mark.parametrize("keep", list(Keep))
def test_contradictions_decided_alike(folder: Path, tmp_path: Path, keep: Keep):
    """On the command line all contradictions can be decided alike; without a word on them nothing is written."""
    first, second = tmp_path / "dpa.md", tmp_path / "team.md"
    first.write_text("| Vendor | Role |\n| --- | --- |\n| Acme Hosting | Processor |\n| Bolt Mail | Processor |\n", encoding="utf-8")
    second.write_text(first.read_text(encoding="utf-8").replace("Processor", "Sub-processor"), encoding="utf-8")
    words = ["--into", str(folder), "--author", "Ada"]
    assert main(["import", str(first), *words]) == FINE
    assert main(["import", str(second), *words]) == FOUND
    assert main(["import", str(second), *words, "--contradictions", keep.value]) == FINE
    wanted = "processor" if keep is Keep.REGISTER else "sub-processor"
    assert [row["role"] for row in read_register(folder).tables["vendors"]] == [wanted, wanted]


def test_two_lists_of_one_name(folder: Path):
    """A second source whose file has the same name does not write over the first one's page."""
    apply(planned(folder, "| Vendor |\n| --- |\n| Dyno |\n| Echo |\n", "page.md", key="other"), ADA, "Other", AT)
    assert (folder / "sources" / "page.md").read_bytes() == PAGE.encode()
    files = {one["id"]: one["file"] for one in read_register(folder).sources}
    assert files == {"page": "sources/page.md", "other": "sources/page-1.md"}


def test_changed_meanwhile(folder: Path):
    """A plan made before somebody else saved is not carried out."""
    stale = planned(folder, LATER)
    apply(planned(folder, "| Vendor |\n| --- |\n| Dyno |\n| Echo |\n", "dpa.md"), ADA, "Annex", AT)
    with pytest.raises(ChangedMeanwhileError):
        apply(stale, ADA, "Stale", AT)


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"answers": 3}', '{"answers": {}, "contradictions": {"a": "b"}, "columns": {}}'])
def test_decisions_nobody_can_read(folder: Path, kept: str):
    """Decisions that were damaged count as none: the questions are asked again, nothing is guessed."""
    (folder / "sources" / "page.md.decisions.json").write_text(kept, encoding="utf-8")
    assert read_register(folder).decided(source_of(read_register(folder), "page.md", PAGE.encode())) == Decisions()


def test_parquet(tmp_path: Path):
    """Lists are brought into a register of Parquet tables as well; the tables stay Parquet."""
    assert main(["convert", str(BUNDLED), "--to", "parquet", "-o", str(tmp_path / "register")]) == FINE
    apply(planned(tmp_path / "register", "| Vendor |\n| --- |\n| Dyno |\n| Echo |\n", "dpa.md"), ADA, "Annex", AT)
    assert (tmp_path / "register" / "vendors.parquet").is_file() and not (tmp_path / "register" / "vendors.csv").exists()
    assert names(tmp_path / "register")[-2:] == ["Dyno", "Echo"]


# -- the published page ---------------------------------------------------------------------------------------------

# What model.md has a person decide; nothing else is asked.
SEED = "popwork-privacy-page.txt"
SEED_ANSWERS = {
    "split/microsoft-or-google": "choice",
    "split/outlook-calendar-or-google-calendar": "choice",
    "split/google-analytics-tag-manager": "each-full",
    "category/billing-data": "same:billing-information",
    "category/source-code": "new",
    "category/access-to-calendar": "new",
}


@pytest.fixture
def seeded(tmp_path: Path) -> Path:
    """Return a register started from the bundled register's own page, the six questions answered."""
    data = (BUNDLED / "sources" / SEED).read_bytes()
    register = read_register(tmp_path / "seeded")
    made = plan(register, document(data, SEED), data, source_of(register, SEED, data), Decisions(SEED_ANSWERS))
    assert {one.id for one in made.reading.questions} == set(SEED_ANSWERS)
    apply(made, ADA, "As published", AT)
    return tmp_path / "seeded"


@pytest.mark.parametrize("table", ["categories", "vendors", "flows", "activities", "aliases", "evidence"])
def test_the_bundled_register_from_its_page(seeded: Path, table: str):
    """Importing the published page gives the bundled register's tables exactly, row by row in their order."""
    made, bundled = (list(csv.reader(io.StringIO((folder / f"{table}.csv").read_text(encoding="utf-8")))) for folder in (seeded, BUNDLED))
    assert made == bundled


def test_the_page_against_the_bundled_register():
    """Compared with its own page, the bundled register does not differ."""
    register = read_register(BUNDLED)
    data = (BUNDLED / "sources" / SEED).read_bytes()
    found = comparing.of_list(register, document(data, SEED), Decisions(SEED_ANSWERS))
    assert [comparing.words(one) for one in comparing.differences(register, found)] == []


# -- commands -------------------------------------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """Return a command's exit code and what it said."""
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a page, a later one, a list of names and what is no list."""
    monkeypatch.setenv("POPMAP_AUTHOR", "Ada <ada@example.org>")
    for name, text in {
        "page.md": PAGE,
        "later.md": LATER,
        "names.txt": "Acme Hosting\nEcho\nFoxtrot\n",
        "prose.txt": "We value your privacy. We share data with partners where we have to.\n",
        "choice.md": "| Vendor | Data |\n| --- | --- |\n| Acme or Bolt | Logs |\n| Cargo | Logs |\n",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_init_import_and_again(lists: Path, capsys: pytest.CaptureFixture[str]):
    """A register is started from a page, brought up to date, and says when there is nothing to change."""
    folder = lists / "register"
    code, out, _ = run(capsys, "init", folder, "--from", lists / "page.md", "--title", "Ours", "--accept-proposals")
    assert code == FINE and "Added vendor Acme Hosting" in out and "Written, version" in out
    assert open_checked(folder).settings.title == "Ours" and history.versions(folder)[0].address == "ada@example.org"
    assert "Nothing to change." in run(capsys, "import", lists / "page.md", "--into", folder)[1]
    later = ("import", lists / "later.md", "--into", folder, "--source-id", "page", "--accept-proposals")
    assert "this was a dry run" in run(capsys, *later, "--dry-run")[1] and names(folder) == ["Acme Hosting", "Bolt Mail"]
    assert run(capsys, *later, "-m", "March")[0] == FINE and names(folder) == ["Acme Hosting", "Cargo Desk"]
    assert history.versions(folder)[0].message == "March"


def test_an_empty_register(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A register can be started with nothing in it; a folder that is there already is left alone."""
    code, _, _ = run(capsys, "init", tmp_path / "new", "--title", "Ours", "--author", "Ada")
    assert code == FINE and open_checked(tmp_path / "new").counts["flows"] == 0
    assert run(capsys, "init", tmp_path / "new", "--author", "Ada")[0] == BAD


def test_questions_on_the_command_line(lists: Path, capsys: pytest.CaptureFixture[str]):
    """What a list leaves open is listed with how to answer it, and nothing is written until it is; JSON says the same."""
    folder = lists / "register"
    code, out, _ = run(capsys, "init", folder, "--from", lists / "choice.md")
    assert code == 1 and "Acme or Bolt" in out and "--answer split/" in out and not folder.exists()
    content = json.loads(run(capsys, "init", folder, "--from", lists / "choice.md", "--format", "json")[1])
    (question,) = [one for one in content[0]["questions"] if one["id"].startswith("split/")]
    assert question["answer"] is None and question["locator"] == "line 3"
    code, _, _ = run(capsys, "init", folder, "--from", lists / "choice.md", "--answer", f"{question['id']}=each", "--accept-proposals")
    assert code == FINE and names(folder) == ["Acme", "Bolt", "Cargo"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("import", "none.md", "--into", "register"), "cannot be read"),
        (("import", "page.md", "later.md", "--into", "register", "--url", "https://example.org"), "one after the other"),
        (("import", "page.md", "--into", "register", "--answer", "x"), "ID=OPTION"),
        (("import", "page.md", "--into", "register", "--retrieved-on", "today"), "not a date"),
        (("reconcile", "none", "page.md"), "no folder"),
    ],
)
def test_what_cannot_be_done(
    lists: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], says: str
):
    """Bad input gets one message with what to do, exit code 2, and nothing is written."""
    monkeypatch.chdir(lists)
    code, _, said = run(capsys, *words)
    assert code == BAD and says in said and not (lists / "register").exists()


def test_no_list_at_all(lists: Path, capsys: pytest.CaptureFixture[str]):
    """Prose is refused, with the lines that were looked at, and nothing is written."""
    code, out, _ = run(capsys, "init", lists / "register", "--from", lists / "prose.txt")
    assert code == 1 and "Not read:" in out and "line 1" in out and not (lists / "register").exists()


def test_reconcile(lists: Path, capsys: pytest.CaptureFixture[str]):
    """A list of names, a later page and another register are compared; a difference can fail a build, and is a file like any other."""
    folder = lists / "register"
    run(capsys, "init", folder, "--from", lists / "page.md", "--accept-proposals")
    code, out, _ = run(capsys, "reconcile", folder, lists / "names.txt")
    assert code == FINE and "Only on the list: vendor Echo" in out and "Only in the register: vendor Bolt Mail" in out
    assert "vendor Acme Hosting" not in out and "flow" not in out
    assert run(capsys, "reconcile", folder, lists / "page.md", "--fail-on-difference")[:2] == (
        FINE,
        "They say the same, in all that the list states.\n",
    )
    assert run(capsys, "reconcile", folder, folder, "--fail-on-difference")[0] == FINE
    target = lists / "differences.csv"
    code, out, _ = run(capsys, "reconcile", folder, lists / "names.txt", "--fail-on-difference", "-o", target, "--format", "json")
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    assert code == 1 and [row["label"] for row in rows] == [one["label"] for one in json.loads(out)]
    assert run(capsys, "reconcile", folder, lists / "names.txt", "-o", lists / "x.doc")[0] == BAD
