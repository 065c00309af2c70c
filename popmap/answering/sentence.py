"""A question's words, sorted by what the language's data knows of them, and the form of the question."""

from __future__ import annotations

import re
from dataclasses import dataclass

from popmap.answering.countries import countries_asked
from popmap.answering.lexicon import BY_COUNTRY, Tongue, kinds, operators, tongue
from popmap.answering.names import Named, Names, named
from popmap.answering.words import Words, begun, places, together, words

# Concepts that "the supplier" is not meant by when it is the one who answers.
_OF_OTHERS = ("vendor", "subprocessor", "using", "asker", "towhom")
# What a question asks for stands in its first words.
_OPENING = 3
# A label without its mark has no more words than this.
_LABEL = 4
_PREPOSED = 5
_PREPOSITIONS = frozenset(
    "by in on for under to with from at upon via through into a par en sur dans de pour avec chez sous depuis vers auf an mit von zu bei "
    "durch kraft uber aus fur por para con sobre bajo mediante desde hacia".split()
)
LABEL_MARK = ":"
MARKS = ("?", ".", "!")
"""What a question or a statement ends with; a label has none of them."""
# What may stand between a kind of vendor and the word for vendors.
_BETWEEN = frozenset(
    ["de", "d", "des", "du", "l", "la", "le", "les", "del", "los", "para", "pour", "fur", "or", "and", "und", "oder", "ou", "et", "o", "y"]
)
# "Does the hosting provider receive data?" is about one that is known, "do any AI providers?" asks for them.
_INDEFINITE = frozenset(["any", "ein", "eine", "einen", "un", "une", "algun", "alguna"])
# Concepts that add to another where one of the last is there, and stand for nothing by themselves.
_ADDS = (("untildeleted", "retention", ("retention",)), ("atrest", "store", ("where",)), ("incase", "transfer", ("mechanism",)))
# Concepts that mean nothing of their own within words for vendors, or for what they receive.
_ATTRIBUTES = ("outside", "noticing", "change", "contracted", "contact", "designated", "retention", "store")
_OWNERS = ("vendor", "subprocessor", "receive")
_DOCUMENTS = ("agreement", "ropa", "dpo", "notice", "diagram", "dpia", "mechanism", "contact")
_SENDING = ("send", "sent", "envo", "envi", "mand", "versend", "verschick", "schick")
_WORDS = re.compile(r"(\W+)")
_COUNTING = ("count", "quantity")
# The place of no word: a subject found there is beyond every intent, whatever its words are.
_NOWHERE = frozenset({-1})


@dataclass(frozen=True, slots=True)
class Read:
    """A question's words and what they were found to be.

    Attributes:
        text: The words.
        concepts: The places of each concept's words.
        topics: What no register knows, each find with its places; a subject as a whole is at no word's place.
        process: The places of words that ask for a process or a promise.
        ours: The places of words for the customer's own people.
        plain: The places of words that carry no subject.
        operators: Words that change what is asked, each find with its places.
        articles: The Articles of a law that are named, each with its places.
        closed: Whether a yes or a no could answer.
        label: Whether it is a label, as forms have them.
        names: The register's names in it, and countries; a country without a key is not to narrow the answer.
    """

    text: Words
    concepts: dict[str, frozenset[int]]
    topics: list[tuple[str, frozenset[int]]]
    process: frozenset[int]
    ours: frozenset[int]
    plain: frozenset[int]
    operators: list[tuple[str, frozenset[int]]]
    articles: list[tuple[str, frozenset[int]]]
    closed: bool
    label: bool
    names: list[Named]


def is_universal(question: str, language: str) -> bool:
    """Return whether rows cannot carry a yes: it would have to hold for every row, the opposite is asked, or the customer's own people."""
    known, text = tongue(language), words(question)
    found = _operators(text, known, _harmless(text, known, closed=True))
    return any(not operators()[key].carried for key, _ in found) or bool(known.ours.search(text.text))


def is_closed(question: str, language: str) -> bool:
    """Return whether a yes or a no could answer a question: it is no label and does not begin by asking which, who, where or for a list."""
    known, text = tongue(language), words(question).text
    if known.whether.match(text) or known.asked.match(text):
        return True
    case = known.concepts["incase"].match(text)
    behind = question.partition(",")[2]
    if case and behind and not is_closed(behind, language):
        # "In case of transfer, which safeguards ...?"
        return False
    # "If so, list them": what asks stands behind.
    opening = known.tail.match(text) or known.harmless.match(text)
    starts = [text, text[opening.end() :]] if opening else [text]
    firsts = [start.split() for start in starts]
    # "By virtue of which instrument ...?"
    firsts = [first[: _PREPOSED if first and first[0] in _PREPOSITIONS else _OPENING] for first in firsts]
    asks = known.request.match(text) or any(known.open.search(" ".join(first)) or set(first[:1]) & known.reporting for first in firsts)
    return not asks and not question.rstrip().endswith(LABEL_MARK)


def read_question(question: str, language: str, names: Names) -> Read:
    """Return a question's words, sorted."""
    known = tongue(language)
    text = words(question)
    # A label ("Purpose of the processing") ends without a mark.
    closed = is_closed(question, language) and question.rstrip().endswith(MARKS)
    harmless = _harmless(text, known, closed) | _reference(text, known)
    ours = together(places(known.ours, text))
    # "The cloud provider" is not who answers.
    made = [span for key in kinds() for span in places(known.concepts[key], text)]
    own = together(span for span in places(known.own, text) if not any(span & other and not other <= span for other in made))
    # "As defined in the GDPR" asks for no definition.
    phrased = together(begun(known.framed, text))
    process, upkeep = (together(span for span in places(found, text) if not span <= phrased) for found in (known.process, known.upkeep))
    small = known.bare if closed else known.fillers | known.reporting
    plain = frozenset(at for at, word in enumerate(text.plain) if word in small or (len(word) == 1 and not word.isdecimal()))
    found = [one for one in named(text, names) if not one.places <= harmless]
    concepts = _concepts(text, known, own, ours, any(one.facet == "category" for one in found), closed, harmless)
    concepts = {key: span for key, span in concepts.items() if span}
    topics = [(key, span) for key, found in known.topics.items() for span in places(found, text) if not span <= harmless]
    # "Phone numbers of" counts nothing.
    names_of_data = together(one.places for one in found if one.facet == "category")
    changed = [(key, span) for key, span in _operators(text, known, harmless) if not (key in _COUNTING and min(span) in names_of_data)]
    # "Clauses" in the name of a mechanism do not change what is asked.
    meant = together(concepts.get(key, frozenset()) for key in ("mechanism", "scc", "agreement"))
    leaves = any(not operators()[key].carried and not span <= meant for key, span in changed)
    lands, beyond = countries_asked(text, language, concepts, topics, leaves)
    return Read(
        text=text,
        concepts=concepts,
        topics=[(key, span) for key, span in topics if key not in BY_COUNTRY and not span <= ours] + [(key, _NOWHERE) for key in beyond],
        process=process | (upkeep if closed else frozenset()),
        ours=ours,
        plain=plain | harmless | upkeep | own | ours,
        operators=changed,
        articles=[(one[1], text.span(*one.span())) for one in known.article.finditer(text.text)],
        closed=closed,
        label=question.rstrip().endswith(LABEL_MARK) or (not question.rstrip().endswith(MARKS) and len(text.plain) <= _LABEL),
        names=found + lands,
    )


def apart(question: str, language: str) -> str:
    """Return a question with words split that are put together from known ones, where the whole is not known ("Datenstandort")."""
    known = tongue(language)
    found = []
    for part in _WORDS.split(question):
        head = known.heads.match(words(part).text)
        found.append(f"{part[: head.end()]} {part[head.end() :]}" if head and not _is_known(part, known) else part)
    return "".join(found)


def _is_known(word: str, known: Tongue) -> bool:
    text = words(word).text
    patterns = (*known.concepts.values(), *known.topics.values(), *known.operators.values())
    return text in known.fillers or any(one.fullmatch(text) for one in patterns)


def _harmless(text: Words, known: Tongue, closed: bool) -> frozenset[int]:
    """Return the places of phrases that narrow nothing."""
    phrases = (known.framed,) if closed else (known.framed, known.loosely)
    # "Indicate for each sub-processor whether": whether is the word before what is asked.
    asked = known.asked.match(text.text)
    whether = frozenset({len(asked[0].split()) - 1}) if asked else frozenset()
    return whether | together((*places(known.harmless, text), *(span for one in phrases for span in begun(one, text))))


def _operators(text: Words, known: Tongue, harmless: frozenset[int]) -> list[tuple[str, frozenset[int]]]:
    """Return the words that change what is asked, each find with its places; none that is only a part of a longer find."""
    finds = [(key, span) for key, found in known.operators.items() for span in places(found, text) if not span <= harmless]
    finds = [(key, span) for key, span in finds if min(span) < _OPENING or not operators()[key].opening]
    return [(key, span) for key, span in finds if not any(span < other for _, other in finds)]


def _reference(text: Words, known: Tongue) -> frozenset[int]:
    """Return the places of the numbers a question begins with ("4.2.1"), unless they count something."""
    at = 0
    while at < len(text.plain) and (text.plain[at].isdecimal() or (at and len(text.plain[at]) == 1)):
        at += 1
    counts = at < len(text.plain) and known.operators["duration"].fullmatch(text.plain[at])
    return frozenset() if counts else frozenset(range(at))


def _concepts(
    text: Words, known: Tongue, own: frozenset[int], ours: frozenset[int], of_category: bool, closed: bool, harmless: frozenset[int]
) -> dict[str, frozenset[int]]:
    """Return the places of each concept's words, and none of those that mean something else where they stand."""
    spans = {key: places(found, text) for key, found in known.concepts.items()}
    for key, found in known.phrased.items():
        spans[key] += begun(found, text)
    # Articles stand for what they are about ("data under Art. 9").
    cited = together(text.span(*one.span()) for one in known.article.finditer(text.text))
    # What means nothing is dropped, what only holds such words ("types of individuals") is not.
    spans = {key: [span for span in found if not span <= harmless or span & cited] for key, found in spans.items()}
    # "What data processing agreements" asks for no data.
    spans["category"] = [
        span for span in spans["category"] if not any(span & other and len(other) >= len(span) for of in _DOCUMENTS for other in spans[of])
    ]
    # "With our own directory" asks for an ability, "contact with our employees" does not.
    spans["ability"] = [span for span in spans["ability"] if not span & ours]
    # "An outside company" is no other country, "authorised sub-processors" are asked for without their authorisation.
    spans["subjects"] = [span for span in spans["subjects"] if not any(span < other for other in spans["category"])]
    spans["sourceofdata"] = [span for span in spans["sourceofdata"] if not any(span < other for other in spans["where"])]
    for key in _ATTRIBUTES:
        spans[key] = [span for span in spans[key] if not any(span < other for of in _OWNERS for other in spans[of])]
    finds = {key: together(found) - (own if key in _OF_OTHERS else frozenset()) for key, found in spans.items()}
    finds["category"] -= finds["datacentre"]
    # "Do you keep card numbers?" asks whether there are any, and "which payment providers receive data?" for the providers.
    if (closed or (finds["category"] and not finds["legalbasis"])) and finds["retention"] <= finds["held"]:
        finds["store"] |= finds["retention"]
        finds["retention"] = frozenset()
    finds["retention"] |= frozenset() if finds["noticing"] else finds["timespan"]
    # What only adds to what is asked anyway: "how long before it is erased", "where at rest", "in case of transfer, which safeguards".
    for key, meant, counts in _ADDS:
        if any(finds[one] for one in counts):
            finds[meant] |= finds[key]
    if _made(text, finds) and not (closed and not _INDEFINITE & set(text.plain)):
        finds["using"] |= finds["receive"]
        finds["receive"] = frozenset()
    if finds["email"] and not finds["data"]:
        sent = together(span for span in spans["receive"] if text.plain[min(span)].startswith(_SENDING))
        finds["receive"], finds["email"] = finds["receive"] - sent, finds["email"] | sent
    if finds["mechanism"]:
        # "Which safeguards cover the data flows" asks for no picture of them.
        finds["transfer"] |= finds["diagram"]
        finds["diagram"] = frozenset()
    if closed:
        # "Does the cloud service provider inform customers ...?"
        for key in ("hostprovider", *kinds()):
            finds[key] -= own
    # To send e-mails is to disclose nothing, whoever subcontracts speaks of vendors and not of contracts with them, and "card payments"
    # are payments, while "payment card data" is data of cards.
    finds["receive"] -= finds["email"]
    kind = together(finds[key] for key in kinds())
    if kind and (finds["vendor"] | finds["asker"]) - finds["purpose"]:
        # "Used for hosting" says which ones, not what for.
        finds["purpose"] -= together(span for span in spans["purpose"] if max(span) + 1 in kind)
    finds["subprocessor"] -= finds["agreement"]
    if finds["subprocessor"]:
        finds["vendor"] -= finds["agreement"]
    finds["contracted"] -= finds["subprocessor"]
    finds["headoffice"] -= finds["rely"]
    finds["card"] -= finds["cardpayment"]
    finds["payment"] |= finds["cardpayment"]
    if (finds["mechanism"] or finds["legalbasis"]) and not finds["where"]:
        # "On which safeguards are they based?" asks what they rest on, not where they are at home.
        finds["rely"] |= finds["headoffice"]
        finds["headoffice"] = frozenset()
    # Where something is transferred to asks for other countries.
    finds["outside"] |= finds["where"] if finds["transfer"] else frozenset()
    period, deleted = together(places(known.period, text)), together(places(known.deleted, text))
    # Accounts and access are deleted too: only where data is spoken of does being deleted end its retention.
    if period and deleted and not finds["receive"] and (finds["data"] or of_category):
        finds["retention"] |= period | deleted
    return finds


def _made(text: Words, finds: dict[str, frozenset[int]]) -> bool:
    """Return whether a kind of vendor and a word for vendors stand together, with small words between them at most."""
    kind = together(finds[key] for key in kinds())
    joined = kind | finds["joining"] | {at for at, word in enumerate(text.plain) if word in _BETWEEN}
    for at in finds["maker"] - kind:
        before, after = at - 1, at + 1
        while before in joined - kind:
            before -= 1
        while after in joined - kind:
            after += 1
        if before in kind or after in kind:
            return True
    return False
