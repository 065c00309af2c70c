"""The app as a reader meets it: a server of its own on a free port."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from pathlib import Path

from popmap.evidence import chromium
from popmap.opened import REGISTER_VARIABLE

_APP = Path(__file__).resolve().parents[2] / "app.py"
_PATIENCE = 90


def server(folder: Path, log: Path, *, bare: bool = False) -> AbstractContextManager[str]:
    """Run the app with a register until the context ends; gives its address.

    Args:
        folder: The register.
        log: Where the server's output goes.
        bare: Whether Streamlit runs app.py itself, rather than `popmap serve`, which wants the folder to be there.
    """
    port = chromium.free_port()
    command = [sys.executable, "-m", "popmap", "serve", str(folder), "--port", str(port)]
    if bare:
        command = [sys.executable, "-m", "streamlit", "run", str(_APP), "--server.port", str(port), "--server.address", chromium.HOST]
    return chromium.served(command, port, log, patience=_PATIENCE, more={REGISTER_VARIABLE: str(folder)})
