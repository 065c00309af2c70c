"""What a file may weigh and hold, looked at before it is parsed."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from popmap.errors import UsageError

MOST_BYTES = 10 * 1024 * 1024
MOST_ENTRIES = 2_000
MOST_UNPACKED = 200 * 1024 * 1024
# Sheets of repeated words reach about 60; a bomb has hundreds. Small parts may repeat as they like.
MOST_RATIO = 150
_SMALL = 2 * 1024 * 1024
MOST_ROWS = 100_000
MOST_CELLS = 5_000_000
LONGEST_CELL = 32_767
DEEPEST = 64
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a file is wanted for, in the words of its refusal.

    Attributes:
        one: What it is.
        what: What it holds.
        forms: The forms it is read in.
        sheets: Whether OpenDocument sheets are read too.
    """

    one: str
    what: str
    forms: str
    sheets: bool = False


QUESTIONNAIRE = Wanted("questionnaire", "questions", "XLSX, CSV, Markdown or JSON")
LIST = Wanted("list", "vendors", "XLSX, ODS, CSV, Parquet, HTML, Markdown, JSON, YAML or text", sheets=True)


def weigh(data: bytes, name: str, wanted: Wanted = QUESTIONNAIRE) -> None:
    """Refuse a file that is too large, empty, or of a kind that cannot be read.

    Raises:
        UsageError: It is.
    """
    if not data:
        raise UsageError(f"{name} is empty.", f"Choose the {wanted.one}'s file again; the upload may have been cut off.")
    if len(data) > MOST_BYTES:
        raise UsageError(
            f"{name} has {len(data) / 1048576:.1f} MB; {wanted.one}s of up to 10 MB are read.",
            f"Remove pictures or sheets that hold no {wanted.what}.",
        )
    if data.startswith(_OLE):
        raise UsageError(
            f"{name} is password-protected or in the old Excel format (XLS).",
            "Take the password away, or save it as .xlsx, and choose it again.",
        )
    if data.startswith(b"%PDF"):
        raise UsageError(f"{name} is a PDF.", f"Ask for the {wanted.one} as {wanted.forms}.")


def unpackable(data: bytes, name: str, wanted: Wanted = QUESTIONNAIRE) -> zipfile.ZipFile:
    """Return a workbook's container once it is known to be safe to unpack.

    Raises:
        UsageError: It is damaged, a bomb, not a workbook, or carries macros.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError) as error:
        raise UsageError(
            f"{name} is damaged: it does not open as a workbook.", "Open it in a spreadsheet program and save it as .xlsx again."
        ) from error
    packed, unpacked = sum(one.compress_size for one in entries), sum(one.file_size for one in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or any(_blown(one) for one in entries) or packed > len(data):
        raise UsageError(
            f"{name} unpacks to more than is read ({len(entries)} parts, {unpacked / 1048576:.0f} MB).",
            f"Send only the sheets that hold {wanted.what}.",
        )
    names = [one.filename for one in entries]
    if len(set(names)) != len(names):
        raise UsageError(
            f"{name} holds a part twice, so that programs would read it differently.", "Save it again in a spreadsheet program."
        )
    if any(one.flag_bits & 1 for one in entries):
        raise UsageError(f"{name} is password-protected.", "Take the password away and choose it again.")
    folded = {one.lower() for one in names}
    if any("vbaproject" in one or one.startswith("xl/macrosheets/") for one in folded):
        raise UsageError(f"{name} carries macros.", "Save it as .xlsx, which holds none, and choose it again.")
    if wanted.sheets and "content.xml" in folded:
        return archive
    if "[content_types].xml" not in folded or not any(one.startswith("xl/") for one in folded):
        kind = (
            "an OpenDocument sheet"
            if "content.xml" in folded
            else "a Word document"
            if any(one.startswith("word/") for one in folded)
            else "not a workbook"
        )
        raise UsageError(f"{name} is {kind}.", "Save it as .xlsx and choose it again.")
    return archive


def _blown(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > _SMALL and entry.file_size > MOST_RATIO * max(1, entry.compress_size)


def cell_length(text: str, where: str) -> str:
    """Return a cell's text once it is known to fit.

    Raises:
        UsageError: It is longer than any spreadsheet's cell.
    """
    if len(text) > LONGEST_CELL:
        raise UsageError(
            f"{where} holds {len(text):,} characters; a cell holds at most 32,767.", "Shorten it, or check the file's quotation marks."
        )
    return text
