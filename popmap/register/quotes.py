"""Quotes in CSV that do not fit together: found record by record, and read around."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator


def remembering(source: Iterator[str], again: deque[str], taken: list[str]) -> Iterator[str]:
    """Yield the lines to be read again, then those of the source, noting each in taken."""
    while (line := again.popleft() if again else next(source, None)) is not None:
        taken.append(line)
        yield line


def damage(lines: list[str], delimiter: str) -> str:
    """Return the fault code of a record whose quotes do not fit together, or ""."""
    if not any('"' in line for line in lines):
        return ""
    try:
        for _ in csv.reader(lines, delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "quote-open" if "unexpected end of data" in str(error) else "quote-stray"
    return ""


def alone(line: str, delimiter: str, width: int) -> list[str]:
    """Return the cells of one line whose quotes cannot be trusted: without them, unless only with them there are `width` cells."""
    bare = next(csv.reader([line.replace('"', "")], delimiter=delimiter), [])
    quoted = next(csv.reader([line], delimiter=delimiter), [])
    return quoted if len(quoted) == width != len(bare) else bare
