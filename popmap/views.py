"""The views of a register: which columns its tables have on the screen and in files, what they are called and how they are sorted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from popmap.errors import UsageError

# Stands where an outsider is not shown what a cell holds: the cell is stated, so "not stated" would be wrong.
LEFT_OUT = "left out (internal)"


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """One column of a table.

    Attributes:
        name: Its key in files and URLs.
        label: Its heading.
        help: What it holds, for a tooltip.
        default: Whether it is shown unless the reader chooses.
        internal: Whether it is kept from outsiders.
        sort: What it is ordered by in SQL, or "" when it cannot be.
    """

    name: str
    label: str
    help: str = ""
    default: bool = True
    internal: bool = False
    sort: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """One table.

    Attributes:
        name: Its key in files, URLs and commands.
        title: What it is called.
        columns: Its columns in order.
        key: The column that names a row.
        order: The SQL order when none is chosen, and of rows that tie in the one chosen; no two rows tie in it, so pages have no holes.
    """

    name: str
    title: str
    columns: tuple[ShownColumn, ...]
    key: str
    order: str

    def column(self, name: str) -> ShownColumn:
        """Return the column of that name; raises UsageError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise UsageError(f"The table {self.name} has no column {name}.", f"Use one of {', '.join(column.name for column in self.columns)}.")


def _c(name: str, label: str, tip: str = "", *, default: bool = True, internal: bool = False, sort: str = "") -> ShownColumn:
    return ShownColumn(name, label, tip, default, internal, sort or name)


FLOWS = View(
    "flows",
    "Flows",
    (
        _c("category", "Category", "The category of personal data.", sort="f.category_id"),
        _c("vendor", "Vendor", "Who receives it.", sort="f.vendor_id"),
        _c("purpose", "Purpose", "What for, as stated.", sort="f.purpose::VARCHAR"),
        _c("legal_basis", "Legal basis", "Art. 6(1) GDPR.", sort="f.legal_basis::VARCHAR"),
        _c("condition", "Condition", "When it applies, as stated.", sort="f.condition::VARCHAR"),
        _c("data_use", "Data use", "The purpose in the fideslang taxonomy.", default=False, sort="f.data_use::VARCHAR"),
        _c("section", "Section", "The heading the vendor is published under.", default=False, sort="-"),
        _c("company", "Company", "The group the vendor belongs to.", default=False, sort="-"),
        _c("role", "Role", "The vendor's role.", default=False, sort="-"),
        _c("locations", "Processing countries", "Where the data is processed.", sort="f.locations::VARCHAR"),
        _c("transfer_mechanism", "Transfer mechanism", "Chapter V GDPR.", default=False, sort="f.transfer_mechanism::VARCHAR"),
        _c("transfer_state", "Transfer", "What the countries and the mechanism amount to.", default=False, sort="f.transfer_state"),
        _c("transfer_checked_on", "Transfer checked on", default=False, sort="f.transfer_checked_on::VARCHAR"),
        _c("retention_period", "Retention period", "How long the vendor keeps it.", default=False, sort="f.retention_period::VARCHAR"),
        _c("evidence_status", "Evidence", "What the flow rests on: none, inferred, stated or confirmed.", sort="f.evidence_status"),
        _c("findings", "Findings", "Gap rules this flow hits.", sort="bit_count(f.gaps)"),
        _c("category_id", "Category key", default=False, sort="f.category_id"),
        _c("vendor_id", "Vendor key", default=False, sort="f.vendor_id"),
        _c("data_use_key", "Data use key", default=False, sort="f.data_use::VARCHAR"),
        _c("inferred", "Inferred cells", "Columns whose cell someone inferred; no source states it.", default=False, sort="-"),
        _c("notes", "Notes", default=False, internal=True, sort="f.notes::VARCHAR"),
        _c("row_id", "Row", "The key cells joined by /.", default=False, sort="-"),
        _c("row_no", "Row number", "As a spreadsheet counts.", default=False, sort="f.row_no"),
    ),
    key="row_id",
    order="f.row_no",
)

VENDORS = View(
    "vendors",
    "Vendors",
    (
        _c("name", "Vendor", "The vendor's or its service's name.", sort="lower(s.name)"),
        _c("section", "Section", "The heading it is published under.", sort="lower(v.section)"),
        _c("company", "Company", "The group it belongs to.", sort="lower(v.company)"),
        _c("role", "Role", "Processor, sub-processor, joint or independent controller.", sort="v.role"),
        _c("country", "Head office", "Not the place of processing.", sort="v.country"),
        _c("categories", "Categories", "How many categories of personal data it receives.", sort="s.categories"),
        _c("category_names", "Receives", "The categories it receives.", sort="s.category_names"),
        _c("flows", "Flows", "Rows of the register that name it.", sort="s.flows"),
        _c("findings", "Findings", "Gap rules it or its flows hit.", sort="findings"),
        _c("published_as", "Published as", "The name on the published page, when it differs.", default=False, sort="v.published_as"),
        _c("legal_name", "Legal name", default=False, sort="v.legal_name"),
        _c("website", "Website", default=False, sort="v.website"),
        _c("agreement_url", "Data processing agreement", "Art. 28(3) GDPR.", default=False, sort="v.agreement_url"),
        _c("agreement_signed_on", "Agreement signed on", default=False, sort="v.agreement_signed_on"),
        _c("agreement_expires_on", "Agreement expires on", default=False, sort="v.agreement_expires_on"),
        _c("subprocessors_url", "Its sub-processors", default=False, sort="v.subprocessors_url"),
        _c("certifications", "Certifications", default=False, sort="certifications"),
        _c("status", "Status", default=False, sort="v.status"),
        _c("added_on", "Added on", default=False, sort="v.added_on"),
        _c("removed_on", "Removed on", default=False, sort="v.removed_on"),
        _c("reviewed_on", "Reviewed on", default=False, sort="v.reviewed_on"),
        _c("vendor_id", "Key", default=False, sort="s.vendor_key"),
        _c("inferred", "Inferred cells", "Columns whose cell someone inferred; no source states it.", default=False, sort="-"),
        _c("notes", "Notes", default=False, internal=True, sort="v.notes"),
        _c("row_no", "Row number", default=False, sort="s.row_no"),
    ),
    key="vendor_id",
    order="s.row_no NULLS LAST, s.vendor_key",
)

CATEGORIES = View(
    "categories",
    "Categories",
    (
        _c("name", "Category", sort="lower(s.name)"),
        _c("description", "What it covers", "As published.", sort="c.description"),
        _c("vendors", "Vendors", "How many vendors receive it.", sort="s.vendors"),
        _c("flows", "Flows", "Rows of the register that name it.", sort="s.flows"),
        _c("findings", "Findings", "Gap rules it or its flows hit.", sort="findings"),
        _c("personal", "Personal data", "Art. 4(1) GDPR.", sort="c.personal"),
        _c("special_category", "Special category", "Art. 9 or 10 GDPR.", sort="c.special_category"),
        _c("data_subjects", "Data subjects", sort="data_subjects"),
        _c("retention_period", "Retention period", sort="c.retention_period"),
        _c("taxonomy_keys", "Taxonomy", "fideslang data categories.", default=False, sort="taxonomy_keys"),
        _c("category_id", "Key", default=False, sort="s.category_key"),
        _c("inferred", "Inferred cells", "Columns whose cell someone inferred; no source states it.", default=False, sort="-"),
        _c("notes", "Notes", default=False, internal=True, sort="c.notes"),
        _c("row_no", "Row number", default=False, sort="s.row_no"),
    ),
    key="category_id",
    order="s.row_no NULLS LAST, s.category_key",
)

ACTIVITIES = View(
    "activities",
    "Processing activities",
    (
        _c("name", "Activity"),
        _c("purpose", "Purpose"),
        _c("role", "Role", default=False),
        _c("legal_basis", "Legal basis"),
        _c("legitimate_interest", "Legitimate interest", default=False),
        _c("category_ids", "Categories"),
        _c("vendor_ids", "Recipients"),
        _c("data_subjects", "Data subjects"),
        _c("retention_period", "Retention period"),
        _c("measures", "Measures", default=False),
        _c("automated_decisions", "Automated decisions", default=False),
        _c("impact_assessment", "Impact assessment", default=False),
        _c("source_of_data", "Source of data", default=False),
        _c("owner", "Owner", default=False, internal=True),
        _c("reviewed_on", "Reviewed on", default=False),
        _c("activity_id", "Key", default=False),
        _c("inferred", "Inferred cells", "Columns whose cell someone inferred; no source states it.", default=False, sort="-"),
        _c("notes", "Notes", default=False, internal=True),
        _c("row_no", "Row number", default=False),
    ),
    key="activity_id",
    order="a.row_no",
)

FINDINGS = View(
    "findings",
    "Findings",
    (
        _c("severity", "Severity", sort="r.severity_rank"),
        _c("title", "Finding"),
        _c("article", "Article", sort="r.article"),
        _c("table_name", "Table"),
        _c("row_no", "Row number", "As a spreadsheet counts."),
        _c("subject", "About"),
        _c("column_name", "Column", sort="o.column_name"),
        _c("value", "Value", default=False),
        _c("detail", "Detail"),
        _c("why", "Why it matters", default=False),
        _c("hint", "What to do"),
        _c("code", "Rule", default=False, sort="r.code"),
        _c("row_id", "Row", default=False),
    ),
    key="row_id",
    order="r.severity_rank, r.rule_no, o.row_no, o.table_name, o.column_name, o.value, o.detail",
)

VIEWS: dict[str, View] = {view.name: view for view in (FLOWS, VENDORS, CATEGORIES, ACTIVITIES, FINDINGS)}


def view(name: str) -> View:
    """Return the view of that name; raises UsageError when there is none."""
    if name not in VIEWS:
        raise UsageError(f"There is no table called {name}.", f"Use one of {', '.join(VIEWS)}.")
    return VIEWS[name]


@cache
def public(name: str) -> View:
    """Return the view of that name without the columns kept from outsiders; raises UsageError when there is none."""
    whole = view(name)
    return replace(whole, columns=tuple(column for column in whole.columns if not column.internal))


def seen(name: str, *, internal: bool) -> View:
    """Return the view of that name, whole or without the columns kept from outsiders; raises UsageError when there is none."""
    return view(name) if internal else public(name)
