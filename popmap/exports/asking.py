"""The keys of a page's URL as a question about a table: the same link, on the command line and over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

from popmap.checks.rules import Severity
from popmap.errors import UsageError
from popmap.filters import BY_KEY, TEXT_KEY, Filter, from_query
from popmap.store import Store
from popmap.tables import UNLIMITED, Ask
from popmap.views import view

SORT_KEY, DESCENDING_KEY, SEVERITY_KEY, RULE_KEY = "sort", "desc", "severity", "rule"
FILTER_KEYS = (*BY_KEY, TEXT_KEY)
_YES, _NO = ("1", "true", "yes"), ("0", "false", "no", "")

Query = Mapping[str, Sequence[str]]


def table_keys(name: str) -> tuple[str, ...]:
    """Return the URL keys that a table understands."""
    own = (SEVERITY_KEY, RULE_KEY) if name == "findings" else ()
    return (*FILTER_KEYS, *own, SORT_KEY, DESCENDING_KEY)


def parse(link: str) -> dict[str, list[str]]:
    """Return the keys and values of a URL's query, with or without "?"; raises UsageError when it is not one."""
    try:
        return parse_qs(link.strip().removeprefix("?"), keep_blank_values=True, strict_parsing=bool(link.strip(" ?")), max_num_fields=1_000)
    except ValueError as error:
        raise UsageError(f"The filter {link!r} is not a URL's query.", "Write it as in category=logs&basis=not-stated.") from error


def asked_filter(query: Query, store: Store, allowed: Sequence[str] = FILTER_KEYS) -> Filter:
    """Return the filter a query asks for.

    A page drops what it does not know and says so; here it is an error, because nobody may be there to read that the answer is wider than
    the question.

    Raises:
        UsageError: For a key there is none of, or a value that is not in this register.
    """
    unknown = [key for key in query if key not in allowed]
    if unknown:
        raise UsageError(f"There is no key {unknown[0]}.", f"Use some of {', '.join(allowed)}.")
    asked, dropped = from_query({key: query[key] for key in query if key in FILTER_KEYS}, store.known)
    if dropped:
        facet, value = dropped[0]
        some = list(store.known.get(facet.key, {}))
        listed = ", ".join(some[:12]) + (f" and {len(some) - 12:,} more" if len(some) > 12 else "") if some else "none"
        raise UsageError(f"This register has no {facet.label.lower()} {value!r} ({facet.key}).", f"It has: {listed}.")
    return asked


def asked_rows(query: Query, store: Store, name: str, *, internal: bool = True, limit: int = UNLIMITED, offset: int = 0) -> Ask:
    """Return the rows of a table a query asks for; see `asked_filter`.

    Args:
        query: The keys and values.
        store: The register.
        name: A key of views.VIEWS.
        internal: Whether it may be sorted by columns kept from outsiders.
        limit: The most rows.
        offset: Rows to skip.
    """
    shown = view(name)
    asked = asked_filter(query, store, table_keys(name))
    sort = _one(query, SORT_KEY)
    if sort and shown.column(sort).internal and not internal:
        raise UsageError(f"The column {sort} is kept for those who keep the register.", "Sort by another.")
    severities = tuple(dict.fromkeys(query.get(SEVERITY_KEY, ())))
    for severity in severities:
        if severity not in tuple(Severity):
            raise UsageError(f"There is no severity {severity!r}.", f"Use some of {', '.join(Severity)}.")
    rule = _one(query, RULE_KEY)
    if rule and not store.query("SELECT 1 FROM rules WHERE code = $code", {"code": rule}):
        raise UsageError(f"There is no rule {rule!r}.", "Take a code from the findings.")
    descending = _one(query, DESCENDING_KEY).lower()
    if descending not in _YES + _NO:
        raise UsageError(f"The key {DESCENDING_KEY} holds {descending!r}.", "Use 1 or 0.")
    return Ask(asked, sort, descending in _YES, limit, offset, severities, rule)


def _one(query: Query, key: str) -> str:
    values = query.get(key, ())
    if len(values) > 1:
        raise UsageError(f"The key {key} is given {len(values)} times.", "Give it once.")
    return values[0] if values else ""
