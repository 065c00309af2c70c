"""Forms of words, so that a table names each word once: verbs in the persons and participles questions use, and endings of other words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

# Endings of plurals, of feminine forms and of German cases.
_ENDINGS = {"en": ("s", "es"), "fr": ("s", "e", "es", "x"), "de": ("e", "en", "er", "es", "em", "n", "s"), "es": ("s", "es")}
_SHORTEST = 4
_SPLIT = "|"
_DE_UNSPLIT = ("be", "emp", "ent", "er", "ge", "miss", "ver", "zer", "uber", "unter", "hinter", "wider")
_VOWELS = "aeiou"


def with_endings(words: Iterable[str], language: str) -> frozenset[str]:
    """Return words and what they are with the endings of a language; short ones have none."""
    some = frozenset(words)
    ended = {word + ending for word in some if len(word) >= _SHORTEST for ending in _ENDINGS[language]}
    if language == "es":
        ended |= {word[:-1] + other for word in some if len(word) >= _SHORTEST and word[-1] in "oa" for other in ("o", "a", "os", "as")}
    return some | ended


def of_verbs(verbs: Iterable[str], language: str) -> frozenset[str]:
    """Return the forms of regular verbs, without the past, which asks for something else.

    Args:
        verbs: Infinitives without accents; in German with a bar behind a part that is split off ("ein|setzen").
        language: One of `LANGUAGES`.
    """
    return frozenset(form for verb in verbs for form in _FORMS[language](verb))


def _en(verb: str) -> Iterator[str]:
    stem = verb.removesuffix("e")
    yield verb
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        yield from (verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing")
    else:
        yield verb + ("es" if verb.endswith(("s", "sh", "ch", "x")) else "s")
        yield from (stem + "ed", stem + "ing")


def _fr(verb: str) -> Iterator[str]:
    yield verb
    stem = verb[:-2]
    if verb.endswith("er"):
        yield from (stem + ending for ending in ("e", "es", "ent", "ez", "ons", "eons", "ee", "ees", "ant", "eant", "era", "eront", "erez"))
    elif verb.endswith("ir"):
        finite = (
            "it",
            "is",
            "ie",
            "ies",
            "issent",
            "issez",
            "issant",
            "ira",
            "iront",
            "t",
            "ent",
            "ez",
            "ant",
            "i",
            "u",
            "us",
            "ue",
            "ues",
        )
        yield from (stem + ending for ending in finite)
    else:
        yield from (stem + ending for ending in ("", "s", "t", "ent", "ez", "ant", "u", "us", "ue", "ues", "ra", "ront"))


def _de(verb: str) -> Iterator[str]:
    split, _, rest = verb.rpartition(_SPLIT)
    stem = rest[:-1] if rest.endswith(("ern", "eln")) else rest[:-2]
    joint = "e" if stem.endswith(("t", "d")) else ""
    unsplit = rest.endswith("ieren") or rest.startswith(_DE_UNSPLIT)
    participle = f"{split}{'' if unsplit else 'ge'}{stem}{joint}t"
    yield from (split + rest, split + stem + joint + "t", rest, stem + joint + "t", stem + "e", participle)
    yield from (participle + ending for ending in ("e", "en", "er", "es", "em"))
    yield from (split + rest + "d" + ending for ending in ("", "e", "en", "er", "es", "em"))
    if split:
        yield from (split, f"{split}zu{rest}")


def _es(verb: str) -> Iterator[str]:
    yield verb
    yield verb + "se"
    stem = verb[:-2]
    if verb.endswith("ar"):
        ends = ("a", "an", "as", "ado", "ada", "ados", "adas", "ando", "andose", "e", "en", "ara", "aran")
    else:
        ends = ("e", "en", "ido", "ida", "idos", "idas", "iendo", "iendose", "a", "an", "era", "eran", "ira", "iran")
    yield from (stem + end for end in ends)
    if verb.endswith(("ger", "gir")):
        yield from (stem[:-1] + "ja", stem[:-1] + "jan")


_FORMS: dict[str, Callable[[str], Iterator[str]]] = {"en": _en, "fr": _fr, "de": _de, "es": _es}
