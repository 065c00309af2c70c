"""VERIFY.md: how to check a pack by hand, without popmap, and what each file in it is for."""

from __future__ import annotations

from collections.abc import Iterable

from popmap.evidence.manifest import MANIFEST, PUBLIC, PUBLIC_KEY, REGISTER, SIGNATURE, SUMS, Manifest
from popmap.evidence.parts import Part
from popmap.evidence.signing import grouped

_NOT_STATED = "not stated"


def guide(manifest: Manifest, parts: Iterable[Part]) -> bytes:
    """Return VERIFY.md.

    Args:
        manifest: What the pack's manifest states; its list of files does not matter here.
        parts: The parts that are in the pack.
    """
    listed = [f"- `{part.name}`: {part.what}{'' if part.reproducible else ' Not reproducible.'}" for part in parts]
    text = "\n\n".join(
        [
            "# How to check this pack",
            "What it was made from:",
            _facts(manifest),
            _about_register(manifest),
            "## 1. Is anything changed, missing or added?",
            f"Unpack the archive into an empty folder, go into it, and compare every file with its SHA-256 in `{SUMS}`:",
            f"    sha256sum -c {SUMS}",
            f"Every line has to end in OK (macOS: `shasum -a 256 -c {SUMS}`). A file that is in the folder and not in that list, other "
            f"than `{SUMS}` itself, was added. `{MANIFEST}` states the SHA-256 and size of each file once more, with everything above.",
            "## 2. Who made it?",
            *_signature(manifest),
            "## 3. What is in it?",
            "\n".join(
                [
                    *listed,
                    f"- `{MANIFEST}`: what the pack holds and was made from, as canonical JSON (sorted names, no white space).",
                    f"- `{SUMS}`: the SHA-256 of each file.",
                    *_signature_files(manifest),
                ]
            ),
            "An empty cell, null and “not stated” mean that the register does not say; they are never filled with a guess.",
            "## 4. With popmap",
            "`popmap verify pack.zip` does all of this and also sees changes to the archive itself; `--key FILE.pub` says whether it is "
            "that key's signature; `--against FOLDER` says what has changed in the register since. The same register, options, date and "
            "versions of popmap and its libraries give the same pack, byte for byte"
            + (", except for the files that are called not reproducible above." if manifest.not_reproducible else "."),
        ]
    )
    return f"{text}\n".encode()


def _facts(manifest: Manifest) -> str:
    """Return the facts as a code block, in which nothing of a register's own text is markup."""
    history = _NOT_STATED
    if manifest.commit:
        history = f"commit {manifest.commit}{'' if manifest.at_commit else ' (the files read were others than those of that commit)'}"
    facts = {
        "Register": manifest.title or _NOT_STATED,
        "Fingerprint": manifest.fingerprint,
        "History": history,
        "Filter": f"{manifest.filter} ({manifest.query})" if manifest.query else "none, the whole register",
        "Findings as of": manifest.as_of,
        "Made at": manifest.made_at,
        "For": "outsiders (internal columns left out)" if manifest.audience == PUBLIC else "internal use (with internal columns)",
        "Signing key": grouped(manifest.key) if manifest.key else "none, not signed",
        "Made with": ", ".join(f"{name} {version}" for name, version in manifest.versions.items()),
    }
    return "\n".join(f"    {name + ':':<16}{_line(value)}" for name, value in facts.items())


def _about_register(manifest: Manifest) -> str:
    scope = "The filter chooses the rows of pictures and tables; the gap report and the register's own files are always whole."
    if manifest.audience == PUBLIC:
        return (
            f"`{REGISTER}` holds a **public copy** of the register: its tables without internal columns, without columns the model does "
            f"not know and without evidence about either, its settings, and the sources these name. It is not the register byte for byte. "
            + scope
        )
    return f"`{REGISTER}` holds the register's files **byte for byte as they were read**. {scope}"


def _signature(manifest: Manifest) -> list[str]:
    if not manifest.key:
        return [
            "This pack is not signed. Section 1 shows that its files belong together; it does not show who put them together, since "
            f"whoever changes a file can change the sums too. Compare the SHA-256 of `{MANIFEST}` with one you got another way."
        ]
    return [
        f"`{SIGNATURE}` is an Ed25519 signature of the bytes of `{MANIFEST}` by the key in `{PUBLIC_KEY}`:",
        f"    openssl pkeyutl -verify -pubin -inkey {PUBLIC_KEY} -rawin -in {MANIFEST} -sigfile {SIGNATURE}",
        "A key in a pack proves nothing about who holds it. Its fingerprint has to be the one you got from them another way:",
        f"    openssl pkey -pubin -in {PUBLIC_KEY} -outform DER | tail -c 32 | sha256sum",
    ]


def _signature_files(manifest: Manifest) -> list[str]:
    if not manifest.key:
        return []
    return [f"- `{SIGNATURE}`: the signature of `{MANIFEST}`.", f"- `{PUBLIC_KEY}`: the key it can be checked with."]


def _line(text: str) -> str:
    line = " ".join(text.split())
    return "".join(character if character.isprintable() else "\ufffd" for character in line)
