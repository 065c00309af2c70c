"""Lists made to harm, or damaged on their way: refused with one sentence, or read without a fault."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importing.scoring import LISTS

from popmap.errors import UsageError
from popmap.importing.listing import read_list
from popmap.uploads import limits

from test_importing_lists import ods, parquet, xlsx  # isort: skip

BASE = xlsx(("Vendor", "Purpose"), ("Nimbus", "Hosting"))
SHEET = "xl/worksheets/sheet1.xml"
WIDE = [f"c{number}" for number in range(10_000)]
NAMES = ("list.xlsx", "list.ods", "list.csv", "list.parquet", "list.html", "list.md", "list.json", "list.yml", "list.txt", "")


def altered(change: Callable[[bytes], bytes] = lambda data: data, more: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BASE)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == SHEET else old.read(name))
        for name, data in (more or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def with_row(row: bytes) -> bytes:
    return altered(lambda data: data.replace(b"</sheetData>", row + b"</sheetData>"))


def repeated(rows: int, columns: int) -> bytes:
    times = f'table:number-columns-repeated="{columns}"'
    plain = ods(("Vendor", "Purpose"), ("x", "y"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "content.xml":
                head, _, tail = data.rpartition(b"<table:table-row>")
                row = f'<table:table-row table:number-rows-repeated="{rows}">'.encode()
                data = head + row + tail.replace(b"<table:table-cell", f"<table:table-cell {times}".encode(), 1)
            new.writestr(name, data)
    return out.getvalue()


def misplaced() -> bytes:
    """Return a workbook whose directory says that its parts stand where none can."""
    at = BASE.rindex(b"PK\x01\x02", 0, BASE.rindex(SHEET.encode()))
    return BASE[: at + 42] + b"\xff\xff\xff\x7f" + BASE[at + 46 :]


def laughing() -> bytes:
    lines = ["a: &a [x,x,x,x,x,x,x,x,x]"]
    lines += [f"{key}: &{key} [{','.join([f'*{old}'] * 9)}]" for old, key in zip("abcdefgh", "bcdefghi", strict=True)]
    return "\n".join(lines).encode()


REFUSED = {
    "nothing": (b"", "a.csv", "empty"),
    "11 MB": (b"a,b\n" * 2_900_000, "a.csv", "10 MB"),
    "PDF": (b"%PDF-1.7", "a.pdf", "PDF"),
    "a letter": (b"x", "a.docx", ".docx"),
    "binary junk": (bytes(range(256)) * 100, "a.txt", "not a text file"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10, "", "not a text file"),
    "a broken container": (b"PK\x03\x04" + b"\xff" * 900, "a.xlsx", "damaged"),
    "parts that stand nowhere": (misplaced(), "a.xlsx", "damaged"),
    "a name that lies": (b"hello", "a.xlsx", "not a workbook"),
    "a zip bomb": (altered(more={"xl/media/x.bin": b"\0" * 30_000_000}), "a.xlsx", "unpacks"),
    "too many parts": (altered(more={f"x/{number}": b"" for number in range(2_100)}), "a.xlsx", "unpacks"),
    "macros": (altered(more={"xl/vbaProject.bin": b"x"}), "a.xlsx", "macros"),
    "XML entities": (altered(lambda data: b'<!DOCTYPE x [<!ENTITY a "a">]>' + data[data.find(b"?>") + 2 :]), "a.xlsx", "document type"),
    "a far cell": (with_row(b'<row r="90000"><c r="ZZ90000"><v>1</v></c></row>'), "a.xlsx", "cells"),
    "a far column": (with_row(b'<row r="3"><c r="XFD3"><v>1</v></c></row>'), "a.xlsx", "columns"),
    "too many rows": (with_row(b'<row r="1000000"><c r="A1000000"><v>1</v></c></row>'), "a.xlsx", "rows"),
    "ODS rows repeated": (repeated(1_048_576, 1), "a.ods", "rows"),
    "ODS columns repeated": (repeated(1, 16_384), "a.ods", "columns"),
    "10,000 columns of CSV": (",".join(WIDE).encode() + b"\n" + ",".join(WIDE).encode(), "a.csv", "columns"),
    "10,000 columns of a workbook": (xlsx(tuple(WIDE), tuple(WIDE)), "a.xlsx", "columns"),
    "10,000 columns of HTML": (b"<table><tr>" + b"<td>c</td>" * 10_000 + b"</tr></table>", "a.html", "columns"),
    "10,000 columns of pipes": (b"|" + b"c|" * 10_000 + b"\n|" + b"---|" * 10_000, "a.md", "columns"),
    "10,000 keys": (json.dumps([dict.fromkeys(WIDE, "x")]).encode(), "a.json", "keys"),
    "spans without end": (b"<table>" + b"<tr><td rowspan=9999 colspan=999>x</td></tr>" * 3_000 + b"</table>", "a.html", "columns"),
    "deep HTML": (b"<div>" * 100_000 + b"x", "a.html", "deep"),
    "deep JSON": (b"[" * 200_000, "a.json", "deep"),
    "JSON a little too deep": (b'{"a":' * 70 + b"1" + b"}" * 70, "a.json", "deep"),
    "broken JSON": (b'{"a" 1}', "a.json", "line 1, column 6"),
    "deep YAML": (b"[" * 5_000, "a.yml", "deep"),
    "YAML aliases": (laughing(), "a.yml", "unfolds"),
    "YAML tags": (b'- !!python/object/apply:os.system ["x"]', "a.yml", "tag"),
    "broken YAML": (b"a: [1", "a.yml", "not YAML"),
    "broken Parquet": (b"PAR1" + b"\xff" * 900 + b"PAR1", "a.parquet", "damaged"),
    "too many lines": (b"| a | b |\n" * 300_000, "a.txt", "lines"),
    "one endless line": (b"a" * 9_000_000, "a.txt", "too long"),
    "a long cell": (b'Vendor,Purpose\n"' + b"x" * 40_000 + b'",y\n', "a.csv", "cell A2"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_harmful_files_are_refused(case: str):
    """Each is refused with a message that says what is wrong, and a hint that says what to do."""
    data, name, words = REFUSED[case]
    with pytest.raises(UsageError) as refusal:
        read_list(data, name)
    assert words in refusal.value.message and refusal.value.hint


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"[" * 50_000 + b"](a)" * 50_000, "a.md"),
        (b"*a " * 200_000, "a.md"),
        ((b"| " + b"[" * 20_000 + b" | b |\n") * 20, "a.txt"),
        (b">" * 20_000 + b" x", "a.md"),
        (b"".join(b"  " * depth + b"- a\n" for depth in range(500)), "a.md"),
        (b"(" * 1_000_000, "a.txt"),
        (b'<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><p>&b;</p>', "a.html"),
        (b"---\n" + b"\n" * 2_000 + b"x", "a.txt"),
        (b"  \n", "a.txt"),
    ],
)
def test_what_is_only_odd_is_read_and_says_that_it_holds_no_list(data: bytes, name: str):
    """Marks without end, depth and entities cost little and give nothing."""
    reading = read_list(data, name)
    assert reading.refusals and not reading.records


def test_a_file_too_large_is_not_parsed():
    """What is over the limit is refused by its size alone."""
    with pytest.raises(UsageError, match="10 MB"):
        read_list(b"PK\x03\x04" + b"x" * limits.MOST_BYTES, "a.xlsx")


def test_text_that_looks_like_a_formula_or_markup_stays_text():
    """Nothing is computed, followed or shown as markup."""
    reading = read_list(b'Vendor,Purpose\n"=HYPERLINK(""https://x.example"")",Hosting\nNimbus,<script>x</script>Hosting\n', "a.csv")
    assert [one.text("name") for one in reading.records] == ['=HYPERLINK("https://x.example")', "Nimbus"]
    assert reading.records[1].text("purpose") == "Hosting"


@given(
    st.binary(max_size=300),
    st.sampled_from(NAMES),
    st.sampled_from([b"", b"PK\x03\x04", b"PAR1", b"<table>", b"- name: ", b"[{", b"| a | b |\n"]),
)
def test_any_bytes_are_read_or_refused(data: bytes, name: str, begin: bytes):
    """Whatever the bytes, a list is read or refused in words; nothing else is raised."""
    with suppress(UsageError):
        read_list(begin + data, name)


SAMPLES = {
    "a.xlsx": BASE,
    "a.ods": ods(("Vendor", "Purpose"), ("Nimbus", "Hosting")),
    "a.parquet": parquet(("Vendor", "Purpose"), ("Nimbus", "Hosting")),
}
SAMPLES |= {path.name: path.read_bytes() for path in LISTS.iterdir()}


@given(st.data())
def test_a_damaged_list_is_read_or_refused(data: st.DataObject):
    """A list with bytes changed, lost or added anywhere is read or refused in words."""
    name = data.draw(st.sampled_from(sorted(SAMPLES)))
    sent = SAMPLES[name]
    at = data.draw(st.integers(0, len(sent) - 1))
    sent = sent[:at] + data.draw(st.binary(max_size=4)) + sent[at + data.draw(st.integers(0, 8)) :]
    with suppress(UsageError):
        reading = read_list(sent, name)
        read_list(sent, name, answers=reading.proposals())


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab ,|<>é", max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "purpose", "system", "a"]), inner, max_size=3),
    max_leaves=12,
)


@given(TREES)
def test_any_tree_is_read(tree: object):
    """Any JSON, and the same as YAML, is read without a fault."""
    text = json.dumps(tree).encode()
    for name in ("a.json", "a.yml"):
        reading = read_list(text, name)
        read_list(text, name, answers=reading.proposals())
