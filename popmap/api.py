"""The tables over HTTP, as JSON and CSV: the rows a page shows, under the page's own URL keys. Read only.

GET /api/v1/                      what there is
GET /api/v1/TABLE.json            {about, columns, total, next, rows}; null for not stated
GET /api/v1/TABLE.csv             the same rows; the next page's address in the Link header

These routes stand beside the app, so `st.login` does not guard them: whoever serves them must refuse requests where the app asks for a
log-in (`popmap.ui.serve` does). Columns meant for those who keep the register are never in an answer, no other origin may read one
(no CORS header is sent), and none is stored by caches.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from popmap import __version__, tables, views
from popmap.errors import PopmapError, RegisterError, UsageError
from popmap.exports.about import about
from popmap.exports.asking import FILTER_KEYS, SEVERITY_KEY, asked_rows, table_keys
from popmap.exports.files import FORMATS, file_name, rows
from popmap.exports.writers import csv, json_lines
from popmap.filters import BY_KEY
from popmap.opened import opened
from popmap.store import Store
from popmap.tables import Ask

API = "/api/v1"
SERVED_FORMATS = ("json", "csv")
DEFAULT_LIMIT, MOST_ROWS = 1_000, 100_000
_MOST_OFFSET = tables.UNLIMITED
_LIMIT_KEY, _OFFSET_KEY = "limit", "offset"
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9A-Za-z._-]+))(?::[0-9]+)?")
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

Refuse = Callable[[str], PopmapError | None]
"""Says why a request to this host name is refused, or None."""


class _NotFoundError(PopmapError):
    """There is nothing at this address."""


class _NotAllowedError(PopmapError):
    """The address is there, and only to be read."""


class _RefusedError(PopmapError):
    """Whoever serves the register does not want it read this way."""


_STATUS: Mapping[type[PopmapError], int] = {_NotFoundError: 404, _NotAllowedError: 405, _RefusedError: 403, UsageError: 400}


def routes(folder: Callable[[], Path], refuse: Refuse) -> list[Route]:
    """Return the routes to mount beside the app.

    Args:
        folder: Gives the register folder.
        refuse: Says why a request is refused; asked at every request.
    """

    def answering(answer: Callable[[Request, Path], Response]) -> Callable[[Request], Response]:
        # Not async: Starlette runs it in a thread, so a register being read does not hold up the pages.
        def endpoint(request: Request) -> Response:
            try:
                reason = refuse(_host(request))
                if reason:
                    raise _RefusedError(reason.message, reason.hint)
                if request.method not in ("GET", "HEAD"):
                    raise _NotAllowedError(f"{request.method} is not possible here.", "Use GET: the register is only read.")
                return answer(request, folder())
            except PopmapError as error:
                return _failure(error)

        return endpoint

    return [
        Route(API, answering(_index), methods=_METHODS),
        Route(f"{API}/", answering(_index), methods=_METHODS),
        Route(f"{API}/{{name}}", answering(_table), methods=_METHODS),
        # Without these, Streamlit answers unknown addresses with its page and 200.
        Route("/api", answering(_nothing), methods=_METHODS),
        Route("/api/{rest:path}", answering(_nothing), methods=_METHODS),
    ]


def _index(request: Request, folder: Path) -> Response:
    _refuse_keys(request, ())
    store = opened(folder)
    listed = {
        name: {
            "title": view.title,
            "json": f"{API}/{name}.json",
            "csv": f"{API}/{name}.csv",
            "columns": [{"name": each.name, "label": each.label, "help": each.help} for each in view.columns if not each.internal],
            "keys": [*table_keys(name), _LIMIT_KEY, _OFFSET_KEY],
        }
        for name, view in views.VIEWS.items()
    }
    keys = {key: f"{BY_KEY[key].label}; may be repeated" if key in BY_KEY else "words in names and purposes" for key in FILTER_KEYS}
    keys |= {
        SEVERITY_KEY: "findings only: error, warning or note; may be repeated",
        "rule": "findings only: a rule's code",
        "sort": "a column's name",
        "desc": "1 to sort from high to low",
        _LIMIT_KEY: f"rows in one answer, 1 to {MOST_ROWS}; {DEFAULT_LIMIT} when absent",
        _OFFSET_KEY: "rows to skip; follow next instead of counting",
    }
    content = {"register": store.settings.title, "fingerprint": store.fingerprint, "popmap": __version__, "tables": listed, "keys": keys}
    return JSONResponse(content, headers=_headers(store))


def _table(request: Request, folder: Path) -> Response:
    name, _, form = request.path_params["name"].rpartition(".")
    if name not in views.VIEWS or form not in SERVED_FORMATS:
        raise _NotFoundError("There is no such table.", f"{API}/ lists them; each ends in .json or .csv.")
    store = opened(folder)
    query = _query(request)
    limit = _number(query.pop(_LIMIT_KEY, []), _LIMIT_KEY, DEFAULT_LIMIT, 1, MOST_ROWS)
    offset = _number(query.pop(_OFFSET_KEY, []), _OFFSET_KEY, 0, 0, _MOST_OFFSET)
    ask = asked_rows(query, store, name, internal=False, limit=limit, offset=offset)
    table = rows(store, name, ask, internal=False)
    total = tables.count(store, name, ask)
    following = _next(request, query, ask, total)
    source = about(store, views.view(name).title, ask, datetime.now(UTC))
    headers = _headers(store) | {"X-Popmap-Total": str(total)}
    if following:
        headers["Link"] = f'<{following}>; rel="next"'
    if form == "json":
        content = b"".join(json_lines(table, source.facts(table.num_rows), {"total": total, "next": following}))
    else:
        content = csv(table, source)
        headers["Content-Disposition"] = f'attachment; filename="{file_name(name, form, store.fingerprint)}"'
    return Response(content, headers=headers, media_type=FORMATS[form].media_type)


def _nothing(_request: Request, _folder: Path) -> Response:
    raise _NotFoundError("There is nothing at this address.", f"{API}/ lists what there is.")


def _next(request: Request, query: Mapping[str, list[str]], ask: Ask, total: int) -> str | None:
    after = ask.offset + ask.limit
    if after >= total:
        return None
    return f"{request.scope['path']}?{urlencode({**query, _LIMIT_KEY: [ask.limit], _OFFSET_KEY: [after]}, doseq=True)}"


def _host(request: Request) -> str:
    """Return the name the request is addressed to, without the port; "" for one that is no name."""
    stated = _HOST.fullmatch(request.headers.get("host", ""))
    return (stated[1] or stated[2]) if stated else ""


def _query(request: Request) -> dict[str, list[str]]:
    query: dict[str, list[str]] = {}
    for key, value in request.query_params.multi_items():
        query.setdefault(key, []).append(value)
    return query


def _refuse_keys(request: Request, allowed: tuple[str, ...]) -> None:
    unknown = [key for key in _query(request) if key not in allowed]
    if unknown:
        raise UsageError(f"There is no key {unknown[0]} here.", "Filters go to a table, as in flows.json?category=...")


def _number(values: list[str], key: str, default: int, least: int, most: int) -> int:
    if not values:
        return default
    if len(values) == 1 and values[0].isascii() and values[0].isdecimal() and len(values[0]) <= 12 and least <= int(values[0]) <= most:
        return int(values[0])
    raise UsageError(f"The key {key} holds {', '.join(values)!r}.", f"Give it once, as a whole number from {least} to {most}.")


def _headers(store: Store) -> dict[str, str]:
    return _HEADERS | {"X-Popmap-Fingerprint": store.fingerprint}


def _failure(error: PopmapError) -> Response:
    status = _STATUS.get(type(error), 503)
    message, hint = error.message, error.hint
    if isinstance(error, RegisterError):
        # Its message names folders of the server.
        message, hint = "The register cannot be read.", "Ask whoever runs this server to look at it with popmap check."
    headers = _HEADERS | ({"Allow": "GET, HEAD"} if status == 405 else {})
    return JSONResponse({"error": message, "hint": hint}, status, headers)
