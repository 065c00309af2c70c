"""Vendors as fideslang systems (YAML): what the register states in fideslang's own keys, and a list of what it does not.

fideslang 3 (https://ethyca.github.io/fideslang/) wants a data use and data categories for each privacy declaration. A flow without them
gets no declaration, because a made-up key would read as a statement; comments name it. Comments also say which keys somebody inferred.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from popmap.renderings.facts import Facts
from popmap.renderings.paper import origin
from popmap.renderings.words import Row, is_inferred, items, plain

# fideslang's names of the bases of Art. 6(1).
_BASES = {
    "consent": "Consent",
    "contract": "Contract",
    "legal-obligation": "Legal obligations",
    "vital-interests": "Vital interests",
    "public-task": "Public interest",
    "legitimate-interests": "Legitimate interests",
}
_KEY = re.compile(r"[a-zA-Z0-9_.<>-]+")
_NOT_A_KEY = re.compile(r"[^a-zA-Z0-9_.-]+")


def as_yaml(facts: Facts) -> bytes:
    """Return the vendors behind the filter as systems, in YAML with comments."""
    systems, missing = [], []
    for vendor in facts.vendors:
        text, without = _system(facts, vendor)
        systems.append(text)
        missing += without
    head = [f"{label}: {text}" for label, text in origin("Systems", facts)]
    head.append(
        "A vendor is a system of the type Third Party. A field that is not there is not stated: fideslang's defaults are not statements."
    )
    head.append(f"Flows without a declaration, because their data use or data categories are not stated: {len(missing)}")
    lines = [_comment(line) for line in (*head, *(f"  {line}" for line in missing))]
    body = "system:\n" + "".join(systems) if systems else "system: []\n"
    return ("\n".join(lines) + "\n" + body).encode()


def _system(facts: Facts, vendor: Row) -> tuple[str, list[str]]:
    flows = facts.by_vendor.get(vendor["vendor_id"], ())
    fields: dict[str, Any] = {"fides_key": _fides_key(vendor["vendor_id"]), "name": vendor["name"], "system_type": "Third Party"}
    fields |= {"legal_name": vendor["legal_name"]} if vendor["legal_name"] else {}
    third = [flow for flow in flows if any(facts.is_third(code) for code in items(flow, "locations"))]
    grounds = sorted({flow["transfer_mechanism"] for flow in third if flow["transfer_mechanism"] not in (None, "none")})
    fields |= {"does_international_transfers": True} if third else {}
    fields |= {"legal_basis_for_transfers": grounds} if grounds else {}
    inferred = [column for column in ("name", "legal_name") if vendor[column] and is_inferred(vendor, column)]
    lines = [_comment(f"inferred: {', '.join(inferred)}", "  ")] if inferred else []
    lines.append(_dumped(fields, "  - ", "    "))
    declarations, missing = _declarations(facts, flows)
    lines.append("    privacy_declarations:\n" + "".join(declarations) if declarations else "    privacy_declarations: []\n")
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines), missing


def _declarations(facts: Facts, flows: tuple[Row, ...]) -> tuple[list[str], list[str]]:
    found, missing = [], []
    for flow in flows:
        category = facts.all_categories.get(flow["category_id"])
        keys = [key for key in items(category, "taxonomy_keys") if _KEY.fullmatch(key)] if category else []
        use = flow["data_use_key"]
        lacking = [*([] if keys else ["data categories"]), *([] if use and _KEY.fullmatch(use) else ["data use"])]
        name = f"{flow['category']}: {flow['purpose'] or 'purpose not stated'}"
        if lacking or category is None:
            missing.append(f"{flow['vendor']}, {name} (not stated: {' and '.join(lacking)})")
            continue
        inferred = [field for column, field in _CATEGORY_FIELDS if category[column] and is_inferred(category, column)]
        inferred += [field for column, field in _FIELDS if flow[column] and is_inferred(flow, column)]
        note = _comment(f"inferred: {', '.join(dict.fromkeys(inferred))}", "      ") + "\n" if inferred else ""
        found.append(note + _dumped(_declaration(facts, flow, category, name, keys), "      - ", "        "))
    return found, missing


_CATEGORY_FIELDS = (
    ("name", "name"),
    ("taxonomy_keys", "data_categories"),
    ("data_subjects", "data_subjects"),
    ("special_category", "processes_special_category_data"),
)
_FIELDS = (
    ("purpose", "name"),
    ("data_use", "data_use"),
    ("legal_basis", "legal_basis_for_processing"),
    ("retention_period", "retention_period"),
)


def _declaration(facts: Facts, flow: Row, category: Row, name: str, keys: list[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": name, "data_categories": keys, "data_use": flow["data_use_key"]}
    fields |= {"legal_basis_for_processing": _BASES[flow["legal_basis"]]} if flow["legal_basis"] in _BASES else {}
    fields |= {"retention_period": flow["retention_period"]} if flow["retention_period"] else {}
    # Categories of data subjects are free words in a register; only what is one of fideslang's keys as it stands is one here.
    subjects = [subject for subject in items(category, "data_subjects") if subject in facts.subject_keys]
    fields |= {"data_subjects": subjects} if subjects else {}
    return fields | ({"processes_special_category_data": True} if category["special_category"] == "art9" else {})


def _fides_key(key: str) -> str:
    """Return a vendor's key in the characters fideslang allows; a slug is one as it stands."""
    return _NOT_A_KEY.sub("_", key)


def _dumped(fields: dict[str, Any], first: str, rest: str) -> str:
    """Return fields as YAML below a list's dash; every text is quoted where YAML would read it as something else."""
    text = yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=2**31)
    # Only a line feed ends a line here: other separators of lines are part of a text.
    lines = text.removesuffix("\n").split("\n")
    return "".join(f"{first if at == 0 else rest}{line}\n" for at, line in enumerate(lines))


def _comment(text: str, indent: str = "") -> str:
    """Return a comment; nothing in it can begin a new line."""
    return f"{indent}# {plain(text)}" if not text.startswith("  ") else f"{indent}#   {plain(text)}"
