"""A Chromium on this machine, and a server of popmap's own for it to look at."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from popmap.errors import PopmapError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

HOST = "127.0.0.1"
_ROOT = Path(__file__).resolve().parents[2]
# Chromium's own services ask for addresses too; our pages need none of them.
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def executable() -> str | None:
    """Return the Chromium that CHROMIUM names, or the system's; None where only Playwright's own can be used."""
    return os.environ.get("CHROMIUM") or next((path for name in _NAMES if (path := shutil.which(name))), None)


def launched(playwright: Playwright, *more: str) -> Browser:
    """Return a Chromium that contacts nobody by itself; close it after use.

    Args:
        playwright: Playwright, started.
        more: Further switches.
    """
    return playwright.chromium.launch(executable_path=executable(), args=[*_FLAGS, *more])


def free_port() -> int:
    """Return the number of a port nobody listens on now."""
    with socket.create_server((HOST, 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def served(command: Sequence[str], port: int, log: Path, *, patience: float, more: Mapping[str, str] | None = None) -> Generator[str]:
    """Run a Streamlit server in popmap's own folder until the context ends; gives its address.

    Args:
        command: What starts it.
        port: Where it will listen.
        log: Where its output goes.
        patience: How many seconds it may take to answer.
        more: Variables added to its environment.

    Raises:
        PopmapError: It does not answer.
    """
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=_ROOT, env={**os.environ, **(more or {})}, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            _wait(f"http://{HOST}:{port}/_stcore/health", process, log, patience)
            yield f"http://{HOST}:{port}"
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(url: str, process: subprocess.Popen, log: Path, patience: float) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
    raise PopmapError(f"The pages cannot be served: {last[0] if last else 'no answer'}.", "Try popmap serve with the same register.")
