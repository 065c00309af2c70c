"""The generator of made-up registers: same seed, same bytes; valid; of the size asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from popmap.checks.run import open_checked
from popmap.register.schema import TABLES
from popmap.store import Store
from tests.benchmarks.generate import generate, main
from tests.benchmarks.words import purpose

# Approved answers are somebody's words; none are made up.
MADE = {table.name for table in TABLES} - {"answers"}


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def medium(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return a register of 5,000 flows, opened."""
    folder = tmp_path_factory.mktemp("medium")
    generate(folder, 5_000, form="csv")
    return open_checked(folder)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_same_seed_same_bytes(tmp_path: Path, form: str) -> None:
    """Every file of a register is byte-identical for the same seed, and the flows are others for another seed."""
    for name, seed in (("one", 3), ("two", 3), ("other", 4)):
        generate(tmp_path / name, 500, form=form, seed=seed)
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")
    assert _bytes(tmp_path / "one")[f"flows.{form}"] != _bytes(tmp_path / "other")[f"flows.{form}"]


@pytest.mark.parametrize(
    ("flows", "categories", "vendors"),
    [(1, 1, 1), (1, None, None), (34, 7, 22), (1_000, None, None), (3_000, 40, 60), (2_000, 3, 2), (700, 45, 300)],
)
def test_sizes(tmp_path: Path, flows: int, categories: int | None, vendors: int | None) -> None:
    """The register has exactly the flows, categories and vendors asked for, all of them valid: reading finds nothing wrong."""
    size = generate(tmp_path, flows, categories=categories, vendors=vendors)
    store = open_checked(tmp_path)
    assert store.faults == ()
    assert (store.counts["flows"], store.counts["categories"], store.counts["vendors"]) == (flows, size.categories, size.vendors)
    assert (size.categories, size.vendors) == (categories or size.categories, vendors or size.vendors)


def test_csv_and_parquet_say_the_same(tmp_path: Path) -> None:
    """A register has the same fingerprint in both formats, and only files of the format asked for."""
    stores = []
    for form in ("csv", "parquet"):
        generate(tmp_path / form, 800, form=form)
        stores.append(open_checked(tmp_path / form))
        assert {path.stem for path in (tmp_path / form).glob(f"*.{form}")} == MADE
        assert len(list((tmp_path / form).glob("*.*"))) == len(MADE) + 1
    assert stores[0].fingerprint == stores[1].fingerprint


def test_like_a_real_register(medium: Store) -> None:
    """Cells are stated for some rows and blank for others, flows are spread unevenly, and rules of each severity find something."""
    for column in ("purpose", "data_use", "legal_basis", "condition", "locations", "transfer_mechanism", "retention_period", "notes"):
        ((stated, rows),) = medium.query(f"SELECT count({column}), count(*) FROM flows")
        assert 0 < stated < rows, column
    for column in ("company", "section", "role", "country", "agreement_url", "reviewed_on", "certifications"):
        ((stated, rows),) = medium.query(f"SELECT count({column}), count(*) FROM vendors")
        assert 0 < stated < rows, column
    ((most, mean),) = medium.query("SELECT max(n), avg(n) FROM (SELECT count(*) AS n FROM flows GROUP BY vendor_id)")
    assert most > 2 * mean
    assert {row[0] for row in medium.query("SELECT DISTINCT transfer_state::VARCHAR FROM flows")} == set(medium.known["transfer"])
    assert len(medium.known["transfer"]) == 5
    assert {row[0] for row in medium.query("SELECT severity FROM findings JOIN rules USING (rule_no)")} == {"error", "warning", "note"}


def test_evidence(tmp_path: Path) -> None:
    """The share of flows asked for rests on evidence, and each such row names a flow of the register."""
    generate(tmp_path, 2_000, evidence=0.5)
    store = open_checked(tmp_path)
    ((rows,),) = store.query("SELECT count(*) FROM evidence WHERE \"table\" = 'flows'")
    ((flows,),) = store.query("SELECT count(*) FROM flows WHERE evidence_status <> 'none'")
    assert rows == flows
    assert 900 < rows < 1_100


def test_purposes_differ() -> None:
    """No two purposes read alike."""
    assert len({purpose(number) for number in range(5_000)}) == 5_000


@pytest.mark.parametrize(("flows", "form"), [(0, "csv"), (-1, "csv"), (10, "xlsx")])
def test_refused(tmp_path: Path, flows: int, form: str) -> None:
    """A size below one and an unknown format are refused."""
    with pytest.raises(ValueError, match="at least one flow"):
        generate(tmp_path, flows, form=form)


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command writes the register its arguments ask for and says how large it is."""
    main([str(tmp_path), "--flows", "120", "--categories", "6", "--vendors", "15", "--format", "parquet"])
    assert "120 flows of 6 categories to 15 vendors" in capsys.readouterr().out
    assert open_checked(tmp_path).counts["flows"] == 120
