"""Documents set in processes of their own: the same bytes in the same order, and clear words where one of them fails."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from packs import NOON, folder_of

from popmap import typesetting
from popmap.checks.run import open_checked
from popmap.errors import PopmapError
from popmap.evidence import archive, shelf
from popmap.evidence.pack import Options, Pack, make, save
from popmap.evidence.report import building, splitting
from popmap.evidence.verify import verify
from popmap.filters import Filter
from popmap.typesetting import jobs, workshop
from popmap.typesetting.workshop import TypesettingError, Workshop
from tests.benchmarks.generate import generate

ROOT = Path(__file__).parents[2]
MADE_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TEMPLATE = """#let data = json("data.json")
#set document(title: "A title")
#set text(lang: "en", font: ("Liberation Sans", "DejaVu Sans"))
= #data.name
#if data.name == "wrong" { panic("a wrong name") }
#for at in range(data.pages) [#at #pagebreak(weak: true)]
"""
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40" font-family="sans-serif"><text y="20">Words</text></svg>'


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """Return a template that is wrong for one name and slow for many pages."""
    path = tmp_path / "paper.typ"
    path.write_text(TEMPLATE)
    return path


def workers() -> set[int]:
    """Return the processes that this one has started and that are there."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        found |= {int(child) for child in (task / "children").read_text().split()}
    return found


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that stands for the temporary one."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_the_same_bytes_as_here(template: Path):
    """A worker gives what this process would, whatever it set before, and leaves no process behind."""
    data = [{"name": name, "pages": pages} for name, pages in (("Åse \u05e2", 1), ("#panic()", 3), ("Åse \u05e2", 1))]
    before = workers()
    with Workshop(1) as shop:
        made = [shop.pdf(template, each, MADE_AT) for each in data]
        picture = shop.png(DRAWING, 2)
        assert len(workers() - before) == 1
        shop.rest()
        assert workers() == before and shop.pdf(template, data[0], MADE_AT) == made[0]
    assert made == [typesetting.pdf(template, each, MADE_AT) for each in data] and picture == typesetting.png(DRAWING, 2)
    assert workers() == before


def test_many_ask_at_once(template: Path):
    """More threads than workers: each gets its own document, and there are never more workers than said."""
    before = workers()
    names = [f"Name {number}" for number in range(12)]
    with Workshop(2) as shop, ThreadPoolExecutor(6) as threads:
        made = list(threads.map(lambda name: shop.pdf(template, {"name": name, "pages": 1}, MADE_AT), names))
        assert len(workers() - before) <= 2
    assert [pypdf.PdfReader(io.BytesIO(each)).pages[0].extract_text().split("\n")[0] for each in made] == names


def test_a_part_that_fails_names_itself(template: Path):
    """A document that cannot be set is named with typst's words, and its worker goes on with the next."""
    with Workshop(1) as shop:
        with pytest.raises(TypesettingError, match=r"^Part 7 could not be made: .*a wrong name"):
            shop.pdf(template, {"name": "wrong", "pages": 1}, MADE_AT, what="Part 7")
        assert shop.pdf(template, {"name": "right", "pages": 1}, MADE_AT).startswith(b"%PDF")


def test_a_worker_that_is_killed(template: Path):
    """The death of a worker at work is one clear error that names the document, and the next document has a new worker."""
    before = workers()
    with Workshop(1) as shop:
        shop.pdf(template, {"name": "first", "pages": 1}, MADE_AT)
        (worker,) = workers() - before
        killer = threading.Timer(0.2, os.kill, (worker, signal.SIGKILL))
        killer.start()
        with pytest.raises(TypesettingError, match=r"^Part 8 could not be made: .*ended by signal 9") as raised:
            shop.pdf(template, {"name": "long", "pages": 20_000}, MADE_AT, what="Part 8")
        killer.join()
        assert raised.value.hint and shop.pdf(template, {"name": "next", "pages": 1}, MADE_AT).startswith(b"%PDF")
    assert workers() == before


def test_closed_while_it_works(template: Path):
    """Whoever waits for a document hears that the work was broken off, and nothing goes on behind it."""
    before = workers()
    shop = Workshop(1)
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(shop.pdf, template, {"name": "long", "pages": 20_000}, MADE_AT) for _ in range(2)]
        while not workers() - before:
            pass
        shop.close()
        for each in asked:
            with pytest.raises(TypesettingError, match="broken off"):
                each.result()
    assert workers() == before


def test_a_worker_without_its_master_ends():
    """A worker ends with the pipe it reads from, with or without work, and says nothing."""
    for said in (b"", b"\x00\x00"):
        done = subprocess.run(
            [sys.executable, "-m", "popmap.typesetting.worker"], input=said, cwd=ROOT, capture_output=True, timeout=30, check=False
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_worker_is_small():
    """A worker holds typst, and neither the store nor the interface nor a library of tables."""
    code = "import popmap.typesetting.worker, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert {name.split(".")[0] for name in loaded}.isdisjoint({"duckdb", "streamlit", "pandas", "pyarrow", "numpy", "networkx"})


def test_jobs_go_through_a_pipe(template: Path):
    """What comes out of the pipe is the job that went in; a pipe that ends too early is no job."""
    for job in (jobs.pdf_job(template, {"name": "Å"}, MADE_AT, {"a.svg": DRAWING}, tagged=False), jobs.png_job(DRAWING, 0.5)):
        pipe = io.BytesIO()
        jobs.send_job(pipe, job)
        assert jobs.receive_job(io.BytesIO(pipe.getvalue())) == job
        with pytest.raises(EOFError):
            jobs.receive_job(io.BytesIO(pipe.getvalue()[:-1]))
    assert jobs.receive_job(io.BytesIO()) is None


def test_as_many_workers_as_may_be_give_the_same_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """One worker or three, which are done in whatever order: the same report."""
    generate(tmp_path, 60, vendors=30, categories=4, evidence=0.5)
    store = open_checked(tmp_path, NOON.date())
    monkeypatch.setattr(splitting, "MOST", 8_000)
    made = []
    for at_once in (1, 3):
        with Workshop(at_once) as shop:
            made.append(b"".join(building.report_pieces(store, Filter(), NOON, shop)))
    assert made[0] == made[1] and len(pypdf.PdfReader(io.BytesIO(made[0])).pages) > 5


def test_a_pack_whose_part_fails(tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch):
    """Where a worker cannot even start, the pack is one clear error; no process and no file is left."""
    folder = folder_of(tmp_path / "register")
    before = workers()
    monkeypatch.setattr(workshop, "_COMMAND", (sys.executable, "-c", "import sys; sys.exit(3)"))
    with pytest.raises(PopmapError, match="could not be made: the process that sets it ended with code 3"):
        make(folder, Options(NOON))
    assert workers() == before and not list(temporary.iterdir())


def test_a_pack_that_is_broken_off(tmp_path: Path, temporary: Path):
    """Whoever breaks off the making of a pack, at any step, finds no process at work and no file left."""
    folder = folder_of(tmp_path / "register")
    before = workers()

    class BrokenOffError(Exception):
        """What a page raises when its reader leaves."""

    for step in (0, 2, 17):
        told = iter(range(100))

        def tell(_share: float, _what: str, step: int = step, told=told) -> None:
            if next(told) == step:
                raise BrokenOffError

        with pytest.raises(BrokenOffError):
            make(folder, Options(NOON), tell=tell)
        assert workers() == before and not list(temporary.iterdir())


def test_what_waits_on_the_shelf(tmp_path: Path):
    """Contents come back as they were put down, whole or in pieces, and are laid out as an archive of the same bytes would be."""
    files = {"b": b"", "a/long": bytes(range(256)) * 9_000, "ü": b"text"}
    rack = shelf.Shelf()
    places = {name: rack.put(content if name != "a/long" else iter([content[:5], content[5:]])) for name, content in files.items()}
    kept = shelf.Kept(rack, places)
    assert dict(kept) == files and list(kept) == list(files) and len(kept) == 3
    stated = Pack(kept, make(folder_of(tmp_path / "register"), Options(NOON)).manifest)
    assert b"".join(stated.pieces()) == b"".join(archive.pieces(files))
    rack.close()
    with pytest.raises(ValueError, match="closed"):
        kept["ü"]


def test_a_pack_is_saved_whole_or_not_at_all(tmp_path: Path, temporary: Path):
    """A pack whose shelf is gone is not saved by half; a whole one can be saved twice, and is intact."""
    made = make(folder_of(tmp_path / "register"), Options(NOON))
    for name in ("one.zip", "two.zip"):
        save(made, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes() and verify((tmp_path / "one.zip").read_bytes()).intact
    assert not list(temporary.iterdir())
    made.files.shelf.close()
    with pytest.raises(PopmapError):
        save(made, tmp_path / "three.zip")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.zip", "register", "two.zip"]
