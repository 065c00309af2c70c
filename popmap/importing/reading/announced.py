"""popmap's list of sub-processors for machines (`popmap-subprocessors/1`), as the tables it was made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from popmap.importing.document import Cell, Exported
from popmap.register.schema import LIST_SEPARATOR

FORMAT = "popmap-subprocessors/1"
_VENDOR_TEXTS = (
    *("name", "published_as", "legal_name", "company", "section", "role", "website", "agreement_url", "subprocessors_url", "status"),
    "added_on",
)
_VENDORS = ("vendor_id", *_VENDOR_TEXTS, "country", "certifications", "inferred")
_CATEGORIES = ("category_id", "name", "personal", "inferred")
_FLOW_TEXTS = ("purpose", "condition", "legal_basis", "transfer_mechanism", "retention_period")
_FLOWS = ("category_id", "vendor_id", *_FLOW_TEXTS, "locations", "inferred")


def tables(value: object) -> tuple[Exported, ...]:
    """Return the vendors, categories and flows that the list states, () when it is another file or not of that form."""
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        return ()
    try:
        return _tables(value["subprocessors"])
    except (KeyError, TypeError, AttributeError):
        return ()


def _tables(listed: Sequence[Mapping[str, Any]]) -> tuple[Exported, ...]:
    vendors, flows = [], []
    categories: dict[str, tuple[Cell, ...]] = {}
    for number, vendor in enumerate(listed):
        where = f"subprocessors[{number}]"
        texts = {name: vendor[name] for name in _VENDOR_TEXTS}
        country = [vendor["country"]] if vendor["country"] else []
        vendors.append(
            _row(
                where,
                _VENDORS,
                {"vendor_id": vendor["id"], **texts, "country": _codes(country)}
                | {name: _joined(vendor[name]) for name in ("certifications", "inferred")},
            )
        )
        for place, flow in enumerate(vendor["processing"]):
            at, category = f"{where}.processing[{place}]", flow["category"]
            cells = {"category_id": category["id"], "name": category["name"], "personal": category["personal"]}
            categories.setdefault(category["id"], _row(f"{at}.category", _CATEGORIES, cells | {"inferred": _joined(category["inferred"])}))
            said = {name: flow[name] for name in _FLOW_TEXTS}
            keys = {"category_id": category["id"], "vendor_id": vendor["id"]}
            flows.append(_row(at, _FLOWS, {**keys, **said, "locations": _codes(flow["countries"]), "inferred": _joined(flow["inferred"])}))
    return (
        Exported("categories", _CATEGORIES, tuple(categories.values())),
        Exported("vendors", _VENDORS, tuple(vendors)),
        Exported("flows", _FLOWS, tuple(flows)),
    )


def _row(where: str, columns: Sequence[str], cells: Mapping[str, object]) -> tuple[Cell, ...]:
    found = []
    for column in columns:
        text = cells[column]
        if text is not None and not isinstance(text, str):
            raise TypeError(column)
        found.append(Cell(text or "", f"{where}.{column}"))
    return tuple(found)


def _codes(countries: Sequence[Mapping[str, Any]]) -> str:
    return _joined([one["code"] for one in countries])


def _joined(items: Sequence[str]) -> str:
    return LIST_SEPARATOR.join(items)
