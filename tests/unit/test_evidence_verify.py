"""Checking a pack: whatever is done to it is named, with its place, and nothing that a stranger sends does harm."""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packs import MANIFEST, PUBLIC_KEY, SIGNATURE, SUMS, folder_of, key_in, packed, relisted, small, zipped

from popmap.errors import UsageError
from popmap.evidence import archive, canonical, manifest, signing
from popmap.evidence import verify as module
from popmap.evidence.archive import by_directory
from popmap.evidence.verdict import Fault, Kind, Signed, Verdict
from popmap.evidence.verify import verify

ROUNDS = 1_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the files of a signed pack."""
    folder = tmp_path_factory.mktemp("made")
    return dict(packed(folder_of(folder / "register"), key_in(folder)).files)


@pytest.fixture(scope="module")
def unsigned() -> dict[str, bytes]:
    """Return the files of a pack that is not signed."""
    return dict(small())


@pytest.fixture(scope="module")
def data(made: dict[str, bytes]) -> bytes:
    """Return the signed pack."""
    return zipped(made)


def kinds(verdict: Verdict) -> set[tuple[Kind, str]]:
    return {(fault.kind, fault.file) for fault in verdict.faults}


def at(fault: Fault, place: int) -> bool:
    return fault.span is not None and fault.span[0] <= place < max(fault.span[1], fault.span[0] + 1)


def spans(data: bytes) -> dict[str, tuple[int, int]]:
    return {entry.name: (entry.start, entry.end) for entry in by_directory(data) or ()}


def _flip(dice: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    changed[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _delete(dice: random.Random, data: bytes) -> bytes:
    place = dice.randrange(len(data))
    return data[:place] + data[place + dice.choice((1, 2, 7, 40, 3_000)) :]


def _insert(dice: random.Random, data: bytes) -> bytes:
    place = dice.randrange(len(data) + 1)
    return data[:place] + dice.randbytes(dice.choice((1, 2, 7, 40, 3_000))) + data[place:]


def _truncate(dice: random.Random, data: bytes) -> bytes:
    return data[: dice.randrange(len(data))]


def _swap(dice: random.Random, data: bytes) -> bytes:
    size = dice.choice((1, 16, 500))
    first = dice.randrange(len(data) - 2 * size)
    second = dice.randrange(first + size, len(data) - size + 1)
    middle = data[first + size : second]
    return data[:first] + data[second : second + size] + middle + data[first : first + size] + data[second + size :]


def _zeroes(dice: random.Random, data: bytes) -> bytes:
    place = dice.randrange(len(data))
    return data[:place] + bytes(min(64, len(data) - place)) + data[place + 64 :]


def _file_gone(dice: random.Random, data: bytes) -> bytes:
    files = _files(data)
    del files[dice.choice(sorted(files))]
    return zipped(files)


def _file_more(dice: random.Random, data: bytes) -> bytes:
    return zipped(_files(data) | {dice.choice(("zzz.txt", "A", "register/more.csv", "tables/x/y")): dice.randbytes(9)})


def _file_other(dice: random.Random, data: bytes) -> bytes:
    files = _files(data)
    return zipped(files | {dice.choice(sorted(files)): dice.randbytes(dice.randrange(90))})


def _contents_swapped(dice: random.Random, data: bytes) -> bytes:
    files = _files(data)
    one, other = dice.sample(sorted(files), 2)
    return zipped(files | {one: files[other], other: files[one]})


def _shuffled(dice: random.Random, data: bytes) -> bytes:
    files = _files(data)
    names = sorted(files)
    dice.shuffle(names)
    return _laid_out([(name, files[name]) for name in names])


def _listed_otherwise(dice: random.Random, data: bytes) -> bytes:
    files = _files(data)
    order = list(range(len(files)))
    dice.shuffle(order)
    return _laid_out(sorted(files.items()), order)


def _twice(dice: random.Random, data: bytes) -> bytes:
    files = sorted(_files(data).items())
    place = dice.randrange(len(files))
    return _laid_out([*files[:place], files[place], *files[place:]])


MANIPULATIONS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _flip,
    _delete,
    _insert,
    _truncate,
    _swap,
    _zeroes,
    _file_gone,
    _file_more,
    _file_other,
    _contents_swapped,
    _shuffled,
    _listed_otherwise,
    _twice,
)


def _files(data: bytes) -> dict[str, bytes]:
    return {name: data[first:behind] for name, (first, behind) in spans(data).items()}


def _laid_out(files: list[tuple[str, bytes]], order: list[int] | None = None) -> bytes:
    """Return an archive of popmap's headers with its files in any order, listed in another."""
    out, records = b"", []
    for name, content in files:
        records.append(archive.central(name, zlib.crc32(content), len(content), len(out)))
        out += archive.local(name, zlib.crc32(content), len(content)) + content
    listed = [records[place] for place in order or range(len(records))]
    return out + b"".join(listed) + archive.end(len(listed), sum(map(len, listed)), len(out))


def test_intact(data: bytes, made: dict[str, bytes]):
    """A pack as it was made has no fault, all its files, and states its register."""
    verdict = verify(data)
    assert verdict.intact and verdict.recognised and verdict.signer.state is Signed.BY_ITS_KEY
    assert {name: bytes(content) for name, content in verdict.files.items()} == {n: c for n, c in made.items() if n != SUMS}
    assert verdict.manifest is not None and verdict.manifest.title == "A register for tests"


@pytest.mark.parametrize("change", MANIPULATIONS, ids=lambda change: change.__name__.strip("_"))
def test_random_manipulations(data: bytes, change: Callable[[random.Random, bytes], bytes]):
    """A thousand changes of every kind: each that leaves other bytes is named, none crashes."""
    dice = random.Random(change.__name__)
    done = 0
    for _ in range(ROUNDS // len(MANIPULATIONS) + 1):
        changed = change(dice, data)
        if changed == data:
            continue
        done += 1
        verdict = verify(changed)
        assert verdict.faults and not verdict.intact
        assert all(str(fault) for fault in verdict.faults)
    assert done > ROUNDS // len(MANIPULATIONS) // 2


@given(st.data())
def test_one_bit(data: bytes, draw: st.DataObject):
    """Whichever bit is flipped, the fault's bytes hold it, and it names the file whose bytes they are."""
    place, bit = draw.draw(st.integers(0, len(data) - 1)), draw.draw(st.integers(0, 7))
    changed = bytearray(data)
    changed[place] ^= 1 << bit
    verdict = verify(bytes(changed))
    assert any(at(fault, place) for fault in verdict.faults), [str(fault) for fault in verdict.faults]
    inside = [name for name, (first, behind) in spans(data).items() if first <= place < behind]
    if inside and not set(inside) & {MANIFEST, SUMS, SIGNATURE, PUBLIC_KEY}:
        assert kinds(verdict) == {(Kind.CHANGED, inside[0])}


@pytest.mark.parametrize("name", ["tables/flows.csv", "VERIFY.md", "register/flows.csv", "tables/all-tables.xlsx"])
def test_what_is_named(data: bytes, made: dict[str, bytes], name: str):
    """A changed, missing or cut file is named as that, with where its bytes lie in the pack."""
    first, behind = spans(data)[name]
    (fault,) = verify(zipped(made | {name: made[name][:-1] + b"!"})).faults
    assert (fault.kind, fault.file, fault.span) == (Kind.CHANGED, name, (first, behind))
    assert str(fault) == f"changed: {name}: its content is not what it was (bytes {first:,} to {behind - 1:,} of the pack)"
    assert kinds(verify(zipped({key: value for key, value in made.items() if key != name}))) == {(Kind.MISSING, name)}
    cut = kinds(verify(data[: behind - 1]))
    assert (Kind.TRUNCATED, name) in cut and all(kind in (Kind.TRUNCATED, Kind.MISSING) for kind, _ in cut)


def test_order_and_copies(made: dict[str, bytes]):
    """Files in another order, listed in another order, or there twice are named as that although each is what it was."""
    files = sorted(made.items())
    (fault,) = verify(_laid_out([files[1], files[0], *files[2:]])).faults
    assert (fault.kind, fault.file) == (Kind.REORDERED, files[0][0]) and "stands behind" in fault.words
    (fault,) = verify(_laid_out(files, [1, 0, *range(2, len(files))])).faults
    assert (fault.kind, fault.file) == (Kind.REORDERED, files[0][0]) and "is listed behind" in fault.words
    assert kinds(verify(_laid_out([files[0], *files]))) == {(Kind.ADDED, files[0][0])}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda data: b"#!/bin/sh\n" + data, 0),
        (lambda data: data + b"trailing", -1),
        (lambda data: data[:-2] + b"\x07\x00comment", -2),
    ],
    ids=["before", "behind", "comment"],
)
def test_around_the_archive(data: bytes, change: Callable[[bytes], bytes], where: int):
    """Bytes before or behind the archive, and a comment, are named, and the files are still told to be what they were."""
    changed = change(data)
    verdict = verify(changed)
    assert {kind for kind, _ in kinds(verdict)} == {Kind.ARCHIVE}
    assert any(at(fault, where if where >= 0 else len(data) + where) or at(fault, len(changed) - 1) for fault in verdict.faults)
    assert len(verdict.files) == len(verify(data).files)


def test_other_names_in_the_local_headers(data: bytes):
    """A name that the directory has otherwise than the file's own header is named: programs disagree on which of them counts."""
    name = b"tables/flows.csv"
    place = data.index(name, spans(data)["tables/flows.csv"][0] - 60)
    changed = data[:place] + b"tables/FLOWS.csv" + data[place + len(name) :]
    assert (Kind.ARCHIVE, "tables/flows.csv") in kinds(verify(changed))


def test_packed_by_another_program(made: dict[str, bytes]):
    """A pack that another program packed again is not intact, and says why; compressed content is not looked into."""
    for method, words in ((zipfile.ZIP_STORED, "another program put it together"), (zipfile.ZIP_DEFLATED, "packed it again")):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as target:
            for name, content in sorted(made.items()):
                target.writestr(name, content)
        verdict = verify(out.getvalue())
        assert any(words in fault.words for fault in verdict.faults) and {kind for kind, _ in kinds(verdict)} == {Kind.ARCHIVE}


# -- whose it is -----------------------------------------------------------------------------------------------------


def test_signed_by_whom(tmp_path: Path):
    """A pack signed anew with another key is intact, and is not signed by the first."""
    folder = folder_of(tmp_path / "register")
    first, other = key_in(tmp_path, "first"), key_in(tmp_path, "other")
    known = signing.read_public(tmp_path / "first.pub")
    own, anew = (b"".join(packed(folder, key).pieces()) for key in (first, other))
    assert verify(own, known).signer.state is Signed.BY_GIVEN and verify(own, known).signer.as_wanted
    verdict = verify(anew, known)
    assert verdict.intact and verdict.signer.state is Signed.BY_OTHER and not verdict.signer.as_wanted
    assert str(verdict.signer).startswith("Not signed by the key given")
    assert "proves nothing about who holds it unless you got this fingerprint another way" in str(verify(anew).signer)
    bare = verify(zipped(small()), known)
    assert bare.intact and bare.signer.state is Signed.NOT and not bare.signer.as_wanted


@pytest.mark.parametrize("gone", [(SIGNATURE,), (PUBLIC_KEY,), (SIGNATURE, PUBLIC_KEY)], ids="+".join)
def test_signature_taken_away(made: dict[str, bytes], gone: tuple[str, ...]):
    """A signed pack without its signature or key does not pass for one that was never signed, however well the sums are made anew."""
    verdict = verify(zipped(relisted({name: content for name, content in made.items() if name not in gone})))
    assert verdict.signer.state is Signed.BROKEN and not verdict.intact and any(gone[0] in fault.words for fault in verdict.faults)


def test_content_changed_and_listed_anew(made: dict[str, bytes]):
    """Whoever changes a file and makes manifest and sums anew cannot make the signature."""
    files = made | {"tables/flows.csv": b"nothing\n"}
    stated = manifest.decode(files[MANIFEST])
    listed = dict(stated.files) | {"tables/flows.csv": manifest.sum_of(files["tables/flows.csv"])}
    anew = manifest.encode(manifest.Manifest(listed, *(getattr(stated, name) for name in manifest.Manifest.__slots__[1:])))
    verdict = verify(zipped(relisted(files | {MANIFEST: anew})))
    assert verdict.signer.state is Signed.BROKEN and (Kind.SIGNATURE, SIGNATURE) in kinds(verdict)


def test_signature_added_later(made: dict[str, bytes], unsigned: dict[str, bytes]):
    """A signature put into a pack that was made without one does not hold, even where it is a right one."""
    verdict = verify(zipped(relisted(unsigned | {SIGNATURE: made[SIGNATURE], PUBLIC_KEY: made[PUBLIC_KEY]})))
    assert verdict.signer.state is Signed.BROKEN and not verdict.intact


def test_lists_witness_for_each_other(made: dict[str, bytes], unsigned: dict[str, bytes]):
    """Where manifest and sums differ, the one that was changed is named, and not the files they speak of."""
    for files in (made, unsigned):
        line = manifest.decode(files[MANIFEST]).files["gaps.json"].sha256.encode()
        other = (b"0" if line[:1] != b"0" else b"1") + line[1:]
        assert (Kind.CHANGED, SUMS) in kinds(verify(zipped(files | {SUMS: files[SUMS].replace(line, other)})))
        found = kinds(verify(zipped(files | {MANIFEST: files[MANIFEST].replace(line, other)})))
        assert (Kind.CHANGED, MANIFEST) in found and (Kind.CHANGED, "gaps.json") not in found


# -- hostile input ---------------------------------------------------------------------------------------------------


def _stated(made: dict[str, bytes]) -> dict:
    return json.loads(made[MANIFEST])


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"null\n",
        b"[]\n",
        b"\xff\xfe\n",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"1" * 10_000,
        b'{"format":"popmap-evidence-1"}\n',
        b'{"format":NaN}\n',
        b'{"format":1e400}\n',
        b'"\\ud800"\n',
        b'{"a":1,"a":1}\n',
    ],
    ids=lambda wrong: repr(wrong[:20]),
)
def test_wrong_manifests(unsigned: dict[str, bytes], wrong: bytes):
    """A manifest that is no JSON, too deep, too long a number or not canonical is named; nothing crashes."""
    for files in (unsigned | {MANIFEST: wrong}, relisted(unsigned | {MANIFEST: wrong})):
        verdict = verify(zipped(files))
        assert verdict.manifest is None and (Kind.CHANGED, MANIFEST) in kinds(verdict)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("files", []),
        ("files", {"gaps.json": "x"}),
        ("files", {"gaps.json": {"sha256": 1, "bytes": 1}}),
        ("files", {"gaps.json": {"sha256": "0" * 64, "bytes": -1}}),
        ("files", {"gaps.json": {"sha256": "0" * 64, "bytes": True}}),
        ("files", {"gaps.json": {"sha256": "0" * 64, "bytes": 10**40}}),
        ("files", {"../../etc/passwd": {"sha256": "0" * 64, "bytes": 1}}),
        ("files", {MANIFEST: {"sha256": "0" * 64, "bytes": 1}}),
        ("register", None),
        ("register", {"title": 1, "fingerprint": "x"}),
        ("history", [1]),
        ("history", {"commit": "x"}),
        ("audience", "everybody"),
        ("versions", []),
        ("versions", {"popmap": 1}),
        ("not_reproducible", [1]),
        ("not_reproducible", None),
        ("key_fingerprint", {}),
        ("extra", 1),
        ("format", "popmap-evidence-9"),
    ],
    ids=lambda part: json.dumps(part)[:40],
)
def test_wrong_members(unsigned: dict[str, bytes], member: str, value: object):
    """A manifest with a member of the wrong kind, or one too many, is none, even in canonical form with fitting sums."""
    wrong = canonical.encode(_stated(unsigned) | {member: value})
    verdict = verify(zipped(relisted(unsigned | {MANIFEST: wrong})))
    assert verdict.manifest is None and (Kind.CHANGED, MANIFEST) in kinds(verdict)


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/../../b", "C:/x", "a\\b", "a\x00b", "a\x1b[2Jb", "", "a//b", "./a"])
def test_wrong_names(unsigned: dict[str, bytes], name: str):
    """A file whose name leads out of its folder or moves the cursor is named, in words that do neither."""
    verdict = verify(_laid_out(sorted((unsigned | {name: b"x"}).items())))
    assert any(fault.kind is Kind.ADDED and fault.file == name for fault in verdict.faults)
    assert all(str(fault).isprintable() for fault in verdict.faults)


@pytest.mark.parametrize("junk", [b"", b"PK", b"PK\x05\x06" + bytes(18), b"%PDF-1.7", bytes(70_000), b"PK\x03\x04" * 5_000])
def test_no_pack_at_all(junk: bytes):
    """What is no pack gives faults and no exception."""
    assert not verify(junk).intact
    assert verify(junk).recognised == junk.startswith(b"PK")


@given(st.binary(max_size=400))
def test_any_bytes(junk: bytes):
    """No bytes make the check crash or hold."""
    assert not verify(junk).intact
    assert not verify(b"PK\x03\x04" + junk).intact


def test_files_over_each_other(data: bytes):
    """A directory that names the same large bytes thousands of times is not followed."""
    record = archive.central("a", 0, len(data) - 40, 0)
    bomb = data + record * 5_000 + archive.end(5_000, len(record) * 5_000, len(data))
    assert not verify(bomb).intact and by_directory(bomb) is None


def test_numbers_beyond_the_archive(data: bytes):
    """Sizes, counts and places that no archive of this length can have are survived."""
    for place in range(len(data) - 22, len(data)):
        verify(data[:place] + b"\xff" * min(4, len(data) - place) + data[place + 4 :])
    huge = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0x800, 0, 0, 0x21, 0, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFF, 0xFFFF)
    assert not verify(huge).intact and not verify(huge + data).intact


def test_too_large(monkeypatch: pytest.MonkeyPatch, data: bytes):
    """What is larger than any pack is refused before it is looked at."""
    monkeypatch.setattr(module, "LARGEST", len(data) - 1)
    with pytest.raises(UsageError, match="larger than 1 GiB"):
        verify(data)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda part: st.lists(part) | st.dictionaries(st.text(), part)))
def test_canonical_json(value: object):
    """Reading what was written gives the same, and white space or another order is refused."""
    written = canonical.encode(value)
    assert canonical.decode(written) == value
    with pytest.raises(ValueError, match="canonical"):
        canonical.decode(b" " + written)
