"""The evidence view in a browser: the same sheets on the screen, in either theme, and in print, with nothing cut and nothing of the app."""

from __future__ import annotations

import io
import re

import pytest
from hostile import HOST, NAMES
from playwright.sync_api import expect
from pypdf import PdfReader
from test_accessibility import violations
from visit import PAGES, Visit, Visits

from popmap.filters import Filter
from popmap.opened import BUNDLED, opened
from popmap.tables import Ask, fetch

_WIDE, _HIGH = 963, 690
_SHEET = "[class*=st-key-pm-sheet-]"
# How much higher than its size a sheet is, and how much of what is on it lies outside it.
_OVERFULL = """([wide, high]) => [...document.querySelectorAll('[class*=st-key-pm-sheet-]')].map((sheet, at) => {
    const style = getComputedStyle(sheet);
    const inner = sheet.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    const upright = sheet.className.includes('st-key-pm-sheet-upright-');
    const outside = [...sheet.querySelectorAll('td, th, p, h1, h2, img, .pm-foot')].filter(part => {
        const box = part.getBoundingClientRect(), all = sheet.getBoundingClientRect();
        return box.right > all.right || box.left < all.left || box.bottom > all.bottom || part.scrollWidth > part.clientWidth + 2;
    });
    return [at + 1, inner - (upright ? wide : high), outside.map(part => part.textContent.slice(0, 60))];
}).filter(([, over, outside]) => over > 0.5 || outside.length)"""


def printed(reader: Visit, paper: str = "A4") -> list[str]:
    """Return each printed page's text; a reader's browser prints the same."""
    content = reader.page.pdf(format=paper, prefer_css_page_size=True)
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def letters(text: str) -> str:
    """Return a text without its white space: where lines break in print is no matter."""
    return re.sub(r"\s+", "", text)


def whole(reader: Visit, pages: list[str]) -> None:
    """See that each sheet is one page with its head and foot, and none is fuller than it is high."""
    assert reader.page.evaluate(_OVERFULL, [_WIDE, _HIGH]) == []
    assert len(pages) == reader.page.locator(_SHEET).count()
    store = opened(BUNDLED)
    for number, page in enumerate(pages, 1):
        # A page's text begins with its head and ends with its foot, or the other way round for what pypdf finds first.
        assert f"Page {number} of {len(pages)}" in page
        assert letters(store.fingerprint) in letters(page) and f"register {store.fingerprint[:12]}" in page
        assert "Popwork: data shared with third parties" in page and f"Findings as of {store.as_of}" in page
        assert re.search(r"Shown \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", page) and "public: internal columns left out" in page
        assert "view=evidence" in page and "Filter" in page
        assert "Skip to main content" not in page and "Back to the working view" not in page


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_vendors_in_print(visit: Visits, paper: str):
    """Every vendor is in print with each of its cells, on either paper, with head and foot on every page."""
    reader = visit("vendors?view=evidence&show=forestadmin", theme="dark")
    pages = printed(reader, paper)
    whole(reader, pages)
    text = letters("".join(pages))
    for row in fetch(opened(BUNDLED), "vendors", Ask()).to_pylist():
        assert all(letters(str(row[column])) in text for column in ("name", "section", "category_names"))
    assert letters("ForestAdmin | Logs, Identification data, Usage data") in text


def test_gaps_in_print(visit: Visits):
    """Every finding is in print: as many rows as the rules hit, with what each is about."""
    reader = visit("gaps?view=evidence")
    pages = printed(reader)
    whole(reader, pages)
    text = letters("".join(pages))
    findings = fetch(opened(BUNDLED), "findings", Ask()).to_pylist()
    assert reader.page.locator(".stTable tbody tr").count() == 16 + len(findings) == 184
    columns = ("title", "hint", "why", "subject", "column_name")
    assert all(letters(str(row[column])) in text for row in findings for column in columns if row[column])
    # The headings stand over each part of a table.
    assert all("Row number" in page or "What to do" in page or "About" in page for page in pages)


@pytest.mark.parametrize("picture", ["Flow", "Network", "Matrix"])
def test_data_map_in_print(visit: Visits, picture: str):
    """Every flow is in print, and every node's name in the picture, which are letters and not dots."""
    reader = visit(f"data_map?view=evidence&map={picture}")
    pages = printed(reader)
    whole(reader, pages)
    text = letters("".join(pages))
    rows = fetch(opened(BUNDLED), "flows", Ask()).to_pylist()
    assert all(letters(row[column]) in text for row in rows for column in ("category", "vendor", "purpose", "condition") if row[column])
    first = letters(pages[0] if picture != "Matrix" else "".join(pages[:2]))
    assert all(letters(row["vendor"]) in first and letters(row["category"]) in first for row in rows)


@pytest.mark.parametrize(("page", "register"), [
    ("data_map?view=evidence", "made-up"),
    ("data_map?view=evidence&map=Matrix&overlay=Gaps%3A+errors", "made-up"),
    ("vendors?view=evidence", "made-up"),
    ("gaps?view=evidence&audience=internal", "hostile"),
    ("vendors?view=evidence&show=k1&cols=name&cols=section&cols=company&cols=category_names&cols=published_as&cols=legal_name"
     "&cols=website&cols=agreement_url&cols=certifications&cols=inferred", "hostile"),
    ("data_map?view=evidence&map=Matrix", "hostile"),
    ("categories?view=evidence&show=k4&category=k0&category=k1&category=k2&category=k3&category=k4&category=k5", "hostile"),
])  # fmt: skip
def test_nothing_is_cut(visit: Visits, page: str, register: str):
    """With many vendors, endless names, many columns and a long filter no sheet is overfull, and each is one page in print."""
    reader = visit(page, register=register)
    assert reader.page.evaluate(_OVERFULL, [_WIDE, _HIGH]) == []
    pages = printed(reader)
    assert len(pages) == reader.page.locator(_SHEET).count()
    assert all(f"Page {number} of {len(pages)}" in text for number, text in enumerate(pages, 1))
    assert not [url for url in reader.requests if HOST in url] and not reader.errors


def test_names_are_text(visit: Visits):
    """In each `st.table` a name that is Markdown, HTML, a link or an icon stands letter for letter, and nothing comes of it."""
    reader = visit("vendors?view=evidence&cols=name&cols=section&cols=published_as", register="hostile")
    shown = letters("".join(reader.page.locator(".stTable tbody th").all_text_contents()))
    assert [name for name in NAMES if letters(name) not in shown] == []
    assert reader.page.locator("table").count() == reader.page.locator(".stTable table").count() > 0
    assert reader.page.locator(".stTable :is(a, img, svg, script, style, .katex, [role=img])").count() == 0


@pytest.mark.parametrize(("theme", "width", "height"), [("light", 1024, 768), ("dark", 1440, 900)])
def test_a_screenshot_holds_a_whole_sheet(visit: Visits, theme: str, width: int, height: int):
    """In either theme the first sheet is light and fits into the window with head and foot; nothing of the app is around it."""
    reader = visit("data_map?view=evidence", theme=theme, width=width, height=height)
    sheet = reader.page.locator(_SHEET).first
    box = sheet.bounding_box()
    assert box and box["x"] >= 0 and box["y"] >= 0 and box["x"] + box["width"] <= width and box["y"] + box["height"] <= height
    colour = "part => { const look = getComputedStyle(part); return [look.backgroundColor, look.color]; }"
    assert sheet.evaluate(colour) == ["rgb(255, 255, 255)", "rgb(15, 23, 32)"]
    assert reader.page.get_by_test_id("stApp").evaluate(colour)[0] == "rgb(221, 227, 234)"
    for part in ("stSidebar", "stHeader", "stToolbar"):
        expect(reader.page.get_by_test_id(part)).not_to_be_visible()
    assert reader.page.get_by_test_id("stMain").evaluate("main => main.scrollWidth <= main.clientWidth")


@pytest.mark.parametrize("page", [*PAGES, "vendors?show=forestadmin", "data_map?map=Matrix", "data_map?category=logs&vendor=stripe"])
def test_accessible(visit: Visits, page: str):
    """No evidence view has a serious or critical violation, and each has one main heading; it is light in either theme."""
    reader = visit(f"{page}{'&' if '?' in page else '?'}view=evidence", theme="dark", width=1024)
    assert reader.page.locator("h1").count() == 1
    assert violations(reader) == []


def test_in_and_out(visit: Visits):
    """The button leads in, reload and Back keep the address, the link to another page keeps the view, the filter and the audience."""
    reader = visit("vendors?section=marketing")
    reader.keyed("evidence_view").get_by_role("button").click()
    reader.until(lambda query: query.get("view") == ["evidence"]).says("5 vendors")
    reader.keyed("evidence_audience").get_by_role("button").click()
    reader.until(lambda query: query.get("audience") == ["internal"]).says("internal: for those who keep the register")
    reader.page.reload()
    reader.rest().says("internal: for those who keep the register").says("5 vendors")
    reader.page.get_by_role("link", name="Gaps").click()
    reader.page.wait_for_url("**/gaps?**")
    reader.until(lambda query: query.get("view") == ["evidence"] and query.get("section") == ["marketing"])
    reader.says("vendors in Marketing")
    assert reader.query()["audience"] == ["internal"]
    reader.keyed("leave_evidence").get_by_role("button").click()
    reader.until(lambda query: "view" not in query and query.get("section") == ["marketing"])
    expect(reader.page.get_by_test_id("stSidebar")).to_be_visible()
    reader.page.go_back()
    reader.until(lambda query: query.get("view") == ["evidence"]).says("vendors in Marketing")


def test_filter_and_order(visit: Visits):
    """A filter narrows what is printed, in the order of the address."""
    reader = visit("vendors?view=evidence&section=marketing&sort=name&desc=1&cols=name&cols=flows")
    names = reader.page.locator(".stTable tbody th").all_inner_texts()
    wanted = fetch(opened(BUNDLED), "vendors", Ask(Filter(sections=("marketing",)), "name", True))["name"].to_pylist()
    assert [name.removesuffix(" (inferred)") for name in names] == wanted
    reader.says("Sorted by Vendor, from high to low")
