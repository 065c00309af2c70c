"""register.toml, written."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from popmap.errors import RegisterError
from popmap.register.settings import read_settings
from popmap.register.settings_writing import begun, with_source

SOURCE = {
    "id": "page",
    "title": "Our page",
    "file": "sources/page.txt",
    "url": "https://example.org/privacy",
    "retrieved_on": "2026-01-02",
    "sha256": "ab",
}


def test_a_new_register(tmp_path: Path):
    """What is begun reads without a fault, and says nothing that nobody stated."""
    (tmp_path / "register.toml").write_text(with_source(begun("Ours", "Acme SA"), SOURCE), encoding="utf-8")
    settings, faults = read_settings(tmp_path)
    assert (
        not faults and settings.title == "Ours" and settings.organisation == {"name": "Acme SA", "address": "", "contact": "", "role": ""}
    )
    assert settings.sources == (SOURCE,) and settings.objection_days is None and settings.joint_controllers == ()


def test_what_a_person_wrote_stays():
    """Comments, order and other sources stay byte for byte; the source's own fields change."""
    text = (
        '# Ours.\ntitle = "T"   # short\n\n[[sources]]\nid = "page"\ntitle = "Old"\nurl = "u"\n\n[[sources]]\nid = "other"\ntitle = "O"\n'
    )
    written = with_source(text, {"id": "page", "title": "Our page", "sha256": "ab"})
    assert written == text.replace('"Old"\nurl = "u"\n', '"Our page"\nurl = "u"\nsha256 = "ab"\n')
    assert with_source(written, {"id": "page", "title": "Our page", "sha256": "ab"}) == written


@pytest.mark.parametrize("text", ["title = ", "sources = 3", "sources = [1]", '[sources]\nid = "x"'])
def test_settings_that_cannot_be_read(text: str):
    """Settings nobody can read are not written over."""
    with pytest.raises(RegisterError, match="nothing was written"):
        with_source(text, SOURCE)


@given(st.text(), st.text())
def test_any_text(title: str, name: str):
    """Whatever a title or a name holds, the file reads back."""
    content = tomllib.loads(with_source(begun(title, name), {**SOURCE, "title": title}))
    again = tomllib.loads(with_source(begun(content["title"], content["organisation"]["name"]), SOURCE))
    assert again["title"] == content["title"] == content["sources"][0]["title"]
