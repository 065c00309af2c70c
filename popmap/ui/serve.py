"""`popmap serve`: the app and the tables over HTTP in one server."""

from __future__ import annotations

import os
import socket
import sys
import threading
import webbrowser
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import streamlit as st
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.secrets import secrets_singleton

from popmap import api
from popmap.errors import PopmapError, UsageError
from popmap.opened import REGISTER_VARIABLE, register_folder

APP = Path(__file__).resolve().parents[2] / "app.py"
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def serve(folder: Path, port: int | None, address: str, *, show: bool = False) -> None:
    """Serve a register until the process is told to stop.

    Args:
        folder: The register folder, absolute.
        port: The port; the configured one or the next free when None.
        address: The address to listen on.
        show: Whether to open the pages in a browser, where there is a screen.

    Raises:
        UsageError: The address or port cannot be had.
        PopmapError: app.py is not where it should be.
    """
    if not APP.is_file():
        raise PopmapError(f"popmap's pages are not beside {APP.parent}.", "Run it from a clone, or install the clone with pip install -e.")
    _try_address(address, port)
    os.environ[REGISTER_VARIABLE] = str(folder)
    # Streamlit looks for .streamlit/ beside the script that was started; that is app.py, wherever this command is installed.
    sys.argv = [str(APP)]
    options: dict[str, object] = {"server.address": address}
    if port is not None:
        options["server.port"] = port
    lifespan = _showing(address) if show and _has_screen() else None
    # Beside a folder called pages, Streamlit takes an app for one of its first kind until st.navigation has run once, and greets the first
    # visitor who follows a link to a page with "Page not found".
    PagesManager.uses_pages_directory = False
    st.App(APP, routes=api.routes(register_folder, refusal(address)), lifespan=lifespan).run(config=options)


def refusal(address: str) -> api.Refuse:
    """Return what decides whether the tables may be read over HTTP.

    Where the app asks for a log-in (a secrets file with [auth]) they may not: routes beside the app are outside `st.login`. On an
    address of this machine only its own names are answered, or a web page elsewhere could have its name lead here (DNS rebinding) and
    read the register; a proxy's name is answered when it is stated as Streamlit's `browser.serverAddress`.

    Args:
        address: The address listened on.
    """

    def refuse(host: str) -> PopmapError | None:
        if _asks_for_login():
            return PopmapError("The tables are not served where the app asks for a log-in.", "Take them from the app's pages.")
        names = (*LOOPBACK, *([config.get_option("browser.serverAddress")] if config.is_manually_set("browser.serverAddress") else []))
        if address in LOOPBACK and host.lower() not in names:
            return PopmapError("The tables are served to this machine only.", "Use localhost, or state the name in browser.serverAddress.")
        return None

    return refuse


def _asks_for_login() -> bool:
    return secrets_singleton.load_if_toml_exists() and "auth" in secrets_singleton


def _has_screen() -> bool:
    # Without one, webbrowser would start a text browser in the terminal that shows the server.
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _showing(address: str) -> Callable[[st.App], AbstractAsyncContextManager[None]]:
    """Return a lifespan that opens the pages in a browser as soon as the server has started."""

    def show() -> None:
        name = "127.0.0.1" if address in ("0.0.0.0", "::") else f"[{address}]" if ":" in address else address  # noqa: S104 - compared only
        scheme = "https" if config.get_option("server.sslCertFile") else "http"
        webbrowser.open(f"{scheme}://{name}:{config.get_option('server.port')}")

    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncGenerator[None]:
        # The socket listens already; a browser that comes too early waits for it.
        threading.Thread(target=show, daemon=True).start()
        yield

    return lifespan


def _try_address(address: str, port: int | None) -> None:
    """Raise UsageError when the address cannot be listened on; Streamlit itself would only log it."""
    try:
        with socket.create_server((address, port or 0), family=socket.AF_INET6 if ":" in address else socket.AF_INET):
            return
    except OSError as error:
        where = address if port is None else f"{address}, port {port}"
        raise UsageError(
            f"The server cannot listen on {where}: {error.strerror or error}.", "Choose another --port or --address."
        ) from error
