"""The record of processing activities, as Art. 30(1) asks of controllers and Art. 30(2) of processors."""

from __future__ import annotations

from popmap.renderings import entries as of
from popmap.renderings.entries import Entry, Lines, entries
from popmap.renderings.facts import Facts
from popmap.renderings.paper import Paper
from popmap.renderings.words import NO_COLUMN, NOT_STATED, ROLES, listed

CONTROLLER_ROLES = ("controller", "joint-controller", None)
_ROLELESS = (
    "An activity whose role is not stated stands in the record of Art. 30(1), because a controller’s is the fuller one; it says so, and is "
    "not in the record of Art. 30(2)."
)
_DERIVED = (
    "Where an activity states no recipients, those that flows of its categories name are given and marked as such; whether they receive "
    "the data for this activity is for a person to say."
)
_NO_ORGANISATIONS = "The register has no column for transfers to international organisations."


def party(stated: dict[str, str], *parts: str) -> Lines:
    """Return a party's name and how to reach it, each "not stated" where it is blank."""
    if not any(stated.values()):
        return (NOT_STATED,)
    return (stated.get("name") or NOT_STATED, *(f"{part}: {stated.get(part) or NOT_STATED}" for part in parts))


def parties(facts: Facts, own: str) -> tuple[tuple[str, Lines], ...]:
    """Return Art. 30(1)(a), (2)(a): who is responsible and how to reach them.

    Args:
        facts: The register's rows.
        own: What the organisation is called in this record.
    """
    settings = facts.settings
    return (
        (own, party(settings.organisation, "address", "contact")),
        ("Representative (Art. 27)", party(settings.representative, "contact")),
        ("Data protection officer (Art. 37)", party(settings.data_protection_officer, "contact")),
    )


def joint(facts: Facts) -> Lines:
    """Return the joint controllers; the register has their names only."""
    return tuple(f"{name or NOT_STATED}, contact {NOT_STATED}" for name in facts.settings.joint_controllers) or (NOT_STATED,)


def joint_in(facts: Facts, entry: Entry) -> Lines:
    """Return the joint controllers in an activity: those the register names where its role is joint controller."""
    role = entry.activity["role"] if entry.activity else None
    if role == "controller":
        return ("none: the role in this activity is controller, as stated",)
    named = joint(facts)
    return named if role == "joint-controller" or named == (NOT_STATED,) else ("not stated for this activity; the register names:", *named)


def extract(facts: Facts) -> tuple[str, ...]:
    """Return the remark that a document is of a part of the register, nothing when it is of the whole."""
    return (f"This is an extract, not the whole record: {facts.filtered}.",) if facts.filtered else ()


def controller(facts: Facts) -> Paper:
    """Return the record of Art. 30(1): its points (a) to (g) for every activity as controller, joint controller, or in no stated role."""
    found = entries(facts, CONTROLLER_ROLES, outside=True)
    own, *others = parties(facts, "Controller (a)")
    organisation = facts.settings.organisation.get("role")
    head = (own, ("Joint controllers, where the role says so (a)", joint(facts)), *others)
    role = f"The organisation's role, as stated for it as a whole: {ROLES.get(organisation, organisation) if organisation else NOT_STATED}."
    return Paper(
        "Record of processing activities (controller)",
        "Record that a controller maintains under Art. 30(1) GDPR.",
        head,
        (
            "Processing activity",
            "Role and remarks",
            "Purposes (b)",
            "Categories of data subjects (c)",
            "Categories of personal data (c)",
            "Recipients, those in third countries included (d)",
            "Transfers to third countries or international organisations (e)",
            "Documentation of suitable safeguards, Art. 49(1) second subparagraph (e)",
            "Envisaged time limits for erasure (f)",
            "Technical and organisational security measures, Art. 32(1) (g)",
        ),
        tuple(_controller_row(facts, entry) for entry in found),
        tuple(entry.title for entry in found),
        (*extract(facts), *none_stated(facts), role, *of.doubtful(facts, found), _ROLELESS, _DERIVED, _NO_ORGANISATIONS, *left_out(facts)),
    )


def none_stated(facts: Facts) -> tuple[str, ...]:
    """Return the remark that the register states no activity at all."""
    return () if facts.all_activities else (f"{of.NO_ACTIVITY}. What follows is what it states of categories and flows.",)


def left_out(facts: Facts) -> tuple[str, ...]:
    """Return the remark that names the activities that stand in the other record."""
    names = [row["name"] or row["activity_id"] for row in facts.activities if row["role"] not in CONTROLLER_ROLES]
    return (f"As processor, and so in the record of Art. 30(2): {listed(names)}.",) if names else ()


def _controller_row(facts: Facts, entry: Entry) -> tuple[Lines, ...]:
    return (
        (entry.title,),
        tuple(part for part in (entry.said("role", ROLES) if entry.activity and entry.activity["role"] else "", of.remark(entry)) if part),
        of.purposes(entry),
        of.subjects(facts, entry),
        of.personal_data(facts, entry),
        of.recipients(facts, entry),
        of.transfers(facts, entry.flows),
        of.safeguards(facts, entry.flows),
        of.retention(facts, entry),
        of.measures(entry),
    )


def processor(facts: Facts) -> Paper:
    """Return the record of Art. 30(2): its points (a) to (d) for every activity in which the organisation is stated to be processor."""
    found = entries(facts, ("processor",))
    roleless = [row["name"] or row["activity_id"] for row in facts.activities if row["role"] is None]
    remarks = [*extract(facts), *none_stated(facts)]
    if not found:
        remarks.append("The register states no activity in which the organisation is a processor.")
    remarks += of.doubtful(facts, found)
    if roleless:
        remarks.append(f"Of these activities the role is not stated, so that they stand in the record of Art. 30(1): {listed(roleless)}.")
    blank = ("No activity as processor is stated in the register",)
    rows = tuple(_processor_row(facts, entry) for entry in found) or ((blank, *((NOT_STATED,),) * 5),)
    return Paper(
        "Record of processing activities (processor)",
        "Record that a processor maintains under Art. 30(2) GDPR of what it does on behalf of controllers.",
        parties(facts, "Processor (a)"),
        (
            "Processing activity",
            "Controllers on whose behalf, and their representatives (a)",
            "Categories of processing carried out on behalf of each controller (b)",
            "Transfers to third countries or international organisations (c)",
            "Documentation of suitable safeguards, Art. 49(1) second subparagraph (c)",
            "Technical and organisational security measures, Art. 32(1) (d)",
        ),
        rows,
        tuple(entry.title for entry in found) or blank,
        (*remarks, _NO_ORGANISATIONS),
    )


def _processor_row(facts: Facts, entry: Entry) -> tuple[Lines, ...]:
    data = of.personal_data(facts, entry)
    return (
        (entry.title,),
        (NO_COLUMN,),
        (f"purpose: {of.purposes(entry)[0]}", *(f"category of personal data: {line}" for line in data)),
        of.transfers(facts, entry.flows),
        of.safeguards(facts, entry.flows),
        of.measures(entry),
    )
