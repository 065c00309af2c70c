"""A container's parts and their XML, walked without building a tree; entities can't be defined."""

from __future__ import annotations

import struct
import xml.parsers.expat
import zipfile
import zlib
from collections.abc import Callable

from popmap.errors import UsageError

# What reading a part raises when the container's own numbers are wrong.
_DAMAGE = (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, struct.error, zlib.error)
Start = Callable[[str, dict[str, str]], None]


def scan(
    xml_text: bytes, where: str, start: Start, end: Callable[[str], None] | None = None, text: Callable[[str], None] | None = None
) -> None:
    """Walk an XML part, elements by their local names; a document type declaration is refused, so entities can't be defined.

    Args:
        xml_text: The part.
        where: The file and part, for messages.
        start: Called with each element's name and attributes.
        end: Called with each element's name.
        text: Called with character data.

    Raises:
        UsageError: It isn't well-formed XML, or declares a document type.
    """
    parser = xml.parsers.expat.ParserCreate(namespace_separator="\n")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise UsageError(f"{where} declares a document type, which a workbook never does.", "Save the file again in a spreadsheet program.")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition("\n")[2], attributes)
    if end:
        parser.EndElementHandler = lambda name: end(name.rpartition("\n")[2])
    if text:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(xml_text, True)
    except (xml.parsers.expat.ExpatError, ValueError, LookupError) as error:
        raise UsageError(f"{where} is damaged: {error}.", "Open the file in a spreadsheet program and save it again.") from error


def part(archive: zipfile.ZipFile, path: str, name: str) -> bytes:
    """Return a part's bytes.

    Raises:
        UsageError: It is missing or damaged.
    """
    try:
        return archive.read(path)
    except (
        KeyError,
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
        struct.error,
        zlib.error,
    ) as error:
        raise UsageError(
            f"{name} is damaged: its part {path} cannot be read.", "Open it in a spreadsheet program and save it again."
        ) from error
