"""Reading is lenient: however a register was saved, its rows arrive, and what was odd about the file is named."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registers import TEXT, cells, csv_text, faults, read, tiny, write

from popmap.register.mending import mend
from popmap.register.reading import MOST_EXTRA_COLUMNS, find, understand
from popmap.register.schema import BY_NAME, TABLES
from popmap.store import Store

CATEGORIES = BY_NAME["categories"]
HEADER = "category_id,name,description"
ODD_TEXT = 'a "word", a semicolon; a tab\t, an é, a 😀\nand a second line'


def categories(folder: Path, content: str | bytes, name: str = "categories.csv") -> Store:
    """Return the store of a register that has one table only."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(folder)


def of_file(store: Store) -> list[tuple[str, int | None, str, str]]:
    """Return the faults of the table's file: code, row, column and value."""
    return [
        (fault.code, fault.row, fault.column, fault.value)
        for fault in store.faults
        if fault.file.startswith("categories") and fault.code != "table-missing"
    ]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The tiny register as popmap would write it, with a cell that holds everything CSV has to quote."""
    return read(write(tmp_path_factory.mktemp("plain"), odd()))


def odd() -> dict[str, list[dict[str, str]]]:
    """Return the tiny register with a cell that holds everything CSV has to quote."""
    tables = tiny()
    tables["categories"][1]["description"] = ODD_TEXT
    return tables


def contents(store: Store) -> dict[str, list[tuple]]:
    """Return every table's rows as the store holds them."""
    return {table.name: store.query(f"SELECT * FROM {table.name} ORDER BY row_no") for table in TABLES}


# -- encodings, delimiters, line ends --------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(tmp_path: Path, plain: Store, encoding: str, delimiter: str):
    """Every encoding and delimiter spreadsheets write gives the same store and the same fingerprint, and is no fault."""
    store = read(write(tmp_path, odd(), encoding=encoding, delimiter=delimiter))
    assert faults(store) == []
    assert contents(store) == contents(plain)
    assert store.fingerprint == plain.fingerprint


def test_utf_16_big_endian_with_a_mark(tmp_path: Path, plain: Store):
    """A byte order mark says which UTF-16 it is."""
    write(tmp_path, odd())
    for path in tmp_path.glob("*.csv"):
        path.write_bytes(b"\xfe\xff" + path.read_text(encoding="utf-8").encode("utf-16-be"))
    store = read(tmp_path)
    assert (faults(store), store.fingerprint) == ([], plain.fingerprint)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
def test_line_ends(tmp_path: Path, plain: Store, newline: str):
    """Unix, Windows and old Mac line ends all end a row and nothing else."""
    store = read(write(tmp_path, odd(), newline=newline))
    assert faults(store) == []
    assert contents(store) == contents(plain)


def test_mixed_line_ends(tmp_path: Path):
    """A file put together from several systems' files keeps its rows and their numbers."""
    store = categories(tmp_path, "category_id,name\r\na,A\nb,B\r\nc,C")
    assert cells(store, "categories", "row_no", "category_id", "name") == [(2, "a", "A"), (3, "b", "B"), (4, "c", "C")]


def test_column_order_and_case(tmp_path: Path, plain: Store):
    """Columns are known by name, in any order and any case."""
    for name, rows in odd().items():
        columns = sorted({column for row in rows for column in row}, reverse=True)
        text = csv_text(rows, columns)
        head, body = text.split("\n", 1)
        (tmp_path / f"{name}.csv").write_text(f"{head.upper()}\n{body}", encoding="utf-8")
    (tmp_path / "register.toml").write_bytes((plain.folder / "register.toml").read_bytes())
    store = read(tmp_path)
    assert faults(store) == []
    assert contents(store) == contents(plain)


def test_lists_and_joined_lists_are_the_same(tmp_path: Path, plain: Store):
    """A list cell means the same as a Parquet list and as text joined with semicolons, with or without blanks."""
    write(tmp_path, odd(), parquet=True)
    assert contents(read(tmp_path)) == contents(plain)
    store = categories(tmp_path / "csv", "category_id,data_subjects\na,x ; y;;z;\nb,;\n")
    assert cells(store, "categories", "data_subjects") == [(["x", "y", "z"],), (None,)]


# -- columns ---------------------------------------------------------------------------------------------------------


def test_extra_columns_are_kept_and_named(tmp_path: Path):
    """Columns the model does not know keep their stated cells, and the header's fault names them."""
    store = categories(tmp_path, 'category_id,Internal Code,name,"tags, old"\na, X1 ,A,\nb,,B,"t,u"\n')
    assert cells(store, "categories", "category_id", "name", "extra") == [
        ("a", "A", {"Internal Code": "X1"}),
        ("b", "B", {"tags, old": "t,u"}),
    ]
    assert of_file(store) == [("column-unknown", 1, "", "2 columns (Internal Code, tags, old)")]


def test_one_extra_column_is_named(tmp_path: Path):
    """A single unknown column, perhaps a misspelt one, stands in the fault's column."""
    store = categories(tmp_path, "category_id,nmae\na,A\n")
    assert of_file(store) == [("column-unknown", 1, "nmae", "this column")]
    assert cells(store, "categories", "name", "extra") == [(None, {"nmae": "A"})]


@pytest.mark.parametrize("blank", ["", "\n"], ids=["fast", "lenient"])
def test_extra_columns_cannot_disturb_loading(tmp_path: Path, blank: str):
    """Columns that happen to be called what popmap calls its own are ordinary extra columns."""
    names = [
        "row_no",
        "rowid",
        "popmap_row",
        "extra",
        "row_id",
        "popmap_skipped_1",
        "raw",
        "+name",
        "select",
        'q"uote',
        "it's",
        "a{b}: 'c'",
        "$1",
        "name ",
    ]
    text = csv_text([{"category_id": "a", **{name: f"v{at}" for at, name in enumerate(names)}}])
    store = categories(tmp_path, text + blank + "b" + "," * len(names) + "\n")
    expected = {name: f"v{at}" for at, name in enumerate(names[:-1])}
    assert cells(store, "categories", "row_no", "category_id", "name", "extra") == [
        (2, "a", f"v{len(names) - 1}", expected),
        (4 if blank else 3, "b", None, None),
    ]


@pytest.mark.parametrize(
    ("header", "twice", "kept"),
    [
        ("category_id,name,name", ["name"], ("1", None)),
        ("category_id,name,Name", ["name"], ("1", None)),
        ("category_id,Foo,foo", ["foo"], (None, {"Foo": "1"})),
        ("category_id,Foo,Foo", ["Foo"], (None, {"Foo": "1"})),
    ],
)
def test_a_column_given_twice(tmp_path: Path, header: str, twice: list[str], kept: tuple):
    """Of two columns of one name, in whatever case, the first is read and the second is a fault."""
    store = categories(tmp_path, f"{header}\na,1,2\n")
    assert cells(store, "categories", "name", "extra") == [kept]
    assert [fault.column for fault in faults(store, "column-twice")] == twice


def test_a_column_without_a_name(tmp_path: Path):
    """Cells under an empty heading are not lost: the column goes by its position, and is reported."""
    store = categories(tmp_path, "category_id,,name\na,x,A\n")
    assert cells(store, "categories", "name", "extra") == [("A", {"column 2": "x"})]
    assert of_file(store) == [("column-unknown", 1, "column 2", "this column")]


@pytest.mark.parametrize("row", ["a,A", "a,A,", "a,A,,,"])
def test_commas_at_the_end(tmp_path: Path, row: str):
    """Delimiters that a spreadsheet left at the ends of lines are no fault, however many."""
    store = categories(tmp_path, f"category_id,name,,\n{row}\n")
    assert cells(store, "categories", "category_id", "name", "extra") == [("a", "A", None)]
    assert of_file(store) == []


def test_missing_columns_are_not_stated(tmp_path: Path):
    """A column that is not in the file is a column of empty cells, and no fault unless it is the key."""
    store = categories(tmp_path, "category_id\na\n")
    assert cells(store, "categories", "category_id", "name", "data_subjects") == [("a", None, None)]
    assert of_file(store) == []


def test_a_missing_key_column(tmp_path: Path):
    """Without its key column a table has no row, and that is said once rather than for every row."""
    store = categories(tmp_path, "name,description\nA,x\nB,y\n")
    assert store.counts["categories"] == 0
    assert of_file(store) == [("column-missing", 1, "category_id", "")]


def test_a_guarded_header(tmp_path: Path):
    """A heading that was exported with a spreadsheet's guard is read without it."""
    store = categories(tmp_path, "category_id,'=x\na,1\n")
    assert cells(store, "categories", "extra") == [({"=x": "1"},)]


# -- rows ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
def test_blank_lines_do_not_shift_row_numbers(tmp_path: Path, newline: str):
    """Rows keep the number a spreadsheet shows, blank lines, lines of blanks and lines of delimiters counted but not read."""
    lines = ["", "category_id,name", "a,A", "", "  ", ",,", "b,B", ' ,"" ', "", "c,C", "", ""]
    store = categories(tmp_path, newline.join(lines))
    assert cells(store, "categories", "row_no", "category_id", "name") == [(3, "a", "A"), (7, "b", "B"), (10, "c", "C")]
    assert not faults(store, "missing-key", "row-long")


def test_rows_of_delimiters_are_no_rows(tmp_path: Path):
    """Empty rows that a spreadsheet left behind are neither rows nor faults, even without a key, and do not change the fingerprint."""
    tables = tiny()
    with_blanks = {name: [*rows[:1], {}, *rows[1:], {}, {}] for name, rows in tables.items()}
    one, other = read(write(tmp_path / "one", tables)), read(write(tmp_path / "other", with_blanks))
    assert faults(other) == []
    assert one.counts == other.counts and one.fingerprint == other.fingerprint
    assert cells(other, "evidence", "row_no")[:2] == [(2,), (4,)]


def test_quoted_line_ends_count_as_one_row(tmp_path: Path):
    """A cell of several lines is one cell of one row, and the next row has the next number."""
    store = categories(tmp_path, 'category_id,name\na,"one\ntwo\r\n\nthree"\nb,B\n')
    assert cells(store, "categories", "row_no", "name") == [(2, "one\ntwo\r\n\nthree"), (3, "B")]
    assert of_file(store) == []


@pytest.mark.parametrize("parquet", [False, True], ids=["csv", "parquet"])
def test_row_numbers(tmp_path: Path, parquet: bool):
    """The first row below the header is row 2, in Parquet too."""
    store = read(write(tmp_path, tiny(), parquet=parquet))
    assert [number for (number,) in cells(store, "flows", "row_no")] == [2, 3, 4, 5, 6, 7]


def test_short_and_long_rows(tmp_path: Path):
    """A row with too few or too many cells is named and read as far as it goes; its neighbours are read whole."""
    store = categories(tmp_path, f"{HEADER}\na,A,x\nb,B\nc,C,y,surplus,more\nd,D,z\n")
    assert cells(store, "categories", "row_no", "category_id", "name", "description") == [
        (2, "a", "A", "x"),
        (3, "b", "B", None),
        (4, "c", "C", "y"),
        (5, "d", "D", "z"),
    ]
    assert of_file(store) == [("row-short", 3, "", "b,B"), ("row-long", 4, "", "surplus,more")]


def test_guards_are_taken_off(tmp_path: Path):
    """A cell that an export guarded against being run as a formula is read as what it was."""
    store = categories(tmp_path, "category_id,name,description\na,'=SUM(A1),'@x\nb,'quoted','\n")
    assert cells(store, "categories", "name", "description") == [("=SUM(A1)", "@x"), ("'quoted'", "'")]


# -- quotes that do not fit ------------------------------------------------------------------------------------------


def test_a_stray_quote_in_one_row_of_a_thousand(tmp_path: Path):
    """One row with a quote inside a quoted cell is named; all thousand rows are read, each with its number."""
    rows = [f"c-{number},Name {number},x" for number in range(2, 1002)]
    rows[498] = 'c-500,"Na"me,x'
    store = categories(tmp_path, "\n".join([HEADER, *rows]) + "\n")
    assert cells(store, "categories", "row_no", "category_id") == [(number, f"c-{number}") for number in range(2, 1002)]
    assert of_file(store) == [("quote-stray", 500, "", 'c-500,"Na"me,x')]
    assert cells(store, "categories", "name")[498] == ("Name",)


@pytest.mark.parametrize(
    ("broken", "below"),
    [
        ('b,"B,x', ["c,C,y", "d,D,z"]),
        ('b,"B,x', ["c,C,y", 'd,"D, again",z']),
        ('b,"B"x,"x', ["c,C,y", "d,D,z"]),
        ('b,"B,x', ['c,"C"x,y', "d,D,z"]),
        ('b,B,"x', ["c,C,y", "d,D,z"]),
        ('"b,B,x', ["c,C,y", "d,D,z"]),
        ('b,"B,x', []),
        ('b,"B,x', ['c,"C,y', 'd,"D,z']),
        ('b,"B,x', ["", 'c,C,"two\nlines"', "d,D,z"]),
    ],
    ids=[
        "to the end",
        "to the next quote",
        "two faults",
        "stray below",
        "last cell",
        "first cell",
        "last row",
        "every row",
        "two lines below",
    ],
)
def test_an_open_quote_swallows_nothing(tmp_path: Path, broken: str, below: list[str]):
    """A quote that is not closed costs no other row: its line is read alone, and every row below is read as usual."""
    store = categories(tmp_path, "\n".join([HEADER, "a,A,w", broken, *below]) + "\n")
    found = cells(store, "categories", "row_no", "category_id")
    expected = [(2, "a"), (3, "b")] + [(4 + at, line[0]) for at, line in enumerate(below) if line]
    assert found == expected
    (first, *_) = faults(store, "quote-open")
    assert (first.file, first.row, first.value) == ("categories.csv", 3, broken)
    assert cells(store, "categories", "category_id", "description")[1][0] == "b"


def test_an_open_quote_keeps_the_cells_of_its_own_line(tmp_path: Path):
    """The line of an open quote is split where its delimiters are, or where its other quotes say when only that fits the header."""
    store = categories(tmp_path, HEADER + '\na,"A,x\nb,"B, and more","y\n')
    assert cells(store, "categories", "category_id", "name", "description") == [("a", "A", "x"), ("b", "B, and more", "y")]


def test_an_open_quote_in_the_header(tmp_path: Path):
    """Even a header with a quote too many names its columns, and the rows below it are read."""
    store = categories(tmp_path, 'category_id,"name,description\na,A,x\nb,B,y\n')
    assert cells(store, "categories", "row_no", "category_id", "name", "description") == [(2, "a", "A", "x"), (3, "b", "B", "y")]
    assert of_file(store) == [("quote-open", 1, "", 'category_id,"name,description')]


def test_many_open_quotes_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A file that opens a quote on every line is read to its end: once too much was read again, lines are trusted more than quotes."""
    monkeypatch.setattr("popmap.register.mending._MOST_LINES_AGAIN", 1_000)
    store = categories(tmp_path, HEADER + "\n" + "".join(f'c-{number},"N,x\n' for number in range(400)))
    assert cells(store, "categories", "row_no", "category_id") == [(number + 2, f"c-{number}") for number in range(400)]
    assert {fault.code for fault in faults(store)} >= {"quote-open", "and-more"}
    (more,) = [fault for fault in faults(store, "and-more") if fault.more == "quote-open"]
    assert more.value == "200" and more.row is None


# -- damage ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_broken_bytes(tmp_path: Path, encoding: str):
    """A cell with bytes of another encoding is named with its column, and what could not be read is shown as such."""
    if encoding == "utf-8":
        content = f"{HEADER}\na,caf\xe9,x\nb,B,y\n".encode("latin-1")
    else:
        content = f"{HEADER}\na,caf\ud800,x\nb,B,y\n".encode("utf-16", "surrogatepass")
    store = categories(tmp_path, content)
    assert [row[:1] for row in cells(store, "categories", "category_id", "name")] == [("a",), ("b",)]
    (fault,) = faults(store, "encoding-broken")
    assert (fault.row, fault.column) == (2, "name") and fault.value.startswith("caf\ufffd")
    assert cells(store, "categories", "name")[0][0].startswith("caf\ufffd")


def test_half_a_utf_16_character_at_the_end(tmp_path: Path):
    """A UTF-16 file that was cut off keeps its rows; the cell with the cut is named."""
    store = categories(tmp_path, f"{HEADER}\na,A,x\nb,B,y".encode("utf-16") + b"\x41")
    assert cells(store, "categories", "category_id", "name") == [("a", "A"), ("b", "B")]
    assert [(code, row, column) for code, row, column, _ in of_file(store)] == [("encoding-broken", 3, "description")]


def test_broken_bytes_in_the_header(tmp_path: Path):
    """A heading in another encoding is named and its cells are kept; the columns of the model are read."""
    store = categories(tmp_path, "category_id,caf\xe9\na,x\n".encode("latin-1"))
    assert cells(store, "categories", "category_id", "extra") == [("a", {"caf\ufffd": "x"})]
    assert of_file(store) == [("encoding-broken", 1, "caf\ufffd", "caf\ufffd"), ("column-unknown", 1, "caf\ufffd", "this column")]


@pytest.mark.parametrize("row", ["a,caf\xe9", 'a,"caf\xe9', "a,x,y,caf\xe9", 'a,"x"caf\xe9,y'])
def test_broken_bytes_in_a_broken_row(tmp_path: Path, row: str):
    """Two faults in one row are both named; neither makes the other unreadable."""
    store = categories(tmp_path, f"{HEADER}\n{row}\nb,B,y\n".encode("latin-1"))
    assert [key for (key,) in cells(store, "categories", "category_id")] == ["a", "b"]
    assert any("caf\ufffd" in value for _, _, _, value in of_file(store))


@given(st.binary(max_size=400) | st.text(st.sampled_from('category_id,name;\t"\n\r\x00 ax\ufeff'), max_size=200).map(str.encode))
@settings(max_examples=30)
def test_no_bytes_are_too_strange(tmp_path_factory: pytest.TempPathFactory, content: bytes):
    """Whatever a file holds, reading the register ends, with the good table's row there and every fault complete."""
    folder = tmp_path_factory.mktemp("strange")
    (folder / "categories.csv").write_bytes(content)
    (folder / "vendors.csv").write_text("vendor_id\ngood\n", encoding="utf-8")
    store = read(folder)
    assert cells(store, "vendors", "vendor_id") == [("good",)]
    assert all(fault.message and fault.hint and fault.severity for fault in store.faults)
    store.close()


@given(st.lists(st.fixed_dictionaries({"name": TEXT | st.just(""), "description": TEXT | st.just("")}), max_size=6))
def test_the_lenient_reader_reads_what_the_fast_one_does(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]):
    """On a sound file the lenient reader finds no fault and writes exactly the cells that are there, with their row numbers."""
    folder = tmp_path_factory.mktemp("sound")
    rows = [{"category_id": f"c-{at}", **row} for at, row in enumerate(rows)]
    path = folder / "categories.csv"
    path.write_text(csv_text(rows, ["category_id", "name", "description"]), encoding="utf-8", newline="")
    file, found = understand(path, CATEGORIES, folder)
    assert file is not None and found == []
    copy, found = mend(file, folder)
    assert found == []
    with copy.path.open(encoding="utf-8", newline="") as source:
        assert list(csv.reader(source)) == [
            [str(at + 2), row["category_id"], row["name"], row["description"]] for at, row in enumerate(rows)
        ]


def test_finding_the_tables(tmp_path: Path):
    """Only the tables' own files are taken; other tables are named, other files are none of popmap's business."""
    for name in ("flows.csv", "flows.parquet", "vendors.CSV", "Categories.csv", "customers.csv", "notes.txt", ".csv"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    paths, found = find(tmp_path)
    assert {name: path.name for name, path in paths.items()} == {"flows": "flows.csv", "vendors": "vendors.CSV"}
    assert sorted((fault.code, fault.file) for fault in found) == [
        ("table-missing", "categories.csv"),
        ("two-files", "flows.parquet"),
        ("unknown-table", "Categories.csv"),
        ("unknown-table", "customers.csv"),
    ]


def test_most_extra_columns(tmp_path: Path):
    """Up to a hundred unknown columns are kept; beyond that the first hundred are, and the number of all is an error."""
    for count in (MOST_EXTRA_COLUMNS, MOST_EXTRA_COLUMNS + 1):
        names = [f"x{at}" for at in range(count)]
        store = categories(tmp_path / str(count), csv_text([{"category_id": "a", **dict.fromkeys(names, "v")}]))
        assert list(cells(store, "categories", "extra")[0][0]) == names[:MOST_EXTRA_COLUMNS]
        assert [fault.code for fault in faults(store, "columns-many", "column-unknown")] == [
            "column-unknown" if count == MOST_EXTRA_COLUMNS else "columns-many"
        ]
