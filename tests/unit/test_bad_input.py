"""Bad input, one test for each kind the product promises to stand: a clear finding, and everything else stays usable."""

from __future__ import annotations

import datetime
import os
import socket
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from registers import cells, faults, read, tiny, with_flow, write

from popmap.errors import RegisterError
from popmap.register.faults import KINDS
from popmap.tables import Ask, fetch
from popmap.views import VIEWS

SOUND = "vendor_id,name\ngood,Good\n"


def register(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files into a register folder, with one sound table beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {"vendors.csv": SOUND, "register.toml": "title = 'x'\n", **files}.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def found(folder: Path, *codes: str) -> list[tuple[str, int | None, str, str]]:
    """Return the faults of a register's files, except those about missing tables, having seen that the sound table is read."""
    store = read(folder)
    assert ("good", "Good") in cells(store, "vendors", "vendor_id", "name")
    assert all(fault.message and fault.hint == fault.hint.strip() for fault in store.faults)
    listed = [fault for fault in store.faults if fault.code in codes or (not codes and fault.code != "table-missing")]
    return [(fault.code, fault.row, fault.column, fault.value) for fault in listed]


# -- a register that cannot be read at all ---------------------------------------------------------------------------


def test_missing_folder(tmp_path: Path):
    """A folder that is not there is one message that names it."""
    with pytest.raises(RegisterError, match=f"There is no folder {tmp_path / 'none'}"):
        read(tmp_path / "none")


def test_a_file_instead_of_a_folder(tmp_path: Path):
    """A file given as the register is one message that says so."""
    path = tmp_path / "flows.csv"
    path.write_text("x", encoding="utf-8")
    with pytest.raises(RegisterError, match="is a file, not a register folder"):
        read(path)


@pytest.mark.parametrize("files", [[], ["notes.txt", "customers.csv", "register.toml"]], ids=["empty", "other files"])
def test_a_folder_without_a_table(tmp_path: Path, files: list[str]):
    """A folder that holds no table is one message that lists the tables it could hold."""
    for name in files:
        (tmp_path / name).write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(RegisterError, match=r"holds no table of a register.*categories\.csv.*flows\.csv"):
        read(tmp_path)


@pytest.mark.parametrize("name", ["x" * 5_000, "a\x00b", "file.txt/inside"], ids=["too long", "null byte", "below a file"])
def test_a_name_no_folder_can_have(tmp_path: Path, name: str):
    """A name the file system refuses is an expected failure, not a crash."""
    (tmp_path / "file.txt").write_text("x", encoding="utf-8")
    with pytest.raises(RegisterError):
        read(tmp_path / name)


# -- files -----------------------------------------------------------------------------------------------------------


def test_missing_tables(tmp_path: Path):
    """A register with one table of three main ones works; the missing ones count as empty and are named."""
    store = read(register(tmp_path, {}))
    assert [(fault.value, fault.severity) for fault in faults(store, "table-missing")] == [("categories", "warning"), ("flows", "warning")]
    assert store.counts == {"categories": 0, "vendors": 1, "activities": 0, "evidence": 0, "aliases": 0, "answers": 0, "flows": 0}
    assert [fetch(store, name, Ask()).num_rows for name in VIEWS] == [0, 1, 0, 0, 0]


@pytest.mark.parametrize("table", list(tiny()))
def test_any_table_may_be_missing(tmp_path: Path, table: str):
    """Every table of a register can be left out, and the others can still be asked."""
    tables = tiny()
    del tables[table]
    store = read(write(tmp_path, tables))
    assert {name: store.counts[name] for name in tables} == {name: len(rows) for name, rows in tables.items()}
    assert store.counts[table] == 0
    assert [fetch(store, name, Ask()).num_rows for name in ("vendors", "categories", "flows")] == [
        max(store.counts["vendors"], 3),
        3,
        store.counts["flows"],
    ]


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\n\n", b" \r\n,,,\n"], ids=["nothing", "mark", "utf-16 mark", "lines", "commas"]
)
def test_empty_file(tmp_path: Path, content: bytes):
    """A file without anything in it is an error of that file only."""
    assert [code for code, *_ in found(register(tmp_path, {"flows.csv": content}))] == ["file-empty"]


@pytest.mark.parametrize(
    "content", ["category_id,vendor_id,purpose", "category_id,vendor_id,purpose\n", "category_id;vendor_id;purpose\r\n\r\n"]
)
def test_header_only(tmp_path: Path, content: str):
    """A file with a header and no rows is a note."""
    store = read(register(tmp_path, {"flows.csv": content}))
    assert [(fault.code, fault.severity, fault.file) for fault in faults(store) if fault.code != "table-missing"] == [
        ("header-only", "note", "flows.csv")
    ]


def test_unknown_table(tmp_path: Path):
    """A table popmap does not know is a note with the file's name, and is not read."""
    store = read(register(tmp_path, {"customers.csv": "a,b\n1,2\n", "flow.parquet": b"x"}))
    assert [(fault.file, fault.severity) for fault in faults(store, "unknown-table")] == [
        ("customers.csv", "note"),
        ("flow.parquet", "note"),
    ]


@pytest.mark.parametrize("delimiter", ["|", ":", " ", "::"])
def test_wrong_delimiter(tmp_path: Path, delimiter: str):
    """A delimiter popmap does not read is an error that says to look at it."""
    lines = ["category_id,vendor_id,purpose", "a,b,c"]
    assert found(register(tmp_path, {"flows.csv": "\n".join(lines).replace(",", delimiter)})) == [("header-unknown", 1, "", "flows")]
    assert "delimiter" in KINDS["header-unknown"].hint


def test_a_table_under_another_name(tmp_path: Path):
    """A file whose columns are another table's has an unknown header."""
    assert found(register(tmp_path, {"aliases.csv": "name,section\nx,y\n"})) == [("header-unknown", 1, "", "aliases")]


def test_the_same_table_twice(tmp_path: Path):
    """Of a table given as CSV and as Parquet the CSV file is read, and the other is an error."""
    write(tmp_path, {"vendors": [{"vendor_id": "good", "name": "Good"}]})
    write(tmp_path, {"vendors": [{"vendor_id": "other", "name": "Other"}]}, parquet=True)
    assert found(tmp_path, "two-files") == [("two-files", None, "", "")]


def test_a_folder_called_like_a_table(tmp_path: Path):
    """A folder named flows.csv is no table."""
    register(tmp_path, {})
    (tmp_path / "flows.csv").mkdir()
    assert found(tmp_path, "table-missing") == [("table-missing", None, "", "categories"), ("table-missing", None, "", "flows")]


def test_links_that_lead_nowhere(tmp_path: Path):
    """A link to itself, to nothing, or to a socket is no table; a link to a file is."""
    register(tmp_path / "register", {})
    (tmp_path / "register" / "flows.csv").symlink_to(tmp_path / "register" / "flows.csv")
    (tmp_path / "register" / "categories.csv").symlink_to(tmp_path / "nothing")
    (tmp_path / "elsewhere.csv").write_text("kind,alias,id\nvendor,G,good\n", encoding="utf-8")
    (tmp_path / "register" / "aliases.csv").symlink_to(tmp_path / "elsewhere.csv")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(tmp_path / "register" / "evidence.csv"))
    store = read(tmp_path / "register")
    assert store.counts["aliases"] == 1 and store.counts["flows"] == 0
    assert [fault.value for fault in faults(store, "table-missing")] == ["categories", "flows"]


def test_a_link_to_itself_as_the_register(tmp_path: Path):
    """A register folder that is a link to itself is one message."""
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(RegisterError, match="There is no folder"):
        read(tmp_path / "loop")


def test_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A file without permission is an error that says why; the others are read."""
    path = register(tmp_path, {"flows.csv": "category_id,vendor_id\na,good\n"}) / "flows.csv"
    path.chmod(0)
    if os.access(path, os.R_OK):
        # An administrator may read anything, so the refusal is made by hand.
        opened = Path.open

        def refused(self: Path, *args: Any, **more: Any) -> Any:
            if self.name == "flows.csv":
                raise PermissionError(13, "Permission denied", str(self))
            return opened(self, *args, **more)

        monkeypatch.setattr(Path, "open", refused)
    assert found(tmp_path) == [("file-unreadable", None, "", "Permission denied")]


@pytest.mark.parametrize(
    "name", ["[x]*?{a,b}", 'it\'s "quoted"', "a%20b#c?d=e", "Données 😀", " $HOME ; ls"], ids=["glob", "quotes", "url", "unicode", "shell"]
)
@pytest.mark.parametrize("parquet", [False, True], ids=["csv", "parquet"])
def test_folder_names(tmp_path: Path, name: str, parquet: bool):
    """A folder may be called anything the file system allows: no character of it is a pattern or a quote."""
    store = read(write(tmp_path / name, tiny(), parquet=parquet))
    assert faults(store) == []
    assert store.counts["flows"] == 6


def test_names_that_are_not_utf_8(tmp_path: Path):
    """A file name in another encoding is shown as well as can be and stops nothing."""
    register(tmp_path, {})
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.csv")).write_text("x", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    store = read(tmp_path)
    assert [fault.file for fault in faults(store, "unknown-table")] == ["caf\ufffd.csv"]


# -- rows and cells --------------------------------------------------------------------------------------------------


def test_broken_encoding(tmp_path: Path):
    """Text in another encoding is an error at its cell; the rest of the row and the other rows are read."""
    folder = register(tmp_path, {"categories.csv": "category_id,name,description\na,caf\xe9,x\nb,B,y\n".encode("latin-1")})
    assert found(folder) == [("encoding-broken", 2, "name", "caf\ufffd")]
    assert cells(read(folder), "categories", "category_id", "name", "description") == [("a", "caf\ufffd", "x"), ("b", "B", "y")]


def test_duplicate_keys(tmp_path: Path):
    """Of rows with the same key the first is used and each later one is an error that names the key."""
    folder = register(
        tmp_path,
        {
            "categories.csv": "category_id,name\na,First\nb,B\na,Second\n a ,Third\n",
            "flows.csv": "category_id,vendor_id,purpose,legal_basis\na,good,p,consent\na,good,p,\na,good,,\na,good,,consent\na,good,q,\n",
            "aliases.csv": "kind,alias,id\nvendor,G,good\ncategory,G,a\nvendor,G,other\n",
        },
    )
    assert found(folder) == [
        ("duplicate-key", 4, "category_id", "a"),
        ("duplicate-key", 5, "category_id", "a"),
        ("duplicate-key", 4, "", "vendor/G"),
        ("duplicate-key", 3, "", "a/good/p"),
        ("duplicate-key", 5, "", "a/good/"),
    ]
    store = read(folder)
    assert cells(store, "categories", "name") == [("First",), ("B",)]
    assert cells(store, "flows", "row_no", "legal_basis") == [(2, "consent"), (4, None), (6, None)]


def test_rows_without_a_key(tmp_path: Path):
    """A row without its key is left out and named; a flow without a purpose is a row like any other."""
    folder = register(
        tmp_path,
        {"categories.csv": "category_id,name\na,A\n,No key\nb,B\n", "flows.csv": "category_id,vendor_id,purpose\na,,p\n,good,p\na,good,\n"},
    )
    assert found(folder) == [
        ("missing-key", 3, "category_id", ""),
        ("missing-key", 3, "category_id", ""),
        ("missing-key", 2, "vendor_id", ""),
    ]
    assert cells(read(folder), "flows", "row_no") == [(4,)]


def test_dangling_references(tmp_path: Path):
    """A key that names nothing is an error at its cell, in lists too, and the row stays."""
    tables = tiny()
    tables["flows"][0] |= {"category_id": "nowhere", "data_use": "world.domination"}
    tables["flows"][5]["vendor_id"] = "nobody"
    tables["activities"][0] |= {"category_ids": "logs;gone;identity", "vendor_ids": "nobody;sentry"}
    tables["categories"][0]["taxonomy_keys"] = "user;no.such.key"
    tables["evidence"][0]["source_id"] = "no-page"
    store = read(write(tmp_path, tables))
    assert [(fault.file, fault.row, fault.column, fault.value, fault.more) for fault in faults(store)] == [
        ("categories.csv", 2, "taxonomy_keys", "no.such.key", "data_categories"),
        ("activities.csv", 2, "category_ids", "gone", "categories"),
        ("activities.csv", 2, "vendor_ids", "nobody", "vendors"),
        ("evidence.csv", 2, "source_id", "no-page", "sources"),
        ("evidence.csv", 2, "row_id", "logs/sentry/To find bugs", "flows"),
        ("evidence.csv", 3, "row_id", "logs/sentry/To find bugs", "flows"),
        ("evidence.csv", 6, "row_id", "source-code/sentry/To find bugs", "flows"),
        ("flows.csv", 2, "category_id", "nowhere", "categories"),
        ("flows.csv", 7, "vendor_id", "nobody", "vendors"),
        ("flows.csv", 2, "data_use", "world.domination", "data_uses"),
    ]
    assert {fault.code for fault in store.faults} == {"dangling-reference"}
    assert store.counts["flows"] == 6
    assert ("nobody", None) in cells(store, "vendor_facts", "vendor_key", "row_no")


@pytest.mark.parametrize(
    ("row", "column", "value", "more"),
    [
        ({"table": "vendors", "row_id": "sentry"}, None, None, None),
        ({"table": "categories", "row_id": "logs", "column": "name"}, None, None, None),
        ({"table": "activities", "row_id": "news"}, None, None, None),
        ({"table": "aliases", "row_id": "vendor/Zentry"}, None, None, None),
        ({"table": "flows", "row_id": "identity/courier/"}, None, None, None),
        ({"table": "flows", "row_id": "identity/courier"}, None, None, None),
        ({"table": "flows", "row_id": "logs/sentry/To find"}, "row_id", "logs/sentry/To find", "flows"),
        ({"table": "flows", "row_id": "logs"}, "row_id", "logs", "flows"),
        ({"table": "flows", "row_id": "logs/nobody/To find bugs"}, "row_id", "logs/nobody/To find bugs", "flows"),
        ({"table": "flows"}, "row_id", "", "flows"),
        ({"table": "vendors", "row_id": "nobody"}, "row_id", "nobody", "vendors"),
        ({"table": "vendors", "row_id": "logs"}, "row_id", "logs", "vendors"),
        ({"table": "people", "row_id": "sentry"}, "table", "people", "the register"),
        ({"table": "evidence", "row_id": "sentry"}, "table", "evidence", "the register"),
        ({"row_id": "sentry"}, "table", "", "the register"),
    ],
)
def test_evidence_for_nothing(tmp_path: Path, row: dict[str, str], column: str | None, value: str | None, more: str | None):
    """Evidence names a row that is there, of any table with a key; what is evidence for no row is an error."""
    tables = tiny()
    tables["evidence"].append({"status": "stated", "quote": "so it is", **row})
    place = len(tables["evidence"]) + 1
    found = [(fault.code, fault.row, fault.column, fault.value, fault.more) for fault in faults(read(write(tmp_path, tables)))]
    assert found == ([("dangling-reference", place, column, value, more)] if column else [])


def test_aliases_of_nothing(tmp_path: Path):
    """An alias stands for a key of the table its kind speaks of; one that stands for no row is an error, one without a key is not."""
    tables = tiny()
    tables["aliases"] = [
        {"kind": "vendor", "alias": "A", "id": "sentry"},
        {"kind": "vendor", "alias": "B", "id": "logs"},
        {"kind": "category", "alias": "C", "id": "gone"},
        {"kind": "vendor", "alias": "D"},
    ]
    found = [(fault.file, fault.row, fault.column, fault.value, fault.more) for fault in faults(read(write(tmp_path, tables)))]
    assert found == [("aliases.csv", 3, "id", "logs", "vendors"), ("aliases.csv", 4, "id", "gone", "categories")]


def test_much_evidence_for_nothing_is_counted(tmp_path: Path):
    """Of evidence for rows that are not there, the first two hundred rows are named and the others counted."""
    tables = {"vendors": [{"vendor_id": "a"}], "evidence": [{"table": "vendors", "row_id": f"v-{at}"} for at in range(207)]}
    store = read(write(tmp_path, tables))
    assert [fault.row for fault in faults(store, "dangling-reference")] == list(range(2, 202))
    assert [(fault.column, fault.value, fault.more) for fault in faults(store, "and-more")] == [("row_id", "7", "dangling-reference")]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("locations", "FR;Germany", "invalid-country"),
        ("locations", "EU", "invalid-country"),
        ("transfer_checked_on", "31/12/2026", "invalid-date"),
        ("transfer_checked_on", "2026-02-30", "invalid-date"),
        ("legal_basis", "legitimate basis", "value-not-allowed"),
        ("transfer_mechanism", "privacy-shield", "value-not-allowed"),
    ],
)  # fmt: skip
def test_values_that_are_not_allowed(tmp_path: Path, column: str, value: str, code: str):
    """A value outside its list, calendar or map is an error at its cell, stays as it was stated, and leaves the row in place."""
    store = read(write(tmp_path, with_flow(purpose="p", **{column: value})))
    (fault,) = faults(store)
    assert (fault.code, fault.file, fault.row, fault.column, fault.severity) == (code, "flows.csv", 8, column, "error")
    assert fault.value in value and "{" not in fault.hint
    assert cells(store, "flows", column)[-1] == (value,)


def test_the_hint_lists_the_allowed_values(tmp_path: Path):
    """What to do about a value outside its list is to use one of the list."""
    store = read(write(tmp_path, with_flow(purpose="p", legal_basis="because")))
    assert faults(store)[0].hint == "Use one of: consent, contract, legal-obligation, vital-interests, public-task, legitimate-interests."


def test_ten_thousand_columns(tmp_path: Path):
    """A file of ten thousand unknown columns is one error; the columns of the model are read."""
    names = ",".join(f"c{number}" for number in range(10_000))
    folder = register(tmp_path, {"categories.csv": f"category_id,{names},name\na,{names},A\nb,{names},B\n"})
    assert found(folder) == [("columns-many", 1, "", "10,000")]
    assert cells(read(folder), "categories", "category_id", "name") == [("a", "A"), ("b", "B")]


@pytest.mark.parametrize("size", [5_000_000, 20_000_000])
@pytest.mark.parametrize("newline", ["", "\n"], ids=["one line", "many lines"])
def test_a_huge_cell(tmp_path: Path, size: int, newline: str):
    """A cell of five or twenty megabytes is a warning that quotes its beginning only; it and its neighbours are kept."""
    text = ("x" * 99 + (newline or "x")) * (size // 100)
    folder = register(tmp_path, {"categories.csv": f'category_id,name,description\na,A,"{text}"\nb,B,y\n'})
    store = read(folder)
    (fault,) = faults(store, "cell-long")
    assert (fault.row, fault.column, len(fault.value) <= 120) == (2, "description", True)
    assert store.query("SELECT length(description) FROM categories ORDER BY row_no") == [(len(text.strip()),), (1,)]


def test_a_huge_heading(tmp_path: Path):
    """A heading of five megabytes is an unknown column, quoted by its beginning."""
    folder = register(tmp_path, {"categories.csv": f"category_id,{'x' * 5_000_000},name\na,v,A\n"})
    ((code, row, column, _),) = found(folder)
    assert (code, row, len(column)) == ("column-unknown", 1, 120)


@pytest.mark.parametrize("text", ["A\x00B", '"A\x00B"', "\x00A", "A\x00"])
@pytest.mark.parametrize("blank", ["", "\n"], ids=["fast", "lenient"])
def test_null_bytes(tmp_path: Path, text: str, blank: str):
    """A null byte is an error at its cell and shown; the text around it and the other rows are read."""
    folder = register(tmp_path, {"categories.csv": f"category_id,name\n{blank}a,{text}\nb,B\n"})
    shown = text.strip('"').replace("\x00", "\ufffd")
    assert found(folder) == [("control-character", 3 if blank else 2, "name", shown)]
    assert cells(read(folder), "categories", "name") == [(shown,), ("B",)]


def test_a_file_of_null_bytes(tmp_path: Path):
    """A file of nothing but null bytes, as a crashed disk leaves it, is an error of that file."""
    assert [code for code, *_ in found(register(tmp_path, {"categories.csv": b"\x00" * 10_000}))] == ["file-empty"]


# -- Parquet ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [b"category_id\na\n", b"PAR1", b"PAR1" + b"\x00" * 100 + b"PAR1", b"PAR1" + b"\xff" * 1_000, b"PK\x03\x04"],
    ids=["csv", "magic only", "no footer", "noise", "zip"],
)
def test_a_parquet_file_that_is_none(tmp_path: Path, content: bytes):
    """A file that only claims to be Parquet is one error of that file."""
    ((code, row, _, value),) = found(register(tmp_path, {"categories.parquet": content}))
    assert (code, row) == ("file-unreadable", None) and value


def test_a_parquet_file_cut_short(tmp_path: Path):
    """Half a Parquet file is one error of that file."""
    pq.write_table(pa.table({"category_id": [f"c-{number}" for number in range(5_000)]}), tmp_path / "whole.parquet")
    content = (tmp_path / "whole.parquet").read_bytes()
    assert [code for code, *_ in found(register(tmp_path / "r", {"categories.parquet": content[: len(content) // 2]}))] == [
        "file-unreadable"
    ]


def parquet(folder: Path, table: pa.Table, name: str = "categories") -> Path:
    """Write a register whose one other table is that Parquet table."""
    register(folder, {})
    pq.write_table(table, folder / f"{name}.parquet")
    return folder


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (pa.array([7, None]), "7"),
        (pa.array([1.5, None]), "1.5"),
        (pa.array([True, None]), "true"),
        (pa.array([datetime.date(2026, 1, 2), None]), "2026-01-02"),
        (pa.array([datetime.datetime(2026, 1, 2, 3, 4), None]), "2026-01-02"),  # noqa: DTZ001 - a column without a time zone
        (pa.array([datetime.datetime(2026, 1, 2, 3, 4, tzinfo=datetime.UTC), None]), "2026-01-02"),
        (pa.array([datetime.time(1, 2), None]), "01:02:00"),
        (pa.array([{"x": 1, "y": "z"}, None]), "{'x': 1, 'y': z}"),
        (pa.array([[("k", "v")], None], pa.map_(pa.string(), pa.string())), "{k=v}"),
        (pa.array([["p", "q"], None]), "p;q"),
        (pa.array([["p", "q"], None], pa.list_(pa.string(), 2)), "p;q"),
        (pa.array([["p", None, ""], None]), "p;"),
        (pa.array([[["p"], ["q", "r"]], None]), "[p];[q, r]"),
        (pa.array([[], None], pa.list_(pa.string())), None),
        (pa.array([b"p\xffq", None]), "p\\xFFq"),
        (pa.array(["p", None]).dictionary_encode(), "p"),
        (pa.array(["p", None], pa.large_string()), "p"),
        (pa.array(["", None]), None),
        (pa.nulls(2), None),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else "",
)  # fmt: skip
@pytest.mark.parametrize("name", ["categories", "flows"])
def test_parquet_of_odd_types(tmp_path: Path, values: pa.Array, text: str | None, name: str):
    """Whatever type a Parquet column has, its cells are read as text and its empty cells as not stated."""
    keys = {"category_id": ["a", "b"], "vendor_id": ["good", "good"], "purpose": ["p", "p"]}
    table = pa.table({key: cell for key, cell in keys.items() if name == "flows" or key == "category_id"} | {"notes": values})
    folder = parquet(tmp_path, table, name)
    assert found(folder, "file-unreadable", "header-unknown") == []
    assert cells(read(folder), name, "notes") == [(text,), (None,)]


def test_parquet_with_number_keys(tmp_path: Path):
    """Keys that are numbers are keys like others, and two tables whose keys differ in type still meet."""
    register(tmp_path, {})
    pq.write_table(pa.table({"category_id": pa.array([1, 2], pa.int64())}), tmp_path / "categories.parquet")
    pq.write_table(pa.table({"category_id": pa.array([1, 3], pa.int8()), "vendor_id": ["good", "good"]}), tmp_path / "flows.parquet")
    assert found(tmp_path) == [("dangling-reference", 3, "category_id", "3")]


@pytest.mark.parametrize("name", ["categories", "flows"])
def test_parquet_with_empty_lists(tmp_path: Path, name: str):
    """An empty list is not stated, in the flows as in any other table."""
    column = "locations" if name == "flows" else "data_subjects"
    keys = {"category_id": ["a", "b"]} | ({"vendor_id": ["good", "good"]} if name == "flows" else {})
    folder = parquet(tmp_path, pa.table(keys | {column: pa.array([[], ["FR", "DE"]], pa.list_(pa.string()))}), name)
    assert cells(read(folder), name, column) == [(None,), ("FR;DE" if name == "flows" else ["FR", "DE"],)]


def test_parquet_columns_are_reported_like_csv_s(tmp_path: Path):
    """Extra, missing and unknown columns of a Parquet file are the same faults as those of a CSV file."""
    assert found(parquet(tmp_path / "extra", pa.table({"Category_ID ": ["a"], "row_no": [9], "rowid": [8]}))) == [
        ("column-unknown", 1, "", "2 columns (row_no, rowid)")
    ]
    assert cells(read(tmp_path / "extra"), "categories", "row_no", "category_id", "extra") == [(2, "a", {"row_no": "9", "rowid": "8"})]
    assert found(parquet(tmp_path / "keyless", pa.table({"name": ["A"]}))) == [("column-missing", 1, "category_id", "")]
    assert found(parquet(tmp_path / "other", pa.table({"x": ["A"]}))) == [("header-unknown", 1, "", "categories")]
    assert found(parquet(tmp_path / "none", pa.table({"category_id": pa.array([], pa.string())}))) == [("header-only", None, "", "")]
    wide = pa.table({"category_id": ["a"], **{f"c{number}": ["v"] for number in range(10_000)}})
    assert found(parquet(tmp_path / "wide", wide)) == [("columns-many", 1, "", "10,000")]


# -- names that are more than names ----------------------------------------------------------------------------------

NAMES = {
    "markdown": "**bold** [link](http://127.0.0.1:9/x) ![image](http://127.0.0.1:9/y.png) `code` # heading | cell",
    "html": "<script>alert(1)</script><img src=http://127.0.0.1:9/z onerror=alert(2)>&amp;",
    "formula": '=HYPERLINK("http://127.0.0.1:9","x")+cmd|\' /C calc\'!A0',
    "sql": "'; DROP TABLE flows; --\" $q {where} %s ?",
    "template": "{column} {{x}} ${HOME} %(x)s \\N{BULLET}",
    "right to left": "\u202eevil\u202c \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "long": "Name " * 60,
    "emoji": "👩‍👩‍👧‍👦 Ünïcödé ﷽ \u200b",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_strange_names(tmp_path: Path, name: str):
    """A name that is Markdown, HTML, a formula or in another script arrives everywhere exactly as it was stated."""
    tables = tiny()
    for rows, columns in (
        (tables["categories"], ("name", "description")),
        (tables["vendors"], ("name", "company", "section", "legal_name")),
    ):
        for column in columns:
            rows[0][column] = name
    tables["flows"][0] |= {"purpose": name, "condition": name}
    for row in tables["evidence"][:2]:
        row["row_id"] = f"logs/sentry/{name.strip()}"
    tables["aliases"][0]["alias"] = name
    store = read(write(tmp_path, tables, toml=f"title = '''{name}'''\n"))
    stated = name.strip()
    assert faults(store) == []
    assert cells(store, "categories", "name")[0] == cells(store, "vendors", "name")[0] == (stated,)
    row = {column: values[0] for column, values in fetch(store, "flows", Ask()).to_pydict().items()}
    assert [row[column] for column in ("category", "vendor", "company", "section", "purpose", "condition")] == [stated] * 6
    labels = {value.label for facet in ("category", "vendor", "company", "section", "purpose") for value in store.known[facet].values()}
    assert stated in labels
    assert store.settings.title == stated
