"""Every shipped rule finds what it says and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from rule_samples import TODAY, Tables, database, findings

from popmap.checks.rules import BUILT_IN, Rule, load_rules
from popmap.register.faults import KINDS
from popmap.register.schema import BY_NAME, LEGAL_BASES, TRANSFER_MECHANISMS, VENDOR_ROLES

RULES = {rule.code: rule for rule in load_rules()}
# "Art. 30(1)(c)", several joined by ", ".
ARTICLE = re.compile(r"Art\. [1-9]\d?(\([1-9]\d?\)(\([a-z]\))?)?")


def day(days: int) -> str:
    """Return the date that many days after the day findings are judged on."""
    return (TODAY + timedelta(days=days)).isoformat()


@dataclass(frozen=True, slots=True)
class Case:
    """One register and what one rule finds in it.

    Attributes:
        code: The rule.
        claim: What the case shows.
        tables: The register.
        rows: The row numbers found; rows are numbered from 2.
        settings: What `database` takes besides.
        details: Row number -> text the detail must hold.
    """

    code: str
    claim: str
    tables: Tables
    rows: tuple[int | None, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    details: dict[int | None, str] = field(default_factory=dict)


def flow(category: str = "logs", vendor: str = "acme", purpose: str | None = "To host", **cells: str | None) -> dict[str, str | None]:
    """Return a flow's row."""
    return {"category_id": category, "vendor_id": vendor, "purpose": purpose, **cells}


def category(key: str = "logs", **cells: str) -> dict[str, str]:
    """Return a category's row."""
    return {"category_id": key, "name": key.capitalize(), **cells}


def vendor(key: str = "acme", **cells: str) -> dict[str, str]:
    """Return a vendor's row."""
    return {"vendor_id": key, "name": key.capitalize(), **cells}


def activity(key: str = "hosting", **cells: str) -> dict[str, str]:
    """Return an activity's row."""
    return {"activity_id": key, **cells}


def named(*names: str, **cells: str) -> dict[str, list[dict[str, str]]]:
    """Return vendors of those names."""
    return {"vendors": [{"vendor_id": f"v{number}", "name": name, **cells} for number, name in enumerate(names)]}


def fault(code: str, **cells: Any) -> dict[str, Any]:
    """Return a row of faults as the store writes it."""
    kind = KINDS[code]
    return {"file": "flows.csv", "code": code, "severity": kind.severity, "message": kind.message, "hint": kind.hint} | cells


NOT_PERSONAL = {"categories": [category(personal="no")]}
PERSONAL = {"categories": [category(personal="yes")]}
EVIDENCE = {"source_id": "page", "status": "stated"}

CASES = (
    # Categories
    Case("no-activities", "a register without activities is told so once", {"categories": [category(), category("usage")]}, (None,)),
    Case("no-activities", "vendors alone are enough to need a record", {"vendors": [vendor()]}, (None,)),
    Case("no-activities", "one activity is a record", {"categories": [category()], "activities": [activity()]}),
    Case("no-activities", "an empty register says nothing", {}),
    Case(
        "undeclared-category",
        "a category that vendors receive and no activity lists",
        {
            "categories": [category(), category("code"), category("idle")],
            "flows": [flow(), flow("code"), flow("code", purpose="To build"), flow("code", "other")],
            "activities": [activity(category_ids="logs")],
        },
        (3,),
        details={3: "received by 2 vendors"},
    ),
    Case(
        "undeclared-category",
        "an activity without a list declares nothing",
        {**PERSONAL, "flows": [flow()], "activities": [activity()]},
        (2,),
    ),
    Case("undeclared-category", "silent without any activity", {**PERSONAL, "flows": [flow()]}),
    Case(
        "undeclared-category",
        "data stated not to be personal needs no record",
        {**NOT_PERSONAL, "flows": [flow()], "activities": [activity()]},
    ),
    Case(
        "unused-category",
        "a category in no flow and no activity",
        {
            "categories": [category(), category("usage"), category("idle")],
            "flows": [flow()],
            "activities": [activity(category_ids="usage;support"), activity("other")],
        },
        (4,),
    ),
    Case("unused-category", "a category in a flow is used", {"categories": [category()], "flows": [flow()]}),
    Case(
        "category-name-variant",
        "another name is a variant, other capitals are not",
        {
            "categories": [category("billing", name="Billing information")],
            "aliases": [
                {"kind": "category", "alias": "Billing data", "id": "billing"},
                {"kind": "category", "alias": "billing  Information", "id": "billing"},
                {"kind": "vendor", "alias": "Billing Ltd", "id": "billing"},
                {"kind": "category", "alias": "Ghost", "id": "nowhere"},
            ],
        },
        (2,),
        details={2: 'declared as "Billing information"'},
    ),
    Case("category-name-variant", "no aliases, no variants", {"categories": [category()]}),
    Case(
        "personal-status-not-stated",
        "empty is not stated, no is an answer",
        {"categories": [category(), category("code", personal="no")]},
        (2,),
    ),
    Case("personal-status-not-stated", "stated", PERSONAL),
    Case(
        "special-category-not-stated",
        "none is an answer, empty is not; data that is not personal is asked nothing",
        {
            "categories": [
                category(),
                category("health", special_category="art9"),
                category("usage", special_category="none"),
                category("code", personal="no"),
                category("mail", personal="yes"),
            ]
        },
        (2, 6),
    ),
    Case("special-category-not-stated", "stated", {"categories": [category(special_category="art10")]}),
    Case("retention-not-stated", "a category without any period", {**PERSONAL, "flows": [flow()]}, (2,)),
    Case(
        "retention-not-stated",
        "some flows' periods do not speak for the others",
        {**PERSONAL, "flows": [flow(retention_period="1 year"), flow(vendor="other")]},
        (2,),
        details={2: "1 of 2 flows"},
    ),
    Case("retention-not-stated", "a category no flow names still needs one", PERSONAL, (2,)),
    Case("retention-not-stated", "every flow states one", {**PERSONAL, "flows": [flow(retention_period="1 year")]}),
    Case("retention-not-stated", "the category states one", {"categories": [category(retention_period="1 year")], "flows": [flow()]}),
    Case(
        "retention-not-stated",
        "an activity covering it states one",
        {**PERSONAL, "flows": [flow()], "activities": [activity(category_ids="usage;logs", retention_period="1 year")]},
    ),
    Case(
        "retention-not-stated",
        "an activity not covering it states one",
        {
            **PERSONAL,
            "activities": [activity(category_ids="usage", retention_period="1 year"), activity("other", retention_period="2 years")],
        },
        (2,),
    ),
    Case("retention-not-stated", "not personal data", NOT_PERSONAL),
    Case("data-subjects-not-stated", "nobody says whose data it is", {**PERSONAL, "activities": [activity(category_ids="logs")]}, (2,)),
    Case("data-subjects-not-stated", "the category says it", {"categories": [category(data_subjects="customer")]}),
    Case(
        "data-subjects-not-stated",
        "an activity covering it says it",
        {**PERSONAL, "activities": [activity(category_ids="logs", data_subjects="customer;employee")]},
    ),
    Case("data-subjects-not-stated", "not personal data", NOT_PERSONAL),
    Case(
        "category-without-evidence",
        "evidence for another table or row does not count",
        {
            "categories": [category(), category("usage")],
            "evidence": [{"table": "categories", "row_id": "usage", **EVIDENCE}, {"table": "vendors", "row_id": "logs", **EVIDENCE}],
        },
        (2,),
    ),
    Case(
        "category-without-evidence",
        "one row of evidence is enough",
        {"categories": [category()], "evidence": [{"table": "categories", "row_id": "logs", "column": "name", **EVIDENCE}]},
    ),
    Case("vendor-without-evidence", "no evidence", {"vendors": [vendor()]}, (2,)),
    Case("vendor-without-evidence", "evidence", {"vendors": [vendor()], "evidence": [{"table": "vendors", "row_id": "acme", **EVIDENCE}]}),
    Case("activity-without-evidence", "no evidence", {"activities": [activity()]}, (2,)),
    Case(
        "activity-without-evidence",
        "evidence",
        {"activities": [activity()], "evidence": [{"table": "activities", "row_id": "hosting", **EVIDENCE}]},
    ),
    # Flows
    Case("flow-without-purpose", "one without, one with", {**PERSONAL, "flows": [flow(purpose=None), flow()]}, (2,)),
    Case("flow-without-purpose", "not personal data", {**NOT_PERSONAL, "flows": [flow(purpose=None)]}),
    Case("flow-without-purpose", "a flow of an unknown category still counts", {"flows": [flow("nowhere", purpose=None)]}, (2,)),
    Case(
        "legal-basis-not-stated", "nobody states one", {**PERSONAL, "flows": [flow(), flow(vendor="other", legal_basis="contract")]}, (2,)
    ),
    Case(
        "legal-basis-not-stated",
        "an activity that names category and vendor states one",
        {
            **PERSONAL,
            "flows": [flow()],
            "activities": [activity(category_ids="usage;logs", vendor_ids="other;acme", legal_basis="contract")],
        },
    ),
    Case(
        "legal-basis-not-stated",
        "an activity for other vendors, or without vendors, does not speak for the flow",
        {
            **PERSONAL,
            "flows": [flow()],
            "activities": [
                activity(category_ids="logs", vendor_ids="other", legal_basis="contract"),
                activity("b", category_ids="logs", legal_basis="contract"),
                activity("c", category_ids="logs", vendor_ids="acme"),
            ],
        },
        (2,),
    ),
    Case("legal-basis-not-stated", "not personal data", {**NOT_PERSONAL, "flows": [flow()]}),
    Case("consent-without-condition", "consent to nothing stated", {**PERSONAL, "flows": [flow(legal_basis="consent")]}, (2,)),
    Case(
        "consent-without-condition",
        "a condition, or another basis",
        {"flows": [flow(legal_basis="consent", condition="explicit consent"), flow(vendor="other", legal_basis="contract")]},
    ),
    Case("consent-without-condition", "not personal data", {**NOT_PERSONAL, "flows": [flow(legal_basis="consent")]}),
    Case(
        "flow-legitimate-interests-without-assessment",
        "an activity of another category documents none of its interests",
        {
            "flows": [flow(legal_basis="legitimate-interests"), flow(vendor="other", legal_basis="contract")],
            "activities": [
                activity(category_ids="usage", legitimate_interest="Security"),
                activity("b", category_ids="logs", legal_basis="legitimate-interests"),
            ],
        },
        (2,),
    ),
    Case(
        "flow-legitimate-interests-without-assessment",
        "an activity covering the category documents them",
        {
            "flows": [flow(legal_basis="legitimate-interests")],
            "activities": [activity(category_ids="usage;logs", legitimate_interest="Security")],
        },
    ),
    Case(
        "flow-legitimate-interests-without-assessment",
        "not personal data",
        {**NOT_PERSONAL, "flows": [flow(legal_basis="legitimate-interests")]},
    ),
    Case("location-not-stated", "one without, one with", {"flows": [flow(), flow(vendor="other", locations="FR")]}, (2,)),
    Case("location-not-stated", "not personal data", {**NOT_PERSONAL, "flows": [flow()]}),
    Case(
        "third-country-transfer-without-mechanism",
        "the store says that nothing covers the transfer",
        {
            "flows": [
                flow(locations="IN;US", transfer_state="no-mechanism"),
                flow(vendor="b", locations="IN", transfer_mechanism="none", transfer_state="no-mechanism"),
                flow(vendor="c", locations="IN", transfer_mechanism="standard-contractual-clauses", transfer_state="safeguards"),
                flow(vendor="d", locations="FR", transfer_state="inside-eea"),
                flow(vendor="e", locations="JP", transfer_state="adequacy"),
            ]
        },
        (2, 3),
        details={2: "IN, US"},
    ),
    Case(
        "third-country-transfer-without-mechanism",
        "an adequacy decision that is not in force is the other rule's",
        {"flows": [flow(locations="IN", transfer_mechanism="adequacy", transfer_state="no-mechanism")]},
    ),
    Case(
        "third-country-transfer-without-mechanism",
        "not personal data",
        {**NOT_PERSONAL, "flows": [flow(locations="IN", transfer_state="no-mechanism")]},
    ),
    Case(
        "adequacy-not-in-force",
        "a decision is relied on, and none covers the country",
        {
            "flows": [
                flow(locations="IN", transfer_mechanism="adequacy", transfer_state="no-mechanism"),
                flow(vendor="b", locations="US;IN", transfer_mechanism="data-privacy-framework", transfer_state="no-mechanism"),
                flow(vendor="c", locations="US", transfer_mechanism="data-privacy-framework", transfer_state="adequacy"),
            ]
        },
        (2, 3),
        details={3: "US, IN"},
    ),
    Case("adequacy-not-in-force", "nothing is relied on", {"flows": [flow(locations="IN", transfer_state="no-mechanism")]}),
    Case(
        "adequacy-not-in-force",
        "not personal data",
        {**NOT_PERSONAL, "flows": [flow(locations="IN", transfer_mechanism="adequacy", transfer_state="no-mechanism")]},
    ),
    Case(
        "data-privacy-framework-not-checked",
        "never checked, or one day too long ago",
        {
            "flows": [
                flow(transfer_mechanism="data-privacy-framework"),
                flow(vendor="b", transfer_mechanism="data-privacy-framework", transfer_checked_on=day(-366)),
                flow(vendor="c", transfer_mechanism="data-privacy-framework", transfer_checked_on=day(-365)),
                flow(vendor="d", transfer_mechanism="adequacy"),
            ]
        },
        (2, 3),
    ),
    Case(
        "data-privacy-framework-not-checked",
        "the register's own review period counts; an invalid date is another rule's",
        {
            "flows": [
                flow(transfer_mechanism="data-privacy-framework", transfer_checked_on=day(-365)),
                flow(vendor="b", transfer_mechanism="data-privacy-framework", transfer_checked_on=day(-30)),
                flow(vendor="c", transfer_mechanism="data-privacy-framework", transfer_checked_on="last spring"),
            ]
        },
        (2,),
        {"review_days": 30},
    ),
    Case(
        "data-privacy-framework-not-checked",
        "not personal data",
        {**NOT_PERSONAL, "flows": [flow(transfer_mechanism="data-privacy-framework")]},
    ),
    Case(
        "data-privacy-framework-not-checked",
        "checked today",
        {"flows": [flow(transfer_mechanism="data-privacy-framework", transfer_checked_on=day(0))]},
    ),
    Case(
        "obsolete-safeguard",
        "cited in any of the columns that speak of safeguards",
        {
            "flows": [
                flow(transfer_mechanism="privacy-shield"),
                flow(vendor="b", condition="Certified under Safe Harbour"),
                flow(vendor="c", notes="SCC of Decision 2010/87/EU"),
                flow(vendor="d", notes="EU-US Privacy Shield, formerly safe harbor"),
                flow(vendor="e", notes="Decision (EU) 2021/914", transfer_mechanism="standard-contractual-clauses"),
                flow(vendor="f", condition="a shield in the harbour"),
            ]
        },
        (2, 3, 4, 5),
        details={2: "C-311/18", 3: "C-362/14", 4: "2021/914", 5: "invalid since 2015-10-06 (C-362/14); Privacy Shield"},
    ),
    Case(
        "obsolete-safeguard",
        "the old clauses still counted on 27 December 2022",
        {"flows": [flow(notes="SCC 2010/87/EU"), flow(vendor="b", notes="Privacy Shield")]},
        (3,),
        {"as_of": date(2022, 12, 27)},
    ),
    Case("obsolete-safeguard", "and not on the day after", {"flows": [flow(notes="SCC 2004/915/EC")]}, (2,), {"as_of": date(2022, 12, 28)}),
    Case(
        "obsolete-safeguard",
        "the Privacy Shield was valid until the day before Schrems II",
        {"flows": [flow(notes="Privacy Shield")]},
        settings={"as_of": date(2020, 7, 15)},
    ),
    Case("obsolete-safeguard", "nor on that day", {"flows": [flow(notes="Privacy Shield")]}, (2,), {"as_of": date(2020, 7, 16)}),
    Case(
        "obsolete-safeguard",
        "Safe Harbor on the day of Schrems I",
        {"flows": [flow(notes="safe harbor")]},
        (2,),
        {"as_of": date(2015, 10, 6)},
    ),
    Case("obsolete-safeguard", "and on the day before", {"flows": [flow(notes="safe harbor")]}, settings={"as_of": date(2015, 10, 5)}),
    *(
        Case(
            "obsolete-certification",
            f"{words} from {first}",
            {"vendors": [vendor(notes=words)]},
            rows,
            {"as_of": first - timedelta(days=before)},
        )
        for words, first in (("Safe Harbor", date(2015, 10, 6)), ("Privacy Shield", date(2020, 7, 16)), ("2010/87/EU", date(2022, 12, 28)))
        for before, rows in ((0, (2,)), (1, ()))
    ),
    Case(
        "obsolete-certification",
        "among others in the list, or in the notes",
        {
            "vendors": [
                vendor(certifications="ISO 27001;EU-US Privacy Shield"),
                vendor("b", notes="Safe Harbor member"),
                vendor("c", certifications="EU-US Data Privacy Framework"),
                vendor("d", certifications="Privacy Shield", status="retired"),
            ]
        },
        (2, 3),
        details={2: "C-311/18"},
    ),
    Case("obsolete-certification", "nothing stated", {"vendors": [vendor()]}),
    Case(
        "special-category-without-condition",
        "Art. 9 and Art. 10 data without a condition",
        {
            "categories": [
                category("health", special_category="art9"),
                category("record", special_category="art10"),
                category("logs", special_category="none"),
            ],
            "flows": [flow("health"), flow("record"), flow("logs"), flow("health", "b", condition="explicit consent, Art. 9(2)(a)")],
        },
        (2, 3),
        details={2: "Art. 9", 3: "Art. 10"},
    ),
    Case("special-category-without-condition", "whether it is special is not stated", {"categories": [category()], "flows": [flow()]}),
    Case(
        "statement-without-evidence",
        "none, and inferred",
        {"flows": [flow(evidence_status="none"), flow(vendor="b", evidence_status="inferred")]},
        (2,),
    ),
    Case("statement-without-evidence", "stated", {"flows": [flow()]}),
    # Activities
    Case("activity-legal-basis-not-stated", "none stated", {"activities": [activity(), activity("b", legal_basis="contract")]}, (2,)),
    Case("activity-legal-basis-not-stated", "a processor's record names none", {"activities": [activity(role="processor")]}),
    Case("legitimate-interests-without-assessment", "none stated", {"activities": [activity(legal_basis="legitimate-interests")]}, (2,)),
    Case(
        "legitimate-interests-without-assessment",
        "stated, or another basis",
        {
            "activities": [
                activity(legal_basis="legitimate-interests", legitimate_interest="Security"),
                activity("b", legal_basis="contract"),
                activity("c"),
            ]
        },
    ),
    Case(
        "activity-review-overdue",
        "one day over; on the day; never",
        {"activities": [activity(reviewed_on=day(-366)), activity("b", reviewed_on=day(-365)), activity("c")]},
        (2,),
        details={2: "366 days"},
    ),
    Case("activity-review-overdue", "a longer period", {"activities": [activity(reviewed_on=day(-366))]}, settings={"review_days": 366}),
    # Vendors
    Case(
        "vendor-without-flow",
        "current vendors must have one",
        {
            "vendors": [
                vendor(),
                vendor("b"),
                vendor("c", status="proposed"),
                vendor("d", status="retired"),
                vendor("e", removed_on=day(0)),
                vendor("f", removed_on=day(1)),
            ],
            "flows": [flow()],
        },
        (3, 7),
    ),
    Case("vendor-without-flow", "it has one", {"vendors": [vendor()], "flows": [flow()]}),
    Case(
        "role-not-stated",
        "current vendors only",
        {"vendors": [vendor(), vendor("b", role="processor"), vendor("c", status="retired")]},
        (2,),
    ),
    Case(
        "role-not-stated",
        "every role is an answer",
        {"vendors": [vendor(f"v{number}", role=role) for number, role in enumerate(VENDOR_ROLES)]},
    ),
    Case(
        "country-not-stated",
        "current vendors only",
        {"vendors": [vendor(), vendor("b", country="FR"), vendor("c", removed_on=day(-1))]},
        (2,),
    ),
    Case("country-not-stated", "stated", {"vendors": [vendor(country="US")]}),
    Case(
        "agreement-missing",
        "processors and sub-processors need one",
        {"vendors": [vendor(f"v{number}", role=role) for number, role in enumerate(VENDOR_ROLES)] + [vendor()]},
        tuple(number for number, role in enumerate(VENDOR_ROLES, start=2) if "processor" in role),
        details={2: "processor"},
    ),
    Case(
        "agreement-missing",
        "a link, a date of signature or a date of expiry shows one",
        {
            "vendors": [
                vendor(role="processor", agreement_url="https://example.com/agreement"),
                vendor("b", role="sub-processor", agreement_signed_on=day(-9)),
                vendor("c", role="processor", agreement_expires_on=day(-9)),
                vendor("d", role="processor", status="retired"),
            ]
        },
    ),
    Case(
        "agreement-not-stated",
        "no role and no agreement",
        {"vendors": [vendor(), vendor("b", role="processor"), vendor("c", role="independent-controller")]},
        (2,),
    ),
    Case("agreement-not-stated", "no role, but an agreement", {"vendors": [vendor(agreement_signed_on=day(-9))]}),
    Case(
        "joint-controller-arrangement-missing",
        "joint controllers only",
        {"vendors": [vendor(role="joint-controller"), vendor("b", role="processor"), vendor("c")]},
        (2,),
    ),
    Case(
        "joint-controller-arrangement-missing",
        "there is one",
        {"vendors": [vendor(role="joint-controller", agreement_url="https://example.com")]},
    ),
    *(
        Case(code, f"{column} shows an agreement", {"vendors": [vendor(**role, **{column: value})]})
        for code, role in (("joint-controller-arrangement-missing", {"role": "joint-controller"}), ("agreement-not-stated", {}))
        for column, value in (
            ("agreement_url", "https://example.com/agreement"),
            ("agreement_signed_on", day(-9)),
            ("agreement_expires_on", day(9)),
        )
    ),
    Case(
        "agreement-expired",
        "an agreement is still in force on its last day",
        {
            "vendors": [
                vendor(agreement_expires_on=day(-1)),
                vendor("b", agreement_expires_on=day(0)),
                vendor("c"),
                vendor("d", agreement_expires_on=day(-1), status="retired"),
            ]
        },
        (2,),
        details={2: "1 days ago"},
    ),
    Case("agreement-expired", "an invalid date is another rule's", {"vendors": [vendor(agreement_expires_on="soon")]}),
    Case(
        "agreement-expiring",
        "from today to the sixtieth day",
        {"vendors": [vendor(f"v{days + 1}", agreement_expires_on=day(days)) for days in (-1, 0, 60, 61)]},
        (3, 4),
        details={4: "in 60 days"},
    ),
    Case("agreement-expiring", "no end stated", {"vendors": [vendor(agreement_signed_on=day(-9))]}),
    Case(
        "review-overdue",
        "one day over; on the day; never; no longer a vendor",
        {
            "vendors": [
                vendor(reviewed_on=day(-366)),
                vendor("b", reviewed_on=day(-365)),
                vendor("c"),
                vendor("d", reviewed_on=day(-999), status="retired"),
            ]
        },
        (2,),
        details={2: "366 days"},
    ),
    Case("review-overdue", "reviewed today", {"vendors": [vendor(reviewed_on=day(0))]}),
    Case(
        "never-reviewed",
        "others were reviewed; a new vendor is not due yet",
        {
            "vendors": [
                vendor(reviewed_on=day(-9)),
                vendor("b"),
                vendor("c", added_on=day(-9)),
                vendor("d", added_on=day(-366)),
                vendor("f", added_on=day(-365)),
                vendor("e", status="retired"),
            ]
        },
        (3, 5),
    ),
    Case("never-reviewed", "a register that keeps no reviews is not told for each vendor", {"vendors": [vendor(), vendor("b")]}),
    Case(
        "objection-period-open",
        "from the day it was added to the last day of the period",
        {
            "vendors": [
                *(vendor(f"v{-days}", added_on=day(days)) for days in (0, -30, -31)),
                vendor("future", added_on=day(1)),
                vendor("sub", added_on=day(0), role="sub-processor"),
                vendor("own", added_on=day(0), role="processor"),
                vendor("unknown"),
            ]
        },
        (2, 3, 6),
        {"objection_days": 30},
        {3: f"until {day(0)}"},
    ),
    Case("objection-period-not-stated", "a vendor that may be a sub-processor", {"vendors": [vendor()]}, (None,)),
    Case(
        "objection-period-not-stated",
        "a processor's sub-processors",
        {"vendors": [vendor(role="processor")]},
        (None,),
        {"organisation_role": "processor"},
    ),
    Case("objection-period-not-stated", "a period is stated", {"vendors": [vendor()]}, settings={"objection_days": 30}),
    Case(
        "objection-period-not-stated",
        "a controller has no customers to tell",
        {"vendors": [vendor()]},
        settings={"organisation_role": "controller"},
    ),
    Case(
        "objection-period-not-stated",
        "neither controllers nor former vendors are sub-processors",
        {"vendors": [vendor(role="independent-controller"), vendor("b", status="retired"), vendor("c", removed_on=day(0))]},
    ),
    Case(
        "data-protection-officer-not-stated", "a register without a contact is told so once", {**PERSONAL, "vendors": [vendor()]}, (None,)
    ),
    Case("data-protection-officer-not-stated", "a contact is stated", PERSONAL, settings={"officer_contact": "dpo@example.com"}),
    Case("data-protection-officer-not-stated", "an empty register says nothing", {}),
    Case("privacy-notice-not-stated", "no address of a notice", PERSONAL, (None,)),
    Case("privacy-notice-not-stated", "an address is stated", PERSONAL, settings={"privacy_notice": "https://example.com/privacy"}),
    Case("privacy-notice-not-stated", "a processor's controllers give notice", PERSONAL, settings={"organisation_role": "processor"}),
    Case("privacy-notice-not-stated", "an empty register says nothing", {}),
    Case("objection-period-open", "no period stated", {"vendors": [vendor(added_on=day(0))]}),
    Case(
        "retired-vendor-still-receives",
        "retired, or removed by today, with flows",
        {
            "vendors": [
                vendor(status="retired"),
                vendor("b", removed_on=day(0)),
                vendor("c", removed_on=day(1)),
                vendor("d", status="retired"),
                vendor("e"),
            ],
            "flows": [flow(), flow("usage"), flow(vendor="b"), flow(vendor="c"), flow(vendor="e")],
        },
        (2, 3),
        details={2: "2 flows", 3: f"1 flow; removed on {day(0)}"},
    ),
    Case("retired-vendor-still-receives", "an active vendor may receive", {"vendors": [vendor(status="active")], "flows": [flow()]}),
    Case(
        "company-concentration",
        "three current vendors of one company, however it is capitalised",
        {
            "vendors": [
                vendor("x", company="Other"),
                vendor("a", company="Big"),
                vendor("b", company="BIG"),
                vendor("c", company="Big"),
                vendor("d"),
            ],
            "flows": [flow("logs", "a"), flow("usage", "b"), flow("logs", "c"), flow("support", "x")],
        },
        (3,),
        details={3: "3 vendors; together they receive 2 of the 3 categories"},
    ),
    Case(
        "company-concentration",
        "two vendors, or a third that is retired",
        {
            "vendors": [
                vendor("a", company="Big"),
                vendor("b", company="Big"),
                vendor("c", company="Big", status="retired"),
                vendor("d"),
                vendor("e"),
                vendor("f"),
            ]
        },
    ),
    Case(
        "likely-duplicate-vendors",
        "accents, punctuation, capitals, .com and legal forms make no difference",
        named("Société Générale S.A.", "SOCIETE GENERALE", "Acme, Inc.", "acme.com", "Foo-Bar GmbH & Co. KG", "Foo Bar", "Lone"),
        (3, 5, 7),
        details={3: 'same name as "Société Générale S.A.", row 2'},
    ),
    Case(
        "likely-duplicate-vendors",
        "a slip of the pen, at the start too, but not in a short name",
        named("Cloudflare", "Cloudfare", "Sendgrid", "Snedgrid", "Abc", "Abd"),
        (3, 5),
        details={3: 'similar name as "Cloudflare"'},
    ),
    Case("likely-duplicate-vendors", "names in other scripts are names", named("株式会社メルカリ", "楽天グループ", "楽天グループ"), (4,)),
    Case(
        "likely-duplicate-vendors",
        "numbered services are different services",
        named("Warehouse Region 1", "Warehouse Region 2", "Warehouse Region 12"),
    ),
    Case(
        "likely-duplicate-vendors",
        "services of one stated company with one published name are no duplicates",
        named("Analytics Pro", "Analytics Pro+", company="Big", published_as="Analytics Pro, Analytics Pro+"),
    ),
    Case(
        "likely-duplicate-vendors",
        "one published name alone proves nothing",
        named("Analytics Pro", "Analytics Pro+", published_as="Both"),
        (3,),
    ),
    Case(
        "likely-duplicate-vendors",
        "the same website, unless both companies are stated",
        {
            "vendors": [
                vendor("a", name="Mailer", website="https://www.post.example/mail"),
                vendor("b", name="Sender", website="http://post.example:8080/"),
                vendor("c", name="Calendar", website="https://big.example/calendar", company="Big"),
                vendor("d", name="Drive", website="https://big.example/drive", company="Big"),
                vendor("e", name="Other", website="https://other.example"),
            ]
        },
        (3,),
        details={3: 'same website as "Mailer", row 2'},
    ),
    Case(
        "likely-duplicate-vendors",
        "a retired vendor and its successor",
        {"vendors": [vendor("a", name="Acme", status="retired"), vendor("b", name="Acme")]},
    ),
    Case(
        "likely-duplicate-vendors",
        "vendors without a name are not each other's doubles",
        {"vendors": [{"vendor_id": "a"}, {"vendor_id": "b"}]},
    ),
    Case(
        "likely-duplicate-vendors",
        "the bundled register's Google services are no duplicates",
        named(
            "Google",
            "Google Cloud Platform",
            "Google Calendar",
            "Google Analytics",
            "Google Tag Manager",
            "G Suite",
            "Microsoft",
            "Outlook Calendar",
        ),
    ),
    # Faults found while reading
    *(
        case
        for code in (
            "dangling-reference",
            "duplicate-key",
            "missing-key",
            "invalid-slug",
            "value-not-allowed",
            "invalid-date",
            "invalid-country",
            "invalid-link",
        )
        for case in (
            Case(
                code,
                "each fault of that kind is a finding",
                {"faults": [fault(code, table_name="flows", row_no=7, column_name="notes", value="x"), fault("file-empty")]},
                (7,),
                details={7: f"flows.csv: {KINDS[code].message}. "},
            ),
            Case(code, "other faults are not", {"faults": [fault("file-empty"), fault("rule-failed")]}),
        )
    ),
    Case(
        "rule-failed",
        "it names the file",
        {"faults": [fault("rule-failed", file="checks/own.sql")]},
        (None,),
        details={None: "checks/own.sql: "},
    ),
    Case("rule-failed", "other faults are not", {"faults": [fault("file-empty")]}),
    *(
        case
        for severity, code, other in (
            ("error", "file-empty", "and-more"),
            ("warning", "cell-long", "file-empty"),
            ("note", "column-unknown", "cell-long"),
        )
        for case in (
            Case(
                f"file-{severity}",
                "a fault without a rule of its own",
                {"faults": [fault(code, row_no=3), fault("invalid-date", row_no=4)]},
                (3,),
            ),
            Case(f"file-{severity}", "another severity", {"faults": [fault(other)]}),
        )
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}: {case.claim}")
def test_rule_finds_exactly(case: Case) -> None:
    """A rule finds the rows it is about, says what is particular to them, and finds nothing else."""
    found = findings(database(case.tables, **case.settings), RULES[case.code])
    assert sorted(found, key=str) == sorted(case.rows, key=str)
    for row, text in case.details.items():
        assert text in (found[row] or "")


# Rules that speak of vendors as they are today; those about what still goes to former ones, and about evidence, do not.
CURRENT = {rule.code for rule in RULES.values() if rule.table == "vendors"} - {"retired-vendor-still-receives", "vendor-without-evidence"}


@pytest.mark.parametrize(
    ("cells", "still"),
    [
        ({"removed_on": day(0)}, False),
        ({"status": "retired"}, False),
        ({"removed_on": day(1)}, True),
        ({"removed_on": "last spring"}, True),
    ],
    ids=["removed today", "retired", "removed tomorrow", "date not readable"],
)
@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.code in CURRENT and case.rows and "as_of" not in case.settings],
    ids=lambda case: f"{case.code}: {case.claim}",
)
def test_former_vendors_have_no_gaps(case: Case, cells: dict[str, str], still: bool) -> None:
    """What is missing for a vendor stops mattering on the day it goes, and not before; a date nobody can read proves no departure."""
    # What the case itself says of a vendor's status matters only as long as the vendor is one.
    leaving = [{**cells, **row} if still else {**row, **cells} for row in case.tables["vendors"]]
    rows = case.rows if still else ()
    found = findings(database({**case.tables, "vendors": leaving}, **case.settings), RULES[case.code])
    assert set(found) == set(rows)


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_rule_has_a_case_that_finds_and_one_that_does_not(code: str) -> None:
    """No rule is shipped untried."""
    cases = [case for case in CASES if case.code == code]
    assert any(case.rows for case in cases)
    assert any(not case.rows for case in cases)


def test_cases_are_about_rules() -> None:
    """A case for a rule that is gone is dropped with it."""
    assert {case.code for case in CASES} == set(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_header_says_what_a_reader_needs(rule: Rule) -> None:
    """Each rule cites articles in one form, speaks of columns that exist, and tells what to do in full sentences."""
    assert all(ARTICLE.fullmatch(article) for article in rule.article.split(", "))
    assert not rule.column or rule.column in {column.name for column in BY_NAME[rule.table].columns}
    assert len(rule.title) <= 60
    assert not rule.title.endswith(".")
    assert rule.title[0].isupper()
    for text in (rule.why, rule.hint):
        assert text.endswith(".")
        assert text[0].isupper()
        assert 20 <= len(text) <= 320


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_rule_asks_the_register_what_day_it_is(rule: Rule) -> None:
    """Findings of one register on one day are the same whenever they are computed."""
    assert not re.search(r"\b(current_date|current_timestamp|now|today|getdate|random|uuid)\b", rule.sql, re.IGNORECASE)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_rule_compares_with_allowed_values_only(rule: Rule) -> None:
    """A value renamed in the schema cannot leave a rule that never fires."""
    for column, allowed in (("legal_basis", LEGAL_BASES), ("transfer_mechanism", TRANSFER_MECHANISMS), ("role", VENDOR_ROLES)):
        for value in re.findall(rf"\b{column}(?:::VARCHAR)? = '([^']*)'", rule.sql):
            assert value in (*allowed, *(BY_NAME["activities"].column("role").choices if column == "role" else ()))


def test_rule_files_are_the_only_sql_here() -> None:
    """Every SQL file beside the rules is a rule that is loaded."""
    assert {path.stem for path in BUILT_IN.glob("*.sql")} == set(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_rule_runs_on_an_empty_register(rule: Rule) -> None:
    """A register in which nothing is stated has no findings and no failures."""
    assert findings(database(), rule) == {}


def test_faults_without_a_rule_of_their_own_are_found_by_severity() -> None:
    """Whatever code the reader gives a fault, exactly one rule reports it."""
    connection = database({"faults": [fault(code, row_no=number) for number, code in enumerate(KINDS)]})
    rows: list[int | None] = []
    for code in [rule.code for rule in RULES.values() if rule.table == "register"]:
        for table in ("rules", "findings"):
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        rows += findings(connection, RULES[code])
    assert sorted(rows, key=str) == sorted(range(len(KINDS)), key=str)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            [f"Vendor {chr(97 + a)}{chr(97 + b)}{chr(97 + c)}" for a in range(22) for b in range(22) for c in range(22)], id="all alike"
        ),
        pytest.param([f"Service {number}" for number in range(10_000)], id="numbered"),
        pytest.param(["Same"] * 10_000, id="all the same"),
    ],
)
def test_duplicates_among_ten_thousand_vendors(rows: list[str]) -> None:
    """The search for duplicates ends within the store's limit for a query whatever the names are, and still finds what was planted."""
    connection = database(named("Planted Name GmbH"))
    connection.execute("SET max_execution_time = 30000")
    connection.execute(
        "INSERT INTO vendors BY NAME SELECT (i + 3)::INTEGER AS row_no, format('w{}', i) AS vendor_id, ($1)[i + 1] AS name, "
        "'https://one.example/' AS website FROM range($2) r(i)",
        [rows, len(rows)],
    )
    connection.execute("INSERT INTO vendors BY NAME SELECT 99999 AS row_no, 'planted' AS vendor_id, 'planted-name' AS name")
    assert findings(connection, RULES["likely-duplicate-vendors"])[99_999] == 'same name as "Planted Name GmbH", row 2'
