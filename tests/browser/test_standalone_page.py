"""The page that opens from disk, as a reader meets it: from a file, without any network, with mouse and keyboard."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from hostile import NAMES, write_hostile
from playwright.sync_api import Browser, Page, expect

from popmap.checks.run import open_checked
from popmap.evidence.standalone import index_html
from popmap.filters import Filter, from_query, to_english, to_query
from popmap.flow.text import clean
from popmap.opened import BUNDLED
from popmap.store import Store
from popmap.tables import Ask, count
from tests.benchmarks.generate import generate

MADE_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
DAY = date(2026, 11, 23)


@dataclass
class Opened:
    """A page opened from disk, the addresses it asked for and what its console said."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def go(self, hash_: str = "") -> Page:
        """Open it with what stands behind #."""
        self.page.goto("about:blank")
        self.page.goto(self.address + hash_)
        expect(self.page.locator("#tab-flows")).to_be_visible()
        return self.page


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Store]:
    """Return what opens a register: "popwork", "hostile", "made-up", or "large" with 2,000 vendors and 20,000 flows."""

    @cache
    def of(name: str) -> Store:
        folder = tmp_path_factory.mktemp(name)
        if name == "hostile":
            write_hostile(folder)
        if name == "made-up":
            generate(folder, 400, categories=12, vendors=60, evidence=0.3)
        if name == "large":
            generate(folder, 20_000, vendors=2_000, form="parquet")
        return open_checked(BUNDLED if name == "popwork" else folder, DAY)

    return of


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, stores: Callable[[str], Store]) -> Callable[[str], Path]:
    """Return what gives the page of a register as a file."""
    made: dict[str, Path] = {}

    def of(name: str) -> Path:
        if name not in made:
            made[name] = tmp_path_factory.mktemp("pages") / f"{name}.html"
            made[name].write_bytes(index_html(stores(name), Filter(), MADE_AT))
        return made[name]

    return of


@pytest.fixture
def opened(browser: Browser, files: Callable[[str], Path]) -> Iterator[Callable[..., Opened]]:
    """Return what opens a page; at the end nothing may have been asked for but the file, and no script may have failed."""
    with ExitStack() as contexts:
        all_opened = []

        def of(name: str = "popwork", theme: str = "light", width: int = 1440) -> Opened:
            context = browser.new_context(color_scheme=theme, offline=True, viewport={"width": width, "height": 900})  # ty: ignore
            contexts.callback(context.close)
            one = Opened(context.new_page(), files(name).as_uri())
            one.page.on("request", lambda request: one.requests.append(request.url))
            one.page.on("console", lambda message: one.said.append(message.text))
            one.page.on("pageerror", lambda error: one.said.append(str(error)))
            all_opened.append(one)
            return one

        yield of
        for one in all_opened:
            assert {url.split("#")[0] for url in one.requests} <= {one.address, "about:blank"}
            assert one.said == []


def node(page: Page, key: str):
    """Return a node or band of the map."""
    return page.locator(f"[data-key={json.dumps(key)}]")


def rows(page: Page) -> list[str]:
    """Return the first cell of each row of the table."""
    return page.locator("#table tbody th").all_inner_texts()


def test_search_and_filter_and_back(opened: Callable[..., Opened]):
    """Search and filters narrow map, counts and table alike, say so in words, stand in the address, and are cleared at once."""
    page = opened().go()
    assert page.locator(".node").count() == 7 + 22 and page.locator(".band").count() == 34
    page.get_by_label("Search").fill("ANALYT")
    expect(page.locator("#asked")).to_have_text("Every category to every vendor, mentioning “ANALYT”.")
    page.locator("summary", has_text="Section").click()
    page.get_by_role("checkbox", name="Marketing").check()
    expect(page.locator("#asked")).to_have_text("Every category to vendors in Marketing, mentioning “ANALYT”.")
    assert page.locator("#counts").inner_text().startswith(f"{len(rows(page))} of 34 flows")
    assert page.locator(".band").count() == len(rows(page)) < 8
    assert "section=marketing" in page.url and "q=ANALYT" in page.url
    again = page.url.split("#")[1]
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator(".band")).to_have_count(34)
    assert "#" not in page.url
    page.go_back()
    expect(page.locator("#asked")).to_contain_text("in Marketing")
    page = opened().go(f"#{again}")
    expect(page.locator("#asked")).to_have_text("Every category to vendors in Marketing, mentioning “ANALYT”.")
    expect(page.get_by_label("Search")).to_have_value("ANALYT")


def test_a_band_tells_its_flows(opened: Callable[..., Opened]):
    """A click on a band fades the others and shows its flows: purpose, what is not stated, the words, their place and status."""
    one = opened()
    page = one.go()
    node(page, "band:logs/sentry").dispatch_event("click")
    details = page.get_by_role("complementary", name="Details")
    expect(details.get_by_role("heading", level=2)).to_have_text("Logs → Sentry")
    for words in ("To track and identify any bugs", "not stated", "line 14", "stated", "Popwork's published privacy page", "gaps"):
        expect(details).to_contain_text(words)
    assert page.locator(".band.faded").count() == 33
    page = one.go(f"#{page.url.split('#')[1]}")
    expect(page.get_by_role("complementary").get_by_role("heading", level=2)).to_have_text("Logs → Sentry")
    page.keyboard.press("Escape")
    expect(page.locator(".faded")).to_have_count(0)


def test_by_keyboard_alone(opened: Callable[..., Opened]):
    """Tab reaches search, filters, nodes and tables; arrows walk from a node along a band; Enter selects; focus stays where it was."""
    page = opened().go()
    page.keyboard.press("/")
    expect(page.get_by_label("Search")).to_be_focused()
    for _ in range(8):
        page.keyboard.press("Tab")
    assert (page.evaluate("document.activeElement.dataset.key") or "").startswith("category:")
    node(page, "category:logs").focus()
    page.keyboard.press("Enter")
    expect(node(page, "category:logs")).to_have_attribute("aria-pressed", "true")
    expect(node(page, "category:logs")).to_be_focused()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.key").startswith("band:logs/")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    reached = page.evaluate("document.activeElement.dataset.key")
    assert reached.startswith("vendor:") and f"sel={reached.replace(':', '%3A')}" in page.url
    page.locator("#tab-flows").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tab-vendors")).to_be_focused()
    assert len(rows(page)) == 22
    sort = page.get_by_role("button", name="Categories", exact=False).filter(has_text="Categories").locator("xpath=self::*[@data-sort]")
    sort.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#table th[aria-sort=descending]")).to_have_count(1)
    assert page.evaluate("document.activeElement.dataset.sort") == "categories" and rows(page)[0] == "ForestAdmin"


_ASKED = (
    "",
    "category=logs",
    "category=logs&category=usage-data&vendor=hotjar",
    "section=marketing&company=google",
    "company=not-stated&basis=consent",
    "basis=not-stated&evidence=stated",
    "gap=role-not-stated",
    "gap=legal-basis-not-stated&section=admin",
    "gap=retention-not-stated&gap=location-not-stated&category=logs",
    "evidence=none",
)


@pytest.mark.parametrize("register", ["popwork", "made-up"])
def test_the_same_rows_as_everywhere(opened: Callable[..., Opened], stores: Callable[[str], Store], register: str):
    """A filter chosen on the page leaves as many rows of each table as the same filter does in popmap."""
    page, store = opened(register).go(), stores(register)
    for link in _ASKED:
        asked, _ = from_query(parse_qs(link), store.known)
        page.evaluate("link => { location.hash = link }", urlencode(to_query(asked), doseq=True))
        expect(page.locator("#asked")).to_have_text(f"{to_english(asked, store.known)}." if asked else "")
        for tab, table in (
            ("flows", "flows"),
            ("vendors", "vendors"),
            ("categories", "categories"),
            ("gaps", "findings"),
            ("activities",) * 2,
        ):
            shown = page.locator(f"#tab-{tab} .count").inner_text()
            assert shown == f"{count(store, table, Ask(asked)):,}", (link, table)


@pytest.mark.parametrize("table", ["flows", "vendors", "categories", "activities", "gaps", "sources"])
def test_every_row_opens(opened: Callable[..., Opened], table: str):
    """The first row of each table opens in the panel under its own name, and the same link opens it again."""
    one = opened()
    page = one.go(f"#table={table}&columns=all")
    page.locator("#table tbody th button").first.click()
    title = page.locator("#details h2").inner_text()
    assert title and title != "What this page shows"
    page = one.go(f"#{page.url.split('#')[1]}")
    assert page.locator("#details h2").inner_text() == title


def test_every_quote_is_shown(opened: Callable[..., Opened]):
    """The panel of each row shows all the words the row rests on, and those of a category or vendor the words of its flows, too."""
    page = opened().go()
    held = json.loads(page.locator("#data").text_content() or "")
    wanted = {name: [0] * held[name]["rows"] for name in ("flows", "vendors", "categories", "activities")}
    of = [held["quotes"]["of"]["values"][at] for at in held["quotes"]["of"]["at"]]
    for name, row in zip(of, held["quotes"]["row"], strict=True):
        wanted[name][row] += 1
    for name, ends in (("vendors", held["flows"]["vendor"]), ("categories", held["flows"]["category"])):
        for flow, end in enumerate(ends):
            wanted[name][end] += wanted["flows"][flow]
    numbers = next(one["numbers"] for one in held["flows"]["columns"] if one["name"] == "row_no")
    keys = next(one["values"] for one in held["activities"]["columns"] if one["name"] == "activity_id")
    for kind, name, ids in (
        ("flow", "flows", numbers),
        ("vendor", "vendors", held["vendors"]["keys"]),
        ("category", "categories", held["categories"]["keys"]),
        ("activity", "activities", keys),
    ):
        links = [f"sel={kind}:{one}" for one in ids]
        shown = page.evaluate(
            """async links => { const found = []; for (const link of links) { location.hash = link;
            await new Promise(done => addEventListener('hashchange', () => setTimeout(done), { once: true }));
            found.push(document.querySelectorAll('#details q').length) } return found }""",
            links,
        )
        assert dict(zip(links, shown, strict=True)) == dict(zip(links, wanted[name], strict=True))


def test_what_somebody_inferred_is_marked(opened: Callable[..., Opened]):
    """A cell that no source states says so beside its value, in the table, in the panel and on paper."""
    page = opened().go("#columns=all&sel=flow:2")
    column = page.locator("#table thead th").all_inner_texts().index("Data use")
    cells = page.locator(f"#table tbody tr > :nth-child({column + 1})").all_inner_texts()
    assert cells and all(cell.endswith(" inferred") or cell == "not stated" for cell in cells)
    expect(page.locator("#details dt", has_text="Data use").first.locator("xpath=following-sibling::dd[1]")).to_contain_text("inferred")
    expect(page.locator("#details dt", has_text="Purpose").first.locator("xpath=following-sibling::dd[1]")).not_to_contain_text("inferred")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert "(inferred)" in page.locator("#paper section").first.inner_text()


def test_names_that_are_code_are_text(opened: Callable[..., Opened]):
    """Names, quotes and rules that are markup, script or formula are read as they stand, in tables, panel and menus, and do nothing."""
    page = opened("hostile").go("#columns=all")
    for tab in ("vendors", "gaps", "sources", "flows"):
        page.locator(f"#tab-{tab}").click()
        page.locator("#table tbody th button").first.click()
    for name in NAMES:
        assert page.locator("#table td bdi", has_text=clean(name)).count()
    for menu in page.locator("summary").all()[:7]:
        menu.click()
    node(page, "vendor:k1").dispatch_event("click")
    expect(page.locator("#details h2")).to_have_text(NAMES[1])
    assert page.evaluate("window.caught") is None
    assert page.locator("img, iframe, main script, main style").count() == 0
    links = page.evaluate(
        "[...document.links].filter(a => a.id !== 'skip' && a.rel !== 'noreferrer noopener' && !a.classList.contains('skip')).length"
    )
    assert links == 0


def test_a_large_register(opened: Callable[..., Opened]):
    """With 2,000 vendors and 20,000 flows the map says what it leaves out, tables are paged, and a filter leads to all of a vendor."""
    page = opened("large").go()
    expect(page.locator("#left-out")).to_contain_text(re.compile(r"vendors are drawn by name; the other [\d,]+ together as Other"))
    assert page.locator(".band").count() <= 200 and page.locator("#table tbody tr").count() <= 200
    expect(page.locator(".pager")).to_contain_text("of 20,000")
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".pager")).to_contain_text("Rows 101–200")
    page.locator("#part-on").click()
    assert "part=2" in page.url
    page.get_by_label("Draw the rest as Other").uncheck()
    expect(page.locator("#left-out")).to_contain_text("not drawn")
    page.locator("#tab-vendors").click()
    expect(page.locator(".pager")).to_contain_text("of 2,000")
    page.locator("summary", has_text="Vendor").click()
    page.get_by_label("Find in vendors").fill("cloud")
    page.locator(".menu:visible input[type=checkbox]").first.check()
    expect(page.locator(".pager")).to_contain_text("Rows 1–1 of 1")
    assert len(rows(page)) == 1 and page.locator("#left-out").inner_text() == ""


def test_paper_holds_every_row(opened: Callable[..., Opened]):
    """For printing every row of every table that meets the filter is there, and is gone again afterwards."""
    page = opened().go("#section=marketing")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    counted = page.locator("#paper section").evaluate_all(
        "all => all.map(one => [one.querySelector('h2').textContent, one.querySelectorAll('tbody tr').length])"
    )
    assert [f"({number})" in title for title, number in counted] == [True] * 6 and counted[0] == ["Flows (8)", 8]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#paper *").count() == 0


def test_without_scripts(browser: Browser, files: Callable[[str], Path]):
    """A reader without scripts sees the map, its sentence and why there is no more."""
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(files("popwork").as_uri())
    expect(page.get_by_role("img", name="Data map")).to_be_visible()
    expect(page.locator("noscript main")).to_contain_text("34 flows are shown")
    context.close()


_LOOKS = {
    "light": ((1440, "#sel=category:logs&gaps=1"), (390, "#sel=vendor:stripe&table=vendors&columns=all")),
    "dark": ((1024, "#table=gaps&sel=flow:2&section=technology"),),
}


@pytest.mark.parametrize("theme", _LOOKS)
def test_accessible(opened: Callable[..., Opened], theme: str):
    """Axe finds nothing serious or critical, wide and narrow, with a menu open, a selection, gaps outlined; nothing is cut sideways."""
    for width, hash_ in _LOOKS[theme]:
        page = opened("popwork", theme, width).go(hash_)
        page.locator("summary", has_text="Evidence").click()
        answer = Axe().run(page).response
        found = [one for one in answer["violations"] if one["impact"] in ("serious", "critical")]
        assert [f"{one['id']}: {node['html'][:200]} {node['failureSummary']}" for one in found for node in one["nodes"]] == []
        assert len(answer["passes"]) > 30 and page.evaluate("document.documentElement.scrollWidth <= innerWidth")
