"""Items of a list: the name each begins with, and what stands behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from popmap.importing import columns, countries, headings, judging, naming, splitting
from popmap.importing.document import Cell, Item
from popmap.importing.judging import Verdict
from popmap.importing.statements import places, sentences
from popmap.importing.words import fold, group, pattern

_DASH = re.compile(r"\s+[-–—|•·]\s+|\s+[–—]|[–—]\s+")
_COLON = re.compile(r":\s+|:$")
_KEYED = re.compile(r"^([^:\n]{2,40}):\s*(.*)$", re.DOTALL)
# "LLM providers: one of Cloudy, Rainy or Sunny."
_NAMELY = re.compile(
    r"\b(one of|currently|namely|these are|derzeit|aktuell|zurzeit|nämlich|actuellement|à savoir|actualmente|en concreto|attualmente"
    r"|such as|including|for example|e\.g\.|like|wie|z\.\s?B\.|beispielsweise|comme|tels que|notamment|par exemple|como|por ejemplo)\s*:?,?\s+"
    r"([A-ZÀ-Ý0-9][^.;:\n]*(?:\.(?=\S)[^.;:\n]*)*)",
    re.IGNORECASE,
)
_LAST = re.compile(r"^(?:and|or|und|oder|et|ou|y|o|e)\s+|\s+(?:and|or|und|oder|et|ou|y|o|e)\s+")
# "We use Cloudy to send e-mail."
_WE_USE = re.compile(
    r"^(?:we|wir|nous|usamos|utilizamos|usiamo|utilizziamo)\s*(?:also |auch )?(?:use|rely on|work with|nutzen|verwenden|setzen|utilisons|a)?\s+"
    r"([A-ZÀ-Ý0-9][^,.;:]{1,60}?)\s+(?:to|for|as|zur|zum|für|um|pour|para|como|per)\s+(.{3,})$",
    re.IGNORECASE,
)
# "E-mail. Location: Ireland." in one line.
_SENTENCE_KEYED = re.compile(r"(?:(?<=[.;])\s+|^)([^\W\d_][^:.;\n]{2,40}):\s+([^.;\n]+(?:\.(?=\S)[^.;\n]*)*)[.;]?(?=\s|$)")
_KEYED_ROLES = frozenset(["location", "categories", "transfer_mechanism", "retention_period", "legal_basis", "country", "purpose"])
_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*\.?$")
_LONGEST, _SHORT, _SENTENCE, _TITLE, _SHORT_PHRASE = 250, 90, 25, 4, 8
_MOST_PAGES, _MOST_TURNED, _LONGEST_TURNED, _LEAST_LIKELY, _MOST_FAMOUS = 0.25, 0.6, 5, 0.5, 0.8
# Headings of kinds of services read like headings of these columns.
_WHAT_FOR = frozenset(["", "purpose", "service", "contact"])
# "All sub-processors must keep to these rules:" says what they owe, and names none.
_OWED = re.compile(
    r"\b(?:must|required|requires?|shall|ensures?|obliged|committed|verpflichtet|mussen|doivent|tenus|deben|obligados|devono|moeten)\b"
)
Fields = dict[str, Cell]


def introduces(text: str) -> bool:
    """Return whether a heading or a sentence's end announces a list of recipients."""
    parts = sentences(text)
    last = parts[-1] if parts else ""
    if _OWED.search(fold(last)) and not pattern("lists", "announcing").search(fold(last)):
        return False
    announces = last.endswith(":") or len(last.split()) <= _SENTENCE or bool(pattern("lists", "announcing").search(fold(last)))
    return announces and bool(pattern("lists", "introducing").search(fold(last)))


def undecided(found: Mapping[str, Cell]) -> bool:
    """Return whether an item says that who it is about is still to come."""
    told = fold(found["purpose"].text) if "purpose" in found else ""
    begins = pattern("names", "undecided").match(told)
    return bool(begins) and (begins.group() == told or (" " in begins.group() and len(told.split()) <= _SHORT_PHRASE))


def vendor_list(items: Sequence[Item], above: str, trail: Sequence[str], alone: bool) -> bool:
    """Return whether a list is one of vendors.

    Args:
        items: Its items.
        above: The paragraph directly above it, "" for none.
        trail: The headings above it, the outermost first.
        alone: Whether the document holds nothing else that could be read.
    """
    read = [found for found in parsed(items) if not undecided(found)]
    named = [one for one in read if one and _vendor(one["vendor"].text) and judging.is_proper(one["vendor"].text)]
    if columns.share(items, lambda one: fold(one.cell.text) in group("names", "pages")) > _MOST_PAGES:
        return False
    texts = [len(one.cell.text) for one in items]
    if not named or len(named) < 0.6 * len(read):
        return False
    if (
        columns.share(
            [one["vendor"].text for one in named],
            lambda one: bool(pattern("data", "words").search(fold(one))) and not splitting.has_form(one),
        )
        > 0.4
    ):
        return False
    linked = (
        columns.share(
            [
                bool(one.cell.lead)
                and any(link.startswith("http") for link in one.cell.links)
                and len(one.cell.text) > len(one.cell.lead) + 8
                for one in items
            ],
            bool,
        )
        >= 0.7
    )
    if linked and (introduces(above) or any(map(introduces, trail))):
        return True
    if sorted(texts)[(len(texts) - 1) // 2] > _LONGEST:
        return False
    if columns.share([one["vendor"].text.split()[0] for one in named], lambda one: one.endswith("ing") and len(one) > 5) > 0.5:
        return False
    near = trail[-1] if trail else ""
    told = introduces(above) or introduces(near)
    if (
        not told
        and not above
        and not near.endswith(":")
        and ((_famous(named) and _work(near)) or (sorted(texts)[len(texts) // 2] < _SHORT and headings.sure(near) != "contact"))
        and headings.guess(near)[0] in _WHAT_FOR
        and fold(near) not in group("around", "others")
    ):
        # "Sub-processors" and below it "Infrastructure": the heading above the nearest counts when it says nothing else.
        told = any(len(one.split()) <= _TITLE and introduces(one) for one in trail[-3:-1]) and (_work(near) or _likely(named))
    formed = columns.share(
        read, lambda one: bool(one) and ("location" in one or ("vendor" in one and splitting.has_form(one["vendor"].text)))
    )  # type: ignore[arg-type]
    several = len(items) > 1 or told
    if not told and pattern("around", "others").search(fold(near)):
        return False
    if told:
        return several and columns.share([len(one.cell.text.split()) > 60 for one in items], bool) < 0.3
    return several and (formed >= 0.5 or (alone and all("purpose" not in one or len(one["purpose"].text.split()) < 20 for one in named)))


def _vendor(name: str) -> bool:
    return judging.is_name(name) and not headings.sure(name) and judging.judge(name, column=False).verdict is Verdict.VENDOR


def parsed(items: Sequence[Item]) -> list[Fields]:
    """Return what each item says by role, {} for one that begins with no name; in "Hosting: Cloudy" what it is for stands first."""
    found = [fields(one) for one in items]
    told = [one for one in found if one and "purpose" in one]
    first = columns.share(told, lambda one: _work(one["vendor"].text))
    turned = [_turned(one) if one else {} for one in found]
    named = columns.share(told, lambda one: bool(_turned(one)))
    return turned if len(told) > 1 and first > _MOST_TURNED and named > _MOST_TURNED else found


def _likely(named: Sequence[Fields]) -> bool:
    """Return whether names have legal forms or places beside them, or are widely known."""
    return (
        columns.share(
            named, lambda one: "location" in one or splitting.has_form(one["vendor"].text) or judging.is_known(one["vendor"].text)
        )
        >= _LEAST_LIKELY
    )


def _famous(named: Sequence[Fields]) -> bool:
    return columns.share(named, lambda one: judging.is_known(one["vendor"].text)) > _MOST_FAMOUS


def named_in(cell: Cell) -> tuple[bool, tuple[str, ...]]:
    """Return whether words behind a kind of recipient say who they are for certain, and the names: "one of: Cloudy, Rainy or Sunny"."""
    found = _NAMELY.search(cell.text)
    if not found:
        return False, ()
    parts = [naming.clean_name(part) for one in splitting.pieces(found.group(2), ",;") for part in _LAST.split(one)]
    names = tuple(one for one in parts if one)
    sure = all(judging.is_name(one) and judging.is_proper(one) and judging.judge(one).verdict is Verdict.VENDOR for one in names)
    definite = fold(found.group(1)) in group("names", "namely")
    return definite, names if sure and len(names) > 1 else ()


def _work(text: str) -> bool:
    return judging.descriptive(text) or judging.is_group(text) or headings.sure(text) in {"purpose", "service", "policy_url", "contact"}


def _turned(found: Fields) -> Fields:
    """Return an item whose purpose stands first, {} where no name stands behind it."""
    purpose = found.get("purpose")
    if not purpose:
        return {}
    name, rest = _cut(replace(purpose, lead=""))
    named = _vendor(name) and judging.is_proper(name) and len(name.split()) <= _LONGEST_TURNED
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
    if (found := _WE_USE.match(text)) and judging.is_name(found.group(1)) and judging.is_proper(found.group(1)):
        return naming.clean_name(found.group(1)), found.group(2).strip()
    if cell.lead and text.startswith(cell.lead) and judging.is_name(cell.lead.rstrip(":. ")):
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
        if found and judging.is_name(text[: found.start()]):
            return naming.clean_name(text[: found.start()]), text[found.end() :].strip()
    first, *lines = text.split("\n")
    if lines and judging.is_name(first):
        return naming.clean_name(first), "\n".join(lines)
    parts = splitting.pieces(text.rstrip("."), ",")
    place = next((at for at in range(1, len(parts)) if not splitting.is_form(parts[at])), len(parts))
    if 1 <= place < len(parts) and judging.is_name(name := ", ".join(parts[:place])):
        return naming.clean_name(name), ", ".join(parts[place:])
    found = _BRACKET.search(text)
    if (
        found
        and judging.is_name(text[: found.start()])
        and (places(found.group(1)).stated or len(found.group(1).split()) > 1)
        and not splitting.is_form(found.group(1))
    ):
        return naming.clean_name(text[: found.start()]), f"({found.group(1)})"
    return (naming.clean_name(text), "") if judging.is_name(text.rstrip(".;")) else ("", "")


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


def told(above: str) -> Mapping[str, str]:
    """Return what a sentence above a list says of all in it: `location` and `condition`, each with the sentence that says it."""
    found: dict[str, str] = {}
    for one in sentences(above)[-2:]:
        folded = fold(one)
        who, where = pattern("lists", "introducing").search(folded), pattern("lists", "located").search(folded)
        # "We are based in Germany and use these processors" says nothing of where the processors are.
        if who and where and who.start() < where.start():
            stated = places(one).stated
            if len(stated) == 1 or (not stated and pattern("places", "regions").search(folded)):
                found["location"] = one
        if any(folded.startswith(f"{word} ") for word in group("lists", "conditional")) and pattern("lists", "announcing").search(folded):
            found["condition"] = one
    return found
