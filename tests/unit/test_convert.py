"""A register converted to CSV or Parquet reads the same, whatever is in its cells, or is not converted at all."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from popmap import stated
from popmap.checks.run import open_checked
from popmap.convert import Converted, convert
from popmap.errors import PopmapError, RegisterError, UsageError
from popmap.register import writing
from popmap.register.cells import clean
from popmap.register.schema import BY_NAME
from popmap.store import Store

POPWORK = Path(__file__).parents[2] / "data" / "popwork"
DAY = date(2026, 11, 23)
SETTINGS = 'title = "Nasty"\n\n[[sources]]\nid = "page"\ntitle = "The page"\nfile = "sources/page.txt"\n'
RULE = """\
-- code: own-rule
-- severity: note
-- table: vendors
-- column: name
-- article: none
-- title: An own rule
-- why: It is the register's.
-- hint: Nothing.
SELECT row_no FROM vendors
"""
# Cells as they stand in a CSV file: formulas with and without a guard, quotes, line ends, other scripts, lists, what is not allowed.
NASTY: dict[str, list[dict[str, str]]] = {
    "categories": [
        {
            "category_id": "logs",
            "name": "=1+1",
            "description": "a\r\nb\n\nc",
            "personal": "perhaps",
            "data_subjects": "'=x; 'y ;z",
            "Ünknown, col": "=kept",
        },
        {
            "category_id": "Not A Slug!",
            "name": "'=guarded",
            "description": 'say "hi", twice',
            "taxonomy_keys": "user.name;;user.name",
            "Ünknown, col": "",
        },
        {"category_id": "tab", "name": "'\t=tab", "description": "\u202eRTL \u200b", "retention_period": "'quoted'"},
    ],
    "vendors": [
        {"vendor_id": "a", "name": "**bold** <img src=x>", "country": "fr", "certifications": "ISO 27001; SOC 2;", "notes": "x" * 40_000},
        {"vendor_id": "b", "name": "-5", "country": "ZZ", "website": "javascript:alert(1)", "added_on": "yesterday"},
    ],
    "flows": [
        {"category_id": "logs", "vendor_id": "a", "purpose": "", "locations": "us;DE; fr", "notes": "@home"},
        {
            "category_id": "logs",
            "vendor_id": "nobody",
            "purpose": "To; list, things\nlike this",
            "locations": "",
            "extra one": "=1+1",
            "extra two": " 2 ",
        },
    ],
    "evidence": [{"table": "flows", "row_id": "logs/a/", "column": "notes", "status": "stated", "source_id": "page", "quote": "'''=q"}],
}


def write(folder: Path, tables: Mapping[str, list[dict[str, str]]]) -> Path:
    """Write a register folder with sources, an own rule and two files that are no part of a register."""
    for name in ("sources", "checks"):
        (folder / name).mkdir(parents=True)
    (folder / "register.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "sources" / "page.txt").write_bytes(b"what the page says\r\n\x00")
    (folder / "checks" / "own-rule.sql").write_text(RULE, encoding="utf-8")
    (folder / "README.md").write_text("about", encoding="utf-8")
    (folder / "prices.csv").write_text("a,b\n", encoding="utf-8")
    for name, rows in tables.items():
        columns = list(dict.fromkeys([*(column.name for column in BY_NAME[name].columns), *(key for row in rows for key in row)]))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


@pytest.fixture
def nasty(tmp_path: Path) -> Path:
    """Return a register whose cells are as bad as can be read without loss."""
    return write(tmp_path / "nasty", NASTY)


def rows_of(store: Store) -> dict[str, list[dict[str, object]]]:
    """Return every row and extra cell that a store holds, without row numbers."""
    names = [*BY_NAME, "sources"]
    return {
        name: [{k: v for k, v in row.items() if k != "row_no"} for row in store.arrow(f'SELECT * FROM "{name}" ORDER BY ALL').to_pylist()]
        for name in names
    }


def test_the_bundled_register_comes_back_byte_for_byte(tmp_path: Path) -> None:
    """The bundled register as Parquet and from there as CSV is the bundled register, file by file."""
    there = convert(POPWORK, "parquet", tmp_path / "parquet")
    back = convert(there.folder, "csv", tmp_path / "csv")
    assert there.fingerprint == back.fingerprint == open_checked(POPWORK).fingerprint
    assert there.rows == back.rows and there.rows["flows"] == 34
    files = sorted(path.relative_to(POPWORK) for path in POPWORK.rglob("*") if path.is_file())
    assert sorted(path.relative_to(back.folder) for path in back.folder.rglob("*") if path.is_file()) == files
    assert [str(path) for path in files if (back.folder / path).read_bytes() != (POPWORK / path).read_bytes()] == []


@pytest.mark.parametrize("rows", [1, 34, 35])
def test_a_register_converted_in_small_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    """However few rows are held at once, all of them arrive, in their order."""
    monkeypatch.setattr(stated, "_WINDOW_ROWS", rows)
    monkeypatch.setattr(writing, "_BATCH_ROWS", 2)
    parquet = convert(POPWORK, "parquet", tmp_path / "parquet").folder
    assert (convert(parquet, "csv", tmp_path / "csv").folder / "flows.csv").read_bytes() == (POPWORK / "flows.csv").read_bytes()


@pytest.mark.parametrize("forms", [("csv",), ("parquet",), ("parquet", "csv"), ("csv", "parquet"), ("parquet", "parquet")])
def test_nasty_cells_survive(nasty: Path, tmp_path: Path, forms: tuple[str, ...]) -> None:
    """Formulas, quotes, line ends, lists, unknown columns and values that are not allowed read the same after any conversion."""
    folder = nasty
    for number, form in enumerate(forms):
        folder = convert(folder, form, tmp_path / f"copy-{number}").folder
    stores = [open_checked(each, DAY) for each in (nasty, folder)]
    assert rows_of(stores[0]) == rows_of(stores[1])
    faults = [{(fault.code, fault.row, fault.column, fault.value) for fault in store.faults if fault.row} for store in stores]
    named = ("column-unknown", "header-unknown")
    assert {fault for fault in faults[0] if fault[0] not in named} == {fault for fault in faults[1] if fault[0] not in named}


def test_what_belongs_to_a_register_goes_along(nasty: Path, tmp_path: Path) -> None:
    """Settings, sources and own rules are copied as they are; what else lies in the folder is named, not copied."""
    done = convert(nasty, "parquet", tmp_path / "new" / "folder")
    for name in ("register.toml", "sources/page.txt", "checks/own-rule.sql"):
        assert (done.folder / name).read_bytes() == (nasty / name).read_bytes()
    assert done == Converted(
        tmp_path / "new" / "folder",
        open_checked(nasty).fingerprint,
        {name: len(rows) for name, rows in NASTY.items()},
        ("README.md", "prices.csv"),
    )
    assert not (done.folder / "README.md").exists()
    assert not (done.folder / "activities.parquet").exists()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["folder"]


def test_parquet_has_lists_and_nulls(nasty: Path, tmp_path: Path) -> None:
    """List cells are lists in Parquet, cells that state nothing are null, and columns the model does not know follow its own."""
    folder = convert(nasty, "parquet", tmp_path / "copy").folder
    flows = pq.read_table(folder / "flows.parquet")
    assert flows.schema.field("locations").type == pa.list_(pa.string())
    assert flows["locations"].to_pylist() == [["US", "DE", "FR"], None]
    assert flows["purpose"].to_pylist() == [None, "To; list, things\nlike this"]
    assert flows.column_names == [*(column.name for column in BY_NAME["flows"].columns), "extra one", "extra two"]


def test_csv_cells_hold_no_formula(nasty: Path, tmp_path: Path) -> None:
    """A converted CSV opened in a spreadsheet starts nothing: every cell is guarded, also those of columns the model does not know."""
    folder = convert(convert(nasty, "parquet", tmp_path / "one").folder, "csv", tmp_path / "two").folder
    cells = [
        cell
        for path in folder.glob("*.csv")
        for row in csv.DictReader(io.StringIO(path.read_bytes().decode(), newline=""))
        for cell in row.values()
    ]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_tables_with_headers_only_stay(tmp_path: Path) -> None:
    """A table without rows is written without rows, not left out."""
    folder = write(tmp_path / "r", NASTY | {"aliases": []})
    assert convert(folder, "parquet", tmp_path / "copy").rows["aliases"] == 0
    assert pq.read_table(tmp_path / "copy" / "aliases.parquet").num_rows == 0


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\r"), max_size=20)
        | st.builds(
            lambda start, rest: start + rest,
            st.sampled_from(["=", "'=", "''@", "'\t", "'\r-", " '=", "'"]),
            st.text("a= '\t\r\n;", max_size=5),
        ),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=200)
def test_saved_text_is_read_as_it_was(raw: list[str]) -> None:
    """Whatever reading made of a cell, saving writes so that reading makes the same of it again, in both formats."""
    texts = [clean(cell)[0] or None for cell in raw]
    table = pa.table({"name": pa.array(texts, pa.string()), "n": pa.array(range(len(texts)))})
    lines = b"".join(writing.csv_lines(table)).decode().splitlines(keepends=True)
    assert [clean(row[0])[0] or None for row in list(csv.reader(lines))[1:]] == texts
    assert [clean(writing._readable(text))[0] for text in texts if text] == [text for text in texts if text]


LOSSY = {
    "no key": (
        lambda folder: append(folder / "vendors.csv", ",Nameless\n"),
        r"vendors.csv, row 4, column vendor_id: the key is not stated",
    ),
    "same key": (lambda folder: append(folder / "vendors.csv", "a,Again\nb,Again\n"), r"vendors.csv, row 4.*same key.* \(and 1 more\)"),
    "long row": (
        lambda folder: append(folder / "aliases.csv", "kind,alias,id\nvendor,A,a,more\n"),
        r"aliases.csv, row 2: the row has more cells",
    ),
    "encoding": (lambda folder: append(folder / "aliases.csv", b"kind,alias,id\nvendor,caf\xe9,a\n"), r"aliases.csv, row 2.* not UTF-8"),
    "control": (
        lambda folder: append(folder / "aliases.csv", "kind,alias,id\nvendor,a\x07b,a\n"),
        r"aliases.csv, row 2.*control character",
    ),
    "two files": (
        lambda folder: pq.write_table(pa.table({"vendor_id": ["c"]}), folder / "vendors.parquet"),
        r"vendors.parquet.*given twice",
    ),
    "no Parquet": (lambda folder: append(folder / "aliases.parquet", b"PAR1 it is not"), r"aliases.parquet.*cannot be read"),
    "column twice": (lambda folder: append(folder / "aliases.csv", "kind,alias,id,id\nvendor,A,a,b\n"), r"aliases.csv.*more than once"),
    "no header": (lambda folder: append(folder / "aliases.csv", "vendor,A,a\n"), r"aliases.csv.*no column"),
    "many columns": (
        lambda folder: append(folder / "aliases.csv", "kind,alias,id," + ",".join(f"c{n}" for n in range(150)) + "\nvendor,A,a\n"),
        r"150 columns",
    ),
}


def append(path: Path, text: str | bytes) -> None:
    with path.open("ab") as file:
        file.write(text.encode() if isinstance(text, str) else text)


@pytest.mark.parametrize("case", LOSSY)
def test_a_register_that_would_lose_something_is_refused(nasty: Path, tmp_path: Path, case: str) -> None:
    """Where reading leaves out or replaces something, nothing is written and the first place is named."""
    damage, message = LOSSY[case]
    damage(nasty)
    with pytest.raises(RegisterError, match=message):
        convert(nasty, "csv", tmp_path / "copy")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["nasty"]


@pytest.mark.parametrize(
    ("source", "form", "target", "message"),
    [
        ("nasty", "xlsx", "copy", "no register format xlsx. Use one of csv, parquet"),
        ("nowhere", "csv", "copy", "There is no folder"),
        ("nasty", "csv", "nasty", "in the register folder itself"),
        ("nasty", "csv", "nasty/sources/copy", "in the register folder itself"),
        ("nasty", "csv", "full", "is not empty.*nothing is overwritten"),
        ("nasty", "csv", "full/file.txt", "is a file"),
        ("nasty", "csv", "full/file.txt/under", "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_written(
    nasty: Path, tmp_path: Path, source: str, form: str, target: str, message: str
) -> None:
    """A wrong format, source or target is one message, and the disk is as it was."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file.txt").write_text("mine", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises((PopmapError, UsageError), match=message):
        convert(nasty if source == "nasty" else tmp_path / source, form, tmp_path / target)
    assert sorted(tmp_path.rglob("*")) == before


def test_an_empty_target_is_used(nasty: Path, tmp_path: Path) -> None:
    """A folder that exists and is empty becomes the copy."""
    (tmp_path / "copy").mkdir()
    assert (convert(nasty, "csv", tmp_path / "copy").folder / "flows.csv").is_file()


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="root may write anywhere")
def test_a_folder_one_may_not_write_to(nasty: Path, tmp_path: Path) -> None:
    """Missing permission is one message, not a traceback."""
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(PopmapError, match="cannot be written: Permission denied"):
        convert(nasty, "csv", tmp_path / "locked" / "copy")
