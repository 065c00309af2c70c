"""A pack is the same bytes wherever it is made, says what it was made from, and keeps from outsiders what is kept from them."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hostile import HOST, write_hostile
from packs import MANIFEST, NOON, SIGNATURE, SUMS, folder_of, key_in, packed, zipped
from python_calamine import CalamineWorkbook
from registers import tiny, write

from popmap.checks.run import open_checked
from popmap.errors import PopmapError, RegisterError, UsageError
from popmap.evidence import archive, manifest, pack, screenshots
from popmap.evidence.manifest import GUIDE, PUBLIC_KEY
from popmap.evidence.pack import Options, make, moment, save
from popmap.evidence.parts import PARTS
from popmap.evidence.verify import verify
from popmap.opened import BUNDLED

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small register with something to keep from outsiders."""
    return folder_of(tmp_path_factory.mktemp("packs") / "register")


@pytest.fixture(scope="module")
def public(folder: Path) -> pack.Pack:
    """Return its pack for outsiders."""
    return packed(folder)


@pytest.fixture(scope="module")
def internal(folder: Path) -> pack.Pack:
    """Return its pack for those who keep it."""
    return packed(folder, internal=True)


def test_every_part_is_there(public: pack.Pack):
    """Each part of the table is in the pack under its name, but for screenshots that nobody asked for, and nothing else is."""
    own = {MANIFEST, SUMS, GUIDE}
    for part in PARTS:
        assert part.name == "screenshots/" or any(name.startswith(part.name) for name in public.files), part.name
    assert {name for name in public.files if not any(name.startswith(part.name) for part in PARTS)} == own
    assert len({part.name for part in PARTS}) == len(PARTS) and all(part.what.endswith(".") for part in PARTS)


def test_same_bytes_everywhere(tmp_path: Path):
    """Two runs in different folders, time zones, locales, umasks and hash seeds give identical bytes."""
    key_in(tmp_path)
    made = []
    for number, (zone, locale, mask, seed) in enumerate(
        (("Pacific/Kiritimati", "C", 0o077, "1"), ("America/New_York", "C.UTF-8", 0, "77"))
    ):
        folder = folder_of(tmp_path / f"place {number}" / ("register" * (number + 1)))
        out = folder.parent / "pack.zip"
        command = f"import os, sys; os.umask({mask}); from popmap.cli import main; sys.exit(main(sys.argv[1:]))"
        environment = {**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        options = ["--date", "2026-11-23T01:30:00Z", "--sign", str(tmp_path / "key"), "--filter", "category=logs"]
        asked = [sys.executable, "-c", command, "evidence", str(folder), "-o", str(out), *options]
        subprocess.run(asked, cwd=folder.parent, env=environment, check=True, capture_output=True)
        made.append(out.read_bytes())
    assert made[0] == made[1] and verify(made[0]).intact


def test_same_moment_otherwise_written(folder: Path, public: pack.Pack):
    """The same moment in another time zone is the same pack."""
    other = make(folder, Options(NOON.astimezone(timezone(timedelta(hours=13)))))
    assert other.files == public.files


def test_golden_manifest(tmp_path: Path):
    """The manifest of a small register is, but for sums and versions that change with popmap, the one on file."""
    stated = json.loads(packed(folder_of(tmp_path), key=None, query="category=logs").files[MANIFEST])
    stated["files"] = sorted(stated["files"])
    stated["versions"] = sorted(stated["versions"])
    written = json.dumps(stated, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    assert written == (GOLDEN / "evidence-manifest.json").read_text(encoding="utf-8")


def test_manifest(folder: Path, public: pack.Pack):
    """The manifest is one line of sorted JSON without white space that lists every other file's SHA-256 and size."""
    raw = public.files[MANIFEST]
    assert raw.endswith(b"}\n") and raw.count(b"\n") == 1 and b": " not in raw.replace(b"A register", b"").split(b'"words"')[0]
    stated = json.loads(raw)
    assert list(stated) == sorted(stated)
    assert {name: (one["sha256"], one["bytes"]) for name, one in stated["files"].items()} == {
        name: (manifest.sum_of(content).sha256, len(content)) for name, content in public.files.items() if name not in (MANIFEST, SUMS)
    }
    store = open_checked(folder, NOON.date())
    assert stated["register"] == {"title": "A register for tests", "fingerprint": store.fingerprint}
    assert (stated["as_of"], stated["made_at"], stated["audience"]) == ("2026-11-23", "2026-11-23T12:00:00Z", "public")
    assert stated["history"] is stated["filter"] is stated["key_fingerprint"] is None
    assert manifest.encode(manifest.decode(raw)) == raw == manifest.encode(public.manifest)


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="there is no sha256sum")
def test_checked_by_hand(folder: Path, tmp_path: Path):
    """What VERIFY.md says works: any unzip unpacks it, sha256sum -c finds every file right, openssl the signature."""
    made = packed(folder, key_in(tmp_path), internal=True)
    save(made, tmp_path / "pack.zip")
    with zipfile.ZipFile(tmp_path / "pack.zip") as found:
        assert found.testzip() is None and found.namelist() == sorted(made.files)
        assert {(one.date_time, one.external_attr >> 16, one.create_system, one.extra) for one in found.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), 0o100644, 3, b"")
        }
        found.extractall(tmp_path / "out")
    done = subprocess.run(
        ["sha256sum", "-c", SUMS],  # noqa: S607 - as a reader would
        cwd=tmp_path / "out",
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(done.stdout.splitlines()) == len(made.files) - 1 and all(line.endswith(": OK") for line in done.stdout.splitlines())
    if shutil.which("openssl"):
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", PUBLIC_KEY, "-rawin", "-in", MANIFEST, "-sigfile", SIGNATURE]
        assert " ".join(command) in made.files[GUIDE].decode()
        assert subprocess.run(command, cwd=tmp_path / "out", capture_output=True, check=False).returncode == 0


def test_register_byte_for_byte(folder: Path, internal: pack.Pack):
    """With internal columns, the register's files and all its sources are in the pack exactly as they were read."""
    there = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {name.removeprefix("register/"): one for name, one in internal.files.items() if name.startswith("register/")} == there
    assert b"byte for byte as they were read" in internal.files[GUIDE] and internal.manifest.audience == "internal"


def test_nothing_internal_for_outsiders(public: pack.Pack, internal: pack.Pack):
    """No internal cell, further column, comment or unnamed source is anywhere in a pack for outsiders, sheets and register included."""
    for made, expected in ((public, False), (internal, True)):
        sheets = zipfile.ZipFile(io.BytesIO(made.files["tables/all-tables.xlsx"]))
        everything = [*made.files.values(), *(sheets.read(name) for name in sheets.namelist())]
        for word in (
            b"SECRET note",
            b"SECRET mood",
            b"SECRET owner",
            b"SECRET person",
            b"SECRET quote",
            b"SECRET comment",
            b"SECRET source",
        ):
            assert any(word in content for content in everything) == expected, word
    assert b"**public copy**" in public.files[GUIDE] and public.manifest.audience == "public"


def test_findings_about_internal_cells(tmp_path: Path):
    """A finding about an internal cell says to outsiders that there is one, not what stands in the cell."""
    tables = tiny()
    tables["vendors"][0]["notes"] = "SECRET \x07 bell"
    folder = write(tmp_path, tables)
    for internal in (False, True):
        made = packed(folder, internal=internal)
        for name in ("gaps.json", "tables/findings.csv"):
            assert b"notes" in made.files[name] and (b"SECRET" in made.files[name]) == internal, (name, internal)


def test_findings_of_own_rules(folder: Path, tmp_path: Path):
    """What a register's own rule says of a row may be an internal cell, so outsiders read that it hit, and not what it says."""
    own = tmp_path / "register"
    shutil.copytree(folder, own)
    (own / "checks").mkdir()
    header = {"code": "noted", "severity": "note", "table": "vendors", "column": "role", "article": "Policy", "title": "Has a note"}
    rule = "".join(f"-- {key}: {value}\n" for key, value in (header | {"why": "Why.", "hint": "Hint."}).items())
    sql = "SELECT row_no, notes AS value, notes AS detail FROM vendors WHERE notes IS NOT NULL\n"
    (own / "checks" / "noted.sql").write_text(rule + sql, encoding="utf-8")
    for internal in (False, True):
        made = packed(own, internal=internal)
        for name in ("gaps.json", "tables/findings.csv"):
            assert b"Has a note" in made.files[name] and (b"SECRET note" in made.files[name]) == internal, (name, internal)
        assert ("register/checks/noted.sql" in made.files) == internal


def test_public_copy_reads_the_same(folder: Path, public: pack.Pack, tmp_path: Path):
    """The public copy is a register that popmap reads: the same rows, title and sources, without the internal cells."""
    for name, content in public.files.items():
        if name.startswith("register/"):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    one, other = open_checked(folder), open_checked(tmp_path / "register")
    assert other.settings.sources == one.settings.sources and other.settings.title == one.settings.title
    assert {**one.counts, "evidence": one.counts["evidence"] - 1} == other.counts
    assert not [fault for fault in other.faults if fault.severity == "error"]


def test_tables_and_workbook(public: pack.Pack):
    """The workbook has the same tables as the CSV files, with as many rows, and a filter chooses the rows of both."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(public.files["tables/all-tables.xlsx"]))
    names = ["Flows", "Vendors", "Categories", "Processing activities", "Findings", "Rules", "Evidence", "Aliases", "About"]
    assert book.sheet_names == names
    assert len(book.get_sheet_by_name("Flows").to_python()) == 7 == public.files["tables/flows.csv"].count(b"\n")


def test_filter(folder: Path):
    """The filter stands in the manifest in words and as URL keys, and chooses the rows of tables."""
    made = packed(folder, query="category=logs")
    assert (made.manifest.filter, made.manifest.query) == ("Logs to every vendor", "category=logs")
    assert made.files["tables/flows.csv"].count(b"\n") == 4 and b"Logs to every vendor (category=logs)" in made.files[GUIDE]
    with pytest.raises(UsageError, match="no category 'gone'"):
        packed(folder, query="category=gone")


def test_hostile_register(tmp_path: Path):
    """Names that are formulas, markup or commands are in the pack as text: quoted in CSV, no markup in VERIFY.md, and it verifies."""
    made = packed(write_hostile(tmp_path), internal=True)
    assert verify(zipped(dict(made.files))).intact
    outside = [line for line in made.files[GUIDE].decode().splitlines() if not line.startswith("    ")]
    assert not any(HOST in line or "<img" in line for line in outside)


def test_history(folder: Path, tmp_path: Path):
    """A register that is a git repository of its own states its commit, and whether the files read are that commit's."""
    from dulwich import porcelain

    own = tmp_path / "register"
    shutil.copytree(folder, own)
    assert packed(own).manifest.commit == ""
    porcelain.init(str(own)).close()
    assert packed(own).manifest.commit == "", "a repository without a commit has no version"
    porcelain.add(str(own), [str(path) for path in own.rglob("*") if path.is_file() and ".git" not in path.parts])
    commit = porcelain.commit(str(own), message=b"First", author=b"A <a@example.org>", committer=b"A <a@example.org>").decode()
    stated = packed(own, internal=True)
    assert (stated.manifest.commit, stated.manifest.at_commit) == (commit, True)
    assert not any(".git" in name for name in stated.files)
    with (own / "flows.csv").open("a", encoding="utf-8") as file:
        file.write("logs,spare,Anew\n")
    stated = packed(own)
    assert (stated.manifest.commit, stated.manifest.at_commit) == (commit, False)
    assert b"the files read were others than those of that commit" in stated.files[GUIDE]


def test_links_out_of_the_folder(folder: Path, tmp_path: Path):
    """A source that is a link to a file elsewhere is refused: a pack must not hold what the register does not."""
    own = tmp_path / "register"
    shutil.copytree(folder, own)
    (tmp_path / "elsewhere.txt").write_text("x", encoding="utf-8")
    (own / "sources" / "link.txt").symlink_to(tmp_path / "elsewhere.txt")
    with pytest.raises(RegisterError, match="leads out of the register folder"):
        packed(own)


def test_files_that_change_on_the_way(folder: Path, tmp_path: Path):
    """A register that is edited while its pack is made gives an error, not a pack of two states."""
    own = tmp_path / "register"
    shutil.copytree(folder, own)

    def edit(share: float, _: str) -> None:
        if share > 0.5:
            (own / "sources" / "page.txt").write_bytes(b"other\n")

    with pytest.raises(PopmapError, match="changed while the pack was made"):
        make(own, Options(NOON), tell=edit)


def test_saved_whole_or_not_at_all(public: pack.Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A pack that cannot be written leaves what was there before, and no other file."""
    target = tmp_path / "pack.zip"
    target.write_bytes(b"before")
    monkeypatch.setattr(archive, "LARGEST", 10)
    with pytest.raises(PopmapError, match="larger than"):
        save(public, target)
    assert [path.name for path in tmp_path.iterdir()] == ["pack.zip"] and target.read_bytes() == b"before"
    monkeypatch.undo()
    save(public, target)
    assert [path.name for path in tmp_path.iterdir()] == ["pack.zip"] and verify(target.read_bytes()).intact
    with pytest.raises(UsageError, match="cannot be written"):
        save(public, tmp_path / "no" / "pack.zip")


def test_missing_chromium(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Where there is no Playwright or no Chromium, screenshots are refused before any work, with what to install."""
    monkeypatch.setenv("CHROMIUM", "/not/there")
    with pytest.raises(UsageError, match=r"there is no Chromium.*playwright install"):
        packed(folder, screenshots=True)
    monkeypatch.setattr(screenshots.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"there is no Playwright.*pip install playwright"):
        packed(folder, screenshots=True)


def test_screenshots_are_not_reproducible(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Pictures of pages are listed as not reproducible, in the manifest and in VERIFY.md."""
    monkeypatch.setattr(screenshots, "check", lambda: None)
    monkeypatch.setattr(screenshots, "take", lambda *_: {"gaps-1024x768-dark.png": b"\x89PNG"})
    made = packed(folder, screenshots=True)
    assert made.manifest.not_reproducible == ("screenshots/gaps-1024x768-dark.png",)
    assert "`screenshots/`" in made.files[GUIDE].decode() and "Not reproducible." in made.files[GUIDE].decode()
    assert verify(zipped(dict(made.files))).intact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23", datetime(2026, 11, 23, tzinfo=UTC)),
        ("2026-11-23T09:30:00Z", datetime(2026, 11, 23, 9, 30, tzinfo=UTC)),
        ("2026-11-23T01:30:00+02:00", datetime(2026, 11, 22, 23, 30, tzinfo=UTC)),
        ("2026-11-23T09:30Z", datetime(2026, 11, 23, 9, 30, tzinfo=UTC)),
    ],
)
def test_moments(text: str, expected: datetime):
    """A day is its first moment in UTC; a time states its zone."""
    assert moment(text) == expected


@pytest.mark.parametrize("text", ["2026-11-23T09:30:00", "20261123", "2026-W48-1", "2026-13-01", "yesterday", "", "2026-11-23 09:30Z"])
def test_no_moments(text: str):
    """A time without a zone, and what is no time, is refused."""
    with pytest.raises(ValueError):  # noqa: PT011 - any of two messages
        moment(text)


def test_bundled_register():
    """The bundled register's pack verifies and holds its source as it is."""
    made = packed(BUNDLED)
    name = "sources/popwork-privacy-page.txt"
    assert made.files[f"register/{name}"] == (BUNDLED / name).read_bytes()
    assert verify(zipped(dict(made.files))).intact
