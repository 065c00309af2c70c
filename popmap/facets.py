"""The values each filter can take in a register: keys for links, labels for people, cells for SQL."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Protocol

from popmap import queries
from popmap.filters import FACETS, NOT_STATED, Facet, Known, Value

# Words for values that are codes in a register; what is not here is shown as it is stated.
LABELS: dict[str, dict[str, str]] = {
    "basis": {
        "consent": "consent",
        "contract": "contract",
        "legal-obligation": "legal obligation",
        "vital-interests": "vital interests",
        "public-task": "public task",
        "legitimate-interests": "legitimate interests",
    },
    "role": {
        "processor": "processor",
        "sub-processor": "sub-processor",
        "joint-controller": "joint controller",
        "independent-controller": "independent controller",
    },
    "transfer": {
        "location-not-stated": "location not stated",
        "inside-eea": "inside the EEA",
        "adequacy": "adequacy decision",
        "safeguards": "third country, mechanism stated",
        "no-mechanism": "third country, no valid mechanism",
    },
    "evidence": {"none": "none", "inferred": "inferred", "stated": "stated", "confirmed": "confirmed"},
}


class Cursor(Protocol):
    """What this module needs of a database cursor."""

    def execute(self, query: str, parameters: object = None) -> Any:
        """Run one query and return something with fetchall."""


def slug(text: str) -> str:
    """Return a key for a published name: lower-case letters and digits with hyphens, or a hash where none are left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    short = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]
    return short or hashlib.sha256(text.encode()).hexdigest()[:10]


def facet_values(cursor: Cursor) -> Known:
    """Return every facet's values, most flows first, "not stated" last."""
    return {facet.key: _values(cursor, facet) for facet in FACETS}


def _values(cursor: Cursor, facet: Facet) -> dict[str, Value]:
    rows = cursor.execute(_query(facet)).fetchall()
    keyed = facet.key in ("category", "vendor", "purpose", "gap")
    values: dict[str, Value] = {}
    blank = None
    for cell, label, flows, *key in sorted(rows, key=lambda row: (-row[2], str(row[1]))):
        if cell is None:
            blank = Value(NOT_STATED, "not stated", None, flows)
            continue
        name = key[0] if keyed and key else cell if keyed else slug(cell) if facet.scope == "vendor" and facet.key != "role" else cell
        name = name if name not in values and name != NOT_STATED else f"{name}-{hashlib.sha256(cell.encode()).hexdigest()[:6]}"
        values[name] = Value(name, LABELS.get(facet.key, {}).get(cell, label), cell, flows)
    if blank:
        values[NOT_STATED] = blank
    return _apart(values)


def _query(facet: Facet) -> str:
    own = ("category", "vendor", "purpose", "use", "country", "gap")
    name = facet.key if facet.key in own else "of_vendor" if facet.scope == "vendor" else facet.scope
    return queries.text(f"values_{name}").replace("{column}", facet.column)


def _apart(values: dict[str, Value]) -> dict[str, Value]:
    """Return the values with labels that differ: those that share one carry their key behind it."""
    counts: dict[str, int] = {}
    for value in values.values():
        counts[value.label] = counts.get(value.label, 0) + 1
    return {
        key: value if counts[value.label] == 1 else Value(value.key, f"{value.label} [{value.key}]", value.cell, value.flows)
        for key, value in values.items()
    }


def labels(known: Known, facet: str, keys: Iterable[str]) -> list[str]:
    """Return the labels of a facet's value keys."""
    return [known[facet][key].label for key in keys]
