"""Documents for machines are what their standards ask, and hold no key or statement that the register does not make."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from fideslang.models import Taxonomy
from hostile import NAMES, write_hostile
from hypothesis import given, settings
from pyshacl import validate
from rdflib import RDF, RDFS, BNode, Graph, Literal, URIRef
from registers import DAY, registers, tiny, write
from renderings_sample import DOCUMENTED, MADE_AT, sample, write_sample

from popmap.checks.run import open_checked
from popmap.opened import BUNDLED
from popmap.renderings.files import rendering_file
from popmap.renderings.linked import SHAPE
from popmap.renderings.statements import PREFIXES
from popmap.renderings.subprocessors import SCHEMA
from popmap.store import Store

# The terms in use, each looked up in the files of DPV 2.3 (dpv.ttl, eu-gdpr.ttl); countries are terms of loc by their ISO code.
DPV_TERMS = {
    *("Country", "Data", "DataController", "DataProcessor", "DataProtectionOfficer", "DataSource", "DataSubProcessor", "DataSubject"),
    *("Disclose", "Location", "NonPersonalData", "Organisation", "PersonalData", "Process", "Purpose", "Recipient", "Representative"),
    *("SpecialCategoryPersonalData", "StorageCondition", "TechnicalOrganisationalMeasure", "hasAddress", "hasContact", "hasCountry"),
    *("hasData", "hasDataController", "hasDataProcessor", "hasDataProtectionOfficer", "hasDataSource", "hasDataSubject", "hasLegalBasis"),
    *("hasLocation", "hasName", "hasPersonalData", "hasProcessing", "hasPurpose", "hasRecipient", "hasRepresentative"),
    *("hasStorageCondition", "hasTechnicalOrganisationalMeasure", "hasThirdCountry"),
}
GDPR_TERMS = {
    *("A6-1-a", "A6-1-b", "A6-1-c", "A6-1-d", "A6-1-e", "A6-1-f", "AdequacyDecision", "StandardContractualClauses"),
    *("BindingCorporateRules", "CodesOfConductForDataTransfers", "CertificationMechanismsForDataTransfers"),
}
DPV, GDPR, LOC = PREFIXES["dpv"], PREFIXES["eu-gdpr"], PREFIXES["loc"]


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Store]:
    """Return the registers that documents are tried on, by name."""
    folder = tmp_path_factory.mktemp("machines")
    folders = {
        "sample": write_sample(folder / "sample"),
        "hostile": write_hostile(folder / "hostile"),
        "tiny": write(folder / "tiny", tiny()),
        "empty": write(folder / "empty", {table: [] for table in ("categories", "vendors", "flows")}),
        "popwork": BUNDLED,
    }
    return {name: open_checked(path, DAY) for name, path in folders.items()}


WHICH = ["sample", "hostile", "tiny", "empty", "popwork"]


def made(store: Store, name: str, form: str) -> bytes:
    return rendering_file(store, name, form, MADE_AT)


def graph(store: Store) -> Graph:
    return Graph().parse(data=made(store, "dpv", "turtle"), format="turtle")


def ours(*keys: str) -> URIRef:
    return URIRef(":".join(["urn:popmap", *keys]))


def conforms(found: Graph) -> bool:
    return validate(found, shacl_graph=Graph().parse(SHAPE))[0]


# -- fideslang -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", WHICH)
def test_fideslang_takes_it(stores: dict[str, Store], which: str) -> None:
    """Fideslang reads the systems; every vendor is one, and every flow is a declaration or named in a comment as none."""
    store, content = stores[which], made(stores[which], "fideslang", "yaml").decode()
    systems = Taxonomy(**yaml.safe_load(content)).system or []
    names = [name for (name,) in store.query("SELECT name FROM vendor_facts")]
    assert sorted(system.name or "" for system in systems) == sorted(names)
    declared = sum(len(system.privacy_declarations) for system in systems)
    (left_out,) = re.findall(r"^# Flows without a declaration.*: (\d+)$", content, re.MULTILINE)
    assert declared + int(left_out) == store.counts["flows"]
    assert len(re.findall(r"^#   ", content, re.MULTILINE)) == int(left_out)


@pytest.mark.parametrize("which", WHICH)
def test_no_key_is_made_up(stores: dict[str, Store], which: str) -> None:
    """Data uses and data categories are those the register states, and legal bases are there only where it states them."""
    store = stores[which]
    uses = {use for (use,) in store.query("SELECT data_use::VARCHAR FROM flows WHERE data_use IS NOT NULL")}
    keys = {key for (key,) in store.query("SELECT unnest(taxonomy_keys) FROM categories")}
    systems = yaml.safe_load(made(store, "fideslang", "yaml"))["system"]
    declarations = [entry for system in systems for entry in system["privacy_declarations"]]
    assert {entry["data_use"] for entry in declarations} <= uses
    assert {key for entry in declarations for key in entry["data_categories"]} <= keys
    bases = sum("legal_basis_for_processing" in entry for entry in declarations)
    assert bases <= store.query("SELECT count(legal_basis) FROM flows")[0][0]


def test_what_fideslang_is_told(stores: dict[str, Store]) -> None:
    """A declaration holds what its flow and category state, and a comment says which of its keys somebody inferred."""
    content = made(stores["sample"], "fideslang", "yaml").decode()
    by_key = {system["fides_key"]: system for system in yaml.safe_load(content)["system"]}
    assert by_key["cloud"]["privacy_declarations"] == [
        {
            "name": "Coordonnées: Hosting",
            "data_categories": ["user.contact.email"],
            "data_use": "essential.service.operations",
            "legal_basis_for_processing": "Contract",
            "retention_period": "30 days",
            "data_subjects": ["customer"],
        }
    ]
    assert by_key["clinic"]["privacy_declarations"][0]["processes_special_category_data"] is True
    assert by_key["cloud"]["does_international_transfers"] is True and "does_international_transfers" not in by_key["mail"]
    assert "# inferred: data_categories, legal_basis_for_processing\n      - name: 'Coordonnées: To send news'" in content
    assert "#   Bank, Coordonnées: purpose not stated (not stated: data use)" in content


def test_a_name_ends_no_comment(tmp_path: Path) -> None:
    """A name with line breaks and YAML's own signs in it stays one comment and one text."""
    tables, name = tiny(), "a: b\n- evil: true\n#{x}&*!|>'\"%@`"
    tables["vendors"][0]["name"] = name
    content = made(open_checked(write(tmp_path / "register", tables), DAY), "fideslang", "yaml").decode()
    document = yaml.safe_load(content)
    assert set(document) == {"system"} and len(document["system"]) == 4
    assert document["system"][0]["name"] == name


# -- the Data Privacy Vocabulary -------------------------------------------------------------------------------------


# rdflib's own reader of JSON-LD still uses what rdflib calls deprecated.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("which", WHICH)
def test_both_forms_are_one_graph(stores: dict[str, Store], which: str) -> None:
    """Turtle and JSON-LD parse to the same statements, without blank nodes."""
    turtle, jsonld = graph(stores[which]), Graph().parse(data=made(stores[which], "dpv", "json-ld"), format="json-ld")
    assert len(turtle) and set(turtle) == set(jsonld)
    assert not any(isinstance(part, BNode) for statement in turtle for part in statement)


@pytest.mark.parametrize("which", WHICH)
def test_it_uses_terms_that_exist(stores: dict[str, Store], which: str) -> None:
    """Every term of DPV is one that was looked up, and everything else is ours or one of RDF's."""
    parts = {str(part) for statement in graph(stores[which]) for part in statement if isinstance(part, URIRef)}
    assert {part.removeprefix(DPV) for part in parts if part.startswith(DPV)} <= DPV_TERMS
    assert {part.removeprefix(GDPR) for part in parts if part.startswith(GDPR)} <= GDPR_TERMS
    countries = {f"{LOC}{code}" for (code,) in stores[which].query("SELECT country FROM countries")}
    rest = {part for part in parts if not part.startswith((DPV, GDPR, "urn:popmap:", str(RDF), str(RDFS), PREFIXES["dct"]))}
    assert rest <= countries


@pytest.mark.parametrize("which", WHICH)
def test_the_shape_passes(stores: dict[str, Store], which: str) -> None:
    """The packaged SHACL shape finds nothing wrong with what popmap writes."""
    assert conforms(graph(stores[which]))


FLOW = ours("flow", "contact", "cloud", "Hosting")
BROKEN: dict[str, Callable[[Graph], Any]] = {
    "a process without a label": lambda g: g.remove((FLOW, RDFS.label, None)),
    "an empty label": lambda g: g.set((ours("vendor", "cloud"), RDFS.label, Literal(""))),
    "a legal basis that is a text": lambda g: g.set((FLOW, URIRef(f"{DPV}hasLegalBasis"), Literal("contract"))),
    "a legal basis of another kind": lambda g: g.set((FLOW, URIRef(f"{DPV}hasLegalBasis"), URIRef(f"{GDPR}A9-2-a"))),
    "a disclosure to nobody": lambda g: g.remove((FLOW, URIRef(f"{DPV}hasRecipient"), None)),
    "a disclosure of nothing": lambda g: g.remove((FLOW, URIRef(f"{DPV}hasPersonalData"), None)),
    "a disclosure to two": lambda g: g.add((FLOW, URIRef(f"{DPV}hasRecipient"), ours("vendor", "mail"))),
    "a purpose that is no purpose": lambda g: g.set((FLOW, URIRef(f"{DPV}hasPurpose"), ours("vendor", "cloud"))),
    "personal data that is not": lambda g: g.set((FLOW, URIRef(f"{DPV}hasPersonalData"), ours("category", "code"))),
    "a processor in no such role": lambda g: g.set((FLOW, URIRef(f"{DPV}hasDataProcessor"), ours("vendor", "bank"))),
    "a measure that is none": lambda g: g.set((FLOW, URIRef(f"{DPV}hasTechnicalOrganisationalMeasure"), ours("vendor", "bank"))),
    "a country that is none": lambda g: g.set((FLOW, URIRef(f"{DPV}hasThirdCountry"), ours("vendor", "bank"))),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_the_shape_finds(stores: dict[str, Store], fault: str) -> None:
    """The shape fails on data that is broken."""
    found = graph(stores["sample"])
    BROKEN[fault](found)
    assert not conforms(found)


def test_what_the_graph_says(stores: dict[str, Store]) -> None:
    """A flow has its data, recipient, purpose, basis, places and safeguards, and what is not stated is in no statement but a comment."""
    found, dpv = graph(stores["sample"]), {term: URIRef(f"{DPV}{term}") for term in DPV_TERMS}
    said = {(link.removeprefix(DPV), str(value)) for link, value in found.predicate_objects(FLOW) if str(link).startswith(DPV)}
    assert said == {
        ("hasPersonalData", "urn:popmap:category:contact"),
        ("hasProcessing", f"{DPV}Disclose"),
        ("hasRecipient", "urn:popmap:vendor:cloud"),
        ("hasDataProcessor", "urn:popmap:vendor:cloud"),
        ("hasPurpose", "urn:popmap:purpose:Hosting"),
        ("hasLegalBasis", f"{GDPR}A6-1-b"),
        ("hasThirdCountry", f"{LOC}US"),
        ("hasLocation", f"{LOC}IE"),
        ("hasTechnicalOrganisationalMeasure", f"{GDPR}StandardContractualClauses"),
        ("hasStorageCondition", "urn:popmap:storage:30%20days"),
    }
    blank = ours("flow", "contact", "bank", "")
    assert not list(found.objects(blank, dpv["hasPurpose"]))
    assert [str(comment) for comment in found.objects(blank, RDFS.comment)] == ["Not stated: purpose, transfer mechanism, retention period"]
    assert (ours("category", "logs"), RDF.type, dpv["Data"]) in found and (
        ours("category", "logs"),
        RDF.type,
        dpv["PersonalData"],
    ) not in found
    assert (ours("category", "code"), RDF.type, dpv["NonPersonalData"]) in found
    assert (ours("category", "health"), RDF.type, dpv["SpecialCategoryPersonalData"]) in found
    assert (ours("activity", "support"), dpv["hasDataProcessor"], ours("organisation")) in found
    assert list(found.objects(ours("activity", "calls"), dpv["hasDataController"])) == []


def test_hostile_names_are_literals(stores: dict[str, Store]) -> None:
    """Names that try to end a text or an address come back as the labels they are."""
    found = graph(stores["hostile"])
    assert {str(label) for label in found.objects(None, RDFS.label)} >= set(NAMES)


# -- the list as JSON ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """Return the packaged schema."""
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


@pytest.mark.parametrize("which", WHICH)
def test_the_list_is_as_its_schema_says(stores: dict[str, Store], schema: dict[str, Any], which: str) -> None:
    """The schema is a JSON Schema, and the list is what it describes."""
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(made(stores[which], "subprocessors", "json")), schema)


SPOILT: dict[str, Callable[[dict[str, Any]], Any]] = {
    "another format": lambda document: document.update(format="popmap-subprocessors/2"),
    "a member more": lambda document: document.update(more=1),
    "an empty text for not stated": lambda document: document["subprocessors"][0].update(role=""),
    "a member less": lambda document: document["subprocessors"][0].pop("role"),
    "a country as text": lambda document: document["subprocessors"][0].update(country="US"),
    "a purpose that is a list": lambda document: document["subprocessors"][0]["processing"][0].update(purpose=[]),
    "no fingerprint": lambda document: document["about"].update(fingerprint="x"),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_the_schema_finds(stores: dict[str, Store], schema: dict[str, Any], fault: str) -> None:
    """The schema describes this list and no other."""
    document = copy.deepcopy(json.loads(made(stores["sample"], "subprocessors", "json")))
    SPOILT[fault](document)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema)


def test_what_the_list_says(stores: dict[str, Store]) -> None:
    """Cells are as stated, null where nothing is; controllers and retired vendors are not in it, and a remark names them."""
    document = json.loads(made(stores["sample"], "subprocessors", "json"))
    by_id = {entry["id"]: entry for entry in document["subprocessors"]}
    assert set(by_id) == {"cloud", "mail", "forge", "soon"} and document["objection_period_days"] == 30
    assert by_id["cloud"]["country"] == {"code": "US", "name": "United States"} and by_id["mail"]["country"] is None
    assert by_id["mail"]["role"] is None and by_id["mail"]["inferred"] == ["name"]
    assert [entry["purpose"] for entry in by_id["cloud"]["processing"]] == ["Hosting", "Hosting"]
    assert any("Bank and Clinic" in remark for remark in document["remarks"]) and any("Gone" in remark for remark in document["remarks"])


@settings(max_examples=4)
@given(registers(DOCUMENTED, max_size=4))
def test_any_register(tmp_path_factory: pytest.TempPathFactory, schema: dict[str, Any], tables: dict) -> None:
    """Whatever a register holds: the graph parses and passes its shape, fideslang reads the systems, the list keeps to its schema."""
    store = open_checked(write(tmp_path_factory.mktemp("any") / "register", tables), DAY)
    assert conforms(graph(store))
    Taxonomy(**yaml.safe_load(made(store, "fideslang", "yaml")))
    jsonschema.validate(json.loads(made(store, "subprocessors", "json")), schema)


def test_the_sample_states_what_these_tests_look_for() -> None:
    """The sample has a row of each kind that a document treats in its own way."""
    tables = sample()
    assert {row.get("role", "") for row in tables["activities"]} == {"controller", "joint-controller", "processor", ""}
    assert {row.get("status", "") for row in tables["vendors"]} == {"active", "proposed", "retired", ""}
