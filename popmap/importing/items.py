"""Items of a list: the name each begins with, and what stands behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from popmap.importing import column_content, countries, headings, judging, naming, splitting, wording
from popmap.importing.document import Cell, Item
from popmap.importing.judging import Verdict
from popmap.importing.statements import places
from popmap.importing.words import fold, group

_DASH = re.compile(r"\s+[-–—|•·]\s+|\s+[–—]|[–—]\s+")
_COLON = re.compile(r":\s+|:$")
_KEYED = re.compile(r"^([^:\n]{2,40}):\s*(.*)$", re.DOTALL)
# A sentence such as "We use Cloudy to send e-mail".
_WE_USE = re.compile(
    r"^(?i:(?:we|wir|nous)\s+(?:also\s+|auch\s+)?(?:use|rely on|work with|nutzen|verwenden|setzen|utilisons)"
    r"|usamos|utilizamos|usiamo|utilizziamo)\s+"
    r"([A-ZÀ-Ý0-9][^,.;:]{1,60}?)\s+(?i:to|for|as|zur|zum|für|um|pour|para|como|per)\s+(.{3,})$"
)
# A place behind the purpose, in one line with it.
_SENTENCE_KEYED = re.compile(r"(?:(?<=[.;])\s+|^)([^\W\d_][^:.;\n]{2,40}):\s+([^.;\n]+(?:\.(?=\S)[^.;\n]*)*)[.;]?(?=\s|$)")
_KEYED_ROLES = frozenset(["location", "categories", "transfer_mechanism", "retention_period", "legal_basis", "country", "purpose"])
_MOST_TURNED, _LONGEST_TURNED = 0.6, 5
_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*\.?$")
Fields = dict[str, Cell]


def is_vendor(name: str) -> bool:
    """Return whether words may be a vendor's name, and nothing speaks against it."""
    return wording.is_name(name) and not headings.sure(name) and judging.judge(name, column=False).verdict is Verdict.VENDOR


def parsed(items: Sequence[Item]) -> list[Fields]:
    """Return what each item says by role, {} for one that begins with no name; in "Hosting: Cloudy" what it is for stands first."""
    found = [fields(one) for one in items]
    told = [one for one in found if one and "purpose" in one]
    first = column_content.share(told, lambda one: is_work(one["vendor"].text))
    turned = [_turned(one) if one else {} for one in found]
    named = column_content.share(told, lambda one: bool(_turned(one)))
    return turned if len(told) > 1 and first > _MOST_TURNED and named > _MOST_TURNED else found


def is_work(text: str) -> bool:
    """Return whether words say what is done, or name a kind of recipient, rather than somebody."""
    return judging.descriptive(text) or judging.is_group(text) or headings.sure(text) in {"purpose", "service", "policy_url", "contact"}


def _turned(found: Fields) -> Fields:
    """Return an item whose purpose stands first, {} where no name stands behind it."""
    purpose = found.get("purpose")
    if not purpose:
        return {}
    name, rest = _cut(replace(purpose, lead=""))
    named = is_vendor(name) and wording.is_proper(name) and len(name.split()) <= _LONGEST_TURNED
    if not named:
        return {}
    more = {key: one for key, one in found.items() if key not in {"vendor", "purpose"}}
    return {**_rest(rest, purpose), **more, "vendor": replace(purpose, text=name, lead=name), "purpose": found["vendor"]}


def fields(item: Item) -> Fields:
    """Return what an item says by role, {} when it begins with no name."""
    cell = item.cell
    if keyed := _all_keyed(item):
        return keyed
    name, rest = _cut(cell)
    if not name:
        return {}
    found: Fields = {"vendor": replace(cell, text=name)}
    bracket = _BRACKET.search(name)
    if bracket and countries.country(bracket.group(1)):
        found = {"vendor": replace(cell, text=name[: bracket.start()].strip()), "location": replace(cell, text=bracket.group(1).strip())}
    elif bracket and name[: bracket.start()].strip() and judging.descriptive(bracket.group(1)):
        # "Cloudy (payments): gets your name": what it is for stands in the brackets.
        found = {"vendor": replace(cell, text=name[: bracket.start()].strip()), "purpose": replace(cell, text=bracket.group(1).strip())}
        more = _rest(rest, cell)
        if "purpose" in more:
            more["notes"] = more.pop("purpose")
        found, rest = more | found, ""
    outside = [one for one in cell.links if one.startswith("http")]
    if outside:
        found["url"] = replace(cell, text=outside[0])
    found = _rest(rest, cell) | found
    for one in item.below:
        keyed = _KEYED.match(one.text)
        role = headings.guess(keyed.group(1))[0] if keyed and ". " not in keyed.group(1) else ""
        if keyed and ". " not in keyed.group(1) and role and role not in found and role != "vendor":
            found[role] = replace(one, text=keyed.group(2).strip(" ."))
        elif "purpose" not in found:
            found |= _rest(one.text, one)
        elif one.text != name:
            found["notes"] = replace(one, text=f"{found['notes'].text}\n{one.text}" if "notes" in found else one.text)
    return found


def _all_keyed(item: Item) -> Fields:
    """Return an item each line of which says what it holds, "Name: Cloudy", by role; {} for any other."""
    lines = [replace(item.cell, text=one, lead="") for one in item.cell.text.split("\n")] + list(item.below)
    found: Fields = {}
    for line in lines:
        keyed = _KEYED.match(line.text)
        role = headings.guess(keyed.group(1).strip(" *"))[0] if keyed else ""
        if not keyed or not role:
            return {}
        found.setdefault(role, replace(line, text=keyed.group(2).strip()))
    return found if "vendor" in found and len(found) > 1 else {}


def _cut(cell: Cell) -> tuple[str, str]:
    """Return an item's name and what stands behind it."""
    text = cell.text.strip()
    if (found := _WE_USE.match(text)) and wording.is_name(found.group(1)) and wording.is_proper(found.group(1)):
        return naming.clean_name(found.group(1)), found.group(2).strip()
    if cell.lead and text.startswith(cell.lead) and wording.is_name(cell.lead.rstrip(":. ")):
        rest = text[len(cell.lead) :]
        more = _BRACKET.match(rest) if rest.startswith((" (", "(")) else None
        if more is None and (found := re.match(r"\s*\(([^()]*)\)", rest)) and re.match(r"\s*(?:[-–—:.,]|$)", rest[found.end() :]):
            return naming.clean_name(cell.lead + rest[: found.end()]), rest[found.end() :].strip(" \n:.,–—-")
        form = re.match(r",?\s*((?:[A-Z][\w.]*\s?){1,3})", rest)
        if form and splitting.is_form(form.group(1)):
            return naming.clean_name(cell.lead + rest[: form.end()].rstrip()), rest[form.end() :].strip(" \n:,–—-")
        return naming.clean_name(cell.lead), rest.strip(" \n:.,;–—-")
    for mark in (_DASH, _COLON):
        found = next((one for one in mark.finditer(text) if text.count("(", 0, one.start()) == text.count(")", 0, one.start())), None)
        if found and wording.is_name(text[: found.start()]):
            return naming.clean_name(text[: found.start()]), text[found.end() :].strip()
    first, *lines = text.split("\n")
    if lines and wording.is_name(first):
        return naming.clean_name(first), "\n".join(lines)
    parts = splitting.pieces(text.rstrip("."), ",")
    place = next((at for at in range(1, len(parts)) if not splitting.is_form(parts[at])), len(parts))
    if 1 <= place < len(parts) and wording.is_name(name := ", ".join(parts[:place])):
        return naming.clean_name(name), ", ".join(parts[place:])
    found = _BRACKET.search(text)
    if (
        found
        and wording.is_name(text[: found.start()])
        and (places(found.group(1)).stated or len(found.group(1).split()) > 1)
        and not splitting.is_form(found.group(1))
    ):
        return naming.clean_name(text[: found.start()]), f"({found.group(1)})"
    return (naming.clean_name(text), "") if wording.is_name(text.rstrip(".;")) else ("", "")


def _rest(text: str, cell: Cell) -> Fields:
    """Return what the words behind a name say: the purpose, and the location at its end."""
    text = " ".join(text.split()) if "\n" not in text else text.strip()
    text = re.sub(r"\s*(?:https?://\S+|\([^()]*https?://[^()]*\))", "", text).strip(" ;")
    if text.startswith("(") and text.rstrip(".").endswith(")") and text.count("(") == 1:
        text = text.rstrip(".")[1:-1]
    if not text:
        return {}
    found: Fields = {}
    parts = [one for one in (part.strip(" .") for part in re.split(r"\s+[-–—|]\s+|\n|;\s+", text)) if one]
    keyed = [(headings.sure(match.group(1)), match.group(2)) for part in parts if (match := _KEYED.match(part))]
    if keyed and all(role for role, _ in keyed) and len(keyed) == len(parts):
        return {role: replace(cell, text=value.strip(" .")) for role, value in keyed if role != "vendor"}
    for told in _SENTENCE_KEYED.finditer(text):
        role = headings.sure(told.group(1))
        if role in _KEYED_ROLES and role not in found:
            found[role] = replace(cell, text=told.group(2).strip(" ."))
            text = text.replace(told.group(), " ", 1)
    text = text.strip()
    bracket = _BRACKET.search(text)
    if bracket and _placed(bracket.group(1)) and "location" not in found:
        found["location"] = replace(cell, text=bracket.group(1).strip())
        text = text[: bracket.start()]
    elif "location" in found:
        pass
    elif len(parts) > 1 and _placed(parts[-1]):
        found["location"] = replace(cell, text=parts[-1])
        text = text[: text.rindex(parts[-1])].rstrip(" -–—|;\n")
    else:
        pieces = splitting.pieces(text.rstrip("."), ",")
        if len(pieces) > 1 and _placed(pieces[-1]) and len(pieces[-1].split()) < 4:
            found["location"] = replace(cell, text=pieces[-1])
            text = text[: text.rindex(pieces[-1])].rstrip(" ,")
        elif _placed(text.strip(" .")):
            return {"location": replace(cell, text=text.strip(" ."))}
    purpose = text.strip(" \n,;:–—-")
    purpose = purpose[:-1] if purpose.endswith(".") and purpose.count(".") == 1 else purpose
    if purpose.startswith("(") and purpose.endswith(")") and purpose.count("(") == 1:
        purpose = purpose[1:-1]
    return found | ({"purpose": replace(cell, text=purpose)} if purpose else {})


def _placed(text: str) -> bool:
    """Return whether words say where, and nothing else of length."""
    if len(text) > 100:
        return False
    bare = text.strip()
    found = places(bare)
    if found.stated:
        either = any(fold(one) in group("places", "either") for one in bare.split())
        return not found.condition or (countries.begins(bare) and (either or len(bare.split()) < 6))
    return fold(bare) in group("places", "regions") or (bool(found.inferred) and not found.condition)
