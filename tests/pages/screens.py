"""What a page shows, as a test reads it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pandas as pd
from markdown_it import MarkdownIt
from streamlit.testing.v1 import AppTest

# Pages that show the register behind a filter; the others have their own tests.
PAGES = ("overview", "data_map", "vendors", "categories", "gaps")
OTHERS = {
    "questionnaire": "answer",
    "evidence": "prove",
    "verify": "prove",
    "history": "prove",
    "import_list": "maintain",
    "edit_rows": "maintain",
}
TITLES = {"overview": "Overview", "data_map": "Data map", "vendors": "Vendors", "categories": "Categories", "gaps": "Gaps"}
# Elements whose text Streamlit reads as Markdown, and how it does.
_READ = MarkdownIt("commonmark").enable("strikethrough")
_MARKDOWN = ("title", "header", "subheader", "markdown", "caption", "info", "warning", "error", "success")


Open = Callable[..., AppTest]


def go(page: AppTest, name: str) -> AppTest:
    """Turn to another page as the menu does."""
    return page.switch_page(f"pages/{OTHERS.get(name, 'explore')}/{name}.py").run()


def markdown_texts(page: AppTest) -> list[str]:
    """Return every text that Streamlit reads as Markdown."""
    found = [str(getattr(element, "value", "")) for kind in _MARKDOWN for element in page.get(kind)]
    return found + [label for group in page.button_group for label in group.options]


def text(page: AppTest) -> str:
    """Return every text on a page outside its tables and menus."""
    shown = [*markdown_texts(page), *(element.value for element in page.code), *(element.proto.body for element in page.get("html"))]
    return "\n".join(shown)


def plain(page: AppTest) -> str:
    """Return a page's text as it is read: without the backslashes and unseen spaces that keep it from being Markdown or links."""
    return text(page).replace("\\", "").replace("\u200b", "")


def table(page: AppTest, column: str) -> pd.DataFrame:
    """Return the only table with a column of that name."""
    (found,) = [element.value for element in page.dataframe if column in element.value.columns]
    return found


def markup(page: AppTest) -> str:
    """Return popmap's own markup on a page, without its style sheets."""
    return re.sub(r"<style>.*?</style>", "", "".join(element.proto.body for element in page.get("html")), flags=re.DOTALL)


def sheets(page: AppTest) -> list[list[str | pd.DataFrame]]:
    """Return what stands on each sheet of a page's evidence view, from top to bottom: markup, and tables of the texts they show."""
    blocks = page.main.children.values()
    found = [block for block in blocks if "-pm-sheet-" in (getattr(block.proto, "id", "") or "")]
    return [[_shown(part) for part in sheet.children.values()] for sheet in found]


def _shown(part: Any) -> str | pd.DataFrame:
    if part.type != "table":
        return part.proto.body
    return part.value.reset_index().rename(columns=shown_text).map(shown_text)


def shown_text(markdown: str) -> str:
    """Return the text that Markdown shows, spaces at its ends left out."""
    inside = re.sub(r"<br */?>\n?", "\n", _READ.renderInline(markdown))
    return html.unescape(re.sub(r"</?(?:code|s|em)>", "", inside)).strip()


def headings(page: AppTest) -> list[str]:
    """Return a page's main headings."""
    return [*(title.value for title in page.title), *(html.unescape(title) for title in re.findall(r"<h1>(.*?)</h1>", markup(page)))]


def printed(page: AppTest, heading: str) -> list[dict[str, str]]:
    """Return the rows of the only table in popmap's own markup that has a column of that heading, cells by heading."""
    (found,) = [table for table in re.findall(r"<table.*?</table>", markup(page)) if f">{heading}</th>" in table]
    names, *rows = [
        [html.unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row)]
        for row in re.findall(r"<tr>(.*?)</tr>", found)
    ]
    return [dict(zip(names, row, strict=True)) for row in rows]


def chart(page: AppTest) -> dict[str, Any]:
    """Return the page's chart as Plotly reads it."""
    (found,) = page.get("plotly_chart")
    return json.loads(found.proto.spec or found.proto.figure.spec)


def options(page: AppTest, key: str) -> list[str]:
    """Return the options of a menu: names and counts."""
    return page.multiselect(key=key).options
