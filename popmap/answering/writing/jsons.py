"""Answers written into JSON: only the answers' values are put in, the text around them is the text that came."""

from __future__ import annotations

import json
import re

from popmap.answering.model import Questionnaire
from popmap.answering.reading.relaxed import Node, follow, keys, parse
from popmap.answering.reading.words import blank
from popmap.answering.writing.plan import NO_PLACE, STANDING, Plan
from popmap.answering.writing.texts import clean
from popmap.uploads.separated import decode

_GAP = re.compile(r"\s*,\s*")
_COLON = re.compile(r"\s*:\s*\Z")


def write(data: bytes, questionnaire: Questionnaire, made: Plan) -> bytes:
    """Return the JSON with the planned answers."""
    text, mark, encoding = decode(data, questionnaire.name)
    root = parse(text, questionnaire.name)
    edits: list[tuple[int, int, str]] = []
    for put in made.puts:
        path = keys(put.place.at)
        node = follow(root, path)
        parent = follow(root, path[:-1])
        several = put.question.several and not put.note
        if node is not None and _free(node):
            value = put.text.splitlines() if node.kind == "array" or several else put.text
            edits.append((node.start, node.end, _dumped(value, encoding)))
        elif node is None and parent is not None and parent.kind == "object" and path:
            edits.append(_inserted(text, parent, path[-1], _dumped(put.text.splitlines() if several else put.text, encoding)))
        else:
            made.left[put.question.key] = STANDING if node is not None else NO_PLACE
            continue
        made.done.add(put.question.key)
    if not edits:
        return data
    pieces, at = [], 0
    for start, end, new in sorted(edits, key=lambda one: one[:2]):
        pieces += [text[at:start], new]
        at = end
    return mark + "".join([*pieces, text[at:]]).encode(encoding)


def _free(node: Node) -> bool:
    if node.kind in {"object", "array"}:
        return node.kind == "array" and not node.members
    return node.value is None or (isinstance(node.value, str) and blank(node.value))


def _dumped(value: object, encoding: str) -> str:
    cleaned = [clean(str(one)) for one in value] if isinstance(value, list) else clean(str(value))
    return json.dumps(cleaned, ensure_ascii=not encoding.startswith("utf"))


def _inserted(text: str, parent: Node, key: str, value: str) -> tuple[int, int, str]:
    """Return the edit that adds a member at an object's end, spaced like those before it."""
    name = json.dumps(key)
    if not parent.members:
        return parent.start + 1, parent.start + 1, f"{name}: {value}"
    last = parent.members[-1][1]
    before = parent.members[-2][1].end if len(parent.members) > 1 else parent.start + 1
    head = text[before : last.start]
    quote = re.search(r"[\"']", head)
    gap = head[: quote.start()] if quote else ", "
    if len(parent.members) == 1:
        gap = "," + (gap if gap.strip() == "" and gap else " ")
    if not _GAP.fullmatch(gap):
        gap = ", "
    colon = _COLON.search(text[max(before, last.start - 20) : last.start])
    return last.end, last.end, f"{gap}{name}{colon.group() if colon else ': '}{value}"
