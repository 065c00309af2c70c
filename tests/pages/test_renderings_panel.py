"""The documents to hand over, as a page shows them."""

from __future__ import annotations

import pytest
from screens import text
from streamlit.testing.v1 import AppTest

from popmap.opened import BUNDLED, REGISTER_VARIABLE
from popmap.renderings.files import RENDERINGS


def page() -> None:
    """Stand in for the page that holds the panel."""
    from popmap.ui.page import begin
    from popmap.ui.renderings_panel import renderings_panel

    renderings_panel(begin("overview", "Documents", "To hand over"))


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Return the panel over the bundled register."""
    monkeypatch.setenv(REGISTER_VARIABLE, str(BUNDLED))
    return AppTest.from_function(page, default_timeout=60)


def test_each_document_has_its_line(shown: AppTest) -> None:
    """Every document is listed with what it is for and who asks for it, and no file is made before its formats are opened."""
    run = shown.run()
    assert not run.exception
    for entry in RENDERINGS.values():
        assert f"**{entry.title}** · {entry.article}" in text(run) and entry.use in text(run)
    assert len(run.get("download_button")) == 0 and "of the whole register" in text(run)


def test_a_filter_is_named(shown: AppTest) -> None:
    """Behind a filter the panel says that its documents are extracts."""
    shown.query_params["vendor"] = ["stripe"]
    assert "each says that it is an extract" in text(shown.run())
