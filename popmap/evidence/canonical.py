"""JSON in exactly one form, so that the same statements are the same bytes."""

from __future__ import annotations

import json

# What every reader of JSON holds exactly (RFC 8259, section 6).
LARGEST_NUMBER = (1 << 53) - 1


def encode(value: object) -> bytes:
    """Return a value as canonical JSON: members sorted by name, no white space, UTF-8, one line end at the end.

    After RFC 8785, with whole numbers only, and names in the order of their code points.

    Raises:
        ValueError: For a text that UTF-8 cannot hold.
    """
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False) + "\n").encode()


def decode(data: bytes) -> object:
    """Return what canonical JSON states.

    Raises:
        ValueError: For what is not JSON, or not canonical: another order, white space, a name given twice, a fraction.
    """
    try:
        value = json.loads(data.decode(), parse_float=_refuse, parse_constant=_refuse)
        again = encode(value)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if again != data:
        raise ValueError("it is not in canonical form")
    return value


def _refuse(text: str) -> float:
    raise ValueError(f"it holds the number {text[:20]}")
