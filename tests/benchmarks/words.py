"""The vocabulary of made-up registers: names, purposes, conditions, periods."""

from __future__ import annotations

from datetime import date, timedelta

CATEGORIES = (
    "Identification data", "Logs", "Usage data", "Support data", "Billing information", "Calendar entries", "Contact details",
    "Payment card data", "Location data", "Device data", "Survey answers", "Voice recordings", "Photographs", "Health data",
    "Trade union membership", "Employment history", "Salary data", "Education history", "Bank details", "Chat messages",
    "E-mail content", "Documents uploaded by users", "Access rights", "Passwords, hashed", "Cookies and identifiers",
    "Purchase history", "Delivery addresses", "Dates of birth", "Nationality", "Criminal record checks", "Meeting notes",
    "Performance reviews", "Absences", "Emergency contacts", "Vehicle data", "Social media profiles", "Preferences", "Complaints",
    "Contracts", "Signatures",
)  # fmt: skip
SPECIAL = {"Health data": "art9", "Trade union membership": "art9", "Criminal record checks": "art10"}
FIRST = (
    "Nord", "Silver", "Blue", "Open", "Clear", "Bright", "Swift", "Cloud", "Data", "Mail", "Ever", "Stone", "River", "Field", "Sun",
    "Moon", "Star", "Iron", "Green", "Amber", "Copper", "Delta", "Echo", "Falcon", "Garden", "Harbour", "Ivy", "Juniper", "Kestrel",
    "Lumen", "Maple", "Nimbus", "Orchard", "Pine", "Quartz", "Raven", "Saffron", "Tidal", "Umbra", "Zephyr",
)  # fmt: skip
SECOND = (
    "wind", "bridge", "gate", "line", "path", "works", "forge", "desk", "port", "mark", "loop", "stack", "base", "view", "point",
    "craft", "hub", "grid", "nest", "side", "call", "cast", "ship", "light", "scale", "trail", "wave", "yard", "field", "house",
)  # fmt: skip
KINDS = ("Analytics", "Hosting", "Support", "Mail", "Payments", "Security", "Research", "Recruiting")
SECTIONS = (
    "Technology", "Customer support & analytics", "Admin", "Marketing", "Human resources", "Finance", "Sales",
    "Research and development",
)  # fmt: skip
_VERBS = (
    "host", "back up", "analyse", "send", "store", "monitor", "secure", "review", "synchronise", "import", "translate", "archive",
    "search", "index", "verify", "compare", "report on", "transcribe", "encrypt", "forward",
)  # fmt: skip
_OBJECTS = (
    "user accounts", "invoices", "support tickets", "error reports", "newsletters", "product usage", "payments", "contracts",
    "job applications", "calendar invitations", "access logs", "survey answers", "sales leads", "training records", "video calls",
    "shared documents", "expenses", "delivery notes", "security alerts", "feature flags", "chat messages", "web forms", "payslips",
    "customer feedback", "public profiles",
)  # fmt: skip
_ENDS = ("", " and keep them available", " for as long as the contract runs", ", once a day")
CONTEXTS = (
    "", " for paying customers", " during the trial period", " at the customer's request", " in the European region",
    " for the Zürich office", ' on "premium" plans', " for administrators", " for invited guests", " in the mobile application",
    " on the public website", " for auditors", " for the works council", " after an incident", " before renewal", " for resellers",
    " in the test environment", " for the service desk", " as part of onboarding", " for internal reporting",
)  # fmt: skip
CONDITIONS = (
    "subject to the user's explicit consent", "only when the customer connects a calendar", "the customer's choice of provider",
    "only for customers in Switzerland", "after the trial has ended", "when the user reports a problem", "for users older than 16",
    "only when the feature is switched on", "on request", "until the user objects", "only in aggregated form", "for paying customers",
)  # fmt: skip
PERIODS = (
    "30 days", "60 days", "90 days", "6 months", "12 months", "13 months", "2 years", "3 years", "5 years", "6 years", "10 years",
    "until the account is closed", "until the contract ends", "until consent is withdrawn", "as long as the law requires", "24 hours",
)  # fmt: skip
SUBJECTS = ("customers", "employees", "applicants", "visitors", "suppliers", "users of customers")
PEOPLE = ("A. Keeper", "B. Auditor", "C. Counsel")
CERTIFICATIONS = ("ISO/IEC 27001", "SOC 2 Type II", "ISO/IEC 27701", "C5")
DAYS = tuple((date(2023, 1, 1) + timedelta(days=day)).isoformat() for day in range(1_000))


def purpose(number: int) -> str:
    """Return one of 2,000 purposes, none twice; beyond them they are numbered."""
    # Steps without a common factor with the sizes: neighbours differ in every part.
    verb, rest = number * 7 % len(_VERBS), number // len(_VERBS)
    thing, end = (rest * 7 + number) % len(_OBJECTS), rest // len(_OBJECTS)
    text = f"To {_VERBS[verb]} {_OBJECTS[thing]}{_ENDS[end % len(_ENDS)]}"
    return text if end < len(_ENDS) else f"{text}, case {end // len(_ENDS)}"
