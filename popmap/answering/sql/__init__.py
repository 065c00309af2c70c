"""The questions that answers put to the store: one SQL file each, rows as table_name, row_id, row_no, item, stated."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def text(name: str) -> str:
    """Return the SQL of a question.

    Args:
        name: The file's name without `.sql`.
    """
    return files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
