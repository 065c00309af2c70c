"""Reading a published list: what a file is, and its headings, sentences, lists and tables as they stand."""

from __future__ import annotations

import re
from pathlib import PurePath

from popmap.errors import UsageError
from popmap.importing.document import Document
from popmap.importing.reading import html, markdown, parquet, separated, sheets, text, trees, yamls
from popmap.importing.reading.sheets import WIDEST
from popmap.uploads import limits
from popmap.uploads.separated import decode

_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "markdown",
    ".json": "json",
    ".yml": "yaml",
    ".yaml": "yaml",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".txt": "",
    ".text": "",
    "": "",
}
_MARKUP = re.compile(r"<(?:!doctype|html|body|table|ul|ol|dl|h[1-6]|div|section|main|p)\b", re.IGNORECASE)
_KEYED = re.compile(r"\A(?:---[ \t]*\n)?(?:[ \t]*(?:#[^\n]*)?\n)*(?:- [\w-]+:|[\w-]+:[ \t]*\n[ \t]*-\s)")
_LINKED = re.compile(r"\[[^\[\]\n]{1,200}\]\([^)\s]{1,500}\)|^\|?\s*:?-{3,}:?\s*\|", re.MULTILINE)
MOST_LINES = 200_000
_LONGEST_LINE = 2_000_000


def read(data: bytes, name: str) -> Document:
    """Read a list; nothing in it is evaluated, fetched or followed.

    Args:
        data: The file, or pasted text in UTF-8.
        name: Its name: its ending says what it is, where its first bytes don't; "" for pasted text.

    Raises:
        UsageError: It is too large, damaged, protected by a password, carries macros, or isn't of a kind that is read.
    """
    name = name or "The pasted text"
    limits.weigh(data, name, limits.LIST)
    form = form_of(data, name)
    if form == "sheets":
        return sheets.read(data, name)
    if form == "parquet":
        return parquet.read(data, name)
    if form == "csv":
        return separated.read(data, name)
    source = decode(data, name, limits.LIST)[0]
    _measure(source, name, form)
    if form == "json":
        return trees.from_json(source, name)
    if form == "yaml":
        return yamls.read(source, name)
    if form == "html":
        return html.read(source, name)
    return markdown.read(source, name) if form == "markdown" else text.read(source, name)


def _measure(source: str, name: str, form: str) -> None:
    """Refuse a text of too many lines, or with a line that is too long or has too many columns.

    Raises:
        UsageError: It is one.
    """
    lines = source.split("\n")
    longest = max(map(len, lines))
    if len(lines) > MOST_LINES or (longest > _LONGEST_LINE and form not in {"json", "html"}):
        raise UsageError(f"{name} has more than {MOST_LINES:,} lines, or one that is too long.", "Send only the part that holds the list.")
    if form in {"text", "markdown"} and longest > WIDEST and max(max(line.count("|"), line.count("\t")) for line in lines) > WIDEST + 1:
        raise UsageError(f"{name} has a table of more than {WIDEST:,} columns.", "Send only the columns that hold the list.")


def form_of(data: bytes, name: str) -> str:
    """Return what a file is by its first bytes, its name, and how its text looks.

    Returns:
        "sheets", "parquet", "csv", "markdown", "html", "json", "yaml" or "text".

    Raises:
        UsageError: It is none of them.
    """
    suffix = PurePath(name).suffix.lower()
    if data.startswith(b"PK\x03\x04"):
        return "sheets"
    if data.startswith(b"PAR1"):
        return "parquet"
    if suffix in {".xlsx", ".xlsm", ".ods"}:
        raise UsageError(f"{name} is not a workbook, whatever its name says.", "Open it in a spreadsheet program and save it as .xlsx.")
    form = _SUFFIXES.get(suffix)
    if form is None and re.fullmatch(r"\.[a-z0-9]{1,5}", suffix) and suffix not in {".log", ".page"}:
        raise UsageError(f"{name} ends in {suffix}, which is not read.", f"Choose {limits.LIST.forms}, or paste the list.")
    return form or _looks(decode(data, name, limits.LIST)[0])


def _looks(source: str) -> str:
    head = source.lstrip()[:20_000]
    if head[:1] in "{[" and re.match(r"[{\[]\s*[\"\[{\]}]", head):
        return "json"
    if head.startswith("<") or len(_MARKUP.findall(head)) > 3:
        return "html"
    if _KEYED.match(head):
        return "yaml"
    if _separated(head):
        return "csv"
    return "markdown" if _LINKED.search(head) and "|" not in head else "text"


def _separated(head: str) -> bool:
    """Return whether text is rows of one width parted by commas or semicolons, its first row short."""
    lines = [line for line in head.split("\n")[:-1] or head.split("\n") if line.strip()]
    if sum(line.rstrip().endswith((".", ":", "!", "?")) for line in lines) > len(lines) / 2:
        return False
    for mark in ",;":
        counts = {re.sub(r'"[^"]*"', "", line).count(mark) for line in lines}
        if (
            len(lines) > 1
            and len(counts) == 1
            and counts != {0}
            and not any(line.startswith(("-", "*", "•")) for line in lines)
            and "|" not in head
        ):
            return len(lines[0].split()) < 25
    return False
