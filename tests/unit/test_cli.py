"""The command line does what its help says, answers with the exit codes it promises, and says what is wrong in one line."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import jsonschema
import pytest

from popmap import __version__
from popmap.checks.run import open_checked
from popmap.cli import main
from popmap.commands.said import BAD, FINE, FOUND
from popmap.findings import findings, hits
from popmap.reports import SHOWN, counts
from popmap.tables import Ask, count

ROOT = Path(__file__).parents[2]
POPWORK = ROOT / "data" / "popwork"
DAY = "2026-11-23"
# What SARIF 2.1.0 (OASIS Standard, 27 March 2020) asks of the parts popmap writes: sections 3.13, 3.14, 3.18, 3.19, 3.27, 3.28, 3.49.
_MESSAGE = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "rules"],
                                "additionalProperties": False,
                                "properties": {
                                    "name": {"const": "popmap"},
                                    "version": {"type": "string"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "additionalProperties": False,
                                            "properties": {
                                                "id": {"type": "string"},
                                                "shortDescription": _MESSAGE,
                                                "fullDescription": _MESSAGE,
                                                "help": _MESSAGE,
                                                "defaultConfiguration": {"type": "object", "properties": {"level": _LEVEL}},
                                                "properties": {"type": "object"},
                                            },
                                        },
                                    },
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["ruleId", "message"],
                            "additionalProperties": False,
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": _LEVEL,
                                "message": _MESSAGE,
                                "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
                                "locations": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "required": ["physicalLocation"],
                                        "properties": {
                                            "physicalLocation": {
                                                "type": "object",
                                                "required": ["artifactLocation"],
                                                "properties": {
                                                    "artifactLocation": {
                                                        "required": ["uri"],
                                                        "properties": {"uri": {"type": "string", "format": "uri-reference"}},
                                                    },
                                                    "region": {
                                                        "required": ["startLine"],
                                                        "properties": {"startLine": {"type": "integer", "minimum": 1}},
                                                    },
                                                },
                                            }
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}

Capture = pytest.CaptureFixture[bytes]


def run(capture: Capture, *words: object) -> tuple[int, str, str]:
    """Run a command and return its exit code, standard output and standard error."""
    code = main([str(word) for word in words])
    said = capture.readouterr()
    return code, said.out.decode(), said.err.decode()


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """Return a register with nothing to find but notes."""
    folder = tmp_path / "clean"
    folder.mkdir()
    (folder / "register.toml").write_text('title = "Clean"\n', encoding="utf-8")
    (folder / "categories.csv").write_text("category_id,name\n", encoding="utf-8")
    (folder / "vendors.csv").write_text("vendor_id,name\n", encoding="utf-8")
    (folder / "flows.csv").write_text("category_id,vendor_id,purpose\n", encoding="utf-8")
    return folder


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return the bundled register with one fault of every sort the reader names."""
    folder = tmp_path / "broken"
    shutil.copytree(POPWORK, folder)
    with (folder / "vendors.csv").open("a", encoding="utf-8") as file:
        file.write("sentry,Again\n,Nameless\nUPPER,\x1b[31mRed\u202e,,,,,boss,ZZ\n")
    with (folder / "flows.csv").open("a", encoding="utf-8") as file:
        file.write("logs,nobody,why\n")
    (folder / "prices.csv").write_text("a\n1\n", encoding="utf-8")
    (folder / "register.toml").write_text("title = \n", encoding="utf-8")
    (folder / "checks").mkdir()
    (folder / "checks" / "bad.sql").write_text("DROP TABLE vendors", encoding="utf-8")
    return folder


def test_popmap_alone_explains_itself(capsysbinary: Capture) -> None:
    """Without a command, popmap shows its help, every command in it, and all is well."""
    code, out, err = run(capsysbinary)
    assert (code, err) == (FINE, "")
    assert all(f"    {name} " in out for name in ("check", "export", "convert", "serve"))
    assert "exit codes" in out and "popmap serve" in out


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["check", "--help"], ["export", "--help"], ["convert", "--help"], ["serve", "--help"]]
)
def test_help_and_version(capsysbinary: Capture, words: list[str]) -> None:
    """Help and version are answers, not faults."""
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == FINE
    out = capsysbinary.readouterr().out.decode()
    assert __version__ in out if words == ["--version"] else "usage: popmap" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["bogus"], "invalid choice: 'bogus'"),
        (["check"], "the following arguments are required: folder"),
        (["check", "{popwork}", "--as-of", "tomorrow"], "'tomorrow' is not a date such as 2026-11-23"),
        (["check", "{popwork}", "--fail-on", "fatal"], "invalid choice: 'fatal'"),
        (["check", "{popwork}", "--format", "xml"], "invalid choice: 'xml'"),
        (["check", "{tmp}/nowhere"], "There is no folder {tmp}/nowhere"),
        (["check", "{tmp}"], "holds no table of a register"),
        (["check", "{popwork}/vendors.csv"], "is a file, not a register folder"),
        (["export", "{popwork}", "prices", "-o", "{tmp}/x.csv"], "invalid choice: 'prices'"),
        (["export", "{popwork}", "flows"], "the following arguments are required: -o/--output"),
        (
            ["export", "{popwork}", "flows", "-o", "{tmp}/x.doc"],
            "The format of {tmp}/x.doc is not clear. Add --format with one of csv, xlsx, json, parquet",
        ),
        (["export", "{popwork}", "flows", "-o", "-"], "The format of standard output is not clear"),
        (["export", "{popwork}", "graph", "-o", "{tmp}/x.csv"], "Add --format with one of svg, graphml, gexf, cytoscape, sankeymatic"),
        (["export", "{popwork}", "graph", "-o", "-", "--format", "csv"], "There is no format csv for the graph"),
        (["export", "{popwork}", "flows", "-o", "{tmp}/x.csv", "--format", "svg"], "There is no format svg for the table flows"),
        (["export", "{popwork}", "flows", "-o", "{tmp}/no/x.csv"], "{tmp}/no/x.csv cannot be written: No such file or directory"),
        (["export", "{popwork}", "flows", "-o", "{tmp}", "--format", "csv"], "cannot be written: Is a directory"),
        (["export", "{popwork}", "flows", "-o", "{tmp}/x.csv", "--filter", "category=nope"], "This register has no category 'nope'"),
        (["export", "{popwork}", "flows", "-o", "{tmp}/x.csv", "--filter", "nope"], "The filter 'nope' is not a URL's query"),
        (["export", "{popwork}", "flows", "-o", "{tmp}/x.csv", "--columns", "price"], "no column price"),
        (["export", "{popwork}", "flows", "-o", "{tmp}/x.csv", "--columns", "notes", "--public"], "The column notes is kept"),
        (["export", "{popwork}", "graph", "-o", "{tmp}/x.svg", "--layers", "category,price"], "There is no layer called price"),
        (["export", "{popwork}", "graph", "-o", "{tmp}/x.svg", "--top", "-1"], "'-1' is not a whole number"),
        (["export", "{popwork}", "graph", "-o", "{tmp}/x.svg", "--top", "x"], "'x' is not a whole number"),
        (["convert", "{popwork}", "--to", "xlsx", "-o", "{tmp}/x"], "invalid choice: 'xlsx'"),
        (["convert", "{popwork}", "--to", "csv", "-o", "{popwork}"], "is in the register folder itself"),
        (["convert", "{tmp}/nowhere", "--to", "csv", "-o", "{tmp}/x"], "There is no folder {tmp}/nowhere"),
        (["serve", "{tmp}/nowhere"], "There is no folder {tmp}/nowhere. Name a register folder, or set POPMAP_REGISTER"),
        (["serve", "--port", "99999"], "99999 is not a port (1 to 65535)"),
        (["serve", "{popwork}", "--address", "192.0.2.1", "--port", "8999"], "The server cannot listen on 192.0.2.1, port 8999"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_2(capsysbinary: Capture, tmp_path: Path, words: list[str], message: str) -> None:
    """Bad input and bad usage end with 2 and one line on stderr that says what and where; nothing is written."""

    def fill(text: str) -> str:
        return text.replace("{popwork}", str(POPWORK)).replace("{tmp}", str(tmp_path))

    code, out, err = run(capsysbinary, *map(fill, words))
    assert (code, out) == (BAD, "")
    assert err.startswith("popmap: ") and err.count("\n") == 1 and fill(message) in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("folder", "options", "code"),
    [
        ("popwork", [], FOUND),
        ("popwork", ["--fail-on", "error"], FOUND),
        ("popwork", ["--fail-on", "note"], FOUND),
        ("popwork", ["--fail-on", "never"], FINE),
        ("clean", [], FINE),
        ("clean", ["--fail-on", "warning"], FINE),
        ("clean", ["--fail-on", "note"], FOUND),
        ("clean", ["--format", "json"], FINE),
        ("clean", ["--format", "sarif", "--fail-on", "note"], FOUND),
    ],
)
def test_check_ends_as_the_chosen_severity_says(capsysbinary: Capture, clean: Path, folder: str, options: list[str], code: int) -> None:
    """The exit code is 1 exactly when something at or above --fail-on was found; the report itself goes to stdout."""
    found, out, err = run(capsysbinary, "check", clean if folder == "clean" else POPWORK, "--as-of", DAY, *options)
    assert (found, err) == (code, "")
    assert out


def test_check_in_text(capsysbinary: Capture) -> None:
    """Text is worst first, names place, rule, article and what to do, lists the first of each rule, and adds up at the end."""
    _, out, _ = run(capsysbinary, "check", POPWORK, "--as-of", DAY)
    blocks = [block for block in out.split("\n\n") if block.startswith(("ERROR", "WARNING", "NOTE"))]
    severities = [block.split(":")[0] for block in blocks]
    assert severities == sorted(severities, key=["ERROR", "WARNING", "NOTE"].index)
    legal_basis = next(block for block in blocks if "[legal-basis-not-stated" in block)
    assert "Art. 6(1)" in legal_basis and "What to do: " in legal_basis
    assert "\n  flows.csv, row 2, column legal_basis: Identification data → Google Cloud Platform\n" in legal_basis
    assert legal_basis.count("\n  flows.csv") == SHOWN
    totals = counts(hits(open_checked(POPWORK, date.fromisoformat(DAY))))
    assert out.endswith(f"{totals['error']} errors, {totals['warning']} warnings, {totals['note']} notes.\n")


def test_check_lists_all_when_asked(capsysbinary: Capture) -> None:
    """With --all, every finding has its line, and nothing is left to "and more"."""
    _, out, _ = run(capsysbinary, "check", POPWORK, "--as-of", DAY, "--all")
    lines = [line for line in out.splitlines() if line.startswith("  ") and not line.startswith("  What to do: ")]
    assert len(lines) == sum(hit.count for hit in hits(open_checked(POPWORK, date.fromisoformat(DAY))))
    assert not [line for line in lines if line.startswith("  and ")]


def test_check_in_json_holds_every_finding_once(capsysbinary: Capture) -> None:
    """The JSON report is whole: as many findings as it counts, each with its rule, none twice."""
    _, out, _ = run(capsysbinary, "check", POPWORK, "--as-of", DAY, "--format", "json")
    report = json.loads(out)
    store = open_checked(POPWORK, date.fromisoformat(DAY))
    assert report["about"]["fingerprint"] == store.fingerprint and report["about"]["as_of"] == DAY
    assert len(report["findings"]) == sum(report["counts"].values()) == count(store, "findings", Ask())
    assert Counter(finding["code"] for finding in report["findings"]) == {rule["code"]: rule["findings"] for rule in report["rules"]}
    assert len({json.dumps(finding) for finding in report["findings"]}) == len(report["findings"])
    assert {rule["code"]: bool(rule["why"] and rule["hint"]) for rule in report["rules"]} == {hit.code: True for hit in hits(store)}


@pytest.mark.parametrize("rows", [1, 7, 35, 36])
def test_findings_do_not_depend_on_how_many_rows_are_held(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    """Read in pieces of any size, a rule's findings are the same ones in the same order, and never more than asked for."""
    store = open_checked(POPWORK, date.fromisoformat(DAY))
    whole = {hit.code: list(findings(store, hit)) for hit in hits(store)}
    monkeypatch.setattr("popmap.findings._WINDOW_ROWS", rows)
    assert {hit.code: list(findings(store, hit)) for hit in hits(store)} == whole
    assert all(list(findings(store, hit, 3)) == whole[hit.code][:3] for hit in hits(store))


def test_check_in_sarif(capsysbinary: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SARIF report has the standard's structure, rules by index, and places relative to where popmap was run."""
    monkeypatch.chdir(ROOT)
    _, out, _ = run(capsysbinary, "check", "data/popwork", "--as-of", DAY, "--format", "sarif")
    report = json.loads(out)
    jsonschema.validate(report, SARIF)
    (only,) = report["runs"]
    rules = only["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in only["results"])
    assert len({result["partialFingerprints"]["popmap/v1"] for result in only["results"]}) == len(only["results"])
    places = [
        location["physicalLocation"]["artifactLocation"]["uri"] for result in only["results"] for location in result.get("locations", [])
    ]
    assert "data/popwork/flows.csv" in places
    assert all((ROOT / unquote(place)).is_file() for place in places)


def test_no_fault_is_reported_twice_and_none_is_lost(capsysbinary: Capture, broken: Path) -> None:
    """Every fault the reader or a rule ran into is one finding, in every format."""
    store = open_checked(broken, date.fromisoformat(DAY))
    faults = store.query("SELECT code, file, row_no, column_name, value, message FROM faults")
    assert {"duplicate-key", "missing-key", "invalid-slug", "value-not-allowed", "invalid-country", "dangling-reference"} <= {
        row[0] for row in faults
    }
    assert {"settings-unreadable", "unknown-table", "control-character", "row-short", "rule-failed"} <= {row[0] for row in faults}
    about_files = [
        finding
        for hit in hits(store)
        for finding in findings(store, hit)
        if any(finding.detail.startswith(f"{row[1]}: {row[5]}") for row in faults)
    ]
    assert len(about_files) == len(faults)
    _, out, _ = run(capsysbinary, "check", broken, "--as-of", DAY, "--format", "json")
    assert sum("same key" in (finding["detail"] or "") for finding in json.loads(out)["findings"]) == 1


def test_nothing_in_a_register_moves_the_terminal(capsysbinary: Capture, broken: Path) -> None:
    """Escape sequences and characters that turn writing round are shown as U+FFFD in text."""
    _, out, _ = run(capsysbinary, "check", broken, "--as-of", DAY, "--all")
    assert "[31mRed" in out
    assert not [character for character in out if not character.isprintable() and character != "\n"]


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "parquet"])
def test_export_writes_the_table(capsysbinary: Capture, tmp_path: Path, form: str) -> None:
    """A table is written in the format of the file's extension, overwriting what was there."""
    path = tmp_path / f"flows.{form}"
    path.write_text("old", encoding="utf-8")
    assert run(capsysbinary, "export", POPWORK, "flows", "-o", path) == (FINE, "", "")
    starts = {"csv": b"category,vendor,", "xlsx": b"PK", "json": b'{\n"about"', "parquet": b"PAR1"}
    assert path.read_bytes().startswith(starts[form])


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("m.svg", "<svg"),
        ("m.graphml", "<?xml"),
        ("m.gexf", "<?xml"),
        ("m.cyjs", "{"),
        ("m.txt", "// popmap: Categories > Sections > Vendors"),
    ],
)
def test_export_writes_the_graph(capsysbinary: Capture, tmp_path: Path, name: str, start: str) -> None:
    """The graph is written in the format of the file's extension, with the layers asked for."""
    words = ["export", POPWORK, "graph", "-o", tmp_path / name, "--layers", "category,section,vendor", "--filter", "category=logs"]
    assert run(capsysbinary, *words) == (FINE, "", "")
    content = (tmp_path / name).read_text(encoding="utf-8")
    assert content.startswith(start) and "Sentry" in content and "Technology" in content and "Stripe" not in content


def test_export_to_standard_output(capsysbinary: Capture) -> None:
    """With -o - the file goes to stdout, filtered, sorted and with the columns asked for."""
    words = [
        "export",
        POPWORK,
        "flows",
        "-o",
        "-",
        "--format",
        "csv",
        "--filter",
        "?category=logs&sort=row_no&desc=1",
        "--columns",
        "vendor,row_no",
    ]
    code, out, err = run(capsysbinary, *words)
    head, *rows = csv.reader(io.StringIO(out))
    assert (code, err, head) == (FINE, "", ["vendor", "row_no"])
    numbers = [int(row[1]) for row in rows]
    assert numbers == sorted(numbers, reverse=True) and len(numbers) == 8


def test_export_for_the_public(capsysbinary: Capture) -> None:
    """With --public, internal columns are left out; without, they are there."""
    heads = [
        run(capsysbinary, "export", POPWORK, "activities", "-o", "-", "--format", "csv", *more)[1].splitlines()[0]
        for more in ([], ["--public"])
    ]
    assert [{"notes", "owner"} & set(head.split(",")) for head in heads] == [{"notes", "owner"}, set()]


def test_export_as_of_another_day(capsysbinary: Capture) -> None:
    """Findings are judged on the day named, and the file says which."""
    _, out, _ = run(capsysbinary, "export", POPWORK, "findings", "-o", "-", "--format", "json", "--as-of", "2031-01-01")
    assert json.loads(out)["about"]["as_of"] == "2031-01-01"


def test_convert_says_what_it_did(capsysbinary: Capture, tmp_path: Path) -> None:
    """Converting names the tables, their rows and the fingerprint that both registers share."""
    code, out, err = run(capsysbinary, "convert", POPWORK, "--to", "parquet", "-o", tmp_path / "copy")
    assert (code, err) == (FINE, "")
    assert "flows 34" in out and open_checked(POPWORK).fingerprint in out
    assert (tmp_path / "copy" / "flows.parquet").is_file()


def test_convert_refuses_a_register_with_rows_left_out(capsysbinary: Capture, tmp_path: Path, broken: Path) -> None:
    """A register of which rows could not be read is not converted, and one of those rows is named."""
    code, out, err = run(capsysbinary, "convert", broken, "--to", "parquet", "-o", tmp_path / "copy")
    assert (code, out) == (BAD, "")
    assert err.count("\n") == 1 and "a copy would lose that" in err and "row 2" in err
    assert not (tmp_path / "copy").exists()


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}


@pytest.mark.parametrize("words", [["check", str(POPWORK), "--all"], ["export", str(POPWORK), "flows", "-o", "-", "--format", "csv"]])
def test_a_reader_who_has_seen_enough(tmp_path: Path, words: list[str]) -> None:
    """When the pipe's other end closes, the command ends with its own exit code and without a word on stderr."""
    process = subprocess.Popen(
        [sys.executable, "-m", "popmap", *words], cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout and process.stderr
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait() == (FOUND if words[0] == "check" else FINE)


def test_it_runs_from_anywhere_in_any_locale(tmp_path: Path) -> None:
    """The process itself gives UTF-8 and the exit code, wherever it is started and whatever the terminal's encoding."""
    done = subprocess.run(
        [sys.executable, "-m", "popmap", "check", str(POPWORK)], cwd=tmp_path, env=environment(), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (FOUND, b"")
    assert "→" in done.stdout.decode("utf-8")


def test_an_unreadable_name_in_a_message(capsysbinary: Capture, tmp_path: Path) -> None:
    """A folder's name cannot move the terminal's cursor either."""
    code, _, err = run(capsysbinary, "check", tmp_path / "a\x1b[2Jb")
    assert code == BAD and "\x1b" not in err and "\ufffd[2J" in err


def test_only_serving_imports_streamlit(tmp_path: Path) -> None:
    """Every other command is spared the second that importing Streamlit takes."""
    script = "import sys; from popmap.cli import main; main(['check', sys.argv[1]]); sys.exit('streamlit' in sys.modules)"
    assert (
        subprocess.run(
            [sys.executable, "-c", script, str(POPWORK)], cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL, check=False
        ).returncode
        == 0
    )
