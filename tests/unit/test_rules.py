"""Rule files are read strictly, a register's own rules are kept apart, and the findings are tables that can be asked."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_samples import TODAY, Tables, database

from popmap.checks.finding import flow_findings_sql
from popmap.checks.rules import LONGEST_FILE, MOST_FLOW_RULES, Severity, called_names, load_rules, parse_rule
from popmap.checks.run import check, run
from popmap.errors import RuleError

POPWORK = Path(__file__).parents[2] / "data" / "popwork"
HEADER = {
    "code": "own-rule",
    "severity": "warning",
    "table": "vendors",
    "column": "name",
    "article": "Art. 28(1)",
    "title": "Own rule",
    "why": "Because.",
    "hint": "Do it.",
}
QUERY = "SELECT row_no FROM vendors"
REGISTER = {
    "categories": [{"category_id": "logs", "name": "Logs"}, {"category_id": "health", "special_category": "art9"}],
    "vendors": [{"vendor_id": "acme", "name": "Acme", "certifications": "ISO 27001;SOC 2"}, {"vendor_id": "beta", "name": "Beta"}],
    "flows": [
        {"category_id": "logs", "vendor_id": "acme", "purpose": "To host"},
        {"category_id": "health", "vendor_id": "acme", "legal_basis": "contract", "locations": "FR", "transfer_state": "inside-eea"},
        {"category_id": "logs", "vendor_id": "beta", "purpose": "To send", "legal_basis": "contract", "locations": "FR"},
    ],
    "evidence": [{"table": "vendors", "row_id": "acme", "column": "name", "status": "guessed"}],
}


def text(query: str = QUERY, **header: str | None) -> str:
    """Return a rule file's text; a header given as None is left out."""
    values = HEADER | header
    return "\n".join([*(f"-- {key}: {value}" for key, value in values.items() if value is not None), "", query, ""])


def write(folder: Path, query: str = QUERY, **header: str | None) -> Path:
    """Write an own rule into a register folder's checks and return the folder of rules."""
    checks = folder / "checks"
    checks.mkdir(exist_ok=True)
    (checks / f"{header.get('code') or 'own-rule'}.sql").write_text(text(query, **header), encoding="utf-8")
    return checks


def run_in(folder: Path, tables: Tables | None = None) -> duckdb.DuckDBPyConnection:
    """Run every rule, a folder's own included, on the sample register, hardened as the store hardens it."""
    connection = database(REGISTER if tables is None else tables)
    for setting in ("enable_external_access = false", "GLOBAL max_execution_time = 2000", "lock_configuration = true"):
        connection.execute(f"SET {setting}")
    gaps = check(connection, folder)
    connection.execute("CREATE TABLE flow_gaps (row_no INTEGER, gaps UBIGINT)")
    for row, bits in enumerate(gaps.tolist()):
        if bits:
            connection.execute("INSERT INTO flow_gaps VALUES (?, ?)", [row, bits])
    return connection


def failures(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Return the file and reason of each rule that failed."""
    return connection.execute("SELECT file, value FROM faults WHERE code = 'rule-failed' ORDER BY ALL").fetchall()


def found(connection: duckdb.DuckDBPyConnection, code: str, *columns: str) -> list[tuple[object, ...]]:
    """Return the named columns of a rule's findings."""
    listed = ", ".join(f"f.{column}" for column in columns)
    return connection.execute(
        f"SELECT {listed} FROM findings f JOIN rules r USING (rule_no) WHERE r.code = ? ORDER BY ALL", [code]
    ).fetchall()


def test_shipped_rules_come_worst_first() -> None:
    """Rules are sorted by severity, then code, and no code is given twice."""
    rules = load_rules()
    assert [(rule.severity.rank, rule.code) for rule in rules] == sorted((rule.severity.rank, rule.code) for rule in rules)
    assert len({rule.code for rule in rules}) == len(rules) > 40
    assert {rule.severity for rule in rules} == set(Severity)
    assert not any(rule.own or rule.error for rule in rules)


def test_reading_rules_needs_no_database_library() -> None:
    """Rules are read without the database they will run in."""
    code = "import sys, popmap.checks.rules; print(sorted({'duckdb', 'streamlit', 'pandas'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert result.stdout.strip() == "[]"


def test_header_is_read_with_its_continuations() -> None:
    """A long value goes on below, indented; the query begins at the line the rule says."""
    rule = parse_rule(text(why="Because\n--   of this: that"), "own-rule.sql")
    assert rule.why == "Because of this: that"
    assert text(why="Because\n--   of this: that").split("\n")[rule.line - 1 :][0] == ""
    assert rule.sql.strip() == QUERY


@pytest.mark.parametrize("key", HEADER)
def test_a_missing_header_is_named(key: str) -> None:
    """A header that is left out is refused by its name."""
    with pytest.raises(RuleError, match=f'own-rule.sql, line 1: the header has no "{key}"'):
        parse_rule("\n".join(line for line in text().split("\n") if not line.startswith(f"-- {key}:")), "own-rule.sql")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({"severity": "fatal"}, 'line 2: the severity "fatal" is unknown'),
        ({"table": "vendor"}, 'line 3: the table "vendor" is unknown'),
        ({"table": "register"}, "line 4: a rule about the register as a whole has no column"),
        ({"article": ""}, 'line 5: "article" is empty'),
        ({"code": "Own Rule"}, 'line 1: the code "Own Rule" is not usable'),
        ({"code": "other-rule"}, 'line 1: the code "other-rule" is not the file\'s name'),
        ({"hint": "Do it.\n-- tilte: Own rule"}, 'line 9: "tilte" is not a header'),
        ({"hint": "Do it.\n-- title: Own rule"}, 'line 9: "title" is stated twice'),
    ],
)
def test_an_unusable_header_is_named_with_its_line(header: dict[str, str], message: str) -> None:
    """The message names the file, the line and what is wrong there, and the hint says what to do."""
    with pytest.raises(RuleError) as failure:
        parse_rule(text(**header), "own-rule.sql")
    assert failure.value.message.startswith("own-rule.sql, ")
    assert message in failure.value.message
    assert failure.value.hint


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "line 9: there is no query"),
        ("-- nothing but a comment", "line 9: there is no query"),
        ("DROP TABLE vendors", "line 10: the query is not a SELECT"),
        ("FROM vendors", "line 10: the query is not a SELECT"),
        ("(SELECT 1)", "line 10: the query is not a SELECT"),
        ("; SELECT 1", "line 10: the query is not a SELECT"),
        (f"{QUERY};\nDROP TABLE vendors", "line 11: there is more than one statement"),
        (f"{QUERY};;", "line 10: there is more than one statement"),
        (f"{QUERY} WHERE name = 'open", "line 10: a quote or comment is never closed"),
        (f'{QUERY} WHERE "open', "line 10: a quote or comment is never closed"),
        (f"{QUERY} /* open", "line 10: a quote or comment is never closed"),
        (f"{QUERY} WHERE name = ?", "line 10: the query has a parameter"),
        (f"{QUERY} WHERE name = $1", "line 10: the query has a parameter"),
        (f"{QUERY})\nUNION ALL (SELECT 1", "line 10: a bracket is closed that was never opened"),
        ("SELECT (1", "a bracket is never closed"),
    ],
)
def test_a_query_must_be_one_select(query: str, message: str) -> None:
    """Whatever is not exactly one SELECT is refused before any database sees it, with its line."""
    with pytest.raises(RuleError) as failure:
        parse_rule(text(query), "own-rule.sql")
    assert message in failure.value.message


@pytest.mark.parametrize(
    "query",
    [
        f"{QUERY};",
        f"{QUERY} ; -- done; really",
        f"{QUERY} WHERE name = 'a;b ('",
        f"{QUERY} WHERE name = 'it''s; DROP'",
        f"{QUERY} WHERE name = E'it\\'s; DROP'",
        f"{QUERY} WHERE name = $$;($$ OR name = $tag$;)$$;$tag$",
        'SELECT row_no, name AS "a;(" FROM vendors',
        f"/* first; ( */ {QUERY} -- it's last",
        f"with v as (select * from vendors) {QUERY.lower().replace('vendors', 'v')}",
    ],
)
def test_signs_inside_quotes_and_comments_are_not_sql(query: str, tmp_path: Path) -> None:
    """A semicolon, bracket or quote inside a text, a name or a comment ends nothing, and the rule runs."""
    write(tmp_path, query)
    connection = run_in(tmp_path)
    assert failures(connection) == []
    assert connection.execute("SELECT count(*) FROM rules WHERE code = 'own-rule'").fetchall() == [(1,)]


@given(st.text(alphabet="SELECTselect ();'\"-/*$\n1ae", max_size=60))
def test_any_text_is_a_rule_or_an_explained_refusal(query: str) -> None:
    """No text makes the reader fail in any other way than with its own error."""
    try:
        rule = parse_rule(text(f"SELECT {query}"), "own-rule.sql")
    except RuleError as failure:
        refused = failure.message
    else:
        refused = "own-rule.sql, line " if isinstance(called_names(rule.sql), frozenset) else ""
    assert refused.startswith("own-rule.sql, line ")


def test_called_names_sees_through_quotes_comments_and_capitals() -> None:
    """A function cannot be called past the check by writing its name another way; text that only looks like a call is none."""
    sql = "SELECT Query ('x'), \"read_csv\"/* */\n('y'), 'glob(', main.checkpoint() -- range(1)"
    assert called_names(sql) == {"query", "read_csv", "checkpoint"}


def test_an_own_rule_finds_rows(tmp_path: Path) -> None:
    """A register's own rule stands among the others, marked as its own, and its finding names row, key, column, value and detail."""
    checks = write(tmp_path, "SELECT row_no, 'too ' || 'few' AS detail FROM vendors WHERE vendor_id = 'acme'", column="certifications")
    assert [rule.file for rule in load_rules(checks) if rule.own] == ["checks/own-rule.sql"]
    connection = run_in(tmp_path)
    assert found(connection, "own-rule", "table_name", "row_no", "row_id", "column_name", "value", "detail") == [
        ("vendors", 2, "acme", "certifications", "ISO 27001;SOC 2", "too few")
    ]
    assert connection.execute("SELECT code FROM rules WHERE own").fetchall() == [("own-rule",)]


def test_a_rule_may_name_column_and_value_itself(tmp_path: Path) -> None:
    """What a rule returns as column_name and value comes before its header's column and the cell."""
    write(tmp_path, "SELECT row_no, 'website' AS column_name, 42 AS value FROM vendors WHERE row_no = 3")
    assert found(run_in(tmp_path), "own-rule", "row_no", "column_name", "value", "detail") == [(3, "website", "42", None)]


def test_a_rule_may_speak_of_a_column_the_model_does_not_know(tmp_path: Path) -> None:
    """A register's extra columns can be checked too; the value is the extra cell's."""
    write(tmp_path, "SELECT row_no FROM vendors WHERE extra['tier'] = 'gold'", column="tier")
    connection = run_in(tmp_path, {"vendors": [{"vendor_id": "acme", "extra": {"tier": "gold"}}, {"vendor_id": "beta"}]})
    assert failures(connection) == []
    assert found(connection, "own-rule", "row_no", "column_name", "value") == [(2, "tier", "gold")]


def test_a_rule_about_the_register_may_name_the_row_of_any_table(tmp_path: Path) -> None:
    """A finding about the register as a whole has no row; one that names a table and a row gets that row's key."""
    query = (
        "SELECT NULL AS row_no, NULL AS table_name UNION ALL SELECT 3, 'flows' UNION ALL SELECT 2, 'vendors' "
        "UNION ALL SELECT 2, 'evidence' UNION ALL SELECT 99, 'vendors'"
    )
    write(tmp_path, query, table="register", column="")
    assert set(found(run_in(tmp_path), "own-rule", "table_name", "row_no", "row_id", "column_name")) == {
        ("register", None, None, None),
        ("flows", 3, "health/acme/", None),
        ("vendors", 2, "acme", None),
        ("evidence", 2, None, None),
        ("vendors", 99, None, None),
    }


def test_flow_rules_mark_bits_and_give_their_details_when_asked(tmp_path: Path) -> None:
    """Each flow carries one bit for each rule that hits it; the rule's own select gives the details, row by row."""
    write(tmp_path, "SELECT row_no, purpose::VARCHAR AS detail FROM flows WHERE vendor_id = 'beta'", table="flows", column="purpose")
    connection = run_in(tmp_path)
    marked = connection.execute(
        "SELECT g.row_no, list(r.code ORDER BY r.code) FROM flow_gaps g JOIN rules r ON g.gaps & (1::UBIGINT << r.flow_bit) <> 0 "
        "GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert marked == [
        (2, ["legal-basis-not-stated", "location-not-stated"]),
        (3, ["flow-without-purpose", "special-category-without-condition"]),
        (4, ["own-rule"]),
    ]
    (rule,) = [rule for rule in load_rules(tmp_path / "checks") if rule.own]
    query = f"SELECT g.row_no, g.value, g.detail FROM ({flow_findings_sql(rule)}) g JOIN flows USING (row_no) LIMIT 10"
    assert connection.execute(query).fetchall() == [(4, None, "To send")]
    assert connection.execute("SELECT count(*) FROM findings WHERE table_name = 'flows'").fetchall() == [(0,)]


def test_rules_table_numbers_ranks_and_bits() -> None:
    """Rules are numbered in the order given from 1; exactly the flows' rules have a bit, each its own."""
    connection = database()
    rules = load_rules()
    run(connection, rules)
    rows = connection.execute("SELECT rule_no, code, severity_rank, flow_bit IS NOT NULL, own FROM rules ORDER BY rule_no").fetchall()
    assert rows == [(number, rule.code, rule.severity.rank, rule.table == "flows", False) for number, rule in enumerate(rules, start=1)]
    bits = [bit for (bit,) in connection.execute("SELECT flow_bit FROM rules WHERE flow_bit IS NOT NULL ORDER BY 1").fetchall()]
    assert bits == list(range(len(bits)))


@pytest.mark.parametrize(
    ("query", "header", "reason"),
    [
        ("SELECT row_no FROM vendors\nWHERE nonsense = 1", {}, "line 11: Binder Error"),
        ("SELECT row_no FROM\nnowhere", {}, "line 11: Catalog Error"),
        ("SELECT row_no FROM vendors WHERE WHERE", {}, "line 10: Parser Error"),
        ("SELECT name FROM vendors", {}, "row_no"),
        ("SELECT 'x' AS row_no", {}, "Conversion Error"),
        ("SELECT row_no, CAST(name AS INTEGER) AS detail FROM vendors", {}, "Conversion Error"),
        ("SELECT row_no, CAST(vendor_id::VARCHAR AS INTEGER) AS detail FROM flows", {"table": "flows", "column": ""}, "Conversion Error"),
        ("SELECT row_no FROM flows WHERE CAST(vendor_id::VARCHAR AS INTEGER) > 1", {"table": "flows", "column": ""}, "Conversion Error"),
        ("SELECT NULL::INTEGER AS row_no", {"table": "flows", "column": ""}, "1 of its rows name no row of flows"),
        ("SELECT unnest([2, 3, 99, 100]) AS row_no", {"table": "flows", "column": ""}, "2 of its rows name no row of flows"),
        ("SELECT row_no FROM read_csv('/etc/passwd')", {}, "it calls read_csv()"),
        ("SELECT 1 AS row_no FROM query('SELECT 1')", {}, "it calls query()"),
        ('SELECT 1 AS row_no FROM "CHECKPOINT" ()', {}, "it calls checkpoint()"),
        (
            "SELECT 1 AS row_no FROM json_execute_serialized_sql(json_serialize_sql('WITH a AS (DELETE FROM vendors) SELECT 1'))",
            {},
            "it calls json_execute_serialized_sql()",
        ),
        ("SELECT 1 AS row_no FROM '/etc/passwd'", {}, "Error"),
        ("WITH gone AS (DELETE FROM vendors RETURNING row_no) SELECT row_no FROM gone", {}, "Binder Error"),
        ("SELECT row_no FROM (INSERT INTO vendors SELECT * FROM vendors)", {}, "Parser Error"),
        (
            "SELECT count(*) AS row_no FROM range(1000000) a, range(1000000) b, range(1000) c WHERE a.range + b.range + c.range = -1",
            {},
            "Error",
        ),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) else "",
)
def test_a_failing_own_rule_is_reported_and_stops_nothing(tmp_path: Path, query: str, header: dict[str, str], reason: str) -> None:
    """A rule that cannot be run becomes a finding with file and reason; every other rule finds what it finds without it."""
    write(tmp_path, code="other-rule")
    before = run_in(tmp_path)
    write(tmp_path, query, **header)
    connection = run_in(tmp_path)
    ((file, said),) = failures(connection)
    assert file == "checks/own-rule.sql"
    assert reason in said
    assert found(connection, "rule-failed", "column_name", "row_no") == [(None, None)]
    ((detail,),) = found(connection, "rule-failed", "detail")
    assert str(detail).startswith("checks/own-rule.sql: a gap rule could not be run: ")
    assert connection.execute("SELECT * FROM rules WHERE code = 'own-rule'").fetchall() == []
    others = "SELECT r.code, f.* EXCLUDE (rule_no) FROM findings f JOIN rules r USING (rule_no) WHERE r.code <> 'rule-failed' ORDER BY ALL"
    assert connection.execute(others).fetchall() == before.execute(others).fetchall()
    bits = "SELECT g.row_no, r.code FROM flow_gaps g JOIN rules r ON g.gaps & (1::UBIGINT << r.flow_bit) <> 0 ORDER BY ALL"
    assert connection.execute(bits).fetchall() == before.execute(bits).fetchall()
    assert connection.execute("SELECT count(*) FROM vendors").fetchall() == [(2,)]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("own-rule.sql", text(title=None).encode(), 'line 1: the header has no "title"'),
        ("own-rule.sql", text(f"{QUERY}; {QUERY}").encode(), "line 10: there is more than one statement"),
        (
            "role-not-stated.sql",
            text(code="role-not-stated").encode(),
            'line 1: "role-not-stated" is the code of a rule that comes with popmap',
        ),
        ("own-rule.sql", text(title="caf\xe9").encode("latin-1"), "line 1: the file is not UTF-8 text"),
        ("own-rule.sql", text(QUERY + " " * LONGEST_FILE).encode(), "line 1: the file is longer than 100,000 bytes"),
        ("own-rule.sql", b"", 'line 1: the header has no "code"'),
        ("own-rule.sql", b"\x00\x01", 'line 1: the header has no "code"'),
    ],
    ids=["no title", "two statements", "shadowing", "not UTF-8", "too long", "empty", "binary"],
)
def test_a_broken_own_file_is_reported_and_stops_nothing(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    """A file that is no rule becomes a finding with file and line; it takes no built-in rule's place and the other own rule still runs."""
    checks = write(tmp_path, code="other-rule")
    (checks / name).write_bytes(content)
    (broken,) = [rule for rule in load_rules(checks) if rule.error]
    assert isinstance(broken.error, RuleError)
    connection = run_in(tmp_path)
    ((file, said),) = failures(connection)
    assert file == f"checks/{name}"
    assert said.startswith(reason)
    assert len(found(connection, "rule-failed", "detail")) == 1
    assert len(found(connection, "other-rule", "row_no")) == 2
    assert len(found(connection, "role-not-stated", "row_no")) == 2


def test_a_file_with_windows_line_ends_and_a_byte_order_mark_is_a_rule(tmp_path: Path) -> None:
    """What an editor on Windows saves is read like any other file."""
    checks = write(tmp_path)
    (checks / "own-rule.sql").write_bytes(b"\xef\xbb\xbf" + text().replace("\n", "\r\n").encode())
    (rule,) = [rule for rule in load_rules(checks) if rule.own]
    assert rule.error is None
    assert rule.title == "Own rule"


def test_a_folder_without_own_rules_is_fine(tmp_path: Path) -> None:
    """A missing folder, an empty one and files that are not SQL add no rules."""
    shipped = load_rules()
    assert load_rules(tmp_path / "checks") == shipped
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "README.md").write_text("Not a rule.")
    assert load_rules(tmp_path / "checks") == shipped


def test_more_flow_rules_than_bits_are_refused(tmp_path: Path) -> None:
    """64 rules about flows are possible and all work; one more is refused with what to do."""
    free = MOST_FLOW_RULES - sum(rule.table == "flows" for rule in load_rules())
    for number in range(free):
        checks = write(tmp_path, "SELECT row_no FROM flows", code=f"own-{number}", table="flows", column="")
    connection = run_in(tmp_path)
    assert failures(connection) == []
    assert connection.execute("SELECT max(flow_bit) FROM rules").fetchall() == [(63,)]
    # Every own rule hits every flow: its bit is set in each, the highest one included.
    ((low,),) = connection.execute("SELECT min(bit_count(gaps)) FROM flow_gaps").fetchall()
    assert low >= free
    write(tmp_path, "SELECT row_no FROM flows", code="one-more", table="flows", column="")
    with pytest.raises(RuleError, match="There are 65 rules about flows; 64 are possible") as failure:
        load_rules(checks)
    assert f"at most {free} " in failure.value.hint


def test_findings_of_the_bundled_register() -> None:
    """The rules on the published page: what it names and does not declare, and what it does not state at all."""
    store = pytest.importorskip("popmap.store").open_store(POPWORK, check, date(2026, 11, 23))
    try:
        counted = dict(store.query("SELECT code, count(*) FROM findings JOIN rules USING (rule_no) GROUP BY code"))
        flows = dict(
            store.query(
                "SELECT code, (SELECT count(*) FROM flows WHERE gaps & (1::UBIGINT << flow_bit) <> 0) FROM rules WHERE flow_bit IS NOT NULL"
            )
        )
        undeclared = store.query("SELECT value FROM findings JOIN rules USING (rule_no) WHERE code = 'undeclared-category' ORDER BY row_no")
        variants = store.query("SELECT value, detail FROM findings JOIN rules USING (rule_no) WHERE code = 'category-name-variant'")
    finally:
        store.close()
    assert undeclared == [("Source code",), ("access to calendar",)]
    assert variants == [("Billing data", 'declared as "Billing information"')]
    vendors = {"role-not-stated", "country-not-stated", "agreement-not-stated"}
    categories = {"retention-not-stated", "data-subjects-not-stated", "personal-status-not-stated", "special-category-not-stated"}
    assert {code: counted.pop(code, 0) for code in vendors} == dict.fromkeys(vendors, 22)
    assert {code: counted.pop(code, 0) for code in categories} == dict.fromkeys(categories, 7)
    assert counted == {
        "undeclared-category": 2,
        "category-name-variant": 1,
        "activity-legal-basis-not-stated": 5,
        "company-concentration": 1,
        "data-protection-officer-not-stated": 1,
        "objection-period-not-stated": 1,
        "privacy-notice-not-stated": 1,
    }
    assert {code: count for code, count in flows.items() if count} == {"legal-basis-not-stated": 28, "location-not-stated": 34}


def test_findings_do_not_change_from_run_to_run() -> None:
    """The same register gives the same findings in the same order."""
    runs = []
    for _ in range(2):
        connection = database(REGISTER, TODAY)
        run(connection, load_rules())
        runs.append(connection.execute("SELECT * FROM findings").fetchall())
    assert runs[0] == runs[1] != []


def test_rules_read_twice_are_equal() -> None:
    """Rules are plain data: they can be compared and kept in sets."""
    assert {parse_rule(text(), "own-rule.sql"), parse_rule(text(), "own-rule.sql")} == {parse_rule(text(), "own-rule.sql")}
