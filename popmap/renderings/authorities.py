"""The record in the layout of two authorities' templates; the names of their columns are facts, everything else is ours.

ICO: "Documentation template for controllers" (.xlsx), sheet Template, row 9, columns A to AD. The 30 names were checked against a published
verbatim list of that row and a second, independent form with the same labels. CNIL: the sheet of an activity in "Modèle de registre de
base" (registre_rgpd_basique.pdf); its headings were checked against a published list of them in order and an independent form.
"""

from __future__ import annotations

from popmap.renderings import entries as of
from popmap.renderings.entries import Entry, Lines, entries
from popmap.renderings.facts import Facts
from popmap.renderings.paper import Paper
from popmap.renderings.records import CONTROLLER_ROLES, extract, joint_in, left_out, none_stated, parties
from popmap.renderings.words import LEGAL_BASES, NOT_STATED, ROLES, addresses, items, said, unique

ICO_COLUMNS = (
    "Business function",
    "Purpose of processing",
    "Name and contact details of joint controller (if applicable)",
    "Categories of individuals",
    "Categories of personal data",
    "Categories of recipients",
    "Link to contract with processor",
    "Names of third countries or international organisations that personal data are transferred to (if applicable)",
    "Safeguards for exceptional transfers of personal data to third countries or international organisations (if applicable)",
    "Retention schedule (if possible)",
    "General description of technical and organisational security measures (if possible)",
    "Article 6 lawful basis for processing personal data",
    "Article 9 condition for processing special category data",
    "Legitimate interests for the processing (if applicable)",
    "Link to record of legitimate interests assessment (if applicable)",
    "Rights available to individuals",
    "Existence of automated decision-making, including profiling (if applicable)",
    "The source of the personal data (if applicable)",
    "Link to record of consent",
    "Location of personal data",
    "Data Protection Impact Assessment required?",
    "Data Protection Impact Assessment progress",
    "Link to Data Protection Impact Assessment",
    "Has a personal data breach occurred?",
    "Link to record of personal data breach",
    "Data Protection Act 2018 Schedule 1 Condition for processing",
    "GDPR Article 6 lawful basis for processing",
    "Link to retention and erasure policy document",
    "Is personal data retained and erased in accordance with the policy document?",
    "Reasons for not adhering to policy document (if applicable)",
)
CNIL_COLUMNS = (
    "Nom de l’activité",
    "Date de création de la fiche",
    "Date de dernière mise à jour de la fiche",
    "Nom du responsable conjoint du traitement",
    "Nom du logiciel ou de l’application",
    "Objectifs poursuivis",
    "Catégories de personnes concernées",
    "Catégories de données collectées",
    "Des données sensibles sont-elles traitées ?",
    "Durées de conservation des catégories de données",
    "Destinataires internes",
    "Organismes externes",
    "Sous-traitants",
    "Destinataires dont le rôle n’est pas précisé",
    "Transferts des données hors UE",
    "Mesures de sécurité",
)
_BLANK: Lines = (NOT_STATED,)
_REQUIRED = {"not-needed": "no", "needed": "yes", "done": "yes"}


def ico(facts: Facts) -> Paper:
    """Return a controller's record under the 30 column names of the ICO's template.

    The register has no column for a business function, rights, records of consent, breaches, a retention policy, and conditions of
    Article 9 or Schedule 1: those say "not stated".
    """
    found = entries(facts, CONTROLLER_ROLES, outside=True)
    head = parties(facts, "Controller")
    return Paper(
        "Record of processing in the ICO’s layout (controller)",
        "The columns of the Information Commissioner’s documentation template for controllers (UK GDPR Art. 30(1)).",
        head,
        ICO_COLUMNS,
        tuple(_ico_row(facts, entry) for entry in found),
        tuple(entry.title for entry in found),
        (
            *extract(facts),
            *none_stated(facts),
            *of.doubtful(facts, found),
            "Activities whose role is not stated are among these rows; their purpose says so.",
            "The register has no column for business functions, rights, records of consent, breaches, a retention policy, and "
            "conditions of Article 9 and Schedule 1.",
            *left_out(facts),
        ),
        head_in_rows=False,
    )


def _ico_row(facts: Facts, entry: Entry) -> tuple[Lines, ...]:
    basis = (entry.said("legal_basis", LEGAL_BASES),)
    required, progress, link = _assessment(entry)
    row = dict.fromkeys(ICO_COLUMNS, _BLANK)
    cells = {
        1: (f"{entry.title}: {of.purposes(entry)[0]}", *of.purposes(entry)[1:], *filter(None, (of.remark(entry),))),
        2: joint_in(facts, entry),
        3: of.subjects(facts, entry),
        4: of.personal_data(facts, entry),
        5: of.recipients(facts, entry),
        6: _contracts(facts, entry),
        7: of.transfers(facts, entry.flows),
        8: of.safeguards(facts, entry.flows),
        9: of.retention(facts, entry),
        10: of.measures(entry),
        11: basis,
        13: (entry.said("legitimate_interest"),),
        14: addresses(entry.activity["legitimate_interest"] if entry.activity else None) or _BLANK,
        16: (entry.said("automated_decisions"),),
        17: (entry.said("source_of_data"),),
        19: _places(facts, entry),
        20: required,
        21: progress,
        22: link,
        26: basis,
    }
    return tuple((row | {ICO_COLUMNS[at]: lines for at, lines in cells.items()}).values())


def _contracts(facts: Facts, entry: Entry) -> Lines:
    rows = [facts.all_vendors[key] for key in entry.vendors if key in facts.all_vendors]
    return tuple(f"{row['name']}: {said(row, 'agreement_url')}" for row in rows if row["agreement_url"]) or _BLANK


def _places(facts: Facts, entry: Entry) -> Lines:
    return (
        unique(
            f"{facts.vendor_name(flow['vendor_id'])}: {', '.join(facts.places(flow))}" for flow in entry.flows if items(flow, "locations")
        )
        or _BLANK
    )


def _assessment(entry: Entry) -> tuple[Lines, Lines, Lines]:
    """Return whether an impact assessment is required, its progress and its link, out of "not-needed", "needed", or "done" and a link."""
    stated = entry.activity["impact_assessment"] if entry.activity else None
    if not stated:
        return _BLANK, _BLANK, _BLANK
    # "done https://…", "done: …" and "done; …" are all written; what is none of the three words is shown as it stands.
    word = next((word for word in ("not-needed", "needed", "done") if stated.lower().startswith(word)), "")
    whole = (entry.said("impact_assessment"),)
    return ((_REQUIRED[word],) if word else whole), whole, addresses(stated) or _BLANK


def cnil(facts: Facts) -> Paper:
    """Return a controller's record as the CNIL's sheets: one for each activity, the rubrics in French, the register's words as they are.

    The model sorts data and measures into rubrics (such as "Vie professionnelle", "Chiffrement des données"). The register does not, and no
    rubric is guessed: they stand whole under the heading. Recipients in no stated role have a line of their own, which is ours.
    """
    found = entries(facts, CONTROLLER_ROLES, outside=True)
    (_, own), (_, representative), (_, officer) = parties(facts, "")
    head = (
        ("Coordonnées du responsable de l’organisme", own),
        ("Représentant (art. 27)", representative),
        ("Nom et coordonnées du délégué à la protection des données", officer),
        ("Activités de l’organisme impliquant le traitement de données personnelles", tuple(entry.title for entry in found) or _BLANK),
    )
    return Paper(
        "Registre des activités de traitement (fiches, modèle de la CNIL)",
        "Une fiche par activité de traitement, article 30(1) du RGPD, avec les rubriques du modèle de registre de base de la CNIL.",
        head,
        CNIL_COLUMNS,
        tuple(_cnil_row(facts, entry) for entry in found),
        tuple(f"Fiche de registre de l’activité : {entry.title}" for entry in found),
        (
            "« not stated » : le registre ne le précise pas.",
            "Les réponses sont celles du registre, dans sa langue.",
            *extract(facts),
            *none_stated(facts),
            *of.doubtful(facts, found),
            *left_out(facts),
        ),
        head_in_rows=False,
        language="fr",
        own_page=True,
    )


def _cnil_row(facts: Facts, entry: Entry) -> tuple[Lines, ...]:
    reviewed = entry.activity["reviewed_on"] if entry.activity else None
    role = entry.said("role", ROLES) if entry.activity and entry.activity["role"] else of.remark(entry)
    return (
        (entry.title, role),
        _BLANK,
        (NOT_STATED, f"revue le {reviewed}") if reviewed else _BLANK,
        joint_in(facts, entry),
        _BLANK,
        of.purposes(entry),
        of.subjects(facts, entry),
        of.personal_data(facts, entry),
        of.sensitive(facts, entry),
        of.retention(facts, entry),
        _BLANK,
        of.by_role(facts, entry, "joint-controller", "independent-controller") or _BLANK,
        of.by_role(facts, entry, "processor", "sub-processor") or _BLANK,
        of.by_role(facts, entry, None) or _BLANK,
        (*of.transfers(facts, entry.flows), *(line for line in of.safeguards(facts, entry.flows) if line != NOT_STATED)),
        of.measures(entry),
    )
