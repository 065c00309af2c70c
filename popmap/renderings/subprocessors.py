"""Who processes personal data on the organisation's behalf, as a customer is told: SCC Annex III, and a file for machines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from popmap.renderings.entries import Lines, mechanism
from popmap.renderings.facts import Facts
from popmap.renderings.paper import Paper
from popmap.renderings.words import NOT_STATED, ROLES, Row, is_inferred, items, listed, marked, said, unique

SCHEMA = Path(__file__).parent / "subprocessors.schema.json"
# A vendor that is our processor is a sub-processor to the customers on whose behalf we act; one in no stated role may be.
LISTED_ROLES = ("processor", "sub-processor", None)
_NO_COLUMNS = "The register has no column for a vendor’s address, its contact person, and the delimitation of responsibilities."
_OTHER_ROLES = ("independent-controller", "joint-controller")


@dataclass(frozen=True, slots=True)
class Subprocessors:
    """The vendors a customer is told of, and those he is not.

    Attributes:
        now: Vendors that process data today, or of which no state is stated.
        proposed: Vendors that are announced.
        remarks: Who was left out, and why.
    """

    now: tuple[Row, ...]
    proposed: tuple[Row, ...]
    remarks: tuple[str, ...]


def subprocessors(facts: Facts) -> Subprocessors:
    """Return the vendors behind the filter that are, or may be, sub-processors."""
    kept = [row for row in facts.vendors if row["role"] not in _OTHER_ROLES and row["status"] != "retired"]
    others = [row["name"] for row in facts.vendors if row["role"] in _OTHER_ROLES and row["status"] != "retired"]
    retired = [row["name"] for row in facts.vendors if row["status"] == "retired"]
    blank = [row["name"] for row in kept if row["role"] is None]
    remarks = []
    if facts.filtered:
        remarks.append(f"This is an extract, not the whole list: {facts.filtered}.")
    if blank:
        which = "every vendor listed" if len(blank) == len(kept) and len(kept) > 1 else listed(blank)
        remarks.append(f"The role of {which} is not stated: whether it is a sub-processor is for a person to say.")
    if others:
        remarks.append(f"Not listed, being controllers, as stated: {listed(others)}.")
    if retired:
        remarks.append(f"Not listed, being retired, as stated: {listed(retired)}.")
    return Subprocessors(
        tuple(row for row in kept if row["status"] != "proposed"), tuple(row for row in kept if row["status"] == "proposed"), tuple(remarks)
    )


def flows_of(facts: Facts, vendor: Row) -> tuple[Row, ...]:
    """Return a vendor's flows behind the filter."""
    return facts.by_vendor.get(vendor["vendor_id"], ())


def display_name(vendor: Row) -> str:
    """Return a vendor's name with the name it is published under, where that is another one."""
    name = marked(vendor["name"], vendor, "name")
    return f"{name} (published as: {said(vendor, 'published_as')})" if vendor["published_as"] else name


def purposes(flows: tuple[Row, ...]) -> Lines:
    """Return the purposes of flows, with the condition each stands under."""
    return unique(said(flow, "purpose") + (f" ({said(flow, 'condition')})" if flow["condition"] else "") for flow in flows) or (NOT_STATED,)


def data(facts: Facts, flows: tuple[Row, ...]) -> Lines:
    """Return the categories of data of flows, saying so of what is stated not to be personal."""
    return unique(_data(facts, flow["category_id"]) for flow in flows) or (NOT_STATED,)


def _data(facts: Facts, key: str) -> str:
    row = facts.all_categories.get(key)
    harmless = row is not None and row["personal"] == "no"
    return f"{facts.category_name(key)} (not personal data, as stated)" if harmless else facts.category_name(key)


def places(facts: Facts, flows: tuple[Row, ...]) -> Lines:
    """Return the places of processing of flows; a place that only some of them state does not stand for the others."""
    stated = unique(marked(name, flow, "locations") for flow in flows for name in facts.places(flow))
    blank = not flows or any(not items(flow, "locations") for flow in flows)
    return (*stated, *(("elsewhere not stated" if stated else NOT_STATED,) if blank else ()))


def transfer_grounds(facts: Facts, flows: tuple[Row, ...]) -> Lines:
    """Return what transfers of flows to third countries rest on."""
    lines = []
    for flow in flows:
        third = [facts.country_name(code) for code in items(flow, "locations") if facts.is_third(code)]
        if third:
            lines.append(f"{listed(third)}: {mechanism(flow)}")
    blank = not flows or any(flow["transfer_state"] == "location-not-stated" for flow in flows)
    if lines:
        return (*unique(lines), *(("elsewhere not stated",) if blank else ()))
    return (NOT_STATED,) if blank else ("none needed: in the European Economic Area",)


def annex(facts: Facts) -> Paper:
    """Return the list of sub-processors of the Standard Contractual Clauses, Annex III of Decision (EU) 2021/914.

    It has the Annex's fields for each: name, address, contact person, description of processing including a clear delimitation of
    responsibilities. The register has no address, contact person or delimitation for a vendor; those say "not stated". Announced vendors
    are not authorised, so they are named in the remarks only.
    """
    found = subprocessors(facts)
    announced = (f"Announced, and not yet on this list: {listed(row['name'] for row in found.proposed)}.",) if found.proposed else ()
    rows = tuple(_annex_row(facts, row) for row in found.now) or ((("No sub-processor is stated in the register",), *((NOT_STATED,),) * 3),)
    return Paper(
        "List of sub-processors",
        "Annex III to the Standard Contractual Clauses of Decision (EU) 2021/914, Modules Two and Three, Clause 9(a) Option 1.",
        (("Organisation", (facts.settings.organisation.get("name") or NOT_STATED,)),),
        (
            "Name",
            "Address",
            "Contact person’s name, position and contact details",
            "Description of processing (including a clear delimitation of responsibilities in case several sub-processors are authorised)",
        ),
        rows,
        tuple(display_name(row) for row in found.now),
        (*found.remarks, *announced, _NO_COLUMNS),
        head_in_rows=False,
        sheets=False,
        shares=(1.3, 1.1, 1.1, 3.2),
    )


def _annex_row(facts: Facts, vendor: Row) -> tuple[Lines, ...]:
    flows = flows_of(facts, vendor)
    name = [display_name(vendor)]
    name += [f"contracting entity: {said(vendor, 'legal_name')}"] if vendor["legal_name"] else []
    country = vendor["country"]
    address = (
        (NOT_STATED, f"country of the head office: {marked(facts.country_name(country), vendor, 'country')}") if country else (NOT_STATED,)
    )
    described = (
        f"for: {'; '.join(purposes(flows))}",
        f"categories of data: {', '.join(data(facts, flows))}",
        f"place: {', '.join(places(facts, flows))}; transfer: {'; '.join(transfer_grounds(facts, flows))}",
        f"role: {said(vendor, 'role', ROLES)}; delimitation of responsibilities: {NOT_STATED}",
    )
    return tuple(name), address, (NOT_STATED,), described


def as_json(facts: Facts) -> bytes:
    """Return the list for machines, as `subprocessors.schema.json` describes it; null and an empty list mean not stated."""
    found = subprocessors(facts)
    settings = facts.settings
    document = {
        "format": "popmap-subprocessors/1",
        "organisation": {name: settings.organisation.get(name) or None for name in ("name", "address", "contact")},
        "objection_period_days": settings.objection_days,
        "about": facts.source("Sub-processors").facts(),
        "remarks": list(found.remarks),
        "subprocessors": [_record(facts, row) for row in (*found.now, *found.proposed)],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _record(facts: Facts, vendor: Row) -> dict[str, Any]:
    texts = (
        "published_as",
        "legal_name",
        "company",
        "section",
        "role",
        "website",
        "agreement_url",
        "subprocessors_url",
        "status",
        "added_on",
    )
    return {
        "id": vendor["vendor_id"],
        "name": vendor["name"],
        **{name: vendor[name] for name in texts},
        "country": _country(facts, vendor["country"]),
        "certifications": items(vendor, "certifications"),
        "inferred": items(vendor, "inferred"),
        "processing": [_processing(facts, flow) for flow in flows_of(facts, vendor)],
    }


def _processing(facts: Facts, flow: Row) -> dict[str, Any]:
    category = facts.all_categories.get(flow["category_id"])
    return {
        "category": {
            "id": flow["category_id"],
            "name": flow["category"],
            "personal": category["personal"] if category else None,
            "inferred": [column for column in ("name", "personal") if category and category[column] and is_inferred(category, column)],
        },
        "purpose": flow["purpose"],
        "condition": flow["condition"],
        "legal_basis": flow["legal_basis"],
        "countries": [_country(facts, code) for code in items(flow, "locations")],
        "transfer_mechanism": flow["transfer_mechanism"],
        "retention_period": flow["retention_period"],
        "inferred": items(flow, "inferred"),
    }


def _country(facts: Facts, code: str | None) -> Mapping[str, str | None] | None:
    return None if code is None else {"code": code, "name": facts.countries[code].name if code in facts.countries else None}
