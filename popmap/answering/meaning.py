"""What a question's words mean where they stand: the concepts they name, and none that they only look like."""

from __future__ import annotations

from popmap.answering.lexicon import kinds
from popmap.answering.tongue import Tongue
from popmap.answering.words import Words, begun, places, together

# Concepts that "the supplier" is not meant by when it is the one who answers.
_OF_OTHERS = ("vendor", "subprocessor", "using", "asker", "towhom")
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
_ENTRUSTING = ("confi", "entrust", "anvertrau", "vertrau", "encomiend", "encomend", "uberlass")
_SENDING = ("send", "sent", "envo", "envi", "mand", "versend", "verschick", "schick")


def concepts_in(
    text: Words, known: Tongue, own: frozenset[int], ours: frozenset[int], of_category: bool, closed: bool, harmless: frozenset[int]
) -> dict[str, frozenset[int]]:
    """Return the places of each concept's words, and none of those that mean something else where they stand.

    Args:
        text: The question's words.
        known: What is known of its language.
        own: The places of words for whoever answers.
        ours: The places of words for the customer's own people.
        of_category: Whether the question names a category of the register.
        closed: Whether a yes or a no could answer.
        harmless: The places of phrases that narrow nothing.
    """
    spans = _spans(text, known, ours, harmless)
    finds = {key: together(found) - (own if key in _OF_OTHERS else frozenset()) for key, found in spans.items()}
    _kept(text, known, finds, of_category, closed)
    _of_vendors(text, spans, finds, own, closed)
    _of_transfers(finds)
    # Whoever subcontracts speaks of vendors and not of contracts with them, and "card payments" are payments, while "payment card data" is
    # data of cards.
    finds["subprocessor"] -= finds["agreement"]
    finds["vendor"] -= finds["agreement"] if finds["subprocessor"] else frozenset()
    finds["contracted"] -= finds["subprocessor"]
    finds["headoffice"] -= finds["rely"]
    finds["card"] -= finds["cardpayment"]
    finds["payment"] |= finds["cardpayment"]
    if (finds["mechanism"] or finds["legalbasis"]) and not finds["where"]:
        # "On which safeguards are they based?" asks what they rest on, not where they are at home.
        finds["rely"] |= finds["headoffice"]
        finds["headoffice"] = frozenset()
    return finds


def _spans(text: Words, known: Tongue, ours: frozenset[int], harmless: frozenset[int]) -> dict[str, list[frozenset[int]]]:
    """Return the finds of each concept, without those that are only a part of another thing's name."""
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
    # "Our people" says whose data it is, and asks for nobody.
    spans["subjects"] = [span for span in spans["subjects"] if not span <= ours]
    spans["ability"] = [span for span in spans["ability"] if not span & ours]
    # "An outside company" is no other country, "authorised sub-processors" are asked for without their authorisation.
    spans["subjects"] = [span for span in spans["subjects"] if not any(span < other for other in spans["category"])]
    spans["sourceofdata"] = [span for span in spans["sourceofdata"] if not any(span < other for other in spans["where"])]
    for key in _ATTRIBUTES:
        spans[key] = [span for span in spans[key] if not any(span < other for of in _OWNERS for other in spans[of])]
    return spans


def _kept(text: Words, known: Tongue, finds: dict[str, frozenset[int]], of_category: bool, closed: bool) -> None:
    """Tell what is kept from how long it is kept."""
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
    period, deleted = together(places(known.period, text)), together(places(known.deleted, text))
    # Accounts and access are deleted too: only where data is spoken of does being deleted end its retention.
    if period and deleted and not finds["receive"] and (finds["data"] or of_category):
        finds["retention"] |= period | deleted


def _of_vendors(
    text: Words, spans: dict[str, list[frozenset[int]]], finds: dict[str, frozenset[int]], own: frozenset[int], closed: bool
) -> None:
    """Tell kinds of vendors from what is done with data."""
    if _made(text, finds) and not (closed and not _INDEFINITE & set(text.plain)):
        finds["using"] |= finds["receive"]
        finds["receive"] = frozenset()
    # "To whom do you entrust the hosting?"
    if any(finds[key] for key in kinds()) and not finds["data"]:
        trusted = together(span for span in spans["receive"] if text.plain[min(span)].startswith(_ENTRUSTING))
        finds["receive"], finds["using"] = finds["receive"] - trusted, finds["using"] | trusted
    if finds["email"] and not finds["data"]:
        sent = together(span for span in spans["receive"] if text.plain[min(span)].startswith(_SENDING))
        finds["receive"], finds["email"] = finds["receive"] - sent, finds["email"] | sent
    if closed:
        # "Does the cloud service provider inform customers ...?"
        for key in ("hostprovider", *kinds()):
            finds[key] -= own
    # To send e-mails is to disclose nothing.
    finds["receive"] -= finds["email"]
    kind = together(finds[key] for key in kinds())
    if kind and (finds["vendor"] | finds["asker"]) - finds["purpose"]:
        # "Used for hosting" says which ones, not what for.
        finds["purpose"] -= together(span for span in spans["purpose"] if max(span) + 1 in kind)


def _of_transfers(finds: dict[str, frozenset[int]]) -> None:
    """Tell what transfers rest on from a picture of data flows, and where they go from where data is."""
    if finds["mechanism"]:
        # "Which safeguards cover the data flows" asks for no picture of them.
        finds["transfer"] |= finds["diagram"]
        finds["diagram"] = frozenset()
    # Where something is transferred to asks for other countries.
    finds["outside"] |= finds["where"] if finds["transfer"] else frozenset()


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
