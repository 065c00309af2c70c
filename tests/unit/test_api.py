"""Over HTTP there are the rows a page shows and no more, whoever asks; and what cannot be answered is said as JSON."""

from __future__ import annotations

import csv
import http.client
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette

from popmap import api, opened, tables
from popmap.errors import PopmapError
from popmap.opened import BUNDLED, REGISTER_VARIABLE, register_folder
from popmap.store import Store
from popmap.tables import Ask
from popmap.views import VIEWS

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: its status, headers and body."""

    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> dict:
        """Return the body as a JSON object."""
        return json.loads(self.body)


def ask(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    """Send one request as it stands and return the response."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


@contextmanager
def serving(folder: Path, refuse: api.Refuse = lambda _: None) -> Generator[int]:
    """Serve a register's tables alone, on a free port, until the block ends."""
    app = Starlette(routes=api.routes(lambda: folder, refuse))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Return the port of a server of the bundled register."""
    with serving(BUNDLED) as number:
        yield number


@pytest.fixture(scope="module")
def store() -> Store:
    """Return the bundled register as the server has it."""
    return opened.opened(BUNDLED)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the bundled register that a test may change."""
    return Path(shutil.copytree(BUNDLED, tmp_path / "register"))


@pytest.mark.parametrize("name", VIEWS)
def test_each_table_as_json_and_csv(port: int, store: Store, name: str) -> None:
    """JSON and CSV of a table hold its rows, all of them, without the columns kept from outsiders."""
    shown = tables.fetch(store, name, Ask(), internal=False)
    document = ask(port, f"{api.API}/{name}.json").json
    assert list(document) == ["about", "columns", "total", "next", "rows"]
    assert [column["name"] for column in document["columns"]] == shown.column_names
    assert not {"notes", "owner"} & set(shown.column_names)
    assert (document["total"], document["next"]) == (shown.num_rows, None)

    def as_text(rows: list[dict]) -> list[list[str]]:
        return sorted(["" if cell is None else str(cell) for cell in row.values()] for row in rows)

    assert as_text(document["rows"]) == as_text(shown.to_pylist())
    found = list(csv.DictReader(io.StringIO(ask(port, f"{api.API}/{name}.csv").body.decode(), newline="")))
    assert as_text([{key: cell.removeprefix("'") for key, cell in row.items()} for row in found]) == as_text(document["rows"])


def test_headers_of_an_answer(port: int, store: Store) -> None:
    """An answer names the register's fingerprint, is not stored, not guessed at, and not for other origins."""
    for form, kind in (("json", "application/json"), ("csv", "text/csv; charset=utf-8")):
        headers = ask(port, f"{api.API}/vendors.{form}", Origin="http://evil.example").headers
        assert headers["X-Popmap-Fingerprint"] == store.fingerprint
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Type"] == kind
        assert headers["X-Popmap-Total"] == "22"
        assert not [name for name in headers if name.lower().startswith("access-control")]
    assert headers["Content-Disposition"] == f'attachment; filename="popmap-vendors-{store.fingerprint[:8]}.csv"'


def test_the_index_describes_what_there_is(port: int) -> None:
    """The index lists every table with its addresses, columns and keys; each address it names answers."""
    for path in (api.API, f"{api.API}/"):
        answer = ask(port, path)
        assert answer.status == 200 and list(answer.json["tables"]) == list(VIEWS)
    described = answer.json
    for table in described["tables"].values():
        assert ask(port, table["json"]).status == ask(port, table["csv"]).status == 200
        assert set(table["keys"]) <= set(described["keys"])
        assert not {"notes", "owner"} & {column["name"] for column in table["columns"]}


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("category=logs", 8),
        ("category=logs&category=source-code", 9),
        ("category=logs&vendor=sentry", 1),
        ("basis=consent", 6),
        ("basis=not-stated&category=logs", 8),
        ("q=STRIPE", 1),
        ("q=%27%20OR%201%3D1%20--", 0),
        ("limit=5", 5),
        ("offset=30", 4),
        ("offset=34", 0),
        ("offset=999999999", 0),
    ],
)
def test_the_pages_url_keys_are_the_parameters(port: int, query: str, rows: int) -> None:
    """A page's link asks the same of the API: values of one key are alternatives, keys together must all hold."""
    assert len(ask(port, f"{api.API}/flows.json?{query}").json["rows"]) == rows


@pytest.mark.parametrize(("descending", "first"), [("0", 2), ("1", 35)])
def test_rows_in_the_order_asked_for(port: int, descending: str, first: int) -> None:
    """Sort and desc order the rows before they are cut."""
    document = ask(port, f"{api.API}/flows.json?sort=row_no&desc={descending}&limit=1").json
    assert [row["row_no"] for row in document["rows"]] == [first]


@pytest.mark.parametrize("form", ["json", "csv"])
def test_next_leads_through_all_rows_once(port: int, store: Store, form: str) -> None:
    """Following next from page to page gives every row exactly once, with the filter kept."""
    path: str | None = f"{api.API}/flows.{form}?category=identification-data&limit=5"
    seen: list[int] = []
    while path:
        answer = ask(port, path)
        if form == "json":
            seen += [row["row_no"] for row in answer.json["rows"]]
            path = answer.json["next"]
        else:
            seen += [int(row["row_no"]) for row in csv.DictReader(io.StringIO(answer.body.decode()))]
            path = (answer.headers["Link"] or "").partition(">")[0].removeprefix("<")
    expected = store.query("SELECT row_no FROM flows WHERE category_id = 'identification-data' ORDER BY 1")
    assert seen == [row for (row,) in expected] and len(seen) > 5


def test_findings_by_severity_and_rule(port: int) -> None:
    """The findings have keys of their own beside the filter's."""
    rows = ask(port, f"{api.API}/findings.json?severity=error&severity=note").json["rows"]
    assert {row["severity"] for row in rows} == {"error", "note"}
    rows = ask(port, f"{api.API}/findings.json?rule=retention-not-stated").json["rows"]
    assert {row["code"] for row in rows} == {"retention-not-stated"}


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("/flows.json?category=nope", 400, "no category 'nope'"),
        ("/flows.json?colour=red", 400, "no key colour"),
        ("/flows.json?severity=error", 400, "no key severity"),
        ("/flows.json?sort=price", 400, "no column price"),
        ("/flows.json?sort=notes", 400, "notes is kept"),
        ("/flows.json?desc=maybe", 400, "desc holds 'maybe'"),
        ("/flows.json?limit=0", 400, "limit holds '0'"),
        ("/flows.json?limit=100001", 400, "limit holds '100001'"),
        ("/flows.json?limit=x", 400, "limit holds 'x'"),
        ("/flows.json?limit=%C2%B2", 400, "limit holds '²'"),
        ("/flows.json?limit=1&limit=2", 400, "limit holds '1, 2'"),
        ("/flows.json?offset=-1", 400, "offset holds '-1'"),
        ("/findings.json?rule=nope", 400, "no rule 'nope'"),
        ("/findings.json?severity=fatal", 400, "no severity 'fatal'"),
        ("/?category=logs", 400, "no key category here"),
        ("/evidence.json", 404, "no such table"),
        ("/flows", 404, "no such table"),
        ("/flows.xlsx", 404, "no such table"),
        ("/.json", 404, "no such table"),
        ("/flows.json/more", 404, "nothing at this address"),
        ("/../v2", 404, "nothing at this address"),
    ],
)
def test_what_cannot_be_answered(port: int, path: str, status: int, error: str) -> None:
    """A wrong key, value or address is an error in JSON with what to do, never a wider answer or a page of HTML."""
    answer = ask(port, f"{api.API}{path}")
    assert answer.status == status
    assert error in answer.json["error"] and answer.json["hint"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_it_only_reads(port: int, method: str) -> None:
    """Nothing can be changed over HTTP, and no other origin is given leave to try."""
    answer = ask(port, f"{api.API}/flows.json", method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert "only read" in answer.json["hint"]


def test_head_is_get_without_the_body(port: int) -> None:
    """HEAD tells the size and the fingerprint without sending the rows."""
    answer = ask(port, f"{api.API}/flows.json", "HEAD")
    assert (answer.status, answer.body) == (200, b"") and int(answer.headers["Content-Length"]) > 1_000


@pytest.mark.parametrize(("host", "name"), [("a.example:80", "a.example"), ("[::1]:8501", "::1"), ("[::1", ""), ("", ""), ("a b", "")])
def test_a_refused_request(host: str, name: str) -> None:
    """Whoever serves the tables may refuse a request by the name it is addressed to; a broken name is no name, not a crash."""
    asked: list[str] = []

    def refuse(stated: str) -> PopmapError:
        asked.append(stated)
        return PopmapError("Not here.", "Elsewhere.")

    with serving(BUNDLED, refuse) as number:
        answer = ask(number, f"{api.API}/flows.json", Host=host)
    assert (answer.status, answer.json, asked) == (403, {"error": "Not here.", "hint": "Elsewhere."}, [name])


def test_a_register_that_cannot_be_read(tmp_path: Path) -> None:
    """When there is no register the answer says so without naming the server's folders."""
    with serving(tmp_path / "secret-place") as number:
        answer = ask(number, f"{api.API}/flows.json")
    assert answer.status == 503 and "secret-place" not in answer.body.decode()
    assert answer.json["error"] == "The register cannot be read."


def test_changed_files_are_answered_from_at_once(copy: Path) -> None:
    """An edit on disk shows in the next answer, under another fingerprint; the store is kept as long as nothing changes."""
    with serving(copy) as number:
        before = ask(number, f"{api.API}/vendors.json")
        assert opened.opened(copy) is opened.opened(copy)
        with (copy / "vendors.csv").open("a", encoding="utf-8") as file:
            file.write("newcomer,Newcomer" + "," * 17 + "\n")
        after = ask(number, f"{api.API}/vendors.json?q=newcomer")
    assert [row["name"] for row in after.json["rows"]] == ["Newcomer"]
    assert before.headers["X-Popmap-Fingerprint"] != after.headers["X-Popmap-Fingerprint"]


def test_many_threads_open_one_store(copy: Path) -> None:
    """Threads that ask for the same register at once get the same store, built once."""
    barrier = threading.Barrier(8)
    found: list[Store] = []

    def look() -> None:
        barrier.wait()
        found.append(opened.opened(copy))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len({id(store) for store in found}) == 1


def test_few_registers_are_kept_open(tmp_path: Path) -> None:
    """Only the last registers stay open; one let go of still answers those who hold it."""
    folders = [Path(shutil.copytree(BUNDLED, tmp_path / str(number))) for number in range(opened.MOST_OPEN + 1)]
    first, *rest = [opened.opened(folder) for folder in folders]
    assert [opened.opened(folder) for folder in folders[1:]] == rest
    assert first.query("SELECT count(*) FROM flows") == [(34,)]
    assert opened.opened(folders[0]) is not first


@pytest.mark.parametrize(
    ("stated", "folder"),
    [(None, BUNDLED), ("", BUNDLED), ("  ", BUNDLED), ("/some/where", Path("/some/where")), ("here", Path.cwd() / "here")],
)
def test_which_register_is_opened(monkeypatch: pytest.MonkeyPatch, stated: str | None, folder: Path) -> None:
    """POPMAP_REGISTER names the register; without it, the bundled one is opened."""
    monkeypatch.delenv(REGISTER_VARIABLE, raising=False)
    if stated is not None:
        monkeypatch.setenv(REGISTER_VARIABLE, stated)
    assert register_folder() == folder


def test_the_tables_need_no_streamlit() -> None:
    """The API imports Starlette only, so that it can be served by itself."""
    script = "import sys; import popmap.api; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


@contextmanager
def popmap_serve(folder: Path, *words: str, **variables: str) -> Generator[tuple[subprocess.Popen[bytes], int]]:
    """Run `popmap serve` from a folder until the block ends, and return the process and its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    environment = (
        {key: value for key, value in os.environ.items() if not key.startswith("STREAMLIT_")} | {"PYTHONPATH": str(ROOT)} | variables
    )
    command = [sys.executable, "-m", "popmap", "serve", *words, "--port", str(number)]
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and process.poll() is None:
            try:
                if ask(number, "/_stcore/health").status == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield process, number
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_popmap_serve_serves_pages_and_tables(tmp_path: Path, copy: Path) -> None:
    """One command, run from anywhere, serves a folder's pages and tables on this machine's own names, and ends with 0 on Ctrl-C."""
    with popmap_serve(tmp_path, str(copy)) as (process, number):
        page = ask(number, "/")
        assert page.status == 200 and b"<html" in page.body
        assert len(ask(number, f"{api.API}/flows.json").json["rows"]) == 34
        assert ask(number, f"{api.API}/flows.json", Host="localhost").status == 200
        rebound = ask(number, f"{api.API}/flows.json", Host="evil.example")
        assert rebound.status == 403 and "this machine only" in rebound.json["error"]
        assert ask(number, "/api/unknown").status == 404
        busy = subprocess.run(
            [sys.executable, "-m", "popmap", "serve", str(copy), "--port", str(number)],
            cwd=ROOT,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        assert busy.returncode == 2
        assert (
            f"cannot listen on 127.0.0.1, port {number}: Address already in use".encode() in busy.stderr and busy.stderr.count(b"\n") == 1
        )
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=PATIENCE)[0]
        assert (process.returncode, b"Traceback" in said) == (0, False)


def test_tables_are_not_served_where_the_app_asks_for_a_login(tmp_path: Path) -> None:
    """With [auth] in Streamlit's secrets the tables are refused: routes beside the app stand outside its log-in."""
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text('[auth]\ncookie_secret = "x"\n', encoding="utf-8")
    with popmap_serve(tmp_path) as (_, number):
        for path in ("/", "/flows.json", "/findings.csv"):
            answer = ask(number, api.API + path)
            assert answer.status == 403 and "log-in" in answer.json["error"]


@pytest.mark.skipif(sys.platform != "linux", reason="the stand-in for a browser is a shell script, and only Linux may lack a screen")
@pytest.mark.parametrize(("words", "screen", "opened_once"), [(["--open"], ":9", True), (["--open"], "", False), ([], ":9", False)])
def test_popmap_serve_opens_a_browser_when_asked(tmp_path: Path, words: list[str], screen: str, opened_once: bool) -> None:
    """With --open the pages' address is given to the browser, where there is a screen; otherwise no browser is started."""
    browser, seen = tmp_path / "browser", tmp_path / "seen"
    browser.write_text(f'#!/bin/sh\necho "$1" >> "{seen}.part" && mv "{seen}.part" "{seen}"\n', encoding="utf-8")
    browser.chmod(0o755)
    with popmap_serve(tmp_path, *words, BROWSER=str(browser), DISPLAY=screen, WAYLAND_DISPLAY="") as (_, number):
        until = time.monotonic() + (PATIENCE if opened_once else 1.0)
        while time.monotonic() < until and not seen.exists():
            time.sleep(0.1)
        assert (seen.read_text(encoding="utf-8") if seen.exists() else "") == (f"http://127.0.0.1:{number}\n" if opened_once else "")


def test_popmap_serve_keeps_the_apps_settings(tmp_path: Path) -> None:
    """The app's own .streamlit/config.toml holds wherever the command is run from; only address and port are the command's."""
    script = (
        "import sys; from streamlit import config; from streamlit.web.server.starlette import starlette_server as server;"
        "server.UvicornRunner.run = lambda self: print(config.get_option('client.toolbarMode'),"
        " config.get_option('browser.gatherUsageStats'), config.get_option('server.address'), config.get_option('server.port'));"
        "from popmap.cli import main; sys.exit(main(['serve', '--port', sys.argv[1]]))"
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = str(free.getsockname()[1])
    done = subprocess.run(
        [sys.executable, "-c", script, number],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, f"viewer False 127.0.0.1 {number}")
