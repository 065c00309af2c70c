"""popmap export: a table, the flow graph or a document to hand over, as a file."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from popmap.commands import arguments
from popmap.commands.said import FINE, STDOUT, Said, written
from popmap.errors import UsageError
from popmap.exports.asking import asked_filter, asked_rows, parse
from popmap.exports.files import FORMATS, GRAPH, GRAPH_FORMATS, graph_file, table_file
from popmap.flow.graph import LAYERS
from popmap.flow.paths import DEFAULT_LAYERS
from popmap.renderings.files import RENDERINGS, rendering_file
from popmap.views import VIEWS


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command; its parser's `tell` is what runs it."""
    parser = commands.add_parser("export", help="write a table, the flow graph or a document to hand over to a file")
    add_option = parser.add_argument
    arguments.add_folder(parser)
    choices = (*VIEWS, GRAPH, *RENDERINGS)
    add_option("table", choices=choices, metavar="TABLE|graph|DOCUMENT", help=f"one of {', '.join(choices)}")
    arguments.add_output(parser)
    documents = [form for entry in RENDERINGS.values() for form in entry.forms]
    formats = tuple(dict.fromkeys((*FORMATS, *GRAPH_FORMATS, *documents)))
    add_option("--format", choices=formats, help="where the file's extension does not tell")
    add_option("--filter", default="", metavar="QUERY", help="what a link to a page holds after the ?, as in 'category=logs&sort=vendor'")
    add_option("--columns", default="", metavar="A,B", help="only these columns of a table, in this order")
    add_option("--public", action="store_true", help="leave out columns meant for those who keep the register (notes, owner)")
    layers = f"the graph's layers from left to right, out of {', '.join(LAYERS)}"
    add_option("--layers", default=",".join(DEFAULT_LAYERS), metavar="A,B", help=layers)
    most = "the most nodes of a layer of the graph; the rest becomes Other"
    add_option("--top", type=arguments.count, default=0, metavar="N", help=most)
    add_option("--group-by-company", action="store_true", help="one node in the graph for all vendors of a company")
    stated = "the time to state, for the same bytes again: 2026-11-23T09:00Z"
    add_option("--date", type=arguments.time, default=datetime.now(UTC), metavar="TIME", help=stated)
    arguments.add_as_of(parser)
    arguments.add_at(parser)
    parser.set_defaults(tell=_export)


def _export(options: argparse.Namespace) -> Said:
    form = options.format or _form(options.output, options.table)
    store = arguments.opened(options)
    query = parse(options.filter)
    if options.table == GRAPH:
        layers = tuple(options.layers.split(","))
        asked, companies = asked_filter(query, store), options.group_by_company
        content = graph_file(store, asked, form, layers=layers, top=options.top, group_by_company=companies)
    elif options.table in RENDERINGS:
        content = rendering_file(store, options.table, form, options.date, asked=asked_filter(query, store))
    else:
        columns = tuple(name for name in options.columns.split(",") if name)
        ask = asked_rows(query, store, options.table, internal=not options.public)
        content = table_file(store, options.table, ask, form, options.date, internal=not options.public, columns=columns)
    return FINE, written(options.output, content)


def _form(output: str, table: str) -> str:
    """Return the format a file's extension tells."""
    formats = GRAPH_FORMATS if table == GRAPH else RENDERINGS[table].forms if table in RENDERINGS else FORMATS
    extension = Path(output).suffix.lower().removeprefix(".")
    names = [form.name for form in formats.values() if extension in (form.extension, form.name)]
    if not names:
        where = "standard output" if output == STDOUT else output
        raise UsageError(f"The format of {where} is not clear.", f"Add --format with one of {', '.join(formats)}.")
    return names[0]
