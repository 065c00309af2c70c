"""Answered workbooks as LibreOffice reads them: opened without repair, answered, and otherwise as they came."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from questionnaires import WORKBOOKS, Sample

from popmap.answering.model import Questionnaire
from popmap.answering.reading import read
from popmap.answering.writing import Files, Written, write

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed here")

BOOKS = [make() for make in WORKBOOKS]
TEXT = 'Two vendors: <AWS> & "Stripe".'
DAMAGED = "damaged.xlsx"
Sheets = Mapping[str, Mapping[tuple[int, int], object]]


def answered(sample: Sample) -> tuple[Questionnaire, Files]:
    found = read(sample.data, sample.name)
    given = {
        one.key: Written(TEXT, one.vocabulary[-1] if one.vocabulary else "", "A note", ("vendors/aws: line 3",)) for one in found.questions
    }
    return found, write(sample.data, found, given)


def cells(data: Path) -> Sheets:
    book = CalamineWorkbook.from_path(str(data))
    return {
        name: {
            (row, column): value
            for row, line in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), 1)
            for column, value in enumerate(line, 1)
            if value != ""
        }
        for name in book.sheet_names
    }


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of what LibreOffice made of every workbook, before and after answering: all in one call, in a profile of its own."""
    folder = tmp_path_factory.mktemp("libreoffice")
    before, after, out = (folder / name for name in ("before", "after", "out"))
    for each in (before, after):
        each.mkdir()
    for sample in BOOKS:
        (before / f"before-{sample.name}").write_bytes(sample.data)
        (after / f"after-{sample.name}").write_bytes(answered(sample)[1].content)
    whole = (after / f"after-{BOOKS[0].name}").read_bytes()
    (after / DAMAGED).write_bytes(whole[: len(whole) // 2])
    files = [str(path) for each in (before, after) for path in sorted(each.iterdir())]
    command = [str(SOFFICE), "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "ods"]
    subprocess.run([*command, "--outdir", str(out), *files], check=True, capture_output=True, timeout=120)
    return out


def test_a_damaged_workbook_is_not_opened(opened: Path):
    """What LibreOffice would have to repair it does not convert: that a workbook is converted says that it needed no repair."""
    assert not (opened / DAMAGED).with_suffix(".ods").exists()
    assert len(list(opened.glob("*.ods"))) == 2 * len(BOOKS)


@pytest.mark.parametrize("sample", BOOKS, ids=lambda one: one.name)
def test_answers_and_sources_are_there_and_all_else_as_it_was(sample: Sample, opened: Path):
    """Every cell LibreOffice shows before it shows after, but boxes to choose from; new are the answers, and the sheet of sources."""
    found, files = answered(sample)
    old, new = (cells(opened / f"{when}-{Path(sample.name).stem}.ods") for when in ("before", "after"))
    assert list(new) == [*old, *([] if found.protected else ["Sources"])]
    for name, held in old.items():
        assert {at: new[name].get(at) for at in held} == held
    added = [str(value) for name in old for at, value in new[name].items() if at not in old[name]]
    expected = {question.vocabulary[-1] if question.vocabulary else TEXT for question in found.questions if question.key in files.written}
    assert expected
    for each in expected:
        assert any(each in value or value == "X" for value in added)
    if not found.protected:
        listed = [value for at, value in new["Sources"].items() if at[1] == 6 and at[0] > 1]
        assert listed == ["vendors/aws: line 3"] * len(found.questions)
