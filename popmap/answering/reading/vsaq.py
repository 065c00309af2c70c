"""Google's Vendor Security Assessment Questionnaires: nested blocks of items, each with an id its answer is stored under.

The form is that of github.com/google/vsaq: answers are a JSON object apart from the questionnaire, id -> value.
"""

from __future__ import annotations

from popmap.answering.language import languages_of
from popmap.answering.model import Place, Question, Questionnaire
from popmap.answering.reading.markup import plain_html
from popmap.answering.reading.relaxed import Node, pointer
from popmap.answering.reading.words import asks

_GROUPS = {"radiogroup": False, "checkgroup": True}
_ANSWERED = frozenset({"line", "box", "yesno", "check", "upload", *_GROUPS})


def recognises(node: Node) -> bool:
    """Return whether a file is a VSAQ questionnaire rather than another JSON."""
    items = node.get("questionnaire")
    return items is not None and items.kind == "array" and any(item.text("type") for _, item in items.members)


def read(node: Node, name: str) -> Questionnaire:
    """Return the questions of a VSAQ questionnaire, with the conditions under which they are asked told in a note."""
    found: list[tuple[tuple[str, ...], Node, str, str]] = []
    items = node.get("questionnaire")
    _walk(items, ("questionnaire",), "", found) if items else None
    texts = [text for _, _, _, text in found]
    questions = []
    for (path, item, section, text), language in zip(found, languages_of(texts), strict=True):
        kind = item.text("type")
        questions.append(
            Question(
                key=pointer(path),
                text=text,
                language=language,
                reference=item.text("id"),
                section=section,
                statement=not asks(text),
                vocabulary=_choices(item, kind),
                several=_GROUPS.get(kind, False),
                answer=Place("", pointer(path)) if kind != "upload" else None,
            )
        )
    asked_if = sum(1 for _, item, _, _ in found if item.text("cond"))
    notes = ["Answers go to a file of their own, as VSAQ keeps them; the questionnaire stays as it is."]
    if asked_if:
        notes.append(f"{asked_if} questions are asked only under a condition, and are listed all the same.")
    return Questionnaire(name, "vsaq", tuple(questions), notes=tuple(notes))


def _walk(items: Node, path: tuple[str, ...], section: str, found: list[tuple[tuple[str, ...], Node, str, str]]) -> None:
    told = ""
    for key, item in items.members:
        kind, text = item.text("type"), plain_html(item.text("text"))
        here = (*path, key)
        inner = item.get("items")
        if inner is not None and inner.kind == "array":
            _walk(inner, (*here, "items"), text or section, found)
        elif kind in _ANSWERED:
            # A group may leave its question to the text above it.
            shown = text or plain_html(item.text("placeholder")) or told or section
            if shown:
                found.append((here, item, section, shown))
        if kind in {"info", "tip"}:
            told = text
        elif kind:
            told = ""


def _choices(item: Node, kind: str) -> tuple[str, ...]:
    if kind == "yesno":
        return tuple(plain_html(item.text(key)) or key.capitalize() for key in ("yes", "no"))
    if kind == "check":
        return (plain_html(item.text("text")),)
    choices = item.get("choices")
    return tuple(plain_html(text) for one, text in ids(choices)) if choices and kind in _GROUPS else ()


def ids(choices: Node) -> list[tuple[str, str]]:
    """Return the id and text of each choice of a group."""
    return [(key, str(value.value)) for _, one in choices.members for key, value in one.members[:1] if value.kind == "string"]
