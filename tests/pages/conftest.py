"""Opening a page of the app without a browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hostile import write_hostile
from registers import write
from screens import PAGES, Open, go
from streamlit import config
from streamlit.testing.v1 import AppTest

from popmap.opened import BUNDLED, REGISTER_VARIABLE
from popmap.register.schema import TABLES

APP = Path(__file__).resolve().parents[2] / "app.py"


@pytest.fixture(scope="session", autouse=True)
def _without_the_check_of_state() -> Iterator[None]:
    """AppTest itself keeps functions in the session's state, which popmap's configuration forbids; a test looks at popmap's own."""
    config.set_option("runner.enforceSerializableSessionState", False)
    yield
    config.set_option("runner.enforceSerializableSessionState", True)


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return what opens a page: by its name, with a register folder (the bundled one by default) and URL keys."""

    def opened(name: str, folder: Path = BUNDLED, **query: str | Sequence[str]) -> AppTest:
        monkeypatch.setenv(REGISTER_VARIABLE, str(folder))
        page = AppTest.from_file(str(APP), default_timeout=60)
        if name != PAGES[0]:
            # Streamlit knows the pages' addresses only after a run.
            page.run()
        for key, value in query.items():
            page.query_params[key] = [value] if isinstance(value, str) else list(value)
        return page.run() if name == PAGES[0] else go(page, name)

    return opened


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the hostile register; no page writes to it."""
    return write_hostile(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a register of headers only."""
    return write(tmp_path_factory.mktemp("empty"), {table.name: [] for table in TABLES})
