"""The page that opens from disk: what it holds, what it keeps back, and that nothing in it can run but its own script."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hostile import HOST, NAMES, write_hostile
from hypothesis import given
from hypothesis import strategies as st
from registers import DAY, tiny, write

from popmap.checks.run import open_checked
from popmap.evidence import standalone
from popmap.evidence.standalone import SCRIPTS, STYLES, index_html
from popmap.evidence.standalone.coding import coded, embedded
from popmap.filters import Filter
from popmap.opened import BUNDLED
from popmap.store import Store
from popmap.tables import Ask, count, fetch

MADE_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
INSIDE = "kept-from-outsiders"
TRICKS = (
    "<script>window.caught=1</script>",
    "</script><img src=x onerror=window.caught=1>",
    "<!--<script>",
    "\"'&amp;&lt;",
    "line\u2028and\u2029paragraph",
    '=HYPERLINK("https://tracker.example")',
    "{{script}} {{data}}",
)


class Page(HTMLParser):
    """The elements of a page: each tag with its attributes, and what stands in its script and style elements."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open = False
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note an element."""
        self.tags.append((tag, dict(attrs)))
        self.open = tag in ("script", "style")
        if self.open:
            self.inside.append((tag, dict(attrs), ""))

    def handle_data(self, data):
        """Note what stands in it."""
        if self.open:
            tag, attributes, before = self.inside[-1]
            self.inside[-1] = (tag, attributes, before + data)

    def handle_endtag(self, tag):
        """Note that it ends."""
        self.open = self.open and tag not in ("script", "style")

    @property
    def data(self) -> Any:
        """Return the rows the page holds."""
        return json.loads(next(text for _, attributes, text in self.inside if attributes.get("id") == "data"))


def cells(table: dict[str, Any], name: str) -> list[str | None]:
    """Return a column of the page's data as its cells."""
    held = next(one for one in table["columns"] if one["name"] == name)
    if "numbers" in held:
        return held["numbers"]
    at = [held["all"]] * table["rows"] if "all" in held else held["at"]
    return [None if place < 0 else held["values"][place] for place in at]


@pytest.fixture(scope="module")
def popwork() -> Store:
    """Return the bundled register."""
    return open_checked(BUNDLED, DAY)


@pytest.fixture(scope="module")
def tricky(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return a register whose names and quotes are code, with secrets in every internal column."""
    tables = tiny()
    for name in ("categories", "vendors", "flows", "activities"):
        for at, row in enumerate(tables[name]):
            row["notes"] = INSIDE
            for column in ("name", "purpose", "condition"):
                if column in row or (name == "flows" and column == "condition"):
                    row[column] = TRICKS[at % len(TRICKS)]
    tables["activities"][0]["owner"] = INSIDE
    flow = tables["flows"][0]
    key = f"{flow['category_id']}/{flow['vendor_id']}/{flow['purpose']}"
    said = {"status": "confirmed", "source_id": "page", "checked_by": INSIDE, "checked_on": "2026-05-06"}
    tables["evidence"] += [
        {"table": "flows", "row_id": key, "column": "purpose", "locator": "line 7", "quote": trick} | said for trick in TRICKS
    ]
    tables["evidence"].append({"table": "vendors", "row_id": "sentry", "column": "notes", "quote": INSIDE} | said)
    folder = tmp_path_factory.mktemp("tricky")
    write(folder, tables, toml=f"title = {json.dumps(TRICKS[0])}\n[organisation]\nname = {json.dumps(TRICKS[1])}\n")
    return open_checked(folder, DAY)


def page_of(store: Store, asked: Filter | None = None, **options: bool) -> Page:
    """Return a register's page."""
    return Page(index_html(store, asked or Filter(), MADE_AT, **options).decode())


@pytest.mark.parametrize("internal", [False, True])
def test_only_its_own_script_and_style_can_run(tricky: Store, internal: bool):
    """The policy's hashes are those of the one script and the one style, and no attribute or element could run or fetch anything else."""
    page = page_of(tricky, internal=internal)
    policy = next(attributes["content"] for tag, attributes in page.tags if attributes.get("http-equiv") == "Content-Security-Policy") or ""
    run = [(tag, text) for tag, attributes, text in page.inside if attributes.get("type") is None]
    assert [tag for tag, _ in run] == ["style", "script"]
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for _, text in run]
    assert f"style-src 'sha256-{hashes[0]}'" in policy and f"script-src 'sha256-{hashes[1]}'" in policy
    assert policy.startswith("default-src 'none'; ") and policy.endswith("img-src data:; base-uri 'none'; form-action 'none'")
    assert {tag for tag, _ in page.tags}.isdisjoint({"link", "img", "iframe", "object", "embed", "base", "form", "image", "use"})
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset", "action")]
        assert (attributes.get("href") or "#").startswith("#")


def test_scripts_and_style_hold_no_address():
    """Neither the script nor the style names any address but the one that tells SVG from HTML."""
    folder = Path(standalone.__file__).parent
    text = "".join((folder / name).read_text(encoding="utf-8") for name in (*SCRIPTS, *STYLES, "page.html"))
    assert set(re.findall(r"https?://[\w./-]+", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(
        r"@import|url\(|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", text
    )
    assert {*SCRIPTS, *STYLES} == {path.name for path in folder.iterdir() if path.suffix in (".js", ".css")}
    scripts = "".join((folder / name).read_text(encoding="utf-8") for name in SCRIPTS)
    assert "</script" not in scripts.lower() and "<!--" not in scripts


@pytest.mark.parametrize("trick", TRICKS)
def test_names_stay_text(tricky: Store, trick: str):
    """A name that is code comes out of the page's data as it stands in the register, and opens no element."""
    page = page_of(tricky)
    held = page.data
    every = [value for table in ("flows", "vendors", "categories") for one in held[table]["columns"] for value in one.get("values", ())]
    assert trick in [*every, *held["quotes"]["quote"]["values"]]
    assert [tag for tag, _ in page.tags].count("script") == 2


@given(st.text())
def test_embedded_text_survives(text: str):
    """Any text read back from a script element is the same text, and the element cannot end within it."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        return
    written = embedded({"text": text})
    assert json.loads(written) == {"text": text}
    assert not set(written) & set("<>&\u2028\u2029")


@given(st.lists(st.none() | st.sampled_from(["a", "b", "", "-1"])))
def test_coded_columns_read_back(column: list[str | None]):
    """A coded column gives its cells back; an empty text counts as not stated."""
    held = coded(column)
    at = [held["all"]] * len(column) if "all" in held else held["at"]
    assert [None if place < 0 else held["values"][place] for place in at] == [cell or None for cell in column]


def test_internal_columns_are_kept_back(tricky: Store):
    """The public page holds no cell of an internal column, no words it rests on and no name of who checked; the internal one does."""
    public, internal = (index_html(tricky, Filter(), MADE_AT, internal=internal).decode() for internal in (False, True))
    assert INSIDE not in public and "2026-05-06" in public
    assert INSIDE in internal
    names = {one["name"] for table in ("flows", "vendors", "categories", "activities") for one in Page(public).data[table]["columns"]}
    assert names.isdisjoint({"notes", "owner"})


@pytest.mark.parametrize(
    "asked",
    [Filter(), Filter(categories=("logs",)), Filter(sections=("marketing",)), Filter(gaps=("role-not-stated",)), Filter(text="google")],
)
def test_it_holds_the_rows_behind_the_filter(popwork: Store, asked: Filter):
    """Every table of the page has the rows that the same filter gives elsewhere, in the same order."""
    held = page_of(popwork, asked).data
    flows = fetch(popwork, "flows", Ask(asked))
    assert cells(held["flows"], "row_no") == flows["row_no"].to_pylist()
    assert [held["vendors"]["keys"][at] for at in held["flows"]["vendor"]] == flows["vendor_id"].to_pylist()
    assert [held["categories"]["keys"][at] for at in held["flows"]["category"]] == flows["category_id"].to_pylist()
    assert [len(held["flows"]["patterns"][at]) for at in held["flows"]["pattern"]] == flows["findings"].to_pylist()
    for name in ("vendors", "categories"):
        rows = fetch(popwork, name, Ask(asked))
        assert held[name]["keys"][: held[name]["listed"]] == rows[name.replace("ies", "y").removesuffix("s") + "_id"].to_pylist()
        assert held[name]["listed"] == count(popwork, name, Ask(asked))
    of_flows = sum(
        1 for at in held["flows"]["pattern"] for rule in held["flows"]["patterns"][at] if rule in held["asked_rules"] or not asked.gaps
    )
    assert of_flows + held["findings"]["rows"] == count(popwork, "findings", Ask(asked))


def test_every_quote_is_there(popwork: Store):
    """All the words that shown rows rest on are in the page, with their place and source."""
    held = page_of(popwork).data
    ((wanted,),) = popwork.query("SELECT count(*) FROM evidence WHERE \"table\" IN ('flows', 'vendors', 'categories', 'activities')")
    assert held["quotes"]["rows"] == wanted
    flows = fetch(popwork, "flows", Ask())["purpose"].to_pylist()
    of, row, column, quote = (
        held["quotes"]["row"] if name == "row" else cells({"rows": wanted, "columns": [held["quotes"][name] | {"name": name}]}, name)
        for name in ("of", "row", "col", "quote")
    )
    assert all(
        flows[at] in said for one, at, name, said in zip(of, row, column, quote, strict=True) if one == "flows" and name == "purpose"
    )


def test_the_head_says_what_it_is(popwork: Store):
    """Organisation, title, fingerprint, day, filter, audience and time in UTC stand in the page without any script."""
    text = index_html(popwork, Filter(sections=("marketing",)), MADE_AT.astimezone(timezone(timedelta(hours=5)))).decode()
    page = text.split('<script type="application/json"')[0]
    for words in (
        "Popwork",
        popwork.settings.title,
        popwork.fingerprint,
        DAY.isoformat(),
        "in Marketing",
        "Public",
        "2026-01-02 03:04:05 UTC",
    ):
        assert words.replace("'", "&#x27;") in page
    assert "<noscript>" in page and page.count("<svg ") == 1 and "8 flows are shown" in page


def test_the_same_bytes_everywhere(tmp_path: Path, popwork: Store):
    """Another folder, time zone, locale and hash seed give the same bytes; they are few for a small register."""
    code = (
        "import sys; from datetime import UTC, date, datetime; from popmap.checks.run import open_checked; "
        "from popmap.evidence.standalone import index_html; from popmap.filters import Filter; from popmap.opened import BUNDLED; "
        f"made_at = datetime.fromtimestamp({MADE_AT.timestamp()}, UTC).astimezone(); "
        f"store = open_checked(BUNDLED, date.fromisoformat('{DAY}')); sys.stdout.buffer.write(index_html(store, Filter(), made_at))"
    )
    elsewhere = {"TZ": "Asia/Kolkata", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(__file__).parents[2])}
    there = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, **elsewhere}, capture_output=True, check=True)
    here = index_html(popwork, Filter(), MADE_AT)
    assert there.stdout == here and len(here) < 250_000


def test_a_register_of_nothing_but_tricks(tmp_path: Path):
    """A register whose every cell tries something gives a page of the same elements as any other, and an address only as data."""
    page = page_of(open_checked(write_hostile(tmp_path), DAY))
    assert [tag for tag, _ in page.tags].count("script") == 2 and page.data["vendors"]["rows"] == len(NAMES)
    assert all(HOST not in value for _, attributes in page.tags for value in attributes.values() if value)


def test_an_empty_register(tmp_path: Path):
    """A register without rows gives a page that says so."""
    write(tmp_path, {"categories": [], "vendors": [], "flows": []})
    page = page_of(open_checked(tmp_path, DAY))
    assert page.data["flows"]["rows"] == page.data["vendors"]["rows"] == 0
