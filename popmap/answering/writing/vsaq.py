"""Answers to a VSAQ questionnaire: the JSON object its editor loads and saves, id -> value.

Values as in github.com/google/vsaq, vsaq/static/questionnaire: text for line and box, "yes" or "no" for yesno, "checked" for a choice.
"""

from __future__ import annotations

import json

from popmap.answering.model import Questionnaire
from popmap.answering.reading.markup import plain_html
from popmap.answering.reading.relaxed import Node, follow, keys, parse
from popmap.answering.reading.vsaq import ids
from popmap.answering.reading.words import fold
from popmap.answering.writing.plan import Plan
from popmap.answering.writing.texts import clean
from popmap.uploads.separated import decode

NO_ID = "The question has no id to store its answer under."


def write(data: bytes, questionnaire: Questionnaire, made: Plan) -> bytes:
    """Return the answers' JSON; the questionnaire stays as it is."""
    root = parse(decode(data, questionnaire.name)[0], questionnaire.name)
    values: dict[str, str] = {}
    for put in made.puts:
        node = follow(root, keys(put.place.at))
        found = _values(node, put.text) if node else {}
        values |= found
        if found:
            made.done.add(put.question.key)
        else:
            made.left[put.question.key] = NO_ID
    return (json.dumps(values, ensure_ascii=False, indent=2) + "\n").encode()


def _values(item: Node, text: str) -> dict[str, str]:
    kind, identity = item.text("type"), item.text("id")
    choices = item.get("choices")
    if choices is not None:
        wanted = {fold(line) for line in text.splitlines()} | {fold(text)}
        return {one: "checked" for one, words in ids(choices) if fold(plain_html(words)) in wanted}
    if not identity:
        return {}
    if kind == "yesno":
        return {identity: "no" if fold(text) == fold(plain_html(item.text("no")) or "no") else "yes"}
    return {identity: "checked" if kind == "check" else clean(text)}
