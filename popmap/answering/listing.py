"""What a question lists: two things it asks for at once, and members of what it asks for, which add nothing."""

from __future__ import annotations

from popmap.answering.asides import parting, small
from popmap.answering.lexicon import brands, kinds, members, operators
from popmap.answering.names import Names
from popmap.answering.sentence import MARKS, Read, is_closed, read_question
from popmap.answering.tongue import tongue
from popmap.answering.words import places, together, words

# What questions ask for by one concept: two of these joined are two questions.
_ASKED = ("legalbasis", "purpose", "retention", "where", "subjects", "sourceofdata", "category", "mechanism", "agreement", "vendor")
_LISTED = 2
_LONGEST_HEAD = 5
_COMMON = ("data", "store", "using", "asker", "maker")
# Words by which more than one of its members is asked for.
_BY_MEMBERS = {"transfer-mechanisms": ("mechanism", "scc", "legalbasis")}
_EXAMPLE = frozenset(
    [
        "e",
        "g",
        "z",
        "b",
        "p",
        "ex",
        "ej",
        "for",
        "example",
        "par",
        "exemple",
        "zum",
        "beispiel",
        "por",
        "ejemplo",
        "etc",
        "or",
        "ou",
        "oder",
        "o",
        "other",
        "others",
        "autre",
        "autres",
        "andere",
        "anderer",
        "sonstige",
        "otro",
        "otros",
        "u",
        "usw",
    ]
)
_BEFORE = frozenset(["by", "directly", "only", "aupres", "par", "directement", "bei", "direkt", "durch", "por", "directamente", "los"])
# What headings say besides ("Fourth-party management").
_MANAGED = frozenset(
    ["management", "disclosure", "general", "gestion", "verwaltung", "umgang", "allgemeines", "generalites", "generalidades"]
)
_ALSO = frozenset(["sowie", "bzw"])


def are_members(part: str, language: str, intent: str) -> bool:
    """Return whether a part of a question lists at least two members of what an intent tells, and nothing else.

    Args:
        part: The part, as "contract, consent or legal obligation".
        language: One of `LANGUAGES`.
        intent: The intent the question was understood to ask for.
    """
    found = members().get(intent, {}).get(language)
    items = [_bare(words(item).plain, language) for item in parting().split(part.lower())]
    items = [item for item in items if item]
    return bool(found) and len(items) >= _LISTED and all(found.fullmatch(item) for item in items)


def _bare(item: tuple[str, ...], language: str) -> str:
    """Return a member without the small words before it ("from partners")."""
    at = 0
    while at < len(item) - 1 and item[at] in (small(language) | _BEFORE):
        at += 1
    return " ".join(item[at:])


def is_one_member(read: Read, intent: str, language: str) -> bool:
    """Return whether what is asked for is narrowed to one of its members ("which transfers rest on an adequacy decision?").

    Args:
        read: The question's words; of a label or where a yes or a no could answer, nothing is narrowed.
        intent: The intent it was understood to ask for.
        language: One of `LANGUAGES`.
    """
    if read.closed or read.label or intent not in _BY_MEMBERS:
        return False
    finds = places(members()[intent][language], read.text)
    named = together(finds)
    if sum(not any(span < other for other in finds) for span in finds) > 1:
        return False
    asked = together(read.concepts.get(key, frozenset()) for key in _BY_MEMBERS[intent])
    return bool(named) and asked <= named


def are_brands(part: str, language: str, names: Names, question: str) -> bool:
    """Return whether a bracket names products for example ("(Zendesk, Intercom, ...)"): written like names, and nothing that is understood.

    Args:
        part: What stands in the bracket.
        language: One of `LANGUAGES`.
        names: What the register names.
        question: The whole question.
    """
    text = words(part)
    # Without a word or dots that say so, names could be places that narrow the question.
    example = any(word in _EXAMPLE for word in text.plain) or "\u2026" in part or "..." in part
    if f"({part})" not in question or not example:
        return False
    rest = [word for word in text.written if word.lower() not in _EXAMPLE]
    read = read_question(part, language, names)
    known = together(span for key, span in read.concepts.items() if key not in (*kinds(), *_COMMON, "joining"))
    return (
        bool(rest)
        and all(word[0].isupper() and (not word.isupper() or word.lower() in brands()) for word in rest)
        and not (read.topics or read.operators or read.articles or read.ours or known)
        and all(one.facet == "vendor" for one in read.names)
    )


def headed(question: str, language: str, names: Names) -> list[str]:
    """Return what stands behind a heading that only says over again what is asked ("Fourth parties: name every sub-processor").

    Args:
        question: Its text.
        language: One of `LANGUAGES`.
        names: What the register names.

    Returns:
        The rest, () where there is no heading or it could narrow what is asked.
    """
    head, mark, rest = question.partition(":" if ":" in question else ". ")
    if not mark or not words(rest).plain or len(words(head).plain) > _LONGEST_HEAD:
        return []
    above, below = read_question(f"{head}:", language, names), read_question(rest, language, names)
    shared = together(span for key, span in above.concepts.items() if key in below.concepts and key not in _COMMON)
    turned = any(not operators()[key].common for key, span in above.operators if not span <= shared)
    managed = frozenset(at for at, word in enumerate(above.text.plain) if word in _MANAGED)
    known = shared | managed | above.plain | together(above.concepts.get(key, frozenset()) for key in _COMMON)
    if not shared or turned or above.names or above.topics or above.articles or not set(range(len(above.text.plain))) <= known:
        return []
    return [rest.strip()]


def halves(question: str, language: str) -> list[tuple[str, str]]:
    """Return the two questions that are asked at once where two things are joined ("legal basis and purpose of the processing").

    Args:
        question: Its text; where a yes or a no could answer, nothing is parted.
        language: One of `LANGUAGES`.

    Returns:
        Pairs of questions, each a way to part it; () where nothing is joined.
    """
    known, text = tongue(language), words(question)
    mark = question.rstrip()[-1:]
    joins = [at for at, word in enumerate(text.plain) if word in known.joins or word in _ALSO]
    if not joins or (is_closed(question, language) and mark in MARKS):
        return []
    # "Sub-processors, including their location and purpose": what the list shall tell of each.
    tail = known.tail.search(text.text)
    if tail and tail.start() not in [text.starts[at] for at in joins]:
        return []
    spans = [(key, min(span), max(span)) for key in _ASKED for span in places(known.concepts[key], text)]
    little = known.beside | small(language)
    found = []
    for join in joins:
        right = join + 1
        while right < len(text.plain) and text.plain[right] in little and not any(first == right for _, first, _ in spans):
            right += 1
        # The last words of "zu welchem Zweck" on one side, of "auf welcher Rechtsgrundlage" on the other.
        after = [(last, key) for key, first, last in spans if first == right]
        before = [(first, key) for key, first, last in spans if last == join - 1]
        if not after or not before or {key for _, key in after} & {key for _, key in before}:
            continue
        end, (start, _) = max(after)[0], min(before)
        opened = start
        while opened and text.plain[opened - 1] in little:
            opened -= 1
        first = " ".join((*text.written[:join], *text.written[end + 1 :])) + end_of(mark)
        for left in dict.fromkeys((start, opened)):
            second = " ".join((*text.written[:left], *text.written[join + 1 :])) + end_of(mark)
            found.append((first, second))
    return found


def end_of(mark: str) -> str:
    """Return a mark that ends a question, a statement or a label, "" for any other."""
    return mark if mark in (*MARKS, ":") else ""
