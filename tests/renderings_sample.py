"""A small register that states something of everything a document can say, and leaves something of it out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from registers import Tables, write

from popmap.register.schema import BY_NAME

MADE_AT = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
# What documents are made of, for registers that Hypothesis makes up.
DOCUMENTED = {name: [column.name for column in BY_NAME[name].columns] for name in ("categories", "vendors", "flows", "activities")}
TOML = """
title = "Registre d'essai"
objection_period_days = 30
joint_controllers = ["Second House AG"]
[organisation]
name = "First House GmbH"
address = "1 Square, 10115 Berlin"
contact = "privacy@first.example"
role = "controller"
[representative]
name = "Rep Ltd"
contact = ""
[data_protection_officer]
name = "D. P. Officer"
contact = "dpo@first.example"
"""


def sample() -> Tables:
    """Return the register: 4 categories, 7 vendors, 8 flows, 4 activities."""
    return {
        "categories": [
            {
                "category_id": "health",
                "name": "Health data",
                "description": "Sick notes",
                "personal": "yes",
                "special_category": "art9",
                "data_subjects": "employee",
                "retention_period": "2 years",
                "taxonomy_keys": "user.health_and_medical",
            },
            {
                "category_id": "contact",
                "name": "Coordonnées",
                "personal": "yes",
                "special_category": "none",
                "data_subjects": "customer;Lieferanten",
                "taxonomy_keys": "user.contact.email",
            },
            {"category_id": "logs", "name": "Logs"},
            {"category_id": "code", "name": "Source code", "personal": "no", "taxonomy_keys": "system"},
        ],
        "vendors": [
            {
                "vendor_id": "cloud",
                "name": "Cloud One",
                "legal_name": "Cloud One Inc.",
                "role": "processor",
                "country": "US",
                "website": "https://cloud.example/",
                "agreement_url": "https://cloud.example/agreement",
                "status": "active",
                "added_on": "2024-02-01",
            },
            {"vendor_id": "mail", "name": "Mail & More", "published_as": "Mail or Post", "company": "Post Group", "section": "Marketing"},
            {"vendor_id": "bank", "name": "Bank", "role": "independent-controller", "country": "CH"},
            {"vendor_id": "clinic", "name": "Clinic", "role": "joint-controller", "country": "JP"},
            {"vendor_id": "soon", "name": "Soon", "role": "sub-processor", "status": "proposed"},
            {"vendor_id": "gone", "name": "Gone", "role": "processor", "status": "retired"},
            {"vendor_id": "forge", "name": "Forge", "role": "processor", "country": "FR"},
        ],
        "flows": [
            {
                "category_id": "contact",
                "vendor_id": "cloud",
                "purpose": "Hosting",
                "data_use": "essential.service.operations",
                "legal_basis": "contract",
                "locations": "US;IE",
                "transfer_mechanism": "standard-contractual-clauses",
                "transfer_checked_on": "2026-01-05",
                "retention_period": "30 days",
            },
            {"category_id": "logs", "vendor_id": "cloud", "purpose": "Hosting", "data_use": "essential.service.operations"},
            {
                "category_id": "contact",
                "vendor_id": "mail",
                "purpose": "To send news",
                "data_use": "marketing.communications.email",
                "legal_basis": "consent",
                "condition": "if asked",
                "locations": "FR",
            },
            {"category_id": "contact", "vendor_id": "bank", "locations": "CH", "legal_basis": "legal-obligation"},
            {
                "category_id": "health",
                "vendor_id": "clinic",
                "purpose": "Check-ups",
                "data_use": "essential",
                "locations": "IN",
                "transfer_mechanism": "derogation",
            },
            {"category_id": "contact", "vendor_id": "soon", "purpose": "To call", "locations": "IN"},
            {"category_id": "contact", "vendor_id": "gone", "purpose": "To write"},
            {"category_id": "code", "vendor_id": "forge", "purpose": "Builds", "data_use": "operations", "locations": "FR"},
        ],
        "activities": [
            {
                "activity_id": "customers",
                "name": "Customers",
                "role": "controller",
                "purpose": "To serve customers",
                "legal_basis": "contract",
                "category_ids": "contact;logs",
                "vendor_ids": "cloud;bank",
                "data_subjects": "customers",
                "retention_period": "10 years",
                "measures": "Encryption at rest; access by role",
                "automated_decisions": "no",
                "impact_assessment": "not-needed",
                "source_of_data": "The customers",
                "owner": "Secret Owner",
                "reviewed_on": "2026-01-31",
                "notes": "Secret note",
            },
            {
                "activity_id": "staff",
                "name": "Staff health",
                "role": "joint-controller",
                "purpose": "Check-ups",
                "legal_basis": "legitimate-interests",
                "legitimate_interest": "Healthy staff, assessed at https://wiki.example/lia.",
                "category_ids": "health",
                "impact_assessment": "done https://wiki.example/dpia",
            },
            {
                "activity_id": "support",
                "name": "Support for clients",
                "role": "processor",
                "purpose": "To answer",
                "category_ids": "contact",
                "vendor_ids": "cloud",
                "measures": "Pseudonyms",
            },
            {"activity_id": "calls", "name": "Calls", "category_ids": "contact", "vendor_ids": "soon"},
        ],
        "evidence": [
            {"table": "vendors", "row_id": "mail", "column": "name", "status": "inferred", "quote": "Mail or Post"},
            {"table": "categories", "row_id": "contact", "column": "taxonomy_keys", "status": "inferred", "quote": "e-mail"},
            {"table": "flows", "row_id": "contact/mail/To send news", "column": "legal_basis", "status": "inferred", "quote": "if asked"},
        ],
    }


def write_sample(folder: Path) -> Path:
    """Write the register and return its folder."""
    return write(folder, sample(), toml=TOML)
