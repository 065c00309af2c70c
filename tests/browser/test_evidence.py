"""A pack made, taken away, sent in again and checked in a browser, in both themes, with nothing that axe finds serious."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from test_accessibility import violations
from visit import Visits

from popmap.evidence.verify import verify


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_made_taken_and_checked(visit: Visits, theme: str, tmp_path: Path):
    """The pack of the rows behind a filter verifies on disk and on the page; one changed byte is named with its file."""
    reader = visit("evidence?category=logs", theme=theme, width=1024)
    reader.keyed("make_pack").get_by_role("button").click()
    button = reader.keyed("download_pack").get_by_role("button")
    expect(button).to_be_visible()
    assert violations(reader.rest()) == []
    with reader.page.expect_download() as waiting:
        button.click()
    waiting.value.save_as(tmp_path / waiting.value.suggested_filename)
    (path,) = tmp_path.iterdir()
    assert path.name.startswith("evidence-") and verify(path.read_bytes()).intact
    reader.go("verify").page.locator("input[type=file]").set_input_files(path)
    reader.says("Intact: every byte is as it was made").says("The register says the same today")
    assert violations(reader) == []
    data = path.read_bytes()
    path.write_bytes(data.replace(b"To analyze usage", b"To analyse usage", 1))
    reader.go("verify").page.locator("input[type=file]").set_input_files(path)
    reader.says("Not intact: 1 thing found").says("its content is not what it was")
    assert violations(reader) == [] and not reader.errors
