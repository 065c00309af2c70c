"""Whether a pack is as it was made: every byte of it accounted for, and each that is not named with its file and its place.

Whoever made the bytes may wish harm: nothing is inflated, written or run, and sizes, counts and depth are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from popmap.errors import UsageError
from popmap.evidence import manifest, signing, structure
from popmap.evidence.archive import LARGEST, Entry, by_directory, by_walking, packed_again, safe
from popmap.evidence.manifest import MANIFEST, PUBLIC_KEY, SIGNATURE, SUMS, Manifest, Sum, sum_of
from popmap.evidence.verdict import Fault, Kind, Signed, Signer, Verdict

_MAGIC = b"PK"
_MOST_FAULTS = 1_000
_PACKED_AGAIN = (
    "its files are compressed, which popmap never does: another program packed it again, so not every byte can be accounted for; "
    "ask for the pack as it was made, or unpack it and follow VERIFY.md"
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A file that is there: its place, content and sum."""

    entry: Entry
    content: memoryview
    sum: Sum


def verify(data: bytes, key: Ed25519PublicKey | None = None) -> Verdict:
    """Check a pack.

    Args:
        data: The archive's bytes, whatever they are.
        key: The public key that should have signed it, got another way than with the pack.

    Raises:
        UsageError: It is larger than any pack.
    """
    if len(data) > LARGEST:
        raise UsageError("That is larger than 1 GiB, and no pack is.", "Name a file that popmap evidence wrote.")
    listed = _entries(data)
    if not listed and packed_again(data):
        # Nothing that a stranger compressed is inflated here, so nothing is known about the files.
        fault = Fault(Kind.ARCHIVE, "", (0, len(data)), _PACKED_AGAIN)
        return Verdict((fault,), Signer(Signed.NOT, "", signing.fingerprint(key) if key else ""), None, "", {}, True)
    found = {entry.name: _Found(entry, view, sum_of(view)) for entry in listed for view in [memoryview(data)[entry.start : entry.end]]}
    stated, broken = _manifest(found)
    signer = _signer(found, stated, key)
    expected, doubts = _expected(found, stated, signer)
    faults = [*doubts, *_contents(found, expected, broken)]
    if signer.state is Signed.BROKEN:
        faults.append(_of(found, SIGNATURE, Kind.SIGNATURE, _why_broken(found, stated)))
    changed = {fault.file for fault in faults if fault.kind in (Kind.CHANGED, Kind.TRUNCATED)}
    faults += structure.faults(data, listed, changed)
    faults = list(dict.fromkeys(faults))
    recognised = bool(data.startswith(_MAGIC) or listed or MANIFEST in found)
    kept = {name: one.content for name, one in found.items() if name in expected and one.sum.sha256 == expected[name]}
    digest = found[MANIFEST].sum.sha256 if MANIFEST in found else ""
    ordered = sorted(faults, key=lambda fault: (fault.span is None, fault.span or (0, 0)))
    return Verdict(tuple(ordered[:_MOST_FAULTS]), signer, stated, digest, kept, recognised)


def _entries(data: bytes) -> Sequence[Entry]:
    """Return the archive's files: as its directory lists them, or as they stand, whichever way more of them are what they should be."""
    listed = by_directory(data)
    if listed is not None and structure.canonical(data, listed):
        return listed
    walked = by_walking(data)
    return max((listed or (), walked), key=lambda entries: _matching(data, entries))


def _matching(data: bytes, entries: Sequence[Entry]) -> tuple[int, int]:
    view = memoryview(data)
    contents = {entry.name: view[entry.start : entry.end] for entry in entries}
    known = manifest.read_sums(bytes(contents.get(SUMS, b"")))
    return sum(sum_of(content).sha256 == known.get(name) for name, content in contents.items()), len(contents)


def _manifest(found: Mapping[str, _Found]) -> tuple[Manifest | None, str]:
    """Return what the manifest states, None and why not when it cannot be read."""
    if MANIFEST not in found:
        return None, ""
    try:
        return manifest.decode(bytes(found[MANIFEST].content)), ""
    except ValueError as error:
        return None, f"it cannot be read, since {_clause(error)}"


def _clause(error: ValueError) -> str:
    return "it is not JSON" if type(error) is not ValueError else str(error)


def _signer(found: Mapping[str, _Found], stated: Manifest | None, key: Ed25519PublicKey | None) -> Signer:
    wanted = signing.fingerprint(key) if key else ""
    there = [name in found for name in (SIGNATURE, PUBLIC_KEY)]
    if not any(there) and not (stated and stated.key):
        return Signer(Signed.NOT, "", wanted)
    if not all(there) or MANIFEST not in found:
        return Signer(Signed.BROKEN, "", wanted)
    signature, message = bytes(found[SIGNATURE].content), bytes(found[MANIFEST].content)
    try:
        own = signing.parse_public(bytes(found[PUBLIC_KEY].content), PUBLIC_KEY)
    except UsageError:
        return Signer(Signed.BROKEN, "", wanted)
    fingerprint = signing.fingerprint(own)
    as_written = signing.public_pem(own) == found[PUBLIC_KEY].content and stated is not None and stated.key == fingerprint
    if not as_written or not signing.signed(own, signature, message):
        return Signer(Signed.BROKEN, "", wanted)
    if not wanted:
        return Signer(Signed.BY_ITS_KEY, fingerprint)
    return Signer(Signed.BY_GIVEN if fingerprint == wanted else Signed.BY_OTHER, fingerprint, wanted)


def _why_broken(found: Mapping[str, _Found], stated: Manifest | None) -> str:
    missing = [name for name in (SIGNATURE, PUBLIC_KEY) if name not in found]
    if missing:
        return f"the pack should be signed, and {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not in it"
    if stated is not None and not stated.key:
        return "the pack was made without one, so somebody added it later"
    return f"it is not the signature of this {MANIFEST} by the key it names"


def _expected(found: Mapping[str, _Found], stated: Manifest | None, signer: Signer) -> tuple[dict[str, str], list[Fault]]:
    """Return the SHA-256 each file should have, and what is wrong with the two lists that say so.

    The manifest and the list of sums witness for each other; where they differ, a signature decides, and without one the manifest's own
    line does.
    """
    listed = manifest.read_sums(bytes(found[SUMS].content)) if SUMS in found else {}
    if stated is None:
        return listed, []
    own = found[MANIFEST].sum
    proven = signer.state in (Signed.BY_ITS_KEY, Signed.BY_GIVEN, Signed.BY_OTHER)
    signs = [name for name in (SIGNATURE, PUBLIC_KEY) if name in found]
    # A signature whose bytes are not those listed is named by its own check.
    lines = dict(stated.files) | {MANIFEST: own} | {name: found[name].sum for name in signs}
    if SUMS in found and manifest.sums(lines) == found[SUMS].content:
        return {name: one.sha256 for name, one in lines.items()}, []
    if SUMS in found and not proven and listed.get(MANIFEST) not in (None, own.sha256):
        return listed, []
    faults = []
    if SUMS in found and (proven or not _only_signature_differs(listed, lines)):
        faults = [_of(found, SUMS, Kind.CHANGED, "it is not the list of the files in the manifest")]
    expected = {name: one.sha256 for name, one in stated.files.items()} | {MANIFEST: own.sha256}
    if faults:
        return expected | {name: found[name].sum.sha256 for name in signs}, faults
    return expected | {name: listed[name] for name in signs if name in listed}, faults


def _only_signature_differs(listed: Mapping[str, str], lines: Mapping[str, Sum]) -> bool:
    differing = {name for name in {*listed, *lines} if listed.get(name) != (lines[name].sha256 if name in lines else None)}
    return bool(differing) and differing <= {SIGNATURE, PUBLIC_KEY}


def _contents(found: Mapping[str, _Found], expected: Mapping[str, str], broken: str) -> Iterator[Fault]:
    for name in (MANIFEST, SUMS, *(name for name in expected if name not in (MANIFEST, SUMS))):
        if name not in found:
            yield Fault(Kind.MISSING, name, None, "it is not in the pack")
    for name, one in found.items():
        span = (one.entry.start, one.entry.end)
        kind, words = _content(name, one, expected, broken)
        if kind:
            yield Fault(kind, name, span, words)
        if not safe(name):
            yield Fault(Kind.ADDED, name, span, "its name is none that a pack can hold")


def _content(name: str, one: _Found, expected: Mapping[str, str], broken: str) -> tuple[Kind | None, str]:
    """Return what is wrong with a file that is there, None when nothing is."""
    if one.entry.cut:
        return Kind.TRUNCATED, "the pack ends in the middle of it"
    if name == MANIFEST and broken:
        return Kind.CHANGED, broken
    if name == SUMS:
        # What it should be follows from the manifest, and was compared with that.
        return (None, "") if expected else (Kind.CHANGED, "no line of it can be read")
    if name not in expected:
        return Kind.ADDED, "no list of the pack's files names it"
    return (None, "") if one.sum.sha256 == expected[name] else (Kind.CHANGED, "its content is not what it was")


def _of(found: Mapping[str, _Found], name: str, kind: Kind, words: str) -> Fault:
    entry = found[name].entry if name in found else None
    return Fault(kind, name, (entry.start, entry.end) if entry else None, words)
