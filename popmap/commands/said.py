"""What commands have in common in what they say and write: exit codes, lines fit for a terminal, files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from popmap.errors import UsageError

FINE, FOUND, BAD = 0, 1, 2
STDOUT = "-"

# An exit code, and what goes to standard output.
Said = tuple[int, Iterable[str | bytes]]


def lines(texts: Iterable[str]) -> Iterable[str]:
    """Return lines with their ends."""
    return (f"{text}\n" for text in texts)


def plain(text: str) -> str:
    """Return text on one line in which nothing moves a terminal's cursor: names may come from anybody's register."""
    return "".join(character if character.isprintable() else "\ufffd" for character in " ".join(text.split()))


def contents(path: Path, wanted: str) -> bytes:
    """Return a file's bytes.

    Args:
        path: The file.
        wanted: What it should be, with its article, for the message.

    Raises:
        UsageError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.", f"Name {wanted}.") from error


def written(output: str, content: bytes) -> Iterable[bytes]:
    """Write what a command made to its file, or return it for standard output.

    Args:
        output: The file, overwritten if there is one, or `STDOUT`.
        content: What goes into it.

    Raises:
        UsageError: The file cannot be written.
    """
    if output == STDOUT:
        return [content]
    try:
        Path(output).write_bytes(content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"{output} cannot be written: {reason}.", "Name a file in a folder you may write to.") from error
    return []


def there(folder: Path) -> Path:
    """Return a register's folder, if there is one.

    Raises:
        UsageError: There is none.
    """
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", "Name a register folder.")
    return folder
