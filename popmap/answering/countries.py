"""Countries in a question, by their names in its language, and what they are called in an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from popmap.answering.lexicon import BY_COUNTRY, ELSEWHERE, RESIDENTS
from popmap.answering.model import LANGUAGES
from popmap.answering.names import COUNTRY, Named, Names, named
from popmap.answering.tongue import tongue
from popmap.answering.words import Words, together, words
from popmap.register.country_names import in_questions

# A state of the USA, a given name, one of two countries: these name no country for certain.
_UNCERTAIN = frozenset({"georgia", "maurice", "congo"})
# In small letters "us" means ourselves, and other letters that stand for a country may mean anything.
_LETTERS = 3
_ANY_CASE = frozenset({"usa", "uk"})


def countries_in(text: Words, language: str) -> list[Named]:
    """Return the countries that a question names, each find under the facet "country" with its ISO 3166-1 code as its key.

    Args:
        text: The question's words.
        language: One of `LANGUAGES`.
    """
    shouted = all(word.isupper() for word in text.written)
    finds = []
    for one in named(text, _names(language)):
        form = "".join(text.plain[at] for at in sorted(one.places))
        letters = len(form) <= _LETTERS and form not in _ANY_CASE
        if not letters or (not shouted and all(text.written[at].isupper() for at in one.places)):
            finds.append(one)
    return finds


def countries_asked(
    text: Words, language: str, concepts: Mapping[str, frozenset[int]], topics: Sequence[tuple[str, frozenset[int]]], every: bool
) -> tuple[list[Named], list[str]]:
    """Return the countries that a question names, and what makes it one about countries that no register answers.

    A country that an answer must not be narrowed to, because it depends on the others too, comes without a key.

    Args:
        text: The question's words.
        language: One of `LANGUAGES`.
        concepts: The places of each concept's words.
        topics: What no register knows, as its words say.
        every: Whether an answer depends on every row, or the opposite is asked.
    """
    # "EU or UK" and "EU-US Data Privacy Framework" are names of their own.
    eea, mechanism = (concepts.get(key, frozenset()) for key in ("eea", "mechanism"))
    lands = [one for one in countries_in(text, language) if not one.places & (eea | mechanism)]
    if not lands:
        return [], []
    residents, elsewhere = (together(span for key, span in topics if key == which) for which in BY_COUNTRY)
    beyond = []
    if _beside(lands, residents, text, language):
        beyond = [RESIDENTS]
    elif elsewhere and (not eea or _beside(lands, elsewhere, text, language, eea)):
        beyond = [ELSEWHERE]
    outside = concepts.get("outside", frozenset()) - together(one.places for one in lands)
    if outside or every or _beside(lands, eea, text, language):
        lands = [Named(one.facet, (), one.places) for one in lands]
    return lands, beyond


def _beside(lands: Sequence[Named], what: frozenset[int], text: Words, language: str, over: frozenset[int] = frozenset()) -> bool:
    """Return whether one of some places is next to a country; small words, other countries and `over` may stand between them."""
    small = tongue(language).beside
    between = over | together(one.places for one in lands) | {at for at, word in enumerate(text.plain) if word in small}
    for one in lands:
        for start, step in ((min(one.places) - 1, -1), (max(one.places) + 1, 1)):
            at = start
            while 0 <= at < len(text.plain) and at in between and at not in what:
                at += step
            if at in what:
                return True
    return False


def shown(codes: tuple[str, ...], language: str) -> str:
    """Return what countries are called in a language.

    Args:
        codes: Their ISO 3166-1 codes.
        language: One of `LANGUAGES`.
    """
    return ", ".join(_table()[code][language][0] for code in codes)


@cache
def _names(language: str) -> Names:
    found: dict[str, list[str]] = {}
    for code, names in _table().items():
        for name in names[language]:
            codes = found.setdefault(words(name).text, [])
            codes += [code] if code not in codes else []
    certain: dict[str, tuple[str, tuple[str, ...]]] = {
        form: (COUNTRY, (codes[0],)) for form, codes in found.items() if len(codes) == 1 and form not in _UNCERTAIN
    }
    return Names(certain, max(len(form.split()) for form in certain))


@cache
def _table() -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for language in LANGUAGES:
        for code, names in in_questions(language).items():
            found.setdefault(code, {})[language] = names
    return found
