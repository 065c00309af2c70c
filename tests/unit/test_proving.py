"""popmap evidence, keygen and verify: what they write, say and return, and how they fail."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from packs import folder_of

from popmap.cli import main
from popmap.evidence import signing
from popmap.register.saving import Author, record

DAY = ("--date", "2026-11-23")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small register."""
    return folder_of(tmp_path / "register")


def run(*words: object) -> int:
    return main([str(word) for word in words])


def packed(folder: Path, *more: object) -> Path:
    out = folder.parent / "pack.zip"
    assert run("evidence", folder, "-o", out, *DAY, *more) == 0
    return out


def test_keygen(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A key is two PEM files, the private one readable by its owner only; the fingerprint is said in groups; nothing is overwritten."""
    path = tmp_path / "my.key"
    before = os.umask(0)
    try:
        assert run("keygen", "-o", path) == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")
    public = signing.read_public(tmp_path / "my.key.pub")
    assert signing.grouped(signing.fingerprint(public)) in capsys.readouterr().out
    assert signing.read_private(path).fingerprint == signing.fingerprint(public)
    content = path.read_bytes()
    assert run("keygen", "-o", path) == 2 and path.read_bytes() == content
    path.unlink()
    assert run("keygen", "-o", path) == 2 and not path.exists(), "the public half is still there"
    assert "never overwritten" in capsys.readouterr().err
    assert run("keygen", "-o", tmp_path / "no" / "key") == 2


def test_round(folder: Path, capsys: pytest.CaptureFixture[str]):
    """A pack that was made verifies, with its signer's key and against its register."""
    key = folder.parent / "key"
    assert run("keygen", "-o", key) == 0
    out = packed(folder, "--sign", key, "--filter", "category=logs")
    said = capsys.readouterr().out
    assert "for outsiders: internal columns left out, signed by key" in said
    assert run("verify", out, "--key", f"{key}.pub", "--against", folder) == 0
    said = capsys.readouterr().out
    assert said.startswith("Intact: every byte is as it was made.\nSigned by the key given, ")
    assert "Filter: Logs to every vendor" in said and "The register says the same today, in every cell." in said


def test_of_an_earlier_version(folder: Path, capsys: pytest.CaptureFixture[str]):
    """A pack can be made of a register as it was: it names that version, whose files it holds, and what has changed since."""
    first = record(folder, author=Author("Ada"), message="As it was", at=datetime(2026, 11, 1, tzinfo=UTC))
    vendors = (folder / "vendors.csv").read_text(encoding="utf-8")
    (folder / "vendors.csv").write_text(vendors.rstrip("\n").rpartition("\n")[0] + "\n", encoding="utf-8")
    record(folder, author=Author("Ada"), message="One vendor less", at=datetime(2026, 11, 2, tzinfo=UTC))
    out = packed(folder, "--at", first.short)
    assert run("verify", out) == 0
    said = capsys.readouterr().out
    assert f"History: commit {first.id}\n" in said
    assert run("verify", out, "--against", folder) == 1
    assert "Removed vendor" in capsys.readouterr().out
    assert run("evidence", folder, "-o", out, "--at", "1999-01-01") == 2


def test_not_intact(folder: Path, capsys: pytest.CaptureFixture[str]):
    """A changed pack gives code 1 and names file and bytes; it is not compared with a register."""
    out = packed(folder)
    out.write_bytes(out.read_bytes().replace(b"line 1\r\n", b"line 2\r\n"))
    assert run("verify", out, "--against", folder) == 1
    said = capsys.readouterr().out
    assert "NOT INTACT: 1 found." in said and "changed: register/sources/page.txt: its content is not what it was (bytes " in said
    assert "Not compared with the register" in said


def test_another_signer(folder: Path, capsys: pytest.CaptureFixture[str]):
    """A pack signed with another key, or not at all, gives code 1 when a key is asked for, and 0 without."""
    for name in ("first", "other"):
        assert run("keygen", "-o", folder.parent / name) == 0
    out = packed(folder, "--sign", folder.parent / "other")
    assert run("verify", out) == 0 and "unless you got this fingerprint another way" in capsys.readouterr().out
    assert run("verify", out, "--key", folder.parent / "first.pub") == 1
    assert "Not signed by the key given" in capsys.readouterr().out
    assert run("verify", packed(folder), "--key", folder.parent / "first.pub") == 1


def test_register_changed(folder: Path, capsys: pytest.CaptureFixture[str]):
    """A register that has changed since gives code 1 and says what, in words; so does one that changed where a public copy is blind."""
    public, path = packed(folder), folder / "vendors.csv"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("SECRET note", "another note"), encoding="utf-8")
    assert run("verify", public, "--against", folder) == 1
    assert "only in what a public copy leaves out" in capsys.readouterr().out
    path.write_text(before.replace("spare,Spare", "spare,Reserve"), encoding="utf-8")
    toml = folder / "register.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("for tests", "of mine"), encoding="utf-8")
    assert run("verify", public, "--against", folder) == 1
    said = capsys.readouterr().out
    assert "in 2 places" in said and "Vendor Reserve: name Spare → Reserve" in said
    assert "Settings: title A register for tests → A register of mine" in said
    path.write_text(before, encoding="utf-8")
    inner = packed(folder, "--internal")
    path.write_text(before.replace("SECRET note", "another note"), encoding="utf-8")
    assert run("verify", inner, "--against", folder) == 1
    assert "Vendor Sentry: notes SECRET note → another note" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("evidence", "FOLDER", "-o", "pack"), "does not end in .zip"),
        (("evidence", "FOLDER", "-o", "FOLDER/sources/pack.zip"), "among the register's sources"),
        (("evidence", "FOLDER", "-o", "no/pack.zip"), "cannot be written"),
        (("evidence", "none", "-o", "pack.zip"), "no folder"),
        (("evidence", "FOLDER", "-o", "pack.zip", "--date", "2026-11-23T10:00"), "nor a time with its zone"),
        (("evidence", "FOLDER", "-o", "pack.zip", "--filter", "category=gone"), "no category 'gone'"),
        (("evidence", "FOLDER", "-o", "pack.zip", "--filter", "colour=red"), "no key colour"),
        (("evidence", "FOLDER", "-o", "pack.zip", "--paper", "a5"), "invalid choice"),
        (("evidence", "FOLDER", "-o", "pack.zip", "--public", "--internal"), "not allowed with"),
        (("evidence", "FOLDER", "-o", "pack.zip", "--sign", "none"), "cannot be read"),
        (("evidence", "FOLDER", "-o", "pack.zip", "--sign", "FOLDER/flows.csv"), "holds no private key"),
        (("verify", "none.zip"), "cannot be read"),
        (("verify", "FOLDER"), "cannot be read"),
        (("verify", "FOLDER/flows.csv"), "is not an evidence pack"),
        (("verify", "FOLDER/flows.csv", "--key", "FOLDER/flows.csv"), "holds no public key"),
    ],
)
def test_bad_input(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str):
    """What cannot be done gives code 2, one line on what is wrong, and no file."""
    monkeypatch.chdir(folder.parent)
    before = sorted(folder.parent.rglob("*"))
    assert run(*(word.replace("FOLDER", str(folder)) for word in words)) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1
    assert sorted(folder.parent.rglob("*")) == before


def test_keys_of_other_kinds(folder: Path, capsys: pytest.CaptureFixture[str]):
    """A key of another algorithm, or one that is locked, is refused by name."""
    path = folder.parent / "key"
    curve = generate_private_key(SECP256R1())
    path.write_bytes(curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    assert run("evidence", folder, "-o", folder.parent / "p.zip", "--sign", path) == 2 and "not an Ed25519 key" in capsys.readouterr().err
    locked = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
    path.write_bytes(locked)
    assert run("evidence", folder, "-o", folder.parent / "p.zip", "--sign", path) == 2 and "locked" in capsys.readouterr().err


def test_nothing_in_a_pack_moves_the_cursor(folder: Path, capsys: pytest.CaptureFixture[str]):
    """Names and titles that a stranger put into a pack are shown without what a terminal would obey."""
    out = packed(folder)
    data = out.read_bytes()
    name = b"register/sources/page.txt"
    out.write_bytes(data.replace(name, b"register/\x1b[2J\x1b[31mces/p.txt"[: len(name)]))
    assert run("verify", out) == 1
    said = capsys.readouterr().out
    assert all(line.isprintable() for line in said.splitlines())
