"""What checking a pack finds: what is wrong, with its place, and whose signature it carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from popmap.evidence.manifest import Manifest
from popmap.evidence.signing import grouped

_LONGEST = 200


class Kind(StrEnum):
    """What can be wrong with a pack."""

    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"
    REORDERED = "reordered"
    TRUNCATED = "truncated"
    ARCHIVE = "archive structure"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        kind: What kind of thing.
        file: The file's name, "" when it is about the archive as a whole.
        span: The bytes of the archive it is about, from the first to the one behind the last; None when they are not there.
        words: What is wrong, as a clause.
    """

    kind: Kind
    file: str
    span: tuple[int, int] | None
    words: str

    def __str__(self) -> str:
        """Return it as one line: kind, file, what is wrong, and the bytes in the pack."""
        named = f"{self.kind}: {self.shown}: " if self.file else f"{self.kind}: "
        return f"{named}{self.words}{f' ({self.place})' if self.span else ''}"

    @property
    def shown(self) -> str:
        """Return the file's name as one can show it: a stranger chose it."""
        name = self.file if len(self.file) <= _LONGEST else f"{self.file[:_LONGEST]}…"
        return "".join(character if character.isprintable() else "\ufffd" for character in name)

    @property
    def place(self) -> str:
        """Return the bytes it is about as people count them, "" when there are none."""
        if self.span is None:
            return ""
        first, behind = self.span
        if behind - first < 1:
            return f"at byte {first:,} of the pack"
        return f"byte {first:,} of the pack" if behind - first == 1 else f"bytes {first:,} to {behind - 1:,} of the pack"


class Signed(StrEnum):
    """What is known about a pack's signature."""

    NOT = "not signed"
    BROKEN = "broken"
    BY_ITS_KEY = "by the key in the pack"
    BY_GIVEN = "by the key given"
    BY_OTHER = "by another key"


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose signature a pack carries.

    Attributes:
        state: What is known.
        fingerprint: The signing key's fingerprint, "" without one.
        wanted: The fingerprint of the key given, "" when none was.
    """

    state: Signed
    fingerprint: str = ""
    wanted: str = ""

    @property
    def as_wanted(self) -> bool:
        """Return whether there is nothing against it: a key that was given has to be the one that signed."""
        return self.state is not Signed.BROKEN and (not self.wanted or self.state is Signed.BY_GIVEN)

    def __str__(self) -> str:
        """Return it as a sentence or two."""
        if self.state is Signed.BY_GIVEN:
            return f"Signed by the key given, {grouped(self.fingerprint)}."
        if self.state is Signed.BY_OTHER:
            return f"Not signed by the key given, {grouped(self.wanted)}, but by another one: {grouped(self.fingerprint)}."
        if self.state is Signed.BROKEN:
            return "Its signature does not hold: it says nothing about who made this pack."
        if self.state is Signed.BY_ITS_KEY:
            return (
                f"Signed by key {grouped(self.fingerprint)}, which proves nothing about who holds it unless you got this fingerprint "
                "another way."
            )
        return (
            f"Not signed{f' by the key given, {grouped(self.wanted)}, nor by any other' if self.wanted else ''}: whoever changes a pack "
            "can make its sums anew, so being intact says that its files belong together, not who put them together."
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking a pack found.

    Attributes:
        faults: What is wrong, in the order of the pack's bytes as far as they have a place; none for an intact pack.
        signer: Whose signature it carries.
        manifest: What its manifest states, None when it cannot be read.
        digest: The SHA-256 of its manifest, which names the pack; "" without one.
        files: The content of each file that is there and, as far as can be told, as it was made.
        recognised: Whether it looks like a pack at all.
    """

    faults: tuple[Fault, ...]
    signer: Signer
    manifest: Manifest | None
    digest: str
    files: Mapping[str, memoryview]
    recognised: bool

    @property
    def intact(self) -> bool:
        """Return whether every byte is as it was made."""
        return not self.faults
