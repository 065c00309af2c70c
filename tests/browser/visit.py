"""A reader at the app: what they see, choose and click, waiting as long as the app takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, expect

PAGES = {
    "": "Overview",
    "data_map": "Data map",
    "vendors": "Vendors",
    "categories": "Categories",
    "gaps": "Gaps",
    "questionnaire": "Questionnaire",
    "evidence": "Evidence",
    "verify": "Verify",
    "history": "History",
    "import_list": "Import a list",
    "edit_rows": "Edit rows",
}
# Pages whose content does not follow the filter.
UNFILTERED = ("questionnaire", "verify", "history", "import_list")
# A slow machine with other work to do still passes.
PATIENCE = 60_000
_AT_REST = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    const foot = document.querySelector('.popmap-foot');
    return app && foot && app.dataset.testScriptState === 'notRunning' && app.dataset.testConnectionState === 'CONNECTED'
        && !document.querySelector('[data-testid=stStatusWidget], [data-testid=stSkeleton], [data-stale=true]');
}"""


@dataclass
class Visit:
    """A page of the app in a browser.

    Attributes:
        page: Playwright's page.
        base: The server's address.
        requests: Every address the browser asked for.
        errors: Errors that scripts of the page raised.
    """

    page: Page
    base: str
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, context: BrowserContext, base: str, theme: Literal["light", "dark"] = "light") -> Visit:
        """Open an empty page, with the theme that the reader's system asks for."""
        expect.set_options(timeout=PATIENCE)
        visit = cls(context.new_page(), base)
        visit.page.set_default_timeout(PATIENCE)
        visit.page.emulate_media(color_scheme=theme)
        visit.page.on("request", lambda request: visit.requests.append(request.url))
        visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
        return visit

    def go(self, path: str) -> Visit:
        """Open an address of the app and wait until the page is whole, to its foot."""
        self.page.goto(f"{self.base}/{path}")
        return self.rest()

    def rest(self) -> Visit:
        """Wait until the app has nothing left to do."""
        self.page.wait_for_function(_AT_REST)
        # What was just done reaches the server with the next frames; a second look sees the run it started.
        self.page.wait_for_timeout(200)
        self.page.wait_for_function(_AT_REST)
        return self

    def query(self) -> dict[str, list[str]]:
        """Return the address's keys and values."""
        return parse_qs(urlsplit(self.page.url).query)

    def until(self, true: Callable[[dict[str, list[str]]], bool]) -> Visit:
        """Wait until the address's keys are as wanted."""
        for _ in range(PATIENCE // 100):
            if true(self.query()):
                return self.rest()
            self.page.wait_for_timeout(100)
        raise AssertionError(f"The address never became as wanted: {self.page.url}")

    def keyed(self, key: str) -> Locator:
        """Return the element that the page's code gave that key."""
        return self.page.locator(f".st-key-{key}")

    def says(self, words: str | re.Pattern[str]) -> Visit:
        """Wait until the page's body says something."""
        expect(self.page.get_by_test_id("stMain")).to_contain_text(words)
        return self.rest()

    # -- the picture ----------------------------------------------------------------------------------------------------

    def chart(self) -> Locator:
        """Return the picture, drawn and listening."""
        chart = self.page.locator(".js-plotly-plot")
        expect(chart.locator("g.textpoint text").first).to_be_visible()
        # Plotly answers clicks about a second after it has drawn.
        self.page.wait_for_timeout(1000)
        return chart

    def click_node(self, text: str) -> Visit:
        """Click a node of the flow map; its bar is on the inner side of its label."""
        chart = self.chart()
        box = chart.locator("g.textpoint text").filter(has_text=re.compile(f"^{re.escape(text)}$")).first.bounding_box()
        whole = chart.bounding_box()
        assert box and whole
        left = box["x"] + box["width"] / 2 < whole["x"] + whole["width"] / 2
        x, y = box["x"] + box["width"] + 10 if left else box["x"] - 10, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.wait_for_timeout(200)
        self.page.mouse.click(x, y)
        return self

    # -- filters --------------------------------------------------------------------------------------------------------

    def menu(self, facet: str) -> Locator:
        """Return a facet's menu, opened."""
        self.keyed(f"filter_{facet}").get_by_role("combobox").click()
        menu = self.page.get_by_role("listbox")
        menu.get_by_role("option").first.wait_for()
        return menu

    def options(self, facet: str) -> list[str]:
        """Return the options that a facet's menu offers."""
        found = self.menu(facet).get_by_role("option").all_inner_texts()
        self.page.keyboard.press("Escape")
        return found

    def choose(self, facet: str, name: str, key: str) -> Visit:
        """Choose an option of a facet's menu by its name, whatever its count, and wait for its key in the address."""
        self.menu(facet).get_by_role("option", name=re.compile(f"^{re.escape(name)} · ")).click()
        self.page.keyboard.press("Escape")
        return self.until(lambda query: key in query.get(facet, []))

    def chips(self) -> list[str]:
        """Return the active filters' chips, without the unseen spaces that keep addresses from becoming links."""
        row = self.keyed("filter_remove")
        if row.count():
            # The browser fetches what draws them when it first needs it, which may be after the page is at rest.
            row.get_by_role("radio").first.wait_for()
        return [text.replace("\u200b", "") for text in row.get_by_role("radio").all_inner_texts()]

    # -- panels and files ----------------------------------------------------------------------------------------

    def button(self, key: str) -> Locator:
        """Return the button that opens a panel of that key; one with a tooltip has it twice, once unseen."""
        return self.keyed(key).get_by_test_id("stPopoverButton").first

    def panel(self, key: str) -> Locator:
        """Return the body of a panel of that key, opened."""
        self.button(key).click()
        body = self.page.get_by_test_id("stPopoverBody")
        expect(body).to_be_visible()
        self.rest()
        return body

    def download(self, panel: Locator, form: str, folder: Path) -> Path:
        """Take a file from an open panel."""
        with self.page.expect_download() as waiting:
            panel.get_by_role("button", name=form, exact=True).click()
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path


Visits = Callable[..., Visit]
