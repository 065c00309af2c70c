"""Whether an intent fits a question: its words are there, and no other word asks for anything but what its rows tell."""

from __future__ import annotations

from itertools import pairwise

from popmap.answering.lexicon import KIND, LABEL, USED, Intent, kinds, operators, topics
from popmap.answering.sentence import Read
from popmap.answering.words import together

# Concepts whose words carry no subject where no intent is about them.
_WEAK = frozenset(
    [
        "using",
        "asker",
        "headcount",
        "act",
        "rely",
        "joining",
        "manner",
        "picture",
        "towhom",
        "keeping",
        "monitoring",
        "datacentre",
        "foryou",
        "articlesix",
        "contracted",
        "link",
        "contact",
        "last",
        "controllerid",
        "anydata",
        "designated",
        "noticing",
        "hostprovider",
        "cardpayment",
        "sourceofdata",
        "held",
        "maker",
        "routine",
        "pursued",
        "timespan",
        "atrest",
        "incase",
    ]
)
_AS = ("as", "als", "como", "comme", "en")
# The Articles that say what words mean; any question may cite them.
_DEFINING = ("4",)
# What an intent allows where its facts are evidence about a process, and where its rows may be about the customer's own people.
_PROCESS, _OURS = "process", "ours"


def core_of(intent: Intent, read: Read) -> frozenset[int]:
    """Return the places of the words that make a question an intent's, none when it is not."""
    core: frozenset[int] = frozenset()
    for need in intent.needs:
        found = together(_found(one, read) for one in need)
        if not found and not (read.label and LABEL in need):
            return found
        core |= found
    if intent.closed is not None and read.closed and not together(_found(one, read) for one in intent.closed):
        return frozenset()
    core |= together(one.places for one in read.names if one.facet in intent.names)
    known = core | together(read.concepts.get(key, frozenset()) for key in intent.also)
    if _asks_beyond(intent, read, core, known):
        return frozenset()
    understood = known | read.plain | read.process | together(span for _, span in (*read.operators, *read.articles))
    strange = len(set(range(len(read.text.plain))) - understood)
    return core if strange <= (intent.loose if read.closed and read.process - core else 0) else frozenset()


def _asks_beyond(intent: Intent, read: Read, core: frozenset[int], known: frozenset[int]) -> bool:
    """Return whether a question is about more than an intent tells, or about other rows than it tells."""
    named = together(one.places for one in read.names)
    meant = core | read.process
    # About a process a person answers, and facts that are no more than evidence stay so however it is asked about.
    evidence = bool(intent.loose and read.closed and read.process - core)
    return (
        not named <= known
        or any(read.concepts.get(key, frozenset()) - meant for key in intent.never)
        or any(span - known - read.process for key, span in read.concepts.items() if key not in _WEAK)
        or any(not span <= core for _, span in read.topics)
        or (not evidence and any(not span <= meant and not _allows(intent, key, read.closed) for key, span in read.operators))
        or any(number not in (*intent.articles, *_DEFINING) and not span & core for number, span in read.articles)
        or (not read.ours <= core and _OURS not in intent.allows)
        or (not read.process <= core and _PROCESS not in intent.allows)
        or _of_each_other(read)
    )


def is_turned(read: Read, meant: frozenset[int]) -> bool:
    """Return whether a part of a question holds, besides what it means, a word that changes what it asks for or the Article of a law."""
    changed = any(not (operators()[key].common or operators()[key].carried) for key, span in read.operators if not span <= meant)
    return changed or any(number not in _DEFINING for number, _ in read.articles)


def _allows(intent: Intent, key: str, closed: bool) -> bool:
    """Return whether what an intent tells is an answer under an operator."""
    operator = operators()[key]
    if not closed and f"open:{key}" in intent.allows:
        return True
    return operator.common or (key in intent.allows and not (operator.open if closed else operator.closed))


def _of_each_other(read: Read) -> bool:
    """Return whether vendors are asked about in relation to others of theirs ("which sub-processors do your vendors use")."""
    spoken = sorted(read.concepts.get("vendor", frozenset()) | read.concepts.get("subprocessor", frozenset()))
    joining = read.concepts.get("joining", frozenset()) | together(read.concepts.get(key, frozenset()) for key in kinds())
    # "Do third parties work for you as sub-processors?" speaks of the same ones.
    as_such = {at + 1 for at, word in enumerate(read.text.plain) if word in _AS}
    return any(not set(range(first + 1, second)) <= joining for first, second in pairwise(spoken) if second not in as_such)


def score_of(core: frozenset[int], read: Read, like: float) -> float:
    """Return how sure a reading is, 0 to 1: the share of its words in those that say something, and the likeness to how it is asked."""
    content = sum(1 for at in range(len(read.text.plain)) if at not in read.plain or at in core)
    return 0.6 * min(1.0, len(core) / max(1, content)) + 0.4 * like


def _found(need: str, read: Read) -> frozenset[int]:
    if need == KIND:
        return together(read.concepts.get(kind, frozenset()) for kind in kinds())
    if need == USED:
        return (
            read.concepts.get("using", frozenset())
            if any(kind.used and key in read.concepts for key, kind in kinds().items())
            else frozenset()
        )
    if need.startswith("@"):
        return together(one.places for one in read.names if one.facet == need[1:])
    return read.concepts.get(need, frozenset())


def argument_of(intent: Intent, read: Read) -> dict[str, tuple[str, ...]]:
    """Return what an intent is narrowed to, as the register's keys by facet."""
    argument: dict[str, tuple[str, ...]] = {}
    for facet in intent.names:
        if facet == "kind":
            keys = tuple(kind for kind in kinds() if kind in read.concepts)
        else:
            keys = tuple(dict.fromkeys(key for one in read.names if one.facet == facet for key in one.keys))
        if keys:
            argument[facet] = keys
    return argument


def why_not(read: Read) -> str:
    """Return the sentence that says why no intent fits."""
    for key, _ in read.topics:
        return topics()[key].why
    covered = together(read.concepts.values()) | read.plain | read.process | together(span for _, span in (*read.operators, *read.articles))
    strange = [read.text.plain[at] for at in range(len(read.text.plain)) if at not in covered]
    if strange:
        return f"Not understood: {', '.join(dict.fromkeys(strange[:5]))}."
    changed = [read.text.plain[at] for key, span in read.operators if not operators()[key].common for at in sorted(span)]
    if changed:
        return f"Rows do not answer it as it is narrowed or turned: {', '.join(dict.fromkeys(changed[:5]))}."
    return "No question that a register answers has these words."
