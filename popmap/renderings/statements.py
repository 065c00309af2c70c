"""The register's rows as statements in the Data Privacy Vocabulary, without blank nodes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote

from popmap.renderings.facts import Facts
from popmap.renderings.words import MECHANISMS, Row, is_inferred, items

if TYPE_CHECKING:
    from rdflib import Graph, URIRef

PREFIXES = {
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "loc": "https://w3id.org/dpv/loc#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}
_BASES = {
    "consent": "A6-1-a",
    "contract": "A6-1-b",
    "legal-obligation": "A6-1-c",
    "vital-interests": "A6-1-d",
    "public-task": "A6-1-e",
    "legitimate-interests": "A6-1-f",
}
# Which clauses or which letter of Art. 49 a transfer rests on is not stated, so the wider terms are used; DPV has none for a derogation.
_TOOLS = {
    "standard-contractual-clauses": "StandardContractualClauses",
    "binding-corporate-rules": "BindingCorporateRules",
    "code-of-conduct": "CodesOfConductForDataTransfers",
    "certification": "CertificationMechanismsForDataTransfers",
}
_ADEQUACY = ("adequacy", "data-privacy-framework")
_CLASSES = {
    "processor": "DataProcessor",
    "sub-processor": "DataSubProcessor",
    "joint-controller": "DataController",
    "independent-controller": "DataController",
}
_FLOW_BLANKS = {
    "purpose": "purpose",
    "legal_basis": "legal basis",
    "locations": "place of processing",
    "transfer_mechanism": "transfer mechanism",
    "retention_period": "retention period",
}
_ACTIVITY_BLANKS = {
    "role": "role",
    "purpose": "purpose",
    "legal_basis": "legal basis",
    "category_ids": "categories of personal data",
    "vendor_ids": "recipients",
    "data_subjects": "categories of data subjects",
    "retention_period": "retention period",
    "measures": "technical and organisational measures",
}


def graph(facts: Facts) -> Graph:
    """Return the rows as a graph without blank nodes; every resource that is ours has an address made of the register's own keys."""
    # rdflib takes a tenth of a second to import, and no other document needs it.
    from rdflib import Graph

    made = _Maker(Graph(bind_namespaces="none"), facts)
    for prefix, space in PREFIXES.items():
        made.graph.bind(prefix, space)
    made.organisation()
    for row in facts.vendors:
        made.vendor(row)
    for row in facts.categories:
        made.category(row)
    for row in facts.flows:
        made.flow(row)
    for row in facts.activities:
        made.activity(row)
    return made.graph


class _Maker:
    """Collects statements; a class because every part of it adds to one graph from one set of rows."""

    def __init__(self, made: Graph, facts: Facts) -> None:
        self.graph, self.facts = made, facts
        self.vendors = {row["vendor_id"] for row in facts.vendors}
        self.categories = {row["category_id"] for row in facts.categories}

    def ours(self, kind: str, *keys: str) -> URIRef:
        """Return the address of a resource of ours, the same for the same keys in every register's file."""
        from rdflib import URIRef

        return URIRef(":".join(["urn:popmap", kind, *(quote(key, safe="") for key in keys)]))

    def term(self, name: str) -> URIRef:
        """Return the address of a term written with its prefix."""
        from rdflib import URIRef

        prefix, _, local = name.partition(":")
        return URIRef(PREFIXES[prefix] + local)

    def add(self, subject: URIRef, predicate: str, *values: URIRef | str) -> None:
        """State something; a plain text becomes a literal."""
        from rdflib import Literal, URIRef

        for value in values:
            self.graph.add((subject, self.term(predicate), value if isinstance(value, URIRef) else Literal(_sound(value))))

    def new(self, subject: URIRef, kind: str, label: str) -> URIRef:
        """Introduce a resource of ours."""
        self.add(subject, "rdf:type", self.term(kind))
        self.add(subject, "rdfs:label", label)
        return subject

    def organisation(self) -> None:
        """State who keeps the register, its representative and its data protection officer, as far as they are stated."""
        settings = self.facts.settings
        own = settings.organisation
        kinds = {"controller": "dpv:DataController", "joint-controller": "dpv:DataController", "processor": "dpv:DataProcessor"}
        us = self.ours("organisation")
        self.new(us, "dpv:Organisation", own.get("name") or "not stated")
        if own.get("role") in kinds:
            self.add(us, "rdf:type", self.term(kinds[own["role"]]))
        self.party(us, own)
        for kind, link, said in (
            ("Representative", "dpv:hasRepresentative", settings.representative),
            ("DataProtectionOfficer", "dpv:hasDataProtectionOfficer", settings.data_protection_officer),
        ):
            if any(said.values()):
                one = self.new(self.ours(kind), f"dpv:{kind}", said.get("name") or "not stated")
                self.party(one, said)
                self.add(us, link, one)
        for name in settings.joint_controllers:
            self.new(self.ours("joint-controller", name), "dpv:DataController", name or "not stated")

    def party(self, subject: URIRef, said: dict[str, str]) -> None:
        """State a party's name, address and contact."""
        for key, link in (("name", "dpv:hasName"), ("address", "dpv:hasAddress"), ("contact", "dpv:hasContact")):
            if said.get(key):
                self.add(subject, link, said[key])

    def vendor(self, row: Row) -> None:
        """State a vendor as a recipient, in its role where one is stated."""
        one = self.new(self.ours("vendor", row["vendor_id"]), "dpv:Recipient", row["name"])
        self.add(one, "dpv:hasName", row["legal_name"] or row["name"])
        if row["role"] in _CLASSES:
            self.add(one, "rdf:type", self.term(f"dpv:{_CLASSES[row['role']]}"))
        if row["country"]:
            self.add(one, "dpv:hasCountry", self.place(row["country"]))
        self.notes(one, row, {"role": "role", "country": "country of the head office"}, ("name", "legal_name", "role", "country"))

    def category(self, row: Row) -> None:
        """State a category of personal data; one that is stated not to be personal is not called so, and one in doubt is data."""
        one = self.ours("category", row["category_id"])
        kind = {"yes": "dpv:PersonalData", "no": "dpv:NonPersonalData"}.get(row["personal"] or "", "dpv:Data")
        special = row["special_category"] == "art9"
        self.new(one, "dpv:SpecialCategoryPersonalData" if special else kind, row["name"])
        if row["description"]:
            self.add(one, "dct:description", row["description"])
        for subject in items(row, "data_subjects"):
            self.add(one, "dpv:hasDataSubject", self.named("data-subject", "dpv:DataSubject", subject))
        self.storage(one, row["retention_period"])
        blanks = {"personal": "whether it is personal data", "special_category": "special category", "data_subjects": "data subjects"}
        self.notes(one, row, blanks | {"retention_period": "retention period"}, ("name", "description", "personal", "special_category"))

    def flow(self, row: Row) -> None:
        """State a flow as a process: this category to this vendor for this purpose."""
        one = self.ours("flow", row["category_id"], row["vendor_id"], row["purpose"] or "")
        self.new(one, "dpv:Process", f"{row['category']} to {row['vendor']}")
        self.add(one, "dpv:hasProcessing", self.term("dpv:Disclose"))
        self.data(one, (row["category_id"],))
        self.recipients(one, (row["vendor_id"],))
        if row["purpose"]:
            self.add(one, "dpv:hasPurpose", self.named("purpose", "dpv:Purpose", row["purpose"]))
        if row["legal_basis"] in _BASES:
            self.add(one, "dpv:hasLegalBasis", self.term(f"eu-gdpr:{_BASES[row['legal_basis']]}"))
        if row["condition"]:
            self.add(one, "dct:description", f"Condition, as stated: {row['condition']}")
        for code in items(row, "locations"):
            self.add(one, "dpv:hasThirdCountry" if self.facts.is_third(code) else "dpv:hasLocation", self.place(code))
        self.ground(one, row["transfer_mechanism"])
        self.storage(one, row["retention_period"])
        self.notes(one, row, _FLOW_BLANKS, ("purpose", "legal_basis", "condition", "locations", "transfer_mechanism", "retention_period"))

    def ground(self, one: URIRef, stated: str | None) -> None:
        """State what a transfer rests on."""
        if stated in _ADEQUACY:
            self.add(one, "dpv:hasLegalBasis", self.term("eu-gdpr:AdequacyDecision"))
        if stated in _TOOLS:
            self.add(one, "dpv:hasTechnicalOrganisationalMeasure", self.term(f"eu-gdpr:{_TOOLS[stated]}"))
        if stated:
            self.add(one, "rdfs:comment", f"Transfer mechanism, as stated: {MECHANISMS.get(stated, stated)}")

    def activity(self, row: Row) -> None:
        """State a processing activity as a process."""
        one = self.new(self.ours("activity", row["activity_id"]), "dpv:Process", row["name"] or row["activity_id"])
        us = self.ours("organisation")
        if row["role"] in ("controller", "joint-controller"):
            self.add(one, "dpv:hasDataController", us)
        if row["role"] == "joint-controller":
            self.add(one, "dpv:hasDataController", *(self.ours("joint-controller", name) for name in self.facts.settings.joint_controllers))
        if row["role"] == "processor":
            self.add(one, "dpv:hasDataProcessor", us)
        self.data(one, items(row, "category_ids"))
        self.recipients(one, items(row, "vendor_ids"))
        if row["purpose"]:
            self.add(one, "dpv:hasPurpose", self.named("purpose", "dpv:Purpose", row["purpose"]))
        if row["legal_basis"] in _BASES:
            self.add(one, "dpv:hasLegalBasis", self.term(f"eu-gdpr:{_BASES[row['legal_basis']]}"))
        for subject in items(row, "data_subjects"):
            self.add(one, "dpv:hasDataSubject", self.named("data-subject", "dpv:DataSubject", subject))
        if row["measures"]:
            measure = self.named("measure", "dpv:TechnicalOrganisationalMeasure", row["measures"])
            self.add(one, "dpv:hasTechnicalOrganisationalMeasure", measure)
        if row["source_of_data"]:
            self.add(one, "dpv:hasDataSource", self.named("data-source", "dpv:DataSource", row["source_of_data"]))
        self.storage(one, row["retention_period"])
        self.notes(one, row, _ACTIVITY_BLANKS, (*_ACTIVITY_BLANKS, "name", "source_of_data"))

    def data(self, one: URIRef, keys: Iterable[str]) -> None:
        """State which data a process concerns; personal only where the register says so."""
        for key in keys:
            row = self.facts.all_categories.get(key)
            if row is None:
                self.new(self.ours("category", key), "dpv:Data", key)
            elif key not in self.categories:
                self.category(row)
            personal = row is not None and (row["personal"] == "yes" or row["special_category"] == "art9")
            self.add(one, "dpv:hasPersonalData" if personal else "dpv:hasData", self.ours("category", key))

    def recipients(self, one: URIRef, keys: Iterable[str]) -> None:
        """State who receives the data, as a processor too where that is the stated role."""
        for key in keys:
            row = self.facts.all_vendors.get(key)
            if row is None:
                self.new(self.ours("vendor", key), "dpv:Recipient", key)
            elif key not in self.vendors:
                self.vendor(row)
            self.add(one, "dpv:hasRecipient", self.ours("vendor", key))
            if row is not None and row["role"] in ("processor", "sub-processor"):
                self.add(one, "dpv:hasDataProcessor", self.ours("vendor", key))

    def storage(self, one: URIRef, period: str | None) -> None:
        """State how long data is kept, in the register's words."""
        if period:
            self.add(one, "dpv:hasStorageCondition", self.named("storage", "dpv:StorageCondition", period))

    def named(self, kind: str, term: str, text: str) -> URIRef:
        """Return a resource that is known by its words alone."""
        return self.new(self.ours(kind, text), term, text)

    def place(self, code: str) -> URIRef:
        """Return DPV's address of a country, or one of ours for what is no ISO code."""
        if code not in self.facts.countries:
            return self.named("place", "dpv:Location", code)
        place = self.term(f"loc:{code}")
        self.new(place, "dpv:Country", self.facts.country_name(code))
        return place

    def notes(self, one: URIRef, row: Row, blanks: dict[str, str], columns: tuple[str, ...]) -> None:
        """Say what is not stated, and what somebody inferred."""
        missing = [label for column, label in blanks.items() if row[column] is None]
        if missing:
            self.add(one, "rdfs:comment", f"Not stated: {', '.join(missing)}")
        guessed = [column for column in columns if row[column] is not None and is_inferred(row, column)]
        if guessed:
            self.add(one, "rdfs:comment", f"Inferred, not stated by a source: {', '.join(guessed)}")


def _sound(text: str) -> str:
    return text.replace("\x00", "\ufffd")
