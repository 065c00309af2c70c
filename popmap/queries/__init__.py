"""The questions popmap asks its store: one SQL file each, named for its question."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def text(name: str) -> str:
    """Return the SQL of a question.

    Args:
        name: The file's name without `.sql`.

    Raises:
        FileNotFoundError: There is no such question.
    """
    return files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
