"""The documents say what is so."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from popmap import __version__
from popmap.cli import parser
from popmap.register.schema import write_dictionary

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    actions = [action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)]
    return sorted(actions[0].choices)


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_readme(command: str):
    """No command exists that the README does not show."""
    assert f"popmap {command} " in README


def test_the_dictionary_is_current(tmp_path: Path):
    """The README's tables are what the schema says today."""
    page = tmp_path / "README.md"
    page.write_text(README, encoding="utf-8")
    assert write_dictionary(page) is False


def test_the_dictionary_is_rewritten(tmp_path: Path):
    """A page whose tables are out of date is mended, and mended once."""
    page = tmp_path / "README.md"
    page.write_text(README.replace("| `vendor_id` (key) |", "| `vendor` |"), encoding="utf-8")
    assert write_dictionary(page) is True
    assert page.read_text(encoding="utf-8") == README


def test_the_screenshot_is_there():
    """The picture the README shows is a PNG in the repository."""
    assert (ROOT / "docs" / "data-map.png").read_bytes().startswith(b"\x89PNG")


def test_the_changelog_has_this_version():
    """The version that is built is the one the change log speaks of."""
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
