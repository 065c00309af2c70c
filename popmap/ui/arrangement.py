"""How a reader arranged a table: its columns, order and page, as the URL has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from popmap.exports.asking import DESCENDING_KEY, SORT_KEY
from popmap.ui.state import PAGE_KEY, Query, read_kept, value_in, write_keys
from popmap.views import View

COLUMNS_KEY = "cols"
_ORDERS = "orders"
_KEYS = (COLUMNS_KEY, SORT_KEY, DESCENDING_KEY)
# What popmap itself writes comes first; over HTTP and on the command line the others mean the same.
_YES = ("1", "true", "yes")


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How a table is arranged.

    Attributes:
        columns: The columns shown, in order.
        sort: The column it is sorted by, "" for the view's own order.
        descending: Whether that runs from high to low.
        page: The page shown, from 1.
    """

    columns: tuple[str, ...]
    sort: str = ""
    descending: bool = False
    page: int = 1


def parse(query: Query, shown: View, default: Sequence[str], pages: int) -> Arrangement:
    """Return the arrangement a URL's keys ask for; what the table does not have is left out.

    Args:
        query: The keys and values.
        shown: The table.
        default: The columns it has until the reader chooses.
        pages: How many pages there are, at least 1.
    """
    names = {column.name for column in shown.columns}
    columns = tuple(dict.fromkeys(name for name in query.get(COLUMNS_KEY, ()) if name in names))
    sort = value_in(query, SORT_KEY)
    page = value_in(query, PAGE_KEY)
    return Arrangement(
        columns or tuple(default),
        sort if sort in sortable(shown) else "",
        value_in(query, DESCENDING_KEY).lower() in _YES,
        int(page) if page.isdecimal() and len(page) < 10 and 1 <= int(page) <= pages else 1,
    )


def to_keys(arranged: Arrangement, default: Sequence[str]) -> dict[str, list[str]]:
    """Return the URL keys and values of an arrangement, no values for what is as by default; `parse` is its inverse."""
    return {
        COLUMNS_KEY: [] if arranged.columns == tuple(default) else list(arranged.columns),
        SORT_KEY: [arranged.sort] if arranged.sort else [],
        DESCENDING_KEY: [_YES[0]] if arranged.descending else [],
        PAGE_KEY: [str(arranged.page)] if arranged.page > 1 else [],
    }


def sortable(shown: View) -> list[str]:
    """Return the columns a table can be sorted by."""
    return [column.name for column in shown.columns if column.sort != "-"]


def arranged(shown: View, default: Sequence[str], pages: int, query: Query, turned: bool) -> Arrangement:
    """Return how the URL arranges a table; a reader who comes back to it from another page finds it as they left it.

    Args:
        shown: The table.
        default: The columns it has until the reader chooses.
        pages: How many pages there are, at least 1.
        query: What the URL holds.
        turned: Whether the reader came from another page.
    """
    query = {key: list(query[key]) for key in (*_KEYS, PAGE_KEY) if key in query}
    # In what the session keeps anyway: asking its state for a key that is not there costs more than all of this.
    orders = read_kept().setdefault(_ORDERS, {})
    remembered = orders.get(shown.name)
    if not query and not remembered:
        return Arrangement(tuple(default))
    asked = remembered if turned and remembered and not any(key in query for key in _KEYS) else query
    found = parse(asked, shown, default, pages)
    keys = to_keys(found, default)
    if asked is not query or any(query[key] != keys[key] for key in query):
        write_keys(keys)
    order = {key: keys[key] for key in _KEYS if keys[key]}
    if order != (remembered or {}):
        orders[shown.name] = order
    return found


def rearrange(found: Arrangement, default: Sequence[str], *names: str) -> None:
    """Write those of an arrangement's keys to the URL that the reader changed; for callbacks.

    Args:
        found: The arrangement now.
        default: The columns the table has until the reader chooses.
        *names: The keys; the others may have been changed since the page last ran.
    """
    keys = to_keys(found, default)
    write_keys({name: keys[name] for name in names})
