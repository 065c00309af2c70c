"""What a register holds, read from its CSV files in plain Python: the right rows of each intent, found without popmap."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

Row = dict[str, str]
Right = set[tuple[str, str]]
_EEA = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO"
_KINDS = {
    "hosting": ((), r"hosting|hosted"),
    "email": (("essential.service.notifications.email", "marketing.communications.email"), r"e-?mails?\b"),
    "payment": (("essential.service.payment_processing",), r"payments|invoices"),
    "analytics": (("analytics",), r"statistics|analyze usage"),
    "support": (("essential.service.operations.support",), r"customer support"),
    "login": (("essential.service.authentication",), r"log in|sign-on"),
    "ai": (("train_ai_system",), r"language model"),
    "marketing": (("marketing",), r"marketing"),
}


class Register:
    """A register's rows by table, and those that answers start from."""

    def __init__(self, folder: Path) -> None:
        self.categories, self.vendors, self.all_flows, self.activities = (
            list(csv.DictReader((folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
            for name in ("categories", "vendors", "flows", "activities")
        )
        self.active = [row for row in self.vendors if row["status"] not in ("retired", "proposed") and not row["removed_on"]]
        self.personal = [row for row in self.categories if row["personal"] != "no"]
        vendors = {row["vendor_id"] for row in self.active}
        categories = {row["category_id"] for row in self.personal}
        self.flows = [row for row in self.all_flows if row["vendor_id"] in vendors and row["category_id"] in categories]
        toml = (folder / "register.toml").read_text(encoding="utf-8")
        self.stated = {
            "data-protection-officer": "data_protection_officer" if re.search(r'_officer\]\nname = "\w', toml) else "",
            "representative": "representative" if re.search(r'\[representative\]\nname = "\w', toml) else "",
            "joint-controllers": "joint_controllers" if re.search(r'joint_controllers = \["', toml) else "",
            "change-notice": "objection_period_days" if re.search(r"(?m)^objection_period_days = \d", toml) else "",
            "privacy-notice": "sources/notice" if re.search(r'url = "http', toml) else "",
            "controller-identity": "organisation",
        }


def right_rows(register: Register, intent: str, argument: dict[str, tuple[str, ...]]) -> Right:
    """Return the table and id of each row that a right answer rests on."""
    if intent in register.stated:
        return {("register", register.stated[intent])} if register.stated[intent] else set()
    return (_RIGHT_IN if "country" in argument else _RIGHT)[intent](register, argument)


def _flow(row: Row) -> tuple[str, str]:
    return ("flows", f"{row['category_id']}/{row['vendor_id']}/{row['purpose']}")


def _flows(holds: Callable[[Row], object]) -> Callable[[Register, dict], Right]:
    def find(register: Register, argument: dict) -> Right:
        return {_flow(row) for row in register.flows if _asked(row, argument) and holds(row)}

    return find


def _vendors(holds: Callable[[Row], object]) -> Callable[[Register, dict], Right]:
    def find(register: Register, argument: dict) -> Right:
        return {("vendors", row["vendor_id"]) for row in register.active if _asked(row, argument) and holds(row)}

    return find


def _categories(holds: Callable[[Row], object]) -> Callable[[Register, dict], Right]:
    def find(register: Register, argument: dict) -> Right:
        return {("categories", row["category_id"]) for row in register.personal if _asked(row, argument) and holds(row)}

    return find


def _activities(holds: Callable[[Row], object]) -> Callable[[Register, dict], Right]:
    def find(register: Register, argument: dict) -> Right:
        return {("activities", row["activity_id"]) for row in register.activities if not argument.get("category") and holds(row)}

    return find


def _asked(row: Row, argument: dict[str, tuple[str, ...]]) -> bool:
    return all(row[f"{facet}_id"] in argument[facet] for facet in ("vendor", "category") if facet in argument and f"{facet}_id" in row)


def _both(*finds: Callable[[Register, dict], Right]) -> Callable[[Register, dict], Right]:
    return lambda register, argument: set().union(*(find(register, argument) for find in finds))


def _of_kind(register: Register, argument: dict[str, tuple[str, ...]]) -> Right:
    def holds(row: Row) -> bool:
        uses, words = zip(*(_KINDS[kind] for kind in argument["kind"]), strict=True)
        near = any(row["data_use"] == use or row["data_use"].startswith(f"{use}.") for some in uses for use in some)
        return near or any(re.search(word, row["purpose"], re.IGNORECASE) for word in words)

    return {_flow(row) for row in register.flows if holds(row)}


def _or_none(
    column: str, found: Callable[[Row], bool], finds: Callable[..., Callable[[Register, dict], Right]]
) -> Callable[[Register, dict], Right]:
    """Return the rows that are found, or all of them where each states that there is none."""

    def find(register: Register, argument: dict) -> Right:
        hits = finds(found)(register, argument)
        every = finds(lambda _: True)(register, argument)
        return hits or (every if every == finds(lambda row: row[column] in ("none", "no"))(register, argument) else set())

    return find


def _outside(row: Row) -> bool:
    return any(country not in _EEA for country in row["locations"].split(";") if country)


def _in_country(
    column: str, finds: Callable[..., Callable[[Register, dict], Right]], holds: Callable[[Row], object] = lambda _: True
) -> Callable[[Register, dict], Right]:
    """Return the rows that state the country asked for, or all of them where each states others only."""

    def find(register: Register, argument: dict) -> Right:
        def there(row: Row) -> bool:
            return bool(set(row[column].split(";")) & set(argument["country"]))

        every = finds(lambda _: True)(register, argument)
        elsewhere = finds(lambda row: row[column] and not there(row))(register, argument)
        return finds(lambda row: there(row) and holds(row))(register, argument) or (every if every == elsewhere else set())

    return find


def _no_controller(row: Row) -> bool:
    return row["role"] not in ("joint-controller", "independent-controller")


_RIGHT: dict[str, Callable[[Register, dict], Right]] = {
    "sub-processors": _vendors(_no_controller),
    "recipients": _vendors(lambda _: True),
    "vendors-for": _of_kind,
    "receivers-of": _flows(lambda _: True),
    "about-vendor": _flows(lambda _: True),
    "data-flow-diagram": _flows(lambda _: True),
    "categories": _categories(lambda _: True),
    "special-categories": _or_none("special_category", lambda row: row["special_category"] in ("art9", "art10"), _categories),
    "health-data": _or_none(
        "special_category", lambda row: row["special_category"] == "art9" and "user.health" in row["taxonomy_keys"], _categories
    ),
    "biometric-data": _or_none(
        "special_category", lambda row: row["special_category"] == "art9" and "user.biometric" in row["taxonomy_keys"], _categories
    ),
    "card-data": _categories(lambda row: "credit_card" in row["taxonomy_keys"] or "card" in row["description"]),
    "childrens-data": _categories(lambda row: "children" in row["data_subjects"]),
    "purposes": _flows(lambda row: row["purpose"]),
    "vendor-purposes": _flows(lambda row: row["purpose"]),
    "legal-bases": _both(_flows(lambda row: row["legal_basis"]), _activities(lambda row: row["legal_basis"])),
    "consent": _flows(lambda row: row["legal_basis"] == "consent"),
    "locations": _flows(lambda row: row["locations"]),
    "transfers": _flows(_outside),
    "transfer-mechanisms": _flows(lambda row: row["transfer_mechanism"]),
    "retention": _both(
        _categories(lambda row: row["retention_period"]),
        _activities(lambda row: row["retention_period"]),
        _flows(lambda row: row["retention_period"]),
    ),
    "data-subjects": _both(_categories(lambda row: row["data_subjects"]), _activities(lambda row: row["data_subjects"])),
    "agreements": _vendors(lambda row: _no_controller(row) and (row["agreement_url"] or row["agreement_signed_on"])),
    "record-of-processing": _activities(lambda _: True),
    "last-review": _vendors(lambda row: row["reviewed_on"]),
    "vendor-countries": _vendors(lambda row: row["country"]),
    "organisation-role": _activities(lambda row: row["role"]),
    "vendor-certifications": _vendors(lambda row: row["certifications"]),
    "automated-decisions": _or_none("automated_decisions", lambda row: row["automated_decisions"] == "yes", _activities),
    "impact-assessment": _activities(lambda row: row["impact_assessment"]),
    "source-of-data": _activities(lambda row: row["source_of_data"]),
}
_RIGHT_IN: dict[str, Callable[[Register, dict], Right]] = {
    "locations": _in_country("locations", _flows),
    "transfers": _in_country("locations", _flows),
    "transfer-mechanisms": _in_country("locations", _flows, lambda row: row["transfer_mechanism"]),
    "vendor-countries": _in_country("country", _vendors),
}
