"""JSON questionnaires: objects that carry a question, or questions that are the keys their answers stand under."""

from __future__ import annotations

import re
from dataclasses import dataclass

from popmap.answering.language import languages_of
from popmap.answering.model import Place, Question, Questionnaire
from popmap.answering.reading.markup import plain_html
from popmap.answering.reading.relaxed import Node, pointer
from popmap.answering.reading.words import asks, blank, fold, squeeze, vocabulary_in

_ROLES: tuple[tuple[str, str], ...] = (
    ("question", r"questions?(?: ?text| ?body| ?label)?|prompt|frage(?: ?text)?|pregunta|enonce|query|ask"),
    (
        "wording",
        r"text|title|label|description|requirement|statement|control|name|body|content|titre|titel|titulo|anforderung|exigence|"
        r"requisito|beschreibung|libelle",
    ),
    (
        "answer",
        r"answer(?: ?text)?|response(?: ?text)?|reply|antwort|reponse|respuesta|vendor ?(?:answer|response)|supplier ?(?:answer|"
        r"response)",
    ),
    ("result", r"value|status|result|compliant|compliance"),
    (
        "comment",
        r"comments?|notes?|remarks?|explanation|details|justification|additional ?info(?:rmation)?|commentaires?|bemerkung(?:en)?|"
        r"kommentar|anmerkung|comentarios?|observaciones",
    ),
    ("reference", r"id|ref(?: ?id)?|reference|number|nr|no|num|code|key|question ?(?:id|number|no|nr)|control ?id|uid|slug|identifier"),
    (
        "choices",
        r"options?|choices|answers|allowed(?: ?(?:answers|values))?|enum|values|answer ?options|responses|possible ?answers|choix|"
        r"antworten|auswahl|opciones",
    ),
    ("section", r"section|category|domain|area|chapter|group|topic|rubrique|domaine|kategorie|bereich|abschnitt|seccion|categoria|dominio"),
    ("type", r"type|kind|format|answer ?type|question ?type"),
)
_PATTERNS = tuple((role, re.compile(pattern)) for role, pattern in _ROLES)
_ANSWER_KEY = {"frage": "antwort", "pregunta": "respuesta", "enonce": "reponse"}


@dataclass(frozen=True, slots=True)
class _Found:
    path: tuple[str, ...]
    text: str
    section: str
    node: Node
    roles: dict[str, str]


def read(node: Node, name: str) -> Questionnaire:
    """Return the questions of a JSON file."""
    found: list[_Found] = []
    _walk(node, (), "", found)
    questions = [_question(one, language) for one, language in zip(found, languages_of([one.text for one in found]), strict=True)]
    return Questionnaire(name, "json", tuple(questions))


def _roles(node: Node) -> dict[str, str]:
    """Return the role each of an object's keys plays: role -> the first key that has it."""
    found: dict[str, str] = {}
    for key, _ in node.members:
        spaced = fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key).replace("_", " ").replace("-", " "))
        role = next((role for role, pattern in _PATTERNS if pattern.fullmatch(spaced)), "")
        if role:
            found.setdefault(role, key)
    return found


def _walk(node: Node, path: tuple[str, ...], section: str, found: list[_Found]) -> None:
    if node.kind == "array":
        for key, item in node.members:
            if item.kind == "string" and asks(str(item.value)):
                found.append(_Found((*path, key), plain_html(str(item.value)), section, item, {}))
            else:
                _walk(item, (*path, key), section, found)
        return
    if node.kind != "object":
        return
    roles = _roles(node)
    text = _wording(node, roles)
    if text:
        found.append(_Found(path, text, plain_html(node.text(roles.get("section", ""))) or section, node, roles))
        passed = {roles.get(role, "") for role in ("question", "answer", "result", "comment", "choices")}
    else:
        heading = next(
            (node.text(roles[role]) for role in ("section", "wording", "question") if role in roles and node.text(roles[role])), ""
        )
        section, passed = plain_html(heading) or section, set()
    for key, item in node.members:
        if key in passed and (item.kind != "array" or not text):
            continue
        if not text and item.kind in {"string", "other"} and asks(key) and "?" in key:
            found.append(_Found((*path, key), plain_html(key), section, item, {"map": key}))
        elif item.kind in {"object", "array"} and not (text and key == roles.get("choices")):
            own = section if key in roles.values() or key.isdigit() or _ROLE_WORD.fullmatch(fold(key)) else key.replace("_", " ")
            if asks(key) and "?" in key and item.kind == "object":
                found.append(_Found((*path, key), plain_html(key), section, item, {**_roles(item), "map": key}))
            else:
                _walk(item, (*path, key), section if text or node_has_heading(node, roles) else own, found)


_ROLE_WORD = re.compile(
    r"questions?|items?|sections?|fragen|preguntas|questionnaire|children|groups?|categories|controls|data|entries|elements"
)


def node_has_heading(node: Node, roles: dict[str, str]) -> bool:
    """Return whether an object names itself, so that its members stand under that name."""
    return any(node.text(roles.get(role, "")) for role in ("section", "wording"))


def _wording(node: Node, roles: dict[str, str]) -> str:
    """Return an object's question, "" when it asks none: a title asks only where it reads so or an answer stands beside it."""
    asked = squeeze(plain_html(node.text(roles["question"]))) if "question" in roles else ""
    if asked:
        return asked
    said = squeeze(plain_html(node.text(roles["wording"]))) if "wording" in roles else ""
    return (
        said if said and (asks(said) or "answer" in roles or ("result" in roles and ("reference" in roles or "choices" in roles))) else ""
    )


def _question(found: _Found, language: str) -> Question:
    node, roles = found.node, found.roles
    answer, standing = _answer(found)
    comment = roles.get("comment")
    comment_node = node.get(comment) if comment else None
    free = (
        comment_node is not None
        and comment_node.kind in {"string", "other"}
        and (comment_node.value is None or blank(str(comment_node.value)))
    )
    choices = node.get(roles.get("choices", "")) if node.kind == "object" else None
    return Question(
        key=pointer(found.path),
        text=found.text,
        language=language,
        reference=node.text(roles["reference"]) if "reference" in roles else "",
        section=found.section,
        statement=not asks(found.text),
        vocabulary=_words(choices) if choices else vocabulary_in(found.text[-90:] if "(" in found.text[-90:] else ""),
        several=bool(re.search(r"multi|checkbox|several", node.text(roles.get("type", "")), re.IGNORECASE))
        if node.kind == "object"
        else False,
        answer=Place("", pointer(answer)) if answer else None,
        comment=Place("", pointer((*found.path, comment))) if comment and free else None,
        answered=standing,
    )


def _answer(found: _Found) -> tuple[tuple[str, ...], str]:
    """Return where the answer goes, () for nowhere, and what stands there."""
    node, roles, path = found.node, found.roles, found.path
    if node.kind != "object":
        return (path, _standing(node)) if "map" in roles else ((), "")
    key = roles.get("answer") or roles.get("result")
    if key is None:
        return (*path, _ANSWER_KEY.get(fold(roles.get("question", "")), "answer")), ""
    value = node.get(key)
    if value is not None and value.kind == "object":
        inner = _roles(value)
        deeper = inner.get("result") or inner.get("answer") or inner.get("wording")
        return ((*path, key, deeper), _standing(value.get(deeper))) if deeper else ((), "")
    return (*path, key), _standing(value)


def _standing(node: Node | None) -> str:
    if node is None or node.value is None:
        return "; ".join(str(item.value) for _, item in node.members if item.value is not None) if node and node.kind == "array" else ""
    return "" if blank(str(node.value)) else str(node.value)


def _words(choices: Node) -> tuple[str, ...]:
    found = []
    for key, one in choices.members:
        if one.kind == "object":
            words = next((text for label in ("label", "text", "name", "title", "value") if (text := one.text(label))), "")
        else:
            words = "" if one.value is None else str(one.value)
            words = words if choices.kind == "array" else words or key
        found.append(squeeze(plain_html(words)))
    return tuple(dict.fromkeys(filter(None, found)))
