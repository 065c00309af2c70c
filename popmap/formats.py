"""What is said of a file format wherever popmap offers one, and what writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, ParamSpec

_What = ParamSpec("_What")


@dataclass(frozen=True, slots=True)
class Format:
    """A format a file can have.

    Attributes:
        name: The name on the command line and in URLs.
        label: What the interface shows.
        extension: The file's extension, without the dot.
        media_type: The type of the download.
    """

    name: str
    label: str
    extension: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Writer(Format, Generic[_What]):
    """A format and what writes it.

    Attributes:
        write: Gives the file's bytes.
    """

    write: Callable[_What, bytes]
