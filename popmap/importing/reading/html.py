"""HTML as a person reads it: headings, sentences, tables with their spans, lists and definitions; nothing is fetched or run."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree  # ty: ignore[missing-module-member]
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from popmap.errors import UsageError
from popmap.importing import announcing, headings
from popmap.importing.document import Block, Cell, Document, Grid, Heading, Item, Items, Sentence
from popmap.importing.reading import cards, inline, listed
from popmap.uploads.limits import MOST_CELLS

_LEFT_OUT = frozenset(["nav", "footer", "script", "style", "template", "noscript", "svg", "form", "head"])
_PARAGRAPHS = frozenset(["p", "blockquote", "pre", "figcaption", "caption", "address"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_BOXES = frozenset(["div", "span", "section", "article", "p", "strong", "b"])
_FEWEST_ROWS, _FEWEST_ROLES, _WIDEST_BOXES = 3, 2, 12
_WIDEST, _SUMMARY = 1_000, 6
# Roles, and words of classes, of what stands around a page's content.
_AROUND_ROLES = frozenset(["navigation", "contentinfo", "search", "menu", "menubar", "dialog", "alert", "tooltip"])
_AROUND = frozenset(
    [
        "footer",
        "nav",
        "navbar",
        "navigation",
        "menu",
        "breadcrumb",
        "breadcrumbs",
        "sidebar",
        "toc",
        "table-of-contents",
        "cookie-banner",
        "cookie-consent",
        "cookie-notice",
        "social",
        "social-links",
        "share",
        "share-links",
        "pagination",
        "skip-link",
        "dropdown-menu",
        "topbar",
    ]
)
_DEEPEST = 200


def read(source: str, name: str) -> Document:
    """Return an HTML page's blocks.

    Raises:
        UsageError: It is nested too deeply, or a table is too wide.
    """
    try:
        if own := listed.from_html(source):
            return Document(name, "html", own)
        return Document(name, "html", tuple(blocks(source, 0, name)))
    except (etree.ParserError, ValueError) as error:
        raise UsageError(f"{name} cannot be read as HTML: {error}.", "Save the page again, or paste its text.") from error


def blocks(source: str, before: int, name: str = "The page") -> list[Block]:
    """Return the blocks of HTML source.

    Args:
        source: The source.
        before: How many lines stand before it in the file.
        name: The file's name.

    Raises:
        UsageError: It is nested too deeply, or a table is too wide.
    """
    parser = HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    root = document_fromstring(source.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    found: list[Block] = []
    tables, depth = 0, 0
    # Cards are looked for only below a heading that speaks of recipients: teams and prices are laid out alike.
    announced = False
    steps = etree.iterwalk(root, events=("start", "end"))
    for event, node in steps:
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise UsageError(f"{name} is nested more than {_DEEPEST} deep.", "Save the page again, or paste its text.")
        if event == "end" or not isinstance(node.tag, str):
            # What stands between blocks and in none of them is prose as well.
            if event == "end" and node.tail and node.tail.strip() and isinstance(node.tag, str):
                found.append(Sentence(inline.plain(node.tail, _where(node, before))))
            continue
        if announced and (laid := cards.grid(node, before, tables + 1)):
            made, whole = [laid], True
        else:
            made, whole = _block(node, before, tables, name)
        announced = announced or any(isinstance(one, Heading) and announcing.introduces(one.cell.text) for one in made)
        tables += any(isinstance(one, Grid) for one in made)
        found += made
        if whole:
            steps.skip_subtree()
    return found


def _block(node: HtmlElement, before: int, tables: int, name: str) -> tuple[list[Block], bool]:
    """Return the blocks that begin with an element, and whether all within it is read with them."""
    tag, where = node.tag.lower(), _where(node, before)
    role = node.get("role", "")
    if tag in _LEFT_OUT or inline.hidden(node) or _furniture(node):
        return [], True
    if tag == "summary":
        # As far as a short line of pasted text reaches: to the first list below it.
        return [Heading(inline.element(node, where), _SUMMARY)], True
    if tag in _HEADINGS:
        return [Heading(inline.element(node, where), int(tag[1]))], True
    if (tag == "table" or role in {"table", "grid"}) and not node.xpath(".//table"):
        return [_table(node, before, tables + 1, name)], True
    if boxes := _boxes(node, before, tables + 1):
        return [boxes], True
    if tag in {"ul", "ol"}:
        return [Items(tuple(_item(one, before) for one in node if one.tag == "li"))], True
    if tag == "dl":
        return [_definitions(node, before)], True
    if tag in _PARAGRAPHS:
        return _sentence(node, where), True
    leaf = tag in {"div", "span", "section", "td", "li", "a", "b", "strong", "body"} and not any(
        isinstance(one.tag, str) and (one.tag in _HEADINGS | _PARAGRAPHS or one.tag in {"div", "table", "ul", "ol", "dl", "section"})
        for one in node.iterdescendants()
    )
    if leaf:
        return _sentence(node, where), True
    return ([Sentence(inline.plain(node.text, where))] if node.text and node.text.strip() else []), False


def _furniture(node: HtmlElement) -> bool:
    """Return whether an element is what stands around a page's content: menus, footers, banners; none that holds a table or the title."""
    if node.get("role", "") in _AROUND_ROLES:
        return not node.xpath(".//table|.//h1|.//main")
    tokens = f"{node.get('class', '')} {node.get('id', '')}".lower().split()
    return any(one in _AROUND or one.endswith(("-footer", "-nav", "-navbar")) for one in tokens) and not node.xpath(
        ".//table|.//h1|.//main"
    )


def _boxes(node: HtmlElement, before: int, number: int) -> Grid | None:
    """Return boxes that stand in rows as a table: each row has as many, and those of the first are headings; None for any others."""
    rows = [[one for one in line if isinstance(one.tag, str)] for line in node if isinstance(line.tag, str)]
    if len(rows) < _FEWEST_ROWS or not 1 < len(rows[0]) <= _WIDEST_BOXES or {len(row) for row in rows} != {len(rows[0])}:
        return None
    if {line.tag for line in node if isinstance(line.tag, str)} - _BOXES or any(one.tag not in _BOXES for row in rows for one in row):
        return None
    roles = [headings.guess(inline.element(one, "").text)[0] for one in rows[0]]
    if "vendor" not in roles or len(set(roles) - {""}) < _FEWEST_ROLES:
        return None
    where = "line {}, table {} row {} column {}"
    cells = [
        tuple(inline.element(one, where.format((one.sourceline or 1) + before, number, at, place)) for place, one in enumerate(row, 1))
        for at, row in enumerate(rows, 1)
    ]
    return Grid(tuple(cells), 1)


def _sentence(node: HtmlElement, where: str) -> list[Block]:
    cell = inline.element(node, where)
    if not cell.text:
        return []
    if cell.lead == cell.text and len(cell.text.split()) <= 10:
        return [Heading(cell, 5)]
    return [Sentence(cell)]


def _where(node: HtmlElement, before: int) -> str:
    return f"line {(node.sourceline or 1) + before}"


def _item(node: HtmlElement, before: int) -> Item:
    own = inline.element(node, _where(node, before), frozenset(["ul", "ol", "dl"]))
    below = tuple(
        inline.element(one, _where(one, before), frozenset(["ul", "ol"]))
        for one in node.xpath("./ul/li|./ol/li|./div/ul/li|./dl/dd")
        if isinstance(one, HtmlElement)
    )
    return Item(own, tuple(one for one in below if one.text))


def _definitions(node: HtmlElement, before: int) -> Items:
    items: list[Item] = []
    for one in node.iter("dt", "dd"):
        cell = inline.element(one, _where(one, before))
        if one.tag == "dt":
            items.append(Item(replace(cell, lead=cell.text)))
        elif items and cell.text:
            items[-1] = Item(items[-1].cell, (*items[-1].below, cell))
    return Items(tuple(items))


def _table(node: HtmlElement, before: int, number: int, name: str) -> Grid:
    """Return a table with each spanning cell repeated where it spans."""
    rows: list[list[Cell]] = []
    head = 0
    held: dict[int, tuple[int, Cell]] = {}
    total = 0
    for line in node.xpath(".//tr|.//*[@role='row']"):
        row: list[Cell] = []
        cells = [
            one
            for one in line
            if isinstance(one.tag, str)
            and (one.tag in {"td", "th"} or one.get("role") in {"cell", "gridcell", "columnheader", "rowheader"})
        ]
        for one in cells:
            while len(row) in held:
                row.append(_down(held, len(row)))
            where = f"line {(one.sourceline or 1) + before}, table {number} row {len(rows) + 1} column {len(row) + 1}"
            cell = inline.element(one, where)
            down, across = _span(one, "rowspan"), _span(one, "colspan")
            total += across * down
            if len(row) + across > _WIDEST or total > MOST_CELLS:
                raise UsageError(f"{name} has a table of more than {_WIDEST:,} columns.", "Send only the table that holds the list.")
            for _ in range(across):
                if down > 1:
                    held[len(row)] = (down - 1, cell)
                row.append(cell)
        while len(row) in held:
            row.append(_down(held, len(row)))
        heading = bool(cells) and all(
            one.tag == "th"
            or one.get("role") == "columnheader"
            or (one.getparent().getparent() is not None and one.getparent().getparent().tag == "thead")
            for one in cells
        )
        head = head + 1 if heading and head == len(rows) else head
        rows.append(row)
    return Grid(tuple(map(tuple, rows)), head)


def _down(held: dict[int, tuple[int, Cell]], column: int) -> Cell:
    left, cell = held.pop(column)
    if left > 1:
        held[column] = (left - 1, cell)
    return cell


def _span(node: HtmlElement, name: str) -> int:
    text = (node.get(name) or "1").strip()
    return max(1, min(int(text), _WIDEST + 1)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
