"""The app as a reader meets it: a server of its own on a free port, and a browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright

from popmap.opened import REGISTER_VARIABLE

APP = Path(__file__).resolve().parents[2] / "app.py"
# Chromium's own services ask for addresses too; a test looks for what popmap asks for.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE = 90


def browser(playwright: Playwright) -> Browser:
    """Return a Chromium: the one CHROMIUM names, the system's, or Playwright's own."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return playwright.chromium.launch(executable_path=path, args=list(FLAGS))


@contextmanager
def server(folder: Path, log: Path, *, bare: bool = False) -> Iterator[str]:
    """Run the app with a register until the context ends; gives its address.

    Args:
        folder: The register.
        log: Where the server's output goes.
        bare: Whether Streamlit runs app.py itself, rather than `popmap serve`, which wants the folder to be there.
    """
    port = _free_port()
    command = [sys.executable, "-m", "popmap", "serve", str(folder), "--port", str(port)]
    if bare:
        command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", str(port), "--server.address", "127.0.0.1"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=APP.parent, env={**os.environ, REGISTER_VARIABLE: str(folder)}, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _wait(url: str, process: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The app does not answer at {url}:\n{log.read_text(encoding='utf-8', errors='replace')}")
