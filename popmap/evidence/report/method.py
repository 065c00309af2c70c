"""What the report says about itself: how it was made, what "not stated" means, what popmap does not check, how to verify the pack."""

from __future__ import annotations

from typing import Any

from popmap.evidence.report.words import listed_characters
from popmap.store import Store

LEGEND = (
    ("stated", "A source says it; the words and their place stand beside it."),
    ("confirmed", "A named person checked it against the source."),
    ("inferred", "Somebody concluded it; no source says it. It is no fact until it is confirmed."),
    ("none", "The register holds no words that this rests on."),
)
COVER_NOTE = (
    "Every statement in this report is a row of the register named above, with the words it rests on. What the register does not say is "
    "printed as “not stated” and is never filled with a guess."
)
_CHARACTERS = (
    "The fonts of this document have no picture for these characters. Wherever one stands in the register, this report prints "
    "its code point "
    "in square brackets instead; the pack's CSV files and the register itself hold the characters."
)


def method(store: Store, key_fingerprint: str, characters: set[str]) -> dict[str, Any]:
    """Return the last chapter.

    Args:
        store: The register.
        key_fingerprint: The fingerprint of the key the pack is signed with, "" for none.
        characters: What no font of ours can draw.
    """
    signed = (
        f"The pack is signed with an Ed25519 key whose fingerprint is {key_fingerprint}. Compare it with the fingerprint its "
        "owner gave you on "
        "another way than with the pack."
        if key_fingerprint
        else "The pack is not signed: the checksums show whether a file was changed after the manifest was written, not who wrote it."
    )
    sections = [
        (
            "How this report was made",
            [
                "popmap read the register's tables and settings, judged them by its gap rules as of the day on the cover, and printed the "
                "rows behind the filter. Numbers are counted from these rows when the report is made; none is written in "
                "advance. The number "
                "under “No.” is the row's number in the register's file, as a spreadsheet counts (the header is row 1).",
                "Maps and matrices are drawn in sheets, with every vendor and category by its full name. A dashed edge or frame "
                "holds flows that "
                "no source states: they rest on no evidence, or somebody inferred them.",
            ],
        ),
        (
            "What “not stated” means",
            [
                "The register's cell is empty: neither the source nor anybody who keeps the register said it. It does not mean no, none or "
                "not applicable; these are answers, and are printed as such.",
            ],
        ),
        (
            "What popmap does not check",
            [
                "Whether what a source says is true or complete; whether a vendor exists, keeps its agreement or receives other "
                "data than the "
                "register names; whether a quoted page still reads the same; whether a legal basis or transfer mechanism is valid in law. "
                "A rule that finds nothing is no legal opinion.",
                "Adequacy decisions and countries come from reference tables that are shipped with popmap and dated; they are as "
                "current as "
                f"their rows on {store.as_of.isoformat()}.",
            ],
        ),
        (
            "How to verify the pack",
            [
                "The manifest lists the SHA-256 checksum and the size of every file of the pack, this one included. Unpack it and run "
                "sha256sum -c as VERIFY.md describes, or run popmap verify on the pack; neither needs the people who made it.",
                f"The register's fingerprint is {store.fingerprint}. It is made from the content of its tables and settings, so "
                "the same register "
                "has the same fingerprint as CSV and as Parquet; another fingerprint means that something in it has changed.",
                signed,
            ],
        ),
    ]
    return {
        "kind": "method",
        "sections": sections,
        "characters": listed_characters(characters),
        "characters_said": _CHARACTERS,
    }
