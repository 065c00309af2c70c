"""Which documents there are to hand over, and each of them as bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from popmap.errors import UsageError
from popmap.exports.files import FORMATS, pick
from popmap.filters import Filter
from popmap.formats import Writer
from popmap.renderings import authorities, fides, linked, page, paper, recipients, records, subprocessors
from popmap.renderings.facts import Facts, gather
from popmap.renderings.paper import Paper
from popmap.store import Store

_GDPR = "https://eur-lex.europa.eu/eli/reg/2016/679/oj"


@dataclass(frozen=True, slots=True)
class Rendering:
    """A document to hand over.

    Attributes:
        name: The name on the command line and in URLs.
        title: What the interface calls it.
        use: What it is for, one sentence.
        article: The article or standard that asks for it.
        source: Where that, or the names of its fields, can be read.
        forms: How it can be written, by name; the first is the one to offer first.
    """

    name: str
    title: str
    use: str
    article: str
    source: str
    forms: dict[str, Writer[[Facts]]]


def _forms(*forms: Writer[[Facts]]) -> dict[str, Writer[[Facts]]]:
    return {form.name: form for form in forms}


def _markdown(write: Callable[[Facts], bytes]) -> Writer[[Facts]]:
    return Writer("markdown", "Markdown", "md", "text/markdown; charset=utf-8", write)


def _pdf(write: Callable[[Facts], bytes]) -> Writer[[Facts]]:
    return Writer("pdf", "PDF", "pdf", "application/pdf", write)


def _rows(make: Callable[[Facts], Paper]) -> dict[str, Writer[[Facts]]]:
    """Return the forms of a document of rows."""
    csv, xlsx = FORMATS["csv"], FORMATS["xlsx"]
    return _forms(
        _pdf(lambda facts: paper.as_pdf(make(facts), facts)),
        Writer(xlsx.name, xlsx.label, xlsx.extension, xlsx.media_type, lambda facts: paper.as_xlsx(make(facts), facts)),
        Writer(csv.name, csv.label, csv.extension, csv.media_type, lambda facts: paper.as_csv(make(facts), facts)),
        _markdown(lambda facts: paper.as_markdown(make(facts), facts)),
    )


RENDERINGS: dict[str, Rendering] = {
    entry.name: entry
    for entry in (
        Rendering(
            "record-controller",
            "Record of processing, as controller",
            "For a supervisory authority that asks for the record; activities in no stated role are in it and say so.",
            "Art. 30(1) GDPR",
            _GDPR,
            _rows(records.controller),
        ),
        Rendering(
            "record-processor",
            "Record of processing, as processor",
            "For a supervisory authority or a customer on whose behalf data is processed.",
            "Art. 30(2) GDPR",
            _GDPR,
            _rows(records.processor),
        ),
        Rendering(
            "ico-controller",
            "Record in the ICO’s layout",
            "The controller’s record under the 30 column names of the United Kingdom authority’s template.",
            "Art. 30(1) UK GDPR",
            "https://ico.org.uk/media2/migrated/2172937/gdpr-documentation-controller-template.xlsx",
            _rows(authorities.ico),
        ),
        Rendering(
            "cnil-activity",
            "Record as the CNIL’s sheets",
            "The controller’s record as one sheet for each activity, under the French authority’s headings.",
            "Art. 30(1) GDPR",
            "https://www.cnil.fr/sites/default/files/atoms/files/registre_rgpd_basique.pdf",
            _rows(authorities.cnil),
        ),
        Rendering(
            "recipients-paragraph",
            "Recipients for a privacy notice",
            "A paragraph, in English, on who receives personal data and where it goes, and what has to be stated before it is published.",
            "Art. 13(1)(e)-(f) GDPR",
            _GDPR,
            _forms(
                _markdown(recipients.as_markdown),
                Writer("text", "Plain text", "txt", "text/plain; charset=utf-8", recipients.as_text),
                _pdf(recipients.as_pdf),
            ),
        ),
        Rendering(
            "scc-annex-iii",
            "List of sub-processors for the SCCs",
            "Annex III of the Standard Contractual Clauses, to sign with a customer who authorises each sub-processor.",
            "Decision (EU) 2021/914, Annex III",
            "https://eur-lex.europa.eu/eli/dec_impl/2021/914/oj",
            _rows(subprocessors.annex),
        ),
        Rendering(
            "subprocessor-page",
            "Public page of sub-processors",
            "One file for a website; it has no scripts and loads nothing.",
            "Art. 28(2) GDPR",
            _GDPR,
            _forms(Writer("html", "HTML", "html", "text/html; charset=utf-8", page.as_html), _markdown(page.as_markdown)),
        ),
        Rendering(
            "subprocessors",
            "Sub-processors for machines",
            "The same list as JSON, described by a JSON Schema, for customers who watch it.",
            "Art. 28(2) GDPR",
            "urn:popmap:schema:subprocessors:1",
            _forms(Writer("json", "JSON", "json", "application/json", subprocessors.as_json)),
        ),
        Rendering(
            "fideslang",
            "Systems in fideslang",
            "Vendors as systems for tools that read the Fides taxonomy; flows without a data use are listed, not filled in.",
            "fideslang 3",
            "https://ethyca.github.io/fideslang/",
            _forms(Writer("yaml", "YAML", "yml", "application/yaml", fides.as_yaml)),
        ),
        Rendering(
            "dpv",
            "Data Privacy Vocabulary",
            "The register as linked data for tools that read the W3C community’s vocabulary.",
            "DPV 2",
            "https://w3id.org/dpv",
            _forms(
                Writer("json-ld", "JSON-LD", "jsonld", "application/ld+json", linked.as_json_ld),
                Writer("turtle", "Turtle", "ttl", "text/turtle; charset=utf-8", linked.as_turtle),
            ),
        ),
    )
}


def rendering(name: str) -> Rendering:
    """Return the document of that name; raises UsageError when there is none."""
    if name not in RENDERINGS:
        raise UsageError(f"There is no document called {name}.", f"Use one of {', '.join(RENDERINGS)}.")
    return RENDERINGS[name]


def rendering_file(store: Store, name: str, form: str, made_at: datetime, *, asked: Filter = Filter()) -> bytes:  # noqa: B008 - frozen
    """Return a document as a file; the same arguments give the same bytes, and no internal column is in it.

    Args:
        store: The register.
        name: A key of RENDERINGS.
        form: A key of the rendering's forms.
        made_at: The time to state, with its time zone.
        asked: Which rows. It picks vendors and flows; of activities, those that concern its categories. A document of a part says so.

    Raises:
        UsageError: For a document or format there is none of.
    """
    chosen = pick(rendering(name).forms, form, f"the document {name}")
    return chosen.write(gather(store, made_at, asked))
