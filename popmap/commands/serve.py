"""popmap serve: a register's pages in the browser, its tables beside them."""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path

from popmap.commands import arguments
from popmap.commands.said import FINE, Said
from popmap.errors import UsageError
from popmap.opened import REGISTER_VARIABLE, register_folder

DEFAULT_ADDRESS = "127.0.0.1"


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command; its parser's `tell` is what runs it."""
    parser = commands.add_parser("serve", help="serve a register's pages, and its tables as JSON and CSV under /api/v1/")
    parser.add_argument("folder", type=Path, nargs="?", help=arguments.otherwise("the register folder"))
    parser.add_argument("--port", type=arguments.port, help="the port; otherwise 8501 or the next free one")
    address = f"the address to listen on; otherwise {DEFAULT_ADDRESS}, which only this machine reaches"
    parser.add_argument("--address", default=DEFAULT_ADDRESS, help=address)
    parser.add_argument("--open", action="store_true", help="open the pages in a browser, where there is a screen")
    parser.set_defaults(tell=_serve)


def _serve(options: argparse.Namespace) -> Said:
    # Streamlit takes its time to import; no other command needs it.
    from popmap.ui.serve import serve

    folder: Path = options.folder.absolute() if options.folder else register_folder()
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", f"Name a register folder, or set {REGISTER_VARIABLE} to one.")
    # Ctrl-C is how a server is stopped.
    with suppress(KeyboardInterrupt):
        serve(folder, options.port, options.address, show=options.open)
    return FINE, ()
