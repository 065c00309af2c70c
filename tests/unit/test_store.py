"""The store: closed to the outside, right under threads, fresh when files change."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest
from registers import DAY, cells, faults, no_rules, read, tiny, write

from popmap import store as store_module
from popmap.errors import PopmapError, RegisterError
from popmap.store import Store, changed_at, open_store

BUNDLED = Path(__file__).parents[2] / "data" / "popwork"


@pytest.fixture(scope="module")
def tiny_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The tiny register, opened once for tests that only ask."""
    return read(write(tmp_path_factory.mktemp("tiny"), tiny()))


# -- hardening -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM read_csv_auto('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM read_blob('{file}')",
        "SELECT * FROM read_json('{file}')",
        "SELECT * FROM read_parquet('{folder}/x.parquet')",
        "SELECT * FROM sniff_csv('{file}')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
        "COPY flows TO '{folder}/out.csv'",
        "COPY (SELECT 1) TO '{folder}/out.parquet' (FORMAT parquet)",
        "COPY flows FROM '{file}'",
        "EXPORT DATABASE '{folder}/out'",
        "IMPORT DATABASE '{folder}'",
        "ATTACH '{folder}/other.duckdb' AS other",
        "INSTALL httpfs",
        "INSTALL httpfs FROM 'http://127.0.0.1:9'",
        "LOAD httpfs",
        "LOAD '{file}'",
        "CREATE PERSISTENT SECRET s (TYPE http)",
        "PRAGMA profiling_output = '{folder}/out.json'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET GLOBAL memory_limit = '1TB'",
        "SET max_execution_time = 0",
        "SET temp_directory = '{folder}'",
        "SET allowed_directories = ['{folder}']",
        "SET allowed_paths = ['{file}']",
        "SET log_query_path = '{folder}/out.log'",
        "SET custom_extension_repository = 'http://127.0.0.1:9'",
        "SET python_enable_replacements = true",
        "RESET lock_configuration",
        "PRAGMA enable_external_access = true",
        "CALL enable_logging(storage := 'file', storage_path := '{folder}/logs')",
    ],
)
def test_sql_reaches_nothing_outside(tiny_store: Store, tmp_path: Path, sql: str):
    """No SQL reads or writes a file, loads an extension, reaches another host or changes a setting; and nothing is left behind."""
    file = tmp_path / "secret.csv"
    file.write_text("category_id\nsecret\n", encoding="utf-8")
    with pytest.raises(duckdb.Error):
        tiny_store.query(sql.replace("{file}", str(file)).replace("{folder}", str(tmp_path)))
    assert list(tmp_path.iterdir()) == [file]


def test_python_variables_are_no_tables(tiny_store: Store):
    """A variable of the calling code cannot be asked as a table, whatever a filter or a rule is made to say."""
    secret_table = tiny_store.arrow("SELECT 42 AS answer")
    assert secret_table.num_rows == 1
    with pytest.raises(duckdb.CatalogException):
        tiny_store.query("SELECT * FROM secret_table")


def test_settings_hold_for_every_cursor(tiny_store: Store):
    """Each of a store's cursors, in whatever thread, stands behind the same walls."""
    wanted = ["enable_external_access", "lock_configuration", "python_enable_replacements", "allowed_directories", "max_execution_time"]

    def ask() -> dict[str, str]:
        listed = ", ".join(f"'{name}'" for name in wanted)
        return dict(
            tiny_store._use(lambda cursor: cursor.execute(f"SELECT name, value FROM duckdb_settings() WHERE name IN ({listed})").fetchall())
        )

    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: ask(), range(8)):
            assert (found["enable_external_access"], found["lock_configuration"], found["python_enable_replacements"]) == (
                "false",
                "true",
                "false",
            )
            assert found["allowed_directories"] in ("[]", "")
            assert int(found["max_execution_time"]) == store_module.QUERY_MILLISECONDS > 0


def test_a_query_cannot_run_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A query that would not end is stopped, is an expected failure, and the store answers the next one."""
    monkeypatch.setattr(store_module, "QUERY_MILLISECONDS", 300)
    store = read(write(tmp_path, tiny()))
    with pytest.raises(PopmapError, match="took too long"):
        store.query("SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE (a.range * 31 + b.range) % 97 = 1")
    assert store.query("SELECT count(*) FROM flows") == [(6,)]


def test_the_time_limit_binds_questions_and_not_the_building(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """However long popmap's own steps take, a register opens; each cursor made from the builder's keeps to the limit and cannot lift it."""
    monkeypatch.setattr(store_module, "QUERY_MILLISECONDS", 20)
    long = "SELECT count(*) FROM range(20000) a, range(3000) b WHERE (a.range * 31 + b.range) % 97 = 1"
    ended = []

    def check(cursor, folder: Path) -> None:
        no_rules(cursor, folder)
        assert cursor.execute(long).fetchall()[0][0] > 0
        for guest in (cursor.cursor(), cursor.cursor().cursor()):
            with pytest.raises(duckdb.InterruptException):
                guest.execute(long)
            for scope in ("", "SESSION ", "GLOBAL "):
                with pytest.raises(duckdb.Error):
                    guest.execute(f"SET {scope}max_execution_time = 0")
                with pytest.raises(duckdb.Error):
                    guest.execute(f"RESET {scope}max_execution_time")
            with pytest.raises(duckdb.InterruptException):
                guest.execute(long)
            ended.append(guest)

    store = open_store(write(tmp_path, tiny()), check, DAY)
    assert len(ended) == 2
    with pytest.raises(PopmapError, match="took too long"):
        store.query(long)


def test_a_register_s_own_rule_stands_behind_the_walls(tmp_path: Path):
    """The gap rules run on a database that is closed already: they are a stranger's SQL."""
    refused = []

    def check(cursor, folder: Path) -> None:
        no_rules(cursor, folder)
        try:
            cursor.execute(f"SELECT * FROM read_text('{folder}/register.toml')").fetchall()
        except duckdb.Error as error:
            refused.append(type(error))

    open_store(write(tmp_path, tiny()), check, DAY)
    assert refused == [duckdb.PermissionException]


# -- threads ---------------------------------------------------------------------------------------------------------


def test_threads_get_right_answers(tiny_store: Store):
    """Eight threads asking two hundred different questions each, rows and tables by turns, get the answer to their own."""
    start = threading.Barrier(8)

    def ask(thread: int) -> list[int]:
        start.wait()
        wrong = []
        for number in range(200):
            value = thread * 1_000 + number
            sql = "SELECT f.row_no + $value FROM flows f, range(300) r WHERE r.range % 7 = $value % 7 ORDER BY 1 LIMIT 1"
            if number % 2:
                answer = tiny_store.query(sql, {"value": value})[0][0]
            else:
                answer = tiny_store.arrow(sql, {"value": value}).column(0)[0].as_py()
            if answer != value + 2:
                wrong.append(value)
        return wrong

    with ThreadPoolExecutor(8) as pool:
        assert [wrong for wrong in pool.map(ask, range(8)) if wrong] == []


def test_answers_are_remembered_apart(tiny_store: Store):
    """The same question with other parameters, or other questions with the same, are not mixed up; a repeated one has the same answer."""
    sql = "SELECT count(*) FROM flows WHERE vendor_id = $vendor"
    counts = {vendor: tiny_store.query(sql, {"vendor": vendor}) for vendor in ("sentry", "mailer", "nobody")}
    assert counts == {"sentry": [(2,)], "mailer": [(2,)], "nobody": [(0,)]}
    assert tiny_store.query(sql.replace("=", "<>"), {"vendor": "sentry"}) == [(4,)]
    assert {vendor: tiny_store.query(sql, {"vendor": vendor}) for vendor in counts} == counts


def test_a_failed_question_is_not_remembered(tiny_store: Store):
    """An answer that could not be made is made when it is asked for again."""
    made = []

    def make() -> list[int]:
        made.append(1)
        if len(made) == 1:
            raise PopmapError("not yet")
        return [7]

    with pytest.raises(PopmapError):
        tiny_store.remember("question", make)
    assert tiny_store.remember("question", make) == tiny_store.remember("question", make) == [7]
    assert len(made) == 2


# -- opening ---------------------------------------------------------------------------------------------------------


def test_the_bundled_register_has_no_fault():
    """The register popmap ships reads without a fault and with the rows its page states."""
    store = read(BUNDLED)
    assert faults(store) == []
    assert {name: store.counts[name] for name in ("categories", "vendors", "flows", "activities")} == {
        "categories": 7,
        "vendors": 22,
        "flows": 34,
        "activities": 5,
    }
    assert len(store.fingerprint) == 64


def test_popmap_may_live_anywhere(tmp_path: Path):
    """A clone in a folder whose name is full of patterns and quotes opens its bundled register."""
    home = tmp_path / "it's [my] *clone?"
    shutil.copytree(BUNDLED.parents[1] / "popmap", home / "popmap", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(BUNDLED.parent, home / "data")
    code = "from popmap.checks.run import open_checked; from pathlib import Path; print(open_checked(Path('data/popwork')).counts['flows'])"
    done = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, '.'); {code}"], cwd=home, capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("34", "")


def test_rules_see_the_register_s_tables(tmp_path: Path):
    """What the rules may ask for is there when they run: the tables, the settings of the day, the faults, the derived columns."""
    seen: dict[str, object] = {}

    def check(cursor, folder: Path) -> None:
        no_rules(cursor, folder)
        seen["settings"] = cursor.execute("SELECT title, organisation, review_days, objection_days, as_of FROM settings").fetchall()
        seen["faults"] = cursor.execute("SELECT file, table_name, row_no, column_name, value, code, severity FROM faults").fetchall()
        seen["flows"] = cursor.execute("SELECT transfer_state::VARCHAR, evidence_status::VARCHAR FROM flows WHERE row_no = 2").fetchall()
        seen["sources"] = cursor.execute("SELECT id, title FROM sources").fetchall()
        seen["countries"] = cursor.execute("SELECT count(*) FROM countries").fetchall()

    toml = "title = 'T'\nobjection_period_days = 30\n[organisation]\nname = 'O'\n[[sources]]\nid = 'page'\n"
    tables = tiny()
    tables["vendors"][0]["role"] = "friend"
    open_store(write(tmp_path, tables, toml=toml), check, DAY)
    assert seen == {
        "settings": [("T", "O", 365, 30, DAY)],
        "faults": [("vendors.csv", "vendors", 2, "role", "friend", "value-not-allowed", "error")],
        "flows": [("safeguards", "confirmed")],
        "sources": [("page", None)],
        "countries": [(249,)],
    }


def test_a_failing_check_closes_what_was_opened(tmp_path: Path):
    """A failure of the rules reaches the caller as it is."""

    def check(*_: object) -> None:
        raise PopmapError("the rules are broken")

    with pytest.raises(PopmapError, match="the rules are broken"):
        open_store(write(tmp_path, tiny()), check)


def test_a_database_failure_names_the_folder(tmp_path: Path):
    """A failure of the database is one message about the register, without a traceback's many lines."""

    def check(cursor, _: Path) -> None:
        cursor.execute("SELECT * FROM no_such_table")

    with pytest.raises(RegisterError) as failure:
        open_store(write(tmp_path, tiny()), check)
    assert str(tmp_path) in failure.value.message and "\n" not in failure.value.message


def test_as_of_is_today_when_not_given(tmp_path: Path):
    """Findings are judged on the day the register is opened unless another is asked for."""
    store = open_store(write(tmp_path, tiny()), no_rules)
    assert store.query("SELECT as_of = current_date FROM settings") == [(True,)] or store.as_of


def test_aliases_are_searched(tiny_store: Store):
    """A vendor or category is found under its other spellings, without regard to case and accents."""
    assert "zentry" in dict(cells(tiny_store, "vendor_facts", "vendor_key", "search"))["sentry"]
    found = dict(cells(tiny_store, "category_facts", "category_key", "search"))
    assert "traces" in found["logs"] and "identite" in found["identity"]


def test_an_alias_of_nothing(tmp_path: Path):
    """An alias without a key, or of a key there is none of, changes nothing."""
    tables = tiny()
    tables["aliases"] += [
        {"kind": "vendor", "alias": "Nobody"},
        {"kind": "category", "alias": "Gone", "id": "gone"},
        {"kind": "vendor", "alias": "Logs", "id": "logs"},
    ]
    store = read(write(tmp_path, tables))
    assert len(store.known["vendor"]) == 4 and len(store.known["category"]) == 3
    assert "nobody" not in " ".join(search for (search,) in cells(store, "vendor_facts", "search"))


# -- changes on disk -------------------------------------------------------------------------------------------------


def test_changes_on_disk_show(tmp_path: Path):
    """An edited, added, renamed or removed table, settings file or own rule is a change; the same files are none."""
    folder = write(tmp_path, tiny())
    (folder / "vendors.csv").rename(folder / "vendors.CSV")
    states = [changed_at(folder)]
    assert changed_at(folder) == states[0]

    def changed() -> bool:
        states.append(changed_at(folder))
        return states[-1] != states[-2]

    os.utime(folder / "flows.csv", ns=(1, 1))
    assert changed()
    with (folder / "vendors.CSV").open("a", encoding="utf-8") as file:
        file.write("new,New\n")
    assert changed()
    (folder / "register.toml").unlink()
    assert changed()
    (folder / "checks").mkdir()
    assert not changed()
    (folder / "checks" / "own.sql").write_text("x", encoding="utf-8")
    assert changed()
    (folder / "customers.csv").write_text("x", encoding="utf-8")
    assert changed(), "a file that is not a table is a fault of its own"
    (folder / "aliases.csv").unlink()
    assert changed()
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    assert not changed()


def test_a_folder_that_is_gone_has_not_changed(tmp_path: Path):
    """Asking about a folder that is not there is no failure: opening it will say so."""
    assert changed_at(tmp_path / "none") == ()
