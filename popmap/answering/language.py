"""Which of the four languages a text is in, from its function words and letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from popmap.answering.model import LANGUAGES

# Function words and the words questionnaires ask with; a word that two languages share counts for both and so decides nothing.
_EN = (
    "a an the of to and or is are was were be been do does did have has your you our we us they their it its this that these those "
    "which what who "
    "whom whose where when why how if in on at by with from for as not no any all please provide describe list explain will would can "
    "could "
    "should may must there than then such other into about whether been being yes under within between used use uses"
)
_FR = (
    "le la les un une des du de et ou où est sont était être a ont avez avons vous votre vos nous notre nos ils elles leur leurs il "
    "elle ce cet "
    "cette ces que qui quoi quel quelle quels quelles quand comment combien pourquoi si en dans sur par avec pour pas ne plus au aux "
    "se sa son "
    "ses veuillez décrire décrivez indiquez précisez listez fournir fournissez disposez est-ce sera peut doit entre oui non y sans "
    "sous chez "
    "toute tous toutes tout données lesquels lesquelles auxquels"
)
_DE = (
    "der die das den dem des ein eine einer einen einem eines und oder ist sind war waren sein werden wird wurde wurden haben hat sie "
    "ihr ihre "
    "ihrem ihren ihrer ihres wir uns unser es dies diese dieser dieses welche welcher welches welchen was wer wen wem wo wohin woher "
    "wann warum wie ob "
    "wenn in im auf an am bei mit von vom für als nicht kein keine bitte beschreiben nennen geben erläutern kann können soll sollen "
    "muss gibt zu zum zur "
    "aus nach über unter zwischen durch ja nein auch durchgeführt sowie daten"
)
_ES = (
    "el la los las un una unos unas de del y o es son era ser a al ha han tiene tienen usted ustedes su sus nosotros nuestro nuestra "
    "que qué "
    "quién quiénes cuál cuáles dónde cuándo cómo cuánto cuántos por para con en sobre si sí no se lo le les este esta estos estas ese "
    "esa "
    "describa indique enumere proporcione explique favor puede pueden debe entre más datos existe existen dispone cuenta está están sin "
    "bajo desde hasta como"
)
_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split()) for language, words in zip(LANGUAGES, (_EN, _FR, _DE, _ES), strict=True)
}
_SHARED = Counter(word for words in _WORDS.values() for word in words)
_LETTERS: dict[str, re.Pattern[str]] = {
    "fr": re.compile(r"[àâæçèêëîïôœùû]|\b[ldjnmtsc]['’](?=[a-zéèêàâîôûh])|\bqu['’]"),
    "de": re.compile(r"[äöüß]|sch|ung\b|keit\b|heit\b|cht"),
    "es": re.compile(r"[ñ¿¡áíóú]|ción\b|dad\b|ciones\b|dades\b"),
    "en": re.compile(r"\b\w+(?:ing|ness|ly)\b|th(?=[aeiou])|\bw(?:h|ith)"),
}
_WORD = re.compile(r"[^\W\d_]+(?:-ce)?")
# Below this a text does not say which language it is in ("Encryption at rest", "MFA").
_ENOUGH = 1.5


def scores(text: str) -> dict[str, float]:
    """Return how strongly a text points to each language: 0 for not at all."""
    folded = text.lower()
    words = _WORD.findall(folded)
    found = {}
    for language in LANGUAGES:
        by_words = sum(1 / _SHARED[word] for word in words if word in _WORDS[language])
        letters = _LETTERS[language]
        found[language] = by_words + 0.6 * min(len(letters.findall(folded)), 1 + len(words) // 3)
    return found


def clear_language(text: str) -> str:
    """Return the language a text is clearly in, "" when it is too short or too mixed to tell."""
    ranked = sorted(scores(text).items(), key=lambda one: -one[1])
    (best, high), (_, low) = ranked[0], ranked[1]
    return best if high >= _ENOUGH and high - low >= 0.5 else ""


def language_of(text: str, otherwise: str = "en") -> str:
    """Return a text's language.

    Args:
        text: Some words.
        otherwise: The language of a text that is too short to tell: its sheet's majority.

    Returns:
        One of LANGUAGES.
    """
    return clear_language(text) or (
        max(scores(text).items(), key=lambda one: (one[1], one[0] == otherwise))[0] if _some(text) else otherwise
    )


def majority(texts: Sequence[str]) -> str:
    """Return the language most of the texts are clearly in, "en" when none is."""
    counted = Counter(filter(None, map(clear_language, texts)))
    return counted.most_common(1)[0][0] if counted else "en"


def languages_of(texts: Sequence[str]) -> list[str]:
    """Return each text's language; those too short to tell take their neighbours' majority."""
    usual = majority(texts)
    return [clear_language(text) or usual for text in texts]


def _some(text: str) -> bool:
    ranked = sorted(scores(text).values(), reverse=True)
    return ranked[0] - ranked[1] >= 1.0
