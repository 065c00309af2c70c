"""Fields of a form that ask a register nothing, though its words are in them."""

from __future__ import annotations

import pytest

from popmap.answering.fields import ARTICLE, ITSELF, no_question


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Solution Provider Name", "en"),
        ("Vendor:", "en"),
        ("Service provider", "en"),
        ("Supplier's legal name and address", "en"),
        ("Data processor name & e-mail", "en"),
        ("Third party name", "en"),
        ("Nom du prestataire", "fr"),
        ("Fournisseur :", "fr"),
        ("Raison sociale de l’éditeur", "fr"),
        ("Name und Anschrift des Auftragsverarbeiters", "de"),
        ("Lieferant", "de"),
        ("Nombre del proveedor", "es"),
        ("Proveedor:", "es"),
    ],
)
def test_the_company_itself(text: str, language: str):
    """A field for the answering company's own name or contact is no question about its vendors."""
    assert no_question(text, language) == ITSELF


@pytest.mark.parametrize("text", ["Art. 35 Abs. 3?", "Art. 30 GDPR", "Article 28(3)", "Art. 6 Abs. 1 lit. f DSGVO"])
def test_an_article_alone(text: str):
    """An Article that is only named asks nothing."""
    assert no_question(text, "en") == no_question(text, "de") == ARTICLE


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Vendors", "en"),
        ("Sub-processor name", "en"),
        ("Hosting provider", "en"),
        ("Name your payment processor.", "en"),
        ("Article 30 record:", "en"),
        ("Which vendors receive customer data?", "en"),
        ("Company name", "en"),
        ("Fournisseurs", "fr"),
        ("Sous-traitants ultérieurs", "fr"),
        ("Auftragsverarbeiter", "de"),
        ("Dienstleister", "de"),
        ("Hosting-Anbieter:", "de"),
        ("Art der personenbezogenen Daten", "de"),
        ("Proveedores", "es"),
        ("Proveedor de alojamiento:", "es"),
        ("", "en"),
    ],
)
def test_what_is_left_to_matching(text: str, language: str):
    """Where vendors may be asked for, or an Article says which record, nothing is decided here."""
    assert no_question(text, language) == ""
