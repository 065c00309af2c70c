"""Patches of XML, containers, CSV and JSON on made-up files: what is put in is found, and all else is as it was."""

from __future__ import annotations

import csv
import io
import json
import re
import struct
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from popmap.answering.model import Place, Question, Questionnaire
from popmap.answering.reading.grid import cell, number
from popmap.answering.reading.relaxed import pointer
from popmap.answering.writing import Written, write
from popmap.answering.writing.container import rebuilt
from popmap.answering.writing.separated import put as put_csv
from popmap.answering.writing.sheet import put
from popmap.answering.writing.texts import clean, fitting
from popmap.errors import UsageError
from popmap.register.cells import guard
from popmap.uploads.separated import cells, letters, take_apart

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
SPOTS = st.dictionaries(
    st.tuples(st.integers(1, 8), st.integers(1, 30)), TEXTS.map(clean).filter(lambda text: "_x" not in text), min_size=1, max_size=6
)


@st.composite
def sheets(draw: st.DrawFn) -> tuple[bytes, set[tuple[int, int]]]:
    """Make a sheet's XML, under a prefix or none, sparse, with or without stated places, and its cells that hold formulas."""
    p = draw(st.sampled_from(["", "x:"]))
    rows, formulas, before = [], set(), 0
    for row in sorted(draw(st.sets(st.integers(1, 8), max_size=4))):
        told = draw(st.booleans()) or row != before + 1
        cells, last = [], 0
        for column in sorted(draw(st.sets(st.integers(1, 30), max_size=4))):
            at = f' r="{letters(column)}{row}"' if draw(st.booleans()) or column != last + 1 else ""
            kind = draw(st.sampled_from(["empty", "open", "value", "text", "formula"]))
            style = draw(st.sampled_from(["", ' s="3"', " s='4' "]))
            inner = {
                "empty": f"<{p}c{at}{style}/>",
                "open": f"<{p}c{at}{style}></{p}c>",
                "value": f'<{p}c{at}{style} t="n"><{p}v>7</{p}v></{p}c>',
                "text": f'<{p}c{style} t="inlineStr"{at}><{p}is><{p}t>a&gt;b</{p}t></{p}is></{p}c>',
                "formula": f"<{p}c{at}{style}><{p}f>1+1</{p}f><{p}v>2</{p}v></{p}c>",
            }[kind]
            formulas |= {(row, column)} if kind == "formula" else set()
            cells.append(inner)
            last = column
        spans = draw(st.sampled_from(["", ' spans="2:5"', ' ht="20" customHeight="1"', ' s="9" customFormat="1"']))
        number_told = f' r="{row}"' if told else ""
        rows.append(
            f"<{p}row{number_told}{spans}>{''.join(cells)}</{p}row>" if cells or draw(st.booleans()) else f"<{p}row{number_told}{spans}/>"
        )
        before = row
    data = f"<{p}sheetData>{''.join(rows)}</{p}sheetData>" if rows or draw(st.booleans()) else f"<{p}sheetData />"
    space = f'xmlns:x="{MAIN}"' if p else f'xmlns="{MAIN}"'
    head = draw(st.sampled_from(['<?xml version="1.0" encoding="UTF-8"?>\n', "\ufeff", ""]))
    whole = (
        f'{head}<{p}worksheet {space}><{p}dimension ref="A1"/><{p}cols><{p}col min="1" max="3" style="5"/></{p}cols>{data}'
        f'<!-- <c r="A1"/> --><{p}extLst><{p}ext uri="a>b"/></{p}extLst></{p}worksheet>'
    )
    return whole.encode(), formulas


def cells_of(data: bytes) -> dict[tuple[int, int], ET.Element]:
    found, row = {}, 0
    for line in ET.fromstring(data).iter(f"{{{MAIN}}}row"):
        assert int(line.get("r", row + 1)) > row, "rows are in order"
        row, column = int(line.get("r", row + 1)), 0
        for one in line:
            assert not one.get("r") or cell(one.get("r"))[1] > column, "cells are in order"
            column = cell(one.get("r"))[1] if one.get("r") else column + 1
            found[row, column] = one
    return found


def text_of(one: ET.Element) -> str:
    return "".join(piece.text or "" for piece in one.iter(f"{{{MAIN}}}t"))


@given(sheets(), SPOTS)
def test_a_sheet_gets_its_texts_and_keeps_the_rest(made: tuple[bytes, set[tuple[int, int]]], spots: dict[tuple[int, int], str]):
    """Each text stands in its cell as a plain string in its old style; order and all other cells stay; a formula is left."""
    data, formulas = made
    new, refused = put(data, spots, "a")
    old_cells, new_cells = cells_of(data), cells_of(new)
    assert refused == formulas & set(spots)
    for at, text in spots.items():
        if at not in refused:
            one = new_cells[at]
            assert one.get("t") == "inlineStr" and text_of(one) == text and one.find(f"{{{MAIN}}}f") is None
            assert at not in old_cells or one.get("s") == old_cells[at].get("s")
    assert set(new_cells) == set(old_cells) | (set(spots) - refused)
    untouched = set(old_cells) - (set(spots) - refused)
    assert {at: ET.tostring(new_cells[at]) for at in untouched} == {at: ET.tostring(old_cells[at]) for at in untouched}
    around = re.compile(rb"<(x:)?dimension[^>]*>|<(x:)?sheetData.*sheetData>|<(x:)?sheetData />", re.DOTALL)
    assert around.sub(b"", new) == around.sub(b"", data)


@given(sheets(), SPOTS)
def test_a_patched_sheet_can_be_patched_again(made: tuple[bytes, set[tuple[int, int]]], spots: dict[tuple[int, int], str]):
    """Putting the same texts a second time changes nothing."""
    once, _ = put(made[0], spots, "a")
    assert put(once, spots, "a")[0] == once


def test_new_cells_take_their_rows_or_columns_style():
    """A cell that did not exist takes its row's style where the row has one of its own, else its column's; spans and extent grow."""
    data = (
        f'<worksheet xmlns="{MAIN}"><dimension ref="A1:B2"/><cols><col min="3" max="3" style="5"/></cols><sheetData>'
        '<row r="1" spans="1:2"><c r="A1"/></row><row r="2" s="9" customFormat="1"/></sheetData></worksheet>'
    ).encode()
    new, _ = put(data, {(1, 3): "a", (2, 3): "b", (4, 3): "c"}, "a")
    assert {at: one.get("s") for at, one in cells_of(new).items() if at[1] == 3} == {(1, 3): "5", (2, 3): "9", (4, 3): "5"}
    assert b'spans="1:3"' in new and b'ref="A1:C4"' in new


@pytest.mark.parametrize(
    "data",
    ["<worksheet/>".encode("utf-16"), b'<?xml version="1.0" encoding="latin-1"?><worksheet/>', b"<worksheet>", b"<!DOCTYPE a><worksheet/>"],
)
def test_what_cannot_be_patched_is_refused(data: bytes):
    """A sheet in another encoding, broken, or with a document type is refused rather than guessed at."""
    with pytest.raises(UsageError):
        put(data, {(1, 1): "a"}, "sheet")


NAMES = st.lists(st.text("abcé/", min_size=1, max_size=5), min_size=1, max_size=5, unique=True)


@given(NAMES, st.data())
def test_a_container_keeps_its_other_parts(names: list[str], data: st.DataObject):
    """Changed parts hold what they are given, others are stored in the very bytes they were, in the order they were; comments stay."""
    out = io.BytesIO()
    kinds = data.draw(st.lists(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]), min_size=len(names), max_size=len(names)))
    streamed = data.draw(st.booleans())
    with zipfile.ZipFile(Unseekable(out) if streamed else out, "w") as archive:
        archive.comment = b"a comment"
        for name, kind in zip(names, kinds, strict=True):
            archive.writestr(zipfile.ZipInfo(name, (2001, 2, 3, 4, 6, 8)), name * 20, kind)
    changed = dict.fromkeys(data.draw(st.sets(st.sampled_from(names))), b"new")
    new = rebuilt(out.getvalue(), "a.xlsx", changed, {"added.xml": b"more"})
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as before, zipfile.ZipFile(io.BytesIO(new)) as after:
        assert after.testzip() is None and after.comment == before.comment
        assert after.namelist() == [*before.namelist(), "added.xml"]
        for first, second in zip(before.infolist(), after.infolist(), strict=False):
            assert after.read(second) == changed.get(second.filename, before.read(first))
            assert (second.date_time, second.compress_type, second.external_attr) == (
                first.date_time,
                first.compress_type,
                first.external_attr,
            )
            if first.filename not in changed:
                assert raw(new, second) == raw(out.getvalue(), first)


class Unseekable(io.RawIOBase):
    """A stream a container cannot go back in, so that sizes follow each part instead of standing before it."""

    def __init__(self, out: io.BytesIO) -> None:
        self.out = out

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, data: bytes) -> int:
        """Take bytes."""
        return self.out.write(data)


def raw(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    name, extra = struct.unpack_from("<2H", data, entry.header_offset + 26)
    return data[entry.header_offset :][: 30 + name + extra + entry.compress_size]


def test_unpaired_quotes_are_not_written_into():
    """In a file whose quotation marks do not pair up, an answer that would pair with one of them is refused."""
    apart = take_apart(b'Question,Answer,Note\n"Who,,\nWhere,,\n', "a.csv")
    with pytest.raises(UsageError, match="pair"):
        put_csv(apart, {(2, 2): ","})


def test_parts_that_overlap_are_refused():
    """A container of which one part lies in another is refused, for copying one would copy the other."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", b"x" * 100)
        archive.writestr("b", b"y" * 100)
    data = bytearray(out.getvalue())
    second = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, second + 42, 0)
    with pytest.raises(UsageError, match="overlap"):
        rebuilt(bytes(data), "a.xlsx", {"a": b""}, {})


WORDS = st.text(st.sampled_from('ab ,;"\n\té='), max_size=6)


@given(
    st.lists(st.lists(WORDS, min_size=2, max_size=4), min_size=2, max_size=5),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le", "cp1252"]),
    st.dictionaries(st.tuples(st.integers(1, 5), st.integers(1, 6)), WORDS, max_size=4),
)
def test_csv_gets_its_texts_and_keeps_the_rest(
    table: list[list[str]], delimiter: str, newline: str, quoting: int, encoding: str, spots: dict[tuple[int, int], str]
):
    """Each text stands, guarded, in its cell; every other cell is stored in the very characters it was; so are all line ends."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(table)
    data = (b"\xff\xfe" if encoding == "utf-16-le" else b"") + out.getvalue().encode(encoding)
    # Which delimiter it is, so small a table need not show.
    apart = replace(take_apart(data, "a.csv"), delimiter=delimiter, rows=cells(out.getvalue(), delimiter, "a.csv"))
    spots = {at: text for at, text in spots.items() if at[0] <= len(apart.rows)}
    content = put_csv(apart, spots)
    text = content.removeprefix(apart.mark).decode(apart.encoding)
    again = replace(apart, text=text, rows=cells(text, delimiter, "a.csv"))
    assert content.startswith(apart.mark) and len(again.rows) == len(apart.rows)
    for row, (old, new) in enumerate(zip(apart.rows, again.rows, strict=True), 1):
        wanted = {column: text for (at, column), text in spots.items() if at == row}
        assert len(new) == max(len(old), *wanted, 0)
        for column, one in enumerate(new, 1):
            if column in wanted:
                assert one.text == guard(wanted[column])
            elif column <= len(old):
                before = old[column - 1]
                assert again.text[one.start : one.end] == apart.text[before.start : before.end]
            else:
                assert one.text == ""


@given(
    st.dictionaries(st.text(max_size=4), st.none() | st.integers() | st.text(max_size=4), max_size=4), TEXTS, st.sampled_from([None, 1, 4])
)
def test_json_gets_its_answer_and_keeps_the_rest(members: dict[str, object], text: str, indent: int | None):
    """An answer put into an object is its member "answer" at the end, spaced like the others; taking it away gives the old text."""
    members.pop("answer", None)
    source = json.dumps([members], indent=indent, ensure_ascii=False)
    question = Question("/0", "Who?", "en", answer=Place("", pointer(("0", "answer"))))
    content = write(source.encode(), Questionnaire("a.json", "json", (question,)), {"/0": Written(text)}).content.decode()
    if not clean(text).strip():
        return
    assert json.loads(content) == [{**members, "answer": clean(text.strip())}]
    before, _, behind = content.rpartition(json.dumps(clean(text.strip()), ensure_ascii=False))
    assert source.startswith(re.sub(r'(,\s*)?"answer":\s*$', "", before)) and source.endswith(behind)


@given(st.text(max_size=40), st.integers(70, 100))
def test_fitting_text_fits(text: str, most: int):
    """Text made to fit is within the limit in UTF-16 units, can be written as UTF-8, and short text is kept."""
    fitted = fitting(text * 4, most)
    assert len(fitted.encode("utf-16-le")) // 2 <= most and fitted.encode().decode() == fitted
    assert len(text.encode("utf-16-le", "surrogatepass")) * 2 > most or fitted == clean(text * 4)


@given(st.integers(1, 16_384))
def test_columns_have_letters(column: int):
    """A column's letters give its number again."""
    assert number(letters(column)) == column and cell(f"${letters(column)}$7") == (7, column)
