"""The words of questionnaires' headers, answers and questions, in English, French, German and Spanish."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Role -> patterns of a header cell, folded (lower case, no accents). The first role that fits is the cell's.
_HEADERS: tuple[tuple[str, str], ...] = (
    (
        "reference",
        r"(?:caiq )?(?:question|ques|control|item|req|requirement|ref|reference|frage|pregunta|anforderungs?|exigence|controle)?[ _.-]*"
        r"(?:ids?|no|nos|nr|num|number|nbr|nummer|numero|n|#|ref ?ids?|ref|reference|referenz|referencia|code|lfd|kennung|identifier|"
        r"identifiant)\.?",
    ),
    (
        "reference",
        r"(?:ques(?:tion)?|frage|fragen|pregunta|item|ref|serial|sl|sr|lfd|s)[ ._/-]*(?:id|#|nr|no|num|number|nummer)\.?|#|n°|nº|№|id|"
        r".*\b(?:question|control) ids?",
    ),
    (
        "choices",
        r"(?:answer|response|question)[ _-]?(?:type|format|options?|choices?)|(?:allowed|possible|permitted|available) (?:answers?|"
        r"values?|responses?)",
    ),
    (
        "choices",
        r"type de reponse|reponses? possibles?|antworttyp|antwortoptionen|mogliche antworten|tipo de respuesta|"
        r"opciones(?: de respuesta)?|options|choices",
    ),
    (
        "comment",
        r".*\b(?:comments?|remarks?|notes?|explanations?|additional (?:information|info|details)|further (?:information|details)|"
        r"details|justification|rationale|elaborat\w*|"
        r"supporting (?:information|evidence)|evidence|implementation description)\b.*",
    ),
    (
        "comment",
        r".*\b(?:commentaires?|remarques?|precisions?|explications?|observations?|justificati(?:on|f)s?|preuves?|"
        r"informations? complementaires?|"
        r"bemerkung(?:en)?|kommentare?|anmerkung(?:en)?|erlauterung(?:en)?|hinweise?|begrundung(?:en)?|nachweise?|erganzungen|"
        r"comentarios?|observacion(?:es)?|notas?|aclaracion(?:es)?|justificacion|explicacion|evidencias?|detalles?)\b.*",
    ),
    (
        "answer",
        r".*\b(?:answers?|responses?|respond|reply|replies|compliant|compliance|complian\w+ status|status|y/n|yes ?/ ?no|in place|"
        r"implemented|"
        r"vendor input|supplier input|your input|reponses?|conformite|conforme|oui ?/ ?non|statut|antwort(?:en)?|antworten des \w+|"
        r"erfullt|umgesetzt|"
        r"ja ?/ ?nein|respuestas?|contestacion|cumple|cumplimiento|si ?/ ?no|estado)\b.*",
    ),
    (
        "question",
        r".*\b(?:questions?|questionnaire item|inquir(?:y|ies)|quer(?:y|ies)|prompt|question text|frage(?:n|stellung)?|fragetext|"
        r"preguntas?|cuestion(?:es)?|enonce)\b.*",
    ),
    (
        "statement",
        r"(?:.*\b)?(?:requirements?|controls?|control (?:specification|description|statement|objective)|statements?|criteri(?:on|a)|"
        r"descriptions?|measures?|objectives?|"
        r"exigences?|controles?|mesures?|criteres?|enonces?|affirmations?|anforderung(?:en)?|massnahmen?|kontrollen?|beschreibung|"
        r"aussagen?|kriterium|kriterien|"
        r"requisitos?|medidas?|descripcion|criterios?|declaracion(?:es)?|items?|punto|punkte?)",
    ),
    (
        "section",
        r".*\b(?:sections?|categor(?:y|ies)|domains?|areas?|chapters?|groups?|families|family|topics?|subjects?|domaines?|rubriques?|"
        r"chapitres?|categories?|themes?|"
        r"abschnitt|bereich|kategorien?|kapitel|themen?|thema|gruppe|seccion(?:es)?|categorias?|dominios?|apartados?|capitulos?|"
        r"ambitos?|temas?|control title|name|nom|titel|title|titre|nombre|titulo)\b.*",
    ),
)
_PATTERNS = tuple((role, re.compile(pattern)) for role, pattern in _HEADERS)
LONGEST_HEADER = 90

# Folded answers, so that "Yes/No/N/A" in a header is known for a vocabulary and a column of them for answers.
_ANSWERS = (
    "yes|no|n/a|na|n.a.|n.a|not applicable|partial|partially|partly|planned|in progress|unknown|other|alternate|alternative|maybe|y|n|"
    "true|false|compliant|non-compliant|not compliant|partially compliant|compensating control|none|in part|oui|non|s/o|so|s.o.|"
    "sans objet|non applicable|partiel|partielle|partiellement|en partie|prevu|en cours|ne sait pas|conforme|non conforme|autre|ja|"
    "nein|teilweise|entfallt|nicht zutreffend|n.z.|nz|nicht anwendbar|geplant|unbekannt|sonstiges|k.a.|erfullt|nicht erfullt|si|"
    "parcial|parcialmente|no aplica|n/d|nd|no procede|en parte|previsto|en curso|cumple|no cumple|no se|otro"
)
ANSWERS = frozenset(_ANSWERS.split("|"))
# What a cell shows before anybody has chosen; it is no answer and may be replaced.
_EMPTY = re.compile(r"[\s\[\]<>_…☐]*")
_PLACEHOLDER = re.compile(
    r"[\s<\[(–—.:-]*(?:(?:please )?(?:select|choose|pick)(?: (?:one|an? \w+|your \w+|from \w+|answer|here))*|"
    r"(?:veuillez )?(?:selectionnez|selectionner|choisir|choisissez)(?: (?:une? \w+|dans la liste))*|"
    r"(?:bitte )?(?:auswahlen|wahlen)(?: sie)?|seleccione?(?:r)?(?: (?:una? \w+))*|elija(?: una? \w+)*|tbd|to be completed)[\s>\])–—.:…-]*"
)
_ASKS = re.compile(
    r"(?:¿|(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should|may|which|what|who|whom|whose|where|when|why|how|if|"
    r"in which|in what|at what|by whom|"
    r"to what|to which|to whom|for which|from which|with which|with whom|under which|on which|please|provide|describe|list|explain|"
    r"specify|state|indicate|identify|name|give|attach|enter|confirm|"
    r"select|enumerate|outline|summari[sz]e|upload|detail|share|include|tell|"
    r"disposez|avez|est-ce|etes|quel|quelle|quels|quelles|qui|que|ou|quand|comment|combien|pourquoi|existe|y a-t-il|faites|utilisez|"
    r"traitez|transferez|"
    r"veuillez|merci|decrivez|decrire|indiquez|indiquer|precisez|preciser|listez|lister|fournissez|fournir|expliquez|joignez|nommez|"
    r"citez|a qui|dans quel\w*|"
    r"pour quel\w*|vers quel\w*|avec quel\w*|sur quel\w*|"
    r"haben|hat|ist|sind|werden|wird|wurden|konnen|kann|gibt|verfugen|verfugt|nutzen|setzen|fuhren|welche\w*|was|wer|wen|wem|wo|wohin|"
    r"woher|wann|warum|wie|wieviele|an wen|"
    r"in welch\w*|zu welch\w*|auf welch\w*|fur welch\w*|mit welch\w*|bitte|nennen|beschreiben|erlautern|geben|listen|benennen|fugen|"
    r"que|quien|quienes|cual|cuales|donde|cuando|como|cuanto\w*|por que|para que|a quien\w*|en que|con que|tiene|tienen|dispone|"
    r"disponen|existe|existen|hay|cuenta|realiza|utiliza|utilizan|"
    r"esta|estan|describa|indique|enumere|proporcione|explique|detalle|especifique|nombre|adjunte|facilite|liste|confirme|identifique)\b)"
)
_LEADING_ID = re.compile(
    r"(?:(?:Q|q|Frage|Question|Pregunta)?\s?\.?\d{1,3}(?:\.\d{1,3})*[.):]?|"
    r"[A-Z]{1,6}(?:[.-][A-Z]{1,6})*[-. ]?\d{1,3}(?:[.-]\d{1,3})*[.):]?|"
    r"[A-Za-z][.)])\s+(?=\S)"
)
_NA = re.compile(r"\bn\s?/\s?a\b|\bs\s?/\s?o\b|\bn\s?/\s?d\b", re.IGNORECASE)
# Two of these must stand in a text before it is worth looking for a list of answers in it.
_MAYBE = re.compile(r"\b(?:y|n|yes|no|na|partial\w*|oui|non|ja|nein|s[ií]|true|false|compliant|conforme|erfüllt|cumple)\b|/", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    """Return text in lower case, without accents, with single spaces, for comparing."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).lower()
    return _SPACES.sub(" ", "".join(letter for letter in plain if not unicodedata.combining(letter))).strip()


def squeeze(text: str) -> str:
    """Return text with each run of white space as one space."""
    return _SPACES.sub(" ", text).strip()


@lru_cache(maxsize=4096)
def header_role(text: str, sure: bool = True) -> str:
    """Return the role a header cell's words give its column.

    Args:
        text: The cell.
        sure: Whether the row is still to be known for a header: then a text that asks something is none of its cells.

    Returns:
        "question", "statement", "reference", "answer", "comment", "choices", "section" or "".
    """
    if not text or len(text) > LONGEST_HEADER or (sure and asks(text) and not vocabulary_in(text)):
        return ""
    folded = re.sub(r"\[[a-z]{2}\]$", "", fold(text)).strip(" :*?.").replace("_", " ")
    if folded in ANSWERS or len(folded.split()) > 12:
        return ""
    bare = _without_list(text)
    if vocabulary_in(text) and (bare == text or header_role(bare, sure) in {"", "question"}):
        return "answer"
    return next((role for role, pattern in _PATTERNS if pattern.fullmatch(folded)), "")


def _without_list(text: str) -> str:
    return re.split(r"[(\[:/|]", text, maxsplit=1)[0]


def asks(text: str) -> bool:
    """Return whether a text reads as a question or a request."""
    flat = squeeze(text)
    if "?" in flat:
        return True
    return bool(_ASKS.match(fold(without_id(flat)[1])[:60])) and len(flat.split()) >= 3


def sentence(text: str) -> bool:
    """Return whether a text is long enough, and shaped, to be a statement rather than a heading or a name."""
    flat = squeeze(text)
    return len(flat.split()) >= 4 and (len(flat) >= 25)


def without_id(text: str) -> tuple[str, str]:
    """Return the id a question's text begins with ("1.2", "A-12"), "" when none, and the text behind it."""
    found = _LEADING_ID.match(text)
    return (found.group().strip().rstrip(".):"), text[found.end() :]) if found else ("", text)


def is_answer(text: str) -> bool:
    """Return whether a text is one of the words questionnaires are answered with ("Yes", "N/A", "teilweise")."""
    return fold(text).strip(" .") in ANSWERS or fold(text) in ANSWERS


def blank(text: str) -> bool:
    """Return whether a cell is still to be answered: empty, or showing only an invitation to choose."""
    return not text.strip() or (len(text) < 60 and bool(_EMPTY.fullmatch(text) or _PLACEHOLDER.fullmatch(fold(text))))


def vocabulary_in(text: str) -> tuple[str, ...]:
    """Return the answers a header or question lists in its words ("Compliant? (Yes/No/NA)"), () when it lists none."""
    best: tuple[str, ...] = ()
    if len(_MAYBE.findall(text)) < 2:
        return best
    whole = text if len(text) <= LONGEST_HEADER else ""
    inner = re.findall(r"[(\[]([^()\[\]]{3,80})[)\]]", text)
    for part in (*inner, *(piece for piece in re.split(r"[:\n]", whole)), whole):
        kept = _NA.sub(lambda found: found.group().replace("/", "\0"), part)
        for separator in ("/", "|", ",", ";", "\n", r"\bor\b", r"\bou\b", r"\boder\b", r"\bo\b"):
            pieces = [piece.replace("\0", "/").strip(" .:;-–\t\n") for piece in re.split(separator, kept)]
            if len(pieces) < 2 or len(pieces) > 8:
                continue
            pieces[0] = _last_answer(pieces[0])
            pieces[-1] = re.sub(r"^(?:or|ou|oder|o|and|et|und|y)\s+", "", pieces[-1])
            known = sum(map(is_answer, pieces))
            if (
                known >= 2
                and all(piece and len(piece.split()) <= 4 for piece in pieces)
                and known * 2 >= len(pieces)
                and len(pieces) > len(best)
            ):
                best = tuple(dict.fromkeys(pieces))
    return best


def _last_answer(piece: str) -> str:
    """Return "Yes" of "Answer Yes": a header may say what the list is for without a sign between."""
    if is_answer(piece):
        return piece
    last = piece.split()[-1:] or [""]
    return last[0] if is_answer(last[0]) and len(last[0]) > 1 else piece
