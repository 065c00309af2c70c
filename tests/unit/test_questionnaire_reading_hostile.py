"""Questionnaires made to harm, or damaged on their way: refused with one sentence, before anything large is built."""

from __future__ import annotations

import csv
import io
import json
import socket
import warnings
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from questionnaires import VSAQ, rows, tabs, workbook

from popmap.answering.reading import read, relaxed
from popmap.answering.writing import Written, write
from popmap.errors import UsageError
from popmap.uploads import limits, separated

SHEET = "xl/worksheets/sheet1.xml"
BASE = tabs().data
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet ' + NAMESPACE + b'><sheetData><row r="1">'
    b'<c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
)


def altered(change: Callable[[str, bytes], bytes | None] = lambda _, data: data, more: dict[str, bytes] | None = None) -> bytes:
    """Return the base workbook with its parts changed (None drops one) and some added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BASE)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
        for name, data in (more or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def in_sheet(old: bytes, new: bytes) -> bytes:
    return altered(lambda name, data: data.replace(old, new) if name == SHEET else data)


def with_cell(row: bytes) -> bytes:
    return in_sheet(b"</sheetData>", row + b"</sheetData>")


def twice() -> bytes:
    out = io.BytesIO(BASE)
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(SHEET, b"<worksheet/>")
    return out.getvalue()


REFUSED = {
    "nothing": (b"", "empty"),
    "password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 900, "password-protected"),
    "not a workbook": (b"hello", "not a workbook"),
    "cut off": (BASE[: len(BASE) // 2], "damaged"),
    "macros": (altered(more={"xl/vbaProject.bin": b"x"}), "macros"),
    "a bomb": (altered(more={"xl/media/x.bin": b"\0" * 30_000_000}), "unpacks"),
    "too many parts": (altered(more={f"x/{number}": b"" for number in range(2_100)}), "unpacks"),
    "entities": (altered(lambda name, data: ENTITIES if name == SHEET else data), "document type"),
    "broken XML": (in_sheet(b"</worksheet>", b""), "damaged"),
    "a missing sheet": (altered(lambda name, data: None if name == SHEET else data), "damaged"),
    "a far cell": (with_cell(b'<row r="90000"><c r="XFD90000"><v>1</v></c></row>'), "cells"),
    "too many rows": (with_cell(b'<row r="1000000"><c r="A1000000"><v>1</v></c></row>'), "100,000 rows"),
    "a row that is no number": (in_sheet(b'row r="2"', b'row r="x"'), "damaged"),
    "no workbook part": (altered(lambda name, data: None if name == "xl/workbook.xml" else data), "damaged"),
    "a letter": (altered(lambda name, data: None if name.startswith("xl") else data, {"word/document.xml": b""}), "Word"),
    "a part twice": (twice(), "twice"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_harmful_workbooks_are_refused(case: str):
    """Each is refused with a message that names the file and says what is wrong, and a hint that says what to do."""
    data, words = REFUSED[case]
    with pytest.raises(UsageError) as refusal:
        read(data, "sent.xlsx")
    assert words in refusal.value.message and "sent.xlsx" in refusal.value.message and refusal.value.hint


def test_styled_cells_far_away_take_no_room():
    """A workbook whose last row has a style and no content, as a column formatted to its end leaves it, is read as any other."""
    plain = read(altered(), "questions.xlsx")
    far = read(with_cell(b'<row r="1048576"><c r="A1048576" s="1"/><c r="XFD1048576" s="1"/></row>'), "questions.xlsx")
    assert far.questions == plain.questions and plain.questions


def test_links_to_other_workbooks_are_not_followed():
    """A workbook that refers to another is read by what it holds, and says so."""
    found = read(altered(more={"xl/externalLinks/externalLink1.xml": b"<x/>"}), "linked.xlsx")
    assert len(found.questions) == 4 and "never opened" in found.notes[0]


def test_nothing_a_workbook_points_to_is_fetched(monkeypatch: pytest.MonkeyPatch):
    """Other workbooks, pictures, templates and pages that it refers to by address stay where they are: no connection is asked for."""
    at = "http://127.0.0.1:9/"
    kinds = ("externalLinkPath", "hyperlink", "image", "attachedTemplate")
    relations = "".join(
        f'<Relationship Id="rIdX{kind}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="{at}{kind}" TargetMode="External"/>'
        for kind in kinds
    )
    rels = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>'.encode()
    link = b"<externalLink " + NAMESPACE + b'><externalBook xmlns:r="r" r:id="rIdXexternalLinkPath"/></externalLink>'
    cells = f'<row r="90"><c r="A90"><f>WEBSERVICE("{at}f")</f><v>1</v></c></row></sheetData>'.encode()
    data = altered(
        lambda name, old: old.replace(b"</sheetData>", cells) if name == SHEET else old,
        {
            "xl/externalLinks/externalLink1.xml": link,
            "xl/externalLinks/_rels/externalLink1.xml.rels": rels,
            "xl/drawings/_rels/drawing1.xml.rels": rels,
        },
    )

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was asked for")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    found = read(data, "linked.xlsx")
    content = write(data, found, {found.questions[0].key: Written(choice="Yes")}).content
    assert len(found.questions) == 4 and read(content, "linked.xlsx").questions[0].answered == "Yes"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("xl/externalLinks/externalLink1.xml") == link


@pytest.mark.parametrize(
    ("name", "words", "message"),
    [
        ("deep.json", "[" * 5_000, "nested"),
        ("deep.json", '{"a":' * 70 + "1" + "}" * 70, "nested"),
        ("bad.json", '{"a" 1}', "line 1, column 6"),
        ("open.json", '{"a": "b', "not closed"),
        ("more.json", "{} {}", "behind the end"),
        ("binary.csv", bytes(range(256)).decode("latin-1"), "not a text file"),
        ("long.csv", 'Question,Answer\n"' + "x" * 40_000 + '",\n', "cell A2"),
        ("long.json", json.dumps({"question": "x" * 40_000}), "40,000 characters"),
        ("rows.csv", "a\n" * 100_002, "100,000 rows"),
        ("blank.csv", " \n", "No question"),
        ("none.md", "# Title\n\nWords.\n", "No question"),
        ("letter.docx", "words", ".docx"),
        ("page.pdf", "%PDF-1.7", "PDF"),
    ],
)
def test_harmful_texts_are_refused(name: str, words: str, message: str):
    """Text files too deep, too long, broken or empty of questions are refused, with the place where there is one."""
    with pytest.raises(UsageError) as refusal:
        read(words.encode("latin-1"), name)
    assert message in str(refusal.value)


def test_a_file_too_large_is_not_parsed():
    """What is over the limit is refused by its size alone."""
    with pytest.raises(UsageError, match="10 MB"):
        read(b"PK\x03\x04" + b"x" * limits.MOST_BYTES, "large.xlsx")


def test_a_question_that_is_a_formula_is_text():
    """A question that reads like a formula is a text like any other, and is never computed."""
    data = workbook(lambda book: rows(book.add_worksheet("S"), [("Question", "Answer"), ('=HYPERLINK("https://tracker.example","Who?")',)]))
    assert [one.text for one in read(data, "a.xlsx").questions] == ['=HYPERLINK("https://tracker.example","Who?")']


@given(st.binary(max_size=300), st.sampled_from(["a.xlsx", "a.csv", "a.md", "a.json", "a"]), st.booleans())
def test_any_bytes_are_read_or_refused(data: bytes, name: str, zipped: bool):
    """Whatever the bytes, the file is read or refused in words; nothing else is raised."""
    with suppress(UsageError):
        assert read(b"PK\x03\x04" + data if zipped else data, name).questions


@given(st.data())
def test_a_damaged_workbook_is_read_or_refused(data: st.DataObject):
    """A workbook with bytes changed anywhere is read or refused in words."""
    at = data.draw(st.integers(0, len(BASE) - 1))
    sent = BASE[:at] + data.draw(st.binary(min_size=1, max_size=4)) + BASE[at + data.draw(st.integers(0, 4)) :]
    with suppress(UsageError):
        assert read(sent, "a.xlsx").questions


CELLS = st.text(st.sampled_from('ab ,;"\n\t|é='), max_size=6)


@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5),
    st.sampled_from(separated.DELIMITERS),
    st.sampled_from(["\n", "\r\n"]),
)
def test_csv_is_taken_apart_as_it_was_written(table: list[list[str]], delimiter: str, newline: str):
    """What a CSV writer wrote is read cell by cell, and the cells' places cover the text but for delimiters and line ends."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows(table)
    text = out.getvalue()
    found = separated.cells(text, delimiter, "a.csv")
    assert [[cell.text for cell in row] for row in found] == table
    rest = list(text)
    for cell in (cell for row in found for cell in row):
        rest[cell.start : cell.end] = [""] * (cell.end - cell.start)
    assert set("".join(rest)) <= {delimiter, *newline}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_json_is_read_as_json(value: object, ascii_only: bool, indent: int | None):
    """JSON gives the values the standard library reads, each at the place where its text stands."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)

    def check(node: relaxed.Node, expected: object) -> None:
        assert json.loads(text[node.start : node.end]) == expected
        for key, child in node.members:
            check(child, expected[int(key)] if isinstance(expected, list) else expected[key])
        if node.kind in {"string", "other"}:
            assert node.value == expected

    check(relaxed.parse(text, "a.json"), value)


def test_commented_json_is_read():
    """Comments of both kinds are passed over, also where they hold quotes; joined strings are one."""
    node = relaxed.parse(VSAQ, "v.json")
    item = relaxed.follow(node, ("questionnaire", "0", "items", "1"))
    assert item is not None and item.text("text") == "<p>Do you publish a list of your vendors?</p>"
