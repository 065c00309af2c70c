"""A register's history: what changed in words, versions opened and restored, and the commands for all of it."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from popmap.checks.run import open_checked
from popmap.cli import main
from popmap.commands.said import BAD, FINE
from popmap.opened import BUNDLED
from popmap.past import changes, folder_of, opened_as_of, restore
from popmap.register import history
from popmap.register.saving import Author, ChangedMeanwhileError, record, save, state

ADA = Author("Ada", "ada@example.org")
DAYS = [datetime(2026, 1, day, 9, tzinfo=UTC) for day in (1, 2, 3)]


def edited(folder: Path, name: str, old: str, new: str) -> bytes:
    """Return a register file with other words in it."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the bundled register with three versions: as it is, with a vendor's country, and without a flow."""
    folder = Path(shutil.copytree(BUNDLED, tmp_path / "register"))
    record(folder, author=ADA, message="As published", at=DAYS[0])
    vendors = edited(folder, "vendors.csv", "sentry,Sentry,,,,Technology,,,", "sentry,Sentry,,,,Technology,,US,")
    save(folder, {"vendors.csv": vendors}, author=ADA, message="Asked Sentry", at=DAYS[1])
    flows = (folder / "flows.csv").read_bytes().splitlines(keepends=True)
    settings = edited(folder, "register.toml", 'contact = ""', 'contact = "privacy@example.org"')
    changed = {"flows.csv": b"".join(flows[:-1]), "register.toml": settings, "sources/letter.txt": b"Dear all\n"}
    save(folder, changed, author=Author("Bo"), message="One vendor less\n\nAs agreed on Tuesday.", at=DAYS[2])
    return folder


def test_changes_in_words(folder: Path):
    """What changed reads as sentences: rows by their names, settings, other files."""
    third, second, first = history.versions(folder)
    assert changes(folder, first, second).lines() == ["Vendor Sentry: country not stated → US"]
    lines = changes(folder, second, third).lines()
    assert lines[0].startswith("Removed flow ") and " → " in lines[0]
    assert "Settings: organisation contact not stated → privacy@example.org" in lines and lines[-1] == "Added file sources/letter.txt"
    assert not changes(folder, third, third) and not changes(folder, third, None)
    both = changes(folder, first, third).lines()
    assert len(both) == len(lines) + 1


def test_from_nothing(folder: Path):
    """The first version added everything it holds, evidence last."""
    lines = changes(folder, None, history.versions(folder)[-1]).lines()
    assert "Added vendor Kombo" in lines and lines.index("Added vendor Kombo") < next(
        at for at, line in enumerate(lines) if line.startswith("Added evidence")
    )


def test_a_version_opened(folder: Path):
    """A version opens as it was, judged on its own day, and is the same store each time."""
    second = history.versions(folder)[1]
    store = opened_as_of(folder, second)
    assert store.as_of == date(2026, 1, 2) and store.counts["flows"] == 34 and store is opened_as_of(folder, second)
    assert open_checked(folder).counts["flows"] == 33 and folder_of(folder, second) != folder
    assert (folder_of(folder, second) / "sources" / "popwork-privacy-page.txt").is_file()
    assert history.standing(folder_of(folder, second)) == history.Standing(second), "what is written out still says which version it is"


def test_restored(folder: Path):
    """Restoring adds a version that holds what the earlier one held, and leaves the ones between in the history."""
    first = history.versions(folder)[-1]
    made = restore(folder, first, ADA, "", state(folder))
    assert history.files_at(folder, made.id) == history.files_at(folder, first.id)
    assert "sources/letter.txt" not in history.register_files(folder)
    assert [one.message.splitlines()[0] for one in history.versions(folder)] == [
        f"Restored the version {first.short} of 2026-01-01",
        "One vendor less",
        "Asked Sentry",
        "As published",
    ]
    with pytest.raises(ChangedMeanwhileError):
        restore(folder, first, ADA, "Once more", "something else was seen")


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """Return a command's exit code and what it said."""
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_log(folder: Path, capsys: pytest.CaptureFixture[str]):
    """The log has a line for each version, the newest first, and names files edited since; as JSON it has the whole reason."""
    code, out, _ = run(capsys, "log", folder)
    assert code == FINE and [line.split("  ")[1:] for line in out.splitlines()] == [
        ["2026-01-03 09:00 UTC", "Bo: One vendor less …"],
        ["2026-01-02 09:00 UTC", "Ada: Asked Sentry"],
        ["2026-01-01 09:00 UTC", "Ada: As published"],
    ]
    (folder / "aliases.csv").unlink()
    assert "edited outside popmap since: aliases.csv" in run(capsys, "log", folder)[1]
    content = json.loads(run(capsys, "log", folder, "--format", "json")[1])
    assert content["edited_outside"] == ["aliases.csv"] and content["versions"][0]["message"].endswith("As agreed on Tuesday.")
    assert content["versions"][2]["address"] == "ada@example.org"


def test_a_feed_for_customers(folder: Path, capsys: pytest.CaptureFixture[str]):
    """As an Atom feed the log says what changed among vendors, and nothing of who did it, why, or of internal columns."""
    notes = (
        (folder / "vendors.csv")
        .read_bytes()
        .replace(b"sentry,Sentry,,,,Technology,,US,,,,,,,,,,,", b"sentry,Sentry,,,,Technology,,US,,,,,,,,,,,secret")
    )
    assert b"secret" in notes
    save(folder, {"vendors.csv": notes}, author=Author("Zoe Insider"), message="Renegotiating", at=DAYS[2])
    code, out, _ = run(capsys, "log", folder, "--format", "atom")
    feed = ElementTree.fromstring(out)
    space = {"a": "http://www.w3.org/2005/Atom"}
    titles = [one.text for one in feed.findall("a:entry/a:title", space)]
    assert code == FINE and titles == ["Changes of 2026-01-03", "Changes of 2026-01-02", "Changes of 2026-01-01"]
    said = [one.text or "" for one in feed.findall("a:entry/a:content", space)]
    assert "Vendor Sentry: country not stated → US" in said[1] and "Added vendor Kombo" in said[2]
    assert not any(word in out for word in ("Zoe", "Renegotiating", "secret", "Asked Sentry", "example.org"))
    assert len({one.text for one in feed.iter("{http://www.w3.org/2005/Atom}id")}) == 4


def test_diff(folder: Path, capsys: pytest.CaptureFixture[str]):
    """The difference reads the same as text and as JSON; a version is named by its id or a day, the files as they are by nothing."""
    code, out, _ = run(capsys, "diff", folder, "2026-01-01", history.versions(folder)[1].id[:8])
    assert code == FINE and out.splitlines()[1:] == ["Vendor Sentry: country not stated → US"]
    assert run(capsys, "diff", folder, "2026-01-03")[1].endswith("nothing changed.\n")
    content = json.loads(run(capsys, "diff", folder, "2026-01-01", "2026-01-02", "--format", "json")[1])
    assert content["rows"][0]["cells"] == [{"column": "country", "before": None, "after": "US"}]


def test_record_and_restore(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Edits made outside are recorded under a name; without one nothing happens."""
    for name in ("POPMAP_AUTHOR", "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"):
        monkeypatch.delenv(name, raising=False)
    (folder / "aliases.csv").unlink()
    code, _, said = run(capsys, "record", folder, "-m", "By hand")
    assert code == BAD and "--author" in said
    monkeypatch.setenv("POPMAP_AUTHOR", "Cy <cy@example.org>")
    assert run(capsys, "record", folder, "-m", "By hand")[1].startswith("Recorded ")
    assert run(capsys, "record", folder, "-m", "Again")[1] == "Nothing was edited since the last version.\n"
    assert (history.newest(folder) or 0) and history.versions(folder)[0].address == "cy@example.org"
    code, out, _ = run(capsys, "restore", folder, "2026-01-01", "--author", "Di")
    assert code == FINE and out.startswith("Restored ") and history.versions(folder)[0].author == "Di"
    assert (folder / "aliases.csv").is_file()


def test_at(folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """Checking and exporting as of a day give that day's rows and findings."""
    assert "34 flows" in run(capsys, "check", folder, "--at", "2026-01-02")[1] and "33 flows" in run(capsys, "check", folder)[1]
    target = tmp_path / "vendors.csv"
    assert run(capsys, "export", folder, "vendors", "-o", target, "--at", "2026-01-01", "--columns", "name,country")[0] == FINE
    assert "Sentry,\n" in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words", [("diff", "2020-01-01"), ("diff", "nope"), ("check", "--at", "zzzz"), ("restore", "12", "--author", "Di")]
)
def test_a_version_there_is_none_of(folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]):
    """Naming a version that is not there says so, with what to do, and exit code 2."""
    code, out, said = run(capsys, words[0], folder, *words[1:])
    assert code == BAD and not out and "version" in said


def test_no_history_yet(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A folder without a history says how to begin one; a folder that is not there is an error."""
    assert "popmap record begins one" in run(capsys, "log", shutil.copytree(BUNDLED, tmp_path / "register"))[1]
    assert run(capsys, "log", tmp_path / "none")[0] == BAD
