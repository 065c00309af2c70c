"""Saving a register: all or nothing, one after the other, and a history that plain git reads."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dulwich.repo import Repo

from popmap.errors import PopmapError, UsageError
from popmap.register import history, journal
from popmap.register.saving import Author, ChangedMeanwhileError, OutsideEditsError, record, save, settle, state

AT = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
ADA, BO = Author("Ada Example", "ada@example.org"), Author("Bo")
FIRST = {
    "vendors.csv": b"vendor_id,name\nacme,Acme\n",
    "categories.csv": b"category_id,name\nlogs,Logs\n",
    "flows.csv": b"category_id,vendor_id,purpose\nlogs,acme,Hosting\n",
}
SECOND = {**FIRST, "vendors.csv": b"vendor_id,name\nacme,Acme SA\n", "flows.csv": b"category_id,vendor_id,purpose\nlogs,acme,Backups\n"}
KILLS = int(os.environ.get("POPMAP_KILLS", "250"))
FORK = multiprocessing.get_context("fork")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a register folder that no history is kept of yet."""
    folder = tmp_path / "register"
    folder.mkdir()
    for name, data in FIRST.items():
        (folder / name).write_bytes(data)
    return folder


def on_disk(folder: Path) -> dict[str, bytes]:
    """Return a register's files."""
    return {name: path.read_bytes() for name, path in history.register_files(folder).items()}


def git(folder: Path, *words: str) -> str:
    """Return what plain git says in a folder; skips the test where there is no git."""
    program = shutil.which("git")
    if not program:
        pytest.skip("git is not installed")
    done = subprocess.run([program, "-C", str(folder), "-c", "safe.directory=*", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_the_first_save_keeps_what_was_found(folder: Path):
    """A history begins with the files as they were, so that the first change can be told from them."""
    version = save(folder, SECOND, author=ADA, message="Renamed Acme", at=AT, base=state(folder))
    newest, first = history.versions(folder)
    assert newest == version and (version.author, version.address, version.at, version.message) == (
        "Ada Example",
        "ada@example.org",
        AT,
        "Renamed Acme",
    )
    assert history.files_at(folder, first.id) == FIRST
    assert history.files_at(folder, version.id) == SECOND == on_disk(folder)


def test_plain_git_tells_the_same(folder: Path):
    """Git finds the repository sound, the work tree clean, and in its log who changed what and why."""
    save(folder, SECOND, author=ADA, message="Renamed Acme", at=AT)
    save(folder, {"flows.csv": None, "sources/page.txt": b"Acme hosts our logs.\n"}, author=BO, message="Moved", at=AT)
    assert git(folder, "status", "--porcelain") == ""
    assert git(folder, "fsck", "--strict", "--no-dangling") == ""
    log = git(folder, "log", "-p", "--format=%an|%s")
    assert [line for line in log.splitlines() if "|" in line and not line.startswith(("+", "-", " "))] == [
        "Bo|Moved",
        "Ada Example|Renamed Acme",
        "Ada Example|The register as it was found",
    ]
    assert "-acme,Acme\n+acme,Acme SA" in log and "+Acme hosts our logs." in log


def test_nothing_to_save(folder: Path):
    """Files that are what they should be make no version."""
    first = save(folder, SECOND, author=ADA, message="Renamed", at=AT)
    assert save(folder, SECOND, author=BO, message="Again", at=AT) == first
    assert len(history.versions(folder)) == 2


def test_a_second_decision_on_the_same_version_is_sent_back(folder: Path):
    """Whoever decided on what has changed since is told, and nothing is written."""
    seen = state(folder)
    save(folder, SECOND, author=ADA, message="First", at=AT, base=seen)
    with pytest.raises(ChangedMeanwhileError, match="decide again"):
        save(folder, {"vendors.csv": b"vendor_id\nother\n"}, author=BO, message="Second", at=AT, base=seen)
    assert on_disk(folder) == SECOND


def test_edits_made_outside_are_noticed(folder: Path):
    """A file changed, added or removed by hand is told apart, is not committed under another's name, and can be recorded."""
    save(folder, SECOND, author=ADA, message="First", at=AT)
    (folder / "vendors.csv").write_bytes(b"vendor_id,name\nacme,By hand\n")
    (folder / "flows.csv").unlink()
    (folder / "aliases.csv").write_bytes(b"kind,alias,id\n")
    (folder / "letter.docx").write_bytes(b"none of a register's files")
    assert history.outside(folder) == history.Outside(("vendors.csv",), ("aliases.csv",), ("flows.csv",))
    with pytest.raises(OutsideEditsError, match=r"vendors\.csv, aliases\.csv, flows\.csv"):
        save(folder, {"categories.csv": None}, author=ADA, message="More", at=AT)
    version = record(folder, author=BO, message="Edited in a spreadsheet", at=AT)
    assert not history.outside(folder) and version.author == "Bo"
    assert history.files_at(folder, version.id) == on_disk(folder)
    assert record(folder, author=BO, message="Again", at=AT) == version


@pytest.mark.parametrize(
    ("author", "message", "changes", "says"),
    [
        (Author(" "), "Why", SECOND, "State your name"),
        (Author("<>\n"), "Why", SECOND, "State your name"),
        (ADA, " \n", SECOND, "State a reason"),
        (ADA, "Why", {"../vendors.csv": b""}, "no file of a register"),
        (ADA, "Why", {"sources/../../x.txt": b""}, "no file of a register"),
        (ADA, "Why", {".git/config": b""}, "no file of a register"),
        (ADA, "Why", {"notes.txt": b""}, "no file of a register"),
    ],
)
def test_what_cannot_be_saved(folder: Path, author: Author, message: str, changes: dict[str, bytes], says: str):
    """Without a name, without a reason, or outside the register nothing is written, no repository made."""
    with pytest.raises(UsageError, match=says):
        save(folder, changes, author=author, message=message, at=AT)
    assert on_disk(folder) == FIRST and not (folder / ".git").exists()


def test_names_and_reasons_are_text(folder: Path):
    """What looks like git's own syntax in a name or a reason stays one author and one message."""
    save(folder, SECOND, author=Author("Eve <eve@x>\nparent 0000", "a> b\n"), message="Line\r\n\nauthor Mallory\0 <m>", at=AT)
    version = history.versions(folder)[0]
    assert (version.author, version.address, version.message) == ("Eve eve@xparent 0000", "a b", "Line\n\nauthor Mallory <m>")
    assert git(folder, "fsck", "--strict", "--no-dangling") == ""


def test_inside_another_repository(tmp_path: Path):
    """In somebody's project only the register's files are committed; what they staged or left open stays theirs."""
    root = tmp_path / "project"
    folder = root / "privacy" / "register"
    folder.mkdir(parents=True)
    git(root, "init", "-q", "-b", "trunk")
    (root / "code.py").write_text("one\n")
    (root / "staged.py").write_text("one\n")
    git(root, "add", ".")
    git(root, "-c", "user.name=Dev", "-c", "user.email=d@x", "commit", "-q", "-m", "Code")
    (root / "code.py").write_text("two\n")
    (root / "staged.py").write_text("two\n")
    git(root, "add", "staged.py")
    save(folder, FIRST, author=ADA, message="A register", at=AT)
    save(folder, SECOND, author=ADA, message="Renamed", at=AT)
    assert not (folder / ".git").exists()
    assert git(root, "status", "--porcelain").splitlines() == [" M code.py", "M  staged.py"]
    assert git(root, "show", "--name-only", "--format=", "HEAD").split() == ["privacy/register/flows.csv", "privacy/register/vendors.csv"]
    assert git(root, "show", "HEAD:staged.py") == "one\n" and git(root, "symbolic-ref", "--short", "HEAD").strip() == "trunk"
    assert [version.message for version in history.versions(folder)] == ["Renamed", "A register"]
    assert git(root, "fsck", "--strict", "--no-dangling") == ""


def test_ignored_by_another_repository(tmp_path: Path):
    """A register that the project around it ignores gets a repository of its own."""
    folder = tmp_path / "register"
    folder.mkdir()
    git(tmp_path, "init", "-q")
    (tmp_path / ".gitignore").write_text("register/\n")
    save(folder, FIRST, author=ADA, message="A register", at=AT)
    assert (folder / ".git").is_dir() and len(history.versions(folder)) == 1


@pytest.mark.parametrize(
    ("named", "found"),
    [("2026-03-01", "One"), ("2026-03-05", "One"), ("2026-03-10", "Three"), ("2030-01-01", "Three")],
)
def test_a_version_by_its_day(folder: Path, named: str, found: str):
    """A day means the last version of that day or before."""
    for day, message in enumerate(("One", "Two", "Three")):
        files = FIRST | {"aliases.csv": message.encode()}
        save(folder, files, author=ADA, message=message, at=AT + timedelta(days=0 if not day else 9, minutes=day))
    assert history.find(folder, named).message == found


def test_a_version_by_its_id(folder: Path):
    """The first digits name a version; what names none, or a day before the first, is an error that says what to do."""
    version = save(folder, SECOND, author=ADA, message="Renamed", at=AT)
    assert history.find(folder, version.id) == history.find(folder, version.short.upper()) == version
    for named in ("fff", "zzzz", version.id[:3], "", "2026-02-28"):
        with pytest.raises(UsageError):
            history.find(folder, named)


def test_no_history():
    """A folder without a history has no versions and no outside edits, and naming one is an error."""
    bare = Path(os.path.realpath("/"))
    assert history.versions(bare) == () and not history.outside(bare)
    with pytest.raises(UsageError, match="No history"):
        history.find(bare, "2026-01-01")


def test_somebody_moved_the_branch(folder: Path):
    """A commit made by another program between the journal and ours is kept: ours follows it."""
    save(folder, FIRST | {"aliases.csv": b"kind,alias,id\n"}, author=ADA, message="First", at=AT)
    parent = history.versions(folder)[0].id
    step = journal.Step("vendors.csv", journal.digest(FIRST["vendors.csv"]), journal.digest(b"new"))
    journal.begin(folder, journal.Journal((step,), parent, "Ada <>", AT.isoformat(), "Cut off"), {"vendors.csv": b"new"})
    (folder / "readme.txt").write_text("other")
    git(folder, "add", "readme.txt")
    git(folder, "-c", "user.name=Dev", "-c", "user.email=d@x", "commit", "-q", "-m", "Other program")
    settle(folder)
    assert [version.message for version in history.versions(folder)[:2]] == ["Cut off", "Other program"]
    assert (folder / "vendors.csv").read_bytes() == b"new" and git(folder, "status", "--porcelain") == ""


def test_a_journal_that_cannot_be_read(folder: Path):
    """A journal of another version stops everything with one message; nothing is guessed."""
    save(folder, SECOND, author=ADA, message="First", at=AT)
    (folder / ".popmap" / "journal.json").write_text('{"format": 99}')
    with pytest.raises(PopmapError, match="not a journal of this version"):
        settle(folder)
    assert on_disk(folder) == SECOND


def _in_a_process(work: Callable[..., None], *given: object) -> multiprocessing.process.BaseProcess:
    process = FORK.Process(target=work, args=given)
    process.start()
    return process


def _save_once(folder: Path, files: dict[str, bytes], number: int) -> None:
    save(folder, files, author=ADA, message=f"Save {number}", at=AT)


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_killed_at_any_moment(folder: Path):
    """Each time a save is killed somewhere, the register is wholly the version before or after, and its history says which.

    POPMAP_KILLS=1000 kills a thousand.
    """
    save(folder, SECOND, author=ADA, message="Begin", at=AT)
    began = time.monotonic()
    for number in range(20):
        _save_once(folder, (FIRST, SECOND)[number % 2], number)
    within = 1.5 * (time.monotonic() - began) / 20
    chance = random.Random(7)
    outcomes = {"before": 0, "after": 0}
    for number in range(KILLS):
        before = on_disk(folder)
        after = FIRST if before == SECOND else SECOND
        process = _in_a_process(_save_once, folder, after, number)
        time.sleep(chance.uniform(0, within))
        if process.pid:
            os.kill(process.pid, signal.SIGKILL)
        process.join()
        settle(folder)
        found = on_disk(folder)
        assert found in (before, after)
        outcomes["before" if found == before else "after"] += 1
        # A machine that gets slower or faster meanwhile has two saves of three killed all the same.
        within *= 1.03 if found == before else 0.94
        newest = history.newest(folder)
        assert newest and history.files_at(folder, newest.id) == found
        assert not journal.pending(folder)
    assert min(outcomes.values()) > KILLS / 20, outcomes
    assert git(folder, "fsck", "--strict", "--no-dangling") == "" and git(folder, "status", "--porcelain") == ""
    assert len(history.versions(folder)) == 2 + 20 + outcomes["after"]


def _add_lines(folder: Path, who: int, lines: int) -> None:
    for line in range(lines):
        while True:
            seen, data = state(folder), (folder / "vendors.csv").read_bytes()
            try:
                changed = {"vendors.csv": data + f"v-{who}-{line},V\n".encode()}
                save(folder, changed, author=Author(f"Process {who}"), message=f"{who} {line}", at=AT, base=seen)
                break
            except ChangedMeanwhileError:
                continue


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_eight_at_once(folder: Path):
    """Of eight processes saving at once, every accepted save is in the history and none overwrites another unseen."""
    save(folder, SECOND, author=ADA, message="Begin", at=AT)
    processes = [_in_a_process(_add_lines, folder, who, 6) for who in range(8)]
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
    lines = (folder / "vendors.csv").read_text().splitlines()[2:]
    assert sorted(lines) == sorted(f"v-{who}-{line},V" for who in range(8) for line in range(6))
    messages = [version.message for version in history.versions(folder)]
    assert sorted(messages[:-2]) == sorted(f"{who} {line}" for who in range(8) for line in range(6))
    with Repo(str(folder)) as repo:
        assert all(len(repo[version.id.encode()].parents) <= 1 for version in history.versions(folder))
