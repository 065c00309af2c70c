"""Answers written back into the customer's own file: the answered cells change, and nothing else does."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

import pytest
from python_calamine import CalamineWorkbook
from questionnaires import (
    MARKDOWN,
    TEXTS,
    WORKBOOKS,
    Sample,
    french,
    german,
    matrix,
    merged,
    protected,
    repeated,
    rows,
    several,
    tabs,
    workbook,
)

from popmap.answering.model import Questionnaire
from popmap.answering.reading import read
from popmap.answering.reading.parts import workbook as book_part
from popmap.answering.writing import Files, Written, write
from popmap.answering.writing.texts import CUT
from popmap.errors import UsageError
from popmap.register.cells import guard
from popmap.uploads.limits import LONGEST_CELL

SAMPLES = [*(make() for make in WORKBOOKS), *TEXTS]
BOOKS = [make() for make in WORKBOOKS]
TEXT = 'Two vendors: <AWS> & "Stripe".'
# What of a sheet may change: its rows, and the extent it states.
ROWS = re.compile(rb"<dimension[^>]*>|<sheetData.*</sheetData>|<sheetData/>", re.DOTALL)
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("https://tracker.example","x")',
    "\t=1+1",
    "_x003D_1+1",
    "]]>&lt;<f>1</f>",
)
RELATED = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"}


def answers(found: Questionnaire, text: str = TEXT, note: str = "See the list.") -> dict[str, Written]:
    """Return an answer to every question: its last choice where the file offers some."""
    return {one.key: Written(text, one.vocabulary[-1] if one.vocabulary else "", note, ("vendors/aws: line 3",)) for one in found.questions}


def written(sample: Sample, **more: str) -> tuple[Questionnaire, Files]:
    found = read(sample.data, sample.name)
    return found, write(sample.data, found, answers(found, **more))


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def stored(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    return data[entry.header_offset :][: 30 + len(entry.filename) + entry.compress_size]


def values(data: bytes) -> dict[str, dict[tuple[int, int], object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        name: {
            (row, column): value
            for row, cells in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), 1)
            for column, value in enumerate(cells, 1)
            if value != ""
        }
        for name in book.sheet_names
    }


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.name)
def test_what_was_written_is_read_back(sample: Sample):
    """Reading the file again finds the same questions, each with the answer that was given, or the one that stood before."""
    found, files = written(sample)
    if found.form == "vsaq":
        assert files.content == sample.data
        return
    again = read(files.content, sample.name, found.blocks or None).questions
    assert [one.text for one in again] == [one.text for one in found.questions]
    for one, later in zip(found.questions, again, strict=True):
        expected = one.answered or (one.vocabulary[-1] if one.vocabulary else TEXT) if one.answer else ""
        assert later.answered == expected
        assert (one.key in files.written) == (one.key not in files.left) == (bool(one.answer) and not one.answered)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.name)
def test_without_answers_nothing_changes(sample: Sample):
    """No answers, no change: the very bytes come back."""
    assert write(sample.data, read(sample.data, sample.name), {}).content == sample.data


@pytest.mark.parametrize("sample", BOOKS, ids=lambda one: one.name)
def test_parts_without_an_answer_stay_byte_for_byte(sample: Sample):
    """Of a workbook's parts only the answered sheets change, and what a sheet of sources needs; names, order, times and packing stay."""
    found, files = written(sample)
    old, new = parts(sample.data), parts(files.content)
    with zipfile.ZipFile(io.BytesIO(sample.data)) as archive:
        sheets = {one.name: one.part for one in book_part(archive, sample.name).sheets}
    answered = {sheets[one.answer.sheet] for one in found.questions if one.key in files.written and one.answer}
    added = set(new) - set(old)
    assert {name for name in old if old[name] != new[name]} == answered | (RELATED if added else set())
    assert len(added) == (0 if found.protected else 1)
    with zipfile.ZipFile(io.BytesIO(sample.data)) as before, zipfile.ZipFile(io.BytesIO(files.content)) as after:
        for first, second in zip(before.infolist(), after.infolist(), strict=False):
            assert (first.filename, first.date_time, first.compress_type) == (second.filename, second.date_time, second.compress_type)
            if old[first.filename] == new[first.filename]:
                assert stored(sample.data, first) == stored(files.content, second)


@pytest.mark.parametrize("sample", BOOKS, ids=lambda one: one.name)
def test_cells_without_an_answer_keep_their_values(sample: Sample):
    """Every cell that held something holds it still, formulas too; what is around the rows is the same text."""
    found, files = written(sample)
    old, new = values(sample.data), values(files.content)
    boxes = {"Please select"}
    for name, cells in old.items():
        assert {at: new[name].get(at) for at, value in cells.items() if value not in boxes} == cells
    before, after = parts(sample.data), parts(files.content)
    for name in before:
        if name.startswith("xl/worksheets/sheet"):
            assert before[name].count(b"<f>") == after[name].count(b"<f>")
            assert ROWS.sub(b"", before[name]) == ROWS.sub(b"", after[name])
    assert found.questions


def test_dropdowns_styles_and_the_rest_survive():
    """Dropdowns, conditional formats, styles, comments, extensions and widths are untouched, and an answered cell keeps its style."""

    def fill(book: object) -> None:
        sheet = book.add_worksheet("S")
        rows(sheet, [("Question", "Answer"), ("Who receives data?",), ("Where is it?",)])
        bold = book.add_format({"bold": True, "bg_color": "#FFEE00"})
        sheet.write_blank("B2", None, bold)
        sheet.set_column("B:B", 40, book.add_format({"italic": True}))
        sheet.data_validation("B2:B3", {"validate": "list", "source": ["Yes", "No"]})
        sheet.conditional_format("B2:B3", {"type": "data_bar", "data_bar_2010": True})
        sheet.write_comment("A2", "A remark")
        sheet.freeze_panes(1, 0)

    data = workbook(fill)
    found = read(data, "a.xlsx")
    new = parts(write(data, found, {key: Written(choice="Yes") for key in ("S!A2", "S!A3")}).content)
    text = new["xl/worksheets/sheet1.xml"]
    cells = dict(re.findall(rb'<c r="(B[23])" s="(\d+)" t="inlineStr">', text))
    old = re.search(rb'<c r="B2" s="(\d+)"/>', parts(data)["xl/worksheets/sheet1.xml"])
    column = re.search(rb'<col min="2"[^>]*style="(\d+)"', text)
    assert old and column and cells == {b"B2": old.group(1), b"B3": column.group(1)}
    assert b"<dataValidation" in text and b"extLst" in text and b"<legacyDrawing" in text


@pytest.mark.parametrize("words", FORMULAS)
def test_never_a_live_formula(words: str):
    """An answer that reads like a formula, or like markup, is stored as that text, and is no formula in any form."""
    for sample in (repeated(), next(one for one in TEXTS if one.name == "quoted.csv")):
        found = read(sample.data, sample.name)
        key = found.questions[0].key
        content = write(sample.data, found, {key: Written(words)}).content
        standing = next(one for one in read(content, sample.name).questions if one.key == key).answered
        if found.form == "xlsx":
            assert not re.search(rb"<f[ >/]", parts(content)["xl/worksheets/sheet2.xml"])
            assert standing in {words.strip(), words.replace("_x003D_", "_x005F_x003D_")}
        else:
            assert standing == guard(words.strip())


def test_what_stands_is_never_overwritten():
    """An answer that stands already stays, and the new one is told beside the file with the reason."""
    sample = german()
    found, files = written(sample)
    assert values(files.content)["Fragebogen"][8, 3] == "Ja"
    assert list(files.left) == ["Fragebogen!B8"]
    listed = [value for at, value in values(files.content)["Sources"].items() if at[1] == 7]
    assert listed == ["Not in the file because", files.left["Fragebogen!B8"]]
    assert found.questions[2].answered == "Ja"


def test_a_file_that_changed_meanwhile_is_not_overwritten():
    """Cells are looked at again when written: what somebody has filled in since the file was read stays."""
    data = workbook(lambda book: rows(book.add_worksheet("S"), [("Question", "Answer"), ("Who receives data?",)]))
    later = workbook(lambda book: rows(book.add_worksheet("S"), [("Question", "Answer"), ("Who receives data?", "Nobody")]))
    files = write(later, read(data, "a.xlsx"), {"S!A2": Written("Everybody")})
    assert values(files.content)["S"][2, 2] == "Nobody" and "S!A2" in files.left


def test_an_answer_matrix_is_marked():
    """In a matrix the chosen column gets the mark, in a workbook an X, in Markdown its box."""
    sample = matrix()
    cells = values(write(sample.data, read(sample.data, sample.name), {"Assessment!C13": Written("Two.", "no")}).content)["Assessment"]
    assert (cells[13, 5], cells[13, 7]) == ("X", "Two.") and (13, 4) not in cells
    content = write(MARKDOWN.encode(), read(MARKDOWN.encode(), "a.md"), {"1!B2": Written(choice="No")}).content.decode()
    assert content == MARKDOWN.replace("sub-processors**? | [ ] | [ ] |", "sub-processors**? | [ ] | [x] |")


def test_only_answered_lines_of_markdown_change():
    """Boxes are ticked, cells and lines filled with escaped text, and every other line is the line that came."""
    found, files = written(Sample("a.md", MARKDOWN.encode(), ()), text="a | b *c*", note="")
    old, new = MARKDOWN.splitlines(), files.content.decode().splitlines()
    assert len(new) == len(old) + 1 and len(found.questions) == 7
    changed = [line for line in new if line not in old]
    assert changed == [
        "| 1 | Do you use **sub-processors**? | [ ] | [ ] | [x] | a \\| b \\*c\\* |",
        "   Antwort: a \\| b \\*c\\*",
        "   - [x] Nein",
        "  Antwort: a \\| b \\*c\\*",
        "- [x] We publish a list of all our vendors",
    ]


def test_lines_keep_their_ends():
    """Windows line ends, a byte order mark and a last line without an end stay as they are."""
    data = b"\xef\xbb\xbf" + MARKDOWN.rstrip().replace("\n", "\r\n").encode()
    content = write(data, read(data, "a.md"), answers(read(data, "a.md"))).content
    assert content.startswith(b"\xef\xbb\xbf# ") and content.count(b"\n") == content.count(b"\r\n") == data.count(b"\n") + 1
    assert not content.endswith(b"\n")


def test_csv_keeps_its_ways():
    """Delimiter, quotes, line ends, byte order mark and encoding stay; text an old encoding cannot hold is put plainly."""
    quoted = next(one for one in TEXTS if one.name == "quoted.csv")
    content = write(quoted.data, read(quoted.data, quoted.name), {"B2": Written("Logs; E-Mail", note="fein")}).content
    assert content == quoted.data.replace(b';"";""\r\n"2"', b';"Logs; E-Mail";"fein"\r\n"2"')
    old = next(one for one in TEXTS if one.name == "old.csv")
    content = write(old.data, read(old.data, old.name), {"B2": Written("→ vérifié…", "Oui")}).content
    assert content == old.data.replace(b"repos.;;", "repos.;Oui;-> vérifié…".encode("cp1252"))


def test_a_new_answer_column_has_a_heading():
    """Where the file has no answer column, a free one gets the answers and a heading in the file's language."""
    data = b"Id,Question\n1,Who are your vendors?\n2,Where are they?\n"
    found = read(data, "a.csv")
    content = write(data, found, {"B3": Written("In the EU, all.")}).content
    assert content == b'Id,Question,Answer\n1,Who are your vendors?\n2,Where are they?,"In the EU, all."\n'
    text = b"| Question |\n|---|\n| Who are your vendors? |\n| Where are they? |\n"
    content = write(text, read(text, "a.md"), {"1!A3": Written("Here")}).content
    assert content == b"| Question | Answer |\n|---| --- |\n| Who are your vendors? |\n| Where are they? | Here |\n"


def test_json_gets_values_only():
    """An empty value is replaced and a missing one put in like those before it; all other text is the text that came."""
    sample = next(one for one in TEXTS if one.name == "check.json")
    found = read(sample.data, sample.name)
    keys = [one.key for one in found.questions]
    content = write(
        sample.data, found, {keys[0]: Written("AWS", note="n"), keys[1]: Written(choice="yes"), keys[3]: Written('"EU"')}
    ).content.decode()
    expected = sample.data.decode().replace('"answer": null, "comment": ""', '"answer": "AWS", "comment": "n"')
    expected = expected.replace('["Yes", "No"]}', '["Yes", "No"], "answer": "Yes"}').replace('stored?": ""', 'stored?": "\\"EU\\""')
    assert content == expected


def test_vsaq_answers_stand_apart():
    """VSAQ's answers are an object of its ids beside the questionnaire: text, yes or no, and checked for each choice."""
    sample = next(one for one in TEXTS if one.name == "vsaq.json")
    found = read(sample.data, sample.name)
    keys = [one.key for one in found.questions]
    given = {
        keys[0]: Written("Here it is.", "yes, we do."),
        keys[1]: Written(choice="Logs & traces\nE-mail"),
        keys[2]: Written("https://example.com/list"),
        keys[4]: Written(choice="No", citations=("vendors/aws",)),
        keys[5]: Written("attached"),
    }
    files = write(sample.data, found, given)
    assert json.loads(files.companions["vsaq-answers.json"]) == {
        "list_yes": "checked",
        "d_logs": "checked",
        "d_mail": "checked",
        "where": "https://example.com/list",
        "told": "no",
    }
    assert list(files.left) == [keys[5]] and files.content == sample.data


def test_several_answers_share_a_cell():
    """The answers to several questions of a cell stand line by line; one left out leaves its line empty."""
    sample = several()
    cells = values(write(sample.data, read(sample.data, sample.name), {"content!D3#2": Written(choice="Countries\nNames")}).content)[
        "content"
    ]
    assert cells[3, 6] == "\nCountries Names"
    shared = merged()
    cells = values(
        write(
            shared.data, read(shared.data, shared.name), {"M!A2": Written("AWS"), "M!A3": Written("To\nhost."), "M!A4": Written("EU")}
        ).content
    )["M"]
    assert (cells[2, 2], cells[4, 2]) == ("AWS\nTo host.", "EU")


def test_a_protected_workbook_gets_no_sheet():
    """Where the structure or a sheet is protected, sources go to a file beside it; its cells that are not open are not written to."""
    found, files = written(protected())
    assert found.protected and "Sources" not in values(files.content)
    listed = list(csv.reader(io.StringIO(files.companions["protected-sources.csv"].decode())))
    assert [row[0] for row in listed] == ["Place", "P!B2", "P!B3"] and listed[1][4:6] == ["See the list.", "vendors/aws: line 3"]
    assert not any(at[1] == 4 and at[0] > 1 for at in values(files.content)["P"])


def test_sources_cite_what_each_answer_rests_on():
    """The added sheet is last, shown, and lists place, id, question, answer and sources; a name that is taken is not taken twice."""
    sample = french()
    _, files = written(sample)
    sheet = values(files.content)["Sources"]
    assert [sheet[2, column] for column in (1, 2, 4, 6)] == ["Exigences!B3", "E1", f"NA\n{TEXT}", "vendors/aws: line 3"]
    _, again = written(Sample(sample.name, files.content, sample.keys))
    assert again.content == files.content or "Sources 2" in values(again.content)


def test_a_person_has_yet_to_choose():
    """Words without a choice go to the remarks, the answer's own cell stays empty, and the list says that a choice is due."""
    sample = french()
    files = write(sample.data, read(sample.data, sample.name), {"Exigences!B3": Written("Registre tenu.")})
    cells = values(files.content)["Exigences"]
    assert cells[3, 4] == "Registre tenu." and (3, 3) not in cells
    assert "choose" in files.left["Exigences!B3"]


def test_a_choice_the_file_does_not_offer_is_refused():
    """A word outside the file's vocabulary, and an answer to no question of it, are refused by name."""
    sample = tabs()
    found = read(sample.data, sample.name)
    with pytest.raises(UsageError, match=r"Perhaps.*Choose one of: Yes, No"):
        write(sample.data, found, {found.questions[0].key: Written(choice="Perhaps")})
    with pytest.raises(UsageError, match="no question at X"):
        write(sample.data, found, {"X": Written("a")})


def test_cells_hold_what_they_can():
    """Characters no file can hold are dropped, and an answer too long for a cell ends in a mark that says so."""
    sample = repeated()
    found = read(sample.data, sample.name)
    long = write(sample.data, found, {"Questions!B4": Written("é😀" * 20_000), "Questions!B5": Written("a\x00b\x0b\ud800c\r\nd")})
    cells = values(long.content)["Questions"]
    assert cells[4, 3].endswith(CUT) and len(cells[4, 3].encode("utf-16-le")) // 2 in {LONGEST_CELL, LONGEST_CELL - 1}
    assert cells[5, 3] == "abc\nd"


def test_the_same_answers_give_the_same_bytes():
    """Writing twice gives the same file."""
    for sample in SAMPLES:
        assert written(sample)[1] == written(sample)[1]
