"""Ed25519 keys (RFC 8032): made, kept in files, named by a fingerprint; signatures made and checked."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from popmap.errors import UsageError

_LARGEST_FILE = 64 * 1024
_GROUP = 4


@dataclass(frozen=True, slots=True)
class Key:
    """A key that signs, read from a file."""

    _private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """Return its public half as PEM."""
        return public_pem(self._private.public_key())

    @property
    def fingerprint(self) -> str:
        """Return the public half's fingerprint; see `fingerprint`."""
        return fingerprint(self._private.public_key())

    def sign(self, message: bytes) -> bytes:
        """Return the message's signature, 64 bytes; the same message gives the same."""
        return self._private.sign(message)


def make_key(path: Path) -> str:
    """Write a new private key (PEM, PKCS #8, readable by its owner only) and, beside it with .pub, its public half; nothing is overwritten.

    Args:
        path: The private key's file.

    Returns:
        The fingerprint.

    Raises:
        UsageError: A file is there already, or cannot be written.
    """
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = path.with_name(f"{path.name}.pub")
    if os.path.lexists(public):
        raise UsageError(f"{public} is there already, and a key is never overwritten.", "Name another file.")
    _write_new(path, pem, 0o600)
    try:
        _write_new(public, public_pem(private.public_key()), 0o644)
    except UsageError:
        path.unlink()
        raise
    return fingerprint(private.public_key())


def read_private(path: Path) -> Key:
    """Return the key that signs from its file; raises UsageError when there is none in it."""
    try:
        found = load_pem_private_key(_read(path), None)
    except TypeError as error:
        raise UsageError(f"The key in {path} is locked with a password.", "popmap reads keys that popmap keygen made.") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UsageError(f"{path} holds no private key.", "Make one with popmap keygen.") from error
    if not isinstance(found, Ed25519PrivateKey):
        raise UsageError(f"The key in {path} is not an Ed25519 key.", "Make one with popmap keygen.")
    return Key(found)


def read_public(path: Path) -> Ed25519PublicKey:
    """Return the public key in a file; raises UsageError when there is none in it."""
    return parse_public(_read(path), str(path))


def parse_public(pem: bytes, name: str) -> Ed25519PublicKey:
    """Return the public key in PEM text; raises UsageError when there is none.

    Args:
        pem: The text.
        name: What to call it in the message.
    """
    try:
        found = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UsageError(f"{name} holds no public key.", "It should be the file popmap keygen wrote with .pub at its end.") from error
    if not isinstance(found, Ed25519PublicKey):
        raise UsageError(f"The key in {name} is not an Ed25519 key.", "It should be the file popmap keygen wrote with .pub at its end.")
    return found


def public_pem(key: Ed25519PublicKey) -> bytes:
    """Return a public key as PEM, in exactly one form."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return a public key's fingerprint: SHA-256 of its 32 bytes, in hexadecimal digits."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()


def grouped(digits: str) -> str:
    """Return a fingerprint as people read it to each other: groups of four digits."""
    return " ".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))


def signed(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    """Return whether a signature is this key's of this message."""
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_FILE)
    except OSError as error:
        raise UsageError(f"The key {path} cannot be read: {error.strerror or error}.", "Name a file that popmap keygen wrote.") from error


def _write_new(path: Path, content: bytes, mode: int) -> None:
    try:
        # The mode is asked for when the file is made: nobody may read a private key even for a moment.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already, and a key is never overwritten.", "Name another file.") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}.", "Name a file in a folder you may write to.") from error
