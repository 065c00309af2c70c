"""The register's rows as the report's tables show them; what a row does not state is named, never left out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from popmap.evidence.report.facts import day
from popmap.evidence.report.quotes import Proofs
from popmap.evidence.report.words import NOT_STATED
from popmap.filters import Filter
from popmap.register.arrow import numbers as as_arrow
from popmap.store import Store
from popmap.tables import Ask, fetch

Row = Mapping[str, Any]
Line = list[str]
"""A line of a cell: what it is called, what it says, and "bold", "inferred", "missing" or ""."""
Data = dict[str, Any]

# Column -> how the report calls it; in the order in which a cell lists them.
_PLACE = {"role": "Role", "country": "Head office", "certifications": "Certifications", "status": "Status"}
_AGREEMENT = {
    "agreement_url": "Agreement",
    "agreement_signed_on": "Signed on",
    "agreement_expires_on": "Expires on",
    "subprocessors_url": "Its sub-processors",
    "added_on": "Added on",
    "removed_on": "Removed on",
    "reviewed_on": "Reviewed on",
}
_NAMED = {"published_as": "Published as", "legal_name": "Legal name", "company": "Company", "website": "Website"}
_CATEGORY = {
    "personal": "Personal data",
    "special_category": "Special category",
    "data_subjects": "Data subjects",
    "retention_period": "Retention period",
    "taxonomy_keys": "Taxonomy",
}
_ACTIVITY = {
    "role": "Role",
    "legal_basis": "Legal basis",
    "legitimate_interest": "Legitimate interest",
    "data_subjects": "Data subjects",
    "retention_period": "Retention period",
    "measures": "Measures",
    "automated_decisions": "Automated decisions",
    "impact_assessment": "Impact assessment",
    "source_of_data": "Source of data",
    "owner": "Owner",
    "reviewed_on": "Reviewed on",
}
_FLOW = {
    "legal_basis": "Legal basis",
    "condition": "Condition",
    "locations": "Processing countries",
    "transfer_mechanism": "Transfer mechanism",
    "transfer_checked_on": "Transfer checked on",
    "retention_period": "Retention period",
    "data_use": "Data use",
}
_DATES = frozenset({"agreement_signed_on", "agreement_expires_on", "added_on", "removed_on", "reviewed_on", "transfer_checked_on"})
_KEYS = frozenset({"role", "status", "legal_basis", "transfer_mechanism", "special_category"})
# What the GDPR asks for: a row says when it is not stated. The chapters say that this holds for whatever else a row does not mention.
ASKED = frozenset(
    {
        *("role", "country", "agreement_url", "legal_basis", "locations", "transfer_mechanism", "retention_period"),
        *("personal", "special_category", "data_subjects", "measures"),
    }
)
# Characters: at 16 in a line, half a page.
_MOST_SOLID = 600
_KINDS = {"art9": "special category (Art. 9)", "art10": "criminal convictions and offences (Art. 10)"}


def vendors(store: Store, asked: Filter, internal: bool) -> Data:
    """Return the vendors behind a filter by section."""
    rows = fetch(store, "vendors", Ask(asked), internal=internal).to_pylist()
    groups: dict[str, list[list[Any]]] = {}
    for row in rows:
        names = [["", row["name"], "bold"], *_lines(row, _NAMED, store)]
        received = [["", row["category_names"] or "no flow names it", ""], ["Flows", f"{row['flows']:,}", ""]]
        cells = [_lines(row, _PLACE, store), _lines(row, _AGREEMENT, store), received]
        groups.setdefault(row["section"] or f"Section {NOT_STATED}", []).append([_number(row), names + _note(row), *cells])
    return {"kind": "vendors", "count": len(rows), "groups": [[section, listed, solid(listed)] for section, listed in groups.items()]}


def categories(store: Store, asked: Filter, internal: bool) -> Data:
    """Return the categories behind a filter."""
    rows = fetch(store, "categories", Ask(asked), internal=internal).to_pylist()
    listed = [
        [
            _number(row),
            [["", row["name"], "bold"], ["", row["description"] or f"Description {NOT_STATED}", _state(row, "description")], *_note(row)],
            _lines(row, _CATEGORY, store),
            [["Vendors", f"{row['vendors']:,}", ""], ["Flows", f"{row['flows']:,}", ""]],
        ]
        for row in rows
    ]
    return {"kind": "categories", "count": len(rows), "rows": listed, "solid": solid(listed)}


def activities(store: Store, asked: Filter, internal: bool) -> Data:
    """Return the processing activities behind a filter; names stand for the keys of their categories and recipients."""
    rows = fetch(store, "activities", Ask(asked), internal=internal).to_pylist()
    listed = []
    for row in rows:
        known = {column: label for column, label in _ACTIVITY.items() if column in row}
        parties = [
            [label, _named(store, facet, row[column]) or NOT_STATED, _state(row, column)]
            for label, facet, column in (("Categories", "category", "category_ids"), ("Recipients", "vendor", "vendor_ids"))
        ]
        names = [["", row["name"] or row["activity_id"], "bold"], ["", row["purpose"] or f"Purpose {NOT_STATED}", _state(row, "purpose")]]
        listed.append([_number(row), names + _note(row), parties, _lines(row, known, store)])
    return {
        "kind": "activities",
        "count": len(rows),
        "rows": listed,
        "solid": solid(listed),
        "names": [(row["activity_id"], row["name"]) for row in rows],
    }


def flow_groups(store: Store, asked: Filter, internal: bool, proofs: Proofs) -> Iterator[tuple[str, list[list[Any]]]]:
    """Yield the flows behind a filter category by category: its name and a row for each flow, with the words it rests on."""
    table = fetch(store, "flows", Ask(asked), internal=internal)
    rank = {key: at for at, key in enumerate(store.known["category"])}
    places: dict[str, list[int]] = {}
    numbers = table["row_no"].to_pylist()
    for at, key in enumerate(table["category_id"].to_pylist()):
        places.setdefault(key, []).append(at)
    for key in sorted(places, key=lambda key: (rank.get(key, len(rank)), key)):
        rows = table.take(as_arrow(np.array(sorted(places[key], key=numbers.__getitem__), np.int64))).to_pylist()
        yield rows[0]["category"] or key, [_flow(store, row, proofs) for row in rows]


def _flow(store: Store, row: Row, proofs: Proofs) -> list[Any]:
    first = [["", row["vendor"] or row["vendor_id"], "bold"], ["", row["purpose"] or f"Purpose {NOT_STATED}", _state(row, "purpose")]]
    found = [proof.data() for proof in proofs.of("flows", row["row_id"])]
    return [_number(row), first + _note(row), _lines(row, _FLOW, store), found, row["evidence_status"] or "none"]


def other_evidence(proofs: Proofs, shown: Mapping[str, Sequence[tuple[str, str]]], whole: bool) -> Data:
    """Return what vendors, categories and activities rest on.

    Args:
        proofs: The register's evidence.
        shown: Table -> key and name of its rows behind the filter.
        whole: Whether nothing is filtered: then evidence about rows that are not there is listed, too.
    """
    groups: list[tuple[str, list[list[Any]], bool]] = []
    for table, named in shown.items():
        rows = [[name, [proof.data() for proof in found]] for key, name in named if (found := proofs.of(table, key))]
        if rows:
            groups.append((table.capitalize(), rows, solid(rows)))
    if whole:
        left: dict[str, list[list[Any]]] = {}
        for table, key in proofs.left():
            left.setdefault(table, []).append([key or "no row named", [proof.data() for proof in proofs.of(table, key)]])
        groups += [(table.capitalize() or "No table named", rows, solid(rows)) for table, rows in left.items()]
    return {"kind": "evidence", "groups": groups}


def solid(rows: Sequence[Sequence[Any]]) -> bool:
    """Return whether every row is so short that it fits on a page, however narrow its columns; a longer one has to be broken."""
    # A row that is short as a whole, written as JSON in a tenth of the time, has no long cell.
    return all(len(json.dumps(row, ensure_ascii=False)) <= _MOST_SOLID or all(_length(cell) <= _MOST_SOLID for cell in row) for row in rows)


def _length(cell: Any) -> int:
    return len(cell) if isinstance(cell, str) else sum(map(_length, cell)) if isinstance(cell, list) else 0


def _lines(row: Row, named: Mapping[str, str], store: Store) -> list[Line]:
    """Return what a row states, a line each, and a last line that names what of ASKED it does not."""
    stated = [[label, _value(store, column, row[column]), _state(row, column)] for column, label in named.items() if row[column]]
    blank = [label[0].lower() + label[1:] for column, label in named.items() if not row[column] and column in ASKED]
    return [*stated, ["", ", ".join(blank), "missing"]] if blank else stated


def _state(row: Row, column: str) -> str:
    return "inferred" if column in (row["inferred"] or "").split("; ") else ""


def _note(row: Row) -> list[Line]:
    return [["Notes", row["notes"], ""]] if row.get("notes") else []


def _number(row: Row) -> str:
    return str(row["row_no"]) if row["row_no"] is not None else "–"


def _value(store: Store, column: str, cell: str) -> str:
    if column == "country":
        return _label(store, cell)
    if column == "locations":
        return ", ".join(_label(store, code) for code in cell.split(";"))
    if column in _DATES:
        return day(cell).replace(" ", "\u00a0")
    if column in _KEYS:
        return _KINDS.get(cell, cell.replace("-", " "))
    return cell


def _label(store: Store, code: str) -> str:
    names = store.remember(("country names",), lambda: dict(store.query("SELECT country, name FROM countries")))
    return f"{names[code]} ({code})" if code in names else code


def _named(store: Store, facet: str, keys: str | None) -> str:
    known = store.known[facet]
    return "; ".join(known[key].label if key in known else key for key in (keys or "").split("; ") if key)
