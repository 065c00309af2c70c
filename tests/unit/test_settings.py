"""register.toml: read leniently, reported strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from popmap.register.faults import Fault
from popmap.register.settings import DEFAULT_REVIEW_DAYS, Settings, read_settings

FULL = """
title = " A title "
review_period_days = 90
objection_period_days = 30
joint_controllers = ["First", { name = "Second", contact = "x" }]
[organisation]
name = "Acme"
address = "1 Street"
contact = "privacy@example.org"
role = "controller"
[representative]
name = "Rep"
[data_protection_officer]
name = "Ada"
contact = "ada@example.org"
[[sources]]
id = "page"
title = "The page"
file = "page.txt"
url = "https://example.org"
retrieved_on = 2026-11-23
sha256 = "a"
[[sources]]
id = "sheet"
"""


def settings_of(folder: Path, content: str | bytes) -> tuple[Settings, list[Fault]]:
    (folder / "register.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_settings(folder)


def test_everything_stated_is_read(tmp_path: Path):
    """Every field of a full file arrives trimmed, dates as ISO text, and without a fault."""
    settings, faults = settings_of(tmp_path, FULL)
    assert faults == []
    assert (settings.title, settings.review_days, settings.objection_days) == ("A title", 90, 30)
    assert settings.organisation == {"name": "Acme", "address": "1 Street", "contact": "privacy@example.org", "role": "controller"}
    assert settings.joint_controllers == ("First", "Second")
    assert settings.representative == {"name": "Rep", "contact": ""}
    assert settings.data_protection_officer == {"name": "Ada", "contact": "ada@example.org"}
    assert settings.sources == (
        {"id": "page", "title": "The page", "file": "page.txt", "url": "https://example.org", "retrieved_on": "2026-11-23", "sha256": "a"},
        {"id": "sheet", "title": "", "file": "", "url": "", "retrieved_on": "", "sha256": ""},
    )  # fmt: skip


def test_no_file(tmp_path: Path):
    """A register without register.toml states nothing and is told so; reviews fall back to a year."""
    settings, faults = read_settings(tmp_path)
    assert settings == Settings() and settings.review_days == DEFAULT_REVIEW_DAYS == 365
    assert [(fault.code, fault.file) for fault in faults] == [("settings-missing", "register.toml")]


def test_a_folder_of_that_name(tmp_path: Path):
    """A folder called register.toml is no settings file."""
    (tmp_path / "register.toml").mkdir()
    assert [fault.code for fault in read_settings(tmp_path)[1]] == ["settings-missing"]


@pytest.mark.parametrize(
    "content",
    [
        "title = ",
        "title = 'a'\ntitle = 'b'",
        b"title = '\xff\xfe'",
        'title = "a\x00b"',
        "review_period_days = " + "9" * 5_000,
        "title = " + "[" * 20_000 + "]" * 20_000,
        "title" + ".a" * 3_000 + " = 1",
        b"\xff\xfet\x00i\x00",
    ],
    ids=["syntax", "twice", "latin", "null byte", "huge number", "deep", "dotted", "utf-16"],
)
def test_a_broken_file_counts_as_nothing_stated(tmp_path: Path, content: str | bytes):
    """Whatever is wrong with the file as a whole is one error that names it, and the register stays readable."""
    settings, faults = settings_of(tmp_path, content)
    assert settings == Settings()
    assert [(fault.code, fault.severity) for fault in faults] == [("settings-unreadable", "error")]
    assert faults[0].value and faults[0].value in faults[0].message


def test_a_byte_order_mark_is_no_fault(tmp_path: Path):
    """Editors on Windows put a byte order mark first; it is skipped."""
    settings, faults = settings_of(tmp_path, b"\xef\xbb\xbftitle = 'x'")
    assert (settings.title, faults) == ("x", [])


@pytest.mark.parametrize(
    ("content", "column"),
    [
        ("title = 3", "title"),
        ("title = ['a']", "title"),
        ("organisation = 'Acme'", "organisation"),
        ("joint_controllers = 'Acme'", "joint_controllers"),
        ("representative = 1.5", "representative"),
        ("data_protection_officer = ['Ada']", "data_protection_officer"),
        ("sources = 'page'", "sources"),
        ("[sources]\nid = 'page'", "sources"),
        ("sources = ['page']", "sources"),
        ("[[sources]]\ntitle = 'no id'", "sources"),
        ("[[sources]]\nid = 'a'\n[[sources]]\nid = 'a'", "sources"),
        ("review_period_days = 'soon'", "review_period_days"),
        ("review_period_days = 0", "review_period_days"),
        ("review_period_days = -1", "review_period_days"),
        ("review_period_days = true", "review_period_days"),
        ("review_period_days = 1.5", "review_period_days"),
        ("review_period_days = 99999", "review_period_days"),
        ("objection_period_days = [30]", "objection_period_days"),
    ],
)
def test_a_setting_of_the_wrong_kind(tmp_path: Path, content: str, column: str):
    """A setting that is not what it should be is named and counts as not stated; the others are read."""
    title = "" if "title" in content else "title = 'kept'\n"
    settings, faults = settings_of(tmp_path, title + content)
    assert [(fault.code, fault.severity, fault.column) for fault in faults] == [("setting-invalid", "warning", column)]
    assert settings.review_days == DEFAULT_REVIEW_DAYS and settings.objection_days is None
    assert settings.title == ("kept" if title else "")
    assert [source["id"] for source in settings.sources] == (["a"] if "id = 'a'" in content else [])
    assert settings.organisation == {"name": "", "address": "", "contact": "", "role": ""}


def test_an_unknown_setting_is_named(tmp_path: Path):
    """A misspelt setting is not passed over in silence."""
    settings, faults = settings_of(tmp_path, "title = 'x'\nreview_days = 30")
    assert settings.review_days == DEFAULT_REVIEW_DAYS
    assert [(fault.code, fault.severity, fault.message) for fault in faults] == [
        ("setting-unknown", "note", "popmap does not know the setting review_days")
    ]


def test_control_characters_become_visible(tmp_path: Path):
    """A control character that TOML can spell does not reach the screen."""
    assert settings_of(tmp_path, r'title = "a\u0000b\u001b[31m"')[0].title == "a\ufffdb\ufffd[31m"


def test_the_canonical_form_ignores_layout(tmp_path: Path):
    """Order, comments and white space of the file do not change what the fingerprint is made of; a value does."""
    one = settings_of(tmp_path, "title = 'x'\nreview_period_days = 3 # comment")[0].canonical
    other = settings_of(tmp_path, '# comment\nreview_period_days=3\n\ntitle   =   "x"')[0].canonical
    assert one == other != settings_of(tmp_path, "title = 'x'\nreview_period_days = 4")[0].canonical
