"""What a table's records are about: vendors, categories of data or processing activities."""

from __future__ import annotations

import re
from collections.abc import Sequence

from popmap.importing import announcing, headings, sideways
from popmap.importing.model import Column, Kind
from popmap.importing.words import fold, group, pattern

_FEWEST_NAMING = 2
_PLACE_ROLES = frozenset(
    [
        "purpose",
        "location",
        "categories",
        "transfer_mechanism",
        "url",
        "agreement_url",
        "country",
        "legal_name",
        "section",
        "condition",
        "legal_basis",
        "retention_period",
    ]
)
_ACTIVITIES = re.compile(
    r"\b(?:processing (?:activities|operations)|(?:liste|registre) des (?:activites de )?traitements?"
    r"|verarbeitungstatigkeiten|actividades de tratamiento)\b"
)
# A column headed so names who receives data whatever else the table tells.
_NAMED = re.compile(
    r"\b(?:vendors?|suppliers?|third part(?:y|ies)|recipients?|anbieter|dienstleister|lieferant|prestataire|fournisseur|proveedor|fornitore"
    r"|fornecedor|leverancier|leverandor|leverantor)\b"
)
_LICENCE = re.compile(r"\b(?:licen[cs]es?|licencias?|licenza|lizenz\w*|spdx)\b")
_SOFTWARE = re.compile(
    r"\b(?:open source|third party (?:software|licen[cs]es|notices|libraries)|dependenc\w+|sbom|software licen[cs]es|acknowledgements)\b"
)
_ABOUT = frozenset(
    [
        "purpose",
        "description",
        "legal_basis",
        "retention_period",
        "collected",
        "condition",
        "legitimate_interest",
        "source_of_data",
        "data_subjects",
    ]
)


def kind(assigned: Sequence[Column], context: Sequence[str], person: bool, several: bool, likely: bool = True) -> Kind | None:
    """Return what a table's records are about, None when it is no table of vendors, categories or activities.

    Args:
        assigned: What each column holds.
        context: The headings above the table, the outermost first, and the sentence directly above it, "" for none.
        person: Whether a person said what columns hold.
        several: Whether the cells of its column of data hold several categories each.
        likely: Whether its names have legal forms or are widely known.
    """
    roles = {one.role for one in assigned if one.role}
    vendor = next((one for one in assigned if one.role == "vendor"), None)
    if vendor and not person and _of_others(assigned, vendor, context):
        return None
    if vendor:
        # "Name" and "Description" head tables of everything.
        plain = {one.role for one in assigned if one.role == "purpose" and headings.guess(one.heading)[0] == "description"}
        about = roles & _PLACE_ROLES - plain
        told = any(map(announcing.introduces, context))
        if headings.generic(vendor.heading) and not person:
            if any(_lists_activities(one) for one in context[-2:-1]) and not told:
                return None
            cookies = any("cookie" in fold(one) for one in context)
            roleless = {one.role for one in assigned if headings.guess(one.heading)[0] not in {"role", "contact"}}
            contacts = "contact" in roles and not roleless & {"purpose", "location", "categories", "country"}
            other = any(pattern("data", "words").search(fold(one)) or fold(one) in {"purposes", "data subjects"} for one in context[-2:-1])
            if cookies or contacts or (not told and (other or not about & sideways.NAMING)):
                return None
        weak = headings.generic(vendor.heading) or headings.guess(vendor.heading)[0] != "vendor"
        if weak and not (told or person or likely) and len(about & sideways.NAMING) < _FEWEST_NAMING:
            return None
        if about or told or person or not headings.generic(vendor.heading):
            return Kind.VENDOR
    return _of_data(assigned, roles, context, person, several)


def _of_data(assigned: Sequence[Column], roles: set[str], context: Sequence[str], person: bool, several: bool) -> Kind | None:
    """Return what the records of a table without a column of vendors are about."""
    if not person and any(fold(one.heading) in group("around", "questions") for one in assigned):
        return None
    if "recipients" in roles:
        return Kind.ACTIVITY
    if "categories" in roles and (roles & _ABOUT or person):
        if several:
            return Kind.ACTIVITY
        first = next(one.role for one in assigned if one.role in {"categories", "purpose", "condition"})
        return Kind.CATEGORY if first == "categories" else Kind.ACTIVITY
    if "categories" in roles and context and headings.sure(context[-2 if len(context) > 1 else -1]) == "categories":
        return Kind.CATEGORY
    return Kind.ACTIVITY if "purpose" in roles and roles & {"legal_basis", "retention_period", "data_subjects"} else None


def _of_others(assigned: Sequence[Column], vendor: Column, context: Sequence[str]) -> bool:
    """Return whether a table is one of software, cookies or the like, which names who made something rather than who receives data."""
    heads = [fold(one.heading) for one in assigned]
    receiving = bool(headings.RECEIVING.search(fold(vendor.heading)) or _NAMED.search(fold(vendor.heading)))
    software = not receiving and (any(one in group("around", "foreign") or _LICENCE.search(one) for one in heads) or _made_of(context))
    cookies = any("cookie" in one for one in heads if one != fold(vendor.heading))
    return software or (cookies and headings.generic(vendor.heading))


def _made_of(context: Sequence[str]) -> bool:
    """Return whether what stands above a table says that it lists the software a product is made of."""
    return any(_SOFTWARE.search(fold(one)) for one in context[:-1])


def of_cookies(assigned: Sequence[Column], trail: Sequence[str]) -> bool:
    """Return whether a table is one of cookies, whose providers may receive data or be whoever publishes the page."""
    over = ["cookie" in fold(one) for one in trail]
    lasting = any(one.role == "retention_period" for one in assigned)
    return any("cookie" in fold(one.heading) for one in assigned) or any(over[-1:]) or (any(over) and lasting)


def _lists_activities(heading: str) -> bool:
    """Return whether a heading announces processing activities and nobody who receives data."""
    return bool(_ACTIVITIES.search(fold(heading)))
