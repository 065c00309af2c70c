"""Which files there are to take away, and each of them as bytes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

import pyarrow as pa

from popmap import tables, views
from popmap.errors import UsageError
from popmap.exports.about import About, about
from popmap.exports.writers import csv, json_text, labelled, parquet
from popmap.exports.xlsx import xlsx
from popmap.filters import Filter, to_english
from popmap.flow import formats as graph_formats
from popmap.flow.describe import describe
from popmap.flow.layout import layout
from popmap.flow.paths import DEFAULT_LAYERS, flow_graph
from popmap.flow.svg import svg
from popmap.formats import Format, Writer
from popmap.store import Store
from popmap.tables import Ask

GRAPH = "graph"
_PICTURE_WIDTH = 1200

_Choice = TypeVar("_Choice")


_TABLE_FORMATS: tuple[Writer[[pa.Table, About]], ...] = (
    Writer("csv", "CSV", "csv", "text/csv; charset=utf-8", csv),
    Writer("xlsx", "Excel", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx),
    Writer("json", "JSON", "json", "application/json", json_text),
    Writer("parquet", "Parquet", "parquet", "application/vnd.apache.parquet", parquet),
)
FORMATS = {entry.name: entry for entry in _TABLE_FORMATS}
# What draws the picture needs more than the graph.
GRAPH_FORMATS: dict[str, Format] = {"svg": Format("svg", "SVG picture", "svg", "image/svg+xml"), **graph_formats.BY_NAME}


def table_file(
    store: Store, view: str, ask: Ask, form: str, made_at: datetime, *, internal: bool = True, columns: Sequence[str] = ()
) -> bytes:
    """Return a table as a file.

    Args:
        store: The register.
        view: A key of views.VIEWS.
        ask: Which rows.
        form: A key of FORMATS.
        made_at: The time to state, with its time zone; the same time and register give the same bytes.
        internal: Whether columns kept from outsiders are in it.
        columns: The columns wanted, in order; all when empty.

    Raises:
        UsageError: For a table, column or format there is none of, or more rows than the format holds.
    """
    chosen = pick(FORMATS, form, f"the table {view}")
    return chosen.write(rows(store, view, ask, internal=internal, columns=columns), about(store, views.view(view).title, ask, made_at))


def rows(store: Store, view: str, ask: Ask, *, internal: bool = True, columns: Sequence[str] = ()) -> pa.Table:
    """Return a table's rows with the headings people read in the fields' metadata; see `table_file`."""
    shown = views.view(view)
    for name in columns:
        if shown.column(name).internal and not internal:
            raise UsageError(f"The column {name} is kept for those who keep the register.", "Leave it out.")
    table = tables.fetch(store, view, ask, internal=internal, columns=columns)
    return labelled(table, {column.name: column.label for column in shown.columns})


def graph_file(
    store: Store,
    asked: Filter,
    form: str,
    *,
    layers: Sequence[str] = DEFAULT_LAYERS,
    top: int = 0,
    group_by_company: bool = False,
    theme: str = "light",
) -> bytes:
    """Return the flow graph behind a filter as a file: the same register and filter give the same bytes, so no time stands in it.

    Args:
        store: The register.
        asked: The filter.
        form: A key of GRAPH_FORMATS.
        layers: Names out of flow.graph.LAYERS, from left to right.
        top: The most nodes of each layer; the others become one. 0 for as many as can be read.
        group_by_company: Whether vendors of one company are one node.
        theme: "light" or "dark", for the picture.

    Raises:
        UsageError: For a format or layers there are none of.
    """
    chosen = pick(GRAPH_FORMATS, form, "the graph")
    graph = flow_graph(store, asked, tuple(layers), top, group_by_company)
    if chosen.name != "svg":
        return graph_formats.BY_NAME[chosen.name].write(graph)
    title = f"Data map: {store.settings.title or 'register without a title'}"
    shown = describe(graph, to_english(asked, store.known) if asked else "")
    words = f"{shown} Register {store.fingerprint}, findings as of {store.as_of}."
    colours = tuple(store.known["category"])
    return svg(graph, layout(graph, _PICTURE_WIDTH), theme, colours, gaps=True, title=title, description=words).encode()


def file_name(what: str, extension: str, fingerprint: str) -> str:
    """Return a download's name: popmap, the table or graph, the start of the register's fingerprint."""
    return f"popmap-{what}-{fingerprint[:8]}.{extension}"


def pick(choices: dict[str, _Choice], name: str, what: str) -> _Choice:
    """Return the format of that name; raises UsageError when there is none."""
    if name not in choices:
        raise UsageError(f"There is no format {name} for {what}.", f"Use one of {', '.join(choices)}.")
    return choices[name]
