"""The manifest: what a pack holds and what it was made from. Its bytes are what is signed, and its SHA-256 names the pack."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from popmap.evidence import canonical
from popmap.evidence.archive import safe

FORMAT = "popmap-evidence-1"
MANIFEST, SUMS, SIGNATURE, PUBLIC_KEY, GUIDE = "manifest.json", "SHA256SUMS", "manifest.sig", "manifest.pub", "VERIFY.md"
# The manifest cannot list itself; the list of sums holds its sum, and the signature is made of it.
UNLISTED = (MANIFEST, SUMS, SIGNATURE, PUBLIC_KEY)
REGISTER = "register/"
PUBLIC, INTERNAL = "public", "internal"
LARGEST_MANIFEST = 16 * 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)\n")


@dataclass(frozen=True, slots=True)
class Sum:
    """A file's SHA-256 in hexadecimal digits, and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest states.

    Attributes:
        files: Each file's sum by its name, without those that cannot be listed (`UNLISTED`).
        title: The register's title, "" when not stated.
        fingerprint: The register's fingerprint.
        commit: The commit its history stood at, "" when it has none.
        at_commit: Whether the register's files were those of that commit.
        audience: PUBLIC, when internal columns were left out, or INTERNAL.
        filter: The filter in English, "" for none.
        query: The filter as a URL's keys.
        as_of: The day findings were judged on, ISO 8601.
        made_at: The time given, ISO 8601 in UTC.
        paper: "a4" or "letter".
        key: The fingerprint of the key that signs, "" for none.
        not_reproducible: Files that would not be the same bytes if made again.
        versions: Version by name: popmap, then the libraries that make the bytes.
    """

    files: Mapping[str, Sum]
    title: str
    fingerprint: str
    commit: str
    at_commit: bool
    audience: str
    filter: str
    query: str
    as_of: str
    made_at: str
    paper: str
    key: str
    not_reproducible: tuple[str, ...]
    versions: Mapping[str, str]


def sum_of(content: bytes | memoryview) -> Sum:
    """Return a content's sum."""
    return Sum(hashlib.sha256(content).hexdigest(), len(content))


def encode(manifest: Manifest) -> bytes:
    """Return a manifest as canonical JSON; what is not stated is null."""
    return canonical.encode(
        {
            "format": FORMAT,
            "files": {name: {"sha256": one.sha256, "bytes": one.size} for name, one in manifest.files.items()},
            "register": {"title": manifest.title or None, "fingerprint": manifest.fingerprint},
            "history": {"commit": manifest.commit, "files_are_those_of_the_commit": manifest.at_commit} if manifest.commit else None,
            "audience": manifest.audience,
            "filter": {"words": manifest.filter, "query": manifest.query} if manifest.query else None,
            "as_of": manifest.as_of,
            "made_at": manifest.made_at,
            "paper": manifest.paper,
            "key_fingerprint": manifest.key or None,
            "not_reproducible": sorted(manifest.not_reproducible),
            "versions": dict(manifest.versions),
        }
    )


def decode(data: bytes) -> Manifest:
    """Return what a manifest's bytes state; everything in them is a stranger's.

    Raises:
        ValueError: For bytes that `encode` does not give, with what is wrong as a clause.
    """
    if len(data) > LARGEST_MANIFEST:
        raise ValueError(f"it is larger than {LARGEST_MANIFEST >> 20} MiB")
    stated = canonical.decode(data)
    if not isinstance(stated, dict) or stated.get("format") != FORMAT:
        raise ValueError(f"its format is not {FORMAT}")
    try:
        manifest = _manifest(stated)
        again = encode(manifest)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError("a member is missing or of the wrong kind") from error
    if again != data:
        raise ValueError("a member is of the wrong kind, or one too many")
    return manifest


def sums(listed: Mapping[str, Sum]) -> bytes:
    """Return the list that `sha256sum -c` reads: every file but the list itself, in the order of names."""
    return "".join(f"{one.sha256}  {name}\n" for name, one in sorted(listed.items())).encode()


def read_sums(data: bytes) -> dict[str, str]:
    """Return each file's SHA-256 by its name, from as many lines as can be read."""
    return {name: value for value, name in _LINE.findall(data.decode("utf-8", "replace"))}


def _manifest(stated: dict) -> Manifest:
    register, history, chosen = stated["register"], stated["history"] or {}, stated["filter"] or {}
    manifest = Manifest(
        files={name: Sum(one["sha256"], one["bytes"]) for name, one in stated["files"].items()},
        title=register["title"] or "",
        fingerprint=register["fingerprint"],
        commit=history.get("commit", ""),
        at_commit=history.get("files_are_those_of_the_commit", False),
        audience=stated["audience"],
        filter=chosen.get("words", ""),
        query=chosen.get("query", ""),
        as_of=stated["as_of"],
        made_at=stated["made_at"],
        paper=stated["paper"],
        key=stated["key_fingerprint"] or "",
        not_reproducible=tuple(stated["not_reproducible"]),
        versions=stated["versions"],
    )
    texts = (
        *(manifest.title, manifest.fingerprint, manifest.commit, manifest.filter, manifest.query, manifest.as_of, manifest.made_at),
        *(manifest.paper, manifest.key, *manifest.not_reproducible, *manifest.versions.values()),
    )
    if not all(isinstance(text, str) for text in texts) or manifest.audience not in (PUBLIC, INTERNAL):
        raise ValueError("not a text")
    if not isinstance(manifest.at_commit, bool) or not all(map(_possible, manifest.files.items())):
        raise ValueError("not a sum")
    return manifest


def _possible(listed: tuple[str, Sum]) -> bool:
    name, one = listed
    whole = type(one.size) is int and 0 <= one.size <= canonical.LARGEST_NUMBER
    return whole and isinstance(one.sha256, str) and bool(_SHA256.fullmatch(one.sha256)) and safe(name) and name not in UNLISTED
