"""The pages that make and check evidence: options, the pack to take away, and what a pack that is sent in is told to be."""

from __future__ import annotations

import pickle
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hostile import HOST, write_hostile
from packs import folder_of, key_in, packed, small, zipped
from registers import write
from screens import Open, headings, markdown_texts, markup, plain
from streamlit.testing.v1 import AppTest

from popmap.evidence.manifest import INTERNAL
from popmap.evidence.pack import Options, make
from popmap.evidence.parts import PARTS
from popmap.evidence.verify import verify
from popmap.opened import BUNDLED
from popmap.register.schema import TABLES
from popmap.ui.evidence_panel import AUDIENCE_KEY, TIME_KEY
from popmap.ui.verify_panel import PACK_KEY, PEM_KEY

TIME = datetime(2026, 11, 23, 9, 30)  # noqa: DTZ001 - the widget's own, which is in UTC


def make_pack(page: AppTest) -> AppTest:
    """Press the button."""
    return page.button(key="make_pack").click().run()


def data(page: AppTest) -> bytes:
    """Return the pack there is to take away."""
    return page.session_state["popmap_pack"].data


def send(page: AppTest, content: bytes, pem: str = "") -> AppTest:
    """Send in a pack, and a key."""
    page.text_area(key=PEM_KEY).set_value(pem)
    page.file_uploader(key=PACK_KEY).set_value(("pack.zip", content, "application/zip"))
    return page.run()


def _nothing_is_markup(page: AppTest) -> None:
    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", markup(page)))
    assert tags <= {"div", "h1", "h2", "p", "span", "code", "table", "thead", "tbody", "tr", "th", "td"}, tags
    for shown in markdown_texts(page):
        assert not re.search(rf"(?<!\\)\]\(|(?<!\\)<|https?:|{HOST.replace('.', '[.]')}", shown), shown


def test_before_anything_is_made(open_page: Open):
    """The page says what a pack holds and for whom, and that keys stay on the command line; nothing is made unasked."""
    page = open_page("evidence")
    assert not page.exception and not page.error and headings(page) == ["Evidence"]
    assert all(f">{part.name}</th>" in markup(page) for part in PARTS if part.reproducible)
    assert "whole register" in markup(page) and "not signed" in markup(page)
    assert "popmap evidence" in plain(page) and "--sign my.key" in plain(page)
    assert "popmap_pack" not in page.session_state and not page.get("download_button")


def test_made(open_page: Open):
    """The pack is what the command line makes of the same register, time, filter and audience, and is listed file by file."""
    page = open_page("evidence", category="logs")
    page.datetime_input(key=TIME_KEY).set_value(TIME)
    page = make_pack(page.run())
    assert not page.exception and not page.error and page.get("download_button")
    expected = make(BUNDLED, Options(TIME.replace(tzinfo=UTC), "category=logs"))
    assert data(page) == zipped(dict(expected.files)) and verify(data(page)).intact
    assert all(f">{name}</th>" in markup(page) for name in expected.files) and expected.digest in markup(page)
    assert "Logs to every vendor" in markup(page) and "--filter category=logs" in plain(page)
    assert pickle.dumps(page.session_state.to_dict())


def test_another_audience(open_page: Open, tmp_path: Path):
    """A pack for internal use has internal columns; one made before for others is no longer offered."""
    page = make_pack(open_page("evidence", folder_of(tmp_path)))
    assert b"SECRET" not in data(page)
    page.segmented_control(key=AUDIENCE_KEY).set_value(INTERNAL).run()
    assert not page.get("download_button") and "byte for byte" in markup(page) and "--internal" in plain(page)
    page = make_pack(page)
    assert b"SECRET note" in data(page) and page.get("download_button")


def test_an_edit_takes_the_pack_away(open_page: Open, tmp_path: Path):
    """Once the register has changed, the pack of its earlier state is no longer offered as its pack."""
    folder = folder_of(tmp_path)
    page = make_pack(open_page("evidence", folder))
    assert page.get("download_button")
    path = folder / "flows.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("To find bugs", "To find all bugs"), encoding="utf-8")
    assert not page.run().get("download_button")


def test_hostile_register(open_page: Open, tmp_path: Path):
    """Names of a register that are markup are text on both pages."""
    folder = write_hostile(tmp_path)
    page = make_pack(open_page("evidence", folder, category=["k0", "k1"]))
    assert not page.exception and not page.error
    _nothing_is_markup(page)
    content = data(page)
    page = send(open_page("verify", folder), content)
    assert not page.exception and "✓ Intact" in markup(page)
    _nothing_is_markup(page)


def test_empty_register(open_page: Open, tmp_path: Path):
    """A register of headers only has a pack, too."""
    page = make_pack(open_page("evidence", write(tmp_path, {table.name: [] for table in TABLES})))
    assert not page.exception and not page.error and verify(data(page)).intact


@pytest.mark.parametrize("name", ["evidence", "verify"])
def test_no_register(open_page: Open, name: str, tmp_path: Path):
    """Without a register the page says so."""
    page = open_page(name, tmp_path / "none")
    assert not page.exception and len(page.error) == 1


def test_nothing_sent(open_page: Open):
    """Before a pack comes, the page says what it does and where to check a larger one."""
    page = open_page("verify")
    assert not page.exception and headings(page) == ["Verify"]
    assert "Every byte is accounted for" in markup(page) and "popmap verify pack.zip" in plain(page)


def test_intact(open_page: Open, tmp_path: Path):
    """An intact pack of this register is told to be that, unsigned, with what it was made from, and that nothing has changed."""
    folder = folder_of(tmp_path)
    page = send(open_page("verify", folder), zipped(small()))
    assert not page.exception and "✓ Intact" in markup(page) and "Not signed" in markup(page)
    assert "The register says the same today, in every cell." in markup(page)
    assert "A register for tests" in markup(page) and "2026-11-23T12:00:00Z" in markup(page)


def test_what_changed_since(open_page: Open, tmp_path: Path):
    """What has changed in the register since is told row by row in words."""
    folder = folder_of(tmp_path)
    content = zipped(small())
    path = folder / "vendors.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("spare,Spare", "spare,Spare Ltd"), encoding="utf-8")
    page = send(open_page("verify", folder), content)
    assert "✓ Intact" in markup(page) and "Vendor Spare Ltd: name Spare → Spare Ltd" in markup(page)


def test_not_intact(open_page: Open, tmp_path: Path):
    """A changed file is named with its bytes in the pack, and what the pack says is called unproven."""
    folder = folder_of(tmp_path)
    content = zipped(small()).replace(b"To count clicks", b"To count Clicks", 1)
    page = send(open_page("verify", folder), content)
    assert not page.exception and "✕ Not intact: 1 thing found" in markup(page) and "none of this is proven" in markup(page)
    assert "gaps.json</th><td>its content" in markup(page) or "register/flows.csv" in markup(page)
    assert "Since then" not in markup(page)


def test_signer(open_page: Open, tmp_path: Path):
    """With the public key of whoever should have signed, the page says whether they did; a text that is no key is refused."""
    folder = folder_of(tmp_path / "register")
    content = zipped(dict(packed(folder, key_in(tmp_path, "first")).files))
    key_in(tmp_path, "other")
    first, other = ((tmp_path / f"{name}.pub").read_text(encoding="utf-8") for name in ("first", "other"))
    assert "proves nothing about who holds it" in markup(send(open_page("verify", folder), content))
    assert "Signed by the key given" in markup(send(open_page("verify", folder), content, first))
    page = send(open_page("verify", folder), content, other)
    assert "✕ Intact, but not signed by the key given" in markup(page) and "but by another one" in markup(page)
    page = send(open_page("verify", folder), content, "no key")
    assert "holds no public key" in page.error[0].value and "Intact" not in markup(page)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04"])
def test_no_pack(open_page: Open, content: bytes):
    """What is no pack is told to be none, without an exception."""
    page = send(open_page("verify"), content)
    assert not page.exception and "✕ Not" in markup(page)
