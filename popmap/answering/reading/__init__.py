"""Reading a customer's questionnaire: what it asks, where the answers go, in which words and which language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from popmap.answering.model import Block, Questionnaire
from popmap.answering.reading import jsons, markdown, relaxed, separated, sheets, vsaq, xlsx
from popmap.errors import UsageError
from popmap.uploads import limits
from popmap.uploads.separated import decode, take_apart

FORMS = ("xlsx", "csv", "markdown", "json", "vsaq")
_SUFFIXES = {".xlsx": "xlsx", ".csv": "csv", ".tsv": "csv", ".md": "markdown", ".markdown": "markdown", ".json": "json"}


def read(data: bytes, name: str, blocks: Sequence[Block] | None = None) -> Questionnaire:
    """Read a questionnaire; nothing in it is evaluated or followed.

    Args:
        data: The file.
        name: Its name: its ending says what it is, where its first bytes don't.
        blocks: The layout a person gave, instead of the one that would be detected; JSON and VSAQ have none.

    Returns:
        The questions in the file's order, each with the place of its answer.

    Raises:
        UsageError: The file is too large, damaged, protected by a password, carries macros, isn't of a kind that is read, or asks nothing.
    """
    limits.weigh(data, name)
    form = form_of(data, name)
    if form == "xlsx":
        book = xlsx.read(data, name)
        questions, found, notes = sheets.questions(book.grids, blocks)
        result = Questionnaire(name, form, tuple(questions), tuple(found), book.protected, (*book.notes, *notes))
    elif form == "csv":
        questions, found, notes = sheets.questions([separated.grid(take_apart(data, name))], blocks)
        result = Questionnaire(name, form, tuple(questions), tuple(found), notes=tuple(notes))
    elif form == "markdown":
        result = markdown.read(data, name, blocks)
    else:
        node = relaxed.parse(decode(data, name)[0], name)
        result = vsaq.read(node, name) if vsaq.recognises(node) else jsons.read(node, name)
    if not result.questions:
        raise UsageError(f"No question was found in {name}.", "Say in the layout which column holds the questions, or choose another file.")
    return result


def form_of(data: bytes, name: str) -> str:
    """Return what a file is by its first bytes and its name: "xlsx", "csv", "markdown" or "json" (which may turn out to be VSAQ).

    Raises:
        UsageError: It is none of them.
    """
    suffix = PurePath(name).suffix.lower()
    if data.startswith(b"PK\x03\x04"):
        return "xlsx"
    if suffix in {".xlsx", ".xlsm"}:
        raise UsageError(f"{name} is not a workbook, whatever its name says.", "Open it in a spreadsheet program and save it as .xlsx.")
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    text = decode(data, name)[0].lstrip()
    if (suffix in {"", ".txt"} and text[:1] in {"{", "["}) or text.startswith("//"):
        return "json"
    if suffix in {"", ".txt"}:
        return "markdown" if text.startswith(("#", "|", "- ", "1. ")) or "\n|" in text else "csv"
    raise UsageError(f"{name} ends in {suffix}, which is not read.", "Choose an XLSX, CSV, Markdown or JSON file.")
